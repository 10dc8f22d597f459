//! Serde helpers that keep one value readable in text formats and small in binary ones.
//!
//! JSON shows dates as `"2024-02-29"` and decimals as `"12.50"`; a binary format such as postcard
//! stores days since 1970-01-01 and mantissa with scale, 3 to 6 bytes instead of 8 to 12. Account
//! state is written for every account every day, so this halves what end of day writes.

/// A [`chrono::NaiveDate`].
pub mod date {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    /// Days from 0001-01-01 (day 1) to 1970-01-01.
    const EPOCH: i32 = 719_163;

    pub(crate) fn to_days(date: NaiveDate) -> i32 {
        date.num_days_from_ce().saturating_sub(EPOCH)
    }

    pub(crate) fn from_days(days: i32) -> Option<NaiveDate> {
        NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH)?)
    }

    /// Writes the date.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(date: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            date.serialize(serializer)
        } else {
            serializer.serialize_i32(to_days(*date))
        }
    }

    /// Reads the date.
    ///
    /// # Errors
    /// Those of the deserializer, or a day outside the calendar.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
        if deserializer.is_human_readable() {
            NaiveDate::deserialize(deserializer)
        } else {
            from_days(i32::deserialize(deserializer)?)
                .ok_or_else(|| D::Error::custom("day outside the calendar"))
        }
    }
}

/// An optional [`chrono::NaiveDate`].
pub mod date_option {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    /// Writes the date.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(
        date: &Option<NaiveDate>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            date.serialize(serializer)
        } else {
            date.map(super::date::to_days).serialize(serializer)
        }
    }

    /// Reads the date.
    ///
    /// # Errors
    /// Those of the deserializer, or a day outside the calendar.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<NaiveDate>, D::Error> {
        if deserializer.is_human_readable() {
            return Option::<NaiveDate>::deserialize(deserializer);
        }
        Option::<i32>::deserialize(deserializer)?
            .map(|days| {
                super::date::from_days(days)
                    .ok_or_else(|| D::Error::custom("day outside the calendar"))
            })
            .transpose()
    }
}

/// A [`rust_decimal::Decimal`]; never a binary float.
pub mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    /// Writes the number.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            ledger::money::exact::serialize(value, serializer)
        } else {
            // Without trailing zeros: equal numbers have equal bytes, however they arose.
            let value = value.normalize();
            (value.mantissa(), value.scale()).serialize(serializer)
        }
    }

    /// Reads the number.
    ///
    /// # Errors
    /// Those of the deserializer, or a number that does not fit.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        if deserializer.is_human_readable() {
            return ledger::money::exact::deserialize(deserializer);
        }
        let (mantissa, scale) = <(i128, u32)>::deserialize(deserializer)?;
        Decimal::try_from_i128_with_scale(mantissa, scale).map_err(D::Error::custom)
    }
}
