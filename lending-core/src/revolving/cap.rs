//! A cap on what lateness may cost: while a line in arrears owes interest, fees and penalties up to
//! its cap, the contract charges nothing more.
//!
//! What arises meanwhile waits, outside of the balance and of the books: interest of the cycles that
//! end, the penalty that grows by the night. Fees for going into arrears or default are not charged.
//! The cap lets go when the arrears end; what has waited is charged with the next statement.
//! Charges by hand are the lender's own decision and stay allowed.
//!
//! Source: the caps of loans ([`CapTerms`](crate::loan::CapTerms)), which follow Mambu; that unpaid
//! charges are measured, and by the principal owed, is the in duplum rule of African banking law.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{CreditLine, RevolvingError};
use crate::loan::{
    CapMethod, LoanError,
    amounts::{add, mul},
};

/// What the cap of a line is a percentage of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LineCapBase {
    /// The principal owed.
    #[default]
    Principal,
    /// The limit.
    Limit,
}

/// Which charges count towards the cap of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LineCapCounts {
    /// Those that are owed.
    #[default]
    Owed,
    /// All since activation, paid or not, as those of a loan. Fees taken at draws are not among
    /// them. For lines of a short life: in a long one every cap is reached some day.
    Charged,
}

/// A cap on interest, fees and penalties of a line in arrears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LineCap {
    /// The most, in percent of the base.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
    /// Percent of what.
    #[serde(default)]
    pub of: LineCapBase,
    /// Which charges count.
    #[serde(default)]
    pub counts: LineCapCounts,
    /// Whether the charge that crosses the cap is the last one (soft) or the first that waits whole
    /// (hard).
    #[serde(default)]
    pub method: CapMethod,
}

impl CreditLine {
    /// Since when the cap has kept charges away, if it does.
    #[must_use]
    pub const fn capped_since(&self) -> Option<NaiveDate> {
        self.capped_since
    }

    /// Interest that waits because of the cap, up to [`Self::as_of`], rounded, with tax.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a figure does not fit.
    pub fn capped_interest(&self) -> Result<Decimal, RevolvingError> {
        match self.capped_since {
            Some(_) => self.uncharged_interest(),
            None => Ok(Decimal::ZERO),
        }
    }

    /// Penalty that waits because of the cap.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a figure does not fit.
    pub fn capped_penalty(&self) -> Result<Decimal, RevolvingError> {
        match self.capped_since {
            Some(_) => self.uncharged_penalty(),
            None => Ok(Decimal::ZERO),
        }
    }

    /// The most that charges may come to, and what counts of them, where the contract has a cap and
    /// the line is in arrears.
    fn cap(&self) -> Result<Option<(CapMethod, Decimal, Decimal)>, LoanError> {
        let Some(cap) = self.terms.cap.filter(|_| self.arrears.in_arrears()) else {
            return Ok(None);
        };
        let base = match cap.of {
            LineCapBase::Principal => self.owed.principal,
            LineCapBase::Limit => self.limit,
        };
        let most = mul(mul(base, cap.percent)?, Decimal::new(1, 2))?;
        let of = match cap.counts {
            LineCapCounts::Owed => &self.owed,
            LineCapCounts::Charged => &self.charged,
        };
        let counted = add(add(of.interest, of.fee)?, of.penalty)?;
        Ok(Some((cap.method, most, counted)))
    }

    /// Whether the cap keeps a charge away; a hard one begins to when it would be crossed. A line that
    /// is closed owes everything.
    pub(crate) fn keeps_away(&mut self, charge: Decimal) -> Result<bool, LoanError> {
        if self.closing {
            return Ok(false);
        }
        if self.capped_since.is_none()
            && charge > Decimal::ZERO
            && let Some((CapMethod::Hard, most, counted)) = self.cap()?
            && add(counted, charge)? > most
        {
            self.capped_since = Some(self.as_of);
        }
        Ok(self.capped_since.is_some())
    }

    /// The cap holds from the day it is reached until the arrears end.
    pub(crate) fn settle_cap(&mut self) -> Result<(), LoanError> {
        self.capped_since = match self.cap()? {
            None => None,
            Some((_, most, counted)) if counted >= most => self.capped_since.or(Some(self.as_of)),
            Some(_) => self.capped_since,
        };
        Ok(())
    }
}
