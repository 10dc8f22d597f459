//! Shared inputs of the benchmarks, and the measures of the `ratios` runner.

pub mod inputs;
pub mod memory;
pub mod ratios;
pub use lending_examples::bench as storage;
