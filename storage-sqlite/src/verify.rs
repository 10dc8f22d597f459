//! Proofs over a whole file.

use core::fmt;
use std::collections::BTreeMap;

use lending_core::store::StoreError;
use rusqlite::{Connection, Row};

use crate::{
    chain::{Head, Link},
    error::backend,
    log::{Totals, last_commit},
    open::SqliteStore,
    read::{entries_written, entry_of, event_of},
    value::Columns,
};

/// Something in a file that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// SQLite finds the file itself damaged.
    Integrity(String),
    /// A row refers to one that does not exist.
    ForeignKey {
        /// The table of the row.
        table: String,
    },
    /// The commit log has a gap before this commit.
    Gap {
        /// The commit.
        sequence: u64,
    },
    /// The hash of this commit does not cover what is stored: it, or something it wrote, was
    /// changed, added or removed.
    Chain {
        /// The commit.
        sequence: u64,
    },
    /// The head kept outside of the file is not in its chain: it was written anew or cut off.
    Anchor {
        /// The head given.
        expected: Head,
    },
    /// The balances of a GL account are not the sums of its lines.
    Balance {
        /// The GL account.
        gl: String,
    },
    /// The running totals of the commit log are not the numbers of rows.
    Totals,
    /// An entry cannot be read, for example because its debits and credits differ.
    Entry(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integrity(message) => write!(f, "the file is damaged: {message}"),
            Self::ForeignKey { table } => write!(f, "a row of {table} refers to nothing"),
            Self::Gap { sequence } => write!(f, "commits are missing before {sequence}"),
            Self::Chain { sequence } => {
                write!(
                    f,
                    "commit {sequence} is not what was written: its hash differs"
                )
            }
            Self::Anchor { expected } => write!(f, "the head {expected} is not in the file"),
            Self::Balance { gl } => {
                write!(
                    f,
                    "the balances of GL account {gl} are not the sums of its lines"
                )
            }
            Self::Totals => f.write_str("the commit log's totals are not the numbers of rows"),
            Self::Entry(message) => write!(f, "a journal entry cannot be read: {message}"),
        }
    }
}

/// What a verification looked at and found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The head of the chain: keep it outside of the file.
    pub head: Head,
    /// Journal entries looked at.
    pub entries: u64,
    /// Events looked at.
    pub events: u64,
    /// What is wrong; nothing in a sound file.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

impl SqliteStore {
    /// Looks at the whole file: SQLite's own structure, references, the hash chain over every
    /// commit, that every entry balances, that balances are the sums of lines, that nothing is
    /// missing. With an `anchor` kept outside, also that the file still contains it.
    ///
    /// Reads everything once, in order; a writer may go on meanwhile and is not seen.
    ///
    /// # Errors
    /// [`StoreError::Backend`] when the file cannot be read at all. What can be read and is wrong
    /// is a [`Finding`].
    pub fn verify(&self, anchor: Option<&Head>) -> Result<Verification, StoreError> {
        verify(&self.connection, anchor)
    }
}

/// See [`SqliteStore::verify`].
pub(crate) fn verify(
    connection: &Connection,
    anchor: Option<&Head>,
) -> Result<Verification, StoreError> {
    // One read transaction: all parts see the same moment.
    let transaction = connection.unchecked_transaction().map_err(backend)?;
    let mut findings = structure(&transaction)?;
    let (head, totals) = last_commit(&transaction)?;
    let mut found = Verification {
        head,
        entries: 0,
        events: 0,
        findings: Vec::new(),
    };
    if findings.is_empty() {
        chain(&transaction, anchor, &mut found)?;
        balances(&transaction, &mut found.findings)?;
        if count(&transaction)? != totals {
            found.findings.push(Finding::Totals);
        }
    }
    findings.append(&mut found.findings);
    found.findings = findings;
    Ok(found)
}

fn structure(connection: &Connection) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    let mut check = connection
        .prepare("PRAGMA integrity_check(20)")
        .map_err(backend)?;
    let mut rows = check.query([]).map_err(backend)?;
    while let Some(row) = rows.next().map_err(backend)? {
        let message = row.text(0)?;
        if message != "ok" {
            findings.push(Finding::Integrity(message));
        }
    }
    if findings.is_empty() {
        let mut check = connection
            .prepare("PRAGMA foreign_key_check")
            .map_err(backend)?;
        let mut rows = check.query([]).map_err(backend)?;
        while let Some(row) = rows.next().map_err(backend)? {
            findings.push(Finding::ForeignKey {
                table: row.text(0)?,
            });
        }
    }
    Ok(findings)
}

/// Recomputes every hash from what is stored, walking log, events and entries side by side.
fn chain(
    connection: &Connection,
    anchor: Option<&Head>,
    found: &mut Verification,
) -> Result<(), StoreError> {
    let prepare = |sql: &str| connection.prepare(sql).map_err(backend);
    let mut log = prepare("SELECT sequence, hash FROM commit_log ORDER BY sequence")?;
    let mut events = prepare(
        "SELECT account.id, seq, value_day, booking_day, body, sequence
         FROM event JOIN account ON account.row = event.account ORDER BY event.row",
    )?;
    let mut entries = prepare(&entries_written())?;
    let mut log = log.query([]).map_err(backend)?;
    let mut events = events.query([]).map_err(backend)?;
    let mut entries = entries.query([]).map_err(backend)?;
    let mut event = events.next().map_err(backend)?;
    let mut entry = entries.next().map_err(backend)?;
    let mut head = Head::EMPTY;
    let mut anchored = anchor.is_none_or(|anchor| *anchor == Head::EMPTY);
    while let Some(commit) = log.next().map_err(backend)? {
        let stored = Head {
            sequence: commit.number(0)?,
            hash: commit.get(1).map_err(backend)?,
        };
        if stored.sequence != head.sequence + 1 {
            found.findings.push(Finding::Gap {
                sequence: stored.sequence,
            });
            head.sequence = stored.sequence - 1;
        }
        let mut link = Link::after(&head);
        while let Some(row) = event {
            if row.number(5)? != stored.sequence {
                break;
            }
            link.event(&event_of(row)?);
            found.events += 1;
            event = events.next().map_err(backend)?;
        }
        while let Some(row) = entry {
            if row.number(10)? != stored.sequence {
                break;
            }
            match entry_of(connection, row) {
                Ok((_, posted)) => link.entry(posted.account.map(|id| id.get()), &posted.entry),
                Err(error) => found.findings.push(Finding::Entry(error.to_string())),
            }
            found.entries += 1;
            entry = entries.next().map_err(backend)?;
        }
        if link.close(&head) != stored {
            found.findings.push(Finding::Chain {
                sequence: stored.sequence,
            });
        }
        anchored |= anchor == Some(&stored);
        head = stored;
    }
    if event.is_some() || entry.is_some() {
        // Rows of a commit that the log does not have, or out of its order.
        found.findings.push(Finding::Chain {
            sequence: head.sequence + 1,
        });
    }
    if let Some(expected) = anchor.filter(|_| !anchored) {
        found.findings.push(Finding::Anchor {
            expected: *expected,
        });
    }
    Ok(())
}

/// GL account, branch, currency, booking day, value day.
type TurnoverKey = (String, String, String, i64, i64);

fn turnover_key(row: &Row<'_>) -> Result<TurnoverKey, StoreError> {
    Ok((
        row.text(0)?,
        row.text(1)?,
        row.text(2)?,
        row.integer(3)?,
        row.integer(4)?,
    ))
}

/// Compares the stored turnovers with the sums of all lines.
fn balances(connection: &Connection, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let mut sums = BTreeMap::<TurnoverKey, (i128, i128)>::new();
    let mut lines = connection
        .prepare(
            "SELECT gl, coalesce(branch, ''), currency, booking_day, value_day, minor
             FROM line JOIN entry ON entry.row = line.entry",
        )
        .map_err(backend)?;
    let mut rows = lines.query([]).map_err(backend)?;
    while let Some(row) = rows.next().map_err(backend)? {
        let key = turnover_key(row)?;
        let (debit, credit) = sums.entry(key).or_default();
        match i128::from(row.integer(5)?) {
            minor if minor < 0 => *credit -= minor,
            minor => *debit += minor,
        }
    }
    let mut turnovers = connection
        .prepare("SELECT gl, branch, currency, booking_day, value_day, debit, credit FROM turnover")
        .map_err(backend)?;
    let mut rows = turnovers.query([]).map_err(backend)?;
    let mut wrong = Vec::new();
    while let Some(row) = rows.next().map_err(backend)? {
        let key = turnover_key(row)?;
        let stored = (i128::from(row.integer(5)?), i128::from(row.integer(6)?));
        if sums.remove(&key) != Some(stored) {
            wrong.push(key.0);
        }
    }
    wrong.extend(sums.into_keys().map(|key| key.0));
    wrong.sort();
    wrong.dedup();
    findings.extend(wrong.into_iter().map(|gl| Finding::Balance { gl }));
    Ok(())
}

fn count(connection: &Connection) -> Result<Totals, StoreError> {
    let (_, totals) = last_commit(connection)?;
    let rows = |table: &str| -> Result<u64, StoreError> {
        connection
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get::<_, i64>(0)
            })
            .map(i64::unsigned_abs)
            .map_err(backend)
    };
    Ok(Totals {
        accounts: rows("account")?,
        events: rows("event")?,
        entries: rows("entry")?,
        records: rows("record")?,
        // Acknowledged messages are gone: their number is only in the log.
        messages: totals.messages,
    })
}
