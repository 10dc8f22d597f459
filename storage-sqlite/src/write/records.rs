//! Records, checkpoints, messages and receipts.

use lending_core::{
    ids::{JobId, RecordId, RecordKind},
    store::{CheckpointWrite, Commit, Receipt, RecordContent, RecordWrite, StoreError, Subject},
};
use rusqlite::{OptionalExtension, params};

use super::Writer;
use crate::{
    error::backend,
    value::{to_day, to_integer},
};

impl Writer<'_> {
    /// Gives by how many the records grew.
    pub(super) fn records(&self, writes: &[RecordWrite]) -> Result<i64, StoreError> {
        let mut grown = 0;
        for write in writes {
            let stored = self.stored_record(&write.kind, &write.id)?;
            let found = stored.map(|(_, version)| version);
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

    /// Row and version of a record.
    pub(super) fn stored_record(
        &self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<(i64, u64)>, StoreError> {
        self.prepare("SELECT row, version FROM record WHERE kind = ?1 AND id = ?2")?
            .query_row([kind.as_str(), id.as_str()], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })
            .optional()
            .map_err(backend)
    }

    /// The version of a job's checkpoint.
    pub(super) fn stored_checkpoint(&self, job: &JobId) -> Result<Option<u64>, StoreError> {
        self.prepare("SELECT version FROM checkpoint WHERE job = ?1")?
            .query_row([job.as_str()], |row| {
                row.get::<_, i64>(0).map(i64::unsigned_abs)
            })
            .optional()
            .map_err(backend)
    }

    fn record(&self, write: &RecordWrite, stored: Option<(i64, u64)>) -> Result<i64, StoreError> {
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
                    .execute(params![row, to_integer(version)? + 1, body])
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

    pub(super) fn checkpoints(&self, writes: &[CheckpointWrite]) -> Result<(), StoreError> {
        for write in writes {
            let found = self.stored_checkpoint(&write.job)?;
            if found != write.expected {
                return Err(StoreError::Stale {
                    subject: Subject::Checkpoint(Box::new(write.job)),
                    expected: write.expected,
                    found,
                });
            }
            self.prepare(
                "INSERT INTO checkpoint (job, version, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body",
            )?
            .execute(params![
                write.job.as_str(),
                to_integer(found.unwrap_or(0))? + 1,
                write.body
            ])
            .map_err(backend)?;
        }
        Ok(())
    }

    pub(super) fn outbox(&mut self, commit: &Commit, last: u64) -> Result<(), StoreError> {
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

    pub(super) fn receipt(&self, commit: &Commit, sequence: u64) -> Result<Receipt, StoreError> {
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
