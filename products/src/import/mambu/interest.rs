//! Interest of a loan product.

use lending_core::schedule::InterestDays;
use rust_decimal::Decimal;

use super::{INTERNAL, rates, shared};
use crate::{
    JsonError, LoanProduct,
    import::{ImportContext, Reader},
    product::{InterestApplication, InterestKind, InterestMethod, PrincipalSettings},
};

pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    product: &mut LoanProduct,
    context: &ImportContext,
) -> Result<(), JsonError> {
    let methods = [
        ("FLAT", (InterestMethod::Flat, true)),
        ("DECLINING_BALANCE", (InterestMethod::Declining, true)),
        (
            "DECLINING_BALANCE_DISCOUNTED",
            (InterestMethod::Declining, false),
        ),
    ];
    let method = reader.word("interestCalculationMethod", &methods)?;
    let (method, equal_principal) = method.unwrap_or((InterestMethod::Declining, true));
    let interest = &mut product.interest;
    interest.method = method;
    if equal_principal {
        product.schedule.principal = PrincipalSettings::EqualPrincipal { every: 1 };
    }
    let kinds = [
        ("SIMPLE_INTEREST", InterestKind::Simple),
        ("CAPITALIZED_INTEREST", InterestKind::Capitalised),
        ("COMPOUNDING_INTEREST", InterestKind::Compound),
    ];
    interest.kind = reader.word("interestType", &kinds)?.unwrap_or_default();
    let balances = [("PRINCIPAL_ONLY", false), ("PRINCIPAL_AND_INTEREST", true)];
    let balance = reader.word("interestBalanceCalculationMethod", &balances)?;
    interest.on_unpaid_interest = balance.unwrap_or_default();
    let applications = [
        ("ON_DISBURSEMENT", InterestApplication::OnDisbursement),
        ("ON_REPAYMENT", InterestApplication::OnDueDate),
        ("ON_DUE_DATE", InterestApplication::OnDueDate),
    ];
    let application = reader.word("interestApplicationMethod", &applications)?;
    interest.application = application.unwrap_or_default();
    interest.day_count = shared::day_count(reader, "daysInYear", context)?;
    let days = [
        ("USING_REPAYMENT_PERIODICITY", InterestDays::Nominal),
        ("USING_ACTUAL_DAYS_COUNT", InterestDays::Counted),
    ];
    let days = reader.word("scheduleInterestDaysCountMethod", &days)?;
    interest.days = days.unwrap_or_default();
    interest.on_overdue_principal = reader.maybe("accrueLateInterest")?;
    let rate = reader.inside("interestRateSettings", rates::rate_settings)?;
    if let Some(rate) = rate {
        interest.rate = rate.rate;
        interest.per = rate.per;
        interest.pricing = rate.pricing;
        interest.after_maturity = rate.after_maturity;
    }
    offset(reader, product)
}

fn offset(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let whole = reader.decimal("offsetPercentage")?;
    let inside = reader.inside("offsetSettings", |inner| {
        inner.not_taken(&["encodedKey"], INTERNAL);
        Ok((
            inner.flag("isOffsetEnabled")?,
            inner.decimal("offsetPercentage")?,
        ))
    })?;
    if let Some((enabled, percent)) = inside {
        let percent = percent.or(whole).unwrap_or(Decimal::ONE_HUNDRED);
        product.interest.offset_percent = enabled.then_some(percent);
    } else if let Some(percent) = whole.filter(|percent| !percent.is_zero()) {
        product.interest.offset_percent = Some(percent);
    }
    Ok(())
}
