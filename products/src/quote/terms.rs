//! Making the contract.

use alloc::{format, string::ToString, vec::Vec};
use core::fmt::Display;

use lending_core::{
    dates::{Calendar, FirstDue, NonWorkingDayRule, due_dates},
    loan::{ArrearsTerms, InterestBasis, LoanTerms, PenaltyTerms},
    schedule::{
        Amortization, Balloon, Grace, InterestGrowth, InterestMethod as CoreMethod, InterestTerms,
        Pricing, Rate, ScheduleTerms, Taxes,
    },
};
use rust_decimal::Decimal;

use super::{QuoteContext, QuoteRequest, fees};
use crate::{
    LoanProduct, Range, Violation, ViolationKind as Kind, Violations,
    product::{
        GraceKind, InterestKind, InterestMethod, LoanKind, PricingSettings, PrincipalSettings,
    },
    range::{Bound, Unresolved},
};

/// Collects everything that is wrong while values are taken.
pub(super) struct Findings(pub(super) Vec<Violation>);

impl Findings {
    pub(super) fn add(
        &mut self,
        kind: Kind,
        field: &'static str,
        given: impl ToString,
        allowed: impl ToString,
    ) {
        self.0.push(Violation::new(kind, field, given, allowed));
    }

    /// The value given or the default, `None` with a finding.
    fn take<T: Bound + Display>(
        &mut self,
        field: &'static str,
        range: &Range<T>,
        given: Option<T>,
    ) -> Option<T> {
        match range.resolve(given) {
            Ok(value) => Some(value),
            Err(Unresolved::Outside(value)) => {
                self.add(Kind::OutOfRange, field, value, range);
                None
            }
            Err(Unresolved::Missing) => {
                self.add(Kind::Required, field, "nothing", range);
                None
            }
        }
    }

    /// A value that the product has no use for must not be given.
    fn unused<T: Display>(&mut self, field: &'static str, given: Option<T>, allowed: &'static str) {
        if let Some(given) = given {
            self.add(Kind::NotOffered, field, given, allowed);
        }
    }
}

impl LoanProduct {
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
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
    ) -> Result<LoanTerms, Violations> {
        let mut found = Findings(Vec::new());
        let principal = self.take_amount(request, context, &mut found);
        let schedule = self.schedule_terms(request, context, &mut found);
        let penalty = self.penalty_terms(request, &mut found);
        let tolerance = found.take(
            "tolerance_days",
            &self.arrears.tolerance_days,
            request.tolerance_days,
        );
        let chosen = fees::contract_fees(self, request, &mut found);
        self.check_context(context, &mut found);
        let (Some(principal), Some(mut schedule), Some(tolerance_days)) =
            (principal, schedule, tolerance)
        else {
            return Err(Violations::of(found.0));
        };
        Violations::check(found.0)?;
        schedule.fees = chosen.per_instalment;
        let terms = LoanTerms {
            currency: context.currency,
            principal,
            expected_disbursement: request.disbursement,
            tranches: matches!(self.kind, LoanKind::Tranched { .. }),
            schedule,
            interest_basis: self.interest_basis(),
            allocation: self.payments.allocation.clone(),
            arrears: ArrearsTerms {
                tolerance_days,
                tolerance_percent: self.arrears.tolerance_percent,
                tolerance_floor: self.arrears.tolerance_floor,
                counted_from: self.arrears.counted_from,
                ..ArrearsTerms::default()
            },
            penalty,
            index: None,
            safeguards: lending_core::loan::Safeguards::default(),
            fees: chosen.named,
            calendar: context.calendar.clone(),
            accounting: self.accounting.clone(),
        };
        check_contract(&terms)?;
        Ok(terms)
    }

    fn interest_basis(&self) -> InterestBasis {
        match self.kind {
            LoanKind::DynamicTerm | LoanKind::Tranched { .. } | LoanKind::Revolving(_) => {
                InterestBasis::OnBalance {
                    forecast_daily: false,
                }
            }
            LoanKind::FixedTerm | LoanKind::InterestFree => InterestBasis::OnSchedule,
        }
    }

    fn take_amount(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<Decimal> {
        let amount = found.take("amount", &self.amount, request.amount)?;
        let decimals = u32::from(context.currency.minor_units());
        if amount <= Decimal::ZERO {
            found.add(Kind::OutOfRange, "amount", amount, "above zero");
            return None;
        }
        if amount.normalize().scale() > decimals {
            let allowed = format!("{decimals} decimals of {}", context.currency);
            found.add(Kind::Precision, "amount", amount, allowed);
            return None;
        }
        Some(amount)
    }

    fn schedule_terms(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<ScheduleTerms> {
        if let LoanKind::Revolving(_) = self.kind {
            let allowed = "a term loan: a revolving product has no schedule before it is drawn";
            found.add(Kind::NotCarried, "kind", self.kind.as_str(), allowed);
            return None;
        }
        let instalments = found.take("instalments", &self.instalments, request.instalments);
        let interest = self.interest_terms(request, context, found);
        let grace = self.grace_terms(request, instalments, found);
        let first_due = self.first_due(request, found);
        let amortization = self.amortization(request, instalments, found);
        self.check_tranches(request, found);
        let taxes = self.tax_terms(context, found);
        Some(ScheduleTerms {
            instalments: instalments?,
            due_dates: self.schedule.due_dates.clone(),
            first_due: first_due?,
            non_working_days: self.schedule.non_working_days,
            interest: interest?,
            amortization: amortization?,
            grace: grace?,
            rounding: self.schedule.rounding,
            fees: Vec::new(),
            taxes: taxes?,
            down_payment_percent: self.schedule.down_payment_percent,
            tranches: request.tranches.clone(),
            payment_holidays: Vec::new(),
        })
    }

    fn interest_terms(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<InterestTerms> {
        let settings = &self.interest;
        let free = matches!(self.kind, LoanKind::InterestFree);
        let plan = matches!(self.schedule.principal, PrincipalSettings::PaymentPlan);
        let tiered = !matches!(
            settings.pricing,
            PricingSettings::Fixed | PricingSettings::Indexed { .. }
        );
        let percent = if free || plan || tiered {
            found.unused(
                "rate",
                request.rate,
                "none: the product's rate cannot be agreed",
            );
            Decimal::ZERO
        } else {
            found.take("rate", &settings.rate, request.rate)?
        };
        let method = match (free, settings.method) {
            (true, _) => CoreMethod::Free,
            (false, InterestMethod::Declining) => CoreMethod::Declining,
            (false, InterestMethod::Flat) => CoreMethod::Flat,
        };
        Some(InterestTerms {
            method,
            rate: Rate {
                percent,
                per: settings.per,
            },
            pricing: self.pricing(context, found)?,
            growth: match settings.kind {
                InterestKind::Compound => InterestGrowth::Compound,
                InterestKind::Simple | InterestKind::Capitalised => InterestGrowth::Simple,
            },
            day_count: settings.day_count,
            days: settings.days,
            ..InterestTerms::default()
        })
    }

    fn pricing(&self, context: &QuoteContext<'_>, found: &mut Findings) -> Option<Pricing> {
        Some(match &self.interest.pricing {
            PricingSettings::Fixed => Pricing::Fixed,
            PricingSettings::TieredByBalance { tiers, part } => Pricing::TieredByBalance {
                tiers: tiers.clone(),
                part: *part,
            },
            PricingSettings::TieredByInstalment { tiers } => Pricing::TieredByInstalment {
                tiers: tiers.clone(),
            },
            PricingSettings::TieredByDays { tiers } => {
                let given = format!("{} tiers by days", tiers.len());
                let allowed = "tiers by balance or by instalment";
                found.add(Kind::NotCarried, "interest.pricing", given, allowed);
                return None;
            }
            PricingSettings::Indexed {
                index,
                review,
                floor,
                ceiling,
            } => {
                let Some(values) = context.indexes.and_then(|indexes| indexes.get(index)) else {
                    let allowed = format!("the values of index {index:?} in the context");
                    found.add(Kind::Context, "context.indexes", "nothing", allowed);
                    return None;
                };
                Pricing::Indexed {
                    index: values.clone(),
                    review: *review,
                    floor: *floor,
                    ceiling: *ceiling,
                }
            }
        })
    }

    fn grace_terms(
        &self,
        request: &QuoteRequest,
        instalments: Option<u32>,
        found: &mut Findings,
    ) -> Option<Grace> {
        let settings = &self.schedule.grace;
        if settings.kind == GraceKind::None {
            found.unused(
                "grace",
                request.grace.filter(|n| *n > 0),
                "none: the product has no grace",
            );
            return Some(Grace::default());
        }
        let given = request.grace.or(settings.instalments.default).or(Some(0));
        let count = found.take("grace", &settings.instalments, given)?;
        let most = match settings.kind {
            GraceKind::InterestFree => instalments?,
            _ => instalments?.saturating_sub(1),
        };
        if count > most {
            found.add(
                Kind::OutOfRange,
                "grace",
                count,
                format!("at most {most} of {} instalments", instalments?),
            );
            return None;
        }
        let deferred = settings.deferred;
        Some(match settings.kind {
            GraceKind::None => Grace::default(),
            GraceKind::InterestOnly => Grace {
                principal: count,
                ..Grace::default()
            },
            GraceKind::Pure => Grace {
                principal: count,
                interest_deferred: count,
                deferred,
                interest_free: 0,
            },
            GraceKind::InterestFree => Grace {
                interest_free: count,
                ..Grace::default()
            },
        })
    }

    fn first_due(&self, request: &QuoteRequest, found: &mut Findings) -> Option<FirstDue> {
        let range = &self.schedule.first_due_offset;
        let Some(date) = request.first_due else {
            return Some(
                match found.take("first_due_offset", range, request.first_due_offset)? {
                    0 => FirstDue::AfterOnePeriod,
                    days => FirstDue::OffsetDays(days),
                },
            );
        };
        if request.first_due_offset.is_some() {
            let allowed = "a first due date or an offset, not both";
            found.add(Kind::NotOffered, "first_due", date, allowed);
            return None;
        }
        let usual = due_dates(
            &self.schedule.due_dates,
            FirstDue::AfterOnePeriod,
            NonWorkingDayRule::None,
            &Calendar::default(),
            request.disbursement,
            1,
        );
        let usual = match usual.as_deref() {
            Ok([first, ..]) => first.nominal,
            _ => {
                found.add(
                    Kind::Date,
                    "disbursement",
                    request.disbursement,
                    "a day with due dates after it",
                );
                return None;
            }
        };
        let offset = i32::try_from(date.signed_duration_since(usual).num_days()).ok();
        if date <= request.disbursement || !offset.is_some_and(|days| range.contains(days)) {
            let allowed = format!("after {}, {range} days from {usual}", request.disbursement);
            found.add(Kind::Date, "first_due", date, allowed);
            return None;
        }
        Some(if date == usual {
            FirstDue::AfterOnePeriod
        } else {
            FirstDue::On(date)
        })
    }

    fn amortization(
        &self,
        request: &QuoteRequest,
        instalments: Option<u32>,
        found: &mut Findings,
    ) -> Option<Amortization> {
        let settings = &self.schedule.principal;
        if !matches!(settings, PrincipalSettings::Balloon { .. }) {
            found.unused(
                "balloon_percent",
                request.balloon_percent,
                "none: the product has no balloon",
            );
        }
        if !matches!(settings, PrincipalSettings::LongerTerm { .. }) {
            found.unused(
                "longer_term",
                request.longer_term,
                "none: the product has no longer term",
            );
        }
        let plan = matches!(settings, PrincipalSettings::PaymentPlan);
        if plan == request.payment_plan.is_empty() {
            let allowed = if plan {
                "at least one tier"
            } else {
                "none: the product has no payment plan"
            };
            let kind = if plan {
                Kind::Required
            } else {
                Kind::NotOffered
            };
            found.add(
                kind,
                "payment_plan",
                format!("{} tiers", request.payment_plan.len()),
                allowed,
            );
            return None;
        }
        Some(match settings {
            PrincipalSettings::EqualInstalments { formula, equalise } => {
                Amortization::EqualInstalments {
                    formula: *formula,
                    equalise: *equalise,
                    amount: None,
                }
            }
            PrincipalSettings::EqualPrincipal { every } => {
                Amortization::EqualPrincipal { every: *every }
            }
            PrincipalSettings::PrincipalPercent { percent } => {
                Amortization::PrincipalPercent { percent: *percent }
            }
            PrincipalSettings::Bullet => Amortization::Bullet,
            PrincipalSettings::Balloon { percent } => {
                let percent = found.take("balloon_percent", percent, request.balloon_percent)?;
                let amount = self.balloon(request, percent, found)?;
                Amortization::Balloon(Balloon::Principal { amount })
            }
            PrincipalSettings::LongerTerm { instalments: range } => {
                let longer = found.take("longer_term", range, request.longer_term)?;
                if longer < instalments? {
                    let allowed = format!("at least the {} instalments of the loan", instalments?);
                    found.add(Kind::OutOfRange, "longer_term", longer, allowed);
                    return None;
                }
                Amortization::Balloon(Balloon::LongerTerm {
                    instalments: longer,
                })
            }
            PrincipalSettings::PaymentPlan => Amortization::PaymentPlan {
                tiers: request.payment_plan.clone(),
            },
        })
    }

    /// The balloon in whole minor units of the amount's own precision.
    fn balloon(
        &self,
        request: &QuoteRequest,
        percent: Decimal,
        found: &mut Findings,
    ) -> Option<Decimal> {
        let amount = self.amount.resolve(request.amount).ok()?;
        let share = amount
            .checked_mul(percent)
            .and_then(|x| x.checked_div(Decimal::ONE_HUNDRED));
        if share.is_none() {
            found.add(
                Kind::OutOfRange,
                "balloon_percent",
                percent,
                "a share of at most 28 digits",
            );
        }
        let decimals = self
            .currencies
            .iter()
            .map(ledger::Currency::minor_units)
            .min()
            .unwrap_or(0);
        Some(self.schedule.rounding.mode.round(share?, decimals.into()))
    }

    fn check_tranches(&self, request: &QuoteRequest, found: &mut Findings) {
        let given = request.tranches.len();
        let allowed = match self.kind {
            LoanKind::Tranched { max_tranches } => max_tranches,
            _ => 1,
        };
        // The first payout is not in the list.
        let total = u32::try_from(given).unwrap_or(u32::MAX).saturating_add(1);
        if total > allowed {
            found.add(
                Kind::OutOfRange,
                "tranches",
                total,
                format!("at most {allowed}"),
            );
        }
    }

    fn tax_terms(&self, context: &QuoteContext<'_>, found: &mut Findings) -> Option<Taxes> {
        let settings = &self.taxes;
        if !settings.on_interest && !settings.on_fees {
            return Some(Taxes::default());
        }
        let percent = match (&settings.source, settings.percent) {
            (Some(source), _) => {
                let rate = context
                    .tax_rates
                    .and_then(|rates| rates.get(source))
                    .copied();
                if rate.is_none() {
                    let allowed = format!("the rate of tax source {source:?} in the context");
                    found.add(Kind::Context, "context.tax_rates", "nothing", allowed);
                }
                rate?
            }
            (None, percent) => percent.unwrap_or_default(),
        };
        Some(Taxes {
            interest_percent: settings.on_interest.then_some(percent),
            fee_percent: settings.on_fees.then_some(percent),
            kind: settings.kind,
        })
    }

    fn penalty_terms(&self, request: &QuoteRequest, found: &mut Findings) -> Option<PenaltyTerms> {
        let Some(settings) = &self.penalty else {
            found.unused(
                "penalty_rate",
                request.penalty_rate,
                "none: the product has no penalty",
            );
            return None;
        };
        let daily_percent =
            found.take("penalty_rate", &settings.daily_rate, request.penalty_rate)?;
        Some(PenaltyTerms {
            base: settings.base,
            daily_percent,
            grace_days: settings.grace_days,
        })
    }

    fn check_context(&self, context: &QuoteContext<'_>, found: &mut Findings) {
        let join = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join(", ");
        let available = &self.availability;
        if !self.currencies.contains(&context.currency) {
            let allowed = join(&mut self.currencies.iter().map(ledger::Currency::code));
            found.add(
                Kind::Currency,
                "context.currency",
                context.currency,
                allowed,
            );
        }
        if !available.holders.contains(&context.holder) {
            let allowed = join(&mut available.holders.iter().map(|holder| holder.as_str()));
            found.add(
                Kind::Holder,
                "context.holder",
                context.holder.as_str(),
                allowed,
            );
        }
        if let Some(branches) = &available.branches
            && !context
                .branch
                .is_some_and(|branch| branches.contains(&branch))
        {
            let given = context
                .branch
                .as_ref()
                .map_or("nothing", |branch| branch.as_str());
            let allowed = join(&mut branches.iter().map(ledger::BranchCode::as_str));
            found.add(Kind::Branch, "context.branch", given, allowed);
        }
        let named = [
            (
                Kind::ClientType,
                "context.client_type",
                &available.client_types,
                context.client_type,
            ),
            (Kind::Tier, "context.tier", &available.tiers, context.tier),
        ];
        for (kind, field, allowed, given) in named {
            if let Some(allowed) = allowed
                && !given.is_some_and(|given| allowed.contains(given))
            {
                let names = join(&mut allowed.iter().map(alloc::string::String::as_str));
                found.add(kind, field, given.unwrap_or("nothing"), names);
            }
        }
        if !context.carried_elsewhere {
            found.0.extend(self.not_carried());
        }
    }
}

/// The contract's own checks: a product that validates passes them for every request in range.
fn check_contract(terms: &LoanTerms) -> Result<(), Violations> {
    let refused = |field, error: &dyn Display| {
        let found = Violation::new(
            Kind::Contract,
            field,
            error,
            "a contract that holds together",
        );
        Violations::of(alloc::vec![found])
    };
    terms
        .schedule
        .validate()
        .map_err(|error| refused("schedule", &error))?;
    terms.validate().map_err(|error| refused("terms", &error))
}
