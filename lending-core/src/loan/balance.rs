//! The balance that bears interest: from which day payments count, what overdue amounts bear.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Amounts, BalanceInterest, Element, InterestBasis, LoanAccount, LoanError, OverdueInterest,
    Rest,
    account::Stretch,
    amounts::{add, sub},
    instalment::PrincipalRule,
};
use crate::dates::{MonthEnd, Period};

/// What instalments whose period ends were forecast to be.
pub(crate) type Kept = Vec<(usize, Amounts)>;

impl LoanAccount {
    pub(crate) fn balance_interest(&self) -> Option<&BalanceInterest> {
        match &self.terms.interest_basis {
            InterestBasis::OnBalance(interest) => Some(interest),
            InterestBasis::OnSchedule => None,
        }
    }

    /// Whether interest follows the balance.
    pub(crate) fn on_balance(&self) -> bool {
        self.balance_interest().is_some()
    }

    pub(crate) fn forecasts_daily(&self) -> bool {
        self.balance_interest()
            .is_some_and(|interest| interest.overdue == OverdueInterest::EveryDay)
    }

    /// Whether a period keeps its forecast unless a transaction falls into it.
    fn forecasts_by_transaction(&self) -> bool {
        self.balance_interest()
            .is_some_and(|interest| interest.overdue == OverdueInterest::ByTransaction)
    }

    /// Whether payments count from the next due date on.
    pub(crate) fn rests_on_due_dates(&self) -> bool {
        self.balance_interest()
            .is_some_and(|interest| interest.rest == Rest::DueDates)
    }

    /// What the instalments whose period ends today keep, if they do; remembers the balances of
    /// the period for a transaction on this very day.
    pub(crate) fn kept_forecast(&mut self, today: NaiveDate) -> Result<Kept, LoanError> {
        if !self.forecasts_by_transaction() || self.overdue_principal(today)?.is_zero() {
            self.ended.clear();
            return Ok(Kept::new());
        }
        self.freshen()?;
        self.ended.clone_from(&self.stretches);
        let ending = |(_, row): &(usize, &super::Instalment)| row.interest_to == today;
        let rows = self.instalments.iter().enumerate().filter(ending);
        Ok(rows.map(|(at, row)| (at, row.due)).collect())
    }

    pub(crate) fn keep_forecast(&mut self, kept: Kept) {
        for (at, due) in kept {
            if let Some(row) = self.instalments.get_mut(at) {
                row.due = due;
                row.resettle();
            }
        }
    }

    /// Principal open in instalments due before a day.
    fn overdue_principal(&self, day: NaiveDate) -> Result<Decimal, LoanError> {
        let overdue = self.instalments.iter().take_while(|row| row.due_on < day);
        overdue
            .map(|row| row.open(Element::Principal))
            .try_fold(Decimal::ZERO, |sum, open| add(sum, open?))
    }

    /// A transaction today counts for the period that ends today: its interest is what it came to.
    pub(crate) fn recall_ended_period(&mut self) -> Result<(), LoanError> {
        let today = self.as_of;
        let ended = core::mem::take(&mut self.ended);
        if ended.is_empty() || !self.instalments.iter().any(|row| row.interest_to == today) {
            return Ok(());
        }
        let running = core::mem::replace(&mut self.stretches, ended);
        let made = self.forecast();
        self.stretches = running;
        made?;
        self.stale = None;
        self.forecast()?;
        Ok(())
    }

    /// Starts a new stretch when balance or rate differ from those of the running one.
    pub(crate) fn restretch(&mut self) -> Result<(), LoanError> {
        let base = match self.stretches.last() {
            // Payments count from the next due date on, unless nothing is left to repay.
            Some(last)
                if self.rests_on_due_dates()
                    && last.from < self.as_of
                    && !self.principal.is_zero() =>
            {
                last.base
            }
            _ => self.interest_base()?,
        };
        self.stretch_on(base)
    }

    /// As [`Self::restretch`], when principal was lent: that counts at once.
    pub(crate) fn restretch_lent(&mut self, lent: Decimal) -> Result<(), LoanError> {
        match self.stretches.last() {
            Some(last) if self.rests_on_due_dates() && last.from < self.as_of => {
                let base = add(last.base, lent)?;
                self.stretch_on(base)
            }
            _ => self.restretch(),
        }
    }

    fn stretch_on(&mut self, base: Decimal) -> Result<(), LoanError> {
        let late = self.late_principal()?.min(base);
        let (from, percent) = (self.as_of, self.percent);
        let locked = self.locks_interest();
        let now = Stretch {
            from,
            base,
            percent,
            locked,
            late,
        };
        match self.stretches.last_mut() {
            Some(last)
                if Stretch {
                    from: last.from,
                    ..now
                } == *last => {}
            Some(last) if last.from == from => *last = now,
            _ => self.stretches.push(now),
        }
        Ok(())
    }

    pub(crate) fn compounds_charges(&self) -> bool {
        self.balance_interest()
            .and_then(|interest| interest.compounding)
            .is_some_and(|rule| rule.of.charges())
    }

    /// Overdue interest and charges that bear interest by now.
    pub(crate) fn compounded(&self) -> Result<Decimal, LoanError> {
        let Some(rule) = self.balance_interest().and_then(|i| i.compounding) else {
            return Ok(Decimal::ZERO);
        };
        let Some(through) = self
            .disbursed_on
            .and_then(|first| last_date(first, rule.every, self.as_of))
        else {
            return Ok(Decimal::ZERO);
        };
        let mut sum = Decimal::ZERO;
        for row in self
            .instalments
            .iter()
            .take_while(|row| row.due_on <= through)
        {
            let open = row.open_amounts()?;
            if rule.of.interest() {
                sum = add(sum, open.interest)?;
            }
            if rule.of.charges() {
                sum = add(sum, add(open.fee, open.penalty)?)?;
            }
        }
        Ok(sum)
    }

    /// What settles the loan today when interest follows the balance.
    pub(crate) fn owed_today(&self) -> Result<Decimal, LoanError> {
        let mut owed = self.principal;
        for (row, interest) in self.instalments.iter().zip(self.interest_owed_today()?) {
            let settled = row.settled()?.interest;
            owed = add(owed, sub(interest, settled)?.max(Decimal::ZERO))?;
            owed = add(
                owed,
                add(row.open(Element::Fee)?, row.open(Element::Penalty)?)?,
            )?;
        }
        Ok(owed)
    }

    /// Interest of each instalment that settling the loan today pays: what has arisen, rounded as
    /// the contract rounds interest; interest agreed as an amount whole, however early it is paid.
    pub(crate) fn interest_owed_today(&self) -> Result<Vec<Decimal>, LoanError> {
        let mut owed = self.interest_to_date()?;
        if let Some((at, more)) = self.rounded_when_settled()?
            && let Some(owed) = owed.get_mut(at)
        {
            *owed = add(*owed, more)?;
        }
        for (owed, row) in owed.iter_mut().zip(&*self.instalments) {
            if row.principal_rule == PrincipalRule::Agreed {
                *owed = row.due.interest;
            }
        }
        Ok(owed)
    }

    /// By how much the interest of the running period differs from what it has arisen to once it
    /// falls due, where the contract rounds it to whole units; and the instalment it is due with.
    fn rounded_when_settled(&self) -> Result<Option<(usize, Decimal)>, LoanError> {
        let Some((at, interest)) = self.running_interest()? else {
            return Ok(None);
        };
        let runs = |row: &super::Instalment| {
            row.interest_to > self.as_of && row.principal_rule != PrincipalRule::Agreed
        };
        if !self.instalments.get(at).is_some_and(runs) {
            return Ok(None);
        }
        let due = self.with_tax(Element::Interest, self.round_interest(interest))?;
        let arisen = self.with_tax(Element::Interest, self.round(interest))?;
        Ok(Some((self.pays_interest_of(at), sub(due, arisen)?)))
    }
}

/// The last of the dates `first + k × every` up to a day, `first` itself not counted.
fn last_date(first: NaiveDate, every: Period, day: NaiveDate) -> Option<NaiveDate> {
    let mut last = None;
    for count in 1_u32.. {
        match every.after(first, count, MonthEnd::Clamp) {
            Some(date) if date <= day && Some(date) > last => last = Some(date),
            _ => break,
        }
    }
    last
}
