//! What a decision changes.

use alloc::{format, string::String, vec::Vec};

use chrono::NaiveDate;
use ledger::{BranchCode, GlCode, JournalEntry, Money};
use serde::{Deserialize, Serialize};

use crate::store::{AccountHeader, AccrualPlan, Message, RecordWrite, StoredAccount, StoredEvent};

/// An amount from one GL account to another, to be added up with its like over a page.
///
/// The contract says whether an account posts entries of its own or takes part in sums: a million
/// daily accruals become a handful of entries. The sums of a page are posted for each value date,
/// product, branch and pair of GL accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// When it counts.
    pub value_date: NaiveDate,
    /// The GL account debited.
    pub debit: GlCode,
    /// The GL account credited.
    pub credit: GlCode,
    /// The branch, if the books are kept by branch.
    pub branch: Option<BranchCode>,
    /// How much: above zero, whole minor units, in the account's currency.
    pub amount: Money,
}

/// What the end of day does to one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// The account's new header; its `next_work_on` must lie behind the business date.
    pub header: AccountHeader,
    /// The account's new state.
    pub state: Vec<u8>,
    /// What happened.
    pub events: Vec<StoredEvent>,
    /// Entries of the account's own.
    pub entries: Vec<JournalEntry>,
    /// Amounts to be posted in sums.
    pub transfers: Vec<Transfer>,
    /// Messages for others.
    pub outbox: Vec<Message>,
    /// Records written along.
    pub records: Vec<RecordWrite>,
    /// What the account will post until work is due again. Without one, `next_work_on` should be
    /// the next date on which anything is posted.
    pub plan: Option<AccrualPlan>,
}

impl AccountChange {
    /// A new header and state, and nothing else yet.
    #[must_use]
    pub const fn new(header: AccountHeader, state: Vec<u8>) -> Self {
        Self {
            header,
            state,
            events: Vec::new(),
            entries: Vec::new(),
            transfers: Vec::new(),
            outbox: Vec::new(),
            records: Vec::new(),
            plan: None,
        }
    }

    /// Why this cannot be a change of that account on that date, if it cannot.
    pub(super) fn refusal(&self, account: &StoredAccount, date: NaiveDate) -> Option<String> {
        if !self.header.is_same_identity(&account.header) {
            return Some("the decision changes kind, reference or currency".into());
        }
        if let Some(on) = self.header.next_work_on.filter(|on| *on <= date) {
            return Some(format!(
                "the decision leaves work due on {on}, not after {date}"
            ));
        }
        if let Some(event) = self.events.iter().find(|event| event.account != account.id) {
            return Some(format!(
                "the decision holds an event of account {}",
                event.account
            ));
        }
        if let Some(plan) = &self.plan {
            let follows = self.header.next_work_on == plan.last().succ_opt();
            if plan.posted_through != date || !follows {
                return Some(format!(
                    "the plan is posted through {} and ends on {}: it must begin after {date} and \
                     end before work is due",
                    plan.posted_through,
                    plan.last()
                ));
            }
        }
        let wrong = |transfer: &&Transfer| {
            let amount = transfer.amount;
            amount.currency() != account.header.currency
                || !amount.is_positive()
                || !amount.is_whole_minor()
        };
        self.transfers.iter().find(wrong).map(|transfer| {
            let (amount, currency) = (transfer.amount, account.header.currency);
            format!("{amount} cannot be posted: whole minor units of {currency} above zero can")
        })
    }
}
