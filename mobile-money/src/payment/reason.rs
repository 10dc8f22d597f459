//! Why a transaction has the status it has.

use alloc::{format, string::String};

use serde::{Deserialize, Serialize};

/// What a provider's reason code means. The providers' sets are open: a code that is not in the
/// tables is [`ReasonKind::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ReasonKind {
    /// The payer (or our float) has not enough money.
    InsufficientFunds,
    /// The payer declined.
    CancelledByUser,
    /// The payer did not answer or could not be reached.
    TimeoutNoUserResponse,
    /// The approval window or the request passed.
    Expired,
    /// Amount below the smallest, above the largest or not well formed.
    AmountNotAllowed,
    /// A daily, weekly, monthly or balance limit of a party.
    LimitReached,
    /// Wrong PIN or credentials.
    WrongCredentials,
    /// A party is not known, not registered or cannot be resolved.
    PartyNotFound,
    /// A party may not do this (blocked, suspended, not permitted).
    NotAllowed,
    /// Refused without a better word.
    Refused,
    /// The same id or the same payment was seen before.
    Duplicate,
    /// No such transaction.
    NotFound,
    /// In progress.
    InProgress,
    /// The provider is busy or failing.
    ProviderFault,
    /// The request itself is wrong (signature, currency, target, format).
    BadRequest,
    /// The provider timed out inside.
    ProviderTimeout,
    /// Refunded or reversed.
    Refunded,
    /// Another session holds the subscriber.
    SubscriberBusy,
    /// The code of a success.
    Success,
    /// Not in the provider's documented set.
    Unknown,
}

impl ReasonKind {
    /// A lower-case word: `"insufficient_funds"`, ...
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InsufficientFunds => "insufficient_funds",
            Self::CancelledByUser => "cancelled_by_user",
            Self::TimeoutNoUserResponse => "timeout_no_user_response",
            Self::Expired => "expired",
            Self::AmountNotAllowed => "amount_not_allowed",
            Self::LimitReached => "limit_reached",
            Self::WrongCredentials => "wrong_credentials",
            Self::PartyNotFound => "party_not_found",
            Self::NotAllowed => "not_allowed",
            Self::Refused => "refused",
            Self::Duplicate => "duplicate",
            Self::NotFound => "not_found",
            Self::InProgress => "in_progress",
            Self::ProviderFault => "provider_fault",
            Self::BadRequest => "bad_request",
            Self::ProviderTimeout => "provider_timeout",
            Self::Refunded => "refunded",
            Self::SubscriberBusy => "subscriber_busy",
            Self::Success => "success",
            Self::Unknown => "unknown",
        }
    }
}

/// A provider's reason: its code, what that means, and its free text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The code as the provider writes it.
    pub code: String,
    /// What it means.
    pub kind: ReasonKind,
    /// The provider's text. Evidence for a person; never read by a program.
    pub text: Option<String>,
}

impl Reason {
    /// A short label: a code that is a word is shown as the provider writes it, a number by its
    /// meaning; what is not in the tables is marked `unknown:`.
    #[must_use]
    pub fn label(&self) -> String {
        let word = self.code.bytes().any(|b| b.is_ascii_alphabetic());
        match (self.kind, word) {
            (ReasonKind::Unknown, _) => format!("unknown:{}", self.code),
            (_, true) => self.code.clone(),
            (kind, false) => kind.as_str().into(),
        }
    }
}
