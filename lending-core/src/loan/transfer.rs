//! Transfer to another branch or officer.
//!
//! A loan that moves to another branch takes its balances along: what the books of the old branch
//! carry for it is booked out there and in at the new one, each branch balanced by the account for
//! claims between branches. Entries of earlier transactions stay where they were booked;
//! differences booked later belong to the new branch.

use alloc::vec::Vec;

use ledger::{
    BranchCode, JournalEntry, Money,
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use rust_decimal::Decimal;

use super::{Command, Context, Decision, LoanAccount, LoanError};
use crate::ids::ActorId;

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

    pub(super) fn transfer(
        &self,
        command: &Command,
        (branch, officer): (Option<BranchCode>, Option<ActorId>),
        context: &Context<'_>,
    ) -> Result<Decision, LoanError> {
        let open = !self.status.is_closed() || self.status.is_disbursed();
        self.require(command, open, "neither rejected nor withdrawn")?;
        let mut account = self.clone();
        account.officer = officer.or(self.officer);
        let mut entries = Vec::new();
        if let Some(to) = branch.filter(|to| Some(*to) != self.branch) {
            entries.extend(self.moved_to(to, context)?);
            account.branch = Some(to);
        }
        let mut decision = Self::plain(account, context);
        decision.entries = entries;
        Ok(decision)
    }

    /// The entry that moves the balances, if there are any and the loan had a branch.
    fn moved_to(
        &self,
        to: BranchCode,
        context: &Context<'_>,
    ) -> Result<Option<JournalEntry>, LoanError> {
        let rules = &self.terms.accounting;
        let Some(from) = self
            .branch
            .filter(|_| rules.method() != AccountingMethod::None)
        else {
            return Ok(None);
        };
        let (id, on) = (self.entry_id(context.booking_date, 0), context.booking_date);
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
