//! Loans funded by investors: how an instalment's interest is divided.

use alloc::{format, vec::Vec};

use ledger::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ScheduleError, terms::setting};

/// How the interest of a loan is divided between the lender's commission and those who funded it.
/// All rates are in percent for the same length of time.
///
/// ```
/// use ledger::Rounding;
/// use lending_core::schedule::Funding;
/// use rust_decimal::dec;
///
/// // A loan at 10 %, of which 3 are the lender's; two investors funded 30 % and 70 %.
/// let funding = Funding {
///     rate: dec!(10),
///     commission: dec!(3),
///     shares: vec![dec!(30), dec!(70)],
/// };
/// let parts = funding.divide(dec!(8.33), 2, Rounding::HalfUp)?;
/// assert_eq!(parts.commission, dec!(2.50));
/// assert_eq!(parts.funders, [dec!(1.75), dec!(4.08)]);
/// # Ok::<(), lending_core::schedule::ScheduleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Funding {
    /// The loan's rate.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub rate: Decimal,
    /// The lender's part of it.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub commission: Decimal,
    /// Each funder's share of the principal, in percent; together 100.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<alloc::string::String>"))]
    pub shares: Vec<Decimal>,
}

/// The interest of an instalment, divided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DividedInterest {
    /// The lender's commission.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub commission: Decimal,
    /// What each funder receives, in the order of the shares.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<alloc::string::String>"))]
    pub funders: Vec<Decimal>,
}

impl Funding {
    /// Checks the rates and the shares.
    ///
    /// # Errors
    /// [`ScheduleError::Setting`]: a rate that is not above zero, a commission outside of zero to
    /// the rate (a larger one would leave the funders less than nothing), shares that are not above
    /// zero or do not sum to 100.
    pub fn validate(&self) -> Result<(), ScheduleError> {
        if self.rate <= Decimal::ZERO {
            let given = format!("{} %", self.rate);
            return Err(setting("funding.rate", given, "above zero"));
        }
        if self.commission < Decimal::ZERO || self.commission > self.rate {
            let given = format!("{} % of {} %", self.commission, self.rate);
            return Err(setting("funding.commission", given, "zero up to the rate"));
        }
        let sum = self.shares.iter().try_fold(Decimal::ZERO, |sum, share| {
            sum.checked_add(*share).filter(|_| *share > Decimal::ZERO)
        });
        if sum != Some(Decimal::ONE_HUNDRED) {
            return Err(setting(
                "funding.shares",
                format!("{:?}", self.shares),
                "shares above zero that sum to 100",
            ));
        }
        Ok(())
    }

    /// Divides the interest due of an instalment. The commission is taken from the *rounded*
    /// interest and rounded; the rest is divided by the shares, each part rounded, the last funder
    /// taking what remains.
    ///
    /// # Errors
    /// As [`Funding::validate`]; [`ScheduleError::Overflow`].
    pub fn divide(
        &self,
        interest: Decimal,
        decimals: u32,
        mode: Rounding,
    ) -> Result<DividedInterest, ScheduleError> {
        self.validate()?;
        let overflow = || ScheduleError::overflow("a part of divided interest");
        let part = |whole: Decimal, of: Decimal, all: Decimal| {
            let product = whole.checked_mul(of)?;
            Some(mode.round(product.checked_div(all)?, decimals))
        };
        let commission = part(interest, self.commission, self.rate).ok_or_else(overflow)?;
        let rest = interest.checked_sub(commission).ok_or_else(overflow)?;
        let mut left = rest;
        let mut funders = Vec::with_capacity(self.shares.len());
        for (at, share) in (1..).zip(&self.shares) {
            let amount = if at == self.shares.len() {
                left
            } else {
                part(rest, *share, Decimal::ONE_HUNDRED).ok_or_else(overflow)?
            };
            left = left.checked_sub(amount).ok_or_else(overflow)?;
            funders.push(amount);
        }
        Ok(DividedInterest {
            commission,
            funders,
        })
    }
}
