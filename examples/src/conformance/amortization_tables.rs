//! Published amortization tables: each row's opening and closing balance, rate, interest,
//! principal and instalment, and totals by year. Figures are unrounded, shown with two decimals.
//!
//! A table does not name its method. It shows in the rows: equal principals, equal instalments
//! (anew after each change of the rate), interest alone, or payments that the borrower leaves out.

use chrono::{Months, NaiveDate, TimeDelta};
use ledger::Currency;
use lending_core::{
    dates::{Calendar, FirstDue, Period},
    schedule::{
        Amortization, AnnuityFormula, BalanceSegment, CustomAmount, ElementRounding, Instalment,
        InterestDays, InterestGrowth, OddFirstPeriod, PeriodDates, Rate, RateChange,
        RunningContract, Schedule, ScheduleTerms, Tranche, generate,
    },
};
use rust_decimal::{Decimal, dec, prelude::ToPrimitive};
use serde_json::Value;

use super::{Case, Outcome, Source, Verdict, values};

/// Recognises a list of tables with opening and closing balances.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let tables = source.json()?.get("tables")?.as_array()?;
    let shaped = |table: &Value| table.get("rows").is_some() && table.get("rate_kind").is_some();
    if tables.is_empty() || !tables.iter().all(shaped) {
        return None;
    }
    let case = |table: &Value| {
        let name = |field| table.get(field).and_then(Value::as_str).unwrap_or_default();
        let id = format!("table {} {}", name("example"), name("case"));
        let table = table.clone();
        Case::new(id.trim_end().to_owned(), move || check(&table))
    };
    Some(tables.iter().map(case).collect())
}

struct Row {
    k: u32,
    opening: Decimal,
    closing: Decimal,
    rate: Decimal,
    interest: Decimal,
    principal: Decimal,
    instalment: Decimal,
}

/// A cent: how far two shown figures of one value may lie apart.
const CENT: Decimal = dec!(0.01);

fn near(a: Decimal, b: Decimal) -> bool {
    (a - b).abs() <= CENT
}

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2001, 1, 1).unwrap_or_default()
}

fn rows(table: &Value) -> Result<Vec<Row>, String> {
    let list = values::field(table, "rows")?.as_array();
    let list = list.ok_or("cannot read the case: rows")?;
    list.iter()
        .map(|row| {
            let number = |name| values::decimal(values::field(row, name)?);
            Ok(Row {
                k: number("k")?.to_u32().ok_or("cannot read the case: k")?,
                opening: number("opening")?,
                closing: number("closing")?,
                rate: number("rate_percent")?,
                interest: number("interest")?,
                principal: number("principal")?,
                instalment: number("instalment")?,
            })
        })
        .collect()
}

fn check(table: &Value) -> Outcome {
    let all = rows(table)?;
    // Months before the first drawdown have nothing to compute.
    let started = all.iter().position(|row| !row.opening.is_zero());
    let (Some(started), Some(last)) = (started, all.last()) else {
        return nothing_owed(&all);
    };
    let rows = all.get(started..).unwrap_or_default();
    let effective = values::text(values::field(table, "rate_kind")?)?.starts_with("effective");
    let months = months_of_a_row(rows, effective);
    let loans = loans(rows, months, effective);
    let mut whole = Schedule {
        instalments: Vec::new(),
    };
    for (at, loan) in loans.iter().enumerate() {
        let Some(first) = loan.first() else { continue };
        let next = loans.get(at + 1).and_then(|next| next.first());
        let count = match (next, years(table)) {
            (Some(next), _) => next.k - first.k,
            (None, Some(years)) if !last.closing.is_zero() => {
                (12 * years).saturating_sub(first.k - 1) / months
            }
            (None, None) if !last.closing.is_zero() => last.k - first.k + 2,
            _ => last.k - first.k + 1,
        };
        let terms = terms(loan, effective, months, count)?;
        let schedule = generate(
            &terms,
            first.opening,
            euro()?,
            start(),
            &Calendar::default(),
        )
        .map_err(|refusal| format!("refused: {refusal}"))?;
        for row in *loan {
            compare(row, &schedule, row.k - first.k)?;
        }
        // In the numbers of the table.
        let moved = schedule.instalments.into_iter().map(|row| Instalment {
            number: row.number + first.k - 1,
            ..row
        });
        whole.instalments.extend(moved);
    }
    if months == 1 {
        compare_years(table, &whole)?;
    }
    Ok(())
}

fn euro() -> Result<Currency, String> {
    Currency::from_code("EUR").map_err(|refusal| refusal.to_string())
}

/// Rows of a credit that is not drawn: nothing is owed, so nothing is charged.
fn nothing_owed(rows: &[Row]) -> Outcome {
    let (calendar, currency) = (Calendar::default(), euro()?);
    for row in rows {
        let rate = Rate::per_year(row.rate);
        let terms = ScheduleTerms::new(row.k, Period::Months(1), rate);
        let (from, to) = (start(), start() + Months::new(1));
        let contract = RunningContract {
            terms: &terms,
            currency,
            calendar: &calendar,
            disbursed_on: from,
            maturity: to,
        };
        let period = PeriodDates {
            number: row.k,
            from,
            nominal_due: to,
            due: to,
        };
        let balance = row.opening;
        let segment = BalanceSegment { from, to, balance };
        let interest = contract
            .period_interest(&period, &[segment])
            .map_err(|refusal| format!("refused: {refusal}"))?
            .rounded;
        values::same("interest", &row.interest, &interest)?;
        values::same("closing", &row.closing, &(row.opening - row.principal))?;
        values::same("instalment", &row.instalment, &(row.principal + interest))?;
    }
    Ok(())
}

/// A credit that is drawn again after all of it was repaid is a loan anew.
fn loans(rows: &[Row], months: u32, effective: bool) -> Vec<&[Row]> {
    let mut loans = Vec::new();
    let mut from = 0;
    for (at, (row, next)) in rows.iter().zip(rows.iter().skip(1)).enumerate() {
        let repaid = near(
            carried(row, next.k - row.k - 1, months, effective),
            Decimal::ZERO,
        );
        if repaid && next.opening > CENT {
            loans.extend(rows.get(from..=at));
            from = at + 1;
        }
    }
    loans.extend(rows.get(from..));
    loans
}

/// The last year that has a total.
fn years(table: &Value) -> Option<u32> {
    let totals = table.get("year_totals")?.as_array()?.iter();
    totals.filter_map(year_of).max()
}

fn year_of(total: &Value) -> Option<u32> {
    let label = total.get("label")?.as_str()?;
    label.strip_prefix("Year ")?.parse().ok()
}

/// The interest of one unit over so many months.
fn periodic(rate: Decimal, months: u32, effective: bool) -> Decimal {
    let rate = rate / Decimal::ONE_HUNDRED;
    let years = Decimal::from(months) / dec!(12);
    if !effective {
        return rate * years;
    }
    // Only to tell months from half-years and years: a root by bisection is exact enough.
    let (mut low, mut high) = (Decimal::ZERO, rate);
    let power = 12 / months;
    for _ in 0..60 {
        let middle = (low + high) / Decimal::TWO;
        let grown = (0..power).fold(Decimal::ONE, |grown, _| grown * (Decimal::ONE + middle));
        if grown > Decimal::ONE + rate {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

fn months_of_a_row(rows: &[Row], effective: bool) -> u32 {
    // The first row may be an odd period; the last is always a whole one.
    let Some(row) = rows.last() else { return 1 };
    let fits = |months: &u32| {
        let interest = row.opening * periodic(row.rate, *months, effective);
        (interest - row.interest).abs() <= dec!(0.02)
    };
    [1, 3, 6, 12].into_iter().find(fits).unwrap_or(1)
}

fn terms(rows: &[Row], effective: bool, months: u32, count: u32) -> Result<ScheduleTerms, Verdict> {
    let rate = rows.first().map_or(Decimal::ZERO, |row| row.rate);
    let every = Period::Months(months);
    let mut terms = ScheduleTerms::new(count, every, Rate::per_year(rate));
    terms.interest.days = InterestDays::Nominal;
    terms.rounding.elements = ElementRounding::Unrounded;
    if effective {
        terms.interest.growth = InterestGrowth::Compound;
    }
    odd_first_period(&mut terms, rows, months, effective);
    let offset = first_date(&terms, months);
    let date =
        |place: u32| offset.checked_add_months(Months::new(place.saturating_sub(1) * months));
    let base = rows.first().map_or(0, |row| row.k);
    for (row, next) in rows.iter().zip(rows.iter().skip(1)) {
        let on = date(row.k - base + 1).ok_or_else(|| "dates out of range".to_owned())?;
        if row.rate != next.rate {
            terms.interest.changes.push(RateChange {
                from: on,
                rate: Rate::per_year(next.rate),
            });
        }
        let left_out = next.k - row.k - 1;
        let drawn = next.opening - carried(row, left_out, months, effective);
        if drawn > CENT {
            // Over months left out the balance is known to the cent only; drawdowns are whole.
            let amount = if left_out == 0 { drawn } else { drawn.round() };
            let on = date(next.k - base).ok_or_else(|| "dates out of range".to_owned())?;
            terms.tranches.push(Tranche { on, amount });
        }
    }
    terms.amortization = amortization(rows, count)?;
    Ok(terms)
}

/// The balance after further rows that the table leaves out, paid like the row before them.
fn carried(row: &Row, left_out: u32, months: u32, effective: bool) -> Decimal {
    let rate = periodic(row.rate, months, effective);
    (0..left_out).fold(row.closing, |balance, _| {
        if row.instalment.is_zero() {
            balance + balance * rate
        } else {
            balance - row.principal
        }
    })
}

/// A first period of some other number of days bears simple interest by those days.
fn odd_first_period(terms: &mut ScheduleTerms, rows: &[Row], months: u32, effective: bool) {
    let Some(first) = rows.first() else { return };
    let whole = first.opening * periodic(first.rate, months, effective);
    if (whole - first.interest).abs() <= dec!(0.02) || first.rate.is_zero() {
        return;
    }
    let a_day = first.opening * first.rate / dec!(36500);
    let days = (first.interest / a_day).round().to_i64().unwrap_or(0);
    terms.first_due = FirstDue::On(start() + TimeDelta::days(days));
    terms.interest.odd_first_period = OddFirstPeriod::Counted;
    terms.amortization = Amortization::equal_instalments(AnnuityFormula::Factor);
}

fn first_date(terms: &ScheduleTerms, months: u32) -> NaiveDate {
    match terms.first_due {
        FirstDue::On(date) => date,
        _ => start() + Months::new(months),
    }
}

/// The method that the rows show.
fn amortization(rows: &[Row], count: u32) -> Result<Amortization, Verdict> {
    let all_but_last = rows.split_last().map_or(rows, |(_, others)| others);
    let mut pairs = rows.iter().zip(rows.iter().skip(1));
    let shown_whole = u32::try_from(rows.len()).is_ok_and(|shown| shown == count);
    let checked = if shown_whole { all_but_last } else { rows };
    if checked.iter().all(|row| row.principal.is_zero()) {
        return Ok(Amortization::Bullet);
    }
    if checked.iter().all(|row| row.instalment.is_zero()) {
        let totals = (1..count).map(|_| CustomAmount {
            amount: Decimal::ZERO,
        });
        return Ok(Amortization::CustomTotals {
            totals: totals.collect(),
        });
    }
    let drawn = |row: &Row, next: &Row| next.k != row.k + 1 || next.opening - row.closing > CENT;
    if pairs
        .clone()
        .all(|(row, next)| near(row.principal, next.principal) || drawn(row, next))
    {
        let spread = rows.first().map(|row| row.opening / row.principal);
        if spread.is_some_and(|spread| (spread - Decimal::from(count)).abs() > dec!(0.1)) {
            return Err(Verdict::Skip(
                "a drawdown repaid before the term ends".to_owned(),
            ));
        }
        return Ok(Amortization::equal_principal());
    }
    // The last row of a whole table repays the rest, which is the same amount when unrounded.
    if pairs.all(|(row, next)| near(row.instalment, next.instalment) || row.rate != next.rate) {
        return Ok(Amortization::equal_instalments(AnnuityFormula::Factor));
    }
    graded(rows).ok_or_else(|| Verdict::Skip("instalments of no known pattern".to_owned()))
}

/// Instalments that change once by a whole percentage after equal ones, as the first and the
/// second grade show it.
fn graded(rows: &[Row]) -> Option<Amortization> {
    let first = rows.first()?;
    let equal = rows
        .iter()
        .take_while(|row| near(row.instalment, first.instalment));
    let every = u32::try_from(equal.count()).ok()?;
    let next = rows.get(usize::try_from(every).ok()?)?;
    let change = (next.instalment / first.instalment - Decimal::ONE) * Decimal::ONE_HUNDRED;
    let whole = change.round_dp(2);
    ((change - whole).abs() < dec!(0.002)).then_some(Amortization::GradedInstalments {
        every,
        change_percent: whole,
    })
}

fn compare(row: &Row, schedule: &Schedule, place: u32) -> Outcome {
    let at = usize::try_from(place).unwrap_or(usize::MAX);
    let Some(got) = schedule.instalments.get(at) else {
        return Err(Verdict::Fail(format!("row {} is missing", row.k)));
    };
    for (name, expected, ours) in [
        ("interest", row.interest, got.interest),
        ("principal", row.principal, got.principal),
        ("instalment", row.instalment, got.total),
        ("closing", row.closing, got.balance_after),
    ] {
        values::same_at(&format!("{name} of row {}", row.k), expected, ours, 2)?;
    }
    Ok(())
}

fn compare_years(table: &Value, schedule: &Schedule) -> Outcome {
    let totals = table.get("year_totals").and_then(Value::as_array);
    let whole = schedule.totals().principal;
    // Some tables sum several loans of which they show one.
    for total in totals
        .into_iter()
        .flatten()
        .filter(|total| year_of(total).is_none())
    {
        let principal = values::decimal(values::field(total, "principal")?)?;
        if !near(principal, whole) {
            return Ok(());
        }
    }
    for total in totals.into_iter().flatten() {
        let year = year_of(total);
        let mut sums = [Decimal::ZERO; 3];
        for row in &schedule.instalments {
            if year.is_none_or(|year| (row.number - 1) / 12 + 1 == year) {
                sums[0] += row.interest;
                sums[1] += row.principal;
                sums[2] += row.total;
            }
        }
        let expected = |name| values::decimal(values::field(total, name)?);
        let label = year.map_or_else(|| "total".to_owned(), |year| format!("year {year}"));
        for (name, ours) in [
            ("interest", sums[0]),
            ("principal", sums[1]),
            ("total", sums[2]),
        ] {
            let expected = expected(name)?;
            if near(expected, ours) {
                continue;
            }
            values::same_at(&format!("{name} of {label}"), expected, ours, 2)?;
        }
    }
    Ok(())
}
