//! Refused input: one line with file, line and reason, exit code 2, the database unchanged.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn lender(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lender"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A small folder that has been run, so that there are books which must not change.
fn folder(home: &Path) -> String {
    let folder = home.join("data").display().to_string();
    let made = lender(&[
        "generate",
        "--clients",
        "12",
        "--days",
        "20",
        "--seed",
        "3",
        &folder,
    ]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let run = lender(&["run", &folder, "--quiet", "--until", "2026-07-05"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    folder
}

/// What a file gets instead of its text.
type Change = fn(&str) -> String;

/// Replaces a field of the first application that is approved, and not on the first day.
fn field(csv: &str, at: usize, value: &str) -> String {
    let mut lines: Vec<String> = csv.lines().map(str::to_owned).collect();
    let approved = |line: &&mut String| {
        let fields: Vec<&str> = line.split(',').collect();
        fields[8] == "approve" && fields[9] > "2026-07-01"
    };
    let line = lines.iter_mut().find(approved).unwrap();
    let mut fields: Vec<&str> = line.split(',').collect();
    fields[at] = value;
    *line = fields.join(",");
    lines.join("\n")
}

#[test]
fn bad_input_is_refused_and_changes_nothing() {
    // The file, what is done to it, whether that line is to blame, what the reason says.
    let table: &[(&str, Change, bool, &[&str])] = &[
        // Broken JSON: the product ends in the middle of its third line.
        (
            "products/boda.json",
            |text| text[..text.find("Boda-boda").unwrap() + 4].to_owned(),
            true,
            &["EOF while parsing"],
        ),
        // Broken JSON in a line of a provider's file.
        (
            "clients.jsonl",
            |text| text.replacen("{\"id\":", "{\"id\"", 1),
            true,
            &["expected `:`"],
        ),
        // A product that nobody offers.
        (
            "applications.csv",
            |text| field(text, 2, "GOLD"),
            true,
            &[
                "product \"GOLD\" is not known",
                "BODA, BUSIA, MARKET, SALARY",
            ],
        ),
        // An amount out of range.
        (
            "applications.csv",
            |text| field(text, 3, "7"),
            true,
            &["amount: 7 given", "to "],
        ),
        // More decimals than the currency has.
        (
            "applications.csv",
            |text| field(text, 3, "2000000.5"),
            true,
            &["2000000.5"],
        ),
        // A currency that ISO 4217 has withdrawn.
        (
            "lender.json",
            |text| text.replacen("\"UGX\"", "\"HRK\"", 1),
            true,
            &["unknown currency code \"HRK\""],
        ),
        // A currency that the lender has closed for new loans.
        (
            "lender.json",
            |text| {
                let open = "\"code\": \"UGX\",\n      \"closed_on\": null";
                text.replacen(
                    open,
                    "\"code\": \"UGX\",\n      \"closed_on\": \"2026-07-02\"",
                    1,
                )
            },
            false,
            &["currency UGX is closed for new loans since 2026-07-02"],
        ),
        // Paid out before the decision.
        (
            "applications.csv",
            |text| field(text, 10, "2026-07-01"),
            true,
            &["disburse is 2026-07-01, before the decision"],
        ),
        // Money at the counter before the loan was paid out.
        (
            "cash.csv",
            |text| {
                format!(
                    "{}\nR99999,2026-07-01,{},1000\n",
                    text.trim_end(),
                    "ACCOUNT"
                )
            },
            true,
            &["on is 2026-07-01, before the disbursement"],
        ),
        // A client that is in no list.
        (
            "applications.csv",
            |text| field(text, 1, "C9"),
            true,
            &["client \"C9\" is not in"],
        ),
    ];
    let home = tempfile::tempdir().unwrap();
    let folder = folder(home.path());
    let database = Path::new(&folder).join("lender.sqlite");
    let before = fs::read(&database).unwrap();
    for (name, change, blamed, reasons) in table {
        let file = Path::new(&folder).join(name);
        let good = fs::read_to_string(&file).unwrap();
        let mut bad = change(&good);
        if *name == "cash.csv" {
            bad = bad.replace("ACCOUNT", &late_account(&folder));
        }
        assert_ne!(bad, good, "{name}: the change changes something");
        // The first line that differs; a file that ends early ends in its last line.
        let same = good
            .lines()
            .zip(bad.lines())
            .take_while(|(one, two)| one == two)
            .count();
        fs::write(&file, &bad).unwrap();
        let refused = lender(&["run", &folder, "--quiet"]);
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{name}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(refused.stdout.is_empty(), "{name}");
        if *blamed {
            let place = format!("lender: {}:{}: ", file.display(), same + 1);
            assert!(said.starts_with(&place), "{place}\n{said}");
        }
        for reason in *reasons {
            assert!(said.contains(reason), "{reason}\n{said}");
        }
        assert!(
            fs::read(&database).unwrap() == before,
            "{name}: the database is unchanged"
        );
        fs::write(&file, good).unwrap();
    }
    let goes_on = lender(&["run", &folder, "--quiet"]);
    assert!(goes_on.status.success(), "{}", text(&goes_on.stderr));
}

/// An account that is paid out after the first day.
fn late_account(folder: &str) -> String {
    let file = Path::new(folder).join("applications.csv");
    let mut rows = csv::Reader::from_path(file).unwrap();
    let row = rows
        .records()
        .map(Result::unwrap)
        .find(|row| row[10] > *"2026-07-01")
        .unwrap();
    row[0].to_owned()
}

#[test]
fn a_message_that_is_no_json_is_a_damaged_file() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(home.path());
    let day = Path::new(&folder).join("notifications/2026-07-11");
    fs::create_dir_all(&day).unwrap();
    let file = day.join("airtel.jsonl");
    fs::write(&file, "{\"transactionId\": \n").unwrap();
    let refused = lender(&["run", &folder, "--quiet"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("airtel.jsonl:1: EOF"),
        "{}",
        text(&refused.stderr)
    );
}

#[test]
fn without_a_database_nothing_is_made_for_refused_input() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data").display().to_string();
    assert!(
        lender(&["generate", "--clients", "5", "--days", "10", &folder])
            .status
            .success()
    );
    fs::write(Path::new(&folder).join("lender.json"), "{").unwrap();
    assert_eq!(lender(&["run", &folder]).status.code(), Some(2));
    assert!(!Path::new(&folder).join("lender.sqlite").exists());
}

#[test]
fn the_books_of_one_lender_are_not_continued_by_another() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(home.path());
    let file = Path::new(&folder).join("lender.json");
    let other = fs::read_to_string(&file)
        .unwrap()
        .replace("Kampala Traders' Credit", "Another");
    fs::write(&file, other).unwrap();
    let refused = lender(&["run", &folder]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("not of \"Another\""),
        "{}",
        text(&refused.stderr)
    );
}

#[test]
fn show_prints_terms_schedule_history_and_postings() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(home.path());
    assert!(lender(&["run", &folder]).status.success());
    let account = late_account(&folder);
    let shown = text(&lender(&["show", &account, "--data", &folder]).stdout);
    for part in [
        "Terms",
        "Schedule",
        "History",
        "Postings",
        "disbursement",
        "Loan portfolio",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let unknown = lender(&["show", "KL1", "--data", &folder]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("there is no account \"KL1\""));
}

#[test]
fn schedule_needs_no_database() {
    let products = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/kampala/products/market.json");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/kampala");
    let arguments = ["--amount", "1200000", "--disburse", "2026-07-01"];
    let product = ["schedule", "--product", products.to_str().unwrap()];
    let data = ["--data", data.to_str().unwrap()];
    let made = lender(&[&product[..], &arguments[..], &data[..]].concat());
    let text = text(&made.stdout);
    // 300,000 of principal each; 36 % over 365 days on 1,200,000 for 31 days is 36,690.41, on
    // 900,000 for 31 days 27,517.81, on 600,000 for 30 days 17,753.42, on 300,000 for 31 days
    // 9,172.60. 1 November 2026 is a Sunday: due on the Monday, without more interest.
    for (due, interest) in [
        ("2026-08-01", "36,690"),
        ("2026-09-01", "27,518"),
        ("2026-10-01", "17,753"),
        ("2026-11-02", "9,173"),
    ] {
        let row = text
            .lines()
            .find(|line| line.contains(due))
            .unwrap_or_else(|| panic!("{text}"));
        let cells: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(cells[2..4], ["300,000", interest], "{row}");
    }
}

#[test]
fn ready_made_products_can_be_previewed_without_any_folder() {
    let nowhere = tempfile::tempdir().unwrap();
    let data = ["--data", nowhere.path().to_str().unwrap()];
    let ask = |product: &str, amount: &str| {
        let arguments = ["schedule", "--product", product, "--amount", amount];
        lender(&[&arguments[..], &data[..]].concat())
    };
    // 8 % of 10,000 for the whole term: 10,800 in 30 payments of 360.
    let made = ask("TRADER-DAILY", "10000");
    let shown = text(&made.stdout);
    assert!(
        shown.contains("principal 10,000.00, interest 800.00, fees 0.00"),
        "{shown}{}",
        text(&made.stderr)
    );
    let unknown = ask("GOLD", "10000");
    assert!(text(&unknown.stderr).contains("HARVEST"));
}
