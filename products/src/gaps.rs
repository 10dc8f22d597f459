//! Settings that a contract of this version cannot carry out.

use alloc::{format, vec::Vec};

use ledger::posting_rules::AccountingMethod;
use lending_core::schedule::{ElementRounding, Residue};

use crate::{
    LoanProduct, Violation, ViolationKind,
    product::{
        AccrualPosting, FeeWhen, FixedElement, FuturePayments, GraceKind, InterestKind,
        LateRecalculation, LoanKind, PaidAhead, PricingSettings, PrincipalSettings,
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
        self.charge_gaps(&mut gaps);
        self.fee_gaps(&mut gaps);
        self.schedule_gaps(&mut gaps);
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
        let agreed = matches!(
            interest.pricing,
            PricingSettings::Fixed | PricingSettings::Indexed { .. }
        );
        gaps.when(
            dynamic && !agreed,
            "interest.pricing",
            interest.pricing.as_str(),
            "FIXED or INDEXED where interest follows the balance",
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
            gaps.when(true, "interest.offset_percent", percent, "none");
        }
    }

    fn payment_gaps(&self, gaps: &mut Gaps) {
        let payments = &self.payments;
        gaps.when(
            !payments.prepayments,
            "payments.prepayments",
            "false",
            "true",
        );
        let future = match payments.future {
            FuturePayments::OverpaymentsAccepted => None,
            FuturePayments::Accepted => Some("ACCEPTED"),
            FuturePayments::Refused => Some("REFUSED"),
        };
        gaps.when(
            future.is_some(),
            "payments.future",
            future.unwrap_or_default(),
            "OVERPAYMENTS_ACCEPTED: what is paid beyond is a credit balance",
        );
        gaps.when(
            self.follows_balance() && !self.keeps_its_element(),
            "payments.fixed_element",
            format_args!("{:?}", payments.fixed_element),
            "AS_SPREAD: the total of equal instalments, the principal of all others",
        );
        gaps.when(
            payments.paid_ahead != PaidAhead::PartiallyPaid,
            "payments.paid_ahead",
            format_args!("{:?}", payments.paid_ahead),
            "PARTIALLY_PAID",
        );
        gaps.when(
            payments.late == LateRecalculation::LastInstalment && self.follows_balance(),
            "payments.late",
            "LAST_INSTALMENT",
            "OVERDUE_INSTALMENTS",
        );
    }

    /// Whether the element to keep is the one that the spread of principal keeps.
    const fn keeps_its_element(&self) -> bool {
        let equal = matches!(
            self.schedule.principal,
            PrincipalSettings::EqualInstalments { .. }
        );
        match self.payments.fixed_element {
            FixedElement::AsSpread => true,
            FixedElement::Total => equal,
            FixedElement::Principal => !equal,
        }
    }

    fn charge_gaps(&self, gaps: &mut Gaps) {
        let guarded = self.cap.is_some() || self.arrears.lock_after_days.is_some();
        gaps.when(
            guarded && self.taxes.is_on_top(),
            "taxes.kind",
            "EXCLUSIVE",
            "INCLUSIVE where loans are locked or capped",
        );
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
            if !quote::amortises(fee) {
                let allowed = "over the term on due dates, of fees taken at disbursement";
                gaps.add(format!("fees[{at}].amortisation"), "given", allowed);
            }
            if self.follows_balance() && fee.when == FeeWhen::EveryInstalment {
                gaps.add(
                    format!("fees[{at}].when"),
                    "EVERY_INSTALMENT",
                    "EVERY_DUE_DATE",
                );
            }
        }
    }

    fn schedule_gaps(&self, gaps: &mut Gaps) {
        if !self.follows_balance() {
            return;
        }
        let kind = self.schedule.grace.kind;
        gaps.when(
            matches!(kind, GraceKind::Pure | GraceKind::InterestFree),
            "schedule.grace.kind",
            kind.as_str(),
            "NONE or INTEREST_ONLY where interest follows the balance",
        );
        let rounding = &self.schedule.rounding;
        gaps.when(
            rounding.elements == ElementRounding::WholeUnits,
            "schedule.rounding.elements",
            "WHOLE_UNITS",
            "EACH or TOTAL: a forecast rounds interest to minor units",
        );
        gaps.when(
            rounding.residue == Residue::PrincipalAndInterest,
            "schedule.rounding.residue",
            "PRINCIPAL_AND_INTEREST",
            "PRINCIPAL: a forecast carries no remainders of interest",
        );
    }

    fn other_gaps(&self, gaps: &mut Gaps) {
        let posting = match self.accrual_posting {
            AccrualPosting::MonthEnd => "MONTH_END",
            AccrualPosting::WhenApplied => "WHEN_APPLIED",
            AccrualPosting::Daily => "",
        };
        gaps.when(
            !posting.is_empty() && self.accounting.method() == AccountingMethod::Accrual,
            "accrual_posting",
            posting,
            "DAILY",
        );
        let linked = self.accounts.linked_deposit.is_some();
        gaps.when(linked, "accounts.linked_deposit", "given", "none");
        let investors = self.securities.investors.is_some();
        gaps.when(investors, "securities.investors", "given", "none");
        if let Some(days) = self.accounts.dormant_after_days {
            gaps.when(true, "accounts.dormant_after_days", days, "none");
        }
    }
}

struct Gaps(Vec<Violation>);

impl Gaps {
    /// `given` is written only when there is a gap: quoting asks for all of them each time.
    fn when(
        &mut self,
        is_so: bool,
        field: &'static str,
        given: impl core::fmt::Display,
        allowed: &'static str,
    ) {
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
