//! Every headline figure beside its floor, its peer or its budget.
//!
//! A [`Measure`] says what is measured and what must hold; [`Measure::take`] takes it in rounds that
//! alternate between our side and the other, so that a disturbance of the machine meets both, and
//! takes the median of each side.

mod clock;
mod journal;
mod loan;
mod measure;
mod momo;
mod parties;
mod portfolio;
mod product;
mod schedule;
mod storage;

pub use measure::{Beside, Measure, Outcome, Pair, Relation, Side, Unit};

/// All measures, in the order in which they are printed.
#[must_use]
pub fn all() -> Vec<Measure> {
    [
        momo::FIRST,
        schedule::MEASURES,
        loan::MEASURES,
        journal::MEASURES,
        storage::MEASURES,
        portfolio::MEASURES,
        parties::MEASURES,
        product::MEASURES,
        momo::MEASURES,
    ]
    .concat()
}
