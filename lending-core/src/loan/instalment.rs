//! An instalment as it stands: what is due, what was paid, what was given up.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, Element, LoanError, Timing,
    amounts::{add, sub},
};

/// Where an instalment's principal comes from when the forecast is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PrincipalRule {
    /// The level instalment less its interest.
    Level,
    /// The amount planned at disbursement.
    Planned,
    /// The planned total less the interest.
    Total,
    /// Agreed, principal and interest: no forecast changes it.
    Agreed,
    /// Nothing: charges only (grace, down payment made otherwise, charges after maturity).
    None,
}

/// An instalment of a running loan. `Copy`, so that a decision takes all rows over in one move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// Number, from 1.
    pub number: u16,
    /// First day of its interest period (not itself bearing interest; the night after it does).
    #[serde(with = "crate::compact::date")]
    pub from: NaiveDate,
    /// Last day of its interest period: the due date before it moved off a non-working day.
    #[serde(with = "crate::compact::date")]
    pub interest_to: NaiveDate,
    /// When it is due.
    #[serde(with = "crate::compact::date")]
    pub due_on: NaiveDate,
    /// What is due, element by element. Interest of a period that has not ended is a forecast
    /// when interest follows the balance.
    pub due: Amounts,
    /// What was paid.
    pub paid: Amounts,
    /// What was waived or written off.
    pub forgiven: Amounts,
    /// Of what was paid: before the due date.
    #[serde(with = "crate::compact::decimal")]
    pub paid_in_advance: Decimal,
    /// Of what was paid: after the due date.
    #[serde(with = "crate::compact::decimal")]
    pub paid_late: Decimal,
    /// The value date of the payment that settled it.
    #[serde(with = "crate::compact::date_option")]
    pub settled_on: Option<NaiveDate>,
    /// The day on which it was last covered: known even while a forecast opens it again.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) covered_on: Option<NaiveDate>,
    /// Whether its late-payment fees have been charged.
    pub late_fee_charged: bool,
    /// Principal (or, by the rule, total) planned when the instalments were last levelled.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) planned: Decimal,
    pub(crate) principal_rule: PrincipalRule,
}

impl Instalment {
    /// An instalment of charges only, after the last one of the schedule.
    pub(crate) const fn extra(number: u16, from: NaiveDate, due: NaiveDate) -> Self {
        Self {
            number,
            from,
            interest_to: due,
            due_on: due,
            due: Amounts::ZERO,
            paid: Amounts::ZERO,
            forgiven: Amounts::ZERO,
            paid_in_advance: Decimal::ZERO,
            paid_late: Decimal::ZERO,
            settled_on: None,
            covered_on: None,
            late_fee_charged: false,
            planned: Decimal::ZERO,
            principal_rule: PrincipalRule::None,
        }
    }

    /// What is due of an element and neither paid nor forgiven.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn open(&self, element: Element) -> Result<Decimal, LoanError> {
        sub(
            sub(self.due.get(element), self.paid.get(element))?,
            self.forgiven.get(element),
        )
    }

    /// What is due and neither paid nor forgiven, element by element.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn open_amounts(&self) -> Result<Amounts, LoanError> {
        self.due.minus(&self.paid)?.minus(&self.forgiven)
    }

    /// What was paid or forgiven.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn settled(&self) -> Result<Amounts, LoanError> {
        self.paid.plus(&self.forgiven)
    }

    /// What was paid or forgiven of one element.
    pub(crate) fn settled_of(&self, element: Element) -> Result<Decimal, LoanError> {
        add(self.paid.get(element), self.forgiven.get(element))
    }

    /// Whether it has a period of its own that carries principal: not a down payment, and not an
    /// instalment of charges only.
    pub(crate) fn has_period(&self) -> bool {
        !matches!(
            self.principal_rule,
            PrincipalRule::Agreed | PrincipalRule::None
        ) && self.from < self.interest_to
    }

    /// Whether nothing of it is open.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        if self.settled_on.is_some() {
            debug_assert!(self.is_covered(), "settled with something open: {self:?}");
            return true;
        }
        self.is_covered()
    }

    /// Whether what was paid and forgiven covers what is due, element by element.
    pub(crate) fn is_covered(&self) -> bool {
        Element::ALL.iter().all(|element| {
            self.due.get(*element).is_zero()
                || self.open(*element).is_ok_and(|open| open <= Decimal::ZERO)
        })
    }

    /// Takes up that something was paid or forgiven on a day.
    pub(crate) fn settle_if_covered(&mut self, on: NaiveDate) {
        if self.is_covered() {
            (self.settled_on, self.covered_on) = (Some(on), Some(on));
        }
    }

    /// Takes up that what was paid on a day covers what is forecast to be due.
    pub(crate) fn cover(&mut self, forecast: &Self, on: NaiveDate) {
        let paid = self.paid != forecast.paid;
        let covered = Self {
            due: forecast.due,
            ..*self
        };
        if paid && covered.is_covered() {
            self.covered_on = Some(on);
        }
    }

    /// Takes up that more is owed.
    pub(crate) const fn reopen(&mut self) {
        (self.settled_on, self.covered_on) = (None, None);
    }

    /// Takes up that what is due was made again.
    pub(crate) fn resettle(&mut self) {
        self.settled_on = self.covered_on.filter(|_| self.is_covered());
    }

    /// How it stands to a date.
    #[must_use]
    pub fn timing(&self, on: NaiveDate) -> Timing {
        match self.due_on.cmp(&on) {
            core::cmp::Ordering::Less => Timing::PastDue,
            core::cmp::Ordering::Equal => Timing::Due,
            core::cmp::Ordering::Greater => Timing::InAdvance,
        }
    }
}
