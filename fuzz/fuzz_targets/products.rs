//! Product files of every sort, and documents of other systems: read or refused, whatever the
//! text. What is accepted is safe to quote, to preview and to write again.
//!
//! The first byte chooses: the rest as text, or a ready-made document in which the rest replaces
//! values, so that most inputs are documents with something wrong in them.
#![no_main]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::dates::Calendar;
use libfuzzer_sys::fuzz_target;
use products::{
    Availability, LoanProduct, QuoteContext, QuoteRequest, catalogue,
    deal::{DealProduct, DealRequest},
    deposit::{DepositProduct, DepositRequest},
    import::{ImportContext, backbone, mambu},
};
use serde_json::{Value, json};

/// Documents that the importers know.
const FOREIGN: [&str; 3] = [
    include_str!("../../products/tests/data/mambu/loan-products.json"),
    include_str!("../../products/tests/data/mambu/savings-products.json"),
    include_str!("../../products/tests/data/backbone/credit-line.json"),
];

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else {
        return;
    };
    let known = catalogue::ALL.iter().map(|entry| entry.json).chain(FOREIGN);
    let known: Vec<&str> = known.collect();
    let Some(document) = known.get(usize::from(*choice)) else {
        if let Ok(text) = core::str::from_utf8(rest) {
            read(text);
        }
        return;
    };
    let Ok(mut document) = serde_json::from_str::<Value>(document) else {
        return;
    };
    // Lists of foreign products: one of them.
    let mut rest = rest;
    if let (Value::Array(items), [which, left @ ..]) = (&mut document, rest) {
        let which = usize::from(*which) % items.len().max(1);
        document = items.swap_remove(which);
        rest = left;
    }
    for change in rest.chunks_exact(4).take(8) {
        if let [place, finer, kind, number] = *change {
            let place = usize::from(place) * 256 + usize::from(finer);
            let count = count(&document);
            if let Some(at) = nth(&mut document, &mut (place % count)) {
                *at = value(kind, number, at);
            }
        }
    }
    read(&document.to_string());
});

/// How many values there are in a document, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// A value by its number, depth first.
fn nth<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, left)),
        Value::Object(members) => members.values_mut().find_map(|item| nth(item, left)),
        _ => None,
    }
}

/// What a value may be replaced by.
fn value(kind: u8, number: u8, old: &Value) -> Value {
    match kind % 12 {
        0 => Value::Null,
        1 => json!(number % 2 == 0),
        2 => json!(number),
        3 => json!(number.to_string()),
        4 => json!(format!("{}.{}", number / 10, number % 10)),
        5 => json!(-i64::from(number)),
        6 => json!(10_u64.pow(u32::from(number % 20))),
        7 => json!(10_u128.pow(u32::from(number % 30)).to_string()),
        8 => json!({ "min": number.to_string(), "default": null, "max": null }),
        9 => json!({ "default": number }),
        10 => json!([old]),
        _ => json!(WORDS[usize::from(number) % WORDS.len()]),
    }
}

/// Words that settings are named by.
const WORDS: [&str; 32] = [
    "DYNAMIC_TERM",
    "FIXED_TERM",
    "INTEREST_FREE",
    "FLAT",
    "DECLINING",
    "CAPITALISED",
    "COMPOUND",
    "NOMINAL",
    "COUNTED",
    "WHOLE_TERM",
    "DAY",
    "MONTH",
    "BULLET",
    "PAYMENT_PLAN",
    "PURE",
    "INTEREST_ONLY",
    "EXTEND",
    "NEXT",
    "AT_MATURITY",
    "MONTHLY",
    "WEEK",
    "LATE_PAYMENT",
    "CAPITALISED_AT_DISBURSEMENT",
    "EVERY_INSTALMENT",
    "DYNAMIC_TERM_LOAN",
    "REVOLVING_CREDIT",
    "TRANCHED_LOAN",
    "INDEX_INTEREST_RATE",
    "TIERED",
    "BALLOON_PAYMENTS",
    "FIXED_DAYS_OF_MONTH",
    "E30_42_365",
];

/// The context in which a product is sold to somebody, in its first currency.
fn context<'a>(
    calendar: &'a Calendar,
    of: &'a Availability,
    currencies: &BTreeSet<Currency>,
) -> QuoteContext<'a> {
    let first = |names: &'a Option<BTreeSet<String>>| {
        names
            .as_ref()
            .and_then(|names| names.first())
            .map(String::as_str)
    };
    let currency = *currencies.first().expect("a valid product has a currency");
    let mut context = QuoteContext::new(calendar, currency);
    context.holder = of.holders.first().copied().unwrap_or_default();
    context.branch = of.branches.as_ref().and_then(|set| set.first().copied());
    context.client_type = first(&of.client_types);
    context.tier = first(&of.tiers);
    context.carried_elsewhere = true;
    context
}

fn read(text: &str) {
    let day = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day");
    let calendar = Calendar::weekends();
    if let Ok(product) = LoanProduct::from_json(text) {
        loan(&product, &calendar, day);
    }
    if let Ok(product) = DepositProduct::from_json(text) {
        deposit(&product, &calendar, day);
    }
    if let Ok(product) = DealProduct::from_json(text) {
        deal(&product, &calendar, day);
    }
    let foreign = ImportContext::new("KES".parse().expect("a currency"));
    if let Ok(imported) = mambu::loan_product(text, &foreign) {
        loan(&imported.product, &calendar, day);
    }
    if let Ok(imported) = mambu::savings_product(text, &foreign) {
        deposit(&imported.product, &calendar, day);
    }
    let id = "LINE".parse().expect("an identifier");
    if let Ok(imported) = backbone::product(text, id, &foreign) {
        loan(&imported.product, &calendar, day);
    }
}

/// What was read holds together, and reads back as it was written.
macro_rules! holds {
    ($product:ident, $sort:ty) => {
        $product.validate().expect("what was read holds together");
        let text = $product.to_json().expect("a product can be written");
        let read = <$sort>::from_json(&text).expect("what was written can be read");
        assert_eq!(read, *$product);
    };
}

fn loan(product: &LoanProduct, calendar: &Calendar, day: NaiveDate) {
    holds!(product, LoanProduct);
    let context = context(calendar, &product.availability, &product.currencies);
    let request = QuoteRequest {
        disbursement: day,
        ..QuoteRequest::default()
    };
    if let Ok(terms) = product.quote_line(&request, &context) {
        terms.validate().expect("a quoted line holds together");
    }
    if let Ok(preview) = product.preview(&request, &context) {
        preview
            .terms
            .validate()
            .expect("a quoted contract holds together");
        let repaid = preview.totals.principal;
        assert!(
            repaid >= preview.terms.principal,
            "a schedule repays what was lent"
        );
    }
}

fn deposit(product: &DepositProduct, calendar: &Calendar, day: NaiveDate) {
    holds!(product, DepositProduct);
    let context = context(calendar, &product.availability, &product.currencies);
    let request = DepositRequest {
        opened: day,
        ..DepositRequest::default()
    };
    if let Ok(terms) = product.quote(&request, &context) {
        let _ = terms.forecast();
    }
}

fn deal(product: &DealProduct, calendar: &Calendar, day: NaiveDate) {
    holds!(product, DealProduct);
    let context = context(calendar, &product.availability, &product.currencies);
    if let Ok(terms) = product.quote(&DealRequest::on(day), &context) {
        terms.loan_terms().validate().expect("a deal is a contract");
    }
}
