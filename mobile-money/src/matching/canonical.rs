//! The form in which references are compared.

use alloc::string::String;

use unicode_normalization::UnicodeNormalization;

/// Compatibility composed (full-width digits become digits), upper case, without white space,
/// punctuation and invisible characters.
pub(super) fn canonical(text: &str) -> String {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        return kept.map(|b| char::from(b.to_ascii_uppercase())).collect();
    }
    text.nfkc()
        .flat_map(char::to_uppercase)
        .filter(|sign| sign.is_alphanumeric())
        .collect()
}
