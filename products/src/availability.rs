//! To whom, where and in which currency a product may be sold.

use alloc::{collections::BTreeSet, string::String};

use ledger::BranchCode;
use serde::{Deserialize, Serialize};

/// Who holds the account.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HolderKind {
    /// A person or a company for itself.
    #[default]
    Individual,
    /// A group with one common account (Mambu: pure group).
    Group,
    /// A group whose loan is split into accounts of its members, who stand in for each other
    /// (Mambu: hybrid group).
    SolidarityGroup,
}

impl HolderKind {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "INDIVIDUAL",
            Self::Group => "GROUP",
            Self::SolidarityGroup => "SOLIDARITY_GROUP",
        }
    }
}

/// To whom and where a product may be sold. Default: to individuals, everywhere.
///
/// ```
/// use products::{Availability, HolderKind};
/// let availability = Availability {
///     branches: Some(["kampala-1".parse()?].into()),
///     tiers: Some(["FULL".into()].into()),
///     ..Availability::default()
/// };
/// assert!(availability.holders.contains(&HolderKind::Individual));
/// # Ok::<(), ledger::CodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Availability {
    /// Only in these branches; `None`: in all.
    pub branches: Option<BTreeSet<BranchCode>>,
    /// To these kinds of holder.
    pub holders: BTreeSet<HolderKind>,
    /// Only to clients of these types, by the lender's own names; `None`: to all.
    pub client_types: Option<BTreeSet<String>>,
    /// Only to clients identified to one of these tiers, by the names of the lender's rule book;
    /// `None`: to all.
    pub tiers: Option<BTreeSet<String>>,
}

impl Default for Availability {
    fn default() -> Self {
        Self {
            branches: None,
            holders: [HolderKind::Individual].into(),
            client_types: None,
            tiers: None,
        }
    }
}
