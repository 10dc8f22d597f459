//! Questions in SQL beside the program: they change nothing, and one about an account does not read
//! the whole journal.

mod common;

use common::{day, movement};
use lending_core::store::Store;
use storage_sqlite::{Options, Reports, SqliteStore};

/// A file with two movements on each account.
fn reports(folder: &tempfile::TempDir, accounts: u128) -> Reports {
    let path = folder.path().join("a.db");
    let mut store = SqliteStore::open(&path, &Options::default()).unwrap();
    for account in 1..=accounts {
        for expected in [None, Some(1)] {
            let commit = movement(account, expected);
            assert!(store.commit(&commit).unwrap().is_applied());
        }
    }
    Reports::open(&path, &Options::default()).unwrap()
}

#[test]
fn reports_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let reports = reports(&folder, 1);
    for sql in [
        "DELETE FROM outbox",
        "CREATE TABLE t (a)",
        "PRAGMA user_version = 7",
    ] {
        assert!(reports.sql().execute_batch(sql).is_err(), "{sql}");
    }
    let row: (String, String, i64, i64, i64) = reports
        .sql()
        .query_row(
            "SELECT gl, currency, minor_units, debit, net FROM report_trial_balance ORDER BY gl",
            [],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
        )
        .unwrap();
    assert_eq!(row, ("1100".into(), "UGX".into(), 0, 200, 200));
    let row: (String, String, String) = reports
        .sql()
        .query_row(
            "SELECT reference, standing, next_work_on FROM report_accounts",
            [],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )
        .unwrap();
    assert_eq!(row, ("LN-1".into(), "active".into(), day(1).to_string()));
}

/// SQLite says how it will find the answer: `SEARCH` is a place in an index, `SCAN` all of it.
#[test]
fn a_question_about_one_account_searches() {
    let folder = tempfile::tempdir().unwrap();
    let reports = reports(&folder, 3);
    for (sql, rows) in [
        ("SELECT * FROM report_journal WHERE account = 'LN-2'", 4),
        (
            "SELECT * FROM report_journal
             WHERE account = 'LN-2' AND booking_date = '2024-01-02' AND gl = '1200'",
            2,
        ),
        ("SELECT * FROM report_events WHERE account = 'LN-2'", 2),
        ("SELECT * FROM report_accounts WHERE reference = 'LN-2'", 1),
    ] {
        let column = |sql: &str, at: usize| -> Vec<String> {
            let mut statement = reports.sql().prepare(sql).unwrap();
            let found = statement.query_map([], |row| row.get(at)).unwrap();
            found.collect::<Result<_, _>>().unwrap()
        };
        let plan = column(&format!("EXPLAIN QUERY PLAN {sql}"), 3);
        assert!(
            plan.iter().all(|step| step.starts_with("SEARCH")),
            "{sql}: {plan:#?}"
        );
        assert_eq!(column(sql, 0).len(), rows, "{sql}");
    }
}
