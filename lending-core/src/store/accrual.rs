//! What an account will post on the days on which nothing else happens to it.
//!
//! Between two due dates most accounts only accrue, and what they accrue is known in advance to
//! the minor unit. An account that says so with an [`AccrualPlan`] is not decoded, decided or
//! written on such a day: the end of day posts the plan's amount and moves its counter on. Whatever
//! else happens to the account (a payment, a due date) ends the plan; the engine then catches up
//! to [`AccrualPlan::posted_through`] and makes the next one.
//!
//! A plan is exact because the engine that made it has computed each day as it would have decided
//! it; nothing here multiplies or rounds.

use alloc::vec::Vec;

use chrono::{Days, NaiveDate};
use ledger::{BranchCode, Currency, GlCode};
use serde::{Deserialize, Serialize};

use super::Stored;
use crate::ids::{AccountId, ProductId};

/// Whether accruals are posted account by account or added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccrualPosting {
    /// One entry for each product, branch and currency of a page. The default: a daily entry for
    /// each account is most of what a lender's database grows by.
    #[default]
    Aggregated,
    /// An entry of its own for each account and day.
    PerAccount,
}

/// The amounts of the coming days, in whole minor units of the account's currency.
///
/// ```
/// use lending_core::store::{AccrualPlan, AccrualPosting};
/// use chrono::NaiveDate;
/// let day = |n| NaiveDate::from_ymd_opt(2024, 1, n).unwrap();
/// // 11.83 a day in cents, rounded as a running total.
/// let plan = AccrualPlan::new(
///     ("1300".parse()?, "4100".parse()?),
///     AccrualPosting::Aggregated,
///     day(10),
///     &[12, 12, 11],
/// ).expect("three days");
/// assert_eq!(plan.last(), day(13));
/// assert_eq!(plan.due_through(day(12)), 24);
/// # Ok::<(), ledger::CodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccrualPlan {
    /// The GL account debited.
    pub debit: GlCode,
    /// The GL account credited.
    pub credit: GlCode,
    /// How it is posted.
    pub posting: AccrualPosting,
    /// The last day that is posted.
    #[serde(with = "crate::compact::date")]
    pub posted_through: NaiveDate,
    /// What was posted since the plan was made.
    pub posted: i64,
    /// The day before the first of the plan.
    #[serde(with = "crate::compact::date")]
    made_on: NaiveDate,
    /// The least amount of a day.
    least: i64,
    /// What each day has above it.
    above: Vec<u8>,
}

impl AccrualPlan {
    /// A plan for the days after `made_on`. It ends before the first day whose amount is further
    /// than 255 from the least of the days before it or the other way round; none when no day is
    /// left.
    #[must_use]
    pub fn new(
        (debit, credit): (GlCode, GlCode),
        posting: AccrualPosting,
        made_on: NaiveDate,
        amounts: &[i64],
    ) -> Option<Self> {
        let (mut least, mut most) = (*amounts.first()?, *amounts.first()?);
        let mut length = 0_usize;
        for amount in amounts {
            let (low, high) = (least.min(*amount), most.max(*amount));
            if high.checked_sub(low).is_none_or(|spread| spread > 255) {
                break;
            }
            (least, most, length) = (low, high, length.saturating_add(1));
        }
        let above = amounts
            .iter()
            .take(length)
            .map(|amount| u8::try_from(amount.saturating_sub(least)).unwrap_or(u8::MAX))
            .collect();
        let plan = Self {
            debit,
            credit,
            posting,
            posted_through: made_on,
            posted: 0,
            made_on,
            least,
            above,
        };
        // Sums and days of a plan that was made stay within their types.
        let last = u64::try_from(length).ok()?;
        made_on.checked_add_days(Days::new(last))?;
        plan.above
            .iter()
            .try_fold(0_i64, |sum, above| {
                sum.checked_add(least.checked_add(i64::from(*above))?)
            })
            .map(|_| plan)
    }

    /// The last day of the plan: the account is due on the day after.
    #[must_use]
    pub fn last(&self) -> NaiveDate {
        let days = u64::try_from(self.above.len()).unwrap_or(u64::MAX);
        self.made_on
            .checked_add_days(Days::new(days))
            .unwrap_or(NaiveDate::MAX)
    }

    /// Whether nothing was posted by it yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.posted == 0 && self.posted_through == self.made_on
    }

    /// Whether it says what a date posts, and the date is not posted yet.
    #[must_use]
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.posted_through < date && date <= self.last()
    }

    /// What the days after the last one posted come to, through a date.
    #[must_use]
    pub fn due_through(&self, date: NaiveDate) -> i64 {
        let days = |to: NaiveDate| {
            usize::try_from(to.signed_duration_since(self.made_on).num_days()).unwrap_or(0)
        };
        let (from, to) = (days(self.posted_through), days(date).min(self.above.len()));
        let amounts = self.above.iter().take(to).skip(from);
        // Checked when the plan was made.
        amounts.fold(0, |sum, above| {
            sum.saturating_add(self.least)
                .saturating_add(i64::from(*above))
        })
    }

    /// The plan once `amount` is posted through a date.
    #[must_use]
    pub fn moved(mut self, through: NaiveDate, amount: i64) -> Self {
        self.posted_through = through;
        self.posted = self.posted.saturating_add(amount);
        self
    }
}

impl Stored for AccrualPlan {
    const FORMAT: u8 = 1;
}

/// The plan of an account that is written in the same commit: an account that is written without
/// one has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanWrite {
    /// The account.
    pub account: AccountId,
    /// Its plan, not yet posted. The account's `next_work_on` must be the day after its last day.
    pub plan: AccrualPlan,
}

/// An accrual is posted by plan: the account's interest grows and its version moves on, its state
/// and history stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccrualWrite {
    /// The account.
    pub account: AccountId,
    /// The version the plan was read at. The account lands at the next one.
    pub expected: u64,
    /// The plan is posted through this date.
    pub through: NaiveDate,
    /// What is posted, minor units.
    pub amount: i64,
}

/// An account with a plan, as far as the end of day needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accruing {
    /// The account.
    pub account: AccountId,
    /// Its version.
    pub version: u64,
    /// Its product.
    pub product: ProductId,
    /// Its branch.
    pub branch: BranchCode,
    /// Its currency.
    pub currency: Currency,
    /// Its plan.
    pub plan: AccrualPlan,
}
