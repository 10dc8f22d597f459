//! Examples of spreadsheet functions of the time value of money.

mod disclosures;

use chrono::NaiveDate;
use lending_core::cost::{
    CostError,
    tvm::{self, Due},
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Case, Outcome, Source, Verdict, values};

/// Recognises examples of functions with arguments and a figure.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let file = source.json()?;
    let examples = file.get("examples")?.as_array()?;
    let shaped = |one: &Value| one.get("function").is_some() && one.get("args").is_some();
    if examples.is_empty() || !examples.iter().all(shaped) {
        return None;
    }
    let mut cases: Vec<Case> = Vec::new();
    for one in examples {
        let name = one.get("function").and_then(Value::as_str).unwrap_or("?");
        let id = format!("tvm:{name}");
        let one = one.clone();
        cases.push(Case::new(id, move || example(&one)));
    }
    let samples = file
        .pointer("/xirr_samples/samples")
        .and_then(Value::as_array);
    // A sample whose flows the file does not give is a name and a figure: there is nothing to run.
    let given = |one: &&Value| one.get("flows").is_some_and(Value::is_array);
    for one in samples.into_iter().flatten().filter(given) {
        let name = one.get("id").and_then(Value::as_str).unwrap_or("?");
        let id = format!("tvm:xirr:{name}");
        let one = one.clone();
        cases.push(Case::new(id, move || sample(&one)));
    }
    Some(cases)
}

fn dated(list: &[Value]) -> Result<Vec<(NaiveDate, Decimal)>, String> {
    list.iter()
        .map(|pair| {
            let part = |at| {
                pair.get(at)
                    .ok_or("cannot read the case: no date and amount")
            };
            Ok((
                values::parse_date(values::text(part(0)?)?)?,
                values::decimal(part(1)?)?,
            ))
        })
        .collect()
}

fn sample(case: &Value) -> Outcome {
    let flows = values::field(case, "flows")?.as_array();
    let flows = dated(flows.ok_or("cannot read the case: flows are no list")?)?;
    let got = tvm::xirr(&flows, None);
    let expected = values::field(case, "expected")?;
    match (expected, got) {
        (Value::Null, Err(CostError::NoRate)) => Ok(()),
        // "No rate exists or none was found": one that discounts the flows to zero exists.
        (Value::Null, Ok(rate)) if discounts_to_zero(&flows, rate) => Ok(()),
        (Value::Null, Ok(rate)) => Err(Verdict::Fail(format!("rate (expected none, got {rate})"))),
        (_, Err(refusal)) => Err(Verdict::Fail(format!("refused: {refusal}"))),
        (expected, Ok(rate)) => {
            // The samples come from a floating-point solver that stops near 1e-9.
            Ok(values::same_at(
                "rate",
                values::decimal(expected)?,
                rate,
                8,
            )?)
        }
    }
}

/// Whether the flows discounted at a rate come to less than a millionth of their size.
fn discounts_to_zero(flows: &[(NaiveDate, Decimal)], rate: Decimal) -> bool {
    let Ok(value) = tvm::xnpv(rate, flows) else {
        return false;
    };
    // Near a rate of −100 % factors are huge: the size is that of the discounted parts.
    let parts: Vec<_> = flows
        .iter()
        .map(|(date, amount)| (*date, amount.abs()))
        .collect();
    let Ok(size) = tvm::xnpv(rate, &parts) else {
        return false;
    };
    value.abs() <= size.saturating_mul(Decimal::new(1, 6))
}

/// The published digits of programs that calculate in binary floating point are good to 13
/// significant ones; those of rates that were iterated stop where the solver did.
fn reliable(name: &str, expected: Decimal, decimals: u32) -> u32 {
    let solved = matches!(name, "IRR" | "RATE" | "XIRR");
    let digits = expected.abs().trunc().normalize().mantissa();
    let whole = if digits == 0 {
        0
    } else {
        expected.abs().trunc().to_string().len()
    };
    let most = 13_u32.saturating_sub(u32::try_from(whole).unwrap_or(13));
    decimals.min(most).min(if solved { 9 } else { 13 })
}

fn example(case: &Value) -> Outcome {
    let name = values::text(values::field(case, "function")?)?;
    let list = values::field(case, "args")?.as_array();
    let list = list.ok_or("cannot read the case: args are no list")?;
    if let Some(figure) = name.strip_prefix("CFPB:") {
        return disclosures::check(figure, case);
    }
    let got = match name {
        "XIRR" => tvm::xirr(&dated(list)?, None),
        "MIRR" => {
            let (amounts, rates) = list
                .split_last_chunk::<2>()
                .ok_or("cannot read the case: no rates")?;
            let amounts: Result<Vec<_>, _> = amounts.iter().map(values::decimal).collect();
            let [finance, reinvest] = rates;
            tvm::mirr(
                &amounts?,
                values::decimal(finance)?,
                values::decimal(reinvest)?,
            )
        }
        "XNPV" => {
            let (rate, flows) = list.split_first().ok_or("cannot read the case: no rate")?;
            tvm::xnpv(values::decimal(rate)?, &dated(flows)?)
        }
        _ => {
            let numbers: Result<Vec<_>, _> = list.iter().map(values::decimal).collect();
            match plain(name, &numbers?)? {
                Some(got) => got,
                None => return Err(Verdict::Skip(format!("function {name}"))),
            }
        }
    };
    let got = got.map_err(|refusal| format!("refused: {refusal}"))?;
    let expected = values::decimal(values::field(case, "expected")?)?;
    let decimals = values::decimal(values::field(case, "decimals")?)?;
    let decimals = u32::try_from(decimals).map_err(|reason| reason.to_string())?;
    let decimals = reliable(name, expected, decimals);
    let note = case.get("note").and_then(Value::as_str).unwrap_or("");
    if note.contains("stops at") || note.contains("stops early") {
        // The published figure is where an iteration stopped: near the rate, not at it.
        let apart = (expected - got).abs();
        return if apart <= STOPPED {
            Ok(())
        } else {
            Err(Verdict::Fail(format!(
                "{name} (expected {expected} to {STOPPED}, got {got})"
            )))
        };
    }
    Ok(values::same_at(name, expected, got, decimals)?)
}

/// How far from the rate programs stop that are known to stop early.
const STOPPED: Decimal = Decimal::from_parts(2, 0, 0, false, 7);

type Figure = Result<Decimal, CostError>;

/// The function's figure; `None` when there is no such function.
fn plain(name: &str, args: &[Decimal]) -> Result<Option<Figure>, String> {
    let number = |at: usize| args.get(at).copied().unwrap_or_default();
    let count = |at: usize| {
        u32::try_from(number(at)).map_err(|reason| format!("cannot read the case: {reason}"))
    };
    let due = |at: usize| {
        if number(at).is_zero() {
            Due::End
        } else {
            Due::Start
        }
    };
    let (a, b, c, d) = (number(0), number(1), number(2), number(3));
    let rest = args.get(1..).unwrap_or_default();
    Ok(Some(match name {
        "PMT" => tvm::pmt(a, count(1)?, c, d, due(4)),
        "FV" => tvm::fv(a, count(1)?, c, d, due(4)),
        "PV" => tvm::pv(a, count(1)?, c, d, due(4)),
        "IPMT" => tvm::ipmt(a, count(1)?, count(2)?, d, number(4), due(5)),
        "PPMT" => tvm::ppmt(a, count(1)?, count(2)?, d, number(4), due(5)),
        "CUMIPMT" => tvm::cumipmt(a, count(1)?, c, count(3)?, count(4)?, due(5)),
        "CUMPRINC" => tvm::cumprinc(a, count(1)?, c, count(3)?, count(4)?, due(5)),
        "ISPMT" => tvm::ispmt(a, count(1)?, count(2)?, d),
        "NPER" => tvm::nper(a, b, c, d, due(4)),
        "RATE" => tvm::rate(count(0)?, b, c, d, due(4), args.get(5).copied()),
        "EFFECT" => tvm::effect(a, count(1)?),
        "NOMINAL" => tvm::nominal(a, count(1)?),
        "RRI" => tvm::rri(count(0)?, b, c),
        "PDURATION" => tvm::pduration(a, b, c),
        "FVSCHEDULE" => tvm::fvschedule(a, rest),
        "NPV" => tvm::npv(a, rest),
        "IRR" => tvm::irr(args, None),
        "RULE78_REFUND" => tvm::rule_of_78_refund(a, count(1)?, count(2)?),
        _ => return Ok(None),
    }))
}
