//! Combining risk points into a level.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Fired, Outcome, RiskLevel};

/// How risk points combine, and which level they give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RiskPolicy {
    /// How points combine.
    pub combine: RiskCombine,
    /// Levels with the points they begin at, in any order. Below all of them: low.
    pub levels: Vec<RiskBand>,
}

/// The points a level begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RiskBand {
    /// First points of the level.
    pub from: i32,
    /// The level.
    pub level: RiskLevel,
}

/// How risk points combine.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RiskCombine {
    /// All points are added.
    #[default]
    Sum,
    /// The highest counts.
    Max,
}

/// A client's risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Risk {
    /// Combined points.
    pub points: i32,
    /// The level of these points, or the highest floor set by a rule when that is higher.
    pub level: RiskLevel,
}

impl RiskPolicy {
    pub(crate) fn combine(&self, outcomes: &[Fired]) -> Risk {
        let given: Vec<i32> = outcomes
            .iter()
            .filter_map(|fired| match fired.outcome {
                Outcome::AddRisk { points } => Some(points),
                _ => None,
            })
            .collect();
        let points = match self.combine {
            RiskCombine::Sum => given.iter().fold(0_i32, |sum, p| sum.saturating_add(*p)),
            RiskCombine::Max => given.iter().copied().max().unwrap_or(0),
        };
        let level = self
            .levels
            .iter()
            .filter(|band| band.from <= points)
            .max_by_key(|band| band.from)
            .map_or(RiskLevel::Low, |band| band.level);
        let floor = outcomes
            .iter()
            .filter_map(|fired| match fired.outcome {
                Outcome::FloorRisk(level) => Some(level),
                _ => None,
            })
            .max()
            .unwrap_or(RiskLevel::Low);
        Risk {
            points,
            level: level.max(floor),
        }
    }
}
