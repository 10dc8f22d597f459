//! The ways in which money comes and goes.

use alloc::{collections::BTreeSet, string::String};

use ledger::GlCode;
use lending_core::{ids::ProductId, loan::Code};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Range;

/// A way in which money comes and goes: cash, a bank, mobile money.
///
/// ```
/// use products::settings::{ChannelUse, TransactionChannel};
/// use rust_decimal::dec;
/// let channel: TransactionChannel = serde_json::from_str(r#"{
///     "id": "mpesa", "name": "M-Pesa", "loans": {"ONLY": {"amount": {"max": "150000"}}},
///     "deposits": "NONE", "account": "1120"
/// }"#)?;
/// let salary = "SALARY".parse()?;
/// assert!(channel.loans.allows(salary, dec!(150000)));
/// assert!(!channel.loans.allows(salary, dec!(150001)));
/// assert!(!channel.deposits.allows(salary, dec!(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionChannel {
    /// Its name in posting rules and transactions.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::code"))]
    pub id: Code,
    /// Its name as people read it.
    pub name: String,
    /// Whether it can be used.
    #[serde(default = "yes")]
    pub active: bool,
    /// For which loans.
    #[serde(default)]
    pub loans: ChannelUse,
    /// For which deposits.
    #[serde(default)]
    pub deposits: ChannelUse,
    /// The general-ledger account of money that moves through it; `None`: the product's.
    #[serde(default)]
    pub account: Option<GlCode>,
}

const fn yes() -> bool {
    true
}

/// For what a channel can be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ChannelUse {
    /// For all.
    #[default]
    Any,
    /// Only for these.
    Only {
        /// Accounts of these products; empty: of all.
        #[serde(default)]
        products: BTreeSet<ProductId>,
        /// Transactions of this size.
        #[serde(default)]
        amount: Range<Decimal>,
    },
    /// For none.
    None,
}

impl ChannelUse {
    /// Whether a transaction of an amount on an account of a product may use the channel.
    #[must_use]
    pub fn allows(&self, product: ProductId, amount: Decimal) -> bool {
        match self {
            Self::Any => true,
            Self::None => false,
            Self::Only {
                products,
                amount: size,
            } => (products.is_empty() || products.contains(&product)) && size.contains(amount),
        }
    }
}
