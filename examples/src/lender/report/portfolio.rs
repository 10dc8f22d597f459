//! The portfolio by product, and how old the arrears are.

use std::{collections::BTreeMap, io::Write};

use ledger::Currency;
use lending_core::loan::{LoanAccount, Status};
use rust_decimal::Decimal;

use super::{
    books::{Books, shown},
    table::Table,
};
use crate::lender::Failure;

#[derive(Default)]
struct Sums {
    applications: u32,
    active: u32,
    in_arrears: u32,
    repaid: u32,
    disbursed: Decimal,
    principal: Decimal,
    receivable: Decimal,
    credit: Decimal,
}

/// Writes the portfolio by product and currency.
pub fn write(books: &Books, out: &mut dyn Write) -> Result<(), Failure> {
    let mut products: BTreeMap<(Currency, &str), Sums> = BTreeMap::new();
    for (row, loan) in &books.loans {
        let sums = products
            .entry((row.header.currency, row.header.product.as_str()))
            .or_default();
        sums.applications += 1;
        sums.active += u32::from(loan.status() == Status::Active);
        sums.in_arrears += u32::from(is_late(loan));
        let repaid = matches!(loan.status(), Status::Repaid | Status::Terminated);
        sums.repaid += u32::from(repaid);
        sums.disbursed += loan.disbursed();
        sums.principal += loan.principal_balance();
        sums.credit += loan.credit_balance();
        let doubt = |error| Failure::refused(format!("account {}", row.header.reference), error);
        sums.receivable += loan.receivable().and_then(|r| r.total()).map_err(doubt)?;
    }
    writeln!(out, "\nPortfolio")?;
    let mut table = Table::new(&[
        "product",
        "currency",
        ">applied",
        ">active",
        ">in arrears",
        ">repaid",
        ">disbursed",
        ">principal",
        ">receivable",
        ">credit balances",
    ]);
    for ((currency, product), sums) in &products {
        table.row([
            (*product).to_owned(),
            currency.to_string(),
            sums.applications.to_string(),
            sums.active.to_string(),
            sums.in_arrears.to_string(),
            sums.repaid.to_string(),
            shown(sums.disbursed, *currency),
            shown(sums.principal, *currency),
            shown(sums.receivable, *currency),
            shown(sums.credit, *currency),
        ]);
    }
    table.write(out)?;
    Ok(())
}

fn is_late(loan: &LoanAccount) -> bool {
    loan.status() == Status::Active && loan.arrears().in_arrears()
}

/// The last day of each bucket; the last bucket has no end.
const BUCKETS: [(&str, u32); 6] = [
    ("not late", 0),
    ("1 to 7 days", 7),
    ("8 to 30 days", 30),
    ("31 to 60 days", 60),
    ("61 to 90 days", 90),
    ("over 90 days", u32::MAX),
];

/// Writes the arrears by days past due: of running loans, the principal at risk and what has
/// fallen due and is unpaid. What fell due on the closing day itself is not late yet.
pub fn write_ageing(books: &Books, out: &mut dyn Write) -> Result<(), Failure> {
    let mut sums: BTreeMap<(Currency, usize), (u32, Decimal, Decimal)> = BTreeMap::new();
    let mut whole: BTreeMap<Currency, (Decimal, Decimal)> = BTreeMap::new();
    for (row, loan) in books
        .loans
        .iter()
        .filter(|(_, loan)| loan.status() == Status::Active)
    {
        let currency = row.header.currency;
        let days = loan.arrears().days_past_due;
        let bucket = BUCKETS
            .iter()
            .position(|(_, last)| days <= *last)
            .unwrap_or(0);
        let doubt = |error| Failure::refused(format!("account {}", row.header.reference), error);
        let overdue = loan.arrears().overdue.total().map_err(doubt)?;
        let (count, principal, late) = sums.entry((currency, bucket)).or_default();
        *count += 1;
        *principal += loan.principal_balance();
        *late += overdue;
        let (all, at_risk) = whole.entry(currency).or_default();
        *all += loan.principal_balance();
        *at_risk += if days > 30 {
            loan.principal_balance()
        } else {
            Decimal::ZERO
        };
    }
    writeln!(out, "\nArrears by age")?;
    let mut table = Table::new(&[
        "currency",
        "past due",
        ">loans",
        ">principal",
        ">due and unpaid",
    ]);
    for ((currency, bucket), (count, principal, late)) in &sums {
        table.row([
            currency.to_string(),
            BUCKETS.get(*bucket).map_or("", |(name, _)| name).to_owned(),
            count.to_string(),
            shown(*principal, *currency),
            shown(*late, *currency),
        ]);
    }
    table.write(out)?;
    for (currency, (all, at_risk)) in &whole {
        let share = (at_risk * Decimal::ONE_HUNDRED)
            .checked_div(*all)
            .unwrap_or_default();
        writeln!(
            out,
            "  portfolio at risk over 30 days, {currency}: {share:.2} %"
        )?;
    }
    Ok(())
}
