//! Any terms give a schedule or a typed error, never a panic, and principals sum to the amount.
#![no_main]

use arbitrary::{Result, Unstructured};
use chrono::NaiveDate;
use lending_core::{
    dates::{Calendar, MonthEnd, DueDateRule, Period},
    day_count::DayCount,
    schedule::{
        Amortization, AnnuityFormula, ChargeFrequency, InterestDays, InterestGrowth,
        InterestMethod, Rate, ScheduleTerms, generate,
    },
};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

fn terms(u: &mut Unstructured<'_>) -> Result<ScheduleTerms> {
    let count = u.int_in_range(1..=1_000)?;
    let every = match u.int_in_range(0..=3)? {
        0 => Period::Days(u.int_in_range(1..=400)?),
        1 => Period::Weeks(u.int_in_range(1..=60)?),
        2 => Period::Months(u.int_in_range(1..=24)?),
        _ => Period::Years(u.int_in_range(1..=3)?),
    };
    let percent = Decimal::new(u.int_in_range(0..=10_000_000)?, 4);
    let per = *u.choose(&[ChargeFrequency::Year, ChargeFrequency::Month, ChargeFrequency::Day])?;
    let mut terms = ScheduleTerms::new(count, every, Rate { percent, per });
    if u.arbitrary()? {
        terms.due_dates = DueDateRule::Interval { every, month_end: MonthEnd::RollToFirst };
    }
    terms.interest.day_count = *u.choose(&DayCount::ALL)?;
    terms.interest.days = *u.choose(&[InterestDays::Counted, InterestDays::Nominal])?;
    terms.interest.growth = *u.choose(&[InterestGrowth::Simple, InterestGrowth::Compound])?;
    terms.interest.method = *u.choose(&[
        InterestMethod::Declining,
        InterestMethod::Flat,
        InterestMethod::Free,
    ])?;
    terms.amortization = match u.int_in_range(0..=4)? {
        0 => Amortization::equal_principal(),
        1 => Amortization::Bullet,
        2 => Amortization::equal_instalments(AnnuityFormula::Factor),
        3 => Amortization::equal_instalments(AnnuityFormula::Actus),
        _ => Amortization::equal_instalments(AnnuityFormula::ClosedForm),
    };
    terms.grace.principal = u.int_in_range(0..=20)?;
    Ok(terms)
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok(terms) = terms(&mut u) else { return };
    let Ok(minor) = u.int_in_range(1_i64..=100_000_000_000_000_000) else { return };
    let Ok(days) = u.int_in_range(584_000..=3_650_000) else { return };
    let Some(start) = NaiveDate::from_num_days_from_ce_opt(days) else { return };
    let currency = "EUR".parse().unwrap();
    let amount = Decimal::new(minor, 2);
    if let Ok(schedule) = generate(&terms, amount, currency, start, &Calendar::default()) {
        assert_eq!(schedule.totals().principal, amount);
    }
});
