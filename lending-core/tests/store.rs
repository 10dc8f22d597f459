//! The reference store keeps every promise of the port.
#![cfg(feature = "conformance")]

use lending_core::store::{MemoryStore, Store, StoreError, conformance};

struct InMemory;

impl conformance::Fixture for InMemory {
    fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(MemoryStore::new()))
    }
}

#[test]
fn memory_store_conforms() {
    let report = conformance::run(&mut InMemory).unwrap();
    assert!(report.passed.len() > 40, "{} checks", report.passed.len());
}
