//! Published annual percentage rates, intervals and roundings.

use lending_core::cost::{
    Flow,
    apr::{RegularUnit, eu_apr, eu_interval, percent, regulation_z_apr},
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Case, Outcome, Source, Verdict, values};

/// The check of one case.
type Check = fn(&Value) -> Outcome;

/// Recognises published rates with their advances and payments.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let file = source.json()?;
    let examples = file.get("examples")?.as_array()?;
    if examples.is_empty()
        || !examples
            .iter()
            .all(|one| one.get("published_percent").is_some())
    {
        return None;
    }
    let parts: [(&str, Check); 3] = [
        ("eu_time_intervals", interval),
        ("eu_rounding", rounding),
        ("examples", example),
    ];
    let mut cases = Vec::new();
    for (part, check) in parts {
        let list = file.get(part).and_then(Value::as_array);
        for (at, one) in list.into_iter().flatten().enumerate() {
            let id = one.get("id").and_then(Value::as_str);
            let id = id.map_or_else(|| format!("{part}:{}", at + 1), str::to_owned);
            let one = one.clone();
            cases.push(Case::new(format!("apr:{id}"), move || check(&one)));
        }
    }
    Some(cases)
}

fn interval(case: &Value) -> Outcome {
    let date = |name| values::parse_date(values::text(values::field(case, name)?)?);
    let unit = match values::text(values::field(case, "regular_unit")?)? {
        "year" => RegularUnit::Year,
        "month" => RegularUnit::Month,
        "week" => RegularUnit::Week,
        other => return Err(Verdict::Skip(format!("regular unit {other}"))),
    };
    let got = eu_interval(date("start")?, date("end")?, unit)
        .map_err(|refusal| format!("refused: {refusal}"))?;
    let expected = sum(values::field(case, "interval")?)?;
    Ok(values::same_at("interval", expected, got.to_decimal(), 20)?)
}

fn rounding(case: &Value) -> Outcome {
    let value = values::decimal(values::field(case, "value")?)? / Decimal::ONE_HUNDRED;
    let got = percent(value, decimals(case, "decimals")?).map_err(|refusal| refusal.to_string())?;
    let expected = values::decimal(values::field(case, "expected")?)?;
    Ok(values::same("percent", &expected, &got)?)
}

fn example(case: &Value) -> Outcome {
    let mut flows = Vec::new();
    for (name, sign) in [("advances", -Decimal::ONE), ("payments", Decimal::ONE)] {
        let list = values::field(case, name)?.as_array();
        for one in list.ok_or_else(|| format!("cannot read the case: {name} is no list"))? {
            flows.push(Flow {
                time: sum(values::field(one, "t")?)?,
                simple: one.get("f").map_or(Ok(Decimal::ZERO), sum)?,
                amount: sign * values::decimal(values::field(one, "amount")?)?,
            });
        }
    }
    let rate = match case.get("unit_periods_per_year") {
        Some(periods) => regulation_z_apr(&flows, sum(periods)?),
        None => eu_apr(&flows),
    };
    let got = rate.map_err(|refusal| format!("refused: {refusal}"))? * Decimal::ONE_HUNDRED;
    let places = decimals(case, "published_decimals")?;
    let published = values::decimal(values::field(case, "published_percent")?)?;
    if case.get("agrees_at_published_decimals") != Some(&Value::Bool(false)) {
        return Ok(values::same_at("APR", published, got, places)?);
    }
    // The file states that the iteration behind the published figure stopped early: what holds is
    // the file's own solution of the same flows, and the digits that the rule prints.
    let recomputed = values::decimal(values::field(case, "recomputed_percent")?)?;
    values::same_at("APR recomputed", recomputed, got, recomputed.scale())?;
    if let Some(rounded) = case.get("published_percent_1dp") {
        values::same_at("APR to one decimal", values::decimal(rounded)?, got, 1)?;
    }
    Ok(())
}

fn decimals(case: &Value, name: &str) -> Result<u32, String> {
    let value = values::field(case, name)?;
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| format!("cannot read the case: {name} is {value}"))
}

/// A number, or a sum of fractions such as `1/12+3/365`.
fn sum(value: &Value) -> Result<Decimal, String> {
    let Value::String(text) = value else {
        return values::decimal(value);
    };
    text.split('+').try_fold(Decimal::ZERO, |sum, part| {
        let (numerator, denominator) = part.split_once('/').unwrap_or((part, "1"));
        let quotient = values::parse_decimal(numerator)?
            .checked_div(values::parse_decimal(denominator)?)
            .ok_or_else(|| format!("cannot read the case: {text:?}"))?;
        Ok(sum + quotient)
    })
}
