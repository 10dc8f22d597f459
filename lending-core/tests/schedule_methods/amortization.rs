//! How principal and interest are divided among instalments.

use lending_core::{
    dates::Calendar,
    schedule::{
        Amortization, AnnuityFormula, Balloon, CustomAmount, Equalise, InterestMethod, PaymentTier,
        PeriodDates, Rate, Remaining, RemainingAmounts, RunningContract, Schedule, ScheduleError,
        ScheduleTerms, generate,
    },
};
use rust_decimal::{Decimal, dec};

use super::{day, euro, figures, make, months};

#[test]
fn flat_and_equal_principal() {
    // 1200 at 12 %: 1 % a month. Flat: 12.00 each month. Declining: on 1200, 800, 400.
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::equal_principal();
    assert_eq!(
        figures(&make(&terms, dec!(1200))),
        "400.00+12.00 400.00+8.00 400.00+4.00"
    );
    terms.interest.method = InterestMethod::Flat;
    assert_eq!(
        figures(&make(&terms, dec!(1200))),
        "400.00+12.00 400.00+12.00 400.00+12.00"
    );
    terms.interest.method = InterestMethod::Free;
    assert_eq!(
        figures(&make(&terms, dec!(1200))),
        "400.00+0.00 400.00+0.00 400.00+0.00"
    );
}

#[test]
fn principal_at_every_second_instalment() {
    // 900 over five months, principal at 2, 4 and the last: three shares of 300.
    let mut terms = months(5, dec!(12));
    terms.amortization = Amortization::EqualPrincipal { every: 2 };
    assert_eq!(
        figures(&make(&terms, dec!(900))),
        "0.00+9.00 300.00+9.00 0.00+6.00 300.00+6.00 300.00+3.00"
    );
}

#[test]
fn principal_by_percentage_and_bullet() {
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::PrincipalPercent { percent: dec!(20) };
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "200.00+10.00 200.00+8.00 600.00+6.00"
    );
    terms.amortization = Amortization::Bullet;
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "0.00+10.00 0.00+10.00 1000.00+10.00"
    );
}

#[test]
fn balloon_by_amount_and_by_longer_term() {
    // 1000 at 12 %, 3 months, 400 left at the end: (1000 − 400/1.01³)·0.01/(1 − 1.01⁻³) = 208.01.
    // (400/1.030301 = 388.2361; 611.7639/2.9409852 = 208.0133)
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::Balloon(Balloon::Principal { amount: dec!(400) });
    // 198.01 + 10.00; on 801.99: 8.02, 199.99; on 602.00: 6.02, the rest.
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "198.01+10.00 199.99+8.02 602.00+6.02"
    );
    // The instalment of twelve months is 88.85; three are paid, the last with the balance.
    terms.amortization = Amortization::Balloon(Balloon::LongerTerm { instalments: 12 });
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "78.85+10.00 79.64+9.21 841.51+8.42"
    );
}

#[test]
fn optimised_payments_end_with_the_smaller_instalment() {
    // 100 at 7 %, 6 months: 17.01 five times leaves 17.00, so 17.01 stays; 17.00 would leave more.
    let mut terms = months(6, dec!(7));
    terms.amortization = Amortization::EqualInstalments {
        formula: AnnuityFormula::ClosedForm,
        equalise: Equalise::SmallestAmount,
        amount: None,
    };
    let rows = make(&terms, dec!(100)).instalments;
    assert!(rows[..5].iter().all(|row| row.total == dec!(17.01)));
    assert_eq!(rows[5].total, dec!(17.00));
    // 10000 at 12 %, 3 months: rounding 3400.2211 down leaves a larger last one (3400.23);
    // the smallest amount whose last is not larger is a cent more.
    terms.instalments = 3;
    terms.interest.rate = Rate::per_year(dec!(12));
    let rows = make(&terms, dec!(10000)).instalments;
    assert_eq!(rows[0].total, dec!(3400.23));
    assert!(rows[2].total <= rows[0].total);
}

#[test]
fn payment_plan_solves_its_rate() {
    // Three payments of 340.02 on 1000: the instalment of 1 % a month.
    let mut terms = months(3, dec!(0));
    terms.amortization = Amortization::PaymentPlan {
        tiers: vec![PaymentTier {
            up_to: 3,
            amount: dec!(340.02),
        }],
    };
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "330.02+10.00 333.32+6.70 336.66+3.37"
    );
    // Two payments of 100, then one of 863.98... the rate follows: 1000 at 2 % a month is
    // 100/1.02 + 100/1.02² + x/1.02³ = 1000, x = 855.168.
    terms.amortization = Amortization::PaymentPlan {
        tiers: vec![
            PaymentTier {
                up_to: 2,
                amount: dec!(100),
            },
            PaymentTier {
                up_to: 3,
                amount: dec!(855.17),
            },
        ],
    };
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "80.00+20.00 81.60+18.40 838.40+16.77"
    );
    let short = generate(
        &terms,
        dec!(2000),
        euro(),
        day("2025-01-01"),
        &Calendar::default(),
    );
    assert!(matches!(short, Err(ScheduleError::Unpayable { .. })));
}

#[test]
fn custom_instalments() {
    let amount = |amount| CustomAmount { amount };
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::CustomPrincipal {
        principals: vec![amount(dec!(100)), amount(dec!(0)), amount(dec!(900))],
    };
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "100.00+10.00 0.00+9.00 900.00+9.00"
    );
    let wrong = generate(
        &terms,
        dec!(999),
        euro(),
        day("2025-01-01"),
        &Calendar::default(),
    );
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "custom principals on principal 999.00: the principals must sum to the financed amount"
    );
    // A total below the interest: the difference is capitalised.
    terms.amortization = Amortization::CustomTotals {
        totals: vec![amount(dec!(0)), amount(dec!(510))],
    };
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "-10.00+10.00 499.90+10.10 510.10+5.10"
    );
}

#[test]
fn graded_instalments_grow() {
    // Two of A, two of 1.1·A, 1 % a month, 1000:
    // A = 1000 / (0.990099 + 0.980296 + 1.1·(0.970590 + 0.960980)) = 1000/4.095122 = 244.19.
    let mut terms = months(4, dec!(12));
    terms.amortization = Amortization::GradedInstalments {
        every: 2,
        change_percent: dec!(10),
    };
    let totals: Vec<_> = make(&terms, dec!(1000))
        .instalments
        .iter()
        .map(|row| row.total)
        .collect();
    assert_eq!(totals[..3], [dec!(244.19), dec!(244.19), dec!(268.61)]);
    assert!((totals[3] - totals[2]).abs() <= dec!(0.03));
}

#[test]
fn what_remains_after_a_prepayment() {
    // 1000 at 10 %, six months of 30/360 from 21 January 2017; after two instalments and 251.39
    // (or 256.88) more, 415.27 (415.30) are outstanding over four months.
    let calendar = Calendar::default();
    let start = day("2017-01-21");
    let periods: Vec<PeriodDates> = (3..=6)
        .map(|number| {
            let date = |count| start + chrono::Months::new(count);
            PeriodDates {
                number,
                from: date(number - 1),
                nominal_due: date(number),
                due: date(number),
            }
        })
        .collect();
    let remaining = |terms: &ScheduleTerms, outstanding, amounts| {
        let contract = RunningContract {
            terms,
            currency: euro(),
            calendar: &calendar,
            disbursed_on: start,
            maturity: day("2017-07-21"),
        };
        let what = Remaining {
            outstanding,
            disbursed: dec!(1000),
            periods: &periods,
            interest_from: day("2017-03-21"),
            accrued: Decimal::ZERO,
            amounts,
        };
        figures(&contract.remaining(&what).unwrap())
    };
    let mut terms = months(6, dec!(10));
    use RemainingAmounts::{KeepPrincipal, KeepTotal, Recompute};
    assert_eq!(
        remaining(&terms, dec!(415.30), Recompute),
        "102.54+3.46 103.39+2.61 104.26+1.74 105.11+0.88"
    );
    assert_eq!(
        remaining(&terms, dec!(415.30), KeepTotal(dec!(171.56))),
        "168.10+3.46 169.50+2.06 77.70+0.65"
    );
    terms.amortization = Amortization::equal_principal();
    assert_eq!(
        remaining(&terms, dec!(415.27), Recompute),
        "103.82+3.46 103.82+2.60 103.82+1.73 103.81+0.87"
    );
    assert_eq!(
        remaining(&terms, dec!(415.27), KeepPrincipal(dec!(166.67))),
        "166.67+3.46 166.67+2.07 81.93+0.68"
    );
}

/// The rule behind each principal: grace, equal instalments found anew, a holiday, the rest.
#[test]
fn rules_of_principal_are_named() {
    use lending_core::schedule::{HolidayInterest, PaymentHoliday, PrincipalRule, RateChange};
    let mut terms = months(5, dec!(12));
    terms.grace.principal = 1;
    terms.payment_holidays = vec![PaymentHoliday {
        instalment: 3,
        interest: HolidayInterest::Due,
    }];
    terms.interest.changes = vec![RateChange {
        from: day("2025-04-01"),
        rate: Rate::per_year(dec!(24)),
    }];
    let mut schedule = make(&terms, dec!(1000));
    let calendar = Calendar::default();
    let contract = RunningContract::of(&terms, euro(), &calendar, &schedule).unwrap();
    let rule =
        |schedule: &Schedule, number| schedule.explain(number, &contract).unwrap().principal.rule;
    let fixed = |number| match rule(&schedule, number) {
        PrincipalRule::LeftOfTotal { total, fixed_at } => (total, fixed_at),
        other => panic!("{other:?}"),
    };
    assert_eq!(rule(&schedule, 1), PrincipalRule::Grace);
    assert_eq!(fixed(2).1, 2);
    assert_eq!(rule(&schedule, 3), PrincipalRule::Holiday);
    assert_eq!(fixed(4).1, 4);
    assert!(fixed(4).0 > fixed(2).0);
    assert_eq!(rule(&schedule, 6), PrincipalRule::Remaining);
    schedule.instalments[1].principal -= dec!(1);
    schedule.instalments[1].balance_after += dec!(1);
    assert_eq!(rule(&schedule, 2), PrincipalRule::Edited);
}
