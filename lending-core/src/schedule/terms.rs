//! The schedule part of a contract.

use alloc::{string::String, vec::Vec};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amortization, Balloon, ChargeFrequency, ElementRounding, Grace, InstalmentFee, InterestMethod,
    InterestTerms, PaymentHoliday, Pricing, Rate, RoundingTerms, ScheduleError, Taxes, Tranche,
};
use crate::dates::{DueDateRule, FirstDue, NonWorkingDayRule, Period};

/// The schedule part of a contract: everything a schedule depends on beside the amount, the
/// currency, the disbursement date and the calendar.
///
/// [`ScheduleTerms::new`] fills in the most common choices; every field is public, so that a
/// contract states only what differs:
///
/// ```
/// use lending_core::{dates::Period, schedule::{Amortization, Rate, ScheduleTerms}};
/// use rust_decimal::dec;
/// let terms = ScheduleTerms {
///     amortization: Amortization::equal_principal(),
///     ..ScheduleTerms::new(12, Period::Months(1), Rate::per_year(dec!(24)))
/// };
/// terms.validate()?;
/// # Ok::<(), lending_core::schedule::ScheduleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScheduleTerms {
    /// The number of instalments, payment holidays not counted.
    pub instalments: u32,
    /// Which dates they fall due on.
    pub due_dates: DueDateRule,
    /// Where counting of due dates starts.
    #[serde(default)]
    pub first_due: FirstDue,
    /// What becomes of a due date that nobody works on.
    #[serde(default)]
    pub non_working_days: NonWorkingDayRule,
    /// What interest is charged.
    pub interest: InterestTerms,
    /// How principal is repaid.
    #[serde(default)]
    pub amortization: Amortization,
    /// Instalments on which less is due.
    #[serde(default)]
    pub grace: Grace,
    /// How figures are rounded.
    #[serde(default)]
    pub rounding: RoundingTerms,
    /// Fees of every instalment.
    #[serde(default)]
    pub fees: Vec<InstalmentFee>,
    /// Taxes on interest and fees.
    #[serde(default)]
    pub taxes: Taxes,
    /// Percent of each disbursement that is paid back on its own day, as a row of its own.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub down_payment_percent: Option<Decimal>,
    /// Disbursements after the first. Dates must increase.
    #[serde(default)]
    pub tranches: Vec<Tranche>,
    /// Skipped instalments, by rising number.
    #[serde(default)]
    pub payment_holidays: Vec<PaymentHoliday>,
}

/// The largest number of instalments of one schedule: a daily loan over eighty years.
pub const MAX_INSTALMENTS: u32 = 30_000;

impl ScheduleTerms {
    /// Equal instalments on a declining balance, at an interval counted from the disbursement,
    /// actual days over 365, cents half up, the residue in the last instalment.
    #[must_use]
    pub fn new(instalments: u32, every: Period, rate: Rate) -> Self {
        Self {
            instalments,
            due_dates: DueDateRule::every(every),
            first_due: FirstDue::default(),
            non_working_days: NonWorkingDayRule::default(),
            interest: InterestTerms {
                rate,
                ..InterestTerms::default()
            },
            amortization: Amortization::default(),
            grace: Grace::default(),
            rounding: RoundingTerms::default(),
            fees: Vec::new(),
            taxes: Taxes::default(),
            down_payment_percent: None,
            tranches: Vec::new(),
            payment_holidays: Vec::new(),
        }
    }

    /// Checks every setting by itself and beside the others.
    ///
    /// # Errors
    /// [`ScheduleError`]: the first setting that is not allowed, with what was given and what is
    /// allowed.
    pub fn validate(&self) -> Result<(), ScheduleError> {
        if self.instalments == 0 || self.instalments > MAX_INSTALMENTS {
            return Err(ScheduleError::Instalments {
                given: self.instalments,
                allowed: MAX_INSTALMENTS,
            });
        }
        self.due_dates.validate()?;
        self.validate_interest()?;
        self.validate_amortization()?;
        self.validate_grace()?;
        self.validate_rounding()?;
        self.validate_charges()?;
        self.validate_events()
    }

    fn validate_interest(&self) -> Result<(), ScheduleError> {
        check_rate("interest.rate", self.interest.rate)?;
        let changes = &self.interest.changes;
        for change in changes {
            check_rate("interest.changes", change.rate)?;
        }
        increasing("interest.changes", changes.iter().map(|change| change.from))?;
        for pause in &self.interest.pauses {
            if pause.to < pause.from {
                return Err(setting(
                    "interest.pauses",
                    alloc::format!("{} to {}", pause.from, pause.to),
                    "a pause must not end before it starts",
                ));
            }
        }
        let plain = matches!(self.interest.pricing, Pricing::Fixed);
        if !plain && !changes.is_empty() {
            return Err(setting(
                "interest.changes",
                alloc::format!("{} beside tiered or indexed pricing", changes.len()),
                "dated changes are allowed with fixed pricing only",
            ));
        }
        self.validate_pricing()
    }

    fn validate_pricing(&self) -> Result<(), ScheduleError> {
        let per = self.interest.rate.per;
        let check = |percent| check_rate("interest.pricing", Rate { percent, per });
        match &self.interest.pricing {
            Pricing::Fixed => Ok(()),
            Pricing::TieredByBalance { tiers, .. } => {
                let bad = |given: String, allowed| Err(setting("interest.pricing", given, allowed));
                let Some((last, rest)) = tiers.split_last() else {
                    return bad("no tiers".into(), "at least one tier is needed");
                };
                if last.up_to.is_some() {
                    let given = alloc::format!("last tier up to {:?}", last.up_to);
                    return bad(given, "the last tier must have no upper end");
                }
                let mut below = Decimal::ZERO;
                for tier in rest {
                    let up_to = tier.up_to.unwrap_or_default();
                    if up_to <= below {
                        let given = alloc::format!("tier up to {up_to} after {below}");
                        return bad(given, "tiers must rise from above zero");
                    }
                    below = up_to;
                }
                tiers.iter().try_for_each(|tier| check(tier.percent))
            }
            Pricing::TieredByInstalment { tiers } => {
                tiers.iter().try_for_each(|tier| check(tier.percent))?;
                let ends = tiers.iter().map(|tier| tier.up_to);
                reaching("interest.pricing", ends, self.instalments)
            }
            Pricing::Indexed { index, review, .. } => {
                if review.is_empty() || index.is_empty() {
                    return Err(setting(
                        "interest.pricing",
                        alloc::format!("{} index values, review every {review}", index.len()),
                        "at least one index value and a review interval are needed",
                    ));
                }
                index.iter().try_for_each(|value| check(value.percent))?;
                increasing("interest.pricing", index.iter().map(|value| value.from))
            }
        }
    }

    fn validate_amortization(&self) -> Result<(), ScheduleError> {
        let bad = |given: String, allowed| Err(setting("amortization", given, allowed));
        let count = usize::try_from(self.instalments).unwrap_or(usize::MAX);
        match &self.amortization {
            Amortization::EqualPrincipal { every: 0 } => {
                bad("principal every 0 instalments".into(), "1 or more")
            }
            Amortization::GradedInstalments {
                every,
                change_percent,
            } if *every == 0
                || *change_percent <= -Decimal::ONE_HUNDRED
                || *change_percent > Decimal::ONE_THOUSAND =>
            {
                bad(
                    alloc::format!("{change_percent} percent every {every} instalments"),
                    "above -100 up to 1000 percent, every 1 instalment or more",
                )
            }
            Amortization::PrincipalPercent { percent }
                if *percent <= Decimal::ZERO || *percent > Decimal::ONE_HUNDRED =>
            {
                bad(alloc::format!("{percent} percent"), "above 0 up to 100")
            }
            Amortization::EqualInstalments {
                amount: Some(amount),
                ..
            } if *amount <= Decimal::ZERO => bad(
                alloc::format!("instalment of {amount}"),
                "an amount above zero",
            ),
            Amortization::Balloon(Balloon::Principal { amount }) if *amount < Decimal::ZERO => {
                bad(alloc::format!("balloon of {amount}"), "zero or more")
            }
            Amortization::Balloon(Balloon::LongerTerm { instalments })
                if *instalments < self.instalments || *instalments > MAX_INSTALMENTS =>
            {
                bad(
                    alloc::format!("a longer term of {instalments} instalments"),
                    "at least the contract's number, at most 30000",
                )
            }
            Amortization::PaymentPlan { tiers } => {
                let ends = tiers.iter().map(|tier| tier.up_to);
                reaching("amortization", ends, self.instalments)?;
                let interest = &self.interest;
                let plain = self.tranches.is_empty()
                    && self.payment_holidays.is_empty()
                    && self.grace == Grace::default()
                    && interest.changes.is_empty()
                    && interest.pauses.is_empty()
                    && interest.charged_from.is_none()
                    && matches!(interest.pricing, Pricing::Fixed)
                    && matches!(interest.method, InterestMethod::Declining);
                if !plain {
                    return bad(
                        "a payment plan beside tranches, holidays, grace or changes of interest"
                            .into(),
                        "a payment plan solves one rate for a plain declining loan",
                    );
                }
                match tiers.iter().find(|tier| tier.amount < Decimal::ZERO) {
                    Some(tier) => bad(alloc::format!("payment {}", tier.amount), "zero or more"),
                    None => Ok(()),
                }
            }
            Amortization::CustomPrincipal { principals } if principals.len() != count => bad(
                alloc::format!("{} principals", principals.len()),
                "one for each instalment",
            ),
            Amortization::CustomTotals { totals } if totals.len().saturating_add(1) != count => {
                bad(
                    alloc::format!("{} totals", totals.len()),
                    "one for each instalment but the last",
                )
            }
            _ => Ok(()),
        }
    }

    fn validate_grace(&self) -> Result<(), ScheduleError> {
        let grace = &self.grace;
        let longest = grace.principal.max(grace.interest_deferred);
        if longest >= self.instalments {
            return Err(setting(
                "grace",
                alloc::format!("{longest} of {} instalments", self.instalments),
                "at least one instalment after the grace is needed",
            ));
        }
        if grace.interest_free > self.instalments {
            return Err(setting(
                "grace.interest_free",
                alloc::format!("{} of {}", grace.interest_free, self.instalments),
                "at most the number of instalments",
            ));
        }
        Ok(())
    }

    fn validate_rounding(&self) -> Result<(), ScheduleError> {
        let rounding = &self.rounding;
        if rounding.decimals.is_some_and(|decimals| decimals > 12) {
            return Err(setting(
                "rounding.decimals",
                alloc::format!("{:?}", rounding.decimals),
                "0 to 12",
            ));
        }
        if let Some(digits) = rounding.significant_digits
            && !(6..=28).contains(&digits)
        {
            return Err(setting(
                "rounding.significant_digits",
                alloc::format!("{digits}"),
                "6 to 28",
            ));
        }
        let needs = matches!(
            rounding.elements,
            ElementRounding::WholeUnits | ElementRounding::Total
        );
        match rounding.multiple {
            Some(multiple) if multiple.of <= Decimal::ZERO => Err(setting(
                "rounding.multiple",
                alloc::format!("{}", multiple.of),
                "above zero",
            )),
            Some(_) if !needs => Err(setting(
                "rounding.multiple",
                alloc::format!("given with {:?}", rounding.elements),
                "only with whole units or a rounded total",
            )),
            None if needs => Err(setting(
                "rounding.multiple",
                alloc::format!("none with {:?}", rounding.elements),
                "whole units and rounded totals need one",
            )),
            _ => Ok(()),
        }
    }

    fn validate_charges(&self) -> Result<(), ScheduleError> {
        let within = |name, value: Decimal| {
            if value < Decimal::ZERO || value > Decimal::from(1_000_000_000_000_000_u64) {
                Err(setting(name, alloc::format!("{value}"), "0 to 10^15"))
            } else {
                Ok(())
            }
        };
        for fee in &self.fees {
            within("fees", fee.given())?;
        }
        for tax in [
            self.taxes.interest_percent,
            self.taxes.fee_percent,
            self.taxes.penalty_percent,
        ] {
            within("taxes", tax.unwrap_or_default())?;
        }
        match self.down_payment_percent {
            Some(percent) if percent <= Decimal::ZERO || percent >= Decimal::ONE_HUNDRED => {
                Err(setting(
                    "down_payment_percent",
                    alloc::format!("{percent}"),
                    "above 0 and below 100",
                ))
            }
            _ => Ok(()),
        }
    }

    fn validate_events(&self) -> Result<(), ScheduleError> {
        for tranche in &self.tranches {
            if tranche.amount <= Decimal::ZERO {
                return Err(setting(
                    "tranches",
                    alloc::format!("{}", tranche.amount),
                    "amounts above zero",
                ));
            }
        }
        increasing("tranches", self.tranches.iter().map(|tranche| tranche.on))?;
        let holidays = self.payment_holidays.iter().map(|h| h.instalment);
        increasing("payment_holidays", holidays.clone())?;
        let count = u32::try_from(self.payment_holidays.len()).unwrap_or(u32::MAX);
        let last = self.instalments.saturating_add(count);
        match holidays
            .clone()
            .find(|number| *number == 0 || *number >= last)
        {
            Some(number) => Err(setting(
                "payment_holidays",
                alloc::format!("instalment {number} of {last}"),
                "any instalment but the last",
            )),
            None => Ok(()),
        }
    }

    /// Whether any interest is charged.
    #[must_use]
    pub fn bears_interest(&self) -> bool {
        !matches!(self.interest.method, InterestMethod::Free)
    }
}

pub(super) fn setting(
    setting: &'static str,
    given: String,
    allowed: &'static str,
) -> ScheduleError {
    ScheduleError::Setting {
        setting,
        given,
        allowed,
    }
}

pub(crate) fn check_rate(name: &'static str, rate: Rate) -> Result<(), ScheduleError> {
    if matches!(rate.per, ChargeFrequency::Days(0)) {
        return Err(setting(name, "a rate for 0 days".into(), "1 day or more"));
    }
    let limit = Decimal::from(1_000_000);
    if rate.percent < -Decimal::ONE_HUNDRED || rate.percent > limit {
        return Err(setting(
            name,
            alloc::format!("{} %", rate.percent),
            "-100 to 1000000 percent",
        ));
    }
    if rate.percent.normalize().scale() > 15 {
        return Err(setting(
            name,
            alloc::format!("{} %", rate.percent),
            "at most 15 decimals",
        ));
    }
    Ok(())
}

/// Each value above the one before.
fn increasing<T: PartialOrd + core::fmt::Display + Copy>(
    name: &'static str,
    values: impl Iterator<Item = T>,
) -> Result<(), ScheduleError> {
    let mut before: Option<T> = None;
    for value in values {
        if let Some(before) = before
            && value <= before
        {
            return Err(setting(
                name,
                alloc::format!("{value} after {before}"),
                "each must come after the one before",
            ));
        }
        before = Some(value);
    }
    Ok(())
}

/// Rising ends, the last of which covers every instalment.
fn reaching(
    name: &'static str,
    ends: impl Iterator<Item = u32> + Clone,
    instalments: u32,
) -> Result<(), ScheduleError> {
    increasing(name, ends.clone())?;
    let last = ends.last().unwrap_or(0);
    if last < instalments {
        return Err(setting(
            name,
            alloc::format!("tiers up to instalment {last} of {instalments}"),
            "the last tier must reach the last instalment",
        ));
    }
    Ok(())
}
