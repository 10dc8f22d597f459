//! What is measured, shared by the criterion benchmarks and the `ratios` runner.

pub mod cost;
pub mod journal;
pub mod loan;
pub mod momo;
pub mod parties;
pub mod product;
pub mod schedule;
