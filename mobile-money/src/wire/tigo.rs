//! Tigo Pesa / Mixx by Yas: XML bill payments and the JSON push callback.

use alloc::string::ToString;

use super::{Message, ParseError, json::Json, owned, values};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

/// A flat `COMMAND` document.
struct Command<'a>(roxmltree::Document<'a>);

impl Command<'_> {
    fn text(&self, tag: &str) -> Option<&str> {
        let mut children = self.0.root_element().children();
        let found = children.find(|node| node.tag_name().name() == tag)?;
        Some(found.text().unwrap_or(""))
    }

    fn word(&self, tag: &str) -> Option<&str> {
        self.text(tag)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }
}

/// A bill payment (the money has moved), a name check, or one of our own documents.
pub(super) fn xml(text: &str) -> Result<Message, ParseError> {
    let document = roxmltree::Document::parse(text).map_err(|error| ParseError::Xml {
        given: error.to_string(),
    })?;
    let command = Command(document);
    let missing = |field| ParseError::Missing {
        field,
        message: "Tigo command",
    };
    match command.word("TYPE").ok_or_else(|| missing("TYPE"))? {
        "SYNC_BILLPAY_REQUEST" => billpay(&command).map(Message::Payment),
        "SYNC_LOOKUP_REQUEST" => {
            let mut payment = payment(&command, Status::Pending);
            payment.amount = None;
            Ok(Message::Validation(payment))
        }
        "SYNC_BILLPAY_RESPONSE" | "SYNC_LOOKUP_RESPONSE" => Ok(Message::OwnReply {
            accepted: command.word("RESULT") == Some("TS"),
        }),
        "REQMFICI" if command.word("TXNSTATUS").is_some() => Ok(Message::Payment(sent(&command))),
        "REQMFICI" => Ok(Message::OwnRequest {
            own_id: command.word("REFERENCEID").map(Into::into),
        }),
        _ => Err(ParseError::Unrecognised),
    }
}

fn payment(command: &Command<'_>, status: Status) -> Payment {
    let kind = PaymentKind::Collection;
    let mut payment = Payment::new(Channel::TigoBillpay, kind, status);
    payment.provider_id = command.word("TXNID").map(Into::into);
    payment.phone = command.text("MSISDN").and_then(Phone::read);
    payment.party_name = command.word("SENDERNAME").map(Into::into);
    payment.reference = command.text("CUSTOMERREFERENCEID").map(Into::into);
    payment.wallet = command.word("COMPANYNAME").map(Into::into);
    payment
}

fn billpay(command: &Command<'_>) -> Result<Payment, ParseError> {
    let missing = |field| ParseError::Missing {
        field,
        message: "Tigo bill payment",
    };
    let mut payment = payment(command, Status::Success);
    if payment.provider_id.is_none() {
        return Err(missing("TXNID"));
    }
    let text = command.word("AMOUNT").ok_or_else(|| missing("AMOUNT"))?;
    payment.amount = Some(values::amount_text("AMOUNT", text)?);
    values::implied_currency(&mut payment, "TZS");
    Ok(payment)
}

/// The answer to a disbursement of ours.
fn sent(command: &Command<'_>) -> Payment {
    let code = command.word("TXNSTATUS").unwrap_or("");
    let status = match code {
        "200" => Status::Success,
        other => Status::Unknown(other.into()),
    };
    let kind = PaymentKind::Disbursement;
    let mut payment = Payment::new(Channel::TigoBillpay, kind, status);
    payment.provider_id = command.word("TXNID").map(Into::into);
    payment.own_id = command.word("REFERENCEID").map(Into::into);
    payment.reason = Some(Reason {
        code: code.into(),
        kind: ReasonKind::Unknown,
        text: command.word("MESSAGE").map(Into::into),
    });
    payment
}

/// The push callback.
pub(super) fn push(json: &Json<'_>) -> Result<Message, ParseError> {
    let status = match json.get("Status") {
        Json::Bool(true) => Status::Success,
        Json::Bool(false) => Status::Failed,
        Json::Text(text) if text.eq_ignore_ascii_case("true") => Status::Success,
        Json::Text(text) if text.eq_ignore_ascii_case("false") => Status::Failed,
        other => Status::Unknown(other.text().unwrap_or("").into()),
    };
    let kind = PaymentKind::Collection;
    let mut payment = Payment::new(Channel::TigoPush, kind, status);
    payment.provider_id = owned(json.get("MFSTransactionID"));
    payment.own_id = owned(json.get("ReferenceID"));
    if payment.provider_id.is_none() && payment.own_id.is_none() {
        return Err(ParseError::Missing {
            field: "MFSTransactionID",
            message: "Tigo push callback",
        });
    }
    payment.amount = values::amount("Amount", json.get("Amount"))?;
    values::implied_currency(&mut payment, "TZS");
    Ok(Message::Payment(payment))
}
