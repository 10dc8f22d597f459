//! Products of Backbone's partner API: revolving credit, billed once a month.
//!
//! | Backbone | here |
//! |---|---|
//! | `revolving_credit` | a revolving loan, interest on the balance by actual days over 365 |
//! | interest rates | percent a year |
//! | `repayment_date_type`, `repayment_date_period` | the day on which payment is due |
//! | `arrears_tolerance` | days past due that are tolerated |
//! | fee of type `percent` | a percentage of the balance |
//!
//! The day of the statement and how the least payment is calculated are described there in words
//! only, without a field: they are assumed, and noted.
//!
//! ```
//! use products::import::{ImportContext, backbone};
//! let context = ImportContext::new("EUR".parse()?);
//! let imported = backbone::product(r#"{
//!     "type": "revolving_credit", "name": "Credit line", "max_loan_amount": 5000,
//!     "default_loan_amount": 1000, "max_interest_rate": 24, "default_interest_rate": 18,
//!     "arrears_tolerance": 5, "repayment_date_type": "day_of_month", "repayment_date_period": 10
//! }"#, "LINE".parse()?, &context)?;
//! assert_eq!(imported.product.arrears.tolerance_days.default, Some(5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::format;

use lending_core::{dates::NonWorkingDayRule, ids::ProductId, loan::Code};
use rust_decimal::Decimal;

use super::{ImportContext, Imported, NoteKind, Reader};
use crate::{
    JsonError, LoanKind, LoanProduct, Range,
    json::Node,
    product::{
        FeeAmount, FeeWhen, PaymentDay, PredefinedFee, RevolvingPrincipal, RevolvingSettings,
    },
};

/// Reads one product. Backbone gives it an identifier of its own; the host gives ours.
///
/// # Errors
/// [`JsonError::Field`] for text that is no JSON, a setting of the wrong type or a sort of product
/// that is not a revolving credit; [`JsonError::Rules`] for one that does not hold together.
pub fn product(
    text: &str,
    id: ProductId,
    context: &ImportContext,
) -> Result<Imported<LoanProduct>, JsonError> {
    let node = Node::parse(text)?;
    let mut reader = Reader::new(&node, "")?;
    let kind = reader.text("type")?;
    if kind.is_some_and(|kind| kind != "revolving_credit") {
        return Err(reader.refuse("type", "revolving_credit"));
    }
    if kind.is_none() {
        reader.note(NoteKind::Assumed, "type", "revolving_credit");
    }
    let Some(name) = reader.text("name")? else {
        return Err(reader.refuse("name", "a name"));
    };
    let mut product = LoanProduct::new(id, name, context.currency);
    product.amount = upper(&mut reader, "default_loan_amount", "max_loan_amount")?;
    product.interest.rate = upper(&mut reader, "default_interest_rate", "max_interest_rate")?;
    let due = due_day(&mut reader)?;
    product.kind = LoanKind::Revolving(billing(&mut reader, due));
    holidays(&mut reader, &mut product)?;
    let days: Option<u16> = reader.whole("arrears_tolerance")?;
    product.arrears.tolerance_days.default = Some(days.unwrap_or(0));
    product.fees = fees(&mut reader)?;
    terms_only(&mut reader)?;
    reader.not_taken(&["id"], "the identifier is given beside the document");
    let notes = reader.finish();
    Ok(Imported {
        product: crate::json::held(text, product, LoanProduct::validate)?,
        active: true,
        notes,
    })
}

/// A default and an upper end.
fn upper(
    reader: &mut Reader<'_, '_>,
    default: &str,
    max: &str,
) -> Result<Range<Decimal>, JsonError> {
    Ok(Range {
        min: None,
        default: reader.decimal(default)?,
        max: reader.decimal(max)?,
    })
}

fn due_day(reader: &mut Reader<'_, '_>) -> Result<u8, JsonError> {
    let (kind, period) = ("repayment_date_type", "repayment_date_period");
    let day: Option<u8> = reader.whole(period)?;
    let given = reader.text(kind)?;
    let due = match (given, day) {
        (Some("day_of_month"), Some(day)) => return Ok(day),
        (Some("day_of_month"), None) => return Err(reader.refuse(period, "a day of the month")),
        (Some("last_day_of_month"), _) => 31,
        (Some("first_day_of_month") | None, _) => 1,
        (Some(_), _) => {
            let allowed = "day_of_month, last_day_of_month or first_day_of_month";
            return Err(reader.refuse(kind, allowed));
        }
    };
    if given.is_none() {
        reader.note(NoteKind::Assumed, kind, "the first day of the month");
    }
    if day.is_some() {
        let outcome = "left out: payment is due at an end of the month";
        reader.note(NoteKind::Contradiction, period, outcome);
    }
    Ok(due)
}

/// What the document has no field for.
fn billing(reader: &mut Reader<'_, '_>, due: u8) -> RevolvingSettings {
    let outcome = "statements on the first day of the month";
    reader.note(NoteKind::Assumed, "statement_day", outcome);
    let outcome = "the whole balance is due in each cycle";
    reader.note(NoteKind::Assumed, "minimum_payment", outcome);
    let percent = Range::only(Decimal::ONE_HUNDRED);
    RevolvingSettings {
        statement_day: Some(1),
        due: PaymentDay::DayOfMonth(due),
        ..RevolvingSettings::new(RevolvingPrincipal::TotalBalancePercent { percent })
    }
}

fn holidays(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let rules = [
        (
            "last_business_day_before_the_day",
            NonWorkingDayRule::Previous,
        ),
        ("first_business_day_after_the_day", NonWorkingDayRule::Next),
        ("on_day", NonWorkingDayRule::None),
    ];
    let rule = reader.word("repayment_holiday_scheduling", &rules)?;
    product.schedule.non_working_days = rule.unwrap_or(NonWorkingDayRule::None);
    let ends = reader.text("repayment_date_type")?;
    if matches!(ends, Some("last_day_of_month" | "first_day_of_month")) && rule.is_none() {
        // The first or last business day, by the description of the two values.
        product.schedule.non_working_days = if ends == Some("last_day_of_month") {
            NonWorkingDayRule::Previous
        } else {
            NonWorkingDayRule::Next
        };
    }
    let name = "calculate_interest_on_holidays";
    if reader.maybe(name)? == Some(false) {
        let outcome = "left out: interest is charged for every day";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    Ok(())
}

fn fees(reader: &mut Reader<'_, '_>) -> Result<alloc::vec::Vec<PredefinedFee>, JsonError> {
    reader.each("default_fees", |inner| {
        let name = inner.text("name")?.unwrap_or_default();
        let name = match Code::from(name) {
            Ok(code) if !name.trim().is_empty() => code,
            _ => return Err(inner.refuse("name", "a name of at most 24 bytes")),
        };
        let number = either(inner, ["amount", "Amount"], Reader::decimal)?;
        let Some(number) = number else {
            return Err(inner.refuse("amount", "an amount or a percentage"));
        };
        let when = match either(inner, ["event", "Event"], Reader::text)? {
            Some("disbursement") => FeeWhen::DeductedFromDisbursement,
            Some("arrears") => FeeWhen::Arrears,
            Some("default") => FeeWhen::Default,
            Some("manual") => FeeWhen::Manual,
            _ => {
                let allowed = "disbursement, arrears, default or manual";
                return Err(inner.refuse("event", allowed));
            }
        };
        let amount = match inner.text("type")? {
            Some("flat") => FeeAmount::Flat(number),
            // The balance at disbursement is what is drawn.
            Some("percent") if when == FeeWhen::DeductedFromDisbursement => {
                FeeAmount::AmountPercent(number)
            }
            Some("percent") => FeeAmount::BalancePercent(number),
            _ => return Err(inner.refuse("type", "flat or percent")),
        };
        Ok(PredefinedFee {
            tax: None,
            name,
            when,
            amount,
            required: true,
            active: true,
            amortisation: None,
        })
    })
}

/// A member under either of two spellings: the description uses both.
fn either<'n, 'a, T>(
    inner: &mut Reader<'n, 'a>,
    names: [&str; 2],
    read: fn(&mut Reader<'n, 'a>, &str) -> Result<Option<T>, JsonError>,
) -> Result<Option<T>, JsonError> {
    let [first, second] = names;
    let found = read(inner, first)?;
    let other = read(inner, second)?;
    if found.is_some() && other.is_some() {
        let outcome = format!("left out: {first} is given as well");
        inner.note(NoteKind::Contradiction, second, &outcome);
    }
    Ok(found.or(other))
}

/// Settings that its description reserves for term loans, which it does not offer.
fn terms_only(reader: &mut Reader<'_, '_>) -> Result<(), JsonError> {
    let names = [
        "installments",
        "default_grace_instalments",
        "principal_repayment_grace",
        "interest_calculation",
        "early_repayment_recalculation",
    ];
    for name in names {
        if reader.take(name).is_some() {
            let outcome = "left out: a setting of term loans, and this is a revolving credit";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
    }
    reader.not_taken(&["custom_field"], "a field of the other system");
    Ok(())
}
