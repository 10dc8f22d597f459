//! The codes of the standard, its days and its schema.

#[cfg(feature = "schema")]
use lending_core::actus::ActusTerms;
use lending_core::actus::Observed;
use serde_json::json;

use super::{check, table, terms};

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
