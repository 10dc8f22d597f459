//! Money, ISO 4217 currencies, chart of accounts and a journal that cannot be unbalanced.
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

pub mod chart;
pub mod codes;
pub mod currency;
pub mod entry;
pub mod evidence;
pub mod exchange;
pub mod fx;
pub mod journal;
pub mod money;
pub mod posting_rules;
pub mod statements;
mod text;

pub use chart::{ChartError, ChartOfAccounts, GlAccount, GlType, Side, Usage};
pub use codes::{BranchCode, CodeError, EntryId, GlCode};
pub use currency::{Currency, CurrencyError};
pub use entry::{EntryBuilder, EntryError, JournalEntry, JournalLine};
pub use journal::{Journal, PostError, Posted, QueryError, Refusal, Sequence};
pub use money::{Money, MoneyError, Rounding};
