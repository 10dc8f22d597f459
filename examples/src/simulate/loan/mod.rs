//! Loans: contracts, what is tried under them, and the laws held against them.

mod carry;
mod command;
mod contract;
mod life;
mod lived;
mod model;
mod money;
mod options;
mod owners;
pub mod random;
mod simpler;
mod step;

pub use contract::Contract;
pub use step::What;

/// One thing that is tried.
pub type Step = super::Step<What>;
