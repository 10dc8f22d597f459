//! Provider messages: an index of files, each with its expected reading.

use std::{fs, path::PathBuf, rc::Rc};

use chrono::DateTime;
use mobile_money::{
    Channel, Intake, Message, Payment, Phone, Trusted,
    auth::{AuthError, HmacScheme, airtel_callback},
    intake::Standing,
    parse,
    payment::ReasonKind,
    wire::{detect, raw_sha256},
};
use serde_json::Value;

use super::{
    super::{Case, Outcome, Source, values},
    list, statements,
};

/// The folder of an index and the names of the files in it.
struct Folder {
    path: PathBuf,
    files: Vec<String>,
}

impl Folder {
    fn bytes(&self, file: &str) -> Result<Vec<u8>, String> {
        let path = self.path.join(file);
        fs::read(&path)
            .map_err(|reason| format!("cannot read the case: {}: {reason}", path.display()))
    }
}

/// Recognises an index: samples with a file and what to expect of it.
pub(super) fn recognise(source: &Source, json: &Value) -> Option<Vec<Case>> {
    let samples = list(json, "samples");
    let shaped =
        |s: &Value| s.get("file").is_some_and(Value::is_string) && s.get("expect").is_some();
    if samples.is_empty() || !samples.iter().all(shaped) {
        return None;
    }
    let name = |sample: &Value| sample["file"].as_str().unwrap_or("").to_owned();
    let folder = Rc::new(Folder {
        path: source.folder().to_owned(),
        files: samples.iter().map(name).collect(),
    });
    let case = |sample: &Value| {
        let (sample, folder) = (sample.clone(), Rc::clone(&folder));
        Case::new(format!("momo:{}", name(&sample)), move || {
            check(&folder, &sample)
        })
    };
    Some(samples.iter().map(case).collect())
}

fn check(folder: &Folder, sample: &Value) -> Outcome {
    let file = values::text(&sample["file"])?;
    let expect = &sample["expect"];
    let bytes = folder.bytes(file)?;
    if let Some(hash) = sample.get("sha256") {
        let got = raw_sha256(&bytes)
            .map(|byte| format!("{byte:02x}"))
            .concat();
        values::same("sha256 of the file", &values::text(hash)?.to_owned(), &got)?;
    }
    if expect["kind"] == "statement" && file.ends_with(".csv") {
        return statements::check(expect, &bytes);
    }
    signature(expect, &bytes)?;
    let channel = match channel(file, &bytes) {
        Ok(channel) => channel,
        Err(_) if expect["status"] == "reject" => return Ok(()),
        Err(reason) => return Err(reason.into()),
    };
    provider(expect, channel)?;
    match parse(channel, &bytes) {
        Ok(message) => reading(folder, file, expect, &message)?,
        Err(_) if expect["status"] == "reject" => {}
        Err(reason) => return Err(format!("refused: {reason}").into()),
    }
    Ok(())
}

/// The host knows the address that a message was posted to; the name stands for it where the
/// content cannot tell.
fn channel(file: &str, bytes: &[u8]) -> Result<Channel, String> {
    if file.contains("queue_timeout") {
        return Ok(Channel::MpesaQueueTimeout);
    }
    detect(bytes).map_err(|reason| format!("not recognised: {reason}"))
}

fn provider(expect: &Value, channel: Channel) -> Result<(), String> {
    let Some(expected) = expect.get("provider") else {
        return Ok(());
    };
    let paybill = matches!(
        channel,
        Channel::AirtelPaybillValidation | Channel::AirtelPaybillConfirmation
    );
    let suffix = if paybill { "-paybill" } else { "" };
    let got = format!("{}{suffix}", channel.provider().as_str());
    values::same("provider", &values::text(expected)?.to_owned(), &got)
}

/// Signatures named by the index, before anything is parsed.
fn signature(expect: &Value, bytes: &[u8]) -> Result<(), String> {
    if let Some(valid) = expect["hash_valid"].as_bool() {
        let key = values::text(values::field(expect, "key")?)?;
        let got = airtel_callback(&[key.as_bytes()], bytes).is_ok();
        values::same("hash valid", &valid, &got)?;
    }
    if let Some(signature) = expect["signature_hex"].as_str() {
        let key = values::text(values::field(expect, "secret")?)?;
        let got = HmacScheme::default().verify(&[key.as_bytes()], bytes, signature);
        values::same("signature valid", &true, &got.is_ok())?;
    }
    if expect["status"] == "unauthenticated" {
        let got = airtel_callback(&[b"any"], bytes);
        let none = matches!(got, Err(AuthError::NoSignature { .. }));
        values::same("carries no signature", &true, &none)?;
    }
    Ok(())
}

fn reading(folder: &Folder, file: &str, expect: &Value, message: &Message) -> Result<(), String> {
    match message {
        Message::Payment(payment) => {
            fields(expect, payment)?;
            kind(expect, &format!("{:?}", payment.kind).to_lowercase())?;
            status(folder, file, expect, payment.status.as_str(), Some(payment))
        }
        Message::Validation(payment) => {
            fields(expect, payment)?;
            let ams = payment.channel == Channel::PaygopsAms;
            kind(expect, if ams { "ams" } else { "validation" })
        }
        Message::Payments(rows) => {
            // A list is a lookup, or a statement in the provider's interface.
            if expect["kind"] != "statement" {
                kind(expect, "lookup")?;
            }
            if let Some(expected) = expect["rows"].as_u64() {
                values::same("rows", &expected, &(rows.len() as u64))?;
            }
            rows.first().map_or(Ok(()), |row| fields(expect, row))
        }
        Message::Balances(accounts) => {
            kind(expect, "balance")?;
            if let Some(expected) = expect["accounts"].as_u64() {
                values::same("accounts", &expected, &(accounts.len() as u64))?;
            }
            let total = accounts
                .iter()
                .map(|a| a.current.unwrap_or(a.available))
                .sum();
            match expect.get("total") {
                Some(expected) => values::same("total", &values::decimal(expected)?, &total),
                None => Ok(()),
            }
        }
        Message::Refusal(refusal) => {
            let word = match refusal.reason.kind {
                ReasonKind::NotFound => "not_found",
                ReasonKind::Duplicate => "duplicate",
                _ => refusal.status.as_str(),
            };
            if let Some(reason) = expect["reason"].as_str() {
                values::same("reason", &reason.to_owned(), &refusal.reason.label())?;
            }
            status(folder, file, expect, word, None)
        }
        Message::Batch(batch) => {
            kind(expect, "batch")?;
            if let Some(expected) = expect["rows"].as_u64() {
                values::same("rows", &expected, &(batch.transactions.len() as u64))?;
            }
            let word = format!("{:?}", batch.status).to_lowercase();
            status(folder, file, expect, &word, None)
        }
        Message::OwnRequest { .. } => kind(expect, "request"),
        Message::OwnReply { .. } => kind(expect, "reply"),
        other => Err(format!("read as {other:?}")),
    }
}

fn kind(expect: &Value, got: &str) -> Result<(), String> {
    match expect.get("kind") {
        Some(expected) => values::same("kind", &values::text(expected)?, &got),
        None => Ok(()),
    }
}

fn status(
    folder: &Folder,
    file: &str,
    expect: &Value,
    got: &str,
    payment: Option<&Payment>,
) -> Result<(), String> {
    let Some(expected) = expect.get("status") else {
        return Ok(());
    };
    match values::text(expected)? {
        // Refused by its signature, which was checked before.
        "reject" if expect["hash_valid"] == false => Ok(()),
        "unauthenticated" => Ok(()),
        "conflict" => {
            let payment = payment.ok_or("not read as a payment")?;
            let held = conflicts(folder, file, payment)?;
            values::same("in conflict with another file", &true, &held)
        }
        expected => values::same("status", &expected, &got),
    }
}

/// Whether the payment and the other files' news of the same transaction are held for a conflict.
fn conflicts(folder: &Folder, file: &str, payment: &Payment) -> Result<bool, String> {
    let mut intake = Intake::default();
    let refused = |reason| format!("refused: {reason}");
    for other in folder.files.iter().filter(|other| *other != file) {
        let bytes = folder.bytes(other)?;
        let Ok(channel) = channel(other, &bytes) else {
            continue;
        };
        if let Ok(Message::Payment(told)) = parse(channel, &bytes)
            && told.provider_id == payment.provider_id
            && told.provider == payment.provider
            && told.amount != payment.amount
        {
            intake
                .receive(Trusted::claimed(told), DateTime::UNIX_EPOCH)
                .map_err(refused)?;
            break;
        }
    }
    let received = intake
        .receive(Trusted::claimed(payment.clone()), DateTime::UNIX_EPOCH)
        .map_err(refused)?;
    let transaction = intake.transaction(&received.key);
    Ok(transaction.is_some_and(|t| t.standing == Standing::HeldForConflict))
}

fn fields(expect: &Value, payment: &Payment) -> Result<(), String> {
    let same = |key: &str, got: Option<String>| {
        let Some(expected) = expect.get(key) else {
            return Ok(());
        };
        let shown = |text: Option<&str>| text.map_or("none".to_owned(), |t| format!("{t:?}"));
        values::same(key, &shown(expected.as_str()), &shown(got.as_deref()))
    };
    same("provider_id", payment.provider_id.clone())?;
    same("own_id", payment.own_id.clone())?;
    same("reference", payment.reference.clone())?;
    same("reverses", payment.reverses.clone())?;
    let utc = payment
        .provider_time
        .map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    same("time_utc", utc)?;
    let implied = if payment.currency_implied {
        " (implied)"
    } else {
        ""
    };
    same(
        "currency",
        payment
            .currency
            .map(|currency| format!("{currency}{implied}")),
    )?;
    let fee = payment.fees.first().map(|fee| {
        let currency = fee.currency.map(|currency| currency.to_string());
        format!("{} {}", fee.amount, currency.unwrap_or_default())
    });
    same("fee", fee)?;
    if expect["status"] != "reject" {
        same(
            "reason",
            payment.reason.as_ref().map(|reason| reason.label()),
        )?;
    }
    match (expect.get("amount"), payment.amount) {
        (None, _) | (Some(Value::Null), None) => {}
        (Some(expected), Some(got)) => values::same("amount", &values::decimal(expected)?, &got)?,
        (Some(expected), None) => return Err(format!("amount (expected {expected}, got none)")),
    }
    phone(expect, payment)
}

fn phone(expect: &Value, payment: &Payment) -> Result<(), String> {
    let shown = payment.phone.as_ref().map_or(String::new(), Phone::shown);
    if let Some(mask) = expect["msisdn_mask"].as_str() {
        values::same("phone", &mask.to_owned(), &shown)?;
    }
    if let Some(number) = expect["msisdn_sha256_of"].as_str() {
        let hash = raw_sha256(number.as_bytes()).map(|byte| format!("{byte:02x}"));
        values::same("phone", &hash.concat(), &shown)?;
    }
    Ok(())
}
