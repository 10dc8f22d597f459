//! Fields and forms a lender defines: risk assessments, eligibility questionnaires, custom fields.
//!
//! A definition is data and is checked itself ([`Form::from_json`]). Answers are checked whole:
//! every error at once, none of them hiding another. What is completed becomes facts for rules
//! ([`Completed::facts`]), and who may see or change a field is part of its definition
//! ([`Form::seen_by`], [`Form::changes_by`]).
//!
//! ```
//! use kyc_rules::{facts::Value, forms::{Answers, Form}};
//! let form = Form::from_json(r#"{"id": "risk", "groups": [{"id": "work", "fields": [
//!   {"id": "employed", "kind": "checkbox", "required": true},
//!   {"id": "sector", "kind": {"selection": [{"value": "trade", "score": 5}, {"value": "mining", "score": -10}]},
//!    "required": true, "only_if": {"answer": {"field": "employed", "is": {"one_of": [{"bool": true}]}}}}]}]}"#)
//!   .map_err(|errors| errors[0].clone())?;
//! let answer = |pairs: &[(&str, Value)]| -> Answers {
//!     let fields = pairs.iter().map(|(k, v)| ((*k).try_into().unwrap(), v.clone())).collect();
//!     [("work".try_into().unwrap(), vec![fields])].into()
//! };
//! let nobody_else = |_: &_, _: &_| false;
//! let ok = form.check(&answer(&[("employed", Value::Bool(true)), ("sector", Value::text("trade"))]), &nobody_else);
//! assert_eq!(ok.unwrap().score, 5);
//! // Not employed: the sector is not asked, and must not be answered.
//! assert!(form.check(&answer(&[("employed", Value::Bool(false))]), &nobody_else).is_ok());
//! let errors = form.check(&answer(&[("employed", Value::Bool(true)), ("sector", Value::text("x"))]), &nobody_else);
//! assert_eq!(errors.unwrap_err().len(), 1);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod check;
mod definition;
mod depends;
mod error;
mod rights;

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

pub use self::{
    check::{Completed, Records},
    depends::{AnswerTest, Dependency},
    error::{FormError, FormProblem},
};
use crate::{
    code::{FormId, Label},
    facts::Value,
    rules::Pattern,
};

/// A form: groups of fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Form {
    /// Which form.
    pub id: FormId,
    /// Its groups.
    pub groups: Vec<FieldGroup>,
}

/// Fields that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldGroup {
    /// Which group.
    pub id: Label,
    /// May be filled in several times.
    #[serde(default)]
    pub repeats: bool,
    /// Least entries of a group that repeats.
    #[serde(default)]
    pub entries_min: u32,
    /// Most entries of a group that repeats; none: any number.
    #[serde(default)]
    pub entries_max: Option<u32>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Field {
    /// Which field; unique in its group.
    pub id: Label,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it is in use.
    #[serde(default)]
    pub state: FieldState,
    /// Has to be answered (when it is asked).
    #[serde(default)]
    pub required: bool,
    /// Products, client types or channels for which it has to be answered although it need not be
    /// elsewhere.
    #[serde(default)]
    pub required_for: Vec<Label>,
    /// Taken when it is not answered.
    #[serde(default)]
    pub default: Option<Value>,
    /// No other record has the same value, and no other entry of the group.
    #[serde(default)]
    pub unique: bool,
    /// The form of a text.
    #[serde(default)]
    pub pattern: Option<Pattern>,
    /// Most characters of a text; none: 255 (a short field).
    #[serde(default)]
    pub length_max: Option<u32>,
    /// The least number, amount or date, inclusive.
    #[serde(default)]
    pub from: Option<Value>,
    /// The greatest number, amount or date, inclusive.
    #[serde(default)]
    pub to: Option<Value>,
    /// Asked only when other fields of the group, defined before it, are answered so.
    #[serde(default)]
    pub only_if: Option<Dependency>,
    /// Roles that may see it; empty: all.
    #[serde(default)]
    pub view: Vec<Label>,
    /// Roles that may change it; empty: all.
    #[serde(default)]
    pub edit: Vec<Label>,
}

/// Whether a field is in use.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FieldState {
    /// Asked.
    #[default]
    Normal,
    /// No longer asked; old answers stay where they are, new ones are refused.
    Deactivated,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FieldKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// An amount of money.
    Money,
    /// A date.
    Date,
    /// Yes or no.
    Checkbox,
    /// One of these.
    Selection(Vec<Choice>),
    /// The id of another record.
    Link(LinkTarget),
}

/// What a link points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LinkTarget {
    /// A client.
    Client,
    /// A group.
    Group,
    /// A user of the lender's system.
    User,
}

/// A choice of a selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// The value.
    pub value: String,
    /// Points it adds to the form's score; may be negative.
    #[serde(default)]
    pub score: i32,
    /// Choosing it disqualifies.
    #[serde(default)]
    pub disqualifies: bool,
    /// Offered only when other fields of the group, defined before it, are answered so.
    #[serde(default)]
    pub only_if: Option<Dependency>,
}

/// Answers: for each group its entries, each with its fields.
pub type Answers = BTreeMap<Label, Vec<BTreeMap<Label, Value>>>;
