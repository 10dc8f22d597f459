//! A chart of accounts as CSV.

use alloc::{string::String, vec::Vec};

use super::{
    ImportError,
    csv::{Row, Table, write_row},
};
use crate::{ChartOfAccounts, Currency, GlAccount, GlCode, GlType, Usage};

const REQUIRED: [&str; 4] = ["code", "name", "type", "usage"];
const COLUMNS: [&str; 8] = [
    "code",
    "name",
    "type",
    "usage",
    "parent",
    "currency",
    "active",
    "manual_entries",
];
const YES_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];

/// Writes a chart: one row an account, in code order.
///
/// Columns: `code`, `name`, `type` (`ASSET`, ...), `usage` (`HEADER`, `DETAIL`), `parent`,
/// `currency`, `active` and `manual_entries` (`yes`, `no`).
#[must_use]
pub fn chart_to_csv(chart: &ChartOfAccounts) -> String {
    let mut out = String::new();
    write_row(&mut out, COLUMNS);
    let yes_no = |yes| if yes { "yes" } else { "no" };
    for account in chart.iter() {
        let fields = [
            account.code.as_str(),
            &account.name,
            account.gl_type.as_str(),
            account.usage.as_str(),
            account.parent.as_ref().map_or("", GlCode::as_str),
            account.currency.as_ref().map_or("", Currency::code),
            yes_no(account.active),
            yes_no(account.manual_entries),
        ];
        write_row(&mut out, fields);
    }
    out
}

/// Reads what [`chart_to_csv`] writes. Columns stand in any order; `parent`, `currency`, `active`
/// and `manual_entries` may be left out or empty (no header, any currency, yes, yes).
///
/// # Errors
/// [`ImportError`] with line and column; the whole chart is checked before any of it is given.
pub fn chart_from_csv(text: &str) -> Result<ChartOfAccounts, ImportError> {
    let table = Table::read(text, &REQUIRED, &COLUMNS)?;
    let accounts = table
        .rows()
        .map(|row| account(&row))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ChartOfAccounts::new(accounts)?)
}

fn account(row: &Row<'_>) -> Result<GlAccount, ImportError> {
    let types = GlType::ALL.map(|gl_type| (gl_type.as_str(), gl_type));
    let usages = [Usage::Header, Usage::Detail].map(|usage| (usage.as_str(), usage));
    let (code, name) = (row.parse("code")?, row.field("name"));
    let gl_type = row.word("type", &types)?;
    let mut account = match row.word("usage", &usages)? {
        Usage::Header => GlAccount::header(code, name, gl_type),
        Usage::Detail => GlAccount::detail(code, name, gl_type),
    };
    let yes_no = |column| match row.field(column) {
        "" => Ok(true),
        _ => row.word(column, &YES_NO),
    };
    account.parent = row.parse_optional("parent")?;
    account.currency = row.parse_optional("currency")?;
    account.active = yes_no("active")?;
    account.manual_entries = yes_no("manual_entries")?;
    Ok(account)
}
