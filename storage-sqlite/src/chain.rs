//! The hash chain over commits.

use core::{fmt, str::FromStr};

use ledger::JournalEntry;
use lending_core::store::{Commit, StoredEvent};
use sha2::{Digest, Sha256};

use crate::value::to_day;

/// The last commit and the hash that covers everything up to it: its number, events, entries.
///
/// Kept outside of the file, it proves later that nothing before it was rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The commit; 0 for an empty store.
    pub sequence: u64,
    /// SHA-256; zeros for an empty store.
    pub hash: [u8; 32],
}

impl Head {
    /// Where every chain begins.
    pub const EMPTY: Self = Self {
        sequence: 0,
        hash: [0; 32],
    };
}

impl fmt::Display for Head {
    /// `number:hash`, for a line in a log outside of the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.sequence)?;
        self.hash
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Why a text is no head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadError {
    /// What was given.
    pub given: String,
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no head: a number, a colon and 64 hexadecimal digits are",
            self.given
        )
    }
}

impl core::error::Error for HeadError {}

impl FromStr for Head {
    type Err = HeadError;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, HeadError> {
        let refused = || HeadError { given: text.into() };
        let (sequence, digits) = text.split_once(':').ok_or_else(refused)?;
        let sequence = sequence.parse().map_err(|_| refused())?;
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(refused());
        }
        let mut hash = [0_u8; 32];
        for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| refused())?;
        }
        Ok(Self { sequence, hash })
    }
}

/// Collects what one commit appends. Every part is preceded by its length, so that no two
/// different commits give the same bytes.
pub(crate) struct Link(Sha256);

impl Link {
    pub(crate) fn after(head: &Head) -> Self {
        let mut hash = Sha256::new();
        hash.update(head.hash);
        hash.update((head.sequence + 1).to_be_bytes());
        Self(hash)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: Option<&str>) {
        // An absent text differs from an empty one.
        self.0.update([u8::from(text.is_some())]);
        self.bytes(text.unwrap_or_default().as_bytes());
    }

    pub(crate) fn event(&mut self, event: &StoredEvent) {
        self.0.update(b"E");
        self.0.update(event.account.to_bytes());
        self.0.update(event.seq.to_be_bytes());
        self.0.update(to_day(event.value_date).to_be_bytes());
        self.0.update(to_day(event.booking_date).to_be_bytes());
        self.bytes(&event.body);
    }

    pub(crate) fn entry(&mut self, account: Option<u128>, entry: &JournalEntry) {
        self.0.update(b"J");
        self.0.update(entry.id().get().to_be_bytes());
        self.0.update([u8::from(account.is_some())]);
        self.0.update(account.unwrap_or_default().to_be_bytes());
        self.0.update(to_day(entry.value_date()).to_be_bytes());
        self.0.update(to_day(entry.booking_date()).to_be_bytes());
        self.text(entry.reference());
        self.text(entry.notes());
        self.text(entry.manual_by());
        let reverses = entry.reverses().map(|id| id.to_string());
        self.text(reverses.as_deref());
        self.0.update((entry.tags().len() as u64).to_be_bytes());
        for (key, value) in entry.tags() {
            self.bytes(key.as_bytes());
            self.bytes(value.as_bytes());
        }
        self.0.update((entry.lines().len() as u64).to_be_bytes());
        for line in entry.lines() {
            self.bytes(line.account().as_str().as_bytes());
            self.text(line.branch().as_ref().map(|branch| branch.as_str()));
            self.bytes(line.currency().code().as_bytes());
            self.0.update(line.signed_minor().to_be_bytes());
        }
    }

    /// The head after a commit.
    pub(crate) fn of(head: &Head, commit: &Commit) -> Head {
        let mut link = Self::after(head);
        commit.events.iter().for_each(|event| link.event(event));
        for posted in &commit.entries {
            link.entry(posted.account.map(|account| account.get()), &posted.entry);
        }
        link.close(head)
    }

    pub(crate) fn close(self, head: &Head) -> Head {
        Head {
            sequence: head.sequence + 1,
            hash: self.0.finalize().into(),
        }
    }
}
