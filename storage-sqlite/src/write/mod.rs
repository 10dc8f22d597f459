//! The one write: a commit is a transaction.
//!
//! Cost of a commit of `n` accounts: one seek to read and one to update each, an insert an event,
//! an entry and a line, one update a GL account and pair of dates; then one sync of the
//! write-ahead log.

mod accounts;
mod journal;
mod records;

use std::collections::BTreeMap;

use lending_core::{
    ids::AccountId,
    store::{BackendKind, Commit, Outcome, StoreError, Subject},
};
use rusqlite::{
    CachedStatement, Connection, OptionalExtension, ToSql, TransactionBehavior, config::DbConfig,
    params,
};

use crate::{
    chain::{Head, Link},
    error::{backend, trouble},
    log::{Totals, last_commit},
    open::SqliteStore,
    read,
    seen::Seen,
    value::to_integer,
};

/// Entries from which on a commit is a page: what is small beside its rows pays for itself.
const LARGE: usize = 1_000;

impl SqliteStore {
    /// The last commit and the hash that covers everything up to it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn head(&self) -> Result<Head, StoreError> {
        last_commit(&self.connection).map(|(head, _)| head)
    }

    pub(crate) fn write(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        commit.check()?;
        if commit.entries.len() < LARGE {
            return self.land(commit);
        }
        // Each account that the rows of a page refer to was found in this transaction, and each line
        // refers to the entry written before it: to look both up once more for every row is a fifth
        // of the work of a page. `verify` looks at all of them.
        self.check_references(false)?;
        let landed = self.land(commit);
        self.check_references(true)?;
        landed
    }

    fn check_references(&self, on: bool) -> Result<(), StoreError> {
        let set = self
            .connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, on);
        set.map(|_| ()).map_err(backend)
    }

    fn land(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        let Self {
            connection, seen, ..
        } = self;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(backend)?;
        // Dropped without a commit, the transaction is rolled back.
        let outcome = apply(&transaction, seen, commit)?;
        if outcome.is_applied() {
            transaction.commit().map_err(backend)?;
        }
        Ok(outcome)
    }

    /// Lands several commits in one transaction, each on its own: a refused one leaves nothing and
    /// does not touch the others. Nothing counts before this returns.
    pub(crate) fn write_group(
        &mut self,
        commits: &[Commit],
    ) -> Result<Vec<Result<Outcome, StoreError>>, StoreError> {
        // A savepoint keeps a copy of every page touched after it. Most refusals come before the
        // first write, and then none is needed; a refusal after it has the group begin again.
        match self.write_all(commits, false)? {
            Some(outcomes) => Ok(outcomes),
            None => Ok(self.write_all(commits, true)?.unwrap_or_default()),
        }
    }

    /// Gives nothing, and has written nothing, when a commit was refused that had begun to write
    /// and there was no savepoint to go back to.
    fn write_all(
        &mut self,
        commits: &[Commit],
        savepoints: bool,
    ) -> Result<Option<Vec<Result<Outcome, StoreError>>>, StoreError> {
        let Self {
            connection, seen, ..
        } = self;
        let mut transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(backend)?;
        let mut outcomes = Vec::with_capacity(commits.len());
        for commit in commits {
            let outcome = match commit.check() {
                Err(error) => Err(error),
                Ok(()) if savepoints => {
                    let savepoint = transaction.savepoint().map_err(backend)?;
                    let outcome = apply(&savepoint, seen, commit);
                    if outcome.is_ok() {
                        savepoint.commit().map_err(backend)?;
                    }
                    outcome
                }
                Ok(()) => {
                    let before = transaction.total_changes();
                    let outcome = apply(&transaction, seen, commit);
                    let began = transaction.total_changes() != before;
                    match outcome {
                        Err(error @ StoreError::Backend { .. }) => Err(error),
                        Err(_) if began => return Ok(None),
                        outcome => outcome,
                    }
                }
            };
            match outcome {
                // The database itself failed: nothing of the group can be trusted.
                Err(error @ StoreError::Backend { .. }) => return Err(error),
                outcome => outcomes.push(outcome),
            }
        }
        transaction.commit().map_err(backend)?;
        Ok(Some(outcomes))
    }
}

/// Carries out a commit inside of a transaction that the caller ends.
fn apply<'c>(
    connection: &'c Connection,
    seen: &'c mut Seen,
    commit: &Commit,
) -> Result<Outcome, StoreError> {
    if let Some(idempotency) = &commit.idempotency
        && let Some(earlier) = read::receipt(connection, idempotency.key)?
    {
        return if earlier.fingerprint == idempotency.fingerprint {
            Ok(Outcome::Replayed(earlier.receipt))
        } else {
            Err(StoreError::KeyReused {
                key: idempotency.key,
            })
        };
    }
    let (head, mut totals) = last_commit(connection)?;
    let mut writer = Writer {
        connection,
        seen,
        sequence: to_integer(head.sequence)? + 1,
        rows: BTreeMap::new(),
    };
    writer.guards(commit)?;
    let sums = || (Link::of(&head, commit), commit.turnovers());
    let (next, turnovers) = if commit.entries.len() < LARGE {
        writer.rows_of(commit, &mut totals)?;
        sums()
    } else {
        // Hashing and adding up do not need the database: another core does them meanwhile.
        let mut summed = None;
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| summed = Some(sums()));
            writer.rows_of(commit, &mut totals)
        })?;
        summed.unwrap_or_else(sums)
    };
    writer.turnovers(turnovers)?;
    totals.records = totals
        .records
        .saturating_add_signed(writer.records(&commit.records)?);
    writer.checkpoints(&commit.checkpoints)?;
    writer.outbox(commit, totals.messages)?;
    totals.messages += commit.outbox.len() as u64;
    writer.log(&next, &totals)?;
    writer.receipt(commit, next.sequence).map(Outcome::Applied)
}

/// A statement that is prepared when it is first needed: most commits need few of them.
struct Lazy<'c> {
    connection: &'c Connection,
    sql: &'static str,
    statement: Option<CachedStatement<'c>>,
}

impl<'c> Lazy<'c> {
    fn get(&mut self) -> Result<&mut CachedStatement<'c>, StoreError> {
        let statement = match self.statement.take() {
            Some(statement) => statement,
            None => self.connection.prepare_cached(self.sql).map_err(backend)?,
        };
        Ok(self.statement.insert(statement))
    }
}

/// Binds one value; it stays bound until it is bound anew.
fn bind(
    statement: &mut CachedStatement<'_>,
    at: usize,
    value: impl ToSql,
) -> Result<(), StoreError> {
    statement.raw_bind_parameter(at, value).map_err(backend)
}

struct Writer<'c> {
    connection: &'c Connection,
    seen: &'c mut Seen,
    sequence: i64,
    /// The rows of the accounts written, which events and entries refer to.
    rows: BTreeMap<AccountId, i64>,
}

impl<'c> Writer<'c> {
    /// Accounts, plans, events, entries.
    fn rows_of(&mut self, commit: &Commit, totals: &mut Totals) -> Result<(), StoreError> {
        totals.accounts += self.accounts(commit)?;
        self.accruals(commit)?;
        self.events(commit)?;
        self.entries(commit)?;
        totals.events += commit.events.len() as u64;
        totals.entries += commit.entries.len() as u64;
        Ok(())
    }

    fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
        self.connection.prepare_cached(sql).map_err(backend)
    }

    const fn lazy(&self, sql: &'static str) -> Lazy<'c> {
        Lazy {
            connection: self.connection,
            sql,
            statement: None,
        }
    }

    fn guards(&self, commit: &Commit) -> Result<(), StoreError> {
        for guard in &commit.guards {
            let found = match &guard.subject {
                Subject::Account(id) => read::version(self.connection, *id)?,
                Subject::Record(at) => self
                    .stored_record(&at.0, &at.1)?
                    .map(|(_, version)| version),
                Subject::Checkpoint(job) => self.stored_checkpoint(job)?,
                other => {
                    let other = other.to_string();
                    return Err(trouble(
                        BackendKind::Unsupported,
                        format!("a guard of {other}"),
                    ));
                }
            };
            if found != guard.expected {
                return Err(StoreError::Stale {
                    subject: guard.subject.clone(),
                    expected: guard.expected,
                    found,
                });
            }
        }
        Ok(())
    }

    /// The row of an account that an event, entry or message belongs to.
    fn row_of(&mut self, account: AccountId) -> Result<i64, StoreError> {
        if let Some(row) = self.rows.get(&account) {
            return Ok(*row);
        }
        if let Some(row) = self.seen.take_row(account) {
            return Ok(row);
        }
        let row = self
            .prepare("SELECT row FROM account WHERE id = ?1")?
            .query_row([account.to_bytes()], |row| row.get(0))
            .optional()
            .map_err(backend)?
            .ok_or(StoreError::UnknownAccount { account })?;
        self.rows.insert(account, row);
        Ok(row)
    }

    fn log(&self, head: &Head, totals: &Totals) -> Result<(), StoreError> {
        self.prepare(
            "INSERT INTO commit_log (sequence, accounts, events, entries, records, messages, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            self.sequence,
            to_integer(totals.accounts)?,
            to_integer(totals.events)?,
            to_integer(totals.entries)?,
            to_integer(totals.records)?,
            to_integer(totals.messages)?,
            head.hash,
        ])
        .map_err(backend)?;
        Ok(())
    }
}
