//! Fees earned over the life of the loan. Contract: [`dynamic`](super::dynamic) with a fee of 21.00
//! kept back from the payout.

use super::*;
use lending_core::loan::{
    Amortisation, DeferredKind, FeeAmortisation, FeeAmount, FeeTerms, FeeTrigger, Status, code,
};

fn contract(profile: Amortisation, daily: bool) -> LoanTerms {
    let mut terms = dynamic();
    terms.fees = vec![FeeTerms {
        name: code("arrangement").unwrap(),
        trigger: FeeTrigger::DeductedFromDisbursement,
        amount: FeeAmount::Flat(dec!(21)),
        tax: None,
        amortisation: Some(FeeAmortisation { profile, daily }),
    }];
    terms
}

const MONTHS: [&str; 6] = [
    "2024-02-01",
    "2024-03-01",
    "2024-04-01",
    "2024-05-01",
    "2024-06-01",
    "2024-07-01",
];

/// Straight line: 21 / 6. Sum of digits: 6, 5, ... 1 of 21. Effective rate: 979.00 paid out and
/// 176.86, 174.62, 173.46, 171.60, 170.07, 168.29 paid back yield 1.6233352 % a month; the first
/// month earns 979.00 x 1.6233352 % = 15.89, of which 10.19 is interest; and so on.
#[test]
fn with_every_instalment() {
    let cases = [
        (Amortisation::StraightLine, [dec!(3.5); 6]),
        (
            Amortisation::SumOfDigits,
            [dec!(6), dec!(5), dec!(4), dec!(3), dec!(2), dec!(1)],
        ),
        (
            Amortisation::EffectiveRate,
            [
                dec!(5.70),
                dec!(5.33),
                dec!(3.87),
                dec!(3.09),
                dec!(1.96),
                dec!(1.05),
            ],
        ),
    ];
    for (profile, parts) in cases {
        let mut loan = paid_out(contract(profile, false));
        assert_eq!(loan.book("bank"), dec!(-979));
        assert_eq!(loan.book("deferred"), dec!(-21));
        assert_eq!(loan.book("fee-income"), dec!(0));
        let mut earned = dec!(0);
        for (due, part) in MONTHS.iter().zip(parts) {
            let before = day(due).pred_opt().unwrap().to_string();
            close(&mut loan, &before);
            assert_eq!(loan.book("fee-income"), -earned, "{profile:?} {before}");
            close(&mut loan, due);
            earned += part;
            assert_eq!(loan.book("fee-income"), -earned, "{profile:?} {due}");
            assert_eq!(loan.account.amortised(DeferredKind::Fee), earned);
        }
        assert_eq!(loan.book("deferred"), dec!(0));
    }
}

/// 6.00 for the 31 days of January: 6 x 10/31 = 1.9355 by the 11th; 5.00 for the 29 of February:
/// 6 + 5 x 10/29 = 7.7241 by 11 February. What is left when the loan is repaid is earned then; the
/// reversal of the payment defers it again.
#[test]
fn day_by_day() {
    let mut loan = paid_out(contract(Amortisation::SumOfDigits, true));
    close(&mut loan, "2024-01-11");
    assert_eq!(loan.book("fee-income"), dec!(-1.94));
    close(&mut loan, "2024-02-11");
    assert_eq!(loan.book("fee-income"), dec!(-7.72));
    let owed = loan.account.payoff(day("2024-02-11")).unwrap();
    pay(&mut loan, 2, "2024-02-11", owed);
    assert_eq!(loan.account.status(), Status::Repaid);
    assert_eq!(loan.book("fee-income"), dec!(-21));
    reverse(&mut loan, 2, "2024-02-11").unwrap();
    assert_eq!(loan.book("fee-income"), dec!(-7.72));
    assert_eq!(loan.account.deferred_income().unwrap(), dec!(13.28));
    // The payout undone, so is the fee.
    reverse(&mut loan, 1, "2024-02-11").unwrap();
    assert_eq!(loan.account.status(), Status::Approved);
    for account in ["bank", "deferred", "fee-income", "portfolio"] {
        assert_eq!(loan.book(account), dec!(0), "{account}");
    }
}

#[test]
fn only_fees_taken_at_disbursement() {
    let mut terms = contract(Amortisation::StraightLine, true);
    terms.fees[0].trigger = FeeTrigger::EveryInstalment;
    assert_eq!(terms.validate().unwrap_err().code(), 3012);
}
