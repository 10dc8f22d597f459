//! ACTUS terms, as bytes of JSON or put together from names and values of the dictionary, give
//! events or a typed error. Events are in order, principal moves only by what is paid or
//! capitalized, and nothing is left after the end.
#![no_main]

use arbitrary::{Result, Unstructured};
use lending_core::actus::{
    ActusTerms, Event, EventType, Observed, ObservedEvent, ObservedSeries, events,
};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

const TIMES: &[&str] = &[
    "statusDate", "initialExchangeDate", "maturityDate", "amortizationDate",
    "cycleAnchorDateOfInterestPayment", "capitalizationEndDate",
    "cycleAnchorDateOfPrincipalRedemption", "cycleAnchorDateOfInterestCalculationBase",
    "cycleAnchorDateOfRateReset", "cycleAnchorDateOfFee", "cycleAnchorDateOfScalingIndex",
    "cycleAnchorDateOfOptionality", "purchaseDate", "terminationDate",
];
const CYCLES: &[&str] = &[
    "cycleOfInterestPayment", "cycleOfPrincipalRedemption", "cycleOfInterestCalculationBase",
    "cycleOfRateReset", "cycleOfFee", "cycleOfScalingIndex", "cycleOfOptionality", "xDayNotice",
];
const NUMBERS: &[&str] = &[
    "notionalPrincipal", "premiumDiscountAtIED", "nominalInterestRate", "accruedInterest",
    "nextPrincipalRedemptionPayment", "interestCalculationBaseAmount", "priceAtPurchaseDate",
    "priceAtTerminationDate", "rateSpread", "rateMultiplier", "nextResetRate", "lifeCap",
    "lifeFloor", "periodCap", "periodFloor", "feeRate", "feeAccrued", "penaltyRate",
    "scalingIndexAtContractDealDate", "notionalScalingMultiplier", "interestScalingMultiplier",
];
const CODES: &[(&str, &[&str])] = &[
    ("contractType", &["PAM", "LAM", "NAM", "ANN", "LAX", "CLM", "UMP"]),
    ("contractRole", &["RPA", "RPL"]),
    ("dayCountConvention", &["AA", "A360", "A365", "30E360", "30E360ISDA", "28E336", "B252"]),
    ("calendar", &["NC", "MF", "MFH"]),
    (
        "businessDayConvention",
        &["NOS", "SCF", "SCMF", "CSF", "CSMF", "SCP", "SCMP", "CSP", "CSMP"],
    ),
    ("endOfMonthConvention", &["SD", "EOM"]),
    ("feeBasis", &["A", "N"]),
    ("interestCalculationBase", &["NT", "NTIED", "NTL"]),
    ("scalingEffect", &["OOO", "IOO", "ONO", "INO"]),
    ("prepaymentEffect", &["N", "A", "M"]),
    ("penaltyType", &["O", "A", "N", "I"]),
    ("cyclePointOfInterestPayment", &["B", "E"]),
    ("cyclePointOfRateReset", &["B", "E"]),
];
const LISTS: &[&str] = &[
    "arrayCycleAnchorDateOfPrincipalRedemption", "arrayCycleAnchorDateOfInterestPayment",
    "arrayCycleAnchorDateOfRateReset",
];

fn time(u: &mut Unstructured<'_>) -> Result<Value> {
    let year = match u.int_in_range(0..=9)? {
        0 => u.int_in_range(1600..=9999)?,
        _ => u.int_in_range(2024..=2030)?,
    };
    let (month, day) = (u.int_in_range(1..=12)?, u.int_in_range(1..=28)?);
    let hour = *u.choose(&["00:00:00", "00:00:00", "00:00:00", "23:59:59", "24:00:00"])?;
    Ok(json!(format!("{year:04}-{month:02}-{day:02}T{hour}")))
}

fn cycle(u: &mut Unstructured<'_>) -> Result<Value> {
    let count = u.int_in_range(0..=40)?;
    let unit = *u.choose(&["D", "W", "M", "M", "Q", "H", "Y"])?;
    let stub = *u.choose(&["L0", "L1", ""])?;
    Ok(json!(format!("P{count}{unit}{stub}")))
}

fn number(u: &mut Unstructured<'_>) -> Result<Value> {
    let digits: i64 = match u.int_in_range(0..=3)? {
        0 => u.arbitrary()?,
        1 => u.int_in_range(-100..=100)?,
        _ => u.int_in_range(0..=1_000_000)?,
    };
    let number = Decimal::new(digits, u.int_in_range(0..=8)?);
    Ok(json!(number.to_string()))
}

fn put_together(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut terms = Map::new();
    terms.insert("currency".into(), json!("USD"));
    terms.insert("marketObjectCodeOfRateReset".into(), json!("X"));
    terms.insert("marketObjectCodeOfScalingIndex".into(), json!("X"));
    terms.insert("objectCodeOfPrepaymentModel".into(), json!("X"));
    for (name, values) in CODES {
        if !u.ratio(1, 6)? {
            terms.insert((*name).into(), json!(*u.choose(values)?));
        }
    }
    for (names, one) in [
        (TIMES, time as fn(&mut Unstructured<'_>) -> Result<Value>),
        (CYCLES, cycle),
        (NUMBERS, number),
    ] {
        for name in names {
            if u.ratio(1, 2)? {
                terms.insert((*name).into(), one(u)?);
            }
        }
    }
    let count = u.int_in_range(0..=3)?;
    for name in LISTS {
        let list: Result<Vec<Value>> = (0..count).map(|_| time(u)).collect();
        terms.insert((*name).into(), Value::Array(list?));
    }
    for (name, values) in [
        ("arrayIncreaseDecrease", ["INC", "DEC"]),
        ("arrayFixedVariable", ["FIX", "VAR"]),
        ("arrayCycleOfPrincipalRedemption", ["P1ML0", "P1YL1"]),
        ("arrayNextPrincipalRedemptionPayment", ["10", "500"]),
        ("arrayRate", ["0.1", "-0.01"]),
    ] {
        let list: Result<Vec<Value>> =
            (0..count).map(|_| Ok(json!(*u.choose(&values)?))).collect();
        terms.insert(name.into(), Value::Array(list?));
    }
    Ok(Value::Object(terms))
}

fn observed(u: &mut Unstructured<'_>) -> Result<Observed> {
    let mut observed = Observed::default();
    let mut data = vec![json!({"timestamp": "1600-01-01", "value": "0.03"})];
    for _ in 0..u.int_in_range(0..=3)? {
        data.push(json!({"timestamp": time(u)?, "value": number(u)?}));
    }
    let series = json!({"identifier": "X", "data": data});
    if let Ok(series) = serde_json::from_value::<ObservedSeries>(series) {
        observed.add_series(series);
    }
    for _ in 0..u.int_in_range(0..=2)? {
        let kind = *u.choose(&["PP", "PY", "PR", "XD", "AD", "CE"])?;
        let event = json!({"time": time(u)?, "type": kind, "value": number(u)?});
        if let Ok(event) = serde_json::from_value::<ObservedEvent>(event) {
            observed.add_event(event);
        }
    }
    Ok(observed)
}

fn laws(rows: &[Event], scaled: bool) {
    for pair in rows.windows(2) {
        let [before, after] = pair else { continue };
        assert!(before.event_date <= after.event_date, "{before:?} {after:?}");
        let Some(moved) = after.notional_principal.checked_sub(before.notional_principal) else {
            continue;
        };
        match after.event_type {
            EventType::Pr | EventType::Pi | EventType::Pp if !scaled => {
                let apart = moved.checked_add(after.payoff).unwrap_or_default().abs();
                let size = after.payoff.abs().max(before.notional_principal.abs());
                assert!(apart <= size.max(Decimal::ONE) * Decimal::new(1, 9), "{after:?}");
            }
            EventType::Md | EventType::Td | EventType::Std => {
                assert!(after.notional_principal.is_zero(), "{after:?}");
                assert!(after.accrued_interest.is_zero(), "{after:?}");
            }
            EventType::Ied | EventType::Ipci => {}
            EventType::Pr | EventType::Pi | EventType::Pp => {}
            _ => assert!(moved.is_zero(), "{before:?} {after:?}"),
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let terms = if data.first() == Some(&b'{') {
        serde_json::from_slice(data).ok()
    } else {
        put_together(&mut u).ok().and_then(|terms| serde_json::from_value(terms).ok())
    };
    let Some(terms): Option<ActusTerms> = terms else { return };
    let observed = observed(&mut u).unwrap_or_default();
    let to = u.arbitrary().unwrap_or(false).then(|| "2031-01-01T00:00:00".parse().unwrap());
    let Ok(rows) = events(&terms, &observed, to) else { return };
    let scaled = terms.scaling_effect.is_some()
        || terms.notional_scaling_multiplier.is_some()
        || terms.settlement_currency.is_some();
    laws(&rows, scaled);
});
