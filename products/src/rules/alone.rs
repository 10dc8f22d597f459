//! Each setting by itself.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};

use lending_core::{
    dates::DueDateRule,
    schedule::{ElementRounding, MAX_INSTALMENTS, ScheduleTerms},
};
use rust_decimal::Decimal;

use crate::{
    LoanProduct, Range, Violation, ViolationKind as Kind,
    product::{
        FeeAmount, LoanKind, PricingSettings, PrincipalSettings, RevolvingPrincipal,
        RevolvingSettings, ToleranceMethod,
    },
    range::Bound,
};

pub(super) fn check(product: &LoanProduct, found: &mut Vec<Violation>) {
    let mut check = Check(found);
    check.identity(product);
    check.ranges(product);
    check.kind(product);
    check.pricing(product);
    check.schedule(product);
    check.charges(product);
    check.fees(product);
    check.rest(product);
}

struct Check<'a>(&'a mut Vec<Violation>);

/// Percentages beyond this are slips of the pen: 1000 % a day would be one.
const LARGEST_PERCENT: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

impl Check<'_> {
    fn add(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        given: impl ToString,
        allowed: impl ToString,
    ) {
        self.0
            .push(Violation::new(Kind::Setting, field, given, allowed));
    }

    /// Least, default and most in order and between two ends.
    fn range<T: Bound>(&mut self, field: &'static str, range: &Range<T>, low: T, high: T) {
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

    fn percent(&mut self, field: impl Into<Cow<'static, str>>, value: Decimal, high: Decimal) {
        if value < Decimal::ZERO || value > high {
            self.add(field, value, format!("0 to {high}"));
        }
    }

    fn identity(&mut self, product: &LoanProduct) {
        if product.name.trim().is_empty() {
            self.add("name", format!("{:?}", product.name), "a name");
        }
        if product.currencies.is_empty() {
            self.add("currencies", "none", "at least one");
        }
        let available = &product.availability;
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

    fn ranges(&mut self, product: &LoanProduct) {
        let largest = Decimal::from(10_000_000_000_000_000_u64);
        let tiny = product
            .currencies
            .iter()
            .map(ledger::Currency::minor_units)
            .min()
            .unwrap_or(0);
        let smallest = Decimal::new(1, u32::from(tiny));
        self.range("amount", &product.amount, smallest, largest);
        for (end, amount) in [
            ("min", product.amount.min),
            ("default", product.amount.default),
            ("max", product.amount.max),
        ] {
            if let Some(amount) = amount
                && amount.normalize().scale() > u32::from(tiny)
            {
                self.add(format!("amount.{end}"), amount, format!("{tiny} decimals"));
            }
        }
        self.range("instalments", &product.instalments, 1, MAX_INSTALMENTS);
        let low = match product.interest.pricing {
            PricingSettings::Indexed { .. } => -Decimal::ONE_HUNDRED,
            _ => Decimal::ZERO,
        };
        self.range(
            "interest.rate",
            &product.interest.rate,
            low,
            LARGEST_PERCENT,
        );
        let offset = &product.schedule.first_due_offset;
        self.range("schedule.first_due_offset", offset, -366, 3660);
        let grace = &product.schedule.grace.instalments;
        self.range("schedule.grace.instalments", grace, 0, MAX_INSTALMENTS);
        self.range(
            "arrears.tolerance_days",
            &product.arrears.tolerance_days,
            0,
            u16::MAX,
        );
        if let Some(penalty) = &product.penalty {
            self.range(
                "penalty.daily_rate",
                &penalty.daily_rate,
                Decimal::ZERO,
                Decimal::ONE_HUNDRED,
            );
        }
    }

    fn kind(&mut self, product: &LoanProduct) {
        match &product.kind {
            LoanKind::Tranched { max_tranches: 0 } => {
                self.add("kind.TRANCHED.max_tranches", 0, "1 or more");
            }
            LoanKind::Revolving(settings) => self.revolving(settings),
            _ => {}
        }
    }

    fn revolving(&mut self, settings: &RevolvingSettings) {
        if let Some(day) = settings.statement_day
            && !(1..=31).contains(&day)
        {
            self.add("kind.REVOLVING.statement_day", day, "1 to 31");
        }
        match &settings.principal_due {
            RevolvingPrincipal::Flat { amount } if *amount <= Decimal::ZERO => {
                self.add("kind.REVOLVING.principal_due", amount, "above zero");
            }
            RevolvingPrincipal::OutstandingPrincipalPercent { percent }
            | RevolvingPrincipal::TotalBalancePercent { percent } => {
                let field = "kind.REVOLVING.principal_due";
                self.range(field, percent, Decimal::ZERO, Decimal::ONE_HUNDRED);
            }
            RevolvingPrincipal::Flat { .. } => {}
        }
        if let (Some(floor), Some(ceiling)) = (settings.floor, settings.ceiling)
            && floor > ceiling
        {
            self.add(
                "kind.REVOLVING.floor",
                floor,
                format!("at most the ceiling {ceiling}"),
            );
        }
        for (field, value) in [
            ("kind.REVOLVING.floor", settings.floor),
            ("kind.REVOLVING.ceiling", settings.ceiling),
        ] {
            if value.is_some_and(|value| value < Decimal::ZERO) {
                self.add(field, value.unwrap_or_default(), "zero or more");
            }
        }
    }

    /// Tiers and index settings, by the contract's own check with an index of zero.
    fn pricing(&mut self, product: &LoanProduct) {
        let interest = &product.interest;
        match &interest.pricing {
            PricingSettings::Indexed {
                index,
                floor,
                ceiling,
                review,
            } => {
                if index.trim().is_empty() {
                    self.add(
                        "interest.pricing.INDEXED.index",
                        format!("{index:?}"),
                        "a name",
                    );
                }
                if review.is_empty() {
                    self.add("interest.pricing.INDEXED.review", review, "1 or more");
                }
                if let (Some(floor), Some(ceiling)) = (floor, ceiling)
                    && floor > ceiling
                {
                    let allowed = format!("at most the ceiling {ceiling}");
                    self.add("interest.pricing.INDEXED.floor", floor, allowed);
                }
            }
            PricingSettings::TieredByDays { tiers } => {
                let mut last = 0;
                for (at, tier) in tiers.iter().enumerate() {
                    let is_last = at.saturating_add(1) == tiers.len();
                    let rises = tier.up_to.is_none_or(|day| day > last);
                    if tier.up_to.is_none() != is_last || !rises {
                        let field = format!("interest.pricing.TIERED_BY_DAYS.tiers[{at}].up_to");
                        let given = format!("{:?} after {last}", tier.up_to);
                        self.add(field, given, "rising days, none for the last");
                    }
                    last = tier.up_to.unwrap_or(last);
                    let field = format!("interest.pricing.TIERED_BY_DAYS.tiers[{at}].percent");
                    self.percent(field, tier.percent, LARGEST_PERCENT);
                }
                if tiers.is_empty() {
                    self.add(
                        "interest.pricing.TIERED_BY_DAYS.tiers",
                        "none",
                        "at least one",
                    );
                }
            }
            PricingSettings::TieredByBalance { tiers, .. } => {
                for (at, tier) in tiers.iter().enumerate() {
                    let field = format!("interest.pricing.TIERED_BY_BALANCE.tiers[{at}].percent");
                    self.percent(field, tier.percent, LARGEST_PERCENT);
                }
            }
            PricingSettings::TieredByInstalment { tiers } => {
                for (at, tier) in tiers.iter().enumerate() {
                    let field =
                        format!("interest.pricing.TIERED_BY_INSTALMENT.tiers[{at}].percent");
                    self.percent(field, tier.percent, LARGEST_PERCENT);
                }
            }
            PricingSettings::Fixed => {}
        }
        if matches!(
            interest.per,
            lending_core::schedule::ChargeFrequency::Days(0)
        ) {
            self.add("interest.per", "0 days", "1 day or more");
        }
        if let Some(percent) = interest.offset_percent {
            self.percent("interest.offset_percent", percent, Decimal::ONE_HUNDRED);
        }
    }

    fn schedule(&mut self, product: &LoanProduct) {
        let settings = &product.schedule;
        if matches!(settings.due_dates, DueDateRule::Explicit { .. }) {
            let allowed = "a rule: explicit dates belong to one contract";
            self.add("schedule.due_dates", "explicit dates", allowed);
        } else if let Err(error) = settings.due_dates.validate() {
            self.add(
                "schedule.due_dates",
                error,
                "a rule that reaches a next date",
            );
        }
        let full = Decimal::ONE_HUNDRED;
        match &settings.principal {
            PrincipalSettings::EqualPrincipal { every: 0 } => {
                self.add("schedule.principal.EQUAL_PRINCIPAL.every", 0, "1 or more");
            }
            PrincipalSettings::PrincipalPercent { percent }
                if *percent <= Decimal::ZERO || *percent > full =>
            {
                self.add(
                    "schedule.principal.PRINCIPAL_PERCENT.percent",
                    percent,
                    "above 0 up to 100",
                );
            }
            PrincipalSettings::Balloon { percent } => {
                self.range(
                    "schedule.principal.BALLOON.percent",
                    percent,
                    Decimal::ZERO,
                    full,
                );
            }
            PrincipalSettings::LongerTerm { instalments } => {
                self.range(
                    "schedule.principal.LONGER_TERM.instalments",
                    instalments,
                    1,
                    MAX_INSTALMENTS,
                );
            }
            _ => {}
        }
        if let Some(percent) = settings.down_payment_percent
            && (percent <= Decimal::ZERO || percent >= full)
        {
            self.add(
                "schedule.down_payment_percent",
                percent,
                "above 0 and below 100",
            );
        }
        self.rounding(product);
    }

    fn rounding(&mut self, product: &LoanProduct) {
        let rounding = &product.schedule.rounding;
        let probe = ScheduleTerms {
            rounding: *rounding,
            ..ScheduleTerms::new(
                1,
                lending_core::dates::Period::Months(1),
                lending_core::schedule::Rate::default(),
            )
        };
        if let Err(error) = probe.validate() {
            self.add("schedule.rounding", error, "a rule that holds together");
        }
        let minor = product
            .currencies
            .iter()
            .map(ledger::Currency::minor_units)
            .min()
            .unwrap_or(0);
        if let Some(decimals) = rounding.decimals
            && decimals > minor
            && rounding.elements != ElementRounding::Unrounded
        {
            let allowed = format!("at most {minor}, the decimals of the currency");
            self.add("schedule.rounding.decimals", decimals, allowed);
        }
        let decimals = u32::from(rounding.decimals.unwrap_or(minor).min(minor));
        if let Some(multiple) = rounding.multiple
            && multiple.of.normalize().scale() > decimals
        {
            let allowed = format!("at most {decimals} decimals");
            self.add("schedule.rounding.multiple.of", multiple.of, allowed);
        }
    }

    fn charges(&mut self, product: &LoanProduct) {
        let taxes = &product.taxes;
        if let Some(percent) = taxes.percent {
            self.percent("taxes.percent", percent, Decimal::ONE_HUNDRED);
        }
        let stated = taxes.percent.is_some() || taxes.source.is_some();
        if taxes.is_taxed() && !stated {
            self.add(
                "taxes.percent",
                "none",
                "a rate or a source, as something is taxed",
            );
        }
        if taxes.percent.is_some() && taxes.source.is_some() {
            self.add(
                "taxes.percent",
                "given beside a source",
                "a rate or a source, not both",
            );
        }
        if stated && !taxes.is_taxed() {
            self.add("taxes", "a rate", "something that is taxed");
        }
        if let Some(cap) = &product.cap
            && cap.percent <= Decimal::ZERO
        {
            self.add("cap.percent", cap.percent, "above zero");
        }
        let arrears = &product.arrears;
        self.percent(
            "arrears.tolerance_percent",
            arrears.tolerance_percent,
            Decimal::ONE_HUNDRED,
        );
        if arrears.tolerance_floor < Decimal::ZERO {
            self.add(
                "arrears.tolerance_floor",
                arrears.tolerance_floor,
                "zero or more",
            );
        }
        if let ToleranceMethod::DayOfNextMonth(day) = arrears.tolerance
            && !(1..=28).contains(&day)
        {
            self.add("arrears.tolerance", format!("day {day}"), "day 1 to 28");
        }
        if let Err(error) = product.payments.allocation.validate() {
            self.add("payments.allocation", error, "each element once");
        }
    }

    fn fees(&mut self, product: &LoanProduct) {
        let minor = product
            .currencies
            .iter()
            .map(ledger::Currency::minor_units)
            .min()
            .unwrap_or(0);
        for (at, fee) in product.fees.iter().enumerate() {
            let field = |name: &str| -> String { format!("fees[{at}]{name}") };
            if fee.name.trim().is_empty() {
                self.add(field(".name"), format!("{:?}", fee.name.as_str()), "a name");
            }
            if product
                .fees
                .iter()
                .take(at)
                .any(|other| other.name == fee.name)
            {
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
            if fee
                .amortisation
                .is_some_and(|amortisation| amortisation.intervals == Some(0))
            {
                self.add(field(".amortisation.intervals"), 0, "1 or more");
            }
        }
        self.deducted(product);
    }

    /// Fees kept back must leave something to pay out, at every amount in range.
    fn deducted(&mut self, product: &LoanProduct) {
        use crate::product::FeeWhen;
        let Some(least) = product.amount.least() else {
            return;
        };
        let mut deducted = product
            .fees
            .iter()
            .filter(|fee| fee.active && fee.when == FeeWhen::DeductedFromDisbursement);
        let total = deducted.try_fold(Decimal::ZERO, |sum, fee| {
            let part = match fee.amount {
                FeeAmount::Flat(amount) => Some(amount),
                FeeAmount::AmountPercent(percent) => least
                    .checked_mul(percent)?
                    .checked_div(Decimal::ONE_HUNDRED),
                _ => Some(Decimal::ZERO),
            };
            sum.checked_add(part?)
        });
        if total.is_none_or(|total| total >= least) {
            let given =
                total.map_or_else(|| "more than 28 digits".into(), |total| total.to_string());
            let allowed = format!("fees kept back below the least amount, {least}");
            self.add("fees", given, allowed);
        }
    }

    fn rest(&mut self, product: &LoanProduct) {
        let securities = &product.securities;
        if let Some(percent) = securities.required_percent {
            self.percent("securities.required_percent", percent, LARGEST_PERCENT);
        }
        if let Some(funds) = &securities.investors {
            let full = Decimal::ONE_HUNDRED;
            if let Some(percent) = funds.required_percent {
                self.percent("securities.investors.required_percent", percent, full);
            }
            let field = "securities.investors.lender_commission";
            self.range(
                field,
                &funds.lender_commission,
                Decimal::ZERO,
                LARGEST_PERCENT,
            );
            let field = "securities.investors.investor_commission";
            self.range(
                field,
                &funds.investor_commission,
                Decimal::ZERO,
                LARGEST_PERCENT,
            );
        }
        for (at, document) in product.accounts.documents.iter().enumerate() {
            if document.name.trim().is_empty() {
                self.add(format!("accounts.documents[{at}].name"), "\"\"", "a name");
            }
        }
    }
}
