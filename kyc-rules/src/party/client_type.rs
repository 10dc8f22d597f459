//! Client types a lender defines, and what each may do.

use alloc::{string::String, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Client, ClientState, Party};
use crate::code::{DocumentKind, FormId, Label};

/// A client type: farmers, employees, savings groups, ...
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientType {
    /// Which type.
    pub id: Label,
    /// What its clients are.
    pub party: PartyKind,
    /// May have accounts of their own.
    #[serde(default = "yes")]
    pub may_open_accounts: bool,
    /// May answer for the debt of others.
    #[serde(default = "yes")]
    pub may_guarantee: bool,
    /// Documents of which one has to be accepted and valid before an account is opened; empty: none
    /// is needed.
    #[serde(default)]
    pub identified_by: Vec<DocumentKind>,
    /// Forms that are filled in for it.
    #[serde(default)]
    pub forms: Vec<FormId>,
    /// The state a new client begins in: [`ClientState::PendingApproval`] (the usual) or
    /// [`ClientState::Inactive`] where no approval is asked for, or [`ClientState::Prospect`].
    #[serde(default = "pending")]
    pub begins: ClientState,
}

const fn yes() -> bool {
    true
}

const fn pending() -> ClientState {
    ClientState::PendingApproval
}

/// What a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PartyKind {
    /// A person.
    Individual,
    /// A company.
    Company,
    /// A group of clients.
    Group,
}

/// Why a client may not do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeBreach {
    /// The client is of another type.
    OtherType,
    /// The type is for another kind of party.
    OtherParty(PartyKind),
    /// The client's state does not allow it.
    State(ClientState),
    /// The type's clients have no accounts.
    NoAccounts,
    /// The type's clients answer for nobody.
    NoGuarantees,
    /// None of the documents is accepted and valid.
    NotIdentified(Vec<DocumentKind>),
}

impl fmt::Display for TypeBreach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherType => f.write_str("the client is of another type"),
            Self::OtherParty(_) => f.write_str("the type is for another kind of party"),
            Self::State(state) => write!(f, "the client is {state}"),
            Self::NoAccounts => f.write_str("clients of this type have no accounts"),
            Self::NoGuarantees => f.write_str("clients of this type guarantee nothing"),
            Self::NotIdentified(kinds) => {
                let kinds: Vec<&str> = kinds.iter().map(DocumentKind::as_str).collect();
                write!(f, "one of the documents {} is needed", kinds.join(", "))
            }
        }
    }
}

impl Party {
    /// What the client is.
    #[must_use]
    pub const fn kind(&self) -> PartyKind {
        match self {
            Self::Individual(_) => PartyKind::Individual,
            Self::Company(_) => PartyKind::Company,
            Self::Group(_) => PartyKind::Group,
        }
    }
}

impl ClientType {
    /// A new client of this type.
    #[must_use]
    pub fn client(
        &self,
        id: impl Into<String>,
        party: Party,
        country: crate::code::CountryCode,
        created: NaiveDate,
    ) -> Client {
        let mut client = Client::new(id, party, country, created);
        client.client_type = Some(self.id.clone());
        client.state = self.begins;
        client
    }

    /// Why the client may not open an account on a day; empty: nothing stands in the way.
    #[must_use]
    pub fn opening(&self, client: &Client, on: NaiveDate) -> Vec<TypeBreach> {
        let mut breaches = self.membership(client);
        if !self.may_open_accounts {
            breaches.push(TypeBreach::NoAccounts);
        }
        if !client.state.may_open_account() {
            breaches.push(TypeBreach::State(client.state));
        }
        let accepted = |kind: &DocumentKind| {
            let mut documents = client.documents.iter();
            documents.any(|document| document.kind == *kind && document.acceptable(on))
        };
        if !self.identified_by.is_empty() && !self.identified_by.iter().any(accepted) {
            breaches.push(TypeBreach::NotIdentified(self.identified_by.clone()));
        }
        breaches
    }

    /// Why the client may not answer for somebody else's debt; empty: nothing stands in the way.
    #[must_use]
    pub fn guaranteeing(&self, client: &Client) -> Vec<TypeBreach> {
        let mut breaches = self.membership(client);
        if !self.may_guarantee {
            breaches.push(TypeBreach::NoGuarantees);
        }
        if !client.state.may_open_account() {
            breaches.push(TypeBreach::State(client.state));
        }
        breaches
    }

    fn membership(&self, client: &Client) -> Vec<TypeBreach> {
        let mut breaches = Vec::new();
        if client.client_type.as_ref() != Some(&self.id) {
            breaches.push(TypeBreach::OtherType);
        }
        if client.party.kind() != self.party {
            breaches.push(TypeBreach::OtherParty(client.party.kind()));
        }
        breaches
    }
}
