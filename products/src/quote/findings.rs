//! What quotes of every sort of product ask of a request and of its context.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Display;

use ledger::{BranchCode, Currency};
use lending_core::schedule::Pricing;
use rust_decimal::Decimal;

use super::QuoteContext;
use crate::{
    Availability, Range, Violation, ViolationKind as Kind,
    product::PricingSettings,
    range::{Bound, Unresolved},
};

/// Collects everything that is wrong while values are taken.
pub(crate) struct Findings(pub(crate) Vec<Violation>);

impl Findings {
    pub(crate) fn add(
        &mut self,
        kind: Kind,
        field: &'static str,
        given: impl ToString,
        allowed: impl ToString,
    ) {
        self.0.push(Violation::new(kind, field, given, allowed));
    }

    /// The value given or the default, `None` with a finding.
    pub(crate) fn take<T: Bound + Display>(
        &mut self,
        field: &'static str,
        range: &Range<T>,
        given: Option<T>,
    ) -> Option<T> {
        match range.resolve(given) {
            Ok(value) => Some(value),
            Err(Unresolved::Outside(value)) => {
                self.add(Kind::OutOfRange, field, value, range);
                None
            }
            Err(Unresolved::Missing) => {
                self.add(Kind::Required, field, "nothing", range);
                None
            }
        }
    }

    /// A value that the product has no use for must not be given.
    pub(crate) fn unused<T: Display>(
        &mut self,
        field: &'static str,
        given: Option<T>,
        allowed: &'static str,
    ) {
        if let Some(given) = given {
            self.add(Kind::NotOffered, field, given, allowed);
        }
    }
}

impl Findings {
    /// An amount in range, above zero and in whole minor units.
    pub(crate) fn amount(
        &mut self,
        field: &'static str,
        range: &Range<Decimal>,
        given: Option<Decimal>,
        currency: Currency,
    ) -> Option<Decimal> {
        let amount = self.take(field, range, given)?;
        let decimals = u32::from(currency.minor_units());
        if amount < Decimal::ZERO {
            self.add(Kind::OutOfRange, field, amount, "zero or more");
            return None;
        }
        if amount.normalize().scale() > decimals {
            let allowed = format!("{decimals} decimals of {currency}");
            self.add(Kind::Precision, field, amount, allowed);
            return None;
        }
        Some(amount)
    }

    /// Whether a product is sold there, to them, in that currency.
    pub(crate) fn available(
        &mut self,
        available: &Availability,
        currencies: &BTreeSet<Currency>,
        context: &QuoteContext<'_>,
    ) {
        let join = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join(", ");
        if !currencies.contains(&context.currency) {
            let allowed = join(&mut currencies.iter().map(Currency::code));
            let given = context.currency;
            self.add(Kind::Currency, "context.currency", given, allowed);
        }
        if !available.holders.contains(&context.holder) {
            let allowed = join(&mut available.holders.iter().map(|holder| holder.as_str()));
            let given = context.holder.as_str();
            self.add(Kind::Holder, "context.holder", given, allowed);
        }
        if let Some(branches) = &available.branches
            && !context
                .branch
                .is_some_and(|branch| branches.contains(&branch))
        {
            let given = context
                .branch
                .as_ref()
                .map_or("nothing", BranchCode::as_str);
            let allowed = join(&mut branches.iter().map(BranchCode::as_str));
            self.add(Kind::Branch, "context.branch", given, allowed);
        }
        let named = [
            (
                Kind::ClientType,
                "context.client_type",
                &available.client_types,
                context.client_type,
            ),
            (Kind::Tier, "context.tier", &available.tiers, context.tier),
        ];
        for (kind, field, allowed, given) in named {
            if let Some(allowed) = allowed
                && !given.is_some_and(|given| allowed.contains(given))
            {
                let names = join(&mut allowed.iter().map(String::as_str));
                self.add(kind, field, given.unwrap_or("nothing"), names);
            }
        }
    }

    /// How a contract finds its rate. Tiers by days have a place of their own in a contract.
    pub(crate) fn pricing(
        &mut self,
        settings: &PricingSettings,
        context: &QuoteContext<'_>,
    ) -> Option<Pricing> {
        Some(match settings {
            PricingSettings::Fixed => Pricing::Fixed,
            PricingSettings::TieredByBalance { tiers, part } => Pricing::TieredByBalance {
                tiers: tiers.clone(),
                part: *part,
            },
            PricingSettings::TieredByInstalment { tiers } => Pricing::TieredByInstalment {
                tiers: tiers.clone(),
            },
            // Kept elsewhere in the contract.
            PricingSettings::TieredByDays { .. } => Pricing::Fixed,
            PricingSettings::Indexed {
                index,
                review,
                floor,
                ceiling,
            } => {
                let Some(values) = context.indexes.and_then(|indexes| indexes.get(index)) else {
                    let allowed = format!("the values of index {index:?} in the context");
                    self.add(Kind::Context, "context.indexes", "nothing", allowed);
                    return None;
                };
                Pricing::Indexed {
                    index: values.clone(),
                    review: *review,
                    floor: *floor,
                    ceiling: *ceiling,
                }
            }
        })
    }

    /// The rate of a tax, stated or from its source.
    pub(crate) fn tax(
        &mut self,
        percent: Option<Decimal>,
        source: Option<&str>,
        context: &QuoteContext<'_>,
    ) -> Option<Decimal> {
        let Some(source) = source else {
            return Some(percent.unwrap_or_default());
        };
        let rates = context.tax_rates;
        let rate = rates.and_then(|rates| rates.get(source)).copied();
        if rate.is_none() {
            let allowed = format!("the rate of tax source {source:?} in the context");
            self.add(Kind::Context, "context.tax_rates", "nothing", allowed);
        }
        rate
    }
}
