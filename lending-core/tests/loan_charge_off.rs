//! A loan that is charged off leaves the books; the borrower goes on owing it.

mod common;

use common::{Loan, day, terms};
use lending_core::{
    loan::{
        Command, InstalmentShare, LoanError, NewTransaction, Status, TransactionId,
        TransactionKind, code,
    },
    schedule::Rate,
};
use rust_decimal::{Decimal, dec};

fn record(loan: &mut Loan, id: u128, on: &str, kind: TransactionKind) -> Result<(), LoanError> {
    let new = NewTransaction::new(TransactionId::new(id), day(on), kind);
    loan.decide(&Command::Record(new), day(on))
}

/// 1,000 from 1 January 2024 at 12 %, actual days over 365, closed daily to the end of January and
/// charged off on 1 February: 31 days of interest, 1000 x 12 % x 31/365 = 10.19, were recognised.
fn charged_off() -> Loan {
    let mut loan = Loan::approved(terms());
    let disburse = Command::disburse(TransactionId::new(1), day("2024-01-01"), dec!(1000));
    loan.decide(&disburse, day("2024-01-01")).unwrap();
    let date = day("2024-01-31");
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    record(
        &mut loan,
        2,
        "2024-02-01",
        TransactionKind::ChargeOff { reason: None },
    )
    .unwrap();
    loan
}

#[test]
fn a_charge_off_empties_the_assets_and_stops_recognition() {
    let mut loan = charged_off();
    assert_eq!(loan.account.charged_off_on(), Some(day("2024-02-01")));
    assert_eq!(loan.account.status(), Status::Active);
    assert_eq!(loan.book("portfolio"), Decimal::ZERO);
    assert_eq!(loan.book("interest-receivable"), Decimal::ZERO);
    assert_eq!(loan.book("charge-off"), dec!(1000));
    // Recognised 10.19 and taken back: no account for income forgone is named.
    assert_eq!(loan.book("interest-income"), Decimal::ZERO);
    let date = day("2024-04-30");
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    assert_eq!(loan.book("interest-income"), Decimal::ZERO);
    // The claim stands.
    assert_eq!(loan.account.principal_balance(), dec!(1000));
    assert_eq!(
        loan.account.arrears().oldest_unpaid,
        Some(day("2024-02-01"))
    );
    loan.controls().unwrap();
}

#[test]
fn payments_after_a_charge_off_are_recovery() {
    let mut loan = charged_off();
    let on = day("2024-02-10");
    loan.decide(&Command::repay(TransactionId::new(3), on, dec!(100)), on)
        .unwrap();
    assert_eq!(loan.book("recovery"), dec!(-100));
    assert_eq!(loan.book("portfolio"), Decimal::ZERO);
    // 10.19 of interest first, then principal.
    assert_eq!(loan.account.principal_balance(), dec!(910.19));
    loan.controls().unwrap();
}

#[test]
fn undoing_a_charge_off_catches_up() {
    let mut loan = charged_off();
    let on = day("2024-02-10");
    loan.decide(&Command::repay(TransactionId::new(3), on, dec!(100)), on)
        .unwrap();
    let transaction = TransactionId::new(2);
    loan.decide(&Command::Reverse { transaction }, day("2024-02-10"))
        .unwrap();
    assert_eq!(loan.account.charged_off_on(), None);
    assert_eq!(loan.book("charge-off"), Decimal::ZERO);
    assert_eq!(loan.book("recovery"), Decimal::ZERO);
    assert_eq!(loan.book("portfolio"), dec!(910.19));
    loan.controls().unwrap();
}

#[test]
fn a_backdated_charge_off_turns_payments_into_recovery() {
    let mut loan = Loan::approved(terms());
    let disburse = Command::disburse(TransactionId::new(1), day("2024-01-01"), dec!(1000));
    loan.decide(&disburse, day("2024-01-01")).unwrap();
    let on = day("2024-02-10");
    loan.decide(&Command::repay(TransactionId::new(3), on, dec!(100)), on)
        .unwrap();
    let new = NewTransaction::new(
        TransactionId::new(4),
        day("2024-02-01"),
        TransactionKind::ChargeOff { reason: None },
    );
    loan.decide(&Command::Record(new), on).unwrap();
    assert_eq!(loan.book("recovery"), dec!(-100));
    assert_eq!(loan.book("charge-off"), dec!(1000));
    assert_eq!(loan.book("portfolio"), Decimal::ZERO);
    loan.controls().unwrap();
}

#[test]
fn a_loan_is_charged_off_once() {
    let mut loan = charged_off();
    let again = record(
        &mut loan,
        5,
        "2024-02-02",
        TransactionKind::ChargeOff { reason: None },
    );
    assert!(
        matches!(again, Err(LoanError::WrongStatus { .. })),
        "{again:?}"
    );
}

/// 10 on each of the five instalments after 1 February, the sixth being past due on the day after
/// it; none is income before its due date.
#[test]
fn a_charge_on_every_instalment() {
    let mut loan = Loan::approved(terms());
    let disburse = Command::disburse(TransactionId::new(1), day("2024-01-01"), dec!(1000));
    loan.decide(&disburse, day("2024-01-01")).unwrap();
    let charge = TransactionKind::InstalmentCharge {
        name: code("service").unwrap(),
        penalty: false,
        amount: InstalmentShare::Flat(dec!(10)),
    };
    record(&mut loan, 2, "2024-02-02", charge).unwrap();
    let fees: Vec<Decimal> = loan
        .account
        .instalments()
        .iter()
        .map(|row| row.due.fee)
        .collect();
    assert_eq!(
        fees,
        [dec!(0), dec!(10), dec!(10), dec!(10), dec!(10), dec!(10)]
    );
    assert_eq!(loan.book("fee-income"), Decimal::ZERO);
    let date = day("2024-03-01");
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    assert_eq!(loan.book("fee-income"), dec!(-10));
    // That of one instalment alone can be forgiven; of one that has none, or of none there is, not.
    let waive = |instalment| TransactionKind::Waiver {
        charge: TransactionId::new(2),
        instalment: Some(instalment),
    };
    let mut once = loan.clone();
    record(&mut once, 3, "2024-03-01", waive(3)).unwrap();
    let open = |loan: &Loan| loan.account.outstanding().unwrap().fee;
    assert_eq!((open(&loan), open(&once)), (dec!(50), dec!(40)));
    let state = once.account.charge_states().unwrap()[0];
    assert_eq!((state.amount, state.waived), (dec!(50), dec!(10)));
    assert!(record(&mut once, 4, "2024-03-01", waive(1)).is_err());
    assert!(record(&mut once, 4, "2024-03-01", waive(7)).is_err());
    // A waiver forgives all that is open of it, earned or not.
    let waiver = TransactionKind::Waiver {
        charge: TransactionId::new(2),
        instalment: None,
    };
    record(&mut loan, 3, "2024-03-02", waiver).unwrap();
    assert_eq!(loan.account.outstanding().unwrap().fee, Decimal::ZERO);
    assert_eq!(loan.book("fee-income"), Decimal::ZERO);
    loan.controls().unwrap();
}

/// 1,200 without interest in six instalments of 200, a fee of 1 % of the principal of each: 2.00. The
/// first is paid. With 600 more the five to come carry (1000 + 600) / 5 = 320, and 3.20 of fee; the
/// one waived before and the one paid keep theirs.
#[test]
fn a_percentage_follows_the_instalment_when_more_is_lent() {
    let mut terms = terms();
    (terms.principal, terms.tranches) = (dec!(1800), true);
    terms.schedule.interest.rate = Rate::per_year(dec!(0));
    let mut loan = Loan::approved(terms);
    let first = Command::disburse(TransactionId::new(1), day("2024-01-01"), dec!(1200));
    loan.decide(&first, day("2024-01-01")).unwrap();
    let charge = TransactionKind::InstalmentCharge {
        name: code("service").unwrap(),
        penalty: false,
        amount: InstalmentShare::PercentOfPrincipal(dec!(1)),
    };
    record(&mut loan, 2, "2024-01-01", charge).unwrap();
    let payment = Command::repay(TransactionId::new(3), day("2024-02-01"), dec!(202));
    loan.decide(&payment, day("2024-02-01")).unwrap();
    let waiver = TransactionKind::Waiver {
        charge: TransactionId::new(2),
        instalment: Some(6),
    };
    record(&mut loan, 4, "2024-02-01", waiver).unwrap();
    let more = Command::disburse(TransactionId::new(5), day("2024-02-02"), dec!(600));
    loan.decide(&more, day("2024-02-02")).unwrap();
    let rows = loan.account.instalments().iter();
    let due: Vec<_> = rows.map(|row| (row.due.principal, row.due.fee)).collect();
    let (paid, to_come, waived) = (
        (dec!(200), dec!(2)),
        (dec!(320), dec!(3.20)),
        (dec!(320), dec!(2)),
    );
    assert_eq!(due, [paid, to_come, to_come, to_come, to_come, waived]);
    let state = loan.account.charge_states().unwrap()[0];
    assert_eq!(state.amount, dec!(16.80));
    assert_eq!((state.paid, state.waived), (dec!(2), dec!(2)));
    loan.controls().unwrap();
}
