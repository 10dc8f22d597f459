//! Amortization, grace, rounding, fees, taxes and prices: each with figures worked out by hand.

use chrono::NaiveDate;
use ledger::{Currency, Rounding};
use lending_core::{
    dates::{Calendar, DueDateRule, FirstDue, MonthEnd, Period},
    day_count::DayCount,
    schedule::{
        Amortization, AnnuityFormula, BalanceSegment, BalanceTier, Balloon, ChargeFrequency,
        CustomAmount, DeferredInterest, ElementRounding, Equalise, Grace, HolidayInterest,
        IndexValue, InstalmentFee, InstalmentTier, InterestDays, InterestMethod, Multiple,
        OddFirstPeriod, PaymentHoliday, PaymentTier, PeriodDates, Pricing, Rate, Remaining,
        RemainingAmounts, Residue, RunningContract, Schedule, ScheduleError, ScheduleTerms,
        TaxKind, Taxes, TierPart, generate,
    },
};
use rust_decimal::{Decimal, dec};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn euro() -> Currency {
    Currency::from_code("EUR").unwrap()
}

/// `count` months at a yearly rate, a month a twelfth.
fn months(count: u32, percent: Decimal) -> ScheduleTerms {
    let mut terms = ScheduleTerms::new(count, Period::Months(1), Rate::per_year(percent));
    terms.interest.day_count = DayCount::Thirty360E;
    terms.interest.days = InterestDays::Nominal;
    terms
}

fn make(terms: &ScheduleTerms, principal: Decimal) -> Schedule {
    make_on(terms, principal, "2025-01-01")
}

fn make_on(terms: &ScheduleTerms, principal: Decimal, on: &str) -> Schedule {
    generate(terms, principal, euro(), day(on), &Calendar::default()).unwrap()
}

/// `principal+interest` of each row.
fn figures(schedule: &Schedule) -> String {
    let rows = schedule.instalments.iter();
    let cells: Vec<_> = rows
        .map(|row| format!("{}+{}", row.principal, row.interest))
        .collect();
    cells.join(" ")
}

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
fn grace_of_every_kind() {
    let graced = |grace: Grace| {
        let mut terms = months(4, dec!(12));
        terms.amortization = Amortization::equal_principal();
        terms.grace = grace;
        figures(&make(&terms, dec!(1000)))
    };
    let none = Grace::default();
    assert_eq!(
        graced(Grace {
            principal: 2,
            ..none
        }),
        "0.00+10.00 0.00+10.00 500.00+10.00 500.00+5.00"
    );
    // Interest of the first two (10.00, 7.50) owed with the third (5.00).
    assert_eq!(
        graced(Grace {
            interest_deferred: 2,
            ..none
        }),
        "250.00+0.00 250.00+0.00 250.00+22.50 250.00+2.50"
    );
    // Nothing due in the first two; their 20.00 spread over the other two.
    let pure = Grace {
        principal: 2,
        interest_deferred: 2,
        deferred: DeferredInterest::Spread,
        interest_free: 0,
    };
    assert_eq!(
        graced(pure),
        "0.00+0.00 0.00+0.00 500.00+20.00 500.00+15.00"
    );
    // Capitalised: 1000, 1010, 1020.10 in two halves.
    assert_eq!(
        graced(Grace {
            deferred: DeferredInterest::Capitalised,
            ..pure
        }),
        "-10.00+10.00 -10.10+10.10 510.05+10.20 510.05+5.10"
    );
    // Forgiven: principal is paid as if interest were charged.
    assert_eq!(
        graced(Grace {
            interest_free: 1,
            ..none
        }),
        "250.00+0.00 250.00+7.50 250.00+5.00 250.00+2.50"
    );
}

#[test]
fn payment_holidays() {
    let holiday = |interest| {
        let mut terms = months(2, dec!(12));
        terms.amortization = Amortization::equal_principal();
        terms.payment_holidays = vec![PaymentHoliday {
            instalment: 2,
            interest,
        }];
        figures(&make(&terms, dec!(1000)))
    };
    assert_eq!(
        holiday(HolidayInterest::Due),
        "500.00+10.00 0.00+5.00 500.00+5.00"
    );
    assert_eq!(
        holiday(HolidayInterest::Waived),
        "500.00+10.00 0.00+0.00 500.00+5.00"
    );
    assert_eq!(
        holiday(HolidayInterest::Deferred),
        "500.00+10.00 0.00+0.00 500.00+10.00"
    );
    // 505 × 1 % = 5.05
    assert_eq!(
        holiday(HolidayInterest::Capitalised),
        "500.00+10.00 -5.00+5.00 505.00+5.05"
    );
}

#[test]
fn rounding_to_units_and_residues() {
    // 1000 in three at 10 % flat: 8.3333 a month, 25.00 in all.
    let mut terms = months(3, dec!(10));
    terms.amortization = Amortization::equal_principal();
    terms.interest.method = InterestMethod::Flat;
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "333.33+8.33 333.33+8.33 333.34+8.33"
    );
    terms.rounding.residue = Residue::PrincipalAndInterest;
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "333.33+8.33 333.33+8.33 333.34+8.34"
    );
    // Every element up to whole units: 334, 9; the exact interest 25 minus 18 is left.
    terms.rounding.elements = ElementRounding::WholeUnits;
    terms.rounding.multiple = Some(Multiple {
        of: Decimal::ONE,
        mode: Rounding::Up,
    });
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "334.00+9.00 334.00+9.00 332.00+7.00"
    );
    // The total up to 5: 333.33 + 8.33 = 341.66 → 345.
    terms.rounding.elements = ElementRounding::Total;
    terms.rounding.multiple = Some(Multiple {
        of: dec!(5),
        mode: Rounding::Up,
    });
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "336.67+8.33 336.67+8.33 326.66+8.34"
    );
    terms.rounding.elements = ElementRounding::Unrounded;
    terms.rounding.multiple = None;
    assert_eq!(
        make(&terms, dec!(1000)).instalments[0].interest,
        dec!(8.333333333333)
    );
}

/// 1000 in twelve at 6.12 % flat are 5.10 a month, in whole tens 10: eleven make 110 of the 60 that
/// 61.20 are. The last takes none.
#[test]
fn no_row_owes_interest_to_the_borrower() {
    let mut terms = months(12, dec!(6.12));
    terms.amortization = Amortization::equal_principal();
    terms.interest.method = InterestMethod::Flat;
    terms.rounding.residue = Residue::PrincipalAndInterest;
    terms.rounding.elements = ElementRounding::WholeUnits;
    terms.rounding.multiple = Some(Multiple {
        of: dec!(10),
        mode: Rounding::HalfUp,
    });
    let rows = make(&terms, dec!(1000)).instalments;
    let (last, others) = rows.split_last().unwrap();
    assert!(others.iter().all(|row| row.interest == dec!(10)));
    assert_eq!((last.principal, last.interest), (dec!(120), dec!(0)));
}

#[test]
fn fees_and_taxes() {
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::equal_principal();
    terms.fees = vec![
        InstalmentFee::Divided { amount: dec!(10) },
        InstalmentFee::PrincipalPercent { percent: dec!(1) },
    ];
    terms.taxes = Taxes {
        interest_percent: Some(dec!(16)),
        fee_percent: Some(dec!(16)),
        ..Taxes::default()
    };
    let rows = make(&terms, dec!(900)).instalments;
    // 3.33 + 3.00 a row, the last with 3.34; tax: 9.00·16 % = 1.44 and 6.33·16 % = 1.0128.
    assert_eq!(
        (rows[0].fee, rows[0].tax, rows[0].total),
        (dec!(6.33), dec!(2.45), dec!(317.78))
    );
    assert_eq!(rows[2].fee, dec!(6.34));
    terms.taxes.kind = TaxKind::Inclusive;
    let rows = make(&terms, dec!(900)).instalments;
    // 9.00·16/116 = 1.2414; 6.33·16/116 = 0.8731: contained, so the total is 300 + 9 + 6.33.
    assert_eq!((rows[0].tax, rows[0].total), (dec!(2.11), dec!(315.33)));
    // Contained in interest, on top of fees: 1.24 + 1.01, of which 1.01 is paid besides.
    terms.taxes.fee_kind = Some(TaxKind::Exclusive);
    let rows = make(&terms, dec!(900)).instalments;
    assert_eq!((rows[0].tax, rows[0].total), (dec!(2.25), dec!(316.34)));
}

#[test]
fn prices_by_balance_and_by_instalment() {
    let mut terms = months(3, dec!(0));
    terms.amortization = Amortization::equal_principal();
    let tier = |up_to, percent| BalanceTier { up_to, percent };
    let tiers = vec![tier(Some(dec!(500)), dec!(24)), tier(None, dec!(12))];
    terms.interest.pricing = Pricing::TieredByBalance {
        tiers: tiers.clone(),
        part: TierPart::WholeBalance,
    };
    // 900 and 600 at 1 %, 300 at 2 %.
    assert_eq!(
        figures(&make(&terms, dec!(900))),
        "300.00+9.00 300.00+6.00 300.00+6.00"
    );
    terms.interest.pricing = Pricing::TieredByBalance {
        tiers,
        part: TierPart::InsideTier,
    };
    // 500·2 % + 400·1 %; 500·2 % + 100·1 %; 300·2 %.
    assert_eq!(
        figures(&make(&terms, dec!(900))),
        "300.00+14.00 300.00+11.00 300.00+6.00"
    );
    let tier = |up_to, percent| InstalmentTier { up_to, percent };
    terms.interest.pricing = Pricing::TieredByInstalment {
        tiers: vec![tier(1, dec!(12)), tier(3, dec!(24))],
    };
    assert_eq!(
        figures(&make(&terms, dec!(900))),
        "300.00+9.00 300.00+12.00 300.00+6.00"
    );
}

#[test]
fn index_rate_with_spread_and_bounds() {
    // Index 5 %, 6 % from February, 8 % from March; spread 2 %, reviewed monthly, at most 9 %.
    let value = |from: &str, percent| IndexValue {
        from: day(from),
        percent,
    };
    let mut terms = months(4, dec!(2));
    terms.amortization = Amortization::Bullet;
    terms.interest.pricing = Pricing::Indexed {
        index: vec![
            value("2024-12-01", dec!(5)),
            value("2025-02-01", dec!(6)),
            value("2025-03-01", dec!(8)),
        ],
        review: Period::Months(1),
        floor: None,
        ceiling: Some(dec!(9)),
    };
    assert_eq!(
        figures(&make(&terms, dec!(1200))),
        "0.00+7.00 0.00+8.00 0.00+9.00 1200.00+9.00"
    );
    // Reviewed every two months, February's value is never seen.
    if let Pricing::Indexed { review, .. } = &mut terms.interest.pricing {
        *review = Period::Months(2);
    }
    assert_eq!(
        figures(&make(&terms, dec!(1200))),
        "0.00+7.00 0.00+7.00 0.00+9.00 1200.00+9.00"
    );
}

#[test]
fn an_odd_first_period() {
    // The first instalment ten days late: 1200 at 12 %.
    let first = |odd| {
        let mut terms = months(2, dec!(12));
        terms.amortization = Amortization::Bullet;
        terms.first_due = FirstDue::OffsetDays(10);
        terms.interest.odd_first_period = odd;
        make(&terms, dec!(1200)).instalments[0].interest
    };
    assert_eq!(first(OddFirstPeriod::NominalAndDays), dec!(16.00)); // 30 + 10 of 360 days
    assert_eq!(first(OddFirstPeriod::Counted), dec!(16.00)); // 1 January to 11 February, 30E/360
    assert_eq!(first(OddFirstPeriod::Nominal), dec!(12.00));
    // 1 month to 1 February and 10 of the 28 days to 1 March: 12 x 1.357143 = 16.2857.
    assert_eq!(first(OddFirstPeriod::PeriodsAndShare), dec!(16.29));
}

/// 100,000 at 24 % in three instalments, the first after two months: it bears 2 x 2,000. The level
/// instalment of three months is 34,675.47; the second bears (100000 - 30675.47) x 2 % = 1,386.49,
/// the last takes the rest: 36035.55 x 1.02 = 36,756.26. Figures of Apache Fineract's loan of four
/// instalments without its first.
#[test]
fn a_first_period_of_two_months() {
    let mut terms = months(3, dec!(24));
    terms.first_due = FirstDue::On(day("2011-11-20"));
    terms.interest.odd_first_period = OddFirstPeriod::PeriodsAndShare;
    let rows = make_on(&terms, dec!(100_000), "2011-09-20").instalments;
    let totals: Vec<_> = rows
        .iter()
        .map(|row| row.principal + row.interest)
        .collect();
    assert_eq!(totals, [dec!(34675.47), dec!(34675.47), dec!(36756.26)]);
}

/// Months that lack the day are whole months: 1,200 at 12 % from 31 January bears 12.00 each.
#[test]
fn short_months_are_whole() {
    for month_end in [MonthEnd::Clamp, MonthEnd::RollToFirst] {
        let mut terms = months(3, dec!(12));
        terms.amortization = Amortization::Bullet;
        terms.due_dates = DueDateRule::Interval {
            every: Period::Months(1),
            month_end,
        };
        terms.interest.odd_first_period = OddFirstPeriod::PeriodsAndShare;
        let rows = make_on(&terms, dec!(1200), "2025-01-31").instalments;
        assert!(
            rows.iter().all(|row| row.interest == dec!(12.00)),
            "{rows:?}"
        );
    }
}

#[test]
fn rates_for_any_length_of_time() {
    // 2 % for each ten days: January has 31 days, 3.1 times 2 % of 1000.
    let rate = |per| {
        let rate = Rate {
            percent: dec!(2),
            per,
        };
        let mut terms = ScheduleTerms::new(2, Period::Months(1), rate);
        terms.amortization = Amortization::Bullet;
        make(&terms, dec!(1000)).instalments[0].interest
    };
    assert_eq!(rate(ChargeFrequency::Days(10)), dec!(62.00));
    assert_eq!(rate(ChargeFrequency::Day), dec!(620.00));
    assert_eq!(rate(ChargeFrequency::Week), dec!(88.57)); // 31/7
    assert_eq!(rate(ChargeFrequency::Month), dec!(20.38)); // 12·31/365
    assert_eq!(rate(ChargeFrequency::WholeTerm), dec!(10.00));
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

#[test]
fn refusals_name_what_was_given() {
    let terms = ScheduleTerms {
        instalments: 0,
        ..months(1, dec!(10))
    };
    let refusal = |terms: &ScheduleTerms, principal| {
        let made = generate(
            terms,
            principal,
            euro(),
            day("2025-01-01"),
            &Calendar::default(),
        );
        let error = made.unwrap_err();
        (error.code(), error.to_string())
    };
    assert_eq!(
        refusal(&terms, dec!(100)),
        (2101, "0 instalments: 1 to 30000 are allowed".into())
    );
    let terms = months(3, dec!(10));
    assert_eq!(
        refusal(&terms, dec!(100.001)),
        (
            2102,
            "principal 100.001: at most the decimals of the schedule's rounding".into()
        )
    );
    let (code, message) = refusal(&terms, dec!(-1));
    assert_eq!(
        (code, message.as_str()),
        (2102, "principal -1: above zero up to 10^17")
    );
    let mut terms = months(3, dec!(10));
    terms.grace.principal = 3;
    assert_eq!(
        refusal(&terms, dec!(100)),
        (
            2103,
            "grace 3 of 3 instalments: at least one instalment after the grace is needed".into()
        )
    );
}

#[test]
fn terms_survive_storage() {
    let mut terms = months(12, dec!(9.4822));
    terms.down_payment_percent = Some(dec!(25));
    terms.fees = vec![InstalmentFee::Flat { amount: dec!(1.50) }];
    terms.interest.pricing = Pricing::TieredByInstalment {
        tiers: vec![InstalmentTier {
            up_to: 12,
            percent: dec!(7),
        }],
    };
    let json = serde_json::to_string(&terms).unwrap();
    // Decimals are strings: no reader passes them through a binary float.
    assert!(json.contains(r#""percent":"9.4822""#), "{json}");
    assert_eq!(serde_json::from_str::<ScheduleTerms>(&json).unwrap(), terms);
    let unknown = json.replacen("instalments", "installments", 1);
    assert!(serde_json::from_str::<ScheduleTerms>(&unknown).is_err());
    let schedule = make(&terms, dec!(1000));
    let json = serde_json::to_string(&schedule).unwrap();
    assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), schedule);
}

/// A contract says little: what it leaves out takes the documented default.
#[test]
fn a_short_contract_has_defaults() {
    let json = r#"{
        "instalments": 12,
        "due_dates": {"INTERVAL": {"every": {"MONTHS": 1}}},
        "interest": {"rate": {"percent": "24"}}
    }"#;
    let terms: ScheduleTerms = serde_json::from_str(json).unwrap();
    let usual = ScheduleTerms::new(12, Period::Months(1), Rate::per_year(dec!(24)));
    assert_eq!(terms, usual);
}

#[test]
fn explanations_of_every_kind() {
    use lending_core::schedule::{InterestDifference, InterestPause, RateChange};
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::equal_principal();
    terms.grace.interest_deferred = 1;
    terms.interest.changes = vec![RateChange {
        from: day("2025-02-11"),
        rate: Rate::per_year(dec!(24)),
    }];
    terms.interest.pauses = vec![InterestPause {
        from: day("2025-03-02"),
        to: day("2025-04-01"),
    }];
    let schedule = make(&terms, dec!(900));
    let calendar = Calendar::default();
    let contract = RunningContract::of(&terms, euro(), &calendar, &schedule).unwrap();
    let why = |number| schedule.explain(number, &contract).unwrap().interest;
    assert_eq!(why(1).difference, Some(InterestDifference::Deferred));
    assert_eq!(
        why(1).to_string(),
        "instalment 1: interest 900.00 × 12 % × 1/12 = 9, HalfUp to 2 decimals: 9.00; due 0.00 (Deferred)"
    );
    // Ten of February's 28 days at 12 %, eighteen at 24 %: 600/100·(10/28 + 2·18/28) = 9.857.
    assert_eq!(why(2).rounded, dec!(9.86));
    assert_eq!(why(2).due, dec!(18.86));
    assert_eq!(why(2).difference, Some(InterestDifference::DeferredAdded));
    assert_eq!(why(2).pieces.len(), 2);
    assert_eq!(
        why(3).to_string(),
        "instalment 3: interest 300.00 free from 2025-03-01 to 2025-04-01 = 0, HalfUp to 2 decimals: 0.00"
    );
    assert!(schedule.explain(4, &contract).is_err());
}

/// Every amount of a row with fees and taxes, by hand: 1200 in three shares of 400 at 1 % a month,
/// a flat fee of 5, 10 divided in 3.33 + 3.33 + 3.34, 2 % of the total; 16 % on top of both.
#[test]
fn every_amount_is_explained() {
    use lending_core::schedule::{InstalmentFee, PrincipalRule, Taxes};
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::equal_principal();
    terms.fees = vec![
        InstalmentFee::Flat { amount: dec!(5) },
        InstalmentFee::Divided { amount: dec!(10) },
        InstalmentFee::TotalPercent { percent: dec!(2) },
    ];
    terms.taxes = Taxes {
        interest_percent: Some(dec!(16)),
        fee_percent: Some(dec!(16)),
        ..Taxes::default()
    };
    let schedule = make(&terms, dec!(1200));
    let calendar = Calendar::default();
    let contract = RunningContract::of(&terms, euro(), &calendar, &schedule).unwrap();
    let why = schedule.explain(2, &contract).unwrap();
    assert_eq!(
        why.to_string(),
        "instalment 2: interest 800.00 × 12 % × 1/12 = 8, HalfUp to 2 decimals: 8.00; \
         principal 400.00: equal share 400.00, leaves 400.00 of 800.00; \
         fee 5.00; fee of 10 in 3 parts = 3.333333333333333333333333333: 3.33; \
         fee 2 % of principal and interest 408.00 = 8.16: 8.16; \
         tax 16 % on interest 8.00 = 1.28: 1.28; tax 16 % on fees 16.49 = 2.6384: 2.64; \
         total 428.41"
    );
    let last = schedule.explain(3, &contract).unwrap();
    assert_eq!(last.principal.rule, PrincipalRule::Remaining);
    assert!(last.fees[1].takes_rest);
    assert_eq!(last.fees[1].rounded, dec!(3.34));
    // What is explained sums to what is due, row by row.
    for row in &schedule.instalments {
        let why = schedule.explain(row.number, &contract).unwrap();
        let fees: Decimal = why.fees.iter().map(|fee| fee.rounded).sum();
        let taxes: Decimal = why.taxes.iter().map(|tax| tax.rounded).sum();
        assert_eq!((fees, taxes), (row.fee, row.tax));
        assert_eq!(
            why.principal.due + why.interest.due + fees + taxes,
            why.total
        );
    }
    let stored = serde_json::to_string(&why).unwrap();
    assert_eq!(
        serde_json::from_str::<lending_core::schedule::InstalmentExplanation>(&stored).unwrap(),
        why
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

#[test]
fn interest_rounded_once_or_for_each_stretch() {
    // 1000 for 14 of January's 31 days at 12 % a year, then 600: 1000·12 %·14/365 = 4.6027 and
    // 600·12 %·17/365 = 3.3534; the sum 7.9562 rounds to 7.96, the parts to 4.60 + 3.35 = 7.95.
    let mut terms = ScheduleTerms::new(1, Period::Months(1), Rate::per_year(dec!(12)));
    let calendar = Calendar::default();
    let interest = |terms: &ScheduleTerms| {
        let contract = RunningContract {
            terms,
            currency: euro(),
            calendar: &calendar,
            disbursed_on: day("2025-01-01"),
            maturity: day("2025-02-01"),
        };
        let period = PeriodDates {
            number: 1,
            from: day("2025-01-01"),
            nominal_due: day("2025-02-01"),
            due: day("2025-02-01"),
        };
        let segment = |from, to, balance| BalanceSegment {
            from: day(from),
            to: day(to),
            balance,
        };
        let segments = [
            segment("2025-01-01", "2025-01-15", dec!(1000)),
            segment("2025-01-15", "2025-02-01", dec!(600)),
        ];
        contract
            .period_interest(&period, &segments)
            .unwrap()
            .rounded
    };
    assert_eq!(interest(&terms), dec!(7.96));
    terms.rounding.each_stretch = true;
    assert_eq!(interest(&terms), dec!(7.95));
}
