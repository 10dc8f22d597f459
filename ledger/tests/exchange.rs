//! Charts and entries in and out, and what is refused on the way in.

use law_runs::runs;
use ledger::{
    BranchCode, ChartError, ChartOfAccounts, Currency, EntryId, GlAccount, GlCode, GlType, Journal,
    JournalEntry, Money,
    chart::ready,
    exchange::{
        self, ImportError, PlainText, chart_from_csv, chart_to_csv, entries_from_csv,
        entries_to_csv,
    },
};
use proptest::prelude::*;

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

fn minor(amount: i128, currency: &str) -> Money {
    Money::from_minor(amount, Currency::from_code(currency).unwrap()).unwrap()
}

fn entry(number: u128) -> ledger::EntryBuilder {
    let day = |text: &str| text.parse().unwrap();
    JournalEntry::builder(EntryId::new(number), day("2024-01-31"), day("2024-02-01"))
}

fn entries() -> Vec<JournalEntry> {
    let branch: BranchCode = "NBO".parse().unwrap();
    let paid = entry(2)
        .debit(code("1130"), minor(17_250, "KES"))
        .credit(code("1210"), minor(16_250, "KES"))
        .credit(code("4100"), minor(1_000, "KES"))
        .branch(branch)
        .reference("QK12, \"first\"\nline; two")
        .notes("a \\ b")
        .tag("account", "LN-7")
        .build()
        .unwrap();
    let moved = entry(3)
        .debit(code("1110"), minor(5_000, "UGX"))
        .credit(code("1120"), minor(5_000, "UGX"))
        .manual("wanjiru")
        .build()
        .unwrap();
    let reversal = moved
        .reversal(EntryId::new(4), "2024-02-03".parse().unwrap())
        .unwrap();
    vec![paid, moved, reversal]
}

#[test]
fn charts_go_through_csv_and_json() {
    for chart in [ready::microfinance_lender(), ready::pay_as_you_go_company()] {
        assert_eq!(chart_from_csv(&chart_to_csv(&chart)).unwrap(), chart);
        let json = serde_json::to_string(&chart).unwrap();
        assert_eq!(
            serde_json::from_str::<ChartOfAccounts>(&json).unwrap(),
            chart
        );
    }
    let little =
        "usage,type,name,code\nDETAIL,ASSET,\"Cash, \"\"till\"\"\",11\r\n\r\nHEADER,EQUITY,Own,3\n";
    let chart = chart_from_csv(little).unwrap();
    let cash = chart.get(&code("11")).unwrap();
    assert_eq!(cash.name, "Cash, \"till\"");
    assert!(cash.active && cash.manual_entries && cash.currency.is_none());
}

#[test]
fn a_refused_chart_says_where() {
    for (text, message, number) in [
        ("", "no code", 1901),
        ("code,name,type", "no usage", 1901),
        ("code,code,name,type,usage", "\"code\" is not allowed", 1901),
        (
            "code,name,type,usage,colour",
            "\"colour\" is not allowed",
            1901,
        ),
        (
            "code,name,type,usage\n1,A,ASSET",
            "CSV line 2: as many fields",
            1902,
        ),
        (
            "code,name,type,usage\n1,A,Asset,DETAIL",
            "line 2, type: \"Asset\"",
            1903,
        ),
        (
            "code,name,type,usage\n1 0,A,ASSET,DETAIL",
            "line 2, code",
            1903,
        ),
        (
            "code,name,type,usage,currency\n1,A,ASSET,DETAIL,KSH",
            "line 2, currency",
            1903,
        ),
        (
            "code,name,type,usage,active\n1,A,ASSET,DETAIL,true",
            "yes or no",
            1903,
        ),
        (
            "code,name,type,usage\n1,A,ASSET,DETAIL\n1,B,ASSET,DETAIL",
            "two accounts",
            1301,
        ),
        ("code,name,type,usage\n1,,ASSET,DETAIL", "no name", 1302),
    ] {
        let error = chart_from_csv(text).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(error.code(), number);
    }
}

#[test]
fn everything_wrong_with_a_chart_is_listed() {
    let asset = |text| GlAccount::detail(code(text), "x", GlType::Asset);
    let header = |text| GlAccount::header(code(text), "x", GlType::Asset);
    let problems = ChartOfAccounts::problems(&[
        asset("1").under(code("9")),
        asset("2").under(code("1")),
        GlAccount::detail(code("3"), "x", GlType::Income).under(code("4")),
        header("4").under(code("5")),
        header("5").under(code("4")),
    ]);
    let codes: Vec<_> = problems.iter().map(ChartError::code).collect();
    assert_eq!(codes, [1303, 1304, 1305, 1306, 1306]);
}

#[test]
fn entries_go_through_csv() {
    let text = entries_to_csv(entries());
    assert_eq!(entries_from_csv(&text).unwrap(), entries());
    let first = text.lines().nth(4).unwrap();
    assert!(
        text.starts_with("entry,value_date,booking_date,account,side,amount"),
        "{first}"
    );
}

#[test]
fn a_refused_entry_says_where() {
    const HEAD: &str = "entry,value_date,account,side,amount,currency,reference\n";
    let id = |digit: &str| "0".repeat(31) + digit;
    let row = |entry: &str, side: &str, amount: &str, reference: &str| {
        format!(
            "{},2024-01-01,11,{side},{amount},KES,{reference}\n",
            id(entry)
        )
    };
    let good = row("1", "DEBIT", "1", "") + &row("1", "CREDIT", "1", "");
    assert_eq!(entries_from_csv(&format!("{HEAD}{good}")).unwrap().len(), 1);
    for (rows, message, number) in [
        (row("1", "DEBIT", "1", ""), "does not balance", 1403),
        (row("1", "DEBIT", "-1", ""), "more than zero", 1402),
        (row("1", "DEBIT", "1.005", ""), "whole minor units", 1402),
        (
            row("1", "DEBIT", "1e3", ""),
            "line 2, amount: \"1e3\"",
            1903,
        ),
        (row("1", "Dr", "1", ""), "DEBIT or CREDIT", 1903),
        (row("x", "DEBIT", "1", ""), "line 2, entry", 1903),
        (
            row("1", "DEBIT", "1", "a") + &row("1", "CREDIT", "1", "b"),
            "another reference",
            1904,
        ),
        (
            good.clone() + &row("2", "DEBIT", "1", "") + &row("2", "CREDIT", "1", "") + &good,
            "line 6",
            1905,
        ),
    ] {
        let error = entries_from_csv(&format!("{HEAD}{rows}")).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(error.code(), number, "{error}");
    }
}

#[test]
fn the_journal_is_written_for_ledger_and_beancount() {
    let mut journal = Journal::new(ready::microfinance_lender());
    journal.post_batch(entries()).unwrap();
    let ledger = exchange::journal_to_text(&journal, PlainText::Ledger);
    assert!(ledger.contains("account Assets:1000:1100:1110\n    ; Cash on hand\n"));
    let payment = "
2024-01-31=2024-02-01 * (1) QK12  \"first\" line  two
    ; entry: 00000000000000000000000000000002
    ; notes: a \\ b
    ; tag-account: LN-7
    Assets:1000:1100:1130  172.50 KES
    ; branch: NBO
    Assets:1000:1200:1210  -162.50 KES
    ; branch: NBO
    Income:4000:4100  -10.00 KES
    ; branch: NBO
";
    assert!(ledger.contains(payment), "{ledger}");
    let beancount = exchange::journal_to_text(&journal, PlainText::Beancount);
    assert!(
        beancount.starts_with("2024-01-31 open Assets:1000:1100:1110\n  name: \"Cash on hand\"\n")
    );
    let payment = "
2024-01-31 * \"QK12, \\\"first\\\" line; two\"
  sequence: 1
  booked: 2024-02-01
  entry: \"00000000000000000000000000000002\"
  notes: \"a \\\\ b\"
  tag-account: \"LN-7\"
  Assets:1000:1100:1130  172.50 KES
    branch: \"NBO\"
";
    assert!(beancount.contains(payment), "{beancount}");
}

proptest! {
    #![proptest_config(runs(256))]

    /// Whatever is read back was whole; nothing panics.
    #[test]
    fn any_text_is_read_or_refused(text in "(entry|code|value_date|account|side|[0-9a-f]{32}|\"|,|\n|\\PC){0,40}") {
        let _ = chart_from_csv(&text);
        let _ = entries_from_csv(&text);
        let _ = serde_json::from_str::<JournalEntry>(&text);
    }

    /// One damaged byte of a good file: refused, or read as entries that balance.
    #[test]
    fn a_damaged_file_never_gives_an_unbalanced_entry(at in 0_usize..900, byte in any::<u8>()) {
        let mut bytes = entries_to_csv(entries()).into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(read) = entries_from_csv(&text)
        {
            for entry in read {
                let sum: i64 = entry.lines().iter().map(ledger::JournalLine::signed_minor).sum();
                prop_assert_eq!(sum, 0);
            }
        }
    }

    #[test]
    fn any_texts_come_back_from_csv(name in "\\PC{1,30}", reference in "[ -~\n\r\"é]{1,30}") {
        prop_assume!(!name.trim().is_empty());
        let chart = ChartOfAccounts::new([GlAccount::detail(code("1"), name, GlType::Asset)]).unwrap();
        prop_assert_eq!(chart_from_csv(&chart_to_csv(&chart)).unwrap(), chart);
        let entry = entry(9).debit(code("1"), minor(1, "KES")).credit(code("2"), minor(1, "KES"));
        let entry = entry.reference(reference).build().unwrap();
        prop_assert_eq!(entries_from_csv(&entries_to_csv([entry.clone()])).unwrap(), vec![entry]);
    }
}

#[test]
fn import_errors_keep_the_error_beneath() {
    let error = ImportError::from(ChartError::Duplicate { code: code("1") });
    assert_eq!(error.code(), 1301);
}
