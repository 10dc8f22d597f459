//! Interest that follows the balance, and the instalments still to come.
//!
//! The forecast assumes that what is overdue is paid today and every later instalment on its due
//! date. It is made again after every transaction and at the end of every interest period.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Amounts, Element, Instalment, LoanAccount, LoanError,
    account::Stretch,
    amounts::{add, sub},
    instalment::PrincipalRule,
};
use crate::schedule::{InterestDays, Residue, internal::Charging};

/// What is still to be scheduled.
#[derive(Clone, Debug)]
pub(crate) struct Remaining {
    /// First and last instalment of the forecast.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// The balance bearing interest once what is overdue is paid.
    pub(crate) balance: Decimal,
    /// Principal that the instalments from `first` on carry, paid parts included.
    pub(crate) scheduled: Decimal,
    /// What rounding left of interest through the first of them.
    residue: Decimal,
    /// Interest of the first of them, and before, that rests.
    rested: Decimal,
    /// Whether money about to be paid goes to the last instalments first: those it pays take their
    /// whole level, and what interest it saves is left off the first ones.
    last_first: bool,
    /// Instalments that keep the level they had.
    pub(crate) kept: Vec<u16>,
}

impl LoanAccount {
    /// Makes the instalments still to come again from the balance. Returns how much of the
    /// principal paid early the first of them used up.
    pub(crate) fn forecast(&mut self) -> Result<Decimal, LoanError> {
        self.forecast_paid(&[], usize::MAX, false)
    }

    /// As [`Self::forecast`], with what is about to be paid of instalments today, and of the
    /// instalments up to a place only.
    pub(crate) fn forecast_paid(
        &mut self,
        ahead: &[Amounts],
        through: usize,
        last_first: bool,
    ) -> Result<Decimal, LoanError> {
        let Some(mut left) = self.remaining(Decimal::ZERO)? else {
            return Ok(Decimal::ZERO);
        };
        left.last_first = last_first;
        for part in ahead {
            left.balance = sub(left.balance, part.principal)?;
        }
        self.forecast_through(&mut left, ahead, through)
    }

    /// Makes the instalment again whose period ends today. Those after it wait.
    pub(crate) fn forecast_ended(&mut self) -> Result<Decimal, LoanError> {
        let today = self.as_of;
        let ended = self
            .instalments
            .partition_point(|row| row.interest_to <= today);
        let Some(mut left) = self.remaining(Decimal::ZERO)? else {
            return Ok(Decimal::ZERO);
        };
        let used = self.forecast_through(&mut left, &[], ended.saturating_sub(1))?;
        self.interest_residue = left.residue;
        let over = |row: &Instalment| row.interest_to <= today;
        if self.instalments.get(left.last).is_some_and(over) {
            // The last instalment has taken it.
            self.late_carried = Decimal::ZERO;
        }
        self.rested = left.rested;
        Ok(used)
    }

    /// The forecast is to be made again as of today: at the latest before anybody reads it. What
    /// happens meanwhile makes it again anyhow.
    pub(crate) const fn forecast_later(&mut self) {
        self.stale = Some(self.as_of);
    }

    /// Makes a forecast that waits, as of the day from which it does.
    pub(crate) fn freshen(&mut self) -> Result<(), LoanError> {
        if let Some(on) = self.stale.take() {
            let today = core::mem::replace(&mut self.as_of, on);
            let made = self.forecast();
            self.as_of = today;
            made?;
        }
        Ok(())
    }

    pub(crate) fn forecast_rows(
        &mut self,
        left: &mut Remaining,
        ahead: &[Amounts],
    ) -> Result<Decimal, LoanError> {
        self.forecast_through(left, ahead, usize::MAX)
    }

    fn forecast_through(
        &mut self,
        left: &mut Remaining,
        ahead: &[Amounts],
        through: usize,
    ) -> Result<Decimal, LoanError> {
        // The rows are taken out while they are made, so that rates and rounding can be asked of
        // the account meanwhile; they are put back whatever happens.
        let maturity = self.instalments.last().map(|row| row.interest_to);
        let mut rows = core::mem::take(&mut self.instalments);
        let made = self.make_rows(left, &mut rows, (ahead, through), maturity);
        self.instalments = rows;
        made
    }

    fn make_rows(
        &self,
        left: &mut Remaining,
        rows: &mut [Instalment],
        (ahead, through): (&[Amounts], usize),
        maturity: Option<NaiveDate>,
    ) -> Result<Decimal, LoanError> {
        let charging = self.charging_to(maturity)?;
        let (mut prepaid, mut first_used) = (self.prepaid, Decimal::ZERO);
        let mut rested = self.rested;
        let carries_residue = self.terms.schedule.rounding.residue == Residue::PrincipalAndInterest
            && self.on_balance();
        let mut residue = self.interest_residue;
        // Principal already paid on later instalments stays theirs.
        let last_first = left.last_first;
        let claimed = |at: usize, row: &Instalment| {
            let ahead = ahead.get(at).copied().unwrap_or_default();
            self.claimed(row, &ahead, last_first)
        };
        let mut reserved = Decimal::ZERO;
        let to_come = rows.iter().enumerate().take(left.last.saturating_add(1));
        for (at, row) in to_come.skip(left.first) {
            if row.has_period() {
                reserved = add(reserved, claimed(at, row)?)?;
            }
        }
        for at in left.first..=left.last.min(through.max(left.first)) {
            let Some(row) = rows.get_mut(at).filter(|row| row.has_period()) else {
                continue;
            };
            let running = at == left.first;
            let exact = self.forecast_interest(&charging, row, running, left.balance)?;
            let settled = row.settled()?;
            let claim = if last_first {
                claimed(at, row)?
            } else {
                settled.principal
            };
            // The last instalment takes what rounding left of the interest of all.
            let whole = if at == left.last {
                self.round_interest(add(exact, residue)?)
            } else {
                self.round_interest(exact)
            };
            if carries_residue {
                residue = add(residue, sub(exact, whole)?)?;
                if running {
                    left.residue = residue;
                }
            }
            let interest = add(whole, rested)?;
            let rests = self.interest_rests_in(row.interest_to) && at != left.last;
            let moved = self.moved_share(row.number);
            rested = if rests {
                // What was paid of it is due where it was paid.
                let paid = sub(settled.interest, moved)?.max(Decimal::ZERO);
                sub(interest, paid)?.max(Decimal::ZERO)
            } else {
                Decimal::ZERO
            };
            if running {
                left.rested = rested;
            }
            let net = sub(interest, rested)?;
            let mut gross = self.with_tax(Element::Interest, net)?;
            let mut tax = sub(gross, net)?;
            if at == left.last {
                gross = add(gross, self.late_carried)?;
            }
            gross = add(gross, moved)?;
            let ahead = ahead.get(at).copied().unwrap_or_default();
            let with_ahead = settled.plus(&ahead)?;
            row.due.interest = gross.max(settled.interest);
            if at != left.last && self.displaces_interest(row, &with_ahead, sub(gross, tax)?)? {
                row.due.interest = with_ahead.interest;
                tax = self
                    .taxed()
                    .tax_on_top(Element::Interest, row.due.interest)?;
                let here = sub(row.due.interest, tax)?;
                rested = sub(add(interest, moved)?, here)?.max(Decimal::ZERO);
                if running {
                    left.rested = rested;
                }
            }
            let mut principal = match row.principal_rule {
                PrincipalRule::Level => {
                    // What the contract defers is due beside the level instalment, not inside it.
                    let interest = if self.graced_or_next(row) {
                        whole
                    } else {
                        sub(row.due.interest, tax)?
                    };
                    sub(self.level_of_row(row)?, interest)?.max(Decimal::ZERO)
                }
                PrincipalRule::Planned => row.planned,
                PrincipalRule::Total => sub(row.planned, row.due.interest)?.max(Decimal::ZERO),
                PrincipalRule::Agreed => row.due.principal,
                PrincipalRule::None => Decimal::ZERO,
            };
            let used = prepaid.min(principal);
            prepaid = sub(prepaid, used)?;
            reserved = sub(reserved, claim)?;
            principal = sub(principal, used)?
                .min(sub(left.scheduled, reserved)?.max(Decimal::ZERO))
                .max(settled.principal);
            if at == left.last {
                principal = left.scheduled;
            }
            if running {
                first_used = used;
            }
            row.due.principal = principal;
            row.resettle();
            left.scheduled = sub(left.scheduled, principal)?;
            let paid = if self.on_balance() {
                with_ahead.principal
            } else {
                Decimal::ZERO
            };
            left.balance = sub(left.balance, sub(principal, paid)?)?;
        }
        Ok(first_used)
    }

    /// Whether the contract's grace defers interest of an instalment, or of the one before.
    fn graced_or_next(&self, row: &Instalment) -> bool {
        let deferred = self.terms.schedule.grace.interest_deferred;
        self.on_balance() && deferred > 0 && u32::from(row.number) <= deferred.saturating_add(1)
    }

    /// The principal of an instalment that earlier ones leave to it: what was paid of it, or its
    /// level where money that goes to the last instalments first pays it whole.
    fn claimed(
        &self,
        row: &Instalment,
        ahead: &Amounts,
        last_first: bool,
    ) -> Result<Decimal, LoanError> {
        let settled = row.settled()?;
        if !last_first || ahead.principal.is_zero() || row.principal_rule != PrincipalRule::Level {
            return Ok(settled.principal);
        }
        let paid = settled.plus(ahead)?;
        if paid.principal < row.due.principal {
            return Ok(settled.principal);
        }
        let level = sub(self.level_of_row(row)?, paid.interest)?;
        Ok(level.max(settled.principal))
    }

    /// The instalments that the forecast makes and what they carry, with principal that was lent
    /// and no instalment carries yet. `None` when none is left.
    pub(crate) fn remaining(&self, lent: Decimal) -> Result<Option<Remaining>, LoanError> {
        let start = self
            .stretches
            .first()
            .map_or(self.as_of, |stretch| stretch.from);
        let carries = Instalment::has_period;
        let first = self
            .instalments
            .iter()
            .position(|row| carries(row) && row.interest_to > start);
        let last = self.instalments.iter().rposition(carries);
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(None);
        };
        let mut left = Remaining {
            first,
            last,
            balance: lent,
            scheduled: lent,
            residue: self.interest_residue,
            rested: self.rested,
            last_first: false,
            kept: Vec::new(),
        };
        if self.on_balance() {
            (left.balance, left.scheduled) = (self.principal, self.principal);
        }
        for (at, row) in self.instalments.iter().enumerate() {
            let inside = at >= first && at <= last && row.has_period();
            if !self.on_balance() {
                if inside {
                    left.balance = add(left.balance, row.due.principal)?;
                    left.scheduled = add(left.scheduled, row.due.principal)?;
                }
            } else if inside {
                left.scheduled = add(left.scheduled, row.settled()?.principal)?;
            } else {
                let open = row.open(Element::Principal)?;
                left.balance = sub(left.balance, open)?;
                left.scheduled = sub(left.scheduled, open)?;
            }
        }
        Ok(Some(left))
    }

    /// Interest of an instalment, unrounded: what has arisen, and the rest on the balance that the
    /// forecast expects.
    pub(crate) fn forecast_interest(
        &self,
        charging: &Charging<'_>,
        row: &Instalment,
        running: bool,
        balance: Decimal,
    ) -> Result<Decimal, LoanError> {
        let base = if self.is_flat() {
            self.flat_base()?
        } else {
            sub(balance, self.redraw)?.max(Decimal::ZERO)
        };
        let (from, to, percent) = (row.from, row.interest_to, self.percent_from(row.from));
        // Where days do not count, what is paid out inside a period counts for all of it.
        let nominal = self.terms.schedule.interest.days == InterestDays::Nominal;
        if !running || (nominal && self.is_flat()) {
            let whole = [Stretch {
                from,
                base,
                percent,
                locked: false,
                late: Decimal::ZERO,
            }];
            return self.interest_of(charging, row.span(), &whole, to);
        }
        let mut stretches = self.stretches.clone();
        let today = self.as_of.max(from);
        // Where payments count from the next due date on, the period keeps the balances it has,
        // once one was made inside it.
        if today < to && (today == from || !self.rests_on_due_dates()) {
            stretches.retain(|stretch| stretch.from < today);
            stretches.push(Stretch {
                from: today,
                base,
                percent,
                locked: self.locks_interest(),
                late: Decimal::ZERO,
            });
        }
        let whole = self.interest_of(charging, row.span(), &stretches, to)?;
        sub(whole, self.applied_early)
    }
}
