//! Flows of loans.

use chrono::{Months, NaiveDate};
use lending_core::cost::Flow;
use rust_decimal::{Decimal, dec};

use super::schedule::start;

const PAYMENT: Decimal = dec!(1197.82);

/// 200000 less 2% of fees, 360 monthly payments.
#[must_use]
pub fn monthly() -> Vec<Flow> {
    let mut flows: Vec<Flow> = vec![(Decimal::ZERO, dec!(-196000)).into()];
    flows.extend((1..=360_u32).map(|month| {
        let years = Decimal::from(month) / dec!(12);
        Flow::from((years, PAYMENT))
    }));
    flows
}

/// The same on dates.
#[must_use]
pub fn dated() -> Vec<(NaiveDate, Decimal)> {
    let mut flows = vec![(start(), dec!(-196000))];
    flows.extend((1..=360_u32).map(|month| (start() + Months::new(month), PAYMENT)));
    flows
}

/// The same drawn in twelve parts, one before each of the first twelve payments: 23 changes of sign.
#[must_use]
pub fn tranches() -> Vec<Flow> {
    let mut flows = monthly();
    flows.remove(0);
    flows.extend((0..12_u32).map(|month| {
        let years = (Decimal::from(month) + dec!(0.5)) / dec!(12);
        Flow::from((years, dec!(-16333.33)))
    }));
    flows
}
