//! Quotes beside their budget.

use std::hint::black_box;

use ledger::Currency;
use products::QuoteContext;

use super::{Beside, Measure, Pair, Relation, Unit, clock::nanoseconds};
use crate::{
    inputs::product::{calendar, product, request},
    storage::Failed,
};

pub const MEASURES: &[Measure] = &[Measure {
    name: "product-quote",
    about: "a complete contract from a product, without schedule | 2 microseconds",
    unit: Unit::Time,
    relation: Relation::AtMost(1.0),
    prepare: quote,
}];

fn quote() -> Result<Pair, Failed> {
    let (product, request, calendar) = (product()?, request(), calendar());
    let ugx = Currency::from_code("UGX")?;
    let ours = nanoseconds(move || {
        let context = QuoteContext {
            client_type: Some("EMPLOYEE"),
            ..QuoteContext::new(&calendar, ugx)
        };
        product.quote(black_box(&request), &context)
    })?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(2_000.0),
    })
}
