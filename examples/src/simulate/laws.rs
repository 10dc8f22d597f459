//! The laws.

use std::fmt::{self, Debug};

use fastrand::Rng;
use lending_core::{
    dates::DateError, day_count::DayCountError, loan::LoanError, schedule::ScheduleError,
};

/// What holds after every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// What is refused is refused for a reason of the business.
    Refusal,
    /// Every entry balances and is booked today.
    Entries,
    /// Control accounts equal the account's own figures.
    Controls,
    /// Deciding is a function: a preview is what will happen, with or without history at hand.
    Preview,
    /// A day closed twice changes nothing.
    ClosedOnce,
    /// Closing days late gives what closing each of them gives.
    CaughtUp,
    /// Reversing what was just recorded gives what was before.
    Reversal,
    /// The facts alone decide, whatever the order of arrival.
    Arrival,
    /// The account is the fold of its contract and the history that was kept.
    History,
    /// A loan and the one that takes its place carry the same amount between them.
    Carried,
    /// The books of each owner hold what he owns.
    Owners,
    /// The second model agrees.
    Model,
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refusal => "nothing fails but what the business refuses",
            Self::Entries => "entries balance",
            Self::Controls => "control accounts equal the account",
            Self::Preview => "a preview is what happens",
            Self::ClosedOnce => "a day closed twice changes nothing",
            Self::CaughtUp => "closing days late gives what closing each of them gives",
            Self::Reversal => "reversing gives what was before",
            Self::Arrival => "the same facts give the same state in any order of arrival",
            Self::History => "the account is the fold of its history",
            Self::Carried => "one loan takes over what another gives up, and nothing else moves",
            Self::Owners => "the books of each owner hold what he owns",
            Self::Model => "the second model agrees",
        })
    }
}

/// A law that was broken.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub law: Law,
    /// At which step.
    pub at: usize,
    /// How.
    pub what: String,
}

/// Whether a law held, and how it was broken.
pub type Checked = Result<(), (Law, String)>;

/// Whether a refusal is one that a lender's clerk should see; the others mean that figures went
/// out of hand. A payout that the contract's instalments cannot repay (less than its balloon) is
/// one, and so is a day from which no due date is ever a working day (every second Saturday, where a
/// day off is left out), and an instalment of another length where coupons count, which ICMA has no
/// rule for unless they are a number of months apart.
pub fn is_business(error: &LoanError) -> bool {
    if let LoanError::Schedule(error) = error
        && matches!(
            **error,
            ScheduleError::Unpayable { .. }
                | ScheduleError::Dates(DateError::NoWorkingDay { .. })
                | ScheduleError::DayCount(DayCountError::CouponPeriod { .. })
        )
    {
        return true;
    }
    !matches!(
        error,
        LoanError::Overflow { .. }
            | LoanError::Entry(_)
            | LoanError::PostingRule(_)
            | LoanError::DateOverflow { .. }
            | LoanError::HistoryNeeded { .. }
            | LoanError::Schedule(_)
    )
}

/// Tells facts in their order, one time in four in another. One that is refused (a waiver before its
/// charge) is told again later; `false` when there is no order without a refusal, and so nothing to
/// compare.
pub fn arrive<T, E>(
    mut facts: Vec<T>,
    rng: &mut Rng,
    mut tell: impl FnMut(&T) -> Result<bool, E>,
) -> Result<bool, E> {
    if rng.u8(..4) == 0 {
        rng.shuffle(&mut facts);
    }
    while !facts.is_empty() {
        let (count, mut refused) = (facts.len(), Vec::new());
        for fact in facts {
            if !tell(&fact)? {
                refused.push(fact);
            }
        }
        if refused.len() == count {
            return Ok(false);
        }
        facts = refused;
    }
    Ok(true)
}

/// The first lines in which two states differ.
pub fn differing<T: Debug>(one: &T, other: &T) -> String {
    let (one, other) = (format!("{one:#?}"), format!("{other:#?}"));
    let pairs = one.lines().zip(other.lines()).enumerate();
    let lines: Vec<String> = pairs
        .filter(|(_, (one, other))| one != other)
        .map(|(at, (one, other))| format!("  {at}: {} <> {}", one.trim(), other.trim()))
        .take(12)
        .collect();
    let count = |text: &str| text.lines().count();
    format!(
        "{}\n({} and {} lines)",
        lines.join("\n"),
        count(&one),
        count(&other)
    )
}
