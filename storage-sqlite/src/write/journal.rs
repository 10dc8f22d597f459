//! Histories, entries, and the sums of their lines.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{BranchCode, Currency, EntryId, GlCode, JournalEntry, JournalLine};
use lending_core::store::{Commit, LedgerKey, StoreError, Turnover};
use rusqlite::{CachedStatement, params};

use super::{Lazy, Writer, bind};
use crate::{
    error::{backend, is_overflow, is_unique},
    value::{to_day, to_integer},
};

impl Writer<'_> {
    pub(super) fn events(&mut self, commit: &Commit) -> Result<(), StoreError> {
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

    pub(super) fn entries(&mut self, commit: &Commit) -> Result<(), StoreError> {
        if commit.entries.is_empty() {
            return Ok(());
        }
        let mut insert = InsertEntry::new(self)?;
        let mut lines = InsertLines::new(self);
        for posted in &commit.entries {
            let account = posted
                .account
                .map(|account| self.row_of(account))
                .transpose()?;
            insert.run(&posted.entry, account)?;
            lines.run(self.connection.last_insert_rowid(), posted.entry.lines())?;
        }
        Ok(())
    }

    pub(super) fn turnovers(
        &self,
        turnovers: BTreeMap<LedgerKey, Turnover>,
    ) -> Result<(), StoreError> {
        if turnovers.is_empty() {
            return Ok(());
        }
        let mut add = self.prepare(
            "INSERT INTO turnover (gl, branch, currency, booking_day, value_day, debit, credit)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET debit = debit + excluded.debit,
                                       credit = credit + excluded.credit",
        )?;
        for (key, moved) in turnovers {
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
}

/// The entries of a page share most of their columns: what a row has in common with the one before
/// stays bound.
struct InsertEntry<'c> {
    insert: CachedStatement<'c>,
    value_day: Last<NaiveDate>,
    booking_day: Last<NaiveDate>,
    texts: [Last<Option<String>>; 4],
    reverses: Last<Option<EntryId>>,
}

impl<'c> InsertEntry<'c> {
    fn new(writer: &Writer<'c>) -> Result<Self, StoreError> {
        let mut insert = writer.prepare(
            "INSERT INTO entry (id, account, value_day, booking_day, sequence,
                                reference, notes, tags, manual_by, reverses)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        bind(&mut insert, 5, writer.sequence)?;
        Ok(Self {
            insert,
            value_day: Last(None),
            booking_day: Last(None),
            texts: [const { Last(None) }; 4],
            reverses: Last(None),
        })
    }

    fn run(&mut self, entry: &JournalEntry, account: Option<i64>) -> Result<(), StoreError> {
        let to = &mut self.insert;
        bind(to, 1, entry.id().get().to_be_bytes())?;
        bind(to, 2, account)?;
        if self.value_day.differs(&entry.value_date()) {
            bind(to, 3, to_day(entry.value_date()))?;
        }
        if self.booking_day.differs(&entry.booking_date()) {
            bind(to, 4, to_day(entry.booking_date()))?;
        }
        // A map of strings always has a JSON text.
        let tags = Some(entry.tags())
            .filter(|tags| !tags.is_empty())
            .and_then(|tags| serde_json::to_string(tags).ok());
        let texts = [
            entry.reference(),
            entry.notes(),
            tags.as_deref(),
            entry.manual_by(),
        ];
        for ((at, text), last) in (6..).zip(texts).zip(&mut self.texts) {
            if last.0.as_ref().is_none_or(|last| last.as_deref() != text) {
                last.0 = Some(text.map(ToOwned::to_owned));
                bind(to, at, text)?;
            }
        }
        if self.reverses.differs(&entry.reverses()) {
            bind(to, 10, entry.reverses().map(|id| id.get().to_be_bytes()))?;
        }
        to.raw_execute()
            .map(|_| ())
            .map_err(|error| match is_unique(&error) {
                true => StoreError::DuplicateEntry { id: entry.id() },
                false => backend(error),
            })
    }
}

/// The lines of an entry; both of a pair, which most entries are, in one step.
struct InsertLines<'c> {
    pair: Lazy<'c>,
    one: Lazy<'c>,
    /// What is bound for both lines of a pair.
    bound: [Last<(GlCode, Option<BranchCode>, Currency)>; 2],
}

impl<'c> InsertLines<'c> {
    const fn new(writer: &Writer<'c>) -> Self {
        Self {
            pair: writer.lazy(
                "INSERT INTO line (entry, number, gl, branch, currency, minor)
                 VALUES (?1, 0, ?2, ?3, ?4, ?5), (?1, 1, ?6, ?7, ?8, ?9)",
            ),
            one: writer.lazy(
                "INSERT INTO line (entry, number, gl, branch, currency, minor)
                 VALUES (?1, ?6, ?2, ?3, ?4, ?5)",
            ),
            bound: [const { Last(None) }; 2],
        }
    }

    fn run(&mut self, entry: i64, lines: &[JournalLine]) -> Result<(), StoreError> {
        if let [_, _] = lines {
            let to = self.pair.get()?;
            bind(to, 1, entry)?;
            for ((at, line), bound) in [2, 6].into_iter().zip(lines).zip(&mut self.bound) {
                if bound.differs(&(line.account(), line.branch(), line.currency())) {
                    bind_place(to, at, line)?;
                }
                bind(to, at + 3, line.signed_minor())?;
            }
            return to.raw_execute().map(|_| ()).map_err(backend);
        }
        let to = self.one.get()?;
        bind(to, 1, entry)?;
        for (number, line) in (0_i64..).zip(lines) {
            bind_place(to, 2, line)?;
            bind(to, 5, line.signed_minor())?;
            bind(to, 6, number)?;
            to.raw_execute().map_err(backend)?;
        }
        Ok(())
    }
}

/// GL account, branch and currency of a line.
fn bind_place(
    to: &mut CachedStatement<'_>,
    at: usize,
    line: &JournalLine,
) -> Result<(), StoreError> {
    bind(to, at, line.account().as_str())?;
    bind(to, at + 1, line.branch().as_ref().map(BranchCode::as_str))?;
    bind(to, at + 2, line.currency().code())
}

/// What was bound last.
struct Last<T>(Option<T>);

impl<T: PartialEq + Clone> Last<T> {
    /// Whether it is to be bound, for it is another.
    fn differs(&mut self, value: &T) -> bool {
        if self.0.as_ref() == Some(value) {
            return false;
        }
        self.0 = Some(value.clone());
        true
    }
}
