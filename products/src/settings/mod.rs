//! Settings of the lender as a whole, around every product.
//!
//! - [`LendingSettings`]: who may borrow how much beside what is owed already, and who may do what.
//! - [`TransactionChannel`]: the ways in which money comes and goes, and for which products.
//! - [`RateSource`]: rates that change over time and that products refer to by name.
//! - [`Forms`]: additional fields of records, by the names of their forms.
//!
//! What other crates hold: working days and holidays are a [`lending_core::dates::Calendar`],
//! checks for duplicate clients a policy of `kyc-rules` (`duplicates`), as are states of clients
//! and the forms themselves.

mod channel;
mod forms;
mod lending;
mod rates;

pub use channel::{ChannelUse, TransactionChannel};
pub use forms::{FormName, FormNameError, Forms, RecordKind};
pub use lending::{Applicant, EndOfDay, ExposureLimit, GroupSize, LendingSettings};
pub use rates::{RateFrom, RateSource, RateSourceError, RateSourceKind};
