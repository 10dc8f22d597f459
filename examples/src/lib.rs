//! Shared parts of the example binaries.

pub mod bench;
pub mod conformance;
pub mod lender;
pub mod simulate;
pub mod torture;

/// The README's example is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
