//! The facts an undecided part lacks.

use alloc::{collections::BTreeSet, vec::Vec};

use super::{
    BoundFacts,
    paths::{joined, path_item},
    values::{calc, convert, rate_path},
};
use crate::{
    code::FactPath,
    facts::Value,
    rules::{
        Item,
        compile::{Calc, CompiledBook, Node, Slot},
    },
};

impl CompiledBook {
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

pub(crate) fn missing_rate(
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
        Calc::Agg(own) => {
            let stream = &own.aggregate.of;
            if bound.facts.stream(stream).is_none() {
                rates.insert(joined("stream.", stream.as_str()));
            }
            own.lacks(bound, rates);
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
        Calc::Agg(own) => slots.extend(own.operands.iter().flatten()),
        Calc::Lit(_) | Calc::Today => {}
    }
}
