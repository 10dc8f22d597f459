//! Trying a product before it can hurt: a schedule for every corner of its ranges.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec,
    vec::Vec,
};

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::{
    dates::Calendar,
    ids::AccountId,
    revolving::CreditLine,
    schedule::{IndexValue, PaymentTier},
};
use rust_decimal::Decimal;

use crate::{
    Availability, LoanKind, LoanProduct, QuoteContext, QuoteRequest, Range, Violation,
    ViolationKind, Violations,
    product::{
        FeeAmount, FeeWhen, GraceKind, PredefinedFee, PricingSettings, PrincipalSettings,
        RevolvingPrincipal,
    },
    range::Bound,
};

/// The values to try of a range: its corners, or what stands in for an open one.
pub(crate) fn tries<T: Bound>(range: &Range<T>, otherwise: T) -> Vec<T> {
    let corners = range.corners();
    if corners.is_empty() {
        vec![otherwise]
    } else {
        corners
    }
}

impl LoanProduct {
    /// Makes a schedule for every combination of least, usual and most, disbursed on `day`, in
    /// every currency and for every kind of holder.
    ///
    /// A definition that passes [`LoanProduct::validate`] passes this too, unless its rates and terms
    /// are so large that amounts outgrow 28 digits; publishing a product runs both. Indexes are
    /// taken at 10 %. Open ranges are tried at one usual value. Revolving products have no schedule
    /// in advance: a line of credit is opened at every corner.
    ///
    /// # Errors
    /// [`ViolationKind::Contract`], with the corner: the first that has no schedule, or no line.
    pub fn rehearse(&self, day: NaiveDate, calendar: &Calendar) -> Result<(), Violations> {
        let index = self.interest.pricing.index();
        let of_fees = self.fees.iter().filter_map(|fee| fee.tax.as_ref());
        let of_fees = of_fees.filter_map(|tax| tax.source.as_deref());
        let taxes: Vec<&str> = self
            .taxes
            .source
            .as_deref()
            .into_iter()
            .chain(of_fees)
            .collect();
        let sold = Sold {
            currencies: &self.currencies,
            available: &self.availability,
            indexes: index.as_slice(),
            taxes: &taxes,
        };
        sold.everywhere(day, calendar, |context| {
            self.corner_requests(day).iter().try_for_each(|request| {
                let tried = match self.kind {
                    LoanKind::Revolving(_) => self.open_line(request, context),
                    _ => self.preview(request, context).map(|_| ()),
                };
                tried.map_err(|found| at_corner(corner_of_loan(request), &found))
            })
        })
    }

    /// A line of credit as it is asked for.
    fn open_line(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
    ) -> Result<(), Violations> {
        let terms = self.quote_line(request, context)?;
        let opened = CreditLine::submit(AccountId::new(1), terms, request.disbursement);
        let refused = |error| {
            let allowed = "terms of a line of credit";
            Violations::of(vec![Violation::new(
                ViolationKind::Contract,
                "terms",
                error,
                allowed,
            )])
        };
        opened.map(|_| ()).map_err(refused)
    }

    /// The instalments that a request may name.
    const fn counts(&self) -> Option<&Range<u32>> {
        match &self.kind {
            LoanKind::Revolving(settings) => match &settings.principal_due {
                RevolvingPrincipal::Instalments { count, .. } => Some(count),
                _ => None,
            },
            _ => Some(&self.instalments),
        }
    }

    /// Every combination of least, usual and most.
    fn corner_requests(&self, day: NaiveDate) -> Vec<QuoteRequest> {
        let mut requests = vec![QuoteRequest {
            disbursement: day,
            ..QuoteRequest::default()
        }];
        let amounts = tries(&self.amount, self.usual_amount());
        vary(&mut requests, &amounts, |request, amount| {
            request.amount = Some(amount)
        });
        if let Some(counts) = self.counts() {
            let counts = tries(counts, 12);
            vary(&mut requests, &counts, |request, count| {
                request.instalments = Some(count)
            });
        }
        let agreed = matches!(
            self.interest.pricing,
            PricingSettings::Fixed | PricingSettings::Indexed { .. }
        );
        let plan = matches!(self.schedule.principal, PrincipalSettings::PaymentPlan);
        if agreed && !plan && !matches!(self.kind, LoanKind::InterestFree) {
            let rates = tries(&self.interest.rate, Decimal::TEN);
            vary(&mut requests, &rates, |request, rate| {
                request.rate = Some(rate)
            });
        }
        if self.schedule.grace.kind != GraceKind::None {
            let graces = tries(&self.schedule.grace.instalments, 0);
            vary(&mut requests, &graces, |request, grace| {
                request.grace = Some(grace)
            });
        }
        let revolving = matches!(self.kind, LoanKind::Revolving(_));
        if self.schedule.seasons.is_empty() && !revolving {
            let offsets = tries(&self.schedule.first_due_offset, 0);
            vary(&mut requests, &offsets, |request, offset| {
                request.first_due_offset = Some(offset)
            });
        }
        match &self.schedule.principal {
            PrincipalSettings::Balloon { percent } => {
                let percents = tries(percent, Decimal::TEN);
                vary(&mut requests, &percents, |request, percent| {
                    request.balloon_percent = Some(percent);
                });
            }
            PrincipalSettings::LongerTerm { instalments } => {
                let terms = tries(instalments, 24);
                vary(&mut requests, &terms, |request, term| {
                    request.longer_term = Some(term)
                });
                requests.retain(|request| request.longer_term >= request.instalments);
            }
            PrincipalSettings::PaymentPlan => {
                for request in &mut requests {
                    plan_of(request, &self.fees);
                }
            }
            _ => {}
        }
        if let Some(penalty) = &self.penalty
            && !revolving
        {
            let rates = tries(&penalty.daily_rate, Decimal::ONE);
            vary(&mut requests, &rates, |request, rate| {
                request.penalty_rate = Some(rate)
            });
        }
        let days = tries(&self.arrears.tolerance_days, 0);
        for request in &mut requests {
            request.tolerance_days = days.first().copied();
        }
        requests
    }
}

/// To whom and in what a product is sold, and what its quotes look up.
pub(crate) struct Sold<'a> {
    pub(crate) currencies: &'a BTreeSet<Currency>,
    pub(crate) available: &'a Availability,
    pub(crate) indexes: &'a [&'a str],
    pub(crate) taxes: &'a [&'a str],
}

impl Sold<'_> {
    /// Asks in every currency and for every kind of holder. Indexes and taxes stand at 10 %.
    pub(crate) fn everywhere(
        &self,
        day: NaiveDate,
        calendar: &Calendar,
        ask: impl Fn(&QuoteContext<'_>) -> Result<(), Violations>,
    ) -> Result<(), Violations> {
        let percent = Decimal::TEN;
        let values = || vec![IndexValue { from: day, percent }];
        let indexes = self
            .indexes
            .iter()
            .map(|index| (String::from(*index), values()));
        let indexes: BTreeMap<_, _> = indexes.collect();
        let taxes = self.taxes.iter();
        let taxes: BTreeMap<_, _> = taxes.map(|tax| (String::from(*tax), percent)).collect();
        let available = self.available;
        for currency in self.currencies {
            for holder in &available.holders {
                let branches = available.branches.as_ref();
                ask(&QuoteContext {
                    holder: *holder,
                    branch: branches.and_then(|branches| branches.first().copied()),
                    client_type: first(available.client_types.as_ref()),
                    tier: first(available.tiers.as_ref()),
                    indexes: Some(&indexes),
                    tax_rates: Some(&taxes),
                    carried_elsewhere: true,
                    ..QuoteContext::new(calendar, *currency)
                })?;
            }
        }
        Ok(())
    }
}

fn first(names: Option<&BTreeSet<String>>) -> Option<&str> {
    names?.first().map(String::as_str)
}

/// Each request once for each value.
pub(crate) fn vary<R: Clone, T: Copy>(
    requests: &mut Vec<R>,
    values: &[T],
    set: impl Fn(&mut R, T),
) {
    let varied = requests.iter().flat_map(|request| {
        values.iter().map(|value| {
            let mut request = request.clone();
            set(&mut request, *value);
            request
        })
    });
    *requests = varied.collect();
}

/// A plan that pays a fifth more than what is lent, in equal parts: any plan stands for all. Fees
/// added to the principal are lent as well.
fn plan_of(request: &mut QuoteRequest, fees: &[PredefinedFee]) {
    let (Some(amount), Some(count)) = (request.amount, request.instalments) else {
        return;
    };
    let capitalised = fees
        .iter()
        .filter(|fee| fee.active && fee.required && fee.when == FeeWhen::CapitalisedAtDisbursement)
        .filter_map(|fee| match fee.amount {
            FeeAmount::AmountPercent(percent) => amount
                .checked_mul(percent)?
                .checked_div(Decimal::ONE_HUNDRED),
            fee => fee.number(),
        });
    let lent = capitalised.fold(amount, Decimal::saturating_add);
    let total = lent.saturating_mul(Decimal::new(12, 1));
    let part = total.checked_div(Decimal::from(count)).unwrap_or(lent);
    let amount = part.ceil();
    request.payment_plan = vec![PaymentTier {
        up_to: count,
        amount,
    }];
}

fn corner_of_loan(request: &QuoteRequest) -> String {
    let show = |value: Option<&dyn core::fmt::Display>| {
        value.map_or_else(|| "default".into(), |value| format!("{value}"))
    };
    format!(
        "amount {}, instalments {}, rate {}, grace {}, offset {}",
        show(request.amount.as_ref().map(|v| v as _)),
        show(request.instalments.as_ref().map(|v| v as _)),
        show(request.rate.as_ref().map(|v| v as _)),
        show(request.grace.as_ref().map(|v| v as _)),
        show(request.first_due_offset.as_ref().map(|v| v as _)),
    )
}

/// The refusal of a product that has no contract at a corner of its ranges.
pub(crate) fn at_corner(corner: String, found: &Violations) -> Violations {
    Violations::of(vec![Violation::new(
        ViolationKind::Contract,
        "product",
        corner,
        format!("a product with a contract for every corner of its ranges ({found})"),
    )])
}
