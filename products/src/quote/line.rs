//! Making the contract of a line of credit.

use alloc::{format, vec::Vec};

use lending_core::{
    dates::{DueDateRule, MonthEnd},
    loan::{AllocationOrder, CapBase, Element},
    revolving::{
        BillingTerms, ChargesInMinimum, CreditLineTerms, DrawInstalments, DrawSpread,
        EarlyRepayment, InterestGrace, InterestOn, LimitUse as CoreLimitUse, LineCap, LineCapBase,
        LineCapCounts, LineFee, LineFeeAmount, LineFeeTrigger, MinimumPayment, MinimumRule,
        OverdueInMinimum, PaymentDue,
    },
    schedule::InterestTerms,
};
use rust_decimal::Decimal;

use super::{QuoteContext, QuoteRequest, findings::Findings};
use crate::{
    LoanProduct, Violation, ViolationKind as Kind, Violations,
    product::{
        FeeAmount, FeeWhen, FuturePayments, InterestApplication, InterestKind, LimitUse,
        LineInterest, LoanKind, OverdueDue, PaymentDay, PredefinedFee, PricingSettings,
        RevolvingPrincipal, RevolvingSettings,
    },
};

impl LoanProduct {
    /// The complete contract of a line of credit for a request: its amount is the limit.
    ///
    /// Statements are made on the statement day, or, without one, by the product's due-date rule
    /// counted from activation.
    ///
    /// Nothing is brought into range, rounded or left out: what does not fit, and settings that a
    /// line does not carry out, are refused all at once. The latter are passed over where the
    /// context says that they are [taken care of elsewhere](QuoteContext::carried_elsewhere).
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use lending_core::dates::Calendar;
    /// use products::{QuoteContext, QuoteRequest, catalogue};
    /// use rust_decimal::dec;
    /// let product = catalogue::CREDIT_LINE.loan()?;
    /// let calendar = Calendar::weekends();
    /// let context = QuoteContext::new(&calendar, "KES".parse()?);
    /// let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    /// let terms = product.quote_line(&QuoteRequest::new(dec!(80000), day), &context)?;
    /// assert_eq!((terms.limit, terms.interest.rate.percent), (dec!(80000), dec!(30)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Violations`].
    pub fn quote_line(
        &self,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
    ) -> Result<CreditLineTerms, Violations> {
        let mut found = Findings(Vec::new());
        let LoanKind::Revolving(settings) = &self.kind else {
            found.add(Kind::NotCarried, "kind", self.kind.as_str(), "REVOLVING");
            return Err(Violations::of(found.0));
        };
        let limit = self.take_amount(request, context, &mut found);
        let interest = self.interest_terms(request, context, &mut found);
        let minimum = minimum(settings, request.instalments, &mut found);
        let tolerance = found.take(
            "tolerance_days",
            &self.arrears.tolerance_days,
            request.tolerance_days,
        );
        let allocation = self.line_allocation(&mut found);
        let taxes = self.tax_terms(context, &mut found);
        let fees = self.line_fees(request, &mut found);
        self.unused_by_lines(request, &mut found);
        found.available(&self.availability, &self.currencies, context);
        if !context.carried_elsewhere {
            found.0.extend(self.not_carried_by_lines());
        }
        let (Some(limit), Some((interest, _)), Some(minimum), Some(tolerance_days), Some(taxes)) =
            (limit, interest, minimum, tolerance, taxes)
        else {
            return Err(Violations::of(found.0));
        };
        Violations::check(found.0)?;
        let mut terms = CreditLineTerms::new(
            context.currency,
            limit,
            interest.rate,
            self.billing(settings),
            minimum,
            self.accounting.clone(),
        );
        // Rates of later days are told by transactions.
        terms.interest = InterestTerms {
            changes: Vec::new(),
            ..interest
        };
        terms.interest_on = match settings.interest_on {
            LineInterest::Balance => InterestOn::Balance,
            LineInterest::PrincipalAndInterest => InterestOn::PrincipalAndInterest,
            LineInterest::Principal if self.interest.on_unpaid_interest => {
                InterestOn::PrincipalAndInterest
            }
            LineInterest::Principal => InterestOn::Principal,
        };
        if settings.limit_use == LimitUse::Balance {
            terms.limit_use = CoreLimitUse::Balance;
        }
        if settings.free_when_paid_in_full {
            terms.grace = InterestGrace::PaidInFull;
        }
        (terms.least_draw, terms.most_draw) = (settings.draw.min, settings.draw.max);
        terms.default_after_days = settings.default_after_days;
        terms.allocation = allocation;
        terms.arrears = self.arrears_terms(tolerance_days);
        (terms.fees, terms.taxes) = (fees, taxes);
        terms.cap = self.cap.as_ref().map(|cap| LineCap {
            percent: cap.percent,
            of: match cap.base {
                CapBase::OriginalPrincipal => LineCapBase::Limit,
                CapBase::OutstandingPrincipal => LineCapBase::Principal,
            },
            counts: LineCapCounts::default(),
            method: cap.method,
        });
        terms.calendar = context.calendar.clone();
        terms.rounding = self.schedule.rounding.mode;
        terms.validate().map_err(|error| {
            let allowed = "a contract that holds together";
            Violations::of([Violation::new(Kind::Contract, "terms", error, allowed)].into())
        })?;
        Ok(terms)
    }

    fn billing(&self, settings: &RevolvingSettings) -> BillingTerms {
        BillingTerms {
            statements: match settings.statement_day {
                Some(day) => DueDateRule::FixedDaysOfMonth {
                    days: [day].into(),
                    month_end: MonthEnd::Clamp,
                },
                None => self.schedule.due_dates.clone(),
            },
            due: match settings.due {
                PaymentDay::DaysAfterStatement(days) => PaymentDue::DaysAfterStatement(days),
                PaymentDay::DayOfMonth(day) => PaymentDue::DayOfMonth {
                    day,
                    month_end: MonthEnd::Clamp,
                },
            },
            non_working_days: self.schedule.non_working_days,
        }
    }

    fn line_allocation(&self, found: &mut Findings) -> Vec<Element> {
        if let AllocationOrder::Elements(elements) = &self.payments.allocation.order {
            return elements.clone();
        }
        let allowed = "an order of elements: a line has no instalments past due and to come";
        found.add(
            Kind::NotCarried,
            "payments.allocation.order",
            "buckets",
            allowed,
        );
        Vec::new()
    }

    /// Fees that are required or chosen, and those that staff charge by their name.
    fn line_fees(&self, request: &QuoteRequest, found: &mut Findings) -> Vec<LineFee> {
        let optional = |fee: &&PredefinedFee| fee.active && !fee.required && !fee.when.is_manual();
        for name in &request.optional_fees {
            let mut offered = self.fees.iter().filter(optional);
            if !offered.any(|fee| fee.name.as_str() == name) {
                let allowed = "names of active optional fees of the product";
                let given = format!("{name:?}");
                found.add(Kind::NotOffered, "optional_fees", given, allowed);
            }
        }
        let chosen = |fee: &&PredefinedFee| {
            let asked = request.optional_fees.contains(fee.name.as_str());
            fee.active && (fee.required || fee.when.is_manual() || asked)
        };
        self.fees
            .iter()
            .filter(chosen)
            .filter_map(line_fee)
            .collect()
    }

    const fn repays_draws_in_instalments(&self) -> bool {
        matches!(
            &self.kind,
            LoanKind::Revolving(RevolvingSettings {
                principal_due: RevolvingPrincipal::Instalments { .. },
                ..
            })
        )
    }

    /// What a line of credit has no use for must not be asked for.
    fn unused_by_lines(&self, request: &QuoteRequest, found: &mut Findings) {
        let allowed = "none: a line of credit has no instalments in advance";
        if !self.repays_draws_in_instalments() {
            found.unused("instalments", request.instalments, allowed);
        }
        found.unused("grace", request.grace, allowed);
        found.unused("first_due_offset", request.first_due_offset, allowed);
        found.unused("first_due", request.first_due, allowed);
        found.unused("balloon_percent", request.balloon_percent, allowed);
        found.unused("longer_term", request.longer_term, allowed);
        found.unused("penalty_rate", request.penalty_rate, allowed);
        let tranches = request.tranches.len();
        found.unused("tranches", (tranches > 0).then_some(tranches), allowed);
        let plan = request.payment_plan.len();
        found.unused("payment_plan", (plan > 0).then_some(plan), allowed);
    }

    /// The settings that [`CreditLineTerms`] cannot carry out, each with what they do carry out.
    #[must_use]
    pub fn not_carried_by_lines(&self) -> Vec<Violation> {
        let mut gaps = Vec::new();
        let mut when = |is_so: bool, field: &'static str, given: &str, allowed: &str| {
            if is_so {
                gaps.push(Violation::new(Kind::NotCarried, field, given, allowed));
            }
        };
        let (interest, payments) = (&self.interest, &self.payments);
        let told = matches!(
            interest.pricing,
            PricingSettings::Indexed { .. } | PricingSettings::TieredByDays { .. }
        );
        let allowed = "FIXED or tiers of the balance: a line learns of rates by transactions";
        let pricing = interest.pricing.as_str();
        when(told, "interest.pricing", pricing, allowed);
        let capitalised = interest.kind == InterestKind::Capitalised;
        when(
            capitalised,
            "interest.kind",
            "CAPITALISED",
            "SIMPLE or COMPOUND",
        );
        let at_once = interest.application == InterestApplication::OnDisbursement;
        when(
            at_once,
            "interest.application",
            "ON_DISBURSEMENT",
            "ON_DUE_DATE",
        );
        let stops = |setting: Option<bool>| setting == Some(false);
        let field = "interest.on_overdue_principal";
        when(stops(interest.on_overdue_principal), field, "false", "true");
        when(
            interest.offset_percent.is_some(),
            "interest.offset_percent",
            "given",
            "none",
        );
        when(
            payments.custom_allocation,
            "payments.custom_allocation",
            "true",
            "false",
        );
        when(
            !payments.prepayments,
            "payments.prepayments",
            "false",
            "true",
        );
        when(
            payments.redraw,
            "payments.redraw",
            "true",
            "false: what is repaid can be drawn",
        );
        let limited = payments.future != FuturePayments::OverpaymentsAccepted;
        let allowed = "OVERPAYMENTS_ACCEPTED: what is paid beyond is a credit balance";
        when(
            limited,
            "payments.future",
            payments.future.as_str(),
            allowed,
        );
        when(
            self.penalty.is_some(),
            "penalty",
            "by the day, on overdue principal",
            "none: a line's own penalty is on overdue minimums",
        );
        let accrued = self.cap.as_ref().is_some_and(|cap| cap.apply_accrued_first);
        when(accrued, "cap.apply_accrued_first", "true", "false");
        let locks = self.arrears.lock_after_days.is_some();
        when(locks, "arrears.lock_after_days", "given", "none");
        let linked = self.accounts.linked_deposit.is_some();
        when(linked, "accounts.linked_deposit", "given", "none");
        let dormant = self.accounts.dormant_after_days.is_some();
        when(dormant, "accounts.dormant_after_days", "given", "none");
        let investors = self.securities.investors.is_some();
        when(investors, "securities.investors", "given", "none");
        for (at, fee) in self.fees.iter().enumerate().filter(|(_, fee)| fee.active) {
            let free = fee.when == FeeWhen::ManualAnyAmount;
            if !free && line_fee(fee).is_none() {
                let given = format!("{:?} with {}", fee.when, fee.amount.as_str());
                let allowed = "at draws, on arrears, on default or by hand";
                gaps.push(Violation::new(
                    Kind::NotCarried,
                    format!("fees[{at}]"),
                    given,
                    allowed,
                ));
            }
            let settings = [
                ("amortisation", fee.amortisation.is_some()),
                ("tax", fee.tax.is_some()),
            ];
            for (setting, _) in settings.iter().filter(|(_, given)| *given) {
                let field = format!("fees[{at}].{setting}");
                gaps.push(Violation::new(Kind::NotCarried, field, "given", "none"));
            }
        }
        gaps
    }
}

/// The least payment of each statement.
fn minimum(
    settings: &RevolvingSettings,
    asked: Option<u32>,
    found: &mut Findings,
) -> Option<MinimumPayment> {
    let field = "kind.REVOLVING.principal_due";
    let rule = match &settings.principal_due {
        RevolvingPrincipal::Flat { amount } => MinimumRule::Flat(*amount),
        RevolvingPrincipal::OutstandingPrincipalPercent { percent } => {
            MinimumRule::PercentOfPrincipal(found.take(field, percent, None)?)
        }
        RevolvingPrincipal::TotalBalancePercent { percent } => {
            MinimumRule::PercentOfBalance(found.take(field, percent, None)?)
        }
        RevolvingPrincipal::Instalments {
            count,
            equal_total,
            early_reduces,
        } => {
            let count = found.take(field, count, asked)?;
            let Ok(count) = u16::try_from(count) else {
                found.add(Kind::OutOfRange, field, count, "1 to 360");
                return None;
            };
            MinimumRule::Instalments(DrawInstalments {
                count,
                spread: if *equal_total {
                    DrawSpread::EqualInstalments
                } else {
                    DrawSpread::EqualPrincipal
                },
                early: if *early_reduces {
                    EarlyRepayment::ReducedInstalments
                } else {
                    EarlyRepayment::FromLastInstalment
                },
            })
        }
    };
    // Zero says that there is none.
    let given = |amount: Option<Decimal>| amount.filter(|amount| !amount.is_zero());
    Some(MinimumPayment {
        floor: given(settings.floor),
        ceiling: given(settings.ceiling),
        floor_includes_interest: settings.floor_includes_interest,
        floor_includes_fees: settings.floor_includes_fees,
        charges: if settings.contains_charges {
            ChargesInMinimum::Included
        } else {
            ChargesInMinimum::Added
        },
        overdue: match settings.overdue {
            OverdueDue::Added => OverdueInMinimum::Added,
            OverdueDue::Within => OverdueInMinimum::Within,
        },
        ..MinimumPayment::of(rule)
    })
}

/// The fee as a line's contract keeps it, if it can.
fn line_fee(fee: &PredefinedFee) -> Option<LineFee> {
    let when = match fee.when {
        FeeWhen::DeductedFromDisbursement => LineFeeTrigger::DeductedFromDraw,
        FeeWhen::CapitalisedAtDisbursement => LineFeeTrigger::AddedToDraw,
        FeeWhen::Arrears => LineFeeTrigger::Arrears,
        FeeWhen::Default => LineFeeTrigger::Default,
        FeeWhen::Manual => LineFeeTrigger::Manual,
        _ => return None,
    };
    let at_draw = matches!(
        when,
        LineFeeTrigger::DeductedFromDraw | LineFeeTrigger::AddedToDraw
    );
    let amount = match fee.amount {
        FeeAmount::Flat(amount) => LineFeeAmount::Flat(amount),
        FeeAmount::AmountPercent(percent) if at_draw => LineFeeAmount::PercentOfDraw(percent),
        // The amount lent of a line is its limit.
        FeeAmount::AmountPercent(percent) => LineFeeAmount::PercentOfLimit(percent),
        FeeAmount::BalancePercent(percent) if !at_draw => LineFeeAmount::PercentOfBalance(percent),
        _ => return None,
    };
    Some(LineFee {
        name: fee.name,
        when,
        amount,
        penalty: false,
    })
}
