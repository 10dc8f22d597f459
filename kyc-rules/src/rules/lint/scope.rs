//! Rules beside each other: topics, contradictions, units, what is never used.

use alloc::{collections::BTreeSet, vec::Vec};

use ledger::Currency;

use super::{Lint, LintKind};
use crate::{
    code::{FactPath, SetId},
    facts::Value,
    rules::{Cond, End, Expr, Outcome, Rule, RuleBook, RuleState, Scope, SetRef, Source, Validity},
};

impl RuleBook {
    /// Pairs of active rules.
    pub(super) fn lint_topics(&self, lints: &mut Vec<Lint>) {
        let active = || {
            self.rules
                .iter()
                .filter(|rule| rule.state == RuleState::Active)
        };
        for rule in active() {
            let mut add = |kind, text| {
                lints.push(Lint {
                    source: Source::Rule(rule.id.clone()),
                    kind,
                    text,
                });
            };
            for other in active().filter(|other| other.id != rule.id) {
                if other.covers(rule) {
                    let text = alloc::format!("{} always comes before it", other.id);
                    add(LintKind::Unreachable, text);
                }
                if rule.id < other.id && rule.contradicts(other) {
                    let text = alloc::format!("{} holds with it and sets another tier", other.id);
                    add(LintKind::Contradiction, text);
                }
            }
            let Some(to) = rule.valid.to.filter(|_| rule.topic.is_some()) else {
                continue;
            };
            let own = || active().filter(|r| r.topic == rule.topic && r.scope == rule.scope);
            let later = own()
                .filter_map(|r| r.valid.from)
                .filter(|from| *from > to)
                .min();
            if let Some(next) = later.filter(|_| !own().any(|r| r.valid.contains(to))) {
                add(
                    LintKind::DatedGap,
                    alloc::format!("nothing of its topic from {to} to {next}"),
                );
            }
        }
    }

    /// Facts and sets that nothing looks at.
    pub(super) fn lint_unused(&self, lints: &mut Vec<Lint>) {
        // What cannot be compiled is refused there; here it says nothing of use.
        let Ok(used) = self.used() else { return };
        let unused = self
            .facts
            .iter()
            .filter(|decl| !used.0.contains(&decl.path));
        let facts = unused.map(|decl| (Source::Fact(decl.path.clone()), "no rule looks at it"));
        let sets = self.sets.keys().filter(|set| !used.1.contains(*set));
        let sets = sets.map(|set| (Source::Set(set.clone()), "no rule names it"));
        lints.extend(facts.chain(sets).map(|(source, text)| Lint {
            source,
            kind: LintKind::Unused,
            text: text.into(),
        }));
    }

    fn used(&self) -> Result<(BTreeSet<FactPath>, BTreeSet<SetId>), crate::code::CodeError> {
        let (mut facts, mut sets) = (BTreeSet::new(), BTreeSet::new());
        let mut rules = self.rules.clone();
        for table in &self.tables {
            rules.extend(table.rules()?);
        }
        let conds = rules.iter().map(|rule| &rule.when);
        let tiers = self.tiers.iter().flat_map(|tier| &tier.requires);
        for cond in conds.chain(
            tiers
                .clone()
                .filter_map(|requirement| requirement.when.as_ref()),
        ) {
            facts.extend(cond.paths().into_iter().cloned());
            named_sets(cond, &mut sets);
        }
        let items = tiers.flat_map(|requirement| requirement.any_of.iter().cloned());
        facts.extend(items.map(|item| super::super::eval::item_path(&item)));
        for outcome in rules.iter().flat_map(|rule| &rule.then) {
            if let Outcome::RequireField(path) = outcome {
                facts.insert(path.clone());
            }
        }
        let attributes = self.scorecards.iter().flat_map(|card| &card.attributes);
        facts.extend(attributes.flat_map(|a| a.value.paths()).cloned());
        let fixed = [
            "client.country",
            "client.type",
            "client.tier",
            "client.requested_tier",
            "product",
            "channel",
            "event",
        ];
        facts.extend(
            fixed
                .into_iter()
                .filter_map(|path| FactPath::new(path).ok()),
        );
        Ok((facts, sets))
    }

    /// Facts of a declared unit compared with amounts in another.
    pub(super) fn other_units<'a>(
        &'a self,
        cond: &'a Cond,
    ) -> Vec<(&'a FactPath, Currency, Currency)> {
        let mut found = Vec::new();
        let mut pending = alloc::vec![cond];
        while let Some(cond) = pending.pop() {
            match cond {
                Cond::All(of) | Cond::Any(of) | Cond::AtLeast { of, .. } => pending.extend(of),
                Cond::Not(inner) => pending.push(inner),
                Cond::Cmp { left, right, .. } => {
                    found.extend(self.unit(left, right));
                    found.extend(self.unit(right, left));
                }
                Cond::Between { value, from, to } => {
                    for End::Inclusive(end) | End::Exclusive(end) in [from, to] {
                        found.extend(self.unit(value, end));
                    }
                }
                _ => {}
            }
        }
        found
    }

    fn unit<'a>(
        &'a self,
        fact: &'a Expr,
        literal: &Expr,
    ) -> Option<(&'a FactPath, Currency, Currency)> {
        let (Expr::Fact(path), Expr::Lit(Value::Money(amount))) = (fact, literal) else {
            return None;
        };
        let unit = self.facts.iter().find(|decl| decl.path == *path)?.unit?;
        (unit != amount.currency()).then_some((path, unit, amount.currency()))
    }
}

fn named_sets(cond: &Cond, sets: &mut BTreeSet<SetId>) {
    match cond {
        Cond::All(of) | Cond::Any(of) | Cond::AtLeast { of, .. } => {
            of.iter().for_each(|part| named_sets(part, sets));
        }
        Cond::Not(inner) => named_sets(inner, sets),
        Cond::In {
            set: SetRef::Named(set),
            ..
        } => {
            sets.insert(set.clone());
        }
        _ => {}
    }
}

impl Rule {
    /// Whether this rule of the same topic always holds when the other does, and comes first.
    fn covers(&self, other: &Self) -> bool {
        let first =
            (self.scope == other.scope) && (self.priority, &other.id) > (other.priority, &self.id);
        self.topic.is_some()
            && self.topic == other.topic
            && first
            && self.valid.covers(&other.valid)
            && (self.when == other.when || super::logic::always(&self.when))
    }

    /// Whether both hold together, act together, and set different tiers.
    fn contradicts(&self, other: &Self) -> bool {
        let tier = |rule: &Self| {
            rule.then.iter().find_map(|outcome| match outcome {
                Outcome::SetTier(tier) => Some(tier.clone()),
                _ => None,
            })
        };
        let (Some(own), Some(its)) = (tier(self), tier(other)) else {
            return false;
        };
        own != its
            && (self.topic.is_none() || self.topic != other.topic)
            && self.when == other.when
            && self.scope.meets(&other.scope)
            && self.valid.meets(&other.valid)
    }
}

impl Scope {
    /// Whether some case lies in both.
    fn meets(&self, other: &Self) -> bool {
        fn common<T: PartialEq>(a: &[T], b: &[T]) -> bool {
            a.is_empty() || b.is_empty() || a.iter().any(|item| b.contains(item))
        }
        common(&self.countries, &other.countries)
            && common(&self.products, &other.products)
            && common(&self.tiers, &other.tiers)
            && common(&self.client_types, &other.client_types)
            && common(&self.channels, &other.channels)
            && common(&self.events, &other.events)
    }
}

impl Validity {
    /// Whether every day of the other lies in this one.
    fn covers(&self, other: &Self) -> bool {
        let from = self
            .from
            .is_none_or(|from| other.from.is_some_and(|own| from <= own));
        let to = self
            .to
            .is_none_or(|to| other.to.is_some_and(|own| own <= to));
        from && to
    }

    /// Whether some day lies in both.
    fn meets(&self, other: &Self) -> bool {
        let before =
            |a: &Self, b: &Self| matches!((a.to, b.from), (Some(to), Some(from)) if to <= from);
        !before(self, other) && !before(other, self)
    }
}
