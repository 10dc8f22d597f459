//! Credit days and repayment figures of pay-as-you-go.

use mobile_money::paygo::{
    Fraction,
    credit::{Carry, Rate},
    kpi::{Contract, Figures, Ratio, portfolio},
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    super::{
        Case, Outcome, Verdict,
        values::{decimal, field, same},
    },
    cases, list, number,
};

/// Recognises credit days in steps, and contracts with figures.
pub(super) fn recognise(json: &Value) -> Option<Vec<Case>> {
    let days = list(json, "days");
    let stepped = days.iter().any(|case| case.get("steps").is_some());
    let contracts = list(json, "contracts")
        .iter()
        .any(|case| case.get("financed").is_some());
    if !stepped && !contracts {
        return None;
    }
    let name =
        |at, case: &Value| format!("paygo:days:{at}:{}/{}", case["rate"], case["period_days"]);
    let mut all = cases(json, "days", name, steps);
    for now in list(json, "now") {
        let (json, now) = (json.clone(), now.clone());
        let id = now["id"].as_str().unwrap_or("?").to_owned();
        all.push(Case::new(format!("paygo:now:{id}"), move || {
            position(&json, &now)
        }));
    }
    for (name, expected) in json
        .get("kpis")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let (json, name, expected) = (json.clone(), name.clone(), expected.clone());
        all.push(Case::new(format!("paygo:kpi:{name}"), move || {
            kpi(&json, &name, &expected)
        }));
    }
    Some(all)
}

fn refused(reason: impl core::fmt::Display) -> String {
    format!("refused: {reason}")
}

/// `[p, q]`, `"p/q"` or a number.
fn fraction(value: &Value) -> Result<Fraction, String> {
    let parts = match value {
        Value::Array(parts) => parts.iter().map(Value::as_i64).collect::<Option<Vec<_>>>(),
        Value::String(text) => text
            .split('/')
            .map(|part| part.trim().parse().ok())
            .collect(),
        other => other.as_i64().map(|whole| vec![whole]),
    };
    let unreadable = || format!("cannot read the case: {value} is not a fraction");
    let parts = parts.ok_or_else(unreadable)?;
    match parts.as_slice() {
        [whole] => Fraction::new(i128::from(*whole), 1).map_err(refused),
        [p, q] => Fraction::new(i128::from(*p), i128::from(*q)).map_err(refused),
        _ => Err(unreadable()),
    }
}

fn steps(case: &Value) -> Outcome {
    let rate = Rate::new(
        decimal(field(case, "rate")?)?,
        number(field(case, "period_days")?)?,
    );
    let rate = rate.map_err(refused)?;
    let (mut carry, mut days, mut paid) = (Carry::ZERO, 0, Decimal::ZERO);
    for (at, step) in list(case, "steps").iter().enumerate() {
        let pay = decimal(field(step, "pay")?)?;
        let bought = rate.buy(carry, pay).map_err(refused)?;
        same(
            &format!("days of step {at}"),
            &number(field(step, "days")?)?,
            &bought.days,
        )?;
        if let Some(expected) = step.get("carry") {
            same(
                &format!("carry of step {at}"),
                &fraction(expected)?,
                &bought.carry,
            )?;
        }
        carry = bought.carry;
        days += bought.days;
        paid += pay;
    }
    if let Some(total) = case.get("total_days") {
        same("total days", &number(total)?, &days)?;
    }
    if let Some(whole) = case.get("one_payment_of_sum_gives") {
        let at_once = rate.buy(Carry::ZERO, paid).map_err(refused)?;
        same(
            "days of one payment of the sum",
            &number(whole)?,
            &at_once.days,
        )?;
    }
    Ok(())
}

fn contract(case: &Value) -> Result<Contract, String> {
    let payment = |pair: &Value| Ok((number(&pair[0])?, decimal(&pair[1])?));
    Ok(Contract {
        financed: decimal(field(case, "financed")?)?,
        term_days: number(field(case, "term")?)?,
        free_days: number(field(case, "free")?)?,
        age_days: number(field(case, "age")?)?,
        payments: list(case, "paid")
            .iter()
            .map(payment)
            .collect::<Result<_, String>>()?,
    })
}

fn position(json: &Value, now: &Value) -> Outcome {
    let found = list(json, "contracts")
        .iter()
        .find(|case| case["id"] == now["id"]);
    let contract = contract(found.ok_or("cannot read the case: no such contract")?)?;
    let today = contract.today().map_err(refused)?;
    for (name, got) in [
        ("due", today.due),
        ("applied", today.applied),
        ("prepaid", today.prepaid),
    ] {
        if let Some(expected) = now.get(name) {
            same(name, &fraction(expected)?, &got)?;
        }
    }
    Ok(())
}

fn kpi(json: &Value, name: &str, expected: &Value) -> Outcome {
    let contracts = list(json, "contracts").iter().map(contract);
    let contracts: Vec<Contract> = contracts.collect::<Result<_, _>>()?;
    let figures = portfolio(&contracts).map_err(refused)?;
    let Some(ratio) = named(&figures, name) else {
        return Err(Verdict::Skip(format!("figure {name}")));
    };
    same(
        "numerator",
        &fraction(field(expected, "num")?)?,
        &ratio.numerator,
    )?;
    same(
        "denominator",
        &fraction(field(expected, "den")?)?,
        &ratio.denominator,
    )?;
    if let Some(count) = expected.get("n") {
        same("contracts", &number(count)?, &ratio.contracts)?;
    }
    Ok(())
}

fn named(figures: &Figures, name: &str) -> Option<Ratio> {
    match name {
        "RR_PvP" => Some(figures.paid_versus_planned),
        "RR_PvFin" => Some(figures.paid_versus_financed),
        "RR_PvP@90d" => Some(figures.paid_versus_planned_90_days),
        "RR_PvP@2x" => Some(figures.paid_versus_planned_twice_term),
        "Ownership@2x" => Some(figures.ownership_twice_term),
        _ => None,
    }
}
