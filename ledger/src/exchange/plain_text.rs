//! The journal as text that independent accounting programs read and balance themselves.
//!
//! Accounts are named by type and codes (`Assets:1000:1100:1110`), so that headers become
//! subtotals; the names of the chart stand beside them. Texts are kept as far as the formats
//! allow: line breaks become blanks, and `;` and `,` become blanks where they would start
//! something else.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    ChartOfAccounts, GlAccount, GlCode, GlType, Journal, JournalEntry, JournalLine, Usage,
};

/// The plain-text formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlainText {
    /// What `ledger` and `hledger` read. The value date is the primary date, the booking date
    /// the secondary one.
    Ledger,
    /// What `beancount` reads. The value date is the date, the booking date is metadata.
    Beancount,
}

/// Writes the whole journal, with a directive for every detail account of the chart. Commodities
/// and tags are declared as well, so that the strict checks of the programs have nothing to say.
#[must_use]
pub fn journal_to_text(journal: &Journal, format: PlainText) -> String {
    let names: BTreeMap<GlCode, String> = journal
        .chart()
        .iter()
        .map(|account| (account.code, account_path(journal.chart(), account)))
        .collect();
    let first_day = journal.entries().map(|(_, entry)| entry.value_date()).min();
    let mut out = String::new();
    if format == PlainText::Ledger {
        declare(&mut out, journal);
    }
    for account in journal
        .chart()
        .iter()
        .filter(|account| account.usage == Usage::Detail)
    {
        let path = names.get(&account.code).map_or("", String::as_str);
        match (format, first_day) {
            (PlainText::Ledger, _) => {
                out.push_str(&format!("account {path}\n    ; {}\n", plain(&account.name)));
            }
            (PlainText::Beancount, Some(day)) => {
                let name = quoted(&account.name);
                out.push_str(&format!("{day} open {path}\n  name: {name}\n"));
            }
            (PlainText::Beancount, None) => {}
        }
    }
    for (sequence, entry) in journal.entries() {
        out.push('\n');
        match format {
            PlainText::Ledger => ledger_head(&mut out, sequence.get(), &entry),
            PlainText::Beancount => beancount_head(&mut out, sequence.get(), &entry),
        }
        for line in entry.lines() {
            let path = names.get(&line.account()).map_or("", String::as_str);
            posting(&mut out, format, path, line);
        }
    }
    out
}

/// `ledger` and `hledger` take a misspelt commodity or tag for a new one, unless told to be strict
/// and told what there is.
fn declare(out: &mut String, journal: &Journal) {
    let (mut commodities, mut tags) = (BTreeSet::new(), BTreeSet::new());
    for (_, entry) in journal.entries() {
        commodities.extend(entry.lines().iter().map(JournalLine::currency));
        tags.extend(metadata(&entry).into_iter().map(|(key, _)| key));
        if entry.lines().iter().any(|line| line.branch().is_some()) {
            tags.insert("branch".to_string());
        }
    }
    for commodity in commodities {
        out.push_str(&format!("commodity {commodity}\n"));
    }
    for tag in tags {
        out.push_str(&format!("tag {tag}\n"));
    }
}

fn ledger_head(out: &mut String, sequence: u32, entry: &JournalEntry) {
    let (value, booking) = (entry.value_date(), entry.booking_date());
    let secondary = if booking == value {
        String::new()
    } else {
        format!("={booking}")
    };
    let text = plain(entry.reference().unwrap_or(""));
    out.push_str(&format!("{value}{secondary} * ({sequence}) {text}\n"));
    for (key, value) in metadata(entry) {
        out.push_str(&format!("    ; {key}: {}\n", plain(&value)));
    }
}

fn beancount_head(out: &mut String, sequence: u32, entry: &JournalEntry) {
    let text = quoted(entry.reference().unwrap_or(""));
    out.push_str(&format!("{} * {text}\n", entry.value_date()));
    out.push_str(&format!(
        "  sequence: {sequence}\n  booked: {}\n",
        entry.booking_date()
    ));
    for (key, value) in metadata(entry) {
        out.push_str(&format!("  {key}: {}\n", quoted(&value)));
    }
}

/// Keys of letters, digits, `-` and `_` that start with a small letter: allowed everywhere.
fn metadata(entry: &JournalEntry) -> Vec<(String, String)> {
    let mut pairs = Vec::from([("entry".to_string(), entry.id().to_string())]);
    if let Some(notes) = entry.notes() {
        pairs.push(("notes".to_string(), notes.to_string()));
    }
    if let Some(reverses) = entry.reverses() {
        pairs.push(("reverses".to_string(), reverses.to_string()));
    }
    if let Some(user) = entry.manual_by() {
        pairs.push(("manual-by".to_string(), user.to_string()));
    }
    for (key, value) in entry.tags() {
        let allowed = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        pairs.push((
            format!("tag-{}", key.chars().map(allowed).collect::<String>()),
            value.clone(),
        ));
    }
    pairs
}

fn posting(out: &mut String, format: PlainText, path: &str, line: &JournalLine) {
    let amount = line.amount();
    let amount = match line.side() {
        crate::Side::Debit => amount,
        crate::Side::Credit => amount.negated(),
    };
    out.push_str(&match format {
        PlainText::Ledger => format!("    {path}  {amount}\n"),
        PlainText::Beancount => format!("  {path}  {amount}\n"),
    });
    if let Some(branch) = line.branch() {
        out.push_str(&match format {
            PlainText::Ledger => format!("    ; branch: {}\n", plain(branch.as_str())),
            PlainText::Beancount => format!("    branch: {}\n", quoted(branch.as_str())),
        });
    }
}

fn account_path(chart: &ChartOfAccounts, account: &GlAccount) -> String {
    let mut parts = Vec::from([component(account.code)]);
    let mut at = account.code;
    while let Some(parent) = chart.parent(&at) {
        parts.push(component(parent.code));
        at = parent.code;
    }
    parts.push(
        match account.gl_type {
            GlType::Asset => "Assets",
            GlType::Liability => "Liabilities",
            GlType::Equity => "Equity",
            GlType::Income => "Income",
            GlType::Expense => "Expenses",
        }
        .to_string(),
    );
    parts.reverse();
    parts.join(":")
}

/// A code as part of an account name: what is not a letter or digit, and a small letter at the
/// start, is written as `-` and its hexadecimal number, so that different codes stay different.
fn component(code: GlCode) -> String {
    let mut part = String::new();
    for (at, c) in code.as_str().chars().enumerate() {
        let plain =
            c.is_ascii_digit() || c.is_ascii_uppercase() || at > 0 && c.is_ascii_lowercase();
        if plain {
            part.push(c);
        } else {
            if at == 0 {
                part.push('0');
            }
            part.push_str(&format!("-{:02x}", u32::from(c)));
        }
    }
    part
}

fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || c == ';' || c == ',' {
                ' '
            } else {
                c
            }
        })
        .collect()
}

fn quoted(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
