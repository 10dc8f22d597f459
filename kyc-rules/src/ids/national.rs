//! National identity numbers.

use alloc::string::{String, ToString};
use core::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{check::luhn, mrz::date_before};
use crate::party::Sex;

/// A series of identity numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum IdScheme {
    /// South African identity number: 13 digits, YYMMDD SSSS C A Z, Luhn.
    SouthAfricaId,
    /// Ugandan national identification number: C, M or F, birth year, ten letters or digits.
    UgandaNin,
    /// Kenyan national identity card: 7 or 8 digits; 6 to 14 are accepted as doubtful (the newer
    /// series is longer).
    KenyaId,
    /// Nigerian national identification number: 11 digits. No check digit is published.
    NigeriaNin,
    /// Nigerian bank verification number: 11 digits.
    NigeriaBvn,
    /// Ghana card: GHA-NNNNNNNNN-N. The check digit's rule is not published.
    GhanaCard,
    /// Tanzanian national identity number: 20 digits, the first eight the birth date.
    TanzaniaNida,
    /// Rwandan national identity number: 16 digits with status, birth year and sex. The checksum's
    /// rule is not published.
    RwandaNid,
    /// Zambian national registration card: 999999/99/9.
    ZambiaNrc,
}

/// A number in its normal form, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdNumber {
    /// The series.
    pub scheme: IdScheme,
    /// The number in its normal form.
    pub number: String,
    /// The birth date it carries.
    pub birth_date: Option<NaiveDate>,
    /// The birth year it carries; of two digits where the series has two.
    pub birth_year: Option<i32>,
    /// The sex it carries.
    pub sex: Option<Sex>,
    /// Accepted, but outside the common form of the series.
    pub doubtful: bool,
}

/// Why a number was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Not of the series' form.
    #[error("`{given}` is not a {scheme}: {allowed}")]
    Form {
        /// The series.
        scheme: IdScheme,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The date in it is not in the calendar, or in the future.
    #[error("`{given}` carries no calendar date up to the day of the check")]
    Date {
        /// What was given.
        given: String,
    },
    /// The check digit does not agree.
    #[error("the check digit of `{given}` does not agree")]
    CheckDigit {
        /// What was given.
        given: String,
    },
}

impl IdError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Form { .. } => 4311,
            Self::Date { .. } => 4312,
            Self::CheckDigit { .. } => 4313,
        }
    }
}

impl fmt::Display for IdScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SouthAfricaId => "South African identity number",
            Self::UgandaNin => "Ugandan NIN",
            Self::KenyaId => "Kenyan identity card number",
            Self::NigeriaNin => "Nigerian NIN",
            Self::NigeriaBvn => "Nigerian BVN",
            Self::GhanaCard => "Ghana card number",
            Self::TanzaniaNida => "Tanzanian NIDA number",
            Self::RwandaNid => "Rwandan NID",
            Self::ZambiaNrc => "Zambian NRC number",
        })
    }
}

impl IdScheme {
    /// What the series allows, in words.
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            Self::SouthAfricaId => "13 digits are allowed, the eleventh 0 to 2",
            Self::UgandaNin => "C, then M or F, 2 digits and 10 letters or digits are allowed",
            Self::KenyaId => "6 to 14 digits are allowed",
            Self::NigeriaNin | Self::NigeriaBvn => "11 digits are allowed",
            Self::GhanaCard => "GHA, 9 digits that are not all zero and 1 digit are allowed",
            Self::TanzaniaNida => "20 digits that begin with a birth date are allowed",
            Self::RwandaNid => {
                "16 digits are allowed: status 1 to 3, birth year, 7 or 8, and 10 more"
            }
            Self::ZambiaNrc => "6 digits, 2 digits and 1 digit are allowed",
        }
    }

    /// Checks a number. Spaces, hyphens and slashes are left out and letters read as capitals.
    /// `on` decides the century of two-digit years: the latest that is not in the future.
    ///
    /// # Errors
    /// [`IdError`], saying what is allowed.
    pub fn check(self, given: &str, on: NaiveDate) -> Result<IdNumber, IdError> {
        let plain: String = given
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '/'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let digits = plain.bytes().all(|b| b.is_ascii_digit());
        let form = |ok: bool| {
            if ok {
                Ok(())
            } else {
                Err(IdError::Form {
                    scheme: self,
                    given: given.to_string(),
                    allowed: self.form(),
                })
            }
        };
        let mut id = IdNumber {
            scheme: self,
            number: plain.clone(),
            birth_date: None,
            birth_year: None,
            sex: None,
            doubtful: false,
        };
        match self {
            Self::SouthAfricaId => {
                form(digits && plain.len() == 13 && matches!(at(&plain, 10), b'0'..=b'2'))?;
                south_africa(&plain, on, &mut id)?;
            }
            Self::UgandaNin => {
                let tail = plain.get(4..).is_some_and(|t| {
                    t.bytes()
                        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                });
                let year = plain.get(2..4).and_then(|y| y.parse().ok());
                let head = at(&plain, 0) == b'C' && matches!(at(&plain, 1), b'M' | b'F');
                form(plain.len() == 14 && head && tail && year.is_some())?;
                id.birth_year = year;
                id.sex = Some(sex_of(at(&plain, 1) == b'M'));
            }
            Self::KenyaId => {
                form(digits && (6..=14).contains(&plain.len()))?;
                id.doubtful = !(7..=8).contains(&plain.len());
            }
            Self::NigeriaNin | Self::NigeriaBvn => form(digits && plain.len() == 11)?,
            Self::GhanaCard => {
                let number = plain.strip_prefix("GHA").unwrap_or_default();
                let whole = number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit());
                let body = number.get(..9).unwrap_or_default();
                form(whole && body.bytes().any(|b| b != b'0'))?;
                let last = number.get(9..).unwrap_or_default();
                id.number = alloc::format!("GHA-{body}-{last}");
            }
            Self::TanzaniaNida => {
                form(digits && plain.len() == 20)?;
                let birth = NaiveDate::parse_from_str(plain.get(..8).unwrap_or_default(), "%Y%m%d");
                let birth = birth
                    .ok()
                    .filter(|birth| *birth <= on)
                    .ok_or(IdError::Date {
                        given: given.to_string(),
                    })?;
                id.birth_date = Some(birth);
                id.birth_year = Some(birth.year());
            }
            Self::RwandaNid => {
                let status = matches!(at(&plain, 0), b'1'..=b'3');
                let sex = matches!(at(&plain, 5), b'7' | b'8');
                form(digits && plain.len() == 16 && status && sex)?;
                id.birth_year = plain.get(1..5).and_then(|y| y.parse().ok());
                id.sex = Some(sex_of(at(&plain, 5) == b'8'));
            }
            Self::ZambiaNrc => {
                form(digits && plain.len() == 9)?;
                let part = |from: usize, to: usize| plain.get(from..to).unwrap_or_default();
                id.number = alloc::format!("{}/{}/{}", part(0, 6), part(6, 8), part(8, 9));
            }
        }
        Ok(id)
    }
}

fn at(text: &str, index: usize) -> u8 {
    text.as_bytes().get(index).copied().unwrap_or(0)
}

const fn sex_of(male: bool) -> Sex {
    if male { Sex::Male } else { Sex::Female }
}

fn south_africa(plain: &str, on: NaiveDate, id: &mut IdNumber) -> Result<(), IdError> {
    let birth = date_before(plain.get(..6).unwrap_or_default(), on);
    let birth = birth.ok_or(IdError::Date {
        given: plain.to_string(),
    })?;
    if !luhn(plain) {
        return Err(IdError::CheckDigit {
            given: plain.to_string(),
        });
    }
    id.birth_date = Some(birth);
    id.birth_year = Some(birth.year());
    id.sex = Some(sex_of(at(plain, 6) >= b'5'));
    // 2 stands for refugees by some accounts only.
    id.doubtful = at(plain, 10) == b'2';
    Ok(())
}

impl IdNumber {
    /// Whether what the number carries agrees with a declared birth date and sex; what it does not
    /// carry agrees with everything.
    #[must_use]
    pub fn agrees_with(&self, birth_date: Option<NaiveDate>, sex: Option<Sex>) -> bool {
        let born = match (self.birth_date, birth_date) {
            (Some(carried), Some(declared)) => carried == declared,
            _ => true,
        };
        let year = match (self.birth_year, birth_date) {
            (Some(carried), Some(declared)) if carried < 100 => {
                declared.year().checked_rem(100) == Some(carried)
            }
            (Some(carried), Some(declared)) => declared.year() == carried,
            _ => true,
        };
        let same_sex = match (self.sex, sex) {
            (Some(carried), Some(declared)) => carried == declared || declared == Sex::Unspecified,
            _ => true,
        };
        born && year && same_sex
    }
}
