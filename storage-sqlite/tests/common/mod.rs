//! Accounts, payments and places to keep them.
#![allow(dead_code, reason = "each test binary uses its own part")]

use chrono::NaiveDate;
use ledger::{Currency, EntryId, JournalEntry, Money};
use lending_core::{
    ids::{AccountId, HolderId, IdempotencyKey},
    store::*,
};

pub fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, n).unwrap()
}

pub fn header(n: u128) -> AccountHeader {
    AccountHeader {
        kind: AccountKind::Loan,
        reference: format!("LN-{n}").parse().unwrap(),
        holder: HolderId::new(n),
        product: "MICRO".parse().unwrap(),
        branch: "KLA".parse().unwrap(),
        currency: Currency::from_code("UGX").unwrap(),
        standing: Standing::Active,
        next_work_on: Some(day(1)),
        in_arrears_since: None,
        balances: Balances::default(),
    }
}

/// Opens account `n`, or pays 100 into it when a version is given: account, event, entry, message
/// and key in one.
pub fn movement(n: u128, expected: Option<u64>) -> Commit {
    let seq = expected.unwrap_or(0) + 1;
    let number = (n << 64) | u128::from(seq);
    let amount = Money::from_minor(100, Currency::from_code("UGX").unwrap()).unwrap();
    let entry = JournalEntry::builder(EntryId::new(number), day(1), day(2))
        .debit("1100".parse().unwrap(), amount)
        .credit("1200".parse().unwrap(), amount)
        .build()
        .unwrap();
    let account = AccountId::new(n);
    Commit {
        idempotency: Some(Idempotency {
            key: IdempotencyKey::new(number),
            fingerprint: Fingerprint::of(&number.to_be_bytes()),
            keep_until: day(31),
            reply: seq.to_be_bytes().to_vec(),
        }),
        accounts: vec![AccountWrite {
            id: account,
            expected,
            header: header(n),
            state: vec![1; 64],
        }],
        events: vec![StoredEvent {
            account,
            seq,
            value_date: day(1),
            booking_date: day(2),
            body: vec![2; 16],
        }],
        entries: vec![PostedEntry {
            account: Some(account),
            entry,
        }],
        outbox: vec![Message {
            topic: "moved".into(),
            account: Some(account),
            body: vec![],
        }],
        ..Commit::default()
    }
}

/// The kind of a database failure.
pub fn kind(error: &StoreError) -> BackendKind {
    match error {
        StoreError::Backend { kind, .. } => *kind,
        other => panic!("not a failure of the database: {other:?}"),
    }
}
