//! Reading providers' messages.
//!
//! [`parse`] reads the bytes of one message of a known [`Channel`]; [`detect`] recognises the
//! channel from the content. Reading is tolerant where providers vary (numbers for strings, absent
//! fields, new codes) and strict where money is concerned (amounts are plain exact decimals, no
//! key twice). Cost: one pass over the text for each of at most 16 levels of nesting, no float.
//!
//! ```
//! use mobile_money::{Channel, Message, Status, parse};
//! use mobile_money::wire::detect;
//! let body = br#"{"transaction":{"id":"EO00041877","message":"Paid UGX 12,000",
//!   "status_code":"TS","airtel_money_id":"MP240611.0915.K00731"}}"#;
//! assert_eq!(detect(body)?, Channel::AirtelCollectionCallback);
//! let Message::Payment(payment) = parse(Channel::AirtelCollectionCallback, body)? else { unreachable!() };
//! assert_eq!(payment.own_id.as_deref(), Some("EO00041877"));
//! assert_eq!(payment.amount, None, "the free text is no source of amounts");
//! # Ok::<(), mobile_money::ParseError>(())
//! ```

mod airtel;
mod error;
mod json;
mod mpesa;
mod values;

use alloc::vec::Vec;

pub use error::ParseError;
use json::Json;
use sha2::{Digest, Sha256};

use crate::payment::{Channel, Payment};

/// Messages are a few kilobytes; a pull answer of a busy day stays below this.
const BYTES_MAX: usize = 1 << 20;

/// What a message turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Message {
    /// News of one transaction.
    Payment(Payment),
    /// The rows of a lookup; possibly none.
    Payments(Vec<Payment>),
    /// The provider asks whether a payment would be accepted. No money has moved; answer with a
    /// reply and do not book anything.
    Validation(Payment),
}

impl Message {
    fn payments_mut(&mut self) -> &mut [Payment] {
        match self {
            Self::Payment(payment) | Self::Validation(payment) => core::slice::from_mut(payment),
            Self::Payments(payments) => payments,
        }
    }
}

/// Reads one message.
///
/// # Errors
/// [`ParseError`] when the bytes cannot be read as this message. Nothing is half read.
pub fn parse(channel: Channel, bytes: &[u8]) -> Result<Message, ParseError> {
    let text = text_of(bytes)?;
    let mut message = read(channel, text)?;
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    for payment in message.payments_mut() {
        payment.raw_sha256 = hash;
    }
    Ok(message)
}

fn read(channel: Channel, text: &str) -> Result<Message, ParseError> {
    let json = Json::read(text)?;
    match channel {
        Channel::AirtelCollectionCallback => airtel::callback(&json),
        Channel::AirtelPaybillValidation => airtel::paybill_validation(&json),
        Channel::AirtelPaybillConfirmation => airtel::paybill_confirmation(&json),
        Channel::MpesaC2bValidation => mpesa::c2b_validation(&json),
        Channel::MpesaC2bConfirmation => mpesa::c2b_confirmation(&json),
        _ => Err(ParseError::Unrecognised),
    }
}

/// Recognises the channel from the content. Where two messages have the same form, the one that
/// means money is chosen, so that a receipt is never taken for a question: name the channel when
/// the address it was posted to is known.
///
/// # Errors
/// [`ParseError::Unrecognised`] when nothing fits, or the error of the reader.
pub fn detect(bytes: &[u8]) -> Result<Channel, ParseError> {
    let text = text_of(bytes)?;
    let json = Json::read(text)?;
    let has = |key: &str| !json.get(key).is_null();
    if has("TransID") {
        // The balance is blank before the money has moved; a message without it is ambiguous.
        let blank = json.get("OrgAccountBalance").text() == Some("");
        return Ok(if blank {
            Channel::MpesaC2bValidation
        } else {
            Channel::MpesaC2bConfirmation
        });
    }
    if has("transactionId") && has("accountNumber") {
        return Ok(if has("amount") {
            Channel::AirtelPaybillConfirmation
        } else {
            Channel::AirtelPaybillValidation
        });
    }
    if !json.at(&["transaction", "status_code"]).is_null() {
        return Ok(Channel::AirtelCollectionCallback);
    }
    Err(ParseError::Unrecognised)
}

fn text_of(bytes: &[u8]) -> Result<&str, ParseError> {
    if bytes.len() > BYTES_MAX {
        return Err(ParseError::TooLarge {
            given: bytes.len(),
            allowed: BYTES_MAX,
        });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    core::str::from_utf8(bytes).map_err(|error| ParseError::NotUtf8 {
        at: error.valid_up_to(),
    })
}

/// An id or code as an owned value, `None` when blank.
fn owned(value: &Json<'_>) -> Option<alloc::string::String> {
    value.word().map(Into::into)
}
