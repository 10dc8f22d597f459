//! Intake: one transaction out of everything said about it.
//!
//! A payment is announced over several channels, repeatedly, late and out of order. The intake
//! keeps the *set* of distinct things said about each transaction and derives everything else from
//! that set, so the final state cannot depend on the order or the number of arrivals:
//!
//! - a transaction is (provider, provider id); news that carries only our own id joins the
//!   transaction that has that id, and stands alone until there is one;
//! - the status is the highest said, in the order unknown, pending, ambiguous, failed, success;
//!   success after a failure counts and is flagged, a failure after success undoes nothing;
//! - fields that one channel leaves out come from another;
//! - two different amounts of equal trust hold the money until a person decides; an amount of
//!   higher trust wins, and the disagreement is flagged;
//! - a reversal takes back the transaction it names, even when it arrives first.
//!
//! [`Intake::hear`] takes the bytes of a message, [`Intake::receive`] one payment already read.
//!
//! Use one intake for one set of provider ids (one operator in one country, as a rule): ids of
//! different operators may collide.
//!
//! ```
//! use chrono::{TimeZone, Utc};
//! use mobile_money::{Channel, Intake, Message, Trusted, parse};
//! use mobile_money::intake::{Outcome, Standing};
//! let c2b = br#"{"TransID":"SFB41KX7PQ","TransAmount":"1500.00","BillRefNumber":"EO41877","MSISDN":""}"#;
//! let mut intake = Intake::default();
//! let noon = Utc.with_ymd_and_hms(2024, 6, 11, 12, 0, 0).unwrap();
//! let Message::Payment(payment) = parse(Channel::MpesaC2bConfirmation, c2b)? else { unreachable!() };
//! let first = intake.receive(Trusted::claimed(payment.clone()), noon)?;
//! assert_eq!(first.outcome, Outcome::New);
//! let again = intake.receive(Trusted::claimed(payment), noon)?;
//! assert_eq!(again.outcome, Outcome::Duplicate);
//! let transaction = intake.transaction(&first.key).unwrap();
//! assert_eq!(transaction.standing, Standing::Settled);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod hear;
mod state;
mod transaction;

pub use error::IntakeError;
pub use hear::{Delivery, Heard};
pub use state::{Intake, IntakeRules, Outcome, Received, Unreadable};
pub use transaction::{Flag, Notice, Standing, Transaction, TransactionKey};
