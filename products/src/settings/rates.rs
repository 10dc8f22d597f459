//! Rates that change over time.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use lending_core::schedule::IndexValue;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use ledger::money::exact;

/// What a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RateSourceKind {
    /// An index of interest rates.
    Interest,
    /// A tax on what is charged.
    Tax,
    /// A tax withheld from interest paid.
    WithholdingTax,
}

/// A rate from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RateFrom {
    /// The first day.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub from: NaiveDate,
    /// Percent.
    #[serde(with = "exact")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub percent: Decimal,
}

/// Why a rate was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RateSourceError {
    /// A new rate must start after the ones there are. Mambu's 1302.
    #[error(
        "rate source {source_name:?}: a rate from {given} is not allowed, a day after {after} is"
    )]
    Order {
        /// The source.
        source_name: String,
        /// The day given.
        given: NaiveDate,
        /// The day it must come after.
        after: NaiveDate,
    },
}

impl RateSourceError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Order { .. } => 5601,
        }
    }
}

/// A rate that changes over time, and that products refer to by name.
///
/// ```
/// use chrono::NaiveDate;
/// use products::settings::{RateSource, RateSourceKind};
/// use rust_decimal::dec;
/// let day = |m| NaiveDate::from_ymd_opt(2026, m, 1).unwrap();
/// let mut cbr = RateSource::new("CBR", RateSourceKind::Interest);
/// cbr.add(day(1), dec!(9.75))?;
/// cbr.add(day(4), dec!(9.5))?;
/// assert!(cbr.add(day(4), dec!(9)).is_err(), "a day has one rate");
/// assert_eq!(cbr.percent_on(day(3)), Some(dec!(9.75)));
/// assert_eq!(cbr.index_values().len(), 2); // for the context of a quote
/// # Ok::<(), products::settings::RateSourceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RateSource {
    name: String,
    kind: RateSourceKind,
    rates: Vec<RateFrom>,
}

/// The same fields, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "RateSource"))]
struct Form {
    name: String,
    kind: RateSourceKind,
    rates: Vec<RateFrom>,
}

impl TryFrom<Form> for RateSource {
    type Error = RateSourceError;
    fn try_from(form: Form) -> Result<Self, RateSourceError> {
        let mut source = Self::new(&form.name, form.kind);
        for rate in form.rates {
            source.add(rate.from, rate.percent)?;
        }
        Ok(source)
    }
}

impl RateSource {
    /// A source without rates.
    #[must_use]
    pub fn new(name: &str, kind: RateSourceKind) -> Self {
        Self {
            name: name.into(),
            kind,
            rates: Vec::new(),
        }
    }

    /// The name that products refer to.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for.
    #[must_use]
    pub const fn kind(&self) -> RateSourceKind {
        self.kind
    }

    /// Every rate, the oldest first.
    #[must_use]
    pub fn rates(&self) -> &[RateFrom] {
        &self.rates
    }

    /// Adds a rate from a day on.
    ///
    /// # Errors
    /// [`RateSourceError::Order`] unless the day comes after those there are.
    pub fn add(&mut self, from: NaiveDate, percent: Decimal) -> Result<(), RateSourceError> {
        if let Some(last) = self.rates.last()
            && from <= last.from
        {
            return Err(RateSourceError::Order {
                source_name: self.name.clone(),
                given: from,
                after: last.from,
            });
        }
        self.rates.push(RateFrom { from, percent });
        Ok(())
    }

    /// The rate on a day; `None` before the first.
    #[must_use]
    pub fn percent_on(&self, day: NaiveDate) -> Option<Decimal> {
        let held = self.rates.iter().rev().find(|rate| rate.from <= day);
        held.map(|rate| rate.percent)
    }

    /// The rates as a contract keeps the values of its index.
    #[must_use]
    pub fn index_values(&self) -> Vec<IndexValue> {
        let values = self.rates.iter().map(|rate| IndexValue {
            from: rate.from,
            percent: rate.percent,
        });
        values.collect()
    }
}
