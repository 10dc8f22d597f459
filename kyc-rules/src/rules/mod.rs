//! Rule books as data, evaluated in three-valued logic.
//!
//! A [`RuleBook`] is versioned data (JSON in and out). [`RuleBook::compile`] checks it whole: every
//! fact declared, every comparison between values of one kind, no circles, bounded cost.
//! [`CompiledBook::evaluate`] then is total: it always gives a [`Decision`], and an unknown fact
//! never counts as true or false. It becomes the smallest set of documents, forms and fields that
//! would decide ([`Decision::missing`]).
//!
//! ```
//! use kyc_rules::{facts::{Facts, Value}, rules::{RuleBook, Verdict}};
//! use chrono::NaiveDate;
//! let book = RuleBook::from_json(r#"{
//!   "id": "lender", "version": 1,
//!   "facts": [{"path": "client.birth_date", "kind": "date", "personal": true}],
//!   "rules": [{
//!     "id": "adult", "family": "eligibility",
//!     "when": {"cmp": {"left": {"age": {"birth": "client.birth_date"}}, "op": "lt",
//!                      "right": {"lit": {"number": "18"}}}},
//!     "then": [{"reject": "minor"}]
//!   }]
//! }"#)?;
//! let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
//! // An unknown birth date makes nobody an adult and nobody a minor.
//! let open = book.evaluate(&Facts::new(), on)?;
//! assert_eq!(open.verdict, Verdict::NeedsInfo);
//! assert_eq!(open.missing()[0].to_string(), "field client.birth_date");
//! let born = Value::Date(NaiveDate::from_ymd_opt(2008, 11, 22).unwrap());
//! let decided = book.evaluate(&Facts::new().with("client.birth_date", born)?, on)?;
//! assert_eq!(decided.verdict, Verdict::Reject);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod aggregate;
mod asks;
mod book;
mod compile;
mod cond;
mod decision;
mod error;
mod eval;
mod explain;
mod history;
mod lint;
mod risk;
mod run;
mod scorecard;
mod table;
mod text;
mod tier;
mod trace;
mod truth;

pub use aggregate::{Aggregate, Figure, RowTest, RowValue, Window};
pub use book::{
    Citation, Confidence, Due, FactDecl, Family, Item, LimitKind, OnUnknown, Outcome, ReportKind,
    RiskLevel, Rule, RuleBook, RuleState, Scope, Validity,
};
pub use compile::{COST_MAX, CompiledBook, DEPTH_MAX};
pub use cond::{CmpOp, Cond, End, Expr, LeapRule, MaskDialect, Pattern, SetRef};
pub(crate) use decision::hex;
pub use decision::{Decision, Fired, Requirement, RuleTrace, Source, Verdict};
pub use error::{BookError, EvaluateError};
pub use eval::BoundFacts;
pub use explain::{Audience, Explanation, Line};
pub use history::{Backtest, BookDiff, Flip, PastCase, ReplayError};
pub use lint::{Lint, LintKind};
pub use risk::{Risk, RiskBand, RiskCombine, RiskPolicy};
pub use scorecard::{Attribute, Bin, Reason, Score, Scorecard};
pub use table::{Cell, DecisionTable, HitPolicy, TableRow};
pub use tier::{Breach, OnTierHole, TierPolicy, TierRequirement};
pub use trace::TraceNode;
pub use truth::Truth;
