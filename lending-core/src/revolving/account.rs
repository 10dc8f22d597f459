//! The state of one line of credit: small, self-contained, enough to decide everyday commands.

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use ledger::BranchCode;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    CreditLineTerms, LimitUse, RevolvingError,
    plan::DrawPlan,
    statement::{Issued, StatementLine},
};
use crate::{
    ids::AccountId,
    loan::{
        Amounts, Code, Element, TransactionId,
        amounts::{add, sub},
    },
    shared::Shared,
};

/// Where a line is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Submitted; a decision is awaited.
    PendingApproval,
    /// Approved; not yet activated.
    Approved,
    /// Running: money may be drawn and is billed.
    Active,
    /// Ended with nothing owed.
    Closed,
    /// Ended: what was owed was given up.
    WrittenOff,
    /// Ended before it began: refused.
    Rejected,
    /// Ended before it began: given up by the applicant.
    Withdrawn,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::PendingApproval => "pending approval",
            Self::Approved => "approved",
            Self::Active => "active",
            Self::Closed => "closed",
            Self::WrittenOff => "written off",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        })
    }
}

/// Lateness as of the last date the account was brought to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineArrears {
    /// The due date of the oldest statement whose minimum is not paid.
    #[serde(with = "crate::compact::date_option")]
    pub oldest_unpaid: Option<NaiveDate>,
    /// Days past due: business date minus the oldest unpaid due date.
    pub days_past_due: u32,
    /// What of minimums is past its due date.
    #[serde(with = "crate::compact::decimal")]
    pub overdue: Decimal,
    /// Since when the account is in arrears, by lateness beyond the tolerances or by hand.
    #[serde(with = "crate::compact::date_option")]
    pub since: Option<NaiveDate>,
    /// The first day in default, by lateness or by hand.
    #[serde(with = "crate::compact::date_option")]
    pub default_since: Option<NaiveDate>,
    /// The due date that began the present spell of late payment.
    #[serde(with = "crate::compact::date_option")]
    pub first_missed: Option<NaiveDate>,
}

impl LineArrears {
    /// Whether the account is in arrears.
    #[must_use]
    pub const fn in_arrears(&self) -> bool {
        self.since.is_some()
    }

    /// Whether the account is in default.
    #[must_use]
    pub const fn in_default(&self) -> bool {
        self.default_since.is_some()
    }
}

/// What a statement asks for and is not paid yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The number of the statement.
    pub statement: u32,
    /// When it must be paid.
    #[serde(with = "crate::compact::date")]
    pub due: NaiveDate,
    /// What is open of it; what earlier statements asked for is not in it.
    #[serde(with = "crate::compact::decimal")]
    pub open: Decimal,
}

/// A stretch of days with one balance that bears interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stretch {
    #[serde(with = "crate::compact::date")]
    pub(crate) from: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) base: Decimal,
}

/// A rate from a night on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RateFrom {
    #[serde(with = "crate::compact::date")]
    pub(crate) from: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) percent: Decimal,
}

/// What becomes of the interest of the running cycle under a grace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CycleInterest {
    /// It is charged with the statement.
    Bears,
    /// It is held back at the statement.
    Held,
    /// The statement before can still be paid in full, or not.
    Open,
}

/// The running billing cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cycle {
    /// The number of the statement that ends it, from 1.
    pub(crate) number: u32,
    /// The day of the statement before, or of activation: its night is the first of the cycle.
    #[serde(with = "crate::compact::date")]
    pub(crate) from: NaiveDate,
    /// The day of the statement that ends it.
    #[serde(with = "crate::compact::date")]
    pub(crate) to: NaiveDate,
    pub(crate) interest: CycleInterest,
}

/// What decides whether the interest of a cycle is forgotten: the last statement's balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InFull {
    #[serde(with = "crate::compact::date")]
    pub(crate) due: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) open: Decimal,
}

/// Part of the limit held for a draw that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The transaction that made it.
    pub transaction: TransactionId,
    /// How much is held.
    #[serde(with = "crate::compact::decimal")]
    pub amount: Decimal,
}

/// A fee that the contract charged by itself in the running cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnFee {
    #[serde(with = "crate::compact::date")]
    pub(crate) on: NaiveDate,
    pub(crate) name: Code,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) amount: Decimal,
}

/// What was marked by hand, and which fees the spell has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marks {
    #[serde(with = "crate::compact::date_option")]
    pub(crate) arrears: Option<NaiveDate>,
    #[serde(with = "crate::compact::date_option")]
    pub(crate) default: Option<NaiveDate>,
    pub(crate) arrears_fee: bool,
    pub(crate) default_fee: bool,
}

/// What the books and the borrower were told: it moves with decisions, not with the fold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Statements, oldest first.
    pub(crate) issued: Vec<Issued>,
    /// What was booked since the last of them.
    pub(crate) lines: Vec<StatementLine>,
    /// Income recognised in the books.
    pub(crate) recognised: Amounts,
    /// What credit balances paid, as booked.
    pub(crate) from_credit: Amounts,
    /// Events so far: ids of derived entries are counted with it.
    pub(crate) sequence: u32,
    /// The last business date closed.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) closed_through: Option<NaiveDate>,
}

/// A line of credit: contract and present state. See the [module documentation](super).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreditLine {
    pub(crate) id: AccountId,
    pub(crate) terms: Shared<CreditLineTerms>,
    pub(crate) status: Status,
    pub(crate) branch: Option<BranchCode>,
    /// Day of submission, then of approval.
    #[serde(with = "crate::compact::date")]
    pub(crate) opened_on: NaiveDate,
    #[serde(with = "crate::compact::date_option")]
    pub(crate) activated_on: Option<NaiveDate>,
    /// The day up to which the account is calculated.
    #[serde(with = "crate::compact::date")]
    pub(crate) as_of: NaiveDate,
    /// The last day whose end counts: statements, fees and arrears of it are in the state.
    #[serde(with = "crate::compact::date")]
    pub(crate) ended: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) limit: Decimal,
    pub(crate) frozen: bool,
    pub(crate) interest_stopped: bool,
    pub(crate) rates: Vec<RateFrom>,
    /// Principal, and charges billed or charged and unpaid.
    pub(crate) owed: Amounts,
    /// Of the charges owed: what earlier statements billed.
    pub(crate) billed: Amounts,
    /// Money received beyond everything owed.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) credit: Decimal,
    /// Principal of instalments billed and unpaid.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) instalments_due: Decimal,
    pub(crate) plans: Vec<DrawPlan>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) cycle: Cycle,
    pub(crate) stretches: Vec<Stretch>,
    /// Interest of the last cycle that is held back.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) held: Decimal,
    /// Interest that was held back and is charged with the next statement.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) lost_grace: Decimal,
    pub(crate) in_full: Option<InFull>,
    /// Fees the contract charged by itself since the last statement.
    pub(crate) own_fees: Vec<OwnFee>,
    pub(crate) demands: Vec<Demand>,
    pub(crate) marks: Marks,
    pub(crate) arrears: LineArrears,
    /// Interest, fees and penalties charged so far, without fees at draws.
    pub(crate) charged: Amounts,
    /// Paid so far, by money and out of credit balances.
    pub(crate) paid: Amounts,
    pub(crate) forgiven: Amounts,
    /// What credit balances paid so far.
    pub(crate) from_credit: Amounts,
    /// What a write-off gave up, less what was recovered.
    pub(crate) written_off: Amounts,
    pub(crate) closing: bool,
    /// Order of the last transaction that counts.
    pub(crate) last: Option<(Date, TransactionId)>,
    pub(crate) told: Told,
}

/// A date that is stored small inside of a tuple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Date(#[serde(with = "crate::compact::date")] pub(crate) NaiveDate);

impl CreditLine {
    /// Submits an application for a line.
    ///
    /// # Errors
    /// What [`CreditLineTerms::validate`] refuses.
    pub fn submit(
        id: AccountId,
        terms: CreditLineTerms,
        on: NaiveDate,
    ) -> Result<Self, RevolvingError> {
        terms.validate()?;
        Ok(Self::opened(id, Shared::new(terms), on))
    }

    /// The same, kept by a branch: its entries carry it.
    #[must_use]
    pub const fn at_branch(mut self, branch: BranchCode) -> Self {
        self.branch = Some(branch);
        self
    }

    pub(crate) fn opened(id: AccountId, terms: Shared<CreditLineTerms>, on: NaiveDate) -> Self {
        let limit = terms.limit;
        Self {
            id,
            terms,
            status: Status::PendingApproval,
            branch: None,
            opened_on: on,
            activated_on: None,
            as_of: on,
            ended: on,
            limit,
            frozen: false,
            interest_stopped: false,
            rates: Vec::new(),
            owed: Amounts::ZERO,
            billed: Amounts::ZERO,
            credit: Decimal::ZERO,
            instalments_due: Decimal::ZERO,
            plans: Vec::new(),
            holds: Vec::new(),
            cycle: Cycle {
                number: 1,
                from: on,
                to: on,
                interest: CycleInterest::Bears,
            },
            stretches: Vec::new(),
            held: Decimal::ZERO,
            lost_grace: Decimal::ZERO,
            in_full: None,
            own_fees: Vec::new(),
            demands: Vec::new(),
            marks: Marks::default(),
            arrears: LineArrears::default(),
            charged: Amounts::ZERO,
            paid: Amounts::ZERO,
            forgiven: Amounts::ZERO,
            from_credit: Amounts::ZERO,
            written_off: Amounts::ZERO,
            closing: false,
            last: None,
            told: Told::default(),
        }
    }

    /// The account's id.
    #[must_use]
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// The contract.
    #[must_use]
    pub fn terms(&self) -> &CreditLineTerms {
        &self.terms
    }

    /// Where the line is in its life.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// When it was activated.
    #[must_use]
    pub const fn activated_on(&self) -> Option<NaiveDate> {
        self.activated_on
    }

    /// The day up to which the account is calculated.
    #[must_use]
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The last business date closed by end of day.
    #[must_use]
    pub const fn closed_through(&self) -> Option<NaiveDate> {
        self.told.closed_through
    }

    /// The limit in force.
    #[must_use]
    pub const fn limit(&self) -> Decimal {
        self.limit
    }

    /// Whether draws are refused for the time being.
    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Whether interest is stopped.
    #[must_use]
    pub const fn is_interest_stopped(&self) -> bool {
        self.interest_stopped
    }

    /// The rate in force, in percent, for the contract's charge frequency.
    #[must_use]
    pub fn percent(&self) -> Decimal {
        let given = self.terms.interest.rate.percent;
        self.rates.last().map_or(given, |rate| rate.percent)
    }

    /// What is owed: principal, and interest, fees and penalties charged. Interest of the running
    /// cycle is not in it, see [`Self::accrued`].
    #[must_use]
    pub const fn owed(&self) -> &Amounts {
        &self.owed
    }

    /// Money received beyond everything owed: a liability to the borrower.
    #[must_use]
    pub const fn credit_balance(&self) -> Decimal {
        self.credit
    }

    /// What is owed in all, less the credit balance.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn balance(&self) -> Result<Decimal, RevolvingError> {
        Ok(sub(self.owed.total()?, self.credit)?)
    }

    /// What of the limit is used, by the contract's rule. Pending holds are not in it.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn used(&self) -> Result<Decimal, RevolvingError> {
        Ok(match self.terms.limit_use {
            LimitUse::Principal => self.owed.principal,
            LimitUse::Balance => self.owed.total()?,
        })
    }

    /// What pending holds keep of the limit.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn pending(&self) -> Result<Decimal, RevolvingError> {
        let amounts = self.holds.iter().map(|hold| hold.amount);
        Ok(amounts.into_iter().try_fold(Decimal::ZERO, add)?)
    }

    /// What may be drawn: limit less used less pending, never below zero. A frozen limit is
    /// counted all the same, see [`Self::is_frozen`].
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn available(&self) -> Result<Decimal, RevolvingError> {
        Ok(self.room()?.max(Decimal::ZERO))
    }

    /// By how much used and pending are above the limit, after it was lowered for example.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn over_limit(&self) -> Result<Decimal, RevolvingError> {
        Ok(sub(Decimal::ZERO, self.room()?)?.max(Decimal::ZERO))
    }

    fn room(&self) -> Result<Decimal, RevolvingError> {
        Ok(sub(sub(self.limit, self.used()?)?, self.pending()?)?)
    }

    /// Holds that no draw has taken up.
    #[must_use]
    pub fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// The principal of instalments to come, draw by draw, where draws are repaid in instalments.
    #[must_use]
    pub fn plans(&self) -> &[DrawPlan] {
        &self.plans
    }

    /// What statements have asked for and is not paid, oldest first.
    #[must_use]
    pub fn demands(&self) -> &[Demand] {
        &self.demands
    }

    /// What statements have asked for and is not paid, in all.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when the sum does not fit.
    pub fn minimum_due(&self) -> Result<Decimal, RevolvingError> {
        let open = self.demands.iter().map(|demand| demand.open);
        Ok(open.into_iter().try_fold(Decimal::ZERO, add)?)
    }

    /// Lateness as of [`Self::as_of`].
    #[must_use]
    pub const fn arrears(&self) -> &LineArrears {
        &self.arrears
    }

    /// The range of delinquent days the line is in, by the contract's ranges: days past due beyond
    /// the tolerated ones.
    #[must_use]
    pub fn delinquency(&self) -> Option<Code> {
        let terms = &self.terms.arrears;
        let tolerated = u32::from(terms.tolerance_days);
        let days = self.arrears.days_past_due.checked_sub(tolerated)?;
        let mut ranges = terms.delinquency.iter();
        ranges
            .find(|range| range.holds(days))
            .map(|range| range.name)
    }

    /// The day of the next statement, while the line is active.
    #[must_use]
    pub fn next_statement(&self) -> Option<NaiveDate> {
        (self.status == Status::Active).then_some(self.cycle.to)
    }

    /// What was given up by write-off and has not been recovered.
    #[must_use]
    pub const fn written_off(&self) -> &Amounts {
        &self.written_off
    }

    /// Statements issued so far: their figures, oldest first.
    #[must_use]
    pub fn issued(&self) -> &[Issued] {
        &self.told.issued
    }

    /// Income recognised and not yet paid or forgiven: what the receivable accounts hold for this
    /// line on the accrual basis.
    ///
    /// # Errors
    /// [`RevolvingError::Common`] when a sum does not fit.
    pub fn receivable(&self) -> Result<Amounts, RevolvingError> {
        let settled = self.paid.plus(&self.forgiven)?;
        let mut left = self.told.recognised.minus(&settled)?;
        left.principal = Decimal::ZERO;
        Ok(left)
    }

    /// Adds to what is owed, as income of the contract.
    pub(crate) fn owe(&mut self, element: Element, amount: Decimal) -> Result<(), RevolvingError> {
        self.owed.add_to(element, amount)?;
        self.charged.add_to(element, amount)?;
        Ok(())
    }
}
