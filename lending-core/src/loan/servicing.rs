//! What happens to a running loan besides payments: interest applied by hand, index reviews, money
//! put aside to be taken out again (redraw).
//!
//! Source: Mambu's transactions of these kinds.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Element, LoanAccount, LoanError, LoanTerms, Outcome,
    amounts::{add, sub},
    terms::terms_error,
};
use crate::dates::Period;

/// A rate that follows an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IndexTerms {
    /// Added to the index, in percent.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub spread: Decimal,
    /// The rate never goes below, in percent.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub floor: Option<Decimal>,
    /// The rate never goes above, in percent.
    #[serde(default, with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub ceiling: Option<Decimal>,
    /// How often it is reviewed, counted from the last review, the first time from disbursement.
    pub review_every: Period,
}

impl IndexTerms {
    /// The rate at an index: `clamp(index + spread, floor, ceiling)`, in percent.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn rate(&self, index: Decimal) -> Result<Decimal, LoanError> {
        let rate = add(index, self.spread)?;
        let rate = self.ceiling.map_or(rate, |ceiling| rate.min(ceiling));
        Ok(self.floor.map_or(rate, |floor| rate.max(floor)))
    }

    pub(crate) fn validate(&self) -> Result<(), LoanError> {
        if self.review_every.is_empty() {
            let allowed = "a period of one day or more";
            return Err(terms_error("index.review_every", &"no time", allowed));
        }
        match (self.floor, self.ceiling) {
            (Some(floor), Some(ceiling)) if floor > ceiling => {
                Err(terms_error("index.floor", &floor, "at most the ceiling"))
            }
            _ => Ok(()),
        }
    }
}

impl LoanTerms {
    pub(crate) fn require_on_balance(&self, what: &'static str) -> Result<(), LoanError> {
        if matches!(self.interest_basis, super::InterestBasis::OnBalance { .. }) {
            return Ok(());
        }
        Err(terms_error(
            "interest_basis",
            &"on_schedule",
            match what {
                "redraw" => "on_balance, for redraw",
                "index review" => "on_balance, for an index review",
                _ => "on_balance, to apply interest by hand",
            },
        ))
    }
}

impl LoanAccount {
    /// Applies the interest that has arisen in the running period: it falls due today, in an
    /// instalment of its own. Nothing when none has arisen.
    pub(crate) fn apply_interest(&mut self) -> Result<Outcome, LoanError> {
        // With which instalment it would be due is read off the forecast.
        self.freshen()?;
        let arisen = self.interest_to_date()?;
        let today = self.as_of;
        let runs = |row: &super::Instalment| row.has_period() && row.interest_to > today;
        let Some(at) = self.instalments.iter().position(runs) else {
            return Ok(Outcome::default());
        };
        let at = self.pays_interest_of(at);
        let Some(row) = self.instalments.get(at) else {
            return Ok(Outcome::default());
        };
        let arisen = arisen.get(at).copied().unwrap_or_default();
        let amount = sub(arisen, row.settled()?.interest)?;
        if amount <= Decimal::ZERO {
            return Ok(Outcome::default());
        }
        self.applied_early = add(self.applied_early, amount)?;
        let at = self.insert_due_today(Decimal::ZERO);
        if let Some(row) = self.instalments.get_mut(at) {
            row.due.add_to(Element::Interest, amount)?;
        }
        Ok(Outcome::default())
    }

    /// The rate for what an index stands at.
    pub(crate) fn review_index(&mut self, index: Decimal) -> Result<Outcome, LoanError> {
        let Some(terms) = &self.terms.index else {
            let allowed = "terms of an index rate";
            return Err(terms_error("index", &"none", allowed));
        };
        let percent = terms.rate(index)?;
        self.reviewed_on = Some(self.as_of);
        if percent != self.percent {
            self.change_rate(percent)?;
        }
        Ok(Outcome::default())
    }

    /// When the rate is to be reviewed next, for a contract that follows an index.
    #[must_use]
    pub fn next_index_review(&self) -> Option<chrono::NaiveDate> {
        let every = self.terms.index.as_ref()?.review_every;
        let last = self.reviewed_on.or(self.disbursed_on)?;
        every.after(last, 1, crate::dates::MonthEnd::Clamp)
    }

    /// Money that the borrower put aside and may take out again. While it is there it lowers the
    /// balance that bears interest.
    #[must_use]
    pub const fn redraw_balance(&self) -> Decimal {
        self.redraw
    }

    pub(crate) fn put_aside(&mut self, amount: Decimal) -> Result<Outcome, LoanError> {
        self.redraw = add(self.redraw, amount)?;
        Ok(Outcome {
            credit_balance: amount,
            ..Outcome::default()
        })
    }

    /// Takes money out again. What history, changed since, no longer covers was lent.
    pub(crate) fn take_out(&mut self, amount: Decimal) -> Result<Outcome, LoanError> {
        let part = amount.min(self.redraw);
        self.redraw = sub(self.redraw, part)?;
        let rest = sub(amount, part)?;
        let lent = if rest > Decimal::ZERO {
            self.lend_again(rest)?
        } else {
            Outcome::default()
        };
        Ok(Outcome {
            credit_balance: sub(lent.credit_balance, part)?,
            ..lent
        })
    }
}
