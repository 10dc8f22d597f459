//! What is observed outside of a contract: values of market objects and events.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{code::EventType, error::ActusError, value};

/// One observed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservedValue {
    /// From when on the value holds.
    #[serde(deserialize_with = "value::needed")]
    pub timestamp: NaiveDateTime,
    /// The value: a rate as a fraction (0.05 is 5%), an index, a price of a currency.
    #[serde(deserialize_with = "value::needed")]
    pub value: Decimal,
}

/// The observed values of one market object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservedSeries {
    /// The market object code that terms refer to.
    pub identifier: String,
    /// Its values, in any order.
    pub data: Vec<ObservedValue>,
}

/// An event that depends on somebody's choice and was observed.
///
/// | type | contracts | value |
/// |---|---|---|
/// | PR | UMP | principal withdrawn (a deposit is below zero) |
/// | PP | all but CLM and UMP | principal prepaid |
/// | PY | all but CLM and UMP | penalty paid |
/// | XD | CLM | none: notice is given |
/// | CE | all | none: the counterparty defaults; what follows is still reckoned |
/// | AD | all | none: the state at this time is asked for |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservedEvent {
    /// When it happens.
    #[serde(deserialize_with = "value::needed")]
    pub time: NaiveDateTime,
    /// What happens.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// The amount, above zero where money flows towards the lender.
    #[serde(default, deserialize_with = "value::one")]
    pub value: Option<Decimal>,
}

/// Everything that is observed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    values: BTreeMap<String, BTreeMap<NaiveDateTime, Decimal>>,
    events: Vec<ObservedEvent>,
}

impl Observed {
    /// Adds the values of a series to those of its identifier; a value of the same time takes the
    /// place of an earlier one.
    pub fn add_series(&mut self, series: ObservedSeries) {
        let values = self.values.entry(series.identifier).or_default();
        values.extend(series.data.iter().map(|one| (one.timestamp, one.value)));
    }

    /// Adds an event.
    pub fn add_event(&mut self, event: ObservedEvent) {
        self.events.push(event);
    }

    /// The events, in the order they were added.
    #[must_use]
    pub fn events(&self) -> &[ObservedEvent] {
        &self.events
    }

    /// The value that holds at a time: the last one observed at or before it.
    ///
    /// # Errors
    /// [`ActusError::NotObserved`].
    pub fn at(&self, identifier: &str, time: NaiveDateTime) -> Result<Decimal, ActusError> {
        self.values
            .get(identifier)
            .and_then(|values| values.range(..=time).next_back())
            .map(|(_, value)| *value)
            .ok_or_else(|| ActusError::NotObserved {
                identifier: identifier.into(),
                time,
            })
    }
}
