//! What happens on the way: prepayments, an analysis, notice, deposits.

use serde_json::json;

use super::{observed, table, terms};

#[test]
fn a_prepayment_lowers_what_interest_accrues_on() {
    // 400 prepaid halfway: 5 + 600 × 0.12 × 15/360 = 3, then 6 a month.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-03-01",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    let happened = json!([{"time": "2026-01-16T00:00:00", "type": "PP", "value": 400}]);
    assert_eq!(
        table(&terms("PAM", more), &observed(json!({}), happened), None),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-01-16 PP 400 | 600 0.12 5",
            "2026-02-01 IP 8 | 600 0.12 0",
            "2026-03-01 IP 6 | 600 0.12 0",
            "2026-03-01 MD 600 | 0 0.12 0",
        ]
    );
}

#[test]
fn a_model_prepays_with_a_penalty_never_more_than_is_left() {
    // 1000 bears 10 a month. In February 400 are prepaid: 600 bear 6; in March 900 are asked for,
    // 600 are left; 5 with each.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-04-01",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
        "prepaymentEffect": "A", "objectCodeOfPrepaymentModel": "MODEL",
        "cycleAnchorDateOfOptionality": "2026-02-01", "cycleOfOptionality": "P1ML1",
        "penaltyType": "A", "penaltyRate": 5,
    });
    let model = json!({"MODEL": {"2026-02-01": 400, "2026-03-01": 900}});
    assert_eq!(
        table(&terms("PAM", more), &observed(model, json!([])), None),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 PY 5 | 1000 0.12 10",
            "2026-02-01 PP 400 | 600 0.12 10",
            "2026-02-01 IP 10 | 600 0.12 0",
            "2026-03-01 PY 5 | 600 0.12 6",
            "2026-03-01 PP 600 | 0 0.12 6",
            "2026-03-01 IP 6 | 0 0.12 0",
            "2026-04-01 IP 0 | 0 0.12 0",
            "2026-04-01 MD 0 | 0 0.12 0",
        ],
    );
}

#[test]
fn an_analysis_and_a_credit_event_show_the_state_and_change_nothing() {
    // 15 days of 1000 at 12%: 5; to 1 February 10.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-02-01",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    let happened = json!([
        {"time": "2026-01-16", "type": "AD"}, {"time": "2026-01-22", "type": "CE"},
    ]);
    assert_eq!(
        table(&terms("PAM", more), &observed(json!({}), happened), None),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-01-16 AD 0 | 1000 0.12 5",
            "2026-01-22 CE 0 | 1000 0.12 7",
            "2026-02-01 IP 10 | 1000 0.12 0",
            "2026-02-01 MD 1000 | 0 0.12 0",
        ],
    );
}

#[test]
fn clm_is_settled_after_notice() {
    // Interest capitalizes to 1010 on 1 February; 5.05 accrue to the notice on the 16th and are
    // paid with the principal ten days later, without further interest.
    let more = json!({
        "notionalPrincipal": 1000, "xDayNotice": "P10D",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    let terms = terms("CLM", more);
    let happened = json!([{"time": "2026-02-16T00:00:00", "type": "XD"}]);
    let called = observed(json!({}), happened);
    assert_eq!(
        table(&terms, &called, Some("2026-02-20")),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 IPCI 0 | 1010 0.12 0",
            "2026-02-16 XD 0 | 1010 0.12 0",
            "2026-02-26 IP 5.05 | 1010 0.12 0",
            "2026-02-26 STD 1010 | 0 0.12 0",
        ]
    );
    // Before the notice nothing of it shows.
    assert_eq!(table(&terms, &called, Some("2026-02-10")).len(), 2);
}

#[test]
fn ump_moves_with_deposits_and_withdrawals() {
    // A deposit held by a bank: 1000, half of it withdrawn on 16 January: 5 + 2.5 accrue.
    let more = json!({
        "contractRole": "RPL", "notionalPrincipal": 1000,
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    let happened = json!([{"time": "2026-01-16", "type": "PR", "value": "500"}]);
    assert_eq!(
        table(
            &terms("UMP", more),
            &observed(json!({}), happened),
            Some("2026-02-15")
        ),
        [
            "2026-01-01 IED 1000 | -1000 0.12 0",
            "2026-01-16 PR -500 | -500 0.12 -5",
            "2026-02-01 IPCI 0 | -507.5 0.12 0",
        ]
    );
}

#[test]
fn another_settlement_currency_is_paid_at_the_observed_price() {
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-02-01", "settlementCurrency": "EUR",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    let market = observed(
        json!({"USD/EUR": {"2026-01-01": 0.8, "2026-02-01": 0.9}}),
        json!([]),
    );
    assert_eq!(
        table(&terms("PAM", more), &market, None),
        [
            "2026-01-01 IED -800 | 1000 0.12 0",
            "2026-02-01 IP 9 | 1000 0.12 0",
            "2026-02-01 MD 900 | 0 0.12 0",
        ]
    );
}
