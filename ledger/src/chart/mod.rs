//! The chart of accounts: types, headers and details, and what may be posted where.
//!
//! ```
//! use ledger::{ChartOfAccounts, GlAccount, GlType};
//! let (assets, cash) = ("1000".parse()?, "1100".parse()?);
//! let chart = ChartOfAccounts::new([
//!     GlAccount::header(assets, "Assets", GlType::Asset),
//!     GlAccount::detail(cash, "Cash at bank", GlType::Asset).under(assets),
//! ])?;
//! assert_eq!(chart.get(&cash).map(|account| account.name.as_str()), Some("Cash at bank"));
//! assert_eq!(chart.details_under(&assets).count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
pub mod ready;

use alloc::{collections::BTreeMap, vec::Vec};

use serde::{Deserialize, Serialize};

pub use account::{GlAccount, GlType, Side, Usage};

use crate::GlCode;

/// Why a chart of accounts was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// Two accounts share a code.
    #[error("GL code {code} is used by two accounts: a code may be used once")]
    Duplicate {
        /// The code.
        code: GlCode,
    },
    /// An account without a name.
    #[error("GL account {code} has no name: a name of at least one character is needed")]
    Unnamed {
        /// The account.
        code: GlCode,
    },
    /// The parent is not in the chart.
    #[error("GL account {code} is put under {parent}, which is not in the chart")]
    UnknownParent {
        /// The account.
        code: GlCode,
        /// The missing header.
        parent: GlCode,
    },
    /// The parent is a detail account.
    #[error(
        "GL account {code} is put under {parent}, which is a detail account: only a header has accounts under it"
    )]
    ParentIsDetail {
        /// The account.
        code: GlCode,
        /// The detail account.
        parent: GlCode,
    },
    /// The parent has another type.
    #[error(
        "GL account {code} is {given:?} and put under {parent}, which is {allowed:?}: a header sums one type"
    )]
    ParentType {
        /// The account.
        code: GlCode,
        /// The header.
        parent: GlCode,
        /// The account's type.
        given: GlType,
        /// The header's type.
        allowed: GlType,
    },
    /// The headers above an account lead back to it.
    #[error("GL account {code} is under itself: headers must form a tree")]
    Cycle {
        /// An account of the circle.
        code: GlCode,
    },
}

impl ChartError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Duplicate { .. } => 1301,
            Self::Unnamed { .. } => 1302,
            Self::UnknownParent { .. } => 1303,
            Self::ParentIsDetail { .. } => 1304,
            Self::ParentType { .. } => 1305,
            Self::Cycle { .. } => 1306,
        }
    }
}

/// A chart of accounts: every account once, headers a tree of one type each.
///
/// Serialised as the list of its accounts in code order; reading checks the whole chart.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<GlAccount>", into = "Vec<GlAccount>")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Vec<GlAccount>"))]
pub struct ChartOfAccounts {
    /// In the order they were added: a position never changes.
    accounts: Vec<GlAccount>,
    positions: BTreeMap<GlCode, u32>,
}

impl PartialEq for ChartOfAccounts {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for ChartOfAccounts {}

impl ChartOfAccounts {
    /// A chart of these accounts, in any order.
    ///
    /// # Errors
    /// The first of [`ChartOfAccounts::problems`].
    pub fn new(accounts: impl IntoIterator<Item = GlAccount>) -> Result<Self, ChartError> {
        let accounts: Vec<GlAccount> = accounts.into_iter().collect();
        match Self::problems(&accounts).into_iter().next() {
            Some(problem) => Err(problem),
            None => {
                let codes = accounts.iter().map(|account| account.code);
                Ok(Self {
                    positions: codes.zip(0..).collect(),
                    accounts,
                })
            }
        }
    }

    /// Adds an account.
    ///
    /// # Errors
    /// What would be wrong with the larger chart, which is then not made.
    pub fn add(&mut self, account: GlAccount) -> Result<(), ChartError> {
        let mut larger: Vec<GlAccount> = self.accounts.clone();
        larger.push(account);
        *self = Self::new(larger)?;
        Ok(())
    }

    /// Lets an account take postings, or no longer. `None` when it is not in the chart.
    pub(crate) fn set_active(&mut self, code: &GlCode, active: bool) -> Option<()> {
        let position = self.position(code)?;
        self.accounts
            .get_mut(usize::try_from(position).ok()?)?
            .active = active;
        Some(())
    }

    /// The position of an account, which never changes.
    pub(crate) fn position(&self, code: &GlCode) -> Option<u32> {
        self.positions.get(code).copied()
    }

    pub(crate) fn at(&self, position: u32) -> Option<&GlAccount> {
        self.accounts.get(usize::try_from(position).ok()?)
    }

    /// Everything that is wrong with a list of accounts; empty when it makes a chart.
    #[must_use]
    pub fn problems(accounts: &[GlAccount]) -> Vec<ChartError> {
        let mut problems = Vec::new();
        let mut known: BTreeMap<GlCode, &GlAccount> = BTreeMap::new();
        for account in accounts {
            if known.insert(account.code, account).is_some() {
                problems.push(ChartError::Duplicate { code: account.code });
            }
            if account.name.trim().is_empty() {
                problems.push(ChartError::Unnamed { code: account.code });
            }
        }
        for account in accounts {
            let Some(parent) = account.parent else {
                continue;
            };
            let code = account.code;
            match known.get(&parent) {
                None => problems.push(ChartError::UnknownParent { code, parent }),
                Some(header) if header.usage == Usage::Detail => {
                    problems.push(ChartError::ParentIsDetail { code, parent });
                }
                Some(header) if header.gl_type != account.gl_type => {
                    problems.push(ChartError::ParentType {
                        code,
                        parent,
                        given: account.gl_type,
                        allowed: header.gl_type,
                    });
                }
                Some(_) if is_under_itself(account, &known) => {
                    problems.push(ChartError::Cycle { code });
                }
                Some(_) => {}
            }
        }
        problems
    }

    /// The account with this code.
    #[must_use]
    pub fn get(&self, code: &GlCode) -> Option<&GlAccount> {
        self.at(self.position(code)?)
    }

    /// Every account, in code order.
    pub fn iter(&self) -> impl Iterator<Item = &GlAccount> {
        self.positions
            .values()
            .filter_map(|position| self.at(*position))
    }

    /// Every account, in the order they were added.
    pub(crate) fn as_added(&self) -> impl Iterator<Item = &GlAccount> {
        self.accounts.iter()
    }

    /// The number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether the chart has no account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// The header above an account, if any.
    #[must_use]
    pub fn parent(&self, code: &GlCode) -> Option<&GlAccount> {
        self.get(code)?.parent.and_then(|parent| self.get(&parent))
    }

    /// Whether `code` is `header` or stands somewhere under it.
    #[must_use]
    pub fn is_under(&self, code: &GlCode, header: &GlCode) -> bool {
        let mut at = self.get(code);
        while let Some(account) = at {
            if account.code == *header {
                return true;
            }
            at = self.parent(&account.code);
        }
        false
    }

    /// The detail accounts that make up the balance of `code`: the account itself when it is a
    /// detail, everything below it when it is a header.
    pub fn details_under<'a>(&'a self, code: &'a GlCode) -> impl Iterator<Item = &'a GlAccount> {
        let own = self
            .get(code)
            .filter(|account| account.usage == Usage::Detail);
        let under = own.is_none().then(|| {
            self.iter()
                .filter(|account| account.usage == Usage::Detail)
                .filter(|account| self.is_under(&account.code, code))
        });
        own.into_iter().chain(under.into_iter().flatten())
    }
}

/// Puts accounts without a header under one by their codes: header `1100` stands over every code
/// of its type that starts with `11`, the header with the longest such beginning wins.
///
/// ```
/// use ledger::{chart::headers_by_prefix, ChartOfAccounts, GlAccount, GlType};
/// let chart = ChartOfAccounts::new(headers_by_prefix(vec![
///     GlAccount::header("1000".parse()?, "Assets", GlType::Asset),
///     GlAccount::header("1100".parse()?, "Cash", GlType::Asset),
///     GlAccount::detail("1110".parse()?, "Till", GlType::Asset),
/// ]))?;
/// assert_eq!(chart.parent(&"1110".parse()?).map(|header| header.code.as_str()), Some("1100"));
/// assert_eq!(chart.parent(&"1100".parse()?).map(|header| header.code.as_str()), Some("1000"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn headers_by_prefix(mut accounts: Vec<GlAccount>) -> Vec<GlAccount> {
    let headers: Vec<(GlCode, GlType)> = accounts
        .iter()
        .filter(|account| account.usage == Usage::Header)
        .map(|account| (account.code, account.gl_type))
        .collect();
    for account in accounts
        .iter_mut()
        .filter(|account| account.parent.is_none())
    {
        let code = account.code;
        // What stands above is shorter than the account's own beginning, so headers never circle.
        let above = headers.iter().filter(|(header, gl_type)| {
            let own_length = if account.usage == Usage::Header {
                stem(&code).len()
            } else {
                usize::MAX
            };
            *gl_type == account.gl_type
                && *header != code
                && code.as_str().starts_with(stem(header))
                && stem(header).len() < own_length
        });
        let nearest = above.max_by_key(|(header, _)| stem(header).len());
        account.parent = nearest.map(|(header, _)| *header);
    }
    accounts
}

/// A header's code without the zeros at its end.
fn stem(code: &GlCode) -> &str {
    code.as_str().trim_end_matches('0')
}

/// Walks up at most as many steps as there are accounts.
fn is_under_itself(account: &GlAccount, known: &BTreeMap<GlCode, &GlAccount>) -> bool {
    let mut at = account.parent;
    for _ in 0..=known.len() {
        match at {
            None => return false,
            Some(code) if code == account.code => return true,
            Some(code) => at = known.get(&code).and_then(|above| above.parent),
        }
    }
    // A circle further up that does not pass through this account is reported for its members.
    false
}

impl TryFrom<Vec<GlAccount>> for ChartOfAccounts {
    type Error = ChartError;
    fn try_from(accounts: Vec<GlAccount>) -> Result<Self, ChartError> {
        Self::new(accounts)
    }
}

impl From<ChartOfAccounts> for Vec<GlAccount> {
    fn from(chart: ChartOfAccounts) -> Self {
        chart.iter().cloned().collect()
    }
}
