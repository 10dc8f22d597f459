//! Products of Mambu's API v1: loan products and savings products.
//!
//! Amounts may be written as numbers or as text. Keys, dates of creation and change and other
//! names that mean something inside of that system only are listed as [`NoteKind::NotTaken`](super::NoteKind::NotTaken).
//!
//! | Mambu | here |
//! |---|---|
//! | `DECLINING_BALANCE` | declining, equal principal |
//! | `DECLINING_BALANCE_DISCOUNTED` | declining, equal instalments by the closed form |
//! | `FLAT` | flat, equal principal |
//! | `OPTIMIZED_PAYMENTS` | equal instalments, the smallest whose last one is not larger |
//! | `E30_360` | 30E/360 ISDA, the rule its documentation describes under that name |
//! | `E30_42_365` | what the import is told: its rule is published nowhere |
//! | `idPattern` | a pattern in the dialect of id patterns (`@` a letter, `#` a digit) |
//!
//! ```
//! use products::import::{ImportContext, mambu};
//! let context = ImportContext::new("EUR".parse()?);
//! let imported = mambu::loan_product(r#"{
//!     "id": "AGL", "productName": "Agriculture Loan", "loanProductType": "FIXED_TERM_LOAN",
//!     "minLoanAmount": "750", "defaultLoanAmount": "950", "maxLoanAmount": 1150,
//!     "interestCalculationMethod": "DECLINING_BALANCE", "daysInYear": "E30_360",
//!     "colour": "green"
//! }"#, &context)?;
//! assert_eq!(imported.product.amount.to_string(), "750 to 1150");
//! assert!(imported.notes.iter().any(|note| note.field == "colour")); // nothing is dropped unseen
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounting;
mod charges;
mod deposit;
mod interest;
mod loan;
mod payments;
mod rates;
mod schedule;
mod settle;
mod shared;

use alloc::vec::Vec;

use super::{ImportContext, Imported, wrong};
use crate::{
    JsonError, LoanProduct,
    deposit::DepositProduct,
    json::{Node, Value},
};

/// Names that mean something inside of their own system only.
const INTERNAL: &str = "a name or date of the other system";

/// Reads one loan product.
///
/// # Errors
/// [`JsonError::Field`] for text that is no JSON, a setting of the wrong type or an identifier that
/// cannot be one here; [`JsonError::Rules`] for a product that does not hold together.
pub fn loan_product(
    text: &str,
    context: &ImportContext,
) -> Result<Imported<LoanProduct>, JsonError> {
    loan::read(&Node::parse(text)?, text, context)
}

/// Reads a list of loan products, each with its own notes.
///
/// # Errors
/// As [`loan_product`].
pub fn loan_products(
    text: &str,
    context: &ImportContext,
) -> Result<Vec<Imported<LoanProduct>>, JsonError> {
    let node = Node::parse(text)?;
    let items = items(&node)?;
    items
        .iter()
        .map(|item| loan::read(item, text, context))
        .collect()
}

/// Reads one savings product.
///
/// # Errors
/// As [`loan_product`].
pub fn savings_product(
    text: &str,
    context: &ImportContext,
) -> Result<Imported<DepositProduct>, JsonError> {
    deposit::read(&Node::parse(text)?, text, context)
}

/// Reads a list of savings products, each with its own notes.
///
/// # Errors
/// As [`loan_product`].
pub fn savings_products(
    text: &str,
    context: &ImportContext,
) -> Result<Vec<Imported<DepositProduct>>, JsonError> {
    let node = Node::parse(text)?;
    let items = items(&node)?;
    items
        .iter()
        .map(|item| deposit::read(item, text, context))
        .collect()
}

fn items<'n, 'a>(node: &'n Node<'a>) -> Result<&'n [Node<'a>], JsonError> {
    match &node.value {
        Value::List(items) => Ok(items),
        _ => Err(wrong(node, "", "a list of products")),
    }
}
