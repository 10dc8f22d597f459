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

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, CreditKind, Element, InterestOnPrepayment, LoanError, PaidEarly, Recalculation,
    amounts::sub, terms::terms_error,
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
    pub(super) fn rows(self, mut rows: Vec<usize>) -> Vec<usize> {
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
    pub(super) fn elements(&self, timing: Timing) -> Vec<Element> {
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
pub(super) fn timings(buckets: &[Bucket]) -> Vec<Timing> {
    let mut seen = Vec::with_capacity(3);
    for bucket in buckets {
        if !seen.contains(&bucket.timing) {
            seen.push(bucket.timing);
        }
    }
    seen
}
