//! Repayment schedules: what falls due when, of which elements.
//!
//! [`ScheduleTerms`] is the schedule part of a contract; [`generate`] turns it, an amount, a
//! disbursement date and a calendar into rows. [`RunningContract`] is the lower level for running
//! accounts: the interest of one period whose balance changes ([`RunningContract::period_interest`])
//! and the rows that remain after a prepayment, a tranche or a change of terms
//! ([`RunningContract::remaining`]). [`Schedule::explain`] says how each
//! amount of an instalment arose; [`Schedule::edit`] changes a schedule that exists.
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::Currency;
//! use lending_core::dates::{Calendar, Period};
//! use lending_core::schedule::{Rate, ScheduleTerms, generate};
//! use rust_decimal::dec;
//! // 5000 in three monthly instalments at 24 % a year, actual days over 365.
//! let terms = ScheduleTerms::new(3, Period::Months(1), Rate::per_year(dec!(24)));
//! let start = NaiveDate::from_ymd_opt(2025, 1, 31).unwrap();
//! let kes = Currency::from_code("KES")?;
//! let schedule = generate(&terms, dec!(5000), kes, start, &Calendar::default())?;
//! let rows: Vec<_> = schedule
//!     .instalments
//!     .iter()
//!     .map(|row| format!("{} {} {}", row.due, row.principal, row.interest))
//!     .collect();
//! assert_eq!(rows, [
//!     "2025-02-28 1641.72 92.05",
//!     "2025-03-31 1665.32 68.45",
//!     "2025-04-30 1692.96 33.40",
//! ]);
//! assert_eq!(schedule.totals().principal, dec!(5000.00));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How figures arise
//! - Due dates count from a fixed anchor, see [`crate::dates`]. Interest counts between *nominal*
//!   dates.
//! - The interest of a period is the exact sum over its stretches of constant balance and rate,
//!   rounded once.
//! - An equal instalment is computed and rounded once; principal is what interest leaves of it;
//!   the last instalment repays what is left ([`Equalise`] and [`Residue`] say what else is done).
//! - An instalment never repays less than nothing, unless the contract gives its amount: where the
//!   interest of a long period is above the equal instalment, that instalment is interest alone.
//!
//! # Cost
//! Amounts are whole minor units on 128-bit integers, rates are ratios: one multiplication and one
//! division a row, exact before the rounding (256 bits where 128 do not suffice). The rows are one
//! allocation; dated changes, tranches and pauses add their own short lists. Time grows linearly
//! with the rows, except for [`Equalise::SmallestAmount`], which tries a logarithmic number of
//! amounts. Measured beside a bare loop in `benches/benches/schedule.rs`.

mod amortization;
mod annuity;
mod charges;
mod charging;
mod context;
mod edit;
mod engine;
mod error;
mod exact;
mod explain;
mod fees;
mod funding;
mod generate;
mod interest;
pub(crate) mod power;
mod rounding;
mod rows;
mod terms;

pub use amortization::{
    Amortization, AnnuityFormula, Balloon, CustomAmount, DeferredInterest, Equalise, Grace,
    HolidayInterest, PaymentHoliday, PaymentTier, Tranche,
};
pub use charges::{InstalmentFee, TaxKind, Taxes};
pub use context::{
    BalanceSegment, PeriodDates, PeriodInterest, Remaining, RemainingAmounts, RunningContract,
};
pub use edit::{DueDateChange, EditedSchedule, InterestAfterEdit, PrincipalChange, ScheduleEdit};
pub use error::ScheduleError;
pub use explain::{
    ExplainedPiece, FeeExplanation, InstalmentExplanation, InterestDifference, InterestExplanation,
    PrincipalExplanation, PrincipalRule, TaxExplanation, TaxedElement,
};
pub use funding::{DividedInterest, Funding};
pub use generate::generate;
pub use interest::{
    BalanceTier, ChargeFrequency, IndexValue, InstalmentTier, InterestDays, InterestGrowth,
    InterestMethod, InterestPause, InterestTerms, OddFirstPeriod, Pricing, Rate, RateChange,
    TierPart,
};
pub use rounding::{ElementRounding, Multiple, Residue, RoundingTerms};
pub use rows::{Instalment, Schedule, Totals};
pub(crate) use terms::check_rate;
pub use terms::{MAX_INSTALMENTS, ScheduleTerms};

/// The arithmetic that running accounts share with the generator.
pub(crate) mod internal {
    pub(crate) use super::{
        charging::{Charging, Piece, Span},
        exact::{Ratio, mul_div, pow10},
    };
}
