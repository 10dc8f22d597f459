//! The bytes of an entry that are hashed.

use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};

use crate::{JournalEntry, Sequence};

/// The version of the encoding, first byte of every record of an entry.
pub(super) const VERSION: u8 = 1;

/// The canonical bytes of an entry at its place in the journal: equal entries at equal places
/// give equal bytes, and every part of the entry is in them.
///
/// Big-endian numbers; text with its length before it; what may be absent with a byte before it.
/// Version 1, sequence (4 bytes), identifier (16), value date and booking date (4 each, days of
/// the common era), number of lines (4), for each line account, currency (3), signed minor units
/// (8, debits positive) and branch; then reference, notes, number of tags (4) with key and value
/// each, the user of a manual entry, and the identifier of the reversed entry.
#[must_use]
pub fn entry_record(sequence: Sequence, entry: &JournalEntry) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    write_record(&mut out, sequence, entry);
    out
}

pub(crate) fn write_record(out: &mut Vec<u8>, sequence: Sequence, entry: &JournalEntry) {
    out.clear();
    out.push(VERSION);
    out.extend(sequence.get().to_be_bytes());
    entry_body(out, entry);
}

/// Everything of an entry but its place.
pub(super) fn entry_body(out: &mut Vec<u8>, entry: &JournalEntry) {
    out.extend(entry.id().get().to_be_bytes());
    date(out, entry.value_date());
    date(out, entry.booking_date());
    count(out, entry.lines().len());
    for line in entry.lines() {
        text(out, line.account().as_str());
        out.extend(line.currency().code().as_bytes());
        out.extend(line.signed_minor().to_be_bytes());
        optional(out, line.branch().as_ref().map(crate::BranchCode::as_str));
    }
    optional(out, entry.reference());
    optional(out, entry.notes());
    count(out, entry.tags().len());
    for (key, value) in entry.tags() {
        text(out, key);
        text(out, value);
    }
    optional(out, entry.manual_by());
    match entry.reverses() {
        None => out.push(0),
        Some(id) => {
            out.push(1);
            out.extend(id.get().to_be_bytes());
        }
    }
}

pub(super) fn date(out: &mut Vec<u8>, day: NaiveDate) {
    out.extend(day.num_days_from_ce().to_be_bytes());
}

pub(super) fn count(out: &mut Vec<u8>, length: usize) {
    // Lengths above 32 bits do not fit the journal.
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
}

pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    count(out, text.len());
    out.extend(text.as_bytes());
}

pub(super) fn optional(out: &mut Vec<u8>, value: Option<&str>) {
    match value {
        None => out.push(0),
        Some(value) => {
            out.push(1);
            text(out, value);
        }
    }
}
