//! A product with everything a quote looks at, and a request for it.

use chrono::NaiveDate;
use lending_core::dates::Calendar;
use products::{JsonError, LoanProduct, QuoteRequest, catalogue};
use rust_decimal::dec;

/// The salary loan of the catalogue: fees, penalty, ranges, a limited client type.
///
/// # Errors
/// None: the catalogue is tested.
pub fn product() -> Result<LoanProduct, JsonError> {
    catalogue::SALARY_LOAN.loan()
}

/// Monday to Friday.
#[must_use]
pub fn calendar() -> Calendar {
    Calendar::weekends()
}

/// A request inside of every range.
#[must_use]
pub fn request() -> QuoteRequest {
    QuoteRequest {
        instalments: Some(12),
        rate: Some(dec!(26)),
        ..QuoteRequest::new(
            dec!(1500000),
            NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default(),
        )
    }
}
