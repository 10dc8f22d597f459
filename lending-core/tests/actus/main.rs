//! Contracts of the ACTUS standard: terms in, events out. Every figure is reckoned by hand beside
//! its table; the terms are the standard's JSON.

mod points;

use lending_core::actus::{ActusTerms, Observed, ObservedEvent, ObservedSeries, events};
use serde_json::{Value, json};

/// Terms shared by the cases: a year of 12 × 30 days at 12%, so that a month is 1%.
fn terms(kind: &str, more: Value) -> ActusTerms {
    let mut terms = json!({
        "contractType": kind,
        "contractRole": "RPA",
        "currency": "USD",
        "statusDate": "2025-12-31T00:00:00",
        "initialExchangeDate": "2026-01-01T00:00:00",
        "nominalInterestRate": "0.12",
        "dayCountConvention": "30E360",
    });
    for (name, value) in more.as_object().unwrap() {
        terms[name] = value.clone();
    }
    serde_json::from_value(terms).unwrap()
}

fn observed(series: Value, happened: Value) -> Observed {
    let mut observed = Observed::default();
    for (identifier, values) in series.as_object().unwrap() {
        let data: Vec<Value> = values
            .as_object()
            .unwrap()
            .iter()
            .map(|(timestamp, value)| json!({"timestamp": timestamp, "value": value}))
            .collect();
        let one = json!({"identifier": identifier, "data": data});
        observed.add_series(serde_json::from_value::<ObservedSeries>(one).unwrap());
    }
    for event in happened.as_array().unwrap() {
        observed.add_event(serde_json::from_value::<ObservedEvent>(event.clone()).unwrap());
    }
    observed
}

/// `date type payoff | notional rate accrued`, to a millionth.
fn table(terms: &ActusTerms, observed: &Observed, to: Option<&str>) -> Vec<String> {
    let to = to.map(|to| format!("{to}T00:00:00").parse().unwrap());
    let rows = match events(terms, observed, to) {
        Ok(rows) => rows,
        Err(refusal) => return vec![format!("{} {refusal}", refusal.code())],
    };
    rows.iter()
        .map(|row| {
            let figure = |value: rust_decimal::Decimal| value.round_dp(6).normalize();
            format!(
                "{} {} {} | {} {} {}",
                row.event_date.date(),
                row.event_type,
                figure(row.payoff),
                figure(row.notional_principal),
                figure(row.nominal_interest_rate),
                figure(row.accrued_interest),
            )
        })
        .collect()
}

#[track_caller]
fn check(terms: &ActusTerms, expected: &[&str]) {
    assert_eq!(table(terms, &Observed::default(), None), expected);
}

#[test]
fn pam_pays_interest_and_the_principal_at_the_end() {
    // 12000 less a discount of 120; 12000 × 0.12 × 90/360 = 360 a quarter.
    let more = json!({
        "notionalPrincipal": "12000", "premiumDiscountAtIED": "-120",
        "maturityDate": "2026-10-01T00:00:00",
        "cycleAnchorDateOfInterestPayment": "2026-04-01T00:00:00",
        "cycleOfInterestPayment": "P3ML1",
    });
    let lender = terms("PAM", more);
    check(
        &lender,
        &[
            "2026-01-01 IED -11880 | 12000 0.12 0",
            "2026-04-01 IP 360 | 12000 0.12 0",
            "2026-07-01 IP 360 | 12000 0.12 0",
            "2026-10-01 IP 360 | 12000 0.12 0",
            "2026-10-01 MD 12000 | 0 0.12 0",
        ],
    );
    let mut borrower = lender;
    borrower.contract_role = Some(lending_core::actus::ContractRole::Rpl);
    check(
        &borrower,
        &[
            "2026-01-01 IED 11880 | -12000 0.12 0",
            "2026-04-01 IP -360 | -12000 0.12 0",
            "2026-07-01 IP -360 | -12000 0.12 0",
            "2026-10-01 IP -360 | -12000 0.12 0",
            "2026-10-01 MD -12000 | 0 0.12 0",
        ],
    );
}

#[test]
fn a_rest_before_the_end_is_a_long_or_a_short_last_period() {
    // The end, 16 March, is off the cycle. L0 drops 1 March: 1000 × 0.12 × 45/360 = 15 from
    // 1 February; L1 keeps it: 10, then 5.
    let with = |cycle: &str| {
        let more = json!({
            "notionalPrincipal": 1000, "maturityDate": "2026-03-16",
            "cycleAnchorDateOfInterestPayment": "2026-01-01", "cycleOfInterestPayment": cycle,
        });
        table(&terms("PAM", more), &Observed::default(), None)
    };
    assert_eq!(
        with("P1ML0"),
        [
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-01-01 IP 0 | 1000 0.12 0",
            "2026-02-01 IP 10 | 1000 0.12 0",
            "2026-03-16 IP 15 | 1000 0.12 0",
            "2026-03-16 MD 1000 | 0 0.12 0",
        ]
    );
    assert_eq!(
        with("P1ML1")[3..5],
        [
            "2026-03-01 IP 10 | 1000 0.12 0",
            "2026-03-16 IP 5 | 1000 0.12 0",
        ]
    );
    // As older dictionaries write them.
    assert_eq!(with("1M+"), with("P1ML0"));
    assert_eq!(with("1M-"), with("P1ML1"));
}

#[test]
fn month_ends_stay_month_ends_only_where_the_terms_say_so() {
    let dates = |convention: &str| {
        let more = json!({
            "notionalPrincipal": 1000, "initialExchangeDate": "2026-02-28",
            "maturityDate": "2026-06-28", "endOfMonthConvention": convention,
            "cycleAnchorDateOfInterestPayment": "2026-02-28", "cycleOfInterestPayment": "P1ML1",
        });
        let rows = table(&terms("PAM", more), &Observed::default(), None);
        let days: Vec<String> = rows.iter().map(|row| row[..13].to_owned()).collect();
        days.join(", ")
    };
    assert_eq!(
        dates("SD"),
        "2026-02-28 IE, 2026-02-28 IP, 2026-03-28 IP, 2026-04-28 IP, 2026-05-28 IP, \
         2026-06-28 IP, 2026-06-28 MD"
    );
    assert_eq!(
        dates("EOM"),
        "2026-02-28 IE, 2026-02-28 IP, 2026-03-31 IP, 2026-04-30 IP, 2026-05-31 IP, \
         2026-06-28 IP, 2026-06-28 MD"
    );
}

#[test]
fn days_off_move_the_payment_and_sc_moves_the_interest_too() {
    // 1 February 2026 is a Sunday, 1 March too; the end, 1 April, a Wednesday.
    // CSF pays on Monday what accrued to Sunday: 10, 10, 10.
    // SCF counts to Monday: 31 days 10.333333, 30 days 10, 29 days 9.666667.
    let with = |convention: &str| {
        let more = json!({
            "notionalPrincipal": 1000, "maturityDate": "2026-04-01", "calendar": "MF",
            "businessDayConvention": convention,
            "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
        });
        table(&terms("PAM", more), &Observed::default(), None)[1..4].to_vec()
    };
    assert_eq!(
        with("CSF"),
        [
            "2026-02-02 IP 10 | 1000 0.12 0",
            "2026-03-02 IP 10 | 1000 0.12 0",
            "2026-04-01 IP 10 | 1000 0.12 0",
        ]
    );
    assert_eq!(
        with("SCF"),
        [
            "2026-02-02 IP 10.333333 | 1000 0.12 0",
            "2026-03-02 IP 10 | 1000 0.12 0",
            "2026-04-01 IP 9.666667 | 1000 0.12 0",
        ]
    );
    // 30 January is the Friday before; 27 February too. 29, 27 and 34 days.
    assert_eq!(
        with("SCP"),
        [
            "2026-01-30 IP 9.666667 | 1000 0.12 0",
            "2026-02-27 IP 9 | 1000 0.12 0",
            "2026-04-01 IP 11.333333 | 1000 0.12 0",
        ]
    );
}

#[test]
fn interest_capitalizes_up_to_the_capitalization_end() {
    // 1000 × 1.01 = 1010, × 1.01 = 1020.10; then 1020.10 × 0.01 = 10.201 is paid.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-04-01",
        "capitalizationEndDate": "2026-03-01",
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    check(
        &terms("PAM", more),
        &[
            "2026-01-01 IED -1000 | 1000 0.12 0",
            "2026-02-01 IPCI 0 | 1010 0.12 0",
            "2026-03-01 IPCI 0 | 1020.1 0.12 0",
            "2026-04-01 IP 10.201 | 1020.1 0.12 0",
            "2026-04-01 MD 1020.1 | 0 0.12 0",
        ],
    );
}

#[test]
fn rates_are_reset_within_their_bounds() {
    // 0.05 × 2 + 0.01 = 0.11, a change of −0.01 within ±0.02; 0.09 × 2 + 0.01 = 0.19 is a change of
    // 0.08, cut to 0.02: 0.13, which the cap of a lifetime cuts to 0.125. The first reset is fixed
    // beforehand at 0.12.
    let more = json!({
        "notionalPrincipal": 1200, "maturityDate": "2026-05-01",
        "cycleAnchorDateOfRateReset": "2026-02-01", "cycleOfRateReset": "P1ML1",
        "marketObjectCodeOfRateReset": "INDEX", "rateMultiplier": 2, "rateSpread": 0.01,
        "periodCap": 0.02, "periodFloor": -0.02, "lifeCap": 0.125, "nextResetRate": 0.12,
        "cycleAnchorDateOfInterestPayment": "2026-05-01", "cycleOfInterestPayment": "P4ML1",
    });
    let market = observed(
        json!({"INDEX": {"2026-02-15": "0.05", "2026-04-01T00:00:00": 0.09}}),
        json!([]),
    );
    assert_eq!(
        table(&terms("PAM", more), &market, None),
        [
            "2026-01-01 IED -1200 | 1200 0.12 0",
            "2026-02-01 RRF 0 | 1200 0.12 12",
            "2026-03-01 RR 0 | 1200 0.11 24",
            "2026-04-01 RR 0 | 1200 0.125 35",
            "2026-05-01 IP 47.5 | 1200 0.125 0",
            "2026-05-01 MD 1200 | 0 0.125 0",
        ]
    );
}

#[test]
fn fees_are_an_amount_or_accrue_on_the_notional() {
    let with = |basis: &str, rate: f64| {
        let more = json!({
            "notionalPrincipal": 1000, "maturityDate": "2026-07-01", "feeBasis": basis,
            "feeRate": rate, "cycleAnchorDateOfFee": "2026-04-01", "cycleOfFee": "P3ML1",
        });
        let rows = table(&terms("PAM", more), &Observed::default(), None);
        let fees: Vec<String> = rows.into_iter().filter(|row| row.contains("FP")).collect();
        fees
    };
    // 1000 × 0.02 × 90/360 = 5; interest accrues on: 30, then 60.
    assert_eq!(
        with("N", 0.02),
        [
            "2026-04-01 FP 5 | 1000 0.12 30",
            "2026-07-01 FP 5 | 1000 0.12 60",
        ]
    );
    assert_eq!(
        with("A", 7.5),
        [
            "2026-04-01 FP 7.5 | 1000 0.12 30",
            "2026-07-01 FP 7.5 | 1000 0.12 60",
        ]
    );
}

#[test]
fn an_index_scales_interest_and_principal() {
    // The index rises from 100 to 110, then to 125: 10 × 1.1 = 11, 10 × 1.25 = 12.5; the state
    // stays unscaled.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-04-01", "scalingEffect": "INO",
        "scalingIndexAtContractDealDate": 100, "marketObjectCodeOfScalingIndex": "CPI",
        "cycleAnchorDateOfScalingIndex": "2026-02-15", "cycleOfScalingIndex": "P1ML1",
        "cycleAnchorDateOfInterestPayment": "2026-03-01", "cycleOfInterestPayment": "P1ML1",
    });
    let market = observed(
        json!({"CPI": {"2026-02-15": 110, "2026-03-15": 125}}),
        json!([]),
    );
    assert_eq!(
        table(&terms("PAM", more), &market, None)[1..],
        [
            "2026-02-15 SC 0 | 1000 0.12 14.666667",
            "2026-03-01 IP 22 | 1000 0.12 0",
            "2026-03-15 SC 0 | 1000 0.12 4.666667",
            "2026-04-01 IP 12.5 | 1000 0.12 0",
            "2026-04-01 MD 1250 | 0 0.12 0",
        ]
    );
}

#[test]
fn a_buyer_sees_what_follows_the_purchase() {
    // Half a month after 1 February 5 has accrued: bought for 990 + 5, sold for 1001 + 5.
    let more = json!({
        "notionalPrincipal": 1000, "maturityDate": "2026-12-01",
        "purchaseDate": "2026-02-16", "priceAtPurchaseDate": 990,
        "terminationDate": "2026-03-16", "priceAtTerminationDate": 1001,
        "cycleAnchorDateOfInterestPayment": "2026-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    check(
        &terms("PAM", more),
        &[
            "2026-02-16 PRD -995 | 1000 0.12 5",
            "2026-03-01 IP 10 | 1000 0.12 0",
            "2026-03-16 TD 1006 | 0 0.12 0",
        ],
    );
}

#[test]
fn a_running_contract_starts_from_its_status_date() {
    // Lent long ago; 4 had accrued by 20 January, 11 of 30 days more add 3.666667 up to 1 February.
    let more = json!({
        "notionalPrincipal": 1000, "initialExchangeDate": "2020-01-01",
        "statusDate": "2026-01-20", "accruedInterest": 4, "maturityDate": "2026-02-01",
        "cycleAnchorDateOfInterestPayment": "2020-02-01", "cycleOfInterestPayment": "P1ML1",
    });
    check(
        &terms("PAM", more),
        &[
            "2026-02-01 IP 7.666667 | 1000 0.12 0",
            "2026-02-01 MD 1000 | 0 0.12 0",
        ],
    );
}

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

#[test]
fn holidays_are_days_off_of_their_calendar() {
    // 1 May 2026 is a Friday and a holiday, 4 May a holiday too: paid and reckoned on the 5th; the
    // end of May, a Sunday, goes back to Friday the 29th, in the same month.
    let more = json!({
        "notionalPrincipal": 3000, "maturityDate": "2026-07-01",
        "cycleAnchorDateOfInterestPayment": "2026-05-01", "cycleOfInterestPayment": "P30DL1",
        "calendar": "MFH", "businessDayConvention": "SCMF",
        "holidays": ["2026-05-01", "2026-05-04T00:00:00"],
    });
    check(
        &terms("PAM", more),
        &[
            "2026-01-01 IED -3000 | 3000 0.12 0",
            "2026-05-05 IP 124 | 3000 0.12 0",
            "2026-05-29 IP 24 | 3000 0.12 0",
            "2026-06-30 IP 31 | 3000 0.12 0",
            "2026-07-01 IP 1 | 3000 0.12 0",
            "2026-07-01 MD 3000 | 0 0.12 0",
        ],
    );
}

#[test]
fn codes_are_read_in_any_case_and_by_their_names() {
    let short = json!({"notionalPrincipal": 1, "maturityDate": "2026-07-01", "calendar": "MF"});
    let long = json!({
        "notionalPrincipal": 1, "maturityDate": "2026-07-01", "calendar": "mondayToFriday",
        "contractRole": "rpa", "dayCountConvention": "30e360",
    });
    assert_eq!(terms("PAM", short), terms("pam", long));
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

#[test]
fn day_counts_by_their_codes() {
    // 31 January to 28 February 2026 (the end of the contract), of 360000 at 12%: 43200 a year.
    for (code, interest) in [
        ("AA", "3313.972603"),   // 28/365
        ("A365", "3313.972603"), // 28/365
        ("A360", "3360"),        // 28/360
        ("30E360", "3360"),      // 28 − 30 + 30 = 28/360
        ("30E360ISDA", "3360"),  // the end of the contract in February keeps its 28
        ("28E336", "3600"),      // one month of 28 over 336
        ("B252", "4800"),        // without a calendar all 28 days are worked: 28/252
    ] {
        let more = json!({
            "notionalPrincipal": 360000, "initialExchangeDate": "2026-01-31",
            "maturityDate": "2026-02-28", "dayCountConvention": code,
            "cycleAnchorDateOfInterestPayment": "2026-02-28", "cycleOfInterestPayment": "P1ML1",
        });
        let rows = table(&terms("PAM", more), &Observed::default(), None);
        assert!(
            rows[1].contains(&format!(" IP {interest} ")),
            "{code}: {rows:?}"
        );
    }
}

#[test]
fn the_end_of_a_day_is_the_start_of_the_next() {
    let read = |text: &str| {
        let more = json!({"notionalPrincipal": 1, "maturityDate": text});
        terms("PAM", more).maturity_date.unwrap().to_string()
    };
    assert_eq!(read("2026-01-31T24:00:00"), "2026-02-01 00:00:00");
    assert_eq!(read("2026-01-31T23:59:59"), "2026-01-31 23:59:59");
    assert_eq!(read("2026-01-31T10:30"), "2026-01-31 10:30:00");
    assert_eq!(read(" 2026-01-31 "), "2026-01-31 00:00:00");
}

/// The schema names every term as documents do, with the allowed codes.
#[cfg(feature = "schema")]
#[test]
fn terms_have_a_schema() {
    let schema = serde_json::to_value(schemars::schema_for!(ActusTerms)).unwrap();
    let written = serde_json::to_value(ActusTerms::default()).unwrap();
    let names = |value: &serde_json::Value| -> std::collections::BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let (known, written) = (names(&schema["properties"]), names(&written));
    assert!(written.is_subset(&known));
    // What else may be given are terms of other contract types, which are read over.
    for name in known.difference(&written) {
        let read: ActusTerms = serde_json::from_value(serde_json::json!({ name: "1" })).unwrap();
        assert_eq!(read, ActusTerms::default(), "{name}");
    }
    let codes = &schema["$defs"]["ActusContractType"]["enum"];
    assert_eq!(
        *codes,
        serde_json::json!(["PAM", "LAM", "NAM", "ANN", "LAX", "CLM", "UMP"])
    );
}
