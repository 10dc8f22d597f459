//! Three-way reconciliation: the provider's statement, the notices received, our ledger.
//!
//! Every transaction id that occurs in any of the three is put into one [`Class`] by where it
//! occurs, checked for amount and fee, and given an action for the cashier. What lies within the
//! cut-off tolerance of the statement's ends counts as timing, not as a difference. The balance
//! proof says whether the ledger's float follows from the statement.
//!
//! | statement | notice | ledger | class |
//! |---|---|---|---|
//! | yes | yes | yes | matched |
//! | yes | no | no | missing callback |
//! | yes | yes | no | not posted |
//! | yes | no | yes | posted by hand |
//! | no | yes | yes | not settled, or forged |
//! | no | yes | no | pending, or forged |
//! | no | no | yes | ledger only: alarm |
//!
//! ```
//! use chrono::{TimeDelta, TimeZone, Utc};
//! use mobile_money::reconcile::{Action, Class, LedgerPosting, Window, reconcile};
//! use rust_decimal::dec;
//! let noon = Utc.with_ymd_and_hms(2024, 6, 11, 12, 0, 0).unwrap();
//! let window = Window { from: noon - TimeDelta::hours(12), to: noon + TimeDelta::hours(12), tolerance_minutes: 120 };
//! let invented = LedgerPosting { id: "X1".into(), at: noon, amount: dec!(500), fee: dec!(0) };
//! let report = reconcile(&[], &[], &[invented], &window, dec!(0))?;
//! assert_eq!((report.items[0].class, report.items[0].action), (Class::LedgerOnly, Action::Alarm));
//! # Ok::<(), mobile_money::reconcile::ReconcileError>(())
//! ```

mod classify;
mod report;

pub use classify::{Action, Class, Difference, Item, reconcile};
pub use report::{BalanceProof, LedgerPosting, Notification, ReconcileError, Report, Window};
