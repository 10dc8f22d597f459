//! End of day over a store: exactly once per date, whatever happens in between.
//!
//! The lender here is small enough to do by hand: every account owes one shilling of interest a
//! day, posted as a sum per page; an account whose number ends in 7 also posts a fee of its own.
#![cfg(feature = "conformance")]

mod interrupted;
mod lender;
mod planned;
mod rules;
