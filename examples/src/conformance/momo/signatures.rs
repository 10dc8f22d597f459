//! Signatures of webhooks.

use mobile_money::auth::{
    AdyenFields, Encoding, FutureRule, Hash, HmacScheme, StandardHeaders, StandardKey,
    StandardWebhook, adyen, gsma_content_hash, stripe,
};
use serde_json::Value;

use super::{
    super::{
        Case, Outcome, Verdict,
        values::{field, same, text},
    },
    cases, list, number,
};

/// Recognises lists of signed messages.
pub(super) fn recognise(json: &Value) -> Option<Vec<Case>> {
    let signed = |list_name: &str, has: &str| {
        list(json, list_name)
            .iter()
            .any(|case| case.get(has).is_some())
    };
    let known = signed("hmac", "headers")
        || signed("ed25519", "headers")
        || signed("stripe", "header")
        || signed("adyen", "signature")
        || signed("plain", "signature")
        || signed("gsma_content_hash", "sha256_hex");
    if !known {
        return None;
    }
    let named = |list: &'static str| {
        move |at, case: &Value| {
            let name = case.get("name").or_else(|| case.get("scheme"));
            let name = name.and_then(Value::as_str).unwrap_or("");
            format!("webhook:{list}:{at}:{name}")
        }
    };
    let mut all = cases(json, "hmac", named("standard"), standard);
    all.extend(cases(json, "ed25519", named("standard-ed25519"), standard));
    all.extend(cases(json, "stripe", named("stripe"), check_stripe));
    all.extend(cases(json, "adyen", named("adyen"), check_adyen));
    all.extend(cases(json, "plain", named("plain"), plain));
    all.extend(cases(
        json,
        "gsma_content_hash",
        named("gsma"),
        content_hash,
    ));
    Some(all)
}

fn verdict(expected: bool, got: bool) -> Outcome {
    Ok(same("believed", &expected, &got)?)
}

fn seconds(value: &Value) -> Result<i64, String> {
    value
        .as_i64()
        .ok_or_else(|| format!("cannot read the case: {value} is no time"))
}

fn standard(case: &Value) -> Outcome {
    let key = case.get("secret").or_else(|| case.get("public"));
    let key = text(key.ok_or("cannot read the case: no key")?)?;
    let expected = text(field(case, "expect")?)? == "ok";
    let Ok(key) = StandardKey::read(key) else {
        return verdict(expected, false);
    };
    let headers = field(case, "headers")?
        .as_object()
        .ok_or("cannot read the case: headers")?;
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or("")));
    let mut receiver = StandardWebhook::new(vec![key]);
    if let Some(tolerance) = case.get("tolerance") {
        receiver.tolerance_seconds = number(tolerance)?;
    }
    let body = text(field(case, "body")?)?.as_bytes();
    let now = seconds(field(case, "now")?)?;
    let checked = StandardHeaders::find(headers).and_then(|h| receiver.verify(&h, body, now));
    verdict(expected, checked.is_ok())
}

/// The figures follow the client library, which takes times from the future.
fn check_stripe(case: &Value) -> Outcome {
    let checked = stripe(
        &[text(field(case, "secret")?)?.as_bytes()],
        text(field(case, "header")?)?,
        text(field(case, "payload")?)?.as_bytes(),
        seconds(field(case, "now")?)?,
        number(field(case, "tolerance")?)?,
        FutureRule::Accept,
    );
    verdict(text(field(case, "oracle")?)? == "ok", checked.is_ok())
}

fn check_adyen(case: &Value) -> Outcome {
    let item = field(case, "item")?;
    let part = |name: &str| match item.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let amount = field(item, "amount")?;
    let fields = AdyenFields {
        psp_reference: part("pspReference"),
        original_reference: part("originalReference"),
        merchant_account: part("merchantAccountCode"),
        merchant_reference: part("merchantReference"),
        value: field(amount, "value")?.to_string(),
        currency: text(field(amount, "currency")?)?.to_owned(),
        event_code: part("eventCode"),
        success: part("success"),
    };
    if let Some(signed) = case["signed_string"].as_str() {
        same("signed text", &signed.to_owned(), &fields.signed_text())?;
    }
    let key = text(field(case, "key_hex")?)?;
    let checked = adyen(&[key], fields, text(field(case, "signature")?)?);
    verdict(true, checked.is_ok())
}

fn plain(case: &Value) -> Outcome {
    let scheme = HmacScheme {
        hash: match text(field(case, "algo")?)? {
            "sha256" => Hash::Sha256,
            "sha512" => Hash::Sha512,
            other => return Err(Verdict::Skip(format!("HMAC over {other}"))),
        },
        encoding: match text(field(case, "encoding")?)? {
            "hex" => Encoding::Hex,
            "base64" => Encoding::Base64,
            other => return Err(Verdict::Skip(format!("signatures in {other}"))),
        },
        prefix: String::new(),
    };
    let key = text(field(case, "key")?)?.as_bytes();
    let message = text(field(case, "message")?)?.as_bytes();
    let signature = text(field(case, "signature")?)?;
    same(
        "signature",
        &signature.to_owned(),
        &scheme.sign(key, message),
    )?;
    verdict(true, scheme.verify(&[key], message, signature).is_ok())
}

fn content_hash(case: &Value) -> Outcome {
    let body = text(field(case, "body")?)?.as_bytes();
    let checked = gsma_content_hash(body, text(field(case, "sha256_hex")?)?);
    verdict(true, checked.is_ok())
}
