//! The pull-transactions query: what arrived in the last 48 hours.

use alloc::vec::Vec;

use super::{
    super::{Message, ParseError, Refusal, json::Json, owned, values},
    stk::reason,
};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Status};

/// The answer: a list in a list.
pub(in super::super) fn pull(json: &Json<'_>) -> Result<Message, ParseError> {
    let code = json.get("ResponseCode").word().unwrap_or("");
    match code {
        "1000" | "1001" => {}
        _ if json.get("Response").items().is_empty() => {
            return Ok(Message::Refusal(Refusal {
                channel: Channel::MpesaPull,
                status: Status::Ambiguous,
                reason: reason(code, json.get("ResponseMessage")),
            }));
        }
        _ => {}
    }
    let rows = json.get("Response").items().iter().flat_map(Json::items);
    let rows: Result<Vec<_>, _> = rows.map(row).collect();
    Ok(Message::Payments(rows?))
}

fn row(json: &Json<'_>) -> Result<Payment, ParseError> {
    let kind = PaymentKind::Collection;
    let mut payment = Payment::new(Channel::MpesaPull, kind, Status::Success);
    payment.provider_id = owned(json.get("transactionId"));
    if payment.provider_id.is_none() {
        return Err(ParseError::Missing {
            field: "transactionId",
            message: "M-Pesa pull",
        });
    }
    payment.amount = values::amount("amount", json.get("amount"))?;
    values::implied_currency(&mut payment, "KES");
    values::time(&mut payment, json.get("trxDate"), values::rfc3339);
    payment.phone = json.get("msisdn").text().and_then(Phone::read);
    payment.party_name = owned(json.get("sender")).filter(|name| name != "UNKNOWN");
    payment.reference = json.get("billreference").text().map(Into::into);
    Ok(payment)
}
