//! Lines of credit: contracts, what is tried under them, and the laws held against them.

mod contract;
mod life;
mod lived;
mod model;
pub mod random;
mod step;

pub use contract::Contract;
pub use step::What;

/// One thing that is tried.
pub type Step = super::Step<What>;
