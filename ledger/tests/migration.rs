//! Opening balances come in under a name and are approved or taken back whole.

use ledger::{
    Currency, EntryId, Journal, JournalEntry,
    chart::ready,
    exchange::entries_from_csv,
    journal::{MigrationState, View},
};

const OPENING: &str = "\
entry,value_date,account,side,amount,currency,tag.migration
0000000000000000000000000000000a,2024-01-01,1120,DEBIT,3000.00,KES,opening
0000000000000000000000000000000a,2024-01-01,1210,DEBIT,7000.00,KES,opening
0000000000000000000000000000000a,2024-01-01,3900,CREDIT,10000.00,KES,opening
0000000000000000000000000000000b,2024-01-01,1120,DEBIT,12,USD,opening
0000000000000000000000000000000b,2024-01-01,3900,CREDIT,12,USD,opening
";

fn entries() -> Vec<JournalEntry> {
    entries_from_csv(OPENING).unwrap()
}

fn total(journal: &Journal) -> String {
    let kes = Currency::from_code("KES").unwrap();
    journal
        .trial_balance(kes, &View::latest())
        .unwrap()
        .total_debit
        .to_string()
}

#[test]
fn an_import_is_reverted_whole() {
    let mut journal = Journal::new(ready::microfinance_lender());
    journal.import_migration("opening", entries()).unwrap();
    assert_eq!(total(&journal), "10000.00 KES");
    assert_eq!(
        journal
            .import_migration("opening", vec![])
            .unwrap_err()
            .code(),
        2102
    );

    let day = "2024-02-01".parse().unwrap();
    let id = |id: EntryId| EntryId::new(id.get() + 1_000);
    // One entry is reversed on its own: now the whole cannot be.
    let mut touched = journal.clone();
    let alone = entries()[0].reversal(EntryId::new(77), day).unwrap();
    touched.post(alone).unwrap();
    assert_eq!(
        touched
            .revert_migration("opening", day, id)
            .unwrap_err()
            .code(),
        1508
    );
    assert_eq!(touched.len(), 3);
    assert_eq!(touched.migration("opening"), Some(MigrationState::Imported));

    assert_eq!(
        journal.revert_migration("opening", day, id).unwrap().len(),
        2
    );
    assert_eq!(total(&journal), "0.00 KES");
    assert_eq!(journal.migration("opening"), Some(MigrationState::Reverted));
    assert_eq!(
        journal
            .revert_migration("opening", day, id)
            .unwrap_err()
            .code(),
        2104
    );
}

#[test]
fn an_approved_import_stays() {
    let mut journal = Journal::new(ready::microfinance_lender());
    assert_eq!(
        journal.approve_migration("opening").unwrap_err().code(),
        2103
    );
    journal.import_migration("opening", entries()).unwrap();
    journal.approve_migration("opening").unwrap();
    let revert = journal.revert_migration("opening", "2024-02-01".parse().unwrap(), |id| id);
    assert_eq!(revert.unwrap_err().code(), 2104);
}

#[test]
fn an_import_is_posted_whole_and_named() {
    let mut journal = Journal::new(ready::microfinance_lender());
    assert_eq!(
        journal
            .import_migration("other", entries())
            .unwrap_err()
            .code(),
        2101
    );
    let broken = OPENING.replace(",3900,CREDIT,12", ",3000,CREDIT,12");
    let error = journal.import_migration("opening", entries_from_csv(&broken).unwrap());
    assert_eq!(error.unwrap_err().code(), 1503);
    assert!(journal.is_empty() && journal.migration("opening").is_none());
}
