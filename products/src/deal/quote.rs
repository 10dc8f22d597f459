//! From a deal and a request to a contract.

use alloc::{format, vec, vec::Vec};

use chrono::{Days, NaiveDate};
use lending_core::{dates::Calendar, schedule::MAX_INSTALMENTS};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use super::{DealProduct, DealTerms};
use crate::{
    QuoteContext, Range, ViolationKind as Kind, Violations,
    quote::Findings,
    range::optional,
    rehearsal::{Sold, at_corner, tries, vary},
};

/// What a client asks for. Whatever is `None` gets the product's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DealRequest {
    /// The day on which the device is handed over.
    pub handed_over: NaiveDate,
    /// What the device costs in all.
    #[serde(with = "optional")]
    pub price: Option<Decimal>,
    /// What is paid before it is handed over.
    #[serde(with = "optional")]
    pub deposit: Option<Decimal>,
    /// What is paid for each day or week of use.
    #[serde(with = "optional")]
    pub rate: Option<Decimal>,
    /// Days of use that the deposit pays for.
    pub free_days: Option<u16>,
}

impl DealRequest {
    /// A device handed over on a day, on the product's defaults.
    #[must_use]
    pub fn on(handed_over: NaiveDate) -> Self {
        Self {
            handed_over,
            ..Self::default()
        }
    }
}

impl DealRequest {
    /// Stands in for ranges that are open: ten payments, or one that pays for all.
    fn fill_open(&mut self) {
        let deposit = self.deposit.unwrap_or_default();
        let ten = |rate: Decimal| rate.saturating_mul(Decimal::TEN);
        let rate = self.rate.unwrap_or(Decimal::ONE_HUNDRED);
        let price = self.price.unwrap_or(deposit.saturating_add(ten(rate)));
        if self.price.is_some() && self.rate.is_none() {
            self.rate = Some(price.saturating_sub(deposit));
        } else {
            self.rate = Some(rate);
        }
        self.price = Some(price);
    }
}

impl DealProduct {
    /// The complete contract for a request.
    ///
    /// # Errors
    /// [`Violations`]: everything that does not fit, at once.
    pub fn quote(
        &self,
        request: &DealRequest,
        context: &QuoteContext<'_>,
    ) -> Result<DealTerms, Violations> {
        let mut found = Findings(Vec::new());
        let currency = context.currency;
        let price = found.amount("price", &self.price, request.price, currency);
        let deposit = if self.deposit.is_open() {
            let allowed = "none: the product takes no deposit";
            found.unused("deposit", request.deposit, allowed);
            Some(Decimal::ZERO)
        } else {
            found.amount("deposit", &self.deposit, request.deposit, currency)
        };
        let rate = found.amount("rate", &self.rate, request.rate, currency);
        let free = found.take("free_days", &self.free_days, request.free_days);
        let plan = plan_of(price, deposit, rate, &self.rate, &mut found);
        let days = free.and_then(|free| {
            self.days_of(request.handed_over, free, plan?.instalments, &mut found)
        });
        found.available(&self.availability, &self.currencies, context);
        let (Some(plan), Some(days), Some(free_days)) = (plan, days, free) else {
            return Err(Violations::of(found.0));
        };
        Violations::check(found.0)?;
        Ok(DealTerms {
            currency,
            device: self.device.clone(),
            handed_over: request.handed_over,
            price: plan.price,
            deposit: plan.deposit,
            financed: plan.financed,
            rate: plan.rate,
            per: self.per,
            instalments: plan.instalments,
            last_amount: plan.last_amount,
            free_days,
            grace_days: self.grace_days,
            first_due: days.0,
            last_due: days.1,
            missed_days: self.missed_days,
            unlock: self.unlock,
            least_payment: self.least_payment,
            accounting: self.accounting.clone(),
        })
    }

    /// Makes a contract for every combination of least, usual and most, handed over on `day`.
    ///
    /// A deal that passes [`DealProduct::validate`] passes this too; publishing runs both.
    ///
    /// # Errors
    /// [`ViolationKind::Contract`](Kind::Contract), with the corner: the first without a contract.
    pub fn rehearse(&self, day: NaiveDate) -> Result<(), Violations> {
        let mut requests = vec![DealRequest::on(day)];
        vary(&mut requests, &self.price.corners(), |request, price| {
            request.price = Some(price);
        });
        vary(
            &mut requests,
            &self.deposit.corners(),
            |request, deposit| {
                request.deposit = Some(deposit);
            },
        );
        vary(&mut requests, &self.rate.corners(), |request, rate| {
            request.rate = Some(rate);
        });
        let free = tries(&self.free_days, 0);
        vary(&mut requests, &free, |request, free| {
            request.free_days = Some(free)
        });
        requests.iter_mut().for_each(DealRequest::fill_open);
        let sold = Sold {
            currencies: &self.currencies,
            available: &self.availability,
            indexes: &[],
            taxes: &[],
        };
        sold.everywhere(day, &Calendar::default(), |context| {
            requests.iter().try_for_each(|request| {
                let tried = self.quote(request, context).map(|_| ());
                tried.map_err(|found| at_corner(format!("{request:?}"), &found))
            })
        })
    }

    /// The first and the last due date when every payment is made on its day.
    fn days_of(
        &self,
        handed_over: NaiveDate,
        free: u16,
        instalments: u32,
        found: &mut Findings,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let first_after = u64::from(free).saturating_add(1);
        let later = u64::from(instalments.saturating_sub(1));
        let later = later.saturating_mul(self.per.days().into());
        let first = handed_over.checked_add_days(Days::new(first_after));
        let last = first.and_then(|first| first.checked_add_days(Days::new(later)));
        if let (Some(first), Some(last)) = (first, last) {
            return Some((first, last));
        }
        let allowed = "a day that is followed by the whole deal";
        found.add(Kind::Date, "handed_over", handed_over, allowed);
        None
    }
}

#[derive(Clone, Copy)]
struct Plan {
    price: Decimal,
    deposit: Decimal,
    financed: Decimal,
    rate: Decimal,
    instalments: u32,
    last_amount: Decimal,
}

/// How often a rate is paid until the rest of the price is paid.
fn plan_of(
    price: Option<Decimal>,
    deposit: Option<Decimal>,
    rate: Option<Decimal>,
    rates: &Range<Decimal>,
    found: &mut Findings,
) -> Option<Plan> {
    let (price, deposit, rate) = (price?, deposit?, rate?);
    let financed = price.checked_sub(deposit)?;
    if financed <= Decimal::ZERO {
        let allowed = format!("below the price {price}");
        found.add(Kind::OutOfRange, "deposit", deposit, allowed);
        return None;
    }
    if rate <= Decimal::ZERO || rate > financed {
        let allowed = format!("{rates}, above zero and at most the {financed} financed");
        found.add(Kind::OutOfRange, "rate", rate, allowed);
        return None;
    }
    let count = financed.checked_div(rate)?.ceil();
    let instalments = count.to_u32().filter(|count| *count <= MAX_INSTALMENTS);
    let Some(instalments) = instalments else {
        let allowed = format!("a rate that pays {financed} in at most {MAX_INSTALMENTS} payments");
        found.add(Kind::OutOfRange, "rate", rate, allowed);
        return None;
    };
    let whole = Decimal::from(instalments.saturating_sub(1)).checked_mul(rate)?;
    Some(Plan {
        price,
        deposit,
        financed,
        rate,
        instalments,
        last_amount: financed.checked_sub(whole)?,
    })
}
