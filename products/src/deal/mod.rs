//! Pay-as-you-go deals: a device is handed over against a deposit and paid for by the day or by
//! the week. It works while it is paid for and is unlocked for good at full payment.
//!
//! ```text
//! price ─ deposit = financed          instalments = ⌈financed / rate⌉, the last pays the rest
//! handed over ── free days ── first payment due ── one rate a day or a week ── unlocked
//! ```
//!
//! ```
//! use chrono::NaiveDate;
//! use lending_core::dates::Calendar;
//! use products::{QuoteContext, deal::{DealProduct, DealRequest}};
//! use rust_decimal::dec;
//! let product = DealProduct::from_json(r#"{
//!     "id": "SOLAR", "name": "Solar home system", "currencies": ["UGX"],
//!     "price": {"default": "720000"}, "deposit": {"min": "50000", "default": "70000"},
//!     "rate": {"default": "1500"}, "per": "DAY", "free_days": {"default": 7}
//! }"#)?;
//! let calendar = Calendar::default();
//! let context = QuoteContext::new(&calendar, "UGX".parse()?);
//! let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
//! let terms = product.quote(&DealRequest::on(day(1, 1)), &context)?;
//! // 650 000 at 1500 a day: 433 days of 1500 and one of 500.
//! assert_eq!((terms.financed, terms.instalments, terms.last_amount), (dec!(650000), 434, dec!(500)));
//! assert_eq!(terms.first_due, day(1, 9)); // after seven free days
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod matrix;
mod quote;
mod terms;
mod validate;

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use ledger::{Currency, posting_rules::PostingRules};
use lending_core::ids::ProductId;
pub use matrix::MATRIX;
pub use quote::DealRequest;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
pub use terms::DealTerms;

use crate::{
    Availability, Range,
    product::{AccountSettings, PredefinedFee},
};

/// A pay-as-you-go deal: a template with constraints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DealProduct {
    /// Its identifier in the catalogue.
    pub id: ProductId,
    /// Its name as people read it.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// The currencies it is sold in, at least one. Amounts hold for each of them.
    pub currencies: BTreeSet<Currency>,
    /// To whom and where it is sold.
    #[serde(default)]
    pub availability: Availability,
    /// The device that is handed over, by the lender's own name; empty: any.
    #[serde(default)]
    pub device: String,
    /// What the device costs in all, deposit included.
    pub price: Range<Decimal>,
    /// What is paid before the device is handed over.
    #[serde(default)]
    pub deposit: Range<Decimal>,
    /// What is paid for each day or week of use.
    pub rate: Range<Decimal>,
    /// Whether the rate is for a day or for a week.
    #[serde(default)]
    pub per: RatePeriod,
    /// Days of use that the deposit pays for. Default: none.
    #[serde(default = "none_free")]
    pub free_days: Range<u16>,
    /// Days after the paid time during which the device still works.
    #[serde(default)]
    pub grace_days: u16,
    /// What becomes of days without payment.
    #[serde(default)]
    pub missed_days: MissedDays,
    /// When the device works without further payment.
    #[serde(default)]
    pub unlock: Unlock,
    /// The least that is accepted as one payment; less is kept until it suffices. `None`: anything.
    #[serde(default, with = "crate::range::optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub least_payment: Option<Decimal>,
    /// Fees that staff may charge.
    #[serde(default)]
    pub fees: Vec<PredefinedFee>,
    /// Which general-ledger account takes what.
    #[serde(default)]
    pub accounting: PostingRules,
    /// How accounts are opened, numbered and documented.
    #[serde(default)]
    pub accounts: AccountSettings,
}

const fn none_free() -> Range<u16> {
    Range {
        min: None,
        default: Some(0),
        max: None,
    }
}

/// The time that a rate pays for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RatePeriod {
    /// A day.
    #[default]
    Day,
    /// A week.
    Week,
}

impl RatePeriod {
    /// Its length in days.
    #[must_use]
    pub const fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

/// What becomes of days without payment.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MissedDays {
    /// They are not used and not paid: the next payment counts from its own day, and the deal
    /// ends later. The most common.
    #[default]
    Lost,
    /// They are owed: the next payment pays for them first.
    Owed,
}

/// When the device works without further payment.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Unlock {
    /// Once the whole price is paid; the client owns it then.
    #[default]
    AtFullPayment,
    /// Never: the device is rented, and the price is only what a return is measured against.
    Never,
}

impl DealProduct {
    /// A deal in one currency with the most common settings.
    #[must_use]
    pub fn new(id: ProductId, name: &str, currency: Currency) -> Self {
        Self {
            id,
            name: name.into(),
            description: String::new(),
            currencies: [currency].into(),
            availability: Availability::default(),
            device: String::new(),
            price: Range::default(),
            deposit: Range::default(),
            rate: Range::default(),
            per: RatePeriod::default(),
            free_days: none_free(),
            grace_days: 0,
            missed_days: MissedDays::default(),
            unlock: Unlock::default(),
            least_payment: None,
            fees: Vec::new(),
            accounting: PostingRules::default(),
            accounts: AccountSettings::default(),
        }
    }
}

crate::json::exchanged!(DealProduct);
