//! Values the checks are made of. Everything follows from small numbers: nothing is random.

use alloc::{format, string::String, vec, vec::Vec};

use chrono::{Days, NaiveDate};
use ledger::{Currency, EntryId, JournalEntry, Money};

use super::Broken;
use crate::{
    ids::{AccountId, HolderId, IdempotencyKey, RecordKind},
    store::{
        AccountHeader, AccountKind, AccountWrite, Balances, CheckpointWrite, Commit, Fingerprint,
        Idempotency, IndexKey, Message, PostedEntry, RecordContent, RecordWrite, Standing,
        StoredEvent,
    },
};

/// The `n`-th day of 2024, from 0.
pub(super) fn day(n: u64) -> NaiveDate {
    NaiveDate::default()
        .checked_add_days(Days::new(19_723)) // 1970-01-01 to 2024-01-01
        .and_then(|date| date.checked_add_days(Days::new(n)))
        .unwrap_or_default()
}

pub(super) const fn id(n: u128) -> AccountId {
    AccountId::new(n)
}

pub(super) fn header(n: u128) -> Result<AccountHeader, Broken> {
    Ok(AccountHeader {
        kind: AccountKind::Loan,
        reference: format!("{n:X}").parse()?,
        holder: HolderId::new(1_000),
        product: "MICRO".parse()?,
        branch: "KLA".parse()?,
        currency: Currency::from_code("UGX")?,
        standing: Standing::Active,
        next_work_on: None,
        in_arrears_since: None,
        balances: Balances::default(),
    })
}

pub(super) fn account(n: u128, expected: Option<u64>) -> Result<AccountWrite, Broken> {
    let state = vec![1, expected.map_or(0, |_| 1)];
    Ok(AccountWrite {
        id: id(n),
        expected,
        header: header(n)?,
        state,
    })
}

/// A commit that creates account `n` and nothing else.
pub(super) fn opening(n: u128) -> Result<Commit, Broken> {
    Ok(Commit {
        accounts: vec![account(n, None)?],
        ..Commit::default()
    })
}

pub(super) fn event(n: u128, seq: u64, value_date: NaiveDate, body: &[u8]) -> StoredEvent {
    let booking_date = value_date;
    StoredEvent {
        account: id(n),
        seq,
        value_date,
        booking_date,
        body: body.to_vec(),
    }
}

/// A transfer of `minor` from the credited to the debited GL account.
pub(super) fn entry(
    entry: u128,
    account: Option<u128>,
    (value_date, booking_date): (NaiveDate, NaiveDate),
    (debit, credit): (&str, &str),
    minor: i128,
) -> Result<PostedEntry, Broken> {
    let amount = Money::from_minor(minor, Currency::from_code("UGX")?)?;
    let entry = JournalEntry::builder(EntryId::new(entry), value_date, booking_date)
        .debit(debit.parse()?, amount)
        .credit(credit.parse()?, amount)
        .build()?;
    Ok(PostedEntry {
        account: account.map(id),
        entry,
    })
}

pub(super) fn key(n: u128, request: &str, reply: &str) -> Idempotency {
    Idempotency {
        key: IdempotencyKey::new(n),
        fingerprint: Fingerprint::of(request.as_bytes()),
        keep_until: day(30),
        reply: reply.as_bytes().to_vec(),
    }
}

pub(super) fn kind() -> Result<RecordKind, Broken> {
    Ok("client".parse()?)
}

pub(super) fn record(
    id: &str,
    expected: Option<u64>,
    body: &str,
    keys: &[(&str, &str)],
) -> Result<RecordWrite, Broken> {
    let key = |(name, value): &(&str, &str)| IndexKey {
        name: String::from(*name),
        value: String::from(*value),
    };
    let keys: Vec<_> = keys.iter().map(key).collect();
    let content = RecordContent::Put {
        body: body.as_bytes().to_vec(),
        keys,
    };
    Ok(RecordWrite {
        kind: kind()?,
        id: id.parse()?,
        expected,
        content,
    })
}

pub(super) fn message(topic: &str, body: &str) -> Message {
    Message {
        topic: topic.into(),
        account: None,
        body: body.as_bytes().to_vec(),
    }
}

/// A commit with one of everything, about account `n`.
pub(super) fn full(n: u128, expected: Option<u64>) -> Result<Commit, Broken> {
    let seq = expected.unwrap_or(0).saturating_add(1);
    let number = n.saturating_mul(1_000).saturating_add(u128::from(seq));
    Ok(Commit {
        idempotency: Some(key(number, "pay", "done")),
        guards: Vec::new(),
        accounts: vec![account(n, expected)?],
        plans: Vec::new(),
        accruals: Vec::new(),
        events: vec![event(n, seq, day(1), b"paid")],
        entries: vec![entry(
            number,
            Some(n),
            (day(1), day(2)),
            ("1100", "1200"),
            500,
        )?],
        outbox: vec![message("paid", "500")],
        records: vec![record(
            &format!("C-{n}"),
            expected,
            "Akello",
            &[("phone", "+256700000001")],
        )?],
        checkpoints: vec![CheckpointWrite {
            job: format!("job-{n}").parse()?,
            expected,
            body: vec![7],
        }],
    })
}
