//! Rule books are read or refused, whatever the text.
#![no_main]

use kyc_rules::rules::RuleBook;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let _ = RuleBook::from_json(text);
});
