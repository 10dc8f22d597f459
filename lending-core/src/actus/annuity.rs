//! The payment that redeems the principal.

use alloc::vec::Vec;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::{
    contract::Contract,
    cycle::{Cycle, End},
    error::{ActusError, fits},
    state::State,
};

/// The redemption dates after a time, the end among them.
fn redemptions_after(
    contract: &Contract<'_>,
    time: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>, ActusError> {
    let terms = contract.terms;
    let end = terms.amortization_date.or(contract.maturity);
    let Some(end) = end else {
        return Err(ActusError::Missing {
            term: "maturityDate",
            reason: "payments are reckoned up to it",
        });
    };
    let cycle = Cycle::maybe(
        "cycleOfPrincipalRedemption",
        terms.cycle_of_principal_redemption.as_ref(),
    )?;
    let first = contract.first_redemption(cycle)?;
    let mut dates = contract.dates(Some(first), cycle, end, End::Included)?;
    dates.retain(|date| *date > time);
    Ok(dates)
}

/// The principal of each redemption of a linear amortizer, above zero: the notional over the
/// number of redemptions, the maturity among them.
pub(super) fn linear(contract: &Contract<'_>) -> Result<Decimal, ActusError> {
    let count = redemptions_after(contract, contract.status)?.len();
    let payment = contract.notional.checked_div(Decimal::from(count));
    fits(payment, "the redemption payment")
}

/// The payment of an annuity, above zero.
///
/// With redemptions at `t₁ … tₙ` after the fixing, rate `r` and `fᵢ = 1 + r·Y(tᵢ, tᵢ₊₁)`, the
/// payments `A` that bring the debt `D` at `t₁` (notional and interest accrued to `t₁`) to zero at
/// `tₙ` are `A = D·Πfᵢ / (1 + Σᵢ Πⱼ≥ᵢ fⱼ)`, which is `D / b₁` with `bₙ = 1` and
/// `bᵢ = 1 + bᵢ₊₁ / fᵢ`: figures that stay small whatever the rate.
///
/// `after` is the moment of the fixing: redemptions after it count.
pub(super) fn payment(
    contract: &Contract<'_>,
    state: &State,
    after: NaiveDateTime,
) -> Result<Decimal, ActusError> {
    let dates = redemptions_after(contract, after)?;
    let Some(first) = dates.first() else {
        return Ok(Decimal::ZERO);
    };
    let what = "the redemption payment";
    let of_year = |amount, start, end| contract.conventions.of_year_unshifted(amount, start, end);
    let interest = fits(state.rate.checked_mul(state.notional), what)?;
    let interest = of_year(interest, state.time, *first)?;
    let debt = state.notional.checked_add(state.accrued);
    let debt = debt.and_then(|debt| debt.checked_add(interest));
    let debt = fits(debt, what)?;
    let mut worth = Decimal::ONE;
    for pair in dates.windows(2).rev() {
        if let [start, end] = pair {
            let factor = Decimal::ONE.checked_add(of_year(state.rate, *start, *end)?);
            let later = factor.and_then(|factor| worth.checked_div(factor));
            worth = fits(
                later.and_then(|later| later.checked_add(Decimal::ONE)),
                what,
            )?;
        }
    }
    let payment = debt.checked_div(worth);
    let payment = payment.and_then(|payment| payment.checked_mul(contract.sign));
    fits(payment, what)
}
