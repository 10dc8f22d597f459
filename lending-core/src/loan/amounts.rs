//! The four elements a loan is owed in.

use core::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::LoanError;

/// What a part of an instalment or of a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Element {
    /// Principal.
    Principal,
    /// Interest.
    Interest,
    /// Fees.
    Fee,
    /// Penalties.
    Penalty,
}

impl Element {
    /// Every element.
    pub const ALL: [Self; 4] = [Self::Principal, Self::Interest, Self::Fee, Self::Penalty];

    /// The name used in messages and derivations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Interest => "interest",
            Self::Fee => "fees",
            Self::Penalty => "penalties",
        }
    }
}

/// An amount for each [`Element`], in the currency of the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// Principal.
    #[serde(with = "crate::compact::decimal")]
    pub principal: Decimal,
    /// Interest.
    #[serde(with = "crate::compact::decimal")]
    pub interest: Decimal,
    /// Fees.
    #[serde(with = "crate::compact::decimal")]
    pub fee: Decimal,
    /// Penalties.
    #[serde(with = "crate::compact::decimal")]
    pub penalty: Decimal,
}

impl Amounts {
    /// Nothing of anything.
    pub const ZERO: Self = Self {
        principal: Decimal::ZERO,
        interest: Decimal::ZERO,
        fee: Decimal::ZERO,
        penalty: Decimal::ZERO,
    };

    /// An amount of one element only.
    #[must_use]
    pub fn of(element: Element, amount: Decimal) -> Self {
        let mut amounts = Self::ZERO;
        *amounts.get_mut(element) = amount;
        amounts
    }

    /// The amount of one element.
    #[must_use]
    pub const fn get(&self, element: Element) -> Decimal {
        match element {
            Element::Principal => self.principal,
            Element::Interest => self.interest,
            Element::Fee => self.fee,
            Element::Penalty => self.penalty,
        }
    }

    pub(crate) const fn get_mut(&mut self, element: Element) -> &mut Decimal {
        match element {
            Element::Principal => &mut self.principal,
            Element::Interest => &mut self.interest,
            Element::Fee => &mut self.fee,
            Element::Penalty => &mut self.penalty,
        }
    }

    /// The sum of the elements.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn total(&self) -> Result<Decimal, LoanError> {
        add(
            add(self.principal, self.interest)?,
            add(self.fee, self.penalty)?,
        )
    }

    /// Element by element sum.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn plus(&self, other: &Self) -> Result<Self, LoanError> {
        self.zip(other, add)
    }

    /// Element by element difference.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn minus(&self, other: &Self) -> Result<Self, LoanError> {
        self.zip(other, sub)
    }

    /// Adds to one element.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub(crate) fn add_to(&mut self, element: Element, amount: Decimal) -> Result<(), LoanError> {
        let slot = self.get_mut(element);
        *slot = add(*slot, amount)?;
        Ok(())
    }

    /// Whether every element is zero.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.principal.is_zero()
            && self.interest.is_zero()
            && self.fee.is_zero()
            && self.penalty.is_zero()
    }

    fn zip(
        &self,
        other: &Self,
        operation: impl Fn(Decimal, Decimal) -> Result<Decimal, LoanError>,
    ) -> Result<Self, LoanError> {
        Ok(Self {
            principal: operation(self.principal, other.principal)?,
            interest: operation(self.interest, other.interest)?,
            fee: operation(self.fee, other.fee)?,
            penalty: operation(self.penalty, other.penalty)?,
        })
    }
}

impl fmt::Display for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "principal {}, interest {}, fees {}, penalties {}",
            self.principal, self.interest, self.fee, self.penalty
        )
    }
}

/// Most amounts of most instalments are zero, so zero is worth a look before the addition.
#[inline]
pub(crate) fn add(left: Decimal, right: Decimal) -> Result<Decimal, LoanError> {
    if right.is_zero() {
        return Ok(left);
    }
    match left.checked_add(right) {
        Some(sum) => Ok(sum),
        None => Err(overflow("addition", left, right)),
    }
}

#[inline]
pub(crate) fn sub(left: Decimal, right: Decimal) -> Result<Decimal, LoanError> {
    if right.is_zero() {
        return Ok(left);
    }
    match left.checked_sub(right) {
        Some(difference) => Ok(difference),
        None => Err(overflow("subtraction", left, right)),
    }
}

#[cold]
const fn overflow(operation: &'static str, left: Decimal, right: Decimal) -> LoanError {
    LoanError::Overflow {
        operation,
        left,
        right,
    }
}

pub(crate) fn mul(left: Decimal, right: Decimal) -> Result<Decimal, LoanError> {
    left.checked_mul(right)
        .ok_or_else(|| overflow("multiplication", left, right))
}

pub(crate) fn div(left: Decimal, right: Decimal) -> Result<Decimal, LoanError> {
    left.checked_div(right)
        .ok_or_else(|| overflow("division", left, right))
}
