//! Restructuring: what is still owed moves to other dates.
//!
//! - Re-amortising spreads overdue principal over the instalments still to come.
//! - Re-ageing replaces whatever is open by a new series of instalments.
//! - Termination makes everything due at once.
//!
//! None of them moves money. Interest and charges overdue stay due where they are; interest of the
//! running period is cut on the day, charges to come move with the principal; where a new series
//! begins, those with a day of their own join the instalment of that day. Re-ageing may move
//! interest too, see [`MovedInterest`]; re-amortising may move or waive it, see
//! [`OverdueInterestMove`]. Source: Fineract's transactions of these names.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, Element, Instalment, LoanAccount, LoanError, Outcome,
    amounts::{add, div, sub},
    instalment::PrincipalRule,
};
use crate::dates::{MonthEnd, Period};

/// What becomes of open interest when a loan is re-aged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovedInterest {
    /// What has arisen stays due where it is; the new instalments bear interest at the rate of the
    /// loan.
    #[default]
    StaysDue,
    /// What has arisen by the day is spread over the new instalments in equal parts, the rest in
    /// the last, as is principal. No further interest arises (Fineract: equal amortisation of
    /// payable interest).
    SpreadArisen,
    /// What is open of the schedule's interest as it stands, arisen or to come, is spread in the
    /// same way. No further interest arises; what is spread is earned over the new instalments
    /// (Fineract: equal amortisation of full interest).
    SpreadScheduled,
}

/// What becomes of interest past due when a loan is re-amortised. What is moved is due in whole
/// minor units beside the interest that the instalments to come bear themselves: nothing of it is
/// earned again, or lost. Level instalments stay level with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverdueInterestMove {
    /// It stays due where it is.
    #[default]
    StaysDue,
    /// It is due with the next instalment (Fineract: default, on loans that bear interest).
    NextInstalment,
    /// It is spread over the instalments to come in equal parts, the rest in the last (Fineract:
    /// equal amortisation interest split, which spreads it unrounded, so that its last instalment
    /// may differ by a minor unit).
    Spread,
    /// It is forgiven, and booked as a waiver of interest is (Fineract: waive interest).
    Waived,
}

/// What was set free by cutting the schedule.
#[derive(Default)]
struct Cut {
    principal: Decimal,
    /// Charges of the instalments cut off: due, paid, forgiven.
    due: Amounts,
    paid: Amounts,
    forgiven: Amounts,
}

/// What an agreed series of instalments carries.
struct Spread {
    principal: Decimal,
    interest: Decimal,
    /// Whether the interest has arisen.
    earned: bool,
}

impl Cut {
    /// Adds principal and charges set free to an instalment.
    fn join(&self, row: &mut Instalment) -> Result<(), LoanError> {
        row.due = row.due.plus(&self.due)?;
        row.paid = row.paid.plus(&self.paid)?;
        row.forgiven = row.forgiven.plus(&self.forgiven)?;
        Ok(())
    }
}

fn charges(amounts: &Amounts) -> Amounts {
    Amounts {
        principal: Decimal::ZERO,
        interest: Decimal::ZERO,
        ..*amounts
    }
}

impl LoanAccount {
    /// Spreads principal past due over the instalments still to come.
    pub(crate) fn re_amortise(
        &mut self,
        interest: OverdueInterestMove,
    ) -> Result<Outcome, LoanError> {
        let today = self.as_of;
        if self.remaining(Decimal::ZERO)?.is_none() {
            let allowed = self.instalments.last().map_or(today, |row| row.interest_to);
            return Err(LoanError::TooLate {
                field: "re-amortisation",
                given: today,
                allowed,
            });
        }
        let overdue = self
            .instalments
            .partition_point(|row| row.due_on < today && row.interest_to < today);
        let moved = self.take_principal(overdue)?;
        let interest = match interest {
            OverdueInterestMove::StaysDue => Decimal::ZERO,
            OverdueInterestMove::Waived => self.waive_overdue_interest(overdue)?,
            OverdueInterestMove::NextInstalment => self.move_overdue_interest(overdue, false)?,
            OverdueInterestMove::Spread => self.move_overdue_interest(overdue, true)?,
        };
        let unscheduled = if self.on_balance() {
            Decimal::ZERO
        } else {
            moved
        };
        self.relevel(unscheduled)?;
        self.restretch()?;
        let mut outcome = moved_principal(moved);
        outcome.applied.interest = interest;
        Ok(outcome)
    }

    /// Forgives the open interest of the first `count` instalments.
    fn waive_overdue_interest(&mut self, count: usize) -> Result<Decimal, LoanError> {
        let (today, mut waived) = (self.as_of, Decimal::ZERO);
        for row in self.instalments.iter_mut().take(count) {
            let open = row.open(Element::Interest)?.max(Decimal::ZERO);
            if open > Decimal::ZERO {
                row.forgiven.add_to(Element::Interest, open)?;
                waived = add(waived, open)?;
                row.settle_if_covered(today);
            }
        }
        Ok(waived)
    }

    /// Moves the open interest of the first `count` instalments to those to come: to the next, or
    /// in equal parts to all.
    fn move_overdue_interest(&mut self, count: usize, spread: bool) -> Result<Decimal, LoanError> {
        let moved = self.take_interest(count)?;
        let Some(remaining) = self.remaining(Decimal::ZERO)? else {
            return Ok(moved);
        };
        let rows = self.instalments.iter().enumerate();
        let to_come = |at: usize| at >= remaining.first && at <= remaining.last;
        let numbers: Vec<u16> = rows
            .filter(|(at, row)| to_come(*at) && row.has_period())
            .map(|(_, row)| row.number)
            .take(if spread { usize::MAX } else { 1 })
            .collect();
        let parts = Decimal::from(numbers.len().max(1));
        let (share, mut left) = (self.round(div(moved, parts)?), moved);
        let last = numbers.last().copied();
        for instalment in numbers {
            let amount = if Some(instalment) == last {
                left
            } else {
                share.min(left)
            };
            left = sub(left, amount)?;
            self.move_interest_to(instalment, amount)?;
        }
        Ok(moved)
    }

    /// Replaces everything open by a new series of instalments.
    pub(crate) fn re_age(
        &mut self,
        (every, first_due, count): (Period, NaiveDate, u16),
        interest: MovedInterest,
    ) -> Result<Outcome, LoanError> {
        let to_come = match interest {
            MovedInterest::SpreadScheduled => Some(self.open_interest()?),
            _ => None,
        };
        let due = |row: &Instalment| row.due_on <= self.as_of;
        let kept = self.instalments.partition_point(due);
        let mut cut = self.cut()?;
        let moved = self.take_principal(self.instalments.len())?;
        let moved = add(cut.principal, moved)?;
        if interest != MovedInterest::StaysDue {
            let arisen = self.take_interest(self.instalments.len())?;
            let spread = Spread {
                principal: moved,
                interest: to_come.unwrap_or(arisen),
                earned: interest == MovedInterest::SpreadArisen,
            };
            self.append(every, first_due, count)?;
            return self.agree(&cut, &spread, count);
        }
        let first = self.instalments.len();
        self.append(every, first_due, count)?;
        let dated = self.charges_to_come(&mut cut, kept)?;
        if let Some(row) = self.instalments.get_mut(first) {
            cut.join(row)?;
        }
        self.move_charges(first);
        self.spread(first, moved, count)?;
        for line in dated {
            self.rejoin(line)?;
        }
        self.stretches.clear();
        self.start_stretch()?;
        Ok(moved_principal(moved))
    }

    /// Takes charges with a day of their own to come, as places in the list of charges, off what
    /// was cut, unless something of the charges cut off was paid or forgiven.
    fn charges_to_come(&self, cut: &mut Cut, kept: usize) -> Result<Vec<usize>, LoanError> {
        let touched = !cut.paid.is_zero() || !cut.forgiven.is_zero();
        let kept = u16::try_from(kept).unwrap_or(u16::MAX);
        let mut places = Vec::new();
        for (place, line) in self.charges.iter().enumerate() {
            if touched || line.instalment <= kept || line.due <= self.as_of {
                continue;
            }
            let due = cut.due.get_mut(line.element);
            *due = sub(*due, line.amount)?;
            places.push(place);
        }
        Ok(places)
    }

    /// A charge joins the instalment of its day.
    fn rejoin(&mut self, place: usize) -> Result<(), LoanError> {
        let Some(line) = self.charges.get(place).copied() else {
            return Ok(());
        };
        let at = self.instalment_for_charge(line.due)?;
        if let Some(row) = self.instalments.get_mut(at) {
            row.due.add_to(line.element, line.amount)?;
            row.reopen();
            let number = row.number;
            if let Some(line) = self.charges.get_mut(place) {
                line.instalment = number;
            }
        }
        Ok(())
    }

    /// Everything that is open of interest.
    fn open_interest(&self) -> Result<Decimal, LoanError> {
        let rows = self.instalments.iter();
        rows.map(|row| Ok(row.open(Element::Interest)?.max(Decimal::ZERO)))
            .try_fold(Decimal::ZERO, |sum, open: Result<_, LoanError>| {
                add(sum, open?)
            })
    }

    /// Takes the open interest off the first `count` instalments.
    fn take_interest(&mut self, count: usize) -> Result<Decimal, LoanError> {
        let (today, mut taken) = (self.as_of, Decimal::ZERO);
        for row in self.instalments.iter_mut().take(count) {
            let open = row.open(Element::Interest)?.max(Decimal::ZERO);
            row.due.interest = sub(row.due.interest, open)?;
            taken = add(taken, open)?;
            if row.settled_on.is_none() {
                row.settle_if_covered(today);
            }
        }
        Ok(taken)
    }

    /// Makes the last `count` instalments equal parts of stated amounts, which stand.
    fn agree(&mut self, cut: &Cut, spread: &Spread, count: u16) -> Result<Outcome, LoanError> {
        let today = self.as_of;
        let parts = Decimal::from(count);
        let shares = [
            self.equal_share(spread.principal, parts)?,
            self.equal_share(spread.interest, parts)?,
        ];
        let mut left = [spread.principal, spread.interest];
        let last = self.instalments.len().saturating_sub(1);
        let first = self.instalments.len().saturating_sub(usize::from(count));
        for (at, row) in self.instalments.iter_mut().enumerate().skip(first) {
            let part = |share: Decimal, left: Decimal| {
                if at == last { left } else { share.min(left) }
            };
            let [principal, interest] = [part(shares[0], left[0]), part(shares[1], left[1])];
            left = [sub(left[0], principal)?, sub(left[1], interest)?];
            (row.due.principal, row.due.interest) = (principal, interest);
            (row.planned, row.principal_rule) = (principal, PrincipalRule::Agreed);
            if spread.earned {
                // Its interest has arisen, wherever it falls due.
                row.interest_to = today;
            }
            if at == first {
                cut.join(row)?;
            }
        }
        self.move_charges(first);
        self.stretches.clear();
        self.start_stretch()?;
        Ok(Outcome {
            applied: Amounts {
                principal: spread.principal,
                interest: spread.interest,
                ..Amounts::ZERO
            },
            ..Outcome::default()
        })
    }

    /// Makes everything due today. The outcome is all that is owed then, due before or now.
    pub(crate) fn terminate(&mut self) -> Result<Outcome, LoanError> {
        let cut = self.cut()?;
        let last = self.instalments.len().saturating_sub(1);
        if let Some(row) = self.instalments.get_mut(last) {
            row.due.add_to(Element::Principal, cut.principal)?;
            row.planned = row.due.principal;
            cut.join(row)?;
            row.resettle();
        }
        self.move_charges(last);
        self.stretches.clear();
        self.start_stretch()?;
        Ok(Outcome {
            applied: self.outstanding()?,
            ..Outcome::default()
        })
    }

    /// Takes the open principal off the first `count` instalments.
    fn take_principal(&mut self, count: usize) -> Result<Decimal, LoanError> {
        let (today, mut taken) = (self.as_of, Decimal::ZERO);
        for row in self.instalments.iter_mut().take(count) {
            let open = row.open(Element::Principal)?;
            if open <= Decimal::ZERO {
                continue;
            }
            row.due.principal = sub(row.due.principal, open)?;
            row.planned = row.due.principal;
            taken = add(taken, open)?;
            row.settle_if_covered(today);
        }
        Ok(taken)
    }

    /// Cuts the schedule today: instalments not due go, the running one ends with the interest
    /// that has arisen and what was paid of those to come.
    fn cut(&mut self) -> Result<Cut, LoanError> {
        self.bank_locked()?;
        let today = self.as_of;
        let at = self.instalments.partition_point(|row| row.due_on <= today);
        let arisen = self.interest_to_date()?;
        let mut arisen = arisen.into_iter().skip(at);
        let arisen = arisen.try_fold(Decimal::ZERO, add)?;
        let dropped: Vec<Instalment> = self.instalments.drain(at..).collect();
        let mut cut = Cut::default();
        let Some(first) = dropped.first() else {
            return Ok(cut);
        };
        let number = u16::try_from(at).unwrap_or(u16::MAX).saturating_add(1);
        let mut stub = Instalment::extra(number, first.from.min(today), today);
        stub.interest_to = first.interest_to.min(today);
        stub.principal_rule = PrincipalRule::Planned;
        for row in &dropped {
            let settled = row.settled()?;
            cut.principal = add(cut.principal, sub(row.due.principal, settled.principal)?)?;
            cut.due = cut.due.plus(&charges(&row.due))?;
            cut.paid = cut.paid.plus(&charges(&row.paid))?;
            cut.forgiven = cut.forgiven.plus(&charges(&row.forgiven))?;
            stub.paid = stub.paid.plus(&row.paid.minus(&charges(&row.paid))?)?;
            stub.forgiven = stub
                .forgiven
                .plus(&row.forgiven.minus(&charges(&row.forgiven))?)?;
            stub.paid_in_advance = add(stub.paid_in_advance, row.paid_in_advance)?;
        }
        let settled = stub.settled()?;
        stub.due.principal = settled.principal;
        stub.due.interest = settled.interest.max(arisen);
        stub.planned = stub.due.principal;
        stub.settle_if_covered(today);
        // What is cut off needs an instalment that is not past due to join.
        let none_to_join = self.instalments.last().is_none_or(|row| row.due_on < today);
        if stub.from < today || !settled.is_zero() || none_to_join {
            self.instalments.push(stub);
        }
        self.owed_again.clear();
        self.prepaid = Decimal::ZERO;
        self.applied_early = Decimal::ZERO;
        self.late_moved = Decimal::ZERO;
        self.late_carried = Decimal::ZERO;
        self.rested = Decimal::ZERO;
        self.pauses.retain(|pause| pause.last > today);
        // What was agreed of the instalments that go ends with them.
        self.moved_interest
            .retain(|share| share.instalment < number);
        self.interest_rests.retain(|rest| rest.last <= today);
        if let Some(state) = &mut self.tax {
            state.rows.retain(|row| row.0 < number);
        }
        Ok(cut)
    }

    /// Adds empty instalments from today on.
    fn append(&mut self, every: Period, first_due: NaiveDate, count: u16) -> Result<(), LoanError> {
        let rule = if self.is_level() {
            PrincipalRule::Level
        } else {
            PrincipalRule::Planned
        };
        let mut from = self.as_of;
        for later in 0..u32::from(count) {
            let nominal = every
                .after(first_due, later, MonthEnd::Clamp)
                .ok_or(LoanError::DateOverflow { after: first_due })?;
            let number = self.instalments.last().map_or(0, |row| row.number);
            let mut row = Instalment::extra(number.saturating_add(1), from, nominal);
            row.principal_rule = rule;
            self.instalments.push(row);
            from = nominal;
        }
        Ok(())
    }

    /// Spreads principal over the new instalments; one that is due at once has no period and takes
    /// its share as it is.
    fn spread(&mut self, first: usize, moved: Decimal, count: u16) -> Result<(), LoanError> {
        let share = self.equal_share(moved, Decimal::from(count))?;
        let (mut left, mut at_once) = (moved, Decimal::ZERO);
        let last = self.instalments.len().saturating_sub(1);
        for (at, row) in self.instalments.iter_mut().enumerate().skip(first) {
            row.planned = if at == last { left } else { share.min(left) };
            left = sub(left, row.planned)?;
            if !row.has_period() {
                row.due.principal = row.planned;
                at_once = row.planned;
            }
        }
        self.stretches.clear();
        let unscheduled = if self.on_balance() {
            Decimal::ZERO
        } else {
            sub(moved, at_once)?
        };
        if self.is_level() {
            return self.relevel(unscheduled);
        }
        if let Some(mut remaining) = self.remaining(unscheduled)? {
            self.forecast_rows(&mut remaining, &[])?;
        }
        Ok(())
    }

    /// Charges of instalments that went join the one at `to`.
    fn move_charges(&mut self, to: usize) {
        let number = self.instalments.get(to).map_or(0, |row| row.number);
        for line in &mut self.charges {
            line.instalment = line.instalment.min(number);
        }
    }
}

fn moved_principal(moved: Decimal) -> Outcome {
    Outcome {
        applied: Amounts::of(Element::Principal, moved),
        ..Outcome::default()
    }
}
