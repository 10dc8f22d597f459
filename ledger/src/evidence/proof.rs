//! Proofs and their verification, which needs neither the journal nor the log.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::LogHash;

/// That a record is in a log of `size` records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The record, counted from zero.
    pub index: u64,
    /// The number of records of the log.
    pub size: u64,
    /// Neighbours from the record up to the root.
    pub path: Vec<LogHash>,
}

/// That a log of `new_size` records starts with the log of `old_size` records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyProof {
    /// The number of records of the older log.
    pub old_size: u64,
    /// The number of records of the newer log.
    pub new_size: u64,
    /// Subtrees that make up both roots.
    pub path: Vec<LogHash>,
}

/// A place in the tree while a proof is walked up: of the record and of the last one.
struct Place {
    at: u64,
    last: u64,
}

impl Place {
    const fn up(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }

    /// The neighbour is on the left. Places without a neighbour on the right are skipped.
    const fn is_right(&mut self) -> bool {
        if self.at & 1 == 0 && self.at != self.last {
            return false;
        }
        while self.at & 1 == 0 && self.at != 0 {
            self.up();
        }
        true
    }
}

impl InclusionProof {
    /// Whether `record` is in the log with this root at the proof's place (RFC 9162, 2.1.3.2).
    #[must_use]
    pub fn verify(&self, record: &[u8], root: &LogHash) -> bool {
        let Some(last) = self.size.checked_sub(1) else {
            return false;
        };
        if self.index > last {
            return false;
        }
        let mut place = Place {
            at: self.index,
            last,
        };
        let mut hash = LogHash::of_record(record);
        for neighbour in &self.path {
            if place.last == 0 {
                return false;
            }
            hash = if place.is_right() {
                LogHash::of_pair(neighbour, &hash)
            } else {
                LogHash::of_pair(&hash, neighbour)
            };
            place.up();
        }
        place.last == 0 && hash == *root
    }
}

impl ConsistencyProof {
    /// Whether the log with `new_root` starts with the log with `old_root` (RFC 9162, 2.1.4.2).
    #[must_use]
    pub fn verify(&self, old_root: &LogHash, new_root: &LogHash) -> bool {
        if self.old_size == self.new_size {
            return self.path.is_empty() && old_root == new_root;
        }
        let (Some(at), Some(last)) = (self.old_size.checked_sub(1), self.new_size.checked_sub(1))
        else {
            // Every log starts with the empty one.
            return self.path.is_empty()
                && self.old_size < self.new_size
                && *old_root == LogHash::of_empty_log();
        };
        if at > last {
            return false;
        }
        let mut place = Place { at, last };
        while place.at & 1 == 1 {
            place.up();
        }
        // A full older log is a subtree of the newer one: its root is not repeated in the proof.
        let known = self.old_size.is_power_of_two().then_some(old_root);
        let mut path = known.into_iter().chain(&self.path);
        let Some(first) = path.next() else {
            return false;
        };
        let (mut old, mut new) = (*first, *first);
        for neighbour in path {
            if place.last == 0 {
                return false;
            }
            if place.is_right() {
                old = LogHash::of_pair(neighbour, &old);
                new = LogHash::of_pair(neighbour, &new);
            } else {
                new = LogHash::of_pair(&new, neighbour);
            }
            place.up();
        }
        place.last == 0 && old == *old_root && new == *new_root
    }
}
