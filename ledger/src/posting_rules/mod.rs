//! Posting rules: which general-ledger account stands for which [`FinancialResource`].
//!
//! A product carries one [`PostingRules`] value. A rule may be narrowed to one fee, one channel,
//! or both; the narrowest rule that fits wins, a fee before a channel.
//!
//! ```
//! use ledger::posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules};
//! let rules = PostingRules::new(AccountingMethod::Accrual, [
//!     PostingRule::new(R::FundSource, "1110".parse()?),
//!     PostingRule::new(R::FundSource, "1130".parse()?).for_channel("mpesa"),
//!     PostingRule::new(R::FeeIncome, "4200".parse()?),
//!     PostingRule::new(R::FeeIncome, "4210".parse()?).for_fee("processing"),
//! ])?;
//! assert_eq!(rules.resolve(R::FundSource, None, Some("mpesa"))?.as_str(), "1130");
//! assert_eq!(rules.resolve(R::FundSource, None, Some("cash"))?.as_str(), "1110");
//! assert_eq!(rules.resolve(R::FeeIncome, Some("processing"), Some("mpesa"))?.as_str(), "4210");
//! let missing = rules.resolve(R::WriteOffExpense, None, None).unwrap_err();
//! assert!(missing.to_string().contains("WRITE_OFF_EXPENSE"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod resource;

use alloc::{string::String, vec::Vec};

pub use resource::FinancialResource;
use serde::{Deserialize, Serialize};

use crate::{ChartOfAccounts, GlCode, GlType, Usage};

/// When income and expense are taken to the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccountingMethod {
    /// Nothing is posted.
    None,
    /// Income when it is paid.
    Cash,
    /// Income when it is earned; what is not yet paid stands in receivables. The method of IFRS
    /// and of most supervised lenders.
    #[default]
    Accrual,
}

use FinancialResource as R;

impl AccountingMethod {
    /// The resources a loan product needs a rule for under this method. Products with taxes,
    /// deferred income or branches need those resources as well.
    #[must_use]
    pub const fn loan_resources(self) -> &'static [FinancialResource] {
        const CASH: &[R] = &[
            R::PortfolioControl,
            R::FundSource,
            R::WriteOffExpense,
            R::InterestIncome,
            R::FeeIncome,
            R::PenaltyIncome,
        ];
        const ACCRUAL: &[R] = &[
            R::PortfolioControl,
            R::FundSource,
            R::WriteOffExpense,
            R::InterestIncome,
            R::FeeIncome,
            R::PenaltyIncome,
            R::InterestReceivable,
            R::FeeReceivable,
            R::PenaltyReceivable,
        ];
        match self {
            Self::None => &[],
            Self::Cash => CASH,
            Self::Accrual => ACCRUAL,
        }
    }

    /// The resources a deposit product needs a rule for under this method. Products with
    /// overdrafts or taxes need those resources as well.
    #[must_use]
    pub const fn deposit_resources(self) -> &'static [FinancialResource] {
        const CASH: &[R] = &[
            R::SavingsControl,
            R::DepositReference,
            R::InterestExpense,
            R::FeeIncome,
        ];
        const ACCRUAL: &[R] = &[
            R::SavingsControl,
            R::DepositReference,
            R::InterestExpense,
            R::FeeIncome,
            R::InterestPayable,
        ];
        match self {
            Self::None => &[],
            Self::Cash => CASH,
            Self::Accrual => ACCRUAL,
        }
    }
}

/// One rule: this resource, for this fee and channel if named, is this account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PostingRule {
    /// The resource.
    pub resource: FinancialResource,
    /// Only for this fee of the product.
    #[serde(default)]
    pub fee: Option<String>,
    /// Only for money through this channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// The general-ledger account.
    pub account: GlCode,
}

impl PostingRule {
    /// The rule for every fee and channel.
    #[must_use]
    pub const fn new(resource: FinancialResource, account: GlCode) -> Self {
        Self {
            resource,
            fee: None,
            channel: None,
            account,
        }
    }

    /// Narrowed to one fee.
    #[must_use]
    pub fn for_fee(mut self, fee: impl Into<String>) -> Self {
        self.fee = Some(fee.into());
        self
    }

    /// Narrowed to one channel.
    #[must_use]
    pub fn for_channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// How narrow the rule is, `None` when it is about another fee or channel.
    fn fits(&self, fee: Option<&str>, channel: Option<&str>) -> Option<u8> {
        let part = |own: &Option<String>, asked: Option<&str>, weight| match own.as_deref() {
            None => Some(0_u8),
            own if own == asked => Some(weight),
            _ => None,
        };
        Some(part(&self.fee, fee, 2)?.saturating_add(part(&self.channel, channel, 1)?))
    }
}

/// Why posting rules were refused, or had no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostingRuleError {
    /// No rule for the resource.
    #[error("no posting rule for {resource}{}", narrowed(fee, channel))]
    Missing {
        /// The resource.
        resource: FinancialResource,
        /// The fee it was asked for.
        fee: Option<String>,
        /// The channel it was asked for.
        channel: Option<String>,
    },
    /// Two rules answer the same question.
    #[error(
        "two posting rules for {resource}{}: {first} and {second}",
        narrowed(fee, channel)
    )]
    Twice {
        /// The resource.
        resource: FinancialResource,
        /// The fee.
        fee: Option<String>,
        /// The channel.
        channel: Option<String>,
        /// The account of one rule.
        first: GlCode,
        /// The account of the other.
        second: GlCode,
    },
    /// The account is not in the chart.
    #[error(
        "the posting rule for {resource} names GL account {account}, which is not in the chart"
    )]
    UnknownAccount {
        /// The resource.
        resource: FinancialResource,
        /// The account.
        account: GlCode,
    },
    /// The account is a header.
    #[error(
        "the posting rule for {resource} names GL account {account}, which is a header: a detail account is needed"
    )]
    HeaderAccount {
        /// The resource.
        resource: FinancialResource,
        /// The account.
        account: GlCode,
    },
    /// The account has a type that cannot stand for the resource.
    #[error(
        "the posting rule for {resource} names GL account {account} of type {given:?}: {allowed:?} is allowed"
    )]
    WrongType {
        /// The resource.
        resource: FinancialResource,
        /// The account.
        account: GlCode,
        /// The account's type.
        given: GlType,
        /// The types allowed.
        allowed: &'static [GlType],
    },
}

fn narrowed(fee: &Option<String>, channel: &Option<String>) -> String {
    let mut text = String::new();
    for (what, value) in [("fee", fee), ("channel", channel)] {
        if let Some(value) = value {
            text.push_str(&alloc::format!(" with {what} {value:?}"));
        }
    }
    text
}

impl PostingRuleError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Missing { .. } => 1701,
            Self::Twice { .. } => 1702,
            Self::UnknownAccount { .. } => 1703,
            Self::HeaderAccount { .. } => 1704,
            Self::WrongType { .. } => 1705,
        }
    }
}

/// The posting rules of one product.
///
/// Serialised as `{"method": "ACCRUAL", "rules": [{"resource", "fee", "channel", "account"}]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawRules")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostingRules {
    method: AccountingMethod,
    /// Sorted by resource: a question looks at the few rules of one resource.
    rules: Vec<PostingRule>,
}

/// The same fields, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "PostingRules"))]
struct RawRules {
    method: AccountingMethod,
    rules: Vec<PostingRule>,
}

impl TryFrom<RawRules> for PostingRules {
    type Error = PostingRuleError;
    fn try_from(raw: RawRules) -> Result<Self, PostingRuleError> {
        Self::new(raw.method, raw.rules)
    }
}

impl PostingRules {
    /// Rules in any order.
    ///
    /// # Errors
    /// [`PostingRuleError::Twice`] when two rules have the same resource, fee and channel.
    pub fn new(
        method: AccountingMethod,
        rules: impl IntoIterator<Item = PostingRule>,
    ) -> Result<Self, PostingRuleError> {
        let mut rules: Vec<PostingRule> = rules.into_iter().collect();
        rules.sort();
        for pair in rules.windows(2) {
            let [a, b] = pair else { continue };
            if a.resource == b.resource && a.fee == b.fee && a.channel == b.channel {
                return Err(PostingRuleError::Twice {
                    resource: a.resource,
                    fee: a.fee.clone(),
                    channel: a.channel.clone(),
                    first: a.account,
                    second: b.account,
                });
            }
        }
        Ok(Self { method, rules })
    }

    /// The accounting method.
    #[must_use]
    pub const fn method(&self) -> AccountingMethod {
        self.method
    }

    /// All rules, by resource.
    #[must_use]
    pub fn rules(&self) -> &[PostingRule] {
        &self.rules
    }

    /// The account for a resource, given the fee and the channel of the event if it has them.
    ///
    /// # Errors
    /// [`PostingRuleError::Missing`] names the rule that is needed.
    pub fn resolve(
        &self,
        resource: FinancialResource,
        fee: Option<&str>,
        channel: Option<&str>,
    ) -> Result<GlCode, PostingRuleError> {
        let start = self.rules.partition_point(|rule| rule.resource < resource);
        self.rules
            .iter()
            .skip(start)
            .take_while(|rule| rule.resource == resource)
            .filter_map(|rule| Some((rule.fits(fee, channel)?, rule.account)))
            .max_by_key(|(narrowness, _)| *narrowness)
            .map(|(_, account)| account)
            .ok_or_else(|| PostingRuleError::Missing {
                resource,
                fee: fee.map(Into::into),
                channel: channel.map(Into::into),
            })
    }

    /// Everything that keeps these rules from working with a chart: accounts that are missing,
    /// headers or of the wrong type, and resources of `needed` without a general rule.
    #[must_use]
    pub fn problems(
        &self,
        chart: &ChartOfAccounts,
        needed: &[FinancialResource],
    ) -> Vec<PostingRuleError> {
        let missing = needed
            .iter()
            .filter_map(|needed| self.resolve(*needed, None, None).err());
        let wrong = self.rules.iter().filter_map(|rule| {
            let (resource, account) = (rule.resource, rule.account);
            let allowed = resource.allowed_types();
            match chart.get(&account) {
                None => Some(PostingRuleError::UnknownAccount { resource, account }),
                Some(found) if found.usage == Usage::Header => {
                    Some(PostingRuleError::HeaderAccount { resource, account })
                }
                Some(found) if !allowed.contains(&found.gl_type) => {
                    let given = found.gl_type;
                    Some(PostingRuleError::WrongType {
                        resource,
                        account,
                        given,
                        allowed,
                    })
                }
                Some(_) => None,
            }
        });
        missing.chain(wrong).collect()
    }
}
