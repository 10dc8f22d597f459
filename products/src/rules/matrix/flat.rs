//! Flat interest.

use lending_core::schedule::Equalise;

use super::Rule;
use super::has::{capitalised, flat, graded, indexed, plan, revolving, tranched};
use crate::LoanProduct;
use crate::product::{InterestKind, LoanKind, PricingSettings, PrincipalSettings};

/// Flat interest.
pub(super) const RULES: &[Rule<LoanProduct>] = &[
    Rule {
        id: "flat-dynamic",
        setting: "interest.method",
        value: "FLAT",
        other: "kind",
        other_value: "DYNAMIC_TERM",
        reason: "flat interest is charged on the original principal and cannot follow the balance",
        applies: |p| flat(p) && matches!(p.kind, LoanKind::DynamicTerm),
    },
    Rule {
        id: "flat-tranched",
        setting: "interest.method",
        value: "FLAT",
        other: "kind",
        other_value: "TRANCHED",
        reason: "the original principal is not known before the last tranche",
        applies: |p| flat(p) && tranched(p),
    },
    Rule {
        id: "flat-revolving",
        setting: "interest.method",
        value: "FLAT",
        other: "kind",
        other_value: "REVOLVING",
        reason: "a revolving balance has no original principal",
        applies: |p| flat(p) && revolving(p),
    },
    Rule {
        id: "flat-indexed",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.pricing",
        other_value: "INDEXED",
        reason: "flat interest is fixed at disbursement, an index is not",
        applies: |p| flat(p) && indexed(p),
    },
    Rule {
        id: "flat-tiered-by-balance",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.pricing",
        other_value: "TIERED_BY_BALANCE",
        reason: "flat interest does not look at the balance",
        applies: |p| {
            flat(p) && matches!(p.interest.pricing, PricingSettings::TieredByBalance { .. })
        },
    },
    Rule {
        id: "flat-compound",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.kind",
        other_value: "COMPOUND",
        reason: "flat interest is linear in time",
        applies: |p| flat(p) && p.interest.kind == InterestKind::Compound,
    },
    Rule {
        id: "flat-capitalised",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.kind",
        other_value: "CAPITALISED",
        reason: "interest that joins the principal would bear no interest under the flat method",
        applies: |p| flat(p) && capitalised(p),
    },
    Rule {
        id: "flat-balloon",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal",
        other_value: "BALLOON",
        reason: "a balloon is found with an annuity, which flat interest has none of",
        applies: |p| flat(p) && matches!(p.schedule.principal, PrincipalSettings::Balloon { .. }),
    },
    Rule {
        id: "flat-longer-term",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal",
        other_value: "LONGER_TERM",
        reason: "the instalments of a longer loan are found with an annuity, which flat interest has none of",
        applies: |p| {
            flat(p) && matches!(p.schedule.principal, PrincipalSettings::LongerTerm { .. })
        },
    },
    Rule {
        id: "flat-graded",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal",
        other_value: "GRADED",
        reason: "graded instalments are found with an annuity, which flat interest has none of",
        applies: |p| flat(p) && graded(p),
    },
    Rule {
        id: "flat-payment-plan",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal",
        other_value: "PAYMENT_PLAN",
        reason: "the rate of a payment plan is found on a declining balance",
        applies: |p| flat(p) && plan(p),
    },
    Rule {
        id: "flat-equalised",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal.EQUAL_INSTALMENTS.equalise",
        other_value: "ONE_CORRECTION or SMALLEST_AMOUNT",
        reason: "flat instalments are equal without it",
        applies: |p| flat(p) && equalised(p),
    },
    Rule {
        id: "flat-unpaid-interest",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.on_unpaid_interest",
        other_value: "true",
        reason: "flat interest is charged on the original principal only",
        applies: |p| flat(p) && p.interest.on_unpaid_interest,
    },
];

fn equalised(p: &LoanProduct) -> bool {
    matches!(
        p.schedule.principal,
        PrincipalSettings::EqualInstalments {
            equalise: Equalise::OneCorrection | Equalise::SmallestAmount,
            ..
        }
    )
}
