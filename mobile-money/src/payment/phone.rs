//! Phone numbers as providers write them: plain, masked or hashed.

use alloc::string::String;
use core::fmt::Write as _;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A phone number as a message gives it.
///
/// ```
/// use mobile_money::payment::{DialPlan, Phone};
/// let kenya = DialPlan::new("254", 9);
/// let registered = kenya.normalise("0712 000111").unwrap();
/// assert_eq!(registered, "254712000111");
/// assert!(Phone::read("+254 712-000111").unwrap().may_be(&registered, &kenya));
/// assert!(Phone::read("2547*****111").unwrap().may_be(&registered, &kenya));
/// assert!(!Phone::read("2547*****112").unwrap().may_be(&registered, &kenya));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phone {
    /// Digits only, with or without country code as the provider gives it.
    Plain(String),
    /// Digits with some replaced by `*`.
    Masked(String),
    /// SHA-256 of the digits with country code.
    Hashed([u8; 32]),
}

impl Phone {
    /// Reads a phone; `None` when the text is no form of phone number (empty for business payers).
    /// Spaces, dashes, dots, brackets and a leading plus are dropped, digits never.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() == 64 {
            let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
            return bytes.try_into().ok().map(Self::Hashed);
        }
        let mut kept = String::with_capacity(text.len());
        for (at, sign) in text.chars().enumerate() {
            match sign {
                '0'..='9' | '*' => kept.push(sign),
                ' ' | '-' | '.' | '(' | ')' => {}
                '+' if at == 0 => {}
                _ => return None,
            }
        }
        let digits = kept.chars().filter(char::is_ascii_digit).count();
        if kept.contains('*') {
            (digits >= 3 && (7..=15).contains(&kept.len())).then_some(Self::Masked(kept))
        } else {
            (7..=15).contains(&digits).then_some(Self::Plain(kept))
        }
    }

    /// Whether this can be the number `normal`, given in normal form. Exact for plain and hashed
    /// numbers; a masked number agrees with every number that has the same visible digits.
    #[must_use]
    pub fn may_be(&self, normal: &str, plan: &DialPlan) -> bool {
        match self {
            Self::Plain(digits) => plan.normalise(digits).as_deref() == Some(normal),
            Self::Masked(mask) => masked_agrees(mask, normal),
            Self::Hashed(hash) => Sha256::digest(normal.as_bytes()).as_slice() == hash.as_slice(),
        }
    }

    /// How it is shown: the digits, the mask, or the hash in hex.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Plain(text) | Self::Masked(text) => text.clone(),
            Self::Hashed(hash) => hash.iter().fold(String::new(), |mut text, byte| {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            }),
        }
    }
}

/// The visible digits of a mask before and after the stars; some providers always print five
/// stars whatever they hide, so the length is not compared.
fn masked_agrees(mask: &str, normal: &str) -> bool {
    let (Some(first), Some(last)) = (mask.find('*'), mask.rfind('*')) else {
        return mask == normal;
    };
    let head = mask.get(..first).unwrap_or("");
    let tail = mask.get(last.saturating_add(1)..).unwrap_or("");
    normal.len() > head.len().saturating_add(tail.len())
        && normal.starts_with(head)
        && normal.ends_with(tail)
}

/// How national numbers of one country become international ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DialPlan {
    country_code: String,
    national_digits: u8,
}

impl DialPlan {
    /// A plan: country code without plus, and the number of national digits without trunk zero
    /// (9 in Kenya, Uganda, Tanzania, Rwanda, Zambia and Malawi).
    #[must_use]
    pub fn new(country_code: &str, national_digits: u8) -> Self {
        Self {
            country_code: country_code.into(),
            national_digits,
        }
    }

    /// Country code and national digits, no plus: the form in which numbers are compared. `None`
    /// when the text cannot be a number of this country.
    #[must_use]
    pub fn normalise(&self, text: &str) -> Option<String> {
        let Some(Phone::Plain(digits)) = Phone::read(text) else {
            return None;
        };
        let national = usize::from(self.national_digits);
        let digits = digits.strip_prefix("00").unwrap_or(&digits);
        let rest = match digits.strip_prefix(self.country_code.as_str()) {
            Some(rest) if rest.len() == national => rest,
            _ => digits.strip_prefix('0').unwrap_or(digits),
        };
        (rest.len() == national).then(|| {
            let mut normal = self.country_code.clone();
            normal.push_str(rest);
            normal
        })
    }
}
