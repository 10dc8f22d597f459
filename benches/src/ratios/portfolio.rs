//! The end of day over a million running loans, and what else such a file must be quick at.
//!
//! The portfolio is made once for the measures of one way of posting, in the working directory:
//! about two gigabytes.

use std::{
    cell::{OnceCell, RefCell},
    num::NonZeroU32,
    rc::Rc,
    time::Instant,
};

use chrono::NaiveDate;
use lending_core::store::{AccrualPosting, Store};
use storage_sqlite::{Options, SqliteStore};
use tempfile::TempDir;

use super::{Beside, Measure, Pair, Relation, Side, Unit};
use crate::storage::{Failed, close_day, fill, first_day, following, id, options, pay_due};

/// Accounts of the headline figures.
const MILLION: u64 = 1_000_000;

pub const MEASURES: &[Measure] = &[
    Measure {
        name: "day-million",
        about: "accounts closed a second, 1,000,000 loans, 1 in 30 due, accruals summed | required",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(1.0),
        prepare: ordinary_day,
    },
    Measure {
        name: "day-linear",
        about: "accounts closed a second of 1,000,000 loans | of 100,000",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(0.9),
        prepare: linear,
    },
    Measure {
        name: "open-million",
        about: "opening a file of 1,000,000 loans | required",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: open,
    },
    Measure {
        name: "load-account",
        about: "one of 1,000,000 accounts with its state | required",
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare: load,
    },
    Measure {
        name: "day-entry-each",
        about: "accounts closed a second, 1,000,000 loans, an entry for each | required",
        unit: Unit::PerSecond,
        relation: Relation::AtLeast(1.0),
        prepare: entry_each,
    },
];

/// A portfolio and the next date to close.
struct Portfolio {
    folder: TempDir,
    store: SqliteStore,
    accounts: u64,
    next: NaiveDate,
}

impl Portfolio {
    fn new(accounts: u64, posting: AccrualPosting) -> Result<Self, Failed> {
        let folder = tempfile::tempdir_in(".")?;
        let mut store = SqliteStore::open(folder.path().join("portfolio.db"), &options())?;
        fill(&mut store, accounts, posting)?;
        Ok(Self {
            folder,
            store,
            accounts,
            next: first_day(),
        })
    }

    /// Accounts a second on the next date. What is paid in its morning is not timed.
    fn day(&mut self) -> Result<f64, Failed> {
        pay_due(&mut self.store, self.next)?;
        let page = NonZeroU32::new(10_000).unwrap_or(NonZeroU32::MIN);
        let (progress, seconds) = close_day(&mut self.store, self.next, page, |_| ())?;
        self.next = following(self.next);
        if progress.seen != self.accounts {
            return Err(format!("{} of {} accounts closed", progress.seen, self.accounts).into());
        }
        Ok(progress.seen as f64 / seconds)
    }
}

type Shared = Rc<RefCell<Portfolio>>;

thread_local! {
    static LARGE: OnceCell<Shared> = const { OnceCell::new() };
}

/// The million with summed accruals.
fn large() -> Result<Shared, Failed> {
    LARGE.with(|large| match large.get() {
        Some(portfolio) => Ok(Rc::clone(portfolio)),
        None => {
            let portfolio = Portfolio::new(MILLION, AccrualPosting::Aggregated)?;
            let portfolio = Rc::new(RefCell::new(portfolio));
            Ok(Rc::clone(large.get_or_init(|| portfolio)))
        }
    })
}

fn days(portfolio: Shared) -> Side {
    Box::new(move || portfolio.borrow_mut().day())
}

fn ordinary_day() -> Result<Pair, Failed> {
    Ok(Pair {
        ours: days(large()?),
        beside: Beside::Budget(200_000.0),
    })
}

fn linear() -> Result<Pair, Failed> {
    let small = Portfolio::new(MILLION / 10, AccrualPosting::Aggregated)?;
    Ok(Pair {
        ours: days(large()?),
        beside: Beside::Measured(days(Rc::new(RefCell::new(small)))),
    })
}

fn entry_each() -> Result<Pair, Failed> {
    let portfolio = Portfolio::new(MILLION, AccrualPosting::PerAccount)?;
    Ok(Pair {
        ours: days(Rc::new(RefCell::new(portfolio))),
        beside: Beside::Budget(100_000.0),
    })
}

fn open() -> Result<Pair, Failed> {
    let portfolio = large()?;
    Ok(Pair {
        ours: Box::new(move || {
            let file = portfolio.borrow().folder.path().join("portfolio.db");
            let start = Instant::now();
            let store = SqliteStore::open(file, &Options::default())?;
            let spent = start.elapsed().as_secs_f64() * 1e9;
            drop(store);
            Ok(spent)
        }),
        beside: Beside::Budget(50e6),
    })
}

fn load() -> Result<Pair, Failed> {
    const LOADS: u64 = 2_000;
    let portfolio = large()?;
    let mut round = 0;
    Ok(Pair {
        ours: Box::new(move || {
            let mut portfolio = portfolio.borrow_mut();
            round += 1;
            let start = Instant::now();
            for n in 0..LOADS {
                let id = id((n * 7_919 + round * 104_729) % MILLION);
                portfolio
                    .store
                    .account(id)?
                    .ok_or("an account is missing")?;
            }
            Ok(start.elapsed().as_secs_f64() * 1e9 / LOADS as f64)
        }),
        beside: Beside::Budget(60e3),
    })
}
