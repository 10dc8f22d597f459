//! A small lender's year, its statements worked out by hand.
//!
//! ```text
//! 2024-01-01 share capital        5,000.00   bank 1120         capital 3100
//! 2024-01-02 loan to LN-1         1,000.00   portfolio 1210    bank 1120
//! 2024-01-03 loan to LN-2           600.00   portfolio 1210    bank 1120     (branch B)
//! 2024-06-30 interest of LN-1       120.00   bank 1120         interest 4100
//! 2024-07-31 staff                   70.00   staff 5400        bank 1120
//! 2024-12-31 principal of LN-1      400.00   bank 1120         portfolio 1210
//! 2025-02-01 interest of LN-2        30.00   bank 1120         interest 4100 (branch B)
//! ```

use chrono::NaiveDate;
use ledger::{
    BranchCode, Currency, EntryId, GlCode, Journal, JournalEntry, Money, Sequence,
    chart::ready,
    entry::tags,
    journal::View,
    statements::{StatementRow, SubLedgerEvent},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

fn kes() -> Currency {
    Currency::from_code("KES").unwrap()
}

fn money(shillings: i128) -> Money {
    Money::from_minor(shillings * 100, kes()).unwrap()
}

fn entry(id: u128, date: &str, debit: &str, credit: &str, shillings: i128) -> ledger::EntryBuilder {
    JournalEntry::builder(EntryId::new(id), day(date), day(date))
        .debit(code(debit), money(shillings))
        .credit(code(credit), money(shillings))
        .branch("A".parse().unwrap())
}

fn year() -> Journal {
    let mut journal = Journal::new(ready::microfinance_lender());
    let loan = |builder: ledger::EntryBuilder, account: &str| builder.tag(tags::ACCOUNT, account);
    let b: BranchCode = "B".parse().unwrap();
    for builder in [
        entry(1, "2024-01-01", "1120", "3100", 5_000),
        loan(entry(2, "2024-01-02", "1210", "1120", 1_000), "LN-1"),
        loan(entry(3, "2024-01-03", "1210", "1120", 600), "LN-2").branch(b),
        loan(entry(4, "2024-06-30", "1120", "4100", 120), "LN-1").reference("MP-9"),
        entry(5, "2024-07-31", "5400", "1120", 70),
        loan(entry(6, "2024-12-31", "1120", "1210", 400), "LN-1"),
        loan(entry(7, "2025-02-01", "1120", "4100", 30), "LN-2").branch(b),
    ] {
        journal.post(builder.build().unwrap()).unwrap();
    }
    journal
}

fn shown(rows: &[StatementRow]) -> Vec<String> {
    let row = |row: &StatementRow| {
        let amounts: Vec<_> = row
            .amounts
            .iter()
            .map(|m| m.amount().trunc().to_string())
            .collect();
        format!(
            "{}{} {}",
            " ".repeat(row.depth),
            row.account,
            amounts.join(" ")
        )
    };
    rows.iter().map(row).collect()
}

#[test]
fn a_balance_sheet_with_comparatives() {
    let dates = [day("2025-02-28"), day("2024-12-31"), day("2023-12-31")];
    let sheet = year()
        .balance_sheet(kes(), &dates, &View::latest())
        .unwrap();
    // Bank: 5000 - 1000 - 600 + 120 - 70 + 400 = 3850, then + 30. Portfolio: 1600 - 400.
    assert_eq!(
        shown(&sheet.assets),
        [
            "1000 5080 5050 0",
            " 1100 3880 3850 0",
            "  1120 3880 3850 0",
            " 1200 1200 1200 0",
            "  1210 1200 1200 0"
        ]
    );
    assert_eq!(shown(&sheet.liabilities), [""; 0]);
    assert_eq!(
        shown(&sheet.equity),
        ["3000 5000 5000 0", " 3100 5000 5000 0"]
    );
    assert_eq!(sheet.result, [money(80), money(50), money(0)]);
    assert!(sheet.is_balanced());
}

#[test]
fn a_trial_balance_with_comparatives() {
    let dates = [day("2025-02-28"), day("2024-01-03"), day("2023-12-31")];
    let trial = year()
        .comparative_trial_balance(kes(), &dates, &View::latest())
        .unwrap();
    let shown: Vec<String> = trial
        .rows
        .iter()
        .map(|row| {
            let sides = row.balances.iter().map(|(debit, credit)| {
                format!("{}/{}", debit.amount().trunc(), credit.amount().trunc())
            });
            format!("{} {}", row.account, sides.collect::<Vec<_>>().join(" "))
        })
        .collect();
    // Bank on 3 January: 5000 - 1000 - 600; at the end as in the balance sheet.
    assert_eq!(
        shown,
        [
            "1120 3880/0 3400/0 0/0",
            "1210 1200/0 1600/0 0/0",
            "3100 0/5000 0/5000 0/0",
            "4100 0/150 0/0 0/0",
            "5400 70/0 0/0 0/0"
        ]
    );
    let (both, none) = (money(5_150), money(0));
    let start = money(5_000);
    assert_eq!(trial.totals, [(both, both), (start, start), (none, none)]);
    assert!(trial.is_balanced());
}

#[test]
fn an_income_statement_by_period_and_branch() {
    let periods = [
        (day("2024-01-01"), day("2024-12-31")),
        (day("2025-01-01"), day("2025-12-31")),
    ];
    let journal = year();
    let statement = journal
        .income_statement(kes(), &periods, &View::latest())
        .unwrap();
    assert_eq!(shown(&statement.income), ["4000 120 30", " 4100 120 30"]);
    assert_eq!(shown(&statement.expenses), ["5000 70 0", " 5400 70 0"]);
    assert_eq!(statement.result, [money(50), money(30)]);
    let b = View::latest().in_branch("B".parse().unwrap());
    let of_b = journal.income_statement(kes(), &periods, &b).unwrap();
    assert_eq!(of_b.result, [money(0), money(30)]);
}

#[test]
fn the_year_end_moves_the_result_to_equity_and_leaves_the_income_statement() {
    let mut journal = year();
    let (year_end, retained) = (day("2024-12-31"), code("3200"));
    let entry = journal
        .year_end_entry(EntryId::new(8), year_end, &retained)
        .unwrap();
    let lines: Vec<_> = entry
        .lines()
        .iter()
        .map(|line| {
            format!(
                "{} {:?} {}",
                line.account(),
                line.side(),
                line.amount().amount()
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "4100 Debit 120.00",
            "5400 Credit 70.00",
            "3200 Credit 50.00"
        ]
    );
    journal.post(entry).unwrap();
    journal
        .close_period(None, year_end, day("2025-03-01"))
        .unwrap();

    let latest = View::latest();
    let sheet = journal.balance_sheet(kes(), &[year_end], &latest).unwrap();
    assert_eq!(
        shown(&sheet.equity),
        ["3000 5050", " 3100 5000", " 3200 50"]
    );
    assert!(sheet.result[0].is_zero() && sheet.is_balanced());
    let periods = [(day("2024-01-01"), year_end)];
    let statement = journal.income_statement(kes(), &periods, &latest).unwrap();
    assert_eq!(statement.result, [money(50)]);
    // As it was known before the closing entry, the result still stood on its own.
    let before = latest.known_at(Sequence::new(7));
    let sheet = journal.balance_sheet(kes(), &[year_end], &before).unwrap();
    assert_eq!(sheet.result, [money(50)]);

    let again = journal
        .year_end_entry(EntryId::new(9), year_end, &retained)
        .unwrap_err();
    assert_eq!(again.code(), 1401);
    let wrong = journal
        .year_end_entry(EntryId::new(9), year_end, &code("2800"))
        .unwrap_err();
    assert_eq!(wrong.code(), 1602);
}

#[test]
fn the_detail_of_an_account_runs_from_opening_to_closing() {
    let journal = year();
    let view = View::latest().on_booking_date(day("2024-12-31"));
    let detail = journal
        .account_detail(&code("1100"), kes(), day("2024-06-30"), &view)
        .unwrap();
    assert_eq!(detail.movement.opening, money(3_400));
    assert_eq!(
        (detail.movement.debit, detail.movement.credit),
        (money(520), money(70))
    );
    assert_eq!(detail.movement.closing, money(3_850));
    let rows: Vec<_> = detail
        .rows
        .iter()
        .map(|row| {
            let amounts = (row.debit.amount().trunc(), row.credit.amount().trunc());
            format!(
                "{} #{} {} {} {}",
                row.date,
                row.sequence.get(),
                amounts.0,
                amounts.1,
                row.balance
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "2024-06-30 #4 120 0 3520.00 KES",
            "2024-07-31 #5 0 70 3450.00 KES",
            "2024-12-31 #6 400 0 3850.00 KES"
        ]
    );
    assert_eq!(detail.rows[0].reference.as_deref(), Some("MP-9"));
    let unknown = journal.account_detail(&code("77"), kes(), day("2024-01-01"), &view);
    assert_eq!(unknown.unwrap_err().code(), 1601);
}

#[test]
fn balances_by_tag() {
    let journal = year();
    let by = |account: &str, view: View| -> Vec<String> {
        let by_tag = journal
            .balance_by_tag(&code(account), kes(), tags::ACCOUNT, &view)
            .unwrap();
        by_tag
            .iter()
            .map(|(tag, amount)| format!("{tag}={}", amount.amount().trunc()))
            .collect()
    };
    assert_eq!(by("1210", View::latest()), ["LN-1=600", "LN-2=600"]);
    assert_eq!(
        by("1210", View::latest().on_value_date(day("2024-06-01"))),
        ["LN-1=1000", "LN-2=600"]
    );
    assert_eq!(
        by("4000", View::latest().in_branch("A".parse().unwrap())),
        ["LN-1=120"]
    );
    assert_eq!(
        by("1120", View::latest().known_at(Sequence::new(2))),
        ["=5000", "LN-1=-1000"]
    );
}

#[test]
fn a_control_account_is_reconciled_event_by_event() {
    let journal = year();
    let event = |account, entry, shillings| SubLedgerEvent {
        account,
        entry: EntryId::new(entry),
        amount: money(shillings),
    };
    let right = [
        event("LN-1", 2, 1_000),
        event("LN-2", 3, 600),
        event("LN-1", 6, -400),
    ];
    let latest = View::latest();
    let report = journal
        .reconcile(&code("1210"), kes(), right, &latest)
        .unwrap();
    assert!(report.is_equal());
    assert_eq!(
        (report.in_books, report.in_sub_ledger),
        (money(1_200), money(1_200))
    );

    // The same total, with 100 on the wrong account; and an event the books never saw.
    let wrong = [
        event("LN-1", 2, 900),
        event("LN-2", 3, 700),
        event("LN-1", 6, -400),
        event("LN-3", 99, 5),
    ];
    let report = journal
        .reconcile(&code("1210"), kes(), wrong, &latest)
        .unwrap();
    let differences: Vec<_> = report
        .differences
        .iter()
        .map(|d| {
            (
                d.account.as_str(),
                d.entry.get(),
                d.in_books,
                d.in_sub_ledger,
            )
        })
        .collect();
    assert_eq!(
        differences,
        [
            ("LN-1", 2, money(1_000), money(900)),
            ("LN-2", 3, money(600), money(700)),
            ("LN-3", 99, money(0), money(5)),
        ]
    );
}
