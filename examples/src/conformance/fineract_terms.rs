//! The schedule terms of a loan as Fineract states them.

use std::str::FromStr;

use chrono::NaiveDate;
use ledger::{Currency, Rounding};
use lending_core::{
    dates::{Calendar, DueDateRule, FirstDue, MonthEnd, Period, due_dates},
    day_count::DayCount,
    schedule::{
        Amortization, AnnuityFormula, ElementRounding, Equalise, Grace, InterestDays,
        InterestMethod, InterestTerms, Multiple, Rate, Residue, RoundingTerms, ScheduleTerms,
    },
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Verdict, values};

/// A loan's terms, and what a schedule needs beside them.
pub(super) struct Loan {
    /// The terms.
    pub(super) terms: ScheduleTerms,
    /// The currency.
    pub(super) currency: Currency,
    /// The approved principal.
    pub(super) principal: Decimal,
    /// The day of the first disbursement.
    pub(super) start: NaiveDate,
}

/// The terms of a case.
///
/// # Errors
/// [`Verdict::Skip`] for what the libraries do not have, [`Verdict::Fail`] for what cannot be read.
pub(super) fn loan(terms: &Value, start: NaiveDate) -> Result<Loan, Verdict> {
    let progressive = choice(terms, "engine")? == "progressive";
    let every = every(terms)?;
    let rate = Rate::per_year(values::decimal(values::field(terms, "annual_rate_pct")?)?);
    let method = match choice(terms, "interest_method")? {
        "flat" => InterestMethod::Flat,
        "declining_balance" => InterestMethod::Declining,
        other => return skip("interest method", other),
    };
    let (day_count, days) = counting(terms, progressive, every)?;
    let equal = match choice(terms, "amortization")? {
        "equal_installments" => true,
        "equal_principal_payments" => false,
        other => return skip("amortization", other),
    };
    let amortization = match (equal, progressive) {
        (false, _) => Amortization::equal_principal(),
        (true, false) => Amortization::default(),
        (true, true) => Amortization::EqualInstalments {
            formula: AnnuityFormula::Factor,
            equalise: Equalise::OneCorrection,
            amount: None,
        },
    };
    let flat = matches!(method, InterestMethod::Flat);
    let mut out = ScheduleTerms {
        interest: InterestTerms {
            method,
            rate,
            day_count,
            days,
            ..InterestTerms::default()
        },
        amortization,
        grace: grace(terms)?,
        rounding: rounding(terms, equal, flat)?,
        ..ScheduleTerms::new(count(terms, "count")?, every, rate)
    };
    if let Some(down) = optional(terms, "down_payment") {
        out.down_payment_percent = Some(values::decimal(values::field(down, "percent")?)?);
    }
    dates(&mut out, terms, every, start)?;
    Ok(Loan {
        currency: Currency::from_str(values::text(values::field(terms, "currency")?)?)
            .map_err(|refusal| refusal.to_string())?,
        principal: values::decimal(values::field(terms, "principal")?)?,
        terms: out,
        start,
    })
}

fn skip<T>(what: &str, value: &str) -> Result<T, Verdict> {
    Err(Verdict::Skip(format!("{what} {value}")))
}

fn choice<'a>(terms: &'a Value, name: &str) -> Result<&'a str, Verdict> {
    Ok(values::text(values::field(terms, name)?)?)
}

/// A field that is there and not null.
fn optional<'a>(terms: &'a Value, name: &str) -> Option<&'a Value> {
    terms.get(name).filter(|value| !value.is_null())
}

fn count(terms: &Value, name: &str) -> Result<u32, Verdict> {
    let value = values::field(terms, name)?;
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    Ok(number.ok_or_else(|| format!("cannot read the case: {name} is {value}"))?)
}

fn every(terms: &Value) -> Result<Period, Verdict> {
    let each = count(terms, "repay_every")?;
    Ok(match choice(terms, "unit")? {
        "days" => Period::Days(each),
        "weeks" => Period::Weeks(each),
        "months" => Period::Months(each),
        "years" => Period::Years(each),
        other => return skip("period unit", other),
    })
}

/// Which convention the two "days in" settings come to.
fn counting(
    terms: &Value,
    progressive: bool,
    every: Period,
) -> Result<(DayCount, InterestDays), Verdict> {
    let setting = values::field(terms, "day_count")?;
    let year = choice(setting, "days_in_year")?;
    let month = choice(setting, "days_in_month")?;
    let by_period = choice(terms, "interest_calc_period")? == "same_as_repayment_period";
    // The older engine takes the actual year for 365 days, always.
    let fixed = match year {
        "360" => DayCount::Act360,
        "364" => DayCount::Act364,
        "365" => DayCount::Act365Fixed,
        "actual" if !progressive => DayCount::Act365Fixed,
        "actual" => DayCount::ActActCalendarYear,
        other => return skip("days in year", other),
    };
    if !progressive && by_period {
        // A week is one of 52, whatever the year.
        let weekly = matches!(every, Period::Weeks(_));
        let day_count = if weekly { DayCount::Act364 } else { fixed };
        return Ok((day_count, InterestDays::Nominal));
    }
    match (month, year) {
        ("30", "360") => Ok((DayCount::Thirty360E, InterestDays::Nominal)),
        ("30", _) => Ok((fixed, InterestDays::ThirtyDayMonths)),
        ("actual", _) => Ok((fixed, InterestDays::Counted)),
        (other, _) => skip("days in month", other),
    }
}

fn grace(terms: &Value) -> Result<Grace, Verdict> {
    let Some(grace) = optional(terms, "grace") else {
        return Ok(Grace::default());
    };
    Ok(Grace {
        principal: count(grace, "principal_installments")?,
        interest_deferred: count(grace, "interest_payment_installments")?,
        interest_free: count(grace, "interest_free_installments")?,
        ..Grace::default()
    })
}

fn rounding(terms: &Value, equal: bool, flat: bool) -> Result<RoundingTerms, Verdict> {
    let mode = match choice(terms, "rounding")? {
        "HALF_EVEN" => Rounding::HalfEven,
        "HALF_UP" => Rounding::HalfUp,
        "HALF_DOWN" => Rounding::HalfDown,
        "UP" => Rounding::Up,
        "DOWN" => Rounding::Down,
        "CEILING" => Rounding::Ceiling,
        "FLOOR" => Rounding::Floor,
        other => return skip("rounding", other),
    };
    let digits = count(terms, "digits")?;
    let mut out = RoundingTerms {
        mode,
        decimals: Some(u8::try_from(digits).map_err(|_| format!("{digits} digits"))?),
        ..RoundingTerms::default()
    };
    if flat {
        out.residue = Residue::PrincipalAndInterest;
    }
    // Whole instalments concern the total of equal instalments only.
    if let (Some(of), true) = (optional(terms, "installment_multiple_of"), equal) {
        let of = values::decimal(of)?;
        if of > Decimal::ZERO {
            out.elements = ElementRounding::Total;
            out.multiple = Some(Multiple { of, mode });
        }
    }
    Ok(out)
}

fn dates(
    out: &mut ScheduleTerms,
    terms: &Value,
    every: Period,
    start: NaiveDate,
) -> Result<(), Verdict> {
    let month_end = match optional(terms, "month_end").map(values::text).transpose()? {
        None | Some("last_day_of_month") => MonthEnd::Clamp,
        Some("first_day_of_next_month") => MonthEnd::RollToFirst,
        Some(other) => return skip("month end", other),
    };
    out.due_dates = DueDateRule::Interval { every, month_end };
    if let Some(anchor) = optional(terms, "schedule_start") {
        let anchor = values::parse_date(values::text(anchor)?)?;
        if anchor != start {
            out.first_due = FirstDue::CountedFrom(anchor);
        }
    }
    let Some(first) = optional(terms, "first_due") else {
        return Ok(());
    };
    let first = values::parse_date(values::text(first)?)?;
    let usual = due_dates(
        &out.due_dates,
        out.first_due,
        out.non_working_days,
        &Calendar::default(),
        start,
        1,
    )
    .map_err(|refusal| format!("refused: {refusal}"))?;
    if usual.first().is_none_or(|usual| usual.nominal != first) {
        out.first_due = FirstDue::On(first);
    }
    Ok(())
}
