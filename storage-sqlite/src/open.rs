//! Opening a file, and what a connection may do.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use lending_core::store::{BackendKind, StoreError};
use rusqlite::{
    Connection, OpenFlags,
    config::DbConfig,
    hooks::{AuthAction, AuthContext, Authorization},
};

use crate::{
    error::{backend, trouble},
    key::{Key, unlock},
    migrate,
    seen::Seen,
};

/// Older ones may lose a write-ahead log that is reset while it is read (fixed in 3.51.3).
const OLDEST_SQLITE: i32 = 3_051_003;

/// What an acknowledged commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// A power cut: every commit is synced to the disk before it returns (`synchronous=EXTRA`, which is
    /// FULL that also syncs the folder).
    #[default]
    PowerCut,
    /// The death of the process, not a power cut: after one, the last commits may be gone, though
    /// never a part of one and never the file (`synchronous=NORMAL`). For imports that can be
    /// started again and for tests.
    ProcessCrash,
}

/// How a file is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What an acknowledged commit survives.
    pub durability: Durability,
    /// How long to wait for another writer before giving up as busy. Five seconds by default.
    pub busy_timeout: Duration,
    /// Page cache of the connection in KiB. 64 MiB by default.
    pub cache_kib: u32,
    /// After how many 4-KiB pages the write-ahead log is copied into the file. 1,000 by default,
    /// best for single commits; 16,384 is better for the end of day and for imports.
    pub checkpoint_pages: u32,
    /// The SQLite VFS to go through, registered by the host under this name: an encrypting one, or
    /// one that imitates faults. The platform's own by default.
    pub vfs: Option<String>,
    /// The key of an encrypted file; needs feature `encryption`. None by default.
    pub key: Option<Key>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            durability: Durability::default(),
            busy_timeout: Duration::from_secs(5),
            cache_kib: 64 * 1024,
            checkpoint_pages: 1_000,
            vfs: None,
            key: None,
        }
    }
}

/// A store in one SQLite file. See the [crate's documentation](crate).
#[derive(Debug)]
pub struct SqliteStore {
    pub(crate) connection: Connection,
    pub(crate) seen: Seen,
    pub(crate) key: Option<Key>,
}

impl SqliteStore {
    /// Opens a file for reading and writing; makes it when it does not exist, and brings it to
    /// this program's schema when it is older.
    ///
    /// # Errors
    /// [`StoreError::Backend`] with `Unsupported` when the file is of a newer program or the
    /// SQLite in use is too old, `Corrupt` when it is not a file of ours, `ReadOnly`, `Busy`, `Io`.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, StoreError> {
        check_engine(rusqlite::version_number())?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match &options.vfs {
            None => Connection::open_with_flags(path, flags),
            Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs.as_str()),
        };
        Self::set_up(connection.map_err(backend)?, options)
    }

    /// A store in memory, for tests of programs that want SQLite's own behaviour.
    ///
    /// # Errors
    /// [`StoreError::Backend`] when SQLite is too old.
    pub fn in_memory() -> Result<Self, StoreError> {
        check_engine(rusqlite::version_number())?;
        let connection = Connection::open_in_memory().map_err(backend)?;
        Self::set_up(connection, &Options::default())
    }

    fn set_up(mut connection: Connection, options: &Options) -> Result<Self, StoreError> {
        unlock(&connection, options.key.as_ref())?;
        connection
            .busy_timeout(options.busy_timeout)
            .map_err(backend)?;
        // First of all whose file it is: nothing is written to a file that is not ours.
        migrate::inspect(&connection)?;
        if connection.is_readonly("main").map_err(backend)? {
            return Err(trouble(
                BackendKind::ReadOnly,
                "the file may not be written: open it with `Reports` to read it",
            ));
        }
        let set = |name: &str, value: &dyn rusqlite::ToSql| {
            connection.pragma_update(None, name, value).map_err(backend)
        };
        // Before the write-ahead log there is a rollback journal, when a new file is made. EXTRA syncs
        // the folder when that journal is deleted: one that came back after a power cut would
        // roll the whole file back to nothing. With the write-ahead log it is the same as FULL.
        let synchronous = match options.durability {
            Durability::PowerCut => "EXTRA",
            Durability::ProcessCrash => "NORMAL",
        };
        set("synchronous", &synchronous)?;
        write_ahead(&connection, options.busy_timeout)?;
        set("foreign_keys", &true)?;
        // Without it `INSERT OR REPLACE` deletes rows behind the append-only triggers.
        set("recursive_triggers", &true)?;
        set("trusted_schema", &false)?;
        set("cell_size_check", &true)?;
        // What a statement or a savepoint may have to undo stays in memory.
        set("temp_store", &"MEMORY")?;
        set("wal_autocheckpoint", &options.checkpoint_pages)?;
        set("cache_size", &-i64::from(options.cache_kib))?;
        connection.set_prepared_statement_cache_capacity(64);
        // Without the guarantee a value that is bound where a partial index might help counts as part
        // of the plan, and every lookup of an account plans its query anew.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(backend)?;
        migrate::migrate(&mut connection)?;
        protect(&mut connection)?;
        Ok(Self {
            connection,
            seen: Seen::default(),
            key: options.key.clone(),
        })
    }
}

/// Turns a new file to the write-ahead log. SQLite does not wait for others who do the same at that
/// moment, for it holds a lock already that they wait for: it is asked again.
fn write_ahead(connection: &Connection, patience: Duration) -> Result<(), StoreError> {
    let begun = Instant::now();
    loop {
        let set = connection.pragma_update(None, "journal_mode", "WAL");
        match set.map_err(backend) {
            Err(error) if error.is_retryable() && begun.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(1));
            }
            set => return set,
        }
    }
}

pub(crate) fn check_engine(version: i32) -> Result<(), StoreError> {
    if version < OLDEST_SQLITE {
        return Err(trouble(
            BackendKind::Unsupported,
            format!("SQLite {version} is too old: {OLDEST_SQLITE} or newer is needed"),
        ));
    }
    Ok(())
}

/// Takes away what the append-only triggers could be got round with.
fn protect(connection: &mut Connection) -> Result<(), StoreError> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)
        .map_err(backend)?;
    connection.authorizer(Some(authorize)).map_err(backend)
}

fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Insert { .. }
        | AuthAction::Function { .. }
        | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Update { table_name, .. } | AuthAction::Delete { table_name }
            if !matches!(
                table_name,
                "commit_log" | "event" | "entry" | "line" | "sqlite_schema"
            ) =>
        {
            Authorization::Allow
        }
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } => match pragma_name {
            "integrity_check" | "foreign_key_check" | "wal_checkpoint" => Authorization::Allow,
            _ if pragma_value.is_none() => Authorization::Allow,
            _ => Authorization::Deny,
        },
        _ => Authorization::Deny,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_engine_is_refused() {
        let error = check_engine(3_051_002).unwrap_err();
        assert!(matches!(
            error,
            StoreError::Backend {
                kind: BackendKind::Unsupported,
                ..
            }
        ));
        assert!(error.to_string().contains("3051003"), "{error}");
        check_engine(3_051_003).unwrap();
    }

    #[test]
    fn nothing_gets_round_the_triggers() {
        let store = SqliteStore::in_memory().unwrap();
        for sql in [
            "DROP TABLE entry",
            "DROP TRIGGER entry_update",
            "UPDATE entry SET notes = 'x'",
            "DELETE FROM line",
            "DELETE FROM commit_log",
            "ALTER TABLE entry RENAME TO other",
            "ATTACH ':memory:' AS other",
            "PRAGMA writable_schema = ON",
            "PRAGMA recursive_triggers = OFF",
            "PRAGMA foreign_keys = OFF",
            "CREATE TEMP TRIGGER t BEFORE INSERT ON entry BEGIN SELECT 1; END",
        ] {
            let error = store.connection.execute_batch(sql).unwrap_err();
            assert!(
                error.to_string().contains("not authorized"),
                "{sql}: {error}"
            );
        }
    }
}
