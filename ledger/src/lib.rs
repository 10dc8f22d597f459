//! Money, ISO 4217 currencies, chart of accounts and a journal that cannot be unbalanced.
//!
//! The general ledger of a lender as a library: no I/O, no clock, no randomness. The host gives
//! identifiers and dates, keeps what it wants to keep and asks.
//!
//! | module | what it answers |
//! |---|---|
//! | [`money`], [`currency`] | exact amounts, rounding, splits that conserve the total |
//! | [`chart`] | which accounts there are; ready-made charts |
//! | [`entry`] | what an entry is: balanced per currency and branch, or not at all |
//! | [`journal`] | posting, balances on two clocks, reservations, limits, periods, imports |
//! | [`posting_rules`] | which account an event of a product moves |
//! | [`deferral`] | income collected in advance and earned day by day |
//! | [`statements`] | balance sheet, income statement, detail, reconciliation, year end |
//! | [`fx`] | rates, position accounts, revaluation |
//! | [`evidence`] | the journal as a Merkle log, with proofs |
//! | [`exchange`] | CSV in and out, text for ledger, hledger and beancount |
//!
//! Every error has a stable number, unique in this crate: 10xx currency, 11xx money, 12xx codes,
//! 13xx chart, 14xx entry, 15xx posting, 16xx questions, 17xx posting rules, 18xx periods,
//! 19xx import, 20xx foreign exchange, 21xx migration, 22xx clock, 23xx deferral, 24xx stored
//! journals.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::float_arithmetic,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]
#![deny(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

extern crate alloc;

/// The example of the README runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod chart;
mod check_digit;
pub mod codes;
pub mod currency;
pub mod deferral;
pub mod entry;
pub mod evidence;
pub mod exchange;
pub mod fx;
pub mod journal;
pub mod money;
pub mod posting_rules;
pub mod statements;
#[doc(hidden)]
pub mod text;

pub use chart::{ChartError, ChartOfAccounts, GlAccount, GlType, Side, Usage};
pub use check_digit::CheckDigit;
pub use codes::{BranchCode, CodeError, EntryId, GlCode};
pub use currency::{Currency, CurrencyError};
pub use entry::{EntryBuilder, EntryError, JournalEntry, JournalLine};
pub use journal::{Journal, PostError, Posted, QueryError, Refusal, Sequence};
pub use money::{Money, MoneyError, Rounding};
