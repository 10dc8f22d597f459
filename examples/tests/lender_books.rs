//! A small made-up folder becomes books, and the books agree with the files.
//!
//! The sums expected here are added up from the files by the test itself, with JSON and CSV readers
//! only: nothing of the engine that made the books is asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::store::Store;
use lending_examples::lender::{
    Folder, generate,
    records::ReceiptState,
    report::{self, Books},
    run,
};
use rust_decimal::{Decimal, dec};
use serde_json::Value;
use storage_sqlite::{Durability, Options, SqliteStore};

const CLIENTS: u32 = 60;
const DAYS: u32 = 75;

struct Lender {
    _home: tempfile::TempDir,
    folder: Folder,
}

/// A folder with every oddity in it: the first payments meet one of each.
fn lender() -> Lender {
    let home = tempfile::tempdir().unwrap();
    let start = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
    let path = home.path().join("data");
    let size = generate::Size {
        clients: CLIENTS,
        days: DAYS,
        start,
        seed: 5,
        folder: path.clone(),
    };
    generate::write(&size, &mut Vec::new()).unwrap();
    let folder = Folder::read(&path).unwrap();
    Lender {
        _home: home,
        folder,
    }
}

impl Lender {
    fn store(&self, name: &str) -> SqliteStore {
        let options = Options {
            durability: Durability::ProcessCrash,
            ..Options::default()
        };
        SqliteStore::open(self.folder.path.join(name), &options).unwrap()
    }

    fn run(&self, store: &mut dyn Store, until: NaiveDate) -> run::Done {
        run::run(&self.folder, store, until, |_| {}).unwrap()
    }

    fn report(&self, store: &mut dyn Store) -> (String, bool) {
        let mut text = Vec::new();
        let agrees = report::write(&self.folder, store, &mut text).unwrap();
        (String::from_utf8(text).unwrap(), agrees)
    }
}

#[test]
fn the_books_agree_with_the_files() {
    let lender = lender();
    let mut store = lender.store("whole.sqlite");
    let end = lender.folder.settings.end();
    assert_eq!(lender.run(&mut store, end).dates, DAYS);
    let (text, agrees) = lender.report(&mut store);
    assert!(agrees, "{text}");
    assert!(
        !text.contains("DIFFERS") && text.contains("debits equal credits, UGX: ok"),
        "{text}"
    );
    assert!(store.verify(None).unwrap().is_sound());

    let books = Books::read(&mut store).unwrap();
    let received = received(&lender.folder.path);
    let lent = lent(&lender.folder.path, end);
    for (currency, wallet) in [("UGX", "airtel"), ("KES", "mpesa")] {
        let code: Currency = currency.parse().unwrap();
        // All that was lent, by the applications of clients with nothing missing.
        let (lent, paid_out) = lent.get(currency).copied().unwrap_or_default();
        let loans = books
            .loans
            .iter()
            .filter(|(row, _)| row.header.currency == code);
        let disbursed: Decimal = loans.map(|(_, loan)| loan.disbursed()).sum();
        assert!(lent > Decimal::ZERO, "{currency}");
        assert_eq!(disbursed, lent, "{currency}");
        // All that came in: each payment once, whatever was taken back not at all.
        let came_in = received.get(wallet).copied().unwrap_or_default();
        let receipts = books
            .receipts
            .iter()
            .filter(|receipt| receipt.wallet == wallet);
        assert_eq!(
            receipts.map(|receipt| receipt.amount).sum::<Decimal>(),
            came_in,
            "{wallet}"
        );
        // The wallet: what was there, less what was paid out, plus what came in.
        let (float, opening) = match wallet {
            "airtel" => ("1110", dec!(2000000000)),
            _ => ("1120", dec!(10000000)),
        };
        let balance = books.balance(float.parse().unwrap(), code);
        assert_eq!(balance, opening - paid_out + came_in, "{wallet}");
    }
}

#[test]
fn every_oddity_of_the_providers_has_its_place() {
    let lender = lender();
    let mut store = lender.store("odd.sqlite");
    lender.run(&mut store, lender.folder.settings.end());
    let books = Books::read(&mut store).unwrap();
    let counted = books.counted.unwrap();
    assert!(
        counted.duplicates > 0 && counted.questions > 0 && counted.unreadable == 1,
        "{counted:?}"
    );
    let reasons: Vec<&str> = books
        .receipts
        .iter()
        .filter_map(|receipt| match &receipt.state {
            ReceiptState::Suspense { reason, .. } => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    for wanted in [
        "no account has the reference",
        "paid in KES, the account is kept in UGX",
    ] {
        assert!(
            reasons.iter().any(|reason| reason.contains(wanted)),
            "{wanted}: {reasons:?}"
        );
    }
    let reversed = books
        .receipts
        .iter()
        .filter(|r| r.state == ReceiptState::Reversed)
        .count();
    assert!(reversed > 0);
    let late = books
        .receipts
        .iter()
        .filter(|r| r.value_date < r.received_on)
        .count();
    assert!(late > 0, "a message came days after the money");
    // Staff found out whose money a wrong reference was.
    let resolved = lender.folder.resolutions.iter().filter(|row| {
        books.receipts.iter().any(|receipt| {
            receipt.number == row.value.payment
                && matches!(&receipt.state, ReceiptState::Applied { account, .. } if *account == row.value.account)
        })
    });
    assert!(resolved.count() > 0);
}

#[test]
fn a_second_run_has_nothing_to_do_and_changes_nothing() {
    let lender = lender();
    let end = lender.folder.settings.end();
    let mut store = lender.store("twice.sqlite");
    assert!(lender.run(&mut store, end).wrote);
    let (first, _) = lender.report(&mut store);
    let head = store.head().unwrap();
    drop(store);
    let before = fs::read(lender.folder.path.join("twice.sqlite")).unwrap();

    let mut store = lender.store("twice.sqlite");
    assert_eq!(lender.run(&mut store, end), run::Done::default());
    assert_eq!(lender.report(&mut store).0, first);
    assert_eq!(store.head().unwrap(), head);
    drop(store);
    assert!(fs::read(lender.folder.path.join("twice.sqlite")).unwrap() == before);
}

#[test]
fn a_run_in_parts_ends_with_the_same_books_as_one_run() {
    let lender = lender();
    let (start, end) = (lender.folder.settings.start, lender.folder.settings.end());
    let mut whole = lender.store("one.sqlite");
    lender.run(&mut whole, end);
    let middle = start + chrono::Days::new(30);
    let mut parts = lender.store("parts.sqlite");
    assert_eq!(lender.run(&mut parts, middle).dates, 31);
    drop(parts);
    let mut parts = lender.store("parts.sqlite");
    assert_eq!(lender.run(&mut parts, end).dates, DAYS - 31);
    // The head covers every event and entry of every commit, in their order.
    assert_eq!(parts.head().unwrap(), whole.head().unwrap());
    assert_eq!(lender.report(&mut parts), lender.report(&mut whole));
}

#[test]
fn the_same_seed_gives_the_same_folder() {
    let (one, two) = (lender(), lender());
    assert_eq!(content(&one.folder.path), content(&two.folder.path));
}

/// Every file of a folder by its path inside.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Lines of notifications that are JSON, with the wallet they are of.
fn messages(folder: &Path) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, bytes) in content(&folder.join("notifications")) {
        let wallet = Path::new(&name)
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        for line in String::from_utf8(bytes).unwrap().lines() {
            found.push((wallet.clone(), serde_json::from_str(line).unwrap()));
        }
    }
    found
}

/// What came in on each wallet: each id once, without what was taken back.
fn received(folder: &Path) -> BTreeMap<String, Decimal> {
    let mut amounts: BTreeMap<(String, String), Decimal> = BTreeMap::new();
    let mut taken_back = BTreeSet::new();
    for (wallet, message) in messages(folder) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if let Some(id) = text(&message["transactionId"]) {
            let amount = text(&message["amount"]).unwrap().parse().unwrap();
            amounts.insert((wallet, id), amount);
        } else if let Some(id) = text(&message["TransID"]) {
            // A blank balance is the question before the money moves.
            if message["OrgAccountBalance"] != "" {
                let amount = text(&message["TransAmount"]).unwrap().parse().unwrap();
                amounts.insert((wallet, id), amount);
            }
        } else if message["transaction"]["status_code"] == "TR" {
            taken_back.insert((
                wallet,
                text(&message["transaction"]["airtel_money_id"]).unwrap(),
            ));
        } else if let Some(all) =
            message["Result"]["ResultParameters"]["ResultParameter"].as_array()
        {
            let original = all.iter().find(|one| one["Key"] == "OriginalTransactionID");
            taken_back.insert((wallet, text(&original.unwrap()["Value"]).unwrap()));
        }
    }
    let mut sums = BTreeMap::new();
    for ((wallet, id), amount) in amounts {
        if !taken_back.contains(&(wallet.clone(), id)) {
            *sums.entry(wallet).or_default() += amount;
        }
    }
    sums
}

/// By currency what was lent, and what was paid out of it: the fees that the products keep back are
/// 2 % (MARKET), 1.5 % (SALARY), 350.50 (BUSIA) and none (BODA).
fn lent(folder: &Path, end: NaiveDate) -> BTreeMap<String, (Decimal, Decimal)> {
    // When each client had an accepted document; by the format, `2026-07-01` sorts as text.
    let mut complete: BTreeMap<String, String> = BTreeMap::new();
    for line in fs::read_to_string(folder.join("clients.jsonl"))
        .unwrap()
        .lines()
    {
        let client: Value = serde_json::from_str(line).unwrap();
        if client["documents"]
            .as_array()
            .unwrap()
            .iter()
            .any(|d| d["status"] == "accepted")
        {
            let text = |key: &str| client[key].as_str().unwrap().to_owned();
            complete.insert(text("id"), text("created"));
        }
    }
    let mut documents = csv::Reader::from_path(folder.join("documents.csv")).unwrap();
    for row in documents.records() {
        let row = row.unwrap();
        complete
            .entry(row[1].to_owned())
            .or_insert_with(|| row[0].to_owned());
    }
    let mut sums: BTreeMap<String, (Decimal, Decimal)> = BTreeMap::new();
    let mut applications = csv::Reader::from_path(folder.join("applications.csv")).unwrap();
    for row in applications.records() {
        let row = row.unwrap();
        let known = complete.get(&row[1]).filter(|on| ***on <= *end.to_string());
        if &row[8] != "approve" || known.is_none() || row[10] > *end.to_string() {
            continue;
        }
        let amount: Decimal = row[3].parse().unwrap();
        let fee = match &row[2] {
            "MARKET" => amount * dec!(0.02),
            "SALARY" => amount * dec!(0.015),
            "BUSIA" => dec!(350.50),
            _ => Decimal::ZERO,
        };
        let (lent, paid_out) = sums.entry(row[4].to_owned()).or_default();
        *lent += amount;
        *paid_out += amount - fee;
    }
    sums
}

/// A ready-made product of the catalogue, with the lender's own accounts, is sold like any other:
/// 10,000 for 30 days at 8 % for the whole term.
#[test]
fn a_ready_made_product_is_sold() {
    let mut lender = lender();
    // To somebody whose papers are complete: a loan was paid out to him before.
    let mut store = lender.store("before.sqlite");
    lender.run(&mut store, lender.folder.settings.end());
    let books = Books::read(&mut store).unwrap();
    let mut loans = books.loans.iter();
    let known = loans.find(|(_, loan)| loan.disbursed() > Decimal::ZERO);
    let known = known.unwrap().0.header.reference.to_string();
    let file = lender.folder.path.join("applications.csv");
    let rows = fs::read_to_string(&file).unwrap();
    let row = rows.lines().find(|row| row.starts_with(&known)).unwrap();
    let client = row.split(',').nth(1).unwrap();
    let row = format!(
        "KL9999999,{client},TRADER-DAILY,10000,KES,,,2026-09-07,approve,2026-09-07,2026-09-07,mpesa\n"
    );
    fs::write(&file, rows + &row).unwrap();
    lender.folder = Folder::read(&lender.folder.path).unwrap();
    let mut store = lender.store("ready.sqlite");
    lender.run(&mut store, lender.folder.settings.end());
    let (text, agrees) = lender.report(&mut store);
    assert!(agrees, "{text}");
    let books = Books::read(&mut store).unwrap();
    let mut loans = books.loans.iter();
    let sold = loans.find(|(row, _)| row.header.product.as_str() == "TRADER-DAILY");
    let rows = sold.unwrap().1.instalments();
    assert_eq!(rows.len(), 30);
    let due = |row: &lending_core::loan::Instalment| row.due.principal + row.due.interest;
    assert!(rows.iter().all(|row| due(row) == dec!(360)), "{rows:?}");
}
