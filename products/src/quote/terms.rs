//! Making the contract.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Display;

use lending_core::{
    dates::Period,
    loan::{
        ApprovalTerms, ArrearsTerms, BalanceInterest, CapTerms, Compounding, CompoundingOf,
        FeeTrigger, IndexTerms, InterestBasis, LateInterest, LoanTerms, PenaltyTerms, Prepayment,
        Safeguards,
    },
    schedule::{ScheduleTerms, Taxes},
    store::AccrualPosting,
};
use rust_decimal::Decimal;

use super::{QuoteContext, QuoteRequest, fees, findings::Findings};
use crate::{
    LoanProduct, Violation, ViolationKind as Kind, Violations,
    product::{
        AccountState, AccrualDetail, CreditLineRequirement, FuturePayments, LateRecalculation,
        LoanKind, ToleranceMethod,
    },
};

impl LoanProduct {
    /// The complete contract for a request.
    ///
    /// Nothing is brought into range, rounded or left out: a request that does not fit is refused
    /// with everything that is wrong with it, in the order of the request's fields and then of the
    /// context's.
    ///
    /// Planned tranches are checked and no part of the contract: an account learns of each when it
    /// is paid out. [`LoanProduct::preview`] shows them.
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
        let chosen = fees::contract_fees(self, request, context, &mut found);
        found.available(&self.availability, &self.currencies, context);
        if !context.carried_elsewhere {
            found.0.extend(self.not_carried());
        }
        let (Some(principal), Some((mut schedule, index)), Some(tolerance_days)) =
            (principal, schedule, tolerance)
        else {
            return Err(Violations::of(found.0));
        };
        Violations::check(found.0)?;
        schedule.fees = chosen.per_instalment;
        let mut terms = LoanTerms {
            currency: context.currency,
            principal,
            expected_disbursement: request.disbursement,
            tranches: matches!(self.kind, LoanKind::Tranched { .. }),
            schedule,
            interest_basis: self.interest_basis(),
            level_basis: self.schedule.level_basis,
            charge_off: self.charge_off,
            allocation: self.payments.allocation.clone(),
            arrears: self.arrears_terms(tolerance_days),
            penalty,
            index,
            safeguards: self.safeguards(context),
            fees: chosen.named,
            calendar: context.calendar.clone(),
            accounting: self.accounting.clone(),
            accrual_posting: match self.accrual_detail {
                AccrualDetail::PerAccount => AccrualPosting::PerAccount,
                AccrualDetail::PerProductAndBranch => AccrualPosting::Aggregated,
            },
        };
        check_contract(&terms)?;
        check_payout(&terms)?;
        terms.schedule.tranches = Vec::new();
        Ok(terms)
    }

    pub(super) fn arrears_terms(&self, tolerance_days: u16) -> ArrearsTerms {
        let settings = &self.arrears;
        ArrearsTerms {
            tolerance_days,
            tolerance_percent: settings.tolerance_percent,
            tolerance_floor: settings.tolerance_floor,
            counted_from: settings.counted_from,
            tolerance_day: match settings.tolerance {
                ToleranceMethod::Days => None,
                ToleranceMethod::DayOfNextMonth(day) => Some(day),
            },
            working_days_only: !settings.count_non_working_days,
            delinquency: settings.delinquency.clone(),
        }
    }

    fn safeguards(&self, context: &QuoteContext<'_>) -> Safeguards {
        let securities = &self.securities;
        let investors = securities.investors.as_ref();
        let lender = context.settings;
        Safeguards {
            approval: ApprovalTerms {
                starts_partial: self.accounts.initial_state == AccountState::PartialApplication,
                two_man_rule: lender.is_some_and(|lender| lender.two_person_rule),
                guarantees_percent: securities.required_percent.unwrap_or_default(),
                funds_percent: investors
                    .and_then(|funds| funds.required_percent)
                    .unwrap_or_default(),
                needs_credit_line: self.accounts.credit_line == CreditLineRequirement::Required,
            },
            lock_after_days: self.arrears.lock_after_days,
            locked_operations: self.arrears.locked_operations,
            undo_close_days: lender.map(|lender| lender.undo_close_within_days),
            cap: self.cap.as_ref().map(|cap| CapTerms {
                percent: cap.percent,
                of: cap.base,
                method: cap.method,
                applies_accrued_first: cap.apply_accrued_first,
            }),
            write_off_after_days: lender.map_or(0, |lender| lender.write_off_after_days),
            prepayment: match self.payments.future {
                FuturePayments::OverpaymentsAccepted => Prepayment::Accepted,
                FuturePayments::Accepted => Prepayment::UpToOwed,
                FuturePayments::Refused => Prepayment::Refused,
            },
        }
    }

    fn interest_basis(&self) -> InterestBasis {
        match self.kind {
            LoanKind::DynamicTerm | LoanKind::Tranched { .. } | LoanKind::Revolving(_) => {
                InterestBasis::OnBalance(BalanceInterest {
                    overdue: self.interest.overdue,
                    rest: self.interest.rest,
                    compounding: self.interest.on_unpaid_interest.then_some(Compounding {
                        of: CompoundingOf::Interest,
                        every: Period::Days(1),
                    }),
                    late: self.late_interest(),
                })
            }
            LoanKind::FixedTerm | LoanKind::InterestFree => InterestBasis::OnSchedule,
        }
    }

    /// What a contract cannot carry is found by [`LoanProduct::not_carried`].
    fn late_interest(&self) -> LateInterest {
        match self.payments.late {
            _ if !self.bears_interest_by_days() => LateInterest::RunningInstalment,
            _ if self.interest.on_overdue_principal == Some(false) => LateInterest::NotCharged,
            LateRecalculation::RunningInstalment => LateInterest::RunningInstalment,
            LateRecalculation::OverdueInstalments => LateInterest::OverdueInstalment,
            LateRecalculation::LastInstalment => LateInterest::LastInstalment,
        }
    }

    pub(super) fn take_amount(
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
    ) -> Option<(ScheduleTerms, Option<IndexTerms>)> {
        if let LoanKind::Revolving(_) = self.kind {
            let allowed = "a term loan: a revolving product is quoted as a line of credit";
            found.add(Kind::NotCarried, "kind", self.kind.as_str(), allowed);
            return None;
        }
        let instalments = found.take("instalments", &self.instalments, request.instalments);
        let interest = self.interest_terms(request, context, found);
        let grace = self.grace_terms(request, instalments, found);
        let due_dates = self.due_rule(request, instalments, found);
        let first_due = self.first_due(request, found);
        let amortization = self.amortization(request, instalments, found);
        self.check_tranches(request, found);
        let taxes = self.tax_terms(context, found);
        let (interest, index) = interest?;
        let schedule = ScheduleTerms {
            instalments: instalments?,
            due_dates: due_dates?,
            first_due: first_due?,
            non_working_days: self.schedule.non_working_days,
            interest,
            amortization: amortization?,
            grace: grace?,
            rounding: self.schedule.rounding,
            fees: Vec::new(),
            taxes: taxes?,
            down_payment_percent: self.schedule.down_payment_percent,
            tranches: request.tranches.clone(),
            payment_holidays: Vec::new(),
        };
        Some((schedule, index))
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

    pub(super) fn tax_terms(
        &self,
        context: &QuoteContext<'_>,
        found: &mut Findings,
    ) -> Option<Taxes> {
        let settings = &self.taxes;
        if !settings.is_taxed() {
            return Some(Taxes::default());
        }
        let percent = found.tax(settings.percent, settings.source.as_deref(), context)?;
        Some(Taxes {
            interest_percent: settings.on_interest.then_some(percent),
            fee_percent: settings.on_fees.then_some(percent),
            penalty_percent: settings.on_penalties.then_some(percent),
            kind: settings.kind,
            fee_kind: settings.fee_kind,
            penalty_kind: settings.penalty_kind,
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
}

/// Fees that are kept back leave something to pay out.
fn check_payout(terms: &LoanTerms) -> Result<(), Violations> {
    let mut kept = terms.fees.iter();
    let kept = kept.try_fold(Decimal::ZERO, |sum, fee| match fee.trigger {
        FeeTrigger::DeductedFromDisbursement => {
            sum.checked_add(terms.fee_on(fee, terms.principal).ok()?)
        }
        _ => Some(sum),
    });
    match kept {
        Some(kept) if kept < terms.principal => Ok(()),
        _ => {
            let kept: String =
                kept.map_or_else(|| "beyond 28 digits".into(), |kept| kept.to_string());
            let allowed = format!("above the fees that are kept back, {kept}");
            let found = Violation::new(Kind::OutOfRange, "amount", terms.principal, allowed);
            Err(Violations::of(alloc::vec![found]))
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
    // Those of the schedule among them.
    terms.validate().map_err(|error| refused("terms", &error))
}
