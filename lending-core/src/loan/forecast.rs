//! Interest that follows the balance, and the instalments still to come.
//!
//! The forecast assumes that what is overdue is paid today and every later instalment on its due
//! date. It is made again after every transaction and at the end of every interest period.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Amounts, Element, Instalment, LoanAccount, LoanError,
    account::{ChargeLine, Stretch},
    amounts::{add, div, mul, sub},
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

    /// Interest of the running period up to today, unrounded, and the instalment it belongs to.
    pub(super) fn running_interest(&self) -> Result<Option<(usize, Decimal)>, LoanError> {
        let start = self
            .stretches
            .first()
            .map_or(self.as_of, |stretch| stretch.from);
        let carries = Instalment::has_period;
        let first = self
            .instalments
            .iter()
            .position(|row| carries(row) && row.interest_to > start);
        let Some((first, row)) = first.and_then(|at| Some((at, self.instalments.get(at)?))) else {
            return Ok(None);
        };
        let to = self.as_of.min(row.interest_to);
        let interest = self.interest_of(&self.charging()?, row.span(), &self.stretches, to)?;
        let interest = add(sub(interest, self.applied_early)?, self.rested)?;
        Ok(Some((first, interest)))
    }

    /// How much interest of each instalment has arisen by today, in whole minor units.
    pub(crate) fn interest_to_date(&self) -> Result<Vec<Decimal>, LoanError> {
        let running = self.running_by_days()?;
        let rows = self.instalments.iter().enumerate();
        let arisen = rows.map(|(at, row)| self.arisen(at, row, running));
        let mut arisen: Vec<Decimal> = arisen.collect::<Result<_, _>>()?;
        if let Some((at, _)) = running {
            self.displace_arisen(&mut arisen, at)?;
        }
        Ok(arisen)
    }

    /// [`Self::running_interest`] where interest follows the balance, or instalments rest, with the
    /// instalment it is due with: what resting ones put off arises on other days than that one's.
    fn running_by_days(&self) -> Result<Option<(usize, Decimal)>, LoanError> {
        if !self.on_balance() && self.interest_rests.is_empty() {
            return Ok(None);
        }
        let running = self.running_interest()?;
        Ok(running.map(|(at, interest)| (self.pays_interest_of(at), interest)))
    }

    /// The instalment that interest of the one at `at` is due with: itself, or where it rests the
    /// next that does not.
    pub(crate) fn pays_interest_of(&self, at: usize) -> usize {
        if self.interest_rests.is_empty() {
            return at;
        }
        let later = self.instalments.iter().enumerate().skip(at);
        let mut later = later.filter(|(_, row)| row.has_period());
        let pays = later
            .find(|(at, row)| !self.interest_rests_in(row.interest_to) || self.is_last_period(*at));
        pays.map_or(at, |(at, _)| at)
    }

    /// Where interest follows the schedule: interest of the instalments whose period ends today
    /// that is due with a later one. Nobody forecasts them again.
    pub(crate) fn put_off_ended(&mut self) -> Result<(), LoanError> {
        if self.interest_rests.is_empty() {
            return Ok(());
        }
        let today = self.as_of;
        let Some((at, interest)) = self.running_interest()? else {
            return Ok(());
        };
        let Some(row) = self.instalments.get(at) else {
            return Ok(());
        };
        let rests =
            row.interest_to == today && self.interest_rests_in(today) && !self.is_last_period(at);
        self.rested = if rests {
            let settled = row.settled_of(Element::Interest)?;
            let paid = sub(settled, self.moved_share(row.number))?.max(Decimal::ZERO);
            sub(self.round_interest(interest), paid)?.max(Decimal::ZERO)
        } else {
            Decimal::ZERO
        };
        Ok(())
    }

    fn arisen(
        &self,
        at: usize,
        row: &Instalment,
        running: Option<(usize, Decimal)>,
    ) -> Result<Decimal, LoanError> {
        let arisen = match running {
            _ if row.interest_to <= self.as_of => return Ok(row.due.interest),
            Some((first, interest)) if first == at => {
                self.with_tax(Element::Interest, self.round(interest))?
            }
            Some(_) => Decimal::ZERO,
            None if row.from >= self.as_of => Decimal::ZERO,
            None => self.share_to_date(row)?,
        };
        // What was moved here has arisen before.
        add(arisen, self.moved_here(at, row)?)
    }

    /// Interest that arose with other instalments and is due with this one.
    pub(crate) fn moved_here(&self, at: usize, row: &Instalment) -> Result<Decimal, LoanError> {
        let moved = self.moved_share(row.number);
        if self.late_carried.is_zero() || !self.is_last_period(at) {
            return Ok(moved);
        }
        add(moved, self.late_carried)
    }

    /// Interest past due that an instalment took over.
    pub(crate) fn moved_share(&self, instalment: u16) -> Decimal {
        let mut shares = self.moved_interest.iter();
        let share = shares.find(|share| share.instalment == instalment);
        share.map_or(Decimal::ZERO, |share| share.amount)
    }

    fn is_last_period(&self, at: usize) -> bool {
        let last = self.instalments.iter().rposition(Instalment::has_period);
        last == Some(at)
    }

    /// The part of a scheduled instalment's interest that has arisen by today, by days.
    fn share_to_date(&self, row: &Instalment) -> Result<Decimal, LoanError> {
        let whole = Decimal::from(row.interest_to.signed_duration_since(row.from).num_days());
        let past = Decimal::from(self.as_of.signed_duration_since(row.from).num_days());
        let own = sub(row.due.interest, self.moved_share(row.number))?;
        Ok(self.round(div(mul(own, past)?, whole)?))
    }

    /// Income earned by today: interest as it arises, other elements when they are charged or
    /// fall due, and never less than what was paid. What a chargeback made owed again is earned once.
    ///
    /// An instalment earns the larger of what has arisen and what is settled. What is settled is
    /// known in sum, so only instalments with something open are looked at: one, as a rule.
    pub(crate) fn earned(&self) -> Result<Amounts, LoanError> {
        let running = self.running_by_days()?;
        let mut earned = self.paid.minus(&self.income_owed_again())?;
        earned.principal = Decimal::ZERO;
        for (at, row) in self.instalments.iter().enumerate() {
            if !row.forgiven.is_zero() {
                earned = earned.plus(&row.forgiven)?;
                earned.principal = Decimal::ZERO;
            }
            // Interest on what is overdue may run beyond what the settled instalment of the running
            // period was forecast to take.
            let runs = running.is_some_and(|(first, _)| first == at);
            let untouched = row.from >= self.as_of
                && row.due_on > self.as_of
                && row.interest_to > self.as_of
                && self.charges.is_empty()
                && self.late_carried.is_zero()
                && self.moved_interest.is_empty()
                && row.paid.is_zero();
            if (row.settled_on.is_some() || untouched) && !runs {
                continue;
            }
            let mut arisen = |element, by_today| {
                let open = sub(by_today, row.settled_of(element)?)?;
                if open > Decimal::ZERO {
                    earned.add_to(element, open)?;
                }
                Ok::<_, LoanError>(())
            };
            arisen(Element::Interest, self.arisen(at, row, running)?)?;
            for element in [Element::Fee, Element::Penalty] {
                arisen(element, self.charged_by_today(row, element)?)?;
            }
        }
        debug_assert_eq!(Ok(earned), self.earned_row_by_row(running));
        Ok(earned)
    }

    /// [`Self::earned`] by its definition.
    fn earned_row_by_row(&self, running: Option<(usize, Decimal)>) -> Result<Amounts, LoanError> {
        let mut earned = Amounts::ZERO.minus(&self.income_owed_again())?;
        for (at, row) in self.instalments.iter().enumerate() {
            let arisen = self.arisen(at, row, running)?;
            let interest = arisen.max(row.settled_of(Element::Interest)?);
            earned.add_to(Element::Interest, interest)?;
            for element in [Element::Fee, Element::Penalty] {
                let charged = self.charged_by_today(row, element)?;
                earned.add_to(element, charged.max(row.settled_of(element)?))?;
            }
        }
        Ok(earned)
    }

    /// Fees or penalties of an instalment that are earned by today.
    fn charged_by_today(&self, row: &Instalment, element: Element) -> Result<Decimal, LoanError> {
        if row.due_on <= self.as_of {
            Ok(row.due.get(element))
        } else {
            self.charged_already(row, element)
        }
    }

    /// Of these: what is earned whenever the instalment falls due.
    pub(crate) fn charged_already(
        &self,
        row: &Instalment,
        element: Element,
    ) -> Result<Decimal, LoanError> {
        charged_on_its_day(&self.charges, row.number, element)
    }

    /// Gives up interest and fees that have not arisen yet: nothing of the future stays owed.
    pub(crate) fn drop_future_interest(&mut self) -> Result<(), LoanError> {
        let to_date = self.interest_to_date()?;
        let today = self.as_of;
        for (row, interest) in self.instalments.iter_mut().zip(to_date) {
            let settled = row.settled()?;
            row.due.interest = interest.max(settled.interest);
            if row.due_on <= today {
                continue;
            }
            // What a transaction charged on its own day is earned, whenever it falls due.
            for element in [Element::Fee, Element::Penalty] {
                let charged = charged_on_its_day(&self.charges, row.number, element)?;
                let due = row.due.get(element).min(charged);
                *row.due.get_mut(element) = due.max(settled.get(element));
            }
        }
        Ok(())
    }
}

/// What transactions charged to an instalment that is earned when it is charged.
fn charged_on_its_day(
    charges: &[ChargeLine],
    instalment: u16,
    element: Element,
) -> Result<Decimal, LoanError> {
    let mine =
        |c: &&ChargeLine| c.instalment == instalment && c.element == element && !c.earned_when_due;
    let charged = charges.iter().filter(mine);
    charged.map(|c| c.amount).try_fold(Decimal::ZERO, add)
}
