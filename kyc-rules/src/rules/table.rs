//! Decision tables: rows of tests over the same inputs, turned into rules.

use alloc::{boxed::Box, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{
    OnUnknown,
    book::{Citation, Family, Outcome, Rule, RuleState, Scope, Validity},
    cond::{CmpOp, Cond, Expr, SetRef},
};
use crate::{
    code::{CodeError, RuleId, TableId},
    facts::Value,
};

/// A decision table. Each row becomes a rule `<table>.<row number>`, so that it is evaluated,
/// traced and explained like any other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecisionTable {
    /// Which table.
    pub id: TableId,
    /// What it is about.
    pub family: Family,
    /// Where it applies.
    #[serde(default)]
    pub scope: Scope,
    /// When it applies.
    #[serde(default)]
    pub valid: Validity,
    /// Whether it acts.
    #[serde(default)]
    pub state: RuleState,
    /// What happens when several rows hold.
    pub hit: HitPolicy,
    /// The inputs, left to right.
    pub inputs: Vec<Expr>,
    /// The rows, top to bottom.
    pub rows: Vec<TableRow>,
    /// See [`Rule::on_unknown`].
    #[serde(default)]
    pub on_unknown: OnUnknown,
    /// The law or policy behind it.
    #[serde(default)]
    pub cite: Vec<Citation>,
    /// See [`Rule::disclosable`].
    #[serde(default = "yes")]
    pub disclosable: bool,
}

const fn yes() -> bool {
    true
}

/// What happens when several rows of a table hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HitPolicy {
    /// Never more than one row holds; the lints look for rows that overlap.
    Unique,
    /// The first row from the top acts.
    First,
    /// All rows that hold act (risk points are combined by the book's risk policy).
    Collect,
}

/// A row: one cell for each input, and what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableRow {
    /// The tests, one for each input.
    pub cells: Vec<Cell>,
    /// What follows.
    pub then: Vec<Outcome>,
}

/// A test of one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Cell {
    /// Whatever the input is.
    Any,
    /// One of these.
    Of(Vec<Value>),
    /// In the half-open interval from the first (inclusive) to the second (exclusive).
    Range {
        /// Lower end, inclusive; none: no lower end.
        #[serde(default)]
        from: Option<Value>,
        /// Upper end, exclusive; none: no upper end.
        #[serde(default)]
        to: Option<Value>,
    },
}

impl Cell {
    fn cond(&self, input: &Expr) -> Cond {
        let compare = |op: CmpOp, value: &Value| Cond::Cmp {
            left: input.clone(),
            op,
            right: Expr::Lit(value.clone()),
        };
        match self {
            Self::Any => Cond::Const(true),
            Self::Of(values) => Cond::In {
                value: input.clone(),
                set: SetRef::Of(values.clone()),
            },
            Self::Range { from, to } => {
                let lower = from.iter().map(|v| compare(CmpOp::Ge, v));
                let upper = to.iter().map(|v| compare(CmpOp::Lt, v));
                Cond::All(lower.chain(upper).collect())
            }
        }
    }
}

impl DecisionTable {
    /// The rows as rules.
    pub(crate) fn rules(&self) -> Result<Vec<Rule>, CodeError> {
        let conds: Vec<Cond> = self.rows.iter().map(|row| self.row_cond(row)).collect();
        let mut rules = Vec::with_capacity(self.rows.len());
        for (index, row) in self.rows.iter().enumerate() {
            let mut id = String::from(self.id.as_str());
            id.push_str(&alloc::format!(".{:03}", index.saturating_add(1)));
            let own = conds.get(index).cloned().unwrap_or(Cond::Const(false));
            let when = if self.hit == HitPolicy::First && index > 0 {
                let earlier = conds.iter().take(index).cloned().collect();
                Cond::All(alloc::vec![own, Cond::Not(Box::new(Cond::Any(earlier)))])
            } else {
                own
            };
            rules.push(Rule {
                id: RuleId::new(id)?,
                family: self.family,
                scope: self.scope.clone(),
                valid: self.valid,
                topic: None,
                priority: 0,
                state: self.state,
                when,
                on_unknown: self.on_unknown,
                then: row.then.clone(),
                cite: self.cite.clone(),
                disclosable: self.disclosable,
            });
        }
        Ok(rules)
    }

    fn row_cond(&self, row: &TableRow) -> Cond {
        let cells = row.cells.iter().zip(&self.inputs);
        Cond::All(cells.map(|(cell, input)| cell.cond(input)).collect())
    }
}
