//! The closed condition tree and its expressions.

use alloc::{boxed::Box, string::String, vec::Vec};

use ledger::Currency;
use serde::{Deserialize, Serialize};

use super::aggregate::Aggregate;
use crate::{
    code::{CardId, FactPath, ListId, RuleId, SetId},
    facts::Value,
};

/// A condition. Closed on purpose: what a book can say can be checked, drawn and proven.
///
/// Evaluated in Kleene's three-valued logic: `all` is false when one part is false even if another
/// is unknown, `any` is true when one part is true, `not` of unknown is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Cond {
    /// Always or never.
    Const(bool),
    /// Every part holds. True for no parts.
    All(Vec<Cond>),
    /// Some part holds. False for no parts.
    Any(Vec<Cond>),
    /// At least so many parts hold.
    AtLeast {
        /// How many.
        count: u8,
        /// Of which.
        of: Vec<Cond>,
    },
    /// The part does not hold.
    Not(Box<Cond>),
    /// A yes/no fact is yes.
    True(FactPath),
    /// The fact has a value. Unknown until the host gives it or records that there is none.
    Present(FactPath),
    /// A comparison.
    Cmp {
        /// Left side.
        left: Expr,
        /// How the sides compare.
        op: CmpOp,
        /// Right side.
        right: Expr,
    },
    /// The value lies in an interval; each end says whether it belongs to it.
    Between {
        /// The value.
        value: Expr,
        /// Lower end.
        from: End,
        /// Upper end.
        to: End,
    },
    /// The value is one of a set; a list: one of its items is.
    In {
        /// The value.
        value: Expr,
        /// The set.
        set: SetRef,
    },
    /// The text has a form.
    Matches {
        /// The text.
        value: Expr,
        /// The form.
        pattern: Pattern,
    },
    /// A name search of this list gave at least this score (basis points, 0 to 10,000).
    /// Unknown until screened: never screened is not the same as not found.
    Screened {
        /// The list.
        list: ListId,
        /// The least score.
        min_score: u16,
    },
    /// The condition (with scope and validity) of another rule of the book.
    Rule(RuleId),
}

/// How two values compare. "More than" and "at least" are different rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CmpOp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Below.
    Lt,
    /// At most.
    Le,
    /// Above.
    Gt,
    /// At least.
    Ge,
}

/// One end of an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum End {
    /// The end belongs to the interval.
    Inclusive(Expr),
    /// The end does not.
    Exclusive(Expr),
}

/// A set of values: named in the book, or written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SetRef {
    /// A set of the book.
    Named(SetId),
    /// These values.
    Of(Vec<Value>),
}

/// A value to compute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Expr {
    /// A fixed value.
    Lit(Value),
    /// A fact.
    Fact(FactPath),
    /// The day the decision is made for.
    Today,
    /// Completed years from a birth date to a day (by default the day of the decision).
    Age {
        /// Birth date.
        birth: FactPath,
        /// The day; none: the day of the decision.
        #[serde(default)]
        on: Option<FactPath>,
        /// When somebody born on 29 February has a birthday in a common year.
        #[serde(default)]
        leap: LeapRule,
    },
    /// Days from one date to another; negative when the second is earlier.
    Days {
        /// From.
        from: Box<Expr>,
        /// To.
        to: Box<Expr>,
    },
    /// Sum of numbers, or of amounts of money.
    Add(Box<Expr>, Box<Expr>),
    /// Difference.
    Sub(Box<Expr>, Box<Expr>),
    /// Product of a number or an amount with a number.
    Mul(Box<Expr>, Box<Expr>),
    /// Exact quotient of two numbers or two amounts as a number; unknown when the divisor is zero.
    Ratio(Box<Expr>, Box<Expr>),
    /// The smallest.
    Min(Vec<Expr>),
    /// The largest.
    Max(Vec<Expr>),
    /// A figure over rows of past events.
    Agg(Aggregate),
    /// The points of a scorecard of the book.
    Score(CardId),
    /// The amount in another currency, by the fact `rate.<from>.<to>`.
    Convert {
        /// The amount.
        money: Box<Expr>,
        /// The currency wanted.
        to: Currency,
    },
}

/// The birthday of somebody born on 29 February, in a common year.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LeapRule {
    /// 1 March: the year is complete when the day after 28 February begins. The common default.
    #[default]
    March1,
    /// 28 February.
    February28,
}

/// A form of text. Bounded and total: no regular expressions, no back-tracking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Pattern {
    /// Position by position.
    Mask {
        /// What the mask's letters mean; systems disagree, so a mask always says.
        dialect: MaskDialect,
        /// The mask; every other character stands for itself.
        mask: String,
    },
    /// Begins with.
    Prefix(String),
    /// One of these texts.
    OneOf(Vec<String>),
}

/// What `@`, `#` and `$` mean in a mask. Mambu's custom-field patterns and its id patterns use the
/// same two characters the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MaskDialect {
    /// Custom-field validation patterns: `@` digit, `#` letter, `$` either.
    MambuField,
    /// Client id and document id templates: `@` letter, `#` digit, `$` either.
    MambuId,
}

impl Pattern {
    /// Whether the text has this form.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Mask { dialect, mask } => {
                mask.chars().count() == text.chars().count()
                    && mask
                        .chars()
                        .zip(text.chars())
                        .all(|(m, c)| dialect.fits(m, c))
            }
            Self::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Self::OneOf(texts) => texts.iter().any(|t| t == text),
        }
    }
}

impl MaskDialect {
    fn fits(self, mask: char, c: char) -> bool {
        match (self, mask) {
            (Self::MambuField, '@') | (Self::MambuId, '#') => c.is_ascii_digit(),
            (Self::MambuField, '#') | (Self::MambuId, '@') => c.is_alphabetic(),
            (_, '$') => c.is_ascii_digit() || c.is_alphabetic(),
            _ => mask == c,
        }
    }
}
