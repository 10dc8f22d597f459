//! Principal paid early, and how the instalments to come are made again.
//!
//! | Mambu | here |
//! |---|---|
//! | `NO_RECALCULATION` | [`Recalculation::NextInstalments`] |
//! | `RESCHEDULE_REMAINING_REPAYMENTS` | [`Recalculation::SpreadPrincipal`] |
//! | `RECALCULATE_SCHEDULE_KEEP_SAME_NUMBER_OF_TERMS`, `REDUCE_AMOUNT_PER_INSTALLMENT` | [`Recalculation::ReduceInstalment`] |
//! | `RECALCULATE_SCHEDULE_KEEP_SAME_PRINCIPAL_AMOUNT` | [`Recalculation::KeepPrincipal`] |
//! | `RECALCULATE_SCHEDULE_KEEP_SAME_TOTAL_REPAYMENT_AMOUNT` | [`Recalculation::KeepTotal`] |
//! | `REDUCE_NUMBER_OF_INSTALLMENTS` | [`Recalculation::ReduceNumber`] |
//! | `REDUCE_NUMBER_OF_INSTALLMENTS_NEW` | [`Recalculation::ReduceNumberLevelled`] |
//!
//! What the last does otherwise than the one before it is published nowhere: here it makes the
//! fewer instalments level among themselves. Source of the methods: Mambu's product pages on
//! prepayment recalculation.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    AllocationOrder, Amounts, CreditKind, Element, FutureMoney, LoanAccount, LoanError,
    NewTransaction, TransactionKind,
    amounts::{add, sub},
    instalment::PrincipalRule,
};

/// How future instalments are made again after principal was paid early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Recalculation {
    /// Same number of instalments, each smaller.
    #[default]
    ReduceInstalment,
    /// Same instalments, fewer of them: the last ones vanish. Level instalments keep their total,
    /// others their principal.
    ReduceNumber,
    /// The principal paid early counts for the next instalments, one after the other; their
    /// interest stays due.
    NextInstalments,
    /// What is outstanding is spread over the instalments to come in equal parts of principal,
    /// level instalments too.
    SpreadPrincipal,
    /// Every instalment to come keeps its principal, level instalments too; the last ones vanish.
    KeepPrincipal,
    /// As few instalments as [`Self::ReduceNumber`] leaves, made equal again: none is more than
    /// before, and the last is no smaller than rounding makes it.
    ReduceNumberLevelled,
    /// Every instalment to come keeps its total of principal and interest; the last ones vanish.
    KeepTotal,
}

/// What early principal does to the interest of the running period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestOnPrepayment {
    /// It stays due with its instalment (Mambu: applied by hand only).
    #[default]
    StaysDue,
    /// What has arisen by the value date is paid before principal is lowered (Mambu: automatic).
    PaidFirst,
}

/// What becomes of the running instalment when principal paid early covers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PaidEarly {
    /// It stays open for its interest, due on its day (Mambu: partially paid).
    #[default]
    StaysOpen,
    /// It is closed once its principal is paid: its interest is due with the next (Mambu: paid).
    ClosedWithPrincipal,
    /// It is closed once what was paid of it reaches the total of principal and interest that it
    /// was to have: the level instalment, or the principal planned and the interest forecast for it
    /// before (Mambu: original total expected paid, whose arithmetic is not published).
    ClosedWithTotal,
    /// A level instalment keeps its total: principal paid early beyond its own takes the room of
    /// its interest, and what interest has no room left is due with the next instalment. The
    /// instalment is closed once its total is paid; money that goes to instalments to come pays
    /// each its total less the interest that has arisen (Fineract's progressive loans).
    KeepsTotal,
}

/// How much money of the borrower a loan takes before it is due. Judged when a repayment is
/// recorded, as of its value date or the day the loan stands at, whichever is later; what is
/// recorded stays, whatever a correction of the past makes of it. Other credits are not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Prepayment {
    /// Any: beyond everything owed it is a credit balance. The most common where money arrives by
    /// itself, as mobile money does (Mambu: accept overpayments).
    #[default]
    Accepted,
    /// Up to what settles the loan (Mambu: accept future payments).
    UpToOwed,
    /// None: only what is due is taken (Mambu: no future payments).
    Refused,
}

impl LoanAccount {
    /// Refuses a repayment that is more than the contract takes on its day.
    pub(super) fn check_prepayment(&self, new: &NewTransaction) -> Result<(), LoanError> {
        let TransactionKind::Credit {
            kind: CreditKind::Repayment,
            amount: given,
            ..
        } = new.kind
        else {
            return Ok(());
        };
        let on = new.value_date.max(self.as_of);
        let allowed = match self.terms.safeguards.prepayment {
            Prepayment::Accepted => return Ok(()),
            Prepayment::UpToOwed => self.payoff(on)?,
            Prepayment::Refused => self.due_through(on)?,
        };
        if given <= allowed {
            return Ok(());
        }
        Err(LoanError::AboveLimit {
            field: "repayment",
            given,
            allowed,
        })
    }

    /// Early money lowers the principal at once. The instalment in whose period it falls takes
    /// it; the interest of that period stays due on its day unless it is to be paid first.
    pub(super) fn reduce_principal(
        &mut self,
        mut amount: Decimal,
        recalculation: Recalculation,
        order: &AllocationOrder,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        let today = self.as_of;
        let carries = |row: &super::Instalment| {
            row.due_on >= today && row.principal_rule != PrincipalRule::None
        };
        let Some(at) = self.instalments.iter().position(carries) else {
            return Ok(amount);
        };
        if self.terms.allocation.interest_on_prepayment == InterestOnPrepayment::PaidFirst {
            amount = self.pay_arisen_interest(amount, applied)?;
        }
        let part = amount.min(self.principal);
        let rule = self.terms.allocation.paid_early;
        let from = self.instalments.get(at).map_or(today, |row| row.from);
        let level = self.level_from(from);
        let Some(row) = self
            .instalments
            .get_mut(at)
            .filter(|_| part > Decimal::ZERO)
        else {
            // What was due took the last of the principal: nothing bears interest from today on.
            self.restretch()?;
            self.forecast()?;
            return self.settle_without_principal(amount, order, applied);
        };
        row.paid.add_to(Element::Principal, part)?;
        if row.due_on > today {
            row.paid_in_advance = add(row.paid_in_advance, part)?;
        }
        let planned = row.due.principal;
        let ends_later = (row.due_on > today && row.has_period()).then_some(row.interest_to);
        let paid = match rule {
            PaidEarly::StaysOpen | PaidEarly::KeepsTotal => false,
            PaidEarly::ClosedWithPrincipal => row.paid.principal >= planned,
            PaidEarly::ClosedWithTotal => {
                let whole = if row.principal_rule == PrincipalRule::Level {
                    level
                } else {
                    add(planned, row.due.interest)?
                };
                add(row.paid.principal, row.paid.interest)? >= whole
            }
        };
        let rests = ends_later.filter(|_| paid);
        // Principal given up counts as well: what is due is never below what is settled.
        let settled = row.settled_of(Element::Principal)?;
        let excess = sub(settled, planned)?.max(Decimal::ZERO);
        row.due.principal = planned.max(settled);
        row.settle_if_covered(today);
        self.principal = sub(self.principal, part)?;
        applied.add_to(Element::Principal, part)?;
        self.restretch()?;
        if excess > Decimal::ZERO {
            self.recalculate(recalculation, at, excess)?;
        }
        if let Some(end) = rests.filter(|end| !self.interest_rests_in(*end)) {
            self.rest_interest(end, end);
        }
        self.forecast()?;
        if let Some(row) = self.instalments.get_mut(at) {
            row.settle_if_covered(today);
        }
        self.settle_without_principal(sub(amount, part)?, order, applied)
    }

    /// Whether more principal of a level instalment is settled than its interest leaves room for,
    /// and the contract lets the interest make way.
    pub(super) fn displaces_interest(
        &self,
        row: &super::Instalment,
        settled: &Amounts,
        interest: Decimal,
    ) -> Result<bool, LoanError> {
        Ok(self.keeps_total(row) && settled.principal > sub(self.level_of_row(row)?, interest)?)
    }

    fn keeps_total(&self, row: &super::Instalment) -> bool {
        self.keeps_totals() && row.principal_rule == PrincipalRule::Level
    }

    fn keeps_totals(&self) -> bool {
        self.terms.allocation.paid_early == PaidEarly::KeepsTotal && self.on_balance()
    }

    /// Interest that has arisen and that a level instalment paid early has no room for belongs to
    /// the next.
    pub(super) fn displace_arisen(
        &self,
        arisen: &mut [Decimal],
        running: usize,
    ) -> Result<(), LoanError> {
        let row = self.instalments.get(running);
        let Some(row) = row.filter(|row| self.keeps_total(row)) else {
            return Ok(());
        };
        let next = running.saturating_add(1);
        if let Some([here, next]) = arisen.get_mut(running..=next) {
            let more = sub(*here, row.due.interest)?.max(Decimal::ZERO);
            *here = sub(*here, more)?;
            *next = add(*next, more)?;
        }
        Ok(())
    }

    /// What level instalments to come take of early money where they keep their total: the
    /// interest that has arisen and principal for the rest, as far as there is principal.
    pub(super) fn owe_to_date(
        &self,
        rows: &mut [super::Instalment],
        to_date: &[Decimal],
    ) -> Result<(), LoanError> {
        let today = self.as_of;
        let Some(last) = rows
            .iter()
            .rposition(super::Instalment::has_period)
            .filter(|_| self.keeps_totals())
        else {
            return Ok(());
        };
        let mut later = Decimal::ZERO;
        let mut open = alloc::vec::Vec::with_capacity(rows.len());
        for row in rows.iter().rev() {
            open.push(later);
            later = add(later, row.open(Element::Principal)?.max(Decimal::ZERO))?;
        }
        open.reverse();
        for ((row, to_date), later) in rows.iter_mut().zip(to_date).zip(open).take(last) {
            if row.due_on <= today || !self.keeps_total(row) {
                continue;
            }
            let interest = (*to_date).max(row.settled_of(Element::Interest)?);
            let tax = self.taxed().tax_on_top(Element::Interest, interest)?;
            let principal = sub(self.level_of_row(row)?, sub(interest, tax)?)?;
            let more = sub(principal, row.due.principal)?.min(later);
            if more > Decimal::ZERO {
                row.due.principal = add(row.due.principal, more)?;
                row.due.interest = interest;
                row.resettle();
            }
        }
        Ok(())
    }

    /// Whether an instalment that is agreed as it is has something open.
    pub(super) fn has_agreed(&self) -> bool {
        let agreed = |row: &super::Instalment| row.principal_rule == PrincipalRule::Agreed;
        let mut rows = self.instalments.iter();
        rows.any(|row| agreed(row) && !row.is_settled())
    }

    /// Pays interest of the running period that has arisen; returns what is left.
    fn pay_arisen_interest(
        &mut self,
        amount: Decimal,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        let arisen = self.interest_to_date()?;
        let today = self.as_of;
        let mut allocator = self.allocator(amount, *applied);
        allocator.interest_to_date = Some(&arisen);
        for at in 0..allocator.rows.len() {
            if allocator.rows.get(at).is_some_and(|row| row.due_on > today) {
                allocator.pay(at, Element::Interest, amount)?;
            }
        }
        let (left, now) = (allocator.left, allocator.applied);
        self.take(left, now, applied)
    }

    /// With no principal left interest to date and charges are all that is still owed.
    fn settle_without_principal(
        &mut self,
        left: Decimal,
        order: &AllocationOrder,
        applied: &mut Amounts,
    ) -> Result<Decimal, LoanError> {
        if !self.principal.is_zero() || left <= Decimal::ZERO {
            return Ok(left);
        }
        let direction = self.terms.allocation.direction;
        let mut allocator = self.allocator(left, *applied);
        allocator.pay_future(order, direction, FutureMoney::NextInstalment)?;
        let (left, now) = (allocator.left, allocator.applied);
        self.take(left, now, applied)
    }

    /// Makes the instalments after `at`, which took the money, again.
    fn recalculate(
        &mut self,
        recalculation: Recalculation,
        at: usize,
        excess: Decimal,
    ) -> Result<(), LoanError> {
        match recalculation {
            Recalculation::ReduceInstalment => self.relevel_after(at)?,
            Recalculation::NextInstalments => self.prepaid = add(self.prepaid, excess)?,
            Recalculation::ReduceNumber => {}
            Recalculation::ReduceNumberLevelled => self.level_fewer_after(at)?,
            Recalculation::SpreadPrincipal => self.spread_after(at)?,
            Recalculation::KeepPrincipal => {
                for row in self.rows_after(at) {
                    row.planned = row.due.principal;
                    row.principal_rule = PrincipalRule::Planned;
                }
            }
            Recalculation::KeepTotal => {
                for row in self.rows_after(at) {
                    // Made of instalments that keep their total already, it is the same again.
                    if row.principal_rule == PrincipalRule::Planned {
                        row.planned = add(row.due.principal, row.due.interest)?;
                        row.principal_rule = PrincipalRule::Total;
                    }
                }
            }
        }
        Ok(())
    }

    /// As few instalments as the amount so far needs, equal among themselves.
    fn level_fewer_after(&mut self, at: usize) -> Result<(), LoanError> {
        let Some(remaining) = self.remaining(Decimal::ZERO)? else {
            return Ok(());
        };
        if !self.is_level() {
            return self.spread_fewer_after(at);
        }
        let whole = self.tail_of(&remaining, at.saturating_add(1))?;
        let before = self.level;
        for last in whole.first..=whole.last {
            let mut few = whole.clone();
            few.last = last;
            let level = self.level_for(&few)?;
            if level > before || level.is_zero() {
                continue;
            }
            // A unit more than the formula gives, when rounding would leave a rest of cents.
            let minor = Decimal::new(1, u32::from(self.terms.currency.minor_units()));
            for more in [Decimal::ZERO, minor] {
                self.level = add(level, more)?.min(before);
                self.forecast_rows(&mut remaining.clone(), &[])?;
                let next = self.instalments.get(last.saturating_add(1));
                if next.is_none_or(|row| row.due.principal.is_zero()) {
                    break;
                }
            }
            return Ok(());
        }
        Ok(())
    }

    /// The same for instalments of planned principal.
    fn spread_fewer_after(&mut self, at: usize) -> Result<(), LoanError> {
        let mut left = self.principal;
        for row in self.instalments.iter().take(at.saturating_add(1)) {
            left = sub(left, row.open(Element::Principal)?.max(Decimal::ZERO))?;
        }
        let (mut count, mut kept) = (0_u32, Decimal::ZERO);
        for row in self.rows_after(at) {
            if kept < left {
                kept = add(kept, row.planned)?;
                count = count.saturating_add(1);
            }
        }
        let share = self.equal_share(left, Decimal::from(count.max(1)))?;
        for (place, row) in (1_u32..).zip(self.rows_after(at)) {
            row.planned = match place.cmp(&count) {
                core::cmp::Ordering::Less => share.min(left),
                core::cmp::Ordering::Equal => left,
                core::cmp::Ordering::Greater => Decimal::ZERO,
            };
            row.principal_rule = PrincipalRule::Planned;
            left = sub(left, row.planned)?;
        }
        Ok(())
    }

    fn rows_after(&mut self, at: usize) -> impl Iterator<Item = &mut super::Instalment> {
        let rows = self.instalments.iter_mut().skip(at.saturating_add(1));
        rows.filter(|row| row.has_period())
    }

    /// Equal parts of what no earlier instalment carries.
    fn spread_after(&mut self, at: usize) -> Result<(), LoanError> {
        let mut left = self.principal;
        for row in self.instalments.iter().take(at.saturating_add(1)) {
            left = sub(left, row.open(Element::Principal)?)?;
        }
        let count = self.rows_after(at).count();
        let share = self.equal_share(left, Decimal::from(count.max(1)))?;
        let last = count.saturating_sub(1);
        for (place, row) in self.rows_after(at).enumerate() {
            row.planned = if place == last { left } else { share.min(left) };
            row.principal_rule = PrincipalRule::Planned;
            left = sub(left, row.planned)?;
        }
        Ok(())
    }
}
