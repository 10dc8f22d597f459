//! A checked book, ready to evaluate: facts resolved to slots, sets to sorted slices, types proven.
//!
//! Cost: compiling is linear in the size of the book. Evaluating a condition costs a slot read and
//! a comparison per atom; no allocation unless a trace is asked for.

use alloc::{boxed::Box, collections::BTreeMap, string::ToString, sync::Arc, vec::Vec};

use super::{
    Source,
    aggregate::Aggregate,
    book::{FactDecl, Item, Outcome, Rule, RuleBook, RuleState, Scope, TierPolicy},
    cond::{CmpOp, Cond, End, Expr, LeapRule, Pattern, SetRef},
    error::BookError,
    scorecard::{CompiledCard, Scorecard},
    table::DecisionTable,
};
use crate::{
    code::{CardId, FactPath, RuleId},
    facts::{Value, ValueKind},
};

/// Deepest nesting of a condition.
pub const DEPTH_MAX: usize = 64;
/// Most steps one rule may cost, rules it refers to included.
pub const COST_MAX: usize = 100_000;

/// Facts with a fixed meaning, always text.
const CONTEXT: &[&str] = &[
    "client.country",
    "client.type",
    "client.tier",
    "client.requested_tier",
    "product",
    "channel",
    "event",
];

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
    Agg(Aggregate),
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

struct Builder<'a> {
    book: &'a RuleBook,
    slots: Vec<FactDecl>,
    by_path: BTreeMap<FactPath, Slot>,
    index: BTreeMap<RuleId, usize>,
    cards: BTreeMap<CardId, Arc<CompiledCard>>,
}

impl<'a> Builder<'a> {
    fn new(book: &'a RuleBook) -> Result<Self, BookError> {
        let mut by_path = BTreeMap::new();
        for (slot, decl) in book.facts.iter().enumerate() {
            if by_path.insert(decl.path.clone(), slot).is_some() {
                return Err(BookError::DuplicateFact {
                    path: decl.path.clone(),
                });
            }
        }
        let mut builder = Self {
            book,
            slots: book.facts.clone(),
            by_path,
            index: BTreeMap::new(),
            cards: BTreeMap::new(),
        };
        builder.context()?;
        Ok(builder)
    }

    /// The facts that scopes and tiers read always have a slot, so that their kind is checked.
    fn context(&mut self) -> Result<(), BookError> {
        for path in CONTEXT {
            let path = FactPath::from_parts((*path).to_string());
            match self
                .by_path
                .get(&path)
                .and_then(|slot| self.slots.get(*slot))
            {
                Some(decl) if decl.kind != ValueKind::Text => {
                    return Err(BookError::ContextKind {
                        path,
                        given: decl.kind,
                    });
                }
                Some(_) => {}
                None => {
                    self.add(path, ValueKind::Text);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, path: FactPath, kind: ValueKind) -> Slot {
        let slot = self.slots.len();
        self.by_path.insert(path.clone(), slot);
        self.slots.push(FactDecl {
            path,
            kind,
            max_age_days: None,
            personal: false,
            protected: false,
        });
        slot
    }

    fn rule(&mut self, rule: &Rule) -> Result<CompiledRule, BookError> {
        let at = Source::Rule(rule.id.clone());
        let (mut parts, specificity) = scope_conditions(&rule.scope);
        parts.push(rule.when.clone());
        let when = Cond::All(parts);
        let node = self.node(&at, &when, 0)?;
        for outcome in &rule.then {
            self.outcome(&at, outcome)?;
        }
        Ok(CompiledRule {
            rule: rule.clone(),
            when,
            node,
            specificity,
        })
    }

    fn card(&mut self, card: &Scorecard) -> Result<(), BookError> {
        let at = Source::Card(card.id.clone());
        let mut values = Vec::with_capacity(card.attributes.len());
        for attribute in &card.attributes {
            let (calc, kind) = self.calc(&at, &attribute.value, 0)?;
            if matches!(kind, ValueKind::Date | ValueKind::List) {
                return Err(wrong(&at, kind, "number, money, yes/no or text"));
            }
            if attribute.bins.is_empty() {
                return Err(BookError::Malformed {
                    at,
                    reason: "an attribute of a scorecard has at least one bin",
                });
            }
            values.push(calc);
        }
        let compiled = CompiledCard {
            card: card.clone(),
            values,
        };
        match self.cards.insert(card.id.clone(), Arc::new(compiled)) {
            None => Ok(()),
            Some(_) => Err(BookError::DuplicateRule { at }),
        }
    }

    fn table(&self, table: &DecisionTable) -> Result<Vec<Rule>, BookError> {
        let at = Source::Table(table.id.clone());
        let width = table.inputs.len();
        if width == 0 || table.rows.iter().any(|row| row.cells.len() != width) {
            return Err(BookError::Malformed {
                at,
                reason: "every row of a table has one cell for each input, at least one",
            });
        }
        table.rules().map_err(|_| BookError::Malformed {
            at,
            reason: "the id of a table is short enough for a row number after it",
        })
    }

    fn tier(&mut self, tier: &TierPolicy) -> Result<CompiledTier, BookError> {
        let at = Source::Tier(tier.id.clone());
        let mut requires = Vec::with_capacity(tier.requires.len());
        for requirement in &tier.requires {
            if requirement.any_of.is_empty() {
                return Err(BookError::Malformed {
                    at,
                    reason: "a requirement lists at least one item",
                });
            }
            let when = requirement.when.clone().unwrap_or(Cond::Const(true));
            if refers(&when) {
                return Err(BookError::Malformed {
                    at,
                    reason: "the condition of a tier requirement cannot refer to a rule",
                });
            }
            let node = self.node(&at, &when, 0)?;
            for item in &requirement.any_of {
                self.item(&at, item)?;
            }
            requires.push((when, node));
        }
        Ok(CompiledTier {
            tier: tier.clone(),
            requires,
        })
    }

    fn outcome(&mut self, at: &Source, outcome: &Outcome) -> Result<(), BookError> {
        match outcome {
            Outcome::RequireDocument { any_of } => {
                if any_of.is_empty() {
                    return Err(BookError::Malformed {
                        at: at.clone(),
                        reason: "a required document lists at least one kind",
                    });
                }
                any_of
                    .iter()
                    .try_for_each(|kind| self.item(at, &Item::Document(kind.clone())))
            }
            Outcome::RequireField(path) => self.item(at, &Item::Field(path.clone())),
            Outcome::RequireForm(form) => self.item(at, &Item::Form(form.clone())),
            Outcome::SetTier(tier) if !self.book.tiers.iter().any(|t| t.id == *tier) => {
                Err(BookError::UnknownTarget {
                    at: at.clone(),
                    target: tier.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Gives every item that can be asked for a slot, so that the evaluation finds it.
    fn item(&mut self, at: &Source, item: &Item) -> Result<(), BookError> {
        self.slot(at, &super::eval::item_path(item)).map(|_| ())
    }

    fn slot(&mut self, at: &Source, path: &FactPath) -> Result<Slot, BookError> {
        if let Some(slot) = self.by_path.get(path) {
            return Ok(*slot);
        }
        let text = path.as_str();
        let kind = match text.split_once('.').map(|(space, _)| space) {
            Some("document" | "form") => ValueKind::Bool,
            Some("screening" | "rate") => ValueKind::Number,
            _ => {
                return Err(BookError::UndeclaredFact {
                    at: at.clone(),
                    path: path.clone(),
                });
            }
        };
        Ok(self.add(path.clone(), kind))
    }

    fn typed_slot(
        &mut self,
        at: &Source,
        path: &FactPath,
        allowed: ValueKind,
    ) -> Result<Slot, BookError> {
        let slot = self.slot(at, path)?;
        match self.slots.get(slot).map(|decl| decl.kind) {
            Some(kind) if kind != allowed => Err(wrong(at, kind, &allowed.to_string())),
            _ => Ok(slot),
        }
    }

    fn nodes(&mut self, at: &Source, conds: &[Cond], depth: usize) -> Result<Vec<Node>, BookError> {
        conds.iter().map(|c| self.node(at, c, depth)).collect()
    }

    fn node(&mut self, at: &Source, cond: &Cond, depth: usize) -> Result<Node, BookError> {
        let deeper = depth.saturating_add(1);
        too_large(at, "nesting", depth, DEPTH_MAX)?;
        Ok(match cond {
            Cond::Const(value) => Node::Const(*value),
            Cond::All(of) => Node::All(self.nodes(at, of, deeper)?),
            Cond::Any(of) => Node::Any(self.nodes(at, of, deeper)?),
            Cond::AtLeast { count, of } => {
                if usize::from(*count) > of.len() {
                    return Err(BookError::Malformed {
                        at: at.clone(),
                        reason: "`at_least` asks for more parts than it has",
                    });
                }
                Node::AtLeast(usize::from(*count), self.nodes(at, of, deeper)?)
            }
            Cond::Not(inner) => Node::Not(Box::new(self.node(at, inner, deeper)?)),
            Cond::True(path) => Node::True(self.typed_slot(at, path, ValueKind::Bool)?),
            Cond::Present(path) => Node::Present(self.slot(at, path)?),
            Cond::Cmp { left, op, right } => {
                let (l, lk) = self.calc(at, left, deeper)?;
                let (r, rk) = self.calc(at, right, deeper)?;
                same_kind(at, lk, rk)?;
                if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
                    ordered(at, lk)?;
                }
                Node::Cmp(l, *op, r)
            }
            Cond::Between { value, from, to } => {
                let (v, kind) = self.calc(at, value, deeper)?;
                ordered(at, kind)?;
                let from = self.bound(at, from, kind, deeper)?;
                let to = self.bound(at, to, kind, deeper)?;
                Node::Between(v, from, to)
            }
            Cond::In { value, set } => self.membership(at, value, set, deeper)?,
            Cond::Matches { value, pattern } => {
                let (v, kind) = self.calc(at, value, deeper)?;
                same_kind(at, kind, ValueKind::Text)?;
                Node::Matches(v, pattern.clone())
            }
            Cond::Screened { list, min_score } => {
                let item = super::eval::screening_path(list);
                Node::Screened(self.typed_slot(at, &item, ValueKind::Number)?, *min_score)
            }
            Cond::Rule(id) => {
                let index = self.index.get(id).ok_or_else(|| BookError::UnknownTarget {
                    at: at.clone(),
                    target: id.to_string(),
                })?;
                Node::Rule(*index)
            }
        })
    }

    fn membership(
        &mut self,
        at: &Source,
        value: &Expr,
        set: &SetRef,
        depth: usize,
    ) -> Result<Node, BookError> {
        let (v, kind) = self.calc(at, value, depth)?;
        let values = match set {
            SetRef::Of(values) => values.clone(),
            SetRef::Named(id) => self
                .book
                .sets
                .get(id)
                .ok_or_else(|| BookError::UnknownSet {
                    at: at.clone(),
                    set: id.clone(),
                })?
                .clone(),
        };
        for member in &values {
            // The items of a list are compared one by one, so any kind may stand in its set.
            if kind != ValueKind::List {
                same_kind(at, member.kind(), kind)?;
            }
        }
        Ok(Node::In(v, values))
    }

    fn bound(
        &mut self,
        at: &Source,
        bound: &End,
        allowed: ValueKind,
        depth: usize,
    ) -> Result<(Calc, bool), BookError> {
        let (expr, inclusive) = match bound {
            End::Inclusive(expr) => (expr, true),
            End::Exclusive(expr) => (expr, false),
        };
        let (calc, kind) = self.calc(at, expr, depth)?;
        same_kind(at, kind, allowed)?;
        Ok((calc, inclusive))
    }

    fn calc(
        &mut self,
        at: &Source,
        expr: &Expr,
        depth: usize,
    ) -> Result<(Calc, ValueKind), BookError> {
        let deeper = depth.saturating_add(1);
        too_large(at, "nesting", depth, DEPTH_MAX)?;
        Ok(match expr {
            Expr::Lit(value) => (Calc::Lit(value.clone()), value.kind()),
            Expr::Fact(path) => {
                let slot = self.slot(at, path)?;
                let kind = self.slots.get(slot).map_or(ValueKind::Text, |d| d.kind);
                (Calc::Fact(slot), kind)
            }
            Expr::Today => (Calc::Today, ValueKind::Date),
            Expr::Age { birth, on, leap } => {
                let birth = self.typed_slot(at, birth, ValueKind::Date)?;
                let on = match on {
                    Some(path) => Some(self.typed_slot(at, path, ValueKind::Date)?),
                    None => None,
                };
                (Calc::Age(birth, on, *leap), ValueKind::Number)
            }
            Expr::Days { from, to } => {
                let (a, ak) = self.calc(at, from, deeper)?;
                let (b, bk) = self.calc(at, to, deeper)?;
                same_kind(at, ak, ValueKind::Date)?;
                same_kind(at, bk, ValueKind::Date)?;
                (Calc::Days(Box::new(a), Box::new(b)), ValueKind::Number)
            }
            Expr::Add(a, b) => {
                let (a, b, kind) = self.pair(at, a, b, deeper)?;
                (Calc::Add(a, b), kind)
            }
            Expr::Sub(a, b) => {
                let (a, b, kind) = self.pair(at, a, b, deeper)?;
                (Calc::Sub(a, b), kind)
            }
            Expr::Mul(a, b) => {
                let (a, kind) = self.calc(at, a, deeper)?;
                let (b, factor) = self.calc(at, b, deeper)?;
                numeric(at, kind)?;
                same_kind(at, factor, ValueKind::Number)?;
                (Calc::Mul(Box::new(a), Box::new(b)), kind)
            }
            Expr::Ratio(a, b) => {
                let (a, b, _) = self.pair(at, a, b, deeper)?;
                (Calc::Ratio(a, b), ValueKind::Number)
            }
            Expr::Min(of) => {
                let (of, kind) = self.several(at, of, deeper)?;
                (Calc::Min(of), kind)
            }
            Expr::Max(of) => {
                let (of, kind) = self.several(at, of, deeper)?;
                (Calc::Max(of), kind)
            }
            Expr::Agg(aggregate) => (Calc::Agg(aggregate.clone()), aggregate.figure.kind()),
            Expr::Score(id) => match self.cards.get(id) {
                Some(card) => (Calc::Score(Arc::clone(card)), ValueKind::Number),
                None => {
                    return Err(BookError::UnknownTarget {
                        at: at.clone(),
                        target: id.to_string(),
                    });
                }
            },
            Expr::Convert { money, to } => {
                let (money, kind) = self.calc(at, money, deeper)?;
                same_kind(at, kind, ValueKind::Money)?;
                (Calc::Convert(Box::new(money), *to), ValueKind::Money)
            }
        })
    }

    #[allow(clippy::type_complexity, reason = "two operands and their common kind")]
    fn pair(
        &mut self,
        at: &Source,
        a: &Expr,
        b: &Expr,
        depth: usize,
    ) -> Result<(Box<Calc>, Box<Calc>, ValueKind), BookError> {
        let (a, ak) = self.calc(at, a, depth)?;
        let (b, bk) = self.calc(at, b, depth)?;
        numeric(at, ak)?;
        same_kind(at, bk, ak)?;
        Ok((Box::new(a), Box::new(b), ak))
    }

    fn several(
        &mut self,
        at: &Source,
        of: &[Expr],
        depth: usize,
    ) -> Result<(Vec<Calc>, ValueKind), BookError> {
        let mut calcs = Vec::with_capacity(of.len());
        let mut common = None;
        for expr in of {
            let (calc, kind) = self.calc(at, expr, depth)?;
            ordered(at, kind)?;
            same_kind(at, kind, *common.get_or_insert(kind))?;
            calcs.push(calc);
        }
        match common {
            Some(kind) => Ok((calcs, kind)),
            None => Err(BookError::Malformed {
                at: at.clone(),
                reason: "`min` and `max` need at least one value",
            }),
        }
    }
}

/// The scope as conditions, and how many dimensions it restricts.
fn scope_conditions(scope: &Scope) -> (Vec<Cond>, usize) {
    fn texts<T: ToString>(values: &[T]) -> Vec<Value> {
        values.iter().map(|v| Value::Text(v.to_string())).collect()
    }
    let dimensions = [
        ("client.country", texts(&scope.countries)),
        ("client.type", texts(&scope.client_types)),
        ("product", texts(&scope.products)),
        ("client.tier", texts(&scope.tiers)),
        ("channel", texts(&scope.channels)),
    ];
    let parts: Vec<Cond> = dimensions
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .filter_map(|(path, values)| {
            Some(Cond::In {
                value: Expr::Fact(FactPath::new(path).ok()?),
                set: SetRef::Of(values),
            })
        })
        .collect();
    let specificity = parts
        .len()
        .saturating_add(usize::from(!scope.events.is_empty()));
    (parts, specificity)
}

fn refers(cond: &Cond) -> bool {
    match cond {
        Cond::Rule(_) => true,
        Cond::All(of) | Cond::Any(of) | Cond::AtLeast { of, .. } => of.iter().any(refers),
        Cond::Not(inner) => refers(inner),
        _ => false,
    }
}

fn wrong(at: &Source, given: ValueKind, allowed: &str) -> BookError {
    BookError::Kind {
        at: at.clone(),
        given,
        allowed: allowed.to_string(),
    }
}

fn same_kind(at: &Source, given: ValueKind, allowed: ValueKind) -> Result<(), BookError> {
    if given == allowed {
        Ok(())
    } else {
        Err(wrong(at, given, &allowed.to_string()))
    }
}

fn ordered(at: &Source, kind: ValueKind) -> Result<(), BookError> {
    if matches!(kind, ValueKind::Number | ValueKind::Money | ValueKind::Date) {
        Ok(())
    } else {
        Err(wrong(at, kind, "number, money or date"))
    }
}

fn numeric(at: &Source, kind: ValueKind) -> Result<(), BookError> {
    if matches!(kind, ValueKind::Number | ValueKind::Money) {
        Ok(())
    } else {
        Err(wrong(at, kind, "number or money"))
    }
}

fn too_large(
    at: &Source,
    what: &'static str,
    given: usize,
    allowed: usize,
) -> Result<(), BookError> {
    if given > allowed {
        return Err(BookError::TooLarge {
            at: at.clone(),
            what,
            given,
            allowed,
        });
    }
    Ok(())
}

/// Refuses circles, and chains of references whose cost multiplies.
fn check_references(rules: &[CompiledRule]) -> Result<(), BookError> {
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
