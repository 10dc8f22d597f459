//! One debit or credit.

use serde::{Deserialize, Serialize, Serializer};

use super::EntryError;
use crate::{BranchCode, Currency, EntryId, GlCode, Money, Side};

/// A debit or a credit: a positive amount of whole minor units on one account, for one branch.
///
/// Serialised as `{"account", "side", "amount", "branch"}`, the amount as a [`Money`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "RawLine")]
pub struct JournalLine {
    account: GlCode,
    side: Side,
    currency: Currency,
    /// Above zero. Minor units in 63 bits reach 92 quadrillion units with two decimals.
    minor: i64,
    branch: Option<BranchCode>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "JournalLine")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "JournalLine"))]
struct RawLine {
    account: GlCode,
    side: Side,
    amount: Money,
    #[serde(default)]
    branch: Option<BranchCode>,
}

/// What a line of a serialised entry can be refused for; the entry is not known here.
impl TryFrom<RawLine> for JournalLine {
    type Error = EntryError;
    fn try_from(raw: RawLine) -> Result<Self, EntryError> {
        Self::new(raw.account, raw.side, &raw.amount, raw.branch).map_err(|allowed| {
            EntryError::LineAmount {
                amount: raw.amount,
                allowed,
            }
        })
    }
}

impl Serialize for JournalLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawLine {
            account: self.account,
            side: self.side,
            amount: self.amount(),
            branch: self.branch,
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for JournalLine {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "JournalLine".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        RawLine::json_schema(generator)
    }
}

impl JournalLine {
    /// Says what is allowed when the amount is not.
    pub(crate) fn new(
        account: GlCode,
        side: Side,
        amount: &Money,
        branch: Option<BranchCode>,
    ) -> Result<Self, &'static str> {
        if !amount.is_positive() {
            return Err("more than zero; the side says the direction");
        }
        let minor = amount
            .to_minor()
            .map_err(|_| "whole minor units of the currency")?;
        let minor = i64::try_from(minor).map_err(|_| "at most 9223372036854775807 minor units")?;
        Ok(Self {
            account,
            side,
            currency: amount.currency(),
            minor,
            branch,
        })
    }

    /// From parts that were a line before: a stored line, a sum below the limit.
    pub(crate) const fn from_parts(
        account: GlCode,
        currency: Currency,
        signed_minor: i64,
        branch: Option<BranchCode>,
    ) -> Self {
        let side = if signed_minor < 0 {
            Side::Credit
        } else {
            Side::Debit
        };
        Self {
            account,
            side,
            currency,
            minor: signed_minor.saturating_abs(),
            branch,
        }
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> GlCode {
        self.account
    }

    /// Debit or credit.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }

    /// The amount, above zero, in whole minor units.
    #[must_use]
    pub fn amount(&self) -> Money {
        // 63 bits of minor units always fit a `Decimal`.
        Money::from_minor(i128::from(self.minor), self.currency)
            .unwrap_or_else(|_| Money::zero(self.currency))
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The branch, if the books are kept by branch.
    #[must_use]
    pub const fn branch(&self) -> Option<BranchCode> {
        self.branch
    }

    /// The number of minor units, positive for a debit, negative for a credit.
    #[must_use]
    pub const fn signed_minor(&self) -> i64 {
        match self.side {
            Side::Debit => self.minor,
            Side::Credit => self.minor.saturating_neg(),
        }
    }

    /// The same line on the other side.
    #[must_use]
    pub const fn opposite(&self) -> Self {
        Self {
            side: self.side.opposite(),
            ..*self
        }
    }

    pub(crate) const fn put_in(&mut self, branch: BranchCode) {
        self.branch = Some(branch);
    }
}

/// For messages that name the entry: the index counts from zero.
pub(crate) const fn refused(
    entry: EntryId,
    line: usize,
    amount: Money,
    allowed: &'static str,
) -> EntryError {
    EntryError::Amount {
        entry,
        line,
        amount,
        allowed,
    }
}
