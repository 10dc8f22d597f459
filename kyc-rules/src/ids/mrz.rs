//! Machine-readable zones (ICAO Doc 9303 parts 3 to 7).

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::check::mrz_check_digit;
use crate::party::Sex;

/// The layout of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MrzFormat {
    /// Three lines of 30: identity cards.
    Td1,
    /// Two lines of 36: larger identity cards.
    Td2,
    /// Two lines of 44: passports.
    Td3,
    /// Two lines of 44: visas. No composite check digit.
    MrvA,
    /// Two lines of 36: smaller visas. No composite check digit.
    MrvB,
}

/// A zone whose check digits all agree. Dates keep their two-digit years: see
/// [`Mrz::birth_date_before`] and [`Mrz::expiry_date_near`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mrz {
    /// Its layout.
    pub format: MrzFormat,
    /// Document code: `P`, `I`, `V`, `PM`, ...
    pub document_code: String,
    /// Issuing state or organisation, three letters (`D` for Germany).
    pub issuer: String,
    /// Primary identifier.
    pub surname: String,
    /// Secondary identifiers.
    pub given_names: String,
    /// Document number.
    pub number: String,
    /// Nationality, three letters.
    pub nationality: String,
    /// Birth date as YYMMDD; parts may be fillers when unknown.
    pub birth: String,
    /// Sex.
    pub sex: Sex,
    /// Expiry as YYMMDD.
    pub expiry: String,
    /// Optional data, fillers removed.
    pub optional: String,
}

/// Why a zone was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MrzError {
    /// Not one of the layouts.
    #[error("{lines} lines of {widths} characters: 3 of 30, 2 of 36 or 2 of 44 are allowed")]
    Layout {
        /// How many lines.
        lines: usize,
        /// Their widths.
        widths: String,
    },
    /// A character outside A-Z, 0-9 and the filler.
    #[error("`{given}` is not allowed: A to Z, 0 to 9 and `<` are")]
    Character {
        /// The character.
        given: char,
    },
    /// A check digit does not agree.
    #[error("the check digit of the {field} is `{given}`: {wanted} would be right")]
    CheckDigit {
        /// Which field.
        field: &'static str,
        /// What was given.
        given: char,
        /// What the field gives.
        wanted: u8,
    },
    /// A sex other than M, F, X or the filler.
    #[error("sex `{given}` is not allowed: M, F, X and `<` are")]
    Sex {
        /// The character.
        given: char,
    },
    /// A date that is not in the calendar.
    #[error("{field} `{given}` is not a date YYMMDD")]
    Date {
        /// Which field.
        field: &'static str,
        /// What was given.
        given: String,
    },
}

impl MrzError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Layout { .. } => 4301,
            Self::Character { .. } => 4302,
            Self::CheckDigit { .. } => 4303,
            Self::Sex { .. } => 4304,
            Self::Date { .. } => 4305,
        }
    }
}

impl Mrz {
    /// Reads a zone: lines apart by line breaks, spaces around them ignored. Every check digit has
    /// to agree.
    ///
    /// # Errors
    /// [`MrzError`], naming the field.
    pub fn parse(text: &str) -> Result<Self, MrzError> {
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect();
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<';
        if let Some(given) = lines.iter().flat_map(|l| l.chars()).find(|c| !allowed(*c)) {
            return Err(MrzError::Character { given });
        }
        match lines.as_slice() {
            [a, b, c] if [a, b, c].iter().all(|l| l.len() == 30) => td1(a, b, c),
            [a, b] if a.len() == 36 && b.len() == 36 => two_lines(a, b, 36),
            [a, b] if a.len() == 44 && b.len() == 44 => two_lines(a, b, 44),
            _ => Err(MrzError::Layout {
                lines: lines.len(),
                widths: lines
                    .iter()
                    .map(|l| l.len().to_string())
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        }
    }

    /// The birth date, in the latest century that is not after `on`. None: parts are unknown.
    #[must_use]
    pub fn birth_date_before(&self, on: NaiveDate) -> Option<NaiveDate> {
        date_before(&self.birth, on)
    }

    /// The expiry date, in the century nearest to `on`. None: parts are unknown.
    #[must_use]
    pub fn expiry_date_near(&self, on: NaiveDate) -> Option<NaiveDate> {
        let century = on.year().checked_div(100)?.checked_mul(100)?;
        [-100, 0, 100]
            .into_iter()
            .filter_map(|shift| dated(&self.expiry, century.checked_add(shift)?))
            .min_by_key(|date| date.signed_duration_since(on).num_days().abs())
    }
}

/// A date YYMMDD in the latest century that is not after a day.
pub(super) fn date_before(yymmdd: &str, on: NaiveDate) -> Option<NaiveDate> {
    let century = on.year().checked_div(100)?.checked_mul(100)?;
    [0, -100]
        .into_iter()
        .filter_map(|shift| dated(yymmdd, century.checked_add(shift)?))
        .find(|date| *date <= on)
}

fn dated(yymmdd: &str, century: i32) -> Option<NaiveDate> {
    let part = |from: usize| {
        yymmdd
            .get(from..from.saturating_add(2))?
            .parse::<u32>()
            .ok()
    };
    let year = century.checked_add(i32::try_from(part(0)?).ok()?)?;
    NaiveDate::from_ymd_opt(year, part(2)?, part(4)?)
}

fn slice(line: &str, from: usize, to: usize) -> &str {
    line.get(from..to).unwrap_or_default()
}

fn plain(field: &str) -> String {
    field.trim_end_matches('<').replace('<', " ")
}

fn names(field: &str) -> (String, String) {
    let (surname, given) = field.split_once("<<").unwrap_or((field, ""));
    (plain(surname), plain(given).trim().to_string())
}

fn check(field: &'static str, value: &str, given: &str) -> Result<(), MrzError> {
    let wanted = mrz_check_digit(value).unwrap_or(0);
    let digit = given.chars().next().unwrap_or(' ');
    // An empty optional field may carry the filler instead of a zero.
    let filler = digit == '<' && value.bytes().all(|b| b == b'<');
    if filler || digit.to_digit(10) == Some(u32::from(wanted)) {
        Ok(())
    } else {
        Err(MrzError::CheckDigit {
            field,
            given: digit,
            wanted,
        })
    }
}

fn sex(given: &str) -> Result<Sex, MrzError> {
    match given.chars().next().unwrap_or(' ') {
        'M' => Ok(Sex::Male),
        'F' => Ok(Sex::Female),
        '<' | 'X' => Ok(Sex::Unspecified),
        given => Err(MrzError::Sex { given }),
    }
}

fn date_form(field: &'static str, value: &str) -> Result<(), MrzError> {
    let unknown = value.contains('<');
    let on_calendar = || {
        [1900, 2000]
            .iter()
            .any(|century| dated(value, *century).is_some())
    };
    if unknown || on_calendar() {
        Ok(())
    } else {
        Err(MrzError::Date {
            field,
            given: value.to_string(),
        })
    }
}

fn td1(a: &str, b: &str, c: &str) -> Result<Mrz, MrzError> {
    let (surname, given_names) = names(c);
    let (mut number, mut optional) = (slice(a, 5, 14).to_string(), plain(slice(a, 15, 30)));
    let digit = slice(a, 14, 15);
    // Numbers longer than nine characters go on in the optional data, with their check digit last.
    if digit == "<" && slice(a, 15, 16) != "<" {
        let rest = slice(a, 15, 30).split('<').next().unwrap_or_default();
        let split = rest.len().saturating_sub(1);
        number.push_str(slice(rest, 0, split));
        check("document number", &number, slice(rest, split, rest.len()))?;
        optional = plain(slice(a, 15_usize.saturating_add(rest.len()), 30))
            .trim()
            .to_string();
    } else {
        check("document number", &number, digit)?;
    }
    let (birth, expiry) = (slice(b, 0, 6), slice(b, 8, 14));
    check("birth date", birth, slice(b, 6, 7))?;
    check("expiry date", expiry, slice(b, 14, 15))?;
    let mut composite = slice(a, 5, 30).to_string();
    for (from, to) in [(0, 7), (8, 15), (18, 29)] {
        composite.push_str(slice(b, from, to));
    }
    check("whole zone", &composite, slice(b, 29, 30))?;
    date_form("birth date", birth)?;
    date_form("expiry date", expiry)?;
    let second = plain(slice(b, 18, 29));
    if !second.is_empty() {
        if !optional.is_empty() {
            optional.push(' ');
        }
        optional.push_str(&second);
    }
    Ok(Mrz {
        format: MrzFormat::Td1,
        document_code: plain(slice(a, 0, 2)),
        issuer: plain(slice(a, 2, 5)),
        surname,
        given_names,
        number: plain(&number),
        nationality: plain(slice(b, 15, 18)),
        birth: birth.to_string(),
        sex: sex(slice(b, 7, 8))?,
        expiry: expiry.to_string(),
        optional,
    })
}

fn two_lines(a: &str, b: &str, width: usize) -> Result<Mrz, MrzError> {
    let visa = a.starts_with('V');
    let format = match (visa, width) {
        (true, 44) => MrzFormat::MrvA,
        (true, _) => MrzFormat::MrvB,
        (false, 44) => MrzFormat::Td3,
        (false, _) => MrzFormat::Td2,
    };
    let (surname, given_names) = names(slice(a, 5, width));
    let (mut number, birth, expiry) = (
        slice(b, 0, 9).to_string(),
        slice(b, 13, 19),
        slice(b, 21, 27),
    );
    let mut optional = match format {
        MrzFormat::Td3 => slice(b, 28, 42),
        MrzFormat::Td2 => slice(b, 28, 35),
        _ => slice(b, 28, width),
    };
    if format == MrzFormat::Td2 && slice(b, 9, 10) == "<" && !optional.starts_with('<') {
        // As in the smaller card, a long number goes on in the optional data.
        let rest = optional.split('<').next().unwrap_or_default();
        let split = rest.len().saturating_sub(1);
        number.push_str(slice(rest, 0, split));
        check("document number", &number, slice(rest, split, rest.len()))?;
        optional = slice(optional, rest.len(), optional.len());
    } else {
        check("document number", &number, slice(b, 9, 10))?;
    }
    check("birth date", birth, slice(b, 19, 20))?;
    check("expiry date", expiry, slice(b, 27, 28))?;
    if format == MrzFormat::Td3 {
        check("personal number", optional, slice(b, 42, 43))?;
    }
    if !visa {
        let last = width.saturating_sub(1);
        let mut composite = slice(b, 0, 10).to_string();
        composite.push_str(slice(b, 13, 20));
        composite.push_str(slice(b, 21, last));
        check("whole zone", &composite, slice(b, last, width))?;
    }
    date_form("birth date", birth)?;
    date_form("expiry date", expiry)?;
    Ok(Mrz {
        format,
        document_code: plain(slice(a, 0, 2)),
        issuer: plain(slice(a, 2, 5)),
        surname,
        given_names,
        number: plain(&number),
        nationality: plain(slice(b, 10, 13)),
        birth: birth.to_string(),
        sex: sex(slice(b, 20, 21))?,
        expiry: expiry.to_string(),
        optional: plain(optional).trim().to_string(),
    })
}
