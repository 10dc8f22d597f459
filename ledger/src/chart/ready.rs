//! Ready-made charts, to start from or to use as they are.
//!
//! Both charts give the accounts that stand for the financial resources the same codes, so one
//! set of posting rules serves both. Control accounts, which only a sub-ledger feeds, take no
//! manual entries.
//!
//! ```
//! use ledger::{chart::ready, posting_rules::AccountingMethod};
//! let chart = ready::microfinance_lender();
//! let rules = ready::posting_rules(AccountingMethod::Accrual);
//! assert!(rules.problems(&chart, AccountingMethod::Accrual.loan_resources()).is_empty());
//! ```

use super::{ChartOfAccounts, GlAccount, GlType};
use crate::posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules};

#[derive(Clone, Copy)]
enum Kind {
    /// Header.
    H,
    /// Detail.
    D,
    /// Detail fed by a sub-ledger, without manual entries.
    C,
}

use Kind::{C, D, H};

/// `(code, header above or "", name, kind)`; the first digit says the type.
type Row = (&'static str, &'static str, &'static str, Kind);

const COMMON: &[Row] = &[
    ("1000", "", "Assets", H),
    ("1100", "1000", "Cash and bank", H),
    ("1110", "1100", "Cash on hand", D),
    ("1120", "1100", "Bank current accounts", D),
    ("1130", "1100", "Mobile money floats", D),
    ("1140", "1100", "Payments in transit", D),
    ("1200", "1000", "Portfolio", H),
    ("1210", "1200", "Loans outstanding", C),
    ("1290", "1200", "Allowance for expected credit losses", D),
    ("1300", "1000", "Receivables from customers", H),
    ("1310", "1300", "Interest receivable", C),
    ("1320", "1300", "Fees receivable", C),
    ("1330", "1300", "Penalties receivable", C),
    ("1340", "1300", "Taxes receivable", C),
    ("1500", "1000", "Inter-branch transfers", C),
    ("1600", "1000", "Property and equipment", H),
    ("1610", "1600", "Property and equipment at cost", D),
    ("1690", "1600", "Accumulated depreciation", D),
    ("1800", "1000", "Other assets", D),
    ("2000", "", "Liabilities", H),
    ("2100", "2000", "Owed to customers", H),
    ("2130", "2100", "Unidentified customer payments", D),
    ("2140", "2100", "Customer overpayments", C),
    ("2300", "2000", "Taxes payable", C),
    ("2400", "2000", "Deferred income", H),
    ("2410", "2400", "Deferred interest income", C),
    ("2420", "2400", "Deferred fee income", C),
    ("2430", "2400", "Deferred taxes on income", C),
    ("2500", "2000", "Borrowings", D),
    ("2510", "2000", "Interest payable on borrowings", D),
    ("2700", "2000", "Foreign exchange position", D),
    ("2800", "2000", "Other liabilities", D),
    ("3000", "", "Equity", H),
    ("3100", "3000", "Share capital", D),
    ("3200", "3000", "Retained earnings", D),
    ("3900", "3000", "Opening balances", D),
    ("4000", "", "Income", H),
    ("4100", "4000", "Interest on loans", C),
    ("4200", "4000", "Fees", C),
    ("4300", "4000", "Penalties", C),
    (
        "4400",
        "4000",
        "Recoveries of loans written off or charged off",
        D,
    ),
    ("4500", "4000", "Foreign exchange gains", D),
    ("4900", "4000", "Other income", D),
    ("5000", "", "Expenses", H),
    ("5110", "5000", "Interest on borrowings", D),
    ("5200", "5000", "Expected credit losses", D),
    ("5300", "5000", "Loans written off", C),
    ("5320", "5000", "Loans charged off", C),
    ("5330", "5000", "Goodwill to customers", C),
    ("5340", "5000", "Interest forgone", C),
    ("5350", "5000", "Fees and penalties forgone", C),
    ("5360", "5000", "Buy-down fees", C),
    ("5400", "5000", "Staff", D),
    ("5500", "5000", "Administration", D),
    ("5600", "5000", "Payment provider charges", D),
    ("5700", "5000", "Depreciation", D),
    ("5800", "5000", "Foreign exchange losses", D),
    ("5900", "5000", "Income tax", D),
];

const DEPOSITS: &[Row] = &[
    ("1220", "1200", "Overdrafts outstanding", C),
    ("1350", "1300", "Overdraft interest receivable", C),
    ("2110", "2100", "Savings and term deposits", C),
    ("2210", "2000", "Interest payable on deposits", C),
    ("4110", "4000", "Interest on overdrafts", C),
    ("5100", "5000", "Interest on deposits", C),
    ("5310", "5000", "Overdrafts written off", C),
];

const DEVICES: &[Row] = &[
    ("1400", "1000", "Devices", H),
    ("1410", "1400", "Devices in stock", D),
    ("1420", "1400", "Devices in transit to agents", D),
    ("1430", "1400", "Repossessed devices", D),
    ("2150", "2100", "Down payments before activation", D),
    ("2600", "2000", "Warranty provision", D),
    ("4600", "4000", "Device sales", D),
    ("4610", "4000", "Services and top-ups", D),
    ("5010", "5000", "Cost of devices sold", D),
    ("5020", "5000", "Device losses and write-downs", D),
    ("5030", "5000", "Warranty costs", D),
    ("5040", "5000", "Agent commissions", D),
    ("5050", "5000", "Token and connectivity charges", D),
];

/// The chart of a lender that also takes deposits: loans, savings, overdrafts, branches.
#[must_use]
pub fn microfinance_lender() -> ChartOfAccounts {
    chart(COMMON.iter().chain(DEPOSITS))
}

/// The chart of a company that sells devices against instalments: stock, down payments, cost of
/// sales and the loans that finance them.
#[must_use]
pub fn pay_as_you_go_company() -> ChartOfAccounts {
    chart(COMMON.iter().chain(DEVICES))
}

fn chart<'a>(rows: impl Iterator<Item = &'a Row>) -> ChartOfAccounts {
    // The tables are constants: tests prove that every row becomes an account.
    ChartOfAccounts::new(rows.filter_map(account)).unwrap_or_default()
}

fn account(&(code, parent, name, kind): &Row) -> Option<GlAccount> {
    let gl_type = match code.as_bytes().first()? {
        b'1' => GlType::Asset,
        b'2' => GlType::Liability,
        b'3' => GlType::Equity,
        b'4' => GlType::Income,
        _ => GlType::Expense,
    };
    let code = code.parse().ok()?;
    let account = match kind {
        H => GlAccount::header(code, name, gl_type),
        D => GlAccount::detail(code, name, gl_type),
        C => GlAccount::detail(code, name, gl_type).without_manual_entries(),
    };
    match parent.parse() {
        Ok(parent) => Some(account.under(parent)),
        Err(_) => Some(account),
    }
}

const RULES: &[(R, &str)] = &[
    (R::PortfolioControl, "1210"),
    (R::FundSource, "1120"),
    (R::WriteOffExpense, "5300"),
    (R::InterestIncome, "4100"),
    (R::InterestReceivable, "1310"),
    (R::FeeIncome, "4200"),
    (R::FeeReceivable, "1320"),
    (R::PenaltyIncome, "4300"),
    (R::PenaltyReceivable, "1330"),
    (R::TaxesPayable, "2300"),
    (R::TaxesReceivable, "1340"),
    (R::DeferredInterestsIncome, "2410"),
    (R::DeferredFeeIncome, "2420"),
    (R::DeferredTaxes, "2430"),
    (R::InterBranchTransfer, "1500"),
    (R::CreditBalance, "2140"),
    (R::GoodwillExpense, "5330"),
    (R::InterestForgone, "5340"),
    (R::ChargesForgone, "5350"),
    (R::ChargeOffExpense, "5320"),
    (R::RecoveryIncome, "4400"),
    (R::CapitalisedIncome, "4200"),
    (R::BuyDownIncome, "4200"),
    (R::BuyDownExpense, "5360"),
];

const DEPOSIT_RULES: &[(R, &str)] = &[
    (R::SavingsControl, "2110"),
    (R::DepositReference, "1120"),
    (R::InterestExpense, "5100"),
    (R::InterestPayable, "2210"),
    (R::OverdraftPortfolioControl, "1220"),
    (R::OverdraftInterestIncome, "4110"),
    (R::OverdraftInterestReceivable, "1350"),
    (R::OverdraftWriteOffExpense, "5310"),
];

/// Posting rules of a loan product on either chart.
#[must_use]
pub fn posting_rules(method: AccountingMethod) -> PostingRules {
    rules(method, RULES.iter())
}

/// Posting rules of a deposit product, with overdraft, on [`microfinance_lender`].
#[must_use]
pub fn deposit_posting_rules(method: AccountingMethod) -> PostingRules {
    rules(method, RULES.iter().chain(DEPOSIT_RULES))
}

fn rules<'a>(
    method: AccountingMethod,
    rows: impl Iterator<Item = &'a (R, &'static str)>,
) -> PostingRules {
    let rules = rows
        .filter_map(|(resource, account)| Some(PostingRule::new(*resource, account.parse().ok()?)));
    PostingRules::new(method, rules).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_of_the_tables_is_lost() {
        assert_eq!(microfinance_lender().len(), COMMON.len() + DEPOSITS.len());
        assert_eq!(pay_as_you_go_company().len(), COMMON.len() + DEVICES.len());
        let method = AccountingMethod::Accrual;
        assert_eq!(posting_rules(method).rules().len(), RULES.len());
        let both = RULES.len() + DEPOSIT_RULES.len();
        assert_eq!(deposit_posting_rules(method).rules().len(), both);
        assert_eq!(
            posting_rules(method).problems(&pay_as_you_go_company(), &[]),
            []
        );
        assert_eq!(
            deposit_posting_rules(method).problems(&microfinance_lender(), &[]),
            []
        );
    }
}
