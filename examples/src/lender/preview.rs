//! `lender schedule`: what a loan would look like, without a database.

use std::{collections::BTreeSet, io::Write, path::PathBuf};

use chrono::NaiveDate;
use ledger::Currency;
use lending_core::{
    dates::Calendar,
    ids::AccountId,
    loan::{ApprovalTerms, Command, Context, LoanAccount, LoanError, LoanTerms, TransactionId},
};
use products::{LoanProduct, QuoteContext, QuoteRequest, catalogue};
use rust_decimal::Decimal;

use super::{Failure, InputError, catalogue::read_product, report::books::shown, show, source};

/// What is asked for.
#[derive(Clone, Debug, clap::Args)]
pub struct Preview {
    /// A product: a file, the id of a product in the data folder, or of a ready-made one
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

/// Reads an amount or a rate, every digit of it.
///
/// # Errors
/// It is not a number, or has more digits than can be kept.
pub fn decimal(text: &str) -> Result<Decimal, String> {
    Decimal::from_str_exact(text).map_err(|error| error.to_string())
}

/// Writes the schedule.
///
/// # Errors
/// The product is not known or does not allow what is asked for.
pub fn write(preview: &Preview, out: &mut dyn Write) -> Result<(), Failure> {
    let (file, product) = product_of(preview)?;
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
    let terms = product.quote(&request, &anybody(&product, &calendar, currency));
    let mut terms = terms.map_err(|violations| {
        let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
        InputError::of_file(&file, all.join("; "))
    })?;
    // A preview asks nobody for guarantees or a second signature.
    terms.safeguards.approval = ApprovalTerms::default();
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

/// Somebody to whom the product is sold, where it is sold.
fn anybody<'a>(
    product: &'a LoanProduct,
    calendar: &'a Calendar,
    currency: Currency,
) -> QuoteContext<'a> {
    let available = &product.availability;
    let first = |names: &'a Option<BTreeSet<String>>| names.as_ref()?.first().map(String::as_str);
    let mut context = QuoteContext::new(calendar, currency);
    context.holder = available.holders.first().copied().unwrap_or_default();
    context.branch = available
        .branches
        .as_ref()
        .and_then(|all| all.first().copied());
    context.client_type = first(&available.client_types);
    context.tier = first(&available.tiers);
    context
}

/// The product and where it is from.
fn product_of(preview: &Preview) -> Result<(PathBuf, LoanProduct), InputError> {
    let given = PathBuf::from(&preview.product);
    if given.is_file() {
        let product = read_product(&given)?;
        return Ok((given, product));
    }
    let folder = preview.data.join("products");
    let mut known = Vec::new();
    let files = if folder.exists() {
        source::files(&folder, "json")?
    } else {
        Vec::new()
    };
    for file in files {
        let product = read_product(&file)?;
        if product.id.as_str() == preview.product {
            return Ok((file, product));
        }
        known.push(product.id.to_string());
    }
    for entry in catalogue::ALL {
        if let Ok(product) = entry.loan() {
            if product.id.as_str() == preview.product {
                return Ok((entry.file.into(), product));
            }
            known.push(product.id.to_string());
        }
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
