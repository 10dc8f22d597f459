//! What has arisen and been earned by today, instalment by instalment.
//!
//! Interest arises day by day, other elements when they are charged or fall due. Where instalments
//! rest, or keep their totals, interest arises on other days than those of the instalment that it
//! is due with; what is said here is said of the instalment it is due with.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{
    Amounts, Element, Instalment, LoanAccount, LoanError,
    account::ChargeLine,
    amounts::{add, div, mul, sub},
};

impl LoanAccount {
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
