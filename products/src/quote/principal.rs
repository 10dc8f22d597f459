//! How a contract repays its principal.

use alloc::format;

use lending_core::schedule::{Amortization, Balloon, Grace};
use rust_decimal::Decimal;

use super::{QuoteRequest, findings::Findings};
use crate::{
    LoanProduct, ViolationKind as Kind,
    product::{GraceKind, PrincipalSettings},
};

impl LoanProduct {
    pub(super) fn grace_terms(
        &self,
        request: &QuoteRequest,
        instalments: Option<u32>,
        found: &mut Findings,
    ) -> Option<Grace> {
        let settings = &self.schedule.grace;
        if settings.kind == GraceKind::None {
            found.unused(
                "grace",
                request.grace.filter(|n| *n > 0),
                "none: the product has no grace",
            );
            return Some(Grace::default());
        }
        let given = request.grace.or(settings.instalments.default).or(Some(0));
        let count = found.take("grace", &settings.instalments, given)?;
        let most = match settings.kind {
            GraceKind::InterestFree => instalments?,
            _ => instalments?.saturating_sub(1),
        };
        if count > most {
            found.add(
                Kind::OutOfRange,
                "grace",
                count,
                format!("at most {most} of {} instalments", instalments?),
            );
            return None;
        }
        let deferred = settings.deferred;
        Some(match settings.kind {
            GraceKind::None => Grace::default(),
            GraceKind::InterestOnly => Grace {
                principal: count,
                ..Grace::default()
            },
            GraceKind::Pure => Grace {
                principal: count,
                interest_deferred: count,
                deferred,
                interest_free: 0,
            },
            GraceKind::InterestFree => Grace {
                interest_free: count,
                ..Grace::default()
            },
        })
    }

    pub(super) fn amortization(
        &self,
        request: &QuoteRequest,
        instalments: Option<u32>,
        found: &mut Findings,
    ) -> Option<Amortization> {
        let settings = &self.schedule.principal;
        if !matches!(settings, PrincipalSettings::Balloon { .. }) {
            found.unused(
                "balloon_percent",
                request.balloon_percent,
                "none: the product has no balloon",
            );
        }
        if !matches!(settings, PrincipalSettings::LongerTerm { .. }) {
            found.unused(
                "longer_term",
                request.longer_term,
                "none: the product has no longer term",
            );
        }
        let plan = matches!(settings, PrincipalSettings::PaymentPlan);
        if plan == request.payment_plan.is_empty() {
            let allowed = if plan {
                "at least one tier"
            } else {
                "none: the product has no payment plan"
            };
            let kind = if plan {
                Kind::Required
            } else {
                Kind::NotOffered
            };
            found.add(
                kind,
                "payment_plan",
                format!("{} tiers", request.payment_plan.len()),
                allowed,
            );
            return None;
        }
        Some(match settings {
            PrincipalSettings::EqualInstalments { formula, equalise } => {
                Amortization::EqualInstalments {
                    formula: *formula,
                    equalise: *equalise,
                    amount: None,
                }
            }
            PrincipalSettings::EqualPrincipal { every } => {
                Amortization::EqualPrincipal { every: *every }
            }
            PrincipalSettings::PrincipalPercent { percent } => {
                Amortization::PrincipalPercent { percent: *percent }
            }
            PrincipalSettings::Bullet => Amortization::Bullet,
            PrincipalSettings::Balloon { percent } => {
                let percent = found.take("balloon_percent", percent, request.balloon_percent)?;
                let amount = self.balloon(request, percent, found)?;
                Amortization::Balloon(Balloon::Principal { amount })
            }
            PrincipalSettings::LongerTerm { instalments: range } => {
                let longer = found.take("longer_term", range, request.longer_term)?;
                if longer < instalments? {
                    let allowed = format!("at least the {} instalments of the loan", instalments?);
                    found.add(Kind::OutOfRange, "longer_term", longer, allowed);
                    return None;
                }
                Amortization::Balloon(Balloon::LongerTerm {
                    instalments: longer,
                })
            }
            PrincipalSettings::Graded {
                every,
                change_percent,
            } => Amortization::GradedInstalments {
                every: *every,
                change_percent: *change_percent,
            },
            PrincipalSettings::PaymentPlan => Amortization::PaymentPlan {
                tiers: request.payment_plan.clone(),
            },
        })
    }

    /// The balloon in whole minor units of the amount's own precision.
    pub(super) fn balloon(
        &self,
        request: &QuoteRequest,
        percent: Decimal,
        found: &mut Findings,
    ) -> Option<Decimal> {
        let amount = self.amount.resolve(request.amount).ok()?;
        let share = amount
            .checked_mul(percent)
            .and_then(|x| x.checked_div(Decimal::ONE_HUNDRED));
        if share.is_none() {
            found.add(
                Kind::OutOfRange,
                "balloon_percent",
                percent,
                "a share of at most 28 digits",
            );
        }
        let decimals = self.minor().into();
        Some(self.schedule.rounding.mode.round(share?, decimals))
    }
}
