//! Imports that are approved or taken back whole: opening balances, history of an older system.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{BatchError, Journal, Posted};
use crate::{EntryError, EntryId, JournalEntry, entry::tags, evidence::Act};

/// What became of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum MigrationState {
    /// Posted, and may be reverted.
    Imported,
    /// Accepted: it stays.
    Approved,
    /// Taken back by reversals.
    Reverted,
}

/// Why an import was refused, or could not be approved or reverted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MigrationError {
    /// An entry that does not say which import it belongs to.
    #[error(
        "entry {entry} of migration {name:?} carries tag \"migration\" {given:?}: it must be {name:?}"
    )]
    Untagged {
        /// The import.
        name: String,
        /// The entry.
        entry: EntryId,
        /// The tag it carries.
        given: Option<String>,
    },
    /// The name is taken.
    #[error("migration {name:?} was imported before")]
    Known {
        /// The import.
        name: String,
    },
    /// There is no such import.
    #[error("there is no migration {name:?}")]
    Unknown {
        /// The import.
        name: String,
    },
    /// It was approved or reverted before.
    #[error("migration {name:?} is {state:?}: only an imported one can be approved or reverted")]
    Final {
        /// The import.
        name: String,
        /// What became of it.
        state: MigrationState,
    },
    /// An entry was refused; nothing was posted.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A reversal cannot be made; nothing was posted.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

impl MigrationError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Untagged { .. } => 2101,
            Self::Known { .. } => 2102,
            Self::Unknown { .. } => 2103,
            Self::Final { .. } => 2104,
            Self::Batch(error) => error.error.code(),
            Self::Entry(error) => error.code(),
        }
    }
}

/// An import: its state and its entries.
#[derive(Clone, Debug)]
struct Migration {
    state: MigrationState,
    entries: Vec<EntryId>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Migrations(BTreeMap<String, Migration>);

impl Journal {
    /// Posts an import under a name: all entries, or none. Each carries the tag
    /// [`tags::MIGRATION`] with that name.
    ///
    /// # Errors
    /// [`MigrationError::Known`], [`MigrationError::Untagged`], [`MigrationError::Batch`].
    pub fn import_migration(
        &mut self,
        name: &str,
        entries: Vec<JournalEntry>,
    ) -> Result<Vec<Posted>, MigrationError> {
        if self.migrations.0.contains_key(name) {
            return Err(MigrationError::Known { name: name.into() });
        }
        if let Some(entry) = entries
            .iter()
            .find(|entry| entry.tag(tags::MIGRATION) != Some(name))
        {
            return Err(MigrationError::Untagged {
                name: name.into(),
                entry: entry.id(),
                given: entry.tag(tags::MIGRATION).map(Into::into),
            });
        }
        let ids = entries.iter().map(JournalEntry::id).collect();
        let posted = self.post_batch(entries)?;
        self.add_migration(name.into(), ids);
        Ok(posted)
    }

    fn add_migration(&mut self, name: String, entries: Vec<EntryId>) {
        self.note(&Act::Imported {
            name: name.clone(),
            entries: entries.clone(),
        });
        let state = MigrationState::Imported;
        self.migrations.0.insert(name, Migration { state, entries });
    }

    /// The import of entries that were posted before, as a stored journal says.
    pub(super) fn repeat_import(
        &mut self,
        name: String,
        entries: Vec<EntryId>,
    ) -> Result<(), MigrationError> {
        if self.migrations.0.contains_key(&name) {
            return Err(MigrationError::Known { name });
        }
        for id in &entries {
            let entry = self.sequence_of(*id).and_then(|at| self.entry(at));
            let given = entry.and_then(|entry| entry.tag(tags::MIGRATION).map(String::from));
            if given.as_deref() != Some(name.as_str()) {
                let entry = *id;
                return Err(MigrationError::Untagged { name, entry, given });
            }
        }
        self.add_migration(name, entries);
        Ok(())
    }

    /// What became of an import.
    #[must_use]
    pub fn migration(&self, name: &str) -> Option<MigrationState> {
        self.migrations.0.get(name).map(|migration| migration.state)
    }

    /// Accepts an import: from now on it cannot be reverted as a whole.
    ///
    /// # Errors
    /// [`MigrationError::Unknown`], [`MigrationError::Final`].
    pub fn approve_migration(&mut self, name: &str) -> Result<(), MigrationError> {
        self.finish_migration(name, true)
    }

    /// Reverses every entry of an import, newest first, or none. `reversal_id` gives the
    /// identifier of the reversal of an entry.
    ///
    /// # Errors
    /// [`MigrationError::Unknown`], [`MigrationError::Final`]; [`MigrationError::Batch`] when a
    /// reversal is refused, for instance because an entry was reversed on its own before.
    pub fn revert_migration(
        &mut self,
        name: &str,
        booking_date: NaiveDate,
        reversal_id: impl Fn(EntryId) -> EntryId,
    ) -> Result<Vec<Posted>, MigrationError> {
        let entries = self.open_migration(name)?;
        let mut reversals = Vec::with_capacity(entries.len());
        for id in entries.iter().rev() {
            let Some(entry) = self.sequence_of(*id).and_then(|at| self.entry(at)) else {
                continue;
            };
            reversals.push(entry.reversal(reversal_id(*id), booking_date)?);
        }
        let posted = self.post_batch(reversals)?;
        self.finish_migration(name, false)?;
        Ok(posted)
    }

    fn open_migration(&self, name: &str) -> Result<Vec<EntryId>, MigrationError> {
        match self.migrations.0.get(name) {
            None => Err(MigrationError::Unknown { name: name.into() }),
            Some(Migration {
                state: MigrationState::Imported,
                entries,
            }) => Ok(entries.clone()),
            Some(Migration { state, .. }) => Err(MigrationError::Final {
                name: name.into(),
                state: *state,
            }),
        }
    }

    pub(super) fn finish_migration(
        &mut self,
        name: &str,
        approved: bool,
    ) -> Result<(), MigrationError> {
        self.open_migration(name)?;
        if let Some(migration) = self.migrations.0.get_mut(name) {
            migration.state = if approved {
                MigrationState::Approved
            } else {
                MigrationState::Reverted
            };
        }
        self.note(&Act::ImportFinal {
            name: name.into(),
            approved,
        });
        Ok(())
    }
}
