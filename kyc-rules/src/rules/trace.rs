//! The derivation of a condition, part by part.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{
    Item, Truth,
    asks::Asks,
    compile::{CompiledBook, Node},
    cond::Cond,
    eval::{self, BoundFacts},
};
use crate::code::FactPath;

/// One part of a condition with what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TraceNode {
    /// The part in words.
    pub text: String,
    /// How it came out.
    pub result: Truth,
    /// The facts it looked at with their values; personal data is left out.
    pub seen: Vec<(FactPath, String)>,
    /// Its parts.
    pub children: Vec<TraceNode>,
}

impl CompiledBook {
    /// Walks every part, decided or not, so that the derivation is complete and what is missing
    /// does not depend on the order of parts.
    pub(crate) fn trace(
        &self,
        cond: &Cond,
        node: &Node,
        bound: &BoundFacts<'_>,
    ) -> (TraceNode, Asks) {
        match (cond, node) {
            (Cond::All(conds), Node::All(nodes)) => {
                let (children, open) = self.parts(conds, nodes, bound);
                let result = children.iter().fold(Truth::True, |t, c| t.and(c.result));
                let asks = undecided(result, || Asks::all(open));
                (branch("all of", result, children), asks)
            }
            (Cond::Any(conds), Node::Any(nodes)) => {
                let (children, open) = self.parts(conds, nodes, bound);
                let result = children.iter().fold(Truth::False, |t, c| t.or(c.result));
                let asks = undecided(result, || Asks::any(open));
                (branch("any of", result, children), asks)
            }
            (Cond::AtLeast { of: conds, .. }, Node::AtLeast(count, nodes)) => {
                let (children, open) = self.parts(conds, nodes, bound);
                let result = eval::at_least(*count, children.iter().map(|c| c.result));
                let held = children.iter().filter(|c| c.result == Truth::True).count();
                let asks = undecided(result, || Asks::count(open, count.saturating_sub(held)));
                (
                    branch(&alloc::format!("at least {count} of"), result, children),
                    asks,
                )
            }
            (Cond::Not(cond), Node::Not(node)) => {
                let (child, asks) = self.trace(cond, node, bound);
                let result = child.result.not();
                (branch("not", result, alloc::vec![child]), asks.not())
            }
            (Cond::Rule(id), Node::Rule(index)) => self.trace_rule(id.as_str(), *index, bound),
            _ => self.trace_atom(cond, node, bound),
        }
    }

    fn parts(
        &self,
        conds: &[Cond],
        nodes: &[Node],
        bound: &BoundFacts<'_>,
    ) -> (Vec<TraceNode>, Vec<Asks>) {
        let mut children = Vec::with_capacity(conds.len());
        let mut open = Vec::new();
        for (cond, node) in conds.iter().zip(nodes) {
            let (child, asks) = self.trace(cond, node, bound);
            if child.result == Truth::Unknown {
                open.push(asks);
            }
            children.push(child);
        }
        (children, open)
    }

    fn trace_rule(&self, id: &str, index: usize, bound: &BoundFacts<'_>) -> (TraceNode, Asks) {
        let text = alloc::format!("rule {id}");
        match self.rules.get(index) {
            Some(rule) if rule.rule.valid.contains(bound.on) => {
                let (child, asks) = self.trace(&rule.when, &rule.node, bound);
                (branch(&text, child.result, alloc::vec![child]), asks)
            }
            _ => (branch(&text, Truth::False, Vec::new()), Asks::default()),
        }
    }

    fn trace_atom(&self, cond: &Cond, node: &Node, bound: &BoundFacts<'_>) -> (TraceNode, Asks) {
        let result = self.truth(node, bound);
        let asks = undecided(result, || {
            let needs = self.needs(node, bound);
            // Supplying an accepted document or a complete form makes its fact true.
            let supply = matches!(node, Node::True(_) | Node::Present(_));
            let presence = matches!(node, Node::Present(_));
            let makes_true =
                supply && (presence || needs.iter().all(|item| !matches!(item, Item::Field(_))));
            Asks::atom(needs, makes_true)
        });
        let seen = cond
            .paths()
            .into_iter()
            .filter_map(|path| {
                let slot = self.by_path.get(path)?;
                let decl = self.slots.get(*slot)?;
                let value = match bound.slots.get(*slot)? {
                    eval::Known::Value(_) if decl.personal => "(personal)".to_string(),
                    eval::Known::Value(value) => value.to_string(),
                    eval::Known::Absent => "(none)".to_string(),
                    eval::Known::Unknown => "(unknown)".to_string(),
                };
                Some((path.clone(), value))
            })
            .collect();
        let node = TraceNode {
            text: cond.to_string(),
            result,
            seen,
            children: Vec::new(),
        };
        (node, asks)
    }
}

fn undecided(result: Truth, asks: impl FnOnce() -> Asks) -> Asks {
    if result == Truth::Unknown {
        asks()
    } else {
        Asks::default()
    }
}

fn branch(text: &str, result: Truth, children: Vec<TraceNode>) -> TraceNode {
    TraceNode {
        text: text.to_string(),
        result,
        seen: Vec::new(),
        children,
    }
}
