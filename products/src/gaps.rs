//! Settings that a contract of this version cannot carry out.

use alloc::{format, vec::Vec};

use lending_core::schedule::{ElementRounding, Residue};

use crate::{
    LoanProduct, Violation, ViolationKind,
    product::{
        AccrualPosting, FeeWhen, FixedElement, FuturePayments, InterestApplication, InterestKind,
        LateRecalculation, LoanKind, PaidAhead, PrepaymentInterest, ToleranceMethod,
    },
    quote,
};

impl LoanProduct {
    /// The settings that a [`lending_core::loan::LoanTerms`] of this version cannot carry out,
    /// each with what it does carry out.
    ///
    /// A product that has any is quoted only when the context says that they are taken care of
    /// elsewhere ([`crate::QuoteContext::carried_elsewhere`]): no setting is lost unseen.
    #[must_use]
    pub fn not_carried(&self) -> Vec<Violation> {
        let mut gaps = Gaps(Vec::new());
        self.interest_gaps(&mut gaps);
        self.payment_gaps(&mut gaps);
        self.arrears_gaps(&mut gaps);
        self.fee_gaps(&mut gaps);
        self.other_gaps(&mut gaps);
        gaps.0
    }

    /// Whether interest follows the balance.
    pub(crate) const fn follows_balance(&self) -> bool {
        !matches!(self.kind, LoanKind::FixedTerm | LoanKind::InterestFree)
    }

    fn interest_gaps(&self, gaps: &mut Gaps) {
        let interest = &self.interest;
        let dynamic = self.follows_balance();
        let by_itself = |dynamic: bool| if dynamic { "true" } else { "false" };
        let free = matches!(self.kind, LoanKind::InterestFree);
        gaps.when(
            interest.kind == InterestKind::Capitalised,
            "interest.kind",
            "CAPITALISED",
            "SIMPLE or COMPOUND",
        );
        gaps.when(
            interest.application == InterestApplication::OnDisbursement && dynamic,
            "interest.application",
            "ON_DISBURSEMENT",
            "ON_DUE_DATE",
        );
        gaps.when(
            interest.on_unpaid_interest,
            "interest.on_unpaid_interest",
            "true",
            "false",
        );
        for (field, setting) in [
            (
                "interest.on_overdue_principal",
                interest.on_overdue_principal,
            ),
            ("interest.after_maturity", interest.after_maturity),
        ] {
            let differs = !free && setting.is_some_and(|wanted| wanted != dynamic);
            gaps.when(differs, field, by_itself(!dynamic), by_itself(dynamic));
        }
        if let Some(percent) = interest.offset_percent {
            gaps.when(
                true,
                "interest.offset_percent",
                &format!("{percent}"),
                "none",
            );
        }
        gaps.when(
            self.taxes.on_penalties,
            "taxes.on_penalties",
            "true",
            "false",
        );
    }

    fn payment_gaps(&self, gaps: &mut Gaps) {
        let payments = &self.payments;
        gaps.when(
            payments.custom_allocation,
            "payments.custom_allocation",
            "true",
            "false",
        );
        gaps.when(
            !payments.prepayments,
            "payments.prepayments",
            "false",
            "true",
        );
        gaps.when(
            payments.future == FuturePayments::Refused,
            "payments.future",
            "REFUSED",
            "ACCEPTED or OVERPAYMENTS_ACCEPTED",
        );
        gaps.when(
            payments.prepayment_interest == PrepaymentInterest::Manual,
            "payments.prepayment_interest",
            "MANUAL",
            "AUTOMATIC",
        );
        gaps.when(
            payments.fixed_element != FixedElement::AsSpread,
            "payments.fixed_element",
            &format!("{:?}", payments.fixed_element),
            "AS_SPREAD",
        );
        gaps.when(
            payments.paid_ahead != PaidAhead::PartiallyPaid,
            "payments.paid_ahead",
            &format!("{:?}", payments.paid_ahead),
            "PARTIALLY_PAID",
        );
        gaps.when(
            payments.late == LateRecalculation::LastInstalment && self.follows_balance(),
            "payments.late",
            "LAST_INSTALMENT",
            "OVERDUE_INSTALMENTS",
        );
        gaps.when(payments.redraw, "payments.redraw", "true", "false");
    }

    fn arrears_gaps(&self, gaps: &mut Gaps) {
        let arrears = &self.arrears;
        if let ToleranceMethod::DayOfNextMonth(day) = arrears.tolerance {
            gaps.when(
                true,
                "arrears.tolerance",
                &format!("day {day} of the next month"),
                "DAYS",
            );
        }
        gaps.when(
            !arrears.count_non_working_days,
            "arrears.count_non_working_days",
            "false",
            "true",
        );
        if let Some(days) = arrears.lock_after_days {
            gaps.when(true, "arrears.lock_after_days", &format!("{days}"), "none");
        }
        if let Some(cap) = &self.cap {
            gaps.when(true, "cap", &format!("{} percent", cap.percent), "none");
        }
    }

    fn fee_gaps(&self, gaps: &mut Gaps) {
        for (at, fee) in self.fees.iter().enumerate().filter(|(_, fee)| fee.active) {
            if fee.when.is_manual() {
                continue;
            }
            if !quote::is_carried(fee) {
                let given = format!("{:?} with {}", fee.when, fee.amount.as_str());
                let allowed = "fees at disbursement, with instalments and for late payment";
                gaps.add(format!("fees[{at}]"), &given, allowed);
            }
            if fee.amortisation.is_some() {
                gaps.add(format!("fees[{at}].amortisation"), "given", "none");
            }
            let dynamic = self.follows_balance();
            if (fee.when == FeeWhen::EveryDueDate) != dynamic
                && matches!(fee.when, FeeWhen::EveryDueDate | FeeWhen::EveryInstalment)
                && dynamic
            {
                gaps.add(
                    format!("fees[{at}].when"),
                    "EVERY_INSTALMENT",
                    "EVERY_DUE_DATE",
                );
            }
        }
    }

    fn other_gaps(&self, gaps: &mut Gaps) {
        gaps.when(
            self.accrual_posting == AccrualPosting::MonthEnd,
            "accrual_posting",
            "MONTH_END",
            "WHEN_APPLIED or DAILY",
        );
        let rounding = &self.schedule.rounding;
        gaps.when(
            self.follows_balance() && rounding.elements == ElementRounding::WholeUnits,
            "schedule.rounding.elements",
            "WHOLE_UNITS",
            "EACH or TOTAL: a forecast rounds interest to minor units",
        );
        gaps.when(
            self.follows_balance() && rounding.residue == Residue::PrincipalAndInterest,
            "schedule.rounding.residue",
            "PRINCIPAL_AND_INTEREST",
            "PRINCIPAL: a forecast carries no remainders of interest",
        );
        let linked = self.accounts.linked_deposit.is_some();
        gaps.when(linked, "accounts.linked_deposit", "given", "none");
        let investors = self.securities.investors.is_some();
        gaps.when(investors, "securities.investors", "given", "none");
        if let Some(days) = self.accounts.dormant_after_days {
            gaps.when(
                true,
                "accounts.dormant_after_days",
                &format!("{days}"),
                "none",
            );
        }
    }
}

struct Gaps(Vec<Violation>);

impl Gaps {
    fn when(&mut self, is_so: bool, field: &'static str, given: &str, allowed: &str) {
        if is_so {
            self.0.push(Violation::new(
                ViolationKind::NotCarried,
                field,
                given,
                allowed,
            ));
        }
    }

    fn add(&mut self, field: alloc::string::String, given: &str, allowed: &str) {
        self.0.push(Violation::new(
            ViolationKind::NotCarried,
            field,
            given,
            allowed,
        ));
    }
}
