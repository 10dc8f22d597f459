//! Stored records are read or refused; what is read is written with the same bytes.
#![no_main]

use ledger::{
    Journal,
    chart::ready,
    evidence::{Record, entry_record},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match Record::read(data) {
        Some(Record::Entry(sequence, entry)) => assert_eq!(entry_record(sequence, &entry), data),
        Some(Record::Act(act)) => assert_eq!(act.record(), data),
        _ => {}
    }
    // Behind a chart: records of one length byte and so many bytes each.
    let mut records: Vec<Vec<u8>> = Journal::new(ready::microfinance_lender()).records().collect();
    let mut rest = data;
    while let Some((length, behind)) = rest.split_first() {
        let (record, behind) = behind.split_at(usize::from(*length).min(behind.len()));
        records.push(record.to_vec());
        rest = behind;
    }
    if let Ok(journal) = Journal::from_records(&records, true) {
        assert!(journal.records().eq(records));
    }
});
