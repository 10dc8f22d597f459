//! Whatever JSON is accepted as an entry balances; charts are read or refused.
#![no_main]

use ledger::{ChartOfAccounts, JournalEntry, Side};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let _ = serde_json::from_str::<ChartOfAccounts>(text);
    if let Ok(entry) = serde_json::from_str::<JournalEntry>(text) {
        let mut sums = std::collections::BTreeMap::new();
        for line in entry.lines() {
            let amount = line.amount().amount();
            let signed = if line.side() == Side::Debit { amount } else { -amount };
            *sums.entry(line.amount().currency()).or_insert(Decimal::ZERO) += signed;
        }
        assert!(sums.values().all(Decimal::is_zero));
    }
});
