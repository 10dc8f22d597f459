//! Any reference and phone against a book: one account that exists and may be paid, or suspense.
#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use ledger::Currency;
use libfuzzer_sys::fuzz_target;
use mobile_money::{
    Channel, Match, Payment, PaymentKind, Phone, Status, match_payment,
    matching::{AccountEntry, AccountStanding, CheckDigit, CodeGrammar, MatchRules, ReferenceBook},
};
use rust_decimal::Decimal;

#[derive(Arbitrary, Debug)]
struct Input {
    reference: String,
    phone: String,
    amount: u32,
}

static BOOK: LazyLock<ReferenceBook> = LazyLock::new(|| {
    let kes = Currency::from_code("KES").unwrap();
    let mut book = ReferenceBook::new(MatchRules {
        grammars: vec![
            CodeGrammar::new("EO#####"),
            CodeGrammar::new("KD######").with_check(CheckDigit::Damm),
        ],
        ..MatchRules::default()
    });
    for (account, alias) in [
        ("EO41877", "490154203237518"),
        ("EO41977", "ÉÖ-1"),
        ("KD005724", "SX-7"),
    ] {
        let entry = AccountEntry::new(account, account, kes).with_alias(alias);
        book.insert(entry.with_phone("0712000111")).unwrap();
    }
    let mut gone = AccountEntry::new("EO52000", "EO52000", kes);
    gone.standing = AccountStanding::WrittenOff;
    book.insert(gone).unwrap();
    book
});

fuzz_target!(|input: Input| {
    let mut payment = Payment::new(
        Channel::MpesaC2bConfirmation,
        PaymentKind::Collection,
        Status::Success,
    );
    payment.reference = Some(input.reference.clone());
    payment.phone = Phone::read(&input.phone);
    payment.amount = Some(Decimal::from(input.amount));
    payment.currency = Currency::from_code("KES").ok();
    match match_payment(&payment, &BOOK) {
        Match::Matched { account, .. } => {
            let entry = BOOK.get(&account).unwrap();
            assert_eq!(entry.standing, AccountStanding::Active);
        }
        Match::Suspense { candidates, .. } => {
            for candidate in candidates {
                assert!(BOOK.get(&candidate.account).is_some());
            }
        }
    }
    // In another currency nothing is applied, whatever the reference.
    payment.currency = Currency::from_code("UGX").ok();
    assert!(matches!(
        match_payment(&payment, &BOOK),
        Match::Suspense { .. }
    ));
});
