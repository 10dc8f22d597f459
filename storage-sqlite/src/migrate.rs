//! Forward migrations, each under a checksum.

use ledger::Currency;
use lending_core::store::{BackendKind, StoreError};
use rusqlite::{Connection, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::error::{backend, corrupt, trouble};

/// "LEND" in the file's header: says whose file it is.
const APPLICATION_ID: i32 = 0x4C45_4E44;

/// Every schema ever released, oldest first. A released one is never edited: the file remembers
/// its checksum.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
];

const LEDGER: &str = "CREATE TABLE migration (
    number   INTEGER PRIMARY KEY,
    checksum BLOB NOT NULL CHECK (length(checksum) = 32)
) STRICT;";

fn checksum(sql: &str) -> [u8; 32] {
    Sha256::digest(sql.as_bytes()).into()
}

/// The number of the newest schema this program knows.
fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Whether the file is ours and of a schema we know; its schema's number, 0 for an empty file.
///
/// # Errors
/// `Corrupt` for another program's file or an edited schema, `Unsupported` for a newer one.
pub(crate) fn inspect(connection: &Connection) -> Result<i64, StoreError> {
    // All of it at one moment: another process may be making the file.
    let _moment = match connection.is_autocommit() {
        true => Some(connection.unchecked_transaction().map_err(backend)?),
        false => None,
    };
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let application = pragma("application_id").map_err(backend)?;
    let version = pragma("user_version").map_err(backend)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(backend)?;
    if (application, version, tables) == (0, 0, 0) {
        return Ok(0);
    }
    if application != i64::from(APPLICATION_ID) {
        return Err(corrupt(format!(
            "the file belongs to another program (application id {application:#x})"
        )));
    }
    if version > newest() {
        return Err(trouble(
            BackendKind::Unsupported,
            format!(
                "the file has schema {version}: schemas up to {} are known",
                newest()
            ),
        ));
    }
    for (number, sql) in (1..=version).zip(MIGRATIONS) {
        let found: Vec<u8> = connection
            .query_row(
                "SELECT checksum FROM migration WHERE number = ?1",
                [number],
                |row| row.get(0),
            )
            .map_err(backend)?;
        if found != checksum(sql) {
            return Err(corrupt(format!(
                "schema {number} of the file is not the released one"
            )));
        }
    }
    Ok(version)
}

/// Brings the file to the newest schema. Each step lands alone, so an interrupted upgrade goes on
/// where it stopped. Another process may do the same at the same time.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    while inspect(connection)? < newest() {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(backend)?;
        let from = inspect(&transaction)?;
        if let Some((number, sql)) = (1..)
            .zip(MIGRATIONS)
            .find(|(number, _)| *number == from + 1)
        {
            if from == 0 {
                transaction.execute_batch(LEDGER).map_err(backend)?;
                transaction
                    .pragma_update(None, "application_id", APPLICATION_ID)
                    .map_err(backend)?;
            }
            transaction.execute_batch(sql).map_err(backend)?;
            transaction
                .execute(
                    "INSERT INTO migration VALUES (?1, ?2)",
                    params![number, checksum(sql)],
                )
                .map_err(backend)?;
            transaction
                .pragma_update(None, "user_version", number)
                .map_err(backend)?;
            if from == 0 {
                fill_currencies(&transaction)?;
            }
        }
        transaction.commit().map_err(backend)?;
    }
    Ok(())
}

fn fill_currencies(connection: &Connection) -> Result<(), StoreError> {
    let mut insert = connection
        .prepare("INSERT INTO currency VALUES (?1, ?2)")
        .map_err(backend)?;
    for currency in Currency::all() {
        insert
            .execute(params![currency.code(), currency.minor_units()])
            .map_err(backend)?;
    }
    Ok(())
}
