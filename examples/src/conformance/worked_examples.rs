//! Worked examples with stated terms and given figures: those that a schedule can answer. The
//! terms are read from what the example states, in fields or in the words of its assumptions; an
//! example of something else (a deposit, a journal) is skipped.

mod told;

use ledger::Currency;
use lending_core::{
    dates::{Calendar, NonWorkingDayRule, Period},
    day_count::DayCount,
    schedule::{
        Amortization, AnnuityFormula, ElementRounding, InterestDays, InterestGrowth,
        InterestMethod, Rate, Residue, Schedule, ScheduleTerms, generate,
    },
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Case, Outcome, Source, Verdict, values};

/// Recognises a list of examples with given figures and stated terms.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let examples = source.json()?.get("examples")?.as_array()?;
    let shaped = |one: &Value| one.get("given").is_some() && one.get("terms_stated").is_some();
    if examples.is_empty() || !examples.iter().all(shaped) {
        return None;
    }
    let case = |example: &Value| {
        let id = example
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or("example");
        let example = example.clone();
        Case::new(id.to_owned(), move || check(&example))
    };
    Some(examples.iter().map(case).collect())
}

fn check(example: &Value) -> Outcome {
    let terms = values::field(example, "terms_stated")?;
    let given = values::field(example, "given")?;
    if terms.get("scheduleInterestDaysCountMethod").is_some() {
        return preview(terms, given);
    }
    if terms.get("method").is_some() && terms.get("disbursementDate").is_some() {
        return running(terms, given);
    }
    if given.get("payment").is_some() && terms.get("principal").is_some() {
        return equal_instalment(terms, given);
    }
    told::check(example)
}

fn stated<'a>(terms: &'a Value, name: &str) -> Result<&'a str, String> {
    values::text(values::field(terms, name)?)
}

fn number(terms: &Value, name: &str) -> Result<u32, String> {
    let value = values::field(terms, name)?;
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| format!("cannot read the case: {name} is {value}"))
}

/// The number that a text begins with: `5 ANNUALIZED`, `10% p.a.`.
fn leading(text: &str) -> Result<Decimal, String> {
    let digits: &str = text.split([' ', '%']).next().unwrap_or(text);
    values::parse_decimal(digits)
}

fn make(
    terms: &ScheduleTerms,
    principal: Decimal,
    start: &str,
    calendar: &Calendar,
) -> Result<Schedule, String> {
    let euro = Currency::from_code("EUR").map_err(|refusal| refusal.to_string())?;
    generate(terms, principal, euro, values::parse_date(start)?, calendar)
        .map_err(|refusal| format!("refused: {refusal}"))
}

fn method(terms: &mut ScheduleTerms, name: &str) -> Result<(), Verdict> {
    terms.amortization = match name {
        "FLAT" => {
            terms.interest.method = InterestMethod::Flat;
            Amortization::equal_principal()
        }
        "DECLINING_BALANCE" => Amortization::equal_principal(),
        "DECLINING_BALANCE_DISCOUNTED" => {
            Amortization::equal_instalments(AnnuityFormula::ClosedForm)
        }
        other => return Err(Verdict::Skip(format!("interest method {other}"))),
    };
    Ok(())
}

fn day_count(name: &str) -> Result<DayCount, Verdict> {
    Ok(match name {
        "E30_360" | "30E/360" => DayCount::Thirty360EIsda,
        "ACTUAL_365_FIXED" => DayCount::Act365Fixed,
        "ACTUAL_364" => DayCount::Act364,
        "ACTUAL_360" => DayCount::Act360,
        "ACTUAL_ACTUAL_ISDA" => DayCount::ActActIsda,
        other => return Err(Verdict::Skip(format!("day count {other}"))),
    })
}

/// A schedule previewed for a product, every row given.
fn preview(terms: &Value, given: &Value) -> Outcome {
    let rate = stated(terms, "rate")?;
    if !rate.ends_with("ANNUALIZED") {
        return Err(Verdict::Skip(format!("rate {rate}")));
    }
    let count = number(given, "installments")?;
    let mut out = ScheduleTerms::new(count, Period::Months(1), Rate::per_year(leading(rate)?));
    method(&mut out, stated(terms, "interestCalculationMethod")?)?;
    out.interest.day_count = day_count(stated(terms, "daysInYear")?)?;
    out.interest.days = match stated(terms, "scheduleInterestDaysCountMethod")? {
        "USING_REPAYMENT_PERIODICITY" => InterestDays::Nominal,
        "USING_ACTUAL_DAYS_COUNT" => InterestDays::Counted,
        other => return Err(Verdict::Skip(format!("interest days {other}"))),
    };
    match stated(terms, "roundingRepaymentScheduleMethod")? {
        "ROUND_REMAINDER_INTO_LAST_REPAYMENT" => {}
        "ROUND_PRINCIPAL_AND_INTEREST_REMAINDER_INTO_LAST_REPAYMENT" => {
            out.rounding.residue = Residue::PrincipalAndInterest;
        }
        "NO_ROUNDING" => out.rounding.elements = ElementRounding::Unrounded,
        other => return Err(Verdict::Skip(format!("rounding {other}"))),
    }
    out.non_working_days = match stated(terms, "repaymentReschedulingMethod")? {
        "NONE" => NonWorkingDayRule::None,
        "NEXT_WORKING_DAY" => NonWorkingDayRule::Next,
        "PREVIOUS_WORKING_DAY" => NonWorkingDayRule::Previous,
        "EXTEND_SCHEDULE" => NonWorkingDayRule::Extend,
        other => return Err(Verdict::Skip(format!("rescheduling {other}"))),
    };
    let rows = values::field(given, "rows")?.as_array();
    let rows = rows.ok_or("cannot read the case: rows")?;
    // The disbursement is not printed: one month before the second row's month begins the first.
    let second = rows
        .get(1)
        .and_then(|row| row.get(4))
        .and_then(Value::as_str);
    let second = values::parse_date(second.ok_or("cannot read the case: due dates")?)?;
    let start = second - chrono::Months::new(2);
    let principal = values::decimal(values::field(given, "loanAmount")?)?;
    let schedule = make(&out, principal, &start.to_string(), &Calendar::weekends())?;
    for (row, got) in rows.iter().zip(&schedule.instalments) {
        let cell = |at: usize| row.get(at).ok_or("cannot read the case: a short row");
        let due = values::parse_date(values::text(cell(4)?)?)?;
        values::same("principal", &values::decimal(cell(0)?)?, &got.principal)?;
        values::same("interest", &values::decimal(cell(1)?)?, &got.interest)?;
        values::same("due date", &due, &got.due)?;
    }
    values::same("rows", &rows.len(), &schedule.instalments.len())?;
    Ok(())
}

/// A running loan whose first instalment is paid and whose second is due.
fn running(terms: &Value, given: &Value) -> Outcome {
    if stated(terms, "interval")? != "1 MONTHS" {
        return Err(Verdict::Skip("an interval other than a month".to_owned()));
    }
    let rate = Rate::per_year(values::decimal(values::field(terms, "interestRate")?)?);
    let mut out = ScheduleTerms::new(number(terms, "installments")?, Period::Months(1), rate);
    method(&mut out, stated(terms, "method")?)?;
    // The printed interest is that of actual days over 360; the product's setting is not printed.
    out.interest.day_count = DayCount::Act360;
    let principal = values::decimal(values::field(given, "loanAmount")?)?;
    let start = stated(terms, "disbursementDate")?;
    let schedule = make(&out, principal, start, &Calendar::default())?;
    let [first, second, ..] = schedule.instalments.as_slice() else {
        return Err(Verdict::Fail("fewer than two rows".to_owned()));
    };
    for (name, got) in [
        ("principalPaid", first.principal),
        ("interestPaid", first.interest),
        ("principalBalance", first.balance_after),
        ("principalDue", second.principal),
        ("interestDue", second.interest),
    ] {
        values::same(name, &values::decimal(values::field(given, name)?)?, &got)?;
    }
    Ok(())
}

/// An equal instalment and its first interest, simple or effective.
fn equal_instalment(terms: &Value, given: &Value) -> Outcome {
    let rate = stated(terms, "rate")?;
    let count = number(terms, "installments")?;
    let mut out = ScheduleTerms::new(count, Period::Months(1), Rate::per_year(leading(rate)?));
    out.interest.days = InterestDays::Nominal;
    if let Some(convention) = terms.get("dayCount") {
        out.interest.day_count = day_count(values::text(convention)?)?;
    }
    if rate.ends_with("effective") {
        out.interest.growth = InterestGrowth::Compound;
    }
    let principal = values::decimal(values::field(terms, "principal")?)?;
    let schedule = make(&out, principal, "2001-01-01", &Calendar::default())?;
    let first = schedule.instalments.first().ok_or("no rows")?;
    for (name, got) in [
        ("payment", first.total),
        ("interest1", first.interest),
        ("principal1", first.principal),
    ] {
        if let Some(expected) = given.get(name) {
            values::same(name, &values::decimal(expected)?, &got)?;
        }
    }
    Ok(())
}
