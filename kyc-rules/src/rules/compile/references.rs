//! References from rule to rule: no circles, bounded cost.

use alloc::vec::Vec;

use super::{COST_MAX, CompiledRule, DEPTH_MAX, Node, expressions::too_large};
use crate::rules::{Source, error::BookError};

/// Refuses circles, and chains of references whose cost multiplies.
pub(super) fn check_references(rules: &[CompiledRule]) -> Result<(), BookError> {
    let mut costs: Vec<Option<usize>> = alloc::vec![None; rules.len()];
    let mut open = alloc::vec![false; rules.len()];
    for index in 0..rules.len() {
        rule_cost(rules, index, &mut costs, &mut open, 0)?;
    }
    Ok(())
}

fn rule_cost(
    rules: &[CompiledRule],
    index: usize,
    costs: &mut [Option<usize>],
    open: &mut [bool],
    depth: usize,
) -> Result<usize, BookError> {
    let Some(rule) = rules.get(index) else {
        return Ok(0);
    };
    let at = || Source::Rule(rule.rule.id.clone());
    if let Some(Some(cost)) = costs.get(index) {
        return Ok(*cost);
    }
    if open.get(index).copied().unwrap_or(false) {
        return Err(BookError::Circle { at: at() });
    }
    too_large(&at(), "chain of rule references", depth, DEPTH_MAX)?;
    if let Some(flag) = open.get_mut(index) {
        *flag = true;
    }
    let mut cost = 0_usize;
    let mut pending = alloc::vec![&rule.node];
    while let Some(node) = pending.pop() {
        cost = cost.saturating_add(1);
        match node {
            Node::All(of) | Node::Any(of) | Node::AtLeast(_, of) => pending.extend(of),
            Node::Not(inner) => pending.push(inner),
            Node::Rule(target) => {
                let deeper = depth.saturating_add(1);
                cost = cost.saturating_add(rule_cost(rules, *target, costs, open, deeper)?);
            }
            _ => {}
        }
    }
    too_large(&at(), "cost in steps", cost, COST_MAX)?;
    if let Some(flag) = open.get_mut(index) {
        *flag = false;
    }
    if let Some(slot) = costs.get_mut(index) {
        *slot = Some(cost);
    }
    Ok(cost)
}
