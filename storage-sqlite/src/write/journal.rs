//! Histories, entries, and the sums of their lines.

use std::collections::BTreeMap;

use lending_core::store::{Commit, LedgerKey, StoreError, Turnover};
use rusqlite::params;

use super::Writer;
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
