//! Cost of credit and time value of money: APR, total cost, internal rates of return, annuity
//! functions.
//!
//! Money in and money out are signed [`Flow`]s. All figures are decimals; rates are fractions
//! (0.05 is 5%). A solved rate has 17 digits of `1 + rate` and is within 10⁻¹⁵ of the root,
//! relative to `1 + rate`; closed forms carry some 20 digits. Nothing is rounded to a currency here.
//!
//! Flows that change their sign once have one rate at most. Others may have several: [`rates`]
//! gives all of them, [`rate`] says which one is taken by every function that gives one. Speed is
//! measured in `benches/benches/cost.rs`.
//!
//! ```
//! use lending_core::cost::{apr, tvm};
//! use rust_decimal::dec;
//!
//! // 1000 lent, two payments of 600 after one and two years: 13.07%.
//! let flows = [(dec!(0), dec!(-1000)), (dec!(1), dec!(600)), (dec!(2), dec!(600))];
//! let rate = apr::eu_apr(&flows.map(Into::into))?;
//! assert_eq!(apr::percent(rate, 2)?, dec!(13.07));
//! // 10000 at 8% a year, ten monthly payments.
//! let payment = tvm::pmt(dec!(0.08) / dec!(12), 10, dec!(10000), dec!(0), tvm::Due::End)?;
//! assert_eq!(payment.round_dp(2), dec!(-1037.03));
//! # Ok::<(), lending_core::cost::CostError>(())
//! ```

pub mod apr;
mod curve;
mod error;
mod placed;
mod real;
mod side;
mod solve;
mod total;
pub mod tvm;

pub use error::CostError;
pub use solve::{Flow, MAX_FLOWS, MAX_RATE, MIN_RATE, rate, rates};
pub use total::{TotalCost, total_cost};
