//! The adapter keeps every promise of the port, in memory and through a closed file.

use std::path::PathBuf;

use lending_core::store::{Store, StoreError, conformance};
use storage_sqlite::{Options, SqliteStore};

struct InMemory;

impl conformance::Fixture for InMemory {
    fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(SqliteStore::in_memory()?))
    }
}

struct InFiles {
    folder: tempfile::TempDir,
    files: usize,
}

impl InFiles {
    fn path(&self) -> PathBuf {
        self.folder.path().join(format!("{}.db", self.files))
    }
}

impl conformance::Fixture for InFiles {
    fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError> {
        self.files += 1;
        Ok(Box::new(SqliteStore::open(
            self.path(),
            &Options::default(),
        )?))
    }

    fn reopen(&mut self, store: Box<dyn Store>) -> Result<Box<dyn Store>, StoreError> {
        drop(store);
        let store = SqliteStore::open(self.path(), &Options::default())?;
        let verification = store.verify(None)?;
        assert!(verification.is_sound(), "{:?}", verification.findings);
        Ok(Box::new(store))
    }
}

#[test]
fn in_memory() {
    conformance::run(&mut InMemory).unwrap();
}

#[test]
fn through_a_closed_file() {
    let mut fixture = InFiles {
        folder: tempfile::tempdir().unwrap(),
        files: 0,
    };
    let report = conformance::run(&mut fixture).unwrap();
    assert_eq!(report.passed.len(), fixture.files);
}
