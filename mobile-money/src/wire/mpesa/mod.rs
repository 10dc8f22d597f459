//! Safaricom M-Pesa (Daraja).

mod c2b;
mod codes;
mod pull;
mod result;
mod stk;

pub(super) use c2b::{confirmation, validation};
pub(super) use pull::pull;
pub(super) use result::{queue_timeout, result};
pub(super) use stk::stk;
