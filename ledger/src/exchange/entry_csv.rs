//! Journal entries as CSV, one row a line.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    ImportError,
    csv::{Row, Table, write_row},
};
use crate::{BranchCode, Currency, EntryBuilder, EntryId, JournalEntry, Money, Side, money::exact};

const REQUIRED: [&str; 6] = [
    "entry",
    "value_date",
    "account",
    "side",
    "amount",
    "currency",
];
/// Prefix of the columns that carry tags.
const TAG: &str = "tag.";
const COLUMNS: [&str; 19] = [
    "entry",
    "value_date",
    "booking_date",
    "account",
    "side",
    "amount",
    "currency",
    "branch",
    "reference",
    "notes",
    "manual_by",
    "reverses",
    "tag.account",
    "tag.product",
    "tag.channel",
    "tag.external_id",
    "tag.interaction_id",
    "tag.migration",
    "tag.year_end",
];
const SIDES: [(&str, Side); 2] = [("DEBIT", Side::Debit), ("CREDIT", Side::Credit)];

/// Writes entries, one row a debit or credit; the rows of an entry stand together and repeat what
/// belongs to the entry as a whole.
///
/// Tags with an agreed meaning ([`crate::entry::tags`]) have a column `tag.` each; other tags
/// are only kept by the JSON form.
pub fn entries_to_csv(entries: impl IntoIterator<Item = JournalEntry>) -> String {
    let mut out = String::new();
    write_row(&mut out, COLUMNS);
    for entry in entries {
        let id = entry.id().to_string();
        let (value, booking) = (
            entry.value_date().to_string(),
            entry.booking_date().to_string(),
        );
        let reverses = entry
            .reverses()
            .map(|id| id.to_string())
            .unwrap_or_default();
        for line in entry.lines() {
            let side = match line.side() {
                Side::Debit => "DEBIT",
                Side::Credit => "CREDIT",
            };
            let (account, currency, branch) = (line.account(), line.currency(), line.branch());
            let amount = line.amount().amount().to_string();
            let fields = [
                id.as_str(),
                &value,
                &booking,
                account.as_str(),
                side,
                &amount,
                currency.code(),
                branch.as_ref().map_or("", BranchCode::as_str),
                entry.reference().unwrap_or(""),
                entry.notes().unwrap_or(""),
                entry.manual_by().unwrap_or(""),
                &reverses,
            ];
            let tags = COLUMNS.iter().filter_map(|column| column.strip_prefix(TAG));
            let tags = tags.map(|key| entry.tag(key).unwrap_or(""));
            write_row(&mut out, fields.into_iter().chain(tags));
        }
    }
    out
}

/// Reads what [`entries_to_csv`] writes. Columns stand in any order; needed are `entry` (32
/// hexadecimal digits), `value_date` (`2024-01-31`), `account`, `side` (`DEBIT`, `CREDIT`),
/// `amount` (a positive decimal) and `currency`. An empty booking date means the value date.
///
/// # Errors
/// [`ImportError`] with line and column; every entry is checked before any is given.
pub fn entries_from_csv(text: &str) -> Result<Vec<JournalEntry>, ImportError> {
    let table = Table::read(text, &REQUIRED, &COLUMNS)?;
    let mut entries = Vec::new();
    let mut complete: BTreeSet<EntryId> = BTreeSet::new();
    let mut current: Option<(EntryId, Row<'_>, EntryBuilder)> = None;
    for row in table.rows() {
        let id: EntryId = row.parse("entry")?;
        let builder = match current.take() {
            Some((open, first, builder)) if open == id => {
                same_entry(id, &first, &row)?;
                current = Some((id, first, add_line(builder, &row)?));
                continue;
            }
            Some((open, _, builder)) => {
                entries.push(builder.build()?);
                complete.insert(open);
                start(id, &row)?
            }
            None => start(id, &row)?,
        };
        if complete.contains(&id) {
            return Err(ImportError::Scattered {
                line: row.line,
                entry: id,
            });
        }
        let builder = add_line(builder, &row)?;
        current = Some((id, row, builder));
    }
    if let Some((_, _, builder)) = current {
        entries.push(builder.build()?);
    }
    Ok(entries)
}

/// What belongs to the entry must be the same on all of its rows.
fn same_entry(entry: EntryId, first: &Row<'_>, row: &Row<'_>) -> Result<(), ImportError> {
    let of_lines = ["account", "side", "amount", "currency", "branch"];
    let differs = COLUMNS
        .into_iter()
        .filter(|column| !of_lines.contains(column))
        .find(|column| first.field(column) != row.field(column));
    match differs {
        Some(column) => Err(ImportError::Inconsistent {
            line: row.line,
            entry,
            column,
        }),
        None => Ok(()),
    }
}

fn start(id: EntryId, row: &Row<'_>) -> Result<EntryBuilder, ImportError> {
    let value_date = row.parse("value_date")?;
    let booking_date = row.parse_optional("booking_date")?.unwrap_or(value_date);
    let mut builder = JournalEntry::builder(id, value_date, booking_date);
    if let Some(reverses) = row.parse_optional("reverses")? {
        builder = builder.reverses(reverses);
    }
    for (column, set) in [
        (
            "reference",
            EntryBuilder::reference as fn(EntryBuilder, String) -> EntryBuilder,
        ),
        ("notes", EntryBuilder::notes),
        ("manual_by", EntryBuilder::manual),
    ] {
        let text = row.field(column);
        if !text.is_empty() {
            builder = set(builder, text.into());
        }
    }
    for key in COLUMNS.iter().filter_map(|column| column.strip_prefix(TAG)) {
        let value = row.field(&alloc::format!("{TAG}{key}"));
        if !value.is_empty() {
            builder = builder.tag(key, value);
        }
    }
    Ok(builder)
}

fn add_line(builder: EntryBuilder, row: &Row<'_>) -> Result<EntryBuilder, ImportError> {
    let currency: Currency = row.parse("currency")?;
    let amount = exact::parse(row.field("amount"))
        .ok_or_else(|| row.refuse("amount", "an exact decimal such as 12.50"))?;
    let side = row.word("side", &SIDES)?;
    let builder = builder.line(row.parse("account")?, side, Money::new(amount, currency));
    Ok(match row.parse_optional("branch")? {
        Some(branch) => builder.on_branch(branch),
        None => builder,
    })
}
