//! Conditions, checked and resolved.

use alloc::{boxed::Box, string::ToString, vec::Vec};

use super::{
    Calc, DEPTH_MAX, Node,
    builder::Builder,
    expressions::{ordered, same_kind, too_large},
};
use crate::{
    facts::ValueKind,
    rules::{
        Source,
        cond::{CmpOp, Cond, End, Expr, SetRef},
        error::BookError,
        eval::screening_path,
    },
};

impl Builder<'_> {
    fn nodes(&mut self, at: &Source, conds: &[Cond], depth: usize) -> Result<Vec<Node>, BookError> {
        conds.iter().map(|c| self.node(at, c, depth)).collect()
    }

    pub(super) fn node(
        &mut self,
        at: &Source,
        cond: &Cond,
        depth: usize,
    ) -> Result<Node, BookError> {
        let deeper = depth.saturating_add(1);
        too_large(at, "nesting", depth, DEPTH_MAX)?;
        Ok(match cond {
            Cond::Const(value) => Node::Const(*value),
            Cond::All(of) => Node::All(self.nodes(at, of, deeper)?),
            Cond::Any(of) => Node::Any(self.nodes(at, of, deeper)?),
            Cond::AtLeast { count, of } => {
                if usize::from(*count) > of.len() {
                    return Err(BookError::Malformed {
                        at: at.clone(),
                        reason: "`at_least` asks for more parts than it has",
                    });
                }
                Node::AtLeast(usize::from(*count), self.nodes(at, of, deeper)?)
            }
            Cond::Not(inner) => Node::Not(Box::new(self.node(at, inner, deeper)?)),
            Cond::True(path) => Node::True(self.typed_slot(at, path, ValueKind::Bool)?),
            Cond::Present(path) => Node::Present(self.slot(at, path)?),
            Cond::Cmp { left, op, right } => {
                let (l, lk) = self.calc(at, left, deeper)?;
                let (r, rk) = self.calc(at, right, deeper)?;
                same_kind(at, lk, rk)?;
                if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
                    ordered(at, lk)?;
                }
                Node::Cmp(l, *op, r)
            }
            Cond::Between { value, from, to } => {
                let (v, kind) = self.calc(at, value, deeper)?;
                ordered(at, kind)?;
                let from = self.bound(at, from, kind, deeper)?;
                let to = self.bound(at, to, kind, deeper)?;
                Node::Between(v, from, to)
            }
            Cond::In { value, set } => self.membership(at, value, set, deeper)?,
            Cond::Matches { value, pattern } => {
                let (v, kind) = self.calc(at, value, deeper)?;
                same_kind(at, kind, ValueKind::Text)?;
                Node::Matches(v, pattern.clone())
            }
            Cond::Screened { list, min_score } => {
                let item = screening_path(list);
                Node::Screened(self.typed_slot(at, &item, ValueKind::Number)?, *min_score)
            }
            Cond::Rule(id) => {
                let index = self.index.get(id).ok_or_else(|| BookError::UnknownTarget {
                    at: at.clone(),
                    target: id.to_string(),
                })?;
                Node::Rule(*index)
            }
        })
    }

    fn membership(
        &mut self,
        at: &Source,
        value: &Expr,
        set: &SetRef,
        depth: usize,
    ) -> Result<Node, BookError> {
        let (v, kind) = self.calc(at, value, depth)?;
        let values = match set {
            SetRef::Of(values) => values.clone(),
            SetRef::Named(id) => self
                .book
                .sets
                .get(id)
                .ok_or_else(|| BookError::UnknownSet {
                    at: at.clone(),
                    set: id.clone(),
                })?
                .clone(),
        };
        for member in &values {
            // The items of a list are compared one by one, so any kind may stand in its set.
            if kind != ValueKind::List {
                same_kind(at, member.kind(), kind)?;
            }
        }
        Ok(Node::In(v, values))
    }

    fn bound(
        &mut self,
        at: &Source,
        bound: &End,
        allowed: ValueKind,
        depth: usize,
    ) -> Result<(Calc, bool), BookError> {
        let (expr, inclusive) = match bound {
            End::Inclusive(expr) => (expr, true),
            End::Exclusive(expr) => (expr, false),
        };
        let (calc, kind) = self.calc(at, expr, depth)?;
        same_kind(at, kind, allowed)?;
        Ok((calc, inclusive))
    }
}
