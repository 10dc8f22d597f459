//! Evaluation of compiled conditions over bound facts.

use alloc::{borrow::Cow, collections::BTreeSet, string::String, vec::Vec};
use core::cmp::Ordering;

use chrono::{Datelike, NaiveDate};
use ledger::{Currency, Money};
use rust_decimal::Decimal;

use super::{
    Item, Truth,
    compile::{Calc, CompiledBook, Node, Slot},
    cond::{CmpOp, LeapRule},
    error::EvaluateError,
};
use crate::{
    code::{DocumentKind, FactPath, FormId, ListId, RuleId},
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

    /// The facts an undecided part would need, as items to ask for.
    pub(crate) fn needs(&self, node: &Node, bound: &BoundFacts<'_>) -> BTreeSet<Item> {
        let mut slots = Vec::new();
        let mut rates = BTreeSet::new();
        match node {
            Node::True(slot) | Node::Present(slot) | Node::Screened(slot, _) => slots.push(*slot),
            Node::Cmp(l, _, r) => {
                let sides = [calc(l, bound), calc(r, bound)];
                slots_of(l, &mut slots);
                slots_of(r, &mut slots);
                if let [Some(l), Some(r)] = sides {
                    missing_rate(&l, &r, bound, &mut rates);
                }
                rates_of(l, bound, &mut rates);
                rates_of(r, bound, &mut rates);
            }
            Node::Between(v, from, to) => {
                for end in [&from.0, &to.0] {
                    slots_of(end, &mut slots);
                    rates_of(end, bound, &mut rates);
                    if let (Some(v), Some(e)) = (calc(v, bound), calc(end, bound)) {
                        missing_rate(&v, &e, bound, &mut rates);
                    }
                }
                slots_of(v, &mut slots);
                rates_of(v, bound, &mut rates);
            }
            Node::In(v, _) | Node::Matches(v, _) => {
                slots_of(v, &mut slots);
                rates_of(v, bound, &mut rates);
            }
            _ => {}
        }
        let unknown = slots
            .into_iter()
            .filter(|slot| bound.value(*slot).is_none())
            .filter_map(|slot| self.slots.get(slot))
            .map(|decl| path_item(&decl.path));
        unknown.chain(rates.iter().map(path_item)).collect()
    }
}

impl BoundFacts<'_> {
    fn known(&self, slot: Slot) -> Known<'_> {
        self.slots.get(slot).copied().unwrap_or(Known::Unknown)
    }

    fn value(&self, slot: Slot) -> Option<&Value> {
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

/// The order of two values of one kind; none: of different kinds, or money without a rate.
pub(crate) fn compare(left: &Value, right: &Value, bound: &BoundFacts<'_>) -> Option<Ordering> {
    match (left, right) {
        // Figures of one scale are ordered like their digits.
        (Value::Number(a), Value::Number(b)) if a.scale() == b.scale() => {
            Some(a.mantissa().cmp(&b.mantissa()))
        }
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Money(a), Value::Money(b)) => {
            let a = convert(a, b.currency(), bound)?;
            Some(a.amount().cmp(&b.amount()))
        }
        // Lists have no order; equality is all that is asked of them.
        (Value::List(a), Value::List(b)) => Some(if a == b {
            Ordering::Equal
        } else {
            Ordering::Less
        }),
        _ => None,
    }
}

/// The value of an expression; none: unknown.
pub(crate) fn calc<'a>(expr: &'a Calc, bound: &'a BoundFacts<'_>) -> Option<Cow<'a, Value>> {
    let number = |d: Decimal| Some(Cow::Owned(Value::Number(d)));
    match expr {
        Calc::Lit(value) => Some(Cow::Borrowed(value)),
        Calc::Fact(slot) => bound.value(*slot).map(Cow::Borrowed),
        Calc::Today => Some(Cow::Owned(Value::Date(bound.on))),
        Calc::Age(birth, on, leap) => {
            let Some(Value::Date(birth)) = bound.value(*birth) else {
                return None;
            };
            let on = match on {
                None => bound.on,
                Some(slot) => match bound.value(*slot) {
                    Some(Value::Date(on)) => *on,
                    _ => return None,
                },
            };
            number(Decimal::from(age(*birth, on, *leap)?))
        }
        Calc::Days(from, to) => match (calc(from, bound)?.as_ref(), calc(to, bound)?.as_ref()) {
            (Value::Date(a), Value::Date(b)) => {
                number(Decimal::from(b.signed_duration_since(*a).num_days()))
            }
            _ => None,
        },
        Calc::Add(a, b) => combine(a, b, bound, Decimal::checked_add),
        Calc::Sub(a, b) => combine(a, b, bound, Decimal::checked_sub),
        Calc::Mul(a, b) => {
            let (a, b) = (calc(a, bound)?, calc(b, bound)?);
            match (a.as_ref(), b.as_ref()) {
                (Value::Number(a), Value::Number(b)) => number(a.checked_mul(*b)?),
                (Value::Money(a), Value::Number(b)) => {
                    Some(Cow::Owned(Value::Money(a.checked_mul(*b).ok()?)))
                }
                _ => None,
            }
        }
        Calc::Ratio(a, b) => {
            let (a, b) = (calc(a, bound)?, calc(b, bound)?);
            match (a.as_ref(), b.as_ref()) {
                (Value::Number(a), Value::Number(b)) => number(a.checked_div(*b)?),
                (Value::Money(a), Value::Money(b)) => {
                    let a = convert(a, b.currency(), bound)?;
                    number(a.amount().checked_div(b.amount())?)
                }
                _ => None,
            }
        }
        Calc::Agg(aggregate) => aggregate.value(bound).map(Cow::Owned),
        Calc::Score(card) => number(Decimal::from(card.score(bound)?.points)),
        Calc::Min(of) => extreme(of, bound, Ordering::Less),
        Calc::Max(of) => extreme(of, bound, Ordering::Greater),
        Calc::Convert(money, to) => match calc(money, bound)?.as_ref() {
            Value::Money(money) => Some(Cow::Owned(Value::Money(convert(money, *to, bound)?))),
            _ => None,
        },
    }
}

fn combine<'a>(
    a: &Calc,
    b: &Calc,
    bound: &BoundFacts<'_>,
    operation: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Option<Cow<'a, Value>> {
    let (a, b) = (calc(a, bound)?, calc(b, bound)?);
    match (a.as_ref(), b.as_ref()) {
        (Value::Number(a), Value::Number(b)) => Some(Cow::Owned(Value::Number(operation(*a, *b)?))),
        (Value::Money(a), Value::Money(b)) => {
            let b = convert(b, a.currency(), bound)?;
            let amount = operation(a.amount(), b.amount())?;
            Some(Cow::Owned(Value::Money(Money::new(amount, a.currency()))))
        }
        _ => None,
    }
}

fn extreme<'a>(
    of: &'a [Calc],
    bound: &'a BoundFacts<'_>,
    wanted: Ordering,
) -> Option<Cow<'a, Value>> {
    let mut best: Option<Cow<'a, Value>> = None;
    for part in of {
        let value = calc(part, bound)?;
        let better = match &best {
            None => true,
            Some(best) => compare(&value, best, bound)? == wanted,
        };
        if better {
            best = Some(value);
        }
    }
    best
}

/// Completed years.
pub(crate) fn age(birth: NaiveDate, on: NaiveDate, leap: LeapRule) -> Option<i64> {
    let years = i64::from(on.year()).checked_sub(i64::from(birth.year()))?;
    let birthday = birth.with_year(on.year()).or_else(|| match leap {
        LeapRule::March1 => NaiveDate::from_ymd_opt(on.year(), 3, 1),
        LeapRule::February28 => NaiveDate::from_ymd_opt(on.year(), 2, 28),
    })?;
    if on < birthday {
        years.checked_sub(1)
    } else {
        Some(years)
    }
}

pub(crate) fn convert(money: &Money, to: Currency, bound: &BoundFacts<'_>) -> Option<Money> {
    if money.currency() == to {
        return Some(*money);
    }
    let path = rate_path(money.currency(), to)?;
    match bound.facts.fact(&path)?.value.as_ref()? {
        Value::Number(rate) => Some(Money::new(money.amount().checked_mul(*rate)?, to)),
        _ => None,
    }
}

fn rate_path(from: Currency, to: Currency) -> Option<FactPath> {
    let mut path = String::from("rate.");
    path.push_str(&from.code().to_ascii_lowercase());
    path.push('.');
    path.push_str(&to.code().to_ascii_lowercase());
    FactPath::new(path).ok()
}

fn missing_rate(
    left: &Value,
    right: &Value,
    bound: &BoundFacts<'_>,
    rates: &mut BTreeSet<FactPath>,
) {
    if let (Value::Money(a), Value::Money(b)) = (left, right)
        && convert(a, b.currency(), bound).is_none()
    {
        rates.extend(rate_path(a.currency(), b.currency()));
    }
}

/// Rates and streams an expression lacks in its parts.
fn rates_of(expr: &Calc, bound: &BoundFacts<'_>, rates: &mut BTreeSet<FactPath>) {
    match expr {
        Calc::Add(a, b) | Calc::Sub(a, b) => {
            rates_of(a, bound, rates);
            rates_of(b, bound, rates);
            if let (Some(a), Some(b)) = (calc(a, bound), calc(b, bound)) {
                missing_rate(&b, &a, bound, rates);
            }
        }
        Calc::Mul(a, b) | Calc::Ratio(a, b) => {
            rates_of(a, bound, rates);
            rates_of(b, bound, rates);
            if let (Some(a), Some(b)) = (calc(a, bound), calc(b, bound)) {
                missing_rate(&a, &b, bound, rates);
            }
        }
        Calc::Min(of) | Calc::Max(of) => {
            let first = of.first().and_then(|part| calc(part, bound));
            for part in of {
                rates_of(part, bound, rates);
                if let (Some(first), Some(value)) = (&first, calc(part, bound)) {
                    missing_rate(&value, first, bound, rates);
                }
            }
        }
        Calc::Agg(aggregate) if bound.facts.stream(&aggregate.of).is_none() => {
            rates.insert(joined("stream.", aggregate.of.as_str()));
        }
        Calc::Score(card) => {
            card.values
                .iter()
                .for_each(|value| rates_of(value, bound, rates));
        }
        Calc::Convert(money, to) => {
            rates_of(money, bound, rates);
            if let Some(value) = calc(money, bound)
                && let Value::Money(money) = value.as_ref()
                && convert(money, *to, bound).is_none()
            {
                rates.extend(rate_path(money.currency(), *to));
            }
        }
        _ => {}
    }
}

fn slots_of(expr: &Calc, slots: &mut Vec<Slot>) {
    match expr {
        Calc::Fact(slot) => slots.push(*slot),
        Calc::Age(birth, on, _) => {
            slots.push(*birth);
            slots.extend(on);
        }
        Calc::Days(a, b)
        | Calc::Add(a, b)
        | Calc::Sub(a, b)
        | Calc::Mul(a, b)
        | Calc::Ratio(a, b) => {
            slots_of(a, slots);
            slots_of(b, slots);
        }
        Calc::Min(of) | Calc::Max(of) => of.iter().for_each(|part| slots_of(part, slots)),
        Calc::Convert(money, _) => slots_of(money, slots),
        Calc::Score(card) => {
            for (attribute, value) in card.card.attributes.iter().zip(&card.values) {
                if attribute.missing.is_none() {
                    slots_of(value, slots);
                }
            }
        }
        Calc::Lit(_) | Calc::Today | Calc::Agg(_) => {}
    }
}

fn stale(as_of: Option<NaiveDate>, max_age_days: Option<u32>, on: NaiveDate) -> bool {
    match (as_of, max_age_days) {
        (Some(as_of), Some(days)) => on.signed_duration_since(as_of).num_days() > i64::from(days),
        // A fact that ages but has no date cannot be shown to be fresh.
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

/// Where an item is found among the facts.
pub(crate) fn item_path(item: &Item) -> FactPath {
    match item {
        Item::Document(kind) => joined("document.", kind.as_str()),
        Item::Form(form) => joined("form.", form.as_str()),
        Item::Field(path) => path.clone(),
    }
}

pub(crate) fn screening_path(list: &ListId) -> FactPath {
    joined("screening.", list.as_str())
}

fn joined(space: &str, name: &str) -> FactPath {
    let mut path = String::from(space);
    path.push_str(name);
    FactPath::from_parts(path)
}

/// The item behind a path: what a person would be asked for.
pub(crate) fn path_item(path: &FactPath) -> Item {
    let item = match path.as_str().split_once('.') {
        Some(("document", kind)) => DocumentKind::new(kind).ok().map(Item::Document),
        Some(("form", form)) => FormId::new(form).ok().map(Item::Form),
        _ => None,
    };
    item.unwrap_or_else(|| Item::Field(path.clone()))
}
