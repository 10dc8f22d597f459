//! Loans without interest.

use super::Rule;
use super::has::{flat, free, graded, plan, stated_rate};
use crate::LoanProduct;
use crate::product::{
    GraceKind, InterestApplication, InterestKind, PricingSettings, PrincipalSettings,
};

/// Loans without interest.
pub(super) const RULES: &[Rule<LoanProduct>] = &[
    Rule {
        id: "free-rate",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.rate",
        other_value: "a range",
        reason: "an interest-free loan has no rate",
        applies: |p| free(p) && stated_rate(p),
    },
    Rule {
        id: "free-pricing",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.pricing",
        other_value: "any but FIXED",
        reason: "an interest-free loan has no rate",
        applies: |p| free(p) && !matches!(p.interest.pricing, PricingSettings::Fixed),
    },
    Rule {
        id: "free-flat",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.method",
        other_value: "FLAT",
        reason: "an interest-free loan has no interest to calculate",
        applies: |p| free(p) && flat(p),
    },
    Rule {
        id: "free-kind",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.kind",
        other_value: "CAPITALISED or COMPOUND",
        reason: "an interest-free loan has no interest to apply",
        applies: |p| free(p) && p.interest.kind != InterestKind::Simple,
    },
    Rule {
        id: "free-balloon",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.principal",
        other_value: "BALLOON",
        reason: "a balloon lowers instalments at the price of interest, and there is none",
        applies: |p| free(p) && matches!(p.schedule.principal, PrincipalSettings::Balloon { .. }),
    },
    Rule {
        id: "free-longer-term",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.principal",
        other_value: "LONGER_TERM",
        reason: "the instalments of a longer loan are an annuity, and there is no interest",
        applies: |p| {
            free(p) && matches!(p.schedule.principal, PrincipalSettings::LongerTerm { .. })
        },
    },
    Rule {
        id: "free-graded",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.principal",
        other_value: "GRADED",
        reason: "graded instalments are found with an annuity, and there is no interest",
        applies: |p| free(p) && graded(p),
    },
    Rule {
        id: "free-payment-plan",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.principal",
        other_value: "PAYMENT_PLAN",
        reason: "a payment plan stands for a rate, and there is none",
        applies: |p| free(p) && plan(p),
    },
    Rule {
        id: "free-interest-grace",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.grace.kind",
        other_value: "INTEREST_ONLY or INTEREST_FREE",
        reason: "there is no interest to pay or to forgive during the grace",
        applies: |p| {
            free(p)
                && matches!(
                    p.schedule.grace.kind,
                    GraceKind::InterestOnly | GraceKind::InterestFree
                )
        },
    },
    Rule {
        id: "free-interest-tax",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "taxes.on_interest",
        other_value: "true",
        reason: "there is no interest to tax",
        applies: |p| free(p) && p.taxes.on_interest,
    },
    Rule {
        id: "free-unpaid-interest",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.on_unpaid_interest",
        other_value: "true",
        reason: "there is no interest to charge interest on",
        applies: |p| free(p) && p.interest.on_unpaid_interest,
    },
    Rule {
        id: "free-offset",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.offset_percent",
        other_value: "a percentage",
        reason: "there is no interest for a deposit to lower",
        applies: |p| free(p) && p.interest.offset_percent.is_some(),
    },
    Rule {
        id: "free-on-disbursement",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.application",
        other_value: "ON_DISBURSEMENT",
        reason: "there is no interest to apply",
        applies: |p| free(p) && p.interest.application == InterestApplication::OnDisbursement,
    },
    Rule {
        id: "free-investors",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "securities.investors",
        other_value: "given",
        reason: "investors share interest, and there is none",
        applies: |p| free(p) && p.securities.investors.is_some(),
    },
];
