//! The schedule and its rows.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A repayment schedule: rows in the order of their nominal dates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Schedule {
    /// The instalments.
    pub instalments: Vec<Instalment>,
}

/// One row of a schedule. Amounts are rounded by the contract's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Instalment {
    /// 1 for the first; 0 for a down payment.
    pub number: u32,
    /// Interest starts to count here: the nominal date of the row before, or the disbursement.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// The date of the due-date rule: interest counts to here.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub nominal_due: NaiveDate,
    /// The date on which payment is due, moved off non-working days.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub due: NaiveDate,
    /// Principal due. Negative when the payment is below the interest, which is then capitalised.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub principal: Decimal,
    /// Interest due, with any tax contained in it.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub interest: Decimal,
    /// Fees due, with any tax contained in them.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub fee: Decimal,
    /// Tax: due on top of the others when exclusive, for information when inclusive.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub tax: Decimal,
    /// What is due in total.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub total: Decimal,
    /// Principal left after this row, before a tranche that is paid out on the same date.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub balance_after: Decimal,
}

/// Sums over the rows of a schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Totals {
    /// Sum of principals.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub principal: Decimal,
    /// Sum of interest.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub interest: Decimal,
    /// Sum of fees.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub fee: Decimal,
    /// Sum of taxes.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub tax: Decimal,
    /// Sum of totals.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub total: Decimal,
}

impl Schedule {
    /// Sums over all rows. Each row was checked to fit, and so was their sum; a schedule edited by
    /// hand beyond 28 digits saturates.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut sums = Totals::default();
        for row in &self.instalments {
            sums.principal = sums.principal.saturating_add(row.principal);
            sums.interest = sums.interest.saturating_add(row.interest);
            sums.fee = sums.fee.saturating_add(row.fee);
            sums.tax = sums.tax.saturating_add(row.tax);
            sums.total = sums.total.saturating_add(row.total);
        }
        sums
    }

    /// The last row's nominal date.
    #[must_use]
    pub fn maturity(&self) -> Option<NaiveDate> {
        self.instalments.last().map(|row| row.nominal_due)
    }
}

impl Instalment {
    pub(super) const EMPTY: Self = Self {
        number: 0,
        from: NaiveDate::MIN,
        nominal_due: NaiveDate::MIN,
        due: NaiveDate::MIN,
        principal: Decimal::ZERO,
        interest: Decimal::ZERO,
        fee: Decimal::ZERO,
        tax: Decimal::ZERO,
        total: Decimal::ZERO,
        balance_after: Decimal::ZERO,
    };
}
