//! Rule books over facts. Either text (a book, a zero byte, facts), or a book of any conditions
//! over a few facts of every kind, with some of them known.
//!
//! A book is refused or evaluates; what a condition says with some facts it says with more; what a
//! rule says without a trace it says with one; a decision is the same when it is made again.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use chrono::{NaiveDate, NaiveDateTime};
use kyc_rules::{
    facts::{Facts, Row, Value},
    rules::{
        Aggregate, Audience, CmpOp, Cond, End, Expr, Figure, LeapRule, MaskDialect, Outcome,
        Pattern, RowTest, RowValue, RuleBook, SetRef, Source, Truth, Window,
    },
};
use ledger::{Currency, Money};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

const BOOK: &str = r#"{"id": "fuzz", "version": 1, "facts": [
    {"path": "b.0", "kind": "bool"}, {"path": "b.1", "kind": "bool"},
    {"path": "n.0", "kind": "number"}, {"path": "n.1", "kind": "number"},
    {"path": "m.0", "kind": "money"}, {"path": "m.1", "kind": "money"},
    {"path": "d.0", "kind": "date"}, {"path": "d.1", "kind": "date", "max_age_days": 30},
    {"path": "t.0", "kind": "text"}, {"path": "l.0", "kind": "list"}],
  "scorecards": [{"id": "card", "base": 10, "attributes": [
    {"name": "n", "value": {"fact": "n.0"}, "bins": [{"to": "5", "points": 1}, {"from": "5", "points": 2}]},
    {"name": "t", "value": {"fact": "t.0"}, "bins": [{"of": [{"text": "a"}], "points": 3}], "other": 0}]}],
  "risk": {"combine": "sum", "levels": [{"from": 5, "level": "high"}]}}"#;

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn path<T>(u: &mut Unstructured<'_>, kind: &str) -> Result<T>
where
    T: for<'a> TryFrom<&'a str>,
{
    let index = if matches!(kind, "t" | "l") {
        0
    } else {
        u.int_in_range(0..=1)?
    };
    T::try_from(&format!("{kind}.{index}")).map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn decimal(u: &mut Unstructured<'_>) -> Result<Decimal> {
    Ok(if u.ratio(1, 8)? {
        Decimal::from_i128_with_scale(
            i128::from(u64::arbitrary(u)?) << 30,
            u.int_in_range(0..=28)?,
        )
    } else {
        Decimal::new(u.int_in_range(-20..=20)?, u.int_in_range(0..=2)?)
    })
}

fn money(u: &mut Unstructured<'_>) -> Result<Money> {
    let currency = if bool::arbitrary(u)? { "USD" } else { "KES" };
    Ok(Money::new(
        decimal(u)?,
        Currency::from_code(currency).unwrap(),
    ))
}

fn date(u: &mut Unstructured<'_>) -> Result<NaiveDate> {
    let year = if u.ratio(1, 8)? {
        u.int_in_range(-260_000..=260_000)?
    } else {
        2024
    };
    let day = u.int_in_range(1..=365)?;
    NaiveDate::from_yo_opt(year, day).ok_or(arbitrary::Error::IncorrectFormat)
}

fn moment(u: &mut Unstructured<'_>) -> Result<NaiveDateTime> {
    let day = NaiveDate::from_ymd_opt(2026, 11, u.int_in_range(18..=22)?).unwrap();
    Ok(day.and_hms_opt(u.int_in_range(0..=23)?, 0, 0).unwrap())
}

fn text(u: &mut Unstructured<'_>) -> Result<String> {
    Ok((*u.choose(&["", "a", "b", "UG", "12-AB", "é"])?).to_string())
}

fn value(u: &mut Unstructured<'_>, kind: &str) -> Result<Value> {
    Ok(match kind {
        "b" => Value::Bool(bool::arbitrary(u)?),
        "n" => Value::Number(decimal(u)?),
        "m" => Value::Money(money(u)?),
        "d" => Value::Date(date(u)?),
        "l" => Value::List(vec![Value::Text(text(u)?), Value::Number(decimal(u)?)]),
        _ => Value::Text(text(u)?),
    })
}

/// Mostly of one kind, so that most books compile.
fn expr(u: &mut Unstructured<'_>, kind: &str, depth: u8) -> Result<Expr> {
    if depth == 0 || u.ratio(1, 2)? {
        return Ok(if bool::arbitrary(u)? {
            Expr::Lit(value(u, kind)?)
        } else {
            Expr::Fact(path(u, kind)?)
        });
    }
    let next = depth - 1;
    let boxed = |u: &mut Unstructured<'_>, kind: &str| expr(u, kind, next).map(Box::new);
    Ok(match (kind, u.int_in_range(0..=9)?) {
        ("n" | "m", 0) => Expr::Add(boxed(u, kind)?, boxed(u, kind)?),
        ("n" | "m", 1) => Expr::Sub(boxed(u, kind)?, boxed(u, kind)?),
        ("n" | "m", 2) => Expr::Mul(boxed(u, kind)?, boxed(u, "n")?),
        ("n", 3) => {
            let of = if bool::arbitrary(u)? { "m" } else { "n" };
            Expr::Ratio(boxed(u, of)?, boxed(u, of)?)
        }
        ("n", 4) => Expr::Age {
            birth: path(u, "d")?,
            on: None,
            leap: if bool::arbitrary(u)? {
                LeapRule::March1
            } else {
                LeapRule::February28
            },
        },
        ("n", 5) => Expr::Days {
            from: boxed(u, "d")?,
            to: boxed(u, "d")?,
        },
        ("n", 6) => Expr::Score("card".try_into().unwrap()),
        ("n", _) => Expr::Agg(aggregate(u)?),
        ("m", 3 | 4) => Expr::Convert {
            money: boxed(u, "m")?,
            to: Currency::from_code("USD").unwrap(),
        },
        ("d", 0..=4) => Expr::Today,
        ("n" | "m" | "d", _) => {
            let of = vec![expr(u, kind, next)?, expr(u, kind, next)?];
            if bool::arbitrary(u)? {
                Expr::Min(of)
            } else {
                Expr::Max(of)
            }
        }
        _ => Expr::Fact(path(u, kind)?),
    })
}

fn aggregate(u: &mut Unstructured<'_>) -> Result<Aggregate> {
    let field = || "n".try_into().unwrap();
    let figure = match u.int_in_range(0..=7)? {
        0 => Figure::Count,
        1 => Figure::CountDistinct("m".try_into().unwrap()),
        2 => Figure::Sum(field()),
        3 => Figure::Max(field()),
        4 => Figure::Min(field()),
        5 => Figure::Average(field()),
        6 => Figure::Percentile {
            field: field(),
            percent: u.int_in_range(0..=101)?,
        },
        _ => Figure::DaysSinceLast,
    };
    let window = match u.int_in_range(0..=6)? {
        0 => Window::RollingHours(u32::arbitrary(u)?),
        1 => Window::RollingDays(u.int_in_range(0..=3)?),
        2 => Window::CalendarDay,
        3 => Window::CalendarMonth,
        4 => Window::CalendarWeek,
        5 => Window::Last(u.int_in_range(0..=3)?),
        _ => Window::All,
    };
    let filter = if bool::arbitrary(u)? {
        vec![]
    } else {
        let kind = *u.choose(&["n", "m"])?;
        let value = if bool::arbitrary(u)? {
            RowValue::Fact(path(u, kind)?)
        } else {
            RowValue::Lit(value(u, kind)?)
        };
        vec![RowTest {
            field: kind.try_into().unwrap(),
            op: op(u)?,
            value,
        }]
    };
    Ok(Aggregate {
        of: "rows".try_into().unwrap(),
        figure,
        filter,
        window,
        include_current: bool::arbitrary(u)?,
    })
}

fn op(u: &mut Unstructured<'_>) -> Result<CmpOp> {
    let all = [
        CmpOp::Eq,
        CmpOp::Ne,
        CmpOp::Lt,
        CmpOp::Le,
        CmpOp::Gt,
        CmpOp::Ge,
    ];
    u.choose(&all).copied()
}

fn cond(u: &mut Unstructured<'_>, depth: u8) -> Result<Cond> {
    let kinds = ["n", "n", "m", "d", "t", "b"];
    if depth == 0 || u.ratio(1, 2)? {
        let kind = *u.choose(&kinds)?;
        return Ok(match u.int_in_range(0..=7)? {
            0 => Cond::Const(bool::arbitrary(u)?),
            1 => Cond::True(path(u, "b")?),
            2 => Cond::Present(path(u, kind)?),
            3 => Cond::Between {
                value: expr(u, "n", 2)?,
                from: End::Inclusive(expr(u, "n", 1)?),
                to: End::Exclusive(expr(u, "n", 1)?),
            },
            4 => Cond::In {
                value: expr(u, "t", 1)?,
                set: SetRef::Of(vec![value(u, "t")?, value(u, "t")?]),
            },
            5 => Cond::Matches {
                value: expr(u, "t", 1)?,
                pattern: Pattern::Mask {
                    dialect: MaskDialect::MambuField,
                    mask: "@@-##".into(),
                },
            },
            6 => Cond::In {
                value: expr(u, "l", 0)?,
                set: SetRef::Of(vec![value(u, "n")?]),
            },
            _ => Cond::Cmp {
                left: expr(u, kind, 3)?,
                op: op(u)?,
                right: expr(u, kind, 3)?,
            },
        });
    }
    let next = depth - 1;
    let count = u.int_in_range(0..=3)?;
    let mut of = Vec::new();
    for _ in 0..count {
        of.push(cond(u, next)?);
    }
    Ok(match u.int_in_range(0..=4)? {
        0 => Cond::All(of),
        1 => Cond::Any(of),
        2 => Cond::AtLeast {
            count: u.int_in_range(0..=u8::try_from(of.len()).unwrap())?,
            of,
        },
        3 => Cond::Not(Box::new(cond(u, next)?)),
        _ => Cond::Rule(
            if bool::arbitrary(u)? { "r0" } else { "r1" }
                .try_into()
                .unwrap(),
        ),
    })
}

/// Facts, and the same with more known.
fn facts(u: &mut Unstructured<'_>) -> Result<(Facts, Facts)> {
    let (mut less, mut more) = (Facts::new(), Facts::new());
    for path in [
        "b.0",
        "b.1",
        "n.0",
        "n.1",
        "m.0",
        "m.1",
        "d.0",
        "d.1",
        "t.0",
        "l.0",
        "rate.kes.usd",
    ] {
        let kind = if path.starts_with("rate") {
            "n"
        } else {
            &path[..1]
        };
        let known = u.int_in_range(0..=3_u8)?;
        let value = value(u, kind)?;
        if known >= 1 {
            more.set_as_of(path.try_into().unwrap(), value.clone(), on());
        }
        if known >= 2 {
            less.set_as_of(path.try_into().unwrap(), value, on());
        }
    }
    let mut rows = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let fields = [
            ("n".try_into().unwrap(), value(u, "n")?),
            ("m".try_into().unwrap(), value(u, "m")?),
        ];
        rows.push(Row {
            at: moment(u)?,
            current: bool::arbitrary(u)?,
            fields: fields.into(),
        });
    }
    let stream = || "rows".try_into().unwrap();
    match u.int_in_range(0..=2_u8)? {
        0 => {}
        1 => more = more.with_stream(stream(), rows),
        _ => {
            less = less.with_stream(stream(), rows.clone());
            more = more.with_stream(stream(), rows);
        }
    }
    Ok((less, more))
}

fn generated(u: &mut Unstructured<'_>) -> Result<()> {
    let mut book: RuleBook = serde_json::from_str(BOOK).unwrap();
    for index in 0..u.int_in_range(1..=3)? {
        let rule = serde_json::json!({"id": format!("r{index}"), "family": "kyc",
            "when": cond(u, 3)?, "then": [Outcome::Flag("x".try_into().unwrap())]});
        book.rules.push(serde_json::from_value(rule).unwrap());
    }
    let json = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<RuleBook>(&json).unwrap(), book);
    let _ = book.lint(on());
    let Ok(compiled) = book.compile() else {
        return Ok(());
    };
    let (less, more) = facts(u)?;
    let (bound, fuller) = (
        compiled.bind(&less, on()).unwrap(),
        compiled.bind(&more, on()).unwrap(),
    );
    for rule in &book.rules {
        let before = compiled.test(&rule.id, &bound).unwrap();
        let after = compiled.test(&rule.id, &fuller).unwrap();
        assert!(
            before == Truth::Unknown || before == after,
            "{before:?} became {after:?}: {json}"
        );
    }
    let decision = compiled.evaluate(&less, on()).unwrap();
    for trace in &decision.trace {
        if let Source::Rule(id) = &trace.source {
            assert_eq!(compiled.test(id, &bound), Some(trace.result));
            assert_eq!(trace.root.result, trace.result);
        }
    }
    decision.replay(&book, &less).unwrap();
    for audience in [Audience::Customer, Audience::Officer, Audience::Regulator] {
        let _ = decision.explain(audience);
    }
    let _ = decision.missing();
    Ok(())
}

fn written(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or_default()).into_owned();
    let Ok(book) = RuleBook::from_json(&text(parts.next())) else {
        return;
    };
    let facts: Facts = serde_json::from_str(&text(parts.next())).unwrap_or_default();
    let _ = book.lint(on());
    if let Ok(decision) = book.evaluate(&facts, on()) {
        decision.replay(&book, &facts).unwrap();
    }
}

fuzz_target!(|data: &[u8]| {
    if data.first() == Some(&b'{') {
        written(data);
    } else {
        let _ = generated(&mut Unstructured::new(data));
    }
});
