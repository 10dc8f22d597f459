//! Check digits.

/// Whether the last digit of a number is its Luhn check digit (ISO/IEC 7812-1, annex B). False for
/// anything but digits, and for fewer than two of them.
#[must_use]
pub fn luhn(number: &str) -> bool {
    if number.len() < 2 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum = number
        .bytes()
        .rev()
        .enumerate()
        .fold(0_u32, |sum, (place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            let value = if place % 2 == 1 {
                digit.saturating_mul(2)
            } else {
                digit
            };
            sum.saturating_add(value / 10).saturating_add(value % 10)
        });
    sum % 10 == 0
}

const VERHOEFF_PRODUCT: [[u8; 10]; 10] = [
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
const VERHOEFF_PERMUTATION: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Whether the last digit of a number is its Verhoeff check digit (J. Verhoeff, Error Detecting
/// Decimal Codes, 1969). False for anything but digits, and for fewer than two of them.
#[must_use]
pub fn verhoeff(number: &str) -> bool {
    if number.len() < 2 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let look = |table: &[[u8; 10]], row: usize, column: u8| {
        table
            .get(row)
            .and_then(|r| r.get(usize::from(column)))
            .copied()
            .unwrap_or(0)
    };
    let check = number
        .bytes()
        .rev()
        .enumerate()
        .fold(0_u8, |check, (place, byte)| {
            let permuted = look(&VERHOEFF_PERMUTATION, place % 8, byte.saturating_sub(b'0'));
            look(&VERHOEFF_PRODUCT, usize::from(check), permuted)
        });
    check == 0
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
