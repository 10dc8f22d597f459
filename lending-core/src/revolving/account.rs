//! The state of one line of credit: small, self-contained, enough to decide everyday commands.

use alloc::{boxed::Box, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use ledger::BranchCode;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    CreditLineTerms, RevolvingError,
    plan::DrawPlan,
    statement::{Issued, StatementLine},
};
use crate::{
    ids::AccountId,
    loan::{Amounts, Code, Element, TransactionId, account::Pause, tax_change::TaxState},
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
    /// The tax of what credit balances paid, as booked.
    pub(crate) from_credit_tax: Option<Box<Amounts>>,
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
    /// Interest pauses that have not ended with a cycle.
    pub(crate) pauses: Vec<Pause>,
    /// When the rate was last reviewed against its index.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) reviewed_on: Option<NaiveDate>,
    /// Penalty grown and not charged yet, unrounded, net of tax.
    #[serde(with = "crate::compact::decimal")]
    pub(crate) penalty_grown: Decimal,
    /// The last night that it counts.
    #[serde(with = "crate::compact::date")]
    pub(crate) penalty_through: NaiveDate,
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
    /// What changes of tax rates left behind.
    pub(crate) tax: Option<Box<TaxState>>,
    /// The tax owed, on the cash basis, because credit balances paid charges.
    pub(crate) from_credit_tax: Option<Box<Amounts>>,
    /// Since when the cap has kept charges away.
    #[serde(with = "crate::compact::date_option")]
    pub(crate) capped_since: Option<NaiveDate>,
    pub(crate) application: LineApplication,
}

/// The application part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LineApplication {
    /// The day of submission.
    #[serde(with = "crate::compact::date")]
    pub(crate) submitted_on: NaiveDate,
    /// The status that a rejection or withdrawal ended.
    pub(crate) ended: Option<Status>,
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
            pauses: Vec::new(),
            reviewed_on: None,
            penalty_grown: Decimal::ZERO,
            penalty_through: on,
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
            tax: None,
            from_credit_tax: None,
            capped_since: None,
            application: LineApplication {
                submitted_on: on,
                ended: None,
            },
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

    pub(crate) const fn has_branch(&self) -> bool {
        self.branch.is_some()
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

    /// Adds to what is owed, as income of the contract.
    pub(crate) fn owe(&mut self, element: Element, amount: Decimal) -> Result<(), RevolvingError> {
        self.owed.add_to(element, amount)?;
        self.charged.add_to(element, amount)?;
        Ok(())
    }
}
