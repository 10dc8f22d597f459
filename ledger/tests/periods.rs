//! Closed periods take nothing more; what comes late is booked on the first open day.

use chrono::NaiveDate;
use ledger::{
    BranchCode, Currency, EntryId, GlCode, Journal, JournalEntry, Money, Sequence,
    chart::ready,
    journal::{LateBooking, View},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn branch(text: &str) -> BranchCode {
    text.parse().unwrap()
}

fn entry(id: u128, date: &str, in_branch: &str) -> JournalEntry {
    let amount = Money::from_minor(100, Currency::from_code("KES").unwrap()).unwrap();
    let (cash, bank): (GlCode, GlCode) = ("1110".parse().unwrap(), "1120".parse().unwrap());
    JournalEntry::builder(EntryId::new(id), day(date), day(date))
        .debit(cash, amount)
        .credit(bank, amount)
        .branch(branch(in_branch))
        .build()
        .unwrap()
}

#[test]
fn late_entries_keep_their_value_date_and_move_their_booking_date() {
    let mut journal = Journal::with_evidence(ready::microfinance_lender());
    journal.post(entry(1, "2024-01-10", "NBO")).unwrap();
    let closure = journal.close_period(Some(branch("NBO")), day("2024-01-31"), day("2024-02-03"));
    let closure = closure.unwrap();
    assert_eq!(closure.sequence, Sequence::new(1));
    // The root is that of the moment before: the closure itself is the record after it.
    assert_eq!(
        closure.root,
        journal.log().unwrap().root_at(closure.records)
    );
    assert_eq!(closure.records, 2);

    // Another branch is still open.
    let other = journal.post(entry(2, "2024-01-31", "KIS")).unwrap();
    assert_eq!(other.booking_date, day("2024-01-31"));
    let late = journal.post(entry(3, "2024-01-31", "NBO")).unwrap();
    assert_eq!(late.booking_date, day("2024-02-01"));
    let booked = journal.entry(late.sequence).unwrap();
    assert_eq!(
        (booked.value_date(), booked.booking_date()),
        (day("2024-01-31"), day("2024-02-01"))
    );
    // The same entry again is still the same entry.
    assert!(
        journal
            .post(entry(3, "2024-01-31", "NBO"))
            .unwrap()
            .replayed
    );

    let cash = "1110".parse().unwrap();
    let kes = Currency::from_code("KES").unwrap();
    let balance = |view: View| {
        journal
            .balance_at(&cash, kes, &view.in_branch(branch("NBO")))
            .unwrap()
            .to_minor()
            .unwrap()
    };
    let january = day("2024-01-31");
    assert_eq!(balance(View::latest().on_value_date(january)), 200);
    assert_eq!(balance(View::latest().on_booking_date(january)), 100);
    assert_eq!(
        balance(View::latest().on_booking_date(day("2024-02-01"))),
        200
    );
    // What was sealed is still the beginning of the log.
    let log = journal.log().unwrap();
    let proof = log.prove_consistency(closure.records, log.len()).unwrap();
    assert!(proof.verify(&closure.root.unwrap(), &log.root()));
}

#[test]
fn the_books_as_a_whole_close_every_branch() {
    let mut journal = Journal::new(ready::microfinance_lender());
    journal
        .close_period(None, day("2024-01-31"), day("2024-02-01"))
        .unwrap();
    assert_eq!(
        journal.closed_through(Some(branch("KIS"))),
        Some(day("2024-01-31"))
    );
    let posted = journal.post(entry(1, "2024-01-15", "KIS")).unwrap();
    assert_eq!(posted.booking_date, day("2024-02-01"));
    journal.set_late_booking(LateBooking::Refuse);
    let error = journal.post(entry(2, "2024-01-31", "KIS")).unwrap_err();
    assert_eq!((error.code(), error.line), (1516, Some(0)));
    assert_eq!(
        error.refusal.to_string(),
        "booking date 2024-01-31 lies in a period closed through 2024-01-31"
    );
    journal.post(entry(2, "2024-02-01", "KIS")).unwrap();
}

#[test]
fn closing_goes_forward_and_is_undone_within_days() {
    let mut journal = Journal::new(ready::microfinance_lender());
    let close = |journal: &mut Journal, through: &str, on: &str| {
        journal
            .close_period(None, day(through), day(on))
            .map_err(|error| error.code())
    };
    assert_eq!(
        close(&mut journal, "2024-01-31", "2024-01-31").unwrap_err(),
        1801
    );
    close(&mut journal, "2024-01-31", "2024-02-01").unwrap();
    assert_eq!(
        close(&mut journal, "2024-01-31", "2024-02-01").unwrap_err(),
        1802
    );
    close(&mut journal, "2024-02-29", "2024-03-05").unwrap();
    let undo = |journal: &mut Journal, on: &str| {
        journal
            .undo_close(None, day(on), 7)
            .map_err(|error| error.code())
    };
    assert_eq!(undo(&mut journal, "2024-03-13").unwrap_err(), 1804);
    assert_eq!(
        undo(&mut journal, "2024-03-12").unwrap().through,
        day("2024-02-29")
    );
    assert_eq!(journal.closed_through(None), Some(day("2024-01-31")));
    assert_eq!(journal.closures(None).len(), 1);
    assert_eq!(
        undo(&mut journal, "2024-02-08").unwrap().through,
        day("2024-01-31")
    );
    assert_eq!(undo(&mut journal, "2024-02-08").unwrap_err(), 1803);
}
