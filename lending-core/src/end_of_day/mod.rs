//! End of day over any store: pages by key, one commit a page, exactly once per business date.
//!
//! The driver reads a page of accounts that are due for work, asks for a decision on each, and
//! lands all of them in one commit together with its checkpoint. Killed anywhere, it goes on after
//! the last page that landed and ends with the same content as a run without a break: pages are
//! cut by key, and every id it makes follows from the job, the date, the page and the account.
//!
//! An account whose decision fails is *set aside* with its reason: nothing of it is written, the
//! others go on, and it stays due, so that the next business date tries again. [`set_aside`] lists
//! them.
//!
//! [`run`] does all of it in one thread. To decide in parallel, use the steps it is made of:
//! [`Run::open`], [`Run::read_page`], decide with any number of threads (a decision depends on its
//! account alone), [`Run::commit_page`] in the order of the pages, [`Run::finish`]. Pages can be
//! read, decided and made ready ([`Page::decided`], [`Run::commit_decided`]) ahead of the commits. The content written does not depend on the number of threads.
//!
//! An account that has nothing but accruals until its next due date says so with a
//! [plan](crate::store::AccrualPlan): on such a day it is not decoded, decided or written, its plan
//! is posted. [`close_loan`] makes plans for loans. Whoever reads such an account for anything else
//! brings it up to what was posted first: [`wake_loan`].
//!
//! Cost: a page is one keyset read and one commit; 10,000 accounts a page keep the share of the
//! commit's own cost small, and a page is what is held in memory.
//!
//! ```
//! use chrono::NaiveDate;
//! use core::{convert::Infallible, ops::ControlFlow};
//! use lending_core::{end_of_day::{self, Ended, Plan}, store::MemoryStore};
//! let mut store = MemoryStore::new();
//! let business_date = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
//! let plan = Plan::new("end-of-day".parse()?, business_date);
//! let ended = end_of_day::run(
//!     &mut store,
//!     &plan,
//!     |_account, _date| Ok::<_, Infallible>(None),
//!     |_progress| ControlFlow::Continue(()),
//! )?;
//! assert!(matches!(ended, Ended::Done(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accrue;
mod aggregate;
mod change;
mod drive;
mod error;
mod line;
mod loan;
mod page;
mod planned;
mod progress;
mod prove;
mod run;

pub use change::{AccountChange, Transfer};
pub use drive::{catch_up, dates_through, run};
pub use error::EndOfDayError;
pub use line::{ClosedLine, close_line, wake_line};
pub use loan::{ClosedLoan, close_loan, loan_header, wake_loan};
pub use page::{Decided, Decision, Page};
pub use planned::AccountDayError;
pub use progress::{Ended, Plan, Progress, SetAside, progress, set_aside};
pub use prove::prove_loan;
pub use run::{Opened, Run};
