//! Lines of credit: a limit that is drawn and repaid again and again, billed in cycles.
//!
//! - [`CreditLineTerms`] is the whole contract: limit, interest, billing cycle, minimum payment,
//!   fees, arrears, accounting.
//! - A [`Transaction`] is a fact with a value date (when it counts) and a booking date (when the
//!   books take it). The transactions of a line, in the order of `(value_date, id)`, are its
//!   history.
//! - [`CreditLine`] is the state: a pure fold of contract and history up to a date.
//! - [`CreditLine::decide`] answers a [`Command`] with a [`Decision`]: new state, facts, journal
//!   entries, [`Statement`]s. It writes nothing.
//!
//! ```
//! use chrono::NaiveDate;
//! use ledger::posting_rules::{AccountingMethod, PostingRules};
//! use lending_core::{
//!     ids::AccountId,
//!     loan::TransactionId,
//!     revolving::{
//!         BillingTerms, Command, Context, CreditLine, CreditLineTerms, MinimumPayment, MinimumRule,
//!     },
//!     schedule::Rate,
//! };
//! use rust_decimal::dec;
//!
//! let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
//! // 10,000 KES at 24 % a year; statements on the 25th, due 15 days later; at least 10 % of the
//! // principal beside the interest.
//! let terms = CreditLineTerms::new(
//!     "KES".parse()?,
//!     dec!(10000),
//!     Rate::per_year(dec!(24)),
//!     BillingTerms::monthly(25, 15),
//!     MinimumPayment::of(MinimumRule::PercentOfPrincipal(dec!(10))),
//!     PostingRules::new(AccountingMethod::None, [])?,
//! );
//! let mut line = CreditLine::submit(AccountId::new(1), terms, day(1, 1))?;
//! for command in [
//!     Command::Approve { on: day(1, 1) },
//!     Command::Activate { on: day(1, 1) },
//!     Command::draw(TransactionId::new(1), day(1, 5), dec!(3650)),
//! ] {
//!     line = line.decide(&command, &Context::today(day(1, 5)))?.line;
//! }
//! assert_eq!(line.available()?, dec!(6350));
//! // From the 5th to the 25th are 20 nights: 3650 × 24 % × 20 / 365 = 48.00 of interest.
//! let decision = line.decide(&Command::EndOfDay { date: day(1, 25) }, &Context::today(day(1, 25)))?;
//! let statement = &decision.statements[0];
//! assert_eq!(statement.interest, dec!(48.00));
//! assert_eq!(statement.closing, dec!(3698.00));
//! assert_eq!((statement.minimum, statement.due), (dec!(413.00), day(2, 9)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Arrangement`] is the other thing called a line of credit: one limit over several accounts.
//!
//! # Order of arrival
//! What arrives late needs no special case: a backdated transaction or a reversal changes the
//! history, the history is folded again, and the difference to what was booked before is booked.
//! The same set of facts gives the same balances and books in whatever order they arrived.
//!
//! A statement is a different thing: it says what was known at the end of its day, and never
//! changes ([`statement`](Statement)). Nobody is asked for more than his statement said, nor for
//! more than the facts justify: in the fold the minimum of a cycle is the lower of the two. So a
//! draw that becomes known after its statement raises the next minimum only, and what can depend
//! on the order of arrival is what depends on that: lateness, and the fees it costs.
//!
//! # Days
//! A day has an end: statements, lateness and yearly fees belong to it and know everything of
//! that day. Interest counts nights; the night after the day of a draw is its first, the night
//! that ends on the statement's day is the cycle's last. Interest of a cycle is rounded once.
//!
//! # Cost
//! A transaction on a day that has not ended costs the days at whose ends something happens since
//! the last one, mostly none. A backdated one costs a fold: linear in the transactions and cycles.

mod account;
mod apply;
mod arrangement;
mod cap;
mod check;
mod cycle;
mod decide;
mod error;
mod figures;
mod fold;
mod interest;
mod minimum;
mod penalty;
mod plan;
mod posting;
mod statement;
mod store;
mod tax;
mod terms;
mod transaction;
mod validate;

pub(crate) use fold::Trace;

pub use account::{CreditLine, Demand, Hold, LineArrears, Status};
pub use arrangement::{Arrangement, Exposure, LinkedAccount};
pub use cap::{LineCap, LineCapBase, LineCapCounts};
pub use decide::{Command, Context, Decision, NewTransaction};
pub use error::{RevolvingError, TermsViolation, TermsViolations};
pub use minimum::{
    Bill, ChargesInMinimum, DrawInstalments, DrawSpread, EarlyRepayment, MinimumPayment,
    MinimumRule, OverdueInMinimum,
};
pub use plan::{DrawPlan, PlannedInstalment};
pub use posting::CREDIT_USED;
pub use statement::{Issued, LineKind, Statement, StatementFee, StatementLine};
pub use store::line_header;
pub use terms::{
    BillingTerms, CreditLineTerms, InterestGrace, InterestOn, LimitUse, LineFee, LineFeeAmount,
    LineFeeTrigger, LinePenalty, PaymentDue,
};
pub use transaction::{History, Transaction, TransactionKind};
