//! The pay-as-you-go branch: what buyers of devices pay buys days, tokens open the devices, and the
//! providers' statements stand beside the books.
//!
//! Sums and days expected here are worked out from the files by the test itself; tokens are typed
//! into a receiver that knows nothing of the lender.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Output},
};

use chrono::NaiveDate;
use lending_examples::lender::{
    Folder, generate,
    paygo::record::DeviceRecord,
    records::ReceiptState,
    report::{self, Books},
    run,
};
use mobile_money::paygo::{
    deal::Phase,
    openpaygo::{Command as TokenCommand, Entered, Receiver},
};
use rust_decimal::{Decimal, dec};
use storage_sqlite::{Durability, Options, SqliteStore};

struct Lender {
    _home: tempfile::TempDir,
    folder: Folder,
    store: SqliteStore,
}

fn lender() -> Lender {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("data");
    let size = generate::Size {
        clients: 100,
        days: 75,
        start: NaiveDate::from_ymd_opt(2026, 7, 1).unwrap(),
        seed: 5,
        folder: path.clone(),
    };
    generate::write(&size, &mut Vec::new()).unwrap();
    let folder = Folder::read(&path).unwrap();
    let options = Options {
        durability: Durability::ProcessCrash,
        ..Options::default()
    };
    let mut store = SqliteStore::open(path.join("lender.sqlite"), &options).unwrap();
    run::run(&folder, &mut store, folder.settings.end(), |_| {}).unwrap();
    Lender {
        _home: home,
        folder,
        store,
    }
}

impl Lender {
    fn report(&mut self) -> String {
        let mut text = Vec::new();
        let agrees = report::write(&self.folder, &mut self.store, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(agrees, "{text}");
        text
    }
}

/// What each device got, by the receipts that were put towards it.
fn credited(books: &Books) -> BTreeMap<String, Decimal> {
    let mut sums = BTreeMap::new();
    for receipt in &books.receipts {
        if let ReceiptState::Credited { account } = &receipt.state {
            *sums.entry(account.to_string()).or_default() += receipt.amount;
        }
    }
    sums
}

#[test]
fn payments_buy_days_and_tokens_open_devices() {
    let mut lender = lender();
    let books = Books::read(&mut lender.store).unwrap();
    let sums = credited(&books);
    let rows = lender.folder.devices.iter().map(|row| &row.value);
    let rows: BTreeMap<String, _> = rows.map(|row| (row.account.to_string(), row)).collect();
    assert!(books.devices.len() > 6 && books.devices.len() == rows.len());
    let mut phases = BTreeMap::<String, u32>::new();
    for device in &books.devices {
        let row = rows[device.account.as_str()];
        let state = device.state().unwrap();
        *phases.entry(format!("{:?}", state.phase)).or_default() += 1;
        // The price, less what was paid; what is beyond it is refundable.
        let paid = sums
            .get(device.account.as_str())
            .copied()
            .unwrap_or_default();
        assert_eq!(
            state.balance,
            (row.price - paid).max(Decimal::ZERO),
            "{}",
            row.account
        );
        assert_eq!(
            state.refundable,
            (paid - row.price).max(Decimal::ZERO),
            "{}",
            row.account
        );
        // Days: what is left after the deposit, at rate over period; whole days only.
        let towards_days = paid.min(row.price) - paid.min(row.deposit);
        let days = (towards_days * Decimal::from(row.period_days) / row.rate).floor();
        assert_eq!(Decimal::from(state.days_bought), days, "{}", row.account);
        if paid < row.deposit {
            assert!(state.phase == Phase::AwaitingDeposit && device.tokens.is_empty());
        }
        typed(
            device,
            row.device().unwrap(),
            state.days_bought + row.free_days,
        );
    }
    for phase in ["AwaitingDeposit", "Active", "Paid"] {
        assert!(phases.contains_key(phase), "{phases:?}");
    }
    assert!(
        books
            .devices
            .iter()
            .any(|d| d.tokens.iter().any(|t| t.does.starts_with("sets")))
    );
}

/// Types every token in its order: each works once, and those that only add give the days paid for.
fn typed(device: &DeviceRecord, keys: mobile_money::paygo::openpaygo::Device, days: u32) {
    let mut receiver = Receiver::new(keys, 0);
    let (mut added, mut only_added) = (0, true);
    for line in &device.tokens {
        match receiver.enter(&line.token.text).unwrap() {
            Entered::Accepted { command, count } => {
                assert_eq!(count, line.token.count);
                match command {
                    TokenCommand::AddTime(units) => added += units,
                    TokenCommand::SetTime(_) => only_added = false,
                    _ => assert_eq!(device.state().unwrap().phase, Phase::Paid),
                }
            }
            other => panic!("{}: {} is {other:?}", device.account, line.token.text),
        }
        let again = receiver.enter(&line.token.text).unwrap();
        assert_eq!(again, Entered::AlreadyUsed, "{}", device.account);
    }
    if only_added && device.state().unwrap().phase == Phase::Active {
        assert_eq!(added, days, "{}", device.account);
    }
}

#[test]
fn statements_show_what_was_never_announced_and_what_never_moved() {
    let mut lender = lender();
    let books = Books::read(&mut lender.store).unwrap();
    let text = lender.report();
    let known: Vec<&str> = books.receipts.iter().map(|r| r.number.as_str()).collect();
    // What the files say, read without the library.
    let path = lender.folder.path.join("statements/airtel.csv");
    let statement = fs::read_to_string(path).unwrap();
    let ids: Vec<&str> = statement
        .lines()
        .skip(1)
        .map(|l| l.split(',').next().unwrap())
        .collect();
    let silent: Vec<_> = ids.iter().filter(|id| !known.contains(id)).collect();
    assert!(!silent.is_empty());
    for id in silent {
        let line = text.lines().find(|line| line.contains(*id)).unwrap();
        assert!(
            line.contains("book ") && line.contains("no message ever came"),
            "{line}"
        );
    }
    let airtel = books.receipts.iter().filter(|r| r.wallet == "airtel");
    let invented: Vec<_> = airtel
        .filter(|r| !ids.contains(&r.number.as_str()))
        .collect();
    assert_eq!(invented.len(), 1);
    let line = text
        .lines()
        .rfind(|line| line.contains(&invented[0].number))
        .unwrap();
    assert!(
        line.contains("ask the provider") && line.contains("no such payment"),
        "{line}"
    );
    assert_eq!(invented[0].amount, dec!(70000));
    for wallet in ["airtel", "mpesa"] {
        let head = text
            .lines()
            .find(|line| line.starts_with(&format!("Statement of {wallet}")))
            .unwrap();
        assert!(head.contains("running balance ok"), "{head}");
    }
    assert_eq!(text.matches("+ not on the statement").count(), 2);
    assert!(!text.contains("DIFFERS"), "{text}");
    // Suspense is explained and aged.
    assert!(text.contains("In suspense by age: "), "{text}");
    // A row that is lost is located.
    let cut: Vec<&str> = statement
        .lines()
        .enumerate()
        .filter(|(at, _)| *at != 20)
        .map(|(_, l)| l)
        .collect();
    fs::write(
        lender.folder.path.join("statements/airtel.csv"),
        cut.join("\n"),
    )
    .unwrap();
    assert!(
        lender
            .report()
            .contains("rows are missing between lines 20 and 21")
    );
}

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lender"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_command_shows_a_device_and_refuses_bad_ones() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let folder = data.display().to_string();
    assert!(
        command(&[
            "generate",
            "--clients",
            "24",
            "--days",
            "30",
            "--seed",
            "3",
            &folder
        ])
        .status
        .success()
    );
    let run = command(&["run", &folder, "--quiet"]);
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(String::from_utf8_lossy(&run.stdout).contains("Pay-as-you-go devices"));
    let shown = command(&["show", "KD10000", "--data", &folder]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(
        shown.contains("Device KD10000 (serial SX4100000)") && shown.contains("Tokens"),
        "{shown}"
    );

    let file = data.join("devices.csv");
    let good = fs::read_to_string(&file).unwrap();
    let row = |at: usize, value: &str| {
        let mut lines: Vec<String> = good.lines().map(str::to_owned).collect();
        let mut fields: Vec<&str> = lines[1].split(',').collect();
        fields[at] = value;
        lines[1] = fields.join(",");
        lines.join("\n")
    };
    let table = [
        (
            row(1, "nobody"),
            "client \"nobody\" is not in clients.jsonl",
        ),
        (row(3, "12"), "32 hexadecimal digits"),
        (row(4, "2020-01-01"), "on is 2020-01-01"),
        (row(5, "EUR"), "currency EUR is not kept"),
        (row(7, "900000"), "from zero to the price"),
        (row(8, "0"), "above zero"),
    ];
    for (text, reason) in table {
        fs::write(&file, text).unwrap();
        let refused = command(&["run", &folder, "--quiet"]);
        assert_eq!(refused.status.code(), Some(2), "{reason}");
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(
            error.contains("devices.csv:2: ") && error.contains(reason),
            "{error}"
        );
    }
    fs::write(&file, good).unwrap();
    fs::write(data.join("statements/mpesa.csv"), "a,b\n1,2\n").unwrap();
    let refused = command(&["run", &folder, "--quiet"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("no built-in layout fits")
    );
}
