//! Airtel Money Africa.

use super::{Message, ParseError, json::Json, owned, values};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

/// Status words of transactions.
pub(super) fn status(word: &str) -> Status {
    match word {
        "TS" => Status::Success,
        "TF" | "TE" => Status::Failed,
        "TA" => Status::Ambiguous,
        "TIP" | "TI" => Status::Pending,
        "TR" => Status::Reversed,
        other => Status::Unknown(other.into()),
    }
}

/// The push callback: identity and status, nothing about the amount but free text.
pub(super) fn callback(json: &Json<'_>) -> Result<Message, ParseError> {
    let message = "Airtel callback";
    let told = json.get("transaction");
    let missing = |field| ParseError::Missing { field, message };
    let word = told.get("status_code").word();
    let word = word.ok_or_else(|| missing("transaction.status_code"))?;
    let mut payment = Payment::new(
        Channel::AirtelCollectionCallback,
        PaymentKind::Collection,
        status(word),
    );
    payment.own_id = owned(told.get("id"));
    payment.provider_id = owned(told.get("airtel_money_id"));
    if payment.own_id.is_none() && payment.provider_id.is_none() {
        return Err(missing("transaction.id"));
    }
    payment.reason = told.get("message").text().map(|text| Reason {
        code: word.into(),
        kind: ReasonKind::of_airtel_status(word),
        text: Some(text.into()),
    });
    Ok(Message::Payment(payment))
}

impl ReasonKind {
    const fn of_airtel_status(word: &str) -> Self {
        match word.as_bytes() {
            b"TE" => Self::Expired,
            b"TIP" | b"TI" => Self::InProgress,
            b"TR" => Self::Refunded,
            b"TF" => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

fn paybill(json: &Json<'_>, channel: Channel, status: Status) -> Result<Payment, ParseError> {
    let mut payment = Payment::new(channel, PaymentKind::Collection, status);
    payment.provider_id = owned(json.get("transactionId"));
    if payment.provider_id.is_none() {
        return Err(ParseError::Missing {
            field: "transactionId",
            message: "Airtel paybill",
        });
    }
    payment.amount = values::amount("amount", json.get("amount"))?;
    values::currency(&mut payment, json.get("currency"));
    payment.phone = json.get("msisdn").text().and_then(Phone::read);
    payment.reference = json.get("accountNumber").text().map(Into::into);
    payment.wallet = owned(json.get("businessShortCode"));
    Ok(payment)
}

/// Asks whether the account exists.
pub(super) fn paybill_validation(json: &Json<'_>) -> Result<Message, ParseError> {
    let payment = paybill(json, Channel::AirtelPaybillValidation, Status::Pending)?;
    Ok(Message::Validation(payment))
}

/// The money has moved. An amount is part of the message's meaning, so it must be there.
pub(super) fn paybill_confirmation(json: &Json<'_>) -> Result<Message, ParseError> {
    let payment = paybill(json, Channel::AirtelPaybillConfirmation, Status::Success)?;
    if payment.amount.is_none() {
        return Err(ParseError::Missing {
            field: "amount",
            message: "Airtel paybill confirmation",
        });
    }
    Ok(Message::Payment(payment))
}
