//! When a field is asked, and when a choice is offered.

use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{code::Label, facts::Value, rules::CmpOp};

/// A condition on answers of the same entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Dependency {
    /// All of these.
    All(Vec<Dependency>),
    /// One of these.
    Any(Vec<Dependency>),
    /// Not this.
    Not(Box<Dependency>),
    /// A test of one field.
    Answer {
        /// The field.
        field: Label,
        /// The test. A field without an answer meets only [`AnswerTest::Empty`].
        is: AnswerTest,
    },
}

/// A test of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AnswerTest {
    /// Not answered.
    Empty,
    /// Answered, whatever it is.
    Given,
    /// One of these values.
    OneOf(Vec<Value>),
    /// Compared with a value of its kind: numbers, amounts of one currency, dates.
    Compare {
        /// How.
        op: CmpOp,
        /// With what.
        value: Value,
    },
    /// From one value to another, both inclusive.
    Between {
        /// The least.
        from: Value,
        /// The greatest.
        to: Value,
    },
    /// A text that begins so, whatever the case of its letters.
    StartsWith(String),
    /// A text that begins so, letter by letter.
    StartsWithExactly(String),
}

impl Dependency {
    pub(super) fn holds(&self, answers: &BTreeMap<Label, Value>) -> bool {
        match self {
            Self::All(of) => of.iter().all(|part| part.holds(answers)),
            Self::Any(of) => of.iter().any(|part| part.holds(answers)),
            Self::Not(inner) => !inner.holds(answers),
            Self::Answer { field, is } => is.holds(answers.get(field)),
        }
    }

    /// The fields it looks at.
    pub(super) fn fields(&self) -> Vec<&Label> {
        match self {
            Self::All(of) | Self::Any(of) => of.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
            Self::Answer { field, .. } => alloc::vec![field],
        }
    }
}

impl AnswerTest {
    fn holds(&self, answer: Option<&Value>) -> bool {
        let Some(answer) = answer else {
            return *self == Self::Empty;
        };
        let ordered = |value: &Value, op: CmpOp| answer.order(value).is_some_and(|o| op.holds(o));
        match self {
            Self::Empty => false,
            Self::Given => true,
            Self::OneOf(values) => values.contains(answer),
            Self::Compare { op, value } => ordered(value, *op),
            Self::Between { from, to } => ordered(from, CmpOp::Ge) && ordered(to, CmpOp::Le),
            Self::StartsWith(prefix) => match answer {
                Value::Text(text) => text.to_lowercase().starts_with(&prefix.to_lowercase()),
                _ => false,
            },
            Self::StartsWithExactly(prefix) => match answer {
                Value::Text(text) => text.starts_with(prefix.as_str()),
                _ => false,
            },
        }
    }
}
