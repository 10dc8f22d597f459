//! Changes of tax rates during the life of an account.
//!
//! A change counts for what is applied from its value date on: interest, and fees of the contract,
//! that fall due on that day or later; fees and penalties charged from it on. What was applied
//! before keeps its tax, and so does what was paid of an instalment to come before its due date.
//! Where a tax comes on top, the amounts to come are made again; where it is contained no amount
//! changes, only the part that is owed to the state.
//!
//! The books follow: income accrued in the running period was booked with the tax of its day, and
//! is corrected on the day of the change. What is paid or waived later of an amount that keeps an
//! earlier tax is split by that one.
//! Source: Mambu's transaction of a tax rate change and the rule of its tax articles, that a new
//! rate applies to interest applied after its start.

use alloc::{boxed::Box, vec::Vec};

use chrono::NaiveDate;
use ledger::posting_rules::AccountingMethod;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, CreditKind, Element, LoanAccount, LoanError, Outcome, OverdueInterestMove,
    TransactionKind,
    amounts::{add, div, mul, sub},
    legs::CHARGES,
    tax::Taxed,
    terms::terms_error,
};
use crate::schedule::{TaxKind, Taxes};

/// The rates of the taxes of an account, in percent; `None` is no tax. Whether they come on top or
/// are contained is a matter of the contract and does not change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRates {
    /// On interest.
    #[serde(default, with = "ledger::money::exact::option")]
    pub interest: Option<Decimal>,
    /// On fees. A fee with a tax of its own keeps that.
    #[serde(default, with = "ledger::money::exact::option")]
    pub fee: Option<Decimal>,
    /// On penalties.
    #[serde(default, with = "ledger::money::exact::option")]
    pub penalty: Option<Decimal>,
}

impl TaxRates {
    /// The taxes of a contract at these rates.
    pub(crate) const fn of(&self, contract: &Taxes) -> Taxes {
        Taxes {
            interest_percent: self.interest,
            fee_percent: self.fee,
            penalty_percent: self.penalty,
            ..*contract
        }
    }

    /// Refuses rates that no tax has.
    pub(crate) fn validate(&self) -> Result<(), LoanError> {
        let rates = Decimal::ZERO..=Decimal::ONE_HUNDRED;
        for given in [self.interest, self.fee, self.penalty]
            .into_iter()
            .flatten()
        {
            if !rates.contains(&given) {
                return Err(terms_error("tax rate", &given, "0 to 100 percent"));
            }
        }
        Ok(())
    }
}

/// Amounts that keep their tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) gross: Amounts,
    pub(crate) tax: Amounts,
}

impl Kept {
    /// Takes up to which gross amounts the tax is kept, the added part at the rates so far.
    pub(crate) fn raise(&mut self, gross: &Amounts, taxed: &Taxed<'_>) -> Result<(), LoanError> {
        for element in CHARGES {
            let more = sub(gross.get(element), self.gross.get(element))?;
            self.tax.add_to(element, taxed.tax_in(element, more)?)?;
        }
        self.gross = *gross;
        Ok(())
    }

    /// The tax contained in amounts of which the first part keeps its tax whole.
    pub(crate) fn tax_in(&self, gross: &Amounts, taxed: &Taxed<'_>) -> Result<Amounts, LoanError> {
        let mut tax = self.tax;
        if !taxed.is_taxed() {
            return Ok(tax);
        }
        for element in CHARGES {
            let more = sub(gross.get(element), self.gross.get(element))?;
            tax.add_to(element, taxed.tax_in(element, more)?)?;
        }
        Ok(tax)
    }

    /// Of what lies between two marks: how much keeps its tax, and that tax.
    pub(crate) fn between(
        &self,
        (before, after): (&Amounts, &Amounts),
        taxed: &Taxed<'_>,
    ) -> Result<Self, LoanError> {
        let mut part = Self::default();
        for element in CHARGES {
            let whole = self.gross.get(element);
            let (from, to) = (before.get(element), after.get(element));
            let within = |mark: Decimal| mark.min(whole).max(Decimal::ZERO);
            let (from, to) = (within(from), within(to));
            if from == to {
                continue;
            }
            let tax = self.tax.get(element);
            let share = |to| Ok::<_, LoanError>(taxed.rounded(div(mul(tax, to)?, whole)?));
            *part.gross.get_mut(element) = sub(to, from)?;
            *part.tax.get_mut(element) = sub(share(to)?, share(from)?)?;
        }
        Ok(part)
    }
}

/// What a change of tax rates leaves behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TaxState {
    /// The taxes in force.
    pub(crate) taxes: Taxes,
    /// Since when; `None` when no change counts any more and only the books are to follow.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) since: Option<NaiveDate>,
    /// What had been earned by then and keeps its tax, in sum.
    pub(crate) earned: Kept,
    /// The same of each instalment, by its number; of a line of credit: of what was charged between
    /// two changes, the oldest first.
    pub(crate) rows: Vec<(u16, Kept)>,
    /// The tax booked with the income recognised so far.
    pub(crate) recognised: Amounts,
}

impl TaxState {
    /// Before any change: the contract's taxes, and what was booked at them.
    pub(crate) fn of_contract(taxed: &Taxed<'_>, recognised: &Amounts) -> Result<Self, LoanError> {
        Ok(Self {
            taxes: *taxed.taxes,
            since: None,
            earned: Kept::default(),
            rows: Vec::new(),
            recognised: Kept::default().tax_in(recognised, taxed)?,
        })
    }

    /// What is left of it before the first fact is folded: the books.
    pub(crate) fn told(&self, contract: &Taxes) -> Self {
        Self {
            taxes: *contract,
            since: None,
            earned: Kept::default(),
            rows: Vec::new(),
            recognised: self.recognised,
        }
    }

    pub(crate) fn row(&self, number: u16) -> Option<&Kept> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.0 == number).map(|row| &row.1)
    }

    /// The taxes in force: the contract's where no change has left anything.
    pub(crate) fn taxed<'a>(state: Option<&'a Self>, contract: Taxed<'a>) -> Taxed<'a> {
        match state {
            Some(state) => contract.at(&state.taxes),
            None => contract,
        }
    }

    /// The tax contained in all that was earned, and the tax that the books hold with the income
    /// recognised so far.
    pub(crate) fn of_income(
        state: Option<&Self>,
        (earned, recognised): (&Amounts, &Amounts),
        contract: Taxed<'_>,
    ) -> Result<(Amounts, Amounts), LoanError> {
        let none = Kept::default();
        let Some(state) = state else {
            let tax = |income| none.tax_in(income, &contract);
            return Ok((tax(earned)?, tax(recognised)?));
        };
        let earned = state.earned.tax_in(earned, &contract.at(&state.taxes))?;
        Ok((earned, state.recognised))
    }

    /// Takes up that the books follow; forgets a change that was reversed.
    pub(crate) fn tell(state: &mut Option<Box<Self>>, booked: Amounts) {
        if let Some(state) = state {
            state.recognised = booked;
        }
        *state = state.take().filter(|state| state.since.is_some());
    }
}

/// What was paid and forgiven of each instalment that keeps a tax.
pub(crate) type Marks = Vec<(u16, Amounts)>;

impl LoanAccount {
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

    /// The tax contained in what is due of an instalment, element by element; zero for a number
    /// that no instalment has.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn instalment_tax(&self, number: u16) -> Result<Amounts, LoanError> {
        let Some(row) = self.instalments.iter().find(|row| row.number == number) else {
            return Ok(Amounts::ZERO);
        };
        let (none, taxed) = (Kept::default(), self.taxed());
        let kept = self.tax.as_ref().and_then(|state| state.row(number));
        kept.unwrap_or(&none).tax_in(&row.due, &taxed)
    }

    /// New rates from today on.
    pub(crate) fn change_taxes(&mut self, rates: &TaxRates) -> Result<Outcome, LoanError> {
        let contract = self.terms.schedule.taxes;
        let taxes = rates.of(&contract);
        if self.terms.taxed().at(&taxes).on_top() {
            self.terms.require_no_locks()?;
        }
        let mut state = match self.tax.take() {
            Some(state) => state,
            None => Box::new(TaxState::of_contract(
                &self.terms.taxed(),
                &self.recognised,
            )?),
        };
        let before = state.taxes;
        let (old, new) = (
            self.terms.taxed().at(&before),
            self.terms.taxed().at(&taxes),
        );
        let (rows, mut earned) = self.keep_taxes(&state, &old)?;
        if let Some(charged_off) = &self.charged_off {
            earned = charged_off.earned;
        }
        state.earned.raise(&earned, &old)?;
        state.rows = rows;
        state.taxes = taxes;
        state.since = Some(self.as_of);
        let retaxed = self.retaxed(&state, (&old, &new))?;
        let today = self.as_of;
        for (at, due) in retaxed {
            if let Some(row) = self.instalments.get_mut(at) {
                row.due = due;
                if row.settled_on.is_none() {
                    row.settle_if_covered(today);
                }
            }
        }
        self.tax = Some(state);
        Ok(Outcome::default())
    }

    /// What keeps its tax today, instalment by instalment and in sum: all of what is past due; of
    /// the others what was settled or has been earned apart from its instalment.
    fn keep_taxes(
        &self,
        state: &TaxState,
        taxed: &Taxed<'_>,
    ) -> Result<(Vec<(u16, Kept)>, Amounts), LoanError> {
        let (mut kept, mut sum) = (Vec::new(), Amounts::ZERO);
        for (at, row) in self.instalments.iter().enumerate() {
            let mut gross = Amounts {
                principal: Decimal::ZERO,
                ..row.due
            };
            if row.due_on >= self.as_of {
                gross = row.settled()?;
                gross.principal = Decimal::ZERO;
                let moved = self.moved_here(at, row)?;
                gross.interest = gross.interest.max(moved);
                for element in [Element::Fee, Element::Penalty] {
                    let charged = self.charged_already(row, element)?;
                    *gross.get_mut(element) = gross.get(element).max(charged);
                }
            }
            sum = sum.plus(&gross)?;
            let mut row_kept = state.row(row.number).copied().unwrap_or_default();
            row_kept.raise(&gross, taxed)?;
            if !row_kept.gross.is_zero() {
                kept.push((row.number, row_kept));
            }
        }
        Ok((kept, sum))
    }

    /// What is due of the instalments to come at the new rates, where that is something else.
    fn retaxed(
        &mut self,
        state: &TaxState,
        (old, new): (&Taxed<'_>, &Taxed<'_>),
    ) -> Result<Vec<(usize, Amounts)>, LoanError> {
        let mut lines = core::mem::take(&mut self.charges);
        let mut made = Vec::new();
        for (at, row) in self.instalments.iter().enumerate() {
            if row.due_on < self.as_of {
                continue;
            }
            let (mut due, none) = (row.due, Kept::default());
            let kept = state.row(row.number).unwrap_or(&none);
            for element in CHARGES {
                let keeps = kept.gross.get(element);
                let mut open = sub(due.get(element), keeps)?;
                if open <= Decimal::ZERO {
                    continue;
                }
                let mut whole = keeps;
                let mine = lines.iter_mut().filter(|line| {
                    line.instalment == row.number && line.element == element && line.earned_when_due
                });
                for line in mine.filter(|line| line.waived.is_zero()) {
                    if line.amount > open {
                        continue;
                    }
                    open = sub(open, line.amount)?;
                    line.amount = new.retaxed(element, line.amount, old)?;
                    whole = add(whole, line.amount)?;
                }
                *due.get_mut(element) = add(whole, new.retaxed(element, open, old)?)?;
            }
            if due != row.due {
                made.push((at, due));
            }
        }
        self.charges = lines;
        Ok(made)
    }

    /// Where the instalments that keep a tax stand.
    pub(crate) fn tax_marks(&self) -> Result<Marks, LoanError> {
        let Some(state) = &self.tax else {
            return Ok(Marks::new());
        };
        let mut marks = Marks::with_capacity(state.rows.len());
        for row in self.instalments.iter() {
            if state.row(row.number).is_some() {
                marks.push((row.number, row.settled()?));
            }
        }
        Ok(marks)
    }

    /// The tax contained in charges that were settled since the marks were taken.
    pub(crate) fn tax_settled(
        &self,
        amounts: &Amounts,
        marks: &Marks,
    ) -> Result<Amounts, LoanError> {
        let taxed = self.taxed();
        let mut part = Kept::default();
        if let Some(state) = &self.tax {
            for row in self.instalments.iter() {
                let before = marks.iter().find(|mark| mark.0 == row.number);
                let (Some((_, before)), Some(kept)) = (before, state.row(row.number)) else {
                    continue;
                };
                let more = kept.between((before, &row.settled()?), &taxed)?;
                part.gross = part.gross.plus(&more.gross)?;
                part.tax = part.tax.plus(&more.tax)?;
            }
        }
        part.tax_in(amounts, &taxed)
    }

    /// The tax that a transaction makes owed to the state, less what it takes back.
    pub(crate) fn tax_of(
        &self,
        kind: &TransactionKind,
        outcome: &Outcome,
        marks: &Marks,
    ) -> Result<Option<Box<Amounts>>, LoanError> {
        use TransactionKind as T;
        let rules = &self.terms.accounting;
        let mut tax = Amounts::ZERO;
        match kind {
            _ if rules.method() == AccountingMethod::None || !self.is_taxed() => return Ok(None),
            T::Disbursement { amount } => {
                let taxed = self.taxed();
                tax.fee = self
                    .terms
                    .tax_at_payout(&taxed, *amount, outcome.applied.fee)?;
            }
            T::Waiver { .. }
            | T::InterestWaiver { .. }
            | T::ReAmortise {
                interest: OverdueInterestMove::Waived,
            } if rules.method() == AccountingMethod::Accrual => {
                let forgiven = self.tax_settled(&outcome.on_books()?, marks)?;
                tax = Amounts::ZERO.minus(&forgiven)?;
            }
            T::Credit { kind, .. } => {
                tax = self.tax_received(&outcome.on_books()?, marks)?;
                let given = match kind {
                    CreditKind::ChargeAdjustment => Element::Fee,
                    CreditKind::InterestPaymentWaiver | CreditKind::InterestRefund => {
                        Element::Interest
                    }
                    _ => return Ok(some(tax)),
                };
                let whole = add(outcome.applied.total()?, outcome.credit_balance)?;
                let back = self.taxed().tax_in(given, whole)?;
                *tax.get_mut(given) = sub(tax.get(given), back)?;
            }
            T::CapitalisedIncomeAdjustment { .. } => {
                tax = self.tax_received(&outcome.on_books()?, marks)?;
            }
            _ => {}
        }
        Ok(some(tax))
    }

    /// The tax owed because charges were paid: on the cash basis only.
    pub(crate) fn tax_received(&self, paid: &Amounts, marks: &Marks) -> Result<Amounts, LoanError> {
        if self.terms.accounting.method() == AccountingMethod::Accrual || !self.is_taxed() {
            return Ok(Amounts::ZERO);
        }
        self.tax_settled(paid, marks)
    }

    /// Whether interest of today contains a tax.
    pub(crate) fn taxes_interest(&self) -> bool {
        self.taxed().percent(Element::Interest).is_some()
    }

    /// Whether there is, or was, any tax.
    fn is_taxed(&self) -> bool {
        self.tax.is_some()
            || self.terms.taxed().is_taxed()
            || self.terms.fees.iter().any(|fee| fee.tax.is_some())
    }
}

impl Taxed<'_> {
    /// A gross amount at other rates.
    pub(crate) fn retaxed(
        &self,
        element: Element,
        gross: Decimal,
        old: &Taxed<'_>,
    ) -> Result<Decimal, LoanError> {
        if self.kind(element) == TaxKind::Inclusive {
            return Ok(gross);
        }
        let net = sub(gross, old.tax_in(element, gross)?)?;
        self.with_tax(element, net)
    }
}

/// Amounts, unless there are none.
pub(crate) fn some(amounts: Amounts) -> Option<Box<Amounts>> {
    Some(amounts)
        .filter(|amounts| !amounts.is_zero())
        .map(Box::new)
}
