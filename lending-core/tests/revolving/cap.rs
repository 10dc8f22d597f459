//! A cap on what lateness may cost. Contract: [`terms`](crate::line::terms).
//!
//! 3,650 drawn on 5 January bear 2.40 a night: 48.00 with the statement of 25 January, 74.40 with
//! that of 25 February, 67.20 with that of 25 March. Nothing is paid: 413.00 are due on 9 February,
//! in arrears the day after; 439.40 more on 12 March. The cap is 3 % of 3,650, 109.50.

use lending_core::{
    loan::{CapMethod, code},
    revolving::{
        Command, CreditLineTerms, LineCap, LineCapBase, LineCapCounts, LinePenalty, RevolvingError,
        TransactionKind,
    },
};
use rust_decimal::{Decimal, dec};

use crate::{
    common::day,
    line::{Line, terms},
};

const SOFT: LineCap = LineCap {
    percent: dec!(3),
    of: LineCapBase::Principal,
    counts: LineCapCounts::Owed,
    method: CapMethod::Soft,
};

const HARD: LineCap = LineCap {
    method: CapMethod::Hard,
    ..SOFT
};

fn capped(cap: LineCap) -> CreditLineTerms {
    CreditLineTerms {
        cap: Some(cap),
        ..terms()
    }
}

fn drawn(terms: CreditLineTerms) -> Line {
    let mut line = Line::active(terms);
    line.draw("2025-01-05", dec!(3650));
    line
}

fn close(line: &mut Line, date: &str) {
    line.end_of_day(date);
    line.controls().unwrap();
}

/// Soft: 48.00 and 74.40 cross the cap, and are the last. Hard: 74.40 would cross it, and waits.
#[test]
fn charges_end_with_the_cap_or_before_it() {
    for (cap, charged, waits) in [
        (SOFT, dec!(122.40), dec!(67.20)),
        (HARD, dec!(48.00), dec!(141.60)),
        // 1.095 % of the limit are 109.50, too.
        (
            LineCap {
                percent: dec!(1.095),
                of: LineCapBase::Limit,
                ..SOFT
            },
            dec!(122.40),
            dec!(67.20),
        ),
    ] {
        let mut line = drawn(capped(cap));
        close(&mut line, "2025-02-24");
        assert_eq!(line.line.capped_since(), None);
        assert_eq!(line.book("interest-income"), dec!(-120.00));
        close(&mut line, "2025-02-25");
        assert_eq!(line.line.capped_since(), Some(day("2025-02-25")));
        assert_eq!(line.book("interest-income"), -charged);
        close(&mut line, "2025-03-25");
        assert_eq!(line.line.owed().interest, charged);
        assert_eq!(line.statement().interest, dec!(0));
        assert_eq!(line.line.capped_interest().unwrap(), waits);
        assert_eq!(line.line.accrued().unwrap(), dec!(0));
        assert_eq!(line.book("interest-income"), -charged);
    }
}

/// 852.40 on 26 March pay what is overdue: 122.40 of interest, 730.00 of principal. The arrears
/// end, and with them the cap: 67.20 and the night at 2.40 are earned. The statement of 25 April
/// charges them with 30 nights on 2,920 at 1.92: 67.20 + 2.40 + 57.60.
#[test]
fn what_waited_is_charged_when_the_arrears_end() {
    let mut line = drawn(capped(SOFT));
    close(&mut line, "2025-03-25");
    // All that is owed, and all that waits.
    let payoff = line.line.payoff(day("2025-03-26")).unwrap();
    assert_eq!(payoff, dec!(3650) + dec!(122.40) + dec!(67.20) + dec!(2.40));
    let payment = line.repay("2025-03-26", dec!(852.40));
    line.controls().unwrap();
    assert_eq!(line.line.capped_since(), None);
    assert_eq!(line.line.accrued().unwrap(), dec!(69.60));
    assert_eq!(line.book("interest-income"), dec!(-192.00));
    let mut later = line.clone();
    close(&mut later, "2025-04-25");
    assert_eq!(later.statement().interest, dec!(127.20));
    // The payment bounces: the cap holds as if it had not been made.
    let reverse = Command::Reverse {
        transaction: payment,
    };
    line.decide(&reverse, day("2025-03-27")).unwrap();
    line.controls().unwrap();
    assert_eq!(line.line.capped_since(), Some(day("2025-02-25")));
    assert_eq!(line.book("interest-income"), dec!(-122.40));
}

/// 0.1 % a night of what is overdue: 16 nights on 413.00 are 6.61 on 25 February. After the cap 15
/// nights more, and 14 on 413.00 and 446.01: 6.195 + 12.026 = 18.22.
#[test]
fn penalties_wait_and_fees_for_lateness_are_not_charged() {
    let mut contract = capped(SOFT);
    contract.penalty = Some(LinePenalty {
        name: code("late").unwrap(),
        daily_percent: dec!(0.1),
        grace_days: 0,
    });
    let mut line = drawn(contract);
    close(&mut line, "2025-02-25");
    assert_eq!(line.line.owed().penalty, dec!(6.61));
    close(&mut line, "2025-03-26");
    assert_eq!(line.line.owed().penalty, dec!(6.61));
    assert_eq!(line.line.accrued_penalty().unwrap(), dec!(0));
    assert_eq!(line.line.capped_penalty().unwrap(), dec!(18.22));
    assert_eq!(line.book("penalty-income"), dec!(-6.61));
}

/// 413.00 paid in time. In arrears from 13 March with 69.60 unpaid (11 nights at 2.40, 20 at 2.16);
/// with the 48.00 that were paid 117.60, above 3 % of 3,285.
#[test]
fn what_was_paid_counts_where_the_contract_says_so() {
    for (counts, since) in [
        (LineCapCounts::Owed, "2025-03-25"),
        (LineCapCounts::Charged, "2025-03-13"),
    ] {
        let mut line = drawn(capped(LineCap { counts, ..SOFT }));
        line.repay("2025-02-05", dec!(413));
        close(&mut line, "2025-03-25");
        assert_eq!(line.line.capped_since(), Some(day(since)), "{counts:?}");
    }
}

/// Closed, everything is owed; written off, what waited never was.
#[test]
fn the_end_of_a_line_ends_its_cap() {
    for cap in [SOFT, HARD] {
        let mut line = drawn(capped(cap));
        close(&mut line, "2025-03-25");
        let mut closed = line.clone();
        let refused = closed.refused("2025-03-26", TransactionKind::Close);
        assert!(
            matches!(refused, RevolvingError::NotSettled { owed, .. } if owed == dec!(3842.00)),
            "{refused:?}"
        );
        closed.repay("2025-03-26", dec!(3842.00));
        closed.on("2025-03-26", TransactionKind::Close);
        closed.controls().unwrap();
        assert_eq!(closed.book("interest-income"), dec!(-192.00));
        let owed = line.line.owed().total().unwrap();
        line.on("2025-03-26", TransactionKind::WriteOff);
        line.controls().unwrap();
        assert_eq!(line.book("write-off"), owed);
    }
}

#[test]
fn a_cap_is_above_nothing() {
    let cap = LineCap {
        percent: Decimal::ZERO,
        ..SOFT
    };
    let Err(RevolvingError::Terms(found)) = capped(cap).validate() else {
        panic!("accepted");
    };
    let found: Vec<_> = found
        .all()
        .iter()
        .map(|found| (found.code, found.field))
        .collect();
    assert_eq!(found, [(3152, "cap.percent")]);
}
