//! Contracts and lives at the edge: options that meet where no one looks.

use super::*;
use ledger::{Rounding, posting_rules::AccountingMethod};
use lending_core::{
    dates::{DueDateRule, MonthEnd, Period},
    day_count::DayCount,
    ids::AccountId,
    loan::{
        Amounts, Context, CreditKind, FutureMoney, InstalmentShare, LoanAccount, PenaltyBase,
        PenaltyTerms, Recalculation, Refinance, Status, code,
    },
    schedule::{Balloon, ElementRounding, Multiple, Rate, ScheduleTerms, TaxKind, Taxes},
};

use crate::common::rules;

fn on_the_5th_and_20th() -> DueDateRule {
    DueDateRule::FixedDaysOfMonth {
        days: vec![5, 20],
        month_end: MonthEnd::Clamp,
    }
}

/// What no payout could follow is refused when the contract is made.
#[test]
fn contracts_that_no_account_can_carry() {
    type Change = fn(&mut LoanTerms);
    let cases: [(Change, &str); 3] = [
        (
            |terms| terms.schedule.rounding.elements = ElementRounding::Unrounded,
            "rounded figures",
        ),
        (
            |terms| terms.schedule.rounding.decimals = Some(3),
            "at most those of the currency",
        ),
        (
            |terms| {
                terms.schedule.due_dates = on_the_5th_and_20th();
                terms.schedule.interest.day_count = DayCount::ActActIcma;
            },
            "regular interval",
        ),
    ];
    for (change, expected) in cases {
        let mut terms = dynamic();
        change(&mut terms);
        let on = terms.expected_disbursement;
        let refused = LoanAccount::submit(AccountId::new(1), terms, on).unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    // Without ICMA the same dates are fine.
    let mut terms = dynamic();
    terms.schedule.due_dates = on_the_5th_and_20th();
    let on = terms.expected_disbursement;
    LoanAccount::submit(AccountId::new(1), terms, on).unwrap();
}

/// Of one day the smaller id counts first: a payment before the payout would pay nothing that is
/// owed. Nothing is changed by it.
#[test]
fn a_payment_cannot_come_before_the_payout_of_its_day() {
    let mut loan = paid_out(dynamic());
    let on = loan.account.disbursed_on().unwrap();
    let payout = loan.history[0].id.get();
    let before = loan.account.clone();
    let early = Command::repay(TransactionId::new(payout - 1), on, dec!(100));
    let refused = loan.decide(&early, on).unwrap_err();
    assert!(refused.to_string().contains("smaller id"), "{refused}");
    assert_eq!(loan.account, before);
    // With a greater id the same payment counts.
    let later = Command::repay(TransactionId::new(payout + 1), on, dec!(100));
    loan.decide(&later, on).unwrap();
    assert_eq!(loan.account.principal_balance(), dec!(900));
    loan.controls().unwrap();
}

/// Money that waits for due dates would settle nothing: everything falls due first. On 1 February
/// 1,000.00 and 10.19 of interest (1000 x 12 % x 31/365 = 10.1918) are owed.
#[test]
fn a_loan_whose_early_money_waits_is_refinanced_whole() {
    let mut terms = dynamic();
    terms.allocation.future = FutureMoney::CreditBalance;
    let loan = paid_out(terms);
    let mut new = dynamic();
    (new.principal, new.expected_disbursement) = (dec!(1010.19), day("2024-02-01"));
    let request = Refinance {
        on: day("2024-02-01"),
        new_account: AccountId::new(8),
        terms: new,
        top_up: dec!(0),
        give_up: Amounts::ZERO,
        submitted_by: None,
        ids: [20, 21, 22, 23].map(TransactionId::new),
        channel: code("refinance").unwrap(),
    };
    let context = Context::today(request.on);
    let both = loan
        .account
        .refinance(&request, &loan.history, &context)
        .unwrap();
    let old = &both.old.last().unwrap().account;
    assert_eq!(both.carried, dec!(1010.19));
    assert_eq!(old.status(), Status::Rescheduled);
    assert_eq!(old.credit_balance(), dec!(0));
    assert_eq!(old.outstanding().unwrap(), Amounts::ZERO);
}

/// Interest is due in whole units: 16 nights on 500.00 are 500 x 12 % x 16/365 = 2.6301, which
/// fall due as 3.00. The pay-off says so, and settles the loan.
#[test]
fn a_pay_off_in_whole_units() {
    let mut terms = dynamic();
    terms.principal = dec!(500);
    terms.schedule.rounding.elements = ElementRounding::WholeUnits;
    terms.schedule.rounding.multiple = Some(Multiple {
        of: dec!(1),
        mode: Rounding::default(),
    });
    terms.allocation.future = FutureMoney::ReducePrincipal(Recalculation::ReduceNumber);
    let mut loan = paid_out(terms);
    let owed = loan.account.payoff(day("2024-01-17")).unwrap();
    assert_eq!(owed, dec!(503.00));
    pay(&mut loan, 2, "2024-01-17", owed);
    assert_eq!(loan.account.status(), Status::Repaid);
    assert_eq!(loan.account.credit_balance(), dec!(0));
}

/// 100.00 overdue since 1 February with 1 % of penalty a day; 101.50 are tolerated. With the second
/// day's penalty 102.00 are overdue: in arrears on 3 February, however the days are closed.
#[test]
fn penalties_count_against_tolerances_on_their_day() {
    for days in [
        &["2024-02-01", "2024-02-02", "2024-02-03"][..],
        &["2024-02-03"],
    ] {
        let mut terms = terms();
        terms.principal = dec!(100);
        terms.schedule = ScheduleTerms::new(1, Period::Months(1), Rate::per_year(dec!(0)));
        terms.arrears.tolerance_floor = dec!(101.50);
        terms.penalty = Some(PenaltyTerms {
            base: PenaltyBase::OverduePrincipal,
            daily_percent: dec!(1),
            grace_days: 0,
        });
        let mut loan = paid_out(terms);
        for date in days {
            close(&mut loan, date);
            let late = *date == "2024-02-03";
            let since = late.then(|| day("2024-02-01"));
            assert_eq!(loan.account.arrears().since, since, "{date}");
        }
        assert_eq!(loan.account.arrears().overdue.penalty, dec!(2.00));
    }
}

/// 300.30 wait on the credit balance for three instalments of 100.00 and a fee of 0.10 each, 16 %
/// of tax contained: 0.10 x 16/116 = 0.0138 = 0.01 of each instalment, 0.03 in all, however the
/// days are closed.
#[test]
fn tax_on_what_a_credit_balance_pays() {
    for days in [
        &["2024-02-01", "2024-03-01", "2024-04-01"][..],
        &["2024-04-01"],
    ] {
        let mut terms = terms();
        terms.principal = dec!(300);
        terms.accounting = rules(AccountingMethod::Cash);
        terms.schedule = ScheduleTerms::new(3, Period::Months(1), Rate::per_year(dec!(0)));
        terms.schedule.taxes = Taxes {
            fee_percent: Some(dec!(16)),
            kind: TaxKind::Inclusive,
            ..Taxes::default()
        };
        terms.allocation.future = FutureMoney::CreditBalance;
        let mut loan = paid_out(terms);
        let fee = TransactionKind::InstalmentCharge {
            name: code("visit").unwrap(),
            penalty: false,
            amount: InstalmentShare::Flat(dec!(0.10)),
        };
        record(&mut loan, 2, "2024-01-01", fee).unwrap();
        let payment = Command::repay(TransactionId::new(3), day("2024-01-01"), dec!(300.30));
        loan.decide(&payment, day("2024-01-01")).unwrap();
        for date in days {
            let date = day(date);
            loan.decide(&Command::EndOfDay { date }, date).unwrap();
        }
        assert_eq!(loan.account.status(), Status::Repaid);
        assert_eq!(loan.book("taxes"), dec!(-0.03), "{days:?}");
        assert_eq!(loan.book("fee-income"), dec!(-0.27), "{days:?}");
        assert_eq!(loan.book("credit-balances"), dec!(0));
    }
}

/// 468.03 of 500.00 are returned on the first due date; 31.97 alone could not carry the balloon of
/// 100.00, so that in the life without the rest it is the whole. Interest of January: 500 x 12 % x
/// 31/365 = 5.0959 = 5.10, on 31.97 it is 0.3258 = 0.33: 4.77 are given back.
#[test]
fn a_refund_that_leaves_less_than_the_balloon() {
    let mut terms = terms();
    terms.principal = dec!(500);
    let amount = dec!(100);
    terms.schedule.amortization = Amortization::Balloon(Balloon::Principal { amount });
    let loan = paid_out(terms);
    let back = loan.account.interest_on_refund(
        CreditKind::MerchantRefund,
        dec!(468.03),
        day("2024-02-01"),
        &loan.history,
    );
    assert_eq!(back.unwrap(), dec!(4.77));
}
