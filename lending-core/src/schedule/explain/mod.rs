//! How the amounts of an instalment arose.

mod charges;
mod interest;
mod principal;

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use charges::{FeeExplanation, TaxExplanation, TaxedElement};
pub use interest::{ExplainedPiece, InterestDifference, InterestExplanation};
pub use principal::{PrincipalExplanation, PrincipalRule};

use super::{
    Instalment, RunningContract, Schedule, ScheduleError,
    engine::{Engine, Start, too_large},
    exact::Ratio,
    terms::setting,
};

/// The derivation of every amount of an instalment. Computed when asked for; a schedule carries
/// none of it.
///
/// Its `Display` is one line, see [`Schedule::explain`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InstalmentExplanation {
    /// The instalment.
    pub number: u32,
    /// Interest counts from here.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// The date of the due-date rule; interest counts to here.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub nominal_due: NaiveDate,
    /// Where the calendar moved it.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub due: NaiveDate,
    /// How its interest arose.
    pub interest: InterestExplanation,
    /// How its principal arose.
    pub principal: PrincipalExplanation,
    /// How each of its fees arose, in the order of the contract.
    pub fees: Vec<FeeExplanation>,
    /// What the fees come to, after rounding to the contract's multiple.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub fee: Decimal,
    /// How each of its taxes arose.
    pub taxes: Vec<TaxExplanation>,
    /// The sum of principal, interest, fees and exclusive taxes.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub total: Decimal,
}

impl Schedule {
    /// How the amounts of an instalment arose, from the contract the schedule was made from.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use ledger::Currency;
    /// use lending_core::dates::{Calendar, Period};
    /// use lending_core::schedule::{InstalmentFee, Rate, RunningContract, ScheduleTerms, generate};
    /// use rust_decimal::dec;
    /// let mut terms = ScheduleTerms::new(3, Period::Months(1), Rate::per_year(dec!(12)));
    /// terms.fees = vec![InstalmentFee::PrincipalPercent { percent: dec!(0.5) }];
    /// let start = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    /// let (calendar, euro) = (Calendar::default(), Currency::from_code("EUR")?);
    /// let schedule = generate(&terms, dec!(10000), euro, start, &calendar)?;
    /// let contract = RunningContract::of(&terms, euro, &calendar, &schedule)?;
    /// let why = schedule.explain(1, &contract)?;
    /// assert_eq!(
    ///     why.to_string(),
    ///     "instalment 1: interest 10000.00 × 12 % × 31/365 = 101.9178082191780821917808219, \
    ///      HalfUp to 2 decimals: 101.92; \
    ///      principal 3298.30 = equal instalment 3400.22 − interest 101.92, leaves 6701.70 of 10000.00; \
    ///      fee 0.5 % of principal 3298.30 = 16.4915: 16.49; total 3416.71"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ScheduleError::Setting`] when there is no such instalment; otherwise as for
    /// [`generate`](super::generate).
    pub fn explain(
        &self,
        number: u32,
        contract: &RunningContract<'_>,
    ) -> Result<InstalmentExplanation, ScheduleError> {
        let rows = self.instalments.iter();
        let Some(row) = rows.clone().find(|row| row.number == number && number > 0) else {
            return Err(setting(
                "instalment",
                alloc::format!("{number}"),
                "the number of an instalment of this schedule",
            ));
        };
        contract.terms.validate()?;
        let mut engine = contract.engine()?;
        let financed = financed(&engine, rows)?;
        engine.solve_plan(financed)?;
        let start = opening(&engine, row, financed)?;
        let interest = interest::explain(&engine, row, &start)?;
        let principal = principal::explain(&engine, self, contract.disbursed_on, row, financed)?;
        let (fees, taxes) = charges::explain(&engine, self, row, financed)?;
        Ok(InstalmentExplanation {
            number,
            from: row.from,
            nominal_due: row.nominal_due,
            due: row.due,
            interest,
            principal,
            fees,
            fee: row.fee,
            taxes,
            total: row.total,
        })
    }
}

/// What was disbursed in all, less down payments.
fn financed<'a>(
    engine: &Engine<'_>,
    rows: impl Iterator<Item = &'a Instalment>,
) -> Result<i128, ScheduleError> {
    let mut sum = 0_i128;
    for row in rows.filter(|row| row.number > 0) {
        let amount = engine
            .units
            .amount(row.principal, "principals in whole units")?;
        sum = sum.checked_add(amount).ok_or_else(too_large)?;
    }
    Ok(sum)
}

/// The state before a row, found back from its own figures.
fn opening(engine: &Engine<'_>, row: &Instalment, financed: i128) -> Result<Start, ScheduleError> {
    let units = &engine.units;
    let after = units.amount(row.balance_after, "balances in whole units")?;
    let principal = units.amount(row.principal, "principals in whole units")?;
    let mut balance = after.checked_add(principal).ok_or_else(too_large)?;
    let mut disbursed = financed;
    for (on, amount) in engine.tranches.iter().filter(|(on, _)| *on > row.from) {
        disbursed = disbursed.checked_sub(*amount).ok_or_else(too_large)?;
        if *on < row.nominal_due {
            balance = balance.checked_sub(*amount).ok_or_else(too_large)?;
        }
    }
    Ok(Start {
        balance,
        disbursed,
        interest_from: row.from,
        accrued: Ratio::ZERO,
        fixed: None,
    })
}

impl fmt::Display for InstalmentExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.interest, self.principal)?;
        for fee in &self.fees {
            write!(f, "; {fee}")?;
        }
        let sum = self.fees.iter().map(|fee| fee.rounded);
        if sum.fold(Decimal::ZERO, Decimal::saturating_add) != self.fee {
            write!(f, "; fees due {}", self.fee)?;
        }
        for tax in &self.taxes {
            write!(f, "; {tax}")?;
        }
        write!(f, "; total {}", self.total)
    }
}
