//! LAM, NAM, ANN and LAX: principal that is redeemed in parts.

use lending_core::actus::Observed;
use serde_json::{Value, json};

use super::{check, observed, table, terms};

#[test]
fn lam_redeems_the_same_principal_each_time() {
    // 900 over three redemptions, the maturity among them: 300. Interest 9, 6, 3.
    let cycles = json!({
        "notionalPrincipal": 900,
        "cycleAnchorDateOfPrincipalRedemption": "2026-02-01", "cycleOfPrincipalRedemption": "P1ML1",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    let expected = [
        "2026-01-01 IED -900 | 900 0.12 0",
        "2026-02-01 PR 300 | 600 0.12 9",
        "2026-02-01 IP 9 | 600 0.12 0",
        "2026-03-01 PR 300 | 300 0.12 6",
        "2026-03-01 IP 6 | 300 0.12 0",
        "2026-04-01 IP 3 | 300 0.12 0",
        "2026-04-01 MD 300 | 0 0.12 0",
    ];
    let mut by_date = terms("LAM", cycles);
    by_date.maturity_date = Some("2026-04-01T00:00:00".parse().unwrap());
    check(&by_date, &expected);
    // The other way round: 300 each time says when it ends.
    let mut by_amount = by_date;
    by_amount.maturity_date = None;
    by_amount.next_principal_redemption_payment = Some(300.into());
    check(&by_amount, &expected);
}

#[test]
fn interest_can_accrue_on_another_base() {
    // NTL: on 1200 until the base is taken on 1 March (300 after its redemption): 12, 12, 3.
    let more = json!({
        "notionalPrincipal": 900, "maturityDate": "2026-04-01",
        "cycleAnchorDateOfPrincipalRedemption": "2026-02-01", "cycleOfPrincipalRedemption": "P1ML1",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
        "interestCalculationBase": "NTL", "interestCalculationBaseAmount": 1200,
        "cycleAnchorDateOfInterestCalculationBase": "2026-03-01",
        "cycleOfInterestCalculationBase": "P2ML1",
    });
    check(
        &terms("LAM", more),
        &[
            "2026-01-01 IED -900 | 900 0.12 0",
            "2026-02-01 PR 300 | 600 0.12 12",
            "2026-02-01 IP 12 | 600 0.12 0",
            "2026-03-01 PR 300 | 300 0.12 12",
            "2026-03-01 IP 12 | 300 0.12 0",
            "2026-03-01 IPCB 0 | 300 0.12 0",
            "2026-04-01 IP 3 | 300 0.12 0",
            "2026-04-01 MD 300 | 0 0.12 0",
        ],
    );
}

#[test]
fn nam_grows_where_the_payment_does_not_cover_interest() {
    // 1000 bears 10; a payment of 4 leaves 6: 1006, then 10.06 − 4 = 6.06 more.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-04-01",
        "nextPrincipalRedemptionPayment": 4,
        "cycleAnchorDateOfPrincipalRedemption": "2026-02-01", "cycleOfPrincipalRedemption": "P1ML1",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    check(
        &terms("NAM", more),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 PR -6 | 1006 0.12 10",
            "2026-02-01 IP 10 | 1006 0.12 0",
            "2026-03-01 PR -6.06 | 1012.06 0.12 10.06",
            "2026-03-01 IP 10.06 | 1012.06 0.12 0",
            "2026-04-01 IP 10.1206 | 1012.06 0.12 0",
            "2026-04-01 MD 1012.06 | 0 0.12 0",
        ],
    );
}

#[test]
fn nam_interest_falls_due_with_its_own_cycle_until_the_redemptions_begin() {
    // One redemption cycle before 16 April is 16 January: 1 January (nothing yet), 16 January
    // (15 days: 5), then with the redemptions. 3 months bear 30, 27.9 and 25.737.
    let own_cycle = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-10-16",
        "nextPrincipalRedemptionPayment": 100,
        "cycleAnchorDateOfPrincipalRedemption": "2026-04-16", "cycleOfPrincipalRedemption": "P3ML0",
        "cycleAnchorDateOfInterestPayment": "2026-01-01", "cycleOfInterestPayment": "P1ML0",
    });
    let redemptions = [
        "2026-07-16 PR 72.1 | 857.9 0.12 27.9",
        "2026-07-16 IP 27.9 | 857.9 0.12 0",
        "2026-10-16 IP 25.737 | 857.9 0.12 0",
        "2026-10-16 MD 857.9 | 0 0.12 0",
    ];
    let mut expected = vec![
        "2026-01-01 IED -1000 | 1000 0.12 0",
        "2026-01-01 IP 0 | 1000 0.12 0",
        "2026-01-16 IP 5 | 1000 0.12 0",
        "2026-04-16 PR 70 | 930 0.12 30",
        "2026-04-16 IP 30 | 930 0.12 0",
    ];
    expected.extend(redemptions);
    check(&terms("NAM", own_cycle.clone()), &expected);
    // Without a cycle of its own: 105 days to the first redemption bear 35, then 935 bears 28.05
    // and 863.05 bears 25.8915.
    let mut with_redemptions = own_cycle;
    with_redemptions["cycleAnchorDateOfInterestPayment"] = Value::Null;
    with_redemptions["cycleOfInterestPayment"] = Value::Null;
    check(
        &terms("NAM", with_redemptions),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-04-16 PR 65 | 935 0.12 35",
            "2026-04-16 IP 35 | 935 0.12 0",
            "2026-07-16 PR 71.95 | 863.05 0.12 28.05",
            "2026-07-16 IP 28.05 | 863.05 0.12 0",
            "2026-10-16 IP 25.8915 | 863.05 0.12 0",
            "2026-10-16 MD 863.05 | 0 0.12 0",
        ],
    );
}

/// 3030.1 is worth three payments of 1030.301 at 1% a month: 1020.1 + 1010 + 1000.
fn annuity() -> Value {
    json!({
        "notionalPrincipal": "3030.1", "maturityDate": "2026-04-01",
        "cycleAnchorDateOfPrincipalRedemption": "2026-02-01", "cycleOfPrincipalRedemption": "P1ML1",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    })
}

#[test]
fn ann_payments_redeem_the_principal() {
    // The payment is fixed on 31 January, when 29 days have accrued:
    // 3030.1 × 0.12 × 29/360 = 29.290967.
    check(
        &terms("ANN", annuity()),
        &[
            "2026-01-01 IED -3030.1 | 3030.1 0.12 0",
            "2026-01-31 PRF 0 | 3030.1 0.12 29.290967",
            "2026-02-01 PR 1000 | 2030.1 0.12 30.301",
            "2026-02-01 IP 30.301 | 2030.1 0.12 0",
            "2026-03-01 PR 1010 | 1020.1 0.12 20.301",
            "2026-03-01 IP 20.301 | 1020.1 0.12 0",
            "2026-04-01 IP 10.201 | 1020.1 0.12 0",
            "2026-04-01 MD 1020.1 | 0 0.12 0",
        ],
    );
}

#[test]
fn ann_payments_are_fixed_anew_with_the_rate() {
    // From 1 February 2030.1 is left at 24%, 2% a month, for two payments:
    // 2030.1 / (1/1.02 + 1/1.02²) = 2030.1 × 1.0404 / 2.02 = 1005 × 1.0404 = 1045.602, of which
    // 40.602 is interest.
    let mut terms = terms("ANN", annuity());
    terms.cycle_anchor_date_of_rate_reset = Some("2026-02-01T00:00:00".parse().unwrap());
    terms.market_object_code_of_rate_reset = Some("INDEX".into());
    let market = observed(json!({"INDEX": {"2026-02-01": 0.24}}), json!([]));
    assert_eq!(
        table(&terms, &market, None)[4..],
        [
            "2026-02-01 RR 0 | 2030.1 0.24 0",
            "2026-02-01 PRF 0 | 2030.1 0.24 0",
            "2026-03-01 PR 1005 | 1025.1 0.24 40.602",
            "2026-03-01 IP 40.602 | 1025.1 0.24 0",
            "2026-04-01 IP 20.502 | 1025.1 0.24 0",
            "2026-04-01 MD 1025.1 | 0 0.24 0",
        ]
    );
}

#[test]
fn an_annuity_in_advance_pays_with_the_exchange() {
    // Payments on 1 January, February, March and April: 1030.301 at once and three more as above,
    // worth 3030.1, make 4060.401.
    let mut more = annuity();
    more["notionalPrincipal"] = json!("4060.401");
    more["cycleAnchorDateOfPrincipalRedemption"] = json!("2026-01-01");
    check(
        &terms("ANN", more),
        &[
            "2026-01-01 IED -4060.401 | 4060.401 0.12 0",
            "2026-01-01 PR 1030.301 | 3030.1 0.12 0",
            "2026-01-01 IP 0 | 3030.1 0.12 0",
            "2026-02-01 PR 1000 | 2030.1 0.12 30.301",
            "2026-02-01 IP 30.301 | 2030.1 0.12 0",
            "2026-03-01 PR 1010 | 1020.1 0.12 20.301",
            "2026-03-01 IP 20.301 | 1020.1 0.12 0",
            "2026-04-01 IP 10.201 | 1020.1 0.12 0",
            "2026-04-01 MD 1020.1 | 0 0.12 0",
        ],
    );
}

#[test]
fn an_amortization_date_past_the_maturity_leaves_a_balloon() {
    // Payments as if until 1 April, the rest on 16 March: half a month of 1020.1 bears 5.1005.
    let mut more = annuity();
    more["amortizationDate"] = json!("2026-04-01");
    more["maturityDate"] = json!("2026-03-16");
    assert_eq!(
        table(&terms("ANN", more), &Observed::default(), None)[4..],
        [
            "2026-03-01 PR 1010 | 1020.1 0.12 20.301",
            "2026-03-01 IP 20.301 | 1020.1 0.12 0",
            "2026-03-16 IP 5.1005 | 1020.1 0.12 0",
            "2026-03-16 MD 1020.1 | 0 0.12 0",
        ]
    );
}

#[test]
fn lax_draws_and_pays_back_in_phases() {
    // 200 drawn on 1 February and March, 700 paid back from 1 April: 1000, 1200, 1400, 700, 0. The
    // rate is 24% from 1 March. Interest: 10, 12, 28, 14.
    let more = json!({
        "notionalPrincipal": 1000,
        "arrayCycleAnchorDateOfPrincipalRedemption": ["2026-02-01", "2026-04-01"],
        "arrayCycleOfPrincipalRedemption": ["P1ML1", "P1ML1"],
        "arrayNextPrincipalRedemptionPayment": [200, 700],
        "arrayIncreaseDecrease": ["INC", "DEC"],
        "arrayCycleAnchorDateOfInterestPayment": "2026-02-01",
        "arrayCycleOfInterestPayment": "P1ML1",
        "arrayCycleAnchorDateOfRateReset": "[2026-03-01]",
        "arrayRate": 0.24, "arrayFixedVariable": "FIX",
    });
    check(
        &terms("LAX", more),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 PI -200 | 1200 0.12 10",
            "2026-02-01 IP 10 | 1200 0.12 0",
            "2026-03-01 PI -200 | 1400 0.12 12",
            "2026-03-01 IP 12 | 1400 0.12 0",
            "2026-03-01 RRF 0 | 1400 0.24 0",
            "2026-04-01 PR 700 | 700 0.24 28",
            "2026-04-01 IP 28 | 700 0.24 0",
            "2026-05-01 IP 14 | 700 0.24 0",
            "2026-05-01 MD 700 | 0 0.24 0",
        ],
    );
}
