//! MTN Mobile Money.

use alloc::{string::String, vec::Vec};

use super::{AccountBalance, Message, ParseError, Refusal, json::Json, owned, values};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

fn reason_kind(code: &str) -> ReasonKind {
    use ReasonKind as K;
    match code {
        "PAYEE_NOT_FOUND" | "PAYER_NOT_FOUND" => K::PartyNotFound,
        "NOT_ALLOWED" | "NOT_ALLOWED_TARGET_ENVIRONMENT" | "PAYEE_NOT_ALLOWED_TO_RECEIVE" => {
            K::NotAllowed
        }
        "INVALID_CALLBACK_URL_HOST" | "INVALID_CURRENCY" | "TRANSFER_TYPE_UNKNOWN" => K::BadRequest,
        "SERVICE_UNAVAILABLE" | "INTERNAL_PROCESSING_ERROR" => K::ProviderFault,
        "NOT_ENOUGH_FUNDS" => K::InsufficientFunds,
        "PAYER_LIMIT_REACHED" => K::LimitReached,
        "APPROVAL_REJECTED" | "TRANSACTION_CANCELED" => K::CancelledByUser,
        "PAYMENT_NOT_APPROVED" | "REJECTED" => K::Refused,
        "EXPIRED" | "COULD_NOT_PERFORM_TRANSACTION" => K::Expired,
        "RESOURCE_ALREADY_EXIST" => K::Duplicate,
        "RESOURCE_NOT_FOUND" => K::NotFound,
        "ONGOING" | "DELAYED" | "PENDING" => K::InProgress,
        _ => K::Unknown,
    }
}

/// A plain string in some deployments, `{code, message}` in others.
fn reason(json: &Json<'_>) -> Option<Reason> {
    let code = json.word().or_else(|| json.get("code").word())?;
    Some(Reason {
        code: code.into(),
        kind: reason_kind(code),
        text: owned(json.get("message")),
    })
}

/// Callback (PUT or POST) or the answer to a status query; or an error body.
pub(super) fn transaction(json: &Json<'_>, channel: Channel) -> Result<Message, ParseError> {
    if !json.get("availableBalance").is_null() {
        return balance(json);
    }
    // Whether a phone is an active account holder.
    if matches!(json.get("result"), Json::Bool(_)) {
        return Ok(Message::Other {
            what: "account holder".into(),
        });
    }
    let Some(word) = json.get("status").word() else {
        return without_status(json, channel);
    };
    let (kind, party) = match channel {
        Channel::MtnDisbursement => (PaymentKind::Disbursement, "payee"),
        _ => (PaymentKind::Collection, "payer"),
    };
    let reason = reason(json.get("reason"));
    let duplicate = reason
        .as_ref()
        .is_some_and(|r| r.kind == ReasonKind::Duplicate);
    let status = match word.to_ascii_uppercase().as_str() {
        "SUCCESSFUL" => Status::Success,
        // The id was used before: that attempt may have paid.
        "FAILED" if duplicate => Status::Ambiguous,
        "FAILED" => Status::Failed,
        "PENDING" | "ONGOING" | "DELAYED" | "CREATED" => Status::Pending,
        _ => Status::Unknown(word.into()),
    };
    let mut payment = Payment::new(channel, kind, status);
    payment.provider_id = owned(json.get("financialTransactionId"));
    payment.own_id = owned(json.get("externalId"));
    payment.amount = values::amount("amount", json.get("amount"))?;
    values::currency(&mut payment, json.get("currency"));
    let party = json.get(party);
    if party.get("partyIdType").word() == Some("MSISDN") {
        payment.phone = party.get("partyId").text().and_then(Phone::read);
    }
    let note = json.get("payeeNote").text();
    payment.reference = note
        .or_else(|| json.get("payerMessage").text())
        .map(Into::into);
    payment.reason = reason;
    Ok(Message::Payment(payment))
}

/// The balance of our account: one figure.
fn balance(json: &Json<'_>) -> Result<Message, ParseError> {
    let text = json.get("availableBalance").word().unwrap_or("");
    let refused = || ParseError::Amount {
        field: "availableBalance",
        given: text.into(),
        allowed: "an exact decimal beside an ISO 4217 currency",
    };
    let currency = json.get("currency").word();
    let currency = currency.and_then(|code| ledger::Currency::from_code(code).ok());
    let balance = AccountBalance {
        name: String::new(),
        currency: currency.ok_or_else(refused)?,
        current: None,
        available: values::signed_decimal(text).ok_or_else(refused)?,
        reserved: None,
        uncleared: None,
    };
    Ok(Message::Balances(Vec::from([balance])))
}

fn without_status(json: &Json<'_>, channel: Channel) -> Result<Message, ParseError> {
    let about = ["externalId", "financialTransactionId"];
    if about.iter().all(|key| json.get(key).is_null())
        && let Some(reason) = reason(json)
    {
        let status = match reason.kind {
            ReasonKind::Unknown => Status::Unknown(reason.code.clone()),
            ReasonKind::Duplicate | ReasonKind::ProviderFault | ReasonKind::InProgress => {
                Status::Ambiguous
            }
            _ => Status::Failed,
        };
        return Ok(Message::Refusal(Refusal {
            channel,
            status,
            reason,
        }));
    }
    Err(ParseError::Missing {
        field: "status",
        message: "MTN transaction",
    })
}
