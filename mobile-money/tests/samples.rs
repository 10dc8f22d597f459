//! Every sample message reads as its index says, and no damaged sample is lost or panics.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use mobile_money::{
    Channel, Intake, Message, Payment, Phone, Trusted,
    intake::{Delivery, TransactionKey},
    parse,
    payment::ReasonKind,
    wire::detect,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples")
}

fn index() -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(folder().join("INDEX.json")).unwrap();
    let index: Value = serde_json::from_str(&text).unwrap();
    let samples = index["samples"].as_array().unwrap();
    let pair = |s: &Value| (s["file"].as_str().unwrap().to_string(), s["expect"].clone());
    samples.iter().map(pair).collect()
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(folder().join(file)).unwrap()
}

/// The host knows the address a message was posted to; only the time-out cannot be recognised.
fn channel_of(file: &str, bytes: &[u8]) -> Channel {
    if file.contains("queue_timeout") {
        return Channel::MpesaQueueTimeout;
    }
    detect(bytes).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn text(expect: &Value, key: &str) -> Option<String> {
    expect[key].as_str().map(str::to_string)
}

/// Expectations on the fields of one payment; a key that the index does not have is not checked.
fn check_payment(file: &str, expect: &Value, payment: &Payment) {
    let same = |key: &str, found: Option<String>| {
        if expect.get(key).is_some() {
            assert_eq!(found, text(expect, key), "{file}: {key}");
        }
    };
    same("provider_id", payment.provider_id.clone());
    same("own_id", payment.own_id.clone());
    same("reference", payment.reference.clone());
    same("reverses", payment.reverses.clone());
    same("amount", payment.amount.map(|a| a.to_string()));
    let zone = |t: DateTime<Utc>| t.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    same("time_utc", payment.provider_time.map(zone));
    let currency = payment.currency.map(|c| {
        let implied = if payment.currency_implied {
            " (implied)"
        } else {
            ""
        };
        format!("{c}{implied}")
    });
    same("currency", currency);
    if expect["status"] != "reject" {
        same(
            "reason",
            payment.reason.as_ref().map(mobile_money::Reason::label),
        );
    }

    let fee = payment.fees.first().map(|f| {
        let currency = f.currency.map(|c| c.to_string()).unwrap_or_default();
        format!("{} {currency}", f.amount)
    });
    same("fee", fee);
    if let Some(mask) = text(expect, "msisdn_mask") {
        assert_eq!(payment.phone, Some(Phone::Masked(mask)), "{file}");
    }
    if let Some(number) = text(expect, "msisdn_sha256_of") {
        let hash: [u8; 32] = Sha256::digest(number.as_bytes()).into();
        assert_eq!(payment.phone, Some(Phone::Hashed(hash)), "{file}");
    }
    if let Some(kind) = text(expect, "kind").filter(|kind| kind != "lookup") {
        assert_eq!(format!("{:?}", payment.kind).to_lowercase(), kind, "{file}");
    }
    if expect["note"]
        .as_str()
        .is_some_and(|note| note.contains("enquire before"))
    {
        assert!(payment.provisional && payment.needs_enquiry(), "{file}");
    }
}

fn check_status(file: &str, expect: &Value, found: &str) {
    if let Some(status) = text(expect, "status") {
        // These three are judgements of the intake and of the authenticity check, not readings.
        if !["conflict", "unauthenticated", "reject"].contains(&status.as_str()) {
            assert_eq!(found, status, "{file}");
        }
    }
}

#[test]
fn every_sample_reads_as_its_index_says() {
    let mut read = 0;
    for (file, expect) in index() {
        if file.ends_with(".csv") {
            continue;
        }
        let bytes = bytes(&file);
        let channel = channel_of(&file, &bytes);
        if text(&expect, "provider").as_deref() == Some("airtel-paybill") {
            assert!(
                format!("{channel:?}").starts_with("AirtelPaybill"),
                "{file}"
            );
        } else if let Some(provider) = text(&expect, "provider") {
            assert_eq!(channel.provider().as_str(), provider, "{file}");
        }
        let kind = text(&expect, "kind").unwrap_or_default();
        match parse(channel, &bytes) {
            Ok(Message::Payment(payment)) => {
                check_payment(&file, &expect, &payment);
                check_status(&file, &expect, payment.status.as_str());
            }
            Ok(Message::Validation(payment)) => {
                assert!(kind == "validation" || kind == "ams", "{file}");
                let mut expect = expect.clone();
                expect.as_object_mut().unwrap().remove("kind");
                check_payment(&file, &expect, &payment);
            }
            Ok(Message::Payments(rows)) => {
                assert_eq!(expect["rows"].as_u64(), Some(rows.len() as u64), "{file}");
                check_payment(&file, &expect, &rows[0]);
            }
            Ok(Message::Balances(accounts)) => {
                assert_eq!(expect["accounts"].as_u64(), Some(accounts.len() as u64));
                let total: rust_decimal::Decimal = accounts
                    .iter()
                    .map(|a| a.current.unwrap_or(a.available))
                    .sum();
                assert_eq!(Some(total.to_string()), text(&expect, "total"));
            }
            Ok(Message::Refusal(refusal)) => {
                let word = match refusal.reason.kind {
                    ReasonKind::NotFound => "not_found",
                    ReasonKind::Duplicate => "duplicate",
                    _ => refusal.status.as_str(),
                };
                check_status(&file, &expect, word);
            }
            Ok(Message::OwnRequest { .. }) => assert_eq!(kind, "request", "{file}"),
            Ok(Message::OwnReply { .. }) => assert_eq!(kind, "reply", "{file}"),
            Ok(other) => panic!("{file}: {other:?}"),
            Err(error) => {
                assert_eq!(
                    text(&expect, "status").as_deref(),
                    Some("reject"),
                    "{file}: {error}"
                );
            }
        }
        read += 1;
    }
    assert_eq!(read, 70);
}

/// The replies that we write are the ones of the samples, which were made independently.
#[test]
fn replies() {
    use mobile_money::reply::{Decision, Reject, mpesa_validation, tigo_billpay};
    let file = |name| String::from_utf8(bytes(name)).unwrap();
    let accept = mpesa_validation(Decision::Accept);
    assert_eq!(
        accept,
        file("mpesa_c2b_validation_reply_accept.json").trim()
    );
    let reject = mpesa_validation(Decision::Reject(Reject::Account));
    assert_eq!(
        reject,
        file("mpesa_c2b_validation_reply_reject.json").trim()
    );
    let accept = tigo_billpay("88120045", "EOP-551", "255713000111", Decision::Accept);
    assert_eq!(accept, file("tigo_billpay_reply_ok.xml").trim());
    let hostile = tigo_billpay("<&>", "", "", Decision::Reject(Reject::TryAgain));
    assert!(matches!(
        parse(Channel::TigoBillpay, hostile.as_bytes()),
        Ok(Message::OwnReply { accepted: false })
    ));
}

#[test]
fn one_receipt_over_three_channels_is_one_payment_and_another_amount_is_a_conflict() {
    use mobile_money::intake::{Outcome, Standing};
    let now: DateTime<Utc> = "2024-06-11T06:20:00Z".parse().unwrap();
    let mut intake = Intake::default();
    let mut take = |file: &str| {
        let bytes = bytes(file);
        match parse(channel_of(file, &bytes), &bytes).unwrap() {
            Message::Payment(payment) => intake.receive(Trusted::claimed(payment), now).unwrap(),
            Message::Payments(mut rows) => {
                let row = rows.remove(0);
                intake.receive(Trusted::claimed(row), now).unwrap()
            }
            other => panic!("{other:?}"),
        }
    };
    let table = [
        ("mpesa_stk_callback_ok.json", Outcome::New),
        ("mpesa_c2b_confirmation_plain.json", Outcome::Enriched),
        ("mpesa_c2b_confirmation_plain.json", Outcome::Duplicate),
        ("mpesa_stk_callback_ok_string_code.json", Outcome::Duplicate),
        ("mpesa_c2b_confirmation_masked.json", Outcome::Enriched),
        ("mpesa_pull_transactions.json", Outcome::Enriched),
        ("mpesa_c2b_confirmation_conflict.json", Outcome::Conflict),
    ];
    let mut key = None;
    for (file, outcome) in table {
        let received = take(file);
        assert_eq!(received.outcome, outcome, "{file}");
        key = Some(received.key);
    }
    let transaction = intake.transaction(&key.unwrap()).unwrap();
    assert_eq!(transaction.standing, Standing::HeldForConflict);
    assert_eq!(transaction.merged.reference.as_deref(), Some("eo-4I877 "));
    assert_eq!(intake.transactions().count(), 1);
}

/// All 73 samples, with fields removed, added, reordered, numbers written as strings and strings as
/// numbers. What speaks of money ends up as a transaction under an id that the message names, or on
/// the list of unreadable messages; never a panic, never nowhere, never a question instead of news.
#[test]
fn damaged_samples_are_neither_lost_nor_misread() {
    let now: DateTime<Utc> = "2024-06-11T06:20:00Z".parse().unwrap();
    let (mut files, mut tried) = (0, 0);
    for (file, _) in index() {
        files += 1;
        let original = bytes(&file);
        if file.ends_with(".csv") {
            tried += damaged_statements(&file, &String::from_utf8(original).unwrap());
            continue;
        }
        let channel = channel_of(&file, &original);
        let was = parse(channel, &original);
        let delivery = Delivery::new(channel, now);
        for damaged in damaged_texts(&file, &original) {
            tried += 1;
            let mut intake = Intake::default();
            let heard = intake.hear(Trusted::claimed(damaged.as_bytes()), &delivery);
            let kept = intake.transactions().count() + intake.unreadable().count();
            for received in &heard.received {
                let transaction = intake.transaction(&received.key).unwrap();
                let (TransactionKey::Provider(_, id) | TransactionKey::Own(_, id)) =
                    transaction.key;
                assert!(damaged.contains(&id), "{file}: {id} is not in {damaged}");
            }
            match (&was, &heard.message) {
                (_, Err(_)) => assert!(heard.unreadable && kept == 1, "{file}: {damaged}"),
                (Ok(Message::Payment(_)), Ok(Message::Payment(_))) => {
                    assert!(kept >= 1, "{file}: {damaged}");
                }
                // An answer without its transaction: the host knows what it had asked.
                (Ok(Message::Payment(_)), Ok(Message::Refusal(_))) => {}
                (Ok(Message::Payment(_)), Ok(other)) => {
                    panic!("{file}: {damaged} became {other:?}");
                }
                (Ok(Message::Payments(rows)), Ok(Message::Payments(now))) => {
                    assert!(now.len() == rows.len() || !damaged.contains("transactionId"));
                }
                _ => {}
            }
        }
    }
    assert_eq!(files, 73);
    assert!(tried > 1500, "{tried}");
}

fn damaged_texts(file: &str, original: &[u8]) -> Vec<String> {
    if file.ends_with(".json") {
        let value: Value = serde_json::from_slice(original).unwrap();
        return damages(&value).iter().map(Value::to_string).collect();
    }
    // XML: the elements of a flat document.
    let text = std::str::from_utf8(original).unwrap();
    let (head, rest) = text.split_once("<COMMAND>").unwrap();
    let (body, _) = rest.split_once("</COMMAND>").unwrap();
    let mut elements: Vec<String> = Vec::new();
    let mut left = body;
    while let Some((open, _)) = left.split_once('>') {
        let close = format!("</{}>", &open[1..]);
        let end = left.find(&close).unwrap() + close.len();
        elements.push(left[..end].into());
        left = &left[end..];
    }
    let whole = |elements: &[String]| format!("{head}<COMMAND>{}</COMMAND>", elements.concat());
    let mut all = Vec::new();
    for at in 0..elements.len() {
        let mut other = elements.clone();
        other.remove(at);
        all.push(whole(&other));
        other.insert(0, elements[at].clone());
        all.push(whole(&other));
        other.insert(0, "<NEW a=\"1\">x</NEW>".into());
        all.push(whole(&other));
        let name = &elements[at][1..elements[at].find('>').unwrap()];
        for value in ["", "7", "x", "1.5", "-1"] {
            other = elements.clone();
            other[at] = format!("<{name}>{value}</{name}>");
            all.push(whole(&other));
        }
    }
    all
}

/// Rows removed, doubled and exchanged: either the rows that are left are all read, or the file is
/// refused whole; a changed running balance is pointed out.
fn damaged_statements(file: &str, text: &str) -> usize {
    use mobile_money::statement::{read, recognise};
    let lines: Vec<&str> = text.lines().collect();
    let first = lines
        .iter()
        .position(|line| line.contains("Receipt") || line.contains("Datestamp"));
    let rows = first.unwrap() + 1..lines.len();
    let layout = recognise(text.as_bytes()).unwrap();
    let whole = read(&layout, text.as_bytes()).unwrap();
    let mut tried = 0;
    let mut check = |lines: &[&str], count: usize| {
        tried += 1;
        let statement = read(&layout, lines.join("\n").as_bytes()).unwrap();
        assert_eq!(statement.rows.len(), count, "{file}");
        statement
    };
    for at in rows {
        let moved = whole
            .rows
            .iter()
            .any(|row| row.line == at + 1 && row.amount != row.fee);
        let mut other = lines.clone();
        other.remove(at);
        check(&other, whole.rows.len() - 1);
        let mut other = lines.clone();
        other.insert(at, lines[at]);
        let twice = check(&other, whole.rows.len() + 1);
        assert!(!moved || !twice.gaps.is_empty(), "{file}: line {at} twice");
        let mut other = lines.clone();
        let widened: Vec<String> = other.iter().map(|line| format!("{line},new")).collect();
        let widened: Vec<&str> = widened.iter().map(String::as_str).collect();
        check(&widened, whole.rows.len());
        other.swap(at, first.unwrap() + 1);
        check(&other, whole.rows.len());
    }
    tried
}

/// All single damages of a JSON value, at every depth.
fn damages(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            for key in fields.keys() {
                let mut less = fields.clone();
                less.remove(key);
                all.push(Value::Object(less));
                for inner in damages(&fields[key]) {
                    let mut other = fields.clone();
                    other.insert(key.clone(), inner);
                    all.push(Value::Object(other));
                }
            }
            let mut more = fields.clone();
            more.insert("aNewField".into(), serde_json::json!({"x": [1, null]}));
            all.push(Value::Object(more));
            all.push(Value::Object(fields.clone().into_iter().rev().collect()));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for inner in damages(item) {
                    let mut other = items.clone();
                    other[at] = inner;
                    all.push(Value::Array(other));
                }
            }
            all.push(Value::Array(items.iter().rev().cloned().collect()));
        }
        Value::Number(number) => all.push(Value::String(number.to_string())),
        Value::String(text) => {
            if let Ok(number) = text.parse::<u64>() {
                all.push(Value::Number(number.into()));
            }
            all.push(Value::String(String::new()));
            all.push(Value::Null);
        }
        _ => all.push(Value::Null),
    }
    all
}
