//! Settings that a contract of this version cannot carry out.

use alloc::{format, vec::Vec};

use ledger::posting_rules::AccountingMethod;
use lending_core::{
    loan::{OverdueInterest, PaidEarly, Rest},
    schedule::ElementRounding,
};

use crate::{
    LoanProduct, Violation, ViolationKind,
    product::{
        AccrualPosting, FeeWhen, FixedElement, FuturePayments, GraceKind, InterestKind,
        LateRecalculation, LoanKind, PricingSettings, PrincipalSettings,
    },
    quote,
};

impl LoanProduct {
    /// The settings that a [`lending_core::loan::LoanTerms`] of this version cannot carry out,
    /// each with what it does carry out.
    ///
    /// A product that has any is quoted only when the context says that they are taken care of
    /// elsewhere ([`crate::QuoteContext::carried_elsewhere`]): no setting is lost unseen.
    ///
    /// | setting | why not |
    /// |---|---|
    /// | `interest.kind` `CAPITALISED` | a contract's principal grows by transactions only |
    /// | `interest.pricing` by balance or instalment, where interest follows the balance | a forecast knows one rate at a time |
    /// | `interest.on_overdue_principal` on a fixed schedule | what is owed was fixed at disbursement: a penalty does it |
    /// | `interest.after_maturity` | the interest of a contract ends with its last period: a penalty goes on |
    /// | `interest.offset_percent`, `accounts.linked_deposit` | they need the balance of another account, which only the host has |
    /// | `payments.late`, where interest is not by days alone | the interest of late days is then not a sum by itself |
    /// | `payments.allocation.paid_early`, where early money lowers no principal | nothing is paid early |
    /// | `payments.prepayments` `false`, where money is taken ahead | only all of it can be refused |
    /// | `payments.fixed_element` other than the spread's | see [`Recalculation`](lending_core::loan::Recalculation) for what early principal may keep |
    /// | `taxes.kind` on top, beside locks and caps | a cap counts what was charged, tax included |
    /// | `fees` on arrears, on default, every month | no day of a contract charges them: staff or the host do |
    /// | `fees.tax` of fees with instalments | what an instalment asks for is fees together, of one tax |
    /// | `fees.amortisation` of fees with instalments, by own intervals, beyond rescheduling | an instalment is earned when it falls due |
    /// | `schedule.grace` of interest, where interest follows the balance | interest that arises is owed |
    /// | `schedule.rounding.elements` `UNROUNDED` | an account asks for what can be paid: whole minor units |
    /// | `accrual_posting` other than daily | the end of day posts what has arisen |
    /// | `securities.investors` | sharing interest needs the accounts of those who fund it |
    /// | `accounts.dormant_after_days` | an account on which nothing is owed has no end of day: the host closes it |
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
        // Overdue principal of a contract bears interest or does not, where it is by days alone.
        let bound = !free && !self.bears_interest_by_days();
        let overdue = interest.on_overdue_principal;
        gaps.when(
            bound && overdue.is_some_and(|wanted| wanted != dynamic),
            "interest.on_overdue_principal",
            by_itself(!dynamic),
            by_itself(dynamic),
        );
        gaps.when(
            !free && interest.after_maturity == Some(true),
            "interest.after_maturity",
            "true",
            "false",
        );
        if let Some(percent) = interest.offset_percent {
            gaps.when(true, "interest.offset_percent", percent, "none");
        }
    }

    fn payment_gaps(&self, gaps: &mut Gaps) {
        let payments = &self.payments;
        // Where nothing is taken ahead of time, nothing is paid off early.
        gaps.when(
            !payments.prepayments && payments.future != FuturePayments::Refused,
            "payments.prepayments",
            "false",
            "true, or payments.future REFUSED",
        );
        gaps.when(
            self.follows_balance() && !self.keeps_its_element(),
            "payments.fixed_element",
            format_args!("{:?}", payments.fixed_element),
            "AS_SPREAD: the total of equal instalments, the principal of all others",
        );
        gaps.when(
            !self.carries_paid_early(),
            "payments.allocation.paid_early",
            format_args!("{:?}", payments.allocation.paid_early),
            "stays_open; keeps_total where interest of equal instalments follows the balance; \
             the others where early money lowers the principal",
        );
        gaps.when(
            payments.late != LateRecalculation::RunningInstalment && !self.bears_interest_by_days(),
            "payments.late",
            payments.late.as_str(),
            "RUNNING_INSTALMENT, where interest does not follow the balance by days alone",
        );
    }

    fn carries_paid_early(&self) -> bool {
        match self.payments.allocation.paid_early {
            PaidEarly::StaysOpen => true,
            PaidEarly::KeepsTotal => self.follows_balance() && self.pays_equal_instalments(),
            _ => self.reduces_principal(),
        }
    }

    const fn pays_equal_instalments(&self) -> bool {
        matches!(
            self.schedule.principal,
            PrincipalSettings::EqualInstalments { .. }
        )
    }

    /// Whether the element to keep is the one that the spread of principal keeps.
    const fn keeps_its_element(&self) -> bool {
        let equal = self.pays_equal_instalments();
        match self.payments.fixed_element {
            FixedElement::AsSpread => true,
            FixedElement::Total => equal,
            FixedElement::Principal => !equal,
        }
    }

    /// Whether interest follows the balance, every day as the balance is, and bears none itself.
    pub(crate) fn bears_interest_by_days(&self) -> bool {
        let interest = &self.interest;
        self.follows_balance()
            && interest.rest == Rest::Daily
            && interest.overdue != OverdueInterest::ByTransaction
            && !interest.on_unpaid_interest
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
            if fee.tax.is_some() && !quote::is_taken_at_disbursement(fee) {
                let allowed = "none, but for fees taken at disbursement";
                gaps.add(format!("fees[{at}].tax"), "given", allowed);
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
        gaps.when(
            self.schedule.rounding.elements == ElementRounding::Unrounded,
            "schedule.rounding.elements",
            "UNROUNDED",
            "EACH, WHOLE_UNITS or TOTAL",
        );
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
