//! Copies of a file while it is in use.

use std::{path::Path, time::Duration};

use lending_core::store::{BackendKind, StoreError};
use rusqlite::{Connection, backup::Backup};

use crate::{
    chain::Head,
    error::{backend, trouble},
    key::{Key, unlock},
    log::last_commit,
    open::SqliteStore,
};

/// Pages copied at a time; between two such steps others may write.
const PAGES_PER_STEP: i32 = 4_096;

impl SqliteStore {
    /// Copies the store into a new file, as it is at one moment, while it is in use; gives the
    /// head of the copy. [`restore`](crate::restore) puts it back.
    ///
    /// # Errors
    /// [`StoreError::Backend`] with `Other` when the file exists already, or as the disk says.
    pub fn backup(&self, to: impl AsRef<Path>) -> Result<Head, StoreError> {
        copy(&self.connection, to.as_ref(), self.key.as_ref(), sound)
    }
}

fn sound(copied: &Connection) -> Result<Head, StoreError> {
    let sound: String = copied
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(backend)?;
    if sound != "ok" {
        return Err(trouble(
            BackendKind::Corrupt,
            format!("the copy is damaged: {sound}"),
        ));
    }
    // Whole in one file, also for whoever may only read it: no write-ahead log beside it.
    copied
        .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        .map_err(backend)?;
    let (head, _) = last_commit(copied)?;
    Ok(head)
}

/// Copies a whole file into a new one, which is removed again when that fails or when it does not
/// stand the check.
pub(crate) fn copy(
    from: &Connection,
    to: &Path,
    key: Option<&Key>,
    check: impl FnOnce(&Connection) -> Result<Head, StoreError>,
) -> Result<Head, StoreError> {
    if to.exists() {
        let message = format!("{} exists already: a copy overwrites nothing", to.display());
        return Err(trouble(BackendKind::Other, message));
    }
    let result = copy_into(from, to, key).and_then(|copied| check(&copied));
    if result.is_err() {
        // A half copy is of no use; that it cannot be removed changes nothing about the error.
        let _ = std::fs::remove_file(to);
    }
    result
}

fn copy_into(from: &Connection, to: &Path, key: Option<&Key>) -> Result<Connection, StoreError> {
    let mut target = Connection::open(to).map_err(backend)?;
    unlock(&target, key)?;
    let backup = Backup::new(from, &mut target).map_err(backend)?;
    backup
        .run_to_completion(PAGES_PER_STEP, Duration::ZERO, None)
        .map_err(backend)?;
    drop(backup);
    Ok(target)
}
