//! Repayment schedules: what falls due when, of which elements.
//!
//! [`ScheduleTerms`] is the schedule part of a contract.

mod amortization;
mod annuity;
mod charges;
mod charging;
mod context;
mod engine;
mod error;
mod exact;
mod fees;
mod generate;
mod interest;
mod power;
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
pub use error::ScheduleError;
pub use generate::generate;
pub use interest::{
    BalanceTier, ChargeFrequency, IndexValue, InstalmentTier, InterestDays, InterestGrowth,
    InterestMethod, InterestPause, InterestTerms, Pricing, Rate, RateChange, TierPart,
};
pub use rounding::{ElementRounding, Multiple, Residue, RoundingTerms};
pub use rows::{Instalment, Schedule, Totals};
pub use terms::{MAX_INSTALMENTS, ScheduleTerms};

/// The arithmetic that running accounts share with the generator.
pub(crate) mod internal {
    pub(crate) use super::{
        charging::{Charging, Piece, Span},
        exact::{Ratio, pow10},
    };
}
