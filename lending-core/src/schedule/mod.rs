//! Repayment schedules: what falls due when, of which elements.
//!
//! [`ScheduleTerms`] is the schedule part of a contract.

mod amortization;
mod charges;
mod error;
mod interest;
mod rounding;
mod rows;
mod terms;

pub use amortization::{
    Amortization, AnnuityFormula, Balloon, CustomAmount, DeferredInterest, Equalise, Grace,
    HolidayInterest, PaymentHoliday, PaymentTier, Tranche,
};
pub use charges::{InstalmentFee, TaxKind, Taxes};
pub use error::ScheduleError;
pub use interest::{
    BalanceTier, ChargeFrequency, IndexValue, InstalmentTier, InterestDays, InterestGrowth,
    InterestMethod, InterestPause, InterestTerms, Pricing, Rate, RateChange, TierPart,
};
pub use rounding::{ElementRounding, Multiple, Residue, RoundingTerms};
pub use rows::{Instalment, Schedule, Totals};
pub use terms::{MAX_INSTALMENTS, ScheduleTerms};
