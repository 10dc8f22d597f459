//! What is suspicious in a book without being wrong: to be read by its author before it is active.

mod cards;
mod logic;
mod scope;
mod tables;
mod tiers;

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Cond, Confidence, Family, OnUnknown, Outcome, Rule, RuleBook, RuleState, Source};

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
    /// No row of a table, or no bin of a scorecard, holds for some values.
    Gap,
    /// A row of a table, or a rule of a topic, that another one always comes before.
    Unreachable,
    /// A condition that always holds without being written as such.
    Always,
    /// Rules that hold together and set different tiers.
    Contradiction,
    /// A tier, or a topic, has nothing on some days between its first and its last.
    DatedGap,
    /// An amount compared with one in another currency: it needs a rate each time.
    Unit,
    /// Declared and never looked at.
    Unused,
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
            tables::lint(table, &mut lints);
        }
        for card in &self.scorecards {
            self.lint_card(card, &mut lints);
        }
        self.lint_tiers(on, &mut lints);
        self.lint_topics(&mut lints);
        self.lint_unused(&mut lints);
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
        if logic::never(&rule.when) {
            add(LintKind::Dead, "the condition can never hold".into());
        }
        if rule.when != Cond::Const(true) && logic::always(&rule.when) {
            add(LintKind::Always, "the condition always holds".into());
        }
        for (path, unit, other) in self.other_units(&rule.when) {
            add(
                LintKind::Unit,
                alloc::format!("{path} is in {unit} and compared with {other}"),
            );
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
}
