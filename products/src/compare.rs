//! Several products for one need: what each would cost, and in which order.
//!
//! ```
//! use chrono::NaiveDate;
//! use lending_core::dates::Calendar;
//! use products::{LoanProduct, QuoteContext, QuoteRequest, RankBy, compare};
//! use rust_decimal::dec;
//! let read = |id: &str, interest: &str| LoanProduct::from_json(&format!(r#"{{
//!     "id": "{id}", "name": "{id}", "currencies": ["KES"], "amount": {{"max": "50000"}},
//!     "instalments": {{"default": 12}}, "interest": {interest}
//! }}"#));
//! let flat = read("FLAT", r#"{"method": "FLAT", "rate": {"default": "20"}}"#)?;
//! let declining = read("DECLINING", r#"{"rate": {"default": "30"}}"#)?;
//! let calendar = Calendar::default();
//! let context = QuoteContext::new(&calendar, "KES".parse()?);
//! let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
//! let need = QuoteRequest::new(dec!(12000), day);
//! let found = compare([&flat, &declining], &need, &context, RankBy::Apr);
//! // 20 % flat costs more than 30 % on the declining balance.
//! let order: Vec<&str> = found.offers.iter().map(|offer| offer.product.id.as_str()).collect();
//! assert_eq!(order, ["DECLINING", "FLAT"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::vec::Vec;
use core::cmp::Ordering;

use lending_core::cost::{
    CostError, Flow,
    apr::{RegularUnit, eu_apr, eu_interval, percent},
};
use rust_decimal::Decimal;

use crate::{LoanProduct, Preview, QuoteContext, QuoteRequest, Violations};

/// What offers are ranked by, the smallest first. Ties are broken by total cost, then by the
/// product's identifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RankBy {
    /// Everything that is paid, less everything that is paid out.
    #[default]
    TotalCost,
    /// The effective annual rate. An offer without one comes last.
    Apr,
    /// The largest instalment: what a household must be able to pay.
    Instalment,
}

/// What one product would give.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Offer<'p> {
    /// The product.
    pub product: &'p LoanProduct,
    /// The contract and its schedule.
    pub preview: Preview,
    /// The effective annual rate in percent, to two decimals; `None` where the flows have none.
    pub apr_percent: Option<Decimal>,
    /// The largest instalment, everything included.
    pub largest_instalment: Decimal,
}

/// What several products would give for one need.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison<'p> {
    /// Those that fit, the best first.
    pub offers: Vec<Offer<'p>>,
    /// Those that do not, each with everything that does not fit.
    pub refused: Vec<(&'p LoanProduct, Violations)>,
}

/// Quotes every product for one need and ranks what they give.
///
/// A product that does not fit is listed with its reasons. Costs of products in different
/// currencies cannot be compared; the context has one.
#[must_use]
pub fn compare<'p>(
    products: impl IntoIterator<Item = &'p LoanProduct>,
    need: &QuoteRequest,
    context: &QuoteContext<'_>,
    by: RankBy,
) -> Comparison<'p> {
    let mut comparison = Comparison {
        offers: Vec::new(),
        refused: Vec::new(),
    };
    for product in products {
        match product.preview(need, context) {
            Ok(preview) => comparison.offers.push(Offer {
                product,
                apr_percent: preview.apr_percent().ok(),
                largest_instalment: preview.largest_instalment(),
                preview,
            }),
            Err(violations) => comparison.refused.push((product, violations)),
        }
    }
    comparison.offers.sort_by(|a, b| rank(a, b, by));
    comparison
}

fn rank(a: &Offer<'_>, b: &Offer<'_>, by: RankBy) -> Ordering {
    let first = match by {
        RankBy::TotalCost => Ordering::Equal,
        RankBy::Apr => match (a.apr_percent, b.apr_percent) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        },
        RankBy::Instalment => a.largest_instalment.cmp(&b.largest_instalment),
    };
    first
        .then_with(|| a.preview.cost.cmp(&b.preview.cost))
        .then_with(|| a.product.id.as_str().cmp(b.product.id.as_str()))
}

impl Preview {
    /// The effective annual rate in percent, to two decimals, a half rounded up: the annual
    /// percentage rate of the EU's Directive 2008/48/EC, intervals counted in months. Everything
    /// the borrower pays counts, fees known in advance included.
    ///
    /// # Errors
    /// [`CostError`]: flows without a rate, for example a loan that costs nothing back.
    pub fn apr_percent(&self) -> Result<Decimal, CostError> {
        let start = self.terms.expected_disbursement;
        let flows = self.cash_flows().map(|(on, amount)| {
            let time = eu_interval(start, on, RegularUnit::Month)?;
            Ok(Flow::from((time.to_decimal(), amount)))
        });
        let flows = flows.collect::<Result<Vec<Flow>, CostError>>()?;
        percent(eu_apr(&flows)?, 2)
    }

    /// The largest instalment, everything included.
    #[must_use]
    pub fn largest_instalment(&self) -> Decimal {
        let totals = self.schedule.instalments.iter().map(|row| row.total);
        totals.max().unwrap_or_default()
    }
}
