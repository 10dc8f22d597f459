//! Transfer to another branch or officer.
//!
//! A loan that moves to another branch takes its balances along: what the books of the old branch
//! carry for it is booked out there and in at the new one, each branch balanced by the account for
//! claims between branches. Entries of earlier transactions stay where they were booked;
//! differences booked later belong to the new branch. A transfer known late moves what is carried on
//! the day on which it is booked, and its reversal moves it back: the loan is in the branch of the
//! last transfer that stands, by value date.

use alloc::boxed::Box;

use chrono::NaiveDate;
use ledger::{
    BranchCode, JournalEntry, Money,
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use rust_decimal::Decimal;

use super::{LoanAccount, LoanError, Outcome};
use crate::ids::ActorId;

/// Branch and officer.
pub(crate) type Home = (Option<BranchCode>, Option<ActorId>);

/// The number of the entry among those of one decision.
const TRANSFER_LINE: u32 = u32::MAX - 1;

impl LoanAccount {
    /// The branch whose books carry the loan.
    #[must_use]
    pub const fn branch(&self) -> Option<BranchCode> {
        self.branch
    }

    /// The same account, carried by a branch from the start.
    #[must_use]
    pub const fn in_branch(mut self, branch: BranchCode) -> Self {
        self.branch = Some(branch);
        self
    }

    /// The loan officer.
    #[must_use]
    pub const fn officer(&self) -> Option<ActorId> {
        self.officer
    }

    /// Takes up a transfer.
    pub(crate) fn hand_over(
        &mut self,
        branch: Option<BranchCode>,
        officer: Option<ActorId>,
    ) -> Outcome {
        if self.home.is_none() {
            self.home = Some(Box::new((self.branch, self.officer)));
        }
        self.branch = branch.or(self.branch);
        self.officer = officer.or(self.officer);
        Outcome::default()
    }

    /// Branch and officer before any transfer.
    pub(crate) fn home(&self) -> Home {
        let home = self.home.as_deref().copied();
        home.unwrap_or((self.branch, self.officer))
    }

    /// The entry that moves what the books carry by now to the branch that `after` is in, if it is
    /// another one and both are named.
    pub(super) fn moved_to(
        &self,
        after: &Self,
        booking_date: NaiveDate,
    ) -> Result<Option<JournalEntry>, LoanError> {
        let rules = &self.terms.accounting;
        let booked = rules.method() != AccountingMethod::None && self.branch != after.branch;
        let (Some(from), Some(to), true) = (self.branch, after.branch, booked) else {
            return Ok(None);
        };
        let (id, on) = (self.entry_id(booking_date, TRANSFER_LINE), booking_date);
        let mut builder = JournalEntry::builder(id, on, on);
        let mut any = false;
        for (code, balance) in self.carried_balances()? {
            any = true;
            let amount = Money::new(balance.abs(), self.terms.currency);
            let (into, out_of) = if balance > Decimal::ZERO {
                (to, from)
            } else {
                (from, to)
            };
            builder = builder.debit(code, amount).on_branch(into);
            builder = builder.credit(code, amount).on_branch(out_of);
        }
        if !any {
            return Ok(None);
        }
        let between = rules.resolve(Resource::InterBranchTransfer, None, None)?;
        let builder = builder.inter_branch(between).reference("transfer");
        Ok(Some(builder.notes("transfer to another branch").build()?))
    }
}
