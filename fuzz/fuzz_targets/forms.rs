//! Forms and answers, written as JSON with a zero byte between. Either every error or a completed
//! form, which checked again is the same.
#![no_main]

use kyc_rules::{
    code::Label,
    facts::Value,
    forms::{Answers, Form},
};
use libfuzzer_sys::fuzz_target;

fn free(_: &Label, _: &Value) -> bool {
    false
}

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let mut next = || {
        parts
            .next()
            .and_then(|part| core::str::from_utf8(part).ok())
    };
    let Some(Ok(form)) = next().map(serde_json::from_str::<Form>) else {
        return;
    };
    let Some(Ok(answers)) = next().map(serde_json::from_str::<Answers>) else {
        return;
    };
    let sound = form.check_definition().is_ok();
    match form.check(&answers, &free) {
        // A form with two fields of one name has no such law.
        Ok(done) if sound => assert_eq!(form.check(&done.answers, &free), Ok(done)),
        Ok(_) => {}
        Err(errors) => assert!(!errors.is_empty()),
    }
});
