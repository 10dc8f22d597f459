//! How the interest of an instalment arose.

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use ledger::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::super::{
    ChargeFrequency, DeferredInterest, ElementRounding, HolidayInterest, Instalment,
    InterestGrowth, Rate, Residue, ScheduleError,
    charging::Piece,
    context::finished,
    engine::{Engine, Start, span_of, too_large},
    exact::Ratio,
};
use crate::day_count::Fraction;

/// The derivation of one instalment's interest. Computed when asked for; a schedule carries none
/// of it.
///
/// Its `Display` is one line, for example
/// `instalment 1: interest 10000.00 × 12 % × 31/365 = 101.9178082191780821917808219, HalfEven to 2
/// decimals: 101.92`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InterestExplanation {
    /// The instalment.
    pub number: u32,
    /// The stretches of the period with one balance and one rate each.
    pub pieces: Vec<ExplainedPiece>,
    /// The sum of the pieces, to 28 digits.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub unrounded: Decimal,
    /// The rule of the one rounding.
    pub rounding: Rounding,
    /// The decimals it rounds to.
    pub decimals: u32,
    /// The sum rounded.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub rounded: Decimal,
    /// What the row asks for.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub due: Decimal,
    /// Why `due` is not `rounded`, where it is not.
    pub difference: Option<InterestDifference>,
}

/// A stretch of a period with one balance and one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedPiece {
    /// First day.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: NaiveDate,
    /// The day up to which it counts.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub to: NaiveDate,
    /// The balance that bears interest.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub balance: Decimal,
    /// The rate in force; with tiers by balance, the contract's own.
    pub rate: Rate,
    /// Length of the stretch in charge periods of the rate, as counted: `31/365`.
    pub numerator: i64,
    /// The lower number of that length.
    pub denominator: i64,
    /// Whether interest is compound: `(1 + rate)^length − 1` instead of `rate × length`.
    pub compound: bool,
    /// A pause, a grace from the start, or a loan without interest: nothing is charged.
    pub free: bool,
    /// The interest of the stretch, to 28 digits.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub interest: Decimal,
}

/// Why the interest due differs from the interest of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestDifference {
    /// Rounded to the contract's multiple.
    WholeUnits,
    /// Forgiven by the grace or waived by a payment holiday.
    Forgiven,
    /// Put off by the grace or a payment holiday.
    Deferred,
    /// With interest put off from earlier instalments.
    DeferredAdded,
    /// The last instalment takes the residue of all roundings.
    Residue,
    /// Another cause: the row was edited, or recomputed from a part of its period.
    Other,
}

/// The derivation of a row's interest from the state before it.
pub(super) fn explain(
    engine: &Engine<'_>,
    row: &Instalment,
    start: &Start,
) -> Result<InterestExplanation, ScheduleError> {
    let mut pieces = Vec::new();
    let sum = engine.explained(row, start, &mut pieces)?;
    let unrounded = finished(sum, engine)?;
    Ok(InterestExplanation {
        number: row.number,
        pieces,
        unrounded: unrounded.unrounded,
        rounding: engine.units.mode,
        decimals: engine.units.scale,
        rounded: unrounded.rounded,
        due: row.interest,
        difference: difference(engine, row, unrounded.rounded),
    })
}

fn difference(
    engine: &Engine<'_>,
    row: &Instalment,
    rounded: Decimal,
) -> Option<InterestDifference> {
    if row.interest == rounded {
        return None;
    }
    let terms = engine.terms;
    let grace = &terms.grace;
    let holiday = engine.is_holiday(row.number);
    let last = row.number == engine.rows_in_all();
    let put_off = row.number <= grace.interest_deferred
        && !matches!(grace.deferred, DeferredInterest::Capitalised);
    let deferring = grace.interest_deferred > 0
        || terms
            .payment_holidays
            .iter()
            .any(|holiday| holiday.interest == HolidayInterest::Deferred);
    Some(
        if row.number <= grace.interest_free || holiday == Some(HolidayInterest::Waived) {
            InterestDifference::Forgiven
        } else if put_off || holiday == Some(HolidayInterest::Deferred) {
            InterestDifference::Deferred
        } else if last && matches!(terms.rounding.residue, Residue::PrincipalAndInterest) {
            InterestDifference::Residue
        } else if deferring && row.interest > rounded {
            InterestDifference::DeferredAdded
        } else if matches!(terms.rounding.elements, ElementRounding::WholeUnits) {
            InterestDifference::WholeUnits
        } else {
            InterestDifference::Other
        },
    )
}

impl Engine<'_> {
    /// The unrounded interest of a row, and its pieces.
    fn explained(
        &self,
        row: &Instalment,
        start: &Start,
        pieces: &mut Vec<ExplainedPiece>,
    ) -> Result<Ratio, ScheduleError> {
        let span = span_of(row);
        let compound = matches!(self.terms.interest.growth, InterestGrowth::Compound);
        let mut failed = Ok(());
        let mut take = |piece: &Piece, rate: Rate, length: Ratio, part: Ratio| {
            let one = || -> Result<ExplainedPiece, ScheduleError> {
                let length = length_of(length)?;
                Ok(ExplainedPiece {
                    from: piece.from,
                    to: piece.to,
                    balance: self.units.decimal(piece.balance)?,
                    rate,
                    numerator: length.numerator(),
                    denominator: length.denominator(),
                    compound,
                    free: piece.free,
                    interest: finished(part, self)?.unrounded,
                })
            };
            match one() {
                Ok(piece) => pieces.push(piece),
                Err(error) => failed = Err(error),
            }
        };
        if let Some(solved) = self.solved {
            // A payment plan has one rate for each period, however long: as a rate for the whole
            // term, of which each period bears its share.
            let count = self.terms.instalments;
            let each = Ratio {
                num: 1,
                den: count.into(),
            };
            let percent = solved
                .checked_mul(Ratio::of_integer(count))
                .and_then(|whole| whole.checked_mul(Ratio::of_integer(100)));
            let percent = percent.and_then(Ratio::to_decimal).ok_or_else(too_large)?;
            let part = solved.checked_mul(Ratio::of_integer(start.balance));
            let part = part.ok_or_else(too_large)?;
            let rate = Rate {
                percent,
                per: ChargeFrequency::WholeTerm,
            };
            let piece = Piece {
                from: span.start,
                to: span.end,
                balance: start.balance,
                rate,
                free: false,
            };
            take(&piece, rate, each, part);
            failed?;
            return Ok(part);
        }
        let mut lengths = Ok(());
        let sum = self.in_pieces(span, start, &mut |piece, part| {
            let length = self
                .charging
                .multiplier(piece.rate.per, piece.from, piece.to, span);
            match length {
                Ok(length) => take(piece, piece.rate, length, part),
                Err(error) => lengths = Err(error),
            }
        })?;
        lengths?;
        failed?;
        Ok(sum)
    }
}

fn length_of(length: Ratio) -> Result<Fraction, ScheduleError> {
    let fraction = |ratio: Ratio| {
        let numerator = i64::try_from(ratio.num).ok()?;
        Fraction::new(numerator, i64::try_from(ratio.den).ok()?)
    };
    fraction(length)
        .or_else(|| fraction(length.reduced()))
        .ok_or_else(too_large)
}

impl fmt::Display for InterestExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "instalment {}: interest ", self.number)?;
        for (at, piece) in self.pieces.iter().enumerate() {
            if at > 0 {
                f.write_str(" + ")?;
            }
            write!(f, "{piece}")?;
        }
        let (mode, decimals) = (self.rounding, self.decimals);
        write!(
            f,
            " = {}, {mode:?} to {decimals} decimals: {}",
            self.unrounded, self.rounded
        )?;
        match self.difference {
            None => Ok(()),
            Some(difference) => write!(f, "; due {} ({difference:?})", self.due),
        }
    }
}

impl fmt::Display for ExplainedPiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            balance,
            numerator,
            denominator,
            ..
        } = self;
        let percent = self.rate.percent;
        if self.free {
            write!(f, "{balance} free from {} to {}", self.from, self.to)
        } else if self.compound {
            write!(
                f,
                "{balance} × ((1 + {percent} %)^({numerator}/{denominator}) − 1)"
            )
        } else {
            write!(f, "{balance} × {percent} % × {numerator}/{denominator}")
        }
    }
}
