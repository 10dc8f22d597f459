//! Customer to business.

use alloc::{string::String, vec::Vec};

use super::super::{Message, ParseError, json::Json, owned, values};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Status};

fn c2b(json: &Json<'_>, channel: Channel, status: Status) -> Result<Payment, ParseError> {
    let mut payment = Payment::new(channel, PaymentKind::Collection, status);
    let missing = |field| ParseError::Missing {
        field,
        message: "M-Pesa C2B",
    };
    payment.provider_id = owned(json.get("TransID"));
    if payment.provider_id.is_none() {
        return Err(missing("TransID"));
    }
    payment.amount = values::amount("TransAmount", json.get("TransAmount"))?;
    if payment.amount.is_none() {
        return Err(missing("TransAmount"));
    }
    values::implied_currency(&mut payment, "KES");
    values::time(&mut payment, json.get("TransTime"), values::daraja_time);
    payment.phone = json.get("MSISDN").text().and_then(Phone::read);
    payment.party_name = joined(json, &["FirstName", "MiddleName", "LastName"]);
    payment.reference = json.get("BillRefNumber").text().map(Into::into);
    payment.wallet = owned(json.get("BusinessShortCode"));
    // What our validation reply gave back.
    payment.own_id = owned(json.get("ThirdPartyTransID"));
    Ok(payment)
}

/// The parts of a name that are there, joined by one space.
fn joined(json: &Json<'_>, keys: &[&str]) -> Option<String> {
    let parts: Vec<&str> = keys.iter().filter_map(|key| json.get(key).word()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Asks whether the payment would be accepted.
pub(in super::super) fn validation(json: &Json<'_>) -> Result<Message, ParseError> {
    let payment = c2b(json, Channel::MpesaC2bValidation, Status::Pending)?;
    Ok(Message::Validation(payment))
}

/// The money has moved.
pub(in super::super) fn confirmation(json: &Json<'_>) -> Result<Message, ParseError> {
    let payment = c2b(json, Channel::MpesaC2bConfirmation, Status::Success)?;
    Ok(Message::Payment(payment))
}
