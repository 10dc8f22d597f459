//! What a product has, as several rules ask it.

use ledger::posting_rules::AccountingMethod;

use crate::LoanProduct;
use crate::product::{InterestKind, InterestMethod, LoanKind, PricingSettings, PrincipalSettings};

pub(super) fn flat(p: &LoanProduct) -> bool {
    p.interest.method == InterestMethod::Flat
}

pub(super) fn free(p: &LoanProduct) -> bool {
    matches!(p.kind, LoanKind::InterestFree)
}

pub(super) fn tranched(p: &LoanProduct) -> bool {
    matches!(p.kind, LoanKind::Tranched { .. })
}

pub(super) fn revolving(p: &LoanProduct) -> bool {
    matches!(p.kind, LoanKind::Revolving(_))
}

pub(super) fn indexed(p: &LoanProduct) -> bool {
    matches!(p.interest.pricing, PricingSettings::Indexed { .. })
}

pub(super) fn capitalised(p: &LoanProduct) -> bool {
    p.interest.kind == InterestKind::Capitalised
}

pub(super) fn method(p: &LoanProduct) -> AccountingMethod {
    p.accounting.method()
}

pub(super) fn plan(p: &LoanProduct) -> bool {
    matches!(p.schedule.principal, PrincipalSettings::PaymentPlan)
}

pub(super) fn graded(p: &LoanProduct) -> bool {
    matches!(p.schedule.principal, PrincipalSettings::Graded { .. })
}

/// A rate other than zero.
pub(super) fn stated_rate(p: &LoanProduct) -> bool {
    let rate = &p.interest.rate;
    rate.corners().iter().any(|rate| !rate.is_zero())
}
