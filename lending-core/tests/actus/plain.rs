//! PAM, and what every contract has: periods, days off, rates, fees, an index, a status date.

use lending_core::actus::Observed;
use serde_json::json;

use super::{check, observed, table, terms};

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
