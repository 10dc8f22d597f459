//! Statements: what the provider's books say happened in a wallet.
//!
//! A [`Layout`] describes a file by its column names; the M-Pesa organisation statements and the
//! Onafriq daily report are built in. Reading proves the running balance row by row and names every
//! gap, so a lost page is noticed before anything is reconciled.
//!
//! ```
//! use mobile_money::statement::{Layout, read};
//! let csv = "Receipt,Date,Details,Status,Withdrawn,Paid In,Balance,Balance Confirmed,\
//!     Transaction Type,Other Party Info,Transaction Party Details\n\
//!     SFB41KX7PQ,2024-06-11 09:15:33,Payment,Completed,,1500.00,48210.00,TRUE,Pay Utility,0712000111 - A,x\n";
//! let statement = read(&Layout::mpesa_old(), csv.as_bytes())?;
//! assert_eq!(statement.rows[0].amount.to_string(), "1500.00");
//! assert!(statement.gaps.is_empty());
//! # Ok::<(), mobile_money::statement::StatementError>(())
//! ```

mod error;
mod layout;
mod proof;
mod reader;

pub use error::StatementError;
pub use layout::{BalanceColumn, Layout, Marks, TimeForm};
pub use proof::{Gap, Order, TotalsMismatch};
pub use reader::{Preamble, Row, Statement, read, recognise};
