//! Delinquency: how late a loan is, by named ranges of days.
//!
//! Three counts of days stand beside each other, because their readers differ:
//!
//! | count | from | stands still | reader |
//! |---|---|---|---|
//! | [`Arrears::days_past_due`](super::Arrears::days_past_due) | due date of the oldest unpaid instalment, calendar days | never | regulator |
//! | [`Arrears::days_late`](super::Arrears::days_late) | the same, days off left out where the contract says so | never | tolerances, penalties, locks |
//! | [`Delinquency::days`] | the same, calendar days beyond the tolerated ones | during a pause | collections |
//!
//! The contract names the ranges ([`ArrearsTerms::delinquency`](super::ArrearsTerms::delinquency)).
//! The range a loan is in, and every range it was in before with first and last day, follow from
//! its transactions: a backdated payment or a reversal makes the history anew.
//!
//! A pause ([`TransactionKind::DelinquencyPause`](super::TransactionKind::DelinquencyPause)) stops
//! the clock: the count keeps through its last day the value it has on its first, so that a range
//! is not left upwards. Paying leaves it downwards all the same. Neither days past due nor
//! penalties, locks or arrears know of it.
//!
//! Source: Fineract's delinquency buckets and pauses.

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Amounts, Code, LoanAccount, LoanError, Outcome, account::Pause, terms::terms_error};

/// A range of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DelinquencyRange {
    /// Its name.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub name: Code,
    /// Its first day, 1 or more.
    pub first_day: u16,
    /// Its last day; `None` for all days from the first on.
    #[serde(default)]
    pub last_day: Option<u16>,
}

impl DelinquencyRange {
    pub(crate) const fn holds(&self, days: u32) -> bool {
        // Widening: `From` is not const.
        days >= self.first_day as u32
            && match self.last_day {
                Some(last) => days <= last as u32,
                None => true,
            }
    }
}

/// Checks that ranges rise and do not overlap; days between two of them are in none.
pub(crate) fn validate(ranges: &[DelinquencyRange]) -> Result<(), LoanError> {
    let mut free_from = Some(1);
    for range in ranges {
        let begins = free_from.is_some_and(|free| range.first_day >= free);
        let ends = range.last_day.is_none_or(|last| last >= range.first_day);
        if !begins || !ends {
            return Err(terms_error(
                "arrears.delinquency",
                &range.name,
                "ranges of one day or more, each beginning after the end of the one before",
            ));
        }
        free_from = range.last_day.and_then(|last| last.checked_add(1));
    }
    Ok(())
}

/// How late a loan is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delinquency {
    /// Days beyond the tolerated ones, without the days of pauses.
    pub days: u32,
    /// The last day tolerated: the oldest unpaid due date and the contract's tolerated days. `None`
    /// until it has passed.
    pub since: Option<NaiveDate>,
    /// What is overdue.
    pub overdue: Amounts,
    /// The range its days are in.
    pub range: Option<Code>,
}

/// A range that a loan is, or was, in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelinquencyTag {
    /// The range's name.
    pub range: Code,
    /// The first day.
    pub from: NaiveDate,
    /// The day on which it was left; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

/// How late one instalment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstalmentDelinquency {
    /// The instalment's number.
    pub instalment: u16,
    /// When it was due.
    pub due_on: NaiveDate,
    /// Days since then, without the days of pauses. No days are tolerated here.
    pub days: u32,
    /// What is overdue of it.
    pub overdue: Amounts,
    /// The range its days are in.
    pub range: Option<Code>,
}

/// A range left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    range: u16,
    #[serde(with = "crate::compact::date")]
    from: NaiveDate,
    #[serde(with = "crate::compact::date")]
    to: NaiveDate,
}

/// The range that lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tag {
    range: u16,
    #[serde(with = "crate::compact::date")]
    from: NaiveDate,
}

/// Ranges and pauses of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DelinquencyState {
    tag: Option<Tag>,
    left: Vec<Left>,
    pauses: Vec<Pause>,
}

impl DelinquencyState {
    /// Takes up the range of a day; what lasted no day is forgotten.
    fn set(&mut self, range: Option<u16>, on: NaiveDate) {
        if self.tag.map(|tag| tag.range) == range {
            return;
        }
        if let Some(Tag { range, from }) = self.tag.filter(|tag| tag.from < on) {
            let to = on;
            self.left.push(Left { range, from, to });
        }
        self.tag = range.map(|range| {
            let resumed = |left: &mut Left| left.range == range && left.to == on;
            let from = self.left.pop_if(resumed).map_or(on, |left| left.from);
            Tag { range, from }
        });
    }

    /// Days after `from` up to `to` on which the clock stands still.
    fn paused(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let days = self.pauses.iter().map(|pause| {
            let (first, last) = (pause.first.max(from), pause.last.min(to));
            u32::try_from(last.signed_duration_since(first).num_days()).unwrap_or(0)
        });
        days.fold(0, u32::saturating_add)
    }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> u32 {
    u32::try_from(to.signed_duration_since(from).num_days()).unwrap_or(0)
}

impl LoanAccount {
    /// How late the loan is as of [`Self::as_of`].
    #[must_use]
    pub fn delinquency(&self) -> Delinquency {
        let (arrears, today) = (&self.arrears, self.as_of);
        let Some(oldest) = arrears.oldest_unpaid else {
            return Delinquency::default();
        };
        let tolerated = self.terms.arrears.tolerance_days;
        let last = oldest.checked_add_days(chrono::Days::new(tolerated.into()));
        let days = self.delinquent_days(oldest, today);
        Delinquency {
            days,
            since: last.filter(|last| *last < today),
            overdue: arrears.overdue,
            range: self.range_of(days).map(|(_, range)| range.name),
        }
    }

    /// The ranges that the loan was in, oldest first, and the one it is in.
    #[must_use]
    pub fn delinquency_history(&self) -> Vec<DelinquencyTag> {
        let name = |at: u16| self.terms.arrears.delinquency.get(usize::from(at));
        let left = self.delinquency.left.iter();
        let left = left.map(|left| (left.range, left.from, Some(left.to)));
        let now = self.delinquency.tag.map(|tag| (tag.range, tag.from, None));
        left.chain(now)
            .filter_map(|(at, from, to)| {
                let range = name(at)?.name;
                Some(DelinquencyTag { range, from, to })
            })
            .collect()
    }

    /// How late each unpaid instalment is, oldest first.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn delinquent_instalments(&self) -> Result<Vec<InstalmentDelinquency>, LoanError> {
        let today = self.as_of;
        let late = self
            .instalments
            .iter()
            .take_while(|row| row.due_on < today)
            .filter(|row| !row.is_settled());
        late.map(|row| {
            let days = days_between(row.due_on, today)
                .saturating_sub(self.delinquency.paused(row.due_on, today));
            Ok(InstalmentDelinquency {
                instalment: row.number,
                due_on: row.due_on,
                days,
                overdue: row.open_amounts()?,
                range: self.range_of(days).map(|(_, range)| range.name),
            })
        })
        .collect()
    }

    /// First and last day of each delinquency pause, in the order in which they begin; the last day
    /// of a pause that was ended is the day of its end.
    #[must_use]
    pub fn delinquency_pauses(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let pauses = self.delinquency.pauses.iter();
        pauses.map(|pause| (pause.first, pause.last)).collect()
    }

    fn delinquent_days(&self, oldest: NaiveDate, on: NaiveDate) -> u32 {
        days_between(oldest, on)
            .saturating_sub(self.delinquency.paused(oldest, on))
            .saturating_sub(self.terms.arrears.tolerance_days.into())
    }

    fn range_of(&self, days: u32) -> Option<(u16, &DelinquencyRange)> {
        let ranges = (0_u16..).zip(&self.terms.arrears.delinquency);
        ranges.into_iter().find(|(_, range)| range.holds(days))
    }

    /// Takes up today's range.
    pub(crate) fn tag_today(&mut self) {
        if self.terms.arrears.delinquency.is_empty() {
            return;
        }
        let today = self.as_of;
        let days = self.arrears.oldest_unpaid;
        let days = days.map_or(0, |oldest| self.delinquent_days(oldest, today));
        let range = self.range_of(days).map(|(at, _)| at);
        self.delinquency.set(range, today);
    }

    /// Takes up the ranges of the days after today and before `end`, on which nothing but the count
    /// of days changes.
    pub(crate) fn tag_days_before(&mut self, end: NaiveDate) {
        let Some(oldest) = self.arrears.oldest_unpaid else {
            return;
        };
        let range_on = |account: &Self, day| {
            let days = account.delinquent_days(oldest, day);
            account.range_of(days).map(|(at, _)| at)
        };
        let now = self.delinquency.tag.map(|tag| tag.range);
        let none = self.terms.arrears.delinquency.is_empty();
        // The count never falls by itself: the same range at the end is the same all along.
        if none || (now.is_some() && range_on(self, end) == now) {
            return;
        }
        let days = self.as_of.iter_days().skip(1);
        for day in days.take_while(|day| *day < end) {
            let range = range_on(self, day);
            self.delinquency.set(range, day);
        }
    }

    /// Stops the clock from one day to another.
    pub(crate) fn pause_delinquency(
        &mut self,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Outcome, LoanError> {
        let pauses = &mut self.delinquency.pauses;
        let at = pauses.partition_point(|pause| pause.first <= first);
        let before = at.checked_sub(1).and_then(|at| pauses.get(at));
        if let Some(before) = before.filter(|before| first < before.last) {
            return Err(LoanError::TooEarly {
                field: "first day of the delinquency pause",
                given: first,
                allowed: before.last,
            });
        }
        if let Some(next) = pauses.get(at).filter(|next| next.first < last) {
            return Err(LoanError::TooLate {
                field: "last day of the delinquency pause",
                given: last,
                allowed: next.first,
            });
        }
        pauses.insert(at, Pause { first, last });
        Ok(Outcome::default())
    }

    /// Ends the pause that holds today.
    pub(crate) fn resume_delinquency(&mut self) -> Result<Outcome, LoanError> {
        let (today, status) = (self.as_of, self.status);
        let pauses = &mut self.delinquency.pauses;
        let holds = |pause: &&mut Pause| pause.first <= today && today < pause.last;
        let Some(pause) = pauses.iter_mut().find(holds) else {
            return Err(LoanError::WrongStatus {
                command: "end of the delinquency pause",
                status,
                allowed: "under a delinquency pause",
            });
        };
        pause.last = today;
        Ok(Outcome::default())
    }
}
