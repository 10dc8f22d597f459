//! What is refused, stored and explained.

use lending_core::{
    dates::{Calendar, Period},
    schedule::{
        Amortization, InstalmentFee, InstalmentTier, Pricing, Rate, RunningContract, Schedule,
        ScheduleTerms, generate,
    },
};
use rust_decimal::{Decimal, dec};

use super::{day, euro, make, months};

#[test]
fn refusals_name_what_was_given() {
    let terms = ScheduleTerms {
        instalments: 0,
        ..months(1, dec!(10))
    };
    let refusal = |terms: &ScheduleTerms, principal| {
        let made = generate(
            terms,
            principal,
            euro(),
            day("2025-01-01"),
            &Calendar::default(),
        );
        let error = made.unwrap_err();
        (error.code(), error.to_string())
    };
    assert_eq!(
        refusal(&terms, dec!(100)),
        (2101, "0 instalments: 1 to 30000 are allowed".into())
    );
    let terms = months(3, dec!(10));
    assert_eq!(
        refusal(&terms, dec!(100.001)),
        (
            2102,
            "principal 100.001: at most the decimals of the schedule's rounding".into()
        )
    );
    let (code, message) = refusal(&terms, dec!(-1));
    assert_eq!(
        (code, message.as_str()),
        (2102, "principal -1: above zero up to 10^17")
    );
    let mut terms = months(3, dec!(10));
    terms.grace.principal = 3;
    assert_eq!(
        refusal(&terms, dec!(100)),
        (
            2103,
            "grace 3 of 3 instalments: at least one instalment after the grace is needed".into()
        )
    );
}

#[test]
fn terms_survive_storage() {
    let mut terms = months(12, dec!(9.4822));
    terms.down_payment_percent = Some(dec!(25));
    terms.fees = vec![InstalmentFee::Flat { amount: dec!(1.50) }];
    terms.interest.pricing = Pricing::TieredByInstalment {
        tiers: vec![InstalmentTier {
            up_to: 12,
            percent: dec!(7),
        }],
    };
    let json = serde_json::to_string(&terms).unwrap();
    // Decimals are strings: no reader passes them through a binary float.
    assert!(json.contains(r#""percent":"9.4822""#), "{json}");
    assert_eq!(serde_json::from_str::<ScheduleTerms>(&json).unwrap(), terms);
    let unknown = json.replacen("instalments", "installments", 1);
    assert!(serde_json::from_str::<ScheduleTerms>(&unknown).is_err());
    let schedule = make(&terms, dec!(1000));
    let json = serde_json::to_string(&schedule).unwrap();
    assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), schedule);
}

/// A contract says little: what it leaves out takes the documented default.
#[test]
fn a_short_contract_has_defaults() {
    let json = r#"{
        "instalments": 12,
        "due_dates": {"INTERVAL": {"every": {"MONTHS": 1}}},
        "interest": {"rate": {"percent": "24"}}
    }"#;
    let terms: ScheduleTerms = serde_json::from_str(json).unwrap();
    let usual = ScheduleTerms::new(12, Period::Months(1), Rate::per_year(dec!(24)));
    assert_eq!(terms, usual);
}

#[test]
fn explanations_of_every_kind() {
    use lending_core::schedule::{InterestDifference, InterestPause, RateChange};
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::equal_principal();
    terms.grace.interest_deferred = 1;
    terms.interest.changes = vec![RateChange {
        from: day("2025-02-11"),
        rate: Rate::per_year(dec!(24)),
    }];
    terms.interest.pauses = vec![InterestPause {
        from: day("2025-03-02"),
        to: day("2025-04-01"),
    }];
    let schedule = make(&terms, dec!(900));
    let calendar = Calendar::default();
    let contract = RunningContract::of(&terms, euro(), &calendar, &schedule).unwrap();
    let why = |number| schedule.explain(number, &contract).unwrap().interest;
    assert_eq!(why(1).difference, Some(InterestDifference::Deferred));
    assert_eq!(
        why(1).to_string(),
        "instalment 1: interest 900.00 × 12 % × 1/12 = 9, HalfUp to 2 decimals: 9.00; due 0.00 (Deferred)"
    );
    // Ten of February's 28 days at 12 %, eighteen at 24 %: 600/100·(10/28 + 2·18/28) = 9.857.
    assert_eq!(why(2).rounded, dec!(9.86));
    assert_eq!(why(2).due, dec!(18.86));
    assert_eq!(why(2).difference, Some(InterestDifference::DeferredAdded));
    assert_eq!(why(2).pieces.len(), 2);
    assert_eq!(
        why(3).to_string(),
        "instalment 3: interest 300.00 free from 2025-03-01 to 2025-04-01 = 0, HalfUp to 2 decimals: 0.00"
    );
    assert!(schedule.explain(4, &contract).is_err());
}

/// Every amount of a row with fees and taxes, by hand: 1200 in three shares of 400 at 1 % a month,
/// a flat fee of 5, 10 divided in 3.33 + 3.33 + 3.34, 2 % of the total; 16 % on top of both.
#[test]
fn every_amount_is_explained() {
    use lending_core::schedule::{InstalmentFee, PrincipalRule, Taxes};
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::equal_principal();
    terms.fees = vec![
        InstalmentFee::Flat { amount: dec!(5) },
        InstalmentFee::Divided { amount: dec!(10) },
        InstalmentFee::TotalPercent { percent: dec!(2) },
    ];
    terms.taxes = Taxes {
        interest_percent: Some(dec!(16)),
        fee_percent: Some(dec!(16)),
        ..Taxes::default()
    };
    let schedule = make(&terms, dec!(1200));
    let calendar = Calendar::default();
    let contract = RunningContract::of(&terms, euro(), &calendar, &schedule).unwrap();
    let why = schedule.explain(2, &contract).unwrap();
    assert_eq!(
        why.to_string(),
        "instalment 2: interest 800.00 × 12 % × 1/12 = 8, HalfUp to 2 decimals: 8.00; \
         principal 400.00: equal share 400.00, leaves 400.00 of 800.00; \
         fee 5.00; fee of 10 in 3 parts = 3.333333333333333333333333333: 3.33; \
         fee 2 % of principal and interest 408.00 = 8.16: 8.16; \
         tax 16 % on interest 8.00 = 1.28: 1.28; tax 16 % on fees 16.49 = 2.6384: 2.64; \
         total 428.41"
    );
    let last = schedule.explain(3, &contract).unwrap();
    assert_eq!(last.principal.rule, PrincipalRule::Remaining);
    assert!(last.fees[1].takes_rest);
    assert_eq!(last.fees[1].rounded, dec!(3.34));
    // What is explained sums to what is due, row by row.
    for row in &schedule.instalments {
        let why = schedule.explain(row.number, &contract).unwrap();
        let fees: Decimal = why.fees.iter().map(|fee| fee.rounded).sum();
        let taxes: Decimal = why.taxes.iter().map(|tax| tax.rounded).sum();
        assert_eq!((fees, taxes), (row.fee, row.tax));
        assert_eq!(
            why.principal.due + why.interest.due + fees + taxes,
            why.total
        );
    }
    let stored = serde_json::to_string(&why).unwrap();
    assert_eq!(
        serde_json::from_str::<lending_core::schedule::InstalmentExplanation>(&stored).unwrap(),
        why
    );
}
