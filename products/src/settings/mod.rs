//! Settings of the lender as a whole, around every product.
//!
//! - [`LendingSettings`]: who may borrow how much beside what is owed already, and who may do what.
//! - [`TransactionChannel`]: the ways in which money comes and goes, and for which products.
//! - [`RateSource`]: rates that change over time and that products refer to by name.

mod channel;
mod lending;
mod rates;

pub use channel::{ChannelUse, TransactionChannel};
pub use lending::{Applicant, EndOfDay, ExposureLimit, GroupSize, LendingSettings};
pub use rates::{RateFrom, RateSource, RateSourceError, RateSourceKind};
