//! Pay-as-you-go deals: what holds together, and the contract.

mod common;

use common::day;
use ledger::posting_rules::{AccountingMethod, PostingRules};
use lending_core::{
    dates::Calendar,
    ids::AccountId,
    loan::{Command, Context, LoanAccount, TransactionId},
};
use products::{
    QuoteContext, Range,
    deal::{DealProduct, DealRequest, MATRIX, MissedDays, RatePeriod, Unlock},
    product::{FeeAmount, FeeWhen, PredefinedFee},
};
use rust_decimal::dec;

fn phone() -> DealProduct {
    let (id, currency) = ("PHONE".parse().unwrap(), "UGX".parse().unwrap());
    let mut product = DealProduct::new(id, "Phone", currency);
    product.price = Range::new(dec!(300000), dec!(400000), dec!(500000));
    product.deposit = Range::new(dec!(40000), dec!(50000), dec!(100000));
    product.rate = Range::new(dec!(5000), dec!(10000), dec!(20000));
    product.per = RatePeriod::Week;
    product.free_days = Range::new(0, 3, 7);
    product.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
    product
}

fn fee(when: FeeWhen, amount: FeeAmount) -> Vec<PredefinedFee> {
    let name = lending_core::loan::Code::from("fee").unwrap();
    vec![PredefinedFee {
        tax: None,
        name,
        when,
        amount,
        required: true,
        active: true,
        amortisation: None,
    }]
}

type Change = fn(&mut DealProduct);

/// Each rule of the matrix, and a change that breaks it alone.
const BREAKS: &[(&str, Change)] = &[
    ("deposit-above-price", |p| {
        p.deposit.max = Some(dec!(300000))
    }),
    ("rate-above-price", |p| p.rate.max = Some(dec!(200001))),
    // 460,000 in payments of 15 are 30,667.
    ("too-many-payments", |p| p.rate.min = Some(dec!(15))),
    ("free-without-deposit", |p| p.deposit = Range::default()),
    ("owed-rent", |p| {
        p.missed_days = MissedDays::Owed;
        p.unlock = Unlock::Never;
    }),
    ("least-payment-above-price", |p| {
        p.least_payment = Some(dec!(250000))
    }),
    ("fee-known-in-advance", |p| {
        p.fees = fee(FeeWhen::LatePayment, FeeAmount::Flat(dec!(5)))
    }),
    ("fee-given", |p| {
        p.fees = fee(FeeWhen::Manual, FeeAmount::Given)
    }),
];

#[test]
fn every_rule_is_broken_by_its_own_pair_of_settings() {
    let ids: Vec<_> = MATRIX
        .iter()
        .copied()
        .flatten()
        .map(|rule| rule.id)
        .collect();
    let tried: Vec<_> = BREAKS.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, tried);
    for (id, change) in BREAKS {
        let mut product = phone();
        product.validate().unwrap();
        change(&mut product);
        let found = product.validate().expect_err(id);
        let rules: Vec<_> = found
            .iter()
            .map(|found| found.rule.unwrap_or("-"))
            .collect();
        assert_eq!(rules, [*id], "{found}");
    }
}

#[test]
fn a_deal_divides_the_rest_of_the_price_by_the_rate() {
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "UGX".parse().unwrap());
    // (price, deposit, rate) -> (payments, the last one), worked out by hand.
    let table = [
        ((dec!(400000), dec!(50000), dec!(10000)), (35, dec!(10000))),
        ((dec!(400000), dec!(40000), dec!(7000)), (52, dec!(3000))), // 51 × 7000 is 357 000
        ((dec!(300000), dec!(100000), dec!(20000)), (10, dec!(20000))),
        ((dec!(300001), dec!(100000), dec!(20000)), (11, dec!(1))),
    ];
    for ((price, deposit, rate), expected) in table {
        let request = DealRequest {
            price: Some(price),
            deposit: Some(deposit),
            rate: Some(rate),
            ..DealRequest::on(day(2026, 1, 1))
        };
        let terms = phone().quote(&request, &context).unwrap();
        assert_eq!((terms.instalments, terms.last_amount), expected);
        // Three free days: the first week is paid for on 5 January.
        assert_eq!(terms.first_due, day(2026, 1, 5));
    }
    let refused = phone().quote(
        &DealRequest {
            price: Some(dec!(500001)),
            rate: Some(dec!(1)),
            free_days: Some(8),
            ..DealRequest::on(day(2026, 1, 1))
        },
        &context,
    );
    let refused = refused.unwrap_err();
    let fields: Vec<_> = refused.iter().map(|found| found.field.as_ref()).collect();
    assert_eq!(fields, ["price", "rate", "free_days"]);
}

#[test]
fn a_deal_is_a_loan_free_of_interest() {
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "UGX".parse().unwrap());
    let request = DealRequest {
        deposit: Some(dec!(40000)),
        rate: Some(dec!(7000)),
        ..DealRequest::on(day(2026, 1, 1))
    };
    let terms = phone().quote(&request, &context).unwrap();
    let loan = terms.loan_terms();
    let on = day(2026, 1, 1);
    let mut account = LoanAccount::submit(AccountId::new(1), loan, on).unwrap();
    let amount = dec!(360000);
    for command in [
        Command::Approve { on },
        Command::disburse(TransactionId::new(1), on, amount),
    ] {
        account = account
            .decide(&command, &Context::today(on))
            .unwrap()
            .account;
    }
    let rows = account.instalments();
    assert_eq!(rows.len(), 52);
    assert_eq!(
        (rows[0].due_on, rows[0].due.principal),
        (day(2026, 1, 5), dec!(7000))
    );
    assert_eq!(rows[51].due.principal, dec!(3000));
    assert_eq!(rows[51].due_on, terms.last_due);
    assert!(rows.iter().all(|row| row.due.interest.is_zero()));
}
