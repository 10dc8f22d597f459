//! The state of one loan: small, self-contained, enough to decide everyday commands.

use alloc::{boxed::Box, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use ledger::BranchCode;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, Application, CreditKind, Element, Instalment, InstalmentShare, LoanError, LoanTerms,
    TransactionId,
    amounts::add,
    deferred::{Amortised, Deferred},
    delinquency::DelinquencyState,
    interest_basis::PlannedRate,
    lock::LockState,
    tax_change::TaxState,
};
use crate::{
    ids::{AccountId, ActorId},
    shared::Shared,
};

/// Where a loan is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Being filled in; not submitted for approval yet.
    PartialApplication,
    /// Submitted; a decision is awaited.
    PendingApproval,
    /// Approved; money may be paid out.
    Approved,
    /// Money has been paid out and something is owed, or may be again.
    Active,
    /// Closed: everything owed was paid. A reversal, chargeback, charge or tranche reopens it.
    Repaid,
    /// Closed: a new loan took its place, with fresh money.
    Refinanced,
    /// Closed: a new loan took its place.
    Rescheduled,
    /// Closed: refused.
    Rejected,
    /// Closed: given up by the applicant.
    Withdrawn,
    /// Closed: what was owed was given up.
    WrittenOff,
    /// Closed: the contract was terminated, and everything owed was paid then. It reopens as
    /// [`Self::Repaid`] does.
    Terminated,
}

impl Status {
    /// Whether nothing more is expected of the borrower.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Repaid
                | Self::Refinanced
                | Self::Rescheduled
                | Self::Rejected
                | Self::Withdrawn
                | Self::WrittenOff
                | Self::Terminated
        )
    }

    /// Whether money has been paid out.
    #[must_use]
    pub const fn is_disbursed(self) -> bool {
        matches!(
            self,
            Self::Active
                | Self::Repaid
                | Self::Refinanced
                | Self::Rescheduled
                | Self::WrittenOff
                | Self::Terminated
        )
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::PartialApplication => "partial application",
            Self::PendingApproval => "pending approval",
            Self::Approved => "approved",
            Self::Active => "active",
            Self::Repaid => "repaid",
            Self::Refinanced => "refinanced",
            Self::Rescheduled => "rescheduled",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::WrittenOff => "written off",
            Self::Terminated => "terminated",
        })
    }
}

/// Arrears as of the last date the account was brought to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrears {
    /// The due date of the oldest instalment with something unpaid.
    #[serde(with = "crate::compact::date_option")]
    pub oldest_unpaid: Option<NaiveDate>,
    /// Days past due: business date minus the oldest unpaid due date.
    pub days_past_due: u32,
    /// Days late as tolerances count them: without days off where the contract says so.
    pub days_late: u32,
    /// What is overdue.
    pub overdue: Amounts,
    /// Since when the account is in arrears (beyond the tolerances), by the contract's rule.
    #[serde(with = "crate::compact::date_option")]
    pub since: Option<NaiveDate>,
    /// The due date that began the present spell of late payment.
    #[serde(with = "crate::compact::date_option")]
    pub first_missed: Option<NaiveDate>,
}

impl Arrears {
    /// Whether the account is in arrears.
    #[must_use]
    pub const fn in_arrears(&self) -> bool {
        self.since.is_some()
    }
}

/// A stretch of days with one balance and one rate inside the running interest period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stretch {
    #[serde(with = "crate::compact::date")]
    pub(crate) from: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) base: Decimal,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) percent: Decimal,
    /// Whether its interest accrues as locked interest.
    pub(crate) locked: bool,
    /// Of the base: late, where the interest on it goes its own way.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) late: Decimal,
}

/// A loan account: contract and present state. See the [module documentation](super).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoanAccount {
    pub(crate) id: AccountId,
    pub(crate) terms: Shared<LoanTerms>,
    pub(crate) status: Status,
    /// Day of submission, then of approval: nothing may count earlier.
    #[serde(with = "crate::compact::date")]
    pub(crate) opened_on: NaiveDate,
    /// The day up to which the account is calculated.
    #[serde(with = "crate::compact::date")]
    pub(crate) as_of: NaiveDate,
    /// The last business date closed by end of day.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) closed_through: Option<NaiveDate>,
    pub(crate) instalments: Shared<Vec<Instalment>>,
    /// The level instalment, where the method has one.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) level: Decimal,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) percent: Decimal,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) disbursed: Decimal,
    /// Principal lent so far, capitalised fees included.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) lent: Decimal,
    #[serde(with = "crate::compact::date_option")]
    pub(crate) disbursed_on: Option<NaiveDate>,
    /// Principal lent and not repaid.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) principal: Decimal,
    /// Money received beyond everything owed, payment by payment, oldest first.
    pub(crate) credit_lots: Vec<CreditLot>,
    /// Principal paid early that future instalments have not used up yet.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) prepaid: Decimal,
    /// Balance history of the running interest period.
    pub(crate) stretches: Vec<Stretch>,
    /// Balance history of the period that ended last, where a transaction on that day may still
    /// change its interest.
    pub(crate) ended: Vec<Stretch>,
    /// Changes of rate that begin with a later period, earliest first.
    pub(crate) planned_rates: Vec<PlannedRate>,
    /// Stretches of instalments that pay no interest for the time being.
    pub(crate) interest_rests: Vec<InterestRest>,
    /// What chargebacks made owed again beside level instalments.
    pub(crate) owed_again: Vec<OwedAgain>,
    /// Income that chargebacks made owed again.
    pub(crate) charged_back: Option<Box<Amounts>>,
    /// Interest pauses that have not ended, `(first day, last day)`.
    pub(crate) pauses: Vec<Pause>,
    /// Charges made by transactions, and the instalments they joined.
    pub(crate) charges: Vec<ChargeLine>,
    /// Income recognised in the books so far (interest, fees, penalties).
    pub(crate) recognised: Amounts,
    /// Income deferred by transactions.
    pub(crate) deferred: Vec<Deferred>,
    /// Deferred income taken into income in the books so far.
    pub(crate) amortised: Amortised,
    /// Paid so far.
    pub(crate) paid: Amounts,
    /// Penalty grown and not charged yet, unrounded.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) penalty_accrued: Decimal,
    /// Of the penalty grown in this spell of late payment: charged.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) penalty_charged: Decimal,
    pub(crate) arrears: Arrears,
    pub(crate) delinquency: DelinquencyState,
    /// When the loan was charged off, and what it had earned by then.
    pub(crate) charged_off: Option<ChargedOff>,
    /// Interest of the running period that was applied before its end.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) applied_early: Decimal,
    /// Of it: interest on late principal that was moved.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) late_moved: Decimal,
    /// Interest on late principal that waits for the last instalment, with tax.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) late_carried: Decimal,
    /// Interest of instalments that rested, to be due with the running one or a later one.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) rested: Decimal,
    /// Interest past due that was moved to instalments to come, beside their own.
    pub(crate) moved_interest: Vec<MovedShare>,
    /// By how much interest of periods that have ended is above what was charged for them, where
    /// the last instalment makes up for it.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) interest_residue: Decimal,
    /// When the rate was last reviewed against its index.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) reviewed_on: Option<NaiveDate>,
    /// Money put aside that may be taken out again.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) redraw: Decimal,
    /// Whether another loan settled this one, and how.
    pub(crate) settled_by: Option<CreditKind>,
    pub(crate) branch: Option<BranchCode>,
    pub(crate) officer: Option<ActorId>,
    /// Branch and officer before the first transfer, once there is one.
    pub(crate) home: Option<Box<super::transfer::Home>>,
    pub(crate) successor: Option<super::refinance::Successor>,
    pub(crate) predecessor: Option<AccountId>,
    /// Who asked for the loan, who agreed.
    pub(crate) application: Application,
    /// Whether charges may be applied, and what accrued while they may not.
    pub(crate) lock: LockState,
    /// When the loan was closed by hand, if it was.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) closed_by_hand: Option<NaiveDate>,
    /// What a write-off gave up, less what was recovered.
    pub(crate) written_off: Amounts,
    /// Order of the last transaction that counts.
    pub(crate) last: Option<LastTransaction>,
    /// Since when instalments to come are to be forecast again; never between two decisions.
    #[serde(skip)]
    pub(crate) stale: Option<NaiveDate>,
    /// Events so far: ids of derived entries are counted with it.
    pub(crate) sequence: u32,
    /// What changes of tax rates left behind.
    pub(crate) tax: Option<Box<TaxState>>,
    /// When the contract was terminated, if it was.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) terminated_on: Option<NaiveDate>,
}

/// What is left of a payment that went beyond everything owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CreditLot {
    pub(crate) transaction: TransactionId,
    pub(crate) kind: CreditKind,
    #[serde(with = "crate::compact::date")]
    pub(crate) value_date: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) left: Decimal,
}

/// A charge made by a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChargeLine {
    pub(crate) transaction: TransactionId,
    pub(crate) instalment: u16,
    pub(crate) element: Element,
    #[serde(with = "crate::compact::date")]
    pub(crate) due: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) amount: Decimal,
    /// Of it: waived.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) waived: Decimal,
    /// Whether it is earned on the due date, else on the day it was charged.
    pub(crate) earned_when_due: bool,
    /// What it comes to, where it is a share of its instalment.
    pub(crate) share: Option<InstalmentShare>,
}

/// Interest, with tax, that an instalment took over from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MovedShare {
    pub(crate) instalment: u16,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) amount: Decimal,
}

/// A charge-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChargedOff {
    #[serde(with = "crate::compact::date")]
    pub(crate) on: NaiveDate,
    /// Income is recognised up to here and no further.
    pub(crate) earned: Amounts,
}

/// An interest pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pause {
    #[serde(with = "crate::compact::date")]
    pub(crate) first: NaiveDate,
    #[serde(with = "crate::compact::date")]
    pub(crate) last: NaiveDate,
}

/// Principal and interest that were charged back: due with a level instalment beside its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwedAgain {
    /// End of the interest period of the instalment.
    #[serde(with = "crate::compact::date")]
    pub(crate) period_end: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) beside: Decimal,
}

/// Instalments that pay no interest: what arises is due with the next instalment after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InterestRest {
    /// End of the interest period of the first of them.
    #[serde(with = "crate::compact::date")]
    pub(crate) first: NaiveDate,
    /// End of the interest period of the last of them.
    #[serde(with = "crate::compact::date")]
    pub(crate) last: NaiveDate,
}

/// The last transaction in the order of history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastTransaction {
    #[serde(with = "crate::compact::date")]
    pub(crate) value_date: NaiveDate,
    pub(crate) id: TransactionId,
}

impl LoanAccount {
    /// The account's id.
    #[must_use]
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// The contract.
    #[must_use]
    pub fn terms(&self) -> &LoanTerms {
        &self.terms
    }

    /// Where the loan is in its life.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// Decisions so far, ends of day included: grows with each, so that events can be numbered by
    /// it.
    #[must_use]
    pub const fn decisions(&self) -> u32 {
        self.sequence
    }

    /// The day up to which the account is calculated.
    #[must_use]
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The last business date closed by end of day.
    #[must_use]
    pub const fn closed_through(&self) -> Option<NaiveDate> {
        self.closed_through
    }

    /// The instalments, as due, paid and forecast.
    #[must_use]
    pub fn instalments(&self) -> &[Instalment] {
        &self.instalments
    }

    /// When principal was first paid out.
    #[must_use]
    pub const fn disbursed_on(&self) -> Option<NaiveDate> {
        self.disbursed_on
    }

    /// When the contract was terminated, if it was. A later payout or a new series of instalments
    /// takes it back.
    #[must_use]
    pub const fn terminated_on(&self) -> Option<NaiveDate> {
        self.terminated_on
    }

    /// Principal paid out so far.
    #[must_use]
    pub const fn disbursed(&self) -> Decimal {
        self.disbursed
    }

    /// Principal lent and not repaid.
    #[must_use]
    pub const fn principal_balance(&self) -> Decimal {
        self.principal
    }

    /// Principal that the books carry as an asset: the principal balance, or nothing once the loan
    /// is charged off.
    #[must_use]
    pub const fn portfolio_balance(&self) -> Decimal {
        if self.charged_off.is_some() {
            Decimal::ZERO
        } else {
            self.principal
        }
    }

    /// When the loan was charged off, if it was.
    #[must_use]
    pub const fn charged_off_on(&self) -> Option<NaiveDate> {
        match &self.charged_off {
            Some(charged_off) => Some(charged_off.on),
            None => None,
        }
    }

    /// Money received beyond everything owed, and money put aside for redraw: a liability to the
    /// borrower.
    #[must_use]
    pub fn credit_balance(&self) -> Decimal {
        self.credit_lots
            .iter()
            .map(|lot| lot.left)
            .fold(self.redraw, |sum, lot| sum.saturating_add(lot))
    }

    /// Whether the borrower has a credit balance.
    #[must_use]
    pub fn is_overpaid(&self) -> bool {
        !self.credit_lots.is_empty()
    }

    /// Paid so far, element by element.
    #[must_use]
    pub const fn paid(&self) -> &Amounts {
        &self.paid
    }

    /// Arrears as of [`Self::as_of`].
    #[must_use]
    pub const fn arrears(&self) -> &Arrears {
        &self.arrears
    }

    /// Everything due and to come by the schedule, neither paid nor forgiven.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn outstanding(&self) -> Result<Amounts, LoanError> {
        self.instalments
            .iter()
            .try_fold(Amounts::ZERO, |sum, row| sum.plus(&row.open_amounts()?))
    }

    /// Income recognised and not yet paid or forgiven: what the receivable accounts hold for this
    /// loan on the accrual basis. Nothing once the loan is charged off.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn receivable(&self) -> Result<Amounts, LoanError> {
        if self.charged_off.is_some() {
            return Ok(Amounts::ZERO);
        }
        self.unsettled(&self.recognised)
    }

    /// What is left of income earned after what was paid and forgiven.
    pub(crate) fn unsettled(&self, earned: &Amounts) -> Result<Amounts, LoanError> {
        let forgiven = self
            .instalments
            .iter()
            .try_fold(Amounts::ZERO, |sum, row| sum.plus(&row.forgiven))?;
        let mut left = earned.minus(&self.paid)?.minus(&forgiven)?;
        left = left.plus(&self.income_owed_again())?;
        left.principal = Decimal::ZERO;
        Ok(left)
    }

    /// The next date on which end of day has something to do that is not daily accrual.
    #[must_use]
    pub fn next_due(&self) -> Option<NaiveDate> {
        self.instalments
            .iter()
            .map(|row| row.due_on)
            .find(|due| *due > self.as_of)
    }

    pub(crate) fn total_due(&self) -> Result<Decimal, LoanError> {
        self.instalments.iter().try_fold(Decimal::ZERO, |sum, row| {
            add(sum, row.open_amounts()?.total()?)
        })
    }
}
