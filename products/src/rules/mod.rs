//! Which definitions hold together: every setting by itself, and the compatibility matrix.

mod check;
mod loan;
mod matrix;
mod rule;

use alloc::vec::Vec;

pub(crate) use check::{Check, LARGEST_AMOUNT, minor_units};
use ledger::{
    ChartOfAccounts,
    posting_rules::{AccountingMethod, FinancialResource},
};
pub use matrix::MATRIX;
pub use rule::Rule;
pub(crate) use rule::{broken, fee_given, is_given_wrongly, tiered_rate};

use crate::{LoanProduct, Violation, ViolationKind, Violations, product::InterestKind};

impl LoanProduct {
    /// Checks every setting by itself, and every pair of the compatibility matrix ([`MATRIX`]).
    ///
    /// # Errors
    /// Everything that is wrong at once.
    pub fn validate(&self) -> Result<(), Violations> {
        let mut found = Vec::new();
        loan::check(self, &mut found);
        broken(MATRIX, self, &mut found);
        Violations::check(found)
    }

    /// The financial resources that accounts of this product post to.
    #[must_use]
    pub fn resources(&self) -> Vec<FinancialResource> {
        use FinancialResource as R;
        let method = self.accounting.method();
        let mut needed = method.loan_resources().to_vec();
        if method == AccountingMethod::None {
            return needed;
        }
        if self.taxes.is_taxed() || self.fees.iter().any(|fee| fee.tax.is_some()) {
            needed.push(R::TaxesPayable);
        }
        if method == AccountingMethod::Accrual {
            if self.fees.iter().any(|fee| fee.amortisation.is_some()) {
                needed.push(R::DeferredFeeIncome);
            }
            if self.interest.kind == InterestKind::Capitalised {
                needed.retain(|resource| *resource != R::InterestReceivable);
            }
        }
        needed
    }

    /// Checks the accounting rules against a chart of accounts: an account for every resource that
    /// this product moves, known, a detail account and of the right type.
    ///
    /// # Errors
    /// Everything that is wrong at once, as [`ViolationKind::Accounting`].
    pub fn check_accounting(&self, chart: &ChartOfAccounts) -> Result<(), Violations> {
        let problems = self.accounting.problems(chart, &self.resources());
        let found = problems.iter().map(|problem| {
            let allowed = "a detail account of the right type for every resource of the product";
            Violation::new(ViolationKind::Accounting, "accounting", problem, allowed)
        });
        Violations::check(found.collect())
    }
}
