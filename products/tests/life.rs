//! The life of a product, step by step.

mod common;

use chrono::NaiveDate;
use common::{day, plain};
use lending_core::dates::Calendar;
use products::{
    LoanProduct, QuoteContext, QuoteRequest, Range, Versions, catalogue, life::LifeError,
    product::InterestMethod,
};
use rust_decimal::{Decimal, dec};

fn at_rate(rate: Decimal) -> LoanProduct {
    let mut product = plain();
    product.interest.rate = Range::only(rate);
    product
}

/// The rate on sale on a day.
fn rate_on(versions: &Versions<LoanProduct>, on: NaiveDate) -> Option<Decimal> {
    let version = versions.on(on).ok()?;
    version.product.interest.rate.default
}

fn code(result: Result<(), LifeError>) -> u16 {
    result.map_or_else(|error| error.code(), |()| 0)
}

#[test]
fn each_day_has_the_version_that_was_published_for_it() {
    let mut versions = Versions::draft(at_rate(dec!(36)));
    assert_eq!(
        rate_on(&versions, day(2026, 6, 1)),
        None,
        "a draft is not sold"
    );
    versions.publish(day(2026, 1, 1)).unwrap();
    versions.revise(at_rate(dec!(30))).unwrap();
    assert_eq!(
        rate_on(&versions, day(2026, 6, 1)),
        Some(dec!(36)),
        "not before it is published"
    );
    versions.publish(day(2026, 7, 1)).unwrap();
    versions.deactivate(day(2026, 12, 1)).unwrap();
    versions.revise(at_rate(dec!(28))).unwrap();
    versions.publish(day(2027, 3, 1)).unwrap();
    let table = [
        (day(2025, 12, 31), None),
        (day(2026, 1, 1), Some(dec!(36))),
        (day(2026, 6, 30), Some(dec!(36))),
        (day(2026, 7, 1), Some(dec!(30))),
        (day(2026, 11, 30), Some(dec!(30))),
        // Deactivated: also once there is a later version.
        (day(2026, 12, 1), None),
        (day(2027, 2, 28), None),
        (day(2027, 3, 1), Some(dec!(28))),
    ];
    for (on, rate) in table {
        assert_eq!(rate_on(&versions, on), rate, "{on}");
    }
}

#[test]
fn steps_out_of_order_are_refused() {
    let mut versions = Versions::draft(plain());
    assert_eq!(
        code(versions.revise(plain())),
        5402,
        "there is a draft already"
    );
    assert_eq!(
        code(versions.deactivate(day(2026, 1, 1))),
        5401,
        "nothing is on sale"
    );
    versions.publish(day(2026, 1, 1)).unwrap();
    assert_eq!(
        code(versions.change(plain())),
        5401,
        "there is no draft to change"
    );
    assert_eq!(code(versions.publish(day(2026, 2, 1)).map(|_| ())), 5401);
    assert_eq!(
        code(versions.delete_draft().map(|_| ())),
        5405,
        "what was sold is kept"
    );
    versions.revise(plain()).unwrap();
    assert_eq!(
        code(versions.publish(day(2026, 1, 1)).map(|_| ())),
        5404,
        "a day has one version"
    );
    assert!(versions.delete_draft().is_ok(), "a draft can be deleted");
    versions.deactivate(day(2026, 6, 1)).unwrap();
    assert_eq!(code(versions.deactivate(day(2026, 7, 1))), 5406);
    versions.revise(plain()).unwrap();
    assert_eq!(code(versions.publish(day(2026, 5, 1)).map(|_| ())), 5406);
    let mut other = plain();
    other.id = "OTHER".parse().unwrap();
    assert_eq!(code(versions.change(other)), 5403);
}

#[test]
fn a_draft_that_does_not_hold_together_stays_a_draft() {
    let mut product = plain();
    product.kind = products::LoanKind::DynamicTerm;
    product.interest.method = InterestMethod::Flat;
    let mut versions = Versions::draft(product);
    let refused = versions.publish(day(2026, 1, 1)).unwrap_err();
    assert_eq!(refused.code(), 5407);
    assert!(
        refused.to_string().contains("kind DYNAMIC_TERM"),
        "{refused}"
    );
    versions.change(plain()).unwrap();
    assert_eq!(versions.publish(day(2026, 1, 1)).unwrap().number, 1);
}

#[test]
fn an_account_keeps_the_terms_it_was_quoted() {
    let mut versions = Versions::draft(at_rate(dec!(36)));
    versions.publish(day(2026, 1, 1)).unwrap();
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let request = QuoteRequest::new(dec!(1000), day(2026, 6, 1));
    let version = versions.on(day(2026, 6, 1)).unwrap();
    let contract = version.product.quote(&request, &context).unwrap();
    versions.revise(at_rate(dec!(30))).unwrap();
    versions.publish(day(2026, 6, 1)).unwrap();
    assert_eq!(contract.schedule.interest.rate.percent, dec!(36));
    let version = versions.on(day(2026, 6, 1)).unwrap();
    let later = version.product.quote(&request, &context).unwrap();
    assert_eq!(later.schedule.interest.rate.percent, dec!(30));
}

#[test]
fn kept_versions_are_checked_when_they_are_read() {
    let mut versions = Versions::draft(catalogue::FIXED_DEPOSIT.deposit().unwrap());
    versions.publish(day(2026, 1, 1)).unwrap();
    versions
        .revise(catalogue::FIXED_DEPOSIT.deposit().unwrap())
        .unwrap();
    versions.publish(day(2026, 2, 1)).unwrap();
    let text = serde_json::to_string(&versions).unwrap();
    let read: Versions<products::deposit::DepositProduct> = serde_json::from_str(&text).unwrap();
    assert_eq!(read, versions);
    let swapped = text.replace("2026-02-01", "2025-02-01");
    let refused = serde_json::from_str::<Versions<products::deposit::DepositProduct>>(&swapped);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("2025-02-01 is not allowed")
    );
}
