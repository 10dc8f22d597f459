//! Airtel Money Africa.

use alloc::vec::Vec;

use super::{AccountBalance, Message, ParseError, Refusal, json::Json, owned, values};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

/// Status words of transactions.
fn status(word: &str) -> Status {
    match word {
        "TS" => Status::Success,
        "TF" | "TE" => Status::Failed,
        "TA" => Status::Ambiguous,
        // "SUCCESS" stands in replies to a push: accepted, not paid.
        "TIP" | "TI" | "SUCCESS" => Status::Pending,
        "TR" => Status::Reversed,
        other => Status::Unknown(other.into()),
    }
}

fn kind_of_status(word: &str) -> ReasonKind {
    match word {
        "TE" => ReasonKind::Expired,
        "TIP" | "TI" => ReasonKind::InProgress,
        "TR" => ReasonKind::Refunded,
        "TF" => ReasonKind::Refused,
        "TS" => ReasonKind::Success,
        _ => ReasonKind::Unknown,
    }
}

/// What a response code says about the transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Success,
    Failed,
    Open,
    Unknown,
}

/// Meaning of response codes. Codes whose outcome the provider itself does not vouch for are
/// `Open`, whatever the status word beside them says; so is a duplicate, because it proves that an
/// earlier attempt arrived.
fn code(code: &str) -> (Class, ReasonKind) {
    use Class::{Failed, Open, Success, Unknown};
    use ReasonKind as K;
    let two = |prefix| code.strip_prefix(prefix);
    if let Some(last) = two("DP008000010") {
        return match last {
            "01" => (Success, K::Success),
            "00" => (Open, K::ProviderFault),
            "06" => (Open, K::InProgress),
            "24" => (Open, K::ProviderTimeout),
            "02" | "05" => (Failed, K::WrongCredentials),
            "03" => (Failed, K::LimitReached),
            "04" => (Failed, K::AmountNotAllowed),
            "07" => (Failed, K::InsufficientFunds),
            "08" | "09" => (Failed, K::Refused),
            "10" => (Failed, K::NotAllowed),
            "25" => (Failed, K::NotFound),
            "26" => (Failed, K::BadRequest),
            "29" => (Failed, K::Expired),
            _ => (Unknown, K::Unknown),
        };
    }
    if let Some(last) = two("DP009000010") {
        return match last {
            "01" => (Success, K::Success),
            "00" => (Open, K::ProviderFault),
            "06" => (Open, K::InProgress),
            "11" | "17" => (Open, K::Duplicate),
            "14" => (Open, K::ProviderTimeout),
            "03" => (Failed, K::LimitReached),
            "04" => (Failed, K::AmountNotAllowed),
            "05" | "13" => (Failed, K::Refused),
            "07" => (Failed, K::InsufficientFunds),
            "09" | "12" => (Failed, K::PartyNotFound),
            "10" => (Failed, K::NotAllowed),
            "15" => (Failed, K::NotFound),
            "16" => (Failed, K::BadRequest),
            _ => (Unknown, K::Unknown),
        };
    }
    match code {
        "DP03520001001" => (Success, K::Refunded),
        "ESB000010" => (Success, K::Success),
        "ESB000001" | "ESB000004" | "ESB000008" | "ESB000014" => (Open, K::ProviderFault),
        "ESB000041" => (Open, K::Duplicate),
        "ESB000045" => (Failed, K::NotFound),
        "ESB000011" => (Failed, K::Refused),
        "ESB000033" | "ESB000036" => (Failed, K::PartyNotFound),
        "ESB000034" | "ESB000035" | "ESB000039" => (Failed, K::BadRequest),
        "ROUTER117" => (Open, K::ProviderTimeout),
        "ROUTER001" | "ROUTER003" | "ROUTER005" | "ROUTER006" | "ROUTER007" | "ROUTER112"
        | "ROUTER114" | "ROUTER115" | "ROUTER116" | "ROUTER119" => (Failed, K::BadRequest),
        _ => (Unknown, K::Unknown),
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
        kind: kind_of_status(word),
        text: Some(text.into()),
    });
    Ok(Message::Payment(payment))
}

/// Replies to a push, a disbursement or a refund, and answers to enquiries: one form for all.
pub(super) fn response(json: &Json<'_>, channel: Channel) -> Result<Message, ParseError> {
    if json.get("status").is_null() && json.get("data").is_null() {
        return Err(ParseError::Missing {
            field: "status",
            message: "Airtel response",
        });
    }
    let block = json.get("status");
    let response_code = block.get("response_code").word();
    let code_text = response_code.or_else(|| block.get("result_code").word());
    let code_text = code_text.or_else(|| block.get("code").word()).unwrap_or("");
    let (class, reason_kind) = code(code_text);
    let reason = Reason {
        code: code_text.into(),
        kind: reason_kind,
        text: owned(block.get("message")),
    };
    if let Some(other) = no_transaction(json.get("data"))? {
        return Ok(other);
    }
    let told = json.at(&["data", "transaction"]);
    let Some(word) = told.get("status").word() else {
        // An answer about no transaction: whether the request was refused or lost is in the code.
        let status = match class {
            Class::Failed => Status::Failed,
            Class::Success | Class::Unknown => Status::Unknown(code_text.into()),
            Class::Open => Status::Ambiguous,
        };
        return Ok(Message::Refusal(Refusal {
            channel,
            status,
            reason,
        }));
    };
    let outgoing = channel == Channel::AirtelDisbursement;
    let kind = if outgoing {
        PaymentKind::Disbursement
    } else {
        PaymentKind::Collection
    };
    let mut payment = Payment::new(channel, kind, combined(word, class, channel));
    payment.own_id = owned(told.get("id"));
    let money_id = owned(told.get("airtel_money_id"));
    payment.provider_id = if outgoing {
        owned(told.get("reference_id")).or(money_id)
    } else {
        money_id
    };
    // A failure beside a code that nobody knows is not relied on.
    let unheard_of = class == Class::Unknown && response_code.is_some();
    payment.provisional = payment.status == Status::Failed && unheard_of;
    payment.reason = Some(reason);
    Ok(Message::Payment(payment))
}

/// Answers about ourselves or a customer: our balance, or who a phone belongs to.
fn no_transaction(data: &Json<'_>) -> Result<Option<Message>, ParseError> {
    if !data.get("transaction").is_null() {
        return Ok(None);
    }
    if let Some(text) = data.get("balance").word() {
        let refused = || ParseError::Amount {
            field: "data.balance",
            given: text.into(),
            allowed: "an exact decimal beside an ISO 4217 currency",
        };
        let currency = data.get("currency").word();
        let currency = currency.and_then(|code| ledger::Currency::from_code(code).ok());
        return Ok(Some(Message::Balances(Vec::from([AccountBalance {
            name: data.get("account_status").word().unwrap_or("").into(),
            currency: currency.ok_or_else(refused)?,
            current: None,
            available: values::signed_decimal(text).ok_or_else(refused)?,
            reserved: None,
            uncleared: None,
        }]))));
    }
    Ok((!data.get("msisdn").is_null()).then(|| Message::Other {
        what: "user enquiry".into(),
    }))
}

/// The status word, corrected by a response code that contradicts it.
fn combined(word: &str, class: Class, channel: Channel) -> Status {
    if channel == Channel::AirtelRefund && class == Class::Success {
        // The documented reply says success=false beside a success code: the code decides, and
        // the transaction named is the one that was refunded.
        return Status::Reversed;
    }
    match (status(word), class) {
        (Status::Failed, Class::Open) => Status::Ambiguous,
        (Status::Success, Class::Open | Class::Failed) => Status::Ambiguous,
        (status, _) => status,
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
