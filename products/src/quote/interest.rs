//! The interest of a contract.

use alloc::vec::Vec;

use chrono::Days;
use lending_core::{
    loan::IndexTerms,
    schedule::{
        IndexValue, InterestGrowth, InterestMethod as CoreMethod, InterestTerms, Pricing, Rate,
        RateChange,
    },
};
use rust_decimal::Decimal;

use super::{QuoteContext, QuoteRequest, findings::Findings};
use crate::{
    LoanProduct, ViolationKind as Kind,
    product::{
        DayTier, InterestKind, InterestMethod, LoanKind, PricingSettings, PrincipalSettings,
    },
};

/// The rate of a contract and how it changes.
struct Rates {
    percent: Decimal,
    pricing: Pricing,
    changes: Vec<RateChange>,
    index: Option<IndexTerms>,
}

impl Rates {
    const fn of(percent: Decimal, pricing: Pricing) -> Self {
        Self {
            percent,
            pricing,
            changes: Vec::new(),
            index: None,
        }
    }
}

impl LoanProduct {
    /// The interest of the schedule, and the index that the account follows.
    pub(super) fn interest_terms(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<(InterestTerms, Option<IndexTerms>)> {
        let settings = &self.interest;
        let free = matches!(self.kind, LoanKind::InterestFree);
        let plan = matches!(self.schedule.principal, PrincipalSettings::PaymentPlan);
        let tiered = !matches!(
            settings.pricing,
            PricingSettings::Fixed | PricingSettings::Indexed { .. }
        );
        let agreed = if free || plan || tiered {
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
        let rates = self.rates(agreed, request, context, found)?;
        let interest = InterestTerms {
            method,
            rate: Rate {
                percent: rates.percent,
                per: settings.per,
            },
            pricing: rates.pricing,
            growth: match settings.kind {
                InterestKind::Compound => InterestGrowth::Compound,
                InterestKind::Simple | InterestKind::Capitalised => InterestGrowth::Simple,
            },
            day_count: settings.day_count,
            days: settings.days,
            odd_first_period: settings.odd_first_period,
            changes: rates.changes,
            ..InterestTerms::default()
        };
        Some((interest, rates.index))
    }

    /// The rate at disbursement, and what changes it: days that pass, or an index.
    fn rates(
        &self,
        agreed: Decimal,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<Rates> {
        match &self.interest.pricing {
            PricingSettings::TieredByDays { tiers } => self.by_days(tiers, request, found),
            PricingSettings::Indexed {
                review,
                floor,
                ceiling,
                ..
            } => {
                let pricing = found.pricing(&self.interest.pricing, context)?;
                let Pricing::Indexed { index: values, .. } = pricing else {
                    return None;
                };
                let terms = IndexTerms {
                    spread: agreed,
                    floor: *floor,
                    ceiling: *ceiling,
                    review_every: *review,
                };
                let percent = first_rate(&terms, &values, request, found)?;
                Some(Rates {
                    index: Some(terms),
                    ..Rates::of(percent, Pricing::Fixed)
                })
            }
            pricing => Some(Rates::of(agreed, found.pricing(pricing, context)?)),
        }
    }

    /// The first tier's rate, and a change on the day after the end of each tier.
    fn by_days(
        &self,
        tiers: &[DayTier],
        request: &QuoteRequest,
        found: &mut Findings,
    ) -> Option<Rates> {
        let per = self.interest.per;
        let mut changes = Vec::with_capacity(tiers.len());
        for pair in tiers.windows(2) {
            let [before, tier] = pair else { continue };
            let days = Days::new(before.up_to?.into());
            let Some(from) = request.disbursement.checked_add_days(days) else {
                let allowed = "a day that is followed by every tier of the rate";
                found.add(Kind::Date, "disbursement", request.disbursement, allowed);
                return None;
            };
            let percent = tier.percent;
            let rate = Rate { percent, per };
            changes.push(RateChange { from, rate });
        }
        let first = tiers.first().map_or(Decimal::ZERO, |tier| tier.percent);
        Some(Rates {
            changes,
            ..Rates::of(first, Pricing::Fixed)
        })
    }
}

/// Index and spread on the day of disbursement, between floor and ceiling.
fn first_rate(
    terms: &IndexTerms,
    values: &[IndexValue],
    request: &QuoteRequest,
    found: &mut Findings,
) -> Option<Decimal> {
    let day = request.disbursement;
    let held = values.iter().filter(|value| value.from <= day);
    let Some(held) = held.max_by_key(|value| value.from) else {
        let allowed = alloc::format!("a value of the index on {day}");
        found.add(Kind::Context, "context.indexes", "later values", allowed);
        return None;
    };
    let rate = terms.rate(held.percent);
    if rate.is_err() {
        let allowed = "an index and a spread of at most 28 digits together";
        found.add(Kind::OutOfRange, "rate", terms.spread, allowed);
    }
    rate.ok()
}
