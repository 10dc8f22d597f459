//! `lender schedule`: what a loan would look like, without a database.

use std::{io::Write, path::PathBuf};

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::{
    dates::Calendar,
    ids::AccountId,
    loan::{Command, Context, LoanAccount, LoanError, LoanTerms, TransactionId},
};
use products::{QuoteContext, QuoteRequest};
use rust_decimal::Decimal;

use super::{Failure, InputError, catalogue::read_product, report::books::shown, show, source};

/// What is asked for.
#[derive(Clone, Debug, clap::Args)]
pub struct Preview {
    /// A product: a file, or the id of a product in the data folder
    #[arg(long)]
    pub product: String,
    /// The data folder whose products and calendar are used
    #[arg(long, default_value = super::cli::DEFAULT_FOLDER)]
    pub data: PathBuf,
    /// The amount lent
    #[arg(long, value_parser = decimal)]
    pub amount: Decimal,
    /// The currency; the product's only one without it
    #[arg(long)]
    pub currency: Option<Currency>,
    /// Number of instalments; the product's default without it
    #[arg(long)]
    pub instalments: Option<u32>,
    /// Rate in percent; the product's default without it
    #[arg(long, value_parser = decimal)]
    pub rate: Option<Decimal>,
    /// The day the money is paid out
    #[arg(long, default_value = "2026-07-01")]
    pub disburse: NaiveDate,
    /// The first due date
    #[arg(long)]
    pub first_due: Option<NaiveDate>,
    /// Also print the whole contract
    #[arg(long)]
    pub terms: bool,
}

fn decimal(text: &str) -> Result<Decimal, String> {
    Decimal::from_str_exact(text).map_err(|error| error.to_string())
}

/// Writes the schedule.
///
/// # Errors
/// The product is not known or does not allow what is asked for.
pub fn write(preview: &Preview, out: &mut dyn Write) -> Result<(), Failure> {
    let file = product_file(preview)?;
    let product = read_product(&file)?;
    let currency = match (preview.currency, product.currencies.iter().next()) {
        (Some(currency), _) => currency,
        (None, Some(only)) if product.currencies.len() == 1 => *only,
        _ => {
            let reason = "the product has several currencies: --currency says which";
            return Err(InputError::of_file(&file, reason).into());
        }
    };
    let calendar_file = preview.data.join("calendar.json");
    let calendar: Calendar = if calendar_file.exists() {
        source::json(&calendar_file)?
    } else {
        Calendar::default()
    };
    let request = QuoteRequest {
        instalments: preview.instalments,
        rate: preview.rate,
        first_due: preview.first_due,
        ..QuoteRequest::new(preview.amount, preview.disburse)
    };
    let terms = product.quote(&request, &QuoteContext::new(&calendar, currency));
    let terms = terms.map_err(|violations| {
        let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
        InputError::of_file(&file, all.join("; "))
    })?;
    let loan = paid_out(terms).map_err(|error| InputError::of_file(&file, error))?;
    writeln!(
        out,
        "{}, {}, paid out on {}",
        product.name, currency, preview.disburse
    )?;
    if preview.terms {
        show::write_terms(loan.terms(), out)?;
    }
    show::write_schedule(loan.instalments(), currency, out)?;
    let total = loan
        .outstanding()
        .map_err(|e| Failure::refused("schedule", e))?;
    writeln!(
        out,
        "\n  principal {}, interest {}, fees {}",
        shown(total.principal, currency),
        shown(total.interest, currency),
        shown(total.fee, currency)
    )?;
    Ok(())
}

fn product_file(preview: &Preview) -> Result<PathBuf, InputError> {
    let given = PathBuf::from(&preview.product);
    if given.is_file() {
        return Ok(given);
    }
    let folder = preview.data.join("products");
    let mut known = Vec::new();
    for file in source::files(&folder, "json")? {
        let id = read_product(&file)?.id.to_string();
        if id == preview.product {
            return Ok(file);
        }
        known.push(id);
    }
    let reason = format!(
        "product {:?} is not known: {} are",
        preview.product,
        known.join(", ")
    );
    Err(InputError::of_file(&folder, reason))
}

/// A loan of these terms on the day it is paid out. The decisions are thrown away: a preview is a
/// decision nobody stores.
///
/// # Errors
/// What the engine refuses.
pub fn paid_out(terms: LoanTerms) -> Result<LoanAccount, LoanError> {
    let (on, amount) = (terms.expected_disbursement, terms.principal);
    let context = Context::with_history(on, &[]);
    let loan = LoanAccount::submit(AccountId::new(1), terms, on)?;
    let loan = loan.decide(&Command::Approve { on }, &context)?.account;
    let disburse = Command::disburse(TransactionId::new(1), on, amount);
    Ok(loan.decide(&disburse, &context)?.account)
}
