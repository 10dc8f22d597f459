//! Signatures of any text over any body: nothing unsigned is believed, what is signed is.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use mobile_money::{
    Trust,
    auth::{
        AdyenFields, Encoding, FutureRule, Hash, HmacScheme, ReplayCache, StandardHeaders,
        StandardKey, StandardWebhook, adyen, airtel_callback, gsma_content_hash, stripe,
    },
};

#[derive(Arbitrary, Debug)]
struct Input {
    key: Vec<u8>,
    header: String,
    id: String,
    time: String,
    body: Vec<u8>,
    now: i64,
    base64: bool,
    long: bool,
    prefix: String,
}

fuzz_target!(|input: Input| {
    let scheme = HmacScheme {
        hash: if input.long {
            Hash::Sha512
        } else {
            Hash::Sha256
        },
        encoding: if input.base64 {
            Encoding::Base64
        } else {
            Encoding::Hex
        },
        prefix: input.prefix.trim().to_owned(),
    };
    let keys = [input.key.as_slice()];
    let signed = scheme.sign(&input.key, &input.body);
    let believed = scheme.verify(&keys, &input.body, &signed);
    assert!(believed.is_ok_and(|body| body.trust() == Trust::Authenticated));
    let guessed = scheme.verify(&keys, &input.body, &input.header).is_ok();
    assert!(!guessed || input.header.trim().eq_ignore_ascii_case(&signed));
    if let Ok(key) = StandardKey::read(&input.header) {
        let receiver = StandardWebhook::new(vec![key]);
        let headers = [
            ("webhook-id", input.id.as_str()),
            ("Webhook-Timestamp", &input.time),
            ("webhook-signature", &input.header),
        ];
        if let Ok(headers) = StandardHeaders::find(headers) {
            assert!(receiver.verify(&headers, &input.body, input.now).is_err());
        }
    }
    assert!(
        stripe(
            &keys,
            &input.header,
            &input.body,
            input.now,
            300,
            FutureRule::Refuse
        )
        .is_err()
    );
    assert!(airtel_callback(&keys, &input.body).is_err());
    let _ = gsma_content_hash(&input.body, &input.header);
    let fields = AdyenFields {
        psp_reference: input.id.clone(),
        original_reference: input.prefix.clone(),
        merchant_account: input.time.clone(),
        merchant_reference: input.header.clone(),
        value: String::new(),
        currency: String::new(),
        event_code: String::new(),
        success: String::new(),
    };
    assert!(adyen(&["00"], fields, &input.header).is_err());
    let mut seen = ReplayCache::new(300);
    assert!(seen.accept("x", &input.id, input.now).is_ok());
    assert!(seen.accept("x", &input.id, input.now).is_err());
});
