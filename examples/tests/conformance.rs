//! What the conformance runner prints and returns.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("conformance");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

fn run(files: &[PathBuf]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(files)
        .output()
        .unwrap()
}

const HEADER: &str = "convention,start,end,ref_start,ref_end,coupons_per_year,termination,\
                      expected,exact,source,note\n";

#[test]
fn one_line_a_case_then_the_totals() {
    let rows = "ACT/360,2024-01-01,2024-01-31,,,,,0.0833333,1/12,by hand,\n\
                ACT/360,2024-01-01,2024-01-31,,,,,0.0833333,1/13,wrong on purpose,\n\
                ACT/999,2024-01-01,2024-01-31,,,,,0.1,1/10,unknown,\n\
                ACT/360,2024-01-01,2024-13-31,,,,,0.1,1/10,no such date,\n";
    let output = run(&[file("table", format!("{HEADER}{rows}").as_bytes())]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "PASS daycount:ACT/360:2024-01-01:2024-01-31\n\
         FAIL daycount:ACT/360:2024-01-01:2024-01-31#2: fraction (expected 1/13, got 1/12)\n\
         SKIP daycount:ACT/999:2024-01-01:2024-01-31: day count ACT/999\n\
         FAIL daycount:ACT/360:2024-01-01:2024-13-31: cannot read the case: \"2024-13-31\" \
         is not a date: input is out of range\n\
         1 passed, 2 failed, 1 skipped\n"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_unknown_kind_is_skipped_case_by_case() {
    let content = br#"{"about": "x", "vectors": [{"id": "a"}, {"id": "b"}], "more": [1, 2]}"#;
    let output = run(&[file("vectors.json", content)]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "SKIP vectors:vectors:a: cases of the kind of vectors\n\
         SKIP vectors:vectors:b: cases of the kind of vectors\n\
         0 passed, 0 failed, 2 skipped\n"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn contracts_of_the_actus_suite_are_run() {
    // 3600 at 10 %, half a year of 360 days: 3600 × 0.1 × 180 / 360 = 180.
    let case = |contract: &str, interest: &str| {
        format!(
            r#"{{"identifier": "x", "to": "", "dataObserved": {{}}, "eventsObserved": [],
            "terms": {{"contractType": "{contract}", "contractRole": "RPA", "currency": "USD",
                "statusDate": "2025-12-31T00:00:00", "initialExchangeDate": "2026-01-01T00:00",
                "maturityDate": "2026-07-01T00:00:00", "notionalPrincipal": " 3600",
                "nominalInterestRate": 0.1, "dayCountConvention": "30E360",
                "cycleAnchorDateOfInterestPayment": "2026-07-01T00:00:00",
                "cycleOfInterestPayment": "P6ML1"}},
            "results": [
                {{"eventDate": "2026-01-01T00:00", "eventType": "IED", "payoff": -3600,
                    "currency": "USD", "notionalPrincipal": 3600, "nominalInterestRate": 0.1,
                    "accruedInterest": 0}},
                {{"eventDate": "2026-07-01T00:00:00", "eventType": "IP", "payoff": "{interest}",
                    "currency": "USD", "notionalPrincipal": "3600.0", "nominalInterestRate": "0.1",
                    "accruedInterest": "0.0"}},
                {{"eventDate": "2026-07-01T00:00", "eventType": "MD", "payoff": 3600,
                    "currency": "USD", "notionalPrincipal": 0, "nominalInterestRate": 0.1,
                    "accruedInterest": 0}}]}}"#
        )
    };
    let content = format!(
        r#"{{"a": {}, "b": {}, "c": {}}}"#,
        case("PAM", "180.0000001"),
        case("PAM", "180.000001"),
        case("SWPPV", "180")
    );
    let output = run(&[file("suite.json", content.as_bytes())]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "PASS actus:a\n\
         FAIL actus:b: row 2 of 2026-07-01 00:00:00 IP payoff \
         (expected 180.000001, got 180.0)\n\
         SKIP actus:c: contract type SWPPV\n\
         1 passed, 1 failed, 1 skipped\n"
    );
}

#[test]
fn what_cannot_be_read_is_one_line_and_nothing_runs() {
    let good = file(
        "good.csv",
        format!("{HEADER}1/1,2024-01-01,2024-01-31,,,,,1,1/1,by hand,\n").as_bytes(),
    );
    let bad = [
        file("broken.json", b"{\"a\": "),
        file("empty.csv", b" \n"),
        file("binary.csv", &[0xff, 0xfe, 0x00]),
        PathBuf::from("no/such/file.json"),
    ];
    for path in bad {
        let output = run(&[good.clone(), path.clone()]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(message.contains(path.to_str().unwrap()), "{message}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(run(&[]).status.code(), Some(2));
}
