//! The journal beside the peer `doubleentry` on the same 20,000 entries of two legs.

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
    storage::Failed,
};

const ENTRIES: u32 = 20_000;

pub const MEASURES: &[Measure] = &[
    Measure {
        name: "journal-post",
        about: "entries posted from memory | doubleentry 0.8, the same entries",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(10.0),
        prepare: || post(Journal::new),
    },
    Measure {
        name: "journal-post-merkle",
        about: "entries posted with the Merkle log | doubleentry 0.8, the same entries",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(3.0),
        prepare: || post(Journal::with_evidence),
    },
    Measure {
        name: "journal-balance-at",
        about: "a balance at a date as known at a moment | budget",
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
        beside: Beside::Measured(peer),
    })
}

fn balance_at() -> Result<Pair, Failed> {
    let entries = our_entries(&transfers(u64::from(ENTRIES), 10));
    let journal = post_all(Journal::new(chart()), entries);
    let mut at = 0_u32;
    let ours = nanoseconds(move || {
        at = at.wrapping_add(1);
        let then = View::latest()
            .on_value_date(first_day() + Days::new(u64::from(at % 365)))
            .known_at(Sequence::new(ENTRIES / 4 * 3 - at % 1_000));
        journal.balance_at(black_box(&code(at % ACCOUNTS)), eur(), &then)
    })?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(5_000.0),
    })
}
