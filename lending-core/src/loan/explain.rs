//! Where an amount comes from: the derivation of it.
//!
//! Asked for when somebody wants to know; the history is walked again then, and nothing is kept
//! for it meanwhile.

use alloc::{format, string::String, vec::Vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Element, LoanAccount, LoanError, PenaltyBase, Transaction, TransactionId,
    account::Stretch,
    amounts::{add, mul, sub},
    explanation::{ExplainedShare, ExplainedStretch, ExplainedTax, Explanation, Question},
    fold::Touched,
    legs::CHARGES,
    tax::Taxed,
    tax_change::Kept,
};

impl LoanAccount {
    /// Derives an amount. The history is that of [`Context::history`](super::Context::history).
    ///
    /// # Errors
    /// [`LoanError::Terms`] for an instalment or a penalty that does not exist,
    /// [`LoanError::UnknownTransaction`].
    pub fn explain(
        &self,
        question: Question,
        history: &[Transaction],
    ) -> Result<Explanation, LoanError> {
        match question {
            Question::InstalmentInterest(number) => self.explain_interest(Some(number), history),
            Question::AccruedInterest => self.explain_interest(None, history),
            Question::Allocation(id) => self.explain_allocation(id, history),
            Question::ArrearsDays => self.explain_arrears(),
            Question::Penalty => self.explain_penalty(history),
            Question::InstalmentTax(number) => self.explain_tax(number, history),
        }
    }

    /// Lives the life again, day by day up to `until`; the visitor sees the end of every day.
    fn walk(
        &self,
        history: &[Transaction],
        until: NaiveDate,
        mut visit: impl FnMut(&Self) -> Result<(), LoanError>,
    ) -> Result<Self, LoanError> {
        let mut account = self.before_disbursement();
        let mut touched = Touched::default();
        let mut facts = history
            .iter()
            .filter(|t| t.reversed_on.is_none())
            .peekable();
        for date in self.opened_on.iter_days().take_while(|date| *date <= until) {
            account.advance(date, &mut touched)?;
            while let Some(fact) = facts.next_if(|fact| fact.value_date <= date) {
                account.apply(fact, &mut touched)?;
            }
            visit(&account)?;
        }
        Ok(account)
    }

    fn explain_interest(
        &self,
        number: Option<u16>,
        history: &[Transaction],
    ) -> Result<Explanation, LoanError> {
        let today = self.as_of;
        let wanted = |row: &&super::Instalment| match number {
            Some(number) => row.number == number,
            None => row.has_period() && row.from <= today && row.interest_to > today,
        };
        let Some(row) = self.instalments.iter().find(wanted) else {
            let given = number.map_or_else(|| "none".into(), |number| format!("{number}"));
            let allowed = "an instalment of the schedule, a period that runs";
            return Err(super::terms::terms_error("instalment", &given, allowed));
        };
        // The stretches of a period are known on its last day, before it ends.
        let last = row.interest_to.pred_opt().unwrap_or(today).min(today);
        let then = self.walk(history, last, |_| Ok(()))?;
        let to = row.interest_to.min(today);
        let (charging, mut stretches) = (then.charging()?, Vec::new());
        let mut unrounded = sub(Decimal::ZERO, then.applied_early)?;
        for (at, stretch) in then.stretches.iter().enumerate() {
            let next = at.checked_add(1).and_then(|at| then.stretches.get(at));
            let end = next.map_or(to, |next| next.from).min(to);
            if stretch.from >= end {
                continue;
            }
            let alone: [Stretch; 1] = [*stretch];
            let amount =
                then.interest_where(&charging, row.span(), &alone, (end, stretch.locked))?;
            if !stretch.locked {
                unrounded = add(unrounded, amount)?;
            }
            stretches.push(ExplainedStretch {
                from: stretch.from,
                to: end,
                base: stretch.base,
                percent: stretch.percent,
                amount,
                locked: stretch.locked,
            });
        }
        let rounded = self.round(unrounded);
        let due = if number.is_some() {
            row.due.interest
        } else {
            rounded
        };
        let what = format!("interest of instalment {}", row.number);
        Ok(self.sum((what, stretches), then.applied_early, unrounded, due))
    }

    fn sum(
        &self,
        (what, stretches): (String, Vec<ExplainedStretch>),
        applied_early: Decimal,
        unrounded: Decimal,
        due: Decimal,
    ) -> Explanation {
        Explanation::Sum {
            what,
            stretches,
            applied_early,
            unrounded,
            rounding: self.rounding(),
            decimals: self.terms.currency.minor_units().into(),
            rounded: self.round(unrounded),
            due,
        }
    }

    fn explain_allocation(
        &self,
        id: TransactionId,
        history: &[Transaction],
    ) -> Result<Explanation, LoanError> {
        let unknown = LoanError::UnknownTransaction { given: id };
        let at = history
            .iter()
            .position(|t| t.id == id && t.reversed_on.is_none());
        let Some((before, fact)) = at.and_then(|at| Some((history.get(..at)?, history.get(at)?)))
        else {
            return Err(unknown);
        };
        let mut touched = Touched::default();
        let mut account = self.before_disbursement();
        for earlier in before.iter().filter(|t| t.reversed_on.is_none()) {
            account.apply(earlier, &mut touched)?;
        }
        account.advance(fact.value_date, &mut touched)?;
        let rows = account.instalments.clone();
        account.apply(fact, &mut touched)?;
        let mut shares = Vec::new();
        for after in account.instalments.iter() {
            let same =
                |row: &&super::Instalment| row.from == after.from && row.due_on == after.due_on;
            let settled = match rows.iter().find(same) {
                Some(row) => after.settled()?.minus(&row.settled()?)?,
                None => after.settled()?,
            };
            if !settled.is_zero() {
                shares.push(ExplainedShare {
                    instalment: after.number,
                    due_on: after.due_on,
                    amounts: settled,
                });
            }
        }
        Ok(Explanation::Allocation {
            transaction: id,
            value_date: fact.value_date,
            shares,
            applied: fact.outcome.applied,
            credit_balance: fact.outcome.credit_balance,
        })
    }

    fn explain_arrears(&self) -> Result<Explanation, LoanError> {
        let terms = &self.terms.arrears;
        let percent = mul(
            mul(self.principal, terms.tolerance_percent)?,
            Decimal::new(1, 2),
        )?;
        Ok(Explanation::Arrears {
            oldest_unpaid: self.arrears.oldest_unpaid,
            as_of: self.as_of,
            days_past_due: self.arrears.days_past_due,
            days_late: self.arrears.days_late,
            tolerated_days: terms.tolerance_days,
            overdue: self.arrears.overdue.total()?,
            tolerated: percent.max(terms.tolerance_floor),
            since: self.arrears.since,
        })
    }

    fn explain_tax(&self, number: u16, history: &[Transaction]) -> Result<Explanation, LoanError> {
        let Some(row) = self.instalments.iter().find(|row| row.number == number) else {
            let allowed = "an instalment of the schedule";
            return Err(super::terms::terms_error("instalment", &number, allowed));
        };
        let mut account = self.before_disbursement();
        let (mut touched, mut parts) = (Touched::default(), Vec::new());
        let mut before = Kept::default();
        for fact in history.iter().filter(|t| t.reversed_on.is_none()) {
            let taxes = *account.taxes();
            account.apply(fact, &mut touched)?;
            if !matches!(fact.kind, super::TransactionKind::TaxRateChange(_)) {
                continue;
            }
            let same =
                |then: &&super::Instalment| then.from == row.from && then.due_on == row.due_on;
            let then = account.instalments.iter().find(same);
            let state = account.tax.as_ref();
            let kept = then
                .zip(state)
                .and_then(|(row, state)| state.row(row.number));
            let kept = kept.copied().unwrap_or(before);
            explained(&mut parts, (&before, &kept), &self.terms.taxed().at(&taxes))?;
            before = kept;
        }
        let whole = Kept {
            gross: row.due,
            tax: self.instalment_tax(number)?,
        };
        explained(&mut parts, (&before, &whole), &self.taxed())?;
        let instalment = number;
        Ok(Explanation::Tax { instalment, parts })
    }

    fn explain_penalty(&self, history: &[Transaction]) -> Result<Explanation, LoanError> {
        let Some(terms) = &self.terms.penalty else {
            let allowed = "a contract with a penalty";
            return Err(super::terms::terms_error("penalty", &"none", allowed));
        };
        let mut stretches: Vec<ExplainedStretch> = Vec::new();
        let percent = terms.daily_percent;
        self.walk(history, self.as_of, |account| {
            if account.arrears.oldest_unpaid.is_none() {
                stretches.clear();
                return Ok(());
            }
            let (from, base) = (account.as_of, account.penalty_base(terms.base)?);
            match stretches.last_mut() {
                Some(last) if last.base == base => {}
                Some(last) if last.from == from => last.base = base,
                last => {
                    if let Some(last) = last {
                        last.to = from;
                    }
                    let (to, amount, locked) = (from, Decimal::ZERO, false);
                    stretches.push(ExplainedStretch {
                        from,
                        to,
                        base,
                        percent,
                        amount,
                        locked,
                    });
                }
            }
            Ok(())
        })?;
        if let Some(last) = stretches.last_mut() {
            last.to = self.as_of;
        }
        stretches.retain(|stretch| stretch.from < stretch.to);
        let mut unrounded = Decimal::ZERO;
        for stretch in &mut stretches {
            let days = Decimal::from(stretch.to.signed_duration_since(stretch.from).num_days());
            let whole = mul(mul(stretch.base, percent)?, days)?;
            stretch.amount = mul(whole, Decimal::new(1, 2))?;
            unrounded = add(unrounded, stretch.amount)?;
        }
        let what = "penalty of this spell of late payment".into();
        Ok(self.sum(
            (what, stretches),
            Decimal::ZERO,
            unrounded,
            self.penalty_charged,
        ))
    }

    /// What a penalty is counted on today.
    pub(crate) fn penalty_base(&self, base: PenaltyBase) -> Result<Decimal, LoanError> {
        let overdue = &self.arrears.overdue;
        Ok(match base {
            PenaltyBase::OverduePrincipal => overdue.principal,
            PenaltyBase::OverduePrincipalAndInterest => add(
                overdue.get(Element::Principal),
                overdue.get(Element::Interest),
            )?,
            PenaltyBase::OutstandingPrincipal => self.principal,
        })
    }
}

/// Adds what lies between two stages, applied at one rate.
fn explained(
    parts: &mut Vec<ExplainedTax>,
    (before, after): (&Kept, &Kept),
    taxed: &Taxed<'_>,
) -> Result<(), LoanError> {
    for element in CHARGES {
        let gross = sub(after.gross.get(element), before.gross.get(element))?;
        let tax = sub(after.tax.get(element), before.tax.get(element))?;
        let percent = taxed.percent(element);
        if let Some(percent) = percent.filter(|_| !gross.is_zero()) {
            parts.push(ExplainedTax {
                element,
                gross,
                percent,
                tax,
            });
        }
    }
    Ok(())
}
