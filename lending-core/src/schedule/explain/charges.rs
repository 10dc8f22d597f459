//! How the fees and taxes of an instalment arose.

use alloc::vec::Vec;
use core::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::super::{
    Instalment, InstalmentFee, Schedule, ScheduleError, TaxKind,
    engine::{Engine, too_large},
    exact::{Ratio, mul_div},
};

/// The derivation of one fee of an instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeExplanation {
    /// The fee of the contract.
    pub fee: InstalmentFee,
    /// The amount it is taken of: its own, or what it is a percentage of.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub base: Decimal,
    /// The parts it is divided in.
    pub parts: u32,
    /// Before rounding, to 28 digits.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub unrounded: Decimal,
    /// Rounded; the last of several parts takes what the others left.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub rounded: Decimal,
    /// Whether this part is the one that takes the rest.
    pub takes_rest: bool,
}

/// What a tax is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TaxedElement {
    /// Interest.
    Interest,
    /// Fees.
    Fee,
}

/// The derivation of one tax of an instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaxExplanation {
    /// What is taxed.
    pub on: TaxedElement,
    /// How much of it is due.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub base: Decimal,
    /// The rate in percent.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
    /// On top, or contained.
    pub kind: TaxKind,
    /// Before rounding, to 28 digits.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub unrounded: Decimal,
    /// Rounded.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub rounded: Decimal,
}

/// The fees and taxes of a row.
pub(super) fn explain(
    engine: &Engine<'_>,
    schedule: &Schedule,
    row: &Instalment,
    financed: i128,
) -> Result<(Vec<FeeExplanation>, Vec<TaxExplanation>), ScheduleError> {
    let last = schedule.instalments.last().map(|last| last.number) == Some(row.number);
    let takes_rest = last && row.number == engine.rows_in_all();
    // Percentages of the disbursed amount go by what was disbursed first.
    let mut disbursed = financed;
    for (_, amount) in &engine.tranches {
        disbursed = disbursed.checked_sub(*amount).ok_or_else(too_large)?;
    }
    let disbursed = engine.units.decimal(disbursed)?;
    let fees = engine.terms.fees.iter();
    let fees = fees.map(|fee| explain_fee(engine, *fee, row, disbursed, takes_rest));
    let fees = fees.collect::<Result<_, _>>()?;
    let taxes = &engine.terms.taxes;
    let mut explained = Vec::new();
    let on_interest = (row.interest, taxes.interest_percent, taxes.kind);
    let on_fees = (row.fee, taxes.fee_percent, taxes.on_fees());
    for (on, (base, percent, kind)) in [
        (TaxedElement::Interest, on_interest),
        (TaxedElement::Fee, on_fees),
    ] {
        let Some(percent) = percent else { continue };
        let rate = Ratio::of_decimal(percent);
        let whole = rate.den.checked_mul(100).ok_or_else(too_large)?;
        let den = match kind {
            TaxKind::Exclusive => Some(whole),
            TaxKind::Inclusive => whole.checked_add(rate.num),
        };
        let ratio = Ratio {
            num: rate.num,
            den: den.ok_or_else(too_large)?,
        };
        let (unrounded, rounded) = part(engine, base, ratio)?;
        explained.push(TaxExplanation {
            on,
            base,
            percent,
            kind,
            unrounded,
            rounded,
        });
    }
    Ok((fees, explained))
}

fn explain_fee(
    engine: &Engine<'_>,
    fee: InstalmentFee,
    row: &Instalment,
    disbursed: Decimal,
    takes_rest: bool,
) -> Result<FeeExplanation, ScheduleError> {
    let rows = engine.rows_in_all().max(1);
    let both = row.principal.checked_add(row.interest);
    let (base, percent, parts) = match fee {
        InstalmentFee::Flat { amount } => (amount, None, 1),
        InstalmentFee::Divided { amount } => (amount, None, rows),
        InstalmentFee::DisbursedPercentDivided { percent } => (disbursed, Some(percent), rows),
        InstalmentFee::DisbursedPercent { percent } => (disbursed, Some(percent), 1),
        InstalmentFee::PrincipalPercent { percent } => {
            (row.principal.max(Decimal::ZERO), Some(percent), 1)
        }
        InstalmentFee::InterestPercent { percent } => (row.interest, Some(percent), 1),
        InstalmentFee::TotalPercent { percent } => (both.ok_or_else(too_large)?, Some(percent), 1),
    };
    let share = match percent {
        None => Some(Ratio::ONE),
        Some(percent) => Ratio::of_decimal(percent).checked_mul(Ratio { num: 1, den: 100 }),
    };
    let share = share.ok_or_else(too_large)?;
    // A divided fee is rounded as a whole first.
    let (whole, whole_rounded) = part(engine, base, share)?;
    let takes_rest = takes_rest && parts > 1;
    let (unrounded, rounded) = if parts == 1 {
        (whole, whole_rounded)
    } else {
        let each = Ratio {
            num: 1,
            den: parts.into(),
        };
        let (unrounded, each) = part(engine, whole_rounded, each)?;
        let others = each.checked_mul(parts.saturating_sub(1).into());
        let rest = others.and_then(|others| whole_rounded.checked_sub(others));
        let rounded = if takes_rest { rest } else { Some(each) };
        (unrounded, rounded.ok_or_else(too_large)?)
    };
    Ok(FeeExplanation {
        fee,
        base,
        parts,
        unrounded,
        rounded,
        takes_rest,
    })
}

/// A part of an amount, to 28 digits and rounded by the contract's rule.
fn part(
    engine: &Engine<'_>,
    base: Decimal,
    ratio: Ratio,
) -> Result<(Decimal, Decimal), ScheduleError> {
    let units = &engine.units;
    let amount = units.amount(base, "amounts in whole units")?;
    let rounded = mul_div(amount, ratio, units.mode).ok_or_else(too_large)?;
    let unrounded = Ratio::of_decimal(base)
        .checked_mul(ratio)
        .and_then(Ratio::to_decimal);
    Ok((unrounded.ok_or_else(too_large)?, units.decimal(rounded)?))
}

impl fmt::Display for FeeExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match self.fee {
            InstalmentFee::Flat { .. } => return write!(f, "fee {}", self.rounded),
            InstalmentFee::Divided { .. } => "fee of",
            InstalmentFee::DisbursedPercentDivided { .. }
            | InstalmentFee::DisbursedPercent { .. } => "disbursed",
            InstalmentFee::PrincipalPercent { .. } => "principal",
            InstalmentFee::InterestPercent { .. } => "interest",
            InstalmentFee::TotalPercent { .. } => "principal and interest",
        };
        match self.fee {
            InstalmentFee::Divided { .. } => write!(f, "{of} {}", self.base)?,
            fee => write!(f, "fee {} % of {of} {}", fee.given(), self.base)?,
        }
        if self.parts > 1 {
            write!(f, " in {} parts", self.parts)?;
        }
        write!(f, " = {}: {}", self.unrounded, self.rounded)?;
        if self.takes_rest {
            f.write_str(" with the rest")?;
        }
        Ok(())
    }
}

impl fmt::Display for TaxExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = match self.on {
            TaxedElement::Interest => "interest",
            TaxedElement::Fee => "fees",
        };
        let how = match self.kind {
            TaxKind::Exclusive => "on",
            TaxKind::Inclusive => "contained in",
        };
        let Self {
            base,
            percent,
            unrounded,
            rounded,
            ..
        } = self;
        write!(
            f,
            "tax {percent} % {how} {on} {base} = {unrounded}: {rounded}"
        )
    }
}
