//! Entries balance or do not exist; the same rule holds for what is read from JSON.

use chrono::NaiveDate;
use ledger::{BranchCode, Currency, EntryError, EntryId, GlCode, JournalEntry, Money, Side};
use rust_decimal::{Decimal, dec};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

fn money(amount: Decimal, currency: &str) -> Money {
    Money::new(amount, Currency::from_code(currency).unwrap())
}

fn kes(amount: Decimal) -> Money {
    money(amount, "KES")
}

fn entry(number: u128) -> ledger::EntryBuilder {
    JournalEntry::builder(EntryId::new(number), day("2024-01-31"), day("2024-02-01"))
}

#[test]
fn an_entry_balances_per_currency() {
    // 100 KES against 100 UGX is not balanced, whatever the sum of the digits.
    let mixed = entry(1)
        .debit(code("1"), kes(dec!(100)))
        .credit(code("2"), money(dec!(100), "UGX"))
        .build();
    assert_eq!(
        mixed.unwrap_err().to_string(),
        "entry 00000000000000000000000000000001 does not balance in KES: \
         debits are 10000 and credits 0 minor units"
    );
    let both = entry(2)
        .debit(code("1"), kes(dec!(60.10)))
        .debit(code("2"), kes(dec!(39.90)))
        .credit(code("3"), kes(dec!(100.00)))
        .debit(code("1"), money(dec!(5), "UGX"))
        .credit(code("3"), money(dec!(5), "UGX"))
        .build()
        .unwrap();
    assert_eq!(both.lines().len(), 5);
}

#[test]
fn an_entry_balances_per_branch_or_through_the_inter_branch_account() {
    let (nairobi, kisumu): (BranchCode, BranchCode) =
        ("NBO".parse().unwrap(), "KIS".parse().unwrap());
    let between = || {
        entry(1)
            .debit(code("1100"), kes(dec!(75)))
            .on_branch(nairobi)
            .credit(code("1200"), kes(dec!(75)))
            .branch(kisumu)
    };
    assert!(matches!(
        between().build(),
        Err(EntryError::Unbalanced { branch: Some(branch), debits: 0, credits: 7500, .. }) if branch == kisumu
    ));
    // Kisumu is short of a debit of 75, Nairobi of a credit of 75.
    let balanced = between().inter_branch(code("1900")).build().unwrap();
    let added: Vec<_> = balanced.lines()[2..]
        .iter()
        .map(|line| {
            (
                line.account(),
                line.side(),
                line.amount(),
                line.branch().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        added,
        [
            (code("1900"), Side::Debit, kes(dec!(75)), kisumu),
            (code("1900"), Side::Credit, kes(dec!(75)), nairobi),
        ]
    );
}

#[test]
fn amounts_are_positive_whole_minor_units_in_range() {
    for (amount, allowed) in [
        (kes(dec!(0)), "more than zero"),
        (kes(dec!(-1)), "more than zero"),
        (kes(dec!(1.005)), "whole minor units"),
        (money(dec!(1.5), "UGX"), "whole minor units"),
        (
            kes(dec!(92233720368547758.08)),
            "at most 9223372036854775807",
        ),
    ] {
        let error = entry(9)
            .credit(code("1"), kes(dec!(1)))
            .debit(code("2"), amount)
            .build();
        let error = error.unwrap_err();
        assert!(error.to_string().contains(allowed), "{error}");
        assert!(error.to_string().contains("line 1"), "{error}");
        assert_eq!(error.code(), 1402);
    }
    // 1.500 is one and a half shillings written with more digits: whole cents.
    let line = entry(9)
        .debit(code("1"), kes(dec!(1.500)))
        .credit(code("2"), kes(dec!(1.5)));
    assert_eq!(
        line.build().unwrap().lines()[0].amount().to_string(),
        "1.50 KES"
    );
}

#[test]
fn other_refusals_have_stable_numbers() {
    assert_eq!(entry(1).build().unwrap_err().code(), 1401);
    assert_eq!(
        entry(1)
            .on_branch("A".parse().unwrap())
            .build()
            .unwrap_err()
            .code(),
        1404
    );
    assert_eq!(
        entry(1)
            .tag("a", "1")
            .tag("a", "2")
            .build()
            .unwrap_err()
            .code(),
        1405
    );
    let pair = |builder: ledger::EntryBuilder| {
        builder
            .debit(code("1"), kes(dec!(1)))
            .credit(code("2"), kes(dec!(1)))
            .build()
    };
    assert_eq!(pair(entry(1).tag("", "x")).unwrap_err().code(), 1406);
    assert_eq!(
        pair(entry(1).reverses(EntryId::new(1))).unwrap_err().code(),
        1407
    );
    let good = pair(entry(1).tag("a", "1").tag("a", "1")).unwrap();
    assert_eq!(
        good.reversal(EntryId::new(1), day("2024-03-01"))
            .unwrap_err()
            .code(),
        1407
    );
}

fn full_entry() -> JournalEntry {
    entry(0xfeed)
        .debit(code("1200"), kes(dec!(1000)))
        .credit(code("1100"), kes(dec!(975)))
        .credit(code("4200"), kes(dec!(25)))
        .branch("NBO".parse().unwrap())
        .reference("LN-7")
        .notes("first loan")
        .tag(ledger::entry::tags::ACCOUNT, "LN-7")
        .manual("wanjiru")
        .build()
        .unwrap()
}

#[test]
fn a_reversal_is_the_opposite_on_the_same_value_date() {
    let reversal = full_entry()
        .reversal(EntryId::new(2), day("2024-03-01"))
        .unwrap();
    assert_eq!(reversal.value_date(), day("2024-01-31"));
    assert_eq!(reversal.booking_date(), day("2024-03-01"));
    assert_eq!(reversal.reverses(), Some(EntryId::new(0xfeed)));
    let sides: Vec<_> = reversal
        .lines()
        .iter()
        .map(ledger::JournalLine::side)
        .collect();
    assert_eq!(sides, [Side::Credit, Side::Debit, Side::Debit]);
}

#[test]
fn entries_survive_json_and_a_format_without_field_names() {
    let entry = full_entry();
    let json = serde_json::to_string(&entry).unwrap();
    assert_eq!(serde_json::from_str::<JournalEntry>(&json).unwrap(), entry);
    let bytes = postcard::to_allocvec(&entry).unwrap();
    assert_eq!(postcard::from_bytes::<JournalEntry>(&bytes).unwrap(), entry);
}

#[test]
fn reading_checks_what_building_checks() {
    type Change<'a> = &'a dyn Fn(&mut serde_json::Value);
    let json = serde_json::to_value(full_entry()).unwrap();
    let changed = |change: Change<'_>| {
        let mut json = json.clone();
        change(&mut json);
        serde_json::from_value::<JournalEntry>(json)
            .unwrap_err()
            .to_string()
    };
    let cases: [(Change<'_>, &str); 6] = [
        (
            &|json| json["lines"][0]["amount"]["amount"] = "1000.01".into(),
            "does not balance in KES for branch NBO",
        ),
        (
            &|json| json["lines"][0]["amount"]["amount"] = "-1".into(),
            "more than zero",
        ),
        (
            &|json| json["lines"][0]["amount"]["currency"] = "KSH".into(),
            "unknown currency",
        ),
        (
            &|json| json["lines"][0]["account"] = "12 00".into(),
            "without blanks",
        ),
        (&|json| json["id"] = "7".into(), "32 hexadecimal digits"),
        (&|json| json["colour"] = "red".into(), "unknown field"),
    ];
    for (change, message) in cases {
        let error = changed(change);
        assert!(error.contains(message), "{error}");
    }
}
