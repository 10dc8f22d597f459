//! The contract of a deposit account.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::{Currency, posting_rules::PostingRules};
use lending_core::{
    day_count::DayCount,
    loan::Code,
    schedule::{ChargeFrequency, Pricing},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{BalanceUsed, DepositKind, InterestPaid};
use crate::product::{DayTier, FeeAmount, MonthlyFeeDate};

/// The whole contract of a deposit account. A product that changes tomorrow changes no account
/// opened today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DepositTerms {
    /// Currency of every amount of the contract.
    pub currency: Currency,
    /// What sort of deposit it is.
    pub kind: DepositKind,
    /// The day of the first deposit.
    pub opened: NaiveDate,
    /// The first deposit.
    #[serde(with = "ledger::money::exact")]
    pub opening_balance: Decimal,
    /// The balance may not grow beyond this.
    #[serde(with = "ledger::money::exact::option")]
    pub maximum_balance: Option<Decimal>,
    /// The balance may not fall below this, overdrafts apart.
    #[serde(with = "ledger::money::exact::option")]
    pub minimum_balance: Option<Decimal>,
    /// The most that is paid out at once.
    #[serde(with = "ledger::money::exact::option")]
    pub maximum_withdrawal: Option<Decimal>,
    /// What interest is paid; `None`: none.
    pub interest: Option<InterestTerms>,
    /// Tax withheld from interest, in percent of it.
    #[serde(with = "ledger::money::exact::option")]
    pub withholding_tax_percent: Option<Decimal>,
    /// The day on which the account ends; `None`: never by itself.
    pub maturity: Option<NaiveDate>,
    /// What is saved for.
    #[serde(with = "ledger::money::exact::option")]
    pub target: Option<Decimal>,
    /// What may be overdrawn; `None`: nothing.
    pub overdraft: Option<OverdraftTerms>,
    /// Whether fees and taxes may overdraw the balance without agreement.
    pub technical_overdraft: bool,
    /// Monthly fees.
    pub fees: Vec<DepositFee>,
    /// Which general-ledger account takes what.
    pub accounting: PostingRules,
}

/// A rate and what it is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTerms {
    /// Percent (with an index: the spread; with tiers: zero).
    #[serde(with = "ledger::money::exact")]
    pub percent: Decimal,
    /// The length of time it is for.
    pub per: ChargeFrequency,
    /// How the rate is found.
    pub pricing: Pricing,
    /// Rates by days since the opening; empty: none.
    pub by_days: Vec<DayTier>,
    /// The balance that interest is on.
    pub balance: BalanceUsed,
    /// How days become a fraction of a year.
    pub day_count: DayCount,
}

/// What interest is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterestTerms {
    /// The rate and what it is on.
    pub rate: RateTerms,
    /// When it is paid.
    pub paid: InterestPaid,
    /// Whether it is paid out instead of into the account.
    pub paid_out: bool,
    /// Whether it goes on while the account is locked.
    pub while_locked: bool,
    /// Whether it goes on after maturity.
    pub after_maturity: bool,
    /// Balances below this bear none.
    #[serde(with = "ledger::money::exact::option")]
    pub from_balance: Option<Decimal>,
}

/// What may be overdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverdraftTerms {
    /// By how much.
    #[serde(with = "ledger::money::exact")]
    pub limit: Decimal,
    /// What interest it costs; `None`: none.
    pub interest: Option<RateTerms>,
}

/// A monthly fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepositFee {
    /// Its name.
    pub name: Code,
    /// On which day of the month.
    pub on: MonthlyFeeDate,
    /// How much.
    pub amount: FeeAmount,
}
