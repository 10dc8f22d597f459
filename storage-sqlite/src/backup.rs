//! Copies of a file while it is in use.

use std::{path::Path, time::Duration};

use lending_core::store::{BackendKind, StoreError};
use rusqlite::{Connection, OpenFlags, backup::Backup};

use crate::{
    chain::Head,
    error::{backend, trouble},
    key::{Key, unlock},
    log::last_commit,
    migrate,
    open::SqliteStore,
};

/// Pages copied at a time; between two such steps others may write.
const PAGES_PER_STEP: i32 = 4_096;

impl SqliteStore {
    /// Copies the store into a new file, as it is at one moment, while it is in use; gives the
    /// head of the copy.
    ///
    /// # Errors
    /// [`StoreError::Backend`] with `Other` when the file exists already, or as the disk says.
    pub fn backup(&self, to: impl AsRef<Path>) -> Result<Head, StoreError> {
        copy(&self.connection, to.as_ref(), self.key.as_ref())
    }
}

/// Makes a store's file out of a backup, under the same key.
///
/// # Errors
/// [`StoreError::Backend`] with `Corrupt` when the backup is not a sound file of ours, `Other`
/// when the target exists already: nothing is overwritten.
pub fn restore(
    backup: impl AsRef<Path>,
    to: impl AsRef<Path>,
    key: Option<&Key>,
) -> Result<Head, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let from = Connection::open_with_flags(backup, flags).map_err(backend)?;
    unlock(&from, key)?;
    if migrate::inspect(&from)? == 0 {
        return Err(trouble(
            BackendKind::Corrupt,
            "the backup is empty: it holds no store",
        ));
    }
    copy(&from, to.as_ref(), key)
}

fn copy(from: &Connection, to: &Path, key: Option<&Key>) -> Result<Head, StoreError> {
    if to.exists() {
        let message = format!("{} exists already: a copy overwrites nothing", to.display());
        return Err(trouble(BackendKind::Other, message));
    }
    let result = copy_into(from, to, key);
    if result.is_err() {
        // A half copy is of no use; that it cannot be removed changes nothing about the error.
        let _ = std::fs::remove_file(to);
    }
    result
}

fn copy_into(from: &Connection, to: &Path, key: Option<&Key>) -> Result<Head, StoreError> {
    let mut target = Connection::open(to).map_err(backend)?;
    unlock(&target, key)?;
    let backup = Backup::new(from, &mut target).map_err(backend)?;
    backup
        .run_to_completion(PAGES_PER_STEP, Duration::ZERO, None)
        .map_err(backend)?;
    drop(backup);
    let sound: String = target
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(backend)?;
    if sound != "ok" {
        return Err(trouble(
            BackendKind::Corrupt,
            format!("the copy is damaged: {sound}"),
        ));
    }
    let (head, _) = last_commit(&target)?;
    Ok(head)
}
