//! Changes a user makes to a schedule that exists: dates, principals, the number of instalments,
//! payment holidays.
//!
//! Every change is checked against what must hold of any schedule (dates increase, principals repay
//! what is owed and nothing more, the last balance is zero) and is refused whole where it would not.

use alloc::{format, string::String, vec::Vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amortization, CustomAmount, Instalment, PaymentHoliday, PeriodDates, Remaining,
    RemainingAmounts, RunningContract, Schedule, ScheduleError, ScheduleTerms, engine::too_large,
    fees::Fees, generate::dated_rows,
};

/// A change of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ScheduleEdit {
    /// Other due dates for some instalments.
    DueDates {
        /// The instalments and their new dates.
        changes: Vec<DueDateChange>,
        /// What becomes of interest.
        interest: InterestAfterEdit,
    },
    /// Other principals for some instalments; together they must repay what the old ones did.
    Principals {
        /// The instalments and their new principals.
        changes: Vec<PrincipalChange>,
        /// What becomes of interest.
        interest: InterestAfterEdit,
    },
    /// Another number of instalments: those that are open are made anew by the contract's
    /// amortization and due dates.
    InstalmentCount {
        /// The number, payment holidays not counted.
        instalments: u32,
    },
    /// Further payment holidays: the maturity moves on by one period for each, and the open
    /// instalments are made anew.
    PaymentHolidays {
        /// The holidays, by the numbers of the rows that will be skipped.
        add: Vec<PaymentHoliday>,
    },
}

/// What becomes of interest when dates or principals are edited.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestAfterEdit {
    /// It stays as it was agreed: a date that moves is a date of payment only. Mambu's fixed
    /// schedules.
    #[default]
    Keep,
    /// It is computed anew from the new dates and balances.
    Recompute,
}

/// A new due date of an instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueDateChange {
    /// The instalment.
    pub instalment: u32,
    /// Its new date.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub due: NaiveDate,
}

/// A new principal of an instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrincipalChange {
    /// The instalment.
    pub instalment: u32,
    /// Its new principal, zero or more.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub principal: Decimal,
}

/// A schedule after a change, with the terms it now has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EditedSchedule {
    /// The contract's terms: another number of instalments, more payment holidays. Dates and
    /// principals that were edited stand in the schedule alone.
    pub terms: ScheduleTerms,
    /// The rows.
    pub schedule: Schedule,
}

impl Schedule {
    /// The schedule after a change. Rows before `first_open` (paid, or with charges applied) stay as
    /// they are; a change that touches one of them is refused.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use ledger::Currency;
    /// use lending_core::dates::{Calendar, Period};
    /// use lending_core::schedule::{
    ///     InterestAfterEdit, PrincipalChange, Rate, RunningContract, ScheduleEdit, ScheduleTerms,
    ///     generate,
    /// };
    /// use rust_decimal::dec;
    /// let terms = ScheduleTerms::new(3, Period::Months(1), Rate::default());
    /// let start = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    /// let (calendar, euro) = (Calendar::default(), Currency::from_code("EUR")?);
    /// let schedule = generate(&terms, dec!(900), euro, start, &calendar)?;
    /// let contract = RunningContract::of(&terms, euro, &calendar, &schedule)?;
    /// let change = |instalment, principal| PrincipalChange { instalment, principal };
    /// let edit = ScheduleEdit::Principals {
    ///     changes: vec![change(2, dec!(100)), change(3, dec!(500))],
    ///     interest: InterestAfterEdit::Keep,
    /// };
    /// let edited = schedule.edit(&contract, 1, &edit)?.schedule;
    /// let left: Vec<_> = edited.instalments.iter().map(|row| row.balance_after).collect();
    /// assert_eq!(left, [dec!(600), dec!(500), dec!(0)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ScheduleError::Edit`] for a change that does not fit the schedule; otherwise as for
    /// [`generate`](super::generate).
    pub fn edit(
        &self,
        contract: &RunningContract<'_>,
        first_open: u32,
        edit: &ScheduleEdit,
    ) -> Result<EditedSchedule, ScheduleError> {
        contract.terms.validate()?;
        let open = Open::new(self, contract, first_open)?;
        match edit {
            ScheduleEdit::DueDates { changes, interest } => open.due_dates(changes, *interest),
            ScheduleEdit::Principals { changes, interest } => open.principals(changes, *interest),
            ScheduleEdit::InstalmentCount { instalments } => {
                let mut terms = contract.terms.clone();
                terms.instalments = *instalments;
                open.anew(terms)
            }
            ScheduleEdit::PaymentHolidays { add } => {
                if let Some(holiday) = add.iter().find(|holiday| holiday.instalment < first_open) {
                    let given = format!("a holiday at instalment {}", holiday.instalment);
                    return Err(refused(given, "open instalments"));
                }
                let mut terms = contract.terms.clone();
                terms.payment_holidays.extend(add.iter().copied());
                terms
                    .payment_holidays
                    .sort_by_key(|holiday| holiday.instalment);
                open.anew(terms)
            }
        }
    }
}

fn refused(given: String, allowed: &'static str) -> ScheduleError {
    ScheduleError::Edit { given, allowed }
}

/// A schedule divided in rows that stay and rows that may change.
struct Open<'a, 'c> {
    contract: &'a RunningContract<'c>,
    kept: Vec<Instalment>,
    rows: Vec<Instalment>,
    /// Principal disbursed when the first open row begins, less down payments.
    disbursed: Decimal,
}

impl<'a, 'c> Open<'a, 'c> {
    fn new(
        schedule: &Schedule,
        contract: &'a RunningContract<'c>,
        first_open: u32,
    ) -> Result<Self, ScheduleError> {
        let all = &schedule.instalments;
        let at = all.iter().position(|row| row.number >= first_open.max(1));
        let Some((kept, rows)) = at.and_then(|at| all.split_at_checked(at)) else {
            let given = format!("open from instalment {first_open}");
            return Err(refused(given, "a number of the schedule"));
        };
        let start = rows.first().map_or(contract.disbursed_on, |row| row.from);
        let mut disbursed = Decimal::ZERO;
        for row in all.iter().filter(|row| row.number > 0) {
            disbursed = disbursed.checked_add(row.principal).ok_or_else(too_large)?;
        }
        for (on, amount) in &contract.engine()?.tranches {
            if *on > start {
                let amount = contract.engine()?.units.decimal(*amount)?;
                disbursed = disbursed.checked_sub(amount).ok_or_else(too_large)?;
            }
        }
        Ok(Self {
            contract,
            kept: kept.to_vec(),
            rows: rows.to_vec(),
            disbursed,
        })
    }

    fn row(&mut self, number: u32) -> Result<&mut Instalment, ScheduleError> {
        let mut rows = self.rows.iter_mut();
        let row = rows.find(|row| row.number == number && number > 0);
        row.ok_or_else(|| refused(format!("instalment {number}"), "open instalments"))
    }

    fn due_dates(
        mut self,
        changes: &[DueDateChange],
        interest: InterestAfterEdit,
    ) -> Result<EditedSchedule, ScheduleError> {
        for change in changes {
            let row = self.row(change.instalment)?;
            row.due = change.due;
            if interest == InterestAfterEdit::Recompute {
                row.nominal_due = change.due;
            }
        }
        if interest == InterestAfterEdit::Recompute {
            let mut from = self.rows.first().map(|row| row.from);
            for row in self.rows.iter_mut().filter(|row| row.number > 0) {
                row.from = from.unwrap_or(row.from);
                from = Some(row.nominal_due);
            }
        }
        let mut before = self
            .kept
            .last()
            .map_or(self.contract.disbursed_on, |row| row.due);
        for row in self.rows.iter().filter(|row| row.number > 0) {
            if row.due <= before || row.nominal_due <= row.from {
                return Err(refused(
                    format!("instalment {} due {}", row.number, row.due),
                    "a date after that of the instalment before and before the next",
                ));
            }
            before = row.due;
        }
        self.finish(interest)
    }

    fn principals(
        mut self,
        changes: &[PrincipalChange],
        interest: InterestAfterEdit,
    ) -> Result<EditedSchedule, ScheduleError> {
        let units = self.contract.engine()?.units;
        let sum = |rows: &[Instalment]| {
            let mut principals = rows.iter().map(|row| row.principal);
            principals.try_fold(Decimal::ZERO, Decimal::checked_add)
        };
        let owed = sum(&self.rows);
        for change in changes {
            if change.principal < Decimal::ZERO {
                let given = format!("principal {}", change.principal);
                return Err(refused(given, "zero or more"));
            }
            units.amount(change.principal, "a principal in whole units")?;
            self.row(change.instalment)?.principal = change.principal;
        }
        let given = sum(&self.rows);
        if given != owed || given.is_none() {
            return Err(refused(
                format!("principals that sum to {}", given.unwrap_or_default()),
                "principals that sum to what the open instalments owe",
            ));
        }
        self.finish(interest)
    }

    /// Balances, and interest where it is computed anew, after dates or principals were set.
    fn finish(mut self, interest: InterestAfterEdit) -> Result<EditedSchedule, ScheduleError> {
        if interest == InterestAfterEdit::Recompute {
            let mut terms = self.contract.terms.clone();
            let skipped = |number: u32| {
                let mut holidays = terms.payment_holidays.iter();
                holidays.any(|holiday| holiday.instalment == number)
            };
            let all = self.kept.iter().chain(&self.rows);
            let numbered = all.filter(|row| row.number > 0 && !skipped(row.number));
            let principals = numbered.map(|row| CustomAmount {
                amount: row.principal,
            });
            terms.amortization = Amortization::CustomPrincipal {
                principals: principals.collect(),
            };
            let rows = self.remaining(&terms, &self.rows)?;
            let terms = self.contract.terms.clone();
            return self.whole(terms, rows);
        }
        let mut engine = self.contract.engine()?;
        let disbursed = engine
            .units
            .amount(self.disbursed, "principal in whole units")?;
        engine.solve_plan(disbursed)?;
        let fees = Fees::new(&engine, disbursed)?;
        let units = engine.units;
        let mut balance = units.amount(self.owed()?, "a balance in whole units")?;
        let count = self.rows.len();
        let mut tranches = engine.tranches.iter().peekable();
        let start = self.rows.first().map(|row| row.from);
        while tranches
            .next_if(|(on, _)| start.is_some_and(|start| *on <= start))
            .is_some()
        {}
        for (at, row) in (1..).zip(&mut self.rows) {
            while let Some((_, amount)) = tranches.next_if(|(on, _)| *on < row.nominal_due) {
                balance = balance.checked_add(*amount).ok_or_else(too_large)?;
            }
            let principal = units.amount(row.principal, "a principal in whole units")?;
            let interest = units.amount(row.interest, "interest in whole units")?;
            balance = balance.checked_sub(principal).ok_or_else(too_large)?;
            if balance < 0 {
                return Err(refused(
                    format!("principal {} of instalment {}", row.principal, row.number),
                    "at most what is owed by then",
                ));
            }
            row.principal = units.decimal(principal)?;
            row.balance_after = units.decimal(balance)?;
            let mut total = principal.checked_add(interest).ok_or_else(too_large)?;
            if fees.any() && row.number > 0 {
                let last = at == count;
                let charges = fees.of_row(&engine, row.number, principal, interest, last)?;
                row.fee = units.decimal(charges.fee)?;
                row.tax = units.decimal(charges.tax)?;
                total = total.checked_add(charges.on_top).ok_or_else(too_large)?;
            }
            row.total = units.decimal(total)?;
        }
        let rows = core::mem::take(&mut self.rows);
        let terms = self.contract.terms.clone();
        self.whole(terms, rows)
    }

    /// Principal owed when the first open row begins.
    fn owed(&self) -> Result<Decimal, ScheduleError> {
        let Some(last) = self.kept.iter().rev().find(|row| row.number > 0) else {
            return Ok(self.disbursed);
        };
        let start = self.rows.first().map(|row| row.from);
        let engine = self.contract.engine()?;
        let mut owed = last.balance_after;
        // A tranche on the date of an instalment counts after it.
        for (on, amount) in &engine.tranches {
            if Some(*on) == start {
                let amount = engine.units.decimal(*amount)?;
                owed = owed.checked_add(amount).ok_or_else(too_large)?;
            }
        }
        Ok(owed)
    }

    /// The open rows by other terms.
    fn anew(self, terms: ScheduleTerms) -> Result<EditedSchedule, ScheduleError> {
        terms.validate()?;
        if self
            .kept
            .iter()
            .chain(&self.rows)
            .any(|row| row.number == 0)
        {
            return Err(refused(
                "a schedule with down payments".into(),
                "instalments alone; make the schedule anew from its terms",
            ));
        }
        let contract = self.contract;
        let dated = dated_rows(&terms, contract.disbursed_on, contract.calendar)?;
        let first = self.rows.first().map_or(0, |row| row.number);
        let mut rows: Vec<_> = dated
            .into_iter()
            .filter(|row| row.number >= first)
            .collect();
        if rows.is_empty() {
            return Err(refused(
                format!("{} instalments", terms.instalments),
                "more than those that are no longer open",
            ));
        }
        // The first open period begins where the last one that stays ended.
        if let (Some(row), Some(old)) = (rows.first_mut(), self.rows.first()) {
            row.from = old.from;
        }
        let rows = self.remaining(&terms, &rows)?;
        self.whole(terms, rows)
    }

    fn remaining(
        &self,
        terms: &ScheduleTerms,
        rows: &[Instalment],
    ) -> Result<Vec<Instalment>, ScheduleError> {
        let dates = |row: &Instalment| PeriodDates {
            number: row.number,
            from: row.from,
            nominal_due: row.nominal_due,
            due: row.due,
        };
        if rows.iter().any(|row| row.number == 0) {
            return Err(refused(
                "interest anew for a schedule with down payments among open rows".into(),
                "rows that are instalments",
            ));
        }
        let periods: Vec<_> = rows.iter().map(dates).collect();
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
            return Err(refused("no open rows".into(), "at least one"));
        };
        let contract = RunningContract {
            terms,
            maturity: last.nominal_due,
            ..*self.contract
        };
        let made = contract.remaining(&Remaining {
            outstanding: self.owed()?,
            disbursed: self.disbursed,
            periods: &periods,
            interest_from: first.from,
            accrued: Decimal::ZERO,
            amounts: RemainingAmounts::Recompute,
        })?;
        Ok(made.instalments)
    }

    /// All rows, checked: principals are conserved and nothing is left.
    fn whole(
        self,
        terms: ScheduleTerms,
        rows: Vec<Instalment>,
    ) -> Result<EditedSchedule, ScheduleError> {
        let last = rows.last().map(|row| row.balance_after);
        let mut instalments = self.kept;
        instalments.extend(rows);
        if last.is_none_or(|balance| !balance.is_zero()) {
            return Err(refused(
                format!("a balance of {} at the end", last.unwrap_or_default()),
                "a change after which nothing is left",
            ));
        }
        Ok(EditedSchedule {
            terms,
            schedule: Schedule { instalments },
        })
    }
}
