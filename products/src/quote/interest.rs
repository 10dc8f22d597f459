//! The interest of a contract.

use lending_core::schedule::{InterestGrowth, InterestMethod as CoreMethod, InterestTerms, Rate};
use rust_decimal::Decimal;

use super::{QuoteContext, QuoteRequest, findings::Findings};
use crate::{
    LoanProduct,
    product::{InterestKind, InterestMethod, LoanKind, PricingSettings, PrincipalSettings},
};

impl LoanProduct {
    pub(super) fn interest_terms(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<InterestTerms> {
        let settings = &self.interest;
        let free = matches!(self.kind, LoanKind::InterestFree);
        let plan = matches!(self.schedule.principal, PrincipalSettings::PaymentPlan);
        let tiered = !matches!(
            settings.pricing,
            PricingSettings::Fixed | PricingSettings::Indexed { .. }
        );
        let percent = if free || plan || tiered {
            found.unused(
                "rate",
                request.rate,
                "none: the product's rate cannot be agreed",
            );
            Decimal::ZERO
        } else {
            found.take("rate", &settings.rate, request.rate)?
        };
        let method = match (free, settings.method) {
            (true, _) => CoreMethod::Free,
            (false, InterestMethod::Declining) => CoreMethod::Declining,
            (false, InterestMethod::Flat) => CoreMethod::Flat,
        };
        Some(InterestTerms {
            method,
            rate: Rate {
                percent,
                per: settings.per,
            },
            pricing: found.pricing("interest.pricing", &self.interest.pricing, context)?,
            growth: match settings.kind {
                InterestKind::Compound => InterestGrowth::Compound,
                InterestKind::Simple | InterestKind::Capitalised => InterestGrowth::Simple,
            },
            day_count: settings.day_count,
            days: settings.days,
            ..InterestTerms::default()
        })
    }
}
