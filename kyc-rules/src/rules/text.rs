//! Conditions in words, one line each.

use alloc::vec::Vec;
use core::fmt;

use super::cond::{CmpOp, Cond, End, Expr, MaskDialect, Pattern, SetRef};
use super::{Due, LimitKind, Outcome, ReportKind, RiskLevel, RowValue};
use crate::code::FactPath;

impl Cond {
    /// The facts this part names itself, without those of the rules it refers to.
    pub(crate) fn paths(&self) -> Vec<&FactPath> {
        let mut paths = Vec::new();
        self.collect(&mut paths);
        paths
    }

    fn collect<'a>(&'a self, paths: &mut Vec<&'a FactPath>) {
        match self {
            Self::Const(_) | Self::Rule(_) | Self::Screened { .. } => {}
            Self::All(of) | Self::Any(of) | Self::AtLeast { of, .. } => {
                of.iter().for_each(|part| part.collect(paths));
            }
            Self::Not(inner) => inner.collect(paths),
            Self::True(path) | Self::Present(path) => paths.push(path),
            Self::Cmp { left, right, .. } => {
                left.collect(paths);
                right.collect(paths);
            }
            Self::Between { value, from, to } => {
                value.collect(paths);
                for End::Inclusive(end) | End::Exclusive(end) in [from, to] {
                    end.collect(paths);
                }
            }
            Self::In { value, .. } | Self::Matches { value, .. } => value.collect(paths),
        }
    }
}

impl Expr {
    /// The facts this expression names itself.
    pub(crate) fn paths(&self) -> Vec<&FactPath> {
        let mut paths = Vec::new();
        self.collect(&mut paths);
        paths
    }

    fn collect<'a>(&'a self, paths: &mut Vec<&'a FactPath>) {
        match self {
            Self::Lit(_) | Self::Today | Self::Score(_) => {}
            Self::Agg(aggregate) => {
                paths.extend(
                    aggregate
                        .filter
                        .iter()
                        .filter_map(|test| match &test.value {
                            RowValue::Fact(path) => Some(path),
                            RowValue::Lit(_) => None,
                        }),
                );
            }
            Self::Fact(path) => paths.push(path),
            Self::Age { birth, on, .. } => {
                paths.push(birth);
                paths.extend(on);
            }
            Self::Days { from: a, to: b }
            | Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Ratio(a, b) => {
                a.collect(paths);
                b.collect(paths);
            }
            Self::Min(of) | Self::Max(of) => of.iter().for_each(|part| part.collect(paths)),
            Self::Convert { money, .. } => money.collect(paths),
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl fmt::Display for Cond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let group = |f: &mut fmt::Formatter<'_>, of: &[Self]| {
            f.write_str("(")?;
            list(f, of)?;
            f.write_str(")")
        };
        match self {
            Self::Const(value) => write!(f, "{}", if *value { "always" } else { "never" }),
            Self::All(of) => {
                f.write_str("all of ")?;
                group(f, of)
            }
            Self::Any(of) => {
                f.write_str("any of ")?;
                group(f, of)
            }
            Self::AtLeast { count, of } => {
                write!(f, "at least {count} of ")?;
                group(f, of)
            }
            Self::Not(inner) => write!(f, "not {inner}"),
            Self::True(path) => write!(f, "{path}"),
            Self::Present(path) => write!(f, "{path} is given"),
            Self::Cmp { left, op, right } => write!(f, "{left} {op} {right}"),
            Self::Between { value, from, to } => {
                let (low, from) = end(from, "[", "(");
                let (high, to) = end(to, "]", ")");
                write!(f, "{value} in {low}{from}, {to}{high}")
            }
            Self::In { value, set } => match set {
                SetRef::Named(set) => write!(f, "{value} in set {set}"),
                SetRef::Of(values) => {
                    write!(f, "{value} in {{")?;
                    list(f, values)?;
                    f.write_str("}")
                }
            },
            Self::Matches { value, pattern } => write!(f, "{value} {pattern}"),
            Self::Screened { list, min_score } => {
                write!(f, "screening against {list} scores at least {min_score}")
            }
            Self::Rule(rule) => write!(f, "rule {rule}"),
        }
    }
}

fn end<'a>(bound: &'a End, closed: &'a str, open: &'a str) -> (&'a str, &'a Expr) {
    match bound {
        End::Inclusive(expr) => (closed, expr),
        End::Exclusive(expr) => (open, expr),
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequireDocument { any_of } => {
                f.write_str("needs one of the documents ")?;
                list(f, any_of)
            }
            Self::RequireField(path) => write!(f, "needs the field {path}"),
            Self::RequireForm(form) => write!(f, "needs the form {form}"),
            Self::SetTier(tier) => write!(f, "sets the tier to {tier}"),
            Self::CapLimit { limit, amount } => write!(f, "caps {limit} at {amount}"),
            Self::AddRisk { points } => write!(f, "adds {points} risk points"),
            Self::FloorRisk(level) => write!(f, "sets the risk to at least {level}"),
            Self::Hold(reason) => write!(f, "holds: {reason}"),
            Self::Refer(queue) => write!(f, "refers to {queue}"),
            Self::Reject(reason) => write!(f, "rejects: {reason}"),
            Self::Report { kind, due } => {
                write!(f, "report {kind}")?;
                match due {
                    None => Ok(()),
                    Some(Due::Hours(n)) => write!(f, " within {n} hours"),
                    Some(Due::Days(n)) => write!(f, " within {n} days"),
                    Some(Due::WorkingDays(n)) => write!(f, " within {n} working days"),
                }
            }
            Self::Flag(tag) => write!(f, "flags {tag}"),
        }
    }
}

impl fmt::Display for ReportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ctr => "a cash transaction",
            Self::Str => "a suspicious transaction",
            Self::Eft => "a funds transfer",
            Self::Custom(kind) => kind.as_str(),
        })
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PerTransaction => "one transaction",
            Self::PerDay => "a day's transactions",
            Self::PerMonth => "a month's transactions",
            Self::Balance => "the balance",
            Self::LoanAmount => "a loan",
            Self::Exposure => "everything owed",
        })
    }
}

impl fmt::Display for RiskLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Prohibited => "prohibited",
        })
    }
}

impl fmt::Display for CmpOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eq => "=",
            Self::Ne => "≠",
            Self::Lt => "<",
            Self::Le => "≤",
            Self::Gt => ">",
            Self::Ge => "≥",
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mask { dialect, mask } => {
                let legend = match dialect {
                    MaskDialect::MambuField => "@ digit, # letter",
                    MaskDialect::MambuId => "# digit, @ letter",
                };
                write!(f, "has the form {mask} ({legend}, $ either)")
            }
            Self::Prefix(prefix) => write!(f, "begins with {prefix}"),
            Self::OneOf(texts) => {
                f.write_str("is one of ")?;
                list(f, texts)
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lit(value) => write!(f, "{value}"),
            Self::Fact(path) => write!(f, "{path}"),
            Self::Today => f.write_str("today"),
            Self::Age {
                birth, on: None, ..
            } => write!(f, "age by {birth}"),
            Self::Age {
                birth,
                on: Some(on),
                ..
            } => write!(f, "age by {birth} on {on}"),
            Self::Days { from, to } => write!(f, "days from {from} to {to}"),
            Self::Add(a, b) => write!(f, "({a} + {b})"),
            Self::Sub(a, b) => write!(f, "({a} − {b})"),
            Self::Mul(a, b) => write!(f, "({a} × {b})"),
            Self::Ratio(a, b) => write!(f, "({a} / {b})"),
            Self::Min(of) => {
                f.write_str("min(")?;
                list(f, of)?;
                f.write_str(")")
            }
            Self::Max(of) => {
                f.write_str("max(")?;
                list(f, of)?;
                f.write_str(")")
            }
            Self::Agg(aggregate) => write!(f, "{aggregate}"),
            Self::Score(card) => write!(f, "score {card}"),
            Self::Convert { money, to } => write!(f, "{money} in {to}"),
        }
    }
}
