//! A journal stored as records comes back as it was, and no byte of it can be changed unseen.

use chrono::{DateTime, NaiveDate};
use law_runs::runs;
use ledger::{
    Currency, EntryId, GlAccount, GlCode, GlType, Journal, JournalEntry, Money, Sequence,
    chart::ready,
    entry::tags,
    evidence::{Act, LogHash, MerkleLog, Record, Tampering, examine},
    journal::{LateBooking, Limit, MigrationState, ReservationState, RestoreError},
};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

fn kes(minor: i128) -> Money {
    Money::from_minor(minor, Currency::from_code("KES").unwrap()).unwrap()
}

fn pay(id: u128, date: &str, minor: i128) -> ledger::EntryBuilder {
    JournalEntry::builder(EntryId::new(id), day(date), day(date))
        .debit(code("1110"), kes(minor))
        .credit(code("1120"), kes(minor))
}

/// Something of everything that can be done to a journal.
fn journal() -> Journal {
    let mut journal = Journal::with_evidence(ready::microfinance_lender());
    let nbo = "NBO".parse().unwrap();
    journal
        .set_clock(DateTime::from_timestamp(1_706_000_000, 5).unwrap())
        .unwrap();
    let teller = GlAccount::detail(code("1199"), "Teller", GlType::Asset).under(code("1100"));
    journal.add_account(teller).unwrap();
    journal
        .post(pay(1, "2024-01-10", 900).branch(nbo).build().unwrap())
        .unwrap();
    let limit = Limit::not_below(kes(-100)).and_not_above(kes(5_000));
    journal
        .set_limit(&code("1110"), kes(0).currency(), Some(limit))
        .unwrap();
    let held = |id, minor| {
        let entry = pay(id, "2024-01-20", minor);
        entry.notes("held").manual("otieno").build().unwrap()
    };
    journal
        .reserve(held(10, 300), Some(day("2024-01-31")))
        .unwrap();
    journal.reserve(held(11, 200), None).unwrap();
    journal.reserve(held(12, 100), None).unwrap();
    journal.reserve(held(13, 50), None).unwrap();
    journal
        .close_period(Some(nbo), day("2024-01-31"), day("2024-02-03"))
        .unwrap();
    let late = pay(2, "2024-01-15", 10).branch(nbo).reference("late");
    assert_eq!(
        journal.post(late.build().unwrap()).unwrap().booking_date,
        day("2024-02-01")
    );
    journal.expire(day("2024-02-01"));
    journal.void(EntryId::new(11)).unwrap();
    journal.settle(EntryId::new(12)).unwrap();
    journal.undo_close(Some(nbo), day("2024-02-05"), 7).unwrap();
    journal.set_late_booking(LateBooking::Refuse);
    let import = pay(20, "2024-01-01", 7).tag(tags::MIGRATION, "opening");
    journal
        .import_migration("opening", vec![import.build().unwrap()])
        .unwrap();
    journal
        .revert_migration("opening", day("2024-02-05"), |id| {
            EntryId::new(id.get() + 100)
        })
        .unwrap();
    journal.set_active(&code("1130"), false).unwrap();
    journal
}

fn stored(journal: &Journal) -> Vec<Vec<u8>> {
    journal.records().collect()
}

#[test]
fn everything_comes_back() {
    let (journal, records) = (journal(), stored(&journal()));
    assert_eq!(records.len(), journal.record_count());
    let mut again = Journal::from_records(&records, true).unwrap();
    assert_eq!(again.log(), journal.log());
    assert_eq!(stored(&again), records);
    assert_eq!(again.chart(), journal.chart());
    for (id, state) in [
        (10, ReservationState::Expired),
        (11, ReservationState::Voided),
        (12, ReservationState::Settled(EntryId::new(12))),
        (13, ReservationState::Open),
    ] {
        let id = EntryId::new(id);
        assert_eq!(again.reservation(id), journal.reservation(id));
        assert_eq!(again.reservation(id).unwrap().state, state);
    }
    assert_eq!(again.migration("opening"), Some(MigrationState::Reverted));
    let first = Sequence::new(1);
    assert_eq!(again.recorded_at(first), journal.recorded_at(first));
    // The cash box holds 900 + 10 + 100, of which nothing is held; -50 more is held by number 13.
    let currency = kes(0).currency();
    assert_eq!(
        again.balance(&code("1110"), currency).unwrap(),
        kes(900 + 10 + 100)
    );
    assert_eq!(
        again.available(&code("1120"), currency).unwrap(),
        kes(-1_010 - 50)
    );
    // The limit still stands: 1,010 and 50 held, so 3,940 more reach 5,000 and 3,941 do not.
    let more = |id, minor| pay(id, "2024-02-06", minor).build().unwrap();
    assert_eq!(again.post(more(30, 3_941)).unwrap_err().code(), 1515);
    again.post(more(30, 3_940)).unwrap();
    // An entry that came late is still known by what was asked for.
    let late = pay(2, "2024-01-15", 10).branch("NBO".parse().unwrap());
    let late = late.reference("late").build().unwrap();
    assert!(again.post(late).unwrap().replayed);
}

#[test]
fn a_journal_without_evidence_is_stored_alike() {
    let mut plain = Journal::new(ready::microfinance_lender());
    plain
        .post(pay(1, "2024-01-10", 900).build().unwrap())
        .unwrap();
    let again = Journal::from_records(stored(&plain), false).unwrap();
    assert_eq!(stored(&again), stored(&plain));
    assert!(again.log().is_none());
}

#[test]
fn entries_are_proven_at_their_record() {
    let journal = journal();
    let (log, records) = (journal.log().unwrap(), stored(&journal));
    for (sequence, entry) in journal.entries() {
        let at = journal.record_of(sequence).unwrap();
        let record = ledger::evidence::entry_record(sequence, &entry);
        assert_eq!(records[at], record);
        assert_eq!(
            Record::read(&record),
            Some(Record::Entry(sequence, entry.clone()))
        );
        let proof = log.prove_inclusion(at, log.len()).unwrap();
        assert!(proof.verify(&record, &log.root()));
    }
    assert_eq!(journal.record_of(Sequence::new(0)), None);
    assert_eq!(
        journal.record_of(journal.last_sequence()).map(|at| at + 1),
        // Behind the last entry: the end of the import, and the account that was closed.
        records.len().checked_sub(2)
    );
}

#[test]
fn a_flipped_bit_anywhere_in_what_is_stored_is_found_and_located() {
    let journal = journal();
    let (log, records) = (journal.log().unwrap(), stored(&journal));
    let (hashes, root) = (log.record_hashes(), log.root());
    assert_eq!(examine(&records, &hashes, &root), Ok(()));
    assert_eq!(MerkleLog::from_record_hashes(hashes.clone()), *log);
    for index in 0..records.len() {
        for bit in 0..records[index].len() * 8 {
            let mut bad = records.clone();
            bad[index][bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                examine(&bad, &hashes, &root),
                Err(Tampering::Record { index })
            );
            let proof = log.prove_inclusion(index, log.len()).unwrap();
            assert!(!proof.verify(&bad[index], &root));
            // Without the hashes: it is no journal any more, or one with another root.
            if let Ok(other) = Journal::from_records(&bad, true) {
                assert_ne!(other.log().unwrap().root(), root);
            }
        }
        for bit in 0..256 {
            let mut bytes = *hashes[index].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let mut bad = hashes.clone();
            bad[index] = LogHash::new(bytes);
            assert_eq!(
                examine(&records, &bad, &root),
                Err(Tampering::Hash { index })
            );
        }
    }
    for bit in 0..256 {
        let mut bytes = *root.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let other = LogHash::new(bytes);
        assert_eq!(examine(&records, &hashes, &other), Err(Tampering::Root));
    }
    let mut two = records.clone();
    two[3][5] ^= 1;
    let mut hash = hashes.clone();
    hash[4] = root;
    assert_eq!(
        examine(&two, &hash, &root),
        Err(Tampering::Several { index: 3 })
    );
    assert_eq!(
        examine(&records[1..], &hashes, &root),
        Err(Tampering::Length {
            records: records.len() - 1,
            hashes: hashes.len()
        })
    );
}

#[test]
fn records_that_make_no_journal_say_where() {
    let records = stored(&journal());
    let restore = |records: &[Vec<u8>]| Journal::from_records(records, false).unwrap_err();
    assert_eq!(
        restore(&records[1..]),
        RestoreError::Incomplete { records: 0 }
    );
    assert_eq!(restore(&[]).code(), 2404);
    assert_eq!(
        restore(&[records[0].clone(), vec![9]]),
        RestoreError::Unreadable { index: 1 }
    );
    // The same entry twice is no second record.
    let entry = records.iter().position(|record| record[0] == 1).unwrap();
    let twice = [&records[..=entry], &records[entry..=entry]].concat();
    assert_eq!(restore(&twice), RestoreError::Differs { index: entry + 1 });
    // An announcement without its entry.
    let moved = records
        .iter()
        .position(|record| matches!(Record::read(record), Some(Record::Act(Act::Moved { .. }))));
    let moved = moved.unwrap();
    assert_eq!(
        restore(&records[..=moved]),
        RestoreError::Incomplete { records: moved + 1 }
    );
    // Unknown account: the refusal of the journal, with its number.
    let unknown = Act::Activation {
        account: code("777"),
        active: true,
    };
    let error = restore(&[records[0].clone(), unknown.record()]);
    assert_eq!(
        error.to_string(),
        "record 1 is refused: GL account 777 is not in the chart of accounts"
    );
    assert!(matches!(error, RestoreError::Refused { code: 1601, .. }));
}

/// What is done in a random journal: which act, an amount, a day.
type Step = (u8, i64, u64);

fn carried_out(steps: &[Step]) -> Journal {
    let mut journal = Journal::with_evidence(ready::microfinance_lender());
    let first = day("2024-01-01");
    let mut number = 0_u128;
    for (what, minor, days) in steps {
        number += 1;
        let date = first + chrono::Days::new(*days);
        let entry = JournalEntry::builder(EntryId::new(number), date, date)
            .debit(code("1110"), kes(i128::from(*minor)))
            .credit(code("1120"), kes(i128::from(*minor)))
            .build()
            .unwrap();
        let earlier = EntryId::new(number.saturating_sub(u128::from(*days % 7)));
        // Refusals are part of it: they must leave no record.
        let _ = match what {
            0..=3 => journal.post(entry).is_ok(),
            4 => journal.reserve(entry, Some(date)).is_ok(),
            5 => journal.settle(earlier).is_ok(),
            6 => journal.void(earlier).is_ok(),
            7 => journal.expire(date).is_empty(),
            8 => journal
                .close_period(None, date, date + chrono::Days::new(1))
                .is_ok(),
            9 => journal.undo_close(None, date, 9).is_ok(),
            10 => {
                let limit = Limit::not_above(kes(i128::from(*minor)));
                journal
                    .set_limit(&code("1110"), kes(0).currency(), Some(limit))
                    .is_ok()
            }
            _ => {
                let second = pay(900 + number, "2024-01-05", 1).build().unwrap();
                journal.post_batch([second.clone(), entry, second]).is_ok()
            }
        };
    }
    journal
}

proptest! {
    #![proptest_config(runs(200))]

    #[test]
    fn whatever_was_done_comes_back(
        steps in prop::collection::vec((0_u8..12, 1_i64..500, 0_u64..40), 0..40),
    ) {
        let journal = carried_out(&steps);
        let records = stored(&journal);
        prop_assert_eq!(records.len(), journal.log().unwrap().len());
        let again = Journal::from_records(&records, true).unwrap();
        prop_assert_eq!(again.log(), journal.log());
        prop_assert_eq!(stored(&again), records);
        let (account, currency) = (code("1110"), kes(0).currency());
        prop_assert_eq!(again.balance(&account, currency), journal.balance(&account, currency));
        prop_assert_eq!(again.available(&account, currency), journal.available(&account, currency));
        prop_assert_eq!(again.closures(None), journal.closures(None));
    }

    #[test]
    fn any_bytes_are_a_record_or_none(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        match Record::read(&bytes) {
            Some(Record::Act(act)) => prop_assert_eq!(act.record(), bytes),
            Some(Record::Entry(sequence, entry)) => {
                prop_assert_eq!(ledger::evidence::entry_record(sequence, &entry), bytes);
            }
            _ => {}
        }
    }
}
