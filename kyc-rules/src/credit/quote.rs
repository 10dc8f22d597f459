//! The instalment of a loan that is not made yet.

use rust_decimal::{Decimal, MathematicalOps};

use super::{CreditError, in_range};

/// The level monthly instalment of a loan: principal times `i / (1 - (1 + i)^-n)` with `i` a
/// twelfth of the yearly rate, unrounded; without interest the principal over the count. An
/// estimate for a first decision: a lender whose product has fees, grace or another calendar passes
/// its own schedule to [`super::CreditPolicy::decide`] instead.
///
/// ```
/// use kyc_rules::credit::level_instalment;
/// use rust_decimal::dec;
/// // The textbook case: 10,000 over 12 months at 12 % a year.
/// assert_eq!(level_instalment(dec!(10000), 12, dec!(0.12))?.round_dp(2), dec!(888.49));
/// assert_eq!(level_instalment(dec!(1200), 12, dec!(0))?, dec!(100));
/// # Ok::<(), kyc_rules::credit::CreditError>(())
/// ```
///
/// # Errors
/// [`CreditError::Range`] for a negative figure or no instalment, [`CreditError::Overflow`].
pub fn level_instalment(
    principal: Decimal,
    instalments: u32,
    annual_rate: Decimal,
) -> Result<Decimal, CreditError> {
    let count = Decimal::from(instalments);
    for (what, given, ok, allowed) in [
        (
            "the principal",
            principal,
            principal >= Decimal::ZERO,
            "0 or more",
        ),
        (
            "the rate",
            annual_rate,
            annual_rate >= Decimal::ZERO,
            "0 or more",
        ),
        (
            "the number of instalments",
            count,
            instalments > 0,
            "1 or more",
        ),
    ] {
        in_range(what, given, ok, allowed)?;
    }
    let level = || {
        if annual_rate.is_zero() {
            return principal.checked_div(count);
        }
        let monthly = annual_rate.checked_div(Decimal::from(12_u32))?;
        let growth = Decimal::ONE
            .checked_add(monthly)?
            .checked_powu(instalments.into())?;
        // P i g / (g - 1), the same without the small 1 / g.
        let interest = principal.checked_mul(monthly)?.checked_mul(growth)?;
        interest.checked_div(growth.checked_sub(Decimal::ONE)?)
    };
    level().ok_or(CreditError::Overflow {
        what: "an instalment",
    })
}
