//! From a product and a request to a contract.
//!
//! ```
//! use chrono::NaiveDate;
//! use lending_core::dates::Calendar;
//! use products::{LoanProduct, QuoteContext, QuoteRequest};
//! use rust_decimal::dec;
//! let product = LoanProduct::from_json(r#"{
//!     "id": "SALARY", "name": "Salary loan", "currencies": ["UGX"],
//!     "amount": {"min": "100000", "default": "500000", "max": "2000000"},
//!     "instalments": {"min": 1, "default": 6, "max": 12},
//!     "interest": {"rate": {"min": "30", "default": "36", "max": "36"}}
//! }"#)?;
//! let calendar = Calendar::weekends();
//! let context = QuoteContext::new(&calendar, "UGX".parse()?);
//! let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
//! let terms = product.quote(&QuoteRequest::new(dec!(300000), day), &context)?;
//! assert_eq!((terms.principal, terms.schedule.instalments), (dec!(300000), 6));
//!
//! let greedy = QuoteRequest { rate: Some(dec!(20)), ..QuoteRequest::new(dec!(50000), day) };
//! let refused = product.quote(&greedy, &context).unwrap_err();
//! let fields: Vec<_> = refused.iter().map(|violation| violation.field.as_ref()).collect();
//! assert_eq!(fields, ["amount", "rate"]); // all at once
//! assert_eq!(refused.iter().next().unwrap().kind.mambu_code(), Some(184));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fees;
mod findings;
mod first_due;
mod interest;
mod line;
mod principal;
mod request;
mod terms;

pub(crate) use fees::{amortises, is_carried, is_taken_at_disbursement};
pub(crate) use findings::Findings;
pub use request::{QuoteContext, QuoteRequest};
