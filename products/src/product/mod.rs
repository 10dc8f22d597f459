//! The definition of a loan product: every setting, typed, with its meaning.
//!
//! A definition holds ranges where a contract holds values. Defaults are the most common practice,
//! and a product states only what differs.

mod access;
mod arrears;
mod fees;
mod interest;
mod payments;
mod revolving;
mod schedule;
mod securities;

use alloc::{collections::BTreeSet, string::String, vec::Vec};

pub use access::{
    AccountSettings, AccountState, CreditLineRequirement, DocumentKind, DocumentTemplate,
    LinkedDeposit, Settlement,
};
pub use arrears::{ArrearsSettings, ChargeCap, PenaltySettings, ToleranceMethod};
pub use fees::{
    Amortisation, AmortisationInterval, AmortisationProfile, FeeAmount, FeeTaxSettings, FeeWhen,
    MonthlyFeeDate, OnReschedule, PredefinedFee,
};
pub use interest::{
    AccrualDetail, AccrualPosting, DayTier, InterestApplication, InterestKind, InterestMethod,
    InterestSettings, PricingSettings, TaxSettings,
};
pub use payments::{FixedElement, FuturePayments, LateRecalculation, PaymentSettings};
pub use revolving::{
    LimitUse, LineInterest, OverdueDue, PaymentDay, RevolvingPrincipal, RevolvingSettings,
};
pub use schedule::{
    DayOfYear, GraceKind, GraceSettings, PrincipalSettings, ScheduleEdit, ScheduleSettings,
};
pub use securities::{CommissionSplit, InvestorFunds, SecuritySettings};

use ledger::{Currency, posting_rules::PostingRules};
use lending_core::{ids::ProductId, loan::ChargeOffTerms};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Availability, Range};

/// What sort of loan a product is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LoanKind {
    /// All interest is known at disbursement; paying early or late changes none of it.
    #[default]
    FixedTerm,
    /// Interest follows the balance day by day; the schedule is a forecast.
    DynamicTerm,
    /// No interest.
    InterestFree,
    /// Paid out in several tranches; interest follows the balance.
    Tranched {
        /// The most tranches, at least 1.
        max_tranches: u32,
    },
    /// A limit that is drawn and repaid again and again, billed in cycles.
    Revolving(RevolvingSettings),
}

impl LoanKind {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::FixedTerm => "FIXED_TERM",
            Self::DynamicTerm => "DYNAMIC_TERM",
            Self::InterestFree => "INTEREST_FREE",
            Self::Tranched { .. } => "TRANCHED",
            Self::Revolving(_) => "REVOLVING",
        }
    }
}

/// A loan product: a template with constraints.
///
/// [`LoanProduct::new`] fills in the most common choices:
///
/// ```
/// use ledger::Currency;
/// use products::{LoanProduct, Range};
/// use rust_decimal::dec;
/// let mut product = LoanProduct::new("SALARY".parse()?, "Salary loan", "UGX".parse()?);
/// product.amount = Range::new(dec!(100000), dec!(500000), dec!(2000000));
/// product.instalments = Range::new(1, 6, 12);
/// product.interest.rate = Range::only(dec!(36));
/// product.validate()?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoanProduct {
    /// Its identifier in the catalogue.
    pub id: ProductId,
    /// Its name as people read it.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What sort of loan it is.
    #[serde(default)]
    pub kind: LoanKind,
    /// The currencies it is sold in, at least one. Amounts hold for each of them.
    pub currencies: BTreeSet<Currency>,
    /// To whom and where it is sold.
    #[serde(default)]
    pub availability: Availability,
    /// The amount lent, in units of the currency.
    pub amount: Range<Decimal>,
    /// The number of instalments. Not used by revolving products.
    #[serde(default)]
    pub instalments: Range<u32>,
    /// What interest is charged.
    pub interest: InterestSettings,
    /// When and how principal is repaid.
    #[serde(default)]
    pub schedule: ScheduleSettings,
    /// How money received is used.
    #[serde(default)]
    pub payments: PaymentSettings,
    /// When an account is in arrears.
    #[serde(default)]
    pub arrears: ArrearsSettings,
    /// What late payment costs; `None`: nothing.
    #[serde(default)]
    pub penalty: Option<PenaltySettings>,
    /// A ceiling on what late payment may cost; `None`: none.
    #[serde(default)]
    pub cap: Option<ChargeCap>,
    /// What a charge-off does beside taking the loan off the books.
    #[serde(default)]
    pub charge_off: ChargeOffTerms,
    /// Fees known in advance.
    #[serde(default)]
    pub fees: Vec<PredefinedFee>,
    /// Whether staff may charge fees that are not in the list.
    #[serde(default)]
    pub arbitrary_fees: bool,
    /// Taxes on what is charged.
    #[serde(default)]
    pub taxes: TaxSettings,
    /// Which general-ledger account takes what.
    #[serde(default)]
    pub accounting: PostingRules,
    /// How often accrued interest is posted, under accrual accounting.
    #[serde(default)]
    pub accrual_posting: AccrualPosting,
    /// How finely accrued interest is posted.
    #[serde(default)]
    pub accrual_detail: AccrualDetail,
    /// Guarantees, collateral and investors.
    #[serde(default)]
    pub securities: SecuritySettings,
    /// How accounts of the product are opened, numbered, linked and documented.
    #[serde(default)]
    pub accounts: AccountSettings,
}

impl LoanProduct {
    /// A product in one currency with the most common settings and open ranges.
    #[must_use]
    pub fn new(id: ProductId, name: &str, currency: Currency) -> Self {
        Self {
            id,
            name: name.into(),
            description: String::new(),
            kind: LoanKind::default(),
            currencies: [currency].into(),
            availability: Availability::default(),
            amount: Range::default(),
            instalments: Range::default(),
            interest: InterestSettings::default(),
            schedule: ScheduleSettings::default(),
            payments: PaymentSettings::default(),
            arrears: ArrearsSettings::default(),
            penalty: None,
            cap: None,
            charge_off: ChargeOffTerms::default(),
            fees: Vec::new(),
            arbitrary_fees: false,
            taxes: TaxSettings::default(),
            accounting: PostingRules::default(),
            accrual_posting: AccrualPosting::default(),
            accrual_detail: AccrualDetail::default(),
            securities: SecuritySettings::default(),
            accounts: AccountSettings::default(),
        }
    }
}

impl LoanProduct {
    /// Reads a product from JSON and checks that it holds together.
    ///
    /// ```
    /// use products::LoanProduct;
    /// let text = r#"{
    ///   "id": "A", "name": "A loan", "currencies": ["KES"],
    ///   "amount": {"min": "100",
    ///              "max": 5000},
    ///   "interest": {}
    /// }"#;
    /// let refused = LoanProduct::from_json(text).unwrap_err().to_string();
    /// assert!(refused.starts_with("line 4, column 24: amount.max: "), "{refused}");
    /// ```
    ///
    /// # Errors
    /// [`JsonError::Field`](crate::JsonError::Field) names the field and the line of what cannot be
    /// read; [`JsonError::Rules`](crate::JsonError::Rules) gives everything that does not hold
    /// together, each with its line.
    pub fn from_json(text: &str) -> Result<Self, crate::JsonError> {
        crate::json::checked(text, Self::validate)
    }

    /// The product as JSON, indented.
    ///
    /// # Errors
    /// None in practice: every part of a product can be written.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}
