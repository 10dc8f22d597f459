//! Changes of tax rates on a line of credit.
//!
//! The rules are those of loans: what was charged before a change keeps its tax, what is charged
//! from its value date on bears the new one. Interest of the running cycle is charged with its
//! statement, so all of it bears the rate of that day. Money pays what was charged first.

use alloc::boxed::Box;

use chrono::NaiveDate;
use ledger::posting_rules::AccountingMethod;
use rust_decimal::Decimal;

use super::{CreditLine, RevolvingError, TransactionKind};
use crate::{
    loan::{
        Amounts, Element, LoanError, Outcome, TaxRates,
        amounts::sub,
        tax::Taxed,
        tax_change::{Kept, TaxState, some},
    },
    schedule::Taxes,
};

impl CreditLine {
    /// The taxes in force at [`Self::as_of`]: those of the contract, or of the last change.
    #[must_use]
    pub fn taxes(&self) -> &Taxes {
        self.taxed().taxes
    }

    /// Since when the taxes are no longer those of the contract.
    #[must_use]
    pub fn taxes_changed_on(&self) -> Option<NaiveDate> {
        self.tax.as_ref().and_then(|state| state.since)
    }

    pub(crate) fn taxed(&self) -> Taxed<'_> {
        TaxState::taxed(self.tax.as_deref(), self.terms.taxed())
    }

    /// Whether interest of today contains a tax.
    pub(crate) fn taxes_interest(&self) -> bool {
        self.taxed().percent(Element::Interest).is_some()
    }

    pub(crate) fn with_tax(&self, element: Element, net: Decimal) -> Result<Decimal, LoanError> {
        self.taxed().with_tax(element, net)
    }

    /// New rates from today on.
    pub(crate) fn change_taxes(&mut self, rates: &TaxRates) -> Result<(), RevolvingError> {
        let terms = self.terms.clone();
        let (contract, taxes) = (terms.taxed(), rates.of(&terms.taxes));
        let mut state = match self.tax.take() {
            Some(state) => state,
            None => Box::new(TaxState::of_contract(&contract, &self.told.recognised)?),
        };
        let before = state.taxes;
        let (old, new) = (contract.at(&before), contract.at(&taxes));
        // Interest that a grace holds back is charged later, if at all.
        self.held = new.retaxed(Element::Interest, self.held, &old)?;
        self.lost_grace = new.retaxed(Element::Interest, self.lost_grace, &old)?;
        let mut vintage = Kept::default();
        let gross = self.charged.minus(&state.earned.gross)?;
        vintage.raise(&gross, &old)?;
        state.rows.push((0, vintage));
        state.earned.raise(&self.charged, &old)?;
        (state.taxes, state.since) = (taxes, Some(self.as_of));
        self.tax = Some(state);
        Ok(())
    }

    /// What was paid and forgiven so far.
    pub(crate) fn settled(&self) -> Result<Amounts, LoanError> {
        self.paid.plus(&self.forgiven)
    }

    /// The tax contained in charges that were settled since so much had been.
    fn tax_settled(&self, amounts: &Amounts, before: &Amounts) -> Result<Amounts, LoanError> {
        let taxed = self.taxed();
        let (mut part, after) = (Kept::default(), self.settled()?);
        let mut start = Amounts::ZERO;
        for (_, vintage) in self.tax.iter().flat_map(|state| &state.rows) {
            let marks = (before.minus(&start)?, after.minus(&start)?);
            let more = vintage.between((&marks.0, &marks.1), &taxed)?;
            part.gross = part.gross.plus(&more.gross)?;
            part.tax = part.tax.plus(&more.tax)?;
            start = start.plus(&vintage.gross)?;
        }
        part.tax_in(amounts, &taxed)
    }

    /// The tax owed because charges were paid: on the cash basis only.
    pub(crate) fn tax_received(
        &self,
        paid: &Amounts,
        before: &Amounts,
    ) -> Result<Amounts, LoanError> {
        if self.terms.accounting.method() != AccountingMethod::Cash {
            return Ok(Amounts::ZERO);
        }
        self.tax_settled(paid, before)
    }

    /// The tax that a transaction makes owed to the state, less what it takes back.
    pub(crate) fn tax_of(
        &self,
        kind: &TransactionKind,
        outcome: &Outcome,
        before: &Amounts,
    ) -> Result<Option<Box<Amounts>>, LoanError> {
        let method = self.terms.accounting.method();
        let mut tax = Amounts::ZERO;
        match kind {
            _ if method == AccountingMethod::None => return Ok(None),
            TransactionKind::Draw { .. } => {
                tax.fee = self.taxed().tax_in(Element::Fee, outcome.applied.fee)?;
            }
            TransactionKind::Credit { .. } => tax = self.tax_received(&outcome.applied, before)?,
            TransactionKind::Waiver { .. } if method == AccountingMethod::Accrual => {
                let forgiven = self.tax_settled(&outcome.applied, before)?;
                for element in Element::ALL {
                    *tax.get_mut(element) = sub(Decimal::ZERO, forgiven.get(element))?;
                }
            }
            _ => {}
        }
        Ok(some(tax))
    }

    /// The tax owed because credit balances paid charges.
    pub(crate) fn credit_tax(&self) -> Amounts {
        self.from_credit_tax.as_deref().copied().unwrap_or_default()
    }

    /// Of it: booked.
    pub(crate) fn told_credit_tax(&self) -> Amounts {
        let told = self.told.from_credit_tax.as_deref();
        told.copied().unwrap_or_default()
    }
}
