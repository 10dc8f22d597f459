//! Results of B2C, B2B, reversal, status and balance commands.

use alloc::{string::String, vec::Vec};

use super::{
    super::{AccountBalance, Message, ParseError, Refusal, json::Json, owned, values},
    codes,
    stk::{acknowledgement, reason},
};
use crate::payment::{Channel, Payment, PaymentKind, Phone, ReasonKind, Status};

/// The parameters of a result; a single one may stand without a list.
struct Parameters<'a, 'j>(&'a [Json<'j>]);

impl<'a, 'j> Parameters<'a, 'j> {
    fn get(&self, key: &str) -> Option<&'a Json<'j>> {
        let found = self.0.iter().find(|p| p.get("Key").word() == Some(key));
        found
            .map(|parameter| parameter.get("Value"))
            .filter(|v| !v.is_null())
    }

    fn id(&self, key: &str) -> Option<String> {
        self.get(key).and_then(owned)
    }
}

/// A result. The parameters decide which command it answers; where they are absent, the channel.
pub(in super::super) fn result(json: &Json<'_>, channel: Channel) -> Result<Message, ParseError> {
    let told = json.get("Result");
    if told.is_null() {
        return acknowledgement(json, channel);
    }
    let code = told.get("ResultCode").word().ok_or(ParseError::Missing {
        field: "ResultCode",
        message: "M-Pesa result",
    })?;
    let parameters = told.at(&["ResultParameters", "ResultParameter"]).items();
    let parameters = Parameters(parameters);
    let has = |key| parameters.get(key).is_some();
    if has("AccountBalance") || channel == Channel::MpesaBalanceResult {
        return balance(told, code, &parameters);
    }
    if has("OriginalTransactionID") || channel == Channel::MpesaReversalResult {
        return reversal(told, code, &parameters);
    }
    if has("ReceiptNo") || has("TransactionStatus") || channel == Channel::MpesaStatusResult {
        return status_query(told, code, &parameters);
    }
    payout(told, code, &parameters)
}

fn start(
    told: &Json<'_>,
    code: &str,
    channel: Channel,
    kind: PaymentKind,
) -> Result<Payment, ParseError> {
    let mut payment = Payment::new(channel, kind, Status::Ambiguous);
    codes::apply(&mut payment, code);
    payment.own_id = owned(told.get("OriginatorConversationID"));
    payment.provider_id = owned(told.get("TransactionID"));
    if payment.own_id.is_none() && payment.provider_id.is_none() {
        return Err(ParseError::Missing {
            field: "OriginatorConversationID",
            message: "M-Pesa result",
        });
    }
    if code != "0" {
        payment.reason = Some(reason(code, told.get("ResultDesc")));
    }
    Ok(payment)
}

fn payout(
    told: &Json<'_>,
    code: &str,
    parameters: &Parameters<'_, '_>,
) -> Result<Message, ParseError> {
    let kind = PaymentKind::Disbursement;
    let mut payment = start(told, code, Channel::MpesaB2cResult, kind)?;
    if let Some(receipt) = parameters.id("TransactionReceipt") {
        payment.provider_id = Some(receipt);
    }
    for key in ["TransactionAmount", "Amount"] {
        if let Some(value) = parameters.get(key) {
            payment.amount = values::amount("TransactionAmount", value)?;
        }
    }
    for key in ["TransactionCompletedDateTime", "TransCompletedTime"] {
        if let Some(value) = parameters.get(key) {
            values::time(&mut payment, value, values::daraja_result_time);
        }
    }
    if let Some(value) = parameters.get("DebitPartyCharges") {
        values::charge(&mut payment, value.text().unwrap_or(""));
    }
    party(&mut payment, parameters.get("ReceiverPartyPublicName"));
    if let Some(value) = parameters.get("Currency") {
        values::currency(&mut payment, value);
    }
    values::implied_currency(&mut payment, "KES");
    Ok(Message::Payment(payment))
}

/// `"254712000111 - NAME"`.
fn party(payment: &mut Payment, value: Option<&Json<'_>>) {
    let Some(text) = value.and_then(Json::word) else {
        return;
    };
    let (phone, name) = text.split_once(" - ").unwrap_or((text, ""));
    payment.phone = Phone::read(phone);
    let name = if payment.phone.is_some() { name } else { text };
    payment.party_name = Some(name.trim()).filter(|n| !n.is_empty()).map(Into::into);
}

fn reversal(
    told: &Json<'_>,
    code: &str,
    parameters: &Parameters<'_, '_>,
) -> Result<Message, ParseError> {
    let kind = PaymentKind::Reversal;
    let mut payment = start(told, code, Channel::MpesaReversalResult, kind)?;
    payment.reverses = parameters.id("OriginalTransactionID");
    if let Some(value) = parameters.get("Amount") {
        payment.amount = values::amount("Amount", value)?;
    }
    if let Some(value) = parameters.get("TransCompletedTime") {
        values::time(&mut payment, value, values::daraja_result_time);
    }
    party(&mut payment, parameters.get("CreditPartyPublicName"));
    values::implied_currency(&mut payment, "KES");
    Ok(Message::Payment(payment))
}

/// The state of another transaction. A failed *query* says nothing about that transaction.
fn status_query(
    told: &Json<'_>,
    code: &str,
    parameters: &Parameters<'_, '_>,
) -> Result<Message, ParseError> {
    let channel = Channel::MpesaStatusResult;
    if code != "0" {
        let mut reason = reason(code, told.get("ResultDesc"));
        if reason.kind == ReasonKind::Duplicate {
            reason.kind = ReasonKind::Unknown;
        }
        return Ok(Message::Refusal(Refusal {
            channel,
            status: Status::Ambiguous,
            reason,
        }));
    }
    let mut payment = start(told, code, channel, PaymentKind::Disbursement)?;
    let why = parameters
        .get("ReasonType")
        .and_then(Json::word)
        .unwrap_or("");
    let incoming = ["Pay ", "Buy ", "Merchant", "Customer"];
    if incoming.iter().any(|word| why.starts_with(word)) {
        payment.kind = PaymentKind::Collection;
    }
    // The ids beside the parameters are those of the query.
    payment.provider_id = parameters.id("ReceiptNo");
    if let Some(own) = parameters.id("OriginatorConversationID") {
        payment.own_id = Some(own);
    }
    let word = parameters.get("TransactionStatus").and_then(Json::word);
    payment.status = match word.unwrap_or("") {
        "Completed" => Status::Success,
        "Failed" | "Declined" | "Cancelled" | "Expired" | "Rejected" => Status::Failed,
        "Pending" | "Authorized" | "Authorised" | "Initiated" | "Submitted" => Status::Pending,
        "Reversed" => Status::Reversed,
        other => Status::Unknown(other.into()),
    };
    if let Some(value) = parameters.get("Amount") {
        payment.amount = values::amount("Amount", value)?;
    }
    for key in ["FinalisedTime", "InitiatedTime"] {
        if payment.provider_time.is_none()
            && let Some(value) = parameters.get(key)
        {
            values::time(&mut payment, value, values::daraja_result_time);
        }
    }
    if let Some(value) = parameters.get("DebitPartyCharges") {
        values::charge(&mut payment, value.text().unwrap_or(""));
    }
    let other = match payment.kind {
        PaymentKind::Collection => "DebitPartyName",
        _ => "CreditPartyName",
    };
    party(&mut payment, parameters.get(other));
    values::implied_currency(&mut payment, "KES");
    Ok(Message::Payment(payment))
}

/// Accounts joined by `&`, each `name|currency|current|available|reserved|uncleared`.
fn balance(
    told: &Json<'_>,
    code: &str,
    parameters: &Parameters<'_, '_>,
) -> Result<Message, ParseError> {
    let Some(text) = parameters.get("AccountBalance").and_then(Json::word) else {
        return Ok(Message::Refusal(Refusal {
            channel: Channel::MpesaBalanceResult,
            status: Status::Ambiguous,
            reason: reason(code, told.get("ResultDesc")),
        }));
    };
    let accounts = text.split('&').filter(|part| !part.trim().is_empty());
    let accounts: Result<Vec<_>, _> = accounts.map(one_balance).collect();
    Ok(Message::Balances(accounts?))
}

/// An account, or the form of business-to-business results:
/// `{Amount={BasicAmount=46713.00, MinimumAmount=4671300, CurrencyCode=KES}}`.
fn one_balance(text: &str) -> Result<AccountBalance, ParseError> {
    let refused = || ParseError::Amount {
        field: "AccountBalance",
        given: text.into(),
        allowed: "name|currency|current|available|reserved|uncleared with exact decimals",
    };
    if text.contains("BasicAmount") {
        return braced_balance(text).ok_or_else(refused);
    }
    let mut parts = text.split('|').map(str::trim);
    let (name, currency) = parts.next().zip(parts.next()).ok_or_else(refused)?;
    let currency = ledger::Currency::from_code(currency).map_err(|_| refused())?;
    let mut figure = || {
        parts
            .next()
            .and_then(values::signed_decimal)
            .ok_or_else(refused)
    };
    let (current, available) = (figure()?, figure()?);
    Ok(AccountBalance {
        name: name.into(),
        currency,
        current: Some(current),
        available,
        reserved: Some(figure()?),
        uncleared: Some(figure()?),
    })
}

/// The basic amount is in units; the minimum amount says the same in minor units.
fn braced_balance(text: &str) -> Option<AccountBalance> {
    let field = |name: &str| {
        let (_, rest) = text.split_once(name)?;
        let rest = rest.trim_start().strip_prefix('=')?;
        let end = rest.find([',', '}']).unwrap_or(rest.len());
        rest.get(..end).map(str::trim)
    };
    Some(AccountBalance {
        name: String::new(),
        currency: ledger::Currency::from_code(field("CurrencyCode")?).ok()?,
        current: None,
        available: values::signed_decimal(field("BasicAmount")?)?,
        reserved: None,
        uncleared: None,
    })
}

/// Whatever is posted to the time-out address: the state of the command is not known.
pub(in super::super) fn queue_timeout(json: &Json<'_>) -> Result<Message, ParseError> {
    let told = match json.get("Result") {
        Json::Null => json,
        told => told,
    };
    let code = told.get("ResultCode").word().unwrap_or("");
    let kind = PaymentKind::Disbursement;
    let mut payment = start(told, code, Channel::MpesaQueueTimeout, kind)?;
    payment.status = Status::Ambiguous;
    payment.provisional = false;
    // The receipt of a command that was never executed names nothing.
    payment.provider_id = None;
    let mut reason = reason(code, told.get("ResultDesc"));
    reason.kind = ReasonKind::ProviderTimeout;
    payment.reason = Some(reason);
    if payment.own_id.is_none() {
        return Err(ParseError::Missing {
            field: "OriginatorConversationID",
            message: "M-Pesa queue time-out",
        });
    }
    Ok(Message::Payment(payment))
}
