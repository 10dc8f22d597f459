//! A whole adapter of the storage port: a log file and a memory.
//!
//! Every write is a line of JSON, synced before it counts; opening the file does all of them again.
//! Small enough to read in one go, and complete: it passes the conformance kit, closed and opened
//! after every check. `docs/storage-adapter.md` walks through it.
#![cfg(feature = "conformance")]

use core::num::NonZeroU32;
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use lending_core::{
    ids::{AccountId, AccountRef, IdempotencyKey, JobId, RecordId, RecordKind},
    store::*,
};
use serde::{Deserialize, Serialize};

/// What a line says.
#[derive(Serialize, Deserialize)]
enum Line {
    Commit(Box<Commit>),
    Acknowledge(u64),
    Expire(NaiveDate),
}

/// A store in a log file.
struct LogStore {
    log: File,
    memory: MemoryStore,
}

/// The platform's trouble in the words of the port.
fn trouble(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Backend {
        kind: BackendKind::Io,
        message: error.to_string(),
        source: Some(Box::new(error)),
    }
}

impl LogStore {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let options = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .clone();
        let log = options.open(path).map_err(trouble)?;
        let mut memory = MemoryStore::new();
        let mut whole = 0;
        let mut lines = BufReader::new(&log);
        loop {
            let mut text = String::new();
            let length = lines.read_line(&mut text).map_err(trouble)?;
            // A line without its end was being written when the power went: it never counted.
            if length == 0 || !text.ends_with('\n') {
                break;
            }
            whole += length as u64;
            // What the memory refused then, it refuses again: refusals are not in the log.
            match serde_json::from_str(&text).map_err(trouble)? {
                Line::Commit(commit) => drop(memory.commit(&commit)?),
                Line::Acknowledge(through) => memory.acknowledge(through)?,
                Line::Expire(today) => drop(memory.expire_receipts(today)?),
            }
        }
        log.set_len(whole).map_err(trouble)?;
        Ok(Self { log, memory })
    }

    /// One line, on the disk before this returns.
    fn append(&mut self, line: &Line) -> Result<(), StoreError> {
        let mut text = serde_json::to_string(line).map_err(trouble)?;
        text.push('\n');
        self.log.write_all(text.as_bytes()).map_err(trouble)?;
        self.log.sync_data().map_err(trouble)
    }
}

/// Reads are the memory's.
macro_rules! read {
    ($(fn $name:ident(&mut self $(, $argument:ident: $type:ty)*) -> $result:ty;)*) => {$(
        fn $name(&mut self $(, $argument: $type)*) -> Result<$result, StoreError> {
            self.memory.$name($($argument),*)
        }
    )*};
}

impl Store for LogStore {
    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        // Decided on a copy first: what is refused leaves no line behind.
        let mut after = self.memory.clone();
        let outcome = after.commit(commit)?;
        if outcome.is_applied() {
            self.append(&Line::Commit(Box::new(commit.clone())))?;
            self.memory = after;
        }
        Ok(outcome)
    }

    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError> {
        let mut after = self.memory.clone();
        after.acknowledge(through)?;
        self.append(&Line::Acknowledge(through))?;
        self.memory = after;
        Ok(())
    }

    fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError> {
        self.append(&Line::Expire(today))?;
        self.memory.expire_receipts(today)
    }

    read! {
        fn account(&mut self, id: AccountId) -> Option<StoredAccount>;
        fn account_by_reference(&mut self, reference: &AccountRef) -> Option<StoredAccount>;
        fn accounts(&mut self, scan: &Scan, after: Option<PageKey>, limit: NonZeroU32,
            out: &mut Vec<StoredAccount>) -> ();
        fn accruing(&mut self, date: NaiveDate, after: Option<AccountId>, limit: NonZeroU32,
            out: &mut Vec<Accruing>) -> ();
        fn events(&mut self, account: AccountId, from: Option<NaiveDate>,
            out: &mut Vec<StoredEvent>) -> ();
        fn receipt(&mut self, key: IdempotencyKey) -> Option<StoredReceipt>;
        fn checkpoint(&mut self, job: &JobId) -> Option<StoredCheckpoint>;
        fn record(&mut self, kind: &RecordKind, id: &RecordId) -> Option<StoredRecord>;
        fn records(&mut self, scan: &RecordScan, after: Option<&RecordId>, limit: NonZeroU32,
            out: &mut Vec<StoredRecord>) -> ();
        fn balances(&mut self, query: &BalanceQuery) -> Vec<GlBalance>;
        fn journal(&mut self, query: &JournalQuery, after: Option<JournalKey>, limit: NonZeroU32,
            out: &mut Vec<PostedEntry>) -> ();
        fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> ();
        fn read(&mut self, set: &ReadSet) -> Found;
        fn statistics(&mut self) -> Statistics;
    }
}

/// Makes logs for the kit, and opens them again.
struct Logs {
    folder: PathBuf,
    made: u32,
}

impl Logs {
    fn open(&self) -> Result<Box<dyn Store>, StoreError> {
        let path = self.folder.join(format!("{}.log", self.made));
        Ok(Box::new(LogStore::open(&path)?))
    }
}

impl conformance::Fixture for Logs {
    fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError> {
        self.made += 1;
        self.open()
    }

    fn reopen(&mut self, store: Box<dyn Store>) -> Result<Box<dyn Store>, StoreError> {
        drop(store);
        self.open()
    }
}

#[test]
fn the_adapter_keeps_every_promise() {
    let folder = std::env::temp_dir().join(format!("adapter-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut logs = Logs {
        folder: folder.clone(),
        made: 0,
    };
    let report = conformance::run(&mut logs);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(report.unwrap().passed.len() as u32, logs.made);
}

#[test]
fn a_line_cut_off_by_a_power_cut_never_counted() {
    let path = std::env::temp_dir().join(format!("adapter-{}.log", std::process::id()));
    let mut store = LogStore::open(&path).unwrap();
    assert!(store.commit(&Commit::default()).unwrap().is_applied());
    drop(store);
    let mut log = OpenOptions::new().append(true).open(&path).unwrap();
    log.write_all(br#"{"Commit":{"idem"#).unwrap();
    let mut store = LogStore::open(&path).unwrap();
    assert_eq!(store.statistics().unwrap().commits, 1);
    assert!(store.commit(&Commit::default()).unwrap().is_applied());
    drop(store);
    let mut store = LogStore::open(&path).unwrap();
    assert_eq!(store.statistics().unwrap().commits, 2);
    std::fs::remove_file(&path).unwrap();
}
