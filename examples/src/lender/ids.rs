//! Identifiers that follow from the data, so that the same folder gives the same books.

use chrono::{Datelike, NaiveDate};
use ledger::EntryId;
use lending_core::{
    ids::{AccountId, AccountRef, HolderId},
    loan::TransactionId,
    store::Fingerprint,
};

/// What a numbered thing of a business date is.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
enum Kind {
    Account = 1,
    Holder = 2,
    Transaction = 3,
    Entry = 4,
}

/// Time-ordered: kind, day, number within the day.
const fn number(kind: Kind, day: i32, within: u64) -> u128 {
    ((kind as u128) << 120) | ((day.unsigned_abs() as u128) << 64) | within as u128
}

/// Numbers of one business date, in the order in which they are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    day: i32,
    drawn: u64,
}

impl Numbers {
    /// The numbers of a date, from the first.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self {
            day: date.num_days_from_ce(),
            drawn: 0,
        }
    }

    /// The numbers of an account opened at the desk: apart from those of every business date's files.
    #[must_use]
    pub fn of_account(date: NaiveDate, account: AccountRef) -> Self {
        let hash = Fingerprint::of(account.as_str().as_bytes());
        let [a, b, c, d, ..] = *hash.as_bytes();
        Self {
            drawn: u64::from(u32::from_be_bytes([a, b, c, d])) << 32,
            ..Self::of(date)
        }
    }

    fn draw(&mut self, kind: Kind) -> u128 {
        self.drawn += 1;
        number(kind, self.day, self.drawn)
    }

    /// The next account.
    pub fn account(&mut self) -> AccountId {
        AccountId::new(self.draw(Kind::Account))
    }

    /// The next transaction.
    pub fn transaction(&mut self) -> TransactionId {
        TransactionId::new(self.draw(Kind::Transaction))
    }

    /// The next entry of the house.
    pub fn entry(&mut self) -> EntryId {
        EntryId::new(self.draw(Kind::Entry))
    }
}

/// The holder that a client is: its number in the client file.
#[must_use]
pub fn holder(index: usize) -> HolderId {
    HolderId::new(number(
        Kind::Holder,
        0,
        u64::try_from(index).unwrap_or(u64::MAX),
    ))
}
