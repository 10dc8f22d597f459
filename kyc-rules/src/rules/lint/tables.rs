//! Decision tables: overlaps, rows that are never reached, values without a row.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

use super::{Lint, LintKind};
use crate::{
    facts::Value,
    rules::{Cell, DecisionTable, HitPolicy, Source},
};

/// Most combinations of values tried for a hole.
const COMBINATIONS_MAX: usize = 20_000;

pub(super) fn lint(table: &DecisionTable, lints: &mut Vec<Lint>) {
    let mut add = |kind, text| {
        lints.push(Lint {
            source: Source::Table(table.id.clone()),
            kind,
            text,
        });
    };
    for (index, row) in table.rows.iter().enumerate() {
        let number = index.saturating_add(1);
        if row.cells.iter().any(Cell::is_empty) {
            add(
                LintKind::Dead,
                alloc::format!("row {number} can never hold"),
            );
            continue;
        }
        let earlier = table.rows.iter().take(index);
        for (other, before) in earlier.enumerate() {
            let pairs = || before.cells.iter().zip(&row.cells);
            let place = other.saturating_add(1);
            let hidden = table.hit == HitPolicy::First && pairs().all(|(a, b)| a.covers(b));
            if hidden {
                let text = alloc::format!("row {number} is never reached: row {place} comes first");
                add(LintKind::Unreachable, text);
            }
            if table.hit == HitPolicy::Unique && pairs().all(|(a, b)| a.meets(b)) {
                let text = alloc::format!("rows {place} and {number} can hold at once");
                add(LintKind::Overlap, text);
            }
        }
    }
    if table.hit != HitPolicy::Collect
        && let Some(hole) = hole(table)
    {
        add(LintKind::Gap, alloc::format!("no row holds for {hole}"));
    }
}

/// A value that stands for all that the rows do not tell apart.
#[derive(Clone, Copy, PartialEq)]
enum Sample<'a> {
    /// Below every end.
    Lowest,
    /// The value itself.
    At(&'a Value),
    /// Above the value and below the next.
    Above(&'a Value),
    /// None of the values named.
    Other,
}

/// The first combination of values for which no row holds, in words.
fn hole(table: &DecisionTable) -> Option<String> {
    let columns: Vec<Vec<Sample<'_>>> = (0..table.inputs.len())
        .map(|at| samples(table, at))
        .collect();
    let total = columns
        .iter()
        .try_fold(1_usize, |total, column| total.checked_mul(column.len()))?;
    if total > COMBINATIONS_MAX {
        return None;
    }
    (0..total).find_map(|number| {
        let mut rest = number;
        let mut chosen = Vec::with_capacity(columns.len());
        for column in &columns {
            chosen.push(*column.get(rest.checked_rem(column.len())?)?);
            rest = rest.checked_div(column.len())?;
        }
        let held = table.rows.iter().any(|row| {
            let mut cells = row.cells.iter().zip(&chosen);
            cells.all(|(cell, sample)| cell.holds(*sample))
        });
        if held {
            return None;
        }
        let named = table.inputs.iter().zip(&chosen);
        let parts: Vec<String> = named
            .map(|(input, sample)| sample.text(&input.to_string()))
            .collect();
        Some(parts.join(", "))
    })
}

/// The values of an input that its cells tell apart.
fn samples(table: &DecisionTable, at: usize) -> Vec<Sample<'_>> {
    let (mut ends, mut named): (Vec<&Value>, Vec<&Value>) = (Vec::new(), Vec::new());
    for cell in table.rows.iter().filter_map(|row| row.cells.get(at)) {
        match cell {
            Cell::Any => {}
            Cell::Of(values) => named.extend(values),
            Cell::Range { from, to } => ends.extend(from.iter().chain(to)),
        }
    }
    let mut samples = Vec::new();
    if ends.is_empty() {
        samples.extend(named.iter().map(|value| Sample::At(value)));
        let bools = named.iter().any(|value| matches!(value, Value::Bool(_)));
        let both = [true, false]
            .iter()
            .all(|b| named.contains(&&Value::Bool(*b)));
        if !bools || !both {
            samples.push(Sample::Other);
        }
    } else {
        samples.push(Sample::Lowest);
        for value in ends.into_iter().chain(named) {
            samples.push(Sample::At(value));
            samples.push(Sample::Above(value));
        }
    }
    let mut unique: Vec<Sample<'_>> = Vec::new();
    for sample in samples {
        if !unique.contains(&sample) {
            unique.push(sample);
        }
    }
    unique
}

impl Sample<'_> {
    fn text(self, input: &str) -> String {
        match self {
            Self::Lowest => alloc::format!("{input} below all rows"),
            Self::At(value) => alloc::format!("{input} = {value}"),
            Self::Above(value) => alloc::format!("{input} just above {value}"),
            Self::Other => alloc::format!("another {input}"),
        }
    }
}

impl Cell {
    fn holds(&self, sample: Sample<'_>) -> bool {
        match (self, sample) {
            (Self::Any, _) => true,
            (Self::Of(values), Sample::At(value)) => values.contains(value),
            (Self::Of(_), _) => false,
            (Self::Range { from, .. }, Sample::Lowest) => from.is_none(),
            (Self::Range { from, to }, Sample::At(value)) => {
                let low = from
                    .as_ref()
                    .is_none_or(|f| f.order(value).is_some_and(Ordering::is_le));
                low && to
                    .as_ref()
                    .is_none_or(|t| value.order(t).is_some_and(Ordering::is_lt))
            }
            // Just above a value, and below whatever end comes next.
            (Self::Range { from, to }, Sample::Above(value)) => {
                let low = from
                    .as_ref()
                    .is_none_or(|f| f.order(value).is_some_and(Ordering::is_le));
                low && to
                    .as_ref()
                    .is_none_or(|t| value.order(t).is_some_and(Ordering::is_lt))
            }
            (Self::Range { from, to }, Sample::Other) => from.is_none() && to.is_none(),
        }
    }

    /// Whether no value meets it.
    fn is_empty(&self) -> bool {
        match self {
            Self::Any => false,
            Self::Of(values) => values.is_empty(),
            Self::Range { from, to } => matches!((from, to), (Some(from), Some(to))
                if from.order(to).is_some_and(Ordering::is_ge)),
        }
    }

    /// Whether it holds wherever the other does.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (_, Self::Any) => matches!(
                self,
                Self::Range {
                    from: None,
                    to: None
                }
            ),
            (_, Self::Of(values)) => values.iter().all(|value| self.holds(Sample::At(value))),
            (Self::Of(_), Self::Range { .. }) => false,
            (Self::Range { from: f1, to: t1 }, Self::Range { from: f2, to: t2 }) => {
                let low = f1.as_ref().is_none_or(|own| {
                    f2.as_ref()
                        .is_some_and(|f| own.order(f).is_some_and(Ordering::is_le))
                });
                low && t1.as_ref().is_none_or(|own| {
                    t2.as_ref()
                        .is_some_and(|t| t.order(own).is_some_and(Ordering::is_le))
                })
            }
        }
    }

    /// Whether some value meets both.
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Of(values), cell) | (cell, Self::Of(values)) => {
                values.iter().any(|value| cell.holds(Sample::At(value)))
            }
            (Self::Range { from: f1, to: t1 }, Self::Range { from: f2, to: t2 }) => {
                let before = |to: &Option<Value>, from: &Option<Value>| {
                    matches!((to, from), (Some(t), Some(f))
                        if t.order(f).is_some_and(Ordering::is_le))
                };
                !before(t1, f2) && !before(t2, f1)
            }
        }
    }
}
