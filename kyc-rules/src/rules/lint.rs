//! What is suspicious in a book without being wrong: to be read by its author before it is active.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    Cell, CmpOp, Cond, Confidence, DecisionTable, Expr, Family, HitPolicy, OnUnknown, Outcome,
    Rule, RuleBook, RuleState, Scorecard, Source, TierPolicy,
};
use crate::facts::Value;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lint {
    /// Where.
    pub source: Source,
    /// What.
    pub kind: LintKind,
    /// In words.
    pub text: String,
}

/// Kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LintKind {
    /// A rule about identity or money laundering treats the unknown as known.
    UnknownTreatedAsKnown,
    /// A refusal the client may not be told about.
    SecretReject,
    /// A suspicious transaction report that may be disclosed.
    DisclosedSuspicion,
    /// A report without a time limit.
    ReportWithoutDue,
    /// No law or policy named.
    NoCitation,
    /// Doubtful figures, yet active.
    DoubtfulActive,
    /// No longer valid on the day.
    Expired,
    /// A condition that can never hold.
    Dead,
    /// Two rows of a table, or two entries of a tier, hold at once.
    Overlap,
    /// Nothing holds between two ranges.
    Gap,
    /// A higher tier allows less than a lower one.
    LimitNotMonotone,
    /// A protected attribute decides eligibility or a score.
    Protected,
    /// An attribute of a scorecard does not say what unknown values give.
    NoMissingBin,
}

impl RuleBook {
    /// Looks the book over for a day. Findings in a fixed order; empty is good.
    #[must_use]
    pub fn lint(&self, on: NaiveDate) -> Vec<Lint> {
        let mut lints = Vec::new();
        for rule in &self.rules {
            self.lint_rule(rule, on, &mut lints);
        }
        for table in &self.tables {
            lint_table(table, &mut lints);
        }
        for card in &self.scorecards {
            self.lint_card(card, &mut lints);
        }
        self.lint_tiers(on, &mut lints);
        lints.sort();
        lints
    }

    fn lint_rule(&self, rule: &Rule, on: NaiveDate, lints: &mut Vec<Lint>) {
        let mut add = |kind: LintKind, text: String| {
            lints.push(Lint {
                source: Source::Rule(rule.id.clone()),
                kind,
                text,
            });
        };
        let guarded = matches!(rule.family, Family::Aml | Family::Kyc);
        if guarded && matches!(rule.on_unknown, OnUnknown::TreatAs(_)) {
            add(
                LintKind::UnknownTreatedAsKnown,
                "an unknown fact is treated as decided in a rule about identity or crime".into(),
            );
        }
        for outcome in &rule.then {
            match outcome {
                Outcome::Reject(_) if !rule.disclosable => add(
                    LintKind::SecretReject,
                    "the client is refused without a reason that may be told: hold or refer".into(),
                ),
                Outcome::Report { kind, due } => {
                    if due.is_none() {
                        add(
                            LintKind::ReportWithoutDue,
                            alloc::format!("{kind} has no time limit"),
                        );
                    }
                    if rule.disclosable && *kind == super::ReportKind::Str {
                        add(
                            LintKind::DisclosedSuspicion,
                            "a suspicious transaction report must not be disclosed".into(),
                        );
                    }
                }
                _ => {}
            }
        }
        if rule.cite.is_empty() {
            add(LintKind::NoCitation, "no law or policy is named".into());
        }
        let doubtful = rule
            .cite
            .iter()
            .any(|cite| cite.confidence == Confidence::C);
        if doubtful && rule.state == RuleState::Active {
            add(
                LintKind::DoubtfulActive,
                "a doubtful source, yet active".into(),
            );
        }
        if let Some(to) = rule.valid.to.filter(|to| *to <= on) {
            add(LintKind::Expired, alloc::format!("ended on {to}"));
        }
        if never(&rule.when) {
            add(LintKind::Dead, "the condition can never hold".into());
        }
        if rule.family == Family::Eligibility {
            for path in rule.when.paths() {
                if self.protected(path) && rule.cite.is_empty() {
                    add(
                        LintKind::Protected,
                        alloc::format!("{path} is protected and no law that allows it is named"),
                    );
                }
            }
        }
    }

    fn protected(&self, path: &crate::code::FactPath) -> bool {
        let mut declared = self.facts.iter();
        declared.any(|decl| decl.protected && decl.path == *path)
    }

    fn lint_card(&self, card: &Scorecard, lints: &mut Vec<Lint>) {
        let mut add = |kind: LintKind, text: String| {
            lints.push(Lint {
                source: Source::Card(card.id.clone()),
                kind,
                text,
            });
        };
        for attribute in &card.attributes {
            let name = &attribute.name;
            if attribute.missing.is_none() {
                add(
                    LintKind::NoMissingBin,
                    alloc::format!("{name} has no points for unknown values: it will be asked for"),
                );
            }
            for path in attribute.value.paths() {
                if self.protected(path) {
                    add(LintKind::Protected, alloc::format!("{name} scores {path}"));
                }
            }
            let mut ranges: Vec<(Option<_>, Option<_>)> = attribute
                .bins
                .iter()
                .filter(|bin| bin.of.is_empty())
                .map(|bin| (bin.from, bin.to))
                .collect();
            ranges.sort();
            for pair in ranges.windows(2) {
                if let [(_, Some(to)), (Some(from), _)] = pair {
                    match to.cmp(from) {
                        Ordering::Less => {
                            add(
                                LintKind::Gap,
                                alloc::format!("{name}: nothing from {to} to {from}"),
                            );
                        }
                        Ordering::Greater => add(
                            LintKind::Overlap,
                            alloc::format!("{name}: two bins from {from} to {to}"),
                        ),
                        Ordering::Equal => {}
                    }
                }
            }
        }
    }

    fn lint_tiers(&self, on: NaiveDate, lints: &mut Vec<Lint>) {
        let active: Vec<&TierPolicy> = self
            .tiers
            .iter()
            .filter(|tier| tier.state == RuleState::Active)
            .collect();
        for tier in &active {
            let mut add = |kind: LintKind, text: String| {
                lints.push(Lint {
                    source: Source::Tier(tier.id.clone()),
                    kind,
                    text,
                });
            };
            if tier.cite.is_empty() {
                add(LintKind::NoCitation, "no law or policy is named".into());
            }
            if tier
                .cite
                .iter()
                .any(|cite| cite.confidence == Confidence::C)
            {
                add(
                    LintKind::DoubtfulActive,
                    "a doubtful source, yet active".into(),
                );
            }
            let later = self.tiers.iter().any(|t| {
                t.id == tier.id && t.country == tier.country && t.valid.from >= tier.valid.to
            });
            if let Some(to) = tier.valid.to.filter(|to| *to <= on && !later) {
                add(
                    LintKind::Expired,
                    alloc::format!("ended on {to} and nothing follows"),
                );
            }
        }
        for (index, a) in active.iter().enumerate() {
            for b in active.iter().skip(index.saturating_add(1)) {
                if a.country == b.country {
                    lint_tier_pair(a, b, lints);
                }
            }
        }
    }
}

fn lint_tier_pair(a: &TierPolicy, b: &TierPolicy, lints: &mut Vec<Lint>) {
    let (lower, higher) = if a.rank <= b.rank { (a, b) } else { (b, a) };
    let source = Source::Tier(higher.id.clone());
    let apart = |x: &TierPolicy, y: &TierPolicy| matches!((x.valid.to, y.valid.from), (Some(to), Some(from)) if to <= from);
    let together = !apart(a, b) && !apart(b, a);
    if a.id == b.id {
        if together {
            lints.push(Lint {
                source,
                kind: LintKind::Overlap,
                text: "two entries of this tier apply on the same day".into(),
            });
        }
        return;
    }
    if !together {
        return;
    }
    for (kind, limit) in &higher.limits {
        if let Some(below) = lower.limits.get(kind)
            && below.checked_cmp(limit).is_ok_and(Ordering::is_gt)
        {
            lints.push(Lint {
                source: source.clone(),
                kind: LintKind::LimitNotMonotone,
                text: alloc::format!("{kind}: {limit}, but {} allows {below}", lower.id),
            });
        }
    }
}

fn lint_table(table: &DecisionTable, lints: &mut Vec<Lint>) {
    let source = Source::Table(table.id.clone());
    if table.hit == HitPolicy::Unique {
        for (index, a) in table.rows.iter().enumerate() {
            let rest = table.rows.iter().enumerate().skip(index.saturating_add(1));
            for (other, b) in rest {
                if a.cells.iter().zip(&b.cells).all(|(x, y)| cells_meet(x, y)) {
                    lints.push(Lint {
                        source: source.clone(),
                        kind: LintKind::Overlap,
                        text: alloc::format!(
                            "rows {} and {} can hold at once",
                            index.saturating_add(1),
                            other.saturating_add(1)
                        ),
                    });
                }
            }
        }
    }
    if let [input] = table.inputs.as_slice() {
        lint_ranges(table, input, lints);
    }
}

/// Gaps of a table with one input.
fn lint_ranges(table: &DecisionTable, input: &Expr, lints: &mut Vec<Lint>) {
    let mut ends: Vec<&Value> = Vec::new();
    let mut starts: Vec<&Value> = Vec::new();
    for row in &table.rows {
        match row.cells.first() {
            Some(Cell::Range { from, to }) => {
                starts.extend(from);
                if let Some(to) = to {
                    ends.push(to);
                }
            }
            Some(Cell::Any) => return,
            _ => {}
        }
    }
    for end in ends {
        let covered = table.rows.iter().any(|row| match row.cells.first() {
            Some(Cell::Range { from, to }) => {
                from.as_ref()
                    .is_none_or(|f| order(f, end).is_some_and(Ordering::is_le))
                    && to
                        .as_ref()
                        .is_none_or(|t| order(t, end).is_some_and(Ordering::is_gt))
            }
            Some(Cell::Of(values)) => values.contains(end),
            _ => true,
        });
        let last = starts
            .iter()
            .all(|s| order(s, end).is_some_and(Ordering::is_lt));
        if !covered {
            lints.push(Lint {
                source: Source::Table(table.id.clone()),
                kind: LintKind::Gap,
                text: alloc::format!(
                    "no row holds for {input} from {end}{}",
                    if last { " on" } else { "" }
                ),
            });
        }
    }
}

fn cells_meet(a: &Cell, b: &Cell) -> bool {
    match (a, b) {
        (Cell::Any, _) | (_, Cell::Any) => true,
        (Cell::Of(x), Cell::Of(y)) => x.iter().any(|value| y.contains(value)),
        (Cell::Of(values), Cell::Range { from, to })
        | (Cell::Range { from, to }, Cell::Of(values)) => values.iter().any(|value| {
            from.as_ref()
                .is_none_or(|f| order(f, value).is_some_and(Ordering::is_le))
                && to
                    .as_ref()
                    .is_none_or(|t| order(value, t).is_some_and(Ordering::is_lt))
        }),
        (Cell::Range { from: f1, to: t1 }, Cell::Range { from: f2, to: t2 }) => {
            let before = |to: &Option<Value>, from: &Option<Value>| {
                matches!((to, from), (Some(t), Some(f))
                    if order(t, f).is_some_and(Ordering::is_le))
            };
            !before(t1, f2) && !before(t2, f1)
        }
    }
}

/// Whether a condition can be seen to be false for all facts.
fn never(cond: &Cond) -> bool {
    match cond {
        Cond::Const(value) => !value,
        Cond::Any(of) => of.iter().all(never),
        Cond::AtLeast { count, of } => {
            of.iter().filter(|part| !never(part)).count() < usize::from(*count)
        }
        Cond::All(of) => of.iter().any(never) || contradicts(of),
        Cond::In {
            set: super::SetRef::Of(values),
            ..
        } => values.is_empty(),
        _ => false,
    }
}

/// Whether two comparisons of a conjunction leave no value.
fn contradicts(of: &[Cond]) -> bool {
    let mut by_value: BTreeMap<String, Vec<(CmpOp, &Value)>> = BTreeMap::new();
    for part in of {
        if let Cond::Cmp {
            left,
            op,
            right: Expr::Lit(value),
        } = part
        {
            by_value
                .entry(left.to_string())
                .or_default()
                .push((*op, value));
        }
    }
    by_value.values().any(|tests| {
        let mut pairs = tests.iter().flat_map(|a| tests.iter().map(move |b| (a, b)));
        pairs.any(|((op, a), (other, b))| {
            let Some(order) = order(a, b) else {
                return false;
            };
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
        })
    })
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Money(a), Value::Money(b)) => a.checked_cmp(b).ok(),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
