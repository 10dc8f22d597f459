//! The condition of each pattern.

use alloc::{boxed::Box, vec::Vec};

use ledger::Money;
use rust_decimal::Decimal;

use super::{Pattern, Unusual};
use crate::{
    code::{FactPath, FieldName, StreamId},
    facts::Value,
    rules::{Aggregate, CmpOp, Cond, Expr, Figure, RowTest, RowValue, SetRef, Window},
};

/// A day of 24 hours back from the moment.
const DAY: Window = Window::RollingHours(24);

impl Pattern {
    /// When the pattern is there.
    #[must_use]
    pub fn condition(&self) -> Cond {
        match self {
            Self::NearThreshold { .. } | Self::SplitBelow { .. } => self.structuring(),
            Self::Velocity { .. } | Self::Volume { .. } | Self::Stacking { .. } => self.velocity(),
            Self::Shared { .. } | Self::ManyToOne { .. } => self.sharing(),
            Self::RoundTrip { .. } | Self::PassThrough { .. } => self.circling(),
            Self::DormantWake { .. } => self.waking(),
            Self::LoanBack { .. }
            | Self::RapidPrepayment { .. }
            | Self::GuarantorRoundTrip { .. } => self.repaying(),
        }
    }

    fn structuring(&self) -> Cond {
        match self {
            Self::NearThreshold {
                stream,
                field,
                from,
                threshold,
                count,
                days,
            } => {
                let test = |op, value: &Money| RowTest {
                    field: field.clone(),
                    op,
                    value: RowValue::Lit(Value::Money(*value)),
                };
                let filter = alloc::vec![test(CmpOp::Ge, from), test(CmpOp::Lt, threshold)];
                let near = agg(stream, Figure::Count, Window::RollingDays(*days), filter);
                at_least(near, number(*count))
            }
            Self::SplitBelow {
                stream,
                field,
                threshold,
            } => {
                let largest = Figure::MaxMoney {
                    field: field.clone(),
                    currency: threshold.currency(),
                };
                let total = agg(stream, sum(field, threshold), DAY, Vec::new());
                let single = agg(stream, largest, DAY, Vec::new());
                Cond::All(alloc::vec![
                    at_least(total, money(threshold)),
                    compare(single, CmpOp::Lt, money(threshold)),
                ])
            }
            _ => Cond::Const(false),
        }
    }

    fn velocity(&self) -> Cond {
        match self {
            Self::Velocity {
                stream,
                count,
                hours,
            } => {
                let window = Window::RollingHours(*hours);
                at_least(
                    agg(stream, Figure::Count, window, Vec::new()),
                    number(*count),
                )
            }
            Self::Volume {
                stream,
                field,
                least,
                hours,
            } => {
                let window = Window::RollingHours(*hours);
                at_least(
                    agg(stream, sum(field, least), window, Vec::new()),
                    money(least),
                )
            }
            Self::Stacking {
                stream,
                lender,
                count,
                hours,
            } => at_least(
                different(stream, lender, Window::RollingHours(*hours)),
                number(*count),
            ),
            _ => Cond::Const(false),
        }
    }

    fn sharing(&self) -> Cond {
        match self {
            Self::Shared {
                stream,
                field,
                count,
                days,
                except,
            } => {
                let window = Window::RollingDays(*days);
                let shared = at_least(different(stream, field, window), number(*count));
                match except {
                    None => shared,
                    Some((path, set)) => {
                        let allowed = Cond::In {
                            value: Expr::Fact(path.clone()),
                            set: SetRef::Named(set.clone()),
                        };
                        Cond::All(alloc::vec![shared, Cond::Not(Box::new(allowed))])
                    }
                }
            }
            Self::ManyToOne {
                stream,
                sender,
                field,
                count,
                hours,
                least,
            } => {
                let window = Window::RollingHours(*hours);
                let total = agg(stream, sum(field, least), window, Vec::new());
                Cond::All(alloc::vec![
                    at_least(different(stream, sender, window), number(*count)),
                    at_least(total, money(least)),
                ])
            }
            _ => Cond::Const(false),
        }
    }

    fn circling(&self) -> Cond {
        match self {
            Self::RoundTrip {
                outgoing,
                incoming,
                party,
                counterparty,
                field,
                share,
                least,
                days,
            } => {
                let same = RowTest {
                    field: party.clone(),
                    op: CmpOp::Eq,
                    value: RowValue::Fact(counterparty.clone()),
                };
                let window = Window::RollingDays(*days);
                let total =
                    |stream| agg(stream, sum(field, least), window, alloc::vec![same.clone()]);
                returned(&total(outgoing), total(incoming), *share, least)
            }
            Self::PassThrough {
                incoming,
                outgoing,
                field,
                share,
                least,
            } => {
                let total = |stream| agg(stream, sum(field, least), DAY, Vec::new());
                returned(&total(incoming), total(outgoing), *share, least)
            }
            _ => Cond::Const(false),
        }
    }

    fn waking(&self) -> Cond {
        let Self::DormantWake {
            stream,
            amount,
            days,
            least,
            usual,
        } = self
        else {
            return Cond::Const(false);
        };
        let silent = agg(stream, Figure::DaysSinceLast, Window::All, Vec::new());
        let mut parts = alloc::vec![
            at_least(silent, number(*days)),
            at_least(Expr::Fact(amount.clone()), money(least)),
        ];
        if let Some(Unusual { field, times }) = usual {
            let figure = Figure::PercentileMoney {
                field: field.clone(),
                currency: least.currency(),
                percent: 95,
            };
            let year = Expr::Agg(Aggregate {
                of: stream.clone(),
                figure,
                filter: Vec::new(),
                window: Window::RollingDays(365),
                include_current: false,
            });
            let high = Expr::Mul(Box::new(year), Box::new(Expr::Lit(Value::Number(*times))));
            parts.push(at_least(Expr::Fact(amount.clone()), high));
        }
        Cond::All(parts)
    }

    fn repaying(&self) -> Cond {
        match self {
            Self::LoanBack {
                disbursed,
                repaid,
                third_party,
                days,
            } => Cond::All(alloc::vec![
                Cond::True(repaid.clone()),
                Cond::True(third_party.clone()),
                within(disbursed, *days),
            ]),
            Self::RapidPrepayment {
                disbursed,
                paid,
                principal,
                share,
                days,
            } => {
                let part = Expr::Mul(
                    Box::new(Expr::Fact(principal.clone())),
                    Box::new(Expr::Lit(Value::Number(*share))),
                );
                Cond::All(alloc::vec![
                    at_least(Expr::Fact(paid.clone()), part),
                    within(disbursed, *days),
                ])
            }
            Self::GuarantorRoundTrip {
                disbursed,
                by_guarantor,
                days,
            } => Cond::All(alloc::vec![
                Cond::True(by_guarantor.clone()),
                within(disbursed, *days),
            ]),
            _ => Cond::Const(false),
        }
    }
}

/// At least `least` went one way, and this share of it the other.
fn returned(first: &Expr, back: Expr, share: Decimal, least: &Money) -> Cond {
    let part = Expr::Mul(
        Box::new(first.clone()),
        Box::new(Expr::Lit(Value::Number(share))),
    );
    Cond::All(alloc::vec![
        at_least(first.clone(), money(least)),
        at_least(back, part),
    ])
}

/// Not more than so many days after this one.
fn within(day: &FactPath, days: u32) -> Cond {
    let age = Expr::Days {
        from: Box::new(Expr::Fact(day.clone())),
        to: Box::new(Expr::Today),
    };
    compare(age, CmpOp::Le, number(days))
}

fn different(stream: &StreamId, field: &FieldName, window: Window) -> Expr {
    agg(
        stream,
        Figure::CountDistinct(field.clone()),
        window,
        Vec::new(),
    )
}

fn agg(stream: &StreamId, figure: Figure, window: Window, filter: Vec<RowTest>) -> Expr {
    Expr::Agg(Aggregate {
        of: stream.clone(),
        include_current: !matches!(figure, Figure::DaysSinceLast),
        figure,
        filter,
        window,
    })
}

fn sum(field: &FieldName, like: &Money) -> Figure {
    Figure::SumMoney {
        field: field.clone(),
        currency: like.currency(),
    }
}

fn number(value: u32) -> Expr {
    Expr::Lit(Value::Number(Decimal::from(value)))
}

fn money(value: &Money) -> Expr {
    Expr::Lit(Value::Money(*value))
}

fn compare(left: Expr, op: CmpOp, right: Expr) -> Cond {
    Cond::Cmp { left, op, right }
}

fn at_least(left: Expr, right: Expr) -> Cond {
    compare(left, CmpOp::Ge, right)
}
