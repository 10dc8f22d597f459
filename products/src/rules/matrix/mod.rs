//! The compatibility matrix: pairs of settings that make no sense together. Data, not code: the
//! documentation prints it and the tests go through all of it.

mod charges;
mod flat;
mod free;
mod has;
mod interest;
mod kinds;
mod payments;
mod schedule;

use super::{Rule, fee_given, is_given_wrongly, tiered_rate};
use crate::LoanProduct;

/// Every rule of loan products by subject, in the order in which violations are reported.
pub const MATRIX: &[&[Rule<LoanProduct>]] = &[
    flat::RULES,
    free::RULES,
    interest::RULES,
    schedule::RULES,
    payments::RULES,
    charges::RULES,
    kinds::RULES,
];
