//! Reading a statement by its layout.

use alloc::{string::String, vec::Vec};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use csv_core::{ReadRecordResult, Reader};
use ledger::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Gap, Layout, Order, StatementError, TotalsMismatch, layout::BalanceColumn, proof};
use crate::wire::values::{plain_decimal, signed_decimal};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    /// The provider's transaction id. Principal and charge share it: the key of a row is id,
    /// reason and direction.
    pub id: String,
    /// When it was completed.
    pub time: DateTime<Utc>,
    /// Into the wallet above zero, out of it below; zero for rows that moved no money.
    #[serde(with = "ledger::money::exact")]
    pub amount: Decimal,
    /// The fee taken beside the amount, zero or more.
    #[serde(with = "ledger::money::exact")]
    pub fee: Decimal,
    /// The balance before the row, when the file has it.
    #[serde(with = "ledger::money::exact::option")]
    pub balance_before: Option<Decimal>,
    /// The balance after the row.
    #[serde(with = "ledger::money::exact::option")]
    pub balance: Option<Decimal>,
    /// Whether the row moved money.
    pub moved: bool,
    /// The status word.
    pub status: String,
    /// What kind of row it is.
    pub reason: String,
    /// The reference typed by the payer.
    pub reference: String,
    /// Our own id.
    pub own_id: String,
    /// The other party.
    pub counterparty: String,
    /// The linked transaction.
    pub linked: String,
    /// Free text.
    pub details: String,
    /// The currency, when the file names it.
    pub currency: Option<Currency>,
}

/// What stands above the heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preamble {
    /// Account holder.
    pub holder: Option<String>,
    /// Short code.
    pub short_code: Option<String>,
    /// Which account.
    pub account: Option<String>,
    /// The period as written.
    pub period: Option<String>,
    /// Opening balance.
    #[serde(with = "ledger::money::exact::option")]
    pub opening: Option<Decimal>,
    /// Closing balance.
    #[serde(with = "ledger::money::exact::option")]
    pub closing: Option<Decimal>,
    /// Total paid in.
    #[serde(with = "ledger::money::exact::option")]
    pub paid_in: Option<Decimal>,
    /// Total paid out, zero or more.
    #[serde(with = "ledger::money::exact::option")]
    pub paid_out: Option<Decimal>,
}

/// A statement and what it proves about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The name of the layout.
    pub layout: String,
    /// What stands above the heading.
    pub preamble: Preamble,
    /// The rows in the order of the file.
    pub rows: Vec<Row>,
    /// Whether the newest row comes first.
    pub order: Order,
    /// The balance before the first movement: stated, or else derived from the first row.
    #[serde(with = "ledger::money::exact::option")]
    pub opening: Option<Decimal>,
    /// The balance after the last movement.
    #[serde(with = "ledger::money::exact::option")]
    pub closing: Option<Decimal>,
    /// Sum of the money in.
    #[serde(with = "ledger::money::exact")]
    pub paid_in: Decimal,
    /// Sum of the money out, zero or more, fees included.
    #[serde(with = "ledger::money::exact")]
    pub paid_out: Decimal,
    /// Where the running balance breaks: rows are missing there.
    pub gaps: Vec<Gap>,
    /// Stated totals that the rows do not add up to.
    pub mismatches: Vec<TotalsMismatch>,
}

/// The built-in layout that fits a file.
///
/// # Errors
/// [`StatementError::UnknownLayout`], [`StatementError::NotUtf8`].
pub fn recognise(bytes: &[u8]) -> Result<Layout, StatementError> {
    let records = records(bytes)?;
    let fits = |layout: &Layout| heading(layout, &records).is_some();
    let mut layouts = Layout::built_in().into_iter();
    layouts.find(fits).ok_or(StatementError::UnknownLayout)
}

/// Reads a statement and proves its running balance and totals.
///
/// # Errors
/// [`StatementError`] when the file does not have the layout or a field cannot be read. A broken
/// running balance is no error: it is listed in [`Statement::gaps`].
pub fn read(layout: &Layout, bytes: &[u8]) -> Result<Statement, StatementError> {
    let records = records(bytes)?;
    let (at, columns) = heading(layout, &records).ok_or_else(|| StatementError::NoHeading {
        layout: layout.name.clone(),
        needed: layout.needed().join(", "),
    })?;
    let preamble = preamble(layout, records.get(..at).unwrap_or(&[]));
    let body = records.get(at.saturating_add(1)..).unwrap_or(&[]);
    let rows = body.iter().filter(|record| !record.is_blank());
    let rows: Vec<Row> = rows
        .map(|record| {
            Fields {
                layout,
                columns: &columns,
                record,
            }
            .row()
        })
        .collect::<Result<_, _>>()?;
    Ok(proof::prove(layout, preamble, rows))
}

/// A record with its line number.
struct Record {
    line: usize,
    fields: Vec<String>,
}

impl Record {
    fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }

    fn position(&self, name: &str) -> Option<usize> {
        let same = |field: &String| field.trim().eq_ignore_ascii_case(name.trim());
        self.fields.iter().position(same)
    }
}

fn records(bytes: &[u8]) -> Result<Vec<Record>, StatementError> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    core::str::from_utf8(text).map_err(|error| StatementError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut reader = Reader::new();
    let mut rest = text;
    let mut output = alloc::vec![0_u8; text.len().saturating_add(1)];
    let mut ends = alloc::vec![0_usize; text.len().saturating_add(2).min(4096)];
    let mut records = Vec::new();
    let (mut written, mut ended) = (0_usize, 0_usize);
    let mut line = 1;
    loop {
        let free = output.get_mut(written..).unwrap_or_default();
        let free_ends = ends.get_mut(ended..).unwrap_or_default();
        let (result, used, bytes, fields) = reader.read_record(rest, free, free_ends);
        rest = rest.get(used..).unwrap_or(&[]);
        written = written.saturating_add(bytes);
        ended = ended.saturating_add(fields);
        match result {
            ReadRecordResult::Record => {
                let mut start = 0;
                let ends = ends.get(..ended).unwrap_or(&[]);
                let fields = ends.iter().map(|end| {
                    let field = output.get(start..*end).unwrap_or(&[]);
                    start = *end;
                    String::from_utf8_lossy(field).into_owned()
                });
                records.push(Record {
                    line,
                    fields: fields.collect(),
                });
                (written, ended) = (0, 0);
                line = usize::try_from(reader.line()).unwrap_or(usize::MAX);
            }
            // Fed whole: the next call with nothing left ends the last record.
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                return Err(StatementError::Field {
                    line,
                    column: String::new(),
                    given: "a record with thousands of fields".into(),
                    allowed: "a row of a statement",
                });
            }
            ReadRecordResult::End => return Ok(records),
        }
    }
}

/// Position of the heading, and where each of its columns stands.
fn heading(layout: &Layout, records: &[Record]) -> Option<(usize, Columns)> {
    let needed = layout.needed();
    let fits = |record: &Record| needed.iter().all(|name| record.position(name).is_some());
    let at = records.iter().position(fits)?;
    let record = records.get(at)?;
    let names = record.fields.iter().map(|f| f.trim().into()).collect();
    Some((at, Columns { names }))
}

struct Columns {
    names: Vec<String>,
}

fn preamble(layout: &Layout, records: &[Record]) -> Preamble {
    let after = |label: &str| {
        records.iter().find_map(|record| {
            let at = record.position(label)?;
            let value = record.fields.get(at.checked_add(1)?)?.trim();
            (!value.is_empty()).then(|| String::from(value))
        })
    };
    let figure = |label: &str| after(label).and_then(|text| signed_decimal(&bare(layout, &text)));
    Preamble {
        holder: after("Account Holder:"),
        short_code: after("Short Code:"),
        account: after("Account:"),
        period: after("Time Period:"),
        opening: figure("Opening Balance:"),
        closing: figure("Closing Balance:"),
        paid_in: figure("Total Paid In:"),
        paid_out: figure("Total Withdrawn:").map(|amount| amount.abs()),
    }
}

/// An amount without thousands marks and with a point.
fn bare(layout: &Layout, text: &str) -> String {
    let marks = layout.marks;
    let kept = text.trim().chars().filter(|sign| *sign != marks.thousands);
    kept.map(|sign| if sign == marks.decimal { '.' } else { sign })
        .collect()
}

/// One record read through a layout.
struct Fields<'a> {
    layout: &'a Layout,
    columns: &'a Columns,
    record: &'a Record,
}

impl Fields<'_> {
    fn text(&self, column: &str) -> &str {
        let same = |name: &String| name.eq_ignore_ascii_case(column.trim());
        let at = self.columns.names.iter().position(same);
        at.and_then(|at| self.record.fields.get(at))
            .map_or("", |text| text.trim())
    }

    fn optional(&self, column: Option<&String>) -> String {
        column.map_or_else(String::new, |column| self.text(column).into())
    }

    fn refused(&self, column: &str, allowed: &'static str) -> StatementError {
        StatementError::Field {
            line: self.record.line,
            column: column.into(),
            given: self.text(column).into(),
            allowed,
        }
    }

    fn figure(&self, column: &str) -> Result<Option<Decimal>, StatementError> {
        let text = bare(self.layout, self.text(column));
        if text.is_empty() {
            return Ok(None);
        }
        let figure = signed_decimal(&text);
        figure
            .map(Some)
            .ok_or_else(|| self.refused(column, "an exact amount"))
    }

    /// What the row moved: in, less out, whichever sign the file puts on money out.
    fn amount(&self) -> Result<Decimal, StatementError> {
        let layout = self.layout;
        let mut sum = Decimal::ZERO;
        if let Some(column) = &layout.paid_in {
            sum = self.figure(column)?.unwrap_or_default();
        }
        if let Some(column) = &layout.paid_out
            && layout.paid_in.as_ref() != Some(column)
        {
            let out = self.figure(column)?.unwrap_or_default().abs();
            let sum_left = sum.checked_sub(out);
            sum = sum_left.ok_or_else(|| self.refused(column, "an amount that fits"))?;
        }
        Ok(sum)
    }

    fn row(&self) -> Result<Row, StatementError> {
        let layout = self.layout;
        let id = self.text(&layout.id);
        if id.is_empty() {
            return Err(self.refused(&layout.id, "a transaction id"));
        }
        let status = self.optional(layout.status.as_ref());
        let known = |word: &String| word.eq_ignore_ascii_case(&status);
        let moved = layout.status.is_none() || layout.moved.iter().any(known);
        let (balance_before, balance) = match &layout.balance {
            BalanceColumn::None => (None, None),
            BalanceColumn::After(after) => (None, self.figure(after)?),
            BalanceColumn::BeforeAndAfter(before, after) => {
                (self.figure(before)?, self.figure(after)?)
            }
        };
        let fee = match &layout.fee {
            Some(column) if moved => self.fee(column)?,
            _ => Decimal::ZERO,
        };
        Ok(Row {
            line: self.record.line,
            id: id.into(),
            time: self.time()?,
            amount: if moved { self.amount()? } else { Decimal::ZERO },
            fee,
            balance_before,
            balance,
            moved,
            status,
            reason: self.optional(layout.reason.as_ref()),
            reference: self.optional(layout.reference.as_ref()),
            own_id: self.optional(layout.own_id.as_ref()),
            counterparty: self.optional(layout.counterparty.as_ref()),
            linked: self.optional(layout.linked.as_ref()),
            details: self.optional(layout.details.as_ref()),
            currency: self.currency()?,
        })
    }

    fn fee(&self, column: &str) -> Result<Decimal, StatementError> {
        let text = bare(self.layout, self.text(column));
        let text = text.strip_prefix('-').unwrap_or(&text);
        if text.is_empty() {
            return Ok(Decimal::ZERO);
        }
        plain_decimal(text).ok_or_else(|| self.refused(column, "an exact fee"))
    }

    fn currency(&self) -> Result<Option<Currency>, StatementError> {
        let Some(column) = &self.layout.currency else {
            return Ok(None);
        };
        let code = self.text(column);
        let currency = Currency::from_code(code);
        let allowed = "an ISO 4217 currency code";
        currency
            .map(Some)
            .map_err(|_| self.refused(column, allowed))
    }

    fn time(&self) -> Result<DateTime<Utc>, StatementError> {
        let layout = self.layout;
        let form = &layout.time_form;
        let read = NaiveDateTime::parse_from_str(self.text(&layout.time), &form.pattern).ok();
        let shift = TimeDelta::try_minutes(i64::from(form.minutes_east));
        read.zip(shift)
            .and_then(|(time, shift)| time.checked_sub_signed(shift))
            .map(|time| time.and_utc())
            .ok_or_else(|| self.refused(&layout.time, "a time of the layout's form"))
    }
}
