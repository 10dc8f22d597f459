//! Laws that hold for every line, whatever happens to it and in whatever order we learn of it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use law_runs::runs;
use ledger::posting_rules::AccountingMethod;
use lending_core::{
    dates::Period,
    loan::{
        Amounts, ArrearsTerms, CapMethod, CreditKind, IndexTerms, Outcome, TaxRates, TransactionId,
        code,
    },
    revolving::{
        ChargesInMinimum, Command, CreditLine, CreditLineTerms, DrawInstalments, DrawPlan,
        DrawSpread, EarlyRepayment, InterestGrace, InterestOn, LimitUse, LineCap, LineCapBase,
        LineCapCounts, LineFee, LineFeeAmount, LineFeeTrigger, LinePenalty, MinimumPayment,
        MinimumRule, OverdueInMinimum, Transaction, TransactionKind as Kind,
    },
    schedule::{TaxKind, Taxes},
    store::{decode, encode},
};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

use crate::{
    common::{day, rules},
    line::{Line, draw, repayment, terms},
};

/// Something that happens: days after activation, and what.
#[derive(Clone, Debug)]
struct Happening {
    after: u64,
    kind: Kind,
    reversed: bool,
}

fn money(range: std::ops::Range<i64>) -> impl Strategy<Value = Decimal> {
    range.prop_map(|cents| Decimal::new(cents, 2))
}

fn happening(days: u64) -> impl Strategy<Value = Happening> {
    let kind = prop_oneof![
        4 => money(1_000..90_000).prop_map(draw),
        4 => money(1..120_000).prop_map(repayment),
        1 => money(1..9_000).prop_map(|amount| Kind::Credit { kind: CreditKind::GoodwillCredit, amount }),
        1 => (money(1..5_000), any::<bool>()).prop_map(|(amount, penalty)| Kind::Fee {
            name: code("visit").unwrap(), penalty, amount: Some(amount),
        }),
        1 => (0_i64..40).prop_map(|percent| Kind::RateChange { percent: percent.into() }),
        1 => (0_i64..25, 0_i64..25).prop_map(|(interest, others)| {
            let percent = |percent| Some(Decimal::from(percent));
            Kind::TaxRateChange(TaxRates {
                interest: percent(interest),
                fee: percent(others),
                penalty: percent(others),
            })
        }),
        1 => money(1..5_000).prop_map(|fee| Kind::Waiver {
            amounts: Amounts { fee, interest: fee, ..Amounts::ZERO },
        }),
        1 => Just(Kind::MarkDefault),
        1 => Just(Kind::StopInterest),
        1 => Just(Kind::StartInterest),
        1 => money(1_000..90_000).prop_map(|amount| Kind::Hold { amount }),
        1 => (0_i64..40).prop_map(|index| Kind::IndexReview { index: index.into() }),
        // Counted from the start until the day is known.
        1 => (0_u64..20, 0_u64..40).prop_map(|(begins_in, days)| Kind::InterestPause {
            first: date(begins_in),
            last: date(begins_in + days),
        }),
    ];
    (0..days, kind, prop::bool::weighted(0.15)).prop_map(|(after, mut kind, reversed)| {
        if let Kind::InterestPause { first, last } = &mut kind {
            *first = first.checked_add_days(Days::new(after)).unwrap();
            *last = last.checked_add_days(Days::new(after)).unwrap();
        }
        Happening {
            after,
            kind,
            reversed,
        }
    })
}

/// Any kind, ends of the line too.
fn anything() -> impl Strategy<Value = Kind> {
    prop_oneof![
        12 => happening(1).prop_map(|happening| happening.kind),
        1 => money(1..9_000).prop_map(|amount| Kind::CreditRefund { amount }),
        1 => (1_i64..200_000).prop_map(|limit| Kind::ChangeLimit { limit: limit.into() }),
        1 => Just(Kind::Freeze),
        1 => Just(Kind::Unfreeze),
        1 => Just(Kind::MarkArrears),
        1 => Just(Kind::ClearMarks),
        1 => Just(Kind::WriteOff),
        1 => money(1..9_000).prop_map(|amount| Kind::Recovery { amount }),
        1 => Just(Kind::Close),
    ]
}

/// Kinds that no state of the account refuses.
fn always_allowed(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Draw { .. }
            | Kind::Credit { .. }
            | Kind::Fee { .. }
            | Kind::RateChange { .. }
            | Kind::TaxRateChange(_)
    )
}

fn happenings(count: usize, days: u64) -> impl Strategy<Value = Vec<Happening>> {
    prop::collection::vec(happening(days), 0..count)
}

/// `late` contracts charge fees for lateness.
fn contract(late: bool) -> impl Strategy<Value = CreditLineTerms> {
    let minimum = (0..6_u8, any::<bool>(), any::<bool>()).prop_map(|(rule, within, other)| {
        let plan = |spread| {
            MinimumRule::Instalments(DrawInstalments {
                count: 5,
                spread,
                early: if other {
                    EarlyRepayment::FromLastInstalment
                } else {
                    EarlyRepayment::ReducedInstalments
                },
            })
        };
        let rule = match rule {
            0 => MinimumRule::Flat(dec!(100)),
            1 => MinimumRule::PercentOfPrincipal(dec!(7.5)),
            2 | 3 => MinimumRule::PercentOfBalance(dec!(5)),
            4 => plan(DrawSpread::EqualPrincipal),
            _ => plan(DrawSpread::EqualInstalments),
        };
        let mut minimum = MinimumPayment::of(rule);
        if within {
            minimum.overdue = OverdueInMinimum::Within;
        }
        if minimum.instalments().is_none() {
            minimum.floor = Some(dec!(50));
            minimum.floor_includes_interest = other;
        }
        if matches!(rule, MinimumRule::Flat(_)) {
            minimum.charges = ChargesInMinimum::Included;
            minimum.floor_includes_interest = false;
        }
        minimum
    });
    let cash = prop::bool::weighted(0.3);
    (
        minimum,
        any::<bool>(),
        0..3_u8,
        any::<bool>(),
        0..3_u8,
        cash,
    )
        .prop_map(move |(minimum, grace, base, whole, taxed, cash)| {
            let mut terms = terms();
            if cash {
                terms.accounting = rules(AccountingMethod::Cash);
            }
            if taxed > 0 {
                terms.taxes = Taxes {
                    interest_percent: Some(dec!(16)),
                    fee_percent: Some(dec!(16)),
                    penalty_percent: Some(dec!(16)),
                    kind: [TaxKind::Exclusive, TaxKind::Inclusive][usize::from(taxed - 1)],
                    ..Taxes::default()
                };
                terms.index = Some(IndexTerms {
                    spread: dec!(2),
                    floor: Some(dec!(3)),
                    ceiling: Some(dec!(30)),
                    review_every: Period::Months(3),
                });
            }
            terms.limit = dec!(100000);
            terms.minimum = minimum;
            if grace {
                terms.grace = InterestGrace::PaidInFull;
            }
            terms.interest_on = [
                InterestOn::Principal,
                InterestOn::PrincipalAndInterest,
                InterestOn::Balance,
            ][usize::from(base)];
            if whole {
                terms.limit_use = LimitUse::Balance;
            }
            let fee = |name, when, amount| LineFee {
                name: code(name).unwrap(),
                when,
                amount,
                penalty: false,
            };
            let percent = LineFeeAmount::PercentOfDraw(dec!(1.5));
            terms.fees = vec![
                fee("added", LineFeeTrigger::AddedToDraw, percent),
                fee("kept", LineFeeTrigger::DeductedFromDraw, percent),
                fee(
                    "joining",
                    LineFeeTrigger::Activation,
                    LineFeeAmount::Flat(dec!(25)),
                ),
            ];
            if late {
                terms.penalty = (taxed != 1).then(|| LinePenalty {
                    name: code("late-night").unwrap(),
                    daily_percent: dec!(0.15),
                    grace_days: 2,
                });
                let overdue = LineFeeAmount::PercentOfOverdue(dec!(5));
                terms
                    .fees
                    .push(fee("late", LineFeeTrigger::Arrears, overdue));
                let balance = LineFeeAmount::PercentOfBalance(dec!(1));
                terms
                    .fees
                    .push(fee("default", LineFeeTrigger::Default, balance));
                // Half of the lines are capped.
                terms.cap = other_cap(taxed, whole, grace);
                terms.default_after_days = Some(20);
                terms.arrears = ArrearsTerms {
                    tolerance_days: 4,
                    ..ArrearsTerms::default()
                };
            }
            terms
        })
}

fn other_cap(kind: u8, whole: bool, grace: bool) -> Option<LineCap> {
    whole.then_some(LineCap {
        percent: if grace { dec!(2) } else { dec!(5) },
        of: LineCapBase::Principal,
        counts: [LineCapCounts::Owed, LineCapCounts::Charged][usize::from(kind > 1)],
        method: [CapMethod::Soft, CapMethod::Hard][usize::from(grace)],
    })
}

fn start() -> NaiveDate {
    day("2025-01-01")
}

fn date(after: u64) -> NaiveDate {
    start().checked_add_days(Days::new(after)).unwrap()
}

const LAST: u64 = 230;

/// Tells the line of everything in a given order; what is reversed is reversed at the end.
/// Commands that the state refuses are left out.
fn live(
    terms: &CreditLineTerms,
    happenings: &[Happening],
    order: &[usize],
    close_days: bool,
) -> Line {
    let mut line = Line::active(terms.clone());
    let mut booking = 0;
    let mut reversals = Vec::new();
    for at in order {
        let happening = &happenings[*at];
        while booking < happening.after {
            if close_days {
                let date = date(booking);
                line.decide(&Command::EndOfDay { date }, date).unwrap();
            }
            booking += 1;
        }
        let id = TransactionId::new(100 + *at as u128);
        let command = Command::record(id, date(happening.after), happening.kind.clone());
        if line.decide(&command, date(booking)).is_ok() && happening.reversed {
            reversals.push(id);
        }
        line.controls().unwrap();
    }
    let booking = if close_days {
        booking.max(150)
    } else {
        booking
    };
    for transaction in reversals {
        line.decide(&Command::Reverse { transaction }, date(booking))
            .unwrap();
        line.controls().unwrap();
    }
    let date = date(LAST);
    line.decide(&Command::EndOfDay { date }, date).unwrap();
    line.controls().unwrap();
    line
}

fn by_date(happenings: &[Happening]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..happenings.len()).collect();
    order.sort_by_key(|at| (happenings[*at].after, *at));
    order
}

fn shuffled(happenings: &[Happening], keys: &[u32]) -> Vec<usize> {
    let mut order = by_date(happenings);
    order.sort_by_key(|at| keys[*at]);
    order
}

/// What must not depend on the order in which we learned of things.
#[derive(Clone, Debug, PartialEq)]
struct Money {
    owed: Amounts,
    credit: Decimal,
    accrued: Decimal,
    plans: Vec<DrawPlan>,
    history: Vec<(TransactionId, bool, Outcome)>,
    books: BTreeMap<String, Decimal>,
}

fn money_of(line: &Line) -> Money {
    let fact = |t: &Transaction| (t.id, t.reversed_on.is_some(), t.outcome.clone());
    let books = line.books.clone().into_iter();
    Money {
        owed: *line.line.owed(),
        credit: line.line.credit_balance(),
        accrued: line.line.accrued().unwrap(),
        plans: line.line.plans().to_vec(),
        history: line.history.iter().map(fact).collect(),
        books: books.filter(|(_, sum)| !sum.is_zero()).collect(),
    }
}

proptest! {
    #![proptest_config(runs(500))]

    /// The same facts give the same money in any order of arrival, over any number of statements,
    /// and whether or not every day was closed on the way.
    #[test]
    fn order_of_arrival_does_not_matter(
        terms in contract(false),
        mut happenings in happenings(9, 150),
        keys in prop::collection::vec(any::<u32>(), 9),
        close_days in any::<bool>(),
    ) {
        happenings.retain(|happening| always_allowed(&happening.kind));
        let one = live(&terms, &happenings, &by_date(&happenings), true);
        let other = live(&terms, &happenings, &shuffled(&happenings, &keys), close_days);
        prop_assert_eq!(one.history.len(), happenings.len(), "nothing is refused");
        prop_assert_eq!(money_of(&one), money_of(&other));
        prop_assert_eq!(&one.line.statements(&one.history).unwrap(), &one.statements);
        prop_assert_eq!(&other.line.statements(&other.history).unwrap(), &other.statements);
    }

    /// Facts of one cycle, learned in any order before its statement, give the same account
    /// altogether: statements, lateness and what it costs too.
    #[test]
    fn order_within_a_cycle_does_not_matter_at_all(
        terms in contract(true),
        mut happenings in happenings(7, 24),
        keys in prop::collection::vec(any::<u32>(), 7),
    ) {
        happenings.retain(|happening| always_allowed(&happening.kind));
        let tell = |order: &[usize]| {
            let mut line = Line::active(terms.clone());
            for at in order {
                let happening = &happenings[*at];
                let id = TransactionId::new(100 + *at as u128);
                let command = Command::record(id, date(happening.after), happening.kind.clone());
                line.decide(&command, date(24)).unwrap();
            }
            let date = date(LAST);
            line.decide(&Command::EndOfDay { date }, date).unwrap();
            line
        };
        let (one, other) = (tell(&by_date(&happenings)), tell(&shuffled(&happenings, &keys)));
        prop_assert_eq!(&one.statements, &other.statements);
        prop_assert_eq!(money_of(&one), money_of(&other));
        prop_assert_eq!(one.line, other.line);
    }

    /// Closing days late gives what closing each of them gives.
    #[test]
    fn catching_up_is_closing_every_day(
        terms in contract(true),
        mut happenings in happenings(9, 150),
    ) {
        happenings.iter_mut().for_each(|happening| happening.reversed = false);
        let order = by_date(&happenings);
        let daily = live(&terms, &happenings, &order, true);
        let late = live(&terms, &happenings, &order, false);
        prop_assert_eq!(money_of(&daily), money_of(&late));
        prop_assert_eq!(&daily.statements, &late.statements);
        prop_assert_eq!(daily.line.arrears(), late.line.arrears());
        prop_assert_eq!(daily.line.demands(), late.line.demands());
        prop_assert_eq!(&daily.line.statements(&daily.history).unwrap(), &daily.statements);
    }

    /// Whatever is tried, backdated, reversed and refused, accounts and books stay together, and the
    /// statements that were made can be made again.
    #[test]
    fn anything_keeps_the_books(
        terms in contract(true),
        tried in prop::collection::vec(
            (anything(), 0_u64..12, 0_u64..60, any::<Option<prop::sample::Index>>(), 0..5_u8),
            0..25,
        ),
    ) {
        let mut line = Line::active(terms);
        let mut today = 0;
        for (kind, passes, back, reverse, also) in tried {
            if also == 0 {
                let date = date(today);
                line.decide(&Command::EndOfDay { date }, date).unwrap();
                today += 1;
            }
            today += passes;
            let id = line.id();
            let value = if also == 1 { today.saturating_sub(back) } else { today };
            let accepted = line.decide(&Command::record(id, date(value), kind), date(today));
            line.controls().map_err(TestCaseError::fail)?;
            if let (true, Some(index), false) = (also == 2, reverse, line.history.is_empty()) {
                let transaction = line.history[index.index(line.history.len())].id;
                let refused = line.decide(&Command::Reverse { transaction }, date(today));
                line.controls().map_err(TestCaseError::fail)?;
                prop_assert!(refused.is_ok() || refused.unwrap_err().code() > 0);
            }
            prop_assert!(accepted.is_ok() || accepted.unwrap_err().code() > 0);
        }
        let date = date(today + 70);
        line.decide(&Command::EndOfDay { date }, date).unwrap();
        line.controls().map_err(TestCaseError::fail)?;
        prop_assert_eq!(&line.line.statements(&line.history).unwrap(), &line.statements);
    }

    /// A transaction that is taken back leaves no trace in the account and none in the books.
    #[test]
    fn reversing_is_undoing(
        terms in contract(true),
        happenings in happenings(8, 150),
        extra in happening(150),
    ) {
        let order = by_date(&happenings);
        let mut line = live(&terms, &happenings, &order, false);
        let before = line.clone();
        let id = TransactionId::new(99_999);
        let booking = date(LAST + 1);
        let command = Command::record(id, date(extra.after), extra.kind.clone());
        if line.decide(&command, booking).is_err() {
            return Ok(());
        }
        line.decide(&Command::Reverse { transaction: id }, booking).unwrap();
        line.controls().map_err(TestCaseError::fail)?;
        line.history.retain(|t| t.id != id);
        let (one, other) = (money_of(&before), money_of(&line));
        prop_assert_eq!(one, other);
        prop_assert_eq!(before.line.demands(), line.line.demands());
        prop_assert_eq!(before.line.arrears(), line.line.arrears());
        prop_assert_eq!(before.line.available().unwrap(), line.line.available().unwrap());
    }

    /// A preview is what execution does; entries balance; what is stored is read back.
    #[test]
    fn previews_balances_and_stored_states(
        terms in contract(true),
        happenings in happenings(9, 150),
    ) {
        let order = by_date(&happenings);
        let line = live(&terms, &happenings, &order, false);
        let command = Command::repay(TransactionId::new(99_999), date(LAST + 1), dec!(123.45));
        let preview = line.preview(&command, date(LAST + 1));
        prop_assert_eq!(&preview, &line.preview(&command, date(LAST + 1)));
        let mut executed = line.clone();
        executed.decide(&command, date(LAST + 1)).unwrap();
        prop_assert_eq!(preview.unwrap().line, executed.line);
        for entry in &line.entries {
            let sum: i64 = entry.lines().iter().map(|line| line.signed_minor()).sum();
            prop_assert_eq!(sum, 0);
        }
        let mut ids: Vec<_> = line.entries.iter().map(|entry| entry.id()).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), line.entries.len());
        let bytes = encode(&line.line).unwrap();
        prop_assert_eq!(&decode::<CreditLine>(&bytes).unwrap(), &line.line);
        let text = serde_json::to_string(&line.line).unwrap();
        prop_assert_eq!(&serde_json::from_str::<CreditLine>(&text).unwrap(), &line.line);
        for transaction in &line.history {
            let bytes = encode(transaction).unwrap();
            prop_assert_eq!(&decode::<Transaction>(&bytes).unwrap(), transaction);
        }
    }

    /// Paying the pay-off amount on its day leaves nothing owed when the line is closed.
    #[test]
    fn the_pay_off_amount_closes_the_line(
        terms in contract(true),
        happenings in happenings(8, 150),
        after in 0_u64..40,
    ) {
        let order = by_date(&happenings);
        let mut line = live(&terms, &happenings, &order, false);
        let on = date(LAST + 1 + after);
        let owed = line.line.payoff(on).unwrap();
        if owed.is_zero() {
            return Ok(());
        }
        line.decide(&Command::repay(TransactionId::new(99_998), on, owed), on).unwrap();
        let closing = Command::record(TransactionId::new(99_999), on, Kind::Close);
        line.decide(&closing, on).unwrap();
        line.controls().map_err(TestCaseError::fail)?;
    }
}
