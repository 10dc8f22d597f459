//! Schedules beside the bare loops.

use std::hint::black_box;

use ledger::Currency;
use lending_core::{
    cost::{apr::eu_apr, tvm::xirr},
    dates::Calendar,
    schedule::generate,
};
use rust_decimal::dec;

use super::{Beside, Measure, Pair, Relation, Side, Unit, clock::nanoseconds};
use crate::{
    inputs::{
        cost::{dated, monthly},
        schedule::{PRINCIPAL, ROWS, bare_decimals, bare_integers, book, start, terms},
    },
    storage::Failed,
};

pub const MEASURES: &[Measure] = &[
    Measure {
        name: "schedule-360",
        about: "360 dated equal instalments in cents | a bare i128 loop without dates",
        unit: Unit::Time,
        relation: Relation::AtMost(3.0),
        prepare: beside_integers,
    },
    Measure {
        name: "schedule-360-decimal",
        about: "360 dated equal instalments in cents | a bare rust_decimal loop without dates",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: beside_decimals,
    },
    Measure {
        name: "schedule-mixed",
        about: "one schedule of a mixed book, 100,000 a second | budget",
        unit: Unit::Time,
        relation: Relation::AtMost(1.0),
        prepare: mixed,
    },
    Measure {
        name: "schedule-growth",
        about: "a row of 1,000 instalments | a row of 100 instalments",
        unit: Unit::Time,
        relation: Relation::AtMost(1.2),
        prepare: growth,
    },
    Measure {
        name: "apr-360",
        about: "APR of 360 monthly payments | budget",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: annual_rate,
    },
    Measure {
        name: "xirr-360",
        about: "internal rate of 360 dated payments | budget",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: dated_rate,
    },
];

fn ours() -> Result<Side, Failed> {
    let (terms, calendar) = (terms(ROWS), Calendar::default());
    let usd = Currency::from_code("USD")?;
    nanoseconds(move || generate(black_box(&terms), PRINCIPAL, usd, start(), &calendar))
}

fn beside_integers() -> Result<Pair, Failed> {
    let floor = nanoseconds(|| {
        let mut rows = Vec::with_capacity(ROWS as usize);
        let (num, den) = (black_box(599), black_box(120_000));
        bare_integers(black_box(20_000_000), num, den, &mut rows);
        Ok::<_, Failed>(rows)
    })?;
    Ok(Pair {
        ours: ours()?,
        beside: Beside::Measured(floor),
    })
}

fn beside_decimals() -> Result<Pair, Failed> {
    let rate = dec!(0.0599) / dec!(12);
    let floor = nanoseconds(move || {
        let mut rows = Vec::with_capacity(ROWS as usize);
        bare_decimals(black_box(PRINCIPAL), black_box(rate), &mut rows);
        Ok::<_, Failed>(rows)
    })?;
    Ok(Pair {
        ours: ours()?,
        beside: Beside::Measured(floor),
    })
}

/// Nanoseconds a row.
fn row_of(count: u32) -> Result<Side, Failed> {
    let (terms, calendar) = (terms(count), Calendar::default());
    let usd = Currency::from_code("USD")?;
    let mut whole =
        nanoseconds(move || generate(black_box(&terms), PRINCIPAL, usd, start(), &calendar))?;
    Ok(Box::new(move || Ok(whole()? / f64::from(count))))
}

fn growth() -> Result<Pair, Failed> {
    Ok(Pair {
        ours: row_of(1_000)?,
        beside: Beside::Measured(row_of(100)?),
    })
}

fn annual_rate() -> Result<Pair, Failed> {
    let flows = monthly();
    Ok(Pair {
        ours: nanoseconds(move || eu_apr(black_box(&flows)))?,
        beside: Beside::Budget(100_000.0),
    })
}

fn dated_rate() -> Result<Pair, Failed> {
    let flows = dated();
    Ok(Pair {
        ours: nanoseconds(move || xirr(black_box(&flows), None))?,
        beside: Beside::Budget(100_000.0),
    })
}

fn mixed() -> Result<Pair, Failed> {
    let (book, calendar) = (book(), Calendar::weekends());
    let kes = Currency::from_code("KES")?;
    let mut at = 0;
    let ours = nanoseconds(move || {
        at = (at + 1) % book.len();
        generate(black_box(&book[at]), dec!(15000), kes, start(), &calendar)
    })?;
    Ok(Pair {
        ours,
        beside: Beside::Budget(10_000.0),
    })
}
