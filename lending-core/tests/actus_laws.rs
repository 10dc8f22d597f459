//! What ACTUS contracts refuse, and laws over any terms.
#![recursion_limit = "256"]

use law_runs::runs;
use lending_core::actus::{ActusError, ActusTerms, EventType, Observed, ObservedSeries, events};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn bullet() -> Value {
    json!({
        "contractType": "PAM", "contractRole": "RPA", "currency": "USD",
        "statusDate": "2025-12-31", "initialExchangeDate": "2026-01-01",
        "maturityDate": "2026-04-01", "notionalPrincipal": 1000,
        "nominalInterestRate": 0.12, "dayCountConvention": "30E360",
    })
}

fn amortizer(kind: &str) -> Value {
    let mut terms = bullet();
    terms["contractType"] = json!(kind);
    terms["cycleAnchorDateOfPrincipalRedemption"] = json!("2026-02-01");
    terms["cycleOfPrincipalRedemption"] = json!("P1ML1");
    terms
}

fn with(mut terms: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        terms[name] = value.clone();
    }
    terms
}

fn refusal(terms: Value) -> ActusError {
    let terms: ActusTerms = serde_json::from_value(terms).unwrap();
    events(&terms, &Observed::default(), None).unwrap_err()
}

#[test]
fn each_refusal_has_its_number_and_names_its_term() {
    let cases = [
        (
            2801,
            "maturityDate",
            with(bullet(), json!({"maturityDate": null})),
        ),
        (2801, "currency", with(bullet(), json!({"currency": " "}))),
        (2801, "to", with(bullet(), json!({"contractType": "UMP"}))),
        (
            2801,
            "marketObjectCodeOfRateReset",
            with(
                bullet(),
                json!({"cycleAnchorDateOfRateReset": "2026-02-01"}),
            ),
        ),
        (
            2801,
            "priceAtPurchaseDate",
            with(bullet(), json!({"purchaseDate": "2026-02-01"})),
        ),
        (
            2801,
            "nextPrincipalRedemptionPayment",
            with(amortizer("NAM"), json!({"maturityDate": null})),
        ),
        (
            2802,
            "cycleOfInterestPayment",
            with(bullet(), json!({"cycleOfInterestPayment": "P1M"})),
        ),
        (
            2802,
            "cycleOfInterestPayment",
            with(bullet(), json!({"cycleOfInterestPayment": "P0DL1"})),
        ),
        (
            2802,
            "notionalPrincipal",
            with(bullet(), json!({"notionalPrincipal": -5})),
        ),
        (
            2803,
            "lifeFloor",
            with(bullet(), json!({"lifeFloor": 0.2, "lifeCap": 0.1})),
        ),
        (
            2803,
            "nextResetRate",
            with(bullet(), json!({"nextResetRate": 0.2})),
        ),
        (
            2803,
            "arrayNextPrincipalRedemptionPayment",
            with(
                bullet(),
                json!({
                    "contractType": "LAX",
                    "arrayCycleAnchorDateOfPrincipalRedemption": "2026-02-01",
                }),
            ),
        ),
        (
            2804,
            "cyclePointOfInterestPayment",
            with(
                amortizer("ANN"),
                json!({"cyclePointOfInterestPayment": "B"}),
            ),
        ),
        (
            2804,
            "cyclePointOfRateReset",
            with(amortizer("NAM"), json!({"cyclePointOfRateReset": "E"})),
        ),
        (
            2803,
            "capitalizationEndDate",
            with(
                bullet(),
                json!({
                    "cyclePointOfInterestPayment": "B", "capitalizationEndDate": "2026-02-01",
                }),
            ),
        ),
        (
            2801,
            "penaltyRate",
            with(
                bullet(),
                json!({
                    "prepaymentEffect": "A", "penaltyType": "N",
                    "cycleAnchorDateOfOptionality": "2026-02-01",
                }),
            ),
        ),
        (
            2805,
            "INDEX",
            with(
                bullet(),
                json!({
                    "cycleAnchorDateOfRateReset": "2026-02-01",
                    "marketObjectCodeOfRateReset": "INDEX",
                }),
            ),
        ),
        (
            2806,
            "nextPrincipalRedemptionPayment",
            with(
                amortizer("NAM"),
                json!({"maturityDate": null, "nextPrincipalRedemptionPayment": 9}),
            ),
        ),
        (
            2807,
            "100000",
            with(
                bullet(),
                json!({"maturityDate": "2999-01-01", "cycleOfInterestPayment": "P1DL1"}),
            ),
        ),
        (
            2803,
            "holidays",
            with(bullet(), json!({"holidays": "2026-02-02"})),
        ),
        (
            2808,
            "amount",
            with(
                bullet(),
                json!({
                    "notionalPrincipal": "79000000000000000000000000000",
                    "premiumDiscountAtIED": "79000000000000000000000000000",
                }),
            ),
        ),
    ];
    for (code, named, terms) in cases {
        let refusal = refusal(terms.clone());
        assert_eq!(refusal.code(), code, "{refusal}: {terms}");
        assert!(refusal.to_string().contains(named), "{refusal}: {terms}");
    }
}

#[test]
fn values_that_cannot_be_read_say_what_is_allowed() {
    for (name, value, allowed) in [
        ("contractType", json!("SWAPS"), "one of PAM"),
        ("notionalPrincipal", json!("many"), "a decimal number"),
        ("maturityDate", json!("2026-02-30"), "a date"),
        (
            "maturityDate",
            json!(["2026-02-01", "2026-03-01"]),
            "one is allowed",
        ),
        ("dayCountConvention", json!("30/360"), "30E360"),
        ("maturitydate", json!("2026-02-01"), "unknown field"),
    ] {
        let terms = with(bullet(), json!({name: value}));
        let message = serde_json::from_value::<ActusTerms>(terms)
            .unwrap_err()
            .to_string();
        assert!(message.contains(allowed), "{message}");
    }
}

#[test]
fn terms_survive_being_written_and_read() {
    let terms: ActusTerms = serde_json::from_value(amortizer("ANN")).unwrap();
    let written = serde_json::to_value(&terms).unwrap();
    assert_eq!(
        serde_json::from_value::<ActusTerms>(written).unwrap(),
        terms
    );
}

fn pick(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(values).prop_map(|text| {
        if text.is_empty() {
            Value::Null
        } else {
            json!(text)
        }
    })
}

const DATES: &[&str] = &[
    "",
    "",
    "2025-12-30",
    "2026-01-01",
    "2026-01-31",
    "2026-02-28T23:59:59",
    "2026-03-15",
    "2027-01-01",
    "2030-02-28",
    "1600-01-01",
    "9999-12-31T24:00:00",
];
const CYCLES: &[&str] = &[
    "", "", "P1ML0", "P1ML1", "P3ML0", "P1YL1", "P2WL0", "P27DL1", "P1DL1",
];
const AMOUNTS: &[&str] = &["", "0", "0.01", "12.5", "500", "5000", "1e15", "-3"];
const RATES: &[&str] = &["", "0", "0.05", "0.1", "10", "-0.02"];

/// Terms of every kind, most of them nonsense.
fn any_terms() -> impl Strategy<Value = Value> {
    let codes = (
        pick(&["PAM", "LAM", "NAM", "ANN", "LAX", "CLM", "UMP"]),
        pick(&["RPA", "RPL"]),
        pick(&[
            "AA",
            "A360",
            "A365",
            "30E360",
            "30E360ISDA",
            "28E336",
            "B252",
        ]),
        pick(&[
            "", "SCF", "SCMF", "CSF", "CSMF", "SCP", "SCMP", "CSP", "CSMP",
        ]),
        pick(&["", "SD", "EOM"]),
        pick(&["", "MF", "MFH"]),
        pick(&["", "NT", "NTIED", "NTL"]),
        pick(&["", "INO", "IOO"]),
        pick(&["", "A", "N"]),
        (pick(&["", "B"]), pick(&["", "E"])),
        pick(&["", "A", "N", "I"]),
    );
    let dates = prop::collection::vec(pick(DATES), 15);
    let cycles = prop::collection::vec(pick(CYCLES), 7);
    let amounts = prop::collection::vec(pick(AMOUNTS), 6);
    let rates = prop::collection::vec(pick(RATES), 5);
    (codes, dates, cycles, amounts, rates).prop_map(|(c, d, y, a, r)| {
        json!({
            "contractType": c.0, "contractRole": c.1, "dayCountConvention": c.2,
            "businessDayConvention": c.3, "endOfMonthConvention": c.4, "calendar": c.5,
            "interestCalculationBase": c.6, "scalingEffect": c.7, "feeBasis": c.8,
            "cyclePointOfInterestPayment": c.9.0, "cyclePointOfRateReset": c.9.1,
            "prepaymentEffect": "A", "objectCodeOfPrepaymentModel": "INDEX",
            "cycleAnchorDateOfOptionality": d[14], "cycleOfOptionality": y[6],
            "penaltyType": c.10, "penaltyRate": r[2],
            "currency": "USD", "statusDate": "2025-12-31", "initialExchangeDate": "2026-01-01",
            "notionalPrincipal": 5000, "xDayNotice": "P10D",
            "maturityDate": d[0], "amortizationDate": d[1], "capitalizationEndDate": d[2],
            "cycleAnchorDateOfInterestPayment": d[3],
            "cycleAnchorDateOfPrincipalRedemption": d[4],
            "cycleAnchorDateOfRateReset": d[5], "cycleAnchorDateOfFee": d[6],
            "cycleAnchorDateOfScalingIndex": d[7],
            "cycleAnchorDateOfInterestCalculationBase": d[8],
            "purchaseDate": d[9], "terminationDate": d[10],
            "arrayCycleAnchorDateOfPrincipalRedemption": d[11],
            "arrayCycleAnchorDateOfInterestPayment": d[12],
            "arrayCycleAnchorDateOfRateReset": d[13],
            "cycleOfInterestPayment": y[0], "cycleOfPrincipalRedemption": y[1],
            "cycleOfRateReset": y[2], "cycleOfFee": y[3], "cycleOfScalingIndex": y[4],
            "cycleOfInterestCalculationBase": y[5], "arrayCycleOfPrincipalRedemption": y[1],
            "nextPrincipalRedemptionPayment": a[0], "premiumDiscountAtIED": a[1],
            "priceAtPurchaseDate": a[2], "priceAtTerminationDate": a[3],
            "interestCalculationBaseAmount": a[4], "accruedInterest": a[5],
            "arrayNextPrincipalRedemptionPayment": a[0], "arrayIncreaseDecrease": "DEC",
            "arrayRate": r[4], "arrayFixedVariable": "FIX",
            "nominalInterestRate": r[0], "feeRate": r[1], "rateSpread": r[2],
            "nextResetRate": r[3], "marketObjectCodeOfRateReset": "INDEX",
            "marketObjectCodeOfScalingIndex": "INDEX", "scalingIndexAtContractDealDate": 2,
        })
    })
}

fn index() -> Observed {
    let mut observed = Observed::default();
    let series = json!({
        "identifier": "INDEX",
        "data": [{"timestamp": "1600-01-01", "value": "0.03"}],
    });
    observed.add_series(serde_json::from_value::<ObservedSeries>(series).unwrap());
    observed
}

proptest! {
    #![proptest_config(runs(512))]

    /// Any terms give rows in order or a refusal; principal moves only by what is paid or
    /// capitalized, and nothing is left after the end.
    #[test]
    fn any_terms_give_rows_or_a_refusal(terms in any_terms()) {
        let terms: ActusTerms = serde_json::from_value(terms).unwrap();
        let to = "2031-01-01T00:00:00".parse().unwrap();
        let Ok(rows) = events(&terms, &index(), Some(to)) else { return Ok(()); };
        for pair in rows.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            prop_assert!(before.event_date <= after.event_date);
            let moved = after.notional_principal - before.notional_principal;
            match after.event_type {
                EventType::Pr | EventType::Pi | EventType::Pp if terms.scaling_effect.is_none() => {
                    // Balances keep 28 digits and may be large, whatever is paid.
                    let apart = (moved + after.payoff).abs();
                    let balance = before.notional_principal.abs();
                    let scale = after.payoff.abs().max(balance).max(Decimal::ONE);
                    prop_assert!(apart < scale * Decimal::new(1, 9), "{apart}");
                }
                EventType::Ipci => {
                    prop_assert_eq!(after.accrued_interest, Decimal::ZERO);
                    prop_assert_eq!(after.payoff, Decimal::ZERO);
                }
                EventType::Md | EventType::Td | EventType::Std => {
                    prop_assert_eq!(after.notional_principal, Decimal::ZERO);
                    prop_assert_eq!(after.accrued_interest, Decimal::ZERO);
                }
                EventType::Ied | EventType::Pr | EventType::Pi | EventType::Pp => {}
                _ => prop_assert_eq!(moved, Decimal::ZERO),
            }
        }
    }

    /// A borrower's rows are the lender's with the signs turned, where no price is paid.
    #[test]
    fn roles_mirror_each_other(terms in any_terms()) {
        let mut terms: ActusTerms = serde_json::from_value(terms).unwrap();
        terms.purchase_date = None;
        terms.termination_date = None;
        let to = Some("2031-01-01T00:00:00".parse().unwrap());
        terms.contract_role = Some(lending_core::actus::ContractRole::Rpa);
        let lender = events(&terms, &index(), to);
        terms.contract_role = Some(lending_core::actus::ContractRole::Rpl);
        let borrower = events(&terms, &index(), to);
        match (lender, borrower) {
            (Ok(lender), Ok(borrower)) => {
                prop_assert_eq!(lender.len(), borrower.len());
                for (left, right) in lender.iter().zip(&borrower) {
                    prop_assert_eq!(left.event_date, right.event_date);
                    prop_assert_eq!(left.payoff, -right.payoff);
                    prop_assert_eq!(left.notional_principal, -right.notional_principal);
                    prop_assert_eq!(left.accrued_interest, -right.accrued_interest);
                    prop_assert_eq!(left.nominal_interest_rate, right.nominal_interest_rate);
                }
            }
            (Err(left), Err(right)) => prop_assert_eq!(left, right),
            (left, right) => prop_assert!(false, "{:?} {:?}", left.err(), right.err()),
        }
    }
}
