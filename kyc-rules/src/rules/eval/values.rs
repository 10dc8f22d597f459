//! The values of expressions, and their order.

use alloc::{borrow::Cow, string::String};
use core::cmp::Ordering;

use chrono::{Datelike, NaiveDate};
use ledger::{Currency, Money};
use rust_decimal::Decimal;

use super::BoundFacts;
use crate::{
    code::FactPath,
    facts::Value,
    rules::{compile::Calc, cond::LeapRule},
};

/// The order of two values of one kind; none: of different kinds, or money without a rate.
pub(crate) fn compare(left: &Value, right: &Value, bound: &BoundFacts<'_>) -> Option<Ordering> {
    match (left, right) {
        // Figures of one scale are ordered like their digits.
        (Value::Number(a), Value::Number(b)) if a.scale() == b.scale() => {
            Some(a.mantissa().cmp(&b.mantissa()))
        }
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Money(a), Value::Money(b)) => {
            let a = convert(a, b.currency(), bound)?;
            Some(a.amount().cmp(&b.amount()))
        }
        // Lists have no order; equality is all that is asked of them.
        (Value::List(a), Value::List(b)) => Some(if a == b {
            Ordering::Equal
        } else {
            Ordering::Less
        }),
        _ => None,
    }
}

/// The value of an expression; none: unknown.
pub(crate) fn calc<'a>(expr: &'a Calc, bound: &'a BoundFacts<'_>) -> Option<Cow<'a, Value>> {
    let number = |d: Decimal| Some(Cow::Owned(Value::Number(d)));
    match expr {
        Calc::Lit(value) => Some(Cow::Borrowed(value)),
        Calc::Fact(slot) => bound.value(*slot).map(Cow::Borrowed),
        Calc::Today => Some(Cow::Owned(Value::Date(bound.on))),
        Calc::Age(birth, on, leap) => {
            let Some(Value::Date(birth)) = bound.value(*birth) else {
                return None;
            };
            let on = match on {
                None => bound.on,
                Some(slot) => match bound.value(*slot) {
                    Some(Value::Date(on)) => *on,
                    _ => return None,
                },
            };
            number(Decimal::from(age(*birth, on, *leap)?))
        }
        Calc::Days(from, to) => match (calc(from, bound)?.as_ref(), calc(to, bound)?.as_ref()) {
            (Value::Date(a), Value::Date(b)) => {
                number(Decimal::from(b.signed_duration_since(*a).num_days()))
            }
            _ => None,
        },
        Calc::Add(a, b) => combine(a, b, bound, Decimal::checked_add),
        Calc::Sub(a, b) => combine(a, b, bound, Decimal::checked_sub),
        Calc::Mul(a, b) => {
            let (a, b) = (calc(a, bound)?, calc(b, bound)?);
            match (a.as_ref(), b.as_ref()) {
                (Value::Number(a), Value::Number(b)) => number(a.checked_mul(*b)?),
                (Value::Money(a), Value::Number(b)) => {
                    Some(Cow::Owned(Value::Money(a.checked_mul(*b).ok()?)))
                }
                _ => None,
            }
        }
        Calc::Ratio(a, b) => {
            let (a, b) = (calc(a, bound)?, calc(b, bound)?);
            match (a.as_ref(), b.as_ref()) {
                (Value::Number(a), Value::Number(b)) => number(a.checked_div(*b)?),
                (Value::Money(a), Value::Money(b)) => {
                    let a = convert(a, b.currency(), bound)?;
                    number(a.amount().checked_div(b.amount())?)
                }
                _ => None,
            }
        }
        Calc::Agg(aggregate) => aggregate.value(bound).map(Cow::Owned),
        Calc::Score(card) => number(Decimal::from(card.score(bound)?.points)),
        Calc::Min(of) => extreme(of, bound, Ordering::Less),
        Calc::Max(of) => extreme(of, bound, Ordering::Greater),
        Calc::Convert(money, to) => match calc(money, bound)?.as_ref() {
            Value::Money(money) => Some(Cow::Owned(Value::Money(convert(money, *to, bound)?))),
            _ => None,
        },
    }
}

fn combine<'a>(
    a: &Calc,
    b: &Calc,
    bound: &BoundFacts<'_>,
    operation: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Option<Cow<'a, Value>> {
    let (a, b) = (calc(a, bound)?, calc(b, bound)?);
    match (a.as_ref(), b.as_ref()) {
        (Value::Number(a), Value::Number(b)) => Some(Cow::Owned(Value::Number(operation(*a, *b)?))),
        (Value::Money(a), Value::Money(b)) => {
            let b = convert(b, a.currency(), bound)?;
            let amount = operation(a.amount(), b.amount())?;
            Some(Cow::Owned(Value::Money(Money::new(amount, a.currency()))))
        }
        _ => None,
    }
}

fn extreme<'a>(
    of: &'a [Calc],
    bound: &'a BoundFacts<'_>,
    wanted: Ordering,
) -> Option<Cow<'a, Value>> {
    let mut best: Option<Cow<'a, Value>> = None;
    for part in of {
        let value = calc(part, bound)?;
        let better = match &best {
            None => true,
            Some(best) => compare(&value, best, bound)? == wanted,
        };
        if better {
            best = Some(value);
        }
    }
    best
}

/// Completed years.
pub(crate) fn age(birth: NaiveDate, on: NaiveDate, leap: LeapRule) -> Option<i64> {
    let years = i64::from(on.year()).checked_sub(i64::from(birth.year()))?;
    let birthday = birth.with_year(on.year()).or_else(|| match leap {
        LeapRule::March1 => NaiveDate::from_ymd_opt(on.year(), 3, 1),
        LeapRule::February28 => NaiveDate::from_ymd_opt(on.year(), 2, 28),
    })?;
    if on < birthday {
        years.checked_sub(1)
    } else {
        Some(years)
    }
}

pub(crate) fn convert(money: &Money, to: Currency, bound: &BoundFacts<'_>) -> Option<Money> {
    if money.currency() == to {
        return Some(*money);
    }
    let path = rate_path(money.currency(), to)?;
    match bound.facts.fact(&path)?.value.as_ref()? {
        Value::Number(rate) => Some(Money::new(money.amount().checked_mul(*rate)?, to)),
        _ => None,
    }
}

pub(crate) fn rate_path(from: Currency, to: Currency) -> Option<FactPath> {
    let mut path = String::from("rate.");
    path.push_str(&from.code().to_ascii_lowercase());
    path.push('.');
    path.push_str(&to.code().to_ascii_lowercase());
    FactPath::new(path).ok()
}
