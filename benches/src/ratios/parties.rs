//! Names and rules beside their budgets.

use std::hint::black_box;

use kyc_rules::names::{Name, NameKind, similarity};

use super::{Beside, Measure, Pair, Relation, Unit, clock::nanoseconds};
use crate::{
    inputs::parties::{NAME_PAIR, five_conditions, on, six_facts},
    storage::Failed,
};

pub const MEASURES: &[Measure] = &[
    Measure {
        name: "screening",
        about: "score of a pair of names | budget",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: screening,
    },
    Measure {
        name: "rule",
        about: "a compiled rule of five conditions, facts bound | budget",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: rule,
    },
];

fn screening() -> Result<Pair, Failed> {
    let names = [NAME_PAIR.0, NAME_PAIR.1].map(|name| Name::new(name, NameKind::Person));
    let ours = nanoseconds(move || {
        let [a, b] = black_box(&names);
        Ok::<_, Failed>(similarity(a, b))
    })?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(8_000.0),
    })
}

fn rule() -> Result<Pair, Failed> {
    // Kept for the whole run: bound facts borrow book and facts.
    let book = Box::leak(Box::new(five_conditions()));
    let facts = Box::leak(Box::new(six_facts()));
    let bound = book.bind(facts, on())?;
    let rule = "r".try_into()?;
    let ours =
        nanoseconds(move || Ok::<_, Failed>(book.test(black_box(&rule), black_box(&bound))))?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(150.0),
    })
}
