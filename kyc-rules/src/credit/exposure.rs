//! What a borrower, a household or a guarantor owes altogether.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::CreditError;

/// A claim the lender has, or may come to have. In one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// What kind.
    pub kind: ClaimKind,
    /// Its amount.
    #[serde(with = "ledger::money::exact")]
    pub amount: Decimal,
}

/// A kind of claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Outstanding on a loan.
    Loan,
    /// The undrawn part of a credit line.
    UndrawnLine,
    /// A guarantee given for somebody else.
    Guarantee,
    /// The lender's own savings of the borrower.
    Savings,
    /// Collateral at its lending value.
    Collateral,
}

/// What counts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ExposurePolicy {
    /// Loans outstanding and undrawn lines. The common rule.
    #[default]
    SumOfLoans,
    /// The same less own savings, not below zero.
    SumOfLoansMinusSavings,
    /// The same less own savings and collateral, not below zero.
    SumOfLoansMinusSecurity,
    /// Loans, undrawn lines and guarantees given.
    SumWithGuarantees,
}

/// The exposure under a policy.
///
/// # Errors
/// [`CreditError::Overflow`].
pub fn exposure(claims: &[Claim], policy: ExposurePolicy) -> Result<Decimal, CreditError> {
    let sum = |wanted: &[ClaimKind]| {
        claims
            .iter()
            .filter(|claim| wanted.contains(&claim.kind))
            .try_fold(Decimal::ZERO, |sum, claim| sum.checked_add(claim.amount))
            .ok_or(CreditError::Overflow { what: "exposure" })
    };
    let owed = sum(&[ClaimKind::Loan, ClaimKind::UndrawnLine])?;
    let less = |security: Decimal| {
        owed.checked_sub(security)
            .map(|left| left.max(Decimal::ZERO))
            .ok_or(CreditError::Overflow { what: "exposure" })
    };
    match policy {
        ExposurePolicy::SumOfLoans => Ok(owed),
        ExposurePolicy::SumOfLoansMinusSavings => less(sum(&[ClaimKind::Savings])?),
        ExposurePolicy::SumOfLoansMinusSecurity => {
            less(sum(&[ClaimKind::Savings, ClaimKind::Collateral])?)
        }
        ExposurePolicy::SumWithGuarantees => owed
            .checked_add(sum(&[ClaimKind::Guarantee])?)
            .ok_or(CreditError::Overflow { what: "exposure" }),
    }
}
