//! Quotes every ready-made product of the catalogue on its own defaults, and prints what a client
//! would get.
//!
//! `cargo run -p lending-examples --bin catalogue`

use std::error::Error;

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::{dates::Calendar, schedule::Tranche};
use products::{
    LoanProduct, QuoteContext, QuoteRequest,
    catalogue::{self, Entry, Sort},
    deal::DealRequest,
    deposit::DepositRequest,
    product::LoanKind,
};
use rust_decimal::Decimal;

fn main() -> Result<(), Box<dyn Error>> {
    let day = NaiveDate::from_ymd_opt(2026, 3, 2).ok_or("not a day")?;
    for entry in catalogue::ALL {
        println!("{}: {}", entry.file, quoted(entry, day)?);
    }
    Ok(())
}

fn quoted(entry: &Entry, day: NaiveDate) -> Result<String, Box<dyn Error>> {
    let calendar = Calendar::weekends();
    // Deposits and deals need no more than a currency.
    let plain = |currency: Option<&Currency>| {
        let currency = *currency.ok_or("a product without a currency")?;
        Ok::<_, Box<dyn Error>>(QuoteContext::new(&calendar, currency))
    };
    match entry.sort {
        Sort::Loan => {
            let product = entry.loan()?;
            let context = QuoteContext {
                client_type: Some("EMPLOYEE"),
                holder: *product.availability.holders.first().ok_or("for nobody")?,
                carried_elsewhere: true,
                ..plain(product.currencies.first())?
            };
            loan(&product, day, &context)
        }
        Sort::Deposit => {
            let product = entry.deposit()?;
            let request = DepositRequest::new(Decimal::from(100_000), day);
            let terms = product.quote(&request, &plain(product.currencies.first())?)?;
            let rows = terms.forecast()?;
            Ok(format!(
                "{} {} kept, interest paid {} time(s)",
                terms.currency,
                terms.opening_balance,
                rows.len(),
            ))
        }
        _ => {
            let product = entry.deal()?;
            let context = plain(product.currencies.first())?;
            let terms = product.quote(&DealRequest::on(day), &context)?;
            Ok(format!(
                "{} {} for a device, {} at once, then {} times {}",
                terms.currency, terms.price, terms.deposit, terms.instalments, terms.rate,
            ))
        }
    }
}

fn loan(
    product: &LoanProduct,
    day: NaiveDate,
    context: &QuoteContext<'_>,
) -> Result<String, Box<dyn Error>> {
    let mut request = QuoteRequest {
        disbursement: day,
        ..QuoteRequest::default()
    };
    if matches!(product.kind, LoanKind::Revolving(_)) {
        let terms = product.quote_line(&request, context)?;
        return Ok(format!(
            "{} {} may be drawn at {} %",
            terms.currency, terms.limit, terms.interest.rate.percent,
        ));
    }
    if matches!(product.kind, LoanKind::Tranched { .. }) {
        // Half of it is paid out two months later.
        let amount = product.amount.default.ok_or("no usual amount")? / Decimal::TWO;
        let on = day + chrono::Months::new(2);
        request.tranches = [Tranche { on, amount }].to_vec();
    }
    let shown = product.preview(&request, context)?;
    Ok(format!(
        "{} {} paid out at first, {} instalments, {} to pay back in all, cost {}",
        shown.terms.currency,
        shown.payout,
        shown.schedule.instalments.len(),
        shown.totals.total,
        shown.cost,
    ))
}
