//! The matching ladder, one line a case: what was typed, who paid, what is expected.

use ledger::Currency;
use mobile_money::{
    Channel, Match, Payment, PaymentKind, Phone, Status,
    matching::{
        AccountEntry, AccountStanding, Agreement, CheckDigit, CodeGrammar, Level, MatchRules,
        Purpose, ReferenceBook, SuspenseReason, match_payment,
    },
    payment::DialPlan,
};
use rust_decimal::{Decimal, dec};

fn kes() -> Currency {
    Currency::from_code("KES").unwrap()
}

fn payment(reference: &str, phone: &str, amount: Decimal) -> Payment {
    let mut payment = Payment::new(
        Channel::MpesaC2bConfirmation,
        PaymentKind::Collection,
        Status::Success,
    );
    payment.provider_id = Some("SFB41KX7PQ".into());
    payment.reference = Some(reference.into());
    payment.phone = Phone::read(phone);
    payment.amount = Some(amount);
    payment.currency = Some(kes());
    payment.wallet = Some("600999".into());
    payment
}

fn book() -> ReferenceBook {
    let rules = MatchRules {
        grammars: vec![CodeGrammar::new("EO#####")],
        dial_plan: DialPlan::new("254", 9),
        ..MatchRules::default()
    };
    let mut book = ReferenceBook::new(rules);
    let mut add = |entry: AccountEntry| book.insert(entry).unwrap();
    let ann = AccountEntry::new("ann", "EO41877", kes()).with_phone("0712000111");
    add(AccountEntry {
        expected: Some(dec!(1500)),
        ..ann
    }
    .with_alias("490154203237518"));
    add(AccountEntry::new("ben", "EO41977", kes()).with_phone("0712000222"));
    // Cate and Dan share a family phone.
    add(AccountEntry::new("cate", "EO52000", kes()).with_phone("0712000333"));
    add(AccountEntry::new("dan", "EO63111", kes()).with_phone("0712000333"));
    let gone = AccountEntry::new("eve", "EO74222", kes()).with_phone("0712000444");
    add(AccountEntry {
        standing: AccountStanding::Repossessed,
        ..gone
    });
    let other = AccountEntry::new("fay", "EO85333", kes());
    add(AccountEntry {
        wallet: Some("111111".into()),
        ..other
    });
    let ugx = Currency::from_code("UGX").unwrap();
    add(AccountEntry::new("gil", "EO96444", ugx));
    let fee = AccountEntry::new("hal", "FEE-2024-7", kes());
    add(AccountEntry {
        purpose: Purpose::Fee,
        ..fee
    });
    book
}

#[test]
fn the_ladder() {
    let book = book();
    let nobody = "0799999999";
    let table: &[(&str, &str, Decimal, &str, Level)] = &[
        ("EO41877", nobody, dec!(10), "ann", Level::Exact),
        // Another payer's phone does not count against a reference.
        ("EO41877", "0712000222", dec!(10), "ann", Level::Exact),
        (" eo-41877 ", nobody, dec!(10), "ann", Level::Canonical),
        ("ＥＯ４１８７７", nobody, dec!(10), "ann", Level::Canonical),
        ("ACC EO41877", nobody, dec!(10), "ann", Level::Canonical),
        ("fee 2024/7", nobody, dec!(10), "hal", Level::Canonical),
        // An IMEI with another software version still names the device.
        ("4901542032375199", nobody, dec!(10), "ann", Level::Alias),
        ("eo-4I877 ", nobody, dec!(10), "ann", Level::Confusable),
        ("E041B77", nobody, dec!(10), "ann", Level::Confusable),
        (
            "PHONE EO41877 THANKS",
            nobody,
            dec!(10),
            "ann",
            Level::Embedded,
        ),
        (
            "for eo 41877 june",
            nobody,
            dec!(10),
            "ann",
            Level::Embedded,
        ),
        (
            "PHONEEO41877THANKS",
            nobody,
            dec!(10),
            "ann",
            Level::Embedded,
        ),
        // One edit away, and the phone or the expected amount agrees.
        (
            "EO41870",
            "254712000111",
            dec!(10),
            "ann",
            Level::EditDistance,
        ),
        ("EO4187", nobody, dec!(1500), "ann", Level::EditDistance),
        (
            "EO14877",
            "0712000111",
            dec!(10),
            "ann",
            Level::EditDistance,
        ),
        ("", "+254 712 000 111", dec!(10), "ann", Level::Phone),
        ("rent", "0712000222", dec!(10), "ben", Level::Phone),
        // A phone typed as the reference, paid from a hidden number.
        ("0712000222", "", dec!(10), "ben", Level::Phone),
    ];
    for (typed, phone, amount, account, level) in table {
        match match_payment(&payment(typed, phone, *amount), &book) {
            Match::Matched {
                account: found,
                evidence,
                ..
            } => {
                assert_eq!(
                    (found.as_str(), evidence.level),
                    (*account, *level),
                    "{typed:?}"
                );
            }
            Match::Suspense { reason, .. } => panic!("{typed:?}: {reason:?}"),
        }
    }
}

fn suspense(typed: &str, phone: &str) -> (SuspenseReason, Vec<String>) {
    match match_payment(&payment(typed, phone, dec!(10)), &book()) {
        Match::Suspense { reason, candidates } => {
            (reason, candidates.into_iter().map(|c| c.account).collect())
        }
        Match::Matched { account, .. } => panic!("{typed:?} went to {account}"),
    }
}

#[test]
fn what_is_not_certain_waits_with_candidates() {
    let none = |typed| {
        assert_eq!(
            suspense(typed, ""),
            (SuspenseReason::NoCandidate, vec![]),
            "{typed}"
        )
    };
    none("");
    none("school fees");
    none("EO00000");
    // One edit from two accounts, nothing else speaks for either.
    assert_eq!(
        suspense("EO41X77", ""),
        (
            SuspenseReason::NoCandidate,
            vec!["ann".into(), "ben".into()]
        )
    );
    assert_eq!(
        suspense("", "0712000333"),
        (
            SuspenseReason::SeveralCandidates,
            vec!["cate".into(), "dan".into()]
        )
    );
    assert_eq!(
        suspense("EO41877 and EO41977", ""),
        (
            SuspenseReason::SeveralCandidates,
            vec!["ann".into(), "ben".into()]
        )
    );
    let standing = AccountStanding::Repossessed;
    assert_eq!(
        suspense("EO74222", ""),
        (
            SuspenseReason::AccountNotActive { standing },
            vec!["eve".into()]
        )
    );
    assert_eq!(suspense("", "0712000444").0, SuspenseReason::NoCandidate);
    assert_eq!(suspense("EO85333", "").0, SuspenseReason::OtherWallet);
    assert!(matches!(
        suspense("EO96444", "").0,
        SuspenseReason::CurrencyMismatch { .. }
    ));
}

#[test]
fn hidden_phones_and_agreements() {
    let book = book();
    let hash = "ab414d4e29e0ed68349bb8182388c5c60962a150f7388a76e28ddb0d51484fc8"; // of 254712000111
    for phone in ["2547*****111", hash] {
        let Match::Matched {
            account, evidence, ..
        } = match_payment(&payment("", phone, dec!(1500)), &book)
        else {
            panic!("{phone}")
        };
        assert_eq!(account, "ann");
        assert_eq!(evidence.agreements, [Agreement::Phone, Agreement::Amount]);
    }
    // 2547*****333 fits Cate and Dan.
    assert!(matches!(
        match_payment(&payment("", "2547*****333", dec!(1)), &book),
        Match::Suspense {
            reason: SuspenseReason::SeveralCandidates,
            ..
        }
    ));
}

#[test]
fn the_lender_may_forbid_weak_evidence() {
    let mut book = ReferenceBook::new(MatchRules {
        weak_limit: Some(dec!(2000)),
        ..MatchRules::default()
    });
    book.insert(AccountEntry::new("ann", "EO41877", kes()).with_phone("0712000111"))
        .unwrap();
    let found = |amount| match_payment(&payment("", "0712000111", amount), &book);
    assert!(matches!(found(dec!(2000)), Match::Matched { .. }));
    assert!(matches!(
        found(dec!(2000.01)),
        Match::Suspense {
            reason: SuspenseReason::EvidenceTooWeak,
            ..
        }
    ));
    let mut strict = ReferenceBook::new(MatchRules {
        weakest: Level::Canonical,
        ..MatchRules::default()
    });
    strict
        .insert(AccountEntry::new("ann", "EO41877", kes()))
        .unwrap();
    assert!(matches!(
        match_payment(&payment("E041877", "", dec!(1)), &strict),
        Match::Suspense {
            reason: SuspenseReason::EvidenceTooWeak,
            ..
        }
    ));
}

/// Codes EO and five digits, the last one Luhn over the digits: 41871 -> 4+2+8+5+1 = 20.
#[test]
fn a_check_digit_repairs_one_wrong_character() {
    let rules = MatchRules {
        grammars: vec![CodeGrammar::new("EO#####").with_check(CheckDigit::Luhn)],
        ..MatchRules::default()
    };
    let mut book = ReferenceBook::new(rules);
    book.insert(AccountEntry::new("ann", "EO41871", kes()))
        .unwrap();
    let Match::Matched {
        account, evidence, ..
    } = match_payment(&payment("EO41971", "", dec!(1)), &book)
    else {
        panic!()
    };
    assert_eq!(
        (account.as_str(), evidence.level),
        ("ann", Level::CheckDigit)
    );
    // 41889: 4+2+8+16-9+9 = 30 is itself right: it was typed as meant, and nobody has it.
    assert!(matches!(
        match_payment(&payment("EO41889", "", dec!(1)), &book),
        Match::Suspense { .. }
    ));
}

#[test]
fn a_removed_account_is_found_at_no_level() {
    let mut book = book();
    assert_eq!(book.len(), 8);
    let ann = book.remove("ann").unwrap();
    for (typed, phone) in [("EO41877", ""), ("490154203237518", ""), ("", "0712000111")] {
        assert!(matches!(
            match_payment(&payment(typed, phone, dec!(1)), &book),
            Match::Suspense { .. }
        ));
    }
    book.insert(ann.clone()).unwrap();
    assert!(book.insert(ann).is_err(), "twice");
    assert!(matches!(
        match_payment(&payment("EO41877", "", dec!(1)), &book),
        Match::Matched { .. }
    ));
}
