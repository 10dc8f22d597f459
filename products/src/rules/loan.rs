//! Each setting of a loan product by itself.

use alloc::{format, string::ToString, vec::Vec};

use ledger::posting_rules::PostingRules;
use lending_core::{
    dates::{DueDateRule, Period},
    loan::LoanTerms,
    schedule::{ChargeFrequency, ElementRounding, MAX_INSTALMENTS, Rate, ScheduleTerms, TaxKind},
};
use rust_decimal::Decimal;

use super::check::{Check, LARGEST_AMOUNT, LARGEST_PERCENT, is_long, minor_units};
use crate::{
    LoanProduct, Violation,
    product::{
        FeeAmount, LoanKind, PaymentDay, PredefinedFee, PrincipalSettings, RevolvingPrincipal,
        RevolvingSettings, TaxSettings, ToleranceMethod,
    },
};

impl LoanProduct {
    /// The decimals that amounts of every currency have.
    pub(crate) fn minor(&self) -> u8 {
        minor_units(&self.currencies)
    }

    /// An amount that stands in for an open range: well above the fees that are kept back of it.
    pub(crate) fn usual_amount(&self) -> Decimal {
        let kept = self.fees.iter().filter(|fee| fee.is_kept_back());
        let flat = kept.filter_map(|fee| match fee.amount {
            FeeAmount::Flat(amount) => Some(amount),
            _ => None,
        });
        let flat = flat.fold(Decimal::ZERO, Decimal::saturating_add);
        flat.saturating_mul(Decimal::TEN)
            .saturating_add(Decimal::ONE_THOUSAND)
    }
}

pub(super) fn check(product: &LoanProduct, found: &mut Vec<Violation>) {
    let mut check = Check(found);
    check.identity(&product.name, &product.currencies, &product.availability);
    check.ranges(product);
    check.kind(product);
    check.rates(product);
    check.schedule(product);
    check.charges(product);
    check.fees(&product.fees, product.minor());
    check.deducted(product);
    check.rest(product);
}

/// What is kept back of an amount, taxes on top included, each part rounded as a contract rounds it.
/// A rate that the context tells stands at 10 %, as in a rehearsal.
fn kept_back(product: &LoanProduct, amount: Decimal, decimals: u32) -> Option<Decimal> {
    let mode = product.schedule.rounding.mode;
    let percent = |base: Decimal, percent: Decimal| {
        let part = base.checked_mul(percent)?;
        let part = part.checked_div(Decimal::ONE_HUNDRED)?;
        Some(mode.round(part, decimals))
    };
    let mut fees = product.fees.iter().filter(|fee| fee.is_kept_back());
    fees.try_fold(Decimal::ZERO, |sum, fee| {
        let net = match fee.amount {
            FeeAmount::Flat(amount) => amount,
            FeeAmount::AmountPercent(rate) => percent(amount, rate)?,
            _ => Decimal::ZERO,
        };
        let tax = match tax_on_top(fee, &product.taxes) {
            Some(rate) => percent(net, rate)?,
            None => Decimal::ZERO,
        };
        sum.checked_add(net)?.checked_add(tax)
    })
}

/// The rate of the tax that comes on top of a fee.
fn tax_on_top(fee: &PredefinedFee, taxes: &TaxSettings) -> Option<Decimal> {
    let rate = |percent: Option<Decimal>, source: Option<&str>| {
        percent.or_else(|| source.map(|_| Decimal::TEN))
    };
    let (percent, kind) = match &fee.tax {
        Some(own) => (rate(own.percent, own.source.as_deref()), own.kind),
        None => (
            rate(taxes.percent, taxes.source.as_deref()).filter(|_| taxes.on_fees),
            taxes.fee_kind.unwrap_or(taxes.kind),
        ),
    };
    percent.filter(|_| kind == TaxKind::Exclusive)
}

impl Check<'_> {
    fn ranges(&mut self, product: &LoanProduct) {
        let minor = u32::from(product.minor());
        let smallest = Decimal::new(1, minor);
        self.amounts("amount", &product.amount, minor, smallest, LARGEST_AMOUNT);
        self.range("instalments", &product.instalments, 1, MAX_INSTALMENTS);
        let interest = &product.interest;
        self.rate("interest.rate", &interest.rate, &interest.pricing);
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
            LoanKind::Revolving(settings) => self.revolving(settings, product.minor().into()),
            _ => {}
        }
    }

    fn revolving(&mut self, settings: &RevolvingSettings, minor: u32) {
        let smallest = Decimal::new(1, minor);
        let draw = &settings.draw;
        self.amounts("kind.REVOLVING.draw", draw, minor, smallest, LARGEST_AMOUNT);
        let due_day = match settings.due {
            PaymentDay::DayOfMonth(day) => Some(day),
            PaymentDay::DaysAfterStatement(days) => {
                if days > 366 {
                    self.add("kind.REVOLVING.due", days, "at most 366 days");
                }
                None
            }
        };
        for (field, day) in [
            ("kind.REVOLVING.statement_day", settings.statement_day),
            ("kind.REVOLVING.due", due_day),
        ] {
            if let Some(day) = day.filter(|day| !(1..=31).contains(day)) {
                self.add(field, day, "1 to 31");
            }
        }
        if settings.default_after_days == Some(0) {
            self.add("kind.REVOLVING.default_after_days", 0, "1 or more");
        }
        let field = "kind.REVOLVING.principal_due";
        match &settings.principal_due {
            RevolvingPrincipal::Flat { amount } => self.amount(field, *amount, minor, smallest),
            RevolvingPrincipal::OutstandingPrincipalPercent { percent }
            | RevolvingPrincipal::TotalBalancePercent { percent } => {
                self.range(field, percent, Decimal::ZERO, Decimal::ONE_HUNDRED);
                if percent.default.is_none() {
                    let allowed = "a default: it is the product's, no request names it";
                    self.add(field, "none", allowed);
                }
            }
            RevolvingPrincipal::Instalments { count, .. } => {
                self.range(field, count, 1, 360);
            }
        }
        for (field, value) in [
            ("kind.REVOLVING.floor", settings.floor),
            ("kind.REVOLVING.ceiling", settings.ceiling),
        ] {
            if let Some(value) = value {
                self.amount(field, value, minor, Decimal::ZERO);
            }
        }
        if let (Some(floor), Some(ceiling)) = (settings.floor, settings.ceiling)
            && floor > ceiling
        {
            let allowed = format!("at most the ceiling {ceiling}");
            self.add("kind.REVOLVING.floor", floor, allowed);
        }
    }

    fn rates(&mut self, product: &LoanProduct) {
        let interest = &product.interest;
        self.pricing("interest.pricing", &interest.pricing);
        if interest.per == ChargeFrequency::Days(0) {
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
        let long = match &settings.due_dates {
            DueDateRule::Interval { every, .. } => is_long(*every),
            DueDateRule::NthWeekday { every_months, .. } => is_long(Period::Months(*every_months)),
            _ => false,
        };
        if long {
            let allowed = "steps of at most ten years";
            self.add("schedule.due_dates", "a longer step", allowed);
        }
        for day in &settings.seasons {
            if day.in_year(2024).is_none() || !(1..=31).contains(&day.day) {
                let given = format!("month {}, day {}", day.month, day.day);
                let allowed = "months 1 to 12, days 1 to 31";
                self.add("schedule.seasons", given, allowed);
            }
        }
        if settings.season_after_days == 0 || settings.season_after_days > 3_660 {
            let given = settings.season_after_days;
            self.add("schedule.season_after_days", given, "1 to 3660");
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
            PrincipalSettings::Graded {
                every,
                change_percent,
            } => {
                if *every == 0 {
                    self.add("schedule.principal.GRADED.every", 0, "1 or more");
                }
                if change_percent.is_zero()
                    || change_percent.saturating_add(full) <= Decimal::ZERO
                    || *change_percent > full
                {
                    self.add(
                        "schedule.principal.GRADED.change_percent",
                        change_percent,
                        "above -100 up to 100, but not 0",
                    );
                }
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
        let minor = product.minor();
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
        self.contract_parts(product);
        if let Err(error) = product.payments.allocation.validate() {
            self.add("payments.allocation", error, "each element once");
        }
    }

    /// Parts that a contract takes as they are, and checks itself.
    fn contract_parts(&mut self, product: &LoanProduct) {
        let Some(currency) = product.currencies.first() else {
            return;
        };
        let every = Period::Months(1);
        let schedule = ScheduleTerms::new(1, every, Rate::default());
        let on = chrono::NaiveDate::default();
        let rules = PostingRules::default();
        let mut probe = LoanTerms::new(*currency, Decimal::ONE, on, schedule, rules);
        probe.safeguards.locked_operations = product.arrears.locked_operations;
        if let Err(error) = probe.validate() {
            self.add("arrears.locked_operations", error, "one of them or more");
            return;
        }
        probe
            .arrears
            .delinquency
            .clone_from(&product.arrears.delinquency);
        if let Err(error) = probe.validate() {
            self.add("arrears.delinquency", error, "ranges that rise");
        }
    }

    /// Fees kept back must leave something to pay out, at every amount in range.
    fn deducted(&mut self, product: &LoanProduct) {
        let amount = &product.amount;
        let least = amount.least().or(amount.max);
        let least = least.unwrap_or_else(|| product.usual_amount());
        for currency in &product.currencies {
            let total = kept_back(product, least, currency.minor_units().into());
            if total.is_some_and(|total| total < least) {
                continue;
            }
            let given =
                total.map_or_else(|| "more than 28 digits".into(), |total| total.to_string());
            let allowed = format!("fees kept back below the least amount, {least}");
            self.add("fees", given, allowed);
            return;
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
        self.documents(&product.accounts.documents);
    }
}
