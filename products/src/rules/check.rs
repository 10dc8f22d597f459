//! Checks of single settings that several sorts of products share.

use alloc::{
    borrow::Cow,
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use ledger::Currency;
use lending_core::dates::Period;
use rust_decimal::Decimal;

use crate::{
    Availability, Range, Violation, ViolationKind as Kind,
    product::{DocumentTemplate, FeeAmount, PredefinedFee, PricingSettings},
    range::Bound,
};

/// Collects what is wrong with single settings.
pub(crate) struct Check<'a>(pub(crate) &'a mut Vec<Violation>);

/// Percentages beyond this are slips of the pen: 1000 % a day would be one.
pub(crate) const LARGEST_PERCENT: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

/// Longer than ten years: no instalment and no review is that far away.
pub(crate) fn is_long(period: Period) -> bool {
    match (period.days(), period.months()) {
        (Some(days), _) => days > 3_660,
        (None, months) => months.is_none_or(|months| months > 120),
    }
}

/// 10^16: amounts beyond are slips of the pen.
pub(crate) const LARGEST_AMOUNT: Decimal =
    Decimal::from_parts(1_874_919_424, 2_328_306, 0, false, 0);

/// The decimals that amounts of every currency have.
pub(crate) fn minor_units(currencies: &BTreeSet<Currency>) -> u8 {
    let units = currencies.iter().map(Currency::minor_units);
    units.min().unwrap_or(0)
}

impl Check<'_> {
    pub(crate) fn add(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        given: impl ToString,
        allowed: impl ToString,
    ) {
        self.0
            .push(Violation::new(Kind::Setting, field, given, allowed));
    }

    /// Least, default and most in order and between two ends.
    pub(crate) fn range<T: Bound>(
        &mut self,
        field: &'static str,
        range: &Range<T>,
        low: T,
        high: T,
    ) {
        if !range.is_ordered() {
            let show = |value: Option<T>| value.map_or_else(|| "none".into(), |v| v.to_string());
            let (min, default, max) = (show(range.min), show(range.default), show(range.max));
            let given = format!("min {min}, default {default}, max {max}");
            let order = Violation::new(Kind::RangeOrder, field, given, "min <= default <= max");
            self.0.push(order);
        }
        for (end, value) in [
            ("min", range.min),
            ("default", range.default),
            ("max", range.max),
        ] {
            if let Some(value) = value
                && (value < low || value > high)
            {
                self.add(format!("{field}.{end}"), value, format!("{low} to {high}"));
            }
        }
    }

    pub(crate) fn percent(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        value: Decimal,
        high: Decimal,
    ) {
        if value < Decimal::ZERO || value > high {
            self.add(field, value, format!("0 to {high}"));
        }
    }

    pub(crate) fn identity(
        &mut self,
        name: &str,
        currencies: &BTreeSet<Currency>,
        available: &Availability,
    ) {
        if name.trim().is_empty() {
            self.add("name", format!("{name:?}"), "a name");
        }
        if currencies.is_empty() {
            self.add("currencies", "none", "at least one");
        }
        if available.holders.is_empty() {
            self.add(
                "availability.holders",
                "none",
                "at least one kind of holder",
            );
        }
        let empty = [
            (
                "availability.branches",
                available
                    .branches
                    .as_ref()
                    .is_some_and(|set| set.is_empty()),
            ),
            (
                "availability.client_types",
                available
                    .client_types
                    .as_ref()
                    .is_some_and(|set| set.is_empty()),
            ),
            (
                "availability.tiers",
                available.tiers.as_ref().is_some_and(|set| set.is_empty()),
            ),
        ];
        for (field, is_empty) in empty {
            if is_empty {
                self.add(field, "an empty list", "names, or null for all");
            }
        }
    }

    /// Amounts in order, between two ends, in whole minor units.
    pub(crate) fn amounts(
        &mut self,
        field: &'static str,
        range: &Range<Decimal>,
        minor: u32,
        low: Decimal,
        high: Decimal,
    ) {
        self.range(field, range, low, high);
        for (end, amount) in [
            ("min", range.min),
            ("default", range.default),
            ("max", range.max),
        ] {
            if let Some(amount) = amount
                && amount.normalize().scale() > minor
            {
                self.add(
                    format!("{field}.{end}"),
                    amount,
                    format!("{minor} decimals"),
                );
            }
        }
    }

    /// One amount, between two ends, in whole minor units.
    pub(crate) fn amount(
        &mut self,
        field: &'static str,
        amount: Decimal,
        minor: u32,
        low: Decimal,
    ) {
        if amount < low || amount > LARGEST_AMOUNT {
            self.add(field, amount, format!("{low} to {LARGEST_AMOUNT}"));
        }
        if amount.normalize().scale() > minor {
            self.add(field, amount, format!("{minor} decimals"));
        }
    }

    /// A rate, or the spread on an index.
    pub(crate) fn rate(
        &mut self,
        field: &'static str,
        rate: &Range<Decimal>,
        pricing: &PricingSettings,
    ) {
        let low = match pricing {
            PricingSettings::Indexed { .. } => -Decimal::ONE_HUNDRED,
            _ => Decimal::ZERO,
        };
        self.range(field, rate, low, LARGEST_PERCENT);
    }

    /// Tiers and index settings.
    #[allow(clippy::too_many_lines, reason = "one arm for each way to find a rate")]
    pub(crate) fn pricing(&mut self, field: &'static str, pricing: &PricingSettings) {
        match pricing {
            PricingSettings::Indexed {
                index,
                floor,
                ceiling,
                review,
            } => {
                if index.trim().is_empty() {
                    self.add(
                        format!("{field}.INDEXED.index"),
                        format!("{index:?}"),
                        "a name",
                    );
                }
                if review.is_empty() {
                    self.add(format!("{field}.INDEXED.review"), review, "1 or more");
                }
                if is_long(*review) {
                    let allowed = "at most ten years";
                    self.add(format!("{field}.INDEXED.review"), review, allowed);
                }
                if let (Some(floor), Some(ceiling)) = (floor, ceiling)
                    && floor > ceiling
                {
                    let allowed = format!("at most the ceiling {ceiling}");
                    self.add(format!("{field}.INDEXED.floor"), floor, allowed);
                }
            }
            PricingSettings::TieredByDays { tiers } => {
                let mut last = 0;
                for (at, tier) in tiers.iter().enumerate() {
                    let is_last = at.saturating_add(1) == tiers.len();
                    let rises = tier.up_to.is_none_or(|day| day > last);
                    if tier.up_to.is_none() != is_last || !rises {
                        let at_field = format!("{field}.TIERED_BY_DAYS.tiers[{at}].up_to");
                        let given = format!("{:?} after {last}", tier.up_to);
                        self.add(at_field, given, "rising days, none for the last");
                    }
                    last = tier.up_to.unwrap_or(last);
                    let at_field = format!("{field}.TIERED_BY_DAYS.tiers[{at}].percent");
                    self.percent(at_field, tier.percent, LARGEST_PERCENT);
                }
                if tiers.is_empty() {
                    self.add(
                        format!("{field}.TIERED_BY_DAYS.tiers"),
                        "none",
                        "at least one",
                    );
                }
            }
            PricingSettings::TieredByBalance { tiers, .. } => {
                let field = format!("{field}.TIERED_BY_BALANCE.tiers");
                let mut last = Decimal::ZERO;
                for (at, tier) in tiers.iter().enumerate() {
                    let is_last = at.saturating_add(1) == tiers.len();
                    let rises = tier.up_to.is_none_or(|amount| amount > last);
                    if tier.up_to.is_none() != is_last || !rises {
                        let given = format!("{:?} after {last}", tier.up_to);
                        let allowed = "rising amounts, none for the last";
                        self.add(format!("{field}[{at}].up_to"), given, allowed);
                    }
                    last = tier.up_to.unwrap_or(last);
                    let percent = format!("{field}[{at}].percent");
                    self.percent(percent, tier.percent, LARGEST_PERCENT);
                }
                if tiers.is_empty() {
                    self.add(field, "none", "at least one");
                }
            }
            PricingSettings::TieredByInstalment { tiers } => {
                let field = format!("{field}.TIERED_BY_INSTALMENT.tiers");
                let mut last = 0;
                for (at, tier) in tiers.iter().enumerate() {
                    if tier.up_to <= last {
                        let given = format!("{} after {last}", tier.up_to);
                        self.add(format!("{field}[{at}].up_to"), given, "rising instalments");
                    }
                    last = tier.up_to;
                    let percent = format!("{field}[{at}].percent");
                    self.percent(percent, tier.percent, LARGEST_PERCENT);
                }
                if tiers.is_empty() {
                    self.add(field, "none", "at least one");
                }
            }
            PricingSettings::Fixed => {}
        }
    }

    /// Names, amounts and amortisation of fees.
    pub(crate) fn fees(&mut self, fees: &[PredefinedFee], minor: u8) {
        for (at, fee) in fees.iter().enumerate() {
            let field = |name: &str| -> String { format!("fees[{at}]{name}") };
            if fee.name.trim().is_empty() {
                self.add(field(".name"), format!("{:?}", fee.name.as_str()), "a name");
            }
            if fees.iter().take(at).any(|other| other.name == fee.name) {
                self.add(
                    field(".name"),
                    format!("{:?} again", fee.name.as_str()),
                    "each name once",
                );
            }
            if let Some(number) = fee.amount.number()
                && number <= Decimal::ZERO
            {
                self.add(field(".amount"), number, "above zero");
            }
            if let FeeAmount::Flat(amount) | FeeAmount::FlatDivided(amount) = fee.amount
                && amount.normalize().scale() > u32::from(minor)
            {
                self.add(field(".amount"), amount, format!("{minor} decimals"));
            }
            if let FeeAmount::AmountPercent(percent)
            | FeeAmount::AmountPercentDivided(percent)
            | FeeAmount::InstalmentPrincipalPercent(percent)
            | FeeAmount::BalancePercent(percent) = fee.amount
                && percent > Decimal::ONE_HUNDRED
            {
                self.add(field(".amount"), percent, "above 0 up to 100");
            }
            if let Some(tax) = &fee.tax {
                if let Some(percent) = tax.percent {
                    self.percent(field(".tax.percent"), percent, Decimal::ONE_HUNDRED);
                }
                if tax.percent.is_some() == tax.source.is_some() {
                    let given = tax.percent.map_or("neither", |_| "both");
                    self.add(field(".tax"), given, "a rate or a source");
                }
            }
            if fee
                .amortisation
                .is_some_and(|amortisation| amortisation.intervals == Some(0))
            {
                self.add(field(".amortisation.intervals"), 0, "1 or more");
            }
        }
    }

    /// Documents have names.
    pub(crate) fn documents(&mut self, documents: &[DocumentTemplate]) {
        for (at, document) in documents.iter().enumerate() {
            if document.name.trim().is_empty() {
                self.add(format!("accounts.documents[{at}].name"), "\"\"", "a name");
            }
        }
    }
}
