//! Fields and forms a lender defines: risk assessments, eligibility questionnaires, custom fields.
//!
//! Answers are checked whole: every error at once, none of them hiding another.
//!
//! ```
//! use kyc_rules::{facts::Value, forms::{Answers, Form}};
//! let form: Form = serde_json::from_str(r#"{"id": "risk", "groups": [{"id": "work", "fields": [
//!   {"id": "employed", "kind": "checkbox", "required": true},
//!   {"id": "sector", "kind": {"selection": [{"value": "trade", "score": 5}, {"value": "mining", "score": -10}]},
//!    "required": true, "only_if": {"field": "employed", "is": [{"bool": true}]}}]}]}"#)?;
//! let group = "work".try_into()?;
//! let answer = |pairs: &[(&str, Value)]| -> Answers {
//!     let fields = pairs.iter().map(|(k, v)| ((*k).try_into().unwrap(), v.clone())).collect();
//!     [("work".try_into().unwrap(), vec![fields])].into()
//! };
//! let ok = form.check(&answer(&[("employed", Value::Bool(true)), ("sector", Value::text("trade"))]), |_, _| false);
//! assert_eq!(ok.unwrap().score, 5);
//! // Not employed: the sector is not asked, and must not be answered.
//! assert!(form.check(&answer(&[("employed", Value::Bool(false))]), |_, _| false).is_ok());
//! let errors = form.check(&answer(&[("employed", Value::Bool(true)), ("sector", Value::text("x"))]), |_, _| false);
//! assert_eq!(errors.unwrap_err().len(), 1);
//! # let _: kyc_rules::code::Label = group;
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    code::{FormId, Label},
    facts::{Value, ValueKind},
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
    /// Has to be answered (when it is asked).
    #[serde(default)]
    pub required: bool,
    /// Taken when it is not answered.
    #[serde(default)]
    pub default: Option<Value>,
    /// No other record has the same value.
    #[serde(default)]
    pub unique: bool,
    /// The form of a text.
    #[serde(default)]
    pub pattern: Option<Pattern>,
    /// Asked only when another field of the group has one of these values.
    #[serde(default)]
    pub only_if: Option<Dependency>,
    /// Roles that may see it; empty: all.
    #[serde(default)]
    pub view: Vec<Label>,
    /// Roles that may change it; empty: all.
    #[serde(default)]
    pub edit: Vec<Label>,
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
    /// The id of another record (a client, a group).
    Link,
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
}

/// When a field is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependency {
    /// A field before it in the same group.
    pub field: Label,
    /// The values.
    pub is: Vec<Value>,
}

/// Answers: for each group its entries, each with its fields.
pub type Answers = BTreeMap<Label, Vec<BTreeMap<Label, Value>>>;

/// What a form came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completed {
    /// The answers with defaults filled in.
    pub answers: Answers,
    /// Points of the selections.
    pub score: i32,
    /// Fields whose choice disqualifies.
    pub disqualified_by: Vec<Label>,
}

/// An error in one answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{group} {entry}, {field}: {problem}")]
pub struct FormError {
    /// The group.
    pub group: Label,
    /// Which of its entries, from 1.
    pub entry: usize,
    /// The field.
    pub field: Label,
    /// What is wrong.
    pub problem: FormProblem,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormProblem {
    /// Not answered.
    #[error("an answer is needed")]
    Missing,
    /// Another kind of value.
    #[error("a {given} was given: a {allowed} is allowed")]
    Kind {
        /// What was given.
        given: ValueKind,
        /// What is allowed.
        allowed: ValueKind,
    },
    /// Not one of the choices.
    #[error("`{given}` is not one of the choices")]
    Choice {
        /// What was given.
        given: String,
    },
    /// Not of the form asked for.
    #[error("`{given}` does not have the form asked for")]
    Pattern {
        /// What was given.
        given: String,
    },
    /// Another record has the same value.
    #[error("another record has the same value")]
    NotUnique,
    /// Answered, though it is not asked.
    #[error("an answer to a question that is not asked")]
    NotAsked,
    /// The form has no such group or field.
    #[error("the form has no such group or field")]
    Unknown,
    /// A group that does not repeat, filled in several times.
    #[error("the group can be filled in once")]
    Repeated,
}

impl FormProblem {
    /// The stable number of this problem.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Missing => 4501,
            Self::Kind { .. } => 4502,
            Self::Choice { .. } => 4503,
            Self::Pattern { .. } => 4504,
            Self::NotUnique => 4505,
            Self::NotAsked => 4506,
            Self::Unknown => 4507,
            Self::Repeated => 4508,
        }
    }
}

impl Form {
    /// Checks answers whole. `taken` says whether another record has a value in a unique field.
    ///
    /// # Errors
    /// Every error, in the order of the form.
    pub fn check(
        &self,
        answers: &Answers,
        taken: impl Fn(&Label, &Value) -> bool,
    ) -> Result<Completed, Vec<FormError>> {
        let mut errors = Vec::new();
        let mut done = Completed::default();
        let none = alloc::vec![BTreeMap::new()];
        for group in &self.groups {
            // A group that nobody filled in is one empty entry, unless it may be left out.
            let given = answers.get(&group.id);
            let entries = match given {
                Some(entries) => entries,
                None if group.repeats => continue,
                None => &none,
            };
            let mut kept = Vec::with_capacity(entries.len());
            for (index, entry) in entries.iter().enumerate() {
                let mut report = |field: &Label, problem: FormProblem| {
                    errors.push(FormError {
                        group: group.id.clone(),
                        entry: index.saturating_add(1),
                        field: field.clone(),
                        problem,
                    });
                };
                if index > 0 && !group.repeats {
                    report(&group.id, FormProblem::Repeated);
                }
                kept.push(group.check(entry, &taken, &mut done, &mut report));
            }
            done.answers.insert(group.id.clone(), kept);
        }
        for id in answers
            .keys()
            .filter(|id| !self.groups.iter().any(|g| g.id == **id))
        {
            errors.push(FormError {
                group: id.clone(),
                entry: 1,
                field: id.clone(),
                problem: FormProblem::Unknown,
            });
        }
        if errors.is_empty() {
            Ok(done)
        } else {
            Err(errors)
        }
    }
}

impl FieldGroup {
    fn check(
        &self,
        entry: &BTreeMap<Label, Value>,
        taken: &impl Fn(&Label, &Value) -> bool,
        done: &mut Completed,
        report: &mut impl FnMut(&Label, FormProblem),
    ) -> BTreeMap<Label, Value> {
        let mut kept: BTreeMap<Label, Value> = BTreeMap::new();
        for field in &self.fields {
            let asked = field.only_if.as_ref().is_none_or(|dependency| {
                let other = kept.get(&dependency.field);
                other.is_some_and(|value| dependency.is.contains(value))
            });
            let value = entry.get(&field.id);
            match (asked, value.or(field.default.as_ref())) {
                (false, _) => {
                    if value.is_some() {
                        report(&field.id, FormProblem::NotAsked);
                    }
                }
                (true, None) => {
                    if field.required {
                        report(&field.id, FormProblem::Missing);
                    }
                }
                (true, Some(value)) => {
                    if let Err(problem) = field.check(value) {
                        report(&field.id, problem);
                    } else if field.unique && taken(&field.id, value) {
                        report(&field.id, FormProblem::NotUnique);
                    }
                    if let Some(choice) = field.choice(value) {
                        done.score = done.score.saturating_add(choice.score);
                        if choice.disqualifies {
                            done.disqualified_by.push(field.id.clone());
                        }
                    }
                    kept.insert(field.id.clone(), value.clone());
                }
            }
        }
        for id in entry
            .keys()
            .filter(|id| !self.fields.iter().any(|f| f.id == **id))
        {
            report(id, FormProblem::Unknown);
        }
        kept
    }
}

impl Field {
    /// Whether a role may see it.
    #[must_use]
    pub fn visible_to(&self, role: &Label) -> bool {
        self.view.is_empty() || self.view.contains(role) || self.edit.contains(role)
    }

    /// Whether a role may change it.
    #[must_use]
    pub fn editable_by(&self, role: &Label) -> bool {
        self.edit.is_empty() || self.edit.contains(role)
    }

    fn choice(&self, value: &Value) -> Option<&Choice> {
        match (&self.kind, value) {
            (FieldKind::Selection(choices), Value::Text(text)) => {
                choices.iter().find(|choice| choice.value == *text)
            }
            _ => None,
        }
    }

    fn check(&self, value: &Value) -> Result<(), FormProblem> {
        let allowed = match self.kind {
            FieldKind::Text | FieldKind::Selection(_) | FieldKind::Link => ValueKind::Text,
            FieldKind::Number => ValueKind::Number,
            FieldKind::Money => ValueKind::Money,
            FieldKind::Date => ValueKind::Date,
            FieldKind::Checkbox => ValueKind::Bool,
        };
        if value.kind() != allowed {
            return Err(FormProblem::Kind {
                given: value.kind(),
                allowed,
            });
        }
        let Value::Text(text) = value else {
            return Ok(());
        };
        if matches!(self.kind, FieldKind::Selection(_)) && self.choice(value).is_none() {
            return Err(FormProblem::Choice {
                given: text.clone(),
            });
        }
        match &self.pattern {
            Some(pattern) if !pattern.matches(text) => Err(FormProblem::Pattern {
                given: text.clone(),
            }),
            _ => Ok(()),
        }
    }
}
