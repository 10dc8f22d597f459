//! Loan accounts: a contract, a history and a fold.
//!
//! - [`LoanTerms`] is the whole contract.
//! - A [`Transaction`] is a fact with a value date (when it counts) and a booking date (when the
//!   books take it). The transactions of an account, in the order of `(value_date, id)`, are its
//!   history.
//! - [`LoanAccount`] is the state: a pure fold of contract and history up to a date.
//! - [`LoanAccount::decide`] answers a [`Command`] with a [`Decision`]: new state, facts, journal
//!   entries. It writes nothing.
//!
//! What arrives late needs no special case: a backdated transaction or a reversal changes the
//! history, the history is folded again, and the difference to what was booked before is booked.
//! The same set of facts gives the same state in whatever order they arrived.

pub(crate) mod account;
mod advance;
mod allocation;
mod allocator;
mod amortise;
pub(crate) mod amounts;
mod application;
mod apply;
mod arisen;
mod balance;
mod charge;
mod charge_back;
mod charge_off;
pub(crate) mod check;
mod closing;
mod decide;
mod deferred;
pub(crate) mod delinquency;
mod disburse;
mod error;
mod explain;
mod explanation;
mod fold;
mod forecast;
mod guards;
mod instalment;
pub(crate) mod interest;
mod interest_basis;
mod interest_refund;
mod late;
mod lateness;
pub(crate) mod legs;
mod level;
mod lock;
mod owner;
mod payment;
mod payoff;
mod planned;
pub(crate) mod posting;
mod prepayment;
mod proof;
mod refinance;
mod reschedule;
mod restructure;
mod servicing;
mod supported;
pub(crate) mod tax;
pub(crate) mod tax_change;
mod terms;
mod transaction;
mod transaction_id;
mod transfer;
mod write_off;

pub(crate) use fold::Touched;

pub use account::{Arrears, LoanAccount, Status};
pub use allocation::{
    AllocationOrder, AllocationOverride, AllocationTerms, Bucket, ChargedBack, ChargesDue,
    Direction, FutureMoney, Timing,
};
pub use amortise::{Amortisation, FeeAmortisation, amortised};
pub use amounts::{Amounts, Element};
pub use application::{Application, ApprovalTerms, Cover, CreditLineCover};
pub use charge::ChargeState;
pub use charge_off::{AfterChargeOff, ChargeOffTerms, IncomeChargedOff};
pub use decide::{Change, Command, Context, Decision, NewTransaction, code};
pub use deferred::{AMORTISATION, DeferredKind};
pub use delinquency::{Delinquency, DelinquencyRange, DelinquencyTag, InstalmentDelinquency};
pub use error::LoanError;
pub use explanation::{ExplainedShare, ExplainedStretch, ExplainedTax, Explanation, Question};
pub use instalment::Instalment;
pub use interest_basis::{
    BalanceInterest, Compounding, CompoundingOf, InterestBasis, LateInterest, LevelBasis,
    OverdueInterest, Rest,
};
pub use interest_refund::{Refund, Refunded};
pub use lock::{CapBase, CapMethod, CapTerms, Lock, LockReason, LockedOperations};
pub use owner::{
    OwnerId, OwnerRequest, OwnerTransfer, OwnerTransferKind, OwnerTransferStatus, Ownership,
};
pub use posting::ACCRUAL;
pub use prepayment::{InterestOnPrepayment, PaidEarly, Prepayment, Recalculation};
pub use proof::Difference;
pub use refinance::{Refinance, RefinanceUndone, Refinanced};
pub use restructure::{MovedInterest, OverdueInterestMove};
pub use servicing::IndexTerms;
pub use tax_change::TaxRates;
pub use terms::{
    ArrearsStart, ArrearsTerms, FeeAmount, FeeTax, FeeTerms, FeeTrigger, LoanTerms, PenaltyBase,
    PenaltyTerms, Safeguards,
};
pub use transaction::{
    Code, CreditKind, History, InstalmentShare, Outcome, Rescheduling, Transaction, TransactionKind,
};
pub use transaction_id::TransactionId;
