//! What is asked for, and where.

use alloc::{collections::BTreeMap, collections::BTreeSet, string::String, vec::Vec};

use chrono::NaiveDate;
use ledger::{BranchCode, Currency};
use lending_core::{
    dates::Calendar,
    schedule::{IndexValue, PaymentTier, Tranche},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{HolderKind, range::optional, settings::LendingSettings};

/// What a client asks for. Whatever is `None` gets the product's default.
///
/// ```
/// use chrono::NaiveDate;
/// use products::QuoteRequest;
/// use rust_decimal::dec;
/// let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
/// let request = QuoteRequest { instalments: Some(6), ..QuoteRequest::new(dec!(250000), day) };
/// assert_eq!(request.rate, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuoteRequest {
    /// The amount lent.
    #[serde(with = "optional")]
    pub amount: Option<Decimal>,
    /// The day on which it is paid out.
    pub disbursement: NaiveDate,
    /// The number of instalments.
    pub instalments: Option<u32>,
    /// The rate in percent, for the product's charge frequency (with an index: the spread).
    #[serde(with = "optional")]
    pub rate: Option<Decimal>,
    /// For how many instalments the product's grace holds.
    pub grace: Option<u32>,
    /// By how many days the due dates are moved.
    pub first_due_offset: Option<i32>,
    /// The first due date. It must not lie further from the usual one than the product's offsets
    /// allow, and cannot be given beside an offset.
    pub first_due: Option<NaiveDate>,
    /// Penalty in percent per day late.
    #[serde(with = "optional")]
    pub penalty_rate: Option<Decimal>,
    /// Days past due that are tolerated.
    pub tolerance_days: Option<u16>,
    /// The principal left to the last instalment, in percent of the amount.
    #[serde(with = "optional")]
    pub balloon_percent: Option<Decimal>,
    /// The number of instalments of the longer loan whose instalments are paid.
    pub longer_term: Option<u32>,
    /// Totals of ranges of instalments, for a payment plan.
    pub payment_plan: Vec<PaymentTier>,
    /// Planned payouts after the first, included in the amount.
    pub tranches: Vec<Tranche>,
    /// Optional fees that are chosen, by name.
    pub optional_fees: BTreeSet<String>,
}

impl QuoteRequest {
    /// An amount on a day, and the product's defaults.
    #[must_use]
    pub fn new(amount: Decimal, disbursement: NaiveDate) -> Self {
        Self {
            amount: Some(amount),
            disbursement,
            ..Self::default()
        }
    }
}

/// Where and for whom a quote is made.
#[derive(Clone, Debug)]
pub struct QuoteContext<'a> {
    /// Working days and holidays of the branch.
    pub calendar: &'a Calendar,
    /// The currency of the contract.
    pub currency: Currency,
    /// Who holds the account.
    pub holder: HolderKind,
    /// The branch. A product limited to branches cannot be quoted without.
    pub branch: Option<BranchCode>,
    /// The client's type. A product limited to types cannot be quoted without.
    pub client_type: Option<&'a str>,
    /// The tier the client is identified to. A product limited to tiers cannot be quoted without.
    pub tier: Option<&'a str>,
    /// The values of each index that a product may refer to.
    pub indexes: Option<&'a BTreeMap<String, Vec<IndexValue>>>,
    /// The present rate of each tax source that a product may refer to, in percent.
    pub tax_rates: Option<&'a BTreeMap<String, Decimal>>,
    /// The lender's own settings: whether two persons must agree, and how long a closing may be
    /// undone; `None`: neither is limited.
    pub settings: Option<&'a LendingSettings>,
    /// Whether settings that the contract cannot carry out ([`crate::LoanProduct::not_carried`])
    /// are taken care of elsewhere. When false, a product that has any is not quoted.
    pub carried_elsewhere: bool,
}

impl<'a> QuoteContext<'a> {
    /// An individual, in no particular branch.
    #[must_use]
    pub const fn new(calendar: &'a Calendar, currency: Currency) -> Self {
        Self {
            calendar,
            currency,
            holder: HolderKind::Individual,
            branch: None,
            client_type: None,
            tier: None,
            indexes: None,
            tax_rates: None,
            settings: None,
            carried_elsewhere: false,
        }
    }
}
