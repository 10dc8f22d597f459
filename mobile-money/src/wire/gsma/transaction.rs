//! A transaction object.

use alloc::string::String;

use super::super::{ParseError, json::Json, owned, values};
use crate::payment::{Amount, Channel, Oddity, Payment, PaymentKind, Phone, Status};

/// A transaction object, or a row of a statement, which has the same fields.
pub(super) fn transaction(json: &Json<'_>) -> Result<Payment, ParseError> {
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
    Ok(payment)
}

/// Transaction and bill payment states are free text.
pub(super) fn status(word: &str) -> Status {
    match word.to_ascii_lowercase().as_str() {
        "completed" | "success" | "successful" => Status::Success,
        "pending" | "inprogress" | "accepted" | "created" | "submitted" => Status::Pending,
        "failed" | "rejected" | "declined" | "cancelled" | "expired" => Status::Failed,
        "reversed" => Status::Reversed,
        _ => Status::Unknown(word.into()),
    }
}

/// The specification's pattern: no leading zero, up to 18 digits and 4 decimals.
pub(super) fn amount(text: &str) -> Result<rust_decimal::Decimal, ParseError> {
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

pub(super) fn party(list: &Json<'_>, key: &str) -> Option<String> {
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
