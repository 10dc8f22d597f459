//! One [`Payment`]: what one provider message says about one transaction.
//!
//! Every provider leaves something out. An Airtel collection callback carries no amount, an M-Pesa
//! STK callback no reference, an MTN callback no time. So everything but the identity is optional,
//! and what is absent stays absent: the [intake](crate::intake) fills it from another channel.
//!
//! ```
//! use mobile_money::{Channel, Message, Phone, Status, parse};
//! let body = br#"{"TransactionType":"Pay Bill","TransID":"SFB41KX7PQ","TransTime":"20240611091533",
//!   "TransAmount":"1500.00","BusinessShortCode":"600999","BillRefNumber":"EO41877","MSISDN":"2547*****111"}"#;
//! let Message::Payment(payment) = parse(Channel::MpesaC2bConfirmation, body)? else { unreachable!() };
//! assert_eq!(payment.status, Status::Success);
//! assert_eq!(payment.money().map(|m| m.to_string()).as_deref(), Some("1500.00 KES"));
//! assert!(payment.currency_implied, "M-Pesa does not name the currency");
//! assert!(matches!(payment.phone, Some(Phone::Masked(_))));
//! # Ok::<(), mobile_money::ParseError>(())
//! ```

mod channel;
mod phone;
mod reason;

use alloc::{string::String, vec::Vec};

pub use channel::{Channel, Provider};
use chrono::{DateTime, Utc};
use ledger::{Currency, Money};
pub use phone::{DialPlan, Phone};
pub use reason::{Reason, ReasonKind};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What kind of transaction a payment is, seen from the merchant's wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum PaymentKind {
    /// Money from a customer into the wallet.
    Collection,
    /// Money from the wallet to a customer.
    Disbursement,
    /// An earlier transaction taken back; [`Payment::reverses`] names it.
    Reversal,
}

/// What the provider says has become of the transaction.
///
/// The set is closed on purpose while the providers' codes are open: a code nobody has seen before
/// is [`Status::Unknown`] with its text, never a failure, because a failure invites a second
/// payment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// A status text or code outside the provider's documented set.
    Unknown(String),
    /// Accepted or in progress; nothing moved yet as far as the provider knows.
    Pending,
    /// The provider itself does not know, or its answer proves that an earlier attempt reached it
    /// (time-out, duplicate id). Ask again; never treat as failed.
    Ambiguous,
    /// No money moved. See [`Payment::provisional`].
    Failed,
    /// Money moved.
    Success,
    /// Money moved and was taken back.
    Reversed,
}

impl Status {
    /// Whether money moved at some point.
    #[must_use]
    pub const fn moved_money(&self) -> bool {
        matches!(self, Self::Success | Self::Reversed)
    }

    /// A lower-case word for reports: `"success"`, `"ambiguous"`, ...
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown",
            Self::Pending => "pending",
            Self::Ambiguous => "ambiguous",
            Self::Failed => "failed",
            Self::Success => "success",
            Self::Reversed => "reversed",
        }
    }
}

/// An amount as said, with or without a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The amount.
    #[serde(with = "ledger::money::exact")]
    pub amount: Decimal,
    /// Its currency, when said.
    pub currency: Option<Currency>,
}

/// Something in the message that could not be used but does not make the payment unreadable.
/// The text is kept so that a cashier sees what was there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Oddity {
    /// The time does not have the provider's form.
    Time(String),
    /// A fee could not be read.
    Fee(String),
    /// The message names a currency that ISO 4217 does not; the payment carries none.
    Currency(String),
}

/// What one message says about one transaction.
///
/// The order of payments is total and arbitrary; it only serves to make results independent of the
/// order of arrival.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// When it happened by the provider's clock. Not to be used to tell duplicates apart.
    pub provider_time: Option<DateTime<Utc>>,
    /// Who speaks.
    pub provider: Provider,
    /// Through which message.
    pub channel: Channel,
    /// Collection, disbursement or reversal.
    pub kind: PaymentKind,
    /// What has become of it.
    pub status: Status,
    /// The status is the provider's present word but is known to change: enquire before acting on
    /// a failure.
    pub provisional: bool,
    /// Why, when the provider says why.
    pub reason: Option<Reason>,
    /// The provider's unique id of the transaction (receipt number).
    pub provider_id: Option<String>,
    /// The id that we gave the transaction or that was returned to us when we opened it.
    pub own_id: Option<String>,
    /// For a reversal: the provider id of the transaction taken back.
    pub reverses: Option<String>,
    /// The wallet, short code or till of ours that the money went to or came from.
    pub wallet: Option<String>,
    /// The amount that moved, exactly as stated; never a float, never taken from free text.
    #[serde(with = "ledger::money::exact::option")]
    pub amount: Option<Decimal>,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// The currency is not in the message but follows from the provider.
    pub currency_implied: bool,
    /// Fees that the provider names.
    pub fees: Vec<Amount>,
    /// The other party's phone.
    pub phone: Option<Phone>,
    /// The other party's name.
    pub party_name: Option<String>,
    /// The reference exactly as typed by the payer, spaces and case included. `Some("")` when the
    /// message has the field and it is empty.
    pub reference: Option<String>,
    /// What could not be used.
    pub oddities: Vec<Oddity>,
    /// SHA-256 of the raw message. The host keeps the bytes under this key.
    pub raw_sha256: [u8; 32],
}

impl Payment {
    /// An otherwise empty payment with an identity; the readers fill in the rest.
    #[must_use]
    pub fn new(channel: Channel, kind: PaymentKind, status: Status) -> Self {
        Self {
            provider_time: None,
            provider: channel.provider(),
            channel,
            kind,
            status,
            provisional: false,
            reason: None,
            provider_id: None,
            own_id: None,
            reverses: None,
            wallet: None,
            amount: None,
            currency: None,
            currency_implied: false,
            fees: Vec::new(),
            phone: None,
            party_name: None,
            reference: None,
            oddities: Vec::new(),
            raw_sha256: [0; 32],
        }
    }

    /// The payment with our own id, for messages that name no transaction because the address they
    /// were posted to or the call they answer does. An id in the message stays.
    #[must_use]
    pub fn with_own_id(mut self, own_id: &str) -> Self {
        self.own_id.get_or_insert_with(|| own_id.into());
        self
    }

    /// Amount and currency together, when both are known.
    #[must_use]
    pub fn money(&self) -> Option<Money> {
        Some(Money::new(self.amount?, self.currency?))
    }

    /// Whether the provider has to be asked before this may be treated as settled.
    #[must_use]
    pub fn needs_enquiry(&self) -> bool {
        self.provisional
            || matches!(
                self.status,
                Status::Ambiguous | Status::Pending | Status::Unknown(_)
            )
    }

    /// Whether two messages say the same, bytes and formatting apart.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let mut twin = other.clone();
        twin.raw_sha256 = self.raw_sha256;
        *self == twin
    }
}
