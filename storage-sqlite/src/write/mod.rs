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
    store::{Commit, Outcome, StoreError, Subject},
};
use rusqlite::{CachedStatement, Connection, OptionalExtension, TransactionBehavior, params};

use crate::{
    chain::{Head, Link},
    error::backend,
    log::{Totals, last_commit},
    open::SqliteStore,
    read,
    seen::Seen,
    value::to_integer,
};

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
        let Self {
            connection, seen, ..
        } = self;
        let mut transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(backend)?;
        let mut outcomes = Vec::with_capacity(commits.len());
        for commit in commits {
            if let Err(error) = commit.check() {
                outcomes.push(Err(error));
                continue;
            }
            let savepoint = transaction.savepoint().map_err(backend)?;
            match apply(&savepoint, seen, commit) {
                // The database itself failed: nothing of the group can be trusted.
                Err(error @ StoreError::Backend { .. }) => return Err(error),
                Err(error) => outcomes.push(Err(error)),
                Ok(outcome) => {
                    savepoint.commit().map_err(backend)?;
                    outcomes.push(Ok(outcome));
                }
            }
        }
        transaction.commit().map_err(backend)?;
        Ok(outcomes)
    }
}

/// Carries out a commit inside of a transaction that the caller ends.
fn apply(connection: &Connection, seen: &mut Seen, commit: &Commit) -> Result<Outcome, StoreError> {
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
    let next = Link::of(&head, commit);
    let sequence = to_integer(next.sequence)?;
    let mut writer = Writer {
        connection,
        sequence,
        rows: BTreeMap::new(),
    };
    writer.guards(commit)?;
    totals.accounts += writer.accounts(commit, seen)?;
    writer.accruals(commit)?;
    writer.events(commit)?;
    writer.entries(commit)?;
    writer.turnovers(commit)?;
    totals.records = totals
        .records
        .saturating_add_signed(writer.records(&commit.records)?);
    writer.checkpoints(&commit.checkpoints)?;
    writer.outbox(commit, totals.messages)?;
    totals.events += commit.events.len() as u64;
    totals.entries += commit.entries.len() as u64;
    totals.messages += commit.outbox.len() as u64;
    writer.log(&next, &totals)?;
    writer.receipt(commit, next.sequence).map(Outcome::Applied)
}

struct Writer<'c> {
    connection: &'c Connection,
    sequence: i64,
    /// The rows of the accounts written, which events and entries refer to.
    rows: BTreeMap<AccountId, i64>,
}

impl<'c> Writer<'c> {
    fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
        self.connection.prepare_cached(sql).map_err(backend)
    }

    fn guards(&self, commit: &Commit) -> Result<(), StoreError> {
        for guard in &commit.guards {
            let account = guard.account;
            let found = read::version(self.connection, account)?
                .ok_or(StoreError::UnknownAccount { account })?;
            if found != guard.version {
                let (subject, expected) = (Subject::Account(account), Some(guard.version));
                return Err(StoreError::Stale {
                    subject,
                    expected,
                    found: Some(found),
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
