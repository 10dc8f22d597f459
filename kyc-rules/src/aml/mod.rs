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

mod condition;

use alloc::vec::Vec;

use ledger::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    code::{CodeError, FactPath, FieldName, Label, RuleId, SetId, StreamId},
    rules::{Family, OnUnknown, Outcome, Rule, RuleState, Scope, Validity},
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
    /// Volume: amounts that sum up to at least `least` in so many hours.
    Volume {
        /// The rows.
        stream: StreamId,
        /// The amount in a row.
        field: FieldName,
        /// The least sum.
        least: Money,
        /// In how many hours.
        hours: u32,
    },
    /// Loan stacking: applications with so many different lenders in so many hours.
    Stacking {
        /// Applications of the client with all lenders known.
        stream: StreamId,
        /// The lender in a row.
        lender: FieldName,
        /// How many different lenders.
        count: u32,
        /// In how many hours.
        hours: u32,
    },
    /// A shared device or phone: so many different clients on it in so many days. Devices of agents
    /// are shared by trade: they stand in a set of the book.
    Shared {
        /// The rows of the device or phone.
        stream: StreamId,
        /// The client in a row.
        field: FieldName,
        /// How many different ones.
        count: u32,
        /// In how many days.
        days: u32,
        /// The device or phone, and the set of those that may be shared; none: none may.
        #[serde(default)]
        except: Option<(FactPath, SetId)>,
    },
    /// Many to one: so many different senders in so many hours, and together at least `least`.
    ManyToOne {
        /// Rows in.
        stream: StreamId,
        /// The sender in a row.
        sender: FieldName,
        /// The amount in a row.
        field: FieldName,
        /// How many different senders.
        count: u32,
        /// In how many hours.
        hours: u32,
        /// The least sum.
        least: Money,
    },
    /// Round trip: the counterparty of the event under decision sent back, within so many days, at
    /// least this share of what it was sent, and that was at least `least`.
    RoundTrip {
        /// Rows out.
        outgoing: StreamId,
        /// Rows in.
        incoming: StreamId,
        /// The counterparty in a row.
        party: FieldName,
        /// The counterparty of the event: a fact.
        counterparty: FactPath,
        /// The amount in a row.
        field: FieldName,
        /// The share, 0 to 1.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        share: Decimal,
        /// The least amount out.
        least: Money,
        /// Within how many days.
        days: u32,
    },
    /// Pass-through: what went out in 24 hours is at least this share of what came in, and at least
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
        /// How many times what 95 % of the year's rows did not exceed; none: not asked. A year without a row
        /// has no such figure, and the case is undecided.
        #[serde(default)]
        usual: Option<Unusual>,
    },
    /// Loan-back: a loan repaid in full by somebody else within so many days.
    LoanBack {
        /// The day of disbursement.
        disbursed: FactPath,
        /// Whether the loan is repaid in full.
        repaid: FactPath,
        /// Whether somebody else pays.
        third_party: FactPath,
        /// Within how many days.
        days: u32,
    },
    /// Rapid prepayment: at least this share of a loan's amount repaid within so many days.
    RapidPrepayment {
        /// The day of disbursement.
        disbursed: FactPath,
        /// What was paid.
        paid: FactPath,
        /// The amount of the loan.
        principal: FactPath,
        /// The share, 0 to 1.
        #[serde(with = "ledger::money::exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        share: Decimal,
        /// Within how many days.
        days: u32,
    },
    /// A guarantor who gains: the guarantor repays the loan, or receives money from the borrower,
    /// within so many days of disbursement.
    GuarantorRoundTrip {
        /// The day of disbursement.
        disbursed: FactPath,
        /// Whether the guarantor is on the other side of the event under decision.
        by_guarantor: FactPath,
        /// Within how many days.
        days: u32,
    },
}

/// An amount beside the client's own year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unusual {
    /// The amount in a row.
    pub field: FieldName,
    /// At least so many times the 95th percentile of 365 days.
    #[serde(with = "ledger::money::exact")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub times: Decimal,
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
}
