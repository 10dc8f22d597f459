//! When the rest of a contract falls due.

use chrono::NaiveDateTime;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::exotic;
use crate::actus::{
    code::ContractType,
    contract::{Contract, need},
    cycle::{Cycle, MAX_DATES},
    error::{ActusError, fits},
};

/// When the rest falls due: as the terms say, or when the payments have redeemed the principal.
/// `None` for contracts that have no end of their own.
pub(in crate::actus) fn maturity(
    contract: &Contract<'_>,
    to: Option<NaiveDateTime>,
) -> Result<Option<NaiveDateTime>, ActusError> {
    let terms = contract.terms;
    let given = terms.maturity_date;
    match contract.kind {
        ContractType::Pam => {
            let reason = "the principal is paid back on it";
            need(given, "maturityDate", reason).map(Some)
        }
        ContractType::Clm => Ok(given),
        ContractType::Ump => Ok(None),
        ContractType::Lax => match given {
            Some(date) => Ok(Some(date)),
            None => exotic::derived_maturity(contract, to).map(Some),
        },
        ContractType::Ann if given.is_none() && terms.amortization_date.is_some() => {
            Ok(terms.amortization_date)
        }
        ContractType::Lam | ContractType::Nam | ContractType::Ann => match given {
            Some(date) => Ok(Some(date)),
            None => redeemed(contract).map(Some),
        },
    }
}

/// The redemption that redeems the rest: with `n` payments, `n − 1` cycles after the first one to
/// come.
fn redeemed(contract: &Contract<'_>) -> Result<NaiveDateTime, ActusError> {
    let terms = contract.terms;
    let payment = need(
        terms.next_principal_redemption_payment,
        "nextPrincipalRedemptionPayment",
        "without a maturityDate it says when the principal is redeemed",
    )?;
    let cycle = Cycle::maybe(
        "cycleOfPrincipalRedemption",
        terms.cycle_of_principal_redemption.as_ref(),
    )?;
    let cycle = need(
        cycle,
        "cycleOfPrincipalRedemption",
        "without a maturityDate it says when the principal is redeemed",
    )?;
    let anchor = contract.first_redemption(Some(cycle))?;
    let what = "the maturity date";
    let at = |count: u32| fits(cycle.span.after(anchor, count, contract.month_end), what);
    let mut past: u32 = 0;
    while anchor < contract.status && at(past)? <= contract.status {
        past = too_many(past.checked_add(1))?;
    }
    let principal = match contract.kind {
        ContractType::Lam => payment,
        _ => {
            let (start, end) = (at(past)?, at(too_many(past.checked_add(1))?)?);
            let interest = fits(contract.rate.checked_mul(contract.notional), what)?;
            let conventions = &contract.conventions;
            let interest = conventions.of_year_unshifted(interest, start, end)?;
            fits(payment.checked_sub(interest), what)?
        }
    };
    if principal <= Decimal::ZERO {
        return Err(ActusError::NeverRedeemed);
    }
    let payments = fits(contract.notional.checked_div(principal), what)?.ceil();
    let last = too_many(payments.to_u32())?.saturating_sub(1);
    let date = at(too_many(past.checked_add(last))?)?;
    match contract.kind {
        // A linear amortizer's maturity shifts like its other dates.
        ContractType::Lam => Ok(date),
        _ => contract.conventions.shift(date),
    }
}

/// A count that one cycle may have.
pub(super) fn too_many(count: Option<u32>) -> Result<u32, ActusError> {
    count
        .filter(|count| usize::try_from(*count).is_ok_and(|count| count <= MAX_DATES))
        .ok_or(ActusError::TooManyDates { allowed: MAX_DATES })
}
