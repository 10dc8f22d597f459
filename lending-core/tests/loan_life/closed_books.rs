//! A loan's entries in a journal whose January is closed: what counts from January is booked in
//! February, and the figures of January stay. Contract: [`dynamic`](super::dynamic), nothing paid.
//! By 31 January 30 days of interest are earned, 1000 x 12 % x 30/365 = 9.8630.

use super::*;
use ledger::{
    ChartOfAccounts, Currency, GlAccount, GlType, Journal, JournalEntry,
    journal::{LateBooking, View},
};
use lending_core::loan::{CreditKind, code};

const ACCOUNTS: [(&str, GlType); 7] = [
    ("bank", GlType::Asset),
    ("portfolio", GlType::Asset),
    ("interest-receivable", GlType::Asset),
    ("fee-receivable", GlType::Asset),
    ("interest-income", GlType::Income),
    ("fee-income", GlType::Income),
    ("write-off", GlType::Expense),
];

/// The loan on 5 February, and its entries in books that were closed through January on the 1st.
fn closed_january() -> (Loan, Journal) {
    let accounts =
        ACCOUNTS.map(|(name, gl_type)| GlAccount::detail(name.parse().unwrap(), name, gl_type));
    let mut journal = Journal::new(ChartOfAccounts::new(accounts).unwrap());
    let mut loan = paid_out(dynamic());
    close(&mut loan, "2024-01-31");
    post(&mut journal, &loan.entries);
    journal
        .close_period(None, day("2024-01-31"), day("2024-02-01"))
        .unwrap();
    let before = loan.entries.len();
    close(&mut loan, "2024-02-05");
    post(&mut journal, &loan.entries[before..]);
    (loan, journal)
}

fn post(journal: &mut Journal, entries: &[JournalEntry]) {
    for entry in entries {
        journal.post(entry.clone()).unwrap();
    }
}

fn balance(journal: &Journal, account: &str, view: &View) -> Decimal {
    let kes = Currency::from_code("KES").unwrap();
    let balance = journal.balance_at(&account.parse().unwrap(), kes, view);
    balance.unwrap().amount()
}

fn facts() -> Vec<(&'static str, TransactionKind)> {
    let paid = |kind| TransactionKind::Credit {
        kind,
        amount: dec!(300),
        split: None,
    };
    vec![
        ("2024-01-20", paid(CreditKind::Repayment)),
        (
            "2024-01-20",
            TransactionKind::RateChange { percent: dec!(24) },
        ),
        ("2024-01-31", TransactionKind::WriteOff),
        (
            "2024-01-10",
            TransactionKind::Charge {
                name: code("visit").unwrap(),
                penalty: false,
                amount: dec!(20),
                due: day("2024-01-15"),
            },
        ),
        (
            "2024-01-20",
            TransactionKind::InterestPause {
                first: day("2024-01-21"),
                last: day("2024-01-25"),
            },
        ),
    ]
}

#[test]
fn what_counts_from_a_closed_month_is_booked_in_the_next() {
    let january = View::latest().on_booking_date(day("2024-01-31"));
    for (on, kind) in facts() {
        let name = kind.name();
        let (mut loan, mut journal) = closed_january();
        let new = NewTransaction::new(TransactionId::new(9), day(on), kind);
        for (booked, command) in [
            ("2024-02-05", Command::Record(new)),
            (
                "2024-02-06",
                Command::Reverse {
                    transaction: TransactionId::new(9),
                },
            ),
        ] {
            loan.decide(&command, day(booked)).unwrap();
            let made = &loan.last.as_ref().unwrap().entries;
            assert!(!made.is_empty(), "{name}");
            assert!(
                made.iter().all(|entry| entry.booking_date() == day(booked)),
                "{name}"
            );
            post(&mut journal, made);
            // January is as it was; the latest figures are those of the account.
            assert_eq!(
                balance(&journal, "interest-income", &january),
                dec!(9.86),
                "{name}"
            );
            assert_eq!(
                balance(&journal, "portfolio", &january),
                dec!(1000),
                "{name}"
            );
            for (account, _) in ACCOUNTS {
                let sign = if account.ends_with("income") {
                    dec!(-1)
                } else {
                    dec!(1)
                };
                let latest = sign * balance(&journal, account, &View::latest());
                assert_eq!(latest, loan.book(account), "{name}: {account}");
            }
            loan.controls().unwrap();
        }
    }
}

/// A host that names a day of January as the booking date is refused, or its entry is booked on the
/// first open day, as the journal was told.
#[test]
fn a_closed_booking_date_does_not_change_closed_books() {
    let january = View::latest().on_booking_date(day("2024-01-31"));
    for rule in [LateBooking::Refuse, LateBooking::FirstOpenDay] {
        let (mut loan, mut journal) = closed_january();
        journal.set_late_booking(rule);
        let (_, paid) = facts().remove(0);
        let new = NewTransaction::new(TransactionId::new(9), day("2024-01-20"), paid);
        loan.decide(&Command::Record(new), day("2024-01-25"))
            .unwrap();
        for entry in &loan.last.as_ref().unwrap().entries {
            match (rule, journal.post(entry.clone())) {
                (LateBooking::Refuse, Err(refused)) => assert_eq!(refused.code(), 1516),
                (LateBooking::FirstOpenDay, Ok(_)) => {}
                (_, other) => panic!("{rule:?}: {other:?}"),
            }
        }
        assert_eq!(balance(&journal, "portfolio", &january), dec!(1000));
    }
}
