//! Recognising a message by its content.

use super::{ParseError, json::Json};
use crate::payment::Channel;

pub(super) fn detect_json(json: &Json<'_>) -> Result<Channel, ParseError> {
    // A list is of the kind of its first element.
    if let Json::List(rows) = json {
        let first = rows.first().ok_or(ParseError::Unrecognised)?;
        return match (first, detect_json(first)) {
            (Json::Object(_), Ok(channel @ (Channel::Gsma | Channel::Pawapay))) => Ok(channel),
            _ => Err(ParseError::Unrecognised),
        };
    }
    let has = |key: &str| !json.get(key).is_null();
    mpesa(json, has)
        .or_else(|| aggregators(json))
        .or_else(|| airtel(json, has))
        .or_else(|| mtn(json, has))
        .or_else(|| others(has))
        .ok_or(ParseError::Unrecognised)
}

fn mpesa(json: &Json<'_>, has: impl Fn(&str) -> bool) -> Option<Channel> {
    if has("TransID") || has("TransAmount") {
        // The balance is blank before the money has moved. A message without it may be either:
        // then it counts as money, so that a receipt is never taken for a question.
        let blank = json.get("OrgAccountBalance").text() == Some("");
        return Some(if blank {
            Channel::MpesaC2bValidation
        } else {
            Channel::MpesaC2bConfirmation
        });
    }
    if has("Body") || has("CheckoutRequestID") {
        return Some(Channel::MpesaStk);
    }
    if has("ResponseRefID") || (has("Response") && has("ResponseCode")) {
        return Some(Channel::MpesaPull);
    }
    let conversation = has("OriginatorConversationID") || has("OriginatorCoversationID");
    if has("Result") || conversation || (has("requestId") && has("errorCode")) {
        return Some(Channel::MpesaB2cResult);
    }
    (has("ResultCode") && has("ResultDesc")).then_some(Channel::MpesaReply)
}

/// Before Airtel, whose answers have `data` and `status` as well.
fn aggregators(json: &Json<'_>) -> Option<Channel> {
    let pawapay = ["depositId", "payoutId", "refundId"];
    let named = |json: &Json<'_>| pawapay.iter().any(|key| !json.get(key).is_null());
    if named(json) || named(json.get("data")) {
        return Some(Channel::Pawapay);
    }
    let result = json.at(&["data", "attributes"]);
    (!result.is_null()).then_some(Channel::KopoKopoResult)
}

fn airtel(json: &Json<'_>, has: impl Fn(&str) -> bool) -> Option<Channel> {
    if has("transactionId") && (has("accountNumber") || has("businessShortCode")) {
        return Some(if has("amount") {
            Channel::AirtelPaybillConfirmation
        } else {
            Channel::AirtelPaybillValidation
        });
    }
    if (has("payee") || has("subscriber")) && has("transaction") {
        return Some(Channel::AirtelRequest);
    }
    if has("transaction") && !has("data") {
        return Some(Channel::AirtelCollectionCallback);
    }
    let code = json.at(&["status", "response_code"]).word();
    let block = code.is_some() || !json.at(&["status", "result_code"]).is_null();
    let whole = has("data") && has("status");
    if !block && !whole {
        return None;
    }
    let code = code.unwrap_or("");
    Some(if code.starts_with("DP009") {
        Channel::AirtelDisbursement
    } else if code.starts_with("DP035") {
        Channel::AirtelRefund
    } else {
        Channel::AirtelCollection
    })
}

fn mtn(json: &Json<'_>, has: impl Fn(&str) -> bool) -> Option<Channel> {
    if has("availableBalance") || matches!(json.get("result"), Json::Bool(_)) {
        return Some(Channel::MtnCollection);
    }
    let news = has("status") || has("reason") || has("financialTransactionId");
    if has("externalId") && !news {
        return Some(Channel::MtnRequest);
    }
    if has("financialTransactionId") || has("externalId") {
        return Some(if has("payee") {
            Channel::MtnDisbursement
        } else {
            Channel::MtnCollection
        });
    }
    let upper = |word: &str| word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let code = json.get("code").word().is_some_and(upper);
    (code && has("message")).then_some(Channel::MtnCollection)
}

fn others(has: impl Fn(&str) -> bool) -> Option<Channel> {
    let gsma = [
        "errorCategory",
        "serverCorrelationId",
        "transactionReference",
        "transactionStatus",
        "requestingOrganisationTransactionReference",
        "batchStatus",
        "batchTransactions",
        "billPaymentStatus",
        "serviceProviderPaymentReference",
        "rejectionReason",
    ];
    if gsma.iter().any(|key| has(key)) {
        return Some(Channel::Gsma);
    }
    if has("MFSTransactionID") || (has("ReferenceID") && has("Status")) {
        return Some(Channel::TigoPush);
    }
    if has("event") && (has("topic") || has("_links")) {
        return Some(Channel::KopoKopo);
    }
    if has("notif_token") || (has("txnid") && has("status")) {
        return Some(Channel::OrangeWebPay);
    }
    if has("wallet_msisdn") || (has("transaction_id") && has("memo")) {
        return Some(Channel::PaygopsAms);
    }
    if has("mfsTransId") || has("thirdPartyTransId") {
        return Some(Channel::Onafriq);
    }
    (has("eventType") || (has("Status") && has("transactionId"))).then_some(Channel::Fincode)
}
