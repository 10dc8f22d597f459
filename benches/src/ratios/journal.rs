//! The journal at the size of a year of a lender: 500,000 entries of two legs over 1,000 accounts,
//! beside the peer `doubleentry` on the same entries.

use std::hint::black_box;

use chrono::Days;
use ledger::{Journal, Sequence, journal::View};

use super::{
    Beside, Measure, Pair, Relation, Side, Unit,
    clock::{nanoseconds, rate},
};
use crate::{
    inputs::journal::{
        ACCOUNTS, chart, code, eur, first_day, our_entries, peer_entries, peer_journal, post_all,
        record_all, transfers,
    },
    memory::growth,
    storage::Failed,
};

const ENTRIES: u32 = 500_000;

pub const MEASURES: &[Measure] = &[
    Measure {
        name: "journal-post",
        about: "500,000 entries posted from memory | doubleentry 0.8, the same entries",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(10.0),
        prepare: || post(Journal::new),
    },
    Measure {
        name: "journal-post-merkle",
        about: "the same with the Merkle log | doubleentry 0.8, the same entries",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(3.0),
        prepare: || post(Journal::with_evidence),
    },
    Measure {
        name: "journal-memory",
        about: "memory of a posting, of 1,000,000 | budget",
        unit: Unit::Bytes,
        relation: Relation::Below(1.0),
        prepare: || memory(Journal::new),
    },
    Measure {
        name: "journal-memory-merkle",
        about: "the same with the Merkle log | budget",
        unit: Unit::Bytes,
        relation: Relation::Below(1.0),
        prepare: || memory(Journal::with_evidence),
    },
    Measure {
        name: "journal-trial-balance",
        about: "trial balance of 1,000 accounts over 1,000,000 postings | budget",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: || trial_balance(|_| View::latest()),
    },
    Measure {
        name: "journal-trial-at",
        about: "the same at a date as known at a moment | budget",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: || trial_balance(then),
    },
    Measure {
        name: "journal-balance-at",
        about: "a balance at a date as known at a moment, 1,000,000 postings | budget",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: balance_at,
    },
];

fn post(new: fn(ledger::ChartOfAccounts) -> Journal) -> Result<Pair, Failed> {
    let data = transfers(u64::from(ENTRIES), 0);
    let (entries, peers) = (our_entries(&data), peer_entries(&data));
    let ours: Side = Box::new(move || {
        // Setting up and throwing away are not timed, on either side.
        let (journal, entries) = (new(chart()), entries.clone());
        rate(ENTRIES, || Ok(post_all(journal, entries)))
    });
    let peer: Side = Box::new(move || {
        let (journal, entries) = (peer_journal(), peers.clone());
        rate(ENTRIES, || Ok(record_all(journal, entries)))
    });
    Ok(Pair {
        ours,
        beside: Beside::MeasuredLong(peer),
    })
}

/// Bytes in use for a posting, the chart and the indexes included, the entries given not.
fn memory(new: fn(ledger::ChartOfAccounts) -> Journal) -> Result<Pair, Failed> {
    let entries = our_entries(&transfers(u64::from(ENTRIES), 10));
    let ours: Side = Box::new(move || {
        let (bytes, journal) = growth(|| {
            let mut journal = new(chart());
            for entry in entries.iter().cloned() {
                journal.post(entry)?;
            }
            Ok::<_, ledger::PostError>(journal)
        });
        let _kept = black_box(journal?);
        Ok(bytes / f64::from(2 * ENTRIES))
    });
    Ok(Pair {
        ours,
        beside: Beside::Budget(300.0),
    })
}

/// One entry in ten is backdated: balances have postings out of date order.
fn journal() -> Journal {
    let entries = our_entries(&transfers(u64::from(ENTRIES), 10));
    post_all(Journal::new(chart()), entries)
}

/// Another date and another moment each time.
fn then(at: u32) -> View {
    View::latest()
        .on_value_date(first_day() + Days::new(u64::from(at % 365)))
        .known_at(Sequence::new(ENTRIES / 4 * 3 - at % 1_000))
}

fn trial_balance(view: fn(u32) -> View) -> Result<Pair, Failed> {
    let journal = journal();
    let mut at = 0_u32;
    let ours = nanoseconds(move || {
        at = at.wrapping_add(1);
        journal.trial_balance(eur(), black_box(&view(at)))
    })?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(10_000_000.0),
    })
}

fn balance_at() -> Result<Pair, Failed> {
    let journal = journal();
    let mut at = 0_u32;
    let ours = nanoseconds(move || {
        at = at.wrapping_add(1);
        journal.balance_at(black_box(&code(at % ACCOUNTS)), eur(), &then(at))
    })?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(5_000.0),
    })
}
