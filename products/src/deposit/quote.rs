//! From a deposit product and a request to a contract.

use alloc::{format, vec, vec::Vec};

use chrono::NaiveDate;
use lending_core::{
    dates::{Calendar, MonthEnd, Period},
    day_count::DayCount,
    schedule::ChargeFrequency,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    BalanceUsed, DepositFee, DepositProduct, DepositTerms, InterestTerms, MaturitySettings,
    MaturityUnit, OverdraftTerms, RateTerms,
};
use crate::{
    QuoteContext, Range, ViolationKind as Kind, Violations,
    product::{FeeWhen, PricingSettings},
    quote::Findings,
    range::optional,
    rehearsal::{Sold, at_corner, tries, vary},
};

/// What a saver asks for. Whatever is `None` gets the product's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DepositRequest {
    /// The first deposit.
    #[serde(with = "optional")]
    pub opening_balance: Option<Decimal>,
    /// Its day.
    pub opened: NaiveDate,
    /// The rate in percent (with an index: the spread).
    #[serde(with = "optional")]
    pub rate: Option<Decimal>,
    /// The time until maturity, in the product's unit.
    pub length: Option<u32>,
    /// What is saved for.
    #[serde(with = "optional")]
    pub target: Option<Decimal>,
    /// How much may be overdrawn.
    #[serde(with = "optional")]
    pub overdraft_limit: Option<Decimal>,
    /// The rate of an overdraft in percent.
    #[serde(with = "optional")]
    pub overdraft_rate: Option<Decimal>,
}

impl DepositRequest {
    /// An amount on a day, and the product's defaults.
    #[must_use]
    pub fn new(opening_balance: Decimal, opened: NaiveDate) -> Self {
        Self {
            opening_balance: Some(opening_balance),
            opened,
            ..Self::default()
        }
    }
}

/// A rate of a product before it is agreed.
struct Offer<'a> {
    field: &'static str,
    rate: &'a Range<Decimal>,
    given: Option<Decimal>,
    pricing: &'a PricingSettings,
    per: ChargeFrequency,
    balance: BalanceUsed,
    day_count: DayCount,
}

impl DepositProduct {
    /// The complete contract for a request.
    ///
    /// Nothing is brought into range, rounded or left out: a request that does not fit is refused
    /// with everything that is wrong with it, in the order of the request's fields and then of the
    /// context's.
    ///
    /// # Errors
    /// [`Violations`].
    pub fn quote(
        &self,
        request: &DepositRequest,
        context: &QuoteContext<'_>,
    ) -> Result<DepositTerms, Violations> {
        let mut found = Findings(Vec::new());
        let opening = self.opening(request, context, &mut found);
        let interest = self.interest_terms(request, context, &mut found);
        let maturity = self.maturity_of(request, &mut found);
        let target = self.target_of(request, context, &mut found);
        let overdraft = self.overdraft_terms(request, context, &mut found);
        let tax = match &self.withholding_tax {
            Some(tax) => found
                .tax(tax.percent, tax.source.as_deref(), context)
                .map(Some),
            None => Some(None),
        };
        found.available(&self.availability, &self.currencies, context);
        if !context.carried_elsewhere && self.offsets_loans {
            let allowed = "false: a deposit's contract lowers no loan's interest";
            found.add(Kind::NotCarried, "offsets_loans", "true", allowed);
        }
        let (
            Some(opening),
            Some(interest),
            Some(maturity),
            Some(target),
            Some(overdraft),
            Some(tax),
        ) = (opening, interest, maturity, target, overdraft, tax)
        else {
            return Err(Violations::of(found.0));
        };
        Violations::check(found.0)?;
        Ok(DepositTerms {
            currency: context.currency,
            kind: self.kind,
            opened: request.opened,
            opening_balance: opening,
            maximum_balance: self.maximum_balance,
            minimum_balance: self.minimum_balance,
            maximum_withdrawal: self.maximum_withdrawal,
            interest,
            withholding_tax_percent: tax,
            maturity,
            target,
            overdraft,
            technical_overdraft: self.technical_overdraft,
            fees: self.monthly_fees(),
            accounting: self.accounting.clone(),
        })
    }

    /// Makes a contract for every combination of least, usual and most, opened on `day`.
    ///
    /// A product that passes [`DepositProduct::validate`] passes this too; publishing runs both.
    /// Indexes and taxes are taken at 10 %.
    ///
    /// # Errors
    /// [`ViolationKind::Contract`](Kind::Contract), with the corner: the first without a contract.
    pub fn rehearse(&self, day: NaiveDate) -> Result<(), Violations> {
        let requests = self.corner_requests(day);
        let pricing = self.interest.as_ref().map(|interest| &interest.pricing);
        let costs = self.overdraft.as_ref().and_then(|o| o.interest.as_ref());
        let both = pricing.into_iter().chain(costs.map(|costs| &costs.pricing));
        let tax = self.withholding_tax.as_ref();
        let indexes: Vec<&str> = both.filter_map(PricingSettings::index).collect();
        let source = tax.and_then(|tax| tax.source.as_deref());
        let sold = Sold {
            currencies: &self.currencies,
            available: &self.availability,
            indexes: &indexes,
            taxes: source.as_slice(),
        };
        sold.everywhere(day, &Calendar::default(), |context| {
            requests.iter().try_for_each(|request| {
                let tried = self.quote(request, context).map(|_| ());
                tried.map_err(|found| at_corner(format!("{request:?}"), &found))
            })
        })
    }

    fn corner_requests(&self, day: NaiveDate) -> Vec<DepositRequest> {
        let least = self.minimum_balance.unwrap_or_default();
        let mut requests = vec![DepositRequest::new(least, day)];
        let agreed = |pricing: &PricingSettings| {
            matches!(
                pricing,
                PricingSettings::Fixed | PricingSettings::Indexed { .. }
            )
        };
        let openings = tries(&self.opening_balance, least);
        vary(&mut requests, &openings, |request, opening| {
            request.opening_balance = Some(opening);
        });
        if let Some(interest) = self.interest.as_ref().filter(|i| agreed(&i.pricing)) {
            let rates = tries(&interest.rate, Decimal::TEN);
            vary(&mut requests, &rates, |request, rate| {
                request.rate = Some(rate)
            });
        }
        if let Some(maturity) = &self.maturity {
            let lengths = tries(&maturity.length, 6);
            vary(&mut requests, &lengths, |request, length| {
                request.length = Some(length)
            });
        }
        if !self.target.is_open() {
            vary(&mut requests, &self.target.corners(), |request, target| {
                request.target = Some(target);
            });
        }
        if let Some(overdraft) = &self.overdraft {
            let limits = tries(&overdraft.limit, Decimal::ZERO);
            vary(&mut requests, &limits, |request, limit| {
                request.overdraft_limit = Some(limit);
            });
            if let Some(costs) = overdraft.interest.as_ref().filter(|c| agreed(&c.pricing)) {
                let rates = tries(&costs.rate, Decimal::TEN);
                vary(&mut requests, &rates, |request, rate| {
                    request.overdraft_rate = Some(rate);
                });
            }
        }
        requests
    }

    fn opening(
        &self,
        request: &DepositRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<Decimal> {
        let given = request.opening_balance;
        let opening = &self.opening_balance;
        let amount = found.amount("opening_balance", opening, given, context.currency)?;
        if let Some(limit) = self.maximum_balance
            && amount > limit
        {
            let allowed = format!("at most the maximum balance {limit}");
            found.add(Kind::OutOfRange, "opening_balance", amount, allowed);
            return None;
        }
        if let Some(limit) = self.minimum_balance
            && amount < limit
        {
            let allowed = format!("at least the minimum balance {limit}");
            found.add(Kind::OutOfRange, "opening_balance", amount, allowed);
            return None;
        }
        Some(amount)
    }

    fn interest_terms(
        &self,
        request: &DepositRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<Option<InterestTerms>> {
        let Some(settings) = &self.interest else {
            let allowed = "none: the product pays no interest";
            found.unused("rate", request.rate, allowed);
            return Some(None);
        };
        let offer = Offer {
            field: "rate",
            rate: &settings.rate,
            given: request.rate,
            pricing: &settings.pricing,
            per: settings.per,
            balance: settings.balance,
            day_count: settings.day_count,
        };
        Some(Some(InterestTerms {
            rate: rate_terms(&offer, context, found)?,
            paid: settings.paid.clone(),
            paid_out: settings.paid_out,
            while_locked: settings.while_locked,
            after_maturity: settings.after_maturity,
            from_balance: settings.from_balance,
        }))
    }

    fn maturity_of(
        &self,
        request: &DepositRequest,
        found: &mut Findings,
    ) -> Option<Option<NaiveDate>> {
        let Some(settings) = &self.maturity else {
            let allowed = "none: the product never matures";
            found.unused("length", request.length, allowed);
            return Some(None);
        };
        let length = found.take("length", &settings.length, request.length)?;
        let end = settings.end(request.opened, length);
        if end.is_none() {
            let allowed = "a day that is followed by the whole time";
            found.add(Kind::Date, "opened", request.opened, allowed);
        }
        end.map(Some)
    }

    fn target_of(
        &self,
        request: &DepositRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<Option<Decimal>> {
        if self.target.is_open() {
            let allowed = "none: the product saves for nothing in particular";
            found.unused("target", request.target, allowed);
            return Some(None);
        }
        let target = found.amount("target", &self.target, request.target, context.currency);
        target.map(Some)
    }

    fn overdraft_terms(
        &self,
        request: &DepositRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<Option<OverdraftTerms>> {
        let Some(settings) = &self.overdraft else {
            let allowed = "none: the product cannot be overdrawn";
            found.unused("overdraft_limit", request.overdraft_limit, allowed);
            found.unused("overdraft_rate", request.overdraft_rate, allowed);
            return Some(None);
        };
        let given = request.overdraft_limit;
        let limit = found.amount("overdraft_limit", &settings.limit, given, context.currency);
        let interest = match &settings.interest {
            None => {
                let allowed = "none: the product's overdraft costs no interest";
                found.unused("overdraft_rate", request.overdraft_rate, allowed);
                None
            }
            Some(costs) => {
                let offer = Offer {
                    field: "overdraft_rate",
                    rate: &costs.rate,
                    given: request.overdraft_rate,
                    pricing: &costs.pricing,
                    per: costs.per,
                    balance: costs.balance,
                    day_count: costs.day_count,
                };
                Some(rate_terms(&offer, context, found)?)
            }
        };
        Some(Some(OverdraftTerms {
            limit: limit?,
            interest,
        }))
    }

    fn monthly_fees(&self) -> Vec<DepositFee> {
        let monthly = self.fees.iter().filter(|fee| fee.active && fee.required);
        let monthly = monthly.filter_map(|fee| match fee.when {
            FeeWhen::Monthly(on) => Some(DepositFee {
                name: fee.name,
                on,
                amount: fee.amount,
            }),
            _ => None,
        });
        monthly.collect()
    }
}

impl MaturitySettings {
    fn end(&self, opened: NaiveDate, length: u32) -> Option<NaiveDate> {
        let period = match self.unit {
            MaturityUnit::Days => Period::Days(length),
            MaturityUnit::Weeks => Period::Weeks(length),
            MaturityUnit::Months => Period::Months(length),
        };
        period.after(opened, 1, MonthEnd::Clamp)
    }
}

fn rate_terms(
    offer: &Offer<'_>,
    context: &QuoteContext<'_>,
    found: &mut Findings,
) -> Option<RateTerms> {
    let agreed = matches!(
        offer.pricing,
        PricingSettings::Fixed | PricingSettings::Indexed { .. }
    );
    let percent = if agreed {
        found.take(offer.field, offer.rate, offer.given)
    } else {
        let allowed = "none: the product's rate cannot be agreed";
        found.unused(offer.field, offer.given, allowed);
        Some(Decimal::ZERO)
    };
    let pricing = found.pricing(offer.pricing, context);
    let by_days = match offer.pricing {
        PricingSettings::TieredByDays { tiers } => tiers.clone(),
        _ => Vec::new(),
    };
    Some(RateTerms {
        percent: percent?,
        per: offer.per,
        pricing: pricing?,
        by_days,
        balance: offer.balance,
        day_count: offer.day_count,
    })
}
