//! What a credit costs in all.

use rust_decimal::Decimal;

use super::{CostError, Flow};

/// What a credit costs in all, undiscounted, in the terms of Directive 2008/48/EC, Article 3. In
/// Regulation Z's: the amount financed, the total of payments and the finance charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalCost {
    /// The total amount of credit: what is advanced.
    pub credit: Decimal,
    /// The total amount payable: all payments, charges paid at the drawdown among them.
    pub payable: Decimal,
    /// The total cost of the credit: what is payable beyond the credit; below zero where less
    /// comes back.
    pub cost: Decimal,
}

/// What a credit costs in all, from its flows on the lender's side: advances below zero, payments
/// above. Exact; times do not matter.
///
/// ```
/// use lending_core::cost::total_cost;
/// use rust_decimal::dec;
///
/// // 5,000, 23 payments of 230 and a last one of 280.
/// let mut flows = vec![(dec!(0), dec!(-5000)).into(), (dec!(24), dec!(280)).into()];
/// flows.extend((1..24).map(|month: i64| (month.into(), dec!(230)).into()));
/// let total = total_cost(&flows)?;
/// assert_eq!((total.payable, total.cost), (dec!(5570), dec!(570)));
/// # Ok::<(), lending_core::cost::CostError>(())
/// ```
///
/// # Errors
/// [`CostError::Argument`] when nothing is advanced; [`CostError::Overflow`].
pub fn total_cost(flows: &[Flow]) -> Result<TotalCost, CostError> {
    let mut credit = Decimal::ZERO;
    let mut payable = Decimal::ZERO;
    for flow in flows {
        let sum = if flow.amount.is_sign_negative() {
            &mut credit
        } else {
            &mut payable
        };
        let amount = flow.amount.abs();
        *sum = sum.checked_add(amount).ok_or(CostError::Overflow)?;
    }
    if credit.is_zero() {
        return Err(CostError::Argument {
            name: "flows",
            allowed: "an advance, which is below zero",
        });
    }
    let cost = payable.checked_sub(credit).ok_or(CostError::Overflow)?;
    Ok(TotalCost {
        credit,
        payable,
        cost,
    })
}
