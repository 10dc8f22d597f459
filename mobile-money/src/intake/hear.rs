//! From the bytes of a message to the intake in one step that loses nothing.

use alloc::{format, vec::Vec};

use chrono::{DateTime, Utc};

use super::{Intake, Received};
use crate::{
    auth::Trusted,
    payment::Channel,
    wire::{Message, ParseError, parse, raw_sha256},
};

/// How a message came to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// Which message it is: known from the address it was posted to or the call it answers.
    pub channel: Channel,
    /// Our own id of the transaction, where the address or the call names it and the message may
    /// not (MTN's callbacks do not repeat the id of the request).
    pub own_id: Option<&'a str>,
    /// The host's clock.
    pub received_at: DateTime<Utc>,
}

impl Delivery<'_> {
    /// A message of a channel whose address names no transaction.
    #[must_use]
    pub const fn new(channel: Channel, received_at: DateTime<Utc>) -> Self {
        Self {
            channel,
            own_id: None,
            received_at,
        }
    }
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Its reading, or why there is none.
    pub message: Result<Message, ParseError>,
    /// What it did to each transaction that it speaks of.
    pub received: Vec<Received>,
    /// It is on the list of [`Intake::unreadable`] messages: not readable, or it speaks of a
    /// transaction that has no id.
    pub unreadable: bool,
}

impl Intake {
    /// Reads a message and takes in everything that it says. Whatever arrives is afterwards a
    /// transaction, an unreadable message, or no news of money at all; nothing is in between.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use mobile_money::{Channel, Intake, Trusted, intake::Delivery};
    /// let mut intake = Intake::default();
    /// let delivery = Delivery::new(Channel::MpesaC2bConfirmation, DateTime::UNIX_EPOCH);
    /// let body: &[u8] = br#"{"TransID":"SFB41KX7PQ","TransAmount":"1500.00","MSISDN":""}"#;
    /// assert_eq!(intake.hear(Trusted::claimed(body), &delivery).received.len(), 1);
    /// let torn: &[u8] = br#"{"TransID":"SFB41KX7PQ","TransAm"#;
    /// assert!(intake.hear(Trusted::claimed(torn), &delivery).unreadable);
    /// assert_eq!(intake.unreadable().count(), 1);
    /// ```
    pub fn hear(&mut self, bytes: Trusted<&[u8]>, delivery: &Delivery<'_>) -> Heard {
        let at = delivery.received_at;
        let hash = raw_sha256(bytes.value());
        let read = bytes.try_map(|bytes| parse(delivery.channel, bytes));
        let told = match read {
            Ok(told) => told,
            Err(error) => {
                self.receive_unreadable(hash, &error, at);
                return Heard {
                    message: Err(error),
                    received: Vec::new(),
                    unreadable: true,
                };
            }
        };
        let mut received = Vec::new();
        let mut unreadable = false;
        for payment in told.value().payments() {
            let payment = match delivery.own_id {
                Some(own_id) => payment.clone().with_own_id(own_id),
                None => payment.clone(),
            };
            match self.receive(Trusted::checked(payment, told.trust()), at) {
                Ok(done) => received.push(done),
                Err(error) => {
                    unreadable = true;
                    self.keep_unreadable(hash, error.code(), format!("{error}"), at);
                }
            }
        }
        Heard {
            message: Ok(told.into_value()),
            received,
            unreadable,
        }
    }
}
