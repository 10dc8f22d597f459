//! Transfers between 1,000 accounts, as entries of `ledger` and of the peer `doubleentry`.

use chrono::{Days, NaiveDate};
use doubleentry::{AccountKind, Amount, Entry, LedgerId, currency::EUR};
use ledger::{
    ChartOfAccounts, Currency, EntryId, GlAccount, GlCode, GlType, Journal, JournalEntry, Money,
};

/// Accounts of the chart.
pub const ACCOUNTS: u32 = 1_000;

/// One transfer of the data set.
#[derive(Clone, Copy)]
pub struct Transfer {
    debit: u32,
    credit: u32,
    day: u64,
    cents: i64,
}

/// Deterministic data: a 64-bit linear congruential generator (Knuth's MMIX constants).
#[must_use]
pub fn transfers(count: u64, late_in_100: u64) -> Vec<Transfer> {
    let mut state = 20_261_121_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..count)
        .map(|at| {
            let debit = next(u64::from(ACCOUNTS)) as u32;
            let credit = (debit + 1 + next(u64::from(ACCOUNTS) - 1) as u32) % ACCOUNTS;
            let today = at * 365 / count;
            let late = if next(100) < late_in_100 {
                next(today + 1)
            } else {
                0
            };
            Transfer {
                debit,
                credit,
                day: today - late,
                cents: 1 + next(1_000_000) as i64,
            }
        })
        .collect()
}

/// The code of an account.
#[must_use]
pub fn code(account: u32) -> GlCode {
    format!("A{account:04}").parse().unwrap()
}

/// The currency of every transfer.
#[must_use]
pub fn eur() -> Currency {
    Currency::from_code("EUR").unwrap()
}

/// A chart of asset accounts.
#[must_use]
pub fn chart() -> ChartOfAccounts {
    let accounts = (0..ACCOUNTS).map(|at| GlAccount::detail(code(at), "account", GlType::Asset));
    ChartOfAccounts::new(accounts).unwrap()
}

/// The day of the first transfers.
#[must_use]
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
}

/// The transfers as entries of `ledger`.
#[must_use]
pub fn our_entries(transfers: &[Transfer]) -> Vec<JournalEntry> {
    let with_number = transfers.iter().zip(1_u128..);
    with_number
        .map(|(transfer, number)| {
            let amount = Money::from_minor(i128::from(transfer.cents), eur()).unwrap();
            let day = first_day() + Days::new(transfer.day);
            JournalEntry::builder(EntryId::new(number), day, day)
                .debit(code(transfer.debit), amount)
                .credit(code(transfer.credit), amount)
                .build()
                .unwrap()
        })
        .collect()
}

/// The same transfers as entries of `doubleentry`.
#[must_use]
pub fn peer_entries(transfers: &[Transfer]) -> Vec<Entry> {
    let first = doubleentry::date!("2026-01-01");
    let mut days = vec![first];
    for _ in 0..366 {
        days.push(days.last().unwrap().next_day().unwrap());
    }
    let with_number = transfers.iter().zip(1_u64..);
    with_number
        .map(|(transfer, number)| {
            let amount: Amount = Amount::from_minor(i128::from(transfer.cents)).unwrap();
            Entry::new(format!("t{number}"), days[transfer.day as usize])
                .debit(format!("Assets:A{:04}", transfer.debit), amount, EUR)
                .credit(format!("Assets:A{:04}", transfer.credit), amount, EUR)
        })
        .collect()
}

/// A journal of `doubleentry` with its accounts open.
#[must_use]
pub fn peer_journal() -> doubleentry::Journal {
    let first = doubleentry::date!("2026-01-01");
    let mut journal = doubleentry::Journal::new(LedgerId::new("example.com/bench").unwrap());
    journal.declare_currency(EUR, 2, first).unwrap();
    journal.define_months(2026, 1..=12).unwrap();
    for account in 0..ACCOUNTS {
        journal
            .open(format!("Assets:A{account:04}"), AccountKind::Asset, first)
            .unwrap();
    }
    journal
}

/// Posts every entry.
#[must_use]
pub fn post_all(mut journal: Journal, entries: Vec<JournalEntry>) -> Journal {
    for entry in entries {
        journal.post(entry).unwrap();
    }
    journal
}

/// Records every entry in `doubleentry`.
#[must_use]
pub fn record_all(mut journal: doubleentry::Journal, entries: Vec<Entry>) -> doubleentry::Journal {
    for entry in entries {
        journal.record(entry).unwrap();
    }
    journal
}
