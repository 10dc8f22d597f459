//! Statement, notices and ledger of one day.

use chrono::{DateTime, Utc};
use mobile_money::{
    reconcile::{Action, Class, Difference, LedgerPosting, Notification, Window, reconcile},
    statement::{Layout, read},
};
use rust_decimal::{Decimal, dec};

fn time(text: &str) -> DateTime<Utc> {
    format!("2024-06-11T{text}:00Z").parse().unwrap()
}

fn window() -> Window {
    // The day in East Africa.
    Window {
        from: "2024-06-10T21:00:00Z".parse().unwrap(),
        to: "2024-06-11T21:00:00Z".parse().unwrap(),
        tolerance_minutes: 120,
    }
}

fn notice(id: &str, at: &str, amount: Decimal) -> Notification {
    Notification {
        id: id.into(),
        at: time(at),
        amount: Some(amount),
    }
}

fn posting(id: &str, at: &str, amount: Decimal, fee: Decimal) -> LedgerPosting {
    LedgerPosting {
        id: id.into(),
        at: time(at),
        amount,
        fee,
    }
}

/// The M-Pesa statement sample: +1,500 SFB41KX7PQ, -3,000 with a charge of 215.50 SFB51KX8AA,
/// +2,200 SFB61KX9AA, -1,500 SFB61KX9ZZ reversing the first; a declined row moves nothing.
#[test]
fn a_day_with_one_of_each() {
    let path = format!(
        "{}/tests/data/samples/mpesa_org_statement.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let statement = read(&Layout::mpesa(), &std::fs::read(path).unwrap()).unwrap();
    let notices = [
        notice("SFB41KX7PQ", "06:15", dec!(1500)),
        notice("SFB51KX8AA", "06:20", dec!(-3000)),
        notice("FORGED1", "09:00", dec!(900)),
        notice("LATE1", "20:30", dec!(70)),
        notice("GONE1", "09:30", dec!(80)),
    ];
    let postings = [
        posting("SFB41KX7PQ", "06:15", dec!(1500), dec!(0)),
        posting("SFB51KX8AA", "06:20", dec!(-3000), dec!(200)),
        posting("GONE1", "09:30", dec!(80), dec!(0)),
        posting("INVENTED", "10:00", dec!(55), dec!(0)),
    ];
    let report = reconcile(&statement.rows, &notices, &postings, &window(), dec!(0)).unwrap();
    let shown: Vec<_> = report
        .items
        .iter()
        .map(|i| (i.action, i.id.as_str(), i.class))
        .collect();
    assert_eq!(
        shown,
        [
            (Action::Alarm, "INVENTED", Class::LedgerOnly),
            (Action::Correct, "SFB51KX8AA", Class::Matched),
            (Action::Post, "SFB61KX9AA", Class::MissingCallback),
            (Action::Post, "SFB61KX9ZZ", Class::MissingCallback),
            (Action::Enquire, "FORGED1", Class::NoticeOnly),
            (Action::Enquire, "GONE1", Class::NotSettled),
            (Action::Wait, "LATE1", Class::NoticeOnly),
            (Action::None, "SFB41KX7PQ", Class::Matched),
        ]
    );
    let fee = Difference::Fee {
        statement: dec!(215.50),
        ledger: dec!(200),
    };
    assert_eq!(report.items[1].differences, [fee]);
    let reversed = Difference::ReversedBy {
        id: "SFB61KX9ZZ".into(),
    };
    assert_eq!(report.items[7].differences, [reversed]);
    // Statement: 3,700 - 4,715.50 = -1,015.50. Ledger: 1,500 - 3,200 + 80 + 55 = -1,565.
    // Not posted: 2,200 - 1,500 - 15.50 = 684.50. Not on the statement: 80 + 55 = 135.
    let proof = report.proof;
    assert_eq!(
        (proof.statement_moved, proof.ledger_moved),
        (dec!(-1015.50), dec!(-1565))
    );
    assert_eq!(
        (proof.unposted, proof.not_on_statement),
        (dec!(684.50), dec!(135))
    );
    assert!(proof.holds());
    assert_eq!(report.open().count(), 7);
}

#[test]
fn double_postings_and_other_amounts() {
    let csv = "Receipt,Date,Details,Status,Withdrawn,Paid In,Balance,Balance Confirmed,Transaction Type,Other Party Info,Transaction Party Details\n\
        A,2024-06-11 12:00:00,x,Completed,,100.00,100.00,TRUE,Pay Utility,y,z\n\
        B,2024-06-11 12:01:00,x,Completed,,200.00,300.00,TRUE,Pay Utility,y,z\n";
    let statement = read(&Layout::mpesa_old(), csv.as_bytes()).unwrap();
    let notices = [
        notice("A", "09:00", dec!(100)),
        notice("B", "09:01", dec!(250)),
    ];
    let postings = [
        posting("A", "09:00", dec!(100), dec!(0)),
        posting("A", "09:05", dec!(100), dec!(0)),
        posting("B", "09:01", dec!(200), dec!(0)),
    ];
    let report = reconcile(&statement.rows, &notices, &postings, &window(), dec!(0)).unwrap();
    assert_eq!(report.items[0].action, Action::Correct);
    assert_eq!(
        report.items[0].differences[0],
        Difference::PostedTwice { postings: 2 }
    );
    assert_eq!(report.items[1].action, Action::Enquire);
    assert!(report.proof.holds());
    // Two files that overlap: the rows count once.
    let both: Vec<_> = statement
        .rows
        .iter()
        .chain(&statement.rows)
        .cloned()
        .collect();
    let report = reconcile(&both, &notices[..1], &postings[..1], &window(), dec!(0)).unwrap();
    let matched = report.items.iter().find(|item| item.id == "A").unwrap();
    assert_eq!(
        (matched.action, matched.statement),
        (Action::None, Some(dec!(100)))
    );
    assert_eq!(matched.differences, [Difference::RowTwice { rows: 2 }]);
    let backwards = Window {
        from: window().to,
        to: window().from,
        tolerance_minutes: 0,
    };
    assert!(reconcile(&[], &[], &[], &backwards, dec!(0)).is_err());
}
