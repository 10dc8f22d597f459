//! Shared parts of the example binaries.

pub mod conformance;
pub mod lender;
