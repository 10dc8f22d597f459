//! Who is this client, what is missing, what is allowed.
//!
//! * [`party`] - people, companies and groups with their documents, contacts and guarded states;
//! * [`facts`] - what is known about a case, each value typed, nothing guessed;
//! * [`rules`] - rule books as data, evaluated in three-valued logic: an unknown fact is never true
//!   and never false, it becomes a request for the document or field that would decide;
//! * [`presets`] - published tier and reporting figures with source, date and confidence.
//!
//! Nothing here reads a clock, a file or a list: the host passes the business date, the facts and
//! the rule book, and gets back a [`rules::Decision`] that names its inputs by hash and can be
//! replayed years later.
//!
//! ```
//! use kyc_rules::{facts::{Facts, Value}, presets, rules::Verdict};
//! use chrono::NaiveDate;
//! let book = presets::uganda()?;
//! let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
//! let facts = Facts::new()
//!     .with("client.country", Value::text("UG"))?
//!     .with("client.type", Value::text("individual"))?
//!     .with("client.requested_tier", Value::text("ug_high_value"))?
//!     .with("client.citizen", Value::Bool(true))?;
//! let decision = book.evaluate(&facts, on)?;
//! assert_eq!(decision.verdict, Verdict::NeedsInfo);
//! assert!(decision.missing().iter().any(|item| item.to_string() == "document national_id"));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
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

pub mod aml;
pub mod code;
pub mod credit;
pub mod duplicates;
pub mod facts;
pub mod forms;
pub mod ids;
pub mod names;
pub mod party;
pub mod phone;
pub mod presets;
pub mod privacy;
pub mod rules;
pub mod screening;
