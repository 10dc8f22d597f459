//! CSV of entries and charts is read or refused; what is read balances and comes back as written.
#![no_main]

use ledger::{JournalEntry, Side, exchange};
use libfuzzer_sys::fuzz_target;

fn balances(entry: &JournalEntry) -> bool {
    let mut sums = std::collections::BTreeMap::new();
    for line in entry.lines() {
        let minor = i128::from(line.signed_minor());
        assert_eq!(minor > 0, line.side() == Side::Debit);
        *sums.entry((line.branch(), line.currency())).or_insert(0_i128) += minor;
    }
    sums.values().all(|sum| *sum == 0)
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = core::str::from_utf8(data) else { return };
    // Most bytes are no header: rows under the right one go deeper.
    let head = "entry,value_date,account,side,amount,currency,branch,reference,notes,reverses\n";
    for text in [text, &format!("{head}{text}")] {
        if let Ok(entries) = exchange::entries_from_csv(text) {
            assert!(entries.iter().all(balances));
            let again = exchange::entries_to_csv(entries.clone());
            assert_eq!(exchange::entries_from_csv(&again), Ok(entries));
        }
    }
    for text in [text, &format!("code,name,type,usage,parent,currency\n{text}")] {
        if let Ok(chart) = exchange::chart_from_csv(text) {
            assert_eq!(exchange::chart_from_csv(&exchange::chart_to_csv(&chart)), Ok(chart));
        }
    }
});
