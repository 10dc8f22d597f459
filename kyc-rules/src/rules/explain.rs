//! What to tell whom about a decision.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{Citation, Decision, Item, Source, TraceNode, Truth, Verdict};

/// Who reads an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The client: only what may be disclosed, no values, no trace.
    Customer,
    /// The lender's officer: every reason and what each looked at.
    Officer,
    /// The regulator: the same, with the law behind each rule.
    Regulator,
}

/// An explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The verdict as this reader may know it. When only reasons that must not be disclosed stand
    /// behind a stop, a referral or a refusal, a customer reads [`Verdict::Hold`].
    pub verdict: Verdict,
    /// The reasons.
    pub reasons: Vec<Line>,
    /// What this reader may be asked for.
    pub missing: Vec<Item>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Where it comes from.
    pub source: Source,
    /// What follows, in words.
    pub text: String,
    /// Part by part what was seen; empty for a customer.
    pub derivation: Vec<String>,
    /// The law or policy behind it; for a regulator.
    pub cite: Vec<Citation>,
}

impl Decision {
    /// What this reader may know.
    #[must_use]
    pub fn explain(&self, audience: Audience) -> Explanation {
        let customer = audience == Audience::Customer;
        let mut reasons = Vec::new();
        let mut told = Verdict::Pass;
        for fired in self.outcomes.iter().filter(|f| f.disclosable || !customer) {
            told = told.max(fired.outcome.verdict());
            reasons.push(Line {
                source: Source::Rule(fired.rule.clone()),
                text: fired.outcome.to_string(),
                derivation: self.derivation(&Source::Rule(fired.rule.clone()), audience),
                cite: if audience == Audience::Regulator {
                    fired.cite.clone()
                } else {
                    Vec::new()
                },
            });
        }
        let missing = if self.verdict == Verdict::Reject {
            Vec::new()
        } else {
            self.missing_of(|requirement| requirement.disclosable || !customer)
        };
        if !missing.is_empty() {
            told = told.max(Verdict::NeedsInfo);
        }
        let verdict = if !customer || told == self.verdict {
            self.verdict
        } else {
            told.max(self.verdict.min(Verdict::Hold))
        };
        Explanation {
            verdict,
            reasons,
            missing,
        }
    }

    fn derivation(&self, source: &Source, audience: Audience) -> Vec<String> {
        let mut lines = Vec::new();
        if audience != Audience::Customer {
            for trace in self.trace.iter().filter(|trace| trace.source == *source) {
                write_node(&trace.root, 0, &mut lines);
            }
        }
        lines
    }
}

fn write_node(node: &TraceNode, depth: usize, lines: &mut Vec<String>) {
    let mut line = "  ".repeat(depth);
    line.push_str(match node.result {
        Truth::True => "holds: ",
        Truth::False => "does not hold: ",
        Truth::Unknown => "open: ",
    });
    line.push_str(&node.text);
    for (path, value) in &node.seen {
        line.push_str(&alloc::format!(" [{path}: {value}]"));
    }
    lines.push(line);
    for child in &node.children {
        write_node(child, depth.saturating_add(1), lines);
    }
}
