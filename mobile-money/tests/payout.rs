//! A payout is never made twice by accident.

use ledger::{Currency, Money};
use mobile_money::{
    Status,
    payout::{Payout, PayoutError, PayoutState},
};
use rust_decimal::{Decimal, dec};

fn ugx(amount: Decimal) -> Money {
    Money::new(amount, Currency::from_code("UGX").unwrap())
}

fn sent() -> Payout {
    let mut payout = Payout::draft("D1", ugx(dec!(150000)), "256782123457", "maker");
    payout.authorise("checker").unwrap();
    payout.submit().unwrap();
    payout
}

#[test]
fn what_each_answer_leads_to() {
    use PayoutState::{Failed, Paid, Unclear};
    let table = [
        (Status::Success, false, Paid, false),
        (Status::Failed, false, Failed, true),
        (Status::Failed, true, Unclear, false),
        (Status::Ambiguous, false, Unclear, false),
        (Status::Pending, false, Unclear, false),
        (Status::Unknown("new".into()), false, Unclear, false),
    ];
    for (status, provisional, state, retry) in table {
        let mut payout = sent();
        payout.hear(1, &status, provisional).unwrap();
        assert_eq!(payout.state(), state, "{status:?}");
        assert_eq!(payout.clone().retry().is_ok(), retry, "{status:?}");
        assert_eq!(payout.cancel().is_ok(), retry, "{status:?}");
    }
}

#[test]
fn one_person_is_not_enough_and_the_float_must_cover_the_fee() {
    let mut payout = Payout::draft("D1", ugx(dec!(150000)), "256782123457", "maker");
    assert!(payout.submit().is_err());
    assert!(matches!(
        payout.authorise("maker"),
        Err(PayoutError::SamePerson { .. })
    ));
    assert!(
        payout
            .check_float(&ugx(dec!(150750)), &ugx(dec!(750)))
            .is_ok()
    );
    assert!(
        payout
            .check_float(&ugx(dec!(150749)), &ugx(dec!(750)))
            .is_err()
    );
}

#[test]
fn a_late_success_of_a_failed_attempt_is_noticed() {
    let mut payout = sent();
    let first = payout.attempt_id();
    payout.hear(1, &Status::Failed, false).unwrap();
    payout.retry().unwrap();
    assert_ne!(payout.submit().unwrap(), first);
    payout.hear(1, &Status::Success, false).unwrap();
    assert!(payout.paid_twice() && payout.state() == PayoutState::Paid);
    assert!(payout.hear(3, &Status::Success, false).is_err());
    // A failure that comes after does not undo it.
    payout.hear(2, &Status::Failed, false).unwrap();
    assert_eq!(payout.state(), PayoutState::Paid);
}

#[test]
fn attempt_ids_are_uuids() {
    let id = sent().attempt_id();
    assert_eq!(id.len(), 36);
    assert_eq!(id.as_bytes()[14], b'8', "version 8: {id}");
    assert!(
        matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'),
        "variant: {id}"
    );
}
