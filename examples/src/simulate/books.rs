//! Books: what journal entries add up to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ledger::{GlCode, JournalEntry, Side};
use rust_decimal::Decimal;

use super::laws::{Checked, Law};

/// Balances by account, debits positive.
pub type Books = BTreeMap<GlCode, Decimal>;

/// Posts an entry.
pub fn post(books: &mut Books, entry: &JournalEntry) {
    for line in entry.lines() {
        *books.entry(line.account()).or_default() += signed(line.side(), line.amount().amount());
    }
}

/// Accounts with a balance.
pub fn balances(books: &Books) -> Books {
    let open = books.iter().filter(|(_, sum)| !sum.is_zero());
    open.map(|(code, sum)| (*code, *sum)).collect()
}

/// Named accounts hold what they should, and the books balance.
pub fn hold(books: &Books, expected: &[(&str, Decimal)]) -> Result<(), String> {
    for (name, account) in expected {
        let code: GlCode = name.parse().map_err(|_| (*name).to_owned())?;
        let found = books.get(&code).copied().unwrap_or_default();
        if found != *account {
            return Err(format!("{name}: books {found}, account {account}"));
        }
    }
    let sum: Decimal = books.values().sum();
    if sum.is_zero() {
        Ok(())
    } else {
        Err(format!("the books are off by {sum}"))
    }
}

/// Every entry balances, is booked today and has an id of its own.
pub fn entries_balance(entries: &[JournalEntry], today: NaiveDate) -> Checked {
    for entry in entries {
        let lines = entry.lines().iter();
        let sum: Decimal = lines
            .map(|line| signed(line.side(), line.amount().amount()))
            .sum();
        if !sum.is_zero() || entry.booking_date() != today {
            return Err((Law::Entries, format!("{entry:?}")));
        }
    }
    let ids: BTreeSet<_> = entries.iter().map(JournalEntry::id).collect();
    if ids.len() == entries.len() {
        return Ok(());
    }
    Err((Law::Entries, "two entries share an id".to_owned()))
}

fn signed(side: Side, amount: Decimal) -> Decimal {
    if side == Side::Debit { amount } else { -amount }
}
