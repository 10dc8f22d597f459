//! Why money stays in suspense, in words.

use mobile_money::{
    Payment,
    matching::{AccountStanding, SuspenseReason},
};

/// The reason as a person at the desk reads it.
#[must_use]
pub fn of_suspense(reason: &SuspenseReason, payment: &Payment) -> String {
    let typed = payment.reference.as_deref().unwrap_or("");
    match reason {
        SuspenseReason::NoCandidate if typed.is_empty() => {
            "no reference, and the payer's phone is not known".to_owned()
        }
        SuspenseReason::NoCandidate => {
            format!("no account has the reference {typed:?}, and the payer's phone is not known")
        }
        SuspenseReason::SeveralCandidates => "more than one account may be meant".to_owned(),
        SuspenseReason::CurrencyMismatch { paid, account } => {
            format!("paid in {paid}, the account is kept in {account}")
        }
        SuspenseReason::AccountNotActive { standing } => match standing {
            AccountStanding::Closed => "the loan is repaid already".to_owned(),
            AccountStanding::Repossessed => "the collateral was taken back".to_owned(),
            AccountStanding::WrittenOff => "the loan is written off".to_owned(),
            _ => "the account may not be paid".to_owned(),
        },
        SuspenseReason::OtherWallet => "the account is paid through another wallet".to_owned(),
        SuspenseReason::EvidenceTooWeak => {
            format!("reference {typed:?} is not certain enough to apply without a person")
        }
        SuspenseReason::Unreadable => "the message cannot be read".to_owned(),
        SuspenseReason::HeldByIntake => "the provider's messages contradict each other".to_owned(),
        _ => "a person has to decide".to_owned(),
    }
}
