//! Paying out: one disbursement, attempts with ids, and no second payment by accident.
//!
//! Draft → authorised by another person → submitted → success, failed for good, or unclear. Only a
//! failure for good allows a new attempt, which has a new id; repeating the *same* attempt repeats
//! its id, so the provider recognises it. A time-out is not a failure, and a provider that answers
//! "duplicate id" proves that the attempt reached it: both mean enquire.
//!
//! ```
//! use mobile_money::payout::{Payout, PayoutState};
//! use mobile_money::{PaymentKind, Status};
//! use ledger::{Currency, Money};
//! use rust_decimal::dec;
//! let amount = Money::new(dec!(150000), Currency::from_code("UGX")?);
//! let mut payout = Payout::draft("loan-7-disbursement-1", amount, "256782123457", "maker");
//! payout.authorise("checker")?;
//! let id = payout.submit()?;
//! assert_eq!(payout.submit()?, id, "a queue that tries again repeats the id");
//! payout.hear(1, &Status::Ambiguous, false)?;
//! assert_eq!(payout.state(), PayoutState::Unclear);
//! assert!(payout.retry().is_err(), "it may have been paid");
//! payout.hear(1, &Status::Failed, false)?;
//! payout.retry()?;
//! assert_ne!(payout.submit()?, id, "a new attempt has a new id");
//! # let _ = PaymentKind::Disbursement;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{format, string::String};

use ledger::Money;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::payment::Status;

/// Where a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PayoutState {
    /// Made, not yet authorised.
    Draft,
    /// Authorised by a second person; an attempt may be sent.
    Authorised,
    /// An attempt was sent; no answer yet.
    Submitted,
    /// Time-out, duplicate, pending or unknown answer: enquire.
    Unclear,
    /// The attempt failed for good.
    Failed,
    /// Paid. The loan becomes active at the provider's completion time.
    Paid,
    /// Given up before anything was sent, or after a failure for good.
    Cancelled,
}

impl PayoutState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Authorised => "authorised",
            Self::Submitted => "submitted",
            Self::Unclear => "unclear",
            Self::Failed => "failed",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a step was refused. The payout is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayoutError {
    /// The state does not allow the step.
    #[error("{step} is not allowed while the payout is {state}: allowed {allowed}")]
    State {
        /// The step.
        step: &'static str,
        /// The state.
        state: &'static str,
        /// When it is allowed.
        allowed: &'static str,
    },
    /// Maker and checker are one person.
    #[error("{given:?} made the payout and cannot authorise it: another person is needed")]
    SamePerson {
        /// The person.
        given: String,
    },
    /// An answer about an attempt that was never sent.
    #[error("attempt {given} was never sent: 1 to {allowed} were")]
    NoSuchAttempt {
        /// The attempt.
        given: u32,
        /// The last one sent.
        allowed: u32,
    },
    /// The float does not cover amount and fee.
    #[error("the float has {available} available: {needed} is needed for amount and fee")]
    FloatTooLow {
        /// Available.
        available: Money,
        /// Needed.
        needed: Money,
    },
}

impl PayoutError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::State { .. } => 6601,
            Self::SamePerson { .. } => 6602,
            Self::NoSuchAttempt { .. } => 6603,
            Self::FloatTooLow { .. } => 6604,
        }
    }
}

/// One disbursement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    id: String,
    amount: Money,
    phone: String,
    made_by: String,
    authorised_by: Option<String>,
    attempt: u32,
    state: PayoutState,
    paid_twice: bool,
}

impl Payout {
    /// A draft.
    #[must_use]
    pub fn draft(id: &str, amount: Money, phone: &str, made_by: &str) -> Self {
        Self {
            id: id.into(),
            amount,
            phone: phone.into(),
            made_by: made_by.into(),
            authorised_by: None,
            attempt: 0,
            state: PayoutState::Draft,
            paid_twice: false,
        }
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> PayoutState {
        self.state
    }

    /// The amount.
    #[must_use]
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// The receiver's phone.
    #[must_use]
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// The number of the current attempt, from 1; 0 before the first.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Whether an attempt that had been reported as failed for good was paid after all when another
    /// attempt was already under way or paid: two payments may have gone out, recover one.
    #[must_use]
    pub const fn paid_twice(&self) -> bool {
        self.paid_twice
    }

    /// Authorises a draft.
    ///
    /// # Errors
    /// [`PayoutError::State`], [`PayoutError::SamePerson`].
    pub fn authorise(&mut self, by: &str) -> Result<(), PayoutError> {
        self.need("authorising", &[PayoutState::Draft], "for a draft")?;
        if by == self.made_by {
            return Err(PayoutError::SamePerson { given: by.into() });
        }
        self.authorised_by = Some(by.into());
        self.state = PayoutState::Authorised;
        Ok(())
    }

    /// Whether the float covers it.
    ///
    /// # Errors
    /// [`PayoutError::FloatTooLow`]; also for a float in another currency or too large to compare.
    pub fn check_float(&self, available: &Money, fee: &Money) -> Result<(), PayoutError> {
        let needed = self.amount.checked_add(fee).unwrap_or(self.amount);
        let enough = available
            .checked_cmp(&needed)
            .is_ok_and(core::cmp::Ordering::is_ge)
            && fee.currency() == self.amount.currency();
        if enough {
            Ok(())
        } else {
            Err(PayoutError::FloatTooLow {
                available: *available,
                needed,
            })
        }
    }

    /// Sends the attempt, or sends it again: the id is the same until [`Payout::retry`].
    ///
    /// # Errors
    /// [`PayoutError::State`].
    pub fn submit(&mut self) -> Result<String, PayoutError> {
        let from = [PayoutState::Authorised, PayoutState::Submitted];
        self.need("sending", &from, "once authorised and while unanswered")?;
        if self.state == PayoutState::Authorised {
            self.attempt = self.attempt.saturating_add(1);
            self.state = PayoutState::Submitted;
        }
        Ok(self.attempt_id())
    }

    /// The id of the current attempt: a UUID of version 8 over payout id and attempt, the same on
    /// every machine.
    #[must_use]
    pub fn attempt_id(&self) -> String {
        let text = format!("{}/{}", self.id, self.attempt);
        let hash = Sha256::digest(text.as_bytes());
        let half = |from: usize| {
            let bytes = hash.iter().skip(from).take(8);
            bytes.fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))
        };
        let (first, second) = (half(0), half(8));
        let high = (first & !0xf000) | 0x8000;
        let low = (second & !(0b11 << 62)) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }

    /// Takes in what the provider says about an attempt. `provisional` is
    /// [`Payment::provisional`](crate::Payment): a failure that may still change stays unclear.
    /// News of payment always counts, even for an earlier attempt and after a failure.
    ///
    /// # Errors
    /// [`PayoutError::NoSuchAttempt`].
    pub fn hear(
        &mut self,
        attempt: u32,
        status: &Status,
        provisional: bool,
    ) -> Result<(), PayoutError> {
        if attempt == 0 || attempt > self.attempt {
            return Err(PayoutError::NoSuchAttempt {
                given: attempt,
                allowed: self.attempt,
            });
        }
        let earlier = attempt < self.attempt;
        match status {
            Status::Success => {
                // An earlier attempt was paid after all: whatever is under way now is one too many.
                self.paid_twice |= earlier && self.state != PayoutState::Failed;
                self.state = PayoutState::Paid;
            }
            _ if earlier || self.state == PayoutState::Paid => {}
            Status::Failed if !provisional => self.state = PayoutState::Failed,
            Status::Reversed => self.state = PayoutState::Failed,
            _ if self.state == PayoutState::Submitted => self.state = PayoutState::Unclear,
            _ => {}
        }
        Ok(())
    }

    /// Allows another attempt after a failure for good.
    ///
    /// # Errors
    /// [`PayoutError::State`].
    pub fn retry(&mut self) -> Result<(), PayoutError> {
        self.need(
            "a new attempt",
            &[PayoutState::Failed],
            "after a failure for good",
        )?;
        self.state = PayoutState::Authorised;
        Ok(())
    }

    /// Gives it up.
    ///
    /// # Errors
    /// [`PayoutError::State`] while an attempt may have been paid.
    pub fn cancel(&mut self) -> Result<(), PayoutError> {
        let from = [
            PayoutState::Draft,
            PayoutState::Authorised,
            PayoutState::Failed,
        ];
        self.need(
            "cancelling",
            &from,
            "before sending and after a failure for good",
        )?;
        self.state = PayoutState::Cancelled;
        Ok(())
    }

    fn need(
        &self,
        step: &'static str,
        from: &[PayoutState],
        allowed: &'static str,
    ) -> Result<(), PayoutError> {
        if from.contains(&self.state) {
            Ok(())
        } else {
            Err(PayoutError::State {
                step,
                state: self.state.as_str(),
                allowed,
            })
        }
    }
}
