//! What can be said of a condition without facts.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

use crate::{
    facts::Value,
    rules::{CmpOp, Cond, End, Expr, SetRef},
};

/// Whether a condition can be seen to be false for all facts.
pub(super) fn never(cond: &Cond) -> bool {
    match cond {
        Cond::Const(value) => !value,
        Cond::Any(of) => of.iter().all(never),
        Cond::AtLeast { count, of } => {
            of.iter().filter(|part| !never(part)).count() < usize::from(*count)
        }
        Cond::All(of) => {
            let flat = flattened(of);
            flat.iter().any(|part| never(part)) || contradicts(&flat) || opposed(&flat)
        }
        Cond::Not(inner) => always(inner),
        Cond::In {
            set: SetRef::Of(values),
            ..
        } => values.is_empty(),
        Cond::Between { from, to, .. } => empty(from, to),
        _ => false,
    }
}

/// Whether a condition can be seen to hold for all facts once they are known.
pub(super) fn always(cond: &Cond) -> bool {
    match cond {
        Cond::Const(value) => *value,
        Cond::All(of) => of.iter().all(always),
        Cond::Any(of) => {
            let parts: Vec<&Cond> = of.iter().collect();
            parts.iter().any(|part| always(part)) || opposed(&parts) || covers(&parts)
        }
        Cond::AtLeast { count, of } => {
            of.iter().filter(|part| always(part)).count() >= usize::from(*count)
        }
        Cond::Not(inner) => never(inner),
        _ => false,
    }
}

/// The parts of nested conjunctions.
fn flattened(of: &[Cond]) -> Vec<&Cond> {
    let mut flat = Vec::new();
    for part in of {
        match part {
            Cond::All(inner) => flat.extend(flattened(inner)),
            other => flat.push(other),
        }
    }
    flat
}

/// Whether one part is the opposite of another.
fn opposed(parts: &[&Cond]) -> bool {
    parts.iter().any(|part| match part {
        Cond::Not(inner) => parts.iter().any(|other| **other == **inner),
        _ => false,
    })
}

/// An interval without a value.
fn empty(from: &End, to: &End) -> bool {
    let fixed = |end: &End| match end {
        End::Inclusive(Expr::Lit(value)) => Some((value.clone(), true)),
        End::Exclusive(Expr::Lit(value)) => Some((value.clone(), false)),
        _ => None,
    };
    match (fixed(from), fixed(to)) {
        (Some((low, with_low)), Some((high, with_high))) => match low.order(&high) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !(with_low && with_high),
            _ => false,
        },
        _ => false,
    }
}

/// Comparisons with fixed values, by what is compared.
fn tests<'a>(parts: &[&'a Cond]) -> BTreeMap<String, Vec<(CmpOp, &'a Value)>> {
    let mut by_value: BTreeMap<String, Vec<(CmpOp, &Value)>> = BTreeMap::new();
    let mut add = |value: &Expr, op, literal| {
        by_value
            .entry(value.to_string())
            .or_default()
            .push((op, literal));
    };
    for part in parts {
        match part {
            Cond::Cmp {
                left,
                op,
                right: Expr::Lit(value),
            } => add(left, *op, value),
            Cond::Cmp {
                left: Expr::Lit(value),
                op,
                right,
            } => add(right, op.turned(), value),
            Cond::Between { value, from, to } => {
                if let End::Inclusive(Expr::Lit(low)) = from {
                    add(value, CmpOp::Ge, low);
                }
                if let End::Exclusive(Expr::Lit(low)) = from {
                    add(value, CmpOp::Gt, low);
                }
                if let End::Inclusive(Expr::Lit(high)) = to {
                    add(value, CmpOp::Le, high);
                }
                if let End::Exclusive(Expr::Lit(high)) = to {
                    add(value, CmpOp::Lt, high);
                }
            }
            _ => {}
        }
    }
    by_value
}

/// Whether two comparisons of a conjunction leave no value.
fn contradicts(of: &[&Cond]) -> bool {
    let pairs = tests(of);
    let compared = pairs.values().any(|tests| {
        let mut pairs = tests.iter().flat_map(|a| tests.iter().map(move |b| (a, b)));
        pairs.any(|((op, a), (other, b))| a.order(b).is_some_and(|o| excludes(*op, *other, o)))
    });
    compared || disjoint_sets(of, &pairs)
}

/// Whether `value op a` and `value other b` exclude each other, `a` standing to `b` as said.
const fn excludes(op: CmpOp, other: CmpOp, order: Ordering) -> bool {
    match (op, other) {
        // At least a, and below b.
        (CmpOp::Ge | CmpOp::Gt, CmpOp::Lt) | (CmpOp::Gt, CmpOp::Le) => order.is_ge(),
        (CmpOp::Ge, CmpOp::Le) => order.is_gt(),
        (CmpOp::Eq, CmpOp::Eq) => order.is_ne(),
        (CmpOp::Eq, CmpOp::Ne) => order.is_eq(),
        (CmpOp::Eq, CmpOp::Lt) => order.is_ge(),
        (CmpOp::Eq, CmpOp::Le) => order.is_gt(),
        (CmpOp::Eq, CmpOp::Gt) => order.is_le(),
        (CmpOp::Eq, CmpOp::Ge) => order.is_lt(),
        _ => false,
    }
}

/// Whether two sets of a conjunction have no member in common, or a set has none that the
/// comparisons leave. Lists have several items, so only what is compared with single values counts.
fn disjoint_sets(of: &[&Cond], tests: &BTreeMap<String, Vec<(CmpOp, &Value)>>) -> bool {
    let mut sets: BTreeMap<String, Vec<&Vec<Value>>> = BTreeMap::new();
    for part in of {
        if let Cond::In {
            value,
            set: SetRef::Of(values),
        } = part
        {
            sets.entry(value.to_string()).or_default().push(values);
        }
    }
    sets.iter().any(|(value, sets)| {
        let compared = tests.get(value).map(Vec::as_slice).unwrap_or_default();
        if compared.is_empty() {
            // Nothing shows that the value is no list.
            return false;
        }
        let Some((first, rest)) = sets.split_first() else {
            return false;
        };
        !first.iter().any(|member| {
            let everywhere = rest.iter().all(|set| set.contains(member));
            let allowed = compared
                .iter()
                .all(|(op, other)| member.order(other).is_none_or(|o| op.holds(o)));
            everywhere && allowed
        })
    })
}

/// Whether two comparisons of a disjunction leave no value out.
fn covers(of: &[&Cond]) -> bool {
    tests(of).values().any(|tests| {
        let mut pairs = tests.iter().flat_map(|a| tests.iter().map(move |b| (a, b)));
        pairs.any(|((op, a), (other, b))| {
            let Some(order) = a.order(b) else {
                return false;
            };
            match (op, other) {
                // At least a, or below b.
                (CmpOp::Ge, CmpOp::Lt | CmpOp::Le) | (CmpOp::Gt, CmpOp::Le) => order.is_le(),
                (CmpOp::Gt, CmpOp::Lt) => order.is_lt(),
                (CmpOp::Eq, CmpOp::Ne) => order.is_eq(),
                (CmpOp::Ne, CmpOp::Ne) => order.is_ne(),
                _ => false,
            }
        })
    })
}

impl CmpOp {
    /// The same comparison with the sides exchanged.
    const fn turned(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }
}
