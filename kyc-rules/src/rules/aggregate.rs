//! Aggregates over rows the host passes: counts and sums in a window.
//!
//! A stream that was not passed makes the aggregate unknown; an empty one makes it zero (a maximum,
//! minimum or average of nothing is unknown). Rows later than the window's end never count.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use ledger::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    cond::CmpOp,
    eval::{BoundFacts, compare, convert},
};
use crate::{
    code::{FieldName, StreamId},
    facts::{Row, Value, ValueKind},
};

/// A figure over the rows of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Aggregate {
    /// Which stream.
    pub of: StreamId,
    /// Which figure.
    pub figure: Figure,
    /// Which rows: those that meet every test. A row without the field does not meet it.
    #[serde(default)]
    pub filter: Vec<RowTest>,
    /// How far back.
    pub window: Window,
    /// Whether the event under decision counts.
    #[serde(default)]
    pub include_current: bool,
}

/// A figure over rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Figure {
    /// How many rows.
    Count,
    /// How many different values of a field.
    CountDistinct(FieldName),
    /// Sum of a number field.
    Sum(FieldName),
    /// Sum of a money field, in one currency; other currencies need their rate.
    SumMoney {
        /// The field.
        field: FieldName,
        /// The currency of the sum.
        currency: ledger::Currency,
    },
    /// Largest amount of a money field, in one currency.
    MaxMoney {
        /// The field.
        field: FieldName,
        /// The currency of the result.
        currency: ledger::Currency,
    },
    /// Largest of a number field.
    Max(FieldName),
    /// Smallest of a number field.
    Min(FieldName),
    /// Mean of a number field.
    Average(FieldName),
    /// Whole days since the latest row before the end of the window.
    DaysSinceLast,
}

/// A test of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowTest {
    /// The field.
    pub field: FieldName,
    /// How it compares.
    pub op: CmpOp,
    /// With what.
    pub value: Value,
}

/// How far back rows count. The end is the moment of the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Window {
    /// So many hours before the moment (exclusive) to the moment.
    RollingHours(u32),
    /// So many times 24 hours.
    RollingDays(u32),
    /// The calendar day of the moment, in the time zone of the rows.
    CalendarDay,
    /// The calendar month of the moment.
    CalendarMonth,
    /// The latest so many rows.
    Last(u32),
    /// All rows.
    All,
}

impl Figure {
    pub(crate) const fn kind(&self) -> ValueKind {
        match self {
            Self::SumMoney { .. } | Self::MaxMoney { .. } => ValueKind::Money,
            _ => ValueKind::Number,
        }
    }
}

pub(crate) fn moment(bound: &BoundFacts<'_>) -> NaiveDateTime {
    let end = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
    bound.facts.now().unwrap_or_else(|| bound.on.and_time(end))
}

impl Aggregate {
    pub(crate) fn value(&self, bound: &BoundFacts<'_>) -> Option<Value> {
        let now = moment(bound);
        let mut rows: Vec<&Row> = bound
            .facts
            .stream(&self.of)?
            .iter()
            .filter(|row| row.at <= now && (self.include_current || !row.current))
            .filter(|row| self.window.covers(row.at, now))
            .filter(|row| self.filter.iter().all(|test| test.holds(row, bound)))
            .collect();
        if let Window::Last(count) = self.window {
            rows.sort_by_key(|row| core::cmp::Reverse(row.at));
            rows.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        }
        self.figure.over(&rows, now, bound)
    }
}

impl Window {
    fn covers(self, at: NaiveDateTime, now: NaiveDateTime) -> bool {
        let rolling = |hours: i64| {
            TimeDelta::try_hours(hours)
                .and_then(|span| now.checked_sub_signed(span))
                .is_none_or(|start| at > start)
        };
        match self {
            Self::RollingHours(hours) => rolling(i64::from(hours)),
            Self::RollingDays(days) => rolling(i64::from(days).saturating_mul(24)),
            Self::CalendarDay => at.date() == now.date(),
            Self::CalendarMonth => month(at.date()) == month(now.date()),
            Self::Last(_) | Self::All => true,
        }
    }
}

fn month(date: NaiveDate) -> (i32, u32) {
    (date.year(), date.month())
}

impl RowTest {
    fn holds(&self, row: &Row, bound: &BoundFacts<'_>) -> bool {
        row.get(&self.field)
            .and_then(|value| compare(value, &self.value, bound))
            .is_some_and(|order| self.op.holds(order))
    }
}

impl Figure {
    fn over(&self, rows: &[&Row], now: NaiveDateTime, bound: &BoundFacts<'_>) -> Option<Value> {
        match self {
            Self::Count => whole(rows.len()),
            Self::CountDistinct(field) => {
                // Values have no total order; their text with kind is as distinct as they are.
                let distinct: BTreeSet<String> = rows
                    .iter()
                    .filter_map(|row| row.get(field))
                    .map(|value| alloc::format!("{} {value}", value.kind()))
                    .collect();
                whole(distinct.len())
            }
            Self::Sum(field) => numbers(rows, field)?
                .into_iter()
                .try_fold(Decimal::ZERO, Decimal::checked_add)
                .map(Value::Number),
            Self::Average(field) => {
                let numbers = numbers(rows, field)?;
                let count = Decimal::from(u64::try_from(numbers.len()).ok()?);
                let sum = numbers
                    .into_iter()
                    .try_fold(Decimal::ZERO, Decimal::checked_add)?;
                sum.checked_div(count).map(Value::Number)
            }
            Self::Max(field) => numbers(rows, field)?.into_iter().max().map(Value::Number),
            Self::Min(field) => numbers(rows, field)?.into_iter().min().map(Value::Number),
            Self::SumMoney { field, currency } => {
                let amounts = amounts(rows, field, *currency, bound)?;
                Money::sum(*currency, &amounts).ok().map(Value::Money)
            }
            Self::MaxMoney { field, currency } => amounts(rows, field, *currency, bound)?
                .into_iter()
                .max_by(|a, b| a.checked_cmp(b).unwrap_or(Ordering::Equal))
                .map(Value::Money),
            Self::DaysSinceLast => {
                let last = rows.iter().map(|row| row.at.date()).max()?;
                let days = now.date().signed_duration_since(last).num_days();
                Some(Value::Number(Decimal::from(days)))
            }
        }
    }
}

fn whole(count: usize) -> Option<Value> {
    Some(Value::Number(Decimal::from(u64::try_from(count).ok()?)))
}

/// The numbers of a field; unknown when a row has something else there: a sum that silently leaves
/// out a row would be wrong.
fn numbers(rows: &[&Row], field: &FieldName) -> Option<Vec<Decimal>> {
    rows.iter()
        .map(|row| match row.get(field) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        })
        .collect()
}

fn amounts(
    rows: &[&Row],
    field: &FieldName,
    currency: ledger::Currency,
    bound: &BoundFacts<'_>,
) -> Option<Vec<Money>> {
    rows.iter()
        .map(|row| match row.get(field) {
            Some(Value::Money(money)) => convert(money, currency, bound),
            _ => None,
        })
        .collect()
}

impl core::fmt::Display for Aggregate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let window = match self.window {
            Window::RollingHours(hours) => alloc::format!("in {hours} hours"),
            Window::RollingDays(days) => alloc::format!("in {days} days"),
            Window::CalendarDay => "this calendar day".to_string(),
            Window::CalendarMonth => "this calendar month".to_string(),
            Window::Last(count) => alloc::format!("of the last {count}"),
            Window::All => "ever".to_string(),
        };
        let figure = match &self.figure {
            Figure::Count => "count".to_string(),
            Figure::CountDistinct(field) => alloc::format!("different {field}"),
            Figure::Sum(field) => alloc::format!("sum of {field}"),
            Figure::SumMoney { field, currency } => alloc::format!("sum of {field} in {currency}"),
            Figure::MaxMoney { field, currency } => {
                alloc::format!("largest {field} in {currency}")
            }
            Figure::Max(field) => alloc::format!("largest {field}"),
            Figure::Min(field) => alloc::format!("smallest {field}"),
            Figure::Average(field) => alloc::format!("mean {field}"),
            Figure::DaysSinceLast => "days since the last".to_string(),
        };
        write!(f, "{figure} over {} {window}", self.of)
    }
}
