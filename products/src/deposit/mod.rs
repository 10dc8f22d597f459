//! Deposit products: what may be offered on an account that holds clients' money.
//!
//! | [`DepositKind`] | money comes | money goes | ends |
//! |---|---|---|---|
//! | regular savings | any time | any time, up to a limit | never |
//! | current account | any time | any time, overdraft if agreed | never |
//! | fixed deposit | once | at maturity | at maturity |
//! | savings plan | regularly | at maturity | at maturity, at a target |
//! | investor account | any time | into loans, and back | never |
//!
//! ```
//! use chrono::NaiveDate;
//! use lending_core::dates::Calendar;
//! use products::{QuoteContext, deposit::{DepositProduct, DepositRequest}};
//! use rust_decimal::dec;
//! let product = DepositProduct::from_json(r#"{
//!     "id": "FD", "name": "Fixed deposit", "kind": "FIXED_DEPOSIT", "currencies": ["KES"],
//!     "opening_balance": {"min": "10000"},
//!     "interest": {"rate": {"min": "7", "default": "8", "max": "9"}, "paid": "AT_MATURITY"},
//!     "maturity": {"unit": "MONTHS", "length": {"min": 3, "default": 6, "max": 24}},
//!     "withholding_tax": {"percent": "15"}
//! }"#)?;
//! let calendar = Calendar::default();
//! let context = QuoteContext::new(&calendar, "KES".parse()?);
//! let opened = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
//! let request = DepositRequest::new(dec!(50000), opened);
//! let terms = product.quote(&request, &context)?;
//! assert_eq!(terms.maturity, NaiveDate::from_ymd_opt(2026, 7, 15));
//! // 50 000 at 8 % for 181 of 365 days are 1983.56; 15 % of it, 297.53, are withheld.
//! let forecast = terms.forecast()?;
//! assert_eq!((forecast[0].interest, forecast[0].tax), (dec!(1983.56), dec!(297.53)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod forecast;
mod kind;
mod matrix;
mod quote;
mod settings;
mod terms;
mod validate;

use alloc::{collections::BTreeSet, string::String, vec::Vec};

pub use forecast::{DepositForecastError, InterestPayment};
pub use kind::DepositKind;
use ledger::{Currency, posting_rules::PostingRules};
use lending_core::ids::ProductId;
pub use matrix::MATRIX;
pub use quote::DepositRequest;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
pub use settings::{
    BalanceUsed, DepositInterest, InterestPaid, MaturitySettings, MaturityUnit, OverdraftInterest,
    OverdraftSettings, WithholdingTax,
};
pub use terms::{DepositFee, DepositTerms, InterestTerms, OverdraftTerms, RateTerms};

use crate::{
    Availability, Range,
    product::{AccountSettings, AccrualDetail, AccrualPosting, PredefinedFee},
    range::optional,
};

/// A deposit product: a template with constraints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DepositProduct {
    /// Its identifier in the catalogue.
    pub id: ProductId,
    /// Its name as people read it.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What sort of deposit it is.
    #[serde(default)]
    pub kind: DepositKind,
    /// The currencies it is offered in, at least one. Amounts hold for each of them.
    pub currencies: BTreeSet<Currency>,
    /// To whom and where it is offered.
    #[serde(default)]
    pub availability: Availability,
    /// The first deposit.
    #[serde(default)]
    pub opening_balance: Range<Decimal>,
    /// What a saver is advised to pay in each time; nothing is enforced.
    #[serde(default, with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub recommended_deposit: Option<Decimal>,
    /// The balance may not grow beyond this.
    #[serde(default, with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub maximum_balance: Option<Decimal>,
    /// The balance may not fall below this, overdrafts apart.
    #[serde(default, with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub minimum_balance: Option<Decimal>,
    /// The most that is paid out at once.
    #[serde(default, with = "optional")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::optional_decimal")
    )]
    pub maximum_withdrawal: Option<Decimal>,
    /// What interest is paid; `None`: none.
    #[serde(default)]
    pub interest: Option<DepositInterest>,
    /// Tax withheld from interest; `None`: none.
    #[serde(default)]
    pub withholding_tax: Option<WithholdingTax>,
    /// When it ends; `None`: never by itself.
    #[serde(default)]
    pub maturity: Option<MaturitySettings>,
    /// What a savings plan saves for.
    #[serde(default)]
    pub target: Range<Decimal>,
    /// Whether the balance may be overdrawn by agreement; `None`: not.
    #[serde(default)]
    pub overdraft: Option<OverdraftSettings>,
    /// Whether fees and taxes may overdraw the balance without agreement.
    #[serde(default)]
    pub technical_overdraft: bool,
    /// Whether the balance may lower the interest of a linked loan.
    #[serde(default)]
    pub offsets_loans: bool,
    /// Fees known in advance: monthly, and charged by staff.
    #[serde(default)]
    pub fees: Vec<PredefinedFee>,
    /// Whether staff may charge fees that are not in the list.
    #[serde(default)]
    pub arbitrary_fees: bool,
    /// Which general-ledger account takes what.
    #[serde(default)]
    pub accounting: PostingRules,
    /// How often accrued interest is posted, under accrual accounting.
    #[serde(default)]
    pub accrual_posting: AccrualPosting,
    /// How finely accrued interest is posted.
    #[serde(default)]
    pub accrual_detail: AccrualDetail,
    /// How accounts are opened, numbered and documented.
    #[serde(default)]
    pub accounts: AccountSettings,
}

impl DepositProduct {
    /// A product in one currency without interest, limits or fees.
    #[must_use]
    pub fn new(id: ProductId, name: &str, kind: DepositKind, currency: Currency) -> Self {
        Self {
            id,
            name: name.into(),
            description: String::new(),
            kind,
            currencies: [currency].into(),
            availability: Availability::default(),
            opening_balance: Range::default(),
            recommended_deposit: None,
            maximum_balance: None,
            minimum_balance: None,
            maximum_withdrawal: None,
            interest: None,
            withholding_tax: None,
            maturity: None,
            target: Range::default(),
            overdraft: None,
            technical_overdraft: false,
            offsets_loans: false,
            fees: Vec::new(),
            arbitrary_fees: false,
            accounting: PostingRules::default(),
            accrual_posting: AccrualPosting::default(),
            accrual_detail: AccrualDetail::default(),
            accounts: AccountSettings::default(),
        }
    }
}

crate::json::exchanged!(DepositProduct);
