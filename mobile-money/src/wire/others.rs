//! Orange Web Payment, PaygOps, FinCode and Onafriq.

use super::{Message, ParseError, json::Json, owned, values};
use crate::payment::{Amount, Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

fn missing(field: &'static str, message: &'static str) -> ParseError {
    ParseError::Missing { field, message }
}

/// Orange Web Payment notice. Its token is a secret and is not kept: check it with
/// a constant-time comparison.
pub(super) fn orange(json: &Json<'_>) -> Result<Message, ParseError> {
    let word = json.get("status").word();
    let word = word.ok_or_else(|| missing("status", "Orange notice"))?;
    let status = match word {
        "SUCCESS" => Status::Success,
        "FAILED" | "EXPIRED" => Status::Failed,
        "INITIATED" | "PENDING" => Status::Pending,
        other => Status::Unknown(other.into()),
    };
    let kind = PaymentKind::Collection;
    let mut payment = Payment::new(Channel::OrangeWebPay, kind, status);
    payment.provider_id = owned(json.get("txnid"));
    payment.own_id = owned(json.get("order_id"));
    payment.amount = values::amount("amount", json.get("amount"))?;
    if word == "EXPIRED" {
        payment.reason = Some(Reason {
            code: word.into(),
            kind: ReasonKind::Expired,
            text: None,
        });
    }
    Ok(Message::Payment(payment))
}

/// PaygOps: a gateway asks whether an account takes a payment.
pub(super) fn paygops(json: &Json<'_>) -> Result<Message, ParseError> {
    let kind = PaymentKind::Collection;
    let mut payment = Payment::new(Channel::PaygopsAms, kind, Status::Pending);
    payment.provider_id = owned(json.get("transaction_id"));
    if payment.provider_id.is_none() {
        return Err(missing("transaction_id", "PaygOps request"));
    }
    payment.amount = values::amount("amount", json.get("amount"))?;
    values::currency(&mut payment, json.get("currency"));
    payment.phone = json.get("wallet_msisdn").text().and_then(Phone::read);
    payment.party_name = owned(json.get("wallet_name"));
    payment.reference = json.get("memo").text().map(Into::into);
    Ok(Message::Validation(payment))
}

/// FinCode status event. Not signed: a reference encrypted under the receiver's public key can be
/// made by anybody.
pub(super) fn fincode(json: &Json<'_>) -> Result<Message, ParseError> {
    let event = json.get("eventType").word().unwrap_or("TRANSACTION_STATUS");
    if event != "TRANSACTION_STATUS" {
        return Ok(Message::Other { what: event.into() });
    }
    let word = json.get("Status").word();
    let word = word.ok_or_else(|| missing("Status", "FinCode event"))?;
    let status = match word {
        "PAID" | "PAID_OUT" => Status::Success,
        "PENDING_PAYMENT" | "CONFIRMED" | "AWAITING_APPROVAL" | "WAITING_TO_PAY" | "VERIFYING" => {
            Status::Pending
        }
        "FAILED" | "CANCELLED" | "EXPIRED" | "FAILED_TO_DELIVER" => Status::Failed,
        // Money came in and is on its way back.
        "PENDING_REFUND" => Status::Ambiguous,
        "REFUNDED" => Status::Reversed,
        other => Status::Unknown(other.into()),
    };
    let kind = PaymentKind::Disbursement;
    let mut payment = Payment::new(Channel::Fincode, kind, status);
    payment.provider_id = owned(json.get("transactionId"));
    payment.own_id = owned(json.get("Reference"));
    if payment.provider_id.is_none() && payment.own_id.is_none() {
        return Err(missing("transactionId", "FinCode event"));
    }
    payment.amount = values::amount("amountSent", json.get("amountSent"))?;
    values::currency(&mut payment, json.get("sendingCurrencyCode"));
    let total = values::amount("totalAmount", json.get("totalAmount"))?;
    if let (Some(total), Some(sent)) = (total, payment.amount)
        && let Some(fee) = total.checked_sub(sent).filter(|f| !f.is_sign_negative())
        && !fee.is_zero()
    {
        payment.fees.push(Amount {
            amount: fee,
            currency: payment.currency,
        });
    }
    payment.party_name = owned(json.get("beneficiaryFullName"));
    payment.reason = owned(json.get("msgCode")).map(|code| Reason {
        code,
        kind: ReasonKind::Unknown,
        text: owned(json.get("msgNote")),
    });
    Ok(Message::Payment(payment))
}

/// Onafriq transfer callback.
pub(super) fn onafriq(json: &Json<'_>) -> Result<Message, ParseError> {
    let code = json.at(&["status", "code"]).word();
    let code = code.ok_or_else(|| missing("status.code", "Onafriq callback"))?;
    let status = match code {
        "MR101" => Status::Success,
        _ if code.starts_with("ER") => Status::Failed,
        _ => Status::Unknown(code.into()),
    };
    let kind = PaymentKind::Disbursement;
    let mut payment = Payment::new(Channel::Onafriq, kind, status);
    payment.provider_id = owned(json.get("mfsTransId"));
    payment.own_id = owned(json.get("thirdPartyTransId"));
    if payment.provider_id.is_none() && payment.own_id.is_none() {
        return Err(missing("mfsTransId", "Onafriq callback"));
    }
    let received = json.get("receiveAmount");
    payment.amount = values::amount("receiveAmount.amount", received.get("amount"))?;
    values::currency(&mut payment, received.get("currencyCode"));
    if payment.status != Status::Success {
        payment.reason = Some(Reason {
            code: code.into(),
            kind: ReasonKind::Unknown,
            text: owned(json.at(&["status", "message"])),
        });
    }
    Ok(Message::Payment(payment))
}
