//! A second, slower model: whole cents, one night after the other, written without the library.

use chrono::{Datelike, NaiveDate};
use law_runs::runs;
use lending_core::{
    loan::code,
    revolving::{Command, TransactionKind},
};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

use crate::{
    common::day,
    line::{Line, draw, repayment, terms},
};

/// What happens, in cents.
#[derive(Clone, Copy, Debug)]
enum Fact {
    Draw(i128),
    Pay(i128),
    Fee(i128),
}

/// Balances in cents.
#[derive(Debug, Default, PartialEq)]
struct Owed {
    principal: i128,
    interest: i128,
    fee: i128,
    credit: i128,
}

impl Owed {
    /// Fees, then interest, then principal; the rest is a credit.
    fn pay(&mut self, mut cents: i128) {
        for part in [&mut self.fee, &mut self.interest, &mut self.principal] {
            let paid = cents.min(*part);
            *part -= paid;
            cents -= paid;
        }
        self.credit += cents;
    }

    fn use_credit(&mut self) {
        let credit = std::mem::take(&mut self.credit);
        self.pay(credit);
    }
}

/// Day by day from 1 January 2025: facts, then the end of the day, then the night on the principal
/// at 24 % of 365 days. On the 25th the nights so far are charged, half a cent up.
fn slow(facts: &[(u64, Fact)], last: NaiveDate) -> (Owed, Vec<i128>) {
    let start = day("2025-01-01");
    let mut owed = Owed::default();
    let (mut nights, mut closings) = (0_i128, Vec::new());
    for (at, today) in (0_u64..).zip(start.iter_days().take_while(|today| *today <= last)) {
        for (_, fact) in facts.iter().filter(|(on, _)| *on == at) {
            match fact {
                Fact::Draw(cents) => owed.principal += cents,
                Fact::Pay(cents) => owed.pay(*cents),
                Fact::Fee(cents) => owed.fee += cents,
            }
            owed.use_credit();
        }
        if today.day() == 25 {
            // Σ cents × 24 / (100 × 365), rounded half up.
            owed.interest += (nights * 24 * 2 + 36_500) / (2 * 36_500);
            nights = 0;
            owed.use_credit();
            closings.push(owed.principal + owed.interest + owed.fee - owed.credit);
        }
        nights += owed.principal;
    }
    (owed, closings)
}

fn cents(amount: Decimal) -> i128 {
    let cents = amount * dec!(100);
    assert!(cents.fract().is_zero());
    cents.trunc().mantissa() / 10_i128.pow(cents.trunc().scale())
}

fn facts() -> impl Strategy<Value = Vec<(u64, Fact)>> {
    let fact = prop_oneof![
        3 => (1_i128..90_000).prop_map(Fact::Draw),
        3 => (1_i128..120_000).prop_map(Fact::Pay),
        1 => (1_i128..5_000).prop_map(Fact::Fee),
    ];
    prop::collection::vec((0_u64..150, fact), 0..12).prop_map(|mut facts| {
        facts.sort_by_key(|(on, _)| *on);
        facts
    })
}

proptest! {
    #![proptest_config(runs(200))]

    /// Balances and statements are those of the slow model.
    #[test]
    fn balances_and_statements_are_those_of_the_slow_model(facts in facts()) {
        let mut terms = terms();
        terms.limit = dec!(100000);
        let mut line = Line::active(terms);
        let start = day("2025-01-01");
        for (on, fact) in &facts {
            let date = start + chrono::Days::new(*on);
            let amount = |cents: i128| Decimal::from_i128_with_scale(cents, 2);
            let kind = match fact {
                Fact::Draw(cents) => draw(amount(*cents)),
                Fact::Pay(cents) => repayment(amount(*cents)),
                Fact::Fee(cents) => TransactionKind::Fee {
                    name: code("visit").unwrap(),
                    penalty: false,
                    amount: Some(amount(*cents)),
                },
            };
            let id = line.id();
            line.decide(&Command::record(id, date, kind), date).unwrap();
        }
        let last = day("2025-07-04");
        line.decide(&Command::EndOfDay { date: last }, last).unwrap();
        let (expected, closings) = slow(&facts, last);
        let owed = line.line.owed();
        let found = Owed {
            principal: cents(owed.principal),
            interest: cents(owed.interest),
            fee: cents(owed.fee),
            credit: cents(line.line.credit_balance()),
        };
        prop_assert_eq!(found, expected);
        let found: Vec<i128> = line.statements.iter().map(|s| cents(s.closing)).collect();
        prop_assert_eq!(found, closings);
        line.controls().map_err(TestCaseError::fail)?;
    }
}
