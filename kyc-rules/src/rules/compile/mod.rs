//! A checked book, ready to evaluate: facts resolved to slots, sets to sorted slices, types proven.
//!
//! Cost: compiling is linear in the size of the book. Evaluating a condition costs a slot read and
//! a comparison per atom; no allocation unless a trace is asked for.

mod builder;
mod conditions;
mod expressions;
mod references;

use alloc::{boxed::Box, collections::BTreeMap, sync::Arc, vec::Vec};

use self::{builder::Builder, references::check_references};
use super::{
    Source,
    aggregate::CompiledAggregate,
    book::{FactDecl, Rule, RuleBook, RuleState, Scope},
    cond::{CmpOp, Cond, LeapRule, Pattern},
    error::BookError,
    scorecard::CompiledCard,
    tier::TierPolicy,
};
use crate::{
    code::{CardId, FactPath, RuleId},
    facts::Value,
};

/// Deepest nesting of a condition.
pub const DEPTH_MAX: usize = 64;
/// Most steps one rule may cost, rules it refers to included.
pub const COST_MAX: usize = 100_000;

pub(crate) type Slot = usize;

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Const(bool),
    All(Vec<Node>),
    Any(Vec<Node>),
    AtLeast(usize, Vec<Node>),
    Not(Box<Node>),
    True(Slot),
    Present(Slot),
    Cmp(Calc, CmpOp, Calc),
    Between(Calc, (Calc, bool), (Calc, bool)),
    In(Calc, Vec<Value>),
    Matches(Calc, Pattern),
    Screened(Slot, u16),
    Rule(usize),
}

#[derive(Clone, Debug)]
pub(crate) enum Calc {
    Lit(Value),
    Fact(Slot),
    Today,
    Age(Slot, Option<Slot>, LeapRule),
    Days(Box<Calc>, Box<Calc>),
    Add(Box<Calc>, Box<Calc>),
    Sub(Box<Calc>, Box<Calc>),
    Mul(Box<Calc>, Box<Calc>),
    Ratio(Box<Calc>, Box<Calc>),
    Min(Vec<Calc>),
    Max(Vec<Calc>),
    /// Boxed: large and rare beside the others.
    Agg(Box<CompiledAggregate>),
    Score(Arc<CompiledCard>),
    Convert(Box<Calc>, ledger::Currency),
}

/// A rule with its scope folded into its condition.
#[derive(Clone, Debug)]
pub(crate) struct CompiledRule {
    pub rule: Rule,
    /// Scope first, then the rule's own condition.
    pub when: Cond,
    pub node: Node,
    pub specificity: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledTier {
    pub tier: TierPolicy,
    /// Scope (country) and condition of each requirement, in the order of the policy.
    pub requires: Vec<(Cond, Node)>,
}

/// A checked book.
///
/// ```
/// use kyc_rules::{facts::{Facts, Value}, presets, rules::Truth, code::RuleId};
/// let book = presets::uganda()?.compile()?;
/// let facts = Facts::new().with("client.country", Value::text("UG"))?;
/// let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
/// let bound = book.bind(&facts, on)?;
/// // The amount is not known yet, so the rule is neither met nor not met.
/// assert_eq!(book.test(&RuleId::new("ug-cash-report")?, &bound), Some(Truth::Unknown));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CompiledBook {
    pub(crate) book: RuleBook,
    pub(crate) slots: Vec<FactDecl>,
    pub(crate) by_path: BTreeMap<FactPath, Slot>,
    /// Sorted by id, so that the order in the book cannot matter.
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) tiers: Vec<CompiledTier>,
    pub(crate) cards: BTreeMap<CardId, Arc<CompiledCard>>,
}

impl RuleBook {
    /// Checks the book and prepares it for evaluation.
    ///
    /// # Errors
    /// The first [`BookError`] found.
    pub fn compile(&self) -> Result<CompiledBook, BookError> {
        let mut builder = Builder::new(self)?;
        for card in &self.scorecards {
            builder.card(card)?;
        }
        let mut from_tables = Vec::new();
        for table in &self.tables {
            from_tables.extend(builder.table(table)?);
        }
        let mut order: Vec<&Rule> = self.rules.iter().chain(&from_tables).collect();
        order.sort_by(|a, b| a.id.cmp(&b.id));
        for pair in order.windows(2) {
            if let [a, b] = pair
                && a.id == b.id
            {
                return Err(BookError::DuplicateRule {
                    at: Source::Rule(a.id.clone()),
                });
            }
        }
        builder.index = order
            .iter()
            .enumerate()
            .map(|(index, rule)| (rule.id.clone(), index))
            .collect();
        let mut rules = Vec::with_capacity(order.len());
        for rule in order {
            rules.push(builder.rule(rule)?);
        }
        check_references(&rules)?;
        let mut tiers = Vec::with_capacity(self.tiers.len());
        for tier in &self.tiers {
            tiers.push(builder.tier(tier)?);
        }
        Ok(CompiledBook {
            book: self.clone(),
            slots: builder.slots,
            by_path: builder.by_path,
            rules,
            tiers,
            cards: builder.cards,
        })
    }
}

impl CompiledBook {
    /// The book this was compiled from.
    #[must_use]
    pub const fn book(&self) -> &RuleBook {
        &self.book
    }

    pub(crate) fn rule_index(&self, id: &RuleId) -> Option<usize> {
        self.rules.binary_search_by(|r| r.rule.id.cmp(id)).ok()
    }
}

impl Scope {
    /// Whether a rule of this scope is part of a decision about this event.
    pub(crate) fn covers_event(&self, event: Option<&str>) -> bool {
        self.events.is_empty() || event.is_some_and(|e| self.events.iter().any(|o| o.as_str() == e))
    }
}

impl RuleState {
    /// Whether rules of this state are evaluated at all.
    pub(crate) const fn evaluated(self) -> bool {
        matches!(self, Self::Active | Self::Shadow)
    }
}
