//! What is recorded on an account, whatever it is an account of.
//!
//! A loan and a line of credit each have their own kinds of transaction; what identifies one, when it
//! counts and when the books took it is the same. [`loan::Transaction`](crate::loan::Transaction) and
//! [`revolving::Transaction`](crate::revolving::Transaction) are this with the kinds filled in.
//!
//! ```
//! use chrono::NaiveDate;
//! use lending_core::loan::{NewTransaction, TransactionId, TransactionKind, code};
//!
//! let on = NaiveDate::from_ymd_opt(2024, 3, 1).expect("a date");
//! let kind = TransactionKind::Disbursement { amount: rust_decimal::dec!(250) };
//! let paid_out = NewTransaction::new(TransactionId::new(7), on, kind);
//! assert_eq!(paid_out.channel, None);
//! let by_phone = paid_out.through(code("airtel-money")?);
//! assert_eq!(by_phone.channel.as_deref(), Some("airtel-money"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::loan::{Code, Outcome, TransactionId};

/// A transaction to record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTransaction<K> {
    /// Its id, new to this account and time-ordered.
    pub id: TransactionId,
    /// The day from which it counts.
    #[serde(with = "crate::compact::date")]
    pub value_date: NaiveDate,
    /// What happened.
    pub kind: K,
    /// The payment channel, when one is known.
    pub channel: Option<Code>,
}

impl<K> NewTransaction<K> {
    /// A transaction without a channel.
    #[must_use]
    pub const fn new(id: TransactionId, value_date: NaiveDate, kind: K) -> Self {
        Self {
            id,
            value_date,
            kind,
            channel: None,
        }
    }

    /// The same, through a payment channel.
    #[must_use]
    pub const fn through(mut self, channel: Code) -> Self {
        self.channel = Some(channel);
        self
    }
}

/// A fact with its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction<K> {
    /// Its id.
    pub id: TransactionId,
    /// The day from which it counts.
    #[serde(with = "crate::compact::date")]
    pub value_date: NaiveDate,
    /// The day on which the books took it.
    #[serde(with = "crate::compact::date")]
    pub booking_date: NaiveDate,
    /// What happened.
    pub kind: K,
    /// The payment channel, when one is known: selects the fund-source account.
    pub channel: Option<Code>,
    /// When it was reversed (booking date), if it was. A reversed transaction counts for nothing.
    #[serde(with = "crate::compact::date_option")]
    pub reversed_on: Option<NaiveDate>,
    /// What it did, as known now.
    pub outcome: Outcome,
}

impl<K> Transaction<K> {
    /// The key that orders history.
    #[must_use]
    pub const fn order(&self) -> (NaiveDate, TransactionId) {
        (self.value_date, self.id)
    }
}

/// The transactions of one account, in the order of `(value_date, id)`.
pub type History<K> = Vec<Transaction<K>>;
