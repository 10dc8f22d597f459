//! Points scorecards: attributes in bins, whole points, reasons.
//!
//! ```
//! use kyc_rules::{facts::{Facts, Value}, rules::RuleBook, code::CardId};
//! let book = RuleBook::from_json(r#"{"id": "b", "version": 1,
//!   "facts": [{"path": "client.years_in_business", "kind": "number"}],
//!   "scorecards": [{"id": "sme", "base": 300, "attributes": [{"name": "years",
//!     "value": {"fact": "client.years_in_business"},
//!     "bins": [{"to": "2", "points": 10}, {"from": "2", "points": 40}], "missing": 0}]}]}"#)?;
//! let compiled = book.compile()?;
//! let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
//! let facts = Facts::new().with("client.years_in_business", Value::int(2))?;
//! let score = compiled.score(&CardId::new("sme")?, &compiled.bind(&facts, on)?).unwrap();
//! assert_eq!(score.points, 340);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    compile::{Calc, CompiledBook},
    cond::Expr,
    eval::{BoundFacts, calc},
};
use crate::{
    code::{CardId, Label},
    facts::{Value, ValueKind},
};

/// A scorecard: points by attribute, added to a base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scorecard {
    /// Which card.
    pub id: CardId,
    /// Points before any attribute.
    #[serde(default)]
    pub base: i32,
    /// The attributes.
    pub attributes: Vec<Attribute>,
}

/// One attribute of a scorecard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attribute {
    /// Its name, used as the reason code.
    pub name: Label,
    /// The value: a number, an amount, a yes/no or text.
    pub value: Expr,
    /// The bins; the first that holds the value counts.
    pub bins: Vec<Bin>,
    /// Points when the value is unknown; none: the score is unknown and the value is asked for.
    #[serde(default)]
    pub missing: Option<i32>,
    /// Points when no bin holds the value; none: the score is unknown.
    #[serde(default)]
    pub other: Option<i32>,
}

/// A bin: a half-open interval `[from, to)` of numbers or amounts, or a set of values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bin {
    /// Lower end, inclusive.
    #[serde(with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub from: Option<Decimal>,
    /// Upper end, exclusive.
    #[serde(with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub to: Option<Decimal>,
    /// Values; when given, the ends are not looked at.
    pub of: Vec<Value>,
    /// Points.
    pub points: i32,
}

/// A score with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The points.
    pub points: i32,
    /// Attributes with what they lost against their own best, the worst first, ties in the order
    /// of the card. Attributes at their best are left out.
    pub reasons: Vec<Reason>,
}

/// Why a score is not higher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The attribute.
    pub attribute: Label,
    /// Points it gave.
    pub points: i32,
    /// Points below its own best.
    pub lost: i32,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledCard {
    pub card: Scorecard,
    pub values: Vec<Calc>,
}

impl Bin {
    fn holds(&self, value: &Value) -> bool {
        if !self.of.is_empty() {
            return self.of.contains(value);
        }
        let number = match value {
            Value::Number(number) => *number,
            Value::Money(money) => money.amount(),
            _ => return false,
        };
        self.from.is_none_or(|from| from <= number) && self.to.is_none_or(|to| number < to)
    }
}

impl Attribute {
    fn points(&self, value: Option<&Value>) -> Option<i32> {
        match value {
            None => self.missing,
            Some(value) => match self.bins.iter().find(|bin| bin.holds(value)) {
                Some(bin) => Some(bin.points),
                None => self.other,
            },
        }
    }

    /// Whether every known value has points. An attribute that has them for the unknown but not for
    /// some of the known would go from decided to undecided when more becomes known.
    pub(crate) fn answers_all(&self, kind: ValueKind) -> bool {
        if self.other.is_some() {
            return true;
        }
        if kind == ValueKind::Bool {
            let given = |value| {
                self.bins
                    .iter()
                    .any(|bin| bin.of.contains(&Value::Bool(value)))
            };
            return given(true) && given(false);
        }
        let ranges = self.bins.iter().filter(|bin| bin.of.is_empty());
        let mut ranges: Vec<&Bin> = ranges.collect();
        ranges.sort_by_key(|bin| bin.from);
        // None sorts first: the reach of what is covered so far, from below everything.
        let mut reach: Option<Option<Decimal>> = None;
        for bin in ranges {
            let joins = match (reach, bin.from) {
                (None, from) => from.is_none(),
                (Some(None), _) => true,
                (Some(Some(to)), from) => from.is_none_or(|from| from <= to),
            };
            if !joins {
                return false;
            }
            reach = Some(match (reach, bin.to) {
                (Some(None), _) | (_, None) => None,
                (Some(Some(known)), Some(to)) => Some(known.max(to)),
                (None, Some(to)) => Some(to),
            });
        }
        reach == Some(None)
    }

    /// The best and the worst this attribute can give.
    pub(crate) fn range(&self) -> (i32, i32) {
        let all = self
            .bins
            .iter()
            .map(|b| b.points)
            .chain(self.missing)
            .chain(self.other);
        let (low, high) = all.fold(
            (None, None),
            |(low, high): (Option<i32>, Option<i32>), p| {
                (
                    Some(low.map_or(p, |l| l.min(p))),
                    Some(high.map_or(p, |h| h.max(p))),
                )
            },
        );
        (low.unwrap_or(0), high.unwrap_or(0))
    }
}

impl Scorecard {
    /// Whether no sum of points overflows.
    pub(crate) fn fits(&self) -> bool {
        let mut sums = (i64::from(self.base), i64::from(self.base));
        for attribute in &self.attributes {
            let (low, high) = attribute.range();
            sums.0 = sums.0.saturating_add(i64::from(low.min(0)));
            sums.1 = sums.1.saturating_add(i64::from(high.max(0)));
        }
        i32::try_from(sums.0).is_ok() && i32::try_from(sums.1).is_ok()
    }

    /// The lowest and the highest score this card can give.
    #[must_use]
    pub fn range(&self) -> (i32, i32) {
        self.attributes
            .iter()
            .fold((self.base, self.base), |(low, high), attribute| {
                let (l, h) = attribute.range();
                (low.saturating_add(l), high.saturating_add(h))
            })
    }
}

impl CompiledCard {
    pub(crate) fn score(&self, bound: &BoundFacts<'_>) -> Option<Score> {
        let mut points = self.card.base;
        let mut reasons = Vec::new();
        for (attribute, value) in self.card.attributes.iter().zip(&self.values) {
            let given = attribute.points(calc(value, bound).as_deref())?;
            points = points.checked_add(given)?;
            let lost = attribute.range().1.saturating_sub(given);
            if lost > 0 {
                reasons.push(Reason {
                    attribute: attribute.name.clone(),
                    points: given,
                    lost,
                });
            }
        }
        reasons.sort_by_key(|reason| core::cmp::Reverse(reason.lost));
        Some(Score { points, reasons })
    }
}

impl CompiledBook {
    /// The score of a card; none: the book has no such card, or an attribute without points for
    /// unknown values is unknown.
    #[must_use]
    pub fn score(&self, card: &CardId, bound: &BoundFacts<'_>) -> Option<Score> {
        self.cards.get(card)?.score(bound)
    }
}
