//! Ready-made products, each a file that can be copied and changed. The README beside the files
//! (`products/data/catalogue`) explains every one.
//!
//! ```
//! use products::catalogue::{self, Entry};
//! let product = catalogue::SALARY_LOAN.loan()?;
//! assert_eq!(product.name, "Salary loan");
//! assert_eq!(catalogue::ALL.len(), 8);
//! assert!(catalogue::FIXED_DEPOSIT.deposit()?.maturity.is_some());
//! # Ok::<(), products::JsonError>(())
//! ```

use crate::{JsonError, LoanProduct, deal::DealProduct, deposit::DepositProduct};

/// What sort of product a file of the catalogue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Sort {
    /// A [`LoanProduct`].
    Loan,
    /// A [`DepositProduct`].
    Deposit,
    /// A [`DealProduct`].
    Deal,
}

/// A file of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The name of the file.
    pub file: &'static str,
    /// What sort of product it holds.
    pub sort: Sort,
    /// Its text.
    pub json: &'static str,
}

impl Entry {
    const fn new(file: &'static str, sort: Sort, json: &'static str) -> Self {
        Self { file, sort, json }
    }

    /// The loan product of the file.
    ///
    /// # Errors
    /// [`JsonError`]: the file holds another sort of product.
    pub fn loan(&self) -> Result<LoanProduct, JsonError> {
        LoanProduct::from_json(self.json)
    }

    /// The deposit product of the file.
    ///
    /// # Errors
    /// [`JsonError`]: the file holds another sort of product.
    pub fn deposit(&self) -> Result<DepositProduct, JsonError> {
        DepositProduct::from_json(self.json)
    }

    /// The deal of the file.
    ///
    /// # Errors
    /// [`JsonError`]: the file holds another sort of product.
    pub fn deal(&self) -> Result<DealProduct, JsonError> {
        DealProduct::from_json(self.json)
    }
}

macro_rules! entries {
    ($($(#[$doc:meta])* $name:ident $sort:ident $file:literal;)+) => {
        $($(#[$doc])*
        pub const $name: Entry = Entry::new(
            $file,
            Sort::$sort,
            include_str!(concat!("../data/catalogue/", $file)),
        );)+

        /// Every file of the catalogue.
        pub const ALL: &[Entry] = &[$($name),+];
    };
}

entries! {
    /// For employees, paid from the payroll.
    SALARY_LOAN Loan "salary-loan.json";
    /// For traders, repaid every day.
    MARKET_TRADER_LOAN Loan "market-trader-loan.json";
    /// For groups whose members stand in for each other.
    SOLIDARITY_GROUP_LOAN Loan "solidarity-group-loan.json";
    /// For farmers, due after each harvest.
    AGRICULTURAL_LOAN Loan "agricultural-loan.json";
    /// A solar home system, paid for by the day.
    SOLAR_DEAL Deal "solar-deal.json";
    /// For parents, one tranche for each school term.
    SCHOOL_FEES_LOAN Loan "school-fees-loan.json";
    /// For shopkeepers, billed every month.
    CREDIT_LINE Loan "credit-line.json";
    /// For savers with a sum to put aside.
    FIXED_DEPOSIT Deposit "fixed-deposit.json";
}
