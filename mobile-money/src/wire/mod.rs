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
mod detect;
mod error;
mod gsma;
mod json;
mod kopokopo;
mod mpesa;
mod mtn;
mod others;
mod pawapay;
mod tigo;
pub(crate) mod values;

use alloc::{string::String, vec::Vec};

pub use error::ParseError;
pub(crate) use json::Json;
use ledger::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::payment::{Channel, Payment, Reason, Status};

/// Messages are a few kilobytes; a pull answer of a busy day stays below this.
const BYTES_MAX: usize = 1 << 20;

/// What a message turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Message {
    /// News of one transaction.
    Payment(Payment),
    /// The rows of a lookup; possibly none.
    Payments(Vec<Payment>),
    /// The provider asks whether a payment would be accepted. No money has moved; answer with a
    /// reply and do not book anything.
    Validation(Payment),
    /// A batch of transactions and how far it has come.
    Batch(Batch),
    /// The balances of our own accounts.
    Balances(Vec<AccountBalance>),
    /// An answer that names no transaction: the request was refused, or nothing was found.
    Refusal(Refusal),
    /// A request of our own, read back.
    OwnRequest {
        /// The id that we gave it.
        own_id: Option<String>,
    },
    /// A reply of our own, read back.
    OwnReply {
        /// Whether it accepted.
        accepted: bool,
    },
    /// An event that is not about a payment.
    Other {
        /// The provider's name for it.
        what: String,
    },
}

/// An answer that names no transaction. The host knows what it had asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Which message it is.
    pub channel: Channel,
    /// What that means for the *request*: failed when it was certainly not carried out, ambiguous
    /// when it may have been (a duplicate proves that an earlier one arrived).
    pub status: Status,
    /// The provider's reason.
    pub reason: Reason,
}

/// A batch of transactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The provider's id of the batch.
    pub id: Option<String>,
    /// The id that we gave it.
    pub own_id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// How far it has come.
    pub status: BatchStatus,
    /// How many of its transactions are done, when said.
    pub completed: Option<u32>,
    /// How many were rejected, when said.
    pub rejected: Option<u32>,
    /// Its transactions, when listed; possibly none.
    pub transactions: Vec<Payment>,
}

/// How far a batch has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BatchStatus {
    /// Handed in; nothing moves before it is approved.
    Created,
    /// Approved and being worked on.
    Approved,
    /// Worked off: the lists of completions and rejections say what became of each transaction.
    Completed,
    /// A word outside of the documented set.
    Unknown(String),
}

/// The balance of one account of ours at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountBalance {
    /// The provider's name of the account.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
    /// Current balance, when named beside the available one.
    #[serde(with = "ledger::money::exact::option")]
    pub current: Option<Decimal>,
    /// Available balance.
    #[serde(with = "ledger::money::exact")]
    pub available: Decimal,
    /// Reserved, when named.
    #[serde(with = "ledger::money::exact::option")]
    pub reserved: Option<Decimal>,
    /// Not yet cleared, when named.
    #[serde(with = "ledger::money::exact::option")]
    pub uncleared: Option<Decimal>,
}

impl Message {
    fn payments_mut(&mut self) -> &mut [Payment] {
        match self {
            Self::Payment(payment) | Self::Validation(payment) => core::slice::from_mut(payment),
            Self::Payments(payments) => payments,
            Self::Batch(batch) => &mut batch.transactions,
            _ => &mut [],
        }
    }

    /// What the message says about transactions; nothing for a question, a refusal or a balance.
    #[must_use]
    pub fn payments(&self) -> &[Payment] {
        match self {
            Self::Payment(payment) => core::slice::from_ref(payment),
            Self::Payments(payments) => payments,
            Self::Batch(batch) => &batch.transactions,
            _ => &[],
        }
    }
}

/// Reads one message.
///
/// # Errors
/// [`ParseError`] when the bytes cannot be read as this message. Nothing is half read.
pub fn parse(channel: Channel, bytes: &[u8]) -> Result<Message, ParseError> {
    let text = text_of(bytes)?;
    let mut message = match channel {
        Channel::TigoBillpay => tigo::xml(text)?,
        _ => read_json(channel, &Json::read(text)?)?,
    };
    let hash = raw_sha256(bytes);
    for payment in message.payments_mut() {
        payment.raw_sha256 = hash;
    }
    Ok(message)
}

/// The key under which the host keeps the bytes of a message: their SHA-256.
#[must_use]
pub fn raw_sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn read_json(channel: Channel, json: &Json<'_>) -> Result<Message, ParseError> {
    match channel {
        Channel::AirtelCollectionCallback => airtel::callback(json),
        Channel::AirtelCollection | Channel::AirtelDisbursement | Channel::AirtelRefund => {
            airtel::response(json, channel)
        }
        Channel::AirtelPaybillValidation => airtel::paybill_validation(json),
        Channel::AirtelPaybillConfirmation => airtel::paybill_confirmation(json),
        Channel::MtnCollection | Channel::MtnDisbursement => mtn::transaction(json, channel),
        Channel::AirtelRequest => Ok(Message::OwnRequest {
            own_id: owned(json.at(&["transaction", "id"])),
        }),
        Channel::MtnRequest => Ok(Message::OwnRequest {
            own_id: owned(json.get("externalId")),
        }),
        Channel::MpesaReply => Ok(Message::OwnReply {
            accepted: json.get("ResultCode").word() == Some("0"),
        }),
        Channel::MpesaC2bValidation => mpesa::validation(json),
        Channel::MpesaC2bConfirmation => mpesa::confirmation(json),
        Channel::MpesaStk => mpesa::stk(json),
        Channel::MpesaB2cResult
        | Channel::MpesaReversalResult
        | Channel::MpesaStatusResult
        | Channel::MpesaBalanceResult => mpesa::result(json, channel),
        Channel::MpesaQueueTimeout => mpesa::queue_timeout(json),
        Channel::MpesaPull => mpesa::pull(json),
        Channel::Gsma => gsma::message(json),
        Channel::TigoPush => tigo::push(json),
        Channel::KopoKopo => kopokopo::event(json),
        Channel::KopoKopoResult => kopokopo::result(json),
        Channel::Pawapay => pawapay::message(json),
        Channel::OrangeWebPay => others::orange(json),
        Channel::PaygopsAms => others::paygops(json),
        Channel::Fincode => others::fincode(json),
        Channel::Onafriq => others::onafriq(json),
        // Read as XML before JSON is tried.
        Channel::TigoBillpay => Err(ParseError::Unrecognised),
    }
}

/// Recognises the channel from the content. Where two messages have the same form, the one that
/// means money is chosen, so that a receipt is never taken for a question: name the channel when
/// the address it was posted to is known. A queue time-out cannot be told from a result.
///
/// # Errors
/// [`ParseError::Unrecognised`] when nothing fits, or the error of the reader.
pub fn detect(bytes: &[u8]) -> Result<Channel, ParseError> {
    let text = text_of(bytes)?;
    if text.trim_start().starts_with('<') {
        return Ok(Channel::TigoBillpay);
    }
    detect::detect_json(&Json::read(text)?)
}

pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, ParseError> {
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
fn owned(value: &Json<'_>) -> Option<String> {
    value.word().map(Into::into)
}
