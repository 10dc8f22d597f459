//! A whole schedule from terms.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::Currency;
use rust_decimal::Decimal;

use super::{
    Amortization, ElementRounding, Instalment, Schedule, ScheduleError, ScheduleTerms,
    charging::Charging,
    engine::{Engine, Start, Units, too_large},
    exact::{Ratio, mul_div, pow10},
    terms::setting,
};
use crate::dates::{Calendar, NominalDates};

/// The largest principal: 10^17 whole units leaves room for interest in 28 digits.
const LARGEST: Decimal = Decimal::from_parts(1_569_325_056, 23_283_064, 0, false, 0);

/// The repayment schedule of a loan disbursed in full on one day.
///
/// Pure: the same arguments always give the same rows. Allocates the rows once; a loan with dated
/// changes of rate, tranches or pauses also allocates their short lists.
///
/// # Errors
/// [`ScheduleError`]: terms that do not validate, a principal that is not above zero or finer than
/// the schedule's decimals, dates out of range, payments that do not repay the principal, figures
/// beyond 28 digits.
pub fn generate(
    terms: &ScheduleTerms,
    principal: Decimal,
    currency: Currency,
    disbursed_on: NaiveDate,
    calendar: &Calendar,
) -> Result<Schedule, ScheduleError> {
    terms.validate()?;
    let units = Units::new(terms, currency)?;
    let balance = check_principal(principal, &units)?;
    let mut rows = dated_rows(terms, disbursed_on, calendar)?;
    let last_due = rows.last().map_or(disbursed_on, |row| row.nominal_due);
    check_tranches(terms, disbursed_on, last_due)?;
    let down = down_payment(terms, &units, balance)?;
    let mut engine = engine(terms, calendar, disbursed_on, last_due, units)?;
    let financed = balance.checked_sub(down).ok_or_else(too_large)?;
    engine.solve_plan(financed)?;
    check_custom(&engine, financed)?;
    let start = Start {
        balance: financed,
        disbursed: financed,
        interest_from: disbursed_on,
        accrued: Ratio::ZERO,
        fixed: None,
    };
    engine.fill(&mut rows, &start)?;
    if terms.down_payment_percent.is_some() {
        insert_down_payments(&engine, &mut rows, balance, disbursed_on)?;
    }
    Ok(Schedule { instalments: rows })
}

pub(super) fn check_principal(principal: Decimal, units: &Units) -> Result<i128, ScheduleError> {
    if principal <= Decimal::ZERO || principal > LARGEST {
        return Err(ScheduleError::Principal {
            given: principal,
            allowed: "above zero up to 10^17",
        });
    }
    units.amount(principal, "at most the decimals of the schedule's rounding")
}

/// The engine of a contract; later disbursements are taken less their down payments.
pub(super) fn engine<'a>(
    terms: &'a ScheduleTerms,
    calendar: &'a Calendar,
    disbursed_on: NaiveDate,
    last_due: NaiveDate,
    units: Units,
) -> Result<Engine<'a>, ScheduleError> {
    let unit = pow10(units.scale).ok_or_else(too_large)?;
    let charging = Charging::new(terms, calendar, disbursed_on, last_due, unit)?;
    let mut tranches = Vec::with_capacity(terms.tranches.len());
    for tranche in &terms.tranches {
        let amount = units.amount(tranche.amount, "tranches in whole units")?;
        let down = down_payment(terms, &units, amount)?;
        tranches.push((tranche.on, amount.checked_sub(down).ok_or_else(too_large)?));
    }
    Ok(Engine {
        terms,
        charging,
        units,
        tranches,
        solved: None,
    })
}

/// Rows with numbers and dates, and no amounts yet.
pub(super) fn dated_rows(
    terms: &ScheduleTerms,
    disbursed_on: NaiveDate,
    calendar: &Calendar,
) -> Result<Vec<Instalment>, ScheduleError> {
    let count = usize::try_from(terms.instalments)
        .unwrap_or(usize::MAX)
        .saturating_add(terms.payment_holidays.len());
    let downs = match terms.down_payment_percent {
        Some(_) => terms.tranches.len().saturating_add(1),
        None => 0,
    };
    let mut rows = Vec::with_capacity(count.saturating_add(downs));
    let mut dates = NominalDates::new(&terms.due_dates, terms.first_due, disbursed_on)?;
    let mut from = disbursed_on;
    let mut number = 0_u32;
    while rows.len() < count {
        number = number.saturating_add(1);
        let date = dates.next_due(terms.non_working_days, calendar)?;
        rows.push(Instalment {
            number,
            from,
            nominal_due: date.nominal,
            due: date.due,
            ..Instalment::EMPTY
        });
        from = date.nominal;
    }
    Ok(rows)
}

fn check_tranches(
    terms: &ScheduleTerms,
    disbursed_on: NaiveDate,
    last_due: NaiveDate,
) -> Result<(), ScheduleError> {
    let outside = |on: &NaiveDate| *on <= disbursed_on || *on >= last_due;
    let mut dates = terms.tranches.iter().map(|tranche| tranche.on);
    match dates.find(outside) {
        Some(on) => Err(setting(
            "tranches",
            alloc::format!("{on} in a schedule from {disbursed_on} to {last_due}"),
            "dates after the disbursement and before the last due date",
        )),
        None => Ok(()),
    }
}

/// The part of a disbursement that is paid back on its day.
fn down_payment(
    terms: &ScheduleTerms,
    units: &Units,
    disbursed: i128,
) -> Result<i128, ScheduleError> {
    let Some(percent) = terms.down_payment_percent else {
        return Ok(0);
    };
    let ratio = Ratio::of_decimal(percent).checked_mul(Ratio { num: 1, den: 100 });
    let part = ratio.and_then(|ratio| mul_div(disbursed, ratio, units.mode));
    let part = part.ok_or_else(too_large)?;
    if matches!(
        terms.rounding.elements,
        ElementRounding::WholeUnits | ElementRounding::Total
    ) {
        return Ok(units.to_multiple(part)?.min(disbursed));
    }
    Ok(part)
}

fn check_custom(engine: &Engine<'_>, financed: i128) -> Result<(), ScheduleError> {
    let Amortization::CustomPrincipal { principals } = &engine.terms.amortization else {
        return Ok(());
    };
    let mut sum = 0_i128;
    for given in principals {
        let amount = engine
            .units
            .amount(given.amount, "principals in whole units")?;
        sum = sum.checked_add(amount).ok_or_else(too_large)?;
    }
    let later = engine.tranches.iter().map(|(_, amount)| *amount);
    let whole = later.fold(financed, i128::saturating_add);
    if sum == whole {
        Ok(())
    } else {
        Err(ScheduleError::Unpayable {
            what: "custom principals",
            principal: engine.units.decimal(whole)?,
            reason: "the principals must sum to the financed amount",
        })
    }
}

/// Rows numbered 0 on the days of the disbursements, after a row due on the same day.
fn insert_down_payments(
    engine: &Engine<'_>,
    rows: &mut Vec<Instalment>,
    principal: i128,
    disbursed_on: NaiveDate,
) -> Result<(), ScheduleError> {
    let units = &engine.units;
    let row = |on: NaiveDate, amount: i128, left: i128| -> Result<Instalment, ScheduleError> {
        let zero = units.decimal(0)?;
        let amount = units.decimal(amount)?;
        Ok(Instalment {
            number: 0,
            from: on,
            nominal_due: on,
            due: on,
            principal: amount,
            interest: zero,
            fee: zero,
            tax: zero,
            total: amount,
            balance_after: units.decimal(left)?,
        })
    };
    let down = down_payment(engine.terms, units, principal)?;
    let left = principal.checked_sub(down).ok_or_else(too_large)?;
    rows.insert(0, row(disbursed_on, down, left)?);
    for (tranche, (on, net)) in engine.terms.tranches.iter().zip(&engine.tranches) {
        let whole = units.amount(tranche.amount, "tranches in whole units")?;
        let down = whole.checked_sub(*net).ok_or_else(too_large)?;
        let at = rows.partition_point(|row| row.nominal_due <= *on);
        let before = at.checked_sub(1).and_then(|at| rows.get(at));
        let balance = before.map_or(Decimal::ZERO, |row| row.balance_after);
        let left = units.amount(balance, "a balance")?.checked_add(*net);
        rows.insert(at, row(*on, down, left.ok_or_else(too_large)?)?);
    }
    Ok(())
}
