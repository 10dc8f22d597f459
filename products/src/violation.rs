//! What a definition or a request does wrong: everything at once.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::{Serialize, Serializer};

/// Which kind of rule was broken. Each has a stable number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ViolationKind {
    /// A value was not given and the product has no default for it.
    Required,
    /// A value is outside of the product's range.
    OutOfRange,
    /// An amount is finer than the currency's smallest unit.
    Precision,
    /// The product does not offer what is asked for.
    NotOffered,
    /// A date does not work out.
    Date,
    /// The context lacks something that the product needs, for example the values of an index.
    Context,
    /// The product has a setting that a contract of this version cannot carry out.
    NotCarried,
    /// The contract was refused by its own checks.
    Contract,
    /// The product cannot be sold on that day: a draft, not yet in force, or deactivated.
    NotOnSale,
    /// Not sold in that branch.
    Branch,
    /// Not sold to that kind of holder.
    Holder,
    /// Not sold to that type of client.
    ClientType,
    /// Not sold to clients of that identification tier.
    Tier,
    /// Not sold in that currency.
    Currency,
    /// Definition: a setting is not allowed by itself.
    Setting,
    /// Definition: two settings make no sense together.
    Incompatible,
    /// Definition: least, default and most are not in order.
    RangeOrder,
    /// Definition: accounting rules do not fit the chart of accounts.
    Accounting,
}

impl ViolationKind {
    /// The stable number.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Required => 5001,
            Self::OutOfRange => 5002,
            Self::Precision => 5003,
            Self::NotOffered => 5004,
            Self::Date => 5005,
            Self::Context => 5006,
            Self::NotCarried => 5007,
            Self::Contract => 5008,
            Self::NotOnSale => 5010,
            Self::Branch => 5011,
            Self::Holder => 5012,
            Self::ClientType => 5013,
            Self::Tier => 5014,
            Self::Currency => 5015,
            Self::Setting => 5101,
            Self::Incompatible => 5102,
            Self::RangeOrder => 5103,
            Self::Accounting => 5104,
        }
    }

    /// The number under which Mambu refuses the same thing (184, parameters inconsistent with
    /// product rules), where it has one.
    #[must_use]
    pub const fn mambu_code(self) -> Option<u16> {
        match self {
            Self::Required | Self::OutOfRange | Self::Precision | Self::NotOffered => Some(184),
            _ => None,
        }
    }
}

/// One thing that is wrong: which field, what was given and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Which kind of rule was broken.
    pub kind: ViolationKind,
    /// The field, as a path: `"amount"`, `"fees[2].amount"`.
    pub field: Cow<'static, str>,
    /// What was given.
    pub given: String,
    /// What is allowed.
    pub allowed: String,
    /// The rule of the compatibility matrix, for [`ViolationKind::Incompatible`].
    pub rule: Option<&'static str>,
}

impl Violation {
    pub(crate) fn new(
        kind: ViolationKind,
        field: impl Into<Cow<'static, str>>,
        given: impl ToString,
        allowed: impl ToString,
    ) -> Self {
        Self {
            kind,
            field: field.into(),
            given: given.to_string(),
            allowed: allowed.to_string(),
            rule: None,
        }
    }

    /// The stable number of the kind.
    #[must_use]
    pub const fn code(&self) -> u16 {
        self.kind.code()
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            field,
            given,
            allowed,
            ..
        } = self;
        write!(
            f,
            "{field}: {given} given, {allowed} allowed [{}]",
            self.code()
        )
    }
}

impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Violation", 5)?;
        out.serialize_field("code", &self.code())?;
        out.serialize_field("field", &self.field)?;
        out.serialize_field("given", &self.given)?;
        out.serialize_field("allowed", &self.allowed)?;
        out.serialize_field("rule", &self.rule)?;
        out.end()
    }
}

/// Everything that is wrong, in the order in which the fields are declared. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// At least one is given by the caller.
    pub(crate) const fn of(found: Vec<Violation>) -> Self {
        Self(found)
    }

    /// `Ok` when there are none.
    pub(crate) fn check(found: Vec<Violation>) -> Result<(), Self> {
        if found.is_empty() {
            Ok(())
        } else {
            Err(Self(found))
        }
    }

    /// Each of them.
    pub fn iter(&self) -> core::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = core::slice::Iter<'a, Violation>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = alloc::vec::IntoIter<Violation>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Violations {
    /// One line, separated by semicolons.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, violation) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}
