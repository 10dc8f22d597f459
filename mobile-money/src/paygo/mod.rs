//! Pay-as-you-go: money becomes days, days become codes, codes open devices.
//!
//! - [`credit`]: exact credit days; many payments give the same days as one payment of their sum.
//! - [`deal`]: deposit, rate per period, free days, bonus, release and repossession, as a replay
//!   over what happened.
//! - [`openpaygo`] and [`nexus`]: the two published token systems, encoders and decoders.
//! - [`device`]: desired and reported lock state, with commands as data.
//! - [`kpi`]: repayment figures of the PERFORM guides.
//!
//! ```
//! use mobile_money::paygo::credit::{Carry, Rate};
//! use rust_decimal::dec;
//! // 10,000 a week: 1,428 buys nothing yet, one more shilling on top of 1,428 buys a day.
//! let rate = Rate::new(dec!(10000), 7)?;
//! let first = rate.buy(Carry::ZERO, dec!(1428))?;
//! let second = rate.buy(first.carry, dec!(1429))?;
//! assert_eq!((first.days, second.days), (0, 1));
//! assert_eq!(second.carry.to_string(), "9999/7");
//! # Ok::<(), mobile_money::paygo::PaygoError>(())
//! ```

pub mod credit;
pub mod deal;
pub mod device;
mod error;
mod fraction;
pub mod kpi;
pub mod nexus;
pub mod openpaygo;

pub use error::PaygoError;
pub use fraction::Fraction;
