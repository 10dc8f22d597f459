//! Locks: while a loan is locked, interest and penalties accrue off the balance.
//!
//! Standing (active, in arrears) and lock are two things: a lock says what may not be applied, and
//! ends by hand or, when it came by itself, with the arrears. A lock comes by hand
//! ([`TransactionKind::Lock`](super::TransactionKind::Lock)), after so many days in arrears
//! ([`Safeguards::lock_after_days`](super::Safeguards::lock_after_days)), or when interest, fees
//! and penalties applied reach their cap ([`CapTerms`]). It forbids all three, or the
//! [operations](LockedOperations) chosen; a cap forbids all.
//!
//! Interest that follows the balance and penalties go on accruing as locked interest and locked
//! penalty, outside of every balance and of the books. At unlock they are applied: an instalment
//! of its own, due on that day. Interest by the schedule is part of the contract and stays due.
//! Fees for late payment wait, and are charged at unlock if the instalment is still unpaid.
//!
//! Source: Mambu's articles on account locking and capping of charges.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Element, Instalment, LoanAccount, LoanError, Outcome,
    account::ChargeLine,
    amounts::{add, mul, sub},
    instalment::PrincipalRule,
    terms::terms_error,
};

/// Why a loan is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// By hand.
    Manual,
    /// So many days in arrears.
    Arrears,
    /// Interest, fees and penalties reached their cap.
    Cap,
}

/// Which operations a lock forbids; all three by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LockedOperations {
    /// Interest that follows the balance may not be applied: it accrues as locked.
    pub interest: bool,
    /// Fees for late payment wait.
    pub fees: bool,
    /// Penalties may not be applied: they accrue as locked.
    pub penalties: bool,
}

impl LockedOperations {
    /// All of them.
    pub const ALL: Self = Self {
        interest: true,
        fees: true,
        penalties: true,
    };

    /// Refuses a lock that forbids nothing.
    pub(crate) fn validate(self) -> Result<(), LoanError> {
        if self.interest || self.fees || self.penalties {
            return Ok(());
        }
        let allowed = "interest, fees or penalties, one of them or more";
        Err(terms_error("locked operations", &"none", allowed))
    }
}

impl Default for LockedOperations {
    fn default() -> Self {
        Self::ALL
    }
}

/// A lock that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Why.
    pub reason: LockReason,
    /// Since when.
    #[serde(with = "crate::compact::date")]
    pub since: NaiveDate,
    /// What it forbids.
    pub operations: LockedOperations,
}

/// What a cap is a percentage of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CapBase {
    /// The principal lent.
    #[default]
    OriginalPrincipal,
    /// The principal balance.
    OutstandingPrincipal,
}

/// What becomes of the charge that would cross the cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CapMethod {
    /// It is applied, then the loan is locked.
    #[default]
    Soft,
    /// It is not applied: the loan is locked and it accrues as locked. What Mambu does with the
    /// part below the cap is not published; here nothing of it is applied.
    Hard,
}

/// A cap on interest, fees and penalties of a loan in arrears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CapTerms {
    /// The most, in percent of the base; what was paid counts too.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
    /// Percent of what.
    #[serde(default)]
    pub of: CapBase,
    /// Soft or hard.
    #[serde(default)]
    pub method: CapMethod,
    /// Whether interest that has arisen and penalties that have grown by the day are applied before
    /// the cap locks the loan. With a soft cap only: a hard one refuses what crosses it.
    #[serde(default)]
    pub applies_accrued_first: bool,
}

/// The lock of an account and what accrued under it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LockState {
    pub(crate) held: Option<Lock>,
    /// Interest of periods that ended under a lock, unrounded.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) interest: Decimal,
    /// Penalty that fell under the lock, in whole minor units.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) penalty: Decimal,
    /// Unlocked by hand: no lock comes by itself before the arrears are cured.
    pub(crate) waived: bool,
}

impl LoanAccount {
    /// The lock that holds, if one does.
    #[must_use]
    pub const fn lock(&self) -> Option<Lock> {
        self.lock.held
    }

    /// Interest accrued under locks and not applied, in whole minor units.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn locked_interest(&self) -> Result<Decimal, LoanError> {
        Ok(self.round(add(self.lock.interest, self.running_locked()?)?))
    }

    /// Penalty accrued under the lock and not applied.
    #[must_use]
    pub const fn locked_penalty(&self) -> Decimal {
        self.lock.penalty
    }

    pub(crate) const fn is_locked(&self) -> bool {
        self.lock.held.is_some()
    }

    /// What may not be applied now.
    pub(crate) fn locked_operations(&self) -> LockedOperations {
        let none = LockedOperations {
            interest: false,
            fees: false,
            penalties: false,
        };
        self.lock.held.map_or(none, |lock| lock.operations)
    }

    /// Whether interest of today is locked.
    pub(crate) fn locks_interest(&self) -> bool {
        self.on_balance() && self.locked_operations().interest
    }

    /// Whether days must be counted one by one: locks and caps come on a day.
    pub(crate) fn counts_daily(&self) -> bool {
        let safeguards = &self.terms.safeguards;
        (safeguards.lock_after_days.is_some() || safeguards.cap.is_some())
            && self.arrears.oldest_unpaid.is_some()
    }

    pub(crate) fn lock_now(
        &mut self,
        reason: LockReason,
        operations: LockedOperations,
    ) -> Result<(), LoanError> {
        let since = self.lock.held.map_or(self.as_of, |lock| lock.since);
        self.lock.held = Some(Lock {
            reason,
            since,
            operations,
        });
        if self.on_balance() && self.status.is_disbursed() {
            self.restretch()?;
            self.forecast_later();
        }
        Ok(())
    }

    /// Locks by hand; a lock that holds already becomes one by hand, of these operations.
    pub(crate) fn lock_by_hand(
        &mut self,
        operations: LockedOperations,
    ) -> Result<Outcome, LoanError> {
        self.lock_now(LockReason::Manual, operations)?;
        Ok(Outcome::default())
    }

    /// Unlocks by hand and applies what accrued.
    pub(crate) fn unlock_by_hand(&mut self) -> Result<Outcome, LoanError> {
        if !self.is_locked() {
            // History may have changed since: there is nothing to unlock.
            return Ok(Outcome::default());
        }
        self.lock.waived = true;
        self.unlock()?;
        Ok(Outcome::default())
    }

    /// Ends the lock: locked interest and penalty fall due today.
    fn unlock(&mut self) -> Result<(), LoanError> {
        self.bank_locked()?;
        let (interest, penalty) = (self.round(self.lock.interest), self.lock.penalty);
        (self.lock.interest, self.lock.penalty) = (Decimal::ZERO, Decimal::ZERO);
        self.lock.held = None;
        if self.arrears.oldest_unpaid.is_some() {
            self.penalty_charged = add(self.penalty_charged, penalty)?;
        }
        if interest > Decimal::ZERO || penalty > Decimal::ZERO {
            let at = self.insert_due_today(Decimal::ZERO);
            if let Some(row) = self.instalments.get_mut(at) {
                row.due.add_to(Element::Interest, interest)?;
                row.due.add_to(Element::Penalty, penalty)?;
            }
        }
        if self.on_balance() {
            self.restretch()?;
            self.forecast_later();
        }
        self.count_arrears()
    }

    /// Puts locked interest of the running period aside.
    pub(crate) fn bank_locked(&mut self) -> Result<(), LoanError> {
        self.lock.interest = add(self.lock.interest, self.running_locked()?)?;
        for stretch in self.stretches.iter_mut().filter(|stretch| stretch.locked) {
            (stretch.percent, stretch.locked) = (Decimal::ZERO, false);
        }
        Ok(())
    }

    /// Under a hard cap interest of the period that ended today may have to wait.
    pub(crate) fn cap_interest(&mut self) -> Result<(), LoanError> {
        if self.terms.safeguards.cap.is_none() {
            return Ok(());
        }
        let today = self.as_of;
        let ended = |row: &Instalment| row.interest_to == today && row.has_period();
        let Some(at) = self.instalments.iter().position(ended) else {
            return Ok(());
        };
        let Some(row) = self.instalments.get_mut(at) else {
            return Ok(());
        };
        let (whole, settled) = (row.due.interest, row.settled()?.interest);
        row.due.interest = settled;
        let charge = sub(whole, settled)?;
        if charge > Decimal::ZERO && self.capped(charge)? {
            self.lock.interest = add(self.lock.interest, charge)?;
        } else if let Some(row) = self.instalments.get_mut(at) {
            row.due.interest = whole;
        }
        Ok(())
    }

    /// Locks that come by themselves, and end with the arrears.
    pub(crate) fn settle_lock(&mut self) -> Result<(), LoanError> {
        let safeguards = &self.terms.safeguards;
        if safeguards.lock_after_days.is_none() && safeguards.cap.is_none() {
            return Ok(());
        }
        if !self.arrears.in_arrears() {
            let by_itself = |lock: &Lock| lock.reason != LockReason::Manual;
            self.lock.waived = false;
            if self.lock.held.as_ref().is_some_and(by_itself) {
                self.unlock()?;
            }
            return Ok(());
        }
        if self.is_locked() || self.lock.waived {
            return Ok(());
        }
        let days = self.days_in_arrears();
        if safeguards
            .lock_after_days
            .is_some_and(|after| days >= u32::from(after))
        {
            let operations = safeguards.locked_operations;
            return self.lock_now(LockReason::Arrears, operations);
        }
        if let Some(most) = self.cap()?
            && self.charges_applied()? >= most
        {
            self.apply_accrued_before_cap()?;
            return self.lock_now(LockReason::Cap, LockedOperations::ALL);
        }
        Ok(())
    }

    /// Applies what has accrued by today, where the contract says so.
    fn apply_accrued_before_cap(&mut self) -> Result<(), LoanError> {
        let first = |cap: &CapTerms| cap.applies_accrued_first;
        if !self.terms.safeguards.cap.as_ref().is_some_and(first) {
            return Ok(());
        }
        if self.on_balance() {
            self.apply_interest()?;
        }
        if self.terms.penalty.is_some() {
            self.charge_grown_penalty()?;
        }
        self.count_arrears()
    }

    /// The most that interest, fees and penalties may come to.
    fn cap(&self) -> Result<Option<Decimal>, LoanError> {
        let Some(cap) = &self.terms.safeguards.cap else {
            return Ok(None);
        };
        let base = match cap.of {
            CapBase::OriginalPrincipal => self.lent,
            CapBase::OutstandingPrincipal => self.principal,
        };
        Ok(Some(mul(mul(base, cap.percent)?, Decimal::new(1, 2))?))
    }

    /// Whether a hard cap forbids a charge; the loan is then locked.
    pub(crate) fn capped(&mut self, charge: Decimal) -> Result<bool, LoanError> {
        let hard = |cap: &CapTerms| cap.method == CapMethod::Hard;
        if !self.arrears.in_arrears()
            || self.lock.waived
            || !self.terms.safeguards.cap.as_ref().is_some_and(hard)
        {
            return Ok(false);
        }
        match self.cap()? {
            Some(most) if add(self.charges_applied()?, charge)? > most => {
                self.lock_now(LockReason::Cap, LockedOperations::ALL)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// An instalment of its own that is due today; returns its place.
    pub(crate) fn insert_due_today(&mut self, principal: Decimal) -> usize {
        self.insert_due(principal, false)
    }

    /// An instalment of principal due today, before or after one of the schedule due today.
    pub(crate) fn insert_due(&mut self, principal: Decimal, before: bool) -> usize {
        let today = self.as_of;
        let first = |row: &Instalment| {
            row.due_on < today || (row.due_on == today && (!before || row.from == row.due_on))
        };
        let at = self.instalments.partition_point(first);
        let mut row = Instalment::extra(0, today, today);
        row.due.principal = principal;
        row.planned = principal;
        row.principal_rule = PrincipalRule::Planned;
        self.instalments.insert(at, row);
        for (number, row) in (1_u16..).zip(&mut self.instalments) {
            row.number = number;
        }
        let moved = self.instalments.get(at).map_or(0, |row| row.number);
        let after = |charge: &&mut ChargeLine| charge.instalment >= moved;
        for charge in self.charges.iter_mut().filter(after) {
            charge.instalment = charge.instalment.saturating_add(1);
        }
        for share in &mut self.moved_interest {
            if share.instalment >= moved {
                share.instalment = share.instalment.saturating_add(1);
            }
        }
        for (number, _) in self.tax.iter_mut().flat_map(|state| &mut state.rows) {
            if *number >= moved {
                *number = number.saturating_add(1);
            }
        }
        at
    }

    /// Interest of the running period that accrued under a lock, unrounded.
    fn running_locked(&self) -> Result<Decimal, LoanError> {
        if !self.stretches.iter().any(|stretch| stretch.locked) {
            return Ok(Decimal::ZERO);
        }
        self.locked_interest_to(self.as_of)
    }

    /// Interest of locked stretches up to a day, unrounded.
    pub(crate) fn locked_interest_to(&self, to: NaiveDate) -> Result<Decimal, LoanError> {
        let start = self.stretches.first().map_or(to, |stretch| stretch.from);
        let runs = |row: &&Instalment| row.has_period() && row.interest_to > start;
        let Some(row) = self.instalments.iter().find(runs) else {
            return Ok(Decimal::ZERO);
        };
        let to = to.min(row.interest_to);
        self.interest_where(&self.charging()?, row.span(), &self.stretches, (to, true))
    }
}
