//! What the store does in a second, beside what the machine can do.

mod commits;
mod figures;
mod portfolio;

pub use commits::{
    bare, bare_insert, date, header, id, opening, payment, sequential_write, synced_writes,
};
pub use figures::{Bench, memory_high_water, write};
pub use portfolio::{close_day, fill, first_day, following, options, pay_due};

/// Any error of a measurement.
pub type Failed = Box<dyn std::error::Error>;
