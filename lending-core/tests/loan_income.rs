//! Taxes, deferred income, waived interest and what a charge-off takes back. Figures by hand.

mod common;

use common::{Loan, day, terms};
use lending_core::{
    loan::{
        AfterChargeOff, ChargeOffTerms, Command, CreditKind, DeferredKind, IncomeChargedOff,
        LoanError, LoanTerms, NewTransaction, TransactionId, TransactionKind,
    },
    schedule::{Amortization, TaxKind, Taxes},
};
use rust_decimal::{Decimal, dec};

fn record(loan: &mut Loan, id: u128, on: &str, kind: TransactionKind) -> Result<(), LoanError> {
    let new = NewTransaction::new(TransactionId::new(id), day(on), kind);
    loan.decide(&Command::Record(new), day(on))
}

fn close(loan: &mut Loan, on: &str) {
    loan.decide(&Command::EndOfDay { date: day(on) }, day(on))
        .unwrap();
    loan.controls().unwrap();
}

/// 1,200 in six parts of 200, 12 % a year on actual days over 365: January's interest is
/// 1200 × 12 % × 31 / 365 = 12.2301, due as 12.23 on 1 February.
fn contract() -> LoanTerms {
    let mut terms = terms();
    terms.principal = dec!(1200);
    terms.schedule.amortization = Amortization::equal_principal();
    terms
}

fn disbursed(terms: LoanTerms, amount: Decimal) -> Loan {
    let mut loan = Loan::approved(terms);
    let on = day("2024-01-01");
    loan.decide(&Command::disburse(TransactionId::new(1), on, amount), on)
        .unwrap();
    loan
}

fn taxed(kind: TaxKind) -> Loan {
    let mut terms = contract();
    terms.schedule.taxes = Taxes {
        interest_percent: Some(dec!(16)),
        kind,
        ..Taxes::default()
    };
    disbursed(terms, dec!(1200))
}

/// 12.23 and 16 % on top, 1.9568: 14.19 is due, 1.96 of it is owed to the state.
#[test]
fn a_tax_on_top_is_due_with_its_interest() {
    let mut loan = taxed(TaxKind::Exclusive);
    close(&mut loan, "2024-02-01");
    let first = &loan.account.instalments()[0];
    assert_eq!(first.due.interest, dec!(14.19));
    assert_eq!(
        loan.account.tax_in(&first.due).unwrap().interest,
        dec!(1.96)
    );
    assert_eq!(loan.book("interest-receivable"), dec!(14.19));
    assert_eq!(loan.book("interest-income"), dec!(-12.23));
    assert_eq!(loan.book("taxes"), dec!(-1.96));
    loan.decide(
        &Command::repay(TransactionId::new(2), day("2024-02-01"), dec!(214.19)),
        day("2024-02-01"),
    )
    .unwrap();
    assert!(loan.account.instalments()[0].settled_on.is_some());
    loan.controls().unwrap();
}

/// 16 % contained in 12.23: 12.23 × 16 / 116 = 1.6869.
#[test]
fn a_contained_tax_changes_no_amount() {
    let mut loan = taxed(TaxKind::Inclusive);
    close(&mut loan, "2024-02-01");
    assert_eq!(loan.account.instalments()[0].due.interest, dec!(12.23));
    assert_eq!(loan.book("interest-income"), dec!(-10.54));
    assert_eq!(loan.book("taxes"), dec!(-1.69));
}

/// A waiver of 5.00 takes back 5 × 16 / 116 = 0.69 of tax.
#[test]
fn waived_interest_is_no_longer_taxed() {
    let mut loan = taxed(TaxKind::Inclusive);
    close(&mut loan, "2024-02-01");
    let kind = TransactionKind::InterestWaiver { amount: dec!(5) };
    record(&mut loan, 2, "2024-02-01", kind).unwrap();
    assert_eq!(loan.book("taxes"), dec!(-1.00));
    assert_eq!(loan.book("interest-income"), dec!(-6.23));
    let open = loan.account.instalments()[0].open_amounts().unwrap();
    assert_eq!(open.interest, dec!(7.23));
    loan.controls().unwrap();
}

#[test]
fn no_more_interest_is_waived_than_is_open() {
    let mut loan = disbursed(contract(), dec!(1200));
    let kind = TransactionKind::InterestWaiver { amount: dec!(500) };
    let refused = record(&mut loan, 2, "2024-02-01", kind);
    assert!(
        matches!(refused, Err(LoanError::AboveLimit { .. })),
        "{refused:?}"
    );
}

/// 91 from a merchant over the 182 days from 1 January to 1 July: 0.50 a day, the first counted.
#[test]
fn a_buy_down_fee_is_earned_day_by_day() {
    let mut loan = disbursed(contract(), dec!(1200));
    let kind = TransactionKind::BuyDownFee { amount: dec!(91) };
    record(&mut loan, 2, "2024-01-01", kind).unwrap();
    assert_eq!(loan.account.amortised(DeferredKind::BuyDownFee), dec!(0.50));
    close(&mut loan, "2024-01-10");
    assert_eq!(loan.book("buy-down-income"), dec!(-5.00));
    assert_eq!(loan.book("deferred"), dec!(-86.00));
    assert_eq!(loan.book("buy-down-expense"), dec!(91));
    // 18.20 is given back: 72.80 / 182 = 0.40 a day.
    let kind = TransactionKind::BuyDownFeeAdjustment {
        of: TransactionId::new(2),
        amount: dec!(18.20),
    };
    record(&mut loan, 3, "2024-01-10", kind).unwrap();
    assert_eq!(loan.book("buy-down-income"), dec!(-4.00));
    assert_eq!(loan.book("deferred"), dec!(-68.80));
    close(&mut loan, "2024-07-01");
    assert_eq!(loan.book("buy-down-income"), dec!(-72.80));
    assert_eq!(loan.book("deferred"), dec!(0));
}

/// 182 capitalised on 1,018: one instalment a sixth of 1,200. Paying everything earns the rest.
#[test]
fn capitalised_income_is_repaid_and_earned() {
    let mut loan = disbursed(contract(), dec!(1018));
    let kind = TransactionKind::CapitalisedIncome { amount: dec!(182) };
    record(&mut loan, 2, "2024-01-01", kind).unwrap();
    assert_eq!(loan.account.instalments()[0].due.principal, dec!(200.00));
    assert_eq!(loan.book("portfolio"), dec!(1200));
    assert_eq!(loan.book("capitalised-income"), dec!(-1.00));
    let more = TransactionKind::CapitalisedIncome { amount: dec!(0.01) };
    let refused = record(&mut loan, 3, "2024-01-01", more);
    assert!(
        matches!(refused, Err(LoanError::AboveLimit { .. })),
        "{refused:?}"
    );
    let owed = loan.account.payoff(day("2024-01-20")).unwrap();
    let on = day("2024-01-20");
    loan.decide(&Command::repay(TransactionId::new(4), on, owed), on)
        .unwrap();
    assert_eq!(loan.book("capitalised-income"), dec!(-182));
    assert_eq!(loan.book("deferred"), dec!(0));
    let transaction = TransactionId::new(4);
    loan.decide(&Command::Reverse { transaction }, on).unwrap();
    assert_eq!(loan.book("capitalised-income"), dec!(-20.00));
    loan.controls().unwrap();
}

/// An interest refund comes out of interest income.
#[test]
fn an_interest_refund_lowers_income() {
    let mut loan = disbursed(contract(), dec!(1200));
    let kind = TransactionKind::Credit {
        kind: CreditKind::InterestRefund,
        amount: dec!(10),
        split: None,
    };
    record(&mut loan, 2, "2024-01-01", kind).unwrap();
    // 10 of January's interest is paid at once, so it is earned, and given up.
    assert_eq!(loan.book("interest-income"), dec!(0));
    assert_eq!(loan.book("bank"), dec!(-1200));
    loan.controls().unwrap();
}

fn charged_off(schedule: AfterChargeOff, income: IncomeChargedOff) -> Loan {
    let mut terms = contract();
    terms.charge_off = ChargeOffTerms { schedule, income };
    let mut loan = disbursed(terms, dec!(1200));
    close(&mut loan, "2024-02-15");
    record(
        &mut loan,
        2,
        "2024-02-15",
        TransactionKind::ChargeOff { reason: None },
    )
    .unwrap();
    assert_eq!(loan.book("portfolio"), dec!(0));
    assert_eq!(loan.book("charge-off"), dec!(1200));
    assert_eq!(loan.book("interest-receivable"), dec!(0));
    loan.controls().unwrap();
    loan
}

/// Without an account for interest forgone all income recognised is taken back.
#[test]
fn a_charge_off_leaves_no_income() {
    for income in [IncomeChargedOff::Earned, IncomeChargedOff::Scheduled] {
        let loan = charged_off(AfterChargeOff::RunsOn, income);
        assert_eq!(loan.book("interest-income"), dec!(0), "{income:?}");
        assert!(loan.account.instalments()[5].due.interest > dec!(0));
    }
}

/// 1,000 bear interest for 14 of February's 29 days: 1000 × 12 % × 14 / 365 = 4.6027.
#[test]
fn interest_may_stop_at_charge_off() {
    let loan = charged_off(AfterChargeOff::WithoutInterest, IncomeChargedOff::Earned);
    let interest: Vec<_> = loan
        .account
        .instalments()
        .iter()
        .map(|row| row.due.interest)
        .collect();
    let expected = [dec!(12.23), dec!(4.60), dec!(0), dec!(0), dec!(0), dec!(0)];
    assert_eq!(interest, expected);
}

/// One instalment was due; what is left of the principal is due with the interest arisen by
/// days: 1000 × 12 % × 29 / 365 = 9.5342 in February, 9.53 × 14 / 29 = 4.60 of it.
#[test]
fn everything_may_be_due_at_charge_off() {
    let loan = charged_off(AfterChargeOff::DueAtOnce, IncomeChargedOff::Earned);
    let rows = loan.account.instalments();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].due_on, day("2024-02-15"));
    assert_eq!(rows[1].due.principal, dec!(1000));
    assert_eq!(rows[1].due.interest, dec!(4.60));
}
