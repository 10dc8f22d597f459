//! What an overdue minimum costs by the day.
//!
//! Each statement's minimum counts by itself, from the night after its due date and the free nights
//! on. Nights are counted in sum, so it does not matter on which days anybody looked.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::{CreditLine, RevolvingError, Status, account::OwnFee};
use crate::loan::{
    Element,
    amounts::{add, mul},
};

impl CreditLine {
    /// Penalty grown up to [`Self::as_of`] that no statement has charged, rounded, with tax.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a figure does not fit.
    pub fn accrued_penalty(&self) -> Result<Decimal, RevolvingError> {
        if self.capped_since.is_some() {
            return Ok(Decimal::ZERO);
        }
        self.uncharged_penalty()
    }

    /// The same, whether a cap keeps it away or not.
    pub(crate) fn uncharged_penalty(&self) -> Result<Decimal, RevolvingError> {
        if self.status != Status::Active {
            return Ok(Decimal::ZERO);
        }
        let net = self.terms.round(self.penalty_by(self.as_of)?);
        Ok(self.with_tax(Element::Penalty, net)?)
    }

    /// Penalty grown by a day, unrounded, the night that ends on it included.
    fn penalty_by(&self, to: NaiveDate) -> Result<Decimal, RevolvingError> {
        let mut grown = self.penalty_grown;
        let Some(terms) = self.terms.penalty.filter(|_| to > self.penalty_through) else {
            return Ok(grown);
        };
        let free = Days::new(terms.grace_days.into());
        for demand in &self.demands {
            let Some(from) = demand.due.checked_add_days(free) else {
                continue;
            };
            let from = from.max(self.penalty_through);
            let nights = to.signed_duration_since(from).num_days().max(0);
            let percent = mul(terms.daily_percent, Decimal::from(nights))?;
            let part = mul(mul(demand.open, percent)?, Decimal::new(1, 2))?;
            grown = add(grown, part)?;
        }
        Ok(grown)
    }

    /// Lets the penalty of the nights up to a day grow, on what is overdue as it stands.
    pub(crate) fn grow_penalty(&mut self, to: NaiveDate) -> Result<(), RevolvingError> {
        if self.terms.penalty.is_some() && to > self.penalty_through {
            self.penalty_grown = self.penalty_by(to)?;
            self.penalty_through = to;
        }
        Ok(())
    }

    /// Charges what has grown, unless the cap keeps it away.
    pub(crate) fn charge_grown_penalty(&mut self) -> Result<(), RevolvingError> {
        let Some(terms) = self.terms.penalty else {
            return Ok(());
        };
        let amount = self.uncharged_penalty()?;
        if self.keeps_away(amount)? {
            return Ok(());
        }
        self.penalty_grown = Decimal::ZERO;
        if amount > Decimal::ZERO {
            self.owe(Element::Penalty, amount)?;
            let (on, name) = (self.as_of, terms.name);
            self.own_fees.push(OwnFee { on, name, amount });
        }
        Ok(())
    }
}
