//! Loan contracts, schedules, interest, arrears, fees, postings and the storage port.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::float_arithmetic,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]
#![deny(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

extern crate alloc;

pub mod actus;
pub mod compact;
pub mod cost;
pub mod dates;
pub mod day_count;
pub mod end_of_day;
pub mod history;
pub mod ids;
pub mod loan;
pub mod revolving;
pub mod schedule;
mod shared;
pub mod store;
