//! What a deposit earns when nothing but its interest moves it.

use alloc::vec::Vec;

use chrono::{Datelike, Days, Months, NaiveDate};
use ledger::Rounding;
use lending_core::{
    day_count::{DayCountContext, DayCountError},
    schedule::{ChargeFrequency, Pricing, TierPart},
};
use rust_decimal::Decimal;

use super::{DepositTerms, InterestPaid, InterestTerms, RateTerms};

/// One payment of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InterestPayment {
    /// The day it is paid.
    pub on: NaiveDate,
    /// Interest in whole minor units, a half rounded up.
    pub interest: Decimal,
    /// Tax withheld from it, in whole minor units, a half rounded up.
    pub tax: Decimal,
    /// The balance after it.
    pub balance: Decimal,
}

/// Why there is no forecast.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DepositForecastError {
    /// The account has no end to forecast to.
    #[error("an account without maturity given: a forecast needs a day to end on")]
    Endless,
    /// A rate that depends on more than the balance.
    #[error("{given} given: a forecast takes rates that are fixed, by balance or by days")]
    Pricing {
        /// What was given.
        given: &'static str,
    },
    /// The day count refused a period.
    #[error(transparent)]
    DayCount(#[from] DayCountError),
    /// An amount beyond 28 digits, or a day beyond the calendar.
    #[error("an amount beyond 28 digits or a day beyond the calendar: smaller ones are allowed")]
    TooLarge,
}

impl DepositForecastError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Endless => 5501,
            Self::Pricing { .. } => 5502,
            Self::DayCount(_) => 5503,
            Self::TooLarge => 5504,
        }
    }
}

const fn large() -> DepositForecastError {
    DepositForecastError::TooLarge
}

/// One year of payments a week, for a hundred years: no account pays more often or lives longer.
const PAYMENTS_MAX: usize = 5_300;

impl DepositTerms {
    /// The payments of interest up to maturity, when nothing else is paid in or out.
    ///
    /// # Errors
    /// [`DepositForecastError::Endless`] without maturity; use
    /// [`DepositTerms::forecast_until`] then.
    pub fn forecast(&self) -> Result<Vec<InterestPayment>, DepositForecastError> {
        let until = self.maturity.ok_or(DepositForecastError::Endless)?;
        self.forecast_until(until)
    }

    /// The payments of interest up to a day, when nothing else is paid in or out. With maturity
    /// before it, up to maturity.
    ///
    /// # Errors
    /// [`DepositForecastError`].
    pub fn forecast_until(
        &self,
        until: NaiveDate,
    ) -> Result<Vec<InterestPayment>, DepositForecastError> {
        let Some(terms) = &self.interest else {
            return Ok(Vec::new());
        };
        let until = self.maturity.map_or(until, |maturity| maturity.min(until));
        let decimals = u32::from(self.currency.minor_units());
        let tax_percent = self.withholding_tax_percent.unwrap_or_default();
        let mut payments = Vec::new();
        let mut balance = self.opening_balance;
        let mut from = self.opened;
        for on in payment_days(self, terms, until)? {
            let interest = if terms.from_balance.is_some_and(|least| balance < least) {
                Decimal::ZERO
            } else {
                terms.rate.interest(balance, self.opened, from, on)?
            };
            let interest = Rounding::HalfUp.round(interest, decimals);
            let tax = interest.checked_mul(tax_percent).ok_or_else(large)?;
            let tax = tax.checked_mul(Decimal::new(1, 2)).ok_or_else(large)?;
            let tax = Rounding::HalfUp.round(tax, decimals);
            if !terms.paid_out {
                let kept = interest.checked_sub(tax).ok_or_else(large)?;
                balance = balance.checked_add(kept).ok_or_else(large)?;
            }
            payments.push(InterestPayment {
                on,
                interest,
                tax,
                balance,
            });
            from = on;
        }
        Ok(payments)
    }
}

impl RateTerms {
    /// Interest on one balance between two days, unrounded.
    fn interest(
        &self,
        balance: Decimal,
        opened: NaiveDate,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Decimal, DepositForecastError> {
        if self.by_days.is_empty() {
            let yearly = self.percent_of(balance)?;
            return self.part(yearly, from, to);
        }
        let mut sum = Decimal::ZERO;
        let mut start = from;
        for tier in &self.by_days {
            let end = match tier.up_to {
                Some(days) => opened
                    .checked_add_days(Days::new(days.into()))
                    .ok_or_else(large)?,
                None => to,
            };
            let end = end.min(to);
            if end <= start {
                continue;
            }
            let weighted = balance.checked_mul(tier.percent).ok_or_else(large)?;
            let part = self.part(weighted, start, end)?;
            sum = sum.checked_add(part).ok_or_else(large)?;
            start = end;
        }
        Ok(sum)
    }

    /// Balance times percent, by tier where the rate has tiers.
    fn percent_of(&self, balance: Decimal) -> Result<Decimal, DepositForecastError> {
        let times = |amount: Decimal, percent: Decimal| amount.checked_mul(percent);
        match &self.pricing {
            Pricing::Fixed => times(balance, self.percent).ok_or_else(large),
            Pricing::TieredByBalance { tiers, part } => {
                let (mut sum, mut below) = (Decimal::ZERO, Decimal::ZERO);
                for tier in tiers {
                    let inside = tier.up_to.is_none_or(|up_to| balance <= up_to);
                    match part {
                        TierPart::WholeBalance if inside => {
                            return times(balance, tier.percent).ok_or_else(large);
                        }
                        TierPart::WholeBalance => {}
                        TierPart::InsideTier => {
                            let top = if inside {
                                balance
                            } else {
                                tier.up_to.unwrap_or(balance)
                            };
                            let part = top.checked_sub(below).ok_or_else(large)?;
                            let part = times(part, tier.percent).ok_or_else(large)?;
                            sum = sum.checked_add(part).ok_or_else(large)?;
                            below = top;
                        }
                    }
                    if inside {
                        break;
                    }
                }
                Ok(sum)
            }
            _ => Err(DepositForecastError::Pricing {
                given: "another rate",
            }),
        }
    }

    /// The part of balance times percent that falls between two days.
    fn part(
        &self,
        weighted: Decimal,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Decimal, DepositForecastError> {
        let days = Decimal::from(to.signed_duration_since(from).num_days());
        let over = |amount: Decimal, numerator: Decimal, denominator: Decimal| {
            let amount = amount.checked_mul(numerator)?;
            amount.checked_div(denominator.checked_mul(Decimal::ONE_HUNDRED)?)
        };
        let whole = |length: u32| over(weighted, days, Decimal::from(length)).ok_or_else(large);
        let per_year = match self.per {
            ChargeFrequency::Year => Decimal::ONE,
            ChargeFrequency::Month => Decimal::from(12),
            ChargeFrequency::FourWeeks => return whole(28),
            ChargeFrequency::Week => return whole(7),
            ChargeFrequency::Day => return whole(1),
            ChargeFrequency::Days(length) => return whole(length),
            _ => {
                return Err(DepositForecastError::Pricing {
                    given: "a rate for the whole term",
                });
            }
        };
        let fraction = self
            .day_count
            .fraction(from, to, &DayCountContext::default())?;
        let fraction = fraction.to_decimal();
        let numerator = fraction.checked_mul(per_year).ok_or_else(large)?;
        over(weighted, numerator, Decimal::ONE).ok_or_else(large)
    }
}

/// The days on which interest is paid after the opening, up to and including the last one. What
/// has arisen since is paid at maturity.
fn payment_days(
    terms: &DepositTerms,
    interest: &InterestTerms,
    until: NaiveDate,
) -> Result<Vec<NaiveDate>, DepositForecastError> {
    let opened = terms.opened;
    let mut days = Vec::new();
    let mut step = 0_u32;
    while days.len() < PAYMENTS_MAX {
        step = step.saturating_add(1);
        let day = match &interest.paid {
            InterestPaid::AtMaturity => None,
            InterestPaid::OnDays(of_year) => {
                let year = i32::try_from(step)
                    .ok()
                    .and_then(|step| opened.year().checked_add(step)?.checked_sub(1));
                let Some(year) = year else { break };
                for day in of_year {
                    if let Some(on) = day.in_year(year)
                        && on > opened
                        && on <= until
                    {
                        days.push(on);
                    }
                }
                if year >= until.year() {
                    break;
                }
                continue;
            }
            InterestPaid::Weekly => every_days(opened, step, 7),
            InterestPaid::EveryTwoWeeks => every_days(opened, step, 14),
            InterestPaid::Monthly => opened.checked_add_months(Months::new(step)),
            InterestPaid::Quarterly => {
                opened.checked_add_months(Months::new(step.saturating_mul(3)))
            }
            InterestPaid::FirstOfMonth => opened
                .with_day(1)
                .and_then(|first| first.checked_add_months(Months::new(step))),
        };
        match day {
            Some(day) if day <= until => days.push(day),
            _ => break,
        }
    }
    days.sort_unstable();
    days.dedup();
    if terms.maturity == Some(until) && days.last() != Some(&until) {
        days.push(until);
    }
    Ok(days)
}

fn every_days(opened: NaiveDate, step: u32, length: u64) -> Option<NaiveDate> {
    opened.checked_add_days(Days::new(u64::from(step).saturating_mul(length)))
}
