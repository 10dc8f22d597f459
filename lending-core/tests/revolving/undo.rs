//! Every transaction and its undo: recorded, then reversed, the line and its books are as they were.
//! Contract: [`terms`](crate::line::terms) with a rate that follows an index and a fee by hand. 3,650
//! drawn on 5 January, 300 held, nothing paid: on 1 March in arrears.

use std::collections::BTreeMap;

use lending_core::{
    loan::{Amounts, CreditKind, IndexTerms, TaxRates, TransactionId, code},
    revolving::{
        Command, CreditLineTerms, LineFee, LineFeeAmount, LineFeeTrigger, TransactionKind as Kind,
    },
};
use rust_decimal::{Decimal, dec};

use crate::{
    common::day,
    line::{Line, draw, repayment, terms},
};

const TODAY: &str = "2025-03-01";
const HOLD: TransactionId = TransactionId::new(3);

fn contract() -> CreditLineTerms {
    CreditLineTerms {
        index: Some(IndexTerms {
            spread: dec!(2),
            floor: None,
            ceiling: None,
            review_every: lending_core::dates::Period::Months(1),
        }),
        fees: vec![LineFee {
            name: code("card").unwrap(),
            when: LineFeeTrigger::Manual,
            amount: LineFeeAmount::Flat(dec!(20)),
            penalty: false,
        }],
        ..terms()
    }
}

fn in_march() -> Line {
    let mut line = Line::active(contract());
    line.draw("2025-01-05", dec!(3650));
    assert_eq!(
        line.on("2025-01-06", Kind::Hold { amount: dec!(300) }),
        HOLD
    );
    line.end_of_day("2025-02-28");
    line
}

/// Everything a reversal must restore.
fn standing(line: &Line) -> impl PartialEq + std::fmt::Debug + use<> {
    let account = &line.line;
    let outcomes: Vec<_> = line
        .history
        .iter()
        .filter(|t| t.reversed_on.is_none())
        .map(|t| (t.id, t.outcome.clone()))
        .collect();
    let books: BTreeMap<String, Decimal> = line
        .books
        .iter()
        .filter(|(_, sum)| !sum.is_zero())
        .map(|(name, sum)| (name.clone(), sum.normalize()))
        .collect();
    (
        (account.status(), *account.arrears(), account.limit()),
        (*account.owed(), account.credit_balance()),
        (account.demands().to_vec(), account.holds().to_vec()),
        (account.is_frozen(), account.next_index_review()),
        (*account.taxes(), account.accrued().unwrap()),
        outcomes,
        books,
    )
}

/// What must have happened first, and the transaction.
fn transactions() -> Vec<(Vec<Kind>, Kind)> {
    let alone = |kind| (Vec::new(), kind);
    let after = |first, kind| (vec![first], kind);
    let amount = dec!(250);
    let name = code("card").unwrap();
    let visit = code("visit").unwrap();
    vec![
        alone(draw(dec!(500))),
        alone(Kind::Draw {
            amount: dec!(300),
            hold: Some(HOLD),
        }),
        alone(Kind::Hold { amount }),
        alone(Kind::ReleaseHold { hold: HOLD }),
        alone(repayment(dec!(900))),
        // More than is owed.
        alone(repayment(dec!(5000))),
        alone(Kind::Credit {
            kind: CreditKind::GoodwillCredit,
            amount,
        }),
        alone(Kind::Credit {
            kind: CreditKind::MerchantRefund,
            amount,
        }),
        alone(Kind::Fee {
            name,
            penalty: false,
            amount: None,
        }),
        alone(Kind::Fee {
            name: visit,
            penalty: true,
            amount: Some(dec!(15)),
        }),
        alone(Kind::Waiver {
            amounts: Amounts {
                interest: dec!(40),
                ..Amounts::ZERO
            },
        }),
        after(repayment(dec!(5000)), Kind::CreditRefund { amount }),
        alone(Kind::StopInterest),
        after(Kind::StopInterest, Kind::StartInterest),
        alone(Kind::RateChange { percent: dec!(12) }),
        alone(Kind::IndexReview { index: dec!(30) }),
        alone(Kind::InterestPause {
            first: day(TODAY),
            last: day("2025-03-20"),
        }),
        alone(Kind::ChangeLimit { limit: dec!(3000) }),
        alone(Kind::Freeze),
        after(Kind::Freeze, Kind::Unfreeze),
        alone(Kind::MarkArrears),
        alone(Kind::MarkDefault),
        after(Kind::MarkDefault, Kind::ClearMarks),
        alone(Kind::TaxRateChange(TaxRates {
            interest: Some(dec!(16)),
            ..TaxRates::default()
        })),
        alone(Kind::WriteOff),
        after(Kind::WriteOff, Kind::Recovery { amount }),
        after(repayment(dec!(3782.00)), Kind::Close),
    ]
}

/// Compared at the next statement, so that what counts for nights to come is seen too; the first
/// decision of the day makes the nights before it count.
#[test]
fn every_transaction_is_undone_by_its_reversal() {
    for (first, kind) in transactions() {
        let name = kind.name();
        let mut line = in_march();
        for kind in first {
            line.on(TODAY, kind);
        }
        let mut never = line.clone();
        let id = line.on(TODAY, kind);
        line.controls()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut with = line.clone();
        let command = Command::Reverse { transaction: id };
        line.decide(&command, day(TODAY))
            .unwrap_or_else(|error| panic!("{name} undone: {error}"));
        line.controls()
            .unwrap_or_else(|error| panic!("{name} undone: {error}"));
        for line in [&mut with, &mut never, &mut line] {
            line.end_of_day("2025-03-25");
        }
        assert_eq!(standing(&line), standing(&never), "{name} undone");
        assert!(standing(&with) != standing(&never), "{name} does nothing");
    }
}
