//! The one write: a commit is a transaction.
//!
//! Cost of a commit of `n` accounts: one seek to read and one to update each, an insert an event,
//! an entry and a line, one update a GL account and pair of dates; then one sync of the
//! write-ahead log.

use std::collections::BTreeMap;

use lending_core::{
    ids::AccountId,
    store::{
        AccountWrite, CheckpointWrite, Commit, Outcome, Receipt, RecordContent, RecordWrite,
        StoreError, Subject,
    },
};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::{
    chain::{Head, Link},
    error::{backend, is_overflow, is_unique},
    open::SqliteStore,
    read::{header_of, read_receipt},
    seen::{Place, Seen},
    value::{Columns, to_day, to_integer},
};

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
        let Self { connection, seen } = self;
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
        let Self { connection, seen } = self;
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
        && let Some(earlier) = read_receipt(connection, idempotency.key)?
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
    totals.accounts += writer.accounts(&commit.accounts, seen)?;
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
        if commit.guards.is_empty() {
            return Ok(());
        }
        let mut version = self.prepare("SELECT version FROM account WHERE id = ?1")?;
        for guard in &commit.guards {
            let account = guard.account;
            let found = version
                .query_row([account.to_bytes()], |row| Ok(row.number(0)))
                .optional()
                .map_err(backend)?
                .transpose()?
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

    /// Gives the number of accounts created.
    fn accounts(&mut self, writes: &[AccountWrite], seen: &mut Seen) -> Result<u64, StoreError> {
        if writes.is_empty() {
            return Ok(0);
        }
        let mut created = 0;
        let mut select = self.prepare(
            "SELECT row, version, kind, reference, holder, product, branch, currency, standing,
                    next_work_on, in_arrears_since, principal, interest, fees, penalties, overdue
             FROM account WHERE id = ?1",
        )?;
        let mut update = UpdateAccount::prepare(self)?;
        let mut insert = self.prepare(
            "INSERT INTO account (id, version, kind, reference, holder, product, branch, currency,
                 standing, next_work_on, in_arrears_since,
                 principal, interest, fees, penalties, overdue, state)
             VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )?;
        for write in writes {
            if let Some(place) = seen.take(write.id, write.expected)
                && update.run(&place, write)?
            {
                self.rows.insert(write.id, place.row);
                continue;
            }
            let stored = place_of(&mut select, write.id)?;
            let found = stored.as_ref().map(|place| place.version);
            if found != write.expected {
                let (subject, expected) = (Subject::Account(write.id), write.expected);
                return Err(StoreError::Stale {
                    subject,
                    expected,
                    found,
                });
            }
            let row = match stored {
                Some(place) => {
                    update.run(&place, write)?;
                    place.row
                }
                None => {
                    created += 1;
                    insert_account(&mut insert, write)?;
                    self.connection.last_insert_rowid()
                }
            };
            self.rows.insert(write.id, row);
        }
        Ok(created)
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

    fn events(&mut self, commit: &Commit) -> Result<(), StoreError> {
        if commit.events.is_empty() {
            return Ok(());
        }
        let mut insert = self.prepare(
            "INSERT INTO event (account, seq, value_day, booking_day, sequence, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for event in &commit.events {
            let (account, seq) = (event.account, event.seq);
            insert
                .execute(params![
                    self.row_of(account)?,
                    to_integer(seq)?,
                    to_day(event.value_date),
                    to_day(event.booking_date),
                    self.sequence,
                    event.body,
                ])
                .map_err(|error| match is_unique(&error) {
                    true => StoreError::DuplicateEvent { account, seq },
                    false => backend(error),
                })?;
        }
        Ok(())
    }

    fn entries(&mut self, commit: &Commit) -> Result<(), StoreError> {
        if commit.entries.is_empty() {
            return Ok(());
        }
        let mut insert = self.prepare(
            "INSERT INTO entry (id, account, value_day, booking_day, sequence,
                                reference, notes, tags, manual_by, reverses)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        let mut insert_line = self.prepare(
            "INSERT INTO line (entry, number, gl, branch, currency, minor)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for posted in &commit.entries {
            let entry = &posted.entry;
            let account = posted
                .account
                .map(|account| self.row_of(account))
                .transpose()?;
            // A map of strings always has a JSON text.
            let tags = Some(entry.tags())
                .filter(|tags| !tags.is_empty())
                .and_then(|tags| serde_json::to_string(tags).ok());
            insert
                .execute(params![
                    entry.id().get().to_be_bytes(),
                    account,
                    to_day(entry.value_date()),
                    to_day(entry.booking_date()),
                    self.sequence,
                    entry.reference(),
                    entry.notes(),
                    tags,
                    entry.manual_by(),
                    entry.reverses().map(|id| id.get().to_be_bytes()),
                ])
                .map_err(|error| match is_unique(&error) {
                    true => StoreError::DuplicateEntry { id: entry.id() },
                    false => backend(error),
                })?;
            let row = self.connection.last_insert_rowid();
            for (number, line) in (0_i64..).zip(entry.lines()) {
                let (gl, branch) = (line.account(), line.branch());
                insert_line
                    .execute(params![
                        row,
                        number,
                        gl.as_str(),
                        branch.as_ref().map(|branch| branch.as_str()),
                        line.currency().code(),
                        line.signed_minor(),
                    ])
                    .map_err(backend)?;
            }
        }
        Ok(())
    }

    fn turnovers(&self, commit: &Commit) -> Result<(), StoreError> {
        if commit.entries.is_empty() {
            return Ok(());
        }
        let mut add = self.prepare(
            "INSERT INTO turnover (gl, branch, currency, booking_day, value_day, debit, credit)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET debit = debit + excluded.debit,
                                       credit = credit + excluded.credit",
        )?;
        for (key, moved) in commit.turnovers() {
            let range = || StoreError::AmountRange {
                gl: key.gl,
                currency: key.currency,
            };
            let (Ok(debit), Ok(credit)) = (i64::try_from(moved.debit), i64::try_from(moved.credit))
            else {
                return Err(range());
            };
            add.execute(params![
                key.gl.as_str(),
                key.branch.as_ref().map_or("", |branch| branch.as_str()),
                key.currency.code(),
                to_day(key.booking_date),
                to_day(key.value_date),
                debit,
                credit,
            ])
            .map_err(|error| {
                if is_overflow(&error) {
                    range()
                } else {
                    backend(error)
                }
            })?;
        }
        Ok(())
    }

    /// Gives by how many the records grew.
    fn records(&self, writes: &[RecordWrite]) -> Result<i64, StoreError> {
        let mut grown = 0;
        for write in writes {
            let stored: Option<(i64, i64)> = self
                .prepare("SELECT row, version FROM record WHERE kind = ?1 AND id = ?2")?
                .query_row([write.kind.as_str(), write.id.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()
                .map_err(backend)?;
            let found = stored.map(|(_, version)| version.unsigned_abs());
            if found != write.expected {
                let subject = Subject::Record(Box::new((write.kind, write.id)));
                return Err(StoreError::Stale {
                    subject,
                    expected: write.expected,
                    found,
                });
            }
            if let Some((row, _)) = stored {
                self.prepare("DELETE FROM record_key WHERE record = ?1")?
                    .execute([row])
                    .map_err(backend)?;
            }
            grown += self.record(write, stored)?;
        }
        Ok(grown)
    }

    fn record(&self, write: &RecordWrite, stored: Option<(i64, i64)>) -> Result<i64, StoreError> {
        let (body, keys) = match &write.content {
            RecordContent::Put { body, keys } => (body, keys),
            RecordContent::Erase => {
                let row = stored.map(|(row, _)| row);
                self.prepare("DELETE FROM record WHERE row = ?1")?
                    .execute([row])
                    .map_err(backend)?;
                return Ok(-1);
            }
        };
        let (row, grown) = match stored {
            Some((row, version)) => {
                self.prepare("UPDATE record SET version = ?2, body = ?3 WHERE row = ?1")?
                    .execute(params![row, version + 1, body])
                    .map_err(backend)?;
                (row, 0)
            }
            None => {
                self.prepare(
                    "INSERT INTO record (kind, id, version, body) VALUES (?1, ?2, 1, ?3)",
                )?
                .execute(params![write.kind.as_str(), write.id.as_str(), body])
                .map_err(backend)?;
                (self.connection.last_insert_rowid(), 1)
            }
        };
        let mut insert = self.prepare(
            "INSERT INTO record_key (kind, name, value, id, record) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?;
        for key in keys {
            insert
                .execute(params![
                    write.kind.as_str(),
                    key.name,
                    key.value,
                    write.id.as_str(),
                    row
                ])
                .map_err(backend)?;
        }
        Ok(grown)
    }

    fn checkpoints(&self, writes: &[CheckpointWrite]) -> Result<(), StoreError> {
        for write in writes {
            let found: Option<i64> = self
                .prepare("SELECT version FROM checkpoint WHERE job = ?1")?
                .query_row([write.job.as_str()], |row| row.get(0))
                .optional()
                .map_err(backend)?;
            if found.map(i64::unsigned_abs) != write.expected {
                return Err(StoreError::Stale {
                    subject: Subject::Checkpoint(Box::new(write.job)),
                    expected: write.expected,
                    found: found.map(i64::unsigned_abs),
                });
            }
            self.prepare(
                "INSERT INTO checkpoint (job, version, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body",
            )?
            .execute(params![
                write.job.as_str(),
                found.unwrap_or(0) + 1,
                write.body
            ])
            .map_err(backend)?;
        }
        Ok(())
    }

    fn outbox(&mut self, commit: &Commit, last: u64) -> Result<(), StoreError> {
        if commit.outbox.is_empty() {
            return Ok(());
        }
        let mut insert = self
            .prepare("INSERT INTO outbox (number, topic, account, body) VALUES (?1, ?2, ?3, ?4)")?;
        for (number, message) in (to_integer(last)? + 1..).zip(&commit.outbox) {
            let account = message
                .account
                .map(|account| self.row_of(account))
                .transpose()?;
            insert
                .execute(params![number, message.topic, account, message.body])
                .map_err(backend)?;
        }
        Ok(())
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

    fn receipt(&self, commit: &Commit, sequence: u64) -> Result<Receipt, StoreError> {
        let Some(idempotency) = &commit.idempotency else {
            return Ok(Receipt {
                sequence,
                reply: Vec::new(),
            });
        };
        self.prepare(
            "INSERT INTO receipt (key, fingerprint, keep_until, sequence, reply)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            idempotency.key.to_bytes(),
            idempotency.fingerprint.as_bytes(),
            to_day(idempotency.keep_until),
            self.sequence,
            idempotency.reply,
        ])
        .map_err(backend)?;
        Ok(Receipt {
            sequence,
            reply: idempotency.reply.clone(),
        })
    }
}

/// Where an account lies and what is stored of it.
fn place_of(select: &mut CachedStatement<'_>, id: AccountId) -> Result<Option<Place>, StoreError> {
    let mut rows = select.query([id.to_bytes()]).map_err(backend)?;
    let Some(row) = rows.next().map_err(backend)? else {
        return Ok(None);
    };
    let (version, header) = (row.number(1)?, header_of(row, 2)?);
    Ok(Some(Place {
        row: row.integer(0)?,
        version,
        header,
    }))
}

/// Three ways to update an account, because SQLite rewrites an index whenever a column of it is
/// mentioned: most changes touch no index, the end of day touches one.
struct UpdateAccount<'c> {
    hot: CachedStatement<'c>,
    due: CachedStatement<'c>,
    whole: CachedStatement<'c>,
}

impl<'c> UpdateAccount<'c> {
    fn prepare(writer: &Writer<'c>) -> Result<Self, StoreError> {
        let sql = |columns: &str| {
            format!(
                "UPDATE account SET version = ?2 + 1, standing = ?3, principal = ?4, interest = ?5,
                     fees = ?6, penalties = ?7, overdue = ?8, state = ?9{columns}
                 WHERE row = ?1 AND version = ?2"
            )
        };
        Ok(Self {
            hot: writer.prepare(&sql(""))?,
            due: writer.prepare(&sql(", next_work_on = ?10"))?,
            whole: writer.prepare(&sql(
                ", next_work_on = ?10, in_arrears_since = ?11, holder = ?12, product = ?13,
                 branch = ?14",
            ))?,
        })
    }

    /// Gives whether the account was still at the version seen, and is now written.
    fn run(&mut self, seen: &Place, write: &AccountWrite) -> Result<bool, StoreError> {
        let (old, new) = (&seen.header, &write.header);
        if !old.is_same_identity(new) {
            return Err(StoreError::IdentityChanged { account: write.id });
        }
        let quiet = (old.in_arrears_since, old.holder, old.product, old.branch)
            == (new.in_arrears_since, new.holder, new.product, new.branch);
        let moved = old.next_work_on != new.next_work_on;
        let statement = match (quiet, moved) {
            (true, false) => &mut self.hot,
            (true, true) => &mut self.due,
            (false, _) => &mut self.whole,
        };
        let balances = &new.balances;
        let mut bind = |at: usize, value: &dyn rusqlite::ToSql| {
            statement.raw_bind_parameter(at, value).map_err(backend)
        };
        bind(1, &seen.row)?;
        bind(2, &to_integer(seen.version)?)?;
        bind(3, &new.standing.code())?;
        bind(4, &balances.principal)?;
        bind(5, &balances.interest)?;
        bind(6, &balances.fees)?;
        bind(7, &balances.penalties)?;
        bind(8, &balances.overdue)?;
        bind(9, &write.state)?;
        if moved || !quiet {
            bind(10, &new.next_work_on.map(to_day))?;
        }
        if !quiet {
            bind(11, &new.in_arrears_since.map(to_day))?;
            bind(12, &new.holder.to_bytes())?;
            bind(13, &new.product.as_str())?;
            bind(14, &new.branch.as_str())?;
        }
        Ok(statement.raw_execute().map_err(backend)? == 1)
    }
}

fn insert_account(
    insert: &mut CachedStatement<'_>,
    write: &AccountWrite,
) -> Result<(), StoreError> {
    let (header, balances) = (&write.header, &write.header.balances);
    insert
        .execute(params![
            write.id.to_bytes(),
            header.kind.code(),
            header.reference.as_str(),
            header.holder.to_bytes(),
            header.product.as_str(),
            header.branch.as_str(),
            header.currency.code(),
            header.standing.code(),
            header.next_work_on.map(to_day),
            header.in_arrears_since.map(to_day),
            balances.principal,
            balances.interest,
            balances.fees,
            balances.penalties,
            balances.overdue,
            write.state,
        ])
        .map(|_| ())
        .map_err(|error| match is_unique(&error) {
            // The id was looked up before: only the reference can be taken.
            true => StoreError::ReferenceTaken {
                reference: header.reference,
            },
            false => backend(error),
        })
}
