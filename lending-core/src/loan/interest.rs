//! Interest of part of a period on the balances it actually had: the schedule's own arithmetic,
//! fed with the stretches of the account.

use alloc::{vec, vec::Vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Instalment, LoanAccount, LoanError,
    account::{Pause, Stretch},
    amounts::{add, mul},
};
use crate::schedule::{
    Rate, ScheduleError,
    internal::{Charging, Piece, Ratio, Span, pow10},
};

impl Instalment {
    pub(crate) fn span(&self) -> Span {
        Span {
            number: self.number.into(),
            start: self.from,
            end: self.interest_to,
        }
    }
}

pub(crate) fn too_large() -> LoanError {
    ScheduleError::overflow("the interest of a period").into()
}

impl LoanAccount {
    /// What interest depends on beside balances, prepared once for a forecast.
    pub(crate) fn charging(&self) -> Result<Charging<'_>, LoanError> {
        self.charging_to(self.instalments.last().map(|row| row.interest_to))
    }

    pub(crate) fn charging_to(&self, last: Option<NaiveDate>) -> Result<Charging<'_>, LoanError> {
        let terms = &self.terms.schedule;
        let unit = pow10(self.terms.currency.minor_units().into()).ok_or_else(too_large)?;
        let start = self.disbursed_on.unwrap_or(self.opened_on);
        let last = last.unwrap_or(start);
        Ok(Charging::new(
            terms,
            &self.terms.calendar,
            start,
            last,
            unit,
        )?)
    }

    pub(crate) fn rate(&self, percent: Decimal) -> Rate {
        Rate {
            percent,
            per: self.terms.schedule.interest.rate.per,
        }
    }

    /// Interest from the first stretch to `to`, unrounded: an exact sum, turned into a decimal
    /// once.
    pub(crate) fn interest_of(
        &self,
        charging: &Charging<'_>,
        span: Span,
        stretches: &[Stretch],
        to: NaiveDate,
    ) -> Result<Decimal, LoanError> {
        self.interest_where(charging, span, stretches, (to, false))
    }

    /// The same of the stretches under a lock only, or of the others only.
    pub(crate) fn interest_where(
        &self,
        charging: &Charging<'_>,
        span: Span,
        stretches: &[Stretch],
        (to, locked): (NaiveDate, bool),
    ) -> Result<Decimal, LoanError> {
        let unit = Decimal::try_from_i128_with_scale(1, self.terms.currency.minor_units().into())
            .map_err(|_| too_large())?;
        let amount = |sum: Ratio| mul(sum.to_decimal().ok_or_else(too_large)?, unit);
        let each = self.terms.schedule.rounding.each_stretch;
        let (mut total, mut sum) = (Decimal::ZERO, Ratio::ZERO);
        for (at, stretch) in stretches.iter().enumerate() {
            let next = at.checked_add(1).and_then(|at| stretches.get(at));
            let end = next.map_or(to, |next| next.from).min(to);
            if stretch.locked != locked {
                continue;
            }
            let base = Ratio::of_decimal(stretch.base);
            let balance = base.num.checked_mul(charging.unit).ok_or_else(too_large)?;
            let rate = self.rate(stretch.percent);
            for (from, to) in unpaused(&self.pauses, stretch.from, end) {
                let piece = Piece {
                    from,
                    to,
                    balance,
                    rate,
                    free: charging.is_free(from, true),
                };
                let interest = charging.interest_of(&piece, span, base.den)?;
                sum = sum.checked_add(interest).ok_or_else(too_large)?;
            }
            if each {
                total = add(total, self.round(amount(sum)?))?;
                sum = Ratio::ZERO;
            }
        }
        add(total, amount(sum)?)
    }
}

/// The parts of `(from, to]` outside every pause. A pause frees the nights that end on its days,
/// first and last included.
pub(crate) fn unpaused(
    pauses: &[Pause],
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<(NaiveDate, NaiveDate)> {
    if from >= to {
        return Vec::new();
    }
    let mut open = vec![(from, to)];
    for pause in pauses {
        let Some(free_from) = pause.first.pred_opt() else {
            continue;
        };
        let mut left = Vec::with_capacity(open.len().saturating_add(1));
        for (start, end) in open {
            left.push((start, end.min(free_from)));
            left.push((start.max(pause.last), end));
        }
        left.retain(|(start, end)| start < end);
        open = left;
    }
    open
}
