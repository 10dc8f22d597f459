//! Check digits.

use ledger::CheckDigit;

/// Whether the last digit of a number is its Luhn check digit (ISO/IEC 7812-1, annex B). False for
/// anything but digits, and for fewer than two of them.
#[must_use]
pub fn luhn(number: &str) -> bool {
    is_number(number) && CheckDigit::Luhn.holds(number)
}

/// Whether the last digit of a number is its Verhoeff check digit (J. Verhoeff, Error Detecting
/// Decimal Codes, 1969). False for anything but digits, and for fewer than two of them.
#[must_use]
pub fn verhoeff(number: &str) -> bool {
    is_number(number) && CheckDigit::Verhoeff.holds(number)
}

fn is_number(number: &str) -> bool {
    number.len() > 1 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The check digit of a field of a machine-readable zone: weights 7, 3, 1; digits count as
/// themselves, A to Z as 10 to 35, the filler as 0; modulo 10 (ICAO Doc 9303 part 3, 4.9).
/// None: the field has another character.
#[must_use]
pub fn mrz_check_digit(field: &str) -> Option<u8> {
    let mut sum = 0_u32;
    for (byte, weight) in field.bytes().zip([7_u32, 3, 1].into_iter().cycle()) {
        let value = match byte {
            b'0'..=b'9' => byte.saturating_sub(b'0'),
            b'A'..=b'Z' => byte.saturating_sub(b'A').saturating_add(10),
            b'<' => 0,
            _ => return None,
        };
        sum = sum.saturating_add(u32::from(value).saturating_mul(weight));
    }
    u8::try_from(sum % 10).ok()
}
