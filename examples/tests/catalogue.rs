//! The program `catalogue` quotes what the product files say.

use std::process::Command;

#[test]
fn every_product_is_quoted() {
    let out = Command::new(env!("CARGO_BIN_EXE_catalogue"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    let out = String::from_utf8(out.stdout).unwrap();
    let of = |file: &str| {
        let line = out.lines().find_map(|line| line.strip_prefix(file));
        line.unwrap_or_else(|| panic!("no {file} in {out}"))
            .to_owned()
    };
    assert_eq!(out.lines().count(), 8, "{out}");
    for (file, quoted) in [
        // 8 % of 10,000 for the whole term, flat.
        (
            "market-trader-loan.json",
            "KES 10000 paid out at first, 30 instalments, 10800.00 to pay back in all, cost 800.00",
        ),
        // 1,460,000 - 150,000 = 1,310,000 = 655 x 2,000.
        (
            "solar-deal.json",
            "UGX 1460000 for a device, 150000 at once, then 655 times 2000",
        ),
        ("credit-line.json", "KES 50000 may be drawn at 30 %"),
        // At maturity: once.
        (
            "fixed-deposit.json",
            "KES 100000 kept, interest paid 1 time(s)",
        ),
    ] {
        assert_eq!(of(file), format!(": {quoted}"));
    }
    // The others follow from schedules with day counts, which have tests of their own; what is paid
    // back is what is lent and what it costs.
    for file in [
        "salary-loan.json",
        "solidarity-group-loan.json",
        "agricultural-loan.json",
        "school-fees-loan.json",
    ] {
        assert!(of(file).contains("to pay back in all, cost"), "{file}");
    }
}
