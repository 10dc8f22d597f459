//! Signatures of published and independently generated vectors.
//!
//! `data/standard_webhooks_vectors.json`: the specification's published vectors and others made with
//! the PyPI client `standardwebhooks` and PyNaCl. `data/webhook_hmac_vectors.json`: made with the
//! PyPI clients of Stripe and Adyen; the first Adyen figure is the one Adyen publishes.

use mobile_money::{
    Trust,
    auth::{
        AdyenFields, AuthError, Encoding, FutureRule, Hash, HmacScheme, StandardHeaders,
        StandardKey, StandardWebhook, adyen, airtel_callback, gsma_content_hash, stripe,
    },
};
use serde_json::Value;

fn vectors(file: &str) -> Value {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn standard(case: &Value, key: &str) -> Result<Trust, AuthError> {
    let receiver = StandardWebhook::new(vec![StandardKey::read(word(&case[key])).unwrap()]);
    let headers = case["headers"].as_object().unwrap();
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str(), word(value)));
    let headers = StandardHeaders::find(headers)?;
    let body = word(&case["body"]).as_bytes();
    let checked = receiver.verify(&headers, body, case["now"].as_i64().unwrap())?;
    assert_eq!(*checked.value(), body);
    Ok(checked.trust())
}

#[test]
fn standard_webhooks() {
    let vectors = vectors("standard_webhooks_vectors.json");
    let mut seen = 0;
    for (list, key) in [("hmac", "secret"), ("ed25519", "public")] {
        for case in vectors[list].as_array().unwrap() {
            let expected = word(&case["expect"]) == "ok";
            assert_eq!(standard(case, key).is_ok(), expected, "{}", case["name"]);
            seen += 1;
        }
    }
    assert_eq!(seen, 38);
}

#[test]
fn standard_webhook_headers_and_keys_are_strict() {
    let twice = [
        ("webhook-id", "a"),
        ("Webhook-Id", "b"),
        ("webhook-timestamp", "1"),
    ];
    assert_eq!(
        StandardHeaders::find(twice),
        Err(AuthError::Header {
            header: "webhook-id",
            given: 2
        })
    );
    for key in ["whsec_", "whsec_AAAA", "whpk_AAAA", "whsec_*"] {
        assert!(
            matches!(StandardKey::read(key), Err(AuthError::Key { .. })),
            "{key}"
        );
    }
}

#[test]
fn stripe_form() {
    for (at, case) in vectors("webhook_hmac_vectors.json")["stripe"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        let check = |rule| {
            stripe(
                &[word(&case["secret"]).as_bytes()],
                word(&case["header"]),
                word(&case["payload"]).as_bytes(),
                case["now"].as_i64().unwrap(),
                u32::try_from(case["tolerance"].as_u64().unwrap()).unwrap(),
                rule,
            )
        };
        let expected = word(&case["oracle"]) == "ok";
        assert_eq!(check(FutureRule::Accept).is_ok(), expected, "case {at}");
        let (signed, now) = (case["t"].as_i64().unwrap(), case["now"].as_i64().unwrap());
        let far_ahead = signed - now > 300;
        assert_eq!(
            check(FutureRule::Refuse).is_ok(),
            expected && !far_ahead,
            "case {at}"
        );
    }
}

#[test]
fn adyen_items() {
    for case in vectors("webhook_hmac_vectors.json")["adyen"]
        .as_array()
        .unwrap()
    {
        let item = &case["item"];
        let fields = AdyenFields {
            psp_reference: word(&item["pspReference"]).into(),
            original_reference: word(&item["originalReference"]).into(),
            merchant_account: word(&item["merchantAccountCode"]).into(),
            merchant_reference: word(&item["merchantReference"]).into(),
            value: item["amount"]["value"].to_string(),
            currency: word(&item["amount"]["currency"]).into(),
            event_code: word(&item["eventCode"]).into(),
            success: word(&item["success"]).into(),
        };
        assert_eq!(fields.signed_text(), word(&case["signed_string"]));
        let key = word(&case["key_hex"]);
        assert!(adyen(&["00", key], fields.clone(), word(&case["signature"])).is_ok());
        let mut other = fields;
        other.value.push('0');
        assert!(adyen(&[key], other, word(&case["signature"])).is_err());
    }
}

#[test]
fn plain_codes_and_content_hashes() {
    let vectors = vectors("webhook_hmac_vectors.json");
    for case in vectors["plain"].as_array().unwrap() {
        let scheme = HmacScheme {
            hash: match word(&case["algo"]) {
                "sha512" => Hash::Sha512,
                _ => Hash::Sha256,
            },
            encoding: match word(&case["encoding"]) {
                "base64" => Encoding::Base64,
                _ => Encoding::Hex,
            },
            prefix: String::new(),
        };
        let (key, body) = (
            word(&case["key"]).as_bytes(),
            word(&case["message"]).as_bytes(),
        );
        let signature = word(&case["signature"]);
        assert_eq!(scheme.sign(key, body), signature);
        assert!(scheme.verify(&[b"old", key], body, signature).is_ok());
        assert!(scheme.verify(&[b"old"], body, signature).is_err());
        assert!(scheme.verify(&[key], body, &signature[1..]).is_err());
        let prefixed = HmacScheme {
            prefix: "sha256=".into(),
            ..scheme
        };
        assert!(prefixed.verify(&[key], body, signature).is_err());
        assert!(
            prefixed
                .verify(&[key], body, &format!("sha256={signature}"))
                .is_ok()
        );
    }
    for case in vectors["gsma_content_hash"].as_array().unwrap() {
        let body = word(&case["body"]).as_bytes();
        let checked = gsma_content_hash(body, word(&case["sha256_hex"])).unwrap();
        assert_eq!(checked.trust(), Trust::IntegrityOnly);
        assert!(gsma_content_hash(b"other", word(&case["sha256_hex"])).is_err());
    }
}

#[test]
fn signed_samples() {
    let folder = format!("{}/tests/data/samples", env!("CARGO_MANIFEST_DIR"));
    let index = vectors("samples/INDEX.json");
    let mut seen = (0, 0);
    for sample in index["samples"].as_array().unwrap() {
        let expect = &sample["expect"];
        let body = std::fs::read(format!("{folder}/{}", word(&sample["file"]))).unwrap();
        if let Some(valid) = expect["hash_valid"].as_bool() {
            let key = word(&expect["key"]).as_bytes();
            assert_eq!(
                airtel_callback(&[b"x", key], &body).is_ok(),
                valid,
                "{}",
                sample["file"]
            );
            seen.0 += 1;
        }
        if let Some(signature) = expect["signature_hex"].as_str() {
            let key = word(&expect["secret"]).as_bytes();
            assert!(
                HmacScheme::default()
                    .verify(&[key], &body, signature)
                    .is_ok()
            );
            seen.1 += 1;
        }
        if expect["status"] == "unauthenticated" {
            let refused = airtel_callback(&[b"x"], &body);
            assert_eq!(refused, Err(AuthError::NoSignature { place: "hash" }));
        }
    }
    assert_eq!(seen, (4, 1));
}

/// The other published reading of the Airtel hash: over the body without `hash`.
#[test]
fn airtel_hash_over_the_whole_body() {
    let scheme = HmacScheme {
        encoding: Encoding::Base64,
        ..HmacScheme::default()
    };
    let bare = r#"{"transaction":{"id":"A1","status_code":"TS"},"code":"x"}"#;
    let hash = scheme.sign(b"k", bare.as_bytes());
    let body = format!(
        r#"{{"transaction":{{"id":"A1","status_code":"TS"}}, "hash":"{hash}", "code":"x"}}"#
    );
    assert!(airtel_callback(&[b"k"], body.as_bytes()).is_ok());
    assert!(airtel_callback(&[b"k"], body.replace("TS", "TF").as_bytes()).is_err());
}
