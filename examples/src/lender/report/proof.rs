//! The proof that the control accounts equal the sub-ledgers.
//!
//! The control accounts are read from the journal's balances; the sub-ledgers are the states of the
//! loans and the receipts. Both were written by the same commits and are summed here by themselves.

use std::{collections::BTreeMap, io::Write};

use ledger::{
    Currency, GlCode,
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use lending_core::{end_of_day::SetAside, loan::LoanAccount};
use rust_decimal::Decimal;

use super::{
    books::{Books, shown},
    table::Table,
};
use crate::lender::{Failure, Folder, records::ReceiptState};

/// What the sub-ledgers say a control account holds, debits less credits.
type Expected = BTreeMap<(GlCode, Currency), (String, Decimal)>;

/// Writes the proofs; whether all hold.
pub fn write(
    folder: &Folder,
    books: &Books,
    set_aside: &[SetAside],
    out: &mut dyn Write,
) -> Result<bool, Failure> {
    let mut expected = Expected::new();
    for (row, loan) in &books.loans {
        let doubt = |reason| Failure::refused(format!("account {}", row.header.reference), reason);
        loan_parts(loan, &mut expected).map_err(doubt)?;
    }
    for receipt in &books.receipts {
        let waiting = matches!(receipt.state, ReceiptState::Suspense { .. });
        let amount = if waiting {
            -receipt.amount
        } else {
            Decimal::ZERO
        };
        let key = (folder.settings.suspense, receipt.currency);
        add(&mut expected, key, "receipts in suspense", amount);
    }
    if let Some(paygo) = &folder.settings.paygo {
        for device in &books.devices {
            let doubt = |error| Failure::refused(format!("device {}", device.account), error);
            let state = device.state().map_err(doubt)?;
            let key = |code| (code, device.currency);
            let owed = (key(paygo.receivable), "owed for devices", state.balance);
            let back = (
                key(paygo.refundable),
                "refundable to buyers of devices",
                -state.refundable,
            );
            for (key, what, amount) in [owed, back] {
                add(&mut expected, key, what, amount);
            }
        }
    }
    writeln!(out, "\nProof: control accounts and sub-ledgers")?;
    let mut all_hold = true;
    let mut table = Table::new(&[
        "account",
        "currency",
        "sub-ledger",
        ">control",
        ">sub-ledger",
        "proof",
    ]);
    for ((account, currency), (what, sum)) in &expected {
        let control = books.balance(*account, *currency);
        let holds = control == *sum;
        all_hold &= holds;
        table.row([
            account.to_string(),
            currency.to_string(),
            what.clone(),
            shown(control, *currency),
            shown(*sum, *currency),
            verdict(holds, control - *sum, *currency),
        ]);
    }
    table.write(out)?;
    for currency in folder.settings.currencies.iter().map(|row| row.code) {
        let of_currency = books.turnovers.iter().filter(|((_, c), _)| *c == currency);
        let net: Decimal = of_currency.map(|(_, turnover)| turnover.net()).sum();
        all_hold &= net.is_zero();
        let verdict = verdict(net.is_zero(), net, currency);
        writeln!(out, "  debits equal credits, {currency}: {verdict}")?;
    }
    for account in set_aside {
        all_hold = false;
        writeln!(
            out,
            "  set aside by end of day: {} {}",
            account.reference, account.reason
        )?;
    }
    Ok(all_hold)
}

fn verdict(holds: bool, difference: Decimal, currency: Currency) -> String {
    if holds {
        "ok".to_owned()
    } else {
        format!("DIFFERS by {}", shown(difference, currency))
    }
}

fn add(expected: &mut Expected, key: (GlCode, Currency), what: &str, amount: Decimal) {
    let (_, sum) = expected
        .entry(key)
        .or_insert_with(|| (what.to_owned(), Decimal::ZERO));
    *sum += amount;
}

/// What one loan contributes to which control account.
fn loan_parts(loan: &LoanAccount, expected: &mut Expected) -> Result<(), String> {
    let rules = &loan.terms().accounting;
    if rules.method() == AccountingMethod::None {
        return Ok(());
    }
    let receivable = loan.receivable().map_err(|error| error.to_string())?;
    let mut parts = vec![
        (
            Resource::PortfolioControl,
            "principal of loans",
            loan.portfolio_balance(),
        ),
        (
            Resource::CreditBalance,
            "credit balances of loans",
            -loan.credit_balance(),
        ),
    ];
    if rules.method() == AccountingMethod::Accrual {
        parts.extend([
            (
                Resource::InterestReceivable,
                "interest receivable",
                receivable.interest,
            ),
            (Resource::FeeReceivable, "fees receivable", receivable.fee),
            (
                Resource::PenaltyReceivable,
                "penalties receivable",
                receivable.penalty,
            ),
        ]);
    }
    for (resource, what, amount) in parts {
        let account = rules
            .resolve(resource, None, None)
            .map_err(|error| error.to_string())?;
        add(expected, (account, loan.terms().currency), what, amount);
    }
    Ok(())
}
