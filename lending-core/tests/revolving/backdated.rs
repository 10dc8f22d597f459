//! Every transaction that arrives behind a later payment: by how much the payment was allocated
//! otherwise, what the next statement charges, both taken back by a reversal.
//!
//! Contract: [`terms`](crate::line::terms). 3,650.00 are drawn on 5 January, 2.40 a night: 48.00 with
//! the statement of 25 January. 900.00 on 20 February pay them and 852.00 of principal. To 25
//! February there are 26 nights on 3,650.00 and 5 on 2,798.00: (94,900 + 13,990) x 24 %/365 = 71.5989 =
//! 71.60.
//!
//! On 22 February we learn of something that counts from the 5th: 11 of the nights are before it, 15
//! between it and the payment, 5 after.

use lending_core::{
    loan::{Amounts, CreditKind, IndexTerms, TransactionId, code},
    revolving::{Command, CreditLineTerms, TransactionKind as Kind},
};
use rust_decimal::{Decimal, dec};

use crate::{
    common::day,
    line::{Line, draw, repayment, terms},
};

const COUNTS: &str = "2025-02-05";
const TOLD: &str = "2025-02-22";

fn contract() -> CreditLineTerms {
    CreditLineTerms {
        index: Some(IndexTerms {
            spread: dec!(2),
            floor: None,
            ceiling: None,
            review_every: lending_core::dates::Period::Months(1),
        }),
        ..terms()
    }
}

/// What arrives late; by how much the payment pays more of fees, penalties, interest and principal;
/// the interest of the statement of 25 February.
type Row = (Kind, [Decimal; 4], Decimal);

const NOTHING: [Decimal; 4] = [dec!(0); 4];

fn rows() -> Vec<Row> {
    let (none, fifteen) = (dec!(0), dec!(15));
    let credit = |kind| Kind::Credit {
        kind,
        amount: dec!(100),
    };
    let fee = |penalty| Kind::Fee {
        name: code("visit").unwrap(),
        penalty,
        amount: Some(fifteen),
    };
    // 100.00 pay 48.00 and 52.00; the 900.00 are all principal. 3650 x 11 + 3598 x 15 + 2698 x 5:
    // 107,610 x 24 %/365 = 70.7573.
    let paid = ([none, none, dec!(-48), dec!(48)], dec!(70.76));
    // 3650 x 26 + 2813 x 5: 108,965 x 24 %/365 = 71.6482.
    let charged = dec!(71.65);
    // 36.5 % a year are 0.1 % a night: 26.40 before it, 3.65 x 15 + 2.798 x 5 = 68.74 after it.
    let dearer = dec!(95.14);
    vec![
        (repayment(dec!(100)), paid.0, paid.1),
        (credit(CreditKind::GoodwillCredit), paid.0, paid.1),
        (credit(CreditKind::MerchantRefund), paid.0, paid.1),
        (fee(false), [fifteen, none, none, -fifteen], charged),
        (fee(true), [none, fifteen, none, -fifteen], charged),
        // 8.00 of interest are left to pay. 3650 x 26 + 2758 x 5: 108,690 x 24 %/365 = 71.4674.
        (
            Kind::Waiver {
                amounts: Amounts {
                    interest: dec!(40),
                    ..Amounts::ZERO
                },
            },
            [none, none, dec!(-40), dec!(40)],
            dec!(71.47),
        ),
        // 3650 x 11 + 4150 x 15 + 3298 x 5: 118,890 x 24 %/365 = 78.1742.
        (draw(dec!(500)), NOTHING, dec!(78.17)),
        (
            Kind::RateChange {
                percent: dec!(36.5),
            },
            NOTHING,
            dearer,
        ),
        // 34.5 % and the spread of 2 %.
        (Kind::IndexReview { index: dec!(34.5) }, NOTHING, dearer),
        // 11 nights at 2.40.
        (Kind::StopInterest, NOTHING, dec!(26.40)),
        // Ten nights at 2.40 are free: 71.5989 - 24.
        (
            Kind::InterestPause {
                first: day("2025-02-06"),
                last: day("2025-02-15"),
            },
            NOTHING,
            dec!(47.60),
        ),
        // What costs nothing.
        (Kind::Hold { amount: dec!(300) }, NOTHING, dec!(71.60)),
        (Kind::Freeze, NOTHING, dec!(71.60)),
        (
            Kind::ChangeLimit { limit: dec!(3000) },
            NOTHING,
            dec!(71.60),
        ),
        (Kind::MarkArrears, NOTHING, dec!(71.60)),
        (Kind::MarkDefault, NOTHING, dec!(71.60)),
    ]
}

/// As we knew the line by the end of 21 February, and its payment.
fn as_known() -> (Line, TransactionId) {
    let mut line = Line::active(contract());
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-02-19");
    let payment = line.repay("2025-02-20", dec!(900));
    line.end_of_day("2025-02-21");
    (line, payment)
}

/// Decides; by how much the payment was allocated otherwise. All is booked on the day.
fn decide(line: &mut Line, command: &Command, on: &str, payment: TransactionId) -> [Decimal; 4] {
    let decision = line.preview(command, day(on)).unwrap();
    for entry in &decision.entries {
        assert_eq!(entry.booking_date(), day(on));
    }
    let mut changes = decision.changes.iter();
    let of_payment = changes.find(|change| change.transaction == payment);
    let by = of_payment.map_or(Amounts::ZERO, |change| change.by.applied);
    line.decide(command, day(on)).unwrap();
    line.controls().unwrap();
    [by.fee, by.penalty, by.interest, by.principal]
}

#[test]
fn what_arrives_late_allocates_later_payments_anew() {
    for (kind, by, interest) in rows() {
        let what = kind.name();
        let (mut line, payment) = as_known();
        let known = line.clone();
        let id = TransactionId::new(50);
        let command = Command::record(id, day(COUNTS), kind);
        assert_eq!(decide(&mut line, &command, TOLD, payment), by, "{what}");
        let mut billed = line.clone();
        billed.end_of_day("2025-02-25");
        assert_eq!(billed.statement().interest, interest, "{what}");
        assert_eq!(billed.statement().adjustment, dec!(0), "{what}");
        // Taken back the day after.
        let undo = Command::Reverse { transaction: id };
        let back = decide(&mut line, &undo, "2025-02-23", payment);
        assert_eq!(back, by.map(|part| -part), "{what} undone");
        let mut never = known;
        for line in [&mut line, &mut never] {
            line.end_of_day("2025-02-25");
            assert_eq!(line.statement().interest, dec!(71.60), "{what} undone");
        }
        assert_eq!(line.line.owed(), never.line.owed(), "{what} undone");
        assert_eq!(line.line.limit(), never.line.limit(), "{what} undone");
        assert_eq!(line.statement().minimum, never.statement().minimum);
    }
}

/// 48.00 of interest were owed from the statement of 25 January to 20 February: no more of them is
/// waived, and nothing before there was anything, whatever is owed today.
#[test]
fn no_more_is_waived_than_was_owed() {
    let (mut line, _) = as_known();
    let waiver = |interest| Kind::Waiver {
        amounts: Amounts {
            interest,
            ..Amounts::ZERO
        },
    };
    for (counts, amount) in [
        ("2025-01-24", dec!(0.01)),
        (COUNTS, dec!(48.01)),
        ("2025-02-21", dec!(0.01)),
    ] {
        let refused = line.backdate(counts, TOLD, waiver(amount)).unwrap_err();
        assert_eq!(refused.code(), 3004, "{counts}: {refused}");
    }
    line.backdate(COUNTS, TOLD, waiver(dec!(48))).unwrap();
    assert_eq!(
        line.book("interest-receivable"),
        line.line.accrued().unwrap()
    );
    line.controls().unwrap();
}

/// What ends a line is the last thing that counts; nothing is booked into a day that was closed.
#[test]
fn what_cannot_arrive_late() {
    let (mut line, _) = as_known();
    for kind in [Kind::WriteOff, Kind::Close] {
        let name = kind.name();
        let refused = line.backdate(COUNTS, TOLD, kind).unwrap_err();
        assert_eq!(refused.code(), 3005, "{name}: {refused}");
    }
    for (kind, _, _) in rows() {
        let name = kind.name();
        let refused = line.backdate(COUNTS, "2025-02-21", kind).unwrap_err();
        assert_eq!(refused.code(), 3109, "{name}: {refused}");
    }
}
