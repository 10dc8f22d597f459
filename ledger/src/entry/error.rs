//! Why an entry was refused.

use alloc::string::String;

use crate::{BranchCode, Currency, EntryId, Money};

/// Why an entry could not be made. Lines count from zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// No lines.
    #[error("entry {entry} has no lines: at least one debit and one credit are needed")]
    Empty {
        /// The entry.
        entry: EntryId,
    },
    /// An amount that is not positive whole minor units within range.
    #[error("entry {entry} line {line}: {amount} is not allowed: {allowed}")]
    Amount {
        /// The entry.
        entry: EntryId,
        /// The line.
        line: usize,
        /// What was given.
        amount: Money,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The same for a line that is read on its own.
    #[error("journal line of {amount} is not allowed: {allowed}")]
    LineAmount {
        /// What was given.
        amount: Money,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Debits and credits differ in one currency of one branch.
    #[error(
        "entry {entry} does not balance in {currency}{}: debits are {debits} and credits {credits} minor units",
        in_branch(branch)
    )]
    Unbalanced {
        /// The entry.
        entry: EntryId,
        /// The currency.
        currency: Currency,
        /// The branch, `None` for the lines without one.
        branch: Option<BranchCode>,
        /// Sum of debits in minor units.
        debits: i128,
        /// Sum of credits in minor units.
        credits: i128,
    },
    /// `on_branch` was called before the first line.
    #[error("entry {entry} puts branch {branch} on a line before there is one")]
    BranchWithoutLine {
        /// The entry.
        entry: EntryId,
        /// The branch.
        branch: BranchCode,
    },
    /// One tag key was given two values.
    #[error("entry {entry} has tag {key:?} twice, as {first:?} and {second:?}")]
    TagTwice {
        /// The entry.
        entry: EntryId,
        /// The key.
        key: String,
        /// The value given first.
        first: String,
        /// The value given second.
        second: String,
    },
    /// A tag without a key.
    #[error("entry {entry} has a tag with an empty key")]
    EmptyTagKey {
        /// The entry.
        entry: EntryId,
    },
    /// The entry says that it reverses itself.
    #[error("entry {entry} cannot reverse itself: a reversal has an identifier of its own")]
    ReversesItself {
        /// The entry.
        entry: EntryId,
    },
    /// The leg that would balance a branch does not fit a line.
    #[error(
        "entry {entry}: the inter-branch leg in {currency} for branch {branch} is beyond 9223372036854775807 minor units"
    )]
    InterBranchTooLarge {
        /// The entry.
        entry: EntryId,
        /// The currency.
        currency: Currency,
        /// The branch.
        branch: BranchCode,
    },
}

fn in_branch(branch: &Option<BranchCode>) -> String {
    branch.map_or_else(String::new, |branch| alloc::format!(" for branch {branch}"))
}

impl EntryError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Empty { .. } => 1401,
            Self::Amount { .. } | Self::LineAmount { .. } => 1402,
            Self::Unbalanced { .. } => 1403,
            Self::BranchWithoutLine { .. } => 1404,
            Self::TagTwice { .. } => 1405,
            Self::EmptyTagKey { .. } => 1406,
            Self::ReversesItself { .. } => 1407,
            Self::InterBranchTooLarge { .. } => 1408,
        }
    }
}
