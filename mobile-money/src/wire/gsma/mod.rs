//! GSMA Mobile Money API 1.2.

mod lists;
mod transaction;

use super::{Message, ParseError, Refusal, json::Json, owned};
use crate::payment::{Channel, Payment, PaymentKind, Reason, ReasonKind, Status};

/// A transaction, a bill payment, a batch, a list of these, a request state, the link to an
/// answer, or an error object.
pub(super) fn message(json: &Json<'_>) -> Result<Message, ParseError> {
    if let Json::List(rows) = json {
        return lists::rows(rows).map(Message::Payments);
    }
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
    if let Some(batch) = lists::batch(json) {
        return batch.map(Message::Batch);
    }
    // A lost answer asked for again is found under its link.
    if let Some(link) = json.get("link").word()
        && json.get("transactionStatus").is_null()
    {
        return Ok(Message::Other { what: link.into() });
    }
    lists::row(json).map(Message::Payment)
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
