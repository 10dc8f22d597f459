//! Where the accounts of the last pages lie.
//!
//! The end of day reads a page and writes all of it back. Remembering the row, version and header
//! that were read saves looking each of them up once more. It is a hint and never trusted: the
//! update itself asks for the version, and what does not match is looked up.

use std::collections::BTreeMap;

use lending_core::{ids::AccountId, store::AccountHeader};

/// Two pages of the end of day and some; beyond it everything is forgotten.
const MOST: usize = 32_768;

/// What was read of an account.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) row: i64,
    /// The version at which the account's own row was written.
    pub(crate) written: u64,
    /// The version of the account: higher when it was posted by plan since.
    pub(crate) version: u64,
    pub(crate) planned: bool,
    pub(crate) header: AccountHeader,
}

#[derive(Debug, Default)]
pub(crate) struct Seen {
    places: BTreeMap<AccountId, Place>,
    rows: BTreeMap<AccountId, i64>,
}

impl Seen {
    pub(crate) fn note(&mut self, id: AccountId, place: Place) {
        if self.places.len() >= MOST {
            self.places.clear();
        }
        self.places.insert(id, place);
    }

    /// Notes where an account lies that is posted by plan. Rows never change.
    pub(crate) fn note_row(&mut self, id: AccountId, row: i64) {
        if self.rows.len() >= MOST {
            self.rows.clear();
        }
        self.rows.insert(id, row);
    }

    pub(crate) fn take_row(&mut self, id: AccountId) -> Option<i64> {
        self.rows.remove(&id)
    }

    /// Takes out what was read of an account at this version.
    pub(crate) fn take(&mut self, id: AccountId, version: Option<u64>) -> Option<Place> {
        if self.places.is_empty() {
            return None;
        }
        self.places
            .remove(&id)
            .filter(|place| Some(place.version) == version)
    }
}
