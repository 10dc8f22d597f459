//! What a measure is, and how it is taken.

use std::fmt;

use crate::storage::Failed;

/// Rounds that count; one more before them warms up. Odd, so that the median is a measurement.
const ROUNDS: usize = 9;

/// Rounds of what takes many seconds: none to warm up.
const LONG_ROUNDS: usize = 3;

/// One side of a measure: gives the figure of one round.
pub type Side = Box<dyn FnMut() -> Result<f64, Failed>>;

/// What our figure stands beside.
pub enum Beside {
    /// A floor or a peer, measured in the same run.
    Measured(Side),
    /// A peer that takes many seconds a round: three rounds, none to warm up.
    MeasuredLong(Side),
    /// A figure that is required: nothing is measured.
    Budget(f64),
}

/// Both sides, ready to run.
pub struct Pair {
    /// Our figure.
    pub ours: Side,
    /// The other.
    pub beside: Beside,
}

/// What must hold for `ours / beside`.
#[derive(Clone, Copy, Debug)]
pub enum Relation {
    /// At most this.
    AtMost(f64),
    /// Below this.
    Below(f64),
    /// At least this.
    AtLeast(f64),
}

impl Relation {
    /// Whether it holds.
    #[must_use]
    pub fn holds(self, ratio: f64) -> bool {
        match self {
            Self::AtMost(limit) => ratio <= limit,
            Self::Below(limit) => ratio < limit,
            Self::AtLeast(limit) => ratio >= limit,
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&match self {
            Self::AtMost(limit) => format!("<={limit}"),
            Self::Below(limit) => format!("<{limit}"),
            Self::AtLeast(limit) => format!(">={limit}"),
        })
    }
}

/// The unit of both figures.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    /// Time for one call: given in nanoseconds.
    Time,
    /// Things done a second.
    PerSecond,
    /// Bytes.
    Bytes,
}

impl Unit {
    /// A figure with its unit, without blanks: the columns can be read by a script.
    #[must_use]
    pub fn show(self, figure: f64) -> String {
        match self {
            Self::Time if figure < 1_000.0 => format!("{figure:.1}ns"),
            Self::Time => format!("{:.2}us", figure / 1_000.0),
            Self::PerSecond => format!("{figure:.0}/s"),
            Self::Bytes => format!("{figure:.0}B"),
        }
    }
}

/// A headline figure.
#[derive(Clone, Copy)]
pub struct Measure {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What is measured, and beside what.
    pub about: &'static str,
    /// The unit of both figures.
    pub unit: Unit,
    /// What must hold.
    pub relation: Relation,
    /// Makes both sides.
    pub prepare: fn() -> Result<Pair, Failed>,
}

/// Both medians.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Our figure.
    pub ours: f64,
    /// The floor, the peer or the budget.
    pub beside: f64,
}

impl Outcome {
    /// Ours over the other.
    #[must_use]
    pub fn ratio(self) -> f64 {
        self.ours / self.beside
    }
}

impl Measure {
    /// Takes the measure: ours, the other, ours, the other.
    ///
    /// # Errors
    /// What either side fails with.
    pub fn take(&self) -> Result<Outcome, Failed> {
        let Pair { mut ours, beside } = (self.prepare)()?;
        let mut figures = Vec::with_capacity(ROUNDS);
        match beside {
            Beside::Budget(budget) => {
                let _warm = ours()?;
                for _ in 0..ROUNDS {
                    figures.push(ours()?);
                }
                Ok(Outcome {
                    ours: median(figures),
                    beside: budget,
                })
            }
            Beside::Measured(mut other) => {
                let _warm = (ours()?, other()?);
                alternate(ours, other, ROUNDS)
            }
            Beside::MeasuredLong(other) => alternate(ours, other, LONG_ROUNDS),
        }
    }
}

fn alternate(mut ours: Side, mut other: Side, rounds: usize) -> Result<Outcome, Failed> {
    let (mut figures, mut others) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        figures.push(ours()?);
        others.push(other()?);
    }
    Ok(Outcome {
        ours: median(figures),
        beside: median(others),
    })
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
