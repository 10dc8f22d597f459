//! Deferred income: collected at once, earned day by day.
//!
//! A fee or interest taken in advance is a liability first (`DEFERRED_FEE_INCOME`,
//! `DEFERRED_INTERESTS_INCOME`) and becomes income in equal parts a day. What is earned is rounded
//! once for the whole span up to a day, so that the releases of any periods sum to the total.
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::{deferral::Deferral, Currency, Money, Rounding};
//! let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
//! let fee = Money::from_minor(10_000, Currency::from_code("KES")?)?;
//! // 100.00 over the 91 days of the first quarter: 31, 29 and 31 days.
//! let deferral = Deferral::straight_line(fee, day(1, 1), day(3, 31))?;
//! let january = deferral.earned_through(day(1, 31), Rounding::HalfUp)?;
//! let february = deferral.earned_between(day(1, 31), day(2, 29), Rounding::HalfUp)?;
//! let march = deferral.earned_between(day(2, 29), day(3, 31), Rounding::HalfUp)?;
//! assert_eq!([january, february, march].map(|part| part.to_string()),
//!     ["34.07 KES", "31.86 KES", "34.07 KES"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{Money, MoneyError, Rounding};

/// Why income cannot be deferred.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeferralError {
    /// The last day is before the first.
    #[error(
        "income cannot be deferred from {first_day} to {last_day}: the last day is before the first"
    )]
    NoDays {
        /// The first day.
        first_day: NaiveDate,
        /// The last day.
        last_day: NaiveDate,
    },
    /// An amount that is not whole minor units, or does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl DeferralError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NoDays { .. } => 2301,
            Self::Money(error) => error.code(),
        }
    }
}

/// An amount that is earned in equal parts a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deferral {
    total: Money,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

impl Deferral {
    /// An amount earned from the first day to the last, both included.
    ///
    /// # Errors
    /// [`DeferralError::NoDays`]; [`DeferralError::Money`] when the amount is not whole minor
    /// units.
    pub fn straight_line(
        total: Money,
        first_day: NaiveDate,
        last_day: NaiveDate,
    ) -> Result<Self, DeferralError> {
        if last_day < first_day {
            return Err(DeferralError::NoDays {
                first_day,
                last_day,
            });
        }
        total.to_minor()?;
        Ok(Self {
            total,
            first_day,
            last_day,
        })
    }

    /// What is earned by the end of a day: nothing before the first day, all from the last on.
    ///
    /// # Errors
    /// [`DeferralError::Money`] when amount times days does not fit.
    pub fn earned_through(
        &self,
        day: NaiveDate,
        rounding: Rounding,
    ) -> Result<Money, DeferralError> {
        if day < self.first_day {
            return Ok(Money::zero(self.total.currency()));
        }
        if day >= self.last_day {
            return Ok(self.total);
        }
        let days = |last: NaiveDate| {
            let between = last.signed_duration_since(self.first_day).num_days();
            Decimal::from(between.saturating_add(1))
        };
        let amount = self.total.checked_mul(days(day))?;
        let all = days(self.last_day);
        let earned = amount.amount().checked_div(all);
        let earned = earned.ok_or_else(|| amount.overflow("deferral", all))?;
        Ok(Money::new(earned, self.total.currency()).rounded(rounding))
    }

    /// What is earned after the end of one day up to the end of another.
    ///
    /// # Errors
    /// See [`Deferral::earned_through`].
    pub fn earned_between(
        &self,
        after: NaiveDate,
        through: NaiveDate,
        rounding: Rounding,
    ) -> Result<Money, DeferralError> {
        let end = self.earned_through(through, rounding)?;
        Ok(end.checked_sub(&self.earned_through(after, rounding)?)?)
    }
}
