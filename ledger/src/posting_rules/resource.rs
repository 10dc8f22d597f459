//! The financial resources that a product's events move.

use serde::{Deserialize, Serialize};

use crate::GlType;

macro_rules! resources {
    ($($(#[$doc:meta])* $name:ident $text:literal [$($allowed:ident),+];)+) => {
        /// What an event of a loan or deposit account moves, before a [`super::PostingRules`]
        /// says which general-ledger account that is.
        ///
        /// The first 23 carry the names in common use among core-banking systems; the others are
        /// what servicing a loan needs beyond them.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum FinancialResource {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl FinancialResource {
            /// All of them.
            pub const ALL: [Self; 32] = [$(Self::$name),+];

            /// The name in serialised form, for example `"PORTFOLIO_CONTROL"`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The types a general-ledger account may have to stand for this resource.
            #[must_use]
            pub const fn allowed_types(self) -> &'static [GlType] {
                match self { $(Self::$name => &[$(GlType::$allowed),+]),+ }
            }
        }
    };
}

resources! {
    /// Outstanding principal of loans.
    PortfolioControl "PORTFOLIO_CONTROL" [Asset];
    /// Where loan money is paid from and repaid to, unless the channel says otherwise.
    FundSource "FUND_SOURCE" [Asset];
    /// Principal and charges given up.
    WriteOffExpense "WRITE_OFF_EXPENSE" [Expense];
    /// Interest earned on loans.
    InterestIncome "INTEREST_INCOME" [Income];
    /// Interest earned and not yet paid.
    InterestReceivable "INTEREST_RECEIVABLE" [Asset];
    /// Fees earned.
    FeeIncome "FEE_INCOME" [Income];
    /// Fees earned and not yet paid.
    FeeReceivable "FEE_RECEIVABLE" [Asset];
    /// Penalties earned.
    PenaltyIncome "PENALTY_INCOME" [Income];
    /// Penalties earned and not yet paid.
    PenaltyReceivable "PENALTY_RECEIVABLE" [Asset];
    /// Taxes collected or withheld and owed to the state.
    TaxesPayable "TAXES_PAYABLE" [Liability];
    /// Taxes charged to customers and not yet paid.
    TaxesReceivable "TAXES_RECEIVABLE" [Asset];
    /// Interest collected in advance and not yet earned.
    DeferredInterestsIncome "DEFERRED_INTERESTS_INCOME" [Liability];
    /// Tax on interest collected in advance.
    DeferredTaxes "DEFERRED_TAXES" [Liability];
    /// Fees collected in advance and not yet earned.
    DeferredFeeIncome "DEFERRED_FEE_INCOME" [Liability];
    /// Balances of deposit accounts.
    SavingsControl "SAVINGS_CONTROL" [Liability, Equity];
    /// Interest given on deposits.
    InterestExpense "INTEREST_EXPENSE" [Expense];
    /// Interest on deposits accrued and not yet credited.
    InterestPayable "INTEREST_PAYABLE" [Liability];
    /// Where deposits come from and withdrawals go to, unless the channel says otherwise.
    DepositReference "DEPOSIT_REFERENCE" [Asset];
    /// Overdrawn balances of deposit accounts.
    OverdraftPortfolioControl "OVERDRAFT_PORTFOLIO_CONTROL" [Asset];
    /// Interest earned on overdrafts.
    OverdraftInterestIncome "OVERDRAFT_INTEREST_INCOME" [Income];
    /// Interest on overdrafts earned and not yet paid.
    OverdraftInterestReceivable "OVERDRAFT_INTEREST_RECEIVABLE" [Asset];
    /// Overdrafts given up.
    OverdraftWriteOffExpense "OVERDRAFT_WRITE_OFF_EXPENSE" [Expense];
    /// What one branch owes another; sums to zero over all branches.
    InterBranchTransfer "INTER_BRANCH_TRANSFER" [Asset, Liability];
    /// Money received beyond everything owed on a loan: owed to the borrower.
    CreditBalance "CREDIT_BALANCE" [Liability];
    /// What the lender gives out of goodwill.
    GoodwillExpense "GOODWILL_EXPENSE" [Expense];
    /// Interest given up by goodwill or charge-off, where it is not simply taken off the income.
    InterestForgone "INTEREST_FORGONE" [Income, Expense];
    /// Fees and penalties given up by goodwill or charge-off, where they are not simply taken off
    /// the income.
    ChargesForgone "CHARGES_FORGONE" [Income, Expense];
    /// Principal charged off while the debt lives on.
    ChargeOffExpense "CHARGE_OFF_EXPENSE" [Expense];
    /// Money received on loans that were charged off or written off.
    RecoveryIncome "RECOVERY_INCOME" [Income];
    /// Income added to the principal of loans, as it is earned.
    CapitalisedIncome "CAPITALISED_INCOME" [Income];
    /// Fees that merchants pay for the loans of their customers, as they are earned.
    BuyDownIncome "BUY_DOWN_INCOME" [Income];
    /// What stands against a buy-down fee until it is settled with the merchant.
    BuyDownExpense "BUY_DOWN_EXPENSE" [Expense];
}

impl core::fmt::Display for FinancialResource {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.as_str())
    }
}
