//! The commit log: numbers without gaps, running totals, heads.

use lending_core::store::StoreError;
use rusqlite::{Connection, Row};

use crate::{chain::Head, error::backend, value::Columns};

/// What the last row of the commit log says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) accounts: u64,
    pub(crate) events: u64,
    pub(crate) entries: u64,
    pub(crate) records: u64,
    pub(crate) messages: u64,
}

pub(crate) fn last_commit(connection: &Connection) -> Result<(Head, Totals), StoreError> {
    let read = |row: &Row<'_>| -> Result<(Head, Totals), StoreError> {
        let hash = row.get(6).map_err(backend)?;
        let head = Head {
            sequence: row.number(0)?,
            hash,
        };
        let totals = Totals {
            accounts: row.number(1)?,
            events: row.number(2)?,
            entries: row.number(3)?,
            records: row.number(4)?,
            messages: row.number(5)?,
        };
        Ok((head, totals))
    };
    let mut statement = connection
        .prepare_cached(
            "SELECT sequence, accounts, events, entries, records, messages, hash
             FROM commit_log ORDER BY sequence DESC LIMIT 1",
        )
        .map_err(backend)?;
    let mut rows = statement.query([]).map_err(backend)?;
    match rows.next().map_err(backend)? {
        Some(row) => read(row),
        None => Ok((Head::EMPTY, Totals::default())),
    }
}
