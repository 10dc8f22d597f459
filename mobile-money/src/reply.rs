//! Replies to providers, as values.
//!
//! A validation asks whether a payment may be made; refusing costs nothing. A confirmation tells
//! that it was made: it is always answered with success, also for a duplicate and for a payment
//! that nobody can be found for, because a provider that is told otherwise drops or repeats it.
//!
//! ```
//! use mobile_money::reply::{Decision, Reject, mpesa_validation, mpesa_confirmation};
//! assert_eq!(mpesa_validation(Decision::Reject(Reject::Account)),
//!     r#"{"ResultCode":"C2B00012","ResultDesc":"Rejected"}"#);
//! assert_eq!(mpesa_confirmation(), r#"{"ResultCode":0,"ResultDesc":"Accepted"}"#);
//! ```

use alloc::{format, string::String};

use serde::{Deserialize, Serialize};

/// Why a payment is not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Reject {
    /// The payer's phone.
    Phone,
    /// No such account.
    Account,
    /// The account is locked.
    Locked,
    /// The amount.
    Amount,
    /// Below the least amount taken.
    AmountTooLow,
    /// Above the largest amount taken.
    AmountTooHigh,
    /// Identity checks.
    Kyc,
    /// Not our short code.
    ShortCode,
    /// Anything else.
    Other,
    /// Not able to answer now: ask again.
    TryAgain,
}

/// Whether a payment may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Decision {
    /// It may.
    Accept,
    /// It may not.
    Reject(Reject),
}

/// The body of the answer to an M-Pesa C2B validation.
#[must_use]
pub fn mpesa_validation(decision: Decision) -> String {
    let (code, text) = match decision {
        Decision::Accept => ("0", "Accepted"),
        Decision::Reject(reject) => (mpesa_code(reject), "Rejected"),
    };
    format!(r#"{{"ResultCode":"{code}","ResultDesc":"{text}"}}"#)
}

const fn mpesa_code(reject: Reject) -> &'static str {
    match reject {
        Reject::Phone => "C2B00011",
        Reject::Account | Reject::Locked => "C2B00012",
        Reject::Amount | Reject::AmountTooLow | Reject::AmountTooHigh => "C2B00013",
        Reject::Kyc => "C2B00014",
        Reject::ShortCode => "C2B00015",
        Reject::Other | Reject::TryAgain => "C2B00016",
    }
}

/// The body of the answer to an M-Pesa C2B confirmation. There is no refusal: money has moved.
#[must_use]
pub fn mpesa_confirmation() -> String {
    String::from(r#"{"ResultCode":0,"ResultDesc":"Accepted"}"#)
}

/// The body of the answer to a Tigo bill payment or name check. `error111` asks for a retry.
///
/// ```
/// use mobile_money::reply::{Decision, Reject, tigo_billpay};
/// let reply = tigo_billpay("88120046", "", "255713000111", Decision::Reject(Reject::Account));
/// assert!(reply.contains("<RESULT>TF</RESULT><ERRORCODE>error010</ERRORCODE>"));
/// ```
#[must_use]
pub fn tigo_billpay(
    transaction_id: &str,
    own_reference: &str,
    msisdn: &str,
    decision: Decision,
) -> String {
    let (result, code, flag, text) = match decision {
        Decision::Accept => ("TS", "000", "Y", "Received"),
        Decision::Reject(reject) => ("TF", tigo_code(reject), "N", "Not accepted"),
    };
    format!(
        "<?xml version=\"1.0\"?><COMMAND><TYPE>SYNC_BILLPAY_RESPONSE</TYPE><TXNID>{}</TXNID>\
         <REFID>{}</REFID><RESULT>{result}</RESULT><ERRORCODE>error{code}</ERRORCODE>\
         <MSISDN>{}</MSISDN><FLAG>{flag}</FLAG><CONTENT>{text}</CONTENT></COMMAND>",
        escaped(transaction_id),
        escaped(own_reference),
        escaped(msisdn),
    )
}

const fn tigo_code(reject: Reject) -> &'static str {
    match reject {
        Reject::Account | Reject::ShortCode => "010",
        Reject::Locked => "011",
        Reject::Amount => "012",
        Reject::AmountTooHigh => "014",
        Reject::AmountTooLow => "015",
        Reject::Phone | Reject::Kyc | Reject::Other => "100",
        Reject::TryAgain => "111",
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            other => safe.push(other),
        }
    }
    safe
}
