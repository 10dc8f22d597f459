//! What was tried, how often, and how often it was accepted.

use std::{collections::BTreeMap, fmt};

/// How often a kind was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Accepted.
    pub accepted: u64,
    /// Refused with a typed error, as it should be.
    pub refused: u64,
}

/// Counts of lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Steps taken.
    pub steps: u64,
    /// Steps after which the second model agreed.
    pub modelled: u64,
    /// What was tried, by kind.
    pub kinds: BTreeMap<String, Count>,
}

impl Tally {
    /// Counts an attempt.
    pub fn count(&mut self, kind: &str, accepted: bool) {
        if !self.kinds.contains_key(kind) {
            self.kinds.insert(kind.to_owned(), Count::default());
        }
        if let Some(count) = self.kinds.get_mut(kind) {
            if accepted {
                count.accepted += 1;
            } else {
                count.refused += 1;
            }
        }
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.modelled += other.modelled;
        for (kind, count) in &other.kinds {
            let sum = self.kinds.entry(kind.clone()).or_default();
            sum.accepted += count.accepted;
            sum.refused += count.refused;
        }
    }

    /// All refusals.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.kinds.values().map(|count| count.refused).sum()
    }

    /// Kinds of [`KINDS`] that were never accepted.
    #[must_use]
    pub fn never_accepted(&self) -> Vec<&'static str> {
        let accepted = |kind: &&&str| {
            self.kinds
                .get(**kind)
                .is_some_and(|count| count.accepted > 0)
        };
        let missing = KINDS.iter().filter(|kind| !accepted(kind));
        missing.copied().collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44}{:>12}{:>12}", "kind", "accepted", "refused")?;
        for (kind, count) in &self.kinds {
            write!(f, "\n{kind:<44}{:>12}{:>12}", count.accepted, count.refused)?;
        }
        for kind in self.never_accepted() {
            if !self.kinds.contains_key(kind) {
                write!(f, "\n{kind:<44}{:>12}{:>12}", 0, 0)?;
            }
        }
        Ok(())
    }
}

/// Everything that a run of some length must have seen accepted.
pub const KINDS: &[&str] = &[
    "line: approve",
    "line: activate",
    "line: undo approval",
    "line: reject",
    "line: withdraw",
    "line: draw",
    "line: draw of a hold",
    "line: hold",
    "line: release of a hold",
    "line: repayment",
    "line: goodwill credit",
    "line: merchant refund",
    "line: fee",
    "line: fee of the contract",
    "line: penalty",
    "line: waiver",
    "line: credit balance refund",
    "line: stop of interest",
    "line: start of interest",
    "line: rate change",
    "line: index review",
    "line: interest pause",
    "line: tax rate change",
    "line: change of limit",
    "line: freeze",
    "line: unfreeze",
    "line: arrears by hand",
    "line: default by hand",
    "line: clearing of marks",
    "line: write-off",
    "line: recovery",
    "line: closing",
    "line: reverse",
    "line: end of day",
    "loan: approve",
    "loan: request approval",
    "loan: set incomplete",
    "loan: undo approval",
    "loan: reject",
    "loan: withdraw",
    "loan: undo reject",
    "loan: undo withdrawal",
    "loan: close",
    "loan: undo closing",
    "loan: transfer",
    "loan: reverse",
    "loan: end of day",
    "loan: disbursement",
    "loan: repayment",
    "loan: repayment in parts named",
    "loan: down payment",
    "loan: goodwill credit",
    "loan: merchant refund",
    "loan: payout refund",
    "loan: charge adjustment",
    "loan: refinancing",
    "loan: rescheduling into another loan",
    "loan: interest payment waiver",
    "loan: interest refund",
    "loan: fee",
    "loan: penalty",
    "loan: waiver",
    "loan: chargeback",
    "loan: credit balance refund",
    "loan: rate change",
    "loan: interest pause",
    "loan: tax rate change",
    "loan: delinquency pause",
    "loan: end of the delinquency pause",
    "loan: write-off",
    "loan: partial write-off",
    "loan: recovery",
    "loan: fee on every instalment",
    "loan: fee on every instalment, percent",
    "loan: penalty on every instalment",
    "loan: penalty on every instalment, percent",
    "loan: interest application",
    "loan: index review",
    "loan: redraw deposit",
    "loan: redraw withdrawal",
    "loan: charge-off",
    "loan: charge-off with a reason",
    "loan: interest waiver",
    "loan: lock",
    "loan: unlock",
    "loan: re-amortisation",
    "loan: re-ageing",
    "loan: termination",
    "loan: rescheduling",
    "loan: capitalised income",
    "loan: capitalised income adjustment",
    "loan: buy-down fee",
    "loan: buy-down fee adjustment",
    "loan: refund that gives interest back",
    "loan: into another loan",
    "loan: into another loan with a top-up",
    "loan: sale to an owner",
    "loan: sale to an intermediary",
    "loan: buy-back",
    "loan: cancelling a transfer of ownership",
    "loan: settling a transfer of ownership",
];
