//! How the principal of an instalment arose.

use core::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::super::{
    Amortization, Instalment, Schedule, ScheduleError,
    engine::{Engine, Plan, Start, too_large},
    exact::Ratio,
};

/// The derivation of an instalment's principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrincipalExplanation {
    /// Principal owed before it is paid, with what is disbursed during the period.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub opening: Decimal,
    /// The rule that gave the amount.
    pub rule: PrincipalRule,
    /// What the row asks for.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub due: Decimal,
    /// The interest that a total was divided with.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub interest: Decimal,
    /// Principal owed after it.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub closing: Decimal,
}

/// Which rule gave an instalment's principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PrincipalRule {
    /// The last instalment repays whatever is left: the residue of all roundings with it.
    Remaining,
    /// What interest leaves of a total: an equal or graded instalment, rounded once, never less
    /// than nothing.
    LeftOfTotal {
        /// The total.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        total: Decimal,
        /// The instalment from which on the total was found, anew after a change of rate or a
        /// tranche.
        fixed_at: u32,
    },
    /// A share of the principal, rounded once.
    Share {
        /// The share.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        share: Decimal,
        /// The instalment from which on the share was found.
        fixed_at: u32,
    },
    /// The contract gives the principal of this instalment.
    GivenPrincipal {
        /// As given.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        principal: Decimal,
    },
    /// The contract gives the total of this instalment; a total below the interest capitalises it.
    GivenTotal {
        /// As given.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        total: Decimal,
    },
    /// Nothing before maturity.
    AtMaturity,
    /// Nothing: principal is repaid at every so many instalments.
    Skipped,
    /// Nothing during the grace.
    Grace,
    /// Nothing on a payment holiday.
    Holiday,
    /// The interest is added to the principal.
    Capitalised,
    /// The row was edited, or recomputed from other figures than the contract's.
    Edited,
}

/// The rule of a row: the schedule is made again beside its rows, which shows how each was found.
pub(super) fn explain(
    engine: &Engine<'_>,
    schedule: &Schedule,
    disbursed_on: NaiveDate,
    row: &Instalment,
    financed: i128,
) -> Result<PrincipalExplanation, ScheduleError> {
    let opening = row.balance_after.checked_add(row.principal);
    Ok(PrincipalExplanation {
        opening: opening.ok_or_else(too_large)?,
        rule: rule(engine, schedule, disbursed_on, row, financed)?,
        due: row.principal,
        interest: row.interest,
        closing: row.balance_after,
    })
}

fn rule(
    engine: &Engine<'_>,
    schedule: &Schedule,
    disbursed_on: NaiveDate,
    row: &Instalment,
    financed: i128,
) -> Result<PrincipalRule, ScheduleError> {
    let numbered = schedule.instalments.iter().filter(|row| row.number > 0);
    let mut rows: alloc::vec::Vec<Instalment> = numbered.copied().collect();
    let mut first = financed;
    for (_, amount) in &engine.tranches {
        first = first.checked_sub(*amount).ok_or_else(too_large)?;
    }
    let whole = rows.first().is_some_and(|row| row.number == 1);
    if !whole || first <= 0 {
        return Ok(PrincipalRule::Edited);
    }
    let start = Start {
        balance: first,
        disbursed: first,
        interest_from: disbursed_on,
        accrued: Ratio::ZERO,
        fixed: None,
    };
    let mut traced = alloc::vec::Vec::new();
    engine.fill_traced(&mut rows, &start, Some(&mut traced))?;
    let at = rows.iter().position(|made| made.number == row.number);
    let found = at.and_then(|at| Some((rows.get(at)?, traced.get(at)?)));
    let Some((made, (plan, fixed_at))) = found else {
        return Ok(PrincipalRule::Edited);
    };
    if made.principal != row.principal || made.balance_after != row.balance_after {
        return Ok(PrincipalRule::Edited);
    }
    named(
        engine,
        row.number,
        at == rows.len().checked_sub(1),
        *plan,
        *fixed_at,
    )
}

fn named(
    engine: &Engine<'_>,
    number: u32,
    last: bool,
    plan: Plan,
    fixed_at: u32,
) -> Result<PrincipalRule, ScheduleError> {
    let units = &engine.units;
    if last {
        return Ok(PrincipalRule::Remaining);
    }
    if engine.capitalises(number) {
        return Ok(PrincipalRule::Capitalised);
    }
    if engine.is_holiday(number).is_some() {
        return Ok(PrincipalRule::Holiday);
    }
    if number <= engine.terms.grace.principal {
        return Ok(PrincipalRule::Grace);
    }
    let custom = matches!(
        engine.terms.amortization,
        Amortization::CustomPrincipal { .. }
            | Amortization::CustomTotals { .. }
            | Amortization::PaymentPlan { .. }
    );
    Ok(match plan {
        Plan::Nothing => PrincipalRule::AtMaturity,
        Plan::Principal(_) if engine.skips_principal(number) => PrincipalRule::Skipped,
        Plan::Principal(amount) if custom => PrincipalRule::GivenPrincipal {
            principal: units.decimal(amount)?,
        },
        Plan::Principal(amount) => PrincipalRule::Share {
            share: units.decimal(amount)?,
            fixed_at,
        },
        Plan::Total(amount) if custom => PrincipalRule::GivenTotal {
            total: units.decimal(amount)?,
        },
        Plan::Total(amount) | Plan::Graded(amount, _) => PrincipalRule::LeftOfTotal {
            total: units.decimal(amount)?,
            fixed_at,
        },
    })
}

impl fmt::Display for PrincipalExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { due, interest, .. } = self;
        write!(f, "principal {due}")?;
        match self.rule {
            PrincipalRule::Remaining => f.write_str(": all that is left")?,
            PrincipalRule::LeftOfTotal { total, .. } => {
                write!(f, " = equal instalment {total} − interest {interest}")?;
            }
            PrincipalRule::Share { share, .. } => write!(f, ": equal share {share}")?,
            PrincipalRule::GivenPrincipal { principal } => write!(f, ": given {principal}")?,
            PrincipalRule::GivenTotal { total } => {
                write!(f, " = given instalment {total} − interest {interest}")?;
            }
            PrincipalRule::AtMaturity => f.write_str(": due at maturity")?,
            PrincipalRule::Skipped => f.write_str(": not at this instalment")?,
            PrincipalRule::Grace => f.write_str(": grace")?,
            PrincipalRule::Holiday => f.write_str(": payment holiday")?,
            PrincipalRule::Capitalised => f.write_str(": interest added to principal")?,
            PrincipalRule::Edited => f.write_str(": edited")?,
        }
        write!(f, ", leaves {} of {}", self.closing, self.opening)
    }
}
