//! Aggregates over rows the host passes: counts and sums in a window.
//!
//! A stream that was not passed makes the aggregate unknown; an empty one makes it zero (a maximum,
//! minimum or average of nothing is unknown). Rows later than the window's end never count.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use ledger::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Truth,
    compile::Slot,
    cond::CmpOp,
    eval::{BoundFacts, compare, convert, missing_rate, rate_path},
};
use crate::{
    code::{FactPath, FieldName, StreamId},
    facts::{Row, Value, ValueKind},
};

/// A figure over the rows of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Aggregate {
    /// Which stream.
    pub of: StreamId,
    /// Which figure.
    pub figure: Figure,
    /// Which rows: those that meet every test. A row without the field does not meet it.
    #[serde(default)]
    pub filter: Vec<RowTest>,
    /// How far back.
    pub window: Window,
    /// Whether the event under decision counts.
    #[serde(default)]
    pub include_current: bool,
}

/// A figure over rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Figure {
    /// How many rows.
    Count,
    /// How many different values of a field.
    CountDistinct(FieldName),
    /// Sum of a number field.
    Sum(FieldName),
    /// Sum of a money field, in one currency; other currencies need their rate.
    SumMoney {
        /// The field.
        field: FieldName,
        /// The currency of the sum.
        currency: ledger::Currency,
    },
    /// Largest amount of a money field, in one currency.
    MaxMoney {
        /// The field.
        field: FieldName,
        /// The currency of the result.
        currency: ledger::Currency,
    },
    /// Mean of a money field, in one currency; unrounded.
    AverageMoney {
        /// The field.
        field: FieldName,
        /// The currency of the result.
        currency: ledger::Currency,
    },
    /// The amount that so many percent of the rows do not exceed (nearest rank), of a money field
    /// in one currency.
    PercentileMoney {
        /// The field.
        field: FieldName,
        /// The currency of the result.
        currency: ledger::Currency,
        /// 1 to 100; 50 is the median.
        percent: u8,
    },
    /// The figure that so many percent of the rows do not exceed (nearest rank), of a number field.
    Percentile {
        /// The field.
        field: FieldName,
        /// 1 to 100; 50 is the median.
        percent: u8,
    },
    /// Largest of a number field.
    Max(FieldName),
    /// Smallest of a number field.
    Min(FieldName),
    /// Mean of a number field.
    Average(FieldName),
    /// Whole days since the latest row before the end of the window.
    DaysSinceLast,
}

/// A test of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowTest {
    /// The field.
    pub field: FieldName,
    /// How it compares.
    pub op: CmpOp,
    /// With what.
    pub value: RowValue,
}

/// What a field of a row is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RowValue {
    /// A fixed value.
    Lit(Value),
    /// A fact of the case: the rows of the same counterparty, the amounts above this one. While it
    /// is unknown, so is the aggregate.
    Fact(FactPath),
}

/// How far back rows count. The end is the moment of the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Window {
    /// So many hours before the moment (exclusive) to the moment.
    RollingHours(u32),
    /// So many times 24 hours.
    RollingDays(u32),
    /// The calendar day of the moment, in the time zone of the rows.
    CalendarDay,
    /// The calendar week of the moment, from Monday (ISO 8601).
    CalendarWeek,
    /// The calendar month of the moment.
    CalendarMonth,
    /// The latest so many rows.
    Last(u32),
    /// All rows.
    All,
}

/// An aggregate with the facts its tests look at.
#[derive(Clone, Debug)]
pub(crate) struct CompiledAggregate {
    pub aggregate: Aggregate,
    /// For each test the slot of its fact; none: it compares with a fixed value.
    pub operands: Vec<Option<Slot>>,
}

impl Figure {
    /// Whether a percentile is one.
    pub(crate) const fn well_formed(&self) -> bool {
        match self {
            Self::Percentile { percent, .. } | Self::PercentileMoney { percent, .. } => {
                1 <= *percent && *percent <= 100
            }
            _ => true,
        }
    }

    pub(crate) const fn kind(&self) -> ValueKind {
        match self {
            Self::SumMoney { .. }
            | Self::MaxMoney { .. }
            | Self::AverageMoney { .. }
            | Self::PercentileMoney { .. } => ValueKind::Money,
            _ => ValueKind::Number,
        }
    }
}

pub(crate) fn moment(bound: &BoundFacts<'_>) -> NaiveDateTime {
    let end = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
    bound.facts.now().unwrap_or_else(|| bound.on.and_time(end))
}

impl CompiledAggregate {
    /// The figure; none: the stream, a fact of a test or a rate is unknown.
    pub fn value(&self, bound: &BoundFacts<'_>) -> Option<Value> {
        let now = moment(bound);
        let mut rows: Vec<&Row> = Vec::new();
        for row in self.in_window(bound, now)? {
            match self.counts(row, bound) {
                Truth::True => rows.push(row),
                Truth::False => {}
                // A row that may or may not count leaves the figure open.
                Truth::Unknown => return None,
            }
        }
        if let Window::Last(count) = self.aggregate.window {
            rows.sort_by_key(|row| core::cmp::Reverse(row.at));
            rows.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        }
        self.aggregate.figure.over(&rows, now, bound)
    }

    fn in_window<'a>(
        &'a self,
        bound: &BoundFacts<'a>,
        now: NaiveDateTime,
    ) -> Option<impl Iterator<Item = &'a Row>> {
        let Aggregate {
            window,
            include_current,
            ..
        } = self.aggregate;
        let rows = bound.facts.stream(&self.aggregate.of)?.iter();
        Some(rows.filter(move |row| {
            row.at <= now && (include_current || !row.current) && window.covers(row.at, now)
        }))
    }

    fn counts(&self, row: &Row, bound: &BoundFacts<'_>) -> Truth {
        let tests = self.aggregate.filter.iter().zip(&self.operands);
        tests.fold(Truth::True, |truth, (test, slot)| {
            truth.and(test.holds(*slot, row, bound))
        })
    }

    /// The rates that are missing for the figure.
    pub fn lacks(&self, bound: &BoundFacts<'_>, rates: &mut BTreeSet<FactPath>) {
        let Some(rows) = self.in_window(bound, moment(bound)) else {
            return;
        };
        for row in rows {
            for (test, slot) in self.aggregate.filter.iter().zip(&self.operands) {
                if let (Some(own), Some(other)) = (row.get(&test.field), test.operand(*slot, bound))
                {
                    missing_rate(own, other, bound, rates);
                }
            }
            if let Some((field, currency)) = self.aggregate.figure.money()
                && let Some(Value::Money(amount)) = row.get(field)
                && convert(amount, currency, bound).is_none()
            {
                rates.extend(rate_path(amount.currency(), currency));
            }
        }
    }
}

impl Window {
    fn covers(self, at: NaiveDateTime, now: NaiveDateTime) -> bool {
        let rolling = |hours: i64| {
            TimeDelta::try_hours(hours)
                .and_then(|span| now.checked_sub_signed(span))
                .is_none_or(|start| at > start)
        };
        match self {
            Self::RollingHours(hours) => rolling(i64::from(hours)),
            Self::RollingDays(days) => rolling(i64::from(days).saturating_mul(24)),
            Self::CalendarDay => at.date() == now.date(),
            Self::CalendarWeek => at.date().iso_week() == now.date().iso_week(),
            Self::CalendarMonth => month(at.date()) == month(now.date()),
            Self::Last(_) | Self::All => true,
        }
    }
}

fn month(date: NaiveDate) -> (i32, u32) {
    (date.year(), date.month())
}

impl RowTest {
    fn operand<'a>(&'a self, slot: Option<Slot>, bound: &'a BoundFacts<'_>) -> Option<&'a Value> {
        match (&self.value, slot) {
            (RowValue::Lit(value), _) => Some(value),
            (RowValue::Fact(_), slot) => bound.value(slot?),
        }
    }

    /// A row without the field, or with another kind of value there, does not meet the test.
    fn holds(&self, slot: Option<Slot>, row: &Row, bound: &BoundFacts<'_>) -> Truth {
        let Some(own) = row.get(&self.field) else {
            return Truth::False;
        };
        let Some(other) = self.operand(slot, bound) else {
            return Truth::Unknown;
        };
        match compare(own, other, bound) {
            Some(order) => Truth::from(self.op.holds(order)),
            None if own.kind() == ValueKind::Money && other.kind() == ValueKind::Money => {
                Truth::Unknown
            }
            None => Truth::False,
        }
    }
}

impl Figure {
    fn over(&self, rows: &[&Row], now: NaiveDateTime, bound: &BoundFacts<'_>) -> Option<Value> {
        match self {
            Self::Count => whole(rows.len()),
            Self::CountDistinct(field) => {
                // Values have no total order; their text with kind is as distinct as they are.
                let distinct: BTreeSet<String> = rows
                    .iter()
                    .filter_map(|row| row.get(field))
                    .map(|value| alloc::format!("{} {value}", value.kind()))
                    .collect();
                whole(distinct.len())
            }
            Self::Sum(field) => numbers(rows, field)?
                .into_iter()
                .try_fold(Decimal::ZERO, Decimal::checked_add)
                .map(Value::Number),
            Self::Average(field) => {
                let numbers = numbers(rows, field)?;
                let count = Decimal::from(u64::try_from(numbers.len()).ok()?);
                let sum = numbers
                    .into_iter()
                    .try_fold(Decimal::ZERO, Decimal::checked_add)?;
                sum.checked_div(count).map(Value::Number)
            }
            Self::Max(field) => numbers(rows, field)?.into_iter().max().map(Value::Number),
            Self::Min(field) => numbers(rows, field)?.into_iter().min().map(Value::Number),
            Self::SumMoney { field, currency } => {
                let amounts = amounts(rows, field, *currency, bound)?;
                Money::sum(*currency, &amounts).ok().map(Value::Money)
            }
            Self::MaxMoney { field, currency } => amounts(rows, field, *currency, bound)?
                .into_iter()
                .max_by(|a, b| a.checked_cmp(b).unwrap_or(Ordering::Equal))
                .map(Value::Money),
            Self::AverageMoney { field, currency } => {
                let amounts = amounts(rows, field, *currency, bound)?;
                let count = Decimal::from(u64::try_from(amounts.len()).ok()?);
                let sum = Money::sum(*currency, &amounts).ok()?;
                let mean = sum.amount().checked_div(count)?;
                Some(Value::Money(Money::new(mean, *currency)))
            }
            Self::PercentileMoney {
                field,
                currency,
                percent,
            } => {
                let amounts = amounts(rows, field, *currency, bound)?;
                let amounts = amounts.iter().map(Money::amount).collect();
                let amount = nearest_rank(amounts, *percent)?;
                Some(Value::Money(Money::new(amount, *currency)))
            }
            Self::Percentile { field, percent } => {
                nearest_rank(numbers(rows, field)?, *percent).map(Value::Number)
            }
            Self::DaysSinceLast => {
                let last = rows.iter().map(|row| row.at.date()).max()?;
                let days = now.date().signed_duration_since(last).num_days();
                Some(Value::Number(Decimal::from(days)))
            }
        }
    }
}

impl Figure {
    /// The money field it looks at, and the currency of the result.
    const fn money(&self) -> Option<(&FieldName, ledger::Currency)> {
        match self {
            Self::SumMoney { field, currency }
            | Self::MaxMoney { field, currency }
            | Self::AverageMoney { field, currency }
            | Self::PercentileMoney {
                field, currency, ..
            } => Some((field, *currency)),
            _ => None,
        }
    }
}

/// The figure at rank `ceil(percent / 100 * n)`, from 1; none: no figures.
fn nearest_rank(mut figures: Vec<Decimal>, percent: u8) -> Option<Decimal> {
    figures.sort();
    let rank = figures
        .len()
        .checked_mul(usize::from(percent))?
        .div_ceil(100);
    figures.get(rank.checked_sub(1)?).copied()
}

fn whole(count: usize) -> Option<Value> {
    Some(Value::Number(Decimal::from(u64::try_from(count).ok()?)))
}

/// The numbers of a field; unknown when a row has something else there: a sum that silently leaves
/// out a row would be wrong.
fn numbers(rows: &[&Row], field: &FieldName) -> Option<Vec<Decimal>> {
    rows.iter()
        .map(|row| match row.get(field) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        })
        .collect()
}

fn amounts(
    rows: &[&Row],
    field: &FieldName,
    currency: ledger::Currency,
    bound: &BoundFacts<'_>,
) -> Option<Vec<Money>> {
    rows.iter()
        .map(|row| match row.get(field) {
            Some(Value::Money(money)) => convert(money, currency, bound),
            _ => None,
        })
        .collect()
}

impl core::fmt::Display for Aggregate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let window = match self.window {
            Window::RollingHours(hours) => alloc::format!("in {hours} hours"),
            Window::RollingDays(days) => alloc::format!("in {days} days"),
            Window::CalendarDay => "this calendar day".to_string(),
            Window::CalendarWeek => "this calendar week".to_string(),
            Window::CalendarMonth => "this calendar month".to_string(),
            Window::Last(count) => alloc::format!("of the last {count}"),
            Window::All => "ever".to_string(),
        };
        let figure = match &self.figure {
            Figure::Count => "count".to_string(),
            Figure::CountDistinct(field) => alloc::format!("different {field}"),
            Figure::Sum(field) => alloc::format!("sum of {field}"),
            Figure::SumMoney { field, currency } => alloc::format!("sum of {field} in {currency}"),
            Figure::MaxMoney { field, currency } => {
                alloc::format!("largest {field} in {currency}")
            }
            Figure::Max(field) => alloc::format!("largest {field}"),
            Figure::Min(field) => alloc::format!("smallest {field}"),
            Figure::Average(field) => alloc::format!("mean {field}"),
            Figure::AverageMoney { field, currency } => {
                alloc::format!("mean {field} in {currency}")
            }
            Figure::Percentile { field, percent } => {
                alloc::format!("{percent}th percentile of {field}")
            }
            Figure::PercentileMoney {
                field,
                currency,
                percent,
            } => alloc::format!("{percent}th percentile of {field} in {currency}"),
            Figure::DaysSinceLast => "days since the last".to_string(),
        };
        write!(f, "{figure} over {} {window}", self.of)?;
        for (index, test) in self.filter.iter().enumerate() {
            let joint = if index == 0 { "where" } else { "and" };
            write!(f, " {joint} {} {} ", test.field, test.op)?;
            match &test.value {
                RowValue::Lit(value) => write!(f, "{value}")?,
                RowValue::Fact(path) => write!(f, "{path}")?,
            }
        }
        Ok(())
    }
}
