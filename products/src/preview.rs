//! What a quote means in money: payout, schedule, cost.

use alloc::{format, vec::Vec};

use chrono::NaiveDate;
use lending_core::{
    loan::{FeeTrigger, LoanTerms},
    schedule::{Schedule, Totals, Tranche, generate},
};
use rust_decimal::Decimal;

use crate::{LoanProduct, QuoteContext, QuoteRequest, Violation, ViolationKind, Violations};

/// What a contract means in money, if everything is paid on its day. Binding is only the contract.
///
/// ```
/// use chrono::NaiveDate;
/// use lending_core::dates::Calendar;
/// use products::{LoanProduct, QuoteContext, QuoteRequest};
/// use rust_decimal::dec;
/// let product = LoanProduct::from_json(r#"{
///     "id": "FLAT", "name": "Flat loan", "currencies": ["KES"],
///     "amount": {}, "instalments": {"default": 2},
///     "interest": {"method": "FLAT", "rate": {"default": "5"}, "per": "MONTH", "days": "NOMINAL"},
///     "fees": [{"name": "form", "when": "DEDUCTED_FROM_DISBURSEMENT", "amount": {"FLAT": "10"}}]
/// }"#)?;
/// let calendar = Calendar::default();
/// let context = QuoteContext::new(&calendar, "KES".parse()?);
/// let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
/// let preview = product.preview(&QuoteRequest::new(dec!(1000), day), &context)?;
/// // Two instalments of 500 and 5 % of 1000; 10 are kept back from the payout.
/// assert_eq!(preview.payout, dec!(990));
/// assert_eq!(preview.schedule.instalments[0].total, dec!(550));
/// assert_eq!(preview.cost, dec!(110));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// The contract.
    pub terms: LoanTerms,
    /// What reaches the borrower on the day of disbursement.
    pub payout: Decimal,
    /// Planned payouts after the first.
    pub tranches: Vec<Tranche>,
    /// Every instalment, with the fees of the contract.
    pub schedule: Schedule,
    /// Sums over the instalments.
    pub totals: Totals,
    /// What the loan costs: everything that is paid, less everything that is paid out.
    pub cost: Decimal,
}

impl Preview {
    /// Money as the borrower sees it, in the order of time: payouts above zero, payments below.
    /// The base of any annual percentage rate.
    pub fn cash_flows(&self) -> impl Iterator<Item = (NaiveDate, Decimal)> {
        let first = core::iter::once((self.terms.expected_disbursement, self.payout));
        let later = self
            .tranches
            .iter()
            .map(|tranche| (tranche.on, tranche.amount));
        let paid = self
            .schedule
            .instalments
            .iter()
            .map(|row| (row.due, Decimal::ZERO.saturating_sub(row.total)));
        let mut flows: Vec<_> = first.chain(later).chain(paid).collect();
        flows.sort_by_key(|(on, _)| *on);
        flows.into_iter()
    }
}

impl LoanProduct {
    /// The contract for a request and what it means in money.
    ///
    /// # Errors
    /// Those of [`LoanProduct::quote`], and [`ViolationKind::Contract`] when the terms have no
    /// schedule (a payment plan that does not repay the amount, an index without a value on the
    /// day).
    pub fn preview(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
    ) -> Result<Preview, Violations> {
        let mut terms = self.quote(request, context)?;
        terms.schedule.tranches.clone_from(&request.tranches);
        preview_of(terms)
    }
}

/// What a contract means in money. Tranches of its schedule are planned payouts after the first;
/// the contract of the preview is without them, as accounts take it.
///
/// # Errors
/// [`ViolationKind::Contract`].
pub fn preview_of(mut terms: LoanTerms) -> Result<Preview, Violations> {
    let refused = |given: &dyn core::fmt::Display| {
        let allowed = "terms that have a schedule";
        Violations::of(alloc::vec![Violation::new(
            ViolationKind::Contract,
            "schedule",
            given,
            allowed
        )])
    };
    let large = || refused(&"an amount beyond 28 digits");
    let mut later = terms.schedule.tranches.iter();
    let later = later.try_fold(Decimal::ZERO, |sum, tranche| {
        sum.checked_add(tranche.amount)
    });
    let later = later.ok_or_else(large)?;
    let first = terms.principal.checked_sub(later).ok_or_else(large)?;
    if first <= Decimal::ZERO {
        return Err(refused(&format!(
            "tranches of {later} of an amount of {}",
            terms.principal
        )));
    }
    let at = |trigger| fees_at(&terms, trigger, first).ok_or_else(large);
    let capitalised = at(FeeTrigger::CapitalisedAtDisbursement)?;
    let payout = first
        .checked_sub(at(FeeTrigger::DeductedFromDisbursement)?)
        .ok_or_else(large)?;
    if payout <= Decimal::ZERO {
        return Err(refused(&format!("a payout of {payout}: fees take it all")));
    }
    let lent = first.checked_add(capitalised).ok_or_else(large)?;
    let mut schedule = generate(
        &terms.schedule,
        lent,
        terms.currency,
        terms.expected_disbursement,
        &terms.calendar,
    )
    .map_err(|error| refused(&error))?;
    // Fees with instalments are counted on what is lent, capitalised fees included.
    let once = fees_at(&terms, FeeTrigger::FirstInstalment, lent).ok_or_else(large)?;
    let every = fees_at(&terms, FeeTrigger::EveryInstalment, lent).ok_or_else(large)?;
    for (index, row) in schedule.instalments.iter_mut().enumerate() {
        let fee = if index == 0 {
            every.checked_add(once)
        } else {
            Some(every)
        };
        let fee = fee.ok_or_else(large)?;
        row.fee = row.fee.checked_add(fee).ok_or_else(large)?;
        row.total = row.total.checked_add(fee).ok_or_else(large)?;
    }
    let totals = schedule.totals();
    let received = payout.checked_add(later).ok_or_else(large)?;
    let cost = totals.total.checked_sub(received).ok_or_else(large)?;
    let tranches = core::mem::take(&mut terms.schedule.tranches);
    Ok(Preview {
        terms,
        payout,
        tranches,
        schedule,
        totals,
        cost,
    })
}

/// The fees of one trigger, each in whole minor units, with a tax on top as an account owes it.
fn fees_at(terms: &LoanTerms, trigger: FeeTrigger, base: Decimal) -> Option<Decimal> {
    let mut fees = terms.fees.iter().filter(|fee| fee.trigger == trigger);
    fees.try_fold(Decimal::ZERO, |sum, fee| {
        sum.checked_add(terms.fee_on(fee, base).ok()?)
    })
}
