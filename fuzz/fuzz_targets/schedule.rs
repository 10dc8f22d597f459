//! Any terms give a schedule or a typed error, never a panic, an overflow or an endless loop; and a
//! schedule keeps its totals, as it is made and after any edit. Years 1600 to 9999, 1 to 1,000 instalments, rates 0 to 1,000 %,
//! amounts 0.01 to 10^15.
#![no_main]

use arbitrary::{Result, Unstructured};
use chrono::{Days, NaiveDate, Weekday};
use ledger::Rounding;
use lending_core::{
    dates::{Calendar, DueDateRule, FirstDue, MonthEnd, NonWorkingDayRule, NthOfMonth, Period},
    day_count::DayCount,
    schedule::{
        Amortization, AnnuityFormula, BalanceTier, Balloon, ChargeFrequency, CustomAmount,
        DeferredInterest, DueDateChange, ElementRounding, Equalise, Grace, HolidayInterest,
        IndexValue, InstalmentFee, InstalmentTier, InterestAfterEdit, InterestDays,
        InterestGrowth, InterestMethod, InterestPause, Multiple, OddFirstPeriod, PaymentHoliday,
        PaymentTier, Pricing, PrincipalChange, Rate, RateChange, Residue, RunningContract,
        Schedule, ScheduleEdit, ScheduleTerms, TaxKind, TierPart, Tranche, generate,
    },
};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

fn some<T>(
    u: &mut Unstructured<'_>,
    one_in: u8,
    make: impl FnOnce(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Option<T>> {
    if u.int_in_range(1..=one_in)? == one_in { make(u).map(Some) } else { Ok(None) }
}

/// 0 to 1,000 % with up to six decimals.
fn percent(u: &mut Unstructured<'_>) -> Result<Decimal> {
    Ok(match u.int_in_range(0..=2)? {
        0 => Decimal::from(u.int_in_range(0..=100)?),
        1 => Decimal::new(u.int_in_range(0..=100_000)?, 2),
        _ => Decimal::new(u.int_in_range(0..=1_000_000_000)?, 6),
    })
}

/// 0.01 to 10^15.
fn amount(u: &mut Unstructured<'_>) -> Result<Decimal> {
    let cents = match u.int_in_range(0..=1)? {
        0 => u.int_in_range(1..=10_000_000)?,
        _ => u.int_in_range(1..=100_000_000_000_000_000_i64)?,
    };
    Ok(Decimal::new(cents, 2))
}

fn later(u: &mut Unstructured<'_>, from: NaiveDate, most: u64) -> Result<NaiveDate> {
    let days = u.int_in_range(0..=most)?;
    Ok(from.checked_add_days(Days::new(days)).unwrap_or(from))
}

fn period(u: &mut Unstructured<'_>) -> Result<Period> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Period::Days(u.int_in_range(0..=400)?),
        1 => Period::Weeks(u.int_in_range(0..=60)?),
        2 => Period::Months(u.int_in_range(0..=24)?),
        _ => Period::Years(u.int_in_range(0..=3)?),
    })
}

fn frequency(u: &mut Unstructured<'_>) -> Result<ChargeFrequency> {
    Ok(match u.int_in_range(0..=9)? {
        0 => ChargeFrequency::Month,
        1 => ChargeFrequency::FourWeeks,
        2 => ChargeFrequency::Week,
        3 => ChargeFrequency::Day,
        4 => ChargeFrequency::Days(u.int_in_range(0..=60)?),
        5 => ChargeFrequency::WholeTerm,
        _ => ChargeFrequency::Year,
    })
}

fn dates(u: &mut Unstructured<'_>, terms: &mut ScheduleTerms, on: NaiveDate) -> Result<()> {
    let month_end = *u.choose(&[MonthEnd::Clamp, MonthEnd::RollToFirst, MonthEnd::StickToEnd])?;
    terms.due_dates = match u.int_in_range(0..=9)? {
        0 => {
            let count = u.int_in_range(0..=4)?;
            let days = (0..count).map(|_| u.int_in_range(0..=32)).collect::<Result<_>>()?;
            DueDateRule::FixedDaysOfMonth { days, month_end }
        }
        1 => DueDateRule::NthWeekday {
            every_months: u.int_in_range(0..=6)?,
            nth: *u.choose(&[NthOfMonth::First, NthOfMonth::Fourth, NthOfMonth::Last])?,
            weekday: *u.choose(&[Weekday::Mon, Weekday::Fri, Weekday::Sun])?,
        },
        2 => {
            let mut dates = Vec::new();
            let mut at = on;
            for _ in 0..terms.instalments.min(30) {
                at = later(u, at, 60)?;
                dates.push(at);
            }
            DueDateRule::Explicit { dates }
        }
        _ => DueDateRule::Interval { every: period(u)?, month_end },
    };
    terms.first_due = match u.int_in_range(0..=6)? {
        0 => FirstDue::OffsetDays(u.int_in_range(-400..=400)?),
        1 => FirstDue::On(later(u, on, 400)?),
        2 => FirstDue::CountedFrom(on.checked_sub_days(Days::new(u.int_in_range(0..=4000)?)).unwrap_or(on)),
        _ => FirstDue::AfterOnePeriod,
    };
    terms.non_working_days = *u.choose(&[
        NonWorkingDayRule::None,
        NonWorkingDayRule::Next,
        NonWorkingDayRule::Previous,
        NonWorkingDayRule::ModifiedNext,
        NonWorkingDayRule::ModifiedPrevious,
        NonWorkingDayRule::Extend,
    ])?;
    Ok(())
}

fn interest(u: &mut Unstructured<'_>, terms: &mut ScheduleTerms, on: NaiveDate) -> Result<()> {
    let per = frequency(u)?;
    let interest = &mut terms.interest;
    interest.rate = Rate { percent: percent(u)?, per };
    interest.day_count = *u.choose(&DayCount::ALL)?;
    interest.days = *u.choose(&[
        InterestDays::Counted,
        InterestDays::Nominal,
        InterestDays::ThirtyDayMonths,
    ])?;
    interest.growth = *u.choose(&[InterestGrowth::Simple, InterestGrowth::Compound])?;
    interest.odd_first_period = *u.choose(&[
        OddFirstPeriod::NominalAndDays,
        OddFirstPeriod::Counted,
        OddFirstPeriod::Nominal,
        OddFirstPeriod::PeriodsAndShare,
    ])?;
    interest.method = *u.choose(&[
        InterestMethod::Declining,
        InterestMethod::Declining,
        InterestMethod::Flat,
        InterestMethod::Free,
    ])?;
    interest.pricing = match u.int_in_range(0..=7)? {
        0 => Pricing::TieredByBalance {
            tiers: vec![
                BalanceTier { up_to: Some(amount(u)?), percent: percent(u)? },
                BalanceTier { up_to: None, percent: percent(u)? },
            ],
            part: *u.choose(&[TierPart::WholeBalance, TierPart::InsideTier])?,
        },
        1 => Pricing::TieredByInstalment {
            tiers: vec![
                InstalmentTier { up_to: u.int_in_range(0..=10)?, percent: percent(u)? },
                InstalmentTier { up_to: 1_000, percent: percent(u)? },
            ],
        },
        2 => Pricing::Indexed {
            index: vec![
                IndexValue { from: on, percent: percent(u)? - Decimal::TEN },
                IndexValue { from: later(u, on, 900)?, percent: percent(u)? },
            ],
            review: period(u)?,
            floor: some(u, 2, percent)?,
            ceiling: some(u, 2, percent)?,
        },
        _ => Pricing::Fixed,
    };
    if let Some(from) = some(u, 4, |u| later(u, on, 900))? {
        let rate = Rate { percent: percent(u)?, per: frequency(u)? };
        interest.changes.push(RateChange { from, rate });
    }
    if let Some(from) = some(u, 4, |u| later(u, on, 300))? {
        interest.pauses.push(InterestPause { from, to: later(u, from, 300)? });
    }
    interest.charged_from = some(u, 8, |u| later(u, on, 100))?;
    Ok(())
}

fn amortization(u: &mut Unstructured<'_>, count: u32) -> Result<Amortization> {
    let formula = *u.choose(&[
        AnnuityFormula::ClosedForm,
        AnnuityFormula::ClosedFormByDays,
        AnnuityFormula::Factor,
        AnnuityFormula::Actus,
    ])?;
    let equalise = *u.choose(&[
        Equalise::LastTakesRest,
        Equalise::OneCorrection,
        Equalise::SmallestAmount,
    ])?;
    Ok(match u.int_in_range(0..=12)? {
        0 => Amortization::EqualPrincipal { every: u.int_in_range(0..=5)? },
        1 => Amortization::Bullet,
        2 => Amortization::PrincipalPercent { percent: percent(u)? },
        3 => Amortization::GradedInstalments {
            every: u.int_in_range(0..=20)?,
            change_percent: percent(u)? - Decimal::from(60),
        },
        4 => Amortization::Balloon(Balloon::Principal { amount: amount(u)? }),
        5 => Amortization::Balloon(Balloon::LongerTerm { instalments: u.int_in_range(0..=2000)? }),
        6 => Amortization::PaymentPlan {
            tiers: vec![
                PaymentTier { up_to: u.int_in_range(0..=count)?, amount: amount(u)? },
                PaymentTier { up_to: 1_000, amount: amount(u)? },
            ],
        },
        7 => {
            let totals = (1..count.min(40)).map(|_| amount(u).map(|amount| CustomAmount { amount }));
            Amortization::CustomTotals { totals: totals.collect::<Result<_>>()? }
        }
        8 => {
            let principals =
                (0..count.min(40)).map(|_| amount(u).map(|amount| CustomAmount { amount }));
            Amortization::CustomPrincipal { principals: principals.collect::<Result<_>>()? }
        }
        9 => Amortization::EqualInstalments { formula, equalise, amount: Some(amount(u)?) },
        _ => Amortization::EqualInstalments { formula, equalise, amount: None },
    })
}

fn rounding(u: &mut Unstructured<'_>, terms: &mut ScheduleTerms) -> Result<()> {
    let modes = [
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::HalfDown,
        Rounding::Up,
        Rounding::Down,
        Rounding::Ceiling,
        Rounding::Floor,
    ];
    let rounding = &mut terms.rounding;
    rounding.mode = *u.choose(&modes)?;
    rounding.elements = *u.choose(&[
        ElementRounding::Each,
        ElementRounding::Each,
        ElementRounding::WholeUnits,
        ElementRounding::Total,
        ElementRounding::Unrounded,
    ])?;
    if matches!(rounding.elements, ElementRounding::WholeUnits | ElementRounding::Total) {
        let of = *u.choose(&[5_i64, 100, 1_000, 100_000])?;
        rounding.multiple = Some(Multiple { of: Decimal::new(of, 2), mode: *u.choose(&modes)? });
    }
    rounding.decimals = some(u, 6, |u| u.int_in_range(2..=13))?;
    rounding.residue = *u.choose(&[Residue::Principal, Residue::PrincipalAndInterest])?;
    rounding.each_stretch = u.ratio(1, 8)?;
    rounding.significant_digits = some(u, 8, |u| u.int_in_range(5..=29))?;
    Ok(())
}

fn charges(u: &mut Unstructured<'_>, terms: &mut ScheduleTerms, on: NaiveDate) -> Result<()> {
    for _ in 0..u.int_in_range(0..=2)? {
        terms.fees.push(match u.int_in_range(0..=6)? {
            0 => InstalmentFee::Flat { amount: amount(u)? },
            1 => InstalmentFee::Divided { amount: amount(u)? },
            2 => InstalmentFee::DisbursedPercentDivided { percent: percent(u)? },
            3 => InstalmentFee::DisbursedPercent { percent: percent(u)? },
            4 => InstalmentFee::PrincipalPercent { percent: percent(u)? },
            5 => InstalmentFee::InterestPercent { percent: percent(u)? },
            _ => InstalmentFee::TotalPercent { percent: percent(u)? },
        });
    }
    terms.taxes.interest_percent = some(u, 4, percent)?;
    terms.taxes.fee_percent = some(u, 4, percent)?;
    terms.taxes.kind = *u.choose(&[TaxKind::Exclusive, TaxKind::Inclusive])?;
    terms.down_payment_percent = some(u, 8, percent)?;
    if let Some(on) = some(u, 4, |u| later(u, on, 900))? {
        terms.tranches.push(Tranche { on, amount: amount(u)? });
        if let Some(on) = some(u, 2, |u| later(u, on, 100))? {
            terms.tranches.push(Tranche { on, amount: amount(u)? });
        }
    }
    if let Some(instalment) = some(u, 4, |u| u.int_in_range(0..=12))? {
        let interest = *u.choose(&[
            HolidayInterest::Due,
            HolidayInterest::Waived,
            HolidayInterest::Deferred,
            HolidayInterest::Capitalised,
        ])?;
        terms.payment_holidays.push(PaymentHoliday { instalment, interest });
    }
    if u.ratio(1, 3)? {
        terms.grace = Grace {
            principal: u.int_in_range(0..=20)?,
            interest_deferred: u.int_in_range(0..=20)?,
            deferred: *u.choose(&[
                DeferredInterest::NextInstalment,
                DeferredInterest::Spread,
                DeferredInterest::Capitalised,
            ])?,
            interest_free: u.int_in_range(0..=20)?,
        };
    }
    Ok(())
}

fn calendar(u: &mut Unstructured<'_>, on: NaiveDate) -> Result<Calendar> {
    let mut rest = Vec::new();
    for day in [Weekday::Mon, Weekday::Fri, Weekday::Sat, Weekday::Sun] {
        if u.arbitrary()? {
            rest.push(day);
        }
    }
    let mut holidays = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        holidays.push(later(u, on, 400)?);
    }
    Ok(Calendar::new(rest, holidays, [(12, 25), (2, 29)]).unwrap_or_default())
}

fn contract(u: &mut Unstructured<'_>) -> Result<(ScheduleTerms, Decimal, NaiveDate, Calendar)> {
    // 1 January 1600 to 31 December 9999.
    let on = NaiveDate::from_num_days_from_ce_opt(u.int_in_range(584_023..=3_652_059)?);
    let on = on.unwrap_or_default();
    let count = match u.int_in_range(0..=3)? {
        0 => u.int_in_range(1..=1_000)?,
        _ => u.int_in_range(1..=36)?,
    };
    let mut terms = ScheduleTerms::new(count, Period::Months(1), Rate::default());
    dates(u, &mut terms, on)?;
    interest(u, &mut terms, on)?;
    terms.amortization = amortization(u, count)?;
    rounding(u, &mut terms)?;
    charges(u, &mut terms, on)?;
    Ok((terms, amount(u)?, on, calendar(u, on)?))
}

/// Any edit of a schedule, most of them near something that fits.
fn edit(u: &mut Unstructured<'_>, schedule: &Schedule) -> Result<ScheduleEdit> {
    let rows = &schedule.instalments;
    let interest = *u.choose(&[InterestAfterEdit::Keep, InterestAfterEdit::Recompute])?;
    let near = u.choose(rows)?.clone();
    Ok(match u.int_in_range(0..=4)? {
        0 => {
            let due = later(u, near.due, 40)?;
            let changes = vec![DueDateChange { instalment: near.number, due }];
            ScheduleEdit::DueDates { changes, interest }
        }
        1 => {
            // What one row gives, another takes.
            let other = u.choose(rows)?;
            let part = Decimal::new(u.int_in_range(-10_000..=10_000)?, 2);
            let change = |instalment, principal| PrincipalChange { instalment, principal };
            let changes = vec![
                change(near.number, near.principal - part),
                change(other.number, other.principal + part),
            ];
            ScheduleEdit::Principals { changes, interest }
        }
        2 => {
            let changes = vec![PrincipalChange { instalment: near.number, principal: amount(u)? }];
            ScheduleEdit::Principals { changes, interest }
        }
        3 => ScheduleEdit::InstalmentCount { instalments: u.int_in_range(0..=60)? },
        _ => {
            let interest = *u.choose(&[HolidayInterest::Due, HolidayInterest::Capitalised])?;
            let add = vec![PaymentHoliday { instalment: near.number, interest }];
            ScheduleEdit::PaymentHolidays { add }
        }
    })
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok((terms, principal, on, calendar)) = contract(&mut u) else { return };
    let currency = "EUR".parse().unwrap();
    let Ok(schedule) = generate(&terms, principal, currency, on, &calendar) else { return };
    let later: Decimal = terms.tranches.iter().map(|tranche| tranche.amount).sum();
    assert_eq!(schedule.totals().principal, principal + later);
    let rows = &schedule.instalments;
    assert_eq!(rows.last().map(|row| row.balance_after), Some(Decimal::ZERO));
    let contract = RunningContract::of(&terms, currency, &calendar, &schedule).unwrap();
    for number in [1, terms.instalments] {
        let _ = schedule.explain(number, &contract).map(|why| why.to_string());
    }
    let Ok(edit) = edit(&mut u, &schedule) else { return };
    let first_open = u.int_in_range(0..=3).unwrap_or(1);
    let Ok(edited) = schedule.edit(&contract, first_open, &edit) else { return };
    let after = &edited.schedule.instalments;
    assert_eq!(edited.schedule.totals().principal, principal + later, "{edit:?}");
    assert_eq!(after.last().map(|row| row.balance_after), Some(Decimal::ZERO), "{edit:?}");
    assert!(after.windows(2).all(|pair| pair[0].due <= pair[1].due), "{edit:?}");
    for (old, new) in rows.iter().zip(after).filter(|(old, _)| old.number < first_open) {
        assert_eq!(old, new, "{edit:?}");
    }
});
