//! In which order money received settles what is owed.
//!
//! Two forms cover the systems in use. [`AllocationOrder::Elements`] is one order of elements for
//! every instalment (Mambu, Backbone). [`AllocationOrder::Buckets`] orders twelve buckets, past
//! due, due and in advance for each element (Fineract's advanced allocation). In both,
//! [`Direction::Horizontal`] finishes an instalment before the next and [`Direction::Vertical`]
//! finishes an element (or bucket) over all instalments before the next.
//!
//! ```
//! use lending_core::loan::{AllocationOrder, AllocationTerms, Direction, Element};
//! let terms = AllocationTerms {
//!     order: AllocationOrder::Elements(vec![
//!         Element::Penalty, Element::Fee, Element::Interest, Element::Principal,
//!     ]),
//!     direction: Direction::Vertical,
//!     ..AllocationTerms::default()
//! };
//! assert!(terms.validate().is_ok());
//! ```

use alloc::{collections::BTreeSet, vec, vec::Vec};

use chrono::NaiveDate;
use ledger::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, CreditKind, Element, Instalment, InterestOnPrepayment, LoanError, PaidEarly,
    Recalculation,
    account::ChargeLine,
    amounts::{add, div, sub},
    terms::terms_error,
};

/// When an instalment stands to the value date of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Timing {
    /// Due before the value date.
    PastDue,
    /// Due on the value date.
    Due,
    /// Due after the value date.
    InAdvance,
}

/// One of the twelve buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bucket {
    /// Which instalments.
    pub timing: Timing,
    /// Which element.
    pub element: Element,
}

/// The order in which money settles what is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AllocationOrder {
    /// The four elements, each once.
    Elements(Vec<Element>),
    /// The twelve buckets, each once. Vertically they are paid as they are listed; horizontally the
    /// buckets of one timing belong together, in the order in which timings first appear. Buckets
    /// in advance come last, wherever they are listed: what is due goes before what is not.
    Buckets(Vec<Bucket>),
}

/// Along which axis money runs first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Direction {
    /// Finish the oldest instalment, then the next.
    #[default]
    Horizontal,
    /// Finish the first element over all instalments, then the next.
    Vertical,
}

/// When charges made during the contract count as due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ChargesDue {
    /// On the due date of the instalment they joined.
    #[default]
    WithInstalment,
    /// On their own due date, which may come earlier (Fineract's "due before in advance" orders).
    OnTheirDate,
}

/// Where money goes that is left when everything due is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FutureMoney {
    /// To the next instalments in their order.
    #[default]
    NextInstalment,
    /// To the last instalments, from the end.
    LastInstalment,
    /// To the next instalment, and what that leaves to the last ones, from the end.
    NextThenLast,
    /// In equal parts over all future instalments.
    Spread,
    /// Lowers the principal at once; future instalments are made again by the recalculation.
    ReducePrincipal(Recalculation),
    /// Stays as a credit balance, which pays what falls due on the day it does.
    CreditBalance,
}

impl FutureMoney {
    /// The order in which it takes the instalments not due yet.
    fn rows(self, mut rows: Vec<usize>) -> Vec<usize> {
        match self {
            Self::LastInstalment => rows.reverse(),
            Self::NextThenLast => {
                if let Some((_, rest)) = rows.split_first_mut() {
                    rest.reverse();
                }
            }
            _ => {}
        }
        rows
    }
}

/// What becomes owed again when money is charged back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ChargedBack {
    /// Principal, whatever the payment had paid; the most common.
    #[default]
    Principal,
    /// What the payment had paid, in the order of these elements, each once (Fineract: credit
    /// allocation). What it left as a credit balance, or no longer counts for, is principal.
    /// Recording such a chargeback needs the history.
    InOrder(Vec<Element>),
}

impl ChargedBack {
    /// The parts of an amount charged back, given what the payment paid and was not charged back
    /// before.
    pub(crate) fn parts(&self, amount: Decimal, paid: &Amounts) -> Result<Amounts, LoanError> {
        let (mut left, mut parts) = (amount, Amounts::ZERO);
        if let Self::InOrder(order) = self {
            for element in order {
                let part = left.min(paid.get(*element)).max(Decimal::ZERO);
                parts.add_to(*element, part)?;
                left = sub(left, part)?;
            }
        }
        parts.add_to(Element::Principal, left)?;
        Ok(parts)
    }

    fn validate(&self) -> Result<(), LoanError> {
        match self {
            Self::InOrder(list) if list.len() != 4 || distinct(list) != 4 => Err(terms_error(
                "allocation.charged_back.in_order",
                &list.len(),
                "the 4 elements, each once",
            )),
            _ => Ok(()),
        }
    }
}

fn distinct(list: &[Element]) -> usize {
    list.iter().collect::<BTreeSet<_>>().len()
}

/// An allocation of its own for one kind of credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AllocationOverride {
    /// For which kind.
    pub kind: CreditKind,
    /// Its order; `None` keeps the general one.
    #[serde(default)]
    pub order: Option<AllocationOrder>,
    /// Where its future money goes; `None` keeps the general rule.
    #[serde(default)]
    pub future: Option<FutureMoney>,
}

/// How money received is allocated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AllocationTerms {
    /// The order. Default: fee, penalty, interest, principal.
    pub order: AllocationOrder,
    /// Along which axis. Default: horizontal.
    pub direction: Direction,
    /// When charges made during the contract count as due. Default: with their instalment.
    pub charges_due: ChargesDue,
    /// Where future money goes. Default: next instalments.
    pub future: FutureMoney,
    /// What early principal does to the interest of the running period. Default: it stays due.
    pub interest_on_prepayment: InterestOnPrepayment,
    /// What becomes of the running instalment when principal paid early covers it. Default: it stays
    /// open for its interest.
    pub paid_early: PaidEarly,
    /// Kinds of credit with a rule of their own.
    pub overrides: Vec<AllocationOverride>,
    /// Kinds of credit that give back the interest on what they return, see
    /// [`LoanAccount::refund`](super::LoanAccount::refund). Default: none.
    pub refunds_interest: Vec<CreditKind>,
    /// What becomes owed again when money is charged back. Default: principal.
    pub charged_back: ChargedBack,
}

impl Default for AllocationTerms {
    fn default() -> Self {
        Self {
            order: AllocationOrder::Elements(vec![
                Element::Fee,
                Element::Penalty,
                Element::Interest,
                Element::Principal,
            ]),
            direction: Direction::Horizontal,
            charges_due: ChargesDue::WithInstalment,
            future: FutureMoney::NextInstalment,
            interest_on_prepayment: InterestOnPrepayment::StaysDue,
            paid_early: PaidEarly::StaysOpen,
            overrides: Vec::new(),
            refunds_interest: Vec::new(),
            charged_back: ChargedBack::Principal,
        }
    }
}

impl AllocationTerms {
    /// Checks that every order names each element, or each bucket, exactly once.
    ///
    /// # Errors
    /// [`LoanError::Terms`].
    pub fn validate(&self) -> Result<(), LoanError> {
        self.charged_back.validate()?;
        core::iter::once(&self.order)
            .chain(self.overrides.iter().filter_map(|o| o.order.as_ref()))
            .try_for_each(AllocationOrder::validate)
    }

    pub(crate) fn order_for(&self, kind: CreditKind) -> &AllocationOrder {
        self.of(kind)
            .and_then(|o| o.order.as_ref())
            .unwrap_or(&self.order)
    }

    pub(crate) fn future_for(&self, kind: CreditKind) -> FutureMoney {
        self.of(kind).and_then(|o| o.future).unwrap_or(self.future)
    }

    fn of(&self, kind: CreditKind) -> Option<&AllocationOverride> {
        self.overrides.iter().find(|o| o.kind == kind)
    }
}

impl AllocationOrder {
    fn validate(&self) -> Result<(), LoanError> {
        let (field, len, distinct, allowed) = match self {
            Self::Elements(list) => (
                "allocation.order.elements",
                list.len(),
                distinct(list) == 4,
                "the 4 elements, each once",
            ),
            Self::Buckets(list) => (
                "allocation.order.buckets",
                list.len(),
                list.iter().collect::<BTreeSet<_>>().len() == 12,
                "the 12 buckets, each once",
            ),
        };
        let right = if matches!(self, Self::Elements(_)) {
            len == 4
        } else {
            len == 12
        };
        if right && distinct {
            Ok(())
        } else {
            Err(terms_error(field, &len, allowed))
        }
    }

    /// The elements for instalments of one timing, in order.
    fn elements(&self, timing: Timing) -> Vec<Element> {
        match self {
            Self::Elements(list) => list.clone(),
            Self::Buckets(list) => list
                .iter()
                .filter(|b| b.timing == timing)
                .map(|b| b.element)
                .collect(),
        }
    }
}

/// The timings of buckets in the order in which they first appear.
fn timings(buckets: &[Bucket]) -> Vec<Timing> {
    let mut seen = Vec::with_capacity(3);
    for bucket in buckets {
        if !seen.contains(&bucket.timing) {
            seen.push(bucket.timing);
        }
    }
    seen
}

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
