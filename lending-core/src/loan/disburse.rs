//! Paying out: the schedule comes into being, contract fees are taken, tranches join.

use rust_decimal::Decimal;

use super::{
    Amounts, Element, FeeTrigger, Instalment, LevelBasis, LoanAccount, LoanError, Outcome, Status,
    TransactionId,
    amounts::{add, mul, sub},
    instalment::PrincipalRule,
};
use crate::schedule::{
    Amortization, AnnuityFormula, InterestMethod, Schedule, ScheduleTerms, generate,
};

impl LoanAccount {
    pub(crate) fn disburse(
        &mut self,
        id: TransactionId,
        amount: Decimal,
    ) -> Result<Outcome, LoanError> {
        self.require_on_books("disbursement")?;
        let capitalised = self.fees_at(FeeTrigger::CapitalisedAtDisbursement, amount)?;
        let deducted = self.fees_at(FeeTrigger::DeductedFromDisbursement, amount)?;
        let lent = add(amount, capitalised)?;
        if deducted >= amount {
            return Err(LoanError::AboveLimit {
                field: "fees deducted from the disbursement",
                given: deducted,
                allowed: amount,
            });
        }
        self.lent = add(self.lent, lent)?;
        self.terminated_on = None;
        if self.disbursed_on.is_none() {
            self.start(lent)?;
        } else {
            self.add_tranche(lent)?;
        }
        self.disbursed = add(self.disbursed, amount)?;
        let applied = Amounts {
            principal: lent,
            fee: add(capitalised, deducted)?,
            ..Amounts::ZERO
        };
        Ok(Outcome {
            applied,
            deferred: self.defer_fees(id, amount)?,
            ..Outcome::default()
        })
    }

    /// Defers the fees of a payout that are earned over the life of the loan; returns how much.
    fn defer_fees(&mut self, id: TransactionId, base: Decimal) -> Result<Decimal, LoanError> {
        let terms = self.terms.clone();
        let mut deferred = Decimal::ZERO;
        for fee in &terms.fees {
            let Some(rule) = fee.amortisation else {
                continue;
            };
            let net = self.taxed().fee_income(fee, base)?;
            if net > Decimal::ZERO {
                self.defer_fee(id, rule, net)?;
                deferred = add(deferred, net)?;
            }
        }
        Ok(deferred)
    }

    /// The first payout: the schedule of the contract from today.
    fn start(&mut self, lent: Decimal) -> Result<(), LoanError> {
        let schedule = self.first_schedule(lent)?;
        *self.instalments = self.rows(&schedule)?;
        self.level = self.level_of(&schedule)?;
        self.percent = self.terms.schedule.interest.rate.percent;
        self.principal = lent;
        self.disbursed_on = Some(self.as_of);
        self.status = Status::Active;
        self.add_contract_fees(lent)?;
        self.start_stretch()?;
        self.rest_graced_interest()
    }

    /// Where interest follows the balance, the contract's grace on interest is a rest of the first
    /// instalments.
    fn rest_graced_interest(&mut self) -> Result<(), LoanError> {
        let deferred = self.terms.schedule.grace.interest_deferred;
        if deferred == 0 || !self.on_balance() {
            return Ok(());
        }
        let graced = |row: &&Instalment| (1..=deferred).contains(&row.number.into());
        let mut ends = self.instalments.iter().filter(graced);
        let first = ends.next().map(|row| row.interest_to);
        let last = ends.next_back().map(|row| row.interest_to).or(first);
        if let (Some(first), Some(last)) = (first, last) {
            self.rest_interest(first, last);
            self.forecast()?;
        }
        Ok(())
    }

    /// The schedule of the first payout.
    fn first_schedule(&self, lent: Decimal) -> Result<Schedule, LoanError> {
        let terms = &self.terms;
        let (on, calendar) = (self.as_of, &terms.calendar);
        let made = |schedule: &ScheduleTerms, principal| {
            if !self.on_balance() || schedule.grace.interest_deferred == 0 {
                return generate(schedule, principal, terms.currency, on, calendar);
            }
            // The forecast defers it.
            let mut schedule = schedule.clone();
            schedule.grace.interest_deferred = 0;
            generate(&schedule, principal, terms.currency, on, calendar)
        };
        if terms.level_basis != LevelBasis::Approved || lent >= terms.principal || !self.is_level()
        {
            return Ok(made(&terms.schedule, lent)?);
        }
        let level = self.level_of(&made(&terms.schedule, terms.principal)?)?;
        let mut schedule = terms.schedule.clone();
        if let Amortization::EqualInstalments { amount, .. } = &mut schedule.amortization {
            *amount = Some(level);
        }
        Ok(made(&schedule, lent)?)
    }

    /// Brings a tranche into the instalments still to come.
    fn level_tranche(&mut self, unscheduled: Decimal) -> Result<(), LoanError> {
        if self.terms.level_basis != LevelBasis::Approved || !self.is_level() {
            return self.relevel(unscheduled);
        }
        if let Some(mut remaining) = self.remaining(unscheduled)? {
            self.forecast_rows(&mut remaining, &[])?;
        }
        Ok(())
    }

    /// A later payout: what is still to be repaid is spread anew over the instalments not due yet.
    /// When there is none (after maturity or termination) one is opened, at the contract's
    /// interval after the last.
    fn add_tranche(&mut self, lent: Decimal) -> Result<(), LoanError> {
        let down = self.insert_down_payment(lent)?;
        self.add_principal_beside(lent, down)
    }

    /// Principal joins the instalments not due yet.
    pub(crate) fn add_principal(&mut self, lent: Decimal) -> Result<(), LoanError> {
        self.add_principal_beside(lent, Decimal::ZERO)
    }

    /// As [`Self::add_principal`], with a part that an instalment carries already.
    fn add_principal_beside(&mut self, lent: Decimal, down: Decimal) -> Result<(), LoanError> {
        self.principal = add(self.principal, lent)?;
        self.status = Status::Active;
        if self.remaining(Decimal::ZERO)?.is_none() {
            self.open_period()?;
        }
        if self.on_balance() {
            self.restretch_lent(lent)?;
            return self.level_tranche(Decimal::ZERO);
        }
        if self.terms.level_basis == LevelBasis::LentFromStart && self.percent.is_zero() {
            self.spread_over_all(sub(lent, down)?)?;
        } else {
            self.level_tranche(sub(lent, down)?)?;
        }
        self.restretch()
    }

    fn rows(&self, schedule: &Schedule) -> Result<alloc::vec::Vec<Instalment>, LoanError> {
        let terms = &self.terms.schedule;
        let level = self.is_level();
        (1_u16..)
            .zip(&schedule.instalments)
            .map(|(number, row)| {
                let due = Amounts {
                    principal: row.principal,
                    interest: self.with_tax(Element::Interest, row.interest)?,
                    fee: self.with_tax(Element::Fee, row.fee)?,
                    penalty: Decimal::ZERO,
                };
                let graced = row.number <= terms.grace.principal;
                let principal_rule = if level && row.number > 0 && !graced {
                    PrincipalRule::Level
                } else {
                    PrincipalRule::Planned
                };
                Ok(Instalment {
                    number,
                    from: row.from,
                    interest_to: row.nominal_due,
                    due_on: row.due,
                    due,
                    paid: Amounts::ZERO,
                    forgiven: Amounts::ZERO,
                    paid_in_advance: Decimal::ZERO,
                    paid_late: Decimal::ZERO,
                    settled_on: None,
                    covered_on: None,
                    late_fee_charged: false,
                    planned: row.principal,
                    principal_rule,
                })
            })
            .collect()
    }

    /// The part of a tranche that is to be paid back on its day, as an instalment of its own.
    fn insert_down_payment(&mut self, lent: Decimal) -> Result<Decimal, LoanError> {
        let Some(percent) = self.terms.schedule.down_payment_percent else {
            return Ok(Decimal::ZERO);
        };
        let down = self.round_level(mul(mul(lent, percent)?, Decimal::new(1, 2))?);
        let before = self.terms.level_basis == LevelBasis::LentFromStart;
        self.insert_due(down, before);
        Ok(down)
    }

    /// Whether instalments are level: principal is what interest leaves of them.
    pub(crate) fn is_level(&self) -> bool {
        matches!(
            self.terms.schedule.amortization,
            Amortization::EqualInstalments { formula, .. }
                if !self.is_flat() || formula == AnnuityFormula::Factor
        ) && match self.terms.schedule.interest.method {
            InterestMethod::Declining => true,
            // Without interest there is nothing to level.
            InterestMethod::Flat => !self.percent.is_zero(),
            InterestMethod::Free => false,
        }
    }

    /// What flat interest is on: what was lent, without the part that is paid back at once.
    pub(crate) fn flat_base(&self) -> Result<Decimal, LoanError> {
        let Some(percent) = self.terms.schedule.down_payment_percent else {
            return Ok(self.lent);
        };
        let down = mul(mul(self.lent, percent)?, Decimal::new(1, 2))?;
        sub(self.lent, self.round_level(down))
    }

    /// Whether interest is on what was lent, whatever was repaid.
    pub(crate) fn is_flat(&self) -> bool {
        matches!(self.terms.schedule.interest.method, InterestMethod::Flat)
    }

    fn level_of(&self, schedule: &Schedule) -> Result<Decimal, LoanError> {
        if !self.is_level() {
            return Ok(Decimal::ZERO);
        }
        let grace = self.terms.schedule.grace.principal;
        let mut rows = schedule.instalments.iter();
        let last = rows.next_back();
        // An instalment whose interest alone is more than the level repays nothing and is no
        // measure of it; nor is the last one, which takes the difference.
        let rows = || rows.clone().filter(|row| row.number > grace);
        let level = rows().find(|row| row.principal > Decimal::ZERO);
        level
            .or(rows().next())
            .or(last)
            .map_or(Ok(Decimal::ZERO), |row| add(row.principal, row.interest))
    }

    fn add_contract_fees(&mut self, lent: Decimal) -> Result<(), LoanError> {
        let first = self.fees_at(FeeTrigger::FirstInstalment, lent)?;
        let every = self.fees_at(FeeTrigger::EveryInstalment, lent)?;
        for (at, row) in self.instalments.iter_mut().enumerate() {
            row.due.add_to(Element::Fee, every)?;
            if at == 0 {
                row.due.add_to(Element::Fee, first)?;
            }
        }
        Ok(())
    }

    /// The sum of the contract fees of one trigger.
    fn fees_at(&self, trigger: FeeTrigger, base: Decimal) -> Result<Decimal, LoanError> {
        let (fees, taxed) = (self.terms.fees.iter(), self.taxed());
        fees.filter(|fee| fee.trigger == trigger)
            .map(|fee| taxed.fee_on(fee, base))
            .try_fold(Decimal::ZERO, |sum, fee| add(sum, fee?))
    }

    /// What the contract still allows to pay out.
    pub(crate) fn undisbursed(&self) -> Result<Decimal, LoanError> {
        sub(
            sub(self.terms.principal, self.disbursed)?,
            self.capitalised_income()?,
        )
    }

    /// The account as approved, before any payout.
    pub(crate) fn approved(
        id: crate::ids::AccountId,
        terms: crate::shared::Shared<super::LoanTerms>,
        on: chrono::NaiveDate,
    ) -> Self {
        Self {
            id,
            percent: terms.schedule.interest.rate.percent,
            terms,
            status: Status::Approved,
            opened_on: on,
            as_of: on,
            closed_through: None,
            instalments: crate::shared::Shared::default(),
            level: Decimal::ZERO,
            disbursed: Decimal::ZERO,
            lent: Decimal::ZERO,
            disbursed_on: None,
            principal: Decimal::ZERO,
            credit_lots: alloc::vec::Vec::new(),
            prepaid: Decimal::ZERO,
            stretches: alloc::vec::Vec::new(),
            ended: alloc::vec::Vec::new(),
            planned_rates: alloc::vec::Vec::new(),
            interest_rests: alloc::vec::Vec::new(),
            owed_again: alloc::vec::Vec::new(),
            charged_back: None,
            pauses: alloc::vec::Vec::new(),
            charges: alloc::vec::Vec::new(),
            recognised: Amounts::ZERO,
            deferred: alloc::vec::Vec::new(),
            amortised: super::deferred::Amortised::default(),
            paid: Amounts::ZERO,
            penalty_accrued: Decimal::ZERO,
            penalty_charged: Decimal::ZERO,
            arrears: super::Arrears::default(),
            delinquency: super::delinquency::DelinquencyState::default(),
            charged_off: None,
            applied_early: Decimal::ZERO,
            interest_residue: Decimal::ZERO,
            late_moved: Decimal::ZERO,
            late_carried: Decimal::ZERO,
            rested: Decimal::ZERO,
            moved_interest: alloc::vec::Vec::new(),
            reviewed_on: None,
            redraw: Decimal::ZERO,
            settled_by: None,
            branch: None,
            officer: None,
            home: None,
            successor: None,
            predecessor: None,
            application: super::Application::on(on),
            lock: super::lock::LockState::default(),
            closed_by_hand: None,
            written_off: Amounts::ZERO,
            last: None,
            stale: None,
            sequence: 0,
            tax: None,
            terminated_on: None,
        }
    }
}
