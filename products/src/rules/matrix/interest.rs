//! Rates, tiers, indexes, and what becomes of interest.

use ledger::posting_rules::AccountingMethod;
use lending_core::{
    loan::{OverdueInterest, Rest},
    schedule::ChargeFrequency,
};

use super::has::{capitalised, indexed, method, revolving, stated_rate};
use super::{Rule, tiered_rate};
use crate::LoanProduct;
use crate::product::{
    InterestApplication, InterestKind, LoanKind, PricingSettings, PrincipalSettings,
};

/// Rates, tiers, indexes, and what becomes of interest.
pub(super) const RULES: &[Rule<LoanProduct>] = &[
    Rule {
        id: "indexed-fixed-term",
        setting: "interest.pricing",
        value: "INDEXED",
        other: "kind",
        other_value: "FIXED_TERM",
        reason: "a fixed-term loan knows all of its interest at disbursement, an index changes",
        applies: |p| indexed(p) && matches!(p.kind, LoanKind::FixedTerm),
    },
    Rule {
        id: "capitalised-cash",
        setting: "interest.kind",
        value: "CAPITALISED",
        other: "accounting.method",
        other_value: "CASH",
        reason: "interest that joins the principal is income before any cash comes in",
        applies: |p| capitalised(p) && method(p) == AccountingMethod::Cash,
    },
    Rule {
        id: "capitalised-on-disbursement",
        setting: "interest.kind",
        value: "CAPITALISED",
        other: "interest.application",
        other_value: "ON_DISBURSEMENT",
        reason: "interest cannot join the principal before it is earned",
        applies: |p| {
            capitalised(p) && p.interest.application == InterestApplication::OnDisbursement
        },
    },
    Rule {
        id: "capitalised-unpaid-interest",
        setting: "interest.kind",
        value: "CAPITALISED",
        other: "interest.on_unpaid_interest",
        other_value: "true",
        reason: "capitalised interest is principal, and charged with interest as such",
        applies: |p| capitalised(p) && p.interest.on_unpaid_interest,
    },
    Rule {
        id: "compound-whole-term",
        setting: "interest.kind",
        value: "COMPOUND",
        other: "interest.per",
        other_value: "WHOLE_TERM",
        reason: "an effective rate needs a length of time",
        applies: |p| p.interest.kind == InterestKind::Compound && whole_term(p),
    },
    Rule {
        id: "unpaid-interest-fixed-term",
        setting: "interest.on_unpaid_interest",
        value: "true",
        other: "kind",
        other_value: "FIXED_TERM",
        reason: "a fixed-term loan knows all of its interest at disbursement",
        applies: |p| p.interest.on_unpaid_interest && matches!(p.kind, LoanKind::FixedTerm),
    },
    Rule {
        id: "rest-fixed-term",
        setting: "interest.rest",
        value: "due_dates",
        other: "kind",
        other_value: "FIXED_TERM or INTEREST_FREE",
        reason: "no payment changes the interest of a loan whose interest is known in advance",
        applies: |p| p.interest.rest != Rest::default() && !p.follows_balance(),
    },
    Rule {
        id: "overdue-fixed-term",
        setting: "interest.overdue",
        value: "every_day or by_transaction",
        other: "kind",
        other_value: "FIXED_TERM or INTEREST_FREE",
        reason: "overdue principal bears no interest where interest is known in advance",
        applies: |p| p.interest.overdue != OverdueInterest::default() && !p.follows_balance(),
    },
    Rule {
        id: "unpaid-interest-principal",
        setting: "interest.on_unpaid_interest",
        value: "true",
        other: "schedule.principal",
        other_value: "any but EQUAL_INSTALMENTS",
        reason: "only equal instalments keep their total while interest grows",
        applies: |p| {
            p.interest.on_unpaid_interest
                && !matches!(
                    p.schedule.principal,
                    PrincipalSettings::EqualInstalments { .. }
                )
        },
    },
    Rule {
        id: "whole-term-dynamic",
        setting: "interest.per",
        value: "WHOLE_TERM",
        other: "kind",
        other_value: "DYNAMIC_TERM, TRANCHED or REVOLVING",
        reason: "a rate for the whole term has no rate for a day",
        applies: |p| whole_term(p) && p.follows_balance(),
    },
    Rule {
        id: "on-disbursement-dynamic",
        setting: "interest.application",
        value: "ON_DISBURSEMENT",
        other: "kind",
        other_value: "DYNAMIC_TERM, TRANCHED or REVOLVING",
        reason: "interest that follows the balance is not known at disbursement",
        applies: |p| {
            p.interest.application == InterestApplication::OnDisbursement && p.follows_balance()
        },
    },
    tiered_rate(|p| tiered(p) && stated_rate(p)),
    Rule {
        id: "tiers-reach",
        setting: "interest.pricing",
        value: "TIERED_BY_INSTALMENT",
        other: "instalments.max",
        other_value: "more than the last tier, or open",
        reason: "every instalment needs a rate",
        applies: |p| tiers_short(p),
    },
];

fn tiered(p: &LoanProduct) -> bool {
    !indexed(p) && !matches!(p.interest.pricing, PricingSettings::Fixed)
}

fn whole_term(p: &LoanProduct) -> bool {
    p.interest.per == ChargeFrequency::WholeTerm
}

fn tiers_short(p: &LoanProduct) -> bool {
    let PricingSettings::TieredByInstalment { tiers } = &p.interest.pricing else {
        return false;
    };
    if revolving(p) {
        return false;
    }
    let last = tiers.last().map_or(0, |tier| tier.up_to);
    p.instalments.max.is_none_or(|max| max > last)
}
