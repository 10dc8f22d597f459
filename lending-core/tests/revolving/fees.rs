//! Fees at draws, on arrears, on default, every year and by hand.

use lending_core::{
    loan::{Amounts, DelinquencyRange, code},
    revolving::{
        CreditLineTerms, LineFee, LineFeeAmount, LineFeeTrigger, LineKind, TransactionKind,
    },
};
use rust_decimal::dec;

use crate::{
    common::day,
    line::{Line, terms},
};

fn fee(name: &str, when: LineFeeTrigger, amount: LineFeeAmount) -> LineFee {
    LineFee {
        name: code(name).unwrap(),
        when,
        amount,
        penalty: false,
    }
}

fn with(fees: impl IntoIterator<Item = LineFee>) -> CreditLineTerms {
    CreditLineTerms {
        fees: fees.into_iter().collect(),
        ..terms()
    }
}

#[test]
fn fees_at_draws_are_kept_back_or_added() {
    let kept = fee(
        "service",
        LineFeeTrigger::DeductedFromDraw,
        LineFeeAmount::PercentOfDraw(dec!(1.5)),
    );
    let mut line = Line::active(with([kept]));
    line.draw("2025-01-05", dec!(1000));
    assert_eq!(line.book("bank"), dec!(-985));
    assert_eq!(line.book("fee-income"), dec!(-15));
    assert_eq!(line.line.owed().principal, dec!(1000));
    line.controls().unwrap();

    let added = fee(
        "service",
        LineFeeTrigger::AddedToDraw,
        LineFeeAmount::Flat(dec!(20)),
    );
    let mut line = Line::active(with([added]));
    line.draw("2025-01-05", dec!(1000));
    assert_eq!(
        (line.book("bank"), line.book("fee-income")),
        (dec!(-1000), dec!(-20))
    );
    assert_eq!(line.line.owed().principal, dec!(1020));
    assert_eq!(line.line.available().unwrap(), dec!(8980));
    // 8980 and 20 are just too much for the fee, 8960 and 20 fit.
    let refused = line.refused("2025-01-06", crate::line::draw(dec!(8980)));
    assert_eq!(refused.code(), 3103);
    line.draw("2025-01-06", dec!(8960));
    assert_eq!(line.line.available().unwrap(), dec!(0));
    line.end_of_day("2025-01-25");
    assert_eq!(line.statement().lines[0].amount, dec!(1020));
    line.controls().unwrap();
}

#[test]
fn arrears_cost_a_fee_once_in_a_spell() {
    let mut terms = with([
        fee(
            "late",
            LineFeeTrigger::Arrears,
            LineFeeAmount::Flat(dec!(10)),
        ),
        LineFee {
            penalty: true,
            ..fee(
                "default",
                LineFeeTrigger::Default,
                LineFeeAmount::PercentOfOverdue(dec!(5)),
            )
        },
    ]);
    terms.arrears.tolerance_days = 4;
    terms.default_after_days = Some(30);
    let range = |name, first_day, last_day| DelinquencyRange {
        name: code(name).unwrap(),
        first_day,
        last_day,
    };
    terms.arrears.delinquency = vec![range("watch", 1, Some(26)), range("doubtful", 27, None)];
    let mut line = Line::active(terms);
    line.draw("2025-01-05", dec!(3650));
    // 413.00 due on 9 February; four days are tolerated, so in arrears at the end of the 14th.
    line.end_of_day("2025-02-13");
    assert_eq!(
        (line.line.owed().fee, line.line.arrears().since),
        (dec!(0), None)
    );
    line.end_of_day("2025-02-14");
    assert_eq!(line.line.owed().fee, dec!(10));
    assert_eq!(line.line.arrears().since, Some(day("2025-02-09")));
    assert_eq!(line.line.delinquency(), Some(code("watch").unwrap()));
    line.end_of_day("2025-02-25");
    let second = line.statement();
    assert_eq!(
        (second.fees[0].on, second.fees[0].amount),
        (day("2025-02-14"), dec!(10))
    );
    // 413.00 overdue; 365.00, 74.40 of interest and the fee new.
    assert_eq!(second.minimum, dec!(862.40));
    // 31 days past due on 12 March: default, 5 % of what is overdue then: 413.00 and, from
    // 12 March on, 449.40.
    line.end_of_day("2025-03-12");
    assert_eq!(line.line.arrears().default_since, Some(day("2025-03-12")));
    assert_eq!(line.line.owed().penalty, dec!(43.12));
    // 31 days past due, 4 of them tolerated.
    assert_eq!(line.line.delinquency(), Some(code("doubtful").unwrap()));
    line.controls().unwrap();
    // A payment found later undoes lateness and what it cost.
    let paid = crate::line::repayment(dec!(413));
    line.backdate("2025-02-09", "2025-03-13", paid).unwrap();
    assert_eq!(line.line.owed().fee, dec!(0));
    assert_eq!(line.line.owed().penalty, dec!(0));
    assert!(!line.line.arrears().in_arrears());
    line.controls().unwrap();
}

#[test]
fn yearly_fees_come_on_the_anniversary() {
    let mut line = Line::active(with([
        fee(
            "joining",
            LineFeeTrigger::Activation,
            LineFeeAmount::Flat(dec!(50)),
        ),
        fee(
            "yearly",
            LineFeeTrigger::EveryYear,
            LineFeeAmount::PercentOfLimit(dec!(1)),
        ),
    ]));
    assert_eq!(line.line.owed().fee, dec!(50));
    line.controls().unwrap();
    line.end_of_day("2025-12-31");
    assert_eq!(line.line.owed().fee, dec!(50));
    line.end_of_day("2026-01-01");
    assert_eq!(line.line.owed().fee, dec!(150));
    line.end_of_day("2027-01-01");
    assert_eq!(line.line.owed().fee, dec!(250));
    assert_eq!(line.statements[0].fees[0].name, code("joining").unwrap());
    line.controls().unwrap();
}

#[test]
fn fees_by_hand_take_the_contracts_amount_or_one_of_their_own() {
    let mut line = Line::active(with([fee(
        "visit",
        LineFeeTrigger::Manual,
        LineFeeAmount::PercentOfBalance(dec!(2)),
    )]));
    line.draw("2025-01-05", dec!(1000));
    let by_hand = |name: &str, penalty, amount| TransactionKind::Fee {
        name: code(name).unwrap(),
        penalty,
        amount,
    };
    line.on("2025-01-06", by_hand("visit", false, None));
    assert_eq!(line.line.owed().fee, dec!(20));
    let twice = line.refused("2025-01-06", by_hand("visit", false, Some(dec!(3))));
    let unknown = line.refused("2025-01-06", by_hand("other", false, None));
    assert_eq!((twice.code(), unknown.code()), (3106, 3106));
    line.on("2025-01-07", by_hand("other", true, Some(dec!(7.50))));
    assert_eq!(line.line.owed().penalty, dec!(7.50));
    let waived = Amounts {
        fee: dec!(5),
        penalty: dec!(7.50),
        ..Amounts::ZERO
    };
    line.on("2025-01-08", TransactionKind::Waiver { amounts: waived });
    let owed = line.line.owed();
    assert_eq!((owed.fee, owed.penalty), (dec!(15), dec!(0)));
    line.controls().unwrap();
    line.end_of_day("2025-01-25");
    let kinds: Vec<_> = line
        .statement()
        .lines
        .iter()
        .map(|l| (l.kind, l.amount))
        .collect();
    assert_eq!(
        kinds,
        [
            (LineKind::Draw, dec!(1000)),
            (LineKind::Fee(code("visit").unwrap()), dec!(20)),
            (LineKind::Penalty(code("other").unwrap()), dec!(7.50)),
            (LineKind::Waiver, dec!(-12.50)),
        ]
    );
    line.controls().unwrap();
}
