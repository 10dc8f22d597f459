//! GSMA Mobile Money API 1.2.

use alloc::string::String;

use super::{Message, ParseError, Refusal, json::Json, owned, values};
use crate::payment::{
    Amount, Channel, Oddity, Payment, PaymentKind, Phone, Reason, ReasonKind, Status,
};

/// A transaction, a request state or an error object.
pub(super) fn message(json: &Json<'_>) -> Result<Message, ParseError> {
    if !json.get("errorCategory").is_null() || !json.get("errorCode").is_null() {
        let reason = reason(json);
        return Ok(Message::Refusal(Refusal {
            channel: Channel::Gsma,
            status: failed_or(&reason),
            reason,
        }));
    }
    if !json.get("serverCorrelationId").is_null() {
        return request_state(json);
    }
    transaction(json)
}

fn reason(json: &Json<'_>) -> Reason {
    use ReasonKind as K;
    let code = json.get("errorCode").word().unwrap_or("");
    let limit = code.contains("Limit") || code == "maxBalanceExceeded";
    let kind = match code {
        "duplicateRequest" => K::Duplicate,
        "insufficientFunds" => K::InsufficientFunds,
        "underPaymentNotAllowed" | "overPaymentNotAllowed" => K::AmountNotAllowed,
        "samePartiesError" | "formatError" => K::BadRequest,
        "identifierError" => K::PartyNotFound,
        "requestDeclined" => K::Refused,
        _ if limit => K::LimitReached,
        _ => K::Unknown,
    };
    Reason {
        code: code.into(),
        kind,
        text: owned(json.get("errorDescription")),
    }
}

fn failed_or(reason: &Reason) -> Status {
    match reason.kind {
        ReasonKind::Duplicate => Status::Ambiguous,
        ReasonKind::Unknown => Status::Unknown(reason.code.clone()),
        _ => Status::Failed,
    }
}

fn request_state(json: &Json<'_>) -> Result<Message, ParseError> {
    let word = json.get("status").word().ok_or(ParseError::Missing {
        field: "status",
        message: "GSMA request state",
    })?;
    let error = json.get("error");
    let reason = (!error.is_null()).then(|| reason(error));
    let status = match word {
        "pending" => Status::Pending,
        "completed" => Status::Success,
        // The word is explicit; only a duplicate means that another attempt may have paid.
        "failed" => match &reason {
            Some(reason) if reason.kind == ReasonKind::Duplicate => Status::Ambiguous,
            _ => Status::Failed,
        },
        other => Status::Unknown(other.into()),
    };
    let mut payment = Payment::new(Channel::Gsma, PaymentKind::Collection, status);
    payment.provider_id = owned(json.get("objectReference"));
    payment.own_id = owned(json.get("serverCorrelationId"));
    payment.reason = reason;
    Ok(Message::Payment(payment))
}

fn transaction(json: &Json<'_>) -> Result<Message, ParseError> {
    let missing = |field| ParseError::Missing {
        field,
        message: "GSMA transaction",
    };
    let word = json.get("transactionStatus").word();
    let word = word.ok_or_else(|| missing("transactionStatus"))?;
    let kind = match json.get("type").word().unwrap_or("") {
        "reversal" => PaymentKind::Reversal,
        "disbursement" | "withdrawal" => PaymentKind::Disbursement,
        _ => PaymentKind::Collection,
    };
    let mut payment = Payment::new(Channel::Gsma, kind, status(word));
    payment.provider_id = owned(json.get("transactionReference"));
    payment.own_id = owned(json.get("requestingOrganisationTransactionReference"));
    if payment.provider_id.is_none() && payment.own_id.is_none() {
        return Err(missing("transactionReference"));
    }
    if kind == PaymentKind::Reversal {
        payment.reverses = owned(json.get("originalTransactionReference"));
    }
    if let Some(text) = json.get("amount").word() {
        payment.amount = Some(amount(text)?);
    }
    values::currency(&mut payment, json.get("currency"));
    let (ours, theirs) = match kind {
        PaymentKind::Collection => ("creditParty", "debitParty"),
        _ => ("debitParty", "creditParty"),
    };
    payment.reference = party(json.get(ours), "accountid");
    payment.phone = party(json.get(theirs), "msisdn").and_then(|text| Phone::read(&text));
    payment.wallet = party(json.get(ours), "msisdn");
    for fee in json.get("fees").items() {
        fees(&mut payment, fee);
    }
    for key in ["creationDate", "modificationDate", "requestDate"] {
        if payment.provider_time.is_none() {
            values::time(&mut payment, json.get(key), values::rfc3339);
        }
    }
    Ok(Message::Payment(payment))
}

fn status(word: &str) -> Status {
    match word.to_ascii_lowercase().as_str() {
        "completed" | "success" | "successful" => Status::Success,
        "pending" | "inprogress" | "accepted" | "created" | "submitted" => Status::Pending,
        "failed" | "rejected" | "declined" | "cancelled" | "expired" => Status::Failed,
        "reversed" => Status::Reversed,
        _ => Status::Unknown(word.into()),
    }
}

/// The specification's pattern: no leading zero, up to 18 digits and 4 decimals.
fn amount(text: &str) -> Result<rust_decimal::Decimal, ParseError> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let fits = (1..=18).contains(&whole.len())
        && (whole == "0" || !whole.starts_with('0'))
        && (1..=4).contains(&part.len());
    values::plain_decimal(text)
        .filter(|_| fits)
        .ok_or_else(|| ParseError::Amount {
            field: "amount",
            given: text.into(),
            allowed: "0 or up to 18 digits without leading zero, and up to 4 decimals",
        })
}

fn party(list: &Json<'_>, key: &str) -> Option<String> {
    let found = list
        .items()
        .iter()
        .find(|p| p.get("key").word() == Some(key));
    found
        .and_then(|pair| pair.get("value").text())
        .map(Into::into)
}

fn fees(payment: &mut Payment, fee: &Json<'_>) {
    let text = fee.get("feeAmount").word().unwrap_or("");
    match values::plain_decimal(text) {
        Some(amount) => payment.fees.push(Amount {
            amount,
            currency: fee
                .get("feeCurrency")
                .word()
                .and_then(|code| ledger::Currency::from_code(code).ok()),
        }),
        None => payment.oddities.push(Oddity::Fee(text.into())),
    }
}
