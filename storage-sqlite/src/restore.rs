//! A backup back in its place.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use lending_core::store::{BackendKind, StoreError};
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::{
    backup::copy,
    chain::Head,
    error::{backend, trouble},
    key::{Key, unlock},
    log::last_commit,
    migrate,
    verify::verify,
};

/// What SQLite keeps beside a file.
const LOGS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What a restored file may take the place of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replace {
    /// Nothing: there must be no file.
    Nothing,
    /// A store whose every commit is also in the backup: nothing is lost. A newer store, one whose
    /// history went another way, a damaged one and a file of another program stay as they are.
    #[default]
    Contained,
    /// Whatever is there. It is gone afterwards.
    Anything,
}

/// Makes a store's file out of a backup, under the same key; gives its head.
///
/// The backup is copied to `<to>.restoring` and verified there as by
/// [`SqliteStore::verify`](crate::SqliteStore::verify). Only then it takes the place of `to`, in one
/// step: whenever the power goes, `to` is the old file or the new one. No other program may have
/// `to` open; one that uses a store there is noticed. What was left over of an interrupted restore is
/// written over. A backup of an older program stays as it is until the store is opened.
///
/// ```
/// use storage_sqlite::{Options, Replace, SqliteStore, restore};
/// use lending_core::store::{Commit, Store};
/// # let folder = tempfile::tempdir()?;
/// # let (path, copy) = (folder.path().join("lender.db"), folder.path().join("copy.db"));
/// let mut store = SqliteStore::open(&path, &Options::default())?;
/// let head = store.backup(&copy)?;
/// store.commit(&Commit::default())?;
/// drop(store);
/// // The store has gone on since: this is not done without being asked for.
/// assert!(restore(&copy, &path, None, Replace::Contained).is_err());
/// assert_eq!(restore(&copy, &path, None, Replace::Anything)?, head);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`StoreError::Backend`] with `Corrupt` when the backup is not a sound file of ours, `Unsupported`
/// when it is of a newer program, `Other` when the file in the way may not be replaced, `Busy` when
/// somebody uses it, or as the disk says. The file in the way is then as it was.
pub fn restore(
    backup: impl AsRef<Path>,
    to: impl AsRef<Path>,
    key: Option<&Key>,
    replace: Replace,
) -> Result<Head, StoreError> {
    let to = to.as_ref();
    if replace == Replace::Nothing && to.exists() {
        return Err(in_the_way(to, "nothing may be replaced"));
    }
    let fresh = beside(to, ".restoring");
    remove(&fresh)?;
    let from = source(backup.as_ref(), key)?;
    let head = copy(&from, &fresh, key, |copied| {
        sound(copied).and_then(|head| allowed(to, key, replace, copied).map(|()| head))
    })?;
    let placed = place(&fresh, to, key, replace);
    if placed.is_err() {
        // The copy is of no use any more; that it cannot be removed changes nothing about the error.
        let _ = remove(&fresh);
    }
    placed.map(|()| head)
}

fn source(backup: &Path, key: Option<&Key>) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let from = Connection::open_with_flags(backup, flags).map_err(backend)?;
    unlock(&from, key)?;
    match migrate::inspect(&from)? {
        0 => Err(trouble(
            BackendKind::Corrupt,
            "the backup is empty: it holds no store",
        )),
        _ => Ok(from),
    }
}

fn sound(copied: &Connection) -> Result<Head, StoreError> {
    let verification = verify(copied, None)?;
    match verification.findings.first() {
        None => Ok(verification.head),
        Some(finding) => Err(trouble(
            BackendKind::Corrupt,
            format!("the backup is not sound: {finding}"),
        )),
    }
}

/// Whether the new store may take the place of what is there now.
fn allowed(
    to: &Path,
    key: Option<&Key>,
    replace: Replace,
    new: &Connection,
) -> Result<(), StoreError> {
    if replace == Replace::Anything || !to.exists() {
        return Ok(());
    }
    let old =
        open(to, key).map_err(|error| in_the_way(to, &format!("it is no sound store: {error}")))?;
    contained(&old, new).map_err(|reason| in_the_way(to, &reason))
}

/// Swaps the files.
fn place(fresh: &Path, to: &Path, key: Option<&Key>, replace: Replace) -> Result<(), StoreError> {
    let new = open(fresh, key)?;
    // Held until the new file is in place: nobody opens the old one meanwhile.
    let held = match to.exists() {
        true => match open(to, key).and_then(hold) {
            Ok(old) => Some(old),
            // Somebody has it open; or it cannot be read, and is not wanted any more either.
            Err(error) if replace != Replace::Anything || error.is_retryable() => {
                return Err(error);
            }
            Err(_) => None,
        },
        false => None,
    };
    // It may have gone on while the backup was copied.
    allowed(to, key, replace, &new)?;
    new.close().map_err(|(_, error)| backend(error))?;
    let synced = fs::File::open(fresh).and_then(|file| file.sync_all());
    synced.map_err(disk)?;
    // The log of a file that could not be opened, or that is missing, would be read into the new one.
    for log in LOGS {
        absent(fs::remove_file(beside(to, log)))?;
    }
    fs::rename(fresh, to).map_err(disk)?;
    drop(held);
    sync_folder(to)
}

fn open(path: &Path, key: Option<&Key>) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(backend)?;
    unlock(&connection, key)?;
    match migrate::inspect(&connection)? {
        0 => Err(trouble(BackendKind::Corrupt, "it holds no store")),
        _ => Ok(connection),
    }
}

/// Keeps a store for ourselves alone, with all of it in the one file.
fn hold(store: Connection) -> Result<Connection, StoreError> {
    // Refused as busy while any other connection is open; copies the write-ahead log into the file.
    store
        .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        .map_err(backend)?;
    store.execute_batch("BEGIN IMMEDIATE").map_err(backend)?;
    Ok(store)
}

/// Whether the last commit of the old store is one of the new.
fn contained(old: &Connection, new: &Connection) -> Result<(), String> {
    let read = || -> Result<(Head, Option<[u8; 32]>), StoreError> {
        let (head, _) = last_commit(old)?;
        let hash = new
            .query_row(
                "SELECT hash FROM commit_log WHERE sequence = ?1",
                [i64::try_from(head.sequence).unwrap_or(i64::MAX)],
                |row| row.get(0),
            )
            .optional()
            .map_err(backend)?;
        Ok((head, hash))
    };
    match read().map_err(|error| error.to_string())? {
        (Head::EMPTY, _) => Ok(()),
        (head, Some(hash)) if hash == head.hash => Ok(()),
        (head, Some(_)) => Err(format!(
            "its history is another one from commit {} on or before",
            head.sequence
        )),
        (head, None) => Err(format!(
            "it goes on to commit {}, which the backup does not have",
            head.sequence
        )),
    }
}

fn in_the_way(to: &Path, reason: &str) -> StoreError {
    let message = format!("{} is not replaced: {reason}", to.display());
    trouble(BackendKind::Other, message)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Removes a file of SQLite's with all that may lie beside it.
fn remove(path: &Path) -> Result<(), StoreError> {
    absent(fs::remove_file(path))?;
    for suffix in LOGS {
        absent(fs::remove_file(beside(path, suffix)))?;
    }
    Ok(())
}

/// That a file was not there is as good as its removal.
fn absent(removed: io::Result<()>) -> Result<(), StoreError> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk(error)),
        _ => Ok(()),
    }
}

fn disk(error: io::Error) -> StoreError {
    StoreError::Backend {
        kind: BackendKind::Io,
        message: error.to_string(),
        source: Some(Box::new(error)),
    }
}

/// A new name in a folder outlasts a power cut once the folder is synced; only Unix can.
#[cfg(unix)]
fn sync_folder(of: &Path) -> Result<(), StoreError> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::File::open(folder.unwrap_or_else(|| Path::new(".")));
    folder.and_then(|folder| folder.sync_all()).map_err(disk)
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), StoreError> {
    Ok(())
}
