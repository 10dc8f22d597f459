//! Statements: what they show, and what later knowledge does to them.

use lending_core::revolving::{Command, LineKind};
use rust_decimal::{Decimal, dec};

use crate::{
    common::day,
    line::{Line, draw, repayment, terms},
};

/// Three cycles, the second minimum unpaid.
///
/// ```text
/// 2025-01-05 draw  3650.00
/// 2025-01-25 statement 1: 3650 × 24 % × 20/365 = 48.00
/// 2025-02-05 pay    413.00
/// 2025-02-10 draw  1000.00
/// 2025-02-25 statement 2: 24 % / 365 × (3650 × 11 + 3285 × 5 + 4285 × 15 = 120850) = 79.463…
/// 2025-03-12 due
/// ```
fn two_cycles() -> Line {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-01-25");
    line.repay("2025-02-05", dec!(413));
    line.draw("2025-02-10", dec!(1000));
    line.end_of_day("2025-02-25");
    line
}

#[test]
fn a_statement_shows_what_happened_and_what_to_pay() {
    let line = two_cycles();
    let [first, second] = &line.statements[..] else {
        panic!("two statements");
    };
    assert_eq!(
        (first.number, first.from, first.on),
        (1, day("2025-01-01"), day("2025-01-25"))
    );
    assert_eq!((first.opening, first.interest), (dec!(0), dec!(48.00)));
    assert_eq!(first.closing, dec!(3698.00));
    // 10 % of 3650 and the interest.
    assert_eq!(
        (first.minimum, first.due),
        (dec!(413.00), day("2025-02-09"))
    );
    assert_eq!((first.limit, first.available), (dec!(10000), dec!(6350)));

    assert_eq!((second.number, second.from), (2, day("2025-01-26")));
    assert_eq!(second.opening, dec!(3698.00));
    let lines: Vec<_> = second
        .lines
        .iter()
        .map(|line| (line.value_date, line.amount))
        .collect();
    assert_eq!(
        lines,
        [
            (day("2025-02-05"), dec!(-413)),
            (day("2025-02-10"), dec!(1000))
        ]
    );
    assert_eq!(second.turnover().unwrap(), (dec!(1000), dec!(-413)));
    assert_eq!((second.interest, second.adjustment), (dec!(79.46), dec!(0)));
    // 3698.00 − 413.00 + 1000.00 + 79.46
    assert_eq!(second.closing, dec!(4364.46));
    assert_eq!(second.owed.principal, dec!(4285));
    // 428.50 + 79.46
    assert_eq!((second.minimum, second.overdue), (dec!(507.96), dec!(0)));
    assert_eq!(second.due, day("2025-03-12"));
    line.controls().unwrap();
}

#[test]
fn an_unpaid_minimum_is_late_and_joins_the_next() {
    let mut line = two_cycles();
    line.end_of_day("2025-03-12");
    assert_eq!(line.line.arrears().days_past_due, 0);
    assert!(!line.line.arrears().in_arrears());
    line.end_of_day("2025-03-15");
    let arrears = line.line.arrears();
    assert_eq!(arrears.oldest_unpaid, Some(day("2025-03-12")));
    assert_eq!((arrears.days_past_due, arrears.overdue), (3, dec!(507.96)));
    assert_eq!(arrears.since, Some(day("2025-03-12")));
    line.end_of_day("2025-03-25");
    let third = line.statement();
    // 4285 × 24 % × 28/365 = 78.890…
    assert_eq!(third.interest, dec!(78.89));
    assert_eq!(third.closing, dec!(4443.35));
    // 507.96 overdue, 428.50 and 78.89 new.
    assert_eq!(
        (third.overdue, third.minimum),
        (dec!(507.96), dec!(1015.35))
    );
    // The oldest is paid first.
    line.repay("2025-03-26", dec!(600));
    let open: Vec<_> = line
        .line
        .demands()
        .iter()
        .map(|d| (d.statement, d.open))
        .collect();
    assert_eq!(open, [(3, dec!(415.35))]);
    assert_eq!(line.line.arrears().days_past_due, 0);
    line.controls().unwrap();
}

#[test]
fn a_backdated_payment_shows_in_the_next_statement() {
    let mut line = two_cycles();
    let issued = line.statement().clone();
    line.backdate("2025-02-20", "2025-02-27", repayment(dec!(200)))
        .unwrap();
    // The statement stays as it was made; what is asked for follows the facts:
    // (120850 − 200 × 5) × 24 % / 365 = 78.805… and 10 % of 4085.
    assert_eq!(line.statement(), &issued);
    assert_eq!(line.line.owed().interest, dec!(78.81));
    assert_eq!(line.line.minimum_due().unwrap(), dec!(487.31));
    line.controls().unwrap();
    line.end_of_day("2025-03-25");
    let third = line.statement().clone();
    assert_eq!(third.opening, dec!(4364.46));
    assert_eq!(third.lines.len(), 1);
    assert_eq!(third.lines[0].value_date, day("2025-02-20"));
    assert_eq!(third.lines[0].booking_date, day("2025-02-27"));
    // 4085 × 24 % × 28/365 = 75.208…; 78.81 instead of 79.46 of the cycle before.
    assert_eq!(
        (third.interest, third.adjustment),
        (dec!(75.21), dec!(-0.65))
    );
    assert_eq!(third.closing, dec!(4239.02));
    assert_eq!(third.minimum, dec!(971.02));
    line.controls().unwrap();
    assert_eq!(
        line.line.statements(&line.history).unwrap(),
        line.statements
    );
}

#[test]
fn a_backdated_draw_asks_for_no_more_than_the_statement_did() {
    let mut line = two_cycles();
    line.backdate("2025-02-20", "2025-02-27", draw(dec!(500)))
        .unwrap();
    // By the facts 478.50 + 81.11 would have been asked for.
    assert_eq!(line.line.minimum_due().unwrap(), dec!(507.96));
    line.end_of_day("2025-03-25");
    let third = line.statement();
    // 123350 × 24 % / 365 = 81.106… of the cycle before; 4785 × 24 % × 28/365 = 88.096…
    assert_eq!(
        (third.interest, third.adjustment),
        (dec!(88.10), dec!(1.65))
    );
    assert_eq!(third.closing, dec!(4954.21));
    assert_eq!(third.minimum, dec!(1074.56));
    assert_eq!(
        line.line.statements(&line.history).unwrap(),
        line.statements
    );
}

#[test]
fn a_reversal_takes_back_a_line_that_was_shown_and_drops_one_that_was_not() {
    let mut line = two_cycles();
    let paid = line
        .history
        .iter()
        .find(|t| t.value_date == day("2025-02-05"))
        .unwrap()
        .id;
    let late = line.repay("2025-03-01", dec!(100));
    for transaction in [paid, late] {
        line.decide(&Command::Reverse { transaction }, day("2025-03-03"))
            .unwrap();
        line.controls().unwrap();
    }
    line.end_of_day("2025-03-25");
    let third = line.statement();
    assert_eq!(third.lines.len(), 1);
    assert!(third.lines[0].reversal);
    assert_eq!(
        (third.lines[0].transaction, third.lines[0].amount),
        (paid, dec!(413))
    );
    assert!(matches!(third.lines[0].kind, LineKind::Credit(_)));
    // 3650 × 16 + 4650 × 15 = … the 365 of principal stayed owed from 5 February on: 20 nights,
    // 365 × 24 % × 20/365 = 4.80, so 84.263… instead of 79.463….
    assert_eq!(third.adjustment, dec!(4.80));
    assert_eq!(
        line.line.statements(&line.history).unwrap(),
        line.statements
    );
}

#[test]
fn days_that_were_missed_are_caught_up_with() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    // Nothing closed until 4 April: three statements.
    line.end_of_day("2025-04-04");
    let dates: Vec<_> = line.statements.iter().map(|s| s.on).collect();
    assert_eq!(
        dates,
        [day("2025-01-25"), day("2025-02-25"), day("2025-03-25")]
    );
    assert_eq!(line.statements[0].interest, dec!(48.00));
    // 3650 × 24 % × 31/365 and × 28/365
    assert_eq!(line.statements[1].interest, dec!(74.40));
    assert_eq!(line.statements[2].interest, dec!(67.20));
    line.controls().unwrap();
    // Closing the day again, or an earlier one, does nothing.
    let before = line.clone();
    line.end_of_day("2025-04-04");
    line.end_of_day("2025-03-04");
    assert_eq!((line.line, line.books), (before.line, before.books));
}

#[test]
fn a_statement_is_made_before_anything_is_booked_after_it() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    // No end of day in between: the payment of 5 February finds statement 1 made.
    line.repay("2025-02-05", dec!(413));
    assert_eq!(line.statements.len(), 1);
    assert_eq!(line.statement().closing, dec!(3698.00));
    assert_eq!(line.line.minimum_due().unwrap(), Decimal::ZERO);
    let refused = line
        .backdate("2025-01-20", "2025-01-24", repayment(dec!(1)))
        .unwrap_err();
    assert_eq!(refused.code(), 3109);
    assert!(refused.to_string().contains("2025-01-25"));
}
