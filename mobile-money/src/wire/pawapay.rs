//! pawaPay: deposits, payouts and refunds, as callbacks, as answers to status queries and as
//! answers to the request itself. The first and the second version of the interface differ in
//! names only.

use alloc::vec::Vec;

use super::{Message, ParseError, Refusal, json::Json, owned, values};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

/// One payment, a list of one (a status query of the first version), or one under `data` (of the
/// second).
pub(super) fn message(json: &Json<'_>) -> Result<Message, ParseError> {
    if let Json::List(rows) = json {
        let rows: Result<Vec<_>, _> = rows.iter().map(payment).collect();
        let mut rows = rows?;
        return Ok(match (rows.pop(), rows.is_empty()) {
            (Some(only), true) => Message::Payment(only),
            (last, _) => {
                rows.extend(last);
                Message::Payments(rows)
            }
        });
    }
    let told = json.get("data");
    if !told.is_null() {
        return payment(told).map(Message::Payment);
    }
    let nameless = ID_KEYS.iter().all(|(key, _)| json.get(key).is_null());
    match json.get("status").word() {
        Some(word @ "NOT_FOUND") => Ok(refusal(word, ReasonKind::NotFound)),
        Some(word @ "REJECTED") if nameless => {
            let mut refused = refusal(word, ReasonKind::Refused);
            if let (Some(reason), Message::Refusal(told)) = (reason(json), &mut refused) {
                told.reason = reason;
            }
            Ok(refused)
        }
        _ => payment(json).map(Message::Payment),
    }
}

fn refusal(code: &str, kind: ReasonKind) -> Message {
    Message::Refusal(Refusal {
        channel: Channel::Pawapay,
        status: Status::Failed,
        reason: Reason {
            code: code.into(),
            kind,
            text: None,
        },
    })
}

/// The id that we gave it, and what that makes of it. A refund also names its deposit.
const ID_KEYS: [(&str, PaymentKind); 3] = [
    ("refundId", PaymentKind::Reversal),
    ("payoutId", PaymentKind::Disbursement),
    ("depositId", PaymentKind::Collection),
];

fn payment(json: &Json<'_>) -> Result<Payment, ParseError> {
    let missing = |field| ParseError::Missing {
        field,
        message: "pawaPay",
    };
    let named = ID_KEYS
        .iter()
        .find_map(|(key, kind)| Some((owned(json.get(key))?, *kind)));
    let (id, kind) = named.ok_or_else(|| missing("depositId, payoutId or refundId"))?;
    let word = json.get("status").word();
    let status = status(word.ok_or_else(|| missing("status"))?);
    let mut payment = Payment::new(Channel::Pawapay, kind, status);
    payment.own_id = Some(id);
    payment.provider_id = owned(json.get("providerTransactionId"));
    if kind == PaymentKind::Reversal {
        payment.reverses = owned(json.get("depositId"));
    }
    // What was asked for is only a stand-in for what moved.
    for key in ["amount", "depositedAmount", "requestedAmount"] {
        if payment.amount.is_none() {
            payment.amount = values::amount("amount", json.get(key))?;
        }
    }
    values::currency(&mut payment, json.get("currency"));
    let party = match json.get("payer") {
        Json::Null => json.get("recipient"),
        payer => payer,
    };
    let number = party.at(&["accountDetails", "phoneNumber"]).text();
    let number = number.or_else(|| party.at(&["address", "value"]).text());
    payment.phone = number.and_then(Phone::read);
    payment.reference = ["clientReferenceId", "statementDescription"]
        .iter()
        .find_map(|key| json.get(key).text())
        .map(Into::into);
    for key in ["respondedByPayer", "customerTimestamp", "created"] {
        if payment.provider_time.is_none() {
            values::time(&mut payment, json.get(key), values::rfc3339);
        }
    }
    payment.reason = reason(json);
    if word == Some("DUPLICATE_IGNORED") {
        payment.reason.get_or_insert_with(|| Reason {
            code: "DUPLICATE_IGNORED".into(),
            kind: ReasonKind::Duplicate,
            text: None,
        });
    }
    Ok(payment)
}

fn status(word: &str) -> Status {
    match word {
        "COMPLETED" => Status::Success,
        "FAILED" | "REJECTED" => Status::Failed,
        "ACCEPTED" | "ENQUEUED" | "SUBMITTED" | "PROCESSING" => Status::Pending,
        // The id was used before: that request is under way or done.
        "DUPLICATE_IGNORED" | "IN_RECONCILIATION" => Status::Ambiguous,
        other => Status::Unknown(other.into()),
    }
}

fn reason(json: &Json<'_>) -> Option<Reason> {
    use ReasonKind as K;
    let failure = json.get("failureReason");
    let rejection = json.get("rejectionReason");
    let code = failure.get("failureCode").word();
    let code = code.or_else(|| rejection.get("rejectionCode").word())?;
    let kind = match code {
        "PAYER_NOT_FOUND"
        | "RECIPIENT_NOT_FOUND"
        | "INVALID_PAYER_FORMAT"
        | "INVALID_RECIPIENT_FORMAT" => K::PartyNotFound,
        "PAYMENT_NOT_APPROVED" => K::Refused,
        "PAYER_LIMIT_REACHED" | "WALLET_LIMIT_REACHED" => K::LimitReached,
        "INSUFFICIENT_BALANCE" | "BALANCE_INSUFFICIENT" | "PAWAPAY_WALLET_OUT_OF_FUNDS" => {
            K::InsufficientFunds
        }
        "TRANSACTION_ALREADY_IN_PROCESS" => K::SubscriberBusy,
        "RECIPIENT_NOT_ALLOWED_TO_RECEIVE" => K::NotAllowed,
        "MANUALLY_CANCELLED" => K::CancelledByUser,
        "AMOUNT_TOO_SMALL" | "AMOUNT_TOO_LARGE" | "AMOUNT_OUT_OF_BOUNDS" | "INVALID_AMOUNT" => {
            K::AmountNotAllowed
        }
        "PROVIDER_TEMPORARILY_UNAVAILABLE" | "CORRESPONDENT_TEMPORARILY_UNAVAILABLE" => {
            K::ProviderFault
        }
        _ if code.starts_with("INVALID_") || code.starts_with("PARAMETER_") => K::BadRequest,
        _ => K::Unknown,
    };
    let text = failure.get("failureMessage");
    Some(Reason {
        code: code.into(),
        kind,
        text: owned(text).or_else(|| owned(rejection.get("rejectionMessage"))),
    })
}
