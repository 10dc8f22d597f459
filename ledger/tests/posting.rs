//! What the journal takes, what it refuses, and that a refusal leaves no trace.

use chrono::NaiveDate;
use ledger::{
    ChartOfAccounts, Currency, EntryBuilder, EntryId, GlAccount, GlCode, GlType, Journal,
    JournalEntry, Money, Sequence, journal::View,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

fn kes() -> Currency {
    Currency::from_code("KES").unwrap()
}

fn minor(minor: i128) -> Money {
    Money::from_minor(minor, kes()).unwrap()
}

fn journal() -> Journal {
    let assets = code("1000");
    let mut closed = GlAccount::detail(code("1150"), "Old bank", GlType::Asset).under(assets);
    closed.active = false;
    Journal::new(
        ChartOfAccounts::new([
            GlAccount::header(assets, "Assets", GlType::Asset),
            GlAccount::detail(code("1100"), "Bank", GlType::Asset).under(assets),
            closed,
            GlAccount::detail(code("1200"), "Loans", GlType::Asset)
                .under(assets)
                .without_manual_entries(),
            GlAccount::detail(code("1300"), "Dollar bank", GlType::Asset)
                .in_currency(Currency::from_code("USD").unwrap()),
            GlAccount::detail(code("4100"), "Interest income", GlType::Income),
        ])
        .unwrap(),
    )
}

fn move_money(id: u128, date: &str, debit: &str, credit: &str, amount: i128) -> EntryBuilder {
    JournalEntry::builder(EntryId::new(id), day(date), day(date))
        .debit(code(debit), minor(amount))
        .credit(code(credit), minor(amount))
}

fn entry(id: u128, date: &str, debit: &str, credit: &str, amount: i128) -> JournalEntry {
    move_money(id, date, debit, credit, amount).build().unwrap()
}

#[test]
fn refusals_name_entry_line_and_reason() {
    for (debit, credit, manual, number, line) in [
        ("9999", "1100", false, 1502, 0),
        ("1100", "1000", false, 1503, 1),
        ("1150", "1100", false, 1504, 0),
        ("1200", "1100", true, 1505, 0),
        ("1100", "1300", false, 1506, 1),
    ] {
        let mut builder = move_money(1, "2024-01-01", debit, credit, 1);
        if manual {
            builder = builder.manual("otieno");
        }
        let mut journal = journal();
        let error = journal.post(builder.build().unwrap()).unwrap_err();
        assert_eq!((error.code(), error.line), (number, Some(line)), "{error}");
        assert!(journal.is_empty());
    }
}

#[test]
fn the_same_entry_twice_is_replayed_and_another_one_under_its_id_refused() {
    let mut journal = journal();
    let first = journal
        .post(entry(1, "2024-01-01", "1200", "1100", 500))
        .unwrap();
    let again = journal
        .post(entry(1, "2024-01-01", "1200", "1100", 500))
        .unwrap();
    assert!(!first.replayed && again.replayed);
    assert_eq!(again.sequence, first.sequence);
    for other in [
        entry(1, "2024-01-01", "1200", "1100", 501),
        entry(1, "2024-01-02", "1200", "1100", 500),
        move_money(1, "2024-01-01", "1200", "1100", 500)
            .reference("x")
            .build()
            .unwrap(),
        move_money(1, "2024-01-01", "1200", "1100", 500)
            .tag("a", "b")
            .build()
            .unwrap(),
    ] {
        assert_eq!(journal.post(other).unwrap_err().code(), 1501);
    }
    assert_eq!(journal.len(), 1);
}

#[test]
fn a_reversal_returns_every_balance_and_happens_once() {
    let mut journal = journal();
    let original = entry(1, "2024-01-01", "1200", "1100", 500);
    journal.post(original.clone()).unwrap();
    let reversal = original
        .reversal(EntryId::new(2), day("2024-01-05"))
        .unwrap();
    journal.post(reversal.clone()).unwrap();
    assert!(journal.balance(&code("1200"), kes()).unwrap().is_zero());
    assert_eq!(journal.reversed_by(EntryId::new(1)), Some(EntryId::new(2)));
    assert_eq!(journal.entry(Sequence::new(2)).unwrap(), reversal);
    // Known before the correction: 5.00 on the value date. Known now: nothing.
    let then = View::latest()
        .on_value_date(day("2024-01-01"))
        .known_at(Sequence::new(1));
    assert_eq!(
        journal.balance_at(&code("1200"), kes(), &then).unwrap(),
        minor(500)
    );
    let now = View::latest().on_value_date(day("2024-01-01"));
    assert!(
        journal
            .balance_at(&code("1200"), kes(), &now)
            .unwrap()
            .is_zero()
    );
    // The books of 1 to 4 January keep what they said: the reversal is booked on the 5th.
    for (date, balance) in [("2024-01-04", 500), ("2024-01-05", 0)] {
        let books = View::latest().on_booking_date(day(date));
        assert_eq!(
            journal.balance_at(&code("1200"), kes(), &books).unwrap(),
            minor(balance)
        );
    }

    let second = original
        .reversal(EntryId::new(3), day("2024-01-06"))
        .unwrap();
    assert_eq!(journal.post(second).unwrap_err().code(), 1508);
    let unknown = move_money(4, "2024-01-01", "1100", "1200", 500).reverses(EntryId::new(77));
    assert_eq!(
        journal.post(unknown.build().unwrap()).unwrap_err().code(),
        1507
    );
    let other = move_money(4, "2024-01-01", "1100", "1200", 499).reverses(EntryId::new(2));
    assert_eq!(
        journal.post(other.build().unwrap()).unwrap_err().code(),
        1509
    );
}

#[test]
fn a_batch_is_posted_whole_or_not_at_all_and_names_the_entry() {
    let mut journal = journal();
    journal
        .post(entry(1, "2024-01-01", "1200", "1100", 500))
        .unwrap();
    let before = format!("{journal:?}");
    let reversal = journal
        .entry(Sequence::new(1))
        .unwrap()
        .reversal(EntryId::new(3), day("2024-02-01"));
    let bad = [
        move_money(2, "2023-12-01", "1200", "1100", 100)
            .tag("k", "v")
            .build()
            .unwrap(),
        reversal.unwrap(),
        entry(4, "2024-01-03", "1200", "1000", 100),
    ];
    let error = journal.post_batch(bad).unwrap_err();
    assert_eq!((error.index, error.error.entry), (2, EntryId::new(4)));
    assert_eq!(format!("{journal:?}"), before);

    let good = [
        entry(2, "2024-01-02", "1200", "1100", 100),
        entry(3, "2024-01-03", "1100", "4100", 20),
    ];
    let posted = journal.post_batch(good).unwrap();
    assert_eq!(
        posted.iter().map(|p| p.sequence.get()).collect::<Vec<_>>(),
        [2, 3]
    );
}

#[test]
fn headers_sum_their_details_and_the_trial_balance_agrees() {
    let mut journal = journal();
    journal
        .post(entry(1, "2024-01-01", "1200", "1100", 10_000))
        .unwrap();
    journal
        .post(entry(2, "2024-02-01", "1100", "4100", 172))
        .unwrap();
    // 1100: -100.00 + 1.72 = -98.28; 1200: 100.00; together 1.72 of assets, 1.72 of income.
    assert_eq!(
        journal.balance(&code("1100"), kes()).unwrap(),
        minor(-9_828)
    );
    assert_eq!(journal.balance(&code("1000"), kes()).unwrap(), minor(172));
    assert_eq!(journal.balance(&code("4100"), kes()).unwrap(), minor(172));
    let trial = journal.trial_balance(kes(), &View::latest()).unwrap();
    let rows: Vec<_> = trial
        .rows
        .iter()
        .map(|row| {
            format!(
                "{} {} {}",
                row.account,
                row.debit.amount(),
                row.credit.amount()
            )
        })
        .collect();
    assert_eq!(
        rows,
        ["1100 0.00 98.28", "1200 100.00 0.00", "4100 0.00 1.72"]
    );
    assert_eq!(
        (trial.total_debit, trial.total_credit),
        (minor(10_000), minor(10_000))
    );
    assert_eq!(journal.balance(&code("9"), kes()).unwrap_err().code(), 1601);
}

#[test]
fn the_chart_grows_and_accounts_are_switched_off_without_losing_history() {
    let mut journal = journal();
    journal
        .post(entry(1, "2024-01-01", "1200", "1100", 500))
        .unwrap();
    let new = GlAccount::detail(code("1050"), "Petty cash", GlType::Asset).under(code("1000"));
    journal.add_account(new.clone()).unwrap();
    assert_eq!(journal.add_account(new).unwrap_err().code(), 1301);
    journal
        .post(entry(2, "2024-01-01", "1050", "1100", 100))
        .unwrap();
    journal.set_active(&code("1200"), false).unwrap();
    assert_eq!(
        journal
            .post(entry(3, "2024-01-01", "1200", "1100", 1))
            .unwrap_err()
            .code(),
        1504
    );
    assert_eq!(journal.balance(&code("1200"), kes()).unwrap(), minor(500));
    assert_eq!(journal.balance(&code("1050"), kes()).unwrap(), minor(100));
    assert_eq!(journal.balance(&code("1000"), kes()).unwrap(), minor(0));
    assert_eq!(
        journal.set_active(&code("9"), true).unwrap_err().code(),
        1601
    );
}
