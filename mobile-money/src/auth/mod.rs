//! How far a message may be trusted.
//!
//! ```
//! use mobile_money::{Trust, Trusted};
//! let body = Trusted::claimed(b"{}".as_slice());
//! assert_eq!(body.trust(), Trust::Claimed);
//! ```

mod trust;

pub use trust::{Trust, Trusted};
