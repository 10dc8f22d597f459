//! Client states and the guarded steps between them.

use alloc::{string::String, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Client, PartyError};
use crate::rules::{Decision, Verdict};

/// Where a client stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ClientState {
    /// Known, nothing applied for.
    Prospect,
    /// Applied, not approved yet.
    PendingApproval,
    /// Approved, no account open.
    Inactive,
    /// Has an open account.
    Active,
    /// Stopped by the lender for a time.
    Frozen,
    /// Left; may come back.
    Exited,
    /// The application was refused.
    Rejected,
    /// The client took the application back.
    Withdrawn,
    /// Not to be dealt with.
    Blacklisted,
    /// Personal data erased for good.
    Anonymised,
}

/// A step from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Transition {
    /// Prospect applies.
    Apply,
    /// The application is approved; needs a decision that passed.
    Approve,
    /// The application is refused.
    Reject,
    /// A refusal is taken back.
    UndoReject,
    /// The client takes the application back.
    Withdraw,
    /// A first account is opened.
    Activate,
    /// The last account is closed.
    Deactivate,
    /// The lender stops everything for a time.
    Freeze,
    /// The stop is lifted.
    Unfreeze,
    /// The client leaves; no account may be open.
    Exit,
    /// The client comes back.
    UndoExit,
    /// The client is not to be dealt with any more.
    Blacklist,
    /// The blacklisting is lifted.
    UndoBlacklist,
    /// Personal data is erased for good; only from [`ClientState::Exited`].
    Anonymise,
}

/// A change of state that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateChange {
    /// When.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub on: NaiveDate,
    /// The step.
    pub step: Transition,
    /// From.
    pub from: ClientState,
    /// To.
    pub to: ClientState,
    /// Who did it.
    pub by: String,
    /// Hash of the inputs of the decision relied on, if any.
    pub decision: Option<String>,
}

impl Transition {
    const ALL: [Self; 14] = [
        Self::Apply,
        Self::Approve,
        Self::Reject,
        Self::UndoReject,
        Self::Withdraw,
        Self::Activate,
        Self::Deactivate,
        Self::Freeze,
        Self::Unfreeze,
        Self::Exit,
        Self::UndoExit,
        Self::Blacklist,
        Self::UndoBlacklist,
        Self::Anonymise,
    ];

    /// Where the step leads from a state; none: not allowed.
    #[must_use]
    pub const fn from_state(self, from: ClientState) -> Option<ClientState> {
        use ClientState as S;
        Some(match (self, from) {
            (Self::Apply, S::Prospect) => S::PendingApproval,
            (Self::Approve, S::PendingApproval) => S::Inactive,
            (Self::Reject, S::PendingApproval) => S::Rejected,
            (Self::UndoReject, S::Rejected) => S::PendingApproval,
            (Self::Withdraw, S::Prospect | S::PendingApproval) => S::Withdrawn,
            (Self::Activate, S::Inactive) => S::Active,
            (Self::Deactivate, S::Active) => S::Inactive,
            (Self::Freeze, S::Active) => S::Frozen,
            (Self::Unfreeze, S::Frozen) => S::Active,
            (Self::Exit, S::Inactive) => S::Exited,
            (Self::UndoExit, S::Exited) => S::Inactive,
            (Self::Blacklist, S::PendingApproval | S::Inactive | S::Exited) => S::Blacklisted,
            (Self::UndoBlacklist, S::Blacklisted) => S::Inactive,
            (Self::Anonymise, S::Exited) => S::Anonymised,
            _ => return None,
        })
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Approve => "be approved",
            Self::Reject => "be rejected",
            Self::UndoReject => "have a rejection undone",
            Self::Withdraw => "withdraw",
            Self::Activate => "become active",
            Self::Deactivate => "become inactive",
            Self::Freeze => "be frozen",
            Self::Unfreeze => "be unfrozen",
            Self::Exit => "exit",
            Self::UndoExit => "come back",
            Self::Blacklist => "be blacklisted",
            Self::UndoBlacklist => "have a blacklisting undone",
            Self::Anonymise => "be anonymised",
        }
    }
}

impl ClientState {
    /// The steps allowed from this state.
    pub fn steps(self) -> impl Iterator<Item = Transition> {
        Transition::ALL
            .into_iter()
            .filter(move |step| step.from_state(self).is_some())
    }

    /// Whether a new account may be opened.
    #[must_use]
    pub const fn may_open_account(self) -> bool {
        matches!(self, Self::Inactive | Self::Active)
    }
}

impl Client {
    /// Takes a step, or refuses it and changes nothing.
    ///
    /// `decision` is what an approval relies on; `open_accounts` is how many accounts of the
    /// client are open, which only the host knows.
    ///
    /// # Errors
    /// [`PartyError::Step`], [`PartyError::NotPassed`], [`PartyError::OpenAccounts`],
    /// [`PartyError::Backdated`].
    pub fn transition(
        &mut self,
        step: Transition,
        on: NaiveDate,
        by: impl Into<String>,
        decision: Option<&Decision>,
        open_accounts: u32,
    ) -> Result<&StateChange, PartyError> {
        let from = self.state;
        let to = step
            .from_state(from)
            .ok_or_else(|| PartyError::step(from, step))?;
        let last = self.history.last().map_or(self.created, |change| change.on);
        if on < last {
            return Err(PartyError::Backdated { given: on, last });
        }
        if step == Transition::Approve {
            passed(decision)?;
        }
        let leaves = matches!(
            step,
            Transition::Exit | Transition::Deactivate | Transition::Blacklist
        );
        if leaves && open_accounts > 0 {
            return Err(PartyError::OpenAccounts {
                open: open_accounts,
                step,
            });
        }
        self.state = to;
        self.history.push(StateChange {
            on,
            step,
            from,
            to,
            by: by.into(),
            decision: decision.map(|d| d.inputs_hash.clone()),
        });
        let at = self.history.len().saturating_sub(1);
        self.history
            .get(at)
            .ok_or(PartyError::Backdated { given: on, last })
    }
}

impl PartyError {
    pub(crate) fn step(from: ClientState, step: Transition) -> Self {
        Self::Step {
            from,
            step,
            allowed: allowed(from),
        }
    }
}

fn passed(decision: Option<&Decision>) -> Result<(), PartyError> {
    match decision {
        Some(decision) if decision.verdict == Verdict::Pass => Ok(()),
        Some(decision) => Err(PartyError::NotPassed {
            given: alloc::format!("the verdict is {:?}", decision.verdict),
            verdict: Some(decision.verdict),
        }),
        None => Err(PartyError::NotPassed {
            given: "none was given".into(),
            verdict: None,
        }),
    }
}

fn allowed(from: ClientState) -> String {
    let steps: Vec<&str> = from.steps().map(Transition::as_str).collect();
    if steps.is_empty() {
        "nothing".into()
    } else {
        steps.join(", ")
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ClientState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prospect => "prospect",
            Self::PendingApproval => "pending approval",
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Exited => "exited",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Blacklisted => "blacklisted",
            Self::Anonymised => "anonymised",
        })
    }
}
