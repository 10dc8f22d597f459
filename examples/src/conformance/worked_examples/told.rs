//! Examples whose terms stand in words: in the assumptions under which their figures arise.

use chrono::{Months, NaiveDate};
use ledger::Rounding;
use lending_core::{
    dates::{Calendar, Period},
    day_count::DayCount,
    schedule::{
        Amortization, ChargeFrequency, Funding, IndexValue, InterestDays, InterestMethod, Pricing,
        Rate, ScheduleTerms,
    },
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::Value;

use super::{
    super::{Outcome, Verdict, values},
    make, number,
};

/// Checks an example by what kind of figures it gives.
pub(super) fn check(example: &Value) -> Outcome {
    let given = values::field(example, "given")?;
    let words = Words::of(example);
    let has = |names: &[&str]| names.iter().all(|name| given.get(name).is_some());
    if has(&["installment", "organization", "funders"]) {
        return funded(&words, given);
    }
    if has(&["loan", "rate", "months", "accrual"]) {
        return interest_only(given);
    }
    if has(&["amount", "installments", "rate", "repayment", "today"]) {
        return prepaid(&words, given);
    }
    if has(&["rate", "startDate"]) {
        return index_rate(given);
    }
    if words.percent("FOUR_WEEKS").is_ok() && has(&["rows"]) {
        return rows(&words, given);
    }
    Err(Verdict::Skip(
        "an example without the terms of a schedule".to_owned(),
    ))
}

/// The words of an example.
struct Words(String);

impl Words {
    fn of(example: &Value) -> Self {
        let mut text = String::new();
        let terms = example.get("terms_stated").and_then(Value::as_object);
        for name in terms.into_iter().flat_map(|terms| terms.keys()) {
            text.push_str(name);
            text.push_str("; ");
        }
        let list = example.get("assumptions").and_then(Value::as_array);
        for one in list.into_iter().flatten().filter_map(Value::as_str) {
            text.push_str(one);
            text.push_str("; ");
        }
        Self(text)
    }

    fn say(&self, words: &str) -> bool {
        self.0.contains(words)
    }

    /// The number before some words.
    fn before(&self, words: &str) -> Result<Decimal, String> {
        let missing = || format!("cannot read the case: no number before {words:?}");
        let (text, _) = self.0.split_once(words).ok_or_else(missing)?;
        let number = text.trim_end().trim_end_matches('%');
        let digits = number
            .rsplit(|c: char| !(c.is_ascii_digit() || c == '.'))
            .next();
        values::parse_decimal(digits.ok_or_else(missing)?)
    }

    /// The number or date after some words.
    fn after(&self, words: &str) -> Result<&str, String> {
        let missing = || format!("cannot read the case: nothing after {words:?}");
        let (_, text) = self.0.split_once(words).ok_or_else(missing)?;
        let end = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'));
        let word = text.trim_start().split(end).next();
        word.map(|word| word.trim_end_matches('.'))
            .ok_or_else(missing)
    }

    /// The percentage that stands before a name of a charge frequency.
    fn percent(&self, frequency: &str) -> Result<Decimal, String> {
        let (text, _) = self
            .0
            .split_once(frequency)
            .ok_or_else(|| format!("cannot read the case: no {frequency}"))?;
        let (number, _) = text
            .rsplit_once('%')
            .ok_or("cannot read the case: no rate")?;
        let digits = number
            .rsplit(|c: char| !(c.is_ascii_digit() || c == '.'))
            .next();
        values::parse_decimal(digits.unwrap_or_default())
    }
}

fn cell(row: &Value, at: usize) -> Result<&Value, String> {
    row.get(at)
        .ok_or_else(|| "cannot read the case: a short row".to_owned())
}

/// Rows of principal, interest and date, at a rate for four weeks.
fn rows(words: &Words, given: &Value) -> Outcome {
    let list = values::field(given, "rows")?.as_array();
    let list = list.ok_or("cannot read the case: rows")?;
    let date = |row: &Value| values::parse_date(values::text(cell(row, 2)?)?);
    let first = date(list.first().ok_or("cannot read the case: no rows")?)?;
    let count = words.before("installments")?;
    let principal = match words.before("over") {
        Ok(principal) => principal,
        Err(_) => values::parse_decimal(words.after("equal principal")?)? * count,
    };
    let rate = Rate {
        percent: words.percent("FOUR_WEEKS")?,
        per: ChargeFrequency::FourWeeks,
    };
    let count = count.to_u32().ok_or("cannot read the case: installments")?;
    let mut terms = ScheduleTerms::new(count, Period::Months(1), rate);
    terms.amortization = Amortization::equal_principal();
    if words.say("FLAT") {
        terms.interest.method = InterestMethod::Flat;
    }
    if words.say("USING_REPAYMENT_PERIODICITY") {
        terms.interest.days = InterestDays::Nominal;
    }
    let start = words.after("disbursed").and_then(values::parse_date);
    let start = start.unwrap_or(first - Months::new(1));
    let schedule = make(&terms, principal, &start.to_string(), &Calendar::default())?;
    // Where the user edited principals and dates, the interest is still that of the schedule.
    let edited = words.say("edits");
    for (row, got) in list.iter().zip(&schedule.instalments) {
        let interest = values::decimal(cell(row, 1)?)?;
        values::same("interest", &interest, &got.interest)?;
        if !edited {
            values::same(
                "principal",
                &values::decimal(cell(row, 0)?)?,
                &got.principal,
            )?;
            values::same("due date", &date(row)?, &got.due)?;
        }
    }
    Ok(())
}

/// An instalment whose interest is divided between the lender and those who funded the loan.
fn funded(words: &Words, given: &Value) -> Outcome {
    let rate = words.before("% p.a. (")?;
    let principal = words.before("at ")?;
    let each = words.after("principal ")?;
    let commission = values::parse_decimal(words.after("org commission ")?)?;
    let each = values::parse_decimal(each)?;
    let count = (principal / each)
        .to_u32()
        .ok_or("cannot read the case: principal")?;
    let mut terms = ScheduleTerms::new(count, Period::Months(1), Rate::per_year(rate));
    terms.amortization = Amortization::equal_principal();
    terms.interest.days = InterestDays::Nominal;
    let schedule = make(&terms, principal, "2001-01-01", &Calendar::default())?;
    let first = schedule.instalments.first().ok_or("no rows")?;
    values::same(
        "installment",
        &values::decimal(values::field(given, "installment")?)?,
        &first.total,
    )?;
    let list = values::field(given, "funders")?.as_array();
    let list = list.ok_or("cannot read the case: funders")?;
    let column = |at| {
        let cells = list.iter().map(|row| values::decimal(cell(row, at)?));
        cells.collect::<Result<Vec<_>, String>>()
    };
    let funding = Funding {
        rate,
        commission,
        shares: column(0)?,
    };
    let parts = funding.divide(first.interest, 2, Rounding::HalfUp);
    let parts = parts.map_err(|refusal| format!("refused: {refusal}"))?;
    let organization = values::decimal(values::field(given, "organization")?)?;
    values::same("organization", &organization, &parts.commission)?;
    for (expected, got) in column(1)?.iter().zip(&parts.funders) {
        values::same("funder", expected, got)?;
    }
    Ok(())
}

/// A loan of interest alone, its whole principal at the end.
fn interest_only(given: &Value) -> Outcome {
    let amount = |name| values::decimal(values::field(given, name)?);
    let months = number(given, "months")?;
    let mut terms = ScheduleTerms::new(months, Period::Months(1), Rate::per_year(amount("rate")?));
    terms.amortization = Amortization::Bullet;
    terms.interest.days = InterestDays::Nominal;
    let schedule = make(&terms, amount("loan")?, "2001-01-01", &Calendar::default())?;
    let monthly = values::field(given, "accrual")?.as_array();
    for (expected, row) in monthly.into_iter().flatten().zip(&schedule.instalments) {
        values::same("interest", &values::decimal(expected)?, &row.interest)?;
    }
    let totals = schedule.totals();
    let cash = values::field(given, "cash")?.as_array();
    let cash = cash.ok_or("cannot read the case: cash")?;
    for (expected, got) in cash
        .iter()
        .zip([totals.total, totals.principal, totals.interest])
    {
        values::same("cash", &values::decimal(expected)?, &got)?;
    }
    Ok(())
}

/// A loan of equal principal that is paid ahead: what was due, what is left.
fn prepaid(words: &Words, given: &Value) -> Outcome {
    let amount = |name| values::decimal(values::field(given, name)?);
    let date = |name| values::parse_date(values::text(values::field(given, name)?)?);
    let rate = values::text(values::field(given, "rate")?)?;
    let rate = Rate::per_year(super::leading(rate)?);
    let mut terms = ScheduleTerms::new(number(given, "installments")?, Period::Months(1), rate);
    terms.amortization = Amortization::equal_principal();
    terms.interest.days = InterestDays::Nominal;
    if amount("days")? == Decimal::from(360) {
        terms.interest.day_count = DayCount::Thirty360E;
    }
    let start = date("disbursed")?;
    let schedule = make(
        &terms,
        amount("amount")?,
        &start.to_string(),
        &Calendar::default(),
    )?;
    let printed = words.0.split_once("schedule: ").map(|(_, rest)| rest);
    let printed = printed
        .and_then(|rest| rest.split_once("; "))
        .map(|(list, _)| list);
    let printed: Value = serde_json::from_str(printed.unwrap_or_default())
        .map_err(|reason| format!("cannot read the case: {reason}"))?;
    for (row, got) in printed
        .as_array()
        .into_iter()
        .flatten()
        .zip(&schedule.instalments)
    {
        values::same(
            "principal",
            &values::decimal(cell(row, 0)?)?,
            &got.principal,
        )?;
        values::same("interest", &values::decimal(cell(row, 1)?)?, &got.interest)?;
    }
    let today: NaiveDate = date("today")?;
    let due: Vec<_> = schedule
        .instalments
        .iter()
        .filter(|row| row.due <= today)
        .collect();
    let owed: Decimal = due.iter().map(|row| row.total).sum();
    // "due on <day> = instalments <which> = <amount>"
    let sentence = words
        .0
        .split_once("due on")
        .and_then(|(_, rest)| rest.split(';').next());
    let stated = sentence.and_then(|sentence| sentence.rsplit("= ").next());
    values::same(
        "due",
        &values::parse_decimal(stated.unwrap_or_default())?,
        &owed,
    )?;
    let left = due.last().map_or(Decimal::ZERO, |row| row.balance_after);
    let left = left - (amount("repayment")? - owed);
    let expected = values::parse_decimal(words.after("outstanding after = ")?)?;
    values::same("outstanding", &expected, &left)?;
    Ok(())
}

/// An index value that a contract must accept.
fn index_rate(given: &Value) -> Outcome {
    let percent = values::decimal(values::field(given, "rate")?)?;
    let from = values::parse_date(values::text(values::field(given, "startDate")?)?)?;
    let mut terms = ScheduleTerms::new(12, Period::Months(1), Rate::per_year(Decimal::ONE));
    terms.interest.pricing = Pricing::Indexed {
        index: vec![IndexValue { from, percent }],
        review: Period::Months(1),
        floor: None,
        ceiling: None,
    };
    make(
        &terms,
        Decimal::ONE_HUNDRED,
        &from.to_string(),
        &Calendar::default(),
    )?;
    Ok(())
}
