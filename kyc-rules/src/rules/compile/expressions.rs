//! Expressions, checked and resolved: every value has one kind.

use alloc::{boxed::Box, string::ToString, sync::Arc, vec::Vec};

use super::{Calc, DEPTH_MAX, builder::Builder};
use crate::{
    facts::ValueKind,
    rules::{
        Source,
        aggregate::{Aggregate, CompiledAggregate, RowValue},
        cond::Expr,
        error::BookError,
    },
};

impl Builder<'_> {
    pub(super) fn calc(
        &mut self,
        at: &Source,
        expr: &Expr,
        depth: usize,
    ) -> Result<(Calc, ValueKind), BookError> {
        let deeper = depth.saturating_add(1);
        too_large(at, "nesting", depth, DEPTH_MAX)?;
        Ok(match expr {
            Expr::Lit(value) => (Calc::Lit(value.clone()), value.kind()),
            Expr::Fact(path) => {
                let slot = self.slot(at, path)?;
                let kind = self.slots.get(slot).map_or(ValueKind::Text, |d| d.kind);
                (Calc::Fact(slot), kind)
            }
            Expr::Today => (Calc::Today, ValueKind::Date),
            Expr::Age { birth, on, leap } => {
                let birth = self.typed_slot(at, birth, ValueKind::Date)?;
                let on = match on {
                    Some(path) => Some(self.typed_slot(at, path, ValueKind::Date)?),
                    None => None,
                };
                (Calc::Age(birth, on, *leap), ValueKind::Number)
            }
            Expr::Days { from, to } => {
                let (a, ak) = self.calc(at, from, deeper)?;
                let (b, bk) = self.calc(at, to, deeper)?;
                same_kind(at, ak, ValueKind::Date)?;
                same_kind(at, bk, ValueKind::Date)?;
                (Calc::Days(Box::new(a), Box::new(b)), ValueKind::Number)
            }
            Expr::Add(a, b) => {
                let (a, b, kind) = self.pair(at, a, b, deeper)?;
                (Calc::Add(a, b), kind)
            }
            Expr::Sub(a, b) => {
                let (a, b, kind) = self.pair(at, a, b, deeper)?;
                (Calc::Sub(a, b), kind)
            }
            Expr::Mul(a, b) => {
                let (a, kind) = self.calc(at, a, deeper)?;
                let (b, factor) = self.calc(at, b, deeper)?;
                numeric(at, kind)?;
                same_kind(at, factor, ValueKind::Number)?;
                (Calc::Mul(Box::new(a), Box::new(b)), kind)
            }
            Expr::Ratio(a, b) => {
                let (a, b, _) = self.pair(at, a, b, deeper)?;
                (Calc::Ratio(a, b), ValueKind::Number)
            }
            Expr::Min(of) => {
                let (of, kind) = self.several(at, of, deeper)?;
                (Calc::Min(of), kind)
            }
            Expr::Max(of) => {
                let (of, kind) = self.several(at, of, deeper)?;
                (Calc::Max(of), kind)
            }
            Expr::Agg(aggregate) => (self.aggregate(at, aggregate)?, aggregate.figure.kind()),
            Expr::Score(id) => match self.cards.get(id) {
                Some(card) => (Calc::Score(Arc::clone(card)), ValueKind::Number),
                None => {
                    return Err(BookError::UnknownTarget {
                        at: at.clone(),
                        target: id.to_string(),
                    });
                }
            },
            Expr::Convert { money, to } => {
                let (money, kind) = self.calc(at, money, deeper)?;
                same_kind(at, kind, ValueKind::Money)?;
                (Calc::Convert(Box::new(money), *to), ValueKind::Money)
            }
        })
    }

    fn aggregate(&mut self, at: &Source, aggregate: &Aggregate) -> Result<Calc, BookError> {
        if !aggregate.figure.well_formed() {
            return Err(BookError::Malformed {
                at: at.clone(),
                reason: "a percentile is a whole number from 1 to 100",
            });
        }
        let mut operands = Vec::with_capacity(aggregate.filter.len());
        for test in &aggregate.filter {
            operands.push(match &test.value {
                RowValue::Fact(path) => Some(self.slot(at, path)?),
                RowValue::Lit(_) => None,
            });
        }
        Ok(Calc::Agg(Box::new(CompiledAggregate {
            aggregate: aggregate.clone(),
            operands,
        })))
    }

    #[allow(clippy::type_complexity, reason = "two operands and their common kind")]
    fn pair(
        &mut self,
        at: &Source,
        a: &Expr,
        b: &Expr,
        depth: usize,
    ) -> Result<(Box<Calc>, Box<Calc>, ValueKind), BookError> {
        let (a, ak) = self.calc(at, a, depth)?;
        let (b, bk) = self.calc(at, b, depth)?;
        numeric(at, ak)?;
        same_kind(at, bk, ak)?;
        Ok((Box::new(a), Box::new(b), ak))
    }

    fn several(
        &mut self,
        at: &Source,
        of: &[Expr],
        depth: usize,
    ) -> Result<(Vec<Calc>, ValueKind), BookError> {
        let mut calcs = Vec::with_capacity(of.len());
        let mut common = None;
        for expr in of {
            let (calc, kind) = self.calc(at, expr, depth)?;
            ordered(at, kind)?;
            same_kind(at, kind, *common.get_or_insert(kind))?;
            calcs.push(calc);
        }
        match common {
            Some(kind) => Ok((calcs, kind)),
            None => Err(BookError::Malformed {
                at: at.clone(),
                reason: "`min` and `max` need at least one value",
            }),
        }
    }
}

pub(super) fn wrong(at: &Source, given: ValueKind, allowed: &str) -> BookError {
    BookError::Kind {
        at: at.clone(),
        given,
        allowed: allowed.to_string(),
    }
}

pub(super) fn same_kind(
    at: &Source,
    given: ValueKind,
    allowed: ValueKind,
) -> Result<(), BookError> {
    if given == allowed {
        Ok(())
    } else {
        Err(wrong(at, given, &allowed.to_string()))
    }
}

pub(super) fn ordered(at: &Source, kind: ValueKind) -> Result<(), BookError> {
    if matches!(kind, ValueKind::Number | ValueKind::Money | ValueKind::Date) {
        Ok(())
    } else {
        Err(wrong(at, kind, "number, money or date"))
    }
}

pub(super) fn numeric(at: &Source, kind: ValueKind) -> Result<(), BookError> {
    if matches!(kind, ValueKind::Number | ValueKind::Money) {
        Ok(())
    } else {
        Err(wrong(at, kind, "number or money"))
    }
}

pub(super) fn too_large(
    at: &Source,
    what: &'static str,
    given: usize,
    allowed: usize,
) -> Result<(), BookError> {
    if given > allowed {
        return Err(BookError::TooLarge {
            at: at.clone(),
            what,
            given,
            allowed,
        });
    }
    Ok(())
}
