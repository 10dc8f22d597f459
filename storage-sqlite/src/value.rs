//! Values of the port as columns, and back.

use core::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use lending_core::store::StoreError;
use rusqlite::Row;

use crate::error::{backend, corrupt};

/// Days from 0001-01-01 to 1970-01-01.
const EPOCH: i64 = 719_163;

/// The days from 1970-01-01 to this date.
pub(crate) fn to_day(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - EPOCH
}

/// The date this many days from 1970-01-01.
pub(crate) fn to_date(day: i64) -> Result<NaiveDate, StoreError> {
    let days = Days::new(day.unsigned_abs());
    let epoch = NaiveDate::default();
    let date = if day < 0 {
        epoch.checked_sub_days(days)
    } else {
        epoch.checked_add_days(days)
    };
    date.ok_or_else(|| corrupt(format!("day {day} is no date")))
}

/// A version or number that fits SQLite's signed integers: no store counts beyond 2^63.
pub(crate) fn to_integer(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Malformed {
        reason: "a version or number is beyond 63 bits",
        subject: number.to_string(),
    })
}

/// Reads columns of a row in the words of the port.
pub(crate) trait Columns {
    fn integer(&self, column: usize) -> Result<i64, StoreError>;
    fn number(&self, column: usize) -> Result<u64, StoreError>;
    fn optional_date(&self, column: usize) -> Result<Option<NaiveDate>, StoreError>;
    fn id(&self, column: usize) -> Result<u128, StoreError>;
    fn optional_id(&self, column: usize) -> Result<Option<u128>, StoreError>;
    fn code<T: FromStr<Err: core::fmt::Display>>(&self, column: usize) -> Result<T, StoreError>;
    fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError>;
    fn text(&self, column: usize) -> Result<String, StoreError>;

    fn date(&self, column: usize) -> Result<NaiveDate, StoreError> {
        to_date(self.integer(column)?)
    }
}

impl Columns for Row<'_> {
    fn integer(&self, column: usize) -> Result<i64, StoreError> {
        self.get(column).map_err(backend)
    }

    fn number(&self, column: usize) -> Result<u64, StoreError> {
        let integer = self.integer(column)?;
        u64::try_from(integer).map_err(|_| corrupt(format!("{integer} where a count belongs")))
    }

    fn optional_date(&self, column: usize) -> Result<Option<NaiveDate>, StoreError> {
        let day: Option<i64> = self.get(column).map_err(backend)?;
        day.map(to_date).transpose()
    }

    fn id(&self, column: usize) -> Result<u128, StoreError> {
        let bytes: [u8; 16] = self.get(column).map_err(backend)?;
        Ok(u128::from_be_bytes(bytes))
    }

    fn optional_id(&self, column: usize) -> Result<Option<u128>, StoreError> {
        let bytes: Option<[u8; 16]> = self.get(column).map_err(backend)?;
        Ok(bytes.map(u128::from_be_bytes))
    }

    fn code<T: FromStr<Err: core::fmt::Display>>(&self, column: usize) -> Result<T, StoreError> {
        let value = self.get_ref(column).map_err(backend)?;
        let text = value.as_str().map_err(|error| corrupt(error.to_string()))?;
        text.parse()
            .map_err(|error: T::Err| corrupt(error.to_string()))
    }

    fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.get(column).map_err(backend)
    }

    fn text(&self, column: usize) -> Result<String, StoreError> {
        self.get(column).map_err(backend)
    }
}
