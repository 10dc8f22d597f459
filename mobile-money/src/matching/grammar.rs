//! The form of a lender's references.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use ledger::CheckDigit;

/// The form of a reference, for example `EO#####`.
///
/// ```
/// use mobile_money::matching::CodeGrammar;
/// let grammar = CodeGrammar::new("EO#####");
/// assert!(grammar.fits("EO41877"));
/// assert!(!grammar.fits("EO4187X"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CodeGrammar {
    /// `#` a digit, `@` a letter, `?` either; everything else stands for itself. Upper case.
    pub pattern: String,
    /// The check digit that ends the reference, if it has one.
    #[serde(default)]
    pub check: Option<CheckDigit>,
}

impl CodeGrammar {
    /// A form without check digit.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        Self {
            pattern: pattern.into(),
            check: None,
        }
    }

    /// The form with a check digit.
    #[must_use]
    pub fn with_check(mut self, check: CheckDigit) -> Self {
        self.check = Some(check);
        self
    }

    /// Whether a canonical text has this form and, where there is one, the right check digit.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let shape = text.chars().count() == self.pattern.chars().count()
            && self
                .pattern
                .chars()
                .zip(text.chars())
                .all(|(form, sign)| match form {
                    '#' => sign.is_ascii_digit(),
                    '@' => sign.is_ascii_uppercase(),
                    '?' => sign.is_ascii_digit() || sign.is_ascii_uppercase(),
                    same => same == sign,
                });
        shape && self.check.is_none_or(|check| check.holds(text))
    }

    /// Whether a text could be this form with one character wrong or two exchanged.
    pub(super) fn fits_loosely(&self, text: &str) -> bool {
        text.chars().count() == self.pattern.chars().count()
    }
}
