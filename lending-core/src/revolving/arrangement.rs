//! A line of credit that other accounts hang under: one limit over several loans and lines.
//!
//! It holds no money and bills nothing; it says what its accounts may still take up. Source:
//! Mambu's lines of credit.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{RevolvingError, check::too_early};
use crate::loan::{
    CreditLineCover, LoanError,
    amounts::{add, sub},
};

/// What an account takes up of the line it hangs under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Exposure {
    /// What was approved for it, for ever: what is repaid is not lent again.
    ApprovedAmount,
    /// What is outstanding now: what is repaid may be lent again.
    #[default]
    OutstandingAmount,
}

/// One limit over several accounts.
///
/// ```
/// use chrono::NaiveDate;
/// use lending_core::revolving::{Arrangement, Exposure, LinkedAccount};
/// use rust_decimal::dec;
/// let day = |year| NaiveDate::from_ymd_opt(year, 6, 30).unwrap();
/// let line = Arrangement {
///     amount: dec!(10000),
///     starts_on: day(2025),
///     ends_on: day(2027),
///     exposure: Exposure::OutstandingAmount,
/// };
/// let linked = [LinkedAccount { approved: dec!(6000), outstanding: dec!(2500) }];
/// assert_eq!(line.available(&linked)?, dec!(7500));
/// assert!(line.admit(dec!(7000), day(2026), day(2027), &linked).is_ok());
/// assert!(line.admit(dec!(8000), day(2026), day(2027), &linked).is_err());
/// assert!(line.admit(dec!(7000), day(2026), day(2028), &linked).is_err());
/// # Ok::<(), lending_core::revolving::RevolvingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrangement {
    /// The limit, in the currency of every account under it.
    #[serde(with = "crate::compact::decimal")]
    pub amount: Decimal,
    /// The first day on which an account may be opened under it.
    #[serde(with = "crate::compact::date")]
    pub starts_on: NaiveDate,
    /// Its last day: accounts under it are mature by then.
    #[serde(with = "crate::compact::date")]
    pub ends_on: NaiveDate,
    /// What an account takes up.
    #[serde(default)]
    pub exposure: Exposure,
}

/// An account under a line, as far as the line needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedAccount {
    /// What was approved for it: the principal of a loan, the limit of a line.
    #[serde(with = "crate::compact::decimal")]
    pub approved: Decimal,
    /// What is outstanding of it now; nothing once it is closed.
    #[serde(with = "crate::compact::decimal")]
    pub outstanding: Decimal,
}

impl Arrangement {
    /// What the accounts under it take up.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn taken_up(&self, accounts: &[LinkedAccount]) -> Result<Decimal, RevolvingError> {
        let part = |account: &LinkedAccount| match self.exposure {
            Exposure::ApprovedAmount => account.approved,
            Exposure::OutstandingAmount => account.outstanding,
        };
        Ok(accounts.iter().map(part).try_fold(Decimal::ZERO, add)?)
    }

    /// What may still be taken up, never below zero.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn available(&self, accounts: &[LinkedAccount]) -> Result<Decimal, RevolvingError> {
        let left = sub(self.amount, self.taken_up(accounts)?)?;
        Ok(left.max(Decimal::ZERO))
    }

    /// What it leaves for the approval of a loan; `accounts` without that loan.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn cover(&self, accounts: &[LinkedAccount]) -> Result<CreditLineCover, RevolvingError> {
        Ok(CreditLineCover {
            available: self.available(accounts)?,
            ends_on: self.ends_on,
        })
    }

    /// Checks that an account of an amount may be opened on a day under it; `matures_on` is the
    /// last due date of a loan, the last day of a line.
    ///
    /// # Errors
    /// [`RevolvingError::AboveAvailable`]; [`RevolvingError::Common`] for an account that is opened
    /// before the line starts, or not mature when it ends.
    pub fn admit(
        &self,
        amount: Decimal,
        on: NaiveDate,
        matures_on: NaiveDate,
        accounts: &[LinkedAccount],
    ) -> Result<(), RevolvingError> {
        if on < self.starts_on {
            return Err(too_early("opening", on, self.starts_on));
        }
        if matures_on > self.ends_on {
            let (given, allowed) = (matures_on, self.ends_on);
            return Err(LoanError::TooLate {
                field: "maturity",
                given,
                allowed,
            }
            .into());
        }
        let available = self.available(accounts)?;
        if amount > available {
            return Err(RevolvingError::AboveAvailable {
                given: amount,
                available,
                limit: self.amount,
            });
        }
        Ok(())
    }
}
