//! Deposit products: what holds together, what a contract says, what it earns.

mod common;

use common::day;
use ledger::posting_rules::{AccountingMethod, PostingRules};
use lending_core::{dates::Calendar, dates::Period, schedule::InstalmentTier};
use products::{
    QuoteContext, Range, ViolationKind,
    deposit::{
        BalanceUsed, DepositInterest, DepositKind, DepositProduct, DepositRequest, InterestPaid,
        MATRIX, MaturitySettings, MaturityUnit, OverdraftInterest, OverdraftSettings,
        WithholdingTax,
    },
    product::{
        AccrualDetail, AccrualPosting, Amortisation, AmortisationInterval, AmortisationProfile,
        FeeAmount, FeeWhen, LinkedDeposit, MonthlyFeeDate, PredefinedFee, PricingSettings,
    },
};
use rust_decimal::{Decimal, dec};

fn savings() -> DepositProduct {
    let (id, currency) = ("SAVE".parse().unwrap(), "KES".parse().unwrap());
    let mut product = DepositProduct::new(id, "Savings", DepositKind::RegularSavings, currency);
    product.interest = Some(DepositInterest {
        rate: Range::new(dec!(2), dec!(4), dec!(6)),
        ..DepositInterest::default()
    });
    product.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
    product
}

fn fixed() -> DepositProduct {
    let mut product = savings();
    product.kind = DepositKind::FixedDeposit;
    product.maturity = Some(MaturitySettings {
        unit: MaturityUnit::Months,
        length: Range::new(3, 6, 12),
    });
    product
}

fn fee(when: FeeWhen, amount: FeeAmount) -> PredefinedFee {
    PredefinedFee {
        tax: None,
        name: lending_core::loan::Code::from("fee").unwrap(),
        when,
        amount,
        required: true,
        active: true,
        amortisation: None,
    }
}

fn interest(p: &mut DepositProduct) -> &mut DepositInterest {
    p.interest.as_mut().unwrap()
}

fn by_instalment() -> PricingSettings {
    PricingSettings::TieredByInstalment {
        tiers: vec![InstalmentTier {
            up_to: 3,
            percent: dec!(2),
        }],
    }
}

fn flat_tier() -> PricingSettings {
    serde_json::from_str(r#"{"TIERED_BY_BALANCE": {"tiers": [{"up_to": null, "percent": "3"}]}}"#)
        .unwrap()
}

type Start = fn() -> DepositProduct;
type Change = fn(&mut DepositProduct);

/// Each rule of the matrix, the product it starts from, and the change that breaks it alone.
const BREAKS: &[(&str, Start, Change)] = &[
    ("matures-without-maturity", fixed, |p| p.maturity = None),
    ("maturity-open-ended", fixed, |p| {
        p.kind = DepositKind::RegularSavings
    }),
    ("overdraft-matures", fixed, |p| {
        p.overdraft = Some(OverdraftSettings::default())
    }),
    ("overdraft-investor", savings, |p| {
        p.kind = DepositKind::InvestorAccount;
        p.overdraft = Some(OverdraftSettings::default());
    }),
    ("offset-matures", fixed, |p| p.offsets_loans = true),
    ("withdrawal-fixed-deposit", fixed, |p| {
        p.maximum_withdrawal = Some(dec!(5))
    }),
    ("recommended-fixed-deposit", fixed, |p| {
        p.recommended_deposit = Some(dec!(5))
    }),
    ("target-without-plan", savings, |p| {
        p.target = Range::only(dec!(900))
    }),
    ("linked-deposit", savings, |p| {
        p.accounts.linked_deposit = Some(LinkedDeposit::default())
    }),
    ("paid-at-no-maturity", savings, |p| {
        interest(p).paid = InterestPaid::AtMaturity
    }),
    ("after-no-maturity", savings, |p| {
        interest(p).after_maturity = true
    }),
    ("tiered-rate", savings, |p| {
        interest(p).pricing = flat_tier()
    }),
    ("tiered-by-instalment", savings, |p| {
        interest(p).rate = Range::default();
        interest(p).pricing = by_instalment();
    }),
    ("indexed-fixed-deposit", fixed, |p| {
        interest(p).pricing = PricingSettings::Indexed {
            index: "CBR".into(),
            review: Period::Months(3),
            floor: None,
            ceiling: None,
        };
    }),
    ("minimum-fixed-deposit", fixed, |p| {
        interest(p).balance = BalanceUsed::Minimum
    }),
    ("tax-without-interest", savings, |p| {
        p.interest = None;
        p.withholding_tax = Some(WithholdingTax {
            percent: Some(dec!(15)),
            source: None,
        });
    }),
    ("overdraft-tiered-rate", savings, |p| {
        p.overdraft = Some(OverdraftSettings {
            limit: Range::default(),
            interest: Some(OverdraftInterest {
                rate: Range::only(dec!(20)),
                pricing: flat_tier(),
                ..OverdraftInterest::default()
            }),
        });
    }),
    ("opening-above-maximum", savings, |p| {
        p.opening_balance = Range::only(dec!(10));
        p.maximum_balance = Some(dec!(9));
    }),
    ("opening-below-minimum", savings, |p| {
        p.opening_balance = Range::only(dec!(10));
        p.minimum_balance = Some(dec!(11));
    }),
    ("minimum-above-maximum", savings, |p| {
        p.opening_balance = Range {
            min: Some(dec!(12)),
            default: None,
            max: None,
        };
        p.minimum_balance = Some(dec!(12));
        p.maximum_balance = Some(dec!(11));
    }),
    ("minimum-overdraft", savings, |p| {
        p.opening_balance = Range::only(dec!(12));
        p.minimum_balance = Some(dec!(12));
        p.overdraft = Some(OverdraftSettings::default());
    }),
    ("target-above-maximum", fixed, |p| {
        p.kind = DepositKind::SavingsPlan;
        p.target = Range::only(dec!(900));
        p.maximum_balance = Some(dec!(800));
    }),
    ("accrual-posting", savings, |p| {
        p.accrual_posting = AccrualPosting::MonthEnd
    }),
    ("accrual-detail", savings, |p| {
        p.accrual_detail = AccrualDetail::PerProductAndBranch
    }),
    ("fee-given", savings, |p| {
        p.fees = vec![fee(FeeWhen::Manual, FeeAmount::Given)]
    }),
    ("fee-amortisation", savings, |p| {
        p.fees = vec![fee(FeeWhen::Manual, FeeAmount::Flat(dec!(5)))];
        p.fees[0].amortisation = Some(Amortisation {
            profile: AmortisationProfile::StraightLine,
            interval: AmortisationInterval::DueDates,
            intervals: None,
            on_reschedule: Default::default(),
        });
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
    let tried: Vec<_> = BREAKS.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids, tried);
    for (id, start, change) in BREAKS {
        let mut product = start();
        product.validate().unwrap();
        change(&mut product);
        let found = product.validate().expect_err(id);
        let rules: Vec<_> = found.iter().filter_map(|found| found.rule).collect();
        // An opening balance above the maximum breaks more than one limit.
        assert!(rules.contains(id), "{id}: {found}");
        let alone = rules == [*id];
        let limits = *id == "minimum-above-maximum";
        assert!(alone || limits, "{id}: {found}");
        let of_rule = found.iter().find(|found| found.rule == Some(id)).unwrap();
        assert_eq!(of_rule.kind, ViolationKind::Incompatible);
    }
}

fn forecast(product: &DepositProduct, request: &DepositRequest) -> Vec<(String, Decimal, Decimal)> {
    product.validate().unwrap();
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let terms = product.quote(request, &context).unwrap();
    let payments = terms.forecast_until(day(2026, 12, 31)).unwrap();
    let rows = payments
        .iter()
        .map(|paid| (paid.on.to_string(), paid.interest, paid.balance));
    rows.collect()
}

#[test]
fn interest_paid_into_the_account_bears_interest() {
    let mut product = savings();
    interest(&mut product).rate = Range::only(dec!(12));
    let request = DepositRequest::new(dec!(1000), day(2026, 1, 1));
    let rows = forecast(&product, &request);
    // 1000 × 12 % × 31/365 is 10.19; 1010.19 × 12 % × 28/365 is 9.30.
    assert_eq!(rows[0], ("2026-02-01".into(), dec!(10.19), dec!(1010.19)));
    assert_eq!(rows[1], ("2026-03-01".into(), dec!(9.30), dec!(1019.49)));
    assert_eq!(rows.len(), 11); // the month of December is paid in January
    interest(&mut product).paid_out = true;
    // 1000 × 12 % × 28/365 is 9.21.
    assert_eq!(
        forecast(&product, &request)[1],
        ("2026-03-01".into(), dec!(9.21), dec!(1000))
    );
}

#[test]
fn tiers_are_for_the_whole_balance_or_for_the_part_inside() {
    let table = [("WHOLE_BALANCE", dec!(400)), ("INSIDE_TIER", dec!(300))];
    for (part, expected) in table {
        let mut product = savings();
        let pricing = format!(
            r#"{{"TIERED_BY_BALANCE": {{"part": "{part}", "tiers": [
                {{"up_to": "5000", "percent": "2"}}, {{"up_to": null, "percent": "4"}}]}}}}"#
        );
        let own = interest(&mut product);
        own.rate = Range::default();
        own.pricing = serde_json::from_str(&pricing).unwrap();
        own.paid = serde_json::from_str(r#"{"ON_DAYS": [{"month": 12, "day": 31}]}"#).unwrap();
        // 10 000 for a year: 4 % of all, or 2 % of the first 5000 and 4 % of the rest.
        let rows = forecast(
            &product,
            &DepositRequest::new(dec!(10000), day(2025, 12, 31)),
        );
        assert_eq!(
            rows,
            [("2026-12-31".into(), expected, dec!(10000) + expected)]
        );
    }
}

#[test]
fn tiers_by_days_count_from_the_opening() {
    let mut product = fixed();
    product.maturity = Some(MaturitySettings {
        unit: MaturityUnit::Days,
        length: Range::only(90),
    });
    let own = interest(&mut product);
    own.rate = Range::default();
    own.paid = InterestPaid::AtMaturity;
    own.pricing = serde_json::from_str(
        r#"{"TIERED_BY_DAYS": {"tiers": [{"up_to": 30, "percent": "3"}, {"up_to": null, "percent": "6"}]}}"#,
    )
    .unwrap();
    // 10 000 × (3 % × 30 + 6 % × 60) / 365 is 123.29.
    let rows = forecast(&product, &DepositRequest::new(dec!(10000), day(2026, 1, 1)));
    assert_eq!(rows, [("2026-04-01".into(), dec!(123.29), dec!(10123.29))]);
}

#[test]
fn everything_that_is_wrong_with_a_request_is_told_at_once() {
    let mut product = savings();
    product.opening_balance = Range::between(dec!(100), dec!(1000));
    product.overdraft = Some(OverdraftSettings {
        limit: Range::new(dec!(0), dec!(0), dec!(500)),
        interest: None,
    });
    product.fees = vec![fee(
        FeeWhen::Monthly(MonthlyFeeDate::FirstOfMonth),
        FeeAmount::Flat(dec!(50)),
    )];
    product.validate().unwrap();
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "USD".parse().unwrap());
    let request = DepositRequest {
        opening_balance: Some(dec!(99)),
        rate: Some(dec!(7)),
        length: Some(3),
        target: Some(dec!(5)),
        overdraft_limit: Some(dec!(501)),
        overdraft_rate: Some(dec!(9)),
        ..DepositRequest::new(dec!(0), day(2026, 1, 1))
    };
    let found = product.quote(&request, &context).unwrap_err();
    let told: Vec<_> = found.iter().map(|v| (v.field.as_ref(), v.code())).collect();
    let expected = [
        ("opening_balance", 5002),
        ("rate", 5002),
        ("length", 5004),
        ("target", 5004),
        ("overdraft_limit", 5002),
        ("overdraft_rate", 5004),
        ("context.currency", 5015),
    ];
    assert_eq!(told, expected);
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let terms = product
        .quote(&DepositRequest::new(dec!(100), day(2026, 1, 1)), &context)
        .unwrap();
    assert_eq!(terms.fees.len(), 1);
    let text = serde_json::to_string(&terms).unwrap();
    let read: products::deposit::DepositTerms = serde_json::from_str(&text).unwrap();
    assert_eq!(read, terms);
}
