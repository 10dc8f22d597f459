//! The Merkle log: records in order, one root for all, short proofs for any.

use alloc::vec::Vec;

use super::{ConsistencyProof, InclusionProof, LogHash};

/// An append-only log of record hashes (RFC 6962, section 2.1).
///
/// Every full subtree is kept, 64 bytes a record, so that appending costs two hashes on average
/// and roots and proofs O(log n) hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MerkleLog {
    /// `levels[k][i]` is the hash of the records `i * 2^k .. (i + 1) * 2^k`.
    levels: Vec<Vec<LogHash>>,
}

impl MerkleLog {
    /// An empty log.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// The number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a record and gives its hash.
    pub fn append(&mut self, record: &[u8]) -> LogHash {
        let hash = LogHash::of_record(record);
        self.append_hash(hash);
        hash
    }

    fn append_hash(&mut self, hash: LogHash) {
        let mut node = hash;
        let mut level = 0_usize;
        loop {
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            let Some(row) = self.levels.get_mut(level) else {
                return;
            };
            row.push(node);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => {
                    node = LogHash::of_pair(left, right);
                }
                _ => return,
            }
            level = level.saturating_add(1);
        }
    }

    /// Forgets all but the first `length` records.
    pub(crate) fn truncate(&mut self, length: usize) {
        for (level, row) in self.levels.iter_mut().enumerate() {
            let shift = u32::try_from(level).unwrap_or(u32::MAX);
            row.truncate(length.checked_shr(shift).unwrap_or(0));
        }
        self.levels.retain(|row| !row.is_empty());
    }

    /// The hash of a record, counted from zero.
    #[must_use]
    pub fn record_hash(&self, index: usize) -> Option<LogHash> {
        self.levels.first()?.get(index).copied()
    }

    /// The hashes of all records: what is stored of a log. The rest follows from them.
    #[must_use]
    pub fn record_hashes(&self) -> Vec<LogHash> {
        self.levels.first().cloned().unwrap_or_default()
    }

    /// The log of records with these hashes.
    #[must_use]
    pub fn from_record_hashes(hashes: impl IntoIterator<Item = LogHash>) -> Self {
        let mut log = Self::new();
        hashes.into_iter().for_each(|hash| log.append_hash(hash));
        log
    }

    /// The root over all records.
    #[must_use]
    pub fn root(&self) -> LogHash {
        self.root_at(self.len())
            .unwrap_or_else(LogHash::of_empty_log)
    }

    /// The root when the log had `size` records; `None` when it has fewer.
    #[must_use]
    pub fn root_at(&self, size: usize) -> Option<LogHash> {
        match size {
            0 => Some(LogHash::of_empty_log()),
            _ => self.range(0, size),
        }
    }

    /// The hash over the records `start..end`, of which `start` is a multiple of the largest
    /// power of two not above the length: the ranges that occur in a tree.
    fn range(&self, start: usize, end: usize) -> Option<LogHash> {
        let length = end.checked_sub(start)?;
        if length.is_power_of_two() {
            let level = length.trailing_zeros();
            let row = self.levels.get(usize::try_from(level).ok()?)?;
            return row.get(start.checked_shr(level)?).copied();
        }
        let middle = start.checked_add(split(length)?)?;
        Some(LogHash::of_pair(
            &self.range(start, middle)?,
            &self.range(middle, end)?,
        ))
    }

    /// The proof that a record, counted from zero, is in the log as it was at `size` records.
    #[must_use]
    pub fn prove_inclusion(&self, index: usize, size: usize) -> Option<InclusionProof> {
        if index >= size || size > self.len() {
            return None;
        }
        let (mut start, mut end) = (0_usize, size);
        let mut path = Vec::new();
        while end.checked_sub(start)? > 1 {
            let middle = start.checked_add(split(end.checked_sub(start)?)?)?;
            if index < middle {
                path.push(self.range(middle, end)?);
                end = middle;
            } else {
                path.push(self.range(start, middle)?);
                start = middle;
            }
        }
        path.reverse();
        Some(InclusionProof {
            index: u64::try_from(index).ok()?,
            size: u64::try_from(size).ok()?,
            path,
        })
    }

    /// The proof that the log at `new_size` records starts with the log at `old_size`.
    #[must_use]
    pub fn prove_consistency(&self, old_size: usize, new_size: usize) -> Option<ConsistencyProof> {
        if old_size > new_size || new_size > self.len() {
            return None;
        }
        let mut path = Vec::new();
        if old_size > 0 && old_size < new_size {
            let (mut start, mut end) = (0_usize, new_size);
            // Whether the subtree at hand is the whole old log, whose root the verifier has.
            let mut whole = true;
            while end != old_size {
                let middle = start.checked_add(split(end.checked_sub(start)?)?)?;
                if old_size <= middle {
                    path.push(self.range(middle, end)?);
                    end = middle;
                } else {
                    path.push(self.range(start, middle)?);
                    start = middle;
                    whole = false;
                }
            }
            if !whole {
                path.push(self.range(start, end)?);
            }
            path.reverse();
        }
        Some(ConsistencyProof {
            old_size: u64::try_from(old_size).ok()?,
            new_size: u64::try_from(new_size).ok()?,
            path,
        })
    }
}

/// The largest power of two below `length`; `None` for a single record.
fn split(length: usize) -> Option<usize> {
    if length < 2 {
        return None;
    }
    length.next_power_of_two().checked_shr(1)
}
