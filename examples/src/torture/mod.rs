//! Proof that what was acknowledged stays: processes killed, power cut, disks that fail.
//!
//! | fault | how | then |
//! |---|---|---|
//! | [kill](kills) | SIGKILL to one or four writing processes at a random moment | open, verify, go on |
//! | [power cut](cuts) | a [disk] of our own drops or tears what was not synced | open, verify, go on |
//! | [failing operation](cuts) | every operation of a workload fails once; the disk is full from every operation on | hear it, try again |
//!
//! After each of them: every acknowledged commit is there, with the hash that the chain had there
//! in an unbroken run; nothing is half; the books balance; the workload, begun again, ends with the
//! content of the [`MemoryStore`](lending_core::store::MemoryStore) that nothing ever happened to.
//!
//! A harness that cannot fail proves nothing: [`Control`] runs the power cuts with a durability or
//! a disk that is known to lose, and must find losses.

pub mod cuts;
pub mod disk;
pub mod kills;
pub mod workload;

/// A set-up that is known to lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Control {
    /// `synchronous=NORMAL`: the last commits are lost with the power.
    Normal,
    /// The disk acknowledges syncs without doing them.
    LyingFsync,
}

/// What one part of a run counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Faults made.
    pub faults: u64,
    /// Commits acknowledged before or between them.
    pub acknowledged: u64,
    /// Failures that the caller heard of.
    pub heard: u64,
    /// Acknowledged commits or acknowledgements that were gone.
    pub lost: u64,
    /// Anything else that was wrong.
    pub wrong: u64,
    /// The first few of both, in words.
    pub examples: Vec<String>,
}

impl Tally {
    /// Notes a finding.
    pub fn note(&mut self, trouble: Trouble, place: impl std::fmt::Display) {
        match &trouble {
            Trouble::Lost(_) => self.lost += 1,
            Trouble::Wrong(_) => self.wrong += 1,
        }
        if self.examples.len() < 5 {
            let (Trouble::Lost(words) | Trouble::Wrong(words)) = trouble;
            self.examples.push(format!("{place}: {words}"));
        }
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        self.faults += other.faults;
        self.acknowledged += other.acknowledged;
        self.heard += other.heard;
        self.lost += other.lost;
        self.wrong += other.wrong;
        self.examples.extend(other.examples);
        self.examples.truncate(5);
        self
    }

    /// Whether nothing was lost and nothing is wrong.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.lost == 0 && self.wrong == 0
    }
}

/// What is wrong after a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Something acknowledged is gone.
    Lost(String),
    /// Something is half, unbalanced, damaged or different.
    Wrong(String),
}

impl Trouble {
    /// Something that failed and should not have.
    pub fn wrong(error: impl std::fmt::Display) -> Self {
        Self::Wrong(error.to_string())
    }
}
