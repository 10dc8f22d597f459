//! Mobile-money notifications: what was said, whose money it is, does everything agree.
//!
//! The way of a receipt through this crate:
//!
//! 1. [`wire::parse`] turns the provider's bytes into a [`Payment`]. Nothing is guessed: amount,
//!    phone, time and reference are optional because providers leave them out, and a status may be
//!    [`Status::Ambiguous`].
//! 2. [`auth`] says how far the bytes may be trusted; [`Trusted`] carries that with the value.
//! 3. [`Intake`] makes one transaction out of everything said about it, in whatever order and
//!    however often it arrives.
//! 4. [`matching`] finds whose money it is, with evidence, or puts it in [`suspense`] with candidates.
//! 5. [`books`] says what that means for the float, suspense and the accounts; [`reconcile`] puts
//!    it beside the provider's [`statement`].
//!
//! Beside it: [`payout`] sends money out once, [`paygo`] turns money into days and tokens that open
//! devices, [`collections`] makes call lists.
//!
//! Nothing here opens a connection, reads a clock or draws a random number: the host passes bytes
//! and times in and keeps the values that come out.
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

pub mod auth;
pub mod books;
pub mod collections;
pub mod enquiry;
pub mod intake;
pub mod matching;
pub mod paygo;
pub mod payment;
pub mod payout;
pub mod reconcile;
pub mod reply;
pub mod statement;
pub mod suspense;
pub mod wire;

pub use auth::{Trust, Trusted};
pub use intake::{Intake, Received};
pub use matching::{Match, match_payment};
pub use payment::{Channel, Payment, PaymentKind, Phone, Provider, Reason, ReasonKind, Status};
pub use wire::{Message, ParseError, parse};
