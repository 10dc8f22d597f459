//! No interest for those who pay whole statements.

use lending_core::revolving::InterestGrace;
use rust_decimal::dec;

use crate::line::{Line, terms};

fn card() -> Line {
    let mut terms = terms();
    terms.grace = InterestGrace::PaidInFull;
    let mut line = Line::active(terms);
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-01-25");
    // 48.00 of interest have arisen and are held back.
    assert_eq!(
        (line.statement().interest, line.statement().closing),
        (dec!(0), dec!(3650))
    );
    line
}

#[test]
fn a_statement_paid_in_full_costs_nothing() {
    let mut line = card();
    line.repay("2025-02-09", dec!(3650));
    line.draw("2025-02-10", dec!(1000));
    line.end_of_day("2025-02-25");
    assert_eq!(
        (line.statement().interest, line.statement().closing),
        (dec!(0), dec!(1000))
    );
    assert_eq!(line.book("interest-income"), dec!(0));
    line.controls().unwrap();
}

#[test]
fn a_statement_paid_in_part_costs_interest_since_the_draw() {
    let mut line = card();
    line.repay("2025-02-05", dec!(365));
    line.end_of_day("2025-02-08");
    assert_eq!(line.book("interest-income"), dec!(0));
    // The due date passes: 48.00 held back, and (3650 × 11 + 3285 × 4) × 24 % / 365 = 35.04.
    line.end_of_day("2025-02-09");
    assert_eq!(line.book("interest-income"), dec!(-83.04));
    line.controls().unwrap();
    line.end_of_day("2025-02-25");
    // 48.00 and (3650 × 11 + 3285 × 20) × 24 % / 365 = 69.60.
    assert_eq!(line.statement().interest, dec!(117.60));
    assert_eq!(line.statement().closing, dec!(3402.60));
    // Paid in full from here on: the running cycle is free again.
    line.repay("2025-03-01", dec!(3402.60));
    line.end_of_day("2025-03-25");
    assert_eq!(
        (line.statement().interest, line.statement().closing),
        (dec!(0), dec!(0))
    );
    line.controls().unwrap();
}

#[test]
fn a_payment_found_later_restores_the_grace() {
    let mut line = card();
    line.end_of_day("2025-02-25");
    assert_eq!(line.statement().interest, dec!(122.40)); // 48.00 + 74.40
    let paid = crate::line::repayment(dec!(3650));
    line.backdate("2025-02-09", "2025-02-27", paid).unwrap();
    assert_eq!(line.line.owed().total().unwrap(), dec!(0));
    assert_eq!(line.book("interest-income"), dec!(0));
    line.controls().unwrap();
    line.end_of_day("2025-03-25");
    assert_eq!(line.statement().adjustment, dec!(-122.40));
    assert_eq!(line.statement().closing, dec!(0));
}
