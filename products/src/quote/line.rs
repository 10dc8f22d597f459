//! Making the contract of a line of credit.

use alloc::{format, vec::Vec};

use lending_core::{
    dates::DueDateRule,
    loan::{AllocationOrder, ArrearsTerms, Element},
    revolving::{
        BillingTerms, CreditLineTerms, InterestOn, LineFee, LineFeeAmount, LineFeeTrigger,
        MinimumPayment, MinimumRule, PaymentDue,
    },
};
use rust_decimal::Decimal;

use super::{QuoteContext, QuoteRequest, findings::Findings};
use crate::{
    LoanProduct, Violation, ViolationKind as Kind, Violations,
    product::{
        FeeAmount, FeeWhen, FuturePayments, InterestApplication, InterestKind, LoanKind,
        PredefinedFee, RevolvingPrincipal, RevolvingSettings, ToleranceMethod,
    },
};

impl LoanProduct {
    /// The complete contract of a line of credit for a request: its amount is the limit.
    ///
    /// Statements are made on the statement day, or, without one, by the product's due-date rule
    /// counted from activation. Payment is due so many days later; where none are given and the
    /// due-date rule names one day of the month beside the statement day, on that day.
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
        let minimum = minimum(settings, &mut found);
        let tolerance = found.take(
            "tolerance_days",
            &self.arrears.tolerance_days,
            request.tolerance_days,
        );
        let allocation = self.line_allocation(&mut found);
        let fees = self.line_fees(request, &mut found);
        self.unused_by_lines(request, &mut found);
        found.available(&self.availability, &self.currencies, context);
        if !context.carried_elsewhere {
            found.0.extend(self.not_carried_by_lines());
        }
        let (Some(limit), Some(interest), Some(minimum), Some(tolerance_days)) =
            (limit, interest, minimum, tolerance)
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
        terms.interest = interest;
        if self.interest.on_unpaid_interest {
            terms.interest_on = InterestOn::PrincipalAndInterest;
        }
        terms.allocation = allocation;
        terms.arrears = self.line_arrears(tolerance_days);
        terms.fees = fees;
        terms.calendar = context.calendar.clone();
        terms.rounding = self.schedule.rounding.mode;
        terms.validate().map_err(|error| {
            let allowed = "a contract that holds together";
            Violations::of([Violation::new(Kind::Contract, "terms", error, allowed)].into())
        })?;
        Ok(terms)
    }

    fn billing(&self, settings: &RevolvingSettings) -> BillingTerms {
        let rule = &self.schedule.due_dates;
        let days_to_pay = settings.days_to_pay;
        let mut billing = match settings.statement_day {
            Some(day) => BillingTerms::monthly(day, days_to_pay),
            None => BillingTerms {
                statements: rule.clone(),
                ..BillingTerms::monthly(1, days_to_pay)
            },
        };
        if let DueDateRule::FixedDaysOfMonth { days, month_end } = rule
            && settings.statement_day.is_some()
        {
            if let DueDateRule::FixedDaysOfMonth { month_end: own, .. } = &mut billing.statements {
                *own = *month_end;
            }
            if let ([day], 0) = (&days[..], days_to_pay) {
                billing.due = PaymentDue::DayOfMonth {
                    day: *day,
                    month_end: *month_end,
                };
            }
        }
        billing.non_working_days = self.schedule.non_working_days;
        billing
    }

    fn line_arrears(&self, tolerance_days: u16) -> ArrearsTerms {
        ArrearsTerms {
            tolerance_days,
            tolerance_percent: self.arrears.tolerance_percent,
            tolerance_floor: self.arrears.tolerance_floor,
            counted_from: self.arrears.counted_from,
            tolerance_day: match self.arrears.tolerance {
                ToleranceMethod::DayOfNextMonth(day) => Some(day),
                ToleranceMethod::Days => None,
            },
            working_days_only: !self.arrears.count_non_working_days,
            ..ArrearsTerms::default()
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

    /// What a line of credit has no use for must not be asked for.
    fn unused_by_lines(&self, request: &QuoteRequest, found: &mut Findings) {
        let allowed = "none: a line of credit has no instalments in advance";
        found.unused("instalments", request.instalments, allowed);
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
        let taxed = self.taxes.on_interest || self.taxes.on_fees || self.taxes.on_penalties;
        when(taxed, "taxes", "given", "none");
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
        let refused = payments.future == FuturePayments::Refused;
        let allowed = "ACCEPTED or OVERPAYMENTS_ACCEPTED";
        when(refused, "payments.future", "REFUSED", allowed);
        when(
            self.penalty.is_some(),
            "penalty",
            "by the day",
            "none: a fee on arrears",
        );
        when(self.cap.is_some(), "cap", "given", "none");
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
            if fee.amortisation.is_some() {
                let field = format!("fees[{at}].amortisation");
                gaps.push(Violation::new(Kind::NotCarried, field, "given", "none"));
            }
        }
        gaps
    }
}

/// The least payment of each statement.
fn minimum(settings: &RevolvingSettings, found: &mut Findings) -> Option<MinimumPayment> {
    let field = "kind.REVOLVING.principal_due";
    let rule = match &settings.principal_due {
        RevolvingPrincipal::Flat { amount } => MinimumRule::Flat(*amount),
        RevolvingPrincipal::OutstandingPrincipalPercent { percent } => {
            MinimumRule::PercentOfPrincipal(found.take(field, percent, None)?)
        }
        RevolvingPrincipal::TotalBalancePercent { percent } => {
            MinimumRule::PercentOfBalance(found.take(field, percent, None)?)
        }
    };
    // Zero says that there is none.
    let given = |amount: Option<Decimal>| amount.filter(|amount| !amount.is_zero());
    Some(MinimumPayment {
        floor: given(settings.floor),
        ceiling: given(settings.ceiling),
        floor_includes_interest: settings.floor_includes_interest,
        floor_includes_fees: settings.floor_includes_fees,
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
