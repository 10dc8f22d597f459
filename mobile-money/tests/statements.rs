//! Statements: read by layout, proved by their running balance.

use mobile_money::statement::{
    Layout, Order, Statement, StatementError, TotalsMismatch, read, recognise,
};
use rust_decimal::{Decimal, dec};

fn file(name: &str) -> String {
    let path = format!("{}/tests/data/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn statement(text: &str) -> Statement {
    let layout = recognise(text.as_bytes()).unwrap();
    read(&layout, text.as_bytes()).unwrap()
}

#[test]
fn mpesa_organisation_statement() {
    let statement = statement(&file("mpesa_org_statement.csv"));
    assert_eq!(statement.layout, "mpesa");
    assert_eq!(statement.order, Order::NewestFirst);
    assert_eq!(statement.rows.len(), 6);
    assert_eq!(statement.opening, Some(dec!(46710.00)));
    assert_eq!(statement.closing, Some(dec!(45694.50)));
    assert_eq!(
        (statement.paid_in, statement.paid_out),
        (dec!(3700.00), dec!(4715.50))
    );
    assert!(statement.gaps.is_empty() && statement.mismatches.is_empty());
    assert_eq!(statement.preamble.short_code.as_deref(), Some("600999"));
    let declined = statement
        .rows
        .iter()
        .find(|row| row.status == "Declined")
        .unwrap();
    assert!(!declined.moved && declined.amount == Decimal::ZERO);
    let newest = &statement.rows[0];
    assert_eq!((newest.line, newest.linked.as_str()), (8, "SFB41KX7PQ"));
    assert_eq!(newest.time.to_rfc3339(), "2024-06-11T07:15:00+00:00");
}

#[test]
fn older_mpesa_and_onafriq_reports() {
    let old = statement(&file("mpesa_org_statement_old.csv"));
    assert_eq!((old.layout.as_str(), old.rows.len()), ("mpesa-old", 2));
    // Derived: 48,210.00 after 1,500.00 came in.
    assert_eq!(old.opening, Some(dec!(46710.00)));
    assert!(old.gaps.is_empty());
    let report = statement(&file("onafriq_dtr.csv"));
    // 900,000 - 150,000 - 750 = 749,250.
    assert_eq!(
        (report.opening, report.closing),
        (Some(dec!(900000)), Some(dec!(749250)))
    );
    assert_eq!(report.rows[0].fee, dec!(750));
    assert!(report.gaps.is_empty());
}

#[test]
fn a_lost_row_is_located() {
    let text = file("mpesa_org_statement.csv");
    let without: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("SFB61KX9AA"))
        .collect();
    let statement = statement(&without.join("\n"));
    let [gap] = statement.gaps.as_slice() else {
        panic!("{:?}", statement.gaps)
    };
    // 44,994.50 - 1,500.00 leads to 43,494.50, the file says 45,694.50: 2,200.00 are missing.
    assert_eq!(gap.stated - gap.expected, dec!(2200.00));
    assert_eq!(gap.from.unwrap().to_rfc3339(), "2024-06-11T06:40:00+00:00");
    assert_eq!(gap.to.unwrap().to_rfc3339(), "2024-06-11T07:15:00+00:00");
    let paid_in = TotalsMismatch::PaidIn(dec!(3700.00), dec!(1500.00));
    assert_eq!(statement.mismatches, [paid_in]);
}

#[test]
fn a_statement_of_ones_own_layout() {
    let mut layout = Layout::mpesa_old();
    layout.name = "airtel-export".into();
    layout.id = "Txn".into();
    layout.time = "When".into();
    layout.time_form.pattern = "%d/%m/%Y %H:%M".into();
    layout.paid_in = Some("Amount".into());
    layout.paid_out = Some("Amount".into());
    layout.marks.thousands = '.';
    layout.marks.decimal = ',';
    let text = "Txn;When;Amount;Balance;Status\n".replace(';', ",")
        + "A1,11/06/2024 09:15,\"1.500,50\",\"2.500,50\",completed\n"
        + "A2,11/06/2024 09:16,\"-500,00\",\"2.000,50\",COMPLETED\n";
    let statement = read(&layout, text.as_bytes()).unwrap();
    assert_eq!(statement.rows[1].amount, dec!(-500.00));
    assert_eq!(statement.opening, Some(dec!(1000.00)));
    assert!(statement.gaps.is_empty());
}

#[test]
fn what_cannot_be_read_is_refused_whole() {
    let text = file("mpesa_org_statement.csv").replace("\"-3,000.00\"", "three");
    let error = read(&Layout::mpesa(), text.as_bytes()).unwrap_err();
    assert!(
        matches!(&error, StatementError::Field { line: 12, column, .. } if column == "Withdrawn"),
        "{error}"
    );
    assert!(matches!(
        recognise(b"a,b\n1,2\n"),
        Err(StatementError::UnknownLayout)
    ));
}

proptest::proptest! {
    #![proptest_config(law_runs::runs(256))]

    #[test]
    fn any_bytes_may_be_read(bytes: Vec<u8>, text in "(Receipt No.|Completion Time|Balance|[,\"\n0-9A-Z -]){0,40}") {
        let _ = read(&Layout::mpesa(), &bytes);
        let _ = recognise(&bytes);
        let _ = read(&Layout::mpesa(), text.as_bytes());
        let full = file("mpesa_org_statement.csv") + &text;
        let _ = read(&Layout::mpesa(), full.as_bytes());
    }
}
