//! Finding what was changed in a stored journal.

use super::{LogHash, MerkleLog};

/// What of a stored journal is not as it was. Records count from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Tampering {
    /// A record was changed: the hashes are those under the root.
    #[error("record {index} is not the one under the root")]
    Record {
        /// The record.
        index: usize,
    },
    /// A stored hash was changed: the record itself is the one under the root.
    #[error("the stored hash of record {index} is not the one under the root")]
    Hash {
        /// The record.
        index: usize,
    },
    /// More than one thing was changed, this one first.
    #[error("record {index} and its stored hash disagree, and so do later ones or the root")]
    Several {
        /// The first record that disagrees with its hash.
        index: usize,
    },
    /// Records or hashes were taken away or added at the end.
    #[error("{records} records have {hashes} hashes: one each is needed")]
    Length {
        /// How many records there are.
        records: usize,
        /// How many hashes there are.
        hashes: usize,
    },
    /// Records and hashes agree with each other but not with the root: both were changed, or it
    /// is the root of another journal. The roots of earlier closures narrow it down.
    #[error("the records and their hashes agree, but not with the root")]
    Root,
}

/// Whether stored records and the stored hashes of them are those under a root that nobody could
/// change, for instance one that was published when a period was closed.
///
/// # Errors
/// [`Tampering`] says what was changed and where.
pub fn examine<R: AsRef<[u8]>>(
    records: &[R],
    hashes: &[LogHash],
    root: &LogHash,
) -> Result<(), Tampering> {
    if records.len() != hashes.len() {
        return Err(Tampering::Length {
            records: records.len(),
            hashes: hashes.len(),
        });
    }
    let found = || {
        records
            .iter()
            .map(|record| LogHash::of_record(record.as_ref()))
    };
    let stored = MerkleLog::from_record_hashes(hashes.iter().copied());
    let differs = found().zip(hashes).position(|(found, hash)| found != *hash);
    match differs {
        None if stored.root() == *root => Ok(()),
        None => Err(Tampering::Root),
        Some(index) if stored.root() == *root => Err(Tampering::Record { index }),
        Some(index) if MerkleLog::from_record_hashes(found()).root() == *root => {
            Err(Tampering::Hash { index })
        }
        Some(index) => Err(Tampering::Several { index }),
    }
}
