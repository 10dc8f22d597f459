//! Check digits of account numbers, references and identity numbers.

use serde::{Deserialize, Serialize};

/// A check-digit scheme whose check character or digits end the code. Letters and digits only;
/// schemes over digits skip letters before the digits ("EO" in `EO418776`).
///
/// ```
/// use ledger::CheckDigit;
/// assert!(CheckDigit::Luhn.holds("79927398713"));
/// assert!(CheckDigit::Damm.holds("5724"));
/// assert!(CheckDigit::Verhoeff.holds("2363"));
/// assert!(CheckDigit::Iso7064Mod97.holds("79444"));
/// assert!(CheckDigit::Iso7064Mod37.holds("A12425GABC1234002M"));
/// assert!(!CheckDigit::Luhn.holds("79927398714"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CheckDigit {
    /// ISO/IEC 7812 (cards, IMEI). Finds every single error, not every exchange of neighbours.
    Luhn,
    /// ISO 7064 MOD 97-10: two check digits; letters count as 10 to 35 (IBAN style).
    Iso7064Mod97,
    /// ISO 7064 MOD 37,36: one check character out of digits and letters.
    Iso7064Mod37,
    /// Damm: finds every single error and every exchange of neighbours.
    Damm,
    /// Verhoeff: finds every single error and every exchange of neighbours.
    Verhoeff,
}

const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// Multiplication in the dihedral group of order ten.
const DIHEDRAL: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

const VERHOEFF: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

fn entry<const N: usize>(table: &[[u8; 10]; N], row: usize, column: u8) -> Option<u8> {
    table.get(row)?.get(usize::from(column)).copied()
}

impl CheckDigit {
    /// Whether the check digit at the end of the code is right. A code without digits, or with a
    /// character that the scheme does not know, is never right.
    #[must_use]
    pub fn holds(self, code: &str) -> bool {
        self.check(code).unwrap_or(false)
    }

    fn check(self, code: &str) -> Option<bool> {
        match self {
            Self::Iso7064Mod97 => mod97(code),
            Self::Iso7064Mod37 => mod37(code),
            Self::Luhn => {
                let mut sum: u32 = 0;
                for (at, digit) in digits(code)?.rev().enumerate() {
                    let twice = if at % 2 == 1 {
                        digit.checked_mul(2)?
                    } else {
                        digit
                    };
                    let cut = if twice > 9 {
                        twice.checked_sub(9)?
                    } else {
                        twice
                    };
                    sum = sum.checked_add(u32::from(cut))?;
                }
                Some(sum.is_multiple_of(10))
            }
            Self::Damm => {
                let start = Some(0);
                let end = digits(code)?.try_fold(start?, |row, d| entry(&DAMM, row.into(), d));
                Some(end? == 0)
            }
            Self::Verhoeff => {
                let mut numbered = digits(code)?.rev().enumerate();
                let end = numbered.try_fold(0_u8, |sum, (at, digit)| {
                    let moved = entry(&VERHOEFF, at % 8, digit)?;
                    entry(&DIHEDRAL, usize::from(sum), moved)
                });
                Some(end? == 0)
            }
        }
    }
}

/// The digits after any leading letters; `None` when a letter stands among them or there are none.
fn digits(code: &str) -> Option<impl DoubleEndedIterator<Item = u8> + ExactSizeIterator + '_> {
    let tail = code.trim_start_matches(|sign: char| sign.is_ascii_uppercase());
    let plain = !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| tail.bytes().map(|b| b.saturating_sub(b'0')))
}

/// 0 to 9, then A to Z as 10 to 35.
fn value(sign: char) -> Option<u32> {
    sign.to_digit(36).filter(|_| !sign.is_ascii_lowercase())
}

fn mod97(code: &str) -> Option<bool> {
    let mut rest: u32 = 0;
    for sign in code.chars() {
        let value = value(sign)?;
        let shift = if value >= 10 { 100 } else { 10 };
        rest = rest
            .checked_mul(shift)?
            .checked_add(value)?
            .checked_rem(97)?;
    }
    Some(code.len() > 2 && rest == 1)
}

fn mod37(code: &str) -> Option<bool> {
    let mut product: u32 = 36;
    let (last, body) = (code.chars().next_back()?, code.chars().rev().skip(1));
    let body: alloc::vec::Vec<char> = body.collect();
    for sign in body.iter().rev() {
        let sum = product.checked_add(value(*sign)?)?.checked_rem(36)?;
        let sum = if sum == 0 { 36 } else { sum };
        product = sum.checked_mul(2)?.checked_rem(37)?;
    }
    let end = product.checked_add(value(last)?)?.checked_rem(36)?;
    Some(!body.is_empty() && end == 1)
}
