//! STK push: callback, and the immediate answers of the API.

use super::{
    super::{Message, ParseError, Refusal, json::Json, owned, values},
    codes,
};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, Status};

/// The callback. The reference of the push is not echoed; a till or paybill with C2B addresses
/// also gets a C2B confirmation with the same receipt, which has it.
pub(in super::super) fn stk(json: &Json<'_>) -> Result<Message, ParseError> {
    let told = json.at(&["Body", "stkCallback"]);
    if told.is_null() {
        return acknowledgement(json, Channel::MpesaStk);
    }
    let missing = |field| ParseError::Missing {
        field,
        message: "M-Pesa STK callback",
    };
    let code = told
        .get("ResultCode")
        .word()
        .ok_or_else(|| missing("ResultCode"))?;
    let mut payment = Payment::new(
        Channel::MpesaStk,
        PaymentKind::Collection,
        Status::Ambiguous,
    );
    codes::apply(&mut payment, code);
    payment.own_id = owned(told.get("CheckoutRequestID"));
    for item in told.at(&["CallbackMetadata", "Item"]).items() {
        let value = item.get("Value");
        match item.get("Name").word() {
            Some("Amount") => payment.amount = values::amount("Amount", value)?,
            Some("MpesaReceiptNumber") => payment.provider_id = owned(value),
            Some("TransactionDate") => values::time(&mut payment, value, values::daraja_time),
            Some("PhoneNumber") => payment.phone = value.text().and_then(Phone::read),
            _ => {}
        }
    }
    if payment.own_id.is_none() && payment.provider_id.is_none() {
        return Err(missing("CheckoutRequestID"));
    }
    values::implied_currency(&mut payment, "KES");
    if code != "0" {
        payment.reason = Some(reason(code, told.get("ResultDesc")));
    }
    Ok(Message::Payment(payment))
}

pub(super) fn reason(code: &str, text: &Json<'_>) -> Reason {
    Reason {
        code: code.into(),
        kind: codes::kind(code),
        text: owned(text),
    }
}

/// The immediate answer to a push, a payment or a push query: accepted (not paid), the result of a
/// query, or an error body.
pub(in super::super) fn acknowledgement(
    json: &Json<'_>,
    channel: Channel,
) -> Result<Message, ParseError> {
    if let Some(code) = json.get("errorCode").word() {
        let reason = reason(code, json.get("errorMessage"));
        let mut probe = Payment::new(channel, PaymentKind::Collection, Status::Ambiguous);
        codes::apply(&mut probe, code);
        return Ok(Message::Refusal(Refusal {
            channel,
            status: probe.status,
            reason,
        }));
    }
    let kind = match channel {
        Channel::MpesaStk => PaymentKind::Collection,
        _ => PaymentKind::Disbursement,
    };
    let mut payment = Payment::new(channel, kind, Status::Pending);
    payment.own_id = owned(json.get("CheckoutRequestID"))
        .or_else(|| owned(json.get("OriginatorConversationID")))
        // Written so in the answer to the registration of addresses.
        .or_else(|| owned(json.get("OriginatorCoversationID")));
    let missing = |field| ParseError::Missing {
        field,
        message: "M-Pesa answer",
    };
    let accepted = json.get("ResponseCode").word();
    let accepted = accepted.ok_or_else(|| missing("ResponseCode"))?;
    let (code, text) = match json.get("ResultCode").word() {
        // A push query: the result of the push stands beside the acceptance of the query.
        Some(result) => (result, json.get("ResultDesc")),
        None => (accepted, json.get("ResponseDescription")),
    };
    if json.get("ResultCode").word().is_some() || accepted != "0" {
        codes::apply(&mut payment, code);
        payment.reason = Some(reason(code, text));
    }
    if payment.own_id.is_none() {
        return Err(missing("CheckoutRequestID or OriginatorConversationID"));
    }
    Ok(Message::Payment(payment))
}
