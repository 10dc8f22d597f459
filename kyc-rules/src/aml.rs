//! Patterns of money laundering as rule templates over rows the host passes.
//!
//! Parameters, not law: the figures are the lender's. Every template refers the case to a person
//! and is not disclosable: a pattern is a reason to look, never to refuse, and the client must not
//! be told.
//!
//! ```
//! use kyc_rules::{aml::Pattern, rules::Outcome};
//! use ledger::{Currency, Money};
//! let threshold = Money::new(20_000_000.into(), Currency::from_code("UGX")?);
//! let rule = Pattern::SplitBelow { stream: "cash".try_into()?, field: "amount".try_into()?, threshold }
//!     .rule("split-below", "aml-desk")?;
//! assert!(!rule.disclosable);
//! assert!(matches!(rule.then[0], Outcome::Refer(_)));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use alloc::{boxed::Box, vec::Vec};

use ledger::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    code::{CodeError, FactPath, FieldName, Label, RuleId, StreamId},
    facts::Value,
    rules::{
        Aggregate, CmpOp, Cond, Expr, Family, Figure, OnUnknown, Outcome, RowTest, Rule, RuleState,
        Scope, Validity, Window,
    },
};

/// A pattern with its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Pattern {
    /// Structuring: so many amounts from `from` up to, not at, `threshold` in so many days.
    NearThreshold {
        /// The rows.
        stream: StreamId,
        /// The amount in a row.
        field: FieldName,
        /// First amount that counts as near.
        from: Money,
        /// The reporting threshold.
        threshold: Money,
        /// How many.
        count: u32,
        /// In how many days.
        days: u32,
    },
    /// Structuring: the sum of 24 hours reaches the threshold, no single amount does.
    SplitBelow {
        /// The rows.
        stream: StreamId,
        /// The amount in a row.
        field: FieldName,
        /// The reporting threshold.
        threshold: Money,
    },
    /// Velocity, and loan stacking when the rows are applications: so many rows in so many hours.
    Velocity {
        /// The rows.
        stream: StreamId,
        /// How many.
        count: u32,
        /// In how many hours.
        hours: u32,
    },
    /// Many to one, and shared devices or phones: so many different values of a field in so many
    /// days.
    Shared {
        /// The rows.
        stream: StreamId,
        /// The field: sender, client.
        field: FieldName,
        /// How many different ones.
        count: u32,
        /// In how many days.
        days: u32,
    },
    /// Round trip: what went out in 24 hours is at least this share of what came in, and at least
    /// `least` came in.
    PassThrough {
        /// Rows in.
        incoming: StreamId,
        /// Rows out.
        outgoing: StreamId,
        /// The amount in a row.
        field: FieldName,
        /// The share, 0 to 1.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        share: Decimal,
        /// The least amount in.
        least: Money,
    },
    /// Dormant, then active: no row for so many days, then an amount of at least this.
    DormantWake {
        /// The rows before this one.
        stream: StreamId,
        /// The amount under decision.
        amount: FactPath,
        /// Days without a row.
        days: u32,
        /// The least amount.
        least: Money,
    },
    /// Loan-back and rapid prepayment: a loan repaid in full within so many days; with
    /// `third_party`, only when somebody else pays.
    RapidRepayment {
        /// The day of disbursement.
        disbursed: FactPath,
        /// Whether the loan is repaid in full.
        repaid: FactPath,
        /// Whether somebody else pays; none: whoever pays.
        third_party: Option<FactPath>,
        /// Within how many days.
        days: u32,
    },
}

impl Pattern {
    /// The rule, active at once; refers to `queue`.
    ///
    /// # Errors
    /// [`CodeError`] for an id or a queue that is not a code.
    pub fn rule(&self, id: &str, queue: &str) -> Result<Rule, CodeError> {
        Ok(Rule {
            id: RuleId::new(id)?,
            family: Family::Aml,
            scope: Scope::default(),
            valid: Validity::default(),
            topic: None,
            priority: 0,
            state: RuleState::Active,
            when: self.condition(),
            on_unknown: OnUnknown::Ask,
            then: alloc::vec![Outcome::Refer(Label::new(queue)?)],
            cite: Vec::new(),
            disclosable: false,
        })
    }

    fn condition(&self) -> Cond {
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
                    value: Value::Money(*value),
                };
                let filter = alloc::vec![test(CmpOp::Ge, from), test(CmpOp::Lt, threshold)];
                at_least(
                    agg(stream, Figure::Count, Window::RollingDays(*days), filter),
                    number(*count),
                )
            }
            Self::SplitBelow {
                stream,
                field,
                threshold,
            } => {
                let day = Window::RollingHours(24);
                let largest = Figure::MaxMoney {
                    field: field.clone(),
                    currency: threshold.currency(),
                };
                Cond::All(alloc::vec![
                    at_least(
                        agg(stream, sum(field, threshold), day, Vec::new()),
                        money(threshold)
                    ),
                    compare(
                        agg(stream, largest, day, Vec::new()),
                        CmpOp::Lt,
                        money(threshold)
                    ),
                ])
            }
            Self::Velocity {
                stream,
                count,
                hours,
            } => at_least(
                agg(
                    stream,
                    Figure::Count,
                    Window::RollingHours(*hours),
                    Vec::new(),
                ),
                number(*count),
            ),
            Self::Shared {
                stream,
                field,
                count,
                days,
            } => {
                let different = Figure::CountDistinct(field.clone());
                at_least(
                    agg(stream, different, Window::RollingDays(*days), Vec::new()),
                    number(*count),
                )
            }
            Self::PassThrough {
                incoming,
                outgoing,
                field,
                share,
                least,
            } => {
                let day = Window::RollingHours(24);
                let total = |stream| agg(stream, sum(field, least), day, Vec::new());
                let part = Expr::Mul(
                    Box::new(total(incoming)),
                    Box::new(Expr::Lit(Value::Number(*share))),
                );
                Cond::All(alloc::vec![
                    at_least(total(incoming), money(least)),
                    at_least(total(outgoing), part),
                ])
            }
            Self::DormantWake {
                stream,
                amount,
                days,
                least,
            } => Cond::All(alloc::vec![
                at_least(
                    agg(stream, Figure::DaysSinceLast, Window::All, Vec::new()),
                    number(*days),
                ),
                at_least(Expr::Fact(amount.clone()), money(least)),
            ]),
            Self::RapidRepayment {
                disbursed,
                repaid,
                third_party,
                days,
            } => {
                let age = Expr::Days {
                    from: Box::new(Expr::Fact(disbursed.clone())),
                    to: Box::new(Expr::Today),
                };
                let mut parts = alloc::vec![
                    Cond::True(repaid.clone()),
                    compare(age, CmpOp::Le, number(*days)),
                ];
                parts.extend(third_party.clone().map(Cond::True));
                Cond::All(parts)
            }
        }
    }
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
