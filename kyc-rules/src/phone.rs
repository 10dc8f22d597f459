//! Phone numbers in international form.
//!
//! The crate `phonenumber` (Google's metadata) needs `std`, regular expressions and 39 further
//! crates; a lender needs the plans of the countries it serves. So the tables here cover those, and
//! a host that serves the world normalises with that crate before: its international form is read
//! here as it stands.
//!
//! The tables cover the countries served; any other number is accepted when it is written in
//! international form and has 8 to 15 digits (ITU-T E.164).
//!
//! ```
//! use kyc_rules::{code::CountryCode, phone::PhoneNumber};
//! let uganda = CountryCode::new("UG")?;
//! let phone = PhoneNumber::parse("0772 123 456", uganda)?;
//! assert_eq!(phone.as_str(), "+256772123456");
//! assert!(phone.is_mobile());
//! assert_eq!(PhoneNumber::parse("256772123456", uganda)?, phone);
//! assert!(PhoneNumber::parse("772123", uganda).is_err());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use alloc::string::{String, ToString};
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::code::CountryCode;

/// A phone number in international form: `+`, calling code, national number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Why a phone number was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhoneError {
    /// A character that is neither a digit nor a usual separator.
    #[error(
        "`{given}` is not a phone number: digits, `+`, spaces, hyphens, dots and brackets are allowed"
    )]
    Character {
        /// What was given.
        given: String,
    },
    /// Too short or too long for the country.
    #[error("`{given}` has {digits} digits after {calling_code}: {allowed} are allowed")]
    Length {
        /// What was given.
        given: String,
        /// How many digits the national number has.
        digits: usize,
        /// The calling code.
        calling_code: String,
        /// How many are allowed.
        allowed: String,
    },
    /// In national form, for a country without a table.
    #[error(
        "`{given}` is in national form, and {country} is not in the tables: write it with + and calling code"
    )]
    Country {
        /// What was given.
        given: String,
        /// The country.
        country: CountryCode,
    },
}

impl PhoneError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Character { .. } => 4321,
            Self::Length { .. } => 4322,
            Self::Country { .. } => 4323,
        }
    }
}

/// Country, calling code, length of a national number (without the leading 0), first digits of
/// mobile numbers. From the countries' national numbering plans as notified to the ITU.
struct Plan(&'static str, &'static str, usize, &'static [&'static str]);

const PLANS: &[Plan] = &[
    Plan("UG", "256", 9, &["7"]),
    Plan("KE", "254", 9, &["7", "1"]),
    Plan("TZ", "255", 9, &["6", "7"]),
    Plan("RW", "250", 9, &["7"]),
    Plan("NG", "234", 10, &["7", "8", "9"]),
    Plan("GH", "233", 9, &["2", "5"]),
    Plan("ZA", "27", 9, &["6", "7", "8"]),
    Plan("ZM", "260", 9, &["7", "9"]),
    Plan("MW", "265", 9, &["8", "9"]),
    Plan("MZ", "258", 9, &["8"]),
    Plan("ET", "251", 9, &["9", "7"]),
    Plan("SS", "211", 9, &["9"]),
    Plan("CD", "243", 9, &["8", "9"]),
    Plan("BI", "257", 8, &["6", "7"]),
    Plan("SN", "221", 9, &["7"]),
    Plan("CI", "225", 10, &["01", "05", "07"]),
    Plan("CM", "237", 9, &["6"]),
];

impl PhoneNumber {
    /// Reads a number as people write it. `country` is where a national form is from.
    ///
    /// # Errors
    /// [`PhoneError`], saying what is allowed.
    pub fn parse(given: &str, country: CountryCode) -> Result<Self, PhoneError> {
        let mut digits = String::new();
        let mut plus = false;
        for c in given.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if digits.is_empty() && !plus => plus = true,
                ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' => {}
                _ => return Err(bad_character(given)),
            }
        }
        if let Some(rest) = digits.strip_prefix("00").filter(|_| !plus) {
            digits = rest.to_string();
            plus = true;
        }
        if plus {
            return international(given, &digits);
        }
        let plan = PLANS.iter().find(|plan| plan.0 == country.as_str());
        let Some(Plan(_, calling_code, length, _)) = plan else {
            return Err(PhoneError::Country {
                given: given.to_string(),
                country,
            });
        };
        // Written with the calling code but without `+`: only when the length says so.
        let with_code = digits
            .strip_prefix(calling_code)
            .filter(|rest| rest.len() == *length);
        let national = with_code
            .or_else(|| {
                digits
                    .strip_prefix('0')
                    .filter(|rest| rest.len() == *length)
            })
            .unwrap_or(&digits);
        whole(given, calling_code, national, *length)
    }

    /// The number with `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country by its calling code, when it is in the tables.
    #[must_use]
    pub fn country(&self) -> Option<CountryCode> {
        self.plan()
            .and_then(|(plan, _)| CountryCode::new(plan.0).ok())
    }

    /// Whether it is a mobile number; false where the tables do not say.
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        self.plan()
            .is_some_and(|(plan, national)| plan.3.iter().any(|p| national.starts_with(p)))
    }

    fn plan(&self) -> Option<(&'static Plan, &str)> {
        let digits = self.0.strip_prefix('+')?;
        PLANS
            .iter()
            .find_map(|plan| Some((plan, digits.strip_prefix(plan.1)?)))
    }
}

fn bad_character(given: &str) -> PhoneError {
    PhoneError::Character {
        given: given.to_string(),
    }
}

fn whole(
    given: &str,
    code: &str,
    national: &str,
    length: usize,
) -> Result<PhoneNumber, PhoneError> {
    if national.len() == length {
        return Ok(PhoneNumber(alloc::format!("+{code}{national}")));
    }
    Err(PhoneError::Length {
        given: given.to_string(),
        digits: national.len(),
        calling_code: alloc::format!("+{code}"),
        allowed: length.to_string(),
    })
}

fn international(given: &str, digits: &str) -> Result<PhoneNumber, PhoneError> {
    for Plan(country, code, length, _) in PLANS {
        if let Some(national) = digits.strip_prefix(code) {
            // People write +256 (0) 772...; in Ivory Coast the 0 belongs to the number.
            let trunk = national
                .strip_prefix('0')
                .filter(|rest| rest.len() == *length);
            let national = trunk.filter(|_| *country != "CI").unwrap_or(national);
            return whole(given, code, national, *length);
        }
    }
    if (8..=15).contains(&digits.len()) && !digits.starts_with('0') {
        return Ok(PhoneNumber(alloc::format!("+{digits}")));
    }
    Err(PhoneError::Length {
        given: given.to_string(),
        digits: digits.len(),
        calling_code: "+".to_string(),
        allowed: "8 to 15".to_string(),
    })
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        match text.strip_prefix('+') {
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                international(&text, digits)
            }
            _ => Err(bad_character(&text)),
        }
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
