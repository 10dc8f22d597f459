//! `lender verify` finds what was changed behind the books, and says where; `lender restore` puts
//! nothing back that is not proved; `lender sql` answers; `lender refinance` leaves sound books.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use lending_core::{
    loan::code,
    store::{Store, decode, encode},
};
use lending_examples::lender::{
    Folder, care, desk, generate,
    records::{LoanEvent, StoredLoan},
    report, run, sql,
};
use rusqlite::Connection;
use rust_decimal::{Decimal, dec};
use storage_sqlite::{Durability, Options, SqliteStore};

struct Books {
    _home: tempfile::TempDir,
    folder: Folder,
    database: PathBuf,
}

/// The books of a small lender, closed through a day in the middle.
fn books() -> Books {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("data");
    let size = generate::Size {
        clients: 30,
        days: 60,
        start: NaiveDate::from_ymd_opt(2026, 7, 1).unwrap(),
        seed: 5,
        folder: path.clone(),
    };
    generate::write(&size, &mut Vec::new()).unwrap();
    let folder = Folder::read(&path).unwrap();
    let books = Books {
        database: home.path().join("lender.sqlite"),
        folder,
        _home: home,
    };
    books.run(40);
    books
}

impl Books {
    /// Brings in the first `days` business dates.
    fn run(&self, days: u64) {
        let options = Options {
            durability: Durability::ProcessCrash,
            ..Options::default()
        };
        let mut store = SqliteStore::open(&self.database, &options).unwrap();
        let until = self.folder.settings.start + chrono::Days::new(days - 1);
        run::run(&self.folder, &mut store, until, |_| {}).unwrap();
    }

    /// Changes the closed file behind the store's back.
    fn behind(&self) -> Connection {
        Connection::open(&self.database).unwrap()
    }

    /// What `lender verify` prints, and whether it is content.
    fn verify(&self) -> (String, bool) {
        let mut text = Vec::new();
        let content = care::verify(&self.database, None, &mut text).is_ok();
        (String::from_utf8(text).unwrap(), content)
    }

    /// Nothing but what is expected is wrong.
    #[track_caller]
    fn finds(&self, expected: &[&str]) {
        let (text, content) = self.verify();
        assert!(!content, "{text}");
        for part in expected {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }
}

fn one<T: rusqlite::types::FromSql>(connection: &Connection, query: &str) -> T {
    connection.query_row(query, [], |row| row.get(0)).unwrap()
}

#[test]
fn sound_books_are_sound_on_every_kind_of_day() {
    let books = books();
    for days in [40, 47, 60] {
        books.run(days);
        let (text, content) = books.verify();
        assert!(content, "{text}");
        assert!(text.contains("accounts compared with their histories"));
        assert!(text.trim_end().ends_with("sound"), "{text}");
    }
    let planned: i64 = one(
        &books.behind(),
        "SELECT count(*) FROM accrual WHERE posted > 0",
    );
    assert!(planned > 0, "some loans are posted by plan");
}

/// The state of the 40th day is put back on the 60th: what was paid since is in the history only.
#[test]
fn a_state_that_was_put_back_is_found() {
    let books = books();
    let old: Vec<(i64, Vec<u8>)> = {
        let connection = books.behind();
        let mut rows = connection
            .prepare("SELECT row, state FROM account")
            .unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    books.run(60);
    let connection = books.behind();
    let paid = "SELECT account FROM event WHERE booking_day >= 40 + (SELECT min(booking_day) FROM
                event) AND account IN (SELECT row FROM account WHERE standing = 3) LIMIT 1";
    let row: i64 = one(&connection, paid);
    let reference: String = one(
        &connection,
        &format!("SELECT reference FROM account WHERE row = {row}"),
    );
    let (_, state) = old.iter().find(|(old, _)| *old == row).unwrap();
    connection
        .execute("UPDATE account SET state = ?1 WHERE row = ?2", (state, row))
        .unwrap();
    drop(connection);
    books.finds(&[
        &format!("WRONG: account {reference}: "),
        " by contract and history ",
    ]);
}

#[test]
fn an_event_that_was_changed_is_found_with_its_account() {
    let books = books();
    let connection = books.behind();
    let mut events = connection
        .prepare(
            "SELECT event.row, body, account.reference FROM event
             JOIN account ON account.row = event.account",
        )
        .unwrap();
    let found = events
        .query_map([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, String>(2)?,
            ))
        })
        .unwrap()
        .map(Result::unwrap)
        .find_map(|(row, body, reference)| {
            let mut event: LoanEvent = decode(&body).unwrap();
            let transaction = event.recorded.as_mut()?;
            transaction.outcome.applied.interest -= Decimal::ONE;
            (transaction.outcome.applied.interest > Decimal::ZERO)
                .then(|| (row, encode(&event).unwrap(), reference))
        });
    let (row, body, reference) = found.expect("somebody has paid interest");
    drop(events);
    connection
        .execute_batch("DROP TRIGGER event_update")
        .unwrap();
    connection
        .execute("UPDATE event SET body = ?1 WHERE row = ?2", (body, row))
        .unwrap();
    drop(connection);
    books.finds(&[
        "is not what was written: its hash differs",
        &format!("WRONG: account {reference}: outcome of transaction "),
    ]);
}

#[test]
fn a_balance_that_was_changed_is_found_in_the_account_and_in_the_control_account() {
    let books = books();
    let connection = books.behind();
    let (reference, principal): (String, i64) = connection
        .query_row(
            "SELECT reference, principal FROM account WHERE principal > 0 LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    connection
        .execute(
            "UPDATE account SET principal = principal + 7 WHERE reference = ?1",
            [&reference],
        )
        .unwrap();
    drop(connection);
    books.finds(&[
        &format!(
            "WRONG: account {reference}: balance of principal is {}, by contract and history \
             {principal}",
            principal + 7
        ),
        "WRONG: GL account 1210 holds ",
    ]);
}

#[test]
fn what_a_plan_has_posted_must_be_what_the_loan_earned() {
    let books = books();
    let connection = books.behind();
    let account = "SELECT id FROM accrual WHERE posted > 0 LIMIT 1";
    let reference: String = one(
        &connection,
        &format!("SELECT reference FROM account WHERE id = ({account})"),
    );
    connection
        .execute(
            &format!("UPDATE accrual SET posted = posted + 1 WHERE id = ({account})"),
            [],
        )
        .unwrap();
    drop(connection);
    books.finds(&[
        &format!("WRONG: account {reference}: "),
        "interest posted by plan is ",
        "WRONG: GL account 12",
    ]);
}

#[test]
fn a_backup_is_put_back_once_it_is_proved() {
    let books = books();
    let (copy, database) = (books.database.with_extension("copy"), &books.database);
    care::backup(database, &copy, &mut Vec::new()).unwrap();
    books.run(60);
    let restore = |replace| {
        let mut text = Vec::new();
        let done = care::restore(&copy, database, replace, &mut text);
        (String::from_utf8(text).unwrap(), done)
    };
    let error = restore(false).1.unwrap_err().to_string();
    assert!(error.contains("which the backup does not have"), "{error}");
    let (text, done) = restore(true);
    done.unwrap();
    assert!(text.contains("\nsound\n"), "{text}");
    assert!(text.contains("is restored at head "), "{text}");
    // The days since the backup are run again, with the same end.
    books.run(60);
    assert!(books.verify().1);

    // The state of an account is under no hash: only its history tells that it is wrong.
    Connection::open(&copy)
        .unwrap()
        .execute_batch("UPDATE account SET principal = principal + 7 WHERE principal > 0")
        .unwrap();
    let (text, done) = restore(true);
    assert!(text.contains("balance of principal is "), "{text}");
    let error = done.unwrap_err().to_string();
    assert!(
        error.ends_with("lender.copy"),
        "the backup is named: {error}"
    );
    assert!(books.verify().1, "the database is as it was");
}

fn answer(database: &Path, query: &str) -> Vec<Vec<String>> {
    let mut text = Vec::new();
    sql::write(database, query, &mut text).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_slice());
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| row.iter().map(ToOwned::to_owned).collect())
        .collect()
}

/// The view of instalments beside the balances of the accounts, which the engine keeps apart.
#[test]
fn schedules_can_be_asked_in_sql() {
    let books = books();
    let differing = answer(
        &books.database,
        "SELECT a.reference, a.principal, sum(s.principal_outstanding)
         FROM report_accounts a JOIN report_schedule s ON s.account = a.account
         WHERE a.standing IN ('active', 'in arrears')
         GROUP BY a.account HAVING a.principal <> sum(s.principal_outstanding)",
    );
    assert_eq!(differing.len(), 1, "the header alone: {differing:?}");
    let unbalanced = answer(
        &books.database,
        "SELECT count(*) FROM report_schedule
         WHERE principal_expected <> principal_paid + principal_outstanding
            OR total_outstanding <> principal_outstanding + interest_outstanding
                 + fees_outstanding + penalties_outstanding",
    );
    assert_eq!(unbalanced[1], ["0"]);
    // What is overdue by the instalments is what the accounts say is overdue.
    let today = books.folder.settings.start + chrono::Days::new(39);
    let overdue = answer(
        &books.database,
        &format!(
            "SELECT (SELECT sum(overdue) FROM report_accounts),
                    (SELECT sum(total_outstanding) FROM report_schedule
                     JOIN report_accounts USING (account)
                     WHERE due_date < '{today}' AND standing IN ('active', 'in arrears'))"
        ),
    );
    assert_eq!(overdue[1][0], overdue[1][1], "{overdue:?}");
    assert!(overdue[1][0].parse::<i64>().unwrap() > 0);
}

#[test]
fn a_question_cannot_write() {
    let books = books();
    let mut text = Vec::new();
    for query in [
        "DELETE FROM outbox",
        "PRAGMA query_only = OFF; DELETE FROM outbox",
    ] {
        assert!(
            sql::write(&books.database, query, &mut text).is_err(),
            "{query}"
        );
    }
    let store = SqliteStore::open(&books.database, &Options::default());
    assert!(store.unwrap().statistics().unwrap().accounts > 0);
}

/// A loan takes the place of another: both in one commit, each naming the other, and the books stay
/// sound while business goes on.
#[test]
fn a_loan_is_settled_by_a_new_one() {
    let books = books();
    let old: String = one(
        &books.behind(),
        "SELECT reference FROM report_accounts WHERE standing = 'active' ORDER BY reference LIMIT 1",
    );
    let old = old.parse().unwrap();
    let mut store = SqliteStore::open(&books.database, &Options::default()).unwrap();
    let before = store.account_by_reference(&old).unwrap().unwrap();
    let commits = store.statistics().unwrap().commits;
    let request = desk::Request {
        old,
        new: "LN-9001".parse().unwrap(),
        top_up: dec!(1000),
        channel: code(run::TILL).unwrap(),
    };
    let done = desk::refinance(&mut store, &request).unwrap();
    assert_eq!(done.on, books.folder.settings.start + chrono::Days::new(40));
    assert_eq!(store.statistics().unwrap().commits, commits + 1);

    let mut loan = |reference| {
        let row = store.account_by_reference(&reference).unwrap().unwrap();
        StoredLoan::read(&mut store, row).unwrap()
    };
    let (settled, new) = (loan(old), loan(request.new));
    assert_eq!(settled.row.version, before.version + 1);
    assert_eq!(settled.row.header.next_work_on, None);
    assert_eq!(settled.loan.payoff(done.on).unwrap(), Decimal::ZERO);
    assert_eq!(settled.loan.successor(), Some(new.loan.id()));
    assert_eq!(new.loan.predecessor(), Some(settled.loan.id()));
    assert_eq!(new.loan.principal_balance(), done.carried + request.top_up);

    // The number is taken, the old loan is settled, and there is no other.
    for (old, new, reason) in [
        (old, "LN-9001", "account LN-9001 exists already"),
        (old, "LN-9002", "refinancing"),
        ("LN-9003".parse().unwrap(), "LN-9002", "not in the database"),
    ] {
        let new = new.parse().unwrap();
        let request = desk::Request {
            old,
            new,
            ..request
        };
        let refused = desk::refinance(&mut store, &request).unwrap_err();
        assert!(refused.to_string().contains(reason), "{refused}");
    }
    assert_eq!(store.statistics().unwrap().commits, commits + 1);
    drop(store);

    for days in [41, 60] {
        books.run(days);
        let (text, content) = books.verify();
        assert!(content, "{text}");
    }
    let mut store = SqliteStore::open(&books.database, &Options::default()).unwrap();
    let mut text = Vec::new();
    let agrees = report::write(&books.folder, &mut store, &mut text).unwrap();
    assert!(agrees, "{}", String::from_utf8_lossy(&text));
}
