//! Making the contract.

use alloc::{format, vec::Vec};
use core::fmt::Display;

use lending_core::{
    loan::{
        ArrearsTerms, BalanceInterest, ChargeOffTerms, InterestBasis, LevelBasis, LoanTerms,
        PenaltyTerms,
    },
    schedule::{ScheduleTerms, Taxes},
};
use rust_decimal::Decimal;

use super::{QuoteContext, QuoteRequest, fees, findings::Findings};
use crate::{LoanProduct, Violation, ViolationKind as Kind, Violations, product::LoanKind};

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
        found.available(&self.availability, &self.currencies, context);
        if !context.carried_elsewhere {
            found.0.extend(self.not_carried());
        }
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
            level_basis: LevelBasis::default(),
            charge_off: ChargeOffTerms::default(),
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
                InterestBasis::OnBalance(BalanceInterest::default())
            }
            LoanKind::FixedTerm | LoanKind::InterestFree => InterestBasis::OnSchedule,
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
    ) -> Option<ScheduleTerms> {
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
        Some(ScheduleTerms {
            instalments: instalments?,
            due_dates: due_dates?,
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
        let percent = found.tax(settings.percent, settings.source.as_deref(), context)?;
        Some(Taxes {
            interest_percent: settings.on_interest.then_some(percent),
            fee_percent: settings.on_fees.then_some(percent),
            penalty_percent: settings.on_penalties.then_some(percent),
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
