//! Evaluation of compiled conditions over bound facts.

mod needs;
mod paths;
mod values;

use alloc::vec::Vec;
use core::cmp::Ordering;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub(crate) use self::{
    needs::missing_rate,
    paths::{item_path, screening_path},
    values::{calc, compare, convert, rate_path},
};
use super::{
    Item, Truth,
    compile::{Calc, CompiledBook, Node, Slot},
    cond::CmpOp,
    error::EvaluateError,
};
use crate::{
    code::RuleId,
    facts::{Facts, Value},
};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'a> {
    Value(&'a Value),
    Absent,
    Unknown,
}

/// Facts bound to a compiled book for one day: every path looked up once.
#[derive(Clone, Debug)]
pub struct BoundFacts<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) slots: Vec<Known<'a>>,
    pub(crate) on: NaiveDate,
}

impl CompiledBook {
    /// Looks up every fact the book can ask about, once. Facts older than declared are unknown.
    ///
    /// # Errors
    /// [`EvaluateError::FactKind`] when a fact has another kind than the book declares.
    pub fn bind<'a>(
        &self,
        facts: &'a Facts,
        on: NaiveDate,
    ) -> Result<BoundFacts<'a>, EvaluateError> {
        let mut slots = Vec::with_capacity(self.slots.len());
        for decl in &self.slots {
            let known = match facts.fact(&decl.path) {
                None => Known::Unknown,
                Some(fact) => match &fact.value {
                    None => Known::Absent,
                    Some(value) if value.kind() != decl.kind => {
                        return Err(EvaluateError::FactKind {
                            path: decl.path.clone(),
                            given: value.kind(),
                            allowed: decl.kind,
                        });
                    }
                    Some(_) if stale(fact.as_of, decl.max_age_days, on) => Known::Unknown,
                    Some(value) => Known::Value(value),
                },
            };
            slots.push(known);
        }
        Ok(BoundFacts { facts, slots, on })
    }

    /// Whether the condition of one rule (with its scope) holds. None: the book has no such rule.
    /// Allocates nothing and traces nothing.
    #[must_use]
    pub fn test(&self, rule: &RuleId, bound: &BoundFacts<'_>) -> Option<Truth> {
        let rule = self.rules.get(self.rule_index(rule)?)?;
        Some(self.truth(&rule.node, bound))
    }

    pub(crate) fn truth(&self, node: &Node, bound: &BoundFacts<'_>) -> Truth {
        match node {
            Node::Const(value) => Truth::from(*value),
            Node::All(of) => {
                let mut result = Truth::True;
                for part in of {
                    result = result.and(self.truth(part, bound));
                    if result == Truth::False {
                        break;
                    }
                }
                result
            }
            Node::Any(of) => {
                let mut result = Truth::False;
                for part in of {
                    result = result.or(self.truth(part, bound));
                    if result == Truth::True {
                        break;
                    }
                }
                result
            }
            Node::AtLeast(count, of) => at_least(*count, of.iter().map(|n| self.truth(n, bound))),
            Node::Not(inner) => self.truth(inner, bound).not(),
            Node::Rule(index) => match self.rules.get(*index) {
                Some(rule) if !rule.rule.valid.contains(bound.on) => Truth::False,
                Some(rule) => self.truth(&rule.node, bound),
                None => Truth::Unknown,
            },
            atom => self.atom(atom, bound),
        }
    }

    /// The truth of a part without parts.
    pub(crate) fn atom(&self, node: &Node, bound: &BoundFacts<'_>) -> Truth {
        let decided = match node {
            Node::True(slot) => match bound.value(*slot) {
                Some(Value::Bool(value)) => Some(*value),
                _ => None,
            },
            Node::Present(slot) => match bound.known(*slot) {
                Known::Value(_) => Some(true),
                Known::Absent => Some(false),
                Known::Unknown => None,
            },
            // The common comparison of a fact with a figure goes without copies.
            Node::Cmp(Calc::Fact(slot), op, Calc::Lit(limit)) => bound
                .value(*slot)
                .and_then(|value| compare(value, limit, bound))
                .map(|order| op.holds(order)),
            Node::Cmp(left, op, right) => match (calc(left, bound), calc(right, bound)) {
                (Some(l), Some(r)) => compare(&l, &r, bound).map(|order| op.holds(order)),
                _ => None,
            },
            Node::Between(value, from, to) => return between(value, from, to, bound),
            Node::In(value, set) => calc(value, bound).map(|v| match v.as_ref() {
                Value::List(items) => items.iter().any(|item| set.contains(item)),
                single => set.contains(single),
            }),
            Node::Matches(value, pattern) => calc(value, bound).and_then(|v| match v.as_ref() {
                Value::Text(text) => Some(pattern.matches(text)),
                _ => None,
            }),
            Node::Screened(slot, min_score) => match bound.value(*slot) {
                Some(Value::Number(score)) => Some(*score >= Decimal::from(*min_score)),
                _ => None,
            },
            _ => None,
        };
        decided.map_or(Truth::Unknown, Truth::from)
    }

    /// Whether a required item is there: a field has a value, a document or form is accepted.
    pub(crate) fn provided(&self, item: &Item, bound: &BoundFacts<'_>) -> bool {
        let slot = self.by_path.get(&item_path(item));
        match (item, slot.and_then(|slot| bound.value(*slot))) {
            (_, None) => false,
            (Item::Field(_), Some(_)) => true,
            (_, Some(value)) => *value == Value::Bool(true),
        }
    }
}

impl BoundFacts<'_> {
    pub(super) fn known(&self, slot: Slot) -> Known<'_> {
        self.slots.get(slot).copied().unwrap_or(Known::Unknown)
    }

    pub(crate) fn value(&self, slot: Slot) -> Option<&Value> {
        match self.known(slot) {
            Known::Value(value) => Some(value),
            _ => None,
        }
    }
}

impl CmpOp {
    pub(crate) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

pub(crate) fn at_least(count: usize, parts: impl Iterator<Item = Truth>) -> Truth {
    let (mut holds, mut open) = (0_usize, 0_usize);
    for part in parts {
        match part {
            Truth::True => holds = holds.saturating_add(1),
            Truth::Unknown => open = open.saturating_add(1),
            Truth::False => {}
        }
    }
    if holds >= count {
        Truth::True
    } else if holds.saturating_add(open) >= count {
        Truth::Unknown
    } else {
        Truth::False
    }
}

fn between(
    value: &Calc,
    (from, from_inclusive): &(Calc, bool),
    (to, to_inclusive): &(Calc, bool),
    bound: &BoundFacts<'_>,
) -> Truth {
    let Some(v) = calc(value, bound) else {
        return Truth::Unknown;
    };
    let side = |end: &Calc, inclusive: bool, wanted: Ordering| {
        calc(end, bound)
            .and_then(|end| compare(&v, &end, bound))
            .map_or(Truth::Unknown, |order| {
                Truth::from(order == wanted || (inclusive && order.is_eq()))
            })
    };
    side(from, *from_inclusive, Ordering::Greater).and(side(to, *to_inclusive, Ordering::Less))
}

fn stale(as_of: Option<NaiveDate>, max_age_days: Option<u32>, on: NaiveDate) -> bool {
    match (as_of, max_age_days) {
        (Some(as_of), Some(days)) => on.signed_duration_since(as_of).num_days() > i64::from(days),
        // A fact that ages but has no date cannot be shown to be fresh.
        (None, Some(_)) => true,
        (_, None) => false,
    }
}
