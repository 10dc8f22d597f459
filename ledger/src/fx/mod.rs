//! Foreign exchange: dated rates, position accounts, revaluation.
//!
//! An exchange never mixes currencies in one balance: each currency balances on its own through a
//! *position account*. In the foreign currency the position account shows how much of it the
//! company holds, in the base currency what that cost. Revaluation brings the cost to the value at
//! today's rate and books the difference as gain or loss.
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::{fx::{ExchangeRate, RateSide, RateTable}, Currency, Money, Rounding};
//! use rust_decimal::dec;
//! let (usd, kes) = (Currency::from_code("USD")?, Currency::from_code("KES")?);
//! let day = NaiveDate::from_ymd_opt(2024, 1, 2).unwrap();
//! let mut rates = RateTable::default();
//! rates.add(usd, kes, ExchangeRate::new(day, dec!(128.50), dec!(131.50))?)?;
//! let hundred = Money::new(dec!(100), usd);
//! let bought = rates.convert(&hundred, kes, day, RateSide::Buy, Rounding::HalfUp)?;
//! assert_eq!(bought.to_string(), "12850.00 KES");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod position;

use alloc::{collections::BTreeMap, vec::Vec};

use chrono::NaiveDate;
pub use position::Revaluation;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, EntryError, GlCode, GlType, Money, MoneyError, Rounding};

/// Why a rate was refused, or an amount not converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FxError {
    /// A rate that is not above zero, or buys for more than it sells.
    #[error(
        "rates to buy at {buy} and sell at {sell} are not allowed: both are above zero, and buying is not dearer than selling"
    )]
    Rate {
        /// The buying rate.
        buy: Decimal,
        /// The selling rate.
        sell: Decimal,
    },
    /// The new rate does not start after the last one.
    #[error("a rate of {base} in {quote} from {from} is not allowed: it must start after {last}")]
    NotAfter {
        /// The currency that is priced.
        base: Currency,
        /// The currency of the price.
        quote: Currency,
        /// The first day of the new rate.
        from: NaiveDate,
        /// The first day of the last rate.
        last: NaiveDate,
    },
    /// A currency against itself.
    #[error("a rate of {currency} in itself is not allowed")]
    SameCurrency {
        /// The currency.
        currency: Currency,
    },
    /// No rate holds on that day.
    #[error("no rate of {base} in {quote} on {date}")]
    Missing {
        /// The currency that is priced.
        base: Currency,
        /// The currency of the price.
        quote: Currency,
        /// The day.
        date: NaiveDate,
    },
    /// The account is not in the chart.
    #[error("GL account {account} is not in the chart of accounts")]
    UnknownAccount {
        /// The account.
        account: GlCode,
    },
    /// Gains are income and losses are expenses.
    #[error("GL account {account} is {given:?}: {allowed:?} is needed")]
    AccountType {
        /// The account.
        account: GlCode,
        /// Its type.
        given: GlType,
        /// The type that is needed.
        allowed: GlType,
    },
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The entry cannot be made.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

impl FxError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Rate { .. } => 2001,
            Self::NotAfter { .. } => 2002,
            Self::SameCurrency { .. } => 2003,
            Self::Missing { .. } => 2004,
            Self::UnknownAccount { .. } => 2005,
            Self::AccountType { .. } => 2006,
            Self::Money(error) => error.code(),
            Self::Entry(error) => error.code(),
        }
    }
}

/// What one unit of a currency costs from a day on, until the next rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawRate")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExchangeRate {
    from: NaiveDate,
    #[serde(with = "crate::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    buy: Decimal,
    #[serde(with = "crate::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    sell: Decimal,
}

/// The same fields, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ExchangeRate"))]
struct RawRate {
    from: NaiveDate,
    #[serde(with = "crate::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    buy: Decimal,
    #[serde(with = "crate::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    sell: Decimal,
}

impl TryFrom<RawRate> for ExchangeRate {
    type Error = FxError;
    fn try_from(raw: RawRate) -> Result<Self, FxError> {
        Self::new(raw.from, raw.buy, raw.sell)
    }
}

impl ExchangeRate {
    /// A rate from a day on: the company buys a unit at `buy` and sells it at `sell`.
    ///
    /// # Errors
    /// [`FxError::Rate`] unless `0 < buy <= sell`.
    pub fn new(from: NaiveDate, buy: Decimal, sell: Decimal) -> Result<Self, FxError> {
        if buy <= Decimal::ZERO || buy > sell {
            return Err(FxError::Rate { buy, sell });
        }
        Ok(Self { from, buy, sell })
    }

    /// The first day.
    #[must_use]
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The rate of one side; the middle is the mean of both.
    ///
    /// # Errors
    /// [`FxError::Money`] when the sum of both does not fit.
    pub fn side(&self, side: RateSide) -> Result<Decimal, FxError> {
        match side {
            RateSide::Buy => Ok(self.buy),
            RateSide::Sell => Ok(self.sell),
            RateSide::Middle => {
                let sum = self.buy.checked_add(self.sell);
                let middle = sum.and_then(|sum| sum.checked_div(Decimal::TWO));
                middle.ok_or(FxError::Rate {
                    buy: self.buy,
                    sell: self.sell,
                })
            }
        }
    }
}

/// Which of the two rates is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RateSide {
    /// The company buys the priced currency.
    Buy,
    /// The company sells it.
    Sell,
    /// Half way between, for revaluation.
    Middle,
}

/// Dated rates of currency pairs.
///
/// Serialised as a list of `{"base", "quote", "rates"}`, by pair, rates by day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<PairRates>", into = "Vec<PairRates>")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Vec<PairRates>"))]
pub struct RateTable {
    rates: BTreeMap<(Currency, Currency), Vec<ExchangeRate>>,
}

/// The rates of one pair.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct PairRates {
    base: Currency,
    quote: Currency,
    rates: Vec<ExchangeRate>,
}

impl TryFrom<Vec<PairRates>> for RateTable {
    type Error = FxError;
    fn try_from(pairs: Vec<PairRates>) -> Result<Self, FxError> {
        let mut table = Self::default();
        for PairRates { base, quote, rates } in pairs {
            for rate in rates {
                table.add(base, quote, rate)?;
            }
        }
        Ok(table)
    }
}

impl From<RateTable> for Vec<PairRates> {
    fn from(table: RateTable) -> Self {
        let pairs = table.rates.into_iter();
        pairs
            .map(|((base, quote), rates)| PairRates { base, quote, rates })
            .collect()
    }
}

impl RateTable {
    /// Adds the next rate of a pair: the price of one unit of `base` in `quote`.
    ///
    /// # Errors
    /// [`FxError::SameCurrency`]; [`FxError::NotAfter`] unless it starts after the last rate.
    pub fn add(
        &mut self,
        base: Currency,
        quote: Currency,
        rate: ExchangeRate,
    ) -> Result<(), FxError> {
        if base == quote {
            return Err(FxError::SameCurrency { currency: base });
        }
        let rates = self.rates.entry((base, quote)).or_default();
        if let Some(last) = rates
            .last()
            .map(ExchangeRate::from)
            .filter(|last| *last >= rate.from)
        {
            return Err(FxError::NotAfter {
                base,
                quote,
                from: rate.from,
                last,
            });
        }
        rates.push(rate);
        Ok(())
    }

    /// The rate of a pair that holds on a day.
    ///
    /// # Errors
    /// [`FxError::Missing`].
    pub fn rate_on(
        &self,
        base: Currency,
        quote: Currency,
        date: NaiveDate,
    ) -> Result<ExchangeRate, FxError> {
        let rates = self
            .rates
            .get(&(base, quote))
            .map_or(&[] as &[_], Vec::as_slice);
        let upto = rates.partition_point(|rate| rate.from <= date);
        let rate = upto.checked_sub(1).and_then(|at| rates.get(at));
        rate.copied().ok_or(FxError::Missing { base, quote, date })
    }

    /// An amount in another currency, rounded to its minor unit. Where the pair is priced the
    /// other way round the amount is divided by the rate; crossing through a third currency is
    /// left to the caller.
    ///
    /// # Errors
    /// [`FxError::Missing`]; [`FxError::Money`] when the result does not fit.
    pub fn convert(
        &self,
        amount: &Money,
        into: Currency,
        date: NaiveDate,
        side: RateSide,
        rounding: Rounding,
    ) -> Result<Money, FxError> {
        let from = amount.currency();
        if from == into {
            return Ok(amount.rounded(rounding));
        }
        let converted = match self.rate_on(from, into, date) {
            Ok(rate) => amount.checked_mul(rate.side(side)?)?.amount(),
            Err(missing) => {
                let rate = self
                    .rate_on(into, from, date)
                    .map_err(|_| missing)?
                    .side(side)?;
                let quotient = amount.amount().checked_div(rate);
                quotient.ok_or_else(|| amount.overflow("conversion", rate))?
            }
        };
        Ok(Money::new(converted, into).rounded(rounding))
    }
}
