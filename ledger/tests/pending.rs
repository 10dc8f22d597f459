//! Reservations and limits: amounts that are held count once, wherever they stand.

use chrono::NaiveDate;
use law_runs::runs;
use ledger::{
    Currency, EntryId, GlCode, Journal, JournalEntry, Money,
    chart::ready,
    journal::{Limit, ReservationState, View},
};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

fn kes() -> Currency {
    Currency::from_code("KES").unwrap()
}

fn minor(amount: i128) -> Money {
    Money::from_minor(amount, kes()).unwrap()
}

/// A payment out of the till into the bank, or the other way for negative amounts.
fn pay(id: u128, amount: i128) -> JournalEntry {
    let (from, to) = if amount > 0 {
        ("1110", "1120")
    } else {
        ("1120", "1110")
    };
    JournalEntry::builder(EntryId::new(id), day("2024-01-10"), day("2024-01-10"))
        .debit(code(to), minor(amount.abs()))
        .credit(code(from), minor(amount.abs()))
        .build()
        .unwrap()
}

/// A till with 100.00 that is never overdrawn and never holds more than 150.00.
fn till() -> Journal {
    let mut journal = Journal::new(ready::microfinance_lender());
    journal.post(pay(1, -10_000)).unwrap();
    let limit = Limit::not_below(minor(0)).and_not_above(minor(15_000));
    journal
        .set_limit(&code("1110"), kes(), Some(limit))
        .unwrap();
    journal
}

fn figures(journal: &Journal) -> (i128, i128) {
    let till = code("1110");
    let balance = journal.balance(&till, kes()).unwrap().to_minor().unwrap();
    (
        balance,
        journal.available(&till, kes()).unwrap().to_minor().unwrap(),
    )
}

#[test]
fn a_reservation_holds_until_it_is_settled_voided_or_expires() {
    let mut journal = till();
    journal.reserve(pay(2, 6_000), None).unwrap();
    journal
        .reserve(pay(3, 1_000), Some(day("2024-01-15")))
        .unwrap();
    journal.reserve(pay(4, 500), None).unwrap();
    assert_eq!(figures(&journal), (10_000, 2_500));
    assert!(
        journal
            .trial_balance(kes(), &View::latest())
            .unwrap()
            .is_balanced()
    );

    // Whole: 60.00 leave the till. A second time: replayed.
    assert_eq!(journal.settle(EntryId::new(2)).unwrap().sequence.get(), 2);
    assert!(journal.settle(EntryId::new(2)).unwrap().replayed);
    assert_eq!(figures(&journal), (4_000, 2_500));

    assert_eq!(journal.expire(day("2024-01-15")), []);
    assert_eq!(journal.expire(day("2024-01-16")), [EntryId::new(3)]);
    assert_eq!(journal.expire(day("2024-01-17")), []);
    assert_eq!(figures(&journal), (4_000, 3_500));

    journal.void(EntryId::new(4)).unwrap();
    journal.void(EntryId::new(4)).unwrap();
    assert_eq!(figures(&journal), (4_000, 4_000));
    let states: Vec<_> = [2, 3, 4]
        .map(|id| journal.reservation(EntryId::new(id)).unwrap().state)
        .into();
    assert_eq!(
        states,
        [
            ReservationState::Settled(EntryId::new(2)),
            ReservationState::Expired,
            ReservationState::Voided
        ]
    );
    for (result, number) in [
        (journal.settle(EntryId::new(3)).map(|_| ()), 1513),
        (journal.void(EntryId::new(2)), 1513),
        (journal.void(EntryId::new(9)), 1512),
        (journal.settle(EntryId::new(9)).map(|_| ()), 1512),
    ] {
        assert_eq!(result.unwrap_err().code(), number);
    }
}

#[test]
fn a_part_releases_the_rest_and_more_than_was_held_is_refused() {
    let mut journal = till();
    journal.reserve(pay(2, 6_000), None).unwrap();
    assert_eq!(
        journal
            .settle_with(EntryId::new(2), pay(3, 6_001))
            .unwrap_err()
            .code(),
        1514
    );
    assert_eq!(
        journal
            .settle_with(EntryId::new(2), pay(3, -1))
            .unwrap_err()
            .code(),
        1514
    );
    assert_eq!(
        journal
            .settle_with(EntryId::new(2), pay(1, 10))
            .unwrap_err()
            .code(),
        1501
    );
    assert_eq!(figures(&journal), (10_000, 4_000));
    journal.settle_with(EntryId::new(2), pay(3, 2_500)).unwrap();
    assert_eq!(figures(&journal), (7_500, 7_500));
    assert!(
        journal
            .settle_with(EntryId::new(2), pay(3, 2_500))
            .unwrap()
            .replayed
    );
    assert_eq!(
        journal
            .settle_with(EntryId::new(2), pay(5, 1))
            .unwrap_err()
            .code(),
        1513
    );
}

#[test]
fn limits_count_what_is_reserved() {
    let mut journal = till();
    journal.reserve(pay(2, 6_000), None).unwrap();
    // 40.00 are left: 40.01 are refused, posted or reserved.
    for result in [
        journal.post(pay(3, 4_001)).map(|_| ()),
        journal.reserve(pay(3, 4_001), None),
    ] {
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.line), (1515, Some(1)));
        assert_eq!(
            error.refusal.to_string(),
            "GL account 1110 would stand at -1 minor units of KES, below its limit of 0"
        );
    }
    journal.post(pay(3, 4_000)).unwrap();
    // The reserved 60.00 may come back: they do not make room above.
    assert_eq!(journal.post(pay(4, -9_001)).unwrap_err().code(), 1515);
    journal.post(pay(4, -9_000)).unwrap();
    assert_eq!(figures(&journal), (15_000, 9_000));
}

#[test]
fn what_brings_a_balance_closer_to_its_limit_is_taken() {
    let mut journal = till();
    let limit = Limit::not_below(minor(50_000));
    journal
        .set_limit(&code("1110"), kes(), Some(limit))
        .unwrap();
    journal.post(pay(2, -100)).unwrap();
    assert_eq!(journal.post(pay(3, 100)).unwrap_err().code(), 1515);
    journal.set_limit(&code("1110"), kes(), None).unwrap();
    journal.post(pay(3, 100)).unwrap();
}

#[test]
fn an_income_account_may_be_kept_from_going_negative() {
    let mut journal = till();
    journal
        .set_limit(&code("4200"), kes(), Some(Limit::not_below(minor(0))))
        .unwrap();
    let fee = |id, credit: &str, debit: &str| {
        JournalEntry::builder(EntryId::new(id), day("2024-01-10"), day("2024-01-10"))
            .debit(code(debit), minor(100))
            .credit(code(credit), minor(100))
            .build()
            .unwrap()
    };
    assert_eq!(
        journal.post(fee(5, "1120", "4200")).unwrap_err().code(),
        1515
    );
    journal.post(fee(6, "4200", "1120")).unwrap();
    journal.post(fee(7, "1120", "4200")).unwrap();
}

#[test]
fn headers_sum_what_is_available_and_carry_no_limit() {
    let mut journal = till();
    journal.reserve(pay(2, 6_000), None).unwrap();
    // Till 100.00 less 60.00 held; bank -100.00, to which the reservation would only add.
    let cash = journal.available(&code("1100"), kes()).unwrap();
    assert_eq!(cash, minor(-6_000));
    let limit = Some(Limit::not_below(minor(0)));
    assert_eq!(
        journal
            .set_limit(&code("1100"), kes(), limit)
            .unwrap_err()
            .code(),
        1603
    );
    assert_eq!(
        journal
            .set_limit(&code("77"), kes(), limit)
            .unwrap_err()
            .code(),
        1601
    );
    let dollars = Some(Limit::not_below(Money::zero(
        Currency::from_code("USD").unwrap(),
    )));
    assert_eq!(
        journal
            .set_limit(&code("1110"), kes(), dollars)
            .unwrap_err()
            .code(),
        1101
    );
}

#[test]
fn identifiers_are_shared_with_the_journal() {
    let mut journal = till();
    assert_eq!(journal.reserve(pay(1, 100), None).unwrap_err().code(), 1501);
    journal.reserve(pay(2, 100), None).unwrap();
    journal.reserve(pay(2, 100), None).unwrap();
    assert_eq!(journal.reserve(pay(2, 101), None).unwrap_err().code(), 1501);
    assert_eq!(
        journal
            .reserve(pay(2, 100), Some(day("2024-02-01")))
            .unwrap_err()
            .code(),
        1501
    );
    assert_eq!(journal.post(pay(2, 100)).unwrap_err().code(), 1511);
    assert_eq!(figures(&journal), (10_000, 9_900));
}

proptest! {
    #![proptest_config(runs(256))]

    /// A plain model beside the journal: what is available is the balance less open outflows.
    #[test]
    fn pending_never_counts_twice(
        steps in prop::collection::vec((0_u8..6, 1_u128..12, -3_000_i128..3_000, 1_i128..3_000), 1..60),
    ) {
        let mut journal = till();
        let mut balance = 10_000_i128;
        let mut open: std::collections::BTreeMap<u128, i128> = std::collections::BTreeMap::new();
        for (at, (step, id, amount, part)) in steps.into_iter().enumerate() {
            let amount = if amount == 0 { 1 } else { amount };
            let (id, fresh) = (100 + id, 1_000 + at as u128);
            match step {
                0 => if journal.post(pay(fresh, amount)).is_ok() { balance -= amount },
                1 | 2 => {
                    let known = journal.reservation(EntryId::new(id)).is_some();
                    if journal.reserve(pay(id, amount), None).is_ok() && !known {
                        open.insert(id, amount);
                    }
                }
                3 => if journal.settle(EntryId::new(id)).is_ok_and(|posted| !posted.replayed) {
                    balance -= open.remove(&id).unwrap();
                },
                4 => {
                    let Some(held) = open.get(&id).copied() else { continue };
                    let part = part.min(held.abs()) * held.signum();
                    if journal.settle_with(EntryId::new(id), pay(fresh, part)).is_ok() {
                        open.remove(&id);
                        balance -= part;
                    }
                }
                _ => if journal.void(EntryId::new(id)).is_ok() { open.remove(&id); },
            }
            let out: i128 = open.values().filter(|amount| **amount > 0).sum();
            let into: i128 = open.values().filter(|amount| **amount < 0).sum();
            prop_assert_eq!(figures(&journal), (balance, balance - out));
            prop_assert!(balance - out >= 0 && balance - into <= 15_000);
        }
    }
}
