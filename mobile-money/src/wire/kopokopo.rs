//! Kopo Kopo (K2 Connect): webhook events, and the results of our own requests.

use alloc::{string::String, vec::Vec};

use super::{Message, ParseError, json::Json, owned, values};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

const fn missing(field: &'static str, message: &'static str) -> ParseError {
    ParseError::Missing { field, message }
}

/// States of events and results. The set is open.
fn status(word: &str) -> Status {
    match word.to_ascii_lowercase().as_str() {
        "received" | "complete" | "completed" | "success" | "successful" | "processed"
        | "transferred" => Status::Success,
        "pending" | "processing" | "scheduled" | "sent" | "initiated" => Status::Pending,
        "reversed" | "voided" => Status::Reversed,
        "failed" | "rejected" | "cancelled" | "expired" => Status::Failed,
        _ => Status::Unknown(word.into()),
    }
}

/// A webhook event. Topics that are no payment (a new customer, a settlement to the bank) are
/// passed on by name.
pub(super) fn event(json: &Json<'_>) -> Result<Message, ParseError> {
    let topic = json.get("topic").word().unwrap_or("");
    let about_money = ["_received", "_reversed", "_voided"];
    if !topic.is_empty() && !about_money.iter().any(|end| topic.ends_with(end)) {
        return Ok(Message::Other { what: topic.into() });
    }
    let told = json.at(&["event", "resource"]);
    let mut payment = Payment::new(
        Channel::KopoKopo,
        PaymentKind::Collection,
        status(told.get("status").word().unwrap_or("")),
    );
    resource(&mut payment, told)?;
    if payment.provider_id.is_none() {
        return Err(missing("event.resource.reference", "Kopo Kopo event"));
    }
    Ok(Message::Payment(payment))
}

/// The transaction inside an event or a result. Transfers between merchants have no receipt of
/// M-Pesa; their own id stands for it.
fn resource(payment: &mut Payment, told: &Json<'_>) -> Result<(), ParseError> {
    payment.provider_id = owned(told.get("reference")).or_else(|| owned(told.get("id")));
    payment.amount = values::amount("amount", told.get("amount"))?;
    values::currency(payment, told.get("currency"));
    values::time(payment, told.get("origination_time"), values::rfc3339);
    let phone = told.get("sender_phone_number").word();
    let phone = phone.or_else(|| told.get("hashed_sender_phone").word());
    payment.phone = phone.and_then(Phone::read);
    payment.wallet = owned(told.get("till_number"));
    let names = [
        "sender_first_name",
        "sender_middle_name",
        "sender_last_name",
    ];
    let names = names.iter().filter_map(|key| told.get(key).word());
    let name = names.collect::<Vec<_>>().join(" ");
    payment.party_name = Some(name).filter(|name| !name.is_empty());
    Ok(())
}

/// The result of a request of ours: an incoming payment (push), a payment out, a reversal.
pub(super) fn result(json: &Json<'_>) -> Result<Message, ParseError> {
    let data = json.get("data");
    let told = data.get("attributes");
    let word = told.get("status").word();
    let word = word.ok_or_else(|| missing("data.attributes.status", "Kopo Kopo result"))?;
    let what = data.get("type").word().unwrap_or("");
    let kind = match what {
        _ if what.contains("settlement") || what.contains("transfer") => {
            return Ok(Message::Other { what: what.into() });
        }
        _ if what.contains("reversal") => PaymentKind::Reversal,
        _ if what.contains("incoming") || !told.get("event").is_null() => PaymentKind::Collection,
        _ => PaymentKind::Disbursement,
    };
    let mut payment = Payment::new(Channel::KopoKopoResult, kind, status(word));
    match kind {
        PaymentKind::Collection => incoming(&mut payment, told)?,
        PaymentKind::Disbursement => outgoing(&mut payment, told)?,
        PaymentKind::Reversal => {
            payment.reverses = owned(told.get("transaction_reference"));
            amount(&mut payment, told.get("amount"))?;
        }
    }
    payment.own_id = owned(data.get("id"));
    if payment.own_id.is_none() && payment.provider_id.is_none() {
        return Err(missing("data.id", "Kopo Kopo result"));
    }
    if payment.reference.is_none() {
        payment.reference = told.at(&["metadata", "reference"]).text().map(Into::into);
    }
    if payment.provider_time.is_none() && kind != PaymentKind::Collection {
        values::time(&mut payment, told.get("created_at"), values::rfc3339);
    }
    Ok(Message::Payment(payment))
}

fn incoming(payment: &mut Payment, told: &Json<'_>) -> Result<(), ParseError> {
    let paid = told.at(&["event", "resource"]);
    if !paid.is_null() {
        resource(payment, paid)?;
    }
    // The request may be answered "Success" for a payment that was reversed since.
    if let Some(word) = paid.get("status").word()
        && payment.status == Status::Success
        && status(word) != Status::Success
    {
        payment.status = status(word);
    }
    payment.reason = reason(told.at(&["event", "errors"]));
    Ok(())
}

/// `{currency, value}`, or a plain amount.
fn amount(payment: &mut Payment, value: &Json<'_>) -> Result<(), ParseError> {
    payment.amount = values::amount("amount.value", value.get("value"))?;
    if payment.amount.is_none() {
        payment.amount = values::amount("amount", value)?;
    }
    values::currency(payment, value.get("currency"));
    Ok(())
}

/// A payment out: its disbursements hang in transfer batches. The receipt of the only one is the
/// provider's id; several share none.
fn outgoing(payment: &mut Payment, told: &Json<'_>) -> Result<(), ParseError> {
    amount(payment, told.get("amount"))?;
    if payment.currency.is_none() {
        values::currency(payment, told.get("currency"));
    }
    let batches = told.get("transfer_batches").items().iter();
    let mut parts = batches.flat_map(|batch| batch.get("disbursements").items());
    if let (Some(only), None) = (parts.next(), parts.next()) {
        payment.provider_id = owned(only.get("transaction_reference"));
        values::time(payment, only.get("origination_time"), values::rfc3339);
    }
    payment.reason = reason(told.get("errors"));
    Ok(())
}

/// Errors are a text or a list of texts.
fn reason(json: &Json<'_>) -> Option<Reason> {
    let words: Vec<&str> = json.items().iter().filter_map(Json::word).collect();
    let text = Some(words.join("; ")).filter(|text| !text.is_empty())?;
    let low = text.to_ascii_lowercase();
    let kind = if low.contains("insufficient") {
        ReasonKind::InsufficientFunds
    } else if low.contains("cancel") {
        ReasonKind::CancelledByUser
    } else if low.contains("timed out") || low.contains("timeout") {
        ReasonKind::TimeoutNoUserResponse
    } else {
        ReasonKind::Unknown
    };
    let code = String::new();
    Some(Reason {
        code,
        kind,
        text: Some(text),
    })
}
