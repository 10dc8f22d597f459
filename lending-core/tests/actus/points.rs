//! Interest at the beginning of its period, rates fixed at the end of theirs, penalties by rate, and
//! what had accrued when the terms were looked at.

use lending_core::actus::Observed;
use serde_json::json;

use super::{check, observed, table, terms};

#[test]
fn interest_paid_ahead_is_negative_accrued_interest_until_its_period_is_over() {
    // 10 on 1 January for January, 10 for February, 5 for the half of March that is left.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-03-16",
        "cycleAnchorDateOfInterestPayment": "2026-01-01", "cycleOfInterestPayment": "P1ML1",
        "cyclePointOfInterestPayment": "B",
    });
    check(
        &terms("PAM", more),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-01-01 IP 10 | 1000 0.12 -10",
            "2026-02-01 IP 10 | 1000 0.12 -10",
            "2026-03-01 IP 5 | 1000 0.12 -5",
            "2026-03-16 IP 0 | 1000 0.12 0",
            "2026-03-16 MD 1000 | 0 0.12 0",
        ],
    );
}

#[test]
fn interest_paid_ahead_on_principal_redeemed_within_its_period_comes_back_at_its_end() {
    // 36 for a quarter of 1200; what accrues is 12 + 8 + 4 = 24.
    let more = json!({
        "notionalPrincipal": 1200, "nextPrincipalRedemptionPayment": 400,
        "cycleAnchorDateOfPrincipalRedemption": "2026-02-01",
        "cycleOfPrincipalRedemption": "P1ML1",
        "cycleAnchorDateOfInterestPayment": "2026-01-01", "cycleOfInterestPayment": "P3ML1",
        "cyclePointOfInterestPayment": "B",
    });
    check(
        &terms("LAM", more),
        &[
            "2026-01-01 IED -1200 | 1200 0.12 0",
            "2026-01-01 IP 36 | 1200 0.12 -36",
            "2026-02-01 PR 400 | 800 0.12 -24",
            "2026-03-01 PR 400 | 400 0.12 -16",
            "2026-04-01 IP -12 | 400 0.12 0",
            "2026-04-01 MD 400 | 0 0.12 0",
        ],
    );
}

#[test]
fn interest_paid_ahead_is_at_the_rate_and_on_the_principal_its_period_begins_with() {
    // LAX: on 1 February 500 are redeemed and the rate becomes 24%: 500 × 2% = 10 ahead.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-03-01",
        "arrayCycleAnchorDateOfPrincipalRedemption": ["2026-02-01"],
        "arrayNextPrincipalRedemptionPayment": [500], "arrayIncreaseDecrease": ["DEC"],
        "arrayCycleAnchorDateOfInterestPayment": ["2026-01-01"],
        "arrayCycleOfInterestPayment": ["P1ML1"],
        "arrayCycleAnchorDateOfRateReset": ["2026-02-01"],
        "arrayRate": ["0.24"], "arrayFixedVariable": ["FIX"],
        "cyclePointOfInterestPayment": "B",
    });
    check(
        &terms("LAX", more),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-01-01 IP 10 | 1000 0.12 -10",
            "2026-02-01 PR 500 | 500 0.12 0",
            "2026-02-01 RRF 0 | 500 0.24 0",
            "2026-02-01 IP 10 | 500 0.24 -10",
            "2026-03-01 IP 0 | 500 0.24 0",
            "2026-03-01 MD 500 | 0 0.24 0",
        ],
    );
}

#[test]
fn a_sale_gives_back_the_interest_paid_ahead() {
    // 30 for a quarter; after half a month 25 are not used up: 1000 − 25.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-04-01",
        "cycleAnchorDateOfInterestPayment": "2026-01-01", "cycleOfInterestPayment": "P3ML1",
        "cyclePointOfInterestPayment": "B",
        "terminationDate": "2026-01-16", "priceAtTerminationDate": 1000,
    });
    check(
        &terms("PAM", more),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-01-01 IP 30 | 1000 0.12 -30",
            "2026-01-16 TD 975 | 0 0.12 0",
        ],
    );
}

#[test]
fn a_rate_fixed_at_the_end_of_its_period_corrects_the_interest_accrued_in_it() {
    // January at 24%: 20; February at 6%: 5.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-03-01",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
        "cycleAnchorDateOfRateReset": "2026-01-01", "cycleOfRateReset": "P1ML1",
        "cyclePointOfRateReset": "E", "marketObjectCodeOfRateReset": "INDEX",
    });
    let index = json!({"INDEX": {"2026-02-01": 0.24, "2026-03-01": 0.06}});
    assert_eq!(
        table(&terms("PAM", more), &observed(index, json!([])), None),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 RR 0 | 1000 0.24 20",
            "2026-02-01 IP 20 | 1000 0.24 0",
            "2026-03-01 RR 0 | 1000 0.06 5",
            "2026-03-01 IP 5 | 1000 0.06 0",
            "2026-03-01 MD 1000 | 0 0.06 0",
        ],
    );
}

#[test]
fn the_next_rate_may_be_known_before_the_end_of_its_period() {
    // January at the 24% that the terms tell: 20; February at the 6% observed: 5.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-03-01", "nextResetRate": 0.24,
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
        "cycleAnchorDateOfRateReset": "2026-01-01", "cycleOfRateReset": "P1ML1",
        "cyclePointOfRateReset": "E", "marketObjectCodeOfRateReset": "INDEX",
    });
    let index = json!({"INDEX": {"2026-03-01": 0.06}});
    assert_eq!(
        table(&terms("PAM", more), &observed(index, json!([])), None),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 RRF 0 | 1000 0.24 20",
            "2026-02-01 IP 20 | 1000 0.24 0",
            "2026-03-01 RR 0 | 1000 0.06 5",
            "2026-03-01 IP 5 | 1000 0.06 0",
            "2026-03-01 MD 1000 | 0 0.06 0",
        ],
    );
}

#[test]
fn a_rate_fixed_at_the_end_corrects_interest_paid_within_its_period() {
    // A quarter at 18% from February on: 12 and 8 were paid at 12% on 1200 and 800; on 1 May 4 of
    // April and a half of 12 + 8 + 4 more.
    let more = json!({
        "notionalPrincipal": 1600, "nextPrincipalRedemptionPayment": 400,
        "cycleAnchorDateOfPrincipalRedemption": "2026-02-01",
        "cycleOfPrincipalRedemption": "P1ML1",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
        "cycleAnchorDateOfRateReset": "2026-02-01", "cycleOfRateReset": "P3ML1",
        "cyclePointOfRateReset": "E", "marketObjectCodeOfRateReset": "INDEX",
    });
    let index = json!({"INDEX": {"2026-05-01": 0.18}});
    assert_eq!(
        table(&terms("LAM", more), &observed(index, json!([])), None),
        [
            "2026-01-01 IED -1600 | 1600 0.12 0",
            "2026-02-01 PR 400 | 1200 0.12 16",
            "2026-02-01 IP 16 | 1200 0.12 0",
            "2026-03-01 PR 400 | 800 0.12 12",
            "2026-03-01 IP 12 | 800 0.12 0",
            "2026-04-01 PR 400 | 400 0.12 8",
            "2026-04-01 IP 8 | 400 0.12 0",
            "2026-05-01 RR 0 | 400 0.18 16",
            "2026-05-01 IP 16 | 400 0.18 0",
            "2026-05-01 MD 400 | 0 0.18 0",
        ],
    );
}

#[test]
fn a_phase_of_rates_fixed_at_the_end_gives_way_to_a_fixed_rate() {
    // LAX: January and February follow the market afterwards (24%, 6%), March is fixed at 12%.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-04-01",
        "arrayCycleAnchorDateOfInterestPayment": ["2026-02-01"],
        "arrayCycleOfInterestPayment": ["P1ML1"],
        "arrayCycleAnchorDateOfRateReset": ["2026-01-01", "2026-03-01"],
        "arrayCycleOfRateReset": ["P1ML1", "P1ML1"],
        "arrayRate": ["0.01", "0.12"], "arrayFixedVariable": ["VAR", "FIX"],
        "cyclePointOfRateReset": "E", "marketObjectCodeOfRateReset": "INDEX",
    });
    let index = json!({"INDEX": {"2026-02-01": 0.23, "2026-03-01": 0.05}});
    assert_eq!(
        table(&terms("LAX", more), &observed(index, json!([])), None),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 RR 0 | 1000 0.24 20",
            "2026-02-01 IP 20 | 1000 0.24 0",
            "2026-03-01 RR 0 | 1000 0.06 5",
            "2026-03-01 IP 5 | 1000 0.06 0",
            "2026-03-01 RRF 0 | 1000 0.12 0",
            "2026-04-01 IP 10 | 1000 0.12 0",
            "2026-04-01 MD 1000 | 0 0.12 0",
        ],
    );
}

#[test]
fn a_penalty_by_rate_or_by_the_rate_above_the_market_counts_from_the_last_event() {
    // Half a month after the interest date: 1000 × 6% × 15/360 = 2.5; (12% − 3%) instead: 3.75;
    // none where the market lies above the rate.
    for (kind, rate, market, paid) in [
        ("N", json!(0.06), 0.03, "2.5"),
        ("I", json!(null), 0.03, "3.75"),
        ("I", json!(null), 0.13, "0"),
    ] {
        let more = json!({
            "notionalPrincipal": 1000, "maturityDate": "2026-03-01",
            "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
            "prepaymentEffect": "A", "objectCodeOfPrepaymentModel": "MODEL",
            "cycleAnchorDateOfOptionality": "2026-02-16",
            "penaltyType": kind, "penaltyRate": rate, "marketObjectCodeOfRateReset": "INDEX",
        });
        let series = json!({"MODEL": {"2026-02-16": 400}, "INDEX": {"2026-01-01": market}});
        assert_eq!(
            table(&terms("PAM", more), &observed(series, json!([])), None),
            [
                "2026-01-01 IED -1000 | 1000 0.12 0",
                "2026-02-01 IP 10 | 1000 0.12 0",
                &format!("2026-02-16 PY {paid} | 1000 0.12 5"),
                "2026-02-16 PP 400 | 600 0.12 5",
                "2026-03-01 IP 8 | 600 0.12 0",
                "2026-03-01 MD 600 | 0 0.12 0",
            ],
        );
    }
}

#[test]
fn interest_of_a_running_contract_counts_from_its_last_interest_date() {
    // Looked at on 16 January: 5 since the 1st, so 10 on 1 February. Paid ahead, 5 are used up.
    let running = |more| {
        let mut all = json!({
            "statusDate": "2026-01-16T00:00:00", "initialExchangeDate": "2025-11-01",
            "notionalPrincipal": 1000, "maturityDate": "2026-03-01",
            "cycleAnchorDateOfInterestPayment": "2025-12-01", "cycleOfInterestPayment": "P1ML1",
        });
        for (name, value) in serde_json::Map::into_iter(more) {
            all[name] = value;
        }
        terms("PAM", all)
    };
    let object = |value: serde_json::Value| value.as_object().unwrap().clone();
    let rows = |first: &str| {
        [
            first.to_owned(),
            "2026-03-01 IP 10 | 1000 0.12 0".into(),
            "2026-03-01 MD 1000 | 0 0.12 0".into(),
        ]
    };
    let at_the_end = running(object(json!({})));
    let none = Observed::default();
    assert_eq!(
        table(&at_the_end, &none, None),
        rows("2026-02-01 IP 10 | 1000 0.12 0"),
    );
    let told = running(object(json!({"accruedInterest": 0})));
    assert_eq!(
        table(&told, &none, None),
        rows("2026-02-01 IP 5 | 1000 0.12 0"),
    );
    let ahead = running(object(json!({"cyclePointOfInterestPayment": "B"})));
    assert_eq!(
        table(&ahead, &none, None),
        [
            "2026-02-01 IP 10 | 1000 0.12 -10",
            "2026-03-01 IP 0 | 1000 0.12 0",
            "2026-03-01 MD 1000 | 0 0.12 0",
        ],
    );
    // Fixed afterwards at 24% for all of January, and 12% for February.
    let fixed_after = running(object(json!({
        "cycleAnchorDateOfRateReset": "2025-12-01", "cycleOfRateReset": "P1ML1",
        "cyclePointOfRateReset": "E", "marketObjectCodeOfRateReset": "INDEX",
    })));
    let index = json!({"INDEX": {"2026-02-01": 0.24, "2026-03-01": 0.12}});
    assert_eq!(
        table(&fixed_after, &observed(index, json!([])), None),
        [
            "2026-02-01 RR 0 | 1000 0.24 20",
            "2026-02-01 IP 20 | 1000 0.24 0",
            "2026-03-01 RR 0 | 1000 0.12 10",
            "2026-03-01 IP 10 | 1000 0.12 0",
            "2026-03-01 MD 1000 | 0 0.12 0",
        ],
    );
}

#[test]
fn terms_of_other_contract_types_are_read_over() {
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-02-01",
        "contractStructure": [{"object": {}, "referenceRole": "UDL"}],
        "deliverySettlement": "D", "quantity": "1", "optionStrike1": 80, "currency2": "EUR",
        "maximumPenaltyFreeDisbursement": "100", "legalEntityIDCounterparty": "B-7",
    });
    check(
        &terms("PAM", more),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 MD 1000 | 0 0.12 0",
        ],
    );
}
