//! Patterns of money laundering at their boundaries: the count, the amount, the hour just inside and
//! just outside.

use chrono::{NaiveDate, NaiveDateTime};
use kyc_rules::{
    aml::{Pattern, Unusual},
    facts::{Facts, Row, Value},
    rules::{RuleBook, Verdict},
};
use ledger::{Currency, Money};
use rust_decimal::dec;

fn usd(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::from_code("USD").unwrap())
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn row(moment: &str, amount: &str) -> Row {
    Row {
        at: at(moment),
        current: false,
        fields: [("amount".try_into().unwrap(), Value::Money(usd(amount)))].into(),
    }
}

/// A row with a party (a client, a sender, a lender).
fn of(moment: &str, amount: &str, party: &str) -> Row {
    let mut row = row(moment, amount);
    row.fields
        .insert("party".try_into().unwrap(), Value::text(party));
    row
}

fn verdict(pattern: &Pattern, facts: &Facts) -> Verdict {
    let json = r#"{"id": "p", "version": 1,
        "sets": {"agent-devices": [{"text": "till-1"}]},
        "facts": [
        {"path": "loan.disbursed", "kind": "date"}, {"path": "loan.repaid", "kind": "bool"},
        {"path": "loan.paid", "kind": "money"}, {"path": "loan.principal", "kind": "money"},
        {"path": "loan.by_other", "kind": "bool"}, {"path": "transaction.amount", "kind": "money"},
        {"path": "transaction.counterparty", "kind": "text"}, {"path": "device", "kind": "text"}]}"#;
    let mut book = RuleBook::from_json(json).unwrap();
    book.rules.push(pattern.rule("pattern", "desk").unwrap());
    // The parameters survive storage.
    let json = serde_json::to_string(pattern).unwrap();
    assert_eq!(&serde_json::from_str::<Pattern>(&json).unwrap(), pattern);
    let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    book.evaluate(facts, on).unwrap().verdict
}

fn refers(pattern: &Pattern, facts: &Facts) -> bool {
    verdict(pattern, facts) == Verdict::Refer
}

/// Rows of one stream, seen at noon of the day.
fn seen(stream: &str, rows: Vec<Row>) -> Facts {
    Facts::new()
        .with_stream(stream.try_into().unwrap(), rows)
        .at(at("2026-11-21 12:00"))
}

#[test]
fn structuring_below_a_threshold_of_10_000() {
    let near = Pattern::NearThreshold {
        stream: "cash".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        from: usd("8000"),
        threshold: usd("10000"),
        count: 3,
        days: 7,
    };
    let split = Pattern::SplitBelow {
        stream: "cash".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        threshold: usd("10000"),
    };
    type Line = (&'static [(&'static str, &'static str)], bool, bool);
    let table: &[Line] = &[
        (
            &[
                ("2026-11-19 10:00", "9900"),
                ("2026-11-20 10:00", "8000"),
                ("2026-11-21 10:00", "9999.99"),
            ],
            true,
            false,
        ),
        // One is at the threshold: it is reported by itself, and only two are near.
        (
            &[
                ("2026-11-19 10:00", "9900"),
                ("2026-11-20 10:00", "10000"),
                ("2026-11-21 10:00", "9000"),
            ],
            false,
            false,
        ),
        // 6,000 and 4,000 within a day reach it together.
        (
            &[("2026-11-21 09:00", "6000"), ("2026-11-21 10:00", "4000")],
            false,
            true,
        ),
        (
            &[("2026-11-21 09:00", "10000"), ("2026-11-21 10:00", "4000")],
            false,
            false,
        ),
        (&[], false, false),
    ];
    for (rows, nearly, splits) in table {
        let rows = rows.iter().map(|(at, amount)| row(at, amount)).collect();
        let facts = Facts::new().with_stream("cash".try_into().unwrap(), rows);
        assert_eq!(refers(&near, &facts), *nearly, "near {facts:?}");
        assert_eq!(refers(&split, &facts), *splits, "split {facts:?}");
    }
}

#[test]
fn velocity_counts_and_volume_sums_in_their_hours() {
    let velocity = Pattern::Velocity {
        stream: "out".try_into().unwrap(),
        count: 3,
        hours: 24,
    };
    let volume = Pattern::Volume {
        stream: "out".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        least: usd("300"),
        hours: 24,
    };
    // Noon of the day before is 24 hours ago, and no longer counts; a minute later does.
    let table = [
        ("2026-11-20 12:01", "100", true, true),
        ("2026-11-20 12:00", "100", false, false),
        ("2026-11-20 12:01", "99.99", true, false),
        // What comes later does not count.
        ("2026-11-21 12:01", "100", false, false),
    ];
    for (first, amount, fast, large) in table {
        let rows = vec![
            row(first, amount),
            row("2026-11-21 09:00", "100"),
            row("2026-11-21 12:00", "100"),
        ];
        let facts = seen("out", rows);
        assert_eq!(refers(&velocity, &facts), fast, "{first}");
        assert_eq!(refers(&volume, &facts), large, "{first} {amount}");
    }
    // No stream is not an empty stream: the case stays open.
    assert_eq!(verdict(&velocity, &Facts::new()), Verdict::NeedsInfo);
    assert_eq!(verdict(&velocity, &seen("out", vec![])), Verdict::Pass);
}

#[test]
fn stacking_counts_lenders_not_applications() {
    let pattern = Pattern::Stacking {
        stream: "applications".try_into().unwrap(),
        lender: "party".try_into().unwrap(),
        count: 3,
        hours: 24,
    };
    for (third, wanted) in [("c", true), ("b", false)] {
        let rows = vec![
            of("2026-11-21 08:00", "100", "a"),
            of("2026-11-21 09:00", "100", "b"),
            of("2026-11-21 10:00", "100", third),
        ];
        assert_eq!(
            refers(&pattern, &seen("applications", rows)),
            wanted,
            "{third}"
        );
    }
}

#[test]
fn a_shared_device_unless_it_is_an_agents() {
    let pattern = |except| Pattern::Shared {
        stream: "device".try_into().unwrap(),
        field: "party".try_into().unwrap(),
        count: 2,
        days: 30,
        except,
    };
    let listed = Some((
        "device".try_into().unwrap(),
        "agent-devices".try_into().unwrap(),
    ));
    for (earlier, device, open, guarded) in [
        // Thirty days before noon of the 21st is noon of 22 October.
        ("2026-10-22 12:01", "phone-9", true, true),
        ("2026-10-22 12:00", "phone-9", false, false),
        ("2026-11-20 10:00", "till-1", true, false),
    ] {
        let rows = vec![of(earlier, "0", "C-1"), of("2026-11-21 10:00", "0", "C-2")];
        let facts = seen("device", rows)
            .with("device", Value::text(device))
            .unwrap();
        assert_eq!(refers(&pattern(None), &facts), open, "{earlier}");
        assert_eq!(
            refers(&pattern(listed.clone()), &facts),
            guarded,
            "{device}"
        );
    }
}

#[test]
fn many_senders_and_a_sum() {
    let pattern = Pattern::ManyToOne {
        stream: "in".try_into().unwrap(),
        sender: "party".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        count: 3,
        hours: 24,
        least: usd("1000"),
    };
    for (third, amount, wanted) in [
        ("c", "400", true),
        ("c", "399.99", false),
        ("a", "400", false),
    ] {
        let rows = vec![
            of("2026-11-21 08:00", "300", "a"),
            of("2026-11-21 09:00", "300", "b"),
            of("2026-11-21 10:00", amount, third),
        ];
        assert_eq!(
            refers(&pattern, &seen("in", rows)),
            wanted,
            "{third} {amount}"
        );
    }
}

#[test]
fn money_that_comes_back_from_the_same_party() {
    let pattern = Pattern::RoundTrip {
        outgoing: "out".try_into().unwrap(),
        incoming: "in".try_into().unwrap(),
        party: "party".try_into().unwrap(),
        counterparty: "transaction.counterparty".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        share: dec!(0.9),
        least: usd("1000"),
        days: 7,
    };
    for (back, from, wanted) in [
        ("900", "x", true),
        ("899.99", "x", false),
        ("900", "y", false),
    ] {
        let facts = seen("out", vec![of("2026-11-18 10:00", "1000", "x")]).with_stream(
            "in".try_into().unwrap(),
            vec![of("2026-11-20 10:00", back, from)],
        );
        // Whose counterparty is not known yet is open, and the counterparty is asked for.
        assert_eq!(verdict(&pattern, &facts), Verdict::NeedsInfo);
        let facts = facts
            .with("transaction.counterparty", Value::text("x"))
            .unwrap();
        assert_eq!(refers(&pattern, &facts), wanted, "{back} from {from}");
    }
}

#[test]
fn money_that_only_passes_through() {
    let pattern = Pattern::PassThrough {
        incoming: "in".try_into().unwrap(),
        outgoing: "out".try_into().unwrap(),
        field: "amount".try_into().unwrap(),
        share: dec!(0.9),
        least: usd("1000"),
    };
    for (came, went, wanted) in [
        ("1000", "900", true),
        ("1000", "899.99", false),
        ("999.99", "999.99", false),
    ] {
        let facts = seen("in", vec![row("2026-11-21 08:00", came)]).with_stream(
            "out".try_into().unwrap(),
            vec![row("2026-11-21 10:00", went)],
        );
        assert_eq!(refers(&pattern, &facts), wanted, "{came} in, {went} out");
    }
}

#[test]
fn dormant_for_half_a_year_and_then_a_large_amount() {
    let pattern = |usual| Pattern::DormantWake {
        stream: "account".try_into().unwrap(),
        amount: "transaction.amount".try_into().unwrap(),
        days: 180,
        least: usd("500"),
        usual,
    };
    let five_times = Some(Unusual {
        field: "amount".try_into().unwrap(),
        times: dec!(5),
    });
    // 25 May is 180 days before 21 November. Of twenty rows of the year the nineteenth by size
    // (95 %) is 100, whatever the largest is: five times that is 500.
    for (last, amount, plain, unusual) in [
        ("2026-05-25 10:00", "500", true, true),
        ("2026-05-26 10:00", "500", false, false),
        ("2026-05-25 10:00", "499.99", false, false),
    ] {
        let mut rows: Vec<Row> = (1..=18).map(|n| row(last, &format!("{}", n * 5))).collect();
        rows.extend([row(last, "100"), row(last, "9000")]);
        let facts = seen("account", rows)
            .with("transaction.amount", Value::Money(usd(amount)))
            .unwrap();
        assert_eq!(refers(&pattern(None), &facts), plain, "{last} {amount}");
        assert_eq!(
            refers(&pattern(five_times.clone()), &facts),
            unusual,
            "{last} {amount}"
        );
    }
}

#[test]
fn loans_that_come_back_too_soon() {
    let path = |text: &str| text.try_into().unwrap();
    let back = Pattern::LoanBack {
        disbursed: path("loan.disbursed"),
        repaid: path("loan.repaid"),
        third_party: path("loan.by_other"),
        days: 14,
    };
    let prepaid = Pattern::RapidPrepayment {
        disbursed: path("loan.disbursed"),
        paid: path("loan.paid"),
        principal: path("loan.principal"),
        share: dec!(0.8),
        days: 14,
    };
    let guarantor = Pattern::GuarantorRoundTrip {
        disbursed: path("loan.disbursed"),
        by_guarantor: path("loan.by_other"),
        days: 14,
    };
    // 7 November is 14 days before the 21st.
    for (disbursed, paid, by_other, wanted) in [
        ("2026-11-07", "800", true, (true, true, true)),
        ("2026-11-06", "800", true, (false, false, false)),
        ("2026-11-07", "799.99", true, (true, false, true)),
        ("2026-11-07", "800", false, (false, true, false)),
    ] {
        let facts = Facts::new()
            .with("loan.disbursed", Value::Date(disbursed.parse().unwrap()))
            .unwrap()
            .with("loan.repaid", Value::Bool(true))
            .unwrap()
            .with("loan.principal", Value::Money(usd("1000")))
            .unwrap()
            .with("loan.paid", Value::Money(usd(paid)))
            .unwrap()
            .with("loan.by_other", Value::Bool(by_other))
            .unwrap();
        let got = (
            refers(&back, &facts),
            refers(&prepaid, &facts),
            refers(&guarantor, &facts),
        );
        assert_eq!(got, wanted, "{disbursed} {paid} {by_other}");
    }
}
