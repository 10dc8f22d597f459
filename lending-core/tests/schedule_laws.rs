//! Laws that hold for every schedule, over random terms.

use chrono::{Datelike, Months, NaiveDate, Weekday};
use law_runs::runs;
use ledger::{Currency, Rounding};
use lending_core::{
    dates::{Calendar, DueDateRule, FirstDue, MonthEnd, NonWorkingDayRule, NthOfMonth, Period},
    day_count::{DayCount, DayCountContext},
    schedule::{
        Amortization, AnnuityFormula, BalanceSegment, Balloon, ChargeFrequency, DeferredInterest,
        ElementRounding, Equalise, Grace, HolidayInterest, InstalmentFee, InterestDays,
        InterestGrowth, InterestMethod, InterestPause, InterestTerms, Multiple, PaymentHoliday,
        PeriodDates, Pricing, Rate, RateChange, Residue, RoundingTerms, RunningContract, Schedule,
        ScheduleTerms, TaxKind, Taxes, Tranche, generate,
    },
};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn date() -> impl Strategy<Value = NaiveDate> {
    // 1 January 1600 to 31 December 9999.
    (584_023_i32..=3_652_059).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap())
}

/// 0.01 to 10^15.
fn amount() -> impl Strategy<Value = Decimal> {
    prop_oneof![1_u64..=10_000_000, 1_u64..=100_000_000_000_000_000,]
        .prop_map(|cents| Decimal::new(cents.try_into().unwrap(), 2))
}

/// 0 to 1000 % with up to six decimals.
fn percent() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        Just(Decimal::ZERO),
        (0_i64..=100_000).prop_map(|percent| Decimal::new(percent, 2)),
        (0_i64..=1_000_000_000).prop_map(|percent| Decimal::new(percent, 6)),
    ]
}

fn count() -> impl Strategy<Value = u32> {
    prop_oneof![1_u32..=24, 1_u32..=1000]
}

fn pick<T: Clone + std::fmt::Debug + 'static>(values: &[T]) -> impl Strategy<Value = T> + use<T> {
    proptest::sample::select(values.to_vec())
}

fn period() -> impl Strategy<Value = Period> {
    pick(&[
        Period::Days(1),
        Period::Days(30),
        Period::Weeks(1),
        Period::Weeks(2),
        Period::Months(1),
        Period::Months(1),
        Period::Months(3),
        Period::Years(1),
    ])
}

fn month_end() -> impl Strategy<Value = MonthEnd> {
    pick(&[MonthEnd::Clamp, MonthEnd::RollToFirst, MonthEnd::StickToEnd])
}

fn due_dates() -> impl Strategy<Value = DueDateRule> {
    prop_oneof![
        4 => (period(), month_end())
            .prop_map(|(every, month_end)| DueDateRule::Interval { every, month_end }),
        1 => (pick(&[vec![1], vec![15], vec![31], vec![1, 15], vec![10, 20, 30]]), month_end())
            .prop_map(|(days, month_end)| DueDateRule::FixedDaysOfMonth { days, month_end }),
        1 => (1_u32..4, pick(&[NthOfMonth::First, NthOfMonth::Third, NthOfMonth::Last]))
            .prop_map(|(every_months, nth)| DueDateRule::NthWeekday {
                every_months,
                nth,
                weekday: Weekday::Tue,
            }),
    ]
}

fn amortization() -> impl Strategy<Value = Amortization> {
    let formula = pick(&[
        AnnuityFormula::ClosedForm,
        AnnuityFormula::Factor,
        AnnuityFormula::Actus,
    ]);
    let equalise = pick(&[
        Equalise::LastTakesRest,
        Equalise::OneCorrection,
        Equalise::SmallestAmount,
    ]);
    prop_oneof![
        4 => (formula, equalise).prop_map(|(formula, equalise)| Amortization::EqualInstalments {
            formula,
            equalise,
            amount: None,
        }),
        1 => (1_u32..5).prop_map(|every| Amortization::EqualPrincipal { every }),
        1 => Just(Amortization::Bullet),
        1 => (1_u32..20, -99_i64..=300).prop_map(|(every, percent)| {
            Amortization::GradedInstalments { every, change_percent: percent.into() }
        }),
        1 => (1_i64..=100).prop_map(|percent| Amortization::PrincipalPercent {
            percent: percent.into(),
        }),
        1 => (1_u32..2000).prop_map(|instalments| {
            Amortization::Balloon(Balloon::LongerTerm { instalments })
        }),
        1 => (1_i64..10_000).prop_map(|cents| {
            Amortization::Balloon(Balloon::Principal { amount: Decimal::new(cents, 2) })
        }),
        1 => (1_i64..1_000_000).prop_map(|cents| Amortization::EqualInstalments {
            formula: AnnuityFormula::ClosedForm,
            equalise: Equalise::LastTakesRest,
            amount: Some(Decimal::new(cents, 2)),
        }),
    ]
}

fn rounding() -> impl Strategy<Value = RoundingTerms> {
    let modes = [
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::HalfDown,
        Rounding::Up,
        Rounding::Down,
        Rounding::Ceiling,
        Rounding::Floor,
    ];
    let elements = pick(&[
        ElementRounding::Each,
        ElementRounding::Each,
        ElementRounding::WholeUnits,
        ElementRounding::Total,
        ElementRounding::Unrounded,
    ]);
    let residue = pick(&[Residue::Principal, Residue::PrincipalAndInterest]);
    let digits = pick(&[None, None, Some(12), Some(19)]);
    (
        pick(&modes),
        elements,
        residue,
        digits,
        pick(&[5_i64, 100, 1000]),
    )
        .prop_map(|(mode, elements, residue, significant_digits, unit)| {
            let whole = matches!(
                elements,
                ElementRounding::WholeUnits | ElementRounding::Total
            );
            RoundingTerms {
                mode,
                elements,
                residue,
                significant_digits,
                decimals: None,
                multiple: whole.then(|| Multiple {
                    of: Decimal::new(unit, 2),
                    mode,
                }),
                ..RoundingTerms::default()
            }
        })
}

fn interest() -> impl Strategy<Value = InterestTerms> {
    let frequency = pick(&[
        ChargeFrequency::Year,
        ChargeFrequency::Year,
        ChargeFrequency::Month,
        ChargeFrequency::FourWeeks,
        ChargeFrequency::Day,
        ChargeFrequency::Days(10),
        ChargeFrequency::WholeTerm,
    ]);
    let days = pick(&[
        InterestDays::Counted,
        InterestDays::Nominal,
        InterestDays::ThirtyDayMonths,
    ]);
    let method = pick(&[
        InterestMethod::Declining,
        InterestMethod::Declining,
        InterestMethod::Flat,
        InterestMethod::Free,
    ]);
    let growth = pick(&[
        InterestGrowth::Simple,
        InterestGrowth::Simple,
        InterestGrowth::Compound,
    ]);
    (
        percent(),
        frequency,
        pick(&DayCount::ALL),
        days,
        method,
        growth,
        prop::option::of((percent(), 0_i64..400)),
        prop::option::of((0_i64..100, 0_i64..60)),
    )
        .prop_map(
            |(percent, per, day_count, days, method, growth, change, pause)| {
                let start = NaiveDate::MIN;
                InterestTerms {
                    method,
                    rate: Rate { percent, per },
                    pricing: Pricing::Fixed,
                    growth,
                    day_count,
                    days,
                    // Dates are counted from the disbursement once it is known.
                    changes: change
                        .map(|(percent, after)| RateChange {
                            from: start + chrono::TimeDelta::days(after),
                            rate: Rate { percent, per },
                        })
                        .into_iter()
                        .collect(),
                    pauses: pause
                        .map(|(from, length)| InterestPause {
                            from: start + chrono::TimeDelta::days(from),
                            to: start + chrono::TimeDelta::days(from + length),
                        })
                        .into_iter()
                        .collect(),
                    ..InterestTerms::default()
                }
            },
        )
}

fn grace() -> impl Strategy<Value = Grace> {
    let deferred = pick(&[
        DeferredInterest::NextInstalment,
        DeferredInterest::Spread,
        DeferredInterest::Capitalised,
    ]);
    prop_oneof![
        3 => Just(Grace::default()),
        1 => (0_u32..4, 0_u32..4, deferred, 0_u32..4).prop_map(
            |(principal, interest_deferred, deferred, interest_free)| Grace {
                principal,
                interest_deferred,
                deferred,
                interest_free,
            }
        ),
    ]
}

prop_compose! {
    fn terms()(
        count in count(),
        due_dates in due_dates(),
        first in pick(&[None, None, Some(10_i32), Some(-3)]),
        non_working_days in pick(&[
            NonWorkingDayRule::None,
            NonWorkingDayRule::Next,
            NonWorkingDayRule::ModifiedPrevious,
            NonWorkingDayRule::Extend,
        ]),
        interest in interest(),
        amortization in amortization(),
        grace in grace(),
        rounding in rounding(),
        fee in prop::option::of(percent()),
        tax in prop::option::of((0_i64..100, any::<bool>())),
        down in prop::option::weighted(0.1, 1_i64..100),
        tranche in prop::option::weighted(0.2, (1_i64..300, 1_i64..1_000_000)),
        holiday in prop::option::weighted(0.2, (1_u32..10, pick(&[
            HolidayInterest::Due,
            HolidayInterest::Waived,
            HolidayInterest::Deferred,
            HolidayInterest::Capitalised,
        ]))),
    ) -> ScheduleTerms {
        ScheduleTerms {
            instalments: count,
            due_dates,
            first_due: first.map_or(FirstDue::AfterOnePeriod, FirstDue::OffsetDays),
            non_working_days,
            interest,
            amortization,
            grace,
            rounding,
            fees: fee.map(|percent| InstalmentFee::TotalPercent { percent }).into_iter().collect(),
            taxes: Taxes {
                interest_percent: tax.map(|(percent, _)| percent.into()),
                fee_percent: None,
                kind: match tax {
                    Some((_, true)) => TaxKind::Inclusive,
                    _ => TaxKind::Exclusive,
                },
                ..Taxes::default()
            },
            down_payment_percent: down.map(Decimal::from),
            tranches: tranche
                .map(|(after, cents)| Tranche {
                    on: NaiveDate::MIN + chrono::TimeDelta::days(after),
                    amount: Decimal::new(cents, 2),
                })
                .into_iter()
                .collect(),
            payment_holidays: holiday
                .map(|(instalment, interest)| PaymentHoliday { instalment, interest })
                .into_iter()
                .collect(),
        }
    }
}

/// Moves the dates that were made relative to the calendar's first day.
fn placed(mut terms: ScheduleTerms, on: NaiveDate) -> ScheduleTerms {
    let place = |date: NaiveDate| on + (date - NaiveDate::MIN);
    for change in &mut terms.interest.changes {
        change.from = place(change.from);
    }
    for pause in &mut terms.interest.pauses {
        pause.from = place(pause.from);
        pause.to = place(pause.to);
    }
    for tranche in &mut terms.tranches {
        tranche.on = place(tranche.on);
    }
    terms
}

fn euro() -> Currency {
    Currency::from_code("EUR").unwrap()
}

fn capitalises(terms: &ScheduleTerms) -> bool {
    let holiday = terms.payment_holidays.iter();
    terms.grace.deferred == DeferredInterest::Capitalised
        || holiday
            .into_iter()
            .any(|h| h.interest == HolidayInterest::Capitalised)
}

fn check_laws(terms: &ScheduleTerms, principal: Decimal, schedule: &Schedule) {
    let rows = &schedule.instalments;
    let tranches: Decimal = terms.tranches.iter().map(|tranche| tranche.amount).sum();
    assert_eq!(
        schedule.totals().principal,
        principal + tranches,
        "principal"
    );
    assert_eq!(
        rows.last().unwrap().balance_after,
        Decimal::ZERO,
        "last balance"
    );
    let regular: Vec<_> = rows.iter().filter(|row| row.number > 0).collect();
    assert_eq!(
        regular.len(),
        usize::try_from(terms.instalments).unwrap() + terms.payment_holidays.len()
    );
    for (row, next) in regular.iter().zip(&regular[1..]) {
        assert!(row.nominal_due < next.nominal_due, "dates");
        assert_eq!(next.from, row.nominal_due);
        assert_eq!(next.number, row.number + 1);
    }
    for row in rows {
        assert!(row.balance_after >= Decimal::ZERO, "balance {row:?}");
        if !capitalises(terms) {
            assert!(row.principal >= Decimal::ZERO, "principal {row:?}");
        }
        let exclusive = matches!(terms.taxes.kind, TaxKind::Exclusive);
        let tax = if exclusive { row.tax } else { Decimal::ZERO };
        assert_eq!(row.total, row.principal + row.interest + row.fee + tax);
    }
}

proptest! {
    #![proptest_config(runs(3000))]

    /// Any terms give a schedule or a typed error; a schedule keeps the laws.
    #[test]
    fn a_schedule_or_a_typed_error(terms in terms(), principal in amount(), on in date()) {
        let terms = placed(terms, on);
        match generate(&terms, principal, euro(), on, &Calendar::weekends()) {
            Ok(schedule) => check_laws(&terms, principal, &schedule),
            Err(error) => assert!((2000..3000).contains(&error.code()), "{error}"),
        }
    }

    /// The calendar repeats after 400 years, and so do the amounts.
    #[test]
    fn four_hundred_years_change_nothing(
        terms in terms(), principal in amount(), on in date(),
    ) {
        let shift = |date: NaiveDate| date.checked_add_months(Months::new(4800)).unwrap();
        let early = placed(terms.clone(), on);
        let late = placed(terms, shift(on));
        let early = generate(&early, principal, euro(), on, &Calendar::weekends());
        let late = generate(&late, principal, euro(), shift(on), &Calendar::weekends());
        match (early, late) {
            (Ok(early), Ok(late)) => {
                for (a, b) in early.instalments.iter().zip(&late.instalments) {
                    prop_assert_eq!(shift(a.nominal_due), b.nominal_due);
                    prop_assert_eq!((a.principal, a.interest, a.total), (b.principal, b.interest, b.total));
                }
            }
            (Err(early), Err(late)) => prop_assert_eq!(early.code(), late.code()),
            (early, late) => prop_assert!(false, "{:?} {:?}", early.is_ok(), late.is_ok()),
        }
    }
}

/// How a row of the simplest loans repays.
#[derive(Clone, Copy, Debug)]
enum Repaid {
    Total(Decimal),
    Principal(Decimal),
    Nothing,
}

/// Interest, principal and balance on decimals alone; `None` where 28 digits do not hold a figure.
fn by_decimals(
    principal: Decimal,
    repaid: Repaid,
    terms: &ScheduleTerms,
    schedule: &Schedule,
) -> Option<Vec<(Decimal, Decimal, Decimal)>> {
    let mode = terms.rounding.mode;
    let mut balance = principal;
    let mut rows = Vec::new();
    let last = schedule.instalments.len();
    for (at, row) in schedule.instalments.iter().enumerate() {
        let context = DayCountContext::default();
        let fraction = terms
            .interest
            .day_count
            .fraction(row.from, row.nominal_due, &context)
            .unwrap();
        let flat = matches!(terms.interest.method, InterestMethod::Flat);
        let charged = if flat { principal } else { balance };
        let interest = charged
            .checked_mul(terms.interest.rate.percent)?
            .checked_mul(fraction.numerator().into())?;
        let year = Decimal::from(fraction.denominator()) * Decimal::ONE_HUNDRED;
        // The product must be exact, or the decimals are the ones that are wrong.
        (interest.scale() == charged.scale() + terms.interest.rate.percent.scale()).then_some(())?;
        let interest = mode.round(interest.checked_div(year)?, 2);
        let paid = match repaid {
            _ if at + 1 == last => balance,
            Repaid::Total(total) => (total - interest).max(Decimal::ZERO).min(balance),
            Repaid::Principal(share) => share.min(balance),
            Repaid::Nothing => Decimal::ZERO,
        };
        balance -= paid;
        rows.push((paid, interest, balance));
    }
    Some(rows)
}

proptest! {
    #![proptest_config(runs(20_000))]

    /// Scaled integers and decimals give the same rows.
    #[test]
    fn integers_and_decimals_agree(
        count in 1_u32..120,
        principal in amount(),
        percent in percent(),
        day_count in pick(&[
            DayCount::Act365Fixed,
            DayCount::Act360,
            DayCount::Act364,
            DayCount::ActActIsda,
            DayCount::ActActLeapDay,
            DayCount::Nl365,
            DayCount::Thirty360E,
            DayCount::Thirty360Us,
        ]),
        mode in pick(&[
            Rounding::HalfUp,
            Rounding::HalfEven,
            Rounding::HalfDown,
            Rounding::Up,
            Rounding::Down,
        ]),
        way in 0_u8..4,
        every in period(),
        on in date(),
    ) {
        let mut terms = ScheduleTerms::new(count, every, Rate::per_year(percent));
        terms.interest.day_count = day_count;
        terms.rounding.mode = mode;
        match way {
            0 => {}
            1 => terms.amortization = Amortization::equal_principal(),
            2 => terms.amortization = Amortization::Bullet,
            _ => {
                terms.amortization = Amortization::equal_principal();
                terms.interest.method = InterestMethod::Flat;
            }
        }
        let Ok(schedule) = generate(&terms, principal, euro(), on, &Calendar::default()) else {
            // Years beyond the calendar, or a figure beyond 28 digits: other laws hold those.
            return Ok(());
        };
        // The first amount has tests of its own; the rows must follow from it.
        let first = schedule.instalments[0];
        let repaid = match way {
            // A loan whose first interest eats the whole amount hides the amount itself.
            0 if first.principal.is_zero() => return Ok(()),
            0 => Repaid::Total(first.total),
            2 => Repaid::Nothing,
            _ => Repaid::Principal(mode.round(principal / Decimal::from(count), 2)),
        };
        if let Some(rows) = by_decimals(principal, repaid, &terms, &schedule) {
            for (row, expected) in schedule.instalments.iter().zip(rows) {
                prop_assert_eq!((row.principal, row.interest, row.balance_after), expected);
            }
        }
    }

    /// Cutting a period in two conserves its interest where days are counted one by one.
    #[test]
    fn splitting_a_period_conserves_interest(
        on in date(),
        length in 2_i64..400,
        cut in 1_i64..399,
        percent in percent(),
        balance in amount(),
        day_count in pick(&[
            DayCount::Act365Fixed,
            DayCount::Act360,
            DayCount::Act364,
            DayCount::ActActIsda,
            DayCount::Nl365,
        ]),
    ) {
        let cut = on + chrono::TimeDelta::days(cut.min(length - 1));
        let end = on + chrono::TimeDelta::days(length);
        let mut terms = ScheduleTerms::new(1, Period::Days(30), Rate::per_year(percent));
        terms.interest.day_count = day_count;
        let calendar = Calendar::default();
        let contract = RunningContract {
            terms: &terms,
            currency: euro(),
            calendar: &calendar,
            disbursed_on: on,
            maturity: end,
        };
        let period = PeriodDates { number: 1, from: on, nominal_due: end, due: end };
        let segment = |from, to| BalanceSegment { from, to, balance };
        let whole = contract.period_interest(&period, &[segment(on, end)]).unwrap();
        let parts = contract
            .period_interest(&period, &[segment(on, cut), segment(cut, end)])
            .unwrap();
        prop_assert_eq!(whole, parts);
    }
}

#[test]
fn years_are_in_range() {
    // The strategy's ends, written out.
    assert_eq!(
        NaiveDate::from_ymd_opt(1600, 1, 1)
            .unwrap()
            .num_days_from_ce(),
        584_023
    );
    assert_eq!(
        NaiveDate::from_ymd_opt(9999, 12, 31)
            .unwrap()
            .num_days_from_ce(),
        3_652_059
    );
}
