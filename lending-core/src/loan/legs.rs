//! The legs of journal entries: what loans and lines of credit book in the same way.

use alloc::vec::Vec;

use ledger::{
    GlCode,
    posting_rules::{AccountingMethod, FinancialResource as Resource, PostingRules},
};
use rust_decimal::Decimal;

use super::{
    Amounts, Element, LoanError, Outcome,
    amounts::{add, sub},
    posting::{carried, income},
};

/// Charges, which are income when they are earned.
pub(crate) const CHARGES: [Element; 3] = [Element::Interest, Element::Fee, Element::Penalty];

/// Legs by account: debits positive, credits negative.
pub(crate) struct Legs<'a> {
    pub(crate) rules: &'a PostingRules,
    pub(crate) channel: Option<&'a str>,
    pub(crate) fee: Option<&'a str>,
    legs: Vec<(GlCode, Decimal)>,
}

impl<'a> Legs<'a> {
    pub(crate) fn new(rules: &'a PostingRules) -> Self {
        Self {
            rules,
            channel: None,
            fee: None,
            legs: Vec::with_capacity(6),
        }
    }

    pub(crate) fn into_legs(self) -> Vec<(GlCode, Decimal)> {
        self.legs
    }

    pub(crate) fn debit(&mut self, resource: Resource, amount: Decimal) -> Result<(), LoanError> {
        if amount.is_zero() {
            return Ok(());
        }
        let account = self.rules.resolve(resource, self.fee, self.channel)?;
        match self.legs.iter_mut().find(|(code, _)| *code == account) {
            Some((_, sum)) => *sum = add(*sum, amount)?,
            None => self.legs.push((account, amount)),
        }
        Ok(())
    }

    pub(crate) fn credit(&mut self, resource: Resource, amount: Decimal) -> Result<(), LoanError> {
        self.debit(resource, sub(Decimal::ZERO, amount)?)
    }

    /// Takes tax that is owed out of the income that contains it.
    pub(crate) fn taxes(&mut self, taxes: &Amounts) -> Result<(), LoanError> {
        for element in CHARGES {
            let tax = taxes.get(element);
            self.debit(income(element), tax)?;
            self.credit(Resource::TaxesPayable, tax)?;
        }
        Ok(())
    }

    /// Debits income that is given up: to an account of its own where the rules name one, else
    /// to the income account.
    pub(crate) fn debit_forgone(
        &mut self,
        element: Element,
        amount: Decimal,
    ) -> Result<(), LoanError> {
        let own = match element {
            Element::Interest => Resource::InterestForgone,
            _ => Resource::ChargesForgone,
        };
        let named = self.rules.resolve(own, self.fee, self.channel).is_ok();
        self.debit(if named { own } else { income(element) }, amount)
    }

    /// Credits principal and the other elements where they are carried.
    pub(crate) fn credit_elements(&mut self, amounts: &Amounts) -> Result<(), LoanError> {
        for element in Element::ALL {
            self.credit(carried(element, self.rules.method()), amounts.get(element))?;
        }
        Ok(())
    }

    /// What an outcome takes off the assets: on the cash basis only principal is one.
    pub(crate) fn assets(&self, outcome: &Outcome) -> Result<Amounts, LoanError> {
        let carried = outcome.on_books()?;
        Ok(match self.rules.method() {
            AccountingMethod::Cash => Amounts::of(Element::Principal, carried.principal),
            _ => carried,
        })
    }

    /// Credits what was paid: assets where they are carried, and income from recovery for what
    /// was charged off before.
    pub(crate) fn credit_paid(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        self.credit(Resource::CreditBalance, outcome.credit_balance)?;
        self.credit(Resource::RecoveryIncome, outcome.off_books.total()?)?;
        self.credit_elements(&outcome.on_books()?)
    }

    /// Principal that was paid out. Fees kept back lower the payout, fees added raise what is lent:
    /// either way the payout is what is lent less the fees. Fees that are earned over time wait.
    pub(crate) fn lent(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        let applied = &outcome.applied;
        self.debit(Resource::PortfolioControl, applied.principal)?;
        self.credit(Resource::FundSource, sub(applied.principal, applied.fee)?)?;
        self.credit(Resource::FeeIncome, applied.fee)?;
        self.debit(Resource::FeeIncome, outcome.deferred)?;
        self.credit(Resource::DeferredFeeIncome, outcome.deferred)
    }

    /// Money that came in.
    pub(crate) fn received(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        let whole = add(outcome.applied.total()?, outcome.credit_balance)?;
        self.debit(Resource::FundSource, whole)?;
        self.credit_paid(outcome)
    }

    /// What the lender gave out of goodwill.
    pub(crate) fn goodwill(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        let given = add(outcome.applied.principal, outcome.credit_balance)?;
        self.debit(Resource::GoodwillExpense, given)?;
        for element in CHARGES {
            self.debit_forgone(element, outcome.applied.get(element))?;
        }
        self.credit_paid(outcome)
    }

    /// Money that went back to the borrower: from the credit balance, else lent, or income that is
    /// to be paid again.
    pub(crate) fn paid_back(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        self.credit_elements(&Amounts::ZERO.minus(&outcome.on_books()?)?)?;
        self.debit(Resource::ChargeOffExpense, outcome.off_books.principal)?;
        for element in CHARGES {
            self.debit_forgone(element, outcome.off_books.get(element))?;
        }
        self.credit(Resource::CreditBalance, outcome.credit_balance)?;
        let taken = sub(outcome.applied.total()?, outcome.credit_balance)?;
        self.credit(Resource::FundSource, taken)
    }

    /// Charges that were forgiven: no longer income where they were.
    pub(crate) fn waived(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        if self.rules.method() != AccountingMethod::Accrual {
            return Ok(());
        }
        // Principal that moves with it is owed as before.
        let mut given_up = outcome.on_books()?;
        given_up.principal = Decimal::ZERO;
        for element in CHARGES {
            self.debit(income(element), given_up.get(element))?;
        }
        self.credit_elements(&given_up)
    }

    /// What was written off.
    pub(crate) fn written_off(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        let given_up = self.assets(outcome)?;
        self.debit(Resource::WriteOffExpense, given_up.total()?)?;
        self.credit_elements(&given_up)
    }

    /// Money for what was written off.
    pub(crate) fn recovered(&mut self, outcome: &Outcome) -> Result<(), LoanError> {
        let recovered = outcome.off_books.total()?;
        self.debit(Resource::FundSource, recovered)?;
        self.credit(Resource::RecoveryIncome, recovered)
    }

    /// Income earned since it was recognised last, `(gross, tax contained)` each. Tax is found in
    /// sum, so that no cent is lost between days.
    pub(crate) fn earned(
        &mut self,
        now: (&Amounts, &Amounts),
        before: (&Amounts, &Amounts),
    ) -> Result<(), LoanError> {
        for element in CHARGES {
            let (earned, owed) = (now.0.get(element), now.1.get(element));
            let (booked, told) = (before.0.get(element), before.1.get(element));
            if (earned, owed) == (booked, told) {
                continue;
            }
            let new = sub(earned, booked)?;
            self.debit(carried(element, self.rules.method()), new)?;
            let tax = sub(owed, told)?;
            self.credit(Resource::TaxesPayable, tax)?;
            self.credit(income(element), sub(new, tax)?)?;
        }
        Ok(())
    }
}
