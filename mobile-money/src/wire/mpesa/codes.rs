//! Result codes.

use crate::payment::{Payment, ReasonKind, Status};

/// What a result code means, and whether the provider stands by it. A code that is not final is
/// known to be followed by another outcome: enquire before acting on it.
fn meaning(code: &str) -> (ReasonKind, bool) {
    use ReasonKind as K;
    match code {
        "1" => (K::InsufficientFunds, true),
        "2" | "3" => (K::AmountNotAllowed, true),
        "4" | "5" | "8" => (K::LimitReached, true),
        "6" | "7" => (K::PartyNotFound, true),
        "11" | "12" | "13" | "14" | "20" | "21" => (K::NotAllowed, true),
        "15" => (K::Duplicate, false),
        "17" | "26" | "1025" | "9999" => (K::ProviderFault, false),
        "1001" => (K::SubscriberBusy, true),
        "1019" => (K::Expired, true),
        "1032" => (K::CancelledByUser, true),
        "1037" => (K::TimeoutNoUserResponse, false),
        "2001" => (K::WrongCredentials, true),
        "500.001.1001" => (K::InProgress, false),
        "404.001.03" => (K::WrongCredentials, true),
        "400.002.02" => (K::BadRequest, true),
        _ => (K::Unknown, false),
    }
}

/// The meaning of a code.
pub(super) fn kind(code: &str) -> ReasonKind {
    meaning(code).0
}

/// Status and finality of a payment from its result code.
pub(super) fn apply(payment: &mut Payment, code: &str) {
    let (kind, is_final) = meaning(code);
    payment.status = match (code, kind) {
        ("0", _) => Status::Success,
        (_, ReasonKind::Unknown) => Status::Unknown(code.into()),
        // The same request was seen before: that attempt may have paid.
        (_, ReasonKind::Duplicate) => Status::Ambiguous,
        (_, ReasonKind::InProgress) => Status::Pending,
        _ => Status::Failed,
    };
    payment.provisional = payment.status == Status::Failed && !is_final;
}
