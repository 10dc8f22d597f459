//! What is wrong with answers, or with the definition of a form.

use alloc::string::String;

use crate::{code::Label, facts::ValueKind};

/// An error in one answer, or in the definition of one field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{group} {entry}, {field}: {problem}")]
pub struct FormError {
    /// The group.
    pub group: Label,
    /// Which of its entries, from 1.
    pub entry: usize,
    /// The field; the group itself where the problem is its own.
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
    /// Not one of the choices, or not one that is offered with these answers.
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
    /// Another record, or another entry, has the same value.
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
    /// Too few or too many entries of a group that repeats.
    #[error("{given} entries were given: {allowed} are allowed")]
    Entries {
        /// How many were given.
        given: usize,
        /// How many are allowed.
        allowed: String,
    },
    /// A text that is too long.
    #[error("{given} characters were given: at most {allowed} are allowed")]
    Length {
        /// How many were given.
        given: usize,
        /// How many are allowed.
        allowed: u32,
    },
    /// A number, amount or date outside its range.
    #[error("{given} was given: {allowed} is allowed")]
    Range {
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: String,
    },
    /// A link to a record that does not exist.
    #[error("there is no record `{given}`")]
    Link {
        /// The id.
        given: String,
    },
    /// Changed by a role that may not.
    #[error("the role {role} may not change it")]
    NotEditable {
        /// The role.
        role: Label,
    },
    /// The definition of the form itself.
    #[error("the definition: {reason}")]
    Definition {
        /// What is wrong.
        reason: String,
    },
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
            Self::Entries { .. } => 4509,
            Self::Length { .. } => 4510,
            Self::Range { .. } => 4511,
            Self::Link { .. } => 4512,
            Self::NotEditable { .. } => 4513,
            Self::Definition { .. } => 4514,
        }
    }
}
