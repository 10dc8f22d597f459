//! The lower level: interest of one period, and the rows that remain.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Instalment, Schedule, ScheduleError, ScheduleTerms,
    charging::{Piece, Span},
    engine::{Engine, Plan, Start, Units, too_large},
    exact::{Ratio, mul_div},
    generate::engine,
};
use crate::dates::Calendar;

/// A running contract: what the interest of any of its periods depends on.
///
/// ```
/// use chrono::NaiveDate;
/// use ledger::Currency;
/// use lending_core::dates::{Calendar, Period};
/// use lending_core::schedule::{BalanceSegment, PeriodDates, Rate, RunningContract, ScheduleTerms};
/// use rust_decimal::dec;
/// let day = |m, d| NaiveDate::from_ymd_opt(2023, m, d).unwrap();
/// let terms = ScheduleTerms::new(6, Period::Months(1), Rate::per_year(dec!(12)));
/// let calendar = Calendar::default();
/// let contract = RunningContract {
///     terms: &terms,
///     currency: Currency::from_code("EUR")?,
///     calendar: &calendar,
///     disbursed_on: day(1, 1),
///     maturity: day(7, 1),
/// };
/// // 1000 for 14 days, then 600 for 17: 4.6027397... + 3.3534246... = 7.9561643..., rounded once.
/// let january = PeriodDates { number: 1, from: day(1, 1), nominal_due: day(2, 1), due: day(2, 1) };
/// let interest = contract.period_interest(&january, &[
///     BalanceSegment { from: day(1, 1), to: day(1, 15), balance: dec!(1000) },
///     BalanceSegment { from: day(1, 15), to: day(2, 1), balance: dec!(600) },
/// ])?;
/// assert_eq!(interest.rounded, dec!(7.96));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RunningContract<'a> {
    /// The terms, with every rate change and pause so far.
    pub terms: &'a ScheduleTerms,
    /// The currency, for decimals.
    pub currency: Currency,
    /// Working days, for BUS/252.
    pub calendar: &'a Calendar,
    /// The first disbursement: index reviews count from it.
    pub disbursed_on: NaiveDate,
    /// The last nominal due date, for 30E/360 ISDA.
    pub maturity: NaiveDate,
}

/// The dates of one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeriodDates {
    /// The instalment's number in the contract, from 1: grace, tiers and holidays go by it.
    pub number: u32,
    /// The whole period's first day, even where interest is asked for a part of it.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// The whole period's nominal last day.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub nominal_due: NaiveDate,
    /// When payment is due.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub due: NaiveDate,
}

/// A balance over a stretch of days inside a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalanceSegment {
    /// First day.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// The day up to which it counts.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub to: NaiveDate,
    /// The balance that bears interest; may have more decimals than the currency.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub balance: Decimal,
}

/// The interest of a period, before and after its one rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeriodInterest {
    /// Exact to 28 digits.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub unrounded: Decimal,
    /// Rounded once by the contract's rule.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub rounded: Decimal,
}

/// What remains to be scheduled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining<'a> {
    /// Principal outstanding on `interest_from`.
    pub outstanding: Decimal,
    /// Principal disbursed so far: the base of flat interest and of percentage fees.
    pub disbursed: Decimal,
    /// The periods still to be paid, in order. The first may have begun before `interest_from`.
    pub periods: &'a [PeriodDates],
    /// Where interest on `outstanding` starts to count, inside the first period.
    pub interest_from: NaiveDate,
    /// Unrounded interest of the first period that accrued before `interest_from` and is not
    /// applied yet; it is added before the one rounding.
    pub accrued: Decimal,
    /// How the amounts are found.
    pub amounts: RemainingAmounts,
}

/// How the amounts of the remaining rows are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum RemainingAmounts {
    /// By the contract's amortization over the remaining periods.
    #[default]
    Recompute,
    /// The same total each time until the balance is gone; fewer rows may come back.
    KeepTotal(#[serde(with = "ledger::money::exact")] Decimal),
    /// The same principal each time until the balance is gone; fewer rows may come back.
    KeepPrincipal(#[serde(with = "ledger::money::exact")] Decimal),
}

impl<'a> RunningContract<'a> {
    /// The contract of a schedule that was generated from `terms`.
    ///
    /// # Errors
    /// [`ScheduleError::Instalments`] when the schedule has no rows.
    pub fn of(
        terms: &'a ScheduleTerms,
        currency: Currency,
        calendar: &'a Calendar,
        schedule: &Schedule,
    ) -> Result<Self, ScheduleError> {
        let rows = &schedule.instalments;
        let (Some(first), Some(maturity)) = (rows.first(), schedule.maturity()) else {
            return Err(ScheduleError::Instalments {
                given: 0,
                allowed: super::MAX_INSTALMENTS,
            });
        };
        Ok(Self {
            terms,
            currency,
            calendar,
            disbursed_on: first.from,
            maturity,
        })
    }

    pub(super) fn engine(&self) -> Result<Engine<'a>, ScheduleError> {
        let units = Units::new(self.terms, self.currency)?;
        engine(
            self.terms,
            self.calendar,
            self.disbursed_on,
            self.maturity,
            units,
        )
    }

    /// The interest of a period whose balance changes inside it: the exact sum over all segments,
    /// rates and pauses, rounded once.
    ///
    /// # Errors
    /// [`ScheduleError`]: terms that do not validate, a day count that lacks something, a figure
    /// beyond 28 digits.
    pub fn period_interest(
        &self,
        period: &PeriodDates,
        segments: &[BalanceSegment],
    ) -> Result<PeriodInterest, ScheduleError> {
        self.terms.validate()?;
        let engine = self.engine()?;
        let span = span(period);
        let unit = engine.charging.unit;
        let (mut whole, mut sum) = (Ratio::ZERO, Ratio::ZERO);
        for segment in segments {
            // Balances finer than a unit are charged on their own scale.
            let balance = Ratio::of_decimal(segment.balance);
            let finer = unit.checked_mul(balance.num).ok_or_else(too_large)?;
            let mut at = segment.from;
            let cuts = engine.charging.cuts_inside(segment.from, segment.to);
            for to in cuts.chain([segment.to]) {
                let piece = Piece {
                    from: at,
                    to,
                    balance: finer,
                    rate: engine.charging.rate_at(period.number, at, NaiveDate::MAX),
                    free: engine.charging.is_free(at, true),
                };
                let interest = engine.charging.interest_of(&piece, span, balance.den)?;
                sum = sum.checked_add(interest).ok_or_else(too_large)?;
                at = to;
            }
            if self.terms.rounding.each_stretch {
                let stretch = mul_div(1, sum, engine.units.mode).ok_or_else(too_large)?;
                let stretch = Ratio::of_integer(stretch);
                whole = whole.checked_add(stretch).ok_or_else(too_large)?;
                sum = Ratio::ZERO;
            }
        }
        sum = whole.checked_add(sum).ok_or_else(too_large)?;
        finished(sum, &engine)
    }

    /// Rows for what remains: after a prepayment, a tranche, a rate change, a move of dates.
    ///
    /// Later tranches and dated changes of the terms are taken up as in [`generate`](super::generate).
    ///
    /// # Errors
    /// [`ScheduleError`], as for [`generate`](super::generate).
    pub fn remaining(&self, remaining: &Remaining<'_>) -> Result<Schedule, ScheduleError> {
        self.terms.validate()?;
        let mut engine = self.engine()?;
        let units = engine.units;
        let outstanding = units.amount(remaining.outstanding, "outstanding in whole units")?;
        let disbursed = units.amount(remaining.disbursed, "disbursed in whole units")?;
        engine.solve_plan(disbursed)?;
        let fixed = match remaining.amounts {
            RemainingAmounts::Recompute => None,
            RemainingAmounts::KeepTotal(total) => {
                Some(Plan::Total(units.amount(total, "a total in whole units")?))
            }
            RemainingAmounts::KeepPrincipal(principal) => Some(Plan::Principal(
                units.amount(principal, "a principal in whole units")?,
            )),
        };
        let mut rows: Vec<Instalment> = remaining
            .periods
            .iter()
            .map(|period| Instalment {
                number: period.number,
                from: period.from,
                nominal_due: period.nominal_due,
                due: period.due,
                ..Instalment::EMPTY
            })
            .collect();
        let accrued = Ratio::of_decimal(remaining.accrued)
            .checked_mul(Ratio::of_integer(engine.charging.unit))
            .ok_or_else(too_large)?;
        let start = Start {
            balance: outstanding,
            disbursed,
            interest_from: remaining.interest_from,
            accrued,
            fixed,
        };
        engine.fill(&mut rows, &start)?;
        Ok(Schedule { instalments: rows })
    }
}

fn span(period: &PeriodDates) -> Span {
    Span {
        number: period.number,
        start: period.from,
        end: period.nominal_due,
    }
}

pub(super) fn finished(sum: Ratio, engine: &Engine<'_>) -> Result<PeriodInterest, ScheduleError> {
    let rounded = mul_div(1, sum, engine.units.mode).ok_or_else(too_large)?;
    let unit = Ratio {
        num: 1,
        den: engine.charging.unit,
    };
    let unrounded = sum.checked_mul(unit).and_then(Ratio::to_decimal);
    Ok(PeriodInterest {
        unrounded: unrounded.ok_or_else(too_large)?,
        rounded: engine.units.decimal(rounded)?,
    })
}
