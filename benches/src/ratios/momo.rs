//! Reading and matching of mobile-money notices beside their budgets.

use super::{Beside, Measure, Pair, Relation, Unit, clock::nanoseconds};
use crate::{
    inputs::momo::{REFERENCES, TYPED, book, notices, read_and_match, resident},
    storage::Failed,
};

/// Taken before all others: memory that they have freed would be used again and not be seen.
pub const FIRST: &[Measure] = &[Measure {
    name: "momo-reference-size",
    about: "memory of one reference with its phone in a book of 1,000,000 | budget",
    unit: Unit::Bytes,
    relation: Relation::Below(1.0),
    prepare: reference_size,
}];

pub const MEASURES: &[Measure] = &[Measure {
    name: "momo-match",
    about: "a notice read and matched against 1,000,000 references, five ways of typing in turn | budget",
    unit: Unit::Time,
    relation: Relation::Below(1.0),
    prepare: read_and_matched,
}];

fn read_and_matched() -> Result<Pair, Failed> {
    let book = book(REFERENCES)?;
    let bodies: Vec<String> = TYPED
        .iter()
        .flat_map(|(_, typed, phone)| notices(typed, phone, REFERENCES))
        .collect();
    let mut at = 0;
    let ours = nanoseconds(move || {
        // A prime step: the ways of typing alternate.
        at = (at + 101) % bodies.len();
        read_and_match(&bodies[at], &book)
    })?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(5_000.0),
    })
}

/// One book is enough: the second would be built in the memory of the first.
fn reference_size() -> Result<Pair, Failed> {
    let before = resident()?;
    let book = book(REFERENCES)?;
    let each = (resident()? - before) / f64::from(REFERENCES);
    drop(book);
    Ok(Pair {
        ours: Box::new(move || Ok(each)),
        beside: Beside::Budget(1_024.0),
    })
}
