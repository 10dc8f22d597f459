//! The parts of a book around its conditions: facts, rules, tables, scorecards, tiers.

use alloc::{collections::BTreeMap, string::ToString, sync::Arc, vec::Vec};

use super::{CompiledRule, CompiledTier, Slot, expressions::wrong};
use crate::{
    code::{CardId, FactPath, RuleId},
    facts::{Value, ValueKind},
    rules::{
        Source,
        book::{FactDecl, Item, Outcome, Rule, RuleBook, Scope},
        cond::{Cond, Expr, SetRef},
        error::BookError,
        eval::item_path,
        scorecard::{CompiledCard, Scorecard},
        table::DecisionTable,
        tier::TierPolicy,
    },
};

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

pub(super) struct Builder<'a> {
    pub(super) book: &'a RuleBook,
    pub(super) slots: Vec<FactDecl>,
    pub(super) by_path: BTreeMap<FactPath, Slot>,
    pub(super) index: BTreeMap<RuleId, usize>,
    pub(super) cards: BTreeMap<CardId, Arc<CompiledCard>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(book: &'a RuleBook) -> Result<Self, BookError> {
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
            unit: None,
            max_age_days: None,
            personal: false,
            protected: false,
        });
        slot
    }

    pub(super) fn rule(&mut self, rule: &Rule) -> Result<CompiledRule, BookError> {
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

    pub(super) fn card(&mut self, card: &Scorecard) -> Result<(), BookError> {
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
            if attribute.missing.is_some() && !attribute.answers_all(kind) {
                return Err(BookError::Malformed {
                    at,
                    reason: "an attribute with points for unknown values has points for all others: \
                             bins that cover everything, or `other`",
                });
            }
            values.push(calc);
        }
        if !card.fits() {
            return Err(BookError::Malformed {
                at,
                reason: "the highest and the lowest score of a card fit a whole number of 32 bits",
            });
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

    pub(super) fn table(&self, table: &DecisionTable) -> Result<Vec<Rule>, BookError> {
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

    pub(super) fn tier(&mut self, tier: &TierPolicy) -> Result<CompiledTier, BookError> {
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
        self.slot(at, &item_path(item)).map(|_| ())
    }

    pub(super) fn slot(&mut self, at: &Source, path: &FactPath) -> Result<Slot, BookError> {
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

    pub(super) fn typed_slot(
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
