//! Points from odds: the factor and offset of a scorecard, and points of a bin.

use ledger::Rounding;
use rust_decimal::{Decimal, MathematicalOps};
use serde::{Deserialize, Serialize};

use super::{CreditError, in_range};

/// How a weight of evidence was taken; the usual source of a wrong sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WoeSign {
    /// ln(share of good / share of bad): a higher figure is safer.
    GoodOverBad,
    /// ln(share of bad / share of good): a higher figure is riskier.
    BadOverGood,
}

/// A scale of points: so many at given odds, doubling the odds adds so many.
///
/// ```
/// use kyc_rules::credit::PointsScale;
/// use rust_decimal::dec;
/// let scale = PointsScale { base: dec!(600), odds: dec!(50), points_to_double: dec!(20) };
/// assert_eq!(scale.factor()?.round_dp(4), dec!(28.8539));
/// assert_eq!(scale.offset()?.round_dp(3), dec!(487.123));
/// # Ok::<(), kyc_rules::credit::CreditError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsScale {
    /// Points at the odds.
    #[serde(with = "ledger::money::exact")]
    pub base: Decimal,
    /// Odds of good to bad.
    #[serde(with = "ledger::money::exact")]
    pub odds: Decimal,
    /// Points that double the odds.
    #[serde(with = "ledger::money::exact")]
    pub points_to_double: Decimal,
}

impl PointsScale {
    /// Points per unit of log odds: points to double / ln 2.
    ///
    /// # Errors
    /// [`CreditError`].
    pub fn factor(&self) -> Result<Decimal, CreditError> {
        let overflow = CreditError::Overflow { what: "the factor" };
        let ln_2 = Decimal::TWO.checked_ln().ok_or_else(|| overflow.clone())?;
        self.points_to_double.checked_div(ln_2).ok_or(overflow)
    }

    /// Points at even odds: base - factor * ln odds.
    ///
    /// # Errors
    /// [`CreditError::Range`] for odds that are not above zero, [`CreditError::Overflow`].
    pub fn offset(&self) -> Result<Decimal, CreditError> {
        in_range(
            "the odds",
            self.odds,
            self.odds > Decimal::ZERO,
            "more than 0",
        )?;
        let overflow = CreditError::Overflow { what: "the offset" };
        let log = self.odds.checked_ln().ok_or_else(|| overflow.clone())?;
        self.factor()?
            .checked_mul(log)
            .and_then(|share| self.base.checked_sub(share))
            .ok_or(overflow)
    }

    /// Whole points of a bin of a logistic model: its share of intercept and offset over
    /// `attributes` attributes, and its weight of evidence times the coefficient. The model
    /// predicts bad, so its log odds are turned; a tie rounds away from zero.
    ///
    /// # Errors
    /// [`CreditError`].
    pub fn points(
        &self,
        coefficient: Decimal,
        woe: Decimal,
        sign: WoeSign,
        intercept: Decimal,
        attributes: u32,
    ) -> Result<Decimal, CreditError> {
        let count = Decimal::from(attributes);
        in_range(
            "the number of attributes",
            count,
            attributes > 0,
            "1 or more",
        )?;
        let woe = match sign {
            WoeSign::BadOverGood => woe,
            WoeSign::GoodOverBad => Decimal::ZERO.checked_sub(woe).unwrap_or(woe),
        };
        let (factor, offset) = (self.factor()?, self.offset()?);
        let points = || {
            let evidence = coefficient.checked_mul(woe)?;
            let share = intercept.checked_div(count)?;
            let scaled = evidence.checked_add(share)?.checked_mul(factor)?;
            offset.checked_div(count)?.checked_sub(scaled)
        };
        points()
            .map(|points| Rounding::HalfUp.round(points, 0))
            .ok_or(CreditError::Overflow {
                what: "the points of a bin",
            })
    }
}
