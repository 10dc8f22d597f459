//! What a contract may not say.

use lending_core::{
    dates::{DueDateRule, NonWorkingDayRule},
    ids::AccountId,
    loan::{Element, code},
    revolving::{
        ChargesInMinimum, CreditLine, CreditLineTerms, DrawInstalments, DrawSpread, EarlyRepayment,
        InterestGrace, LineFee, LineFeeAmount, LineFeeTrigger, MinimumPayment, MinimumRule,
        PaymentDue, RevolvingError,
    },
    schedule::{InterestMethod, Pricing},
};
use rust_decimal::dec;

use crate::{common::day, line::terms};

/// The codes of everything wrong.
fn wrong(change: impl FnOnce(&mut CreditLineTerms)) -> Vec<u16> {
    let mut terms = terms();
    change(&mut terms);
    match terms.validate() {
        Ok(()) => Vec::new(),
        Err(RevolvingError::Terms(found)) => found.all().iter().map(|one| one.code).collect(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_setting_has_a_code() {
    let fee = |when, amount, penalty| LineFee {
        name: code("fee").unwrap(),
        when,
        amount,
        penalty,
    };
    let of_draw = LineFeeAmount::PercentOfDraw(dec!(1));
    let flat = LineFeeAmount::Flat(dec!(1));
    assert_eq!(wrong(|_| {}), Vec::<u16>::new());
    assert_eq!(wrong(|t| t.limit = dec!(0)), [3151]);
    assert_eq!(wrong(|t| t.limit = dec!(10.005)), [3151]);
    let range = |t: &mut CreditLineTerms| {
        (t.least_draw, t.most_draw) = (Some(dec!(20)), Some(dec!(10)));
    };
    assert_eq!(wrong(range), [3165]);
    assert_eq!(
        wrong(|t| t.minimum.rule = MinimumRule::PercentOfBalance(dec!(101))),
        [3152]
    );
    assert_eq!(wrong(|t| t.interest.method = InterestMethod::Flat), [3153]);
    let tiers = Vec::new();
    assert_eq!(
        wrong(|t| t.interest.pricing = Pricing::TieredByBalance {
            tiers,
            part: Default::default()
        }),
        [3154]
    );
    assert_eq!(
        wrong(|t| t.billing.statements = DueDateRule::Explicit {
            dates: vec![day("2025-01-25")]
        }),
        [3155]
    );
    assert_eq!(
        wrong(|t| t.billing.due = PaymentDue::DayOfMonth {
            day: 32,
            month_end: Default::default()
        }),
        [3156]
    );
    assert_eq!(
        wrong(|t| {
            t.grace = InterestGrace::PaidInFull;
            t.billing.due = PaymentDue::DaysAfterStatement(21);
        }),
        [3156]
    );
    assert_eq!(
        wrong(|t| t.billing.non_working_days = NonWorkingDayRule::Extend),
        [3157]
    );
    assert_eq!(
        wrong(|t| {
            t.minimum.floor = Some(dec!(50));
            t.minimum.ceiling = Some(dec!(40));
        }),
        [3158]
    );
    assert_eq!(
        wrong(|t| {
            t.minimum.charges = ChargesInMinimum::Included;
            t.minimum.floor_includes_fees = true;
        }),
        [3159]
    );
    let plan = |count| {
        MinimumPayment::of(MinimumRule::Instalments(DrawInstalments {
            count,
            spread: DrawSpread::EqualPrincipal,
            early: EarlyRepayment::FromLastInstalment,
        }))
    };
    assert_eq!(wrong(|t| t.minimum = plan(0)), [3160]);
    assert_eq!(
        wrong(|t| t.minimum = MinimumPayment {
            floor: Some(dec!(1)),
            ..plan(3)
        }),
        [3159]
    );
    assert_eq!(wrong(|t| t.allocation = vec![Element::Fee; 4]), [3161]);
    assert_eq!(wrong(|t| t.arrears.tolerance_day = Some(0)), [3162]);
    let late = || fee(LineFeeTrigger::Arrears, flat, true);
    assert_eq!(wrong(|t| t.fees = vec![late(), late()]), [3163]);
    assert_eq!(
        wrong(|t| t.fees = vec![fee(LineFeeTrigger::Arrears, of_draw, false)]),
        [3164]
    );
    assert_eq!(
        wrong(|t| t.fees = vec![fee(LineFeeTrigger::AddedToDraw, flat, true)]),
        [3164]
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut terms = terms();
    terms.limit = dec!(-5);
    terms.billing.due = PaymentDue::DaysAfterStatement(400);
    terms.allocation.clear();
    let refused = CreditLine::submit(AccountId::new(1), terms, day("2025-01-01")).unwrap_err();
    assert_eq!(refused.code(), 3102);
    let text = refused.to_string();
    for part in ["limit is -5", "billing.due.days is 400", "allocation is []"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_contract_is_written_and_read_back() {
    let text = serde_json::to_string(&terms()).unwrap();
    assert_eq!(
        serde_json::from_str::<CreditLineTerms>(&text).unwrap(),
        terms()
    );
    let least = r#"{
        "currency": "KES", "limit": "1000",
        "interest": { "rate": { "percent": "24" } },
        "billing": {
            "statements": { "FIXED_DAYS_OF_MONTH": { "days": [25] } },
            "due": { "days_after_statement": 15 }
        },
        "minimum": { "rule": { "percent_of_balance": "5" }, "floor": "50" }
    }"#;
    let read: CreditLineTerms = serde_json::from_str(least).unwrap();
    assert_eq!(read.minimum.floor, Some(dec!(50)));
    assert!(serde_json::from_str::<CreditLineTerms>(&least.replace("floor", "flor")).is_err());
    read.validate().unwrap();
}
