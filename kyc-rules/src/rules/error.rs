//! Why a book or an evaluation was refused.

use alloc::string::String;

use super::Source;
use crate::{
    code::{FactPath, SetId},
    facts::ValueKind,
};

/// Why a book was refused. Nothing of it is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
    /// Not the JSON of a rule book.
    #[error("not a rule book: {reason}")]
    Json {
        /// What the parser found, and where.
        reason: String,
    },
    /// Two rules share an id.
    #[error("rule `{at}` occurs twice: ids are unique in a book")]
    DuplicateRule {
        /// The id.
        at: Source,
    },
    /// A fact is declared twice.
    #[error("fact `{path}` is declared twice")]
    DuplicateFact {
        /// The fact.
        path: FactPath,
    },
    /// A rule looks at a fact the book does not declare.
    #[error("`{at}` looks at fact `{path}`, which the book does not declare")]
    UndeclaredFact {
        /// Where.
        at: Source,
        /// The fact.
        path: FactPath,
    },
    /// A value has a kind its place does not allow.
    #[error("`{at}` has a {given} where {allowed} is allowed")]
    Kind {
        /// Where.
        at: Source,
        /// What was found.
        given: ValueKind,
        /// What is allowed there.
        allowed: String,
    },
    /// A rule names a set that the book does not have.
    #[error("`{at}` names set `{set}`, which the book does not have")]
    UnknownSet {
        /// Where.
        at: Source,
        /// The set.
        set: SetId,
    },
    /// A rule names a rule that the book does not have.
    #[error("`{at}` names `{target}`, which the book does not have")]
    UnknownTarget {
        /// Where.
        at: Source,
        /// What is named.
        target: String,
    },
    /// Rules refer to each other in a circle.
    #[error("rule `{at}` refers back to itself")]
    Circle {
        /// One of the circle.
        at: Source,
    },
    /// A condition is nested deeper or costs more steps than allowed.
    #[error("`{at}` is too large: {what} is {given}, at most {allowed} is allowed")]
    TooLarge {
        /// Where.
        at: Source,
        /// What is counted.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many are allowed.
        allowed: usize,
    },
    /// A fact with a fixed meaning is declared with another kind.
    #[error("fact `{path}` is declared as {given}: it is read as text")]
    ContextKind {
        /// The fact.
        path: FactPath,
        /// The kind declared.
        given: ValueKind,
    },
    /// A part that needs at least one entry is empty, or a count does not fit.
    #[error("`{at}`: {reason}")]
    Malformed {
        /// Where.
        at: Source,
        /// What is wrong.
        reason: &'static str,
    },
}

impl BookError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Json { .. } => 4101,
            Self::DuplicateRule { .. } => 4102,
            Self::DuplicateFact { .. } => 4103,
            Self::UndeclaredFact { .. } => 4104,
            Self::Kind { .. } => 4105,
            Self::UnknownSet { .. } => 4106,
            Self::UnknownTarget { .. } => 4107,
            Self::Circle { .. } => 4108,
            Self::TooLarge { .. } => 4109,
            Self::Malformed { .. } => 4110,
            Self::ContextKind { .. } => 4111,
        }
    }
}

/// Why facts could not be decided on. No decision is made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The book itself was refused.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A fact has another kind than declared.
    #[error("fact `{path}` is a {given}: a {allowed} is declared")]
    FactKind {
        /// The fact.
        path: FactPath,
        /// What was given.
        given: ValueKind,
        /// What is declared.
        allowed: ValueKind,
    },
    /// The tier asked for does not exist on that day in that country.
    #[error("tier `{tier}` is not offered on that day: the book has no active entry for it")]
    UnknownTier {
        /// The tier.
        tier: String,
    },
    /// The book does not say what applied to the tier on that day.
    #[error("tier `{tier}` on {on}: the book has an entry before and one after, none for the day")]
    TierHole {
        /// The tier.
        tier: String,
        /// The day.
        on: chrono::NaiveDate,
    },
    /// Amounts in two currencies met where one is needed.
    #[error(transparent)]
    Money(#[from] ledger::MoneyError),
    /// The facts could not be written down for their hash.
    #[error("the facts cannot be encoded: {reason}")]
    Encoding {
        /// Why.
        reason: String,
    },
}

impl EvaluateError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Book(inner) => inner.code(),
            Self::FactKind { .. } => 4151,
            Self::UnknownTier { .. } => 4152,
            Self::Money(inner) => inner.code(),
            Self::Encoding { .. } => 4153,
            Self::TierHole { .. } => 4154,
        }
    }
}
