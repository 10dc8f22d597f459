//! Product files with one thing wrong: each is refused with a reason that names what was changed,
//! or accepted and safe to quote.

mod common;

use common::day;
use lending_core::dates::Calendar;
use products::{
    JsonError, LoanProduct, QuoteContext, QuoteRequest,
    catalogue::{self, Sort},
    deal::{DealProduct, DealRequest},
    deposit::{DepositProduct, DepositRequest},
};
use serde_json::{Value, json};

/// One step into a document.
#[derive(Clone, Debug)]
enum Step {
    Name(String),
    Index(usize),
}

/// Every place in a document.
fn places(value: &Value, here: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    if !here.is_empty() {
        found.push(here.clone());
    }
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                here.push(Step::Name(name.clone()));
                places(inner, here, found);
                here.pop();
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                here.push(Step::Index(index));
                places(inner, here, found);
                here.pop();
            }
        }
        _ => {}
    }
}

fn at<'v>(value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Name(name) => value.get_mut(name).unwrap(),
        Step::Index(index) => value.get_mut(*index).unwrap(),
    })
}

/// What a value may be mistaken for.
fn mistakes(value: &Value) -> Vec<Value> {
    let mut mistakes = vec![
        Value::Null,
        json!(true),
        json!([]),
        json!({}),
        json!(-1),
        json!(99_999_999),
        json!("x"),
        json!("-1"),
        json!("1e3"),
        json!("0.00001"),
        json!("99999999999999999999999999999"),
    ];
    if let Value::String(text) = value {
        mistakes.push(json!(text.to_lowercase()));
        mistakes.push(json!(format!("{text}0")));
        mistakes.push(json!(format!("{text} ")));
    }
    mistakes.retain(|mistake| mistake != value);
    mistakes
}

/// The names on the way to a place: a reason must have one of the last ones.
fn named(path: &[Step]) -> Vec<&str> {
    let names = path.iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Index(_) => None,
    });
    names.collect()
}

/// Whether a reason names a place, or for rules about pairs the setting it is a part of.
fn names(error: &JsonError, path: &[Step]) -> bool {
    let text = error.to_string();
    let mut names = named(path).into_iter().rev();
    match error {
        JsonError::Field { .. } => names.take(2).any(|name| text.contains(name)),
        _ => names.any(|name| text.contains(name)),
    }
}

fn quote_loan(product: &LoanProduct) {
    let calendar = Calendar::weekends();
    let context = QuoteContext {
        carried_elsewhere: true,
        holder: *product.availability.holders.first().unwrap(),
        ..QuoteContext::new(&calendar, *product.currencies.first().unwrap())
    };
    let request = QuoteRequest {
        disbursement: day(2026, 3, 2),
        ..QuoteRequest::default()
    };
    if let Ok(preview) = product.preview(&request, &context) {
        preview.terms.validate().unwrap();
        let _ = preview.apr_percent();
    }
    // Every corner has a schedule, or amounts outgrow any number.
    if let Err(found) = product.rehearse(day(2026, 3, 2), &calendar) {
        let text = found.to_string();
        assert!(
            text.contains("28 significant digits") || text.contains("28 digits"),
            "{text}"
        );
    }
}

fn quote_deposit(product: &DepositProduct) {
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, *product.currencies.first().unwrap());
    let request = DepositRequest {
        opened: day(2026, 3, 2),
        ..DepositRequest::default()
    };
    if let Ok(terms) = product.quote(&request, &context) {
        let _ = terms.forecast();
    }
    product.rehearse(day(2026, 3, 2)).unwrap();
}

fn quote_deal(product: &DealProduct) {
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, *product.currencies.first().unwrap());
    if let Ok(terms) = product.quote(&DealRequest::on(day(2026, 3, 2)), &context) {
        terms.loan_terms().validate().unwrap();
    }
    product.rehearse(day(2026, 3, 2)).unwrap();
}

/// Reads a file of a sort and quotes what is accepted.
fn read(sort: Sort, text: &str) -> Result<(), JsonError> {
    match sort {
        Sort::Loan => LoanProduct::from_json(text).map(|product| quote_loan(&product)),
        Sort::Deposit => DepositProduct::from_json(text).map(|product| quote_deposit(&product)),
        _ => DealProduct::from_json(text).map(|product| quote_deal(&product)),
    }
}

/// A catalogue file as it is, and with every setting written out.
fn documents(entry: &catalogue::Entry) -> [Value; 2] {
    let full = match entry.sort {
        Sort::Loan => entry.loan().unwrap().to_json(),
        Sort::Deposit => entry.deposit().unwrap().to_json(),
        _ => entry.deal().unwrap().to_json(),
    };
    [entry.json, &full.unwrap()].map(|text| serde_json::from_str(text).unwrap())
}

/// Every document that differs from the original in one place.
fn changed_at(original: &Value, path: &[Step]) -> Vec<Value> {
    let old = at(&mut original.clone(), path).clone();
    let mut changed: Vec<Value> = mistakes(&old)
        .into_iter()
        .map(|mistake| {
            let mut document = original.clone();
            *at(&mut document, path) = mistake;
            document
        })
        .collect();
    // Left out, and under another name.
    if let Some((Step::Name(name), parent)) = path.split_last() {
        let mut document = original.clone();
        let members = at(&mut document, parent).as_object_mut().unwrap();
        members.remove(name);
        changed.push(document.clone());
        let members = at(&mut document, parent).as_object_mut().unwrap();
        members.insert(format!("{name}s"), old);
        changed.push(document);
    }
    changed
}

/// Changes every place of every file of a sort. How many were refused and accepted.
fn misuse(sort: Sort) -> (usize, usize) {
    let (mut refused, mut accepted, mut unnamed) = (0, 0, Vec::new());
    let of_sort = catalogue::ALL.iter().filter(|entry| entry.sort == sort);
    for (entry, original) in of_sort.flat_map(|entry| documents(entry).map(|file| (entry, file))) {
        let mut paths = Vec::new();
        places(&original, &mut Vec::new(), &mut paths);
        for path in &paths {
            for document in changed_at(&original, path) {
                match read(sort, &document.to_string()) {
                    Ok(()) => accepted += 1,
                    Err(error) => {
                        refused += 1;
                        if !names(&error, path) {
                            unnamed.push(format!("{} {path:?}: {error}", entry.file));
                        }
                    }
                }
            }
        }
    }
    assert!(
        unnamed.is_empty(),
        "{} of {refused}:\n{}",
        unnamed.len(),
        unnamed.join("\n")
    );
    (refused, accepted)
}

/// At least a thousand files of a sort were refused by name, and some changes did no harm.
fn enough(sort: Sort) {
    let (refused, accepted) = misuse(sort);
    assert!(
        refused > 1000 && accepted > 50,
        "{refused} refused, {accepted} accepted"
    );
}

#[test]
fn one_change_of_a_loan_product_is_refused_by_name_or_safe() {
    enough(Sort::Loan);
}

#[test]
fn one_change_of_a_deposit_product_is_refused_by_name_or_safe() {
    enough(Sort::Deposit);
}

#[test]
fn one_change_of_a_deal_is_refused_by_name_or_safe() {
    enough(Sort::Deal);
}

#[test]
fn what_is_no_json_is_refused_with_its_line() {
    for entry in catalogue::ALL {
        for cut in [
            1,
            entry.json.len() / 3,
            entry.json.len() / 2,
            entry.json.len() - 3,
        ] {
            let text = &entry.json[..cut];
            let error = read(entry.sort, text).unwrap_err();
            assert!(
                matches!(error, JsonError::Field { line, .. } if line >= 1),
                "{error}"
            );
        }
        let twice = entry.json.replacen("\"id\":", "\"id\": \"A\", \"id\":", 1);
        let error = read(entry.sort, &twice).unwrap_err().to_string();
        assert!(error.contains("duplicate field `id`"), "{error}");
    }
}
