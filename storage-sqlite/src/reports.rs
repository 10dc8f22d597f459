//! A file opened for reading only.

use std::path::Path;

use lending_core::store::{BackendKind, StoreError};
use rusqlite::{Connection, OpenFlags};

use crate::{
    error::{backend, trouble},
    key::unlock,
    migrate,
    open::{Options, check_engine},
};

/// A connection for reports: SQL over the views, beside a writer and without waiting for it.
///
/// ```
/// use storage_sqlite::{Options, Reports, SqliteStore};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("lender.db");
/// let store = SqliteStore::open(&path, &Options::default())?;
/// let reports = Reports::open(&path, &Options::default())?;
/// let accounts: i64 =
///     reports.sql().query_row("SELECT count(*) FROM report_accounts", [], |row| row.get(0))?;
/// assert_eq!(accounts, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Reports {
    connection: Connection,
}

impl Reports {
    /// Opens a file that [`SqliteStore::open`](crate::SqliteStore::open) made.
    ///
    /// # Errors
    /// [`StoreError::Backend`] with `Io` when there is no such file, `Corrupt` when it is not one
    /// of ours, `Unsupported` when it is of a newer program.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, StoreError> {
        check_engine(rusqlite::version_number())?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match &options.vfs {
            None => Connection::open_with_flags(path, flags),
            Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs.as_str()),
        };
        let connection = connection.map_err(backend)?;
        unlock(&connection, options.key.as_ref())?;
        connection
            .busy_timeout(options.busy_timeout)
            .map_err(backend)?;
        if migrate::inspect(&connection)? == 0 {
            return Err(trouble(
                BackendKind::Corrupt,
                "the file is empty: it holds no store",
            ));
        }
        connection
            .pragma_update(None, "query_only", true)
            .map_err(backend)?;
        connection
            .pragma_update(None, "trusted_schema", false)
            .map_err(backend)?;
        Ok(Self { connection })
    }

    /// The connection, for queries of your own; it cannot write.
    #[must_use]
    pub const fn sql(&self) -> &Connection {
        &self.connection
    }
}
