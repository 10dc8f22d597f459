//! A derivation as data, and as one line.

use alloc::{string::String, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use ledger::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Amounts, Element, TransactionId};

/// What is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Question {
    /// The interest of an instalment, by its number.
    InstalmentInterest(u16),
    /// The interest that has arisen in the running period.
    AccruedInterest,
    /// Where the money of a transaction went.
    Allocation(TransactionId),
    /// The days past due and whether they are arrears.
    ArrearsDays,
    /// The penalty of the present spell of late payment.
    Penalty,
    /// The tax contained in an instalment, by its number.
    InstalmentTax(u16),
}

/// Days with one balance and one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedStretch {
    /// First day; the night after it is the first.
    #[serde(with = "crate::compact::date")]
    pub from: NaiveDate,
    /// The day up to which it counts.
    #[serde(with = "crate::compact::date")]
    pub to: NaiveDate,
    /// The balance or base.
    #[serde(with = "crate::compact::decimal")]
    pub base: Decimal,
    /// Percent: of interest for the contract's charge frequency, of a penalty for a day.
    #[serde(with = "crate::compact::decimal")]
    pub percent: Decimal,
    /// What it comes to, unrounded.
    #[serde(with = "crate::compact::decimal")]
    pub amount: Decimal,
    /// Whether it accrued under a lock, outside of the balance.
    pub locked: bool,
}

/// What one instalment took of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedShare {
    /// The instalment's number at the time.
    pub instalment: u16,
    /// When it is due.
    #[serde(with = "crate::compact::date")]
    pub due_on: NaiveDate,
    /// What was paid or forgiven of it.
    pub amounts: Amounts,
}

/// The tax on a part of an element that was applied at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedTax {
    /// What is taxed.
    pub element: Element,
    /// The amount that contains the tax.
    #[serde(with = "crate::compact::decimal")]
    pub gross: Decimal,
    /// The rate.
    #[serde(with = "crate::compact::decimal")]
    pub percent: Decimal,
    /// `gross × percent / (100 + percent)`, rounded.
    #[serde(with = "crate::compact::decimal")]
    pub tax: Decimal,
}

/// A derivation. Its `Display` is one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Explanation {
    /// A sum over days, rounded once.
    Sum {
        /// What of.
        what: String,
        /// The days.
        stretches: Vec<ExplainedStretch>,
        /// Taken off before rounding: interest of the period that was applied before.
        #[serde(with = "crate::compact::decimal")]
        applied_early: Decimal,
        /// The sum, unrounded, without what is locked.
        #[serde(with = "crate::compact::decimal")]
        unrounded: Decimal,
        /// The rule of the one rounding.
        rounding: Rounding,
        /// To so many decimals.
        decimals: u32,
        /// The sum rounded.
        #[serde(with = "crate::compact::decimal")]
        rounded: Decimal,
        /// What the account asks for: more than `rounded` by what is forecast for days to come and
        /// by interest put off or moved here from other instalments, less by what a tolerance or
        /// lock keeps back, or is due with a later instalment.
        #[serde(with = "crate::compact::decimal")]
        due: Decimal,
    },
    /// Where a transaction's money went.
    Allocation {
        /// The transaction.
        transaction: TransactionId,
        /// Its value date.
        #[serde(with = "crate::compact::date")]
        value_date: NaiveDate,
        /// On its value date, instalment by instalment, in order of due dates.
        shares: Vec<ExplainedShare>,
        /// What it has done by now, element by element.
        applied: Amounts,
        /// What is left of it as a credit balance.
        #[serde(with = "crate::compact::decimal")]
        credit_balance: Decimal,
    },
    /// Days past due.
    Arrears {
        /// The oldest due date with something unpaid.
        #[serde(with = "crate::compact::date_option")]
        oldest_unpaid: Option<NaiveDate>,
        /// Counted to this day.
        #[serde(with = "crate::compact::date")]
        as_of: NaiveDate,
        /// Calendar days between them.
        days_past_due: u32,
        /// Days as tolerances count them.
        days_late: u32,
        /// Days tolerated.
        tolerated_days: u16,
        /// What is overdue.
        #[serde(with = "crate::compact::decimal")]
        overdue: Decimal,
        /// What is tolerated of it.
        #[serde(with = "crate::compact::decimal")]
        tolerated: Decimal,
        /// Since when it is in arrears.
        #[serde(with = "crate::compact::date_option")]
        since: Option<NaiveDate>,
    },
    /// The tax contained in an instalment.
    Tax {
        /// Its number.
        instalment: u16,
        /// The parts, those applied first first.
        parts: Vec<ExplainedTax>,
    },
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sum {
                what,
                stretches,
                applied_early,
                unrounded,
                rounding,
                decimals,
                rounded,
                due,
            } => {
                write!(f, "{what}: ")?;
                for (at, stretch) in stretches.iter().enumerate() {
                    let plus = if at == 0 { "" } else { " + " };
                    let lock = if stretch.locked { " (locked)" } else { "" };
                    write!(
                        f,
                        "{plus}{} x {} % from {} to {}{lock}",
                        stretch.base, stretch.percent, stretch.from, stretch.to
                    )?;
                }
                if !applied_early.is_zero() {
                    write!(f, " less {applied_early} applied before")?;
                }
                let sum = unrounded.normalize();
                write!(
                    f,
                    " = {sum}, {rounding:?} to {decimals} decimals: {rounded}"
                )?;
                if due == rounded {
                    return Ok(());
                }
                write!(f, "; the account asks for {due}")
            }
            Self::Allocation {
                value_date,
                shares,
                credit_balance,
                ..
            } => {
                write!(f, "allocated on {value_date}:")?;
                for share in shares {
                    write!(f, " instalment {} of {}", share.instalment, share.due_on)?;
                    write!(f, " ({})", share.amounts)?;
                }
                write!(f, ", credit balance {credit_balance}")
            }
            Self::Tax { instalment, parts } => {
                write!(f, "tax of instalment {instalment}:")?;
                for part in parts {
                    let ExplainedTax { gross, percent, .. } = part;
                    let (element, tax) = (part.element.name(), part.tax);
                    write!(f, " {tax} in {gross} of {element} at {percent} %,")?;
                }
                let taxes = parts.iter().map(|part| part.tax);
                let sum = taxes.fold(Decimal::ZERO, Decimal::saturating_add);
                write!(f, " in sum {sum}")
            }
            Self::Arrears {
                oldest_unpaid: None,
                as_of,
                ..
            } => write!(f, "nothing is past due on {as_of}"),
            Self::Arrears {
                oldest_unpaid: Some(oldest),
                as_of,
                days_past_due,
                days_late,
                tolerated_days,
                overdue,
                tolerated,
                since,
            } => {
                write!(
                    f,
                    "{overdue} unpaid since {oldest}, on {as_of} {days_past_due} days past due"
                )?;
                write!(
                    f,
                    "; {days_late} days count, {tolerated_days} days and {tolerated} are tolerated: "
                )?;
                match since {
                    Some(since) => write!(f, "in arrears since {since}"),
                    None => f.write_str("not in arrears"),
                }
            }
        }
    }
}
