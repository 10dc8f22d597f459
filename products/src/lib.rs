//! Products of a lender: templates with constraints that quote complete contracts.
//!
//! A [`LoanProduct`] says what may be agreed: ranges for amount, rate, number of instalments and
//! more, to whom, where and in which currency. [`LoanProduct::quote`] makes a
//! [`lending_core::loan::LoanTerms`] of it, a contract that needs the product no more, or says
//! everything that is wrong with the request at once.
//!
//! - [`product`]: every setting with its meaning.
//! - [`rules`]: which settings make no sense together, as data ([`rules::MATRIX`]).
//! - [`quote`]: requests, contexts and contracts.
//! - [`deposit`]: savings, current accounts, fixed deposits, plans and investors' accounts.
//! - [`deal`]: devices paid for by the day or by the week.
//! - [`compare`]: several products for one need.
//! - [`catalogue`]: ready-made products.
//! - [`import`]: products of other systems.
//! - [`life`]: drafts, published versions, deactivation.
//! - [`settings`]: the lender as a whole: limits, channels, rates that change.
//! - [`id_pattern`]: account numbers.
//!
//! A definition is checked before it is used: [`LoanProduct::from_json`] and
//! [`LoanProduct::validate`] refuse what does not hold together.
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

mod availability;
pub mod catalogue;
mod compare;
pub mod deal;
pub mod deposit;
mod gaps;
pub mod id_pattern;
pub mod import;
mod json;
pub mod life;
mod preview;
pub mod product;
pub mod quote;
mod range;
mod rehearsal;
pub mod rules;
#[cfg(feature = "schema")]
mod schema;
pub mod settings;
mod violation;

pub use availability::{Availability, HolderKind};
pub use compare::{Comparison, Offer, RankBy, compare};
pub use json::JsonError;
pub use life::Versions;
pub use preview::{Preview, preview_of};
pub use product::{LoanKind, LoanProduct};
pub use quote::{QuoteContext, QuoteRequest};
pub use range::{Bound, Range, Unresolved};
pub use violation::{Violation, ViolationKind, Violations};
