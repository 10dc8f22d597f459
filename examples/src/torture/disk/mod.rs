//! A disk that can lose power: a VFS of SQLite whose files live in this thread's memory.
//!
//! What was written and not yet synced is kept apart. When the power goes, every such write is
//! lost, kept, or torn at 512 bytes, as the seed says; later writes may survive earlier ones.
//! A file deleted without a sync of its folder may come back with what it held. Other faults let
//! a single operation fail, or every write from one on until there is space again.

mod vfs;

use std::{cell::RefCell, collections::BTreeMap, ffi::c_int};

use rusqlite::ffi;

/// The name of the VFS.
pub const NAME: &str = "power-cut";

const SECTOR: usize = 512;
const SHM_PAGE: usize = 32 * 1024;

/// What goes wrong, at which operation that changes or syncs a file, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    #[default]
    None,
    /// The power goes: this operation and all after it fail until [`restore_power`].
    Cut { at: u64 },
    /// This operation fails: no space for a write, an I/O error for the others.
    Fail { at: u64 },
    /// From this operation on no write finds space, until [`free_space`].
    Full { from: u64 },
}

enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Default)]
struct Content {
    /// What reads see.
    now: Vec<u8>,
    /// What is on the disk for certain.
    safe: Vec<u8>,
    /// What was done since the last sync.
    pending: Vec<Change>,
}

#[derive(Default)]
struct Disk {
    files: BTreeMap<String, Content>,
    /// Files deleted while their folder was not synced.
    deleted: BTreeMap<String, Content>,
    shared: BTreeMap<String, Vec<Box<[u64; SHM_PAGE / 8]>>>,
    operations: u64,
    temporary: u64,
    fault: Fault,
    dead: bool,
    /// Syncs are acknowledged and not done.
    lies: bool,
}

thread_local! {
    static DISK: RefCell<Disk> = RefCell::default();
}

/// An empty disk with a fault to come.
pub fn fresh(fault: Fault, lies: bool) {
    vfs::register();
    DISK.with_borrow_mut(|disk| {
        *disk = Disk {
            fault,
            lies,
            ..Disk::default()
        }
    });
}

/// Operations so far.
pub fn operations() -> u64 {
    DISK.with_borrow(|disk| disk.operations)
}

/// Lets writes find space again.
pub fn free_space() {
    DISK.with_borrow_mut(|disk| disk.fault = Fault::None);
}

/// Decides what has survived and lets the disk work again. No connection may be open.
pub fn restore_power(seed: u64) {
    DISK.with_borrow_mut(|disk| {
        let mut random = Random(seed.wrapping_mul(2).wrapping_add(1));
        disk.dead = false;
        disk.lies = false;
        disk.fault = Fault::None;
        disk.shared.clear();
        for (name, content) in core::mem::take(&mut disk.deleted) {
            if random.below(2) == 0 {
                disk.files.entry(name).or_insert(content);
            }
        }
        for content in disk.files.values_mut() {
            let mut survived = core::mem::take(&mut content.safe);
            for change in content.pending.drain(..) {
                match random.below(3) {
                    0 => {}
                    1 => apply(&mut survived, &change, |_| true),
                    _ => apply(&mut survived, &change, |_| random.below(2) == 0),
                }
            }
            content.safe = survived.clone();
            content.now = survived;
        }
    });
}

/// Applies a change; of a write only the sectors asked for.
fn apply(bytes: &mut Vec<u8>, change: &Change, mut keep: impl FnMut(usize) -> bool) {
    match change {
        Change::Truncate(length) => {
            if keep(0) {
                bytes.resize(*length, 0);
            }
        }
        Change::Write(offset, data) => {
            for (number, sector) in data.chunks(SECTOR).enumerate() {
                let from = offset + number * SECTOR;
                if keep(number) {
                    if bytes.len() < from + sector.len() {
                        bytes.resize(from + sector.len(), 0);
                    }
                    bytes[from..from + sector.len()].copy_from_slice(sector);
                }
            }
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        // xorshift64*: enough to spread faults, and the same on every machine.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }
}

impl Disk {
    /// Counts an operation; what to answer when it is the one that fails.
    fn step(&mut self, failing: c_int, grows: bool) -> Option<c_int> {
        self.operations += 1;
        match self.fault {
            _ if self.dead => Some(ffi::SQLITE_IOERR),
            Fault::Cut { at } if at == self.operations => {
                self.dead = true;
                Some(ffi::SQLITE_IOERR)
            }
            Fault::Fail { at } if at == self.operations => Some(failing),
            Fault::Full { from } if grows && from <= self.operations => Some(failing),
            _ => None,
        }
    }

    fn change(&mut self, name: &str, change: Change, failing: c_int) -> c_int {
        let was_dead = self.dead;
        let grows = matches!(change, Change::Write(..));
        let failed = self.step(failing, grows);
        let content = self.files.entry(name.into()).or_default();
        match failed {
            Some(code) => {
                // The write under way when the power goes may be on the disk in part.
                if self.dead && !was_dead {
                    content.pending.push(change);
                }
                code
            }
            None => {
                apply(&mut content.now, &change, |_| true);
                content.pending.push(change);
                ffi::SQLITE_OK
            }
        }
    }
}
