//! Clients: people, companies and groups, their documents, contacts and states.
//!
//! ```
//! use kyc_rules::party::{Client, ClientState, Individual, Party, Transition};
//! use chrono::NaiveDate;
//! let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
//! let mut client = Client::new("C-1", Party::Individual(Individual {
//!     first_name: "Sarah".into(), last_name: "Nakato".into(), ..Individual::default()
//! }), "UG".to_string().try_into()?, on);
//! assert_eq!(client.state, ClientState::PendingApproval);
//! // Approval needs a decision that passed; without one it is refused and nothing changes.
//! assert!(client.transition(Transition::Approve, on, "officer-7", None, 0).is_err());
//! assert_eq!(client.state, ClientState::PendingApproval);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod client;
mod client_type;
mod document;
mod error;
mod state;
mod template;

pub use client::{
    Address, Assignment, Client, Company, Contact, ContactKind, Group, GroupMember, Individual,
    Party, Relation, RelationKind, Sex,
};
pub use client_type::{ClientType, PartyKind, TypeBreach};
pub use document::{DocumentStatus, IdentityDocument};
pub use error::PartyError;
pub use state::{ClientState, StateChange, Transition};
pub use template::{DocumentFault, DocumentTemplate, ZoneField, mandatory_missing};
