//! Weights of evidence of the bins of an attribute, from counts of good and bad loans.

use alloc::vec::Vec;

use rust_decimal::{Decimal, MathematicalOps};
use serde::{Deserialize, Serialize};

use super::{CreditError, WoeSign, in_range};

/// Loans of one bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BinCount {
    /// Loans that were repaid.
    pub good: u64,
    /// Loans that were not.
    pub bad: u64,
}

/// What a bin says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BinEvidence {
    /// The logarithm of the share of good over the share of bad, or the other way round.
    #[serde(with = "ledger::money::exact")]
    pub woe: Decimal,
    /// Its part of the information value: the difference of the shares times the logarithm. Their
    /// sum says how much the attribute tells; the sign of the weights does not matter to it.
    #[serde(with = "ledger::money::exact")]
    pub information: Decimal,
}

/// The weights of evidence of all bins of an attribute. `smoothing` is added to every count (0.5 is
/// usual), so that a bin without bad loans has a weight too; with 0 every count has to be above 0.
/// For building a card, not for deciding: a decision looks points up.
///
/// ```
/// use kyc_rules::credit::{BinCount, WoeSign, weights_of_evidence};
/// use rust_decimal::dec;
/// // 80 % of the good and 20 % of the bad are in the first bin: ln 4 = 1.386294.
/// let bins = [BinCount { good: 80, bad: 20 }, BinCount { good: 20, bad: 80 }];
/// let evidence = weights_of_evidence(&bins, dec!(0), WoeSign::GoodOverBad)?;
/// assert_eq!(evidence[0].woe.round_dp(6), dec!(1.386294));
/// assert_eq!(evidence[1].woe.round_dp(6), dec!(-1.386294));
/// # Ok::<(), kyc_rules::credit::CreditError>(())
/// ```
///
/// # Errors
/// [`CreditError::Range`] for a negative smoothing or a count of 0 without any,
/// [`CreditError::Overflow`].
pub fn weights_of_evidence(
    bins: &[BinCount],
    smoothing: Decimal,
    sign: WoeSign,
) -> Result<Vec<BinEvidence>, CreditError> {
    in_range(
        "the smoothing",
        smoothing,
        smoothing >= Decimal::ZERO,
        "0 or more",
    )?;
    let over = CreditError::Overflow {
        what: "weights of evidence",
    };
    let mut counts = Vec::with_capacity(bins.len());
    let mut totals = (Decimal::ZERO, Decimal::ZERO);
    for bin in bins {
        let smooth = |count: u64| Decimal::from(count).checked_add(smoothing);
        let (good, bad) = smooth(bin.good)
            .zip(smooth(bin.bad))
            .ok_or_else(|| over.clone())?;
        for count in [good, bad] {
            in_range(
                "a smoothed count",
                count,
                count > Decimal::ZERO,
                "more than 0",
            )?;
        }
        let sums = totals.0.checked_add(good).zip(totals.1.checked_add(bad));
        totals = sums.ok_or_else(|| over.clone())?;
        counts.push((good, bad));
    }
    let evidence = |(good, bad): (Decimal, Decimal)| {
        let (good, bad) = (good.checked_div(totals.0)?, bad.checked_div(totals.1)?);
        let log = good.checked_div(bad)?.checked_ln()?;
        let information = good.checked_sub(bad)?.checked_mul(log)?;
        let woe = match sign {
            WoeSign::GoodOverBad => log,
            WoeSign::BadOverGood => Decimal::ZERO.checked_sub(log)?,
        };
        Some(BinEvidence { woe, information })
    };
    let all: Option<Vec<BinEvidence>> = counts.into_iter().map(evidence).collect();
    all.ok_or(over)
}
