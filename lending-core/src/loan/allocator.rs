//! A payment on its way through the instalments.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::Rounding;
use rust_decimal::Decimal;

use super::{
    AllocationOrder, Amounts, Bucket, Direction, Element, FutureMoney, Instalment, LoanError,
    Timing,
    account::ChargeLine,
    allocation::timings,
    amounts::{add, div, sub},
};

/// A payment being allocated: what is left of it and where the rest went.
pub(crate) struct Allocator<'a> {
    pub(crate) rows: &'a mut [Instalment],
    pub(crate) on: NaiveDate,
    pub(crate) left: Decimal,
    pub(crate) applied: Amounts,
    /// Whole minor units of the currency, by the contract's rounding.
    pub(crate) rounding: Rounding,
    pub(crate) decimals: u32,
    /// Charges with the day on which each falls due, where that day decides.
    pub(crate) charges: &'a [ChargeLine],
    /// Interest of instalments that are not due is paid up to this much of each; `None` pays it
    /// whole.
    pub(crate) interest_to_date: Option<&'a [Decimal]>,
}

impl Allocator<'_> {
    /// Pays what is due or past due.
    pub(crate) fn pay_due(
        &mut self,
        order: &AllocationOrder,
        direction: Direction,
    ) -> Result<(), LoanError> {
        match order {
            // One order for everything due, today or before.
            AllocationOrder::Elements(elements) => {
                let mut rows = self.rows_of(Timing::PastDue);
                rows.extend(self.rows_of(Timing::Due));
                self.pay_rows(&rows, elements, direction)?;
            }
            // One bucket after the other, as they are listed.
            AllocationOrder::Buckets(buckets) if direction == Direction::Vertical => {
                let due = |bucket: &&Bucket| bucket.timing != Timing::InAdvance;
                for bucket in buckets.iter().filter(due) {
                    let rows = self.rows_of(bucket.timing);
                    self.pay_rows(&rows, &[bucket.element], direction)?;
                }
            }
            AllocationOrder::Buckets(buckets) => {
                let due = |timing: &Timing| *timing != Timing::InAdvance;
                for timing in timings(buckets).into_iter().filter(due) {
                    let rows = self.rows_of(timing);
                    self.pay_rows(&rows, &order.elements(timing), direction)?;
                }
            }
        }
        self.pay_charges_due(order)
    }

    /// Pays charges that have fallen due inside instalments that have not.
    fn pay_charges_due(&mut self, order: &AllocationOrder) -> Result<(), LoanError> {
        if self.charges.is_empty() || self.left.is_zero() {
            return Ok(());
        }
        let elements = order.elements(Timing::Due);
        for at in self.rows_of(Timing::InAdvance) {
            for element in &elements {
                let Some(row) = self.rows.get(at) else {
                    continue;
                };
                let fallen_due = self.charges.iter().filter(|charge| {
                    charge.instalment == row.number
                        && charge.element == *element
                        && charge.due <= self.on
                });
                let due = fallen_due
                    .map(|charge| charge.amount)
                    .try_fold(Decimal::ZERO, add)?;
                let limit = sub(due, row.settled()?.get(*element))?;
                self.pay(at, *element, limit)?;
            }
        }
        Ok(())
    }

    /// Pays instalments that are not due yet.
    pub(crate) fn pay_future(
        &mut self,
        order: &AllocationOrder,
        direction: Direction,
        future: FutureMoney,
    ) -> Result<(), LoanError> {
        if self.left.is_zero() {
            return Ok(());
        }
        let elements = order.elements(Timing::InAdvance);
        let rows = self.rows_of(Timing::InAdvance);
        match future {
            FutureMoney::NextInstalment => self.pay_rows(&rows, &elements, direction),
            FutureMoney::LastInstalment | FutureMoney::NextThenLast => {
                self.pay_rows(&future.rows(rows), &elements, Direction::Horizontal)
            }
            FutureMoney::Spread => self.spread(&rows, &elements),
            FutureMoney::ReducePrincipal(_) | FutureMoney::CreditBalance => Ok(()),
        }
    }

    /// Pays one instalment that is not due yet.
    pub(crate) fn pay_row(
        &mut self,
        at: usize,
        order: &AllocationOrder,
        direction: Direction,
    ) -> Result<(), LoanError> {
        self.pay_rows(&[at], &order.elements(Timing::InAdvance), direction)
    }

    fn is_open(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(|row| !row.is_settled())
    }

    fn rows_of(&self, timing: Timing) -> Vec<usize> {
        self.rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.timing(self.on) == timing && !row.is_settled())
            .map(|(at, _)| at)
            .collect()
    }

    fn pay_rows(
        &mut self,
        rows: &[usize],
        order: &[Element],
        direction: Direction,
    ) -> Result<(), LoanError> {
        match direction {
            Direction::Horizontal => {
                for at in rows {
                    if self.left.is_zero() {
                        break;
                    }
                    for element in order {
                        self.pay(*at, *element, self.left)?;
                    }
                }
            }
            Direction::Vertical => {
                for element in order {
                    for at in rows {
                        self.pay(*at, *element, self.left)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Equal parts over the open rows; what a row cannot take goes round again to the others.
    fn spread(&mut self, rows: &[usize], order: &[Element]) -> Result<(), LoanError> {
        let mut open: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|at| self.is_open(*at))
            .collect();
        while !self.left.is_zero() && !open.is_empty() {
            let share = div(self.left, Decimal::from(open.len()))?;
            let share = self.rounding.round(share, self.decimals);
            let last = open.last().copied();
            let before = self.left;
            for at in &open {
                // The last one of a round takes the rounding difference.
                let mut part = if Some(*at) == last { self.left } else { share };
                for element in order {
                    part = sub(part, self.pay(*at, *element, part)?)?;
                }
            }
            if self.left == before {
                break;
            }
            open.retain(|at| self.is_open(*at));
        }
        Ok(())
    }

    /// Pays up to `limit` of one element of one instalment; returns what was paid.
    pub(crate) fn pay(
        &mut self,
        at: usize,
        element: Element,
        limit: Decimal,
    ) -> Result<Decimal, LoanError> {
        if self.left.is_zero() || limit.is_zero() {
            return Ok(Decimal::ZERO);
        }
        let due = |row: &&mut Instalment| !row.due.get(element).is_zero();
        let Some(row) = self.rows.get_mut(at).filter(due) else {
            return Ok(Decimal::ZERO);
        };
        let mut open = row.open(element)?;
        if element == Element::Interest
            && row.due_on > self.on
            && let Some(caps) = self.interest_to_date
        {
            let cap = caps.get(at).copied().unwrap_or_default();
            open = open.min(sub(cap, row.paid.interest)?);
        }
        let part = open.min(limit).min(self.left);
        if part <= Decimal::ZERO {
            return Ok(Decimal::ZERO);
        }
        row.paid.add_to(element, part)?;
        match row.timing(self.on) {
            Timing::PastDue => row.paid_late = add(row.paid_late, part)?,
            Timing::InAdvance => row.paid_in_advance = add(row.paid_in_advance, part)?,
            Timing::Due => {}
        }
        row.settle_if_covered(self.on);
        self.left = sub(self.left, part)?;
        self.applied.add_to(element, part)?;
        Ok(part)
    }
}
