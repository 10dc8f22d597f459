//! Fees, taxes and accounting of a product.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use ledger::posting_rules::PostingRule;
use lending_core::{dates::Period, loan::Code, schedule::TaxKind};

use super::{INTERNAL, accounting};
use crate::{
    JsonError, LoanProduct,
    import::{NoteKind, Reader},
    product::{
        Amortisation, AmortisationInterval, AmortisationProfile, FeeAmount, FeeWhen,
        MonthlyFeeDate, OnReschedule, PredefinedFee, TaxSettings,
    },
};

pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    product: &mut LoanProduct,
) -> Result<(), JsonError> {
    let found = fees(reader, "loanFees")?;
    product.fees = found.fees;
    product.arbitrary_fees = reader.flag("allowArbitraryFees")?;
    taxes(reader, &mut product.taxes)?;
    product.accounting = accounting::rules(reader, "loanProductRules", &found.keys, found.rules)?;
    let method = product.accounting.method();
    (product.accrual_posting, product.accrual_detail) = accounting::accruals(reader, method)?;
    Ok(())
}

/// Fees, their keys in the other system, and their own accounting rules.
pub(super) struct Fees {
    pub(super) fees: Vec<PredefinedFee>,
    pub(super) keys: Vec<(String, String)>,
    pub(super) rules: Vec<PostingRule>,
}

pub(super) fn fees(reader: &mut Reader<'_, '_>, name: &str) -> Result<Fees, JsonError> {
    let mut keys = Vec::new();
    let mut rules = Vec::new();
    let fees = reader.each(name, |inner| {
        let fee = fee(inner)?;
        let nothing = fee.amount.number().is_some_and(|number| number.is_zero());
        let own: String = fee.name.as_str().to_string();
        let key = inner.text("encodedKey")?;
        if let Some(key) = key {
            keys.push((key.to_string(), own.clone()));
            inner.note(NoteKind::NotTaken, "encodedKey", INTERNAL);
        }
        let named: Vec<(String, String)> = key
            .map(|key| (key.to_string(), own.clone()))
            .into_iter()
            .collect();
        let mine = inner.each("feeProductRules", |rule| {
            accounting::posting_rule(rule, &named)
        })?;
        rules.extend(
            mine.into_iter()
                .flatten()
                .map(|rule| rule.for_fee(own.clone())),
        );
        if nothing {
            let outcome = "the fee is left out: it is nothing";
            inner.note(NoteKind::NotTaken, "amount", outcome);
        }
        Ok((!nothing).then_some(fee))
    })?;
    let fees: Vec<PredefinedFee> = fees.into_iter().flatten().collect();
    rules.retain(|rule: &PostingRule| {
        let named = rule.fee.as_deref();
        named.is_none_or(|named| fees.iter().any(|fee| fee.name.as_str() == named))
    });
    Ok(Fees { fees, keys, rules })
}

fn fee(inner: &mut Reader<'_, '_>) -> Result<PredefinedFee, JsonError> {
    inner.not_taken(&["creationDate"], INTERNAL);
    let name = inner.text("name")?.unwrap_or_default();
    let name = match Code::from(name) {
        Ok(code) if !name.trim().is_empty() => code,
        _ => return Err(inner.refuse("name", "a name of at most 24 bytes")),
    };
    let monthly = [
        ("MONTHLY_FROM_ACTIVATION", MonthlyFeeDate::FromActivation),
        ("FIRST_OF_EVERY_MONTH", MonthlyFeeDate::FirstOfMonth),
    ];
    let date = inner.word("applyDateMethod", &monthly)?;
    let triggers = [
        ("MANUAL", FeeWhen::Manual),
        ("ARBITRARY", FeeWhen::ManualAnyAmount),
        ("DISBURSEMENT", FeeWhen::DeductedFromDisbursement),
        (
            "CAPITALIZED_DISBURSEMENT",
            FeeWhen::CapitalisedAtDisbursement,
        ),
        ("UPFRONT_DISBURSEMENT", FeeWhen::FirstInstalment),
        ("LATE_REPAYMENT", FeeWhen::LatePayment),
        ("PAYMENT_DUE", FeeWhen::EveryInstalment),
        ("PAYMENT_DUE_APPLIED_ON_DUE_DATES", FeeWhen::EveryDueDate),
        ("MONTHLY_FEE", FeeWhen::Monthly(date.unwrap_or_default())),
    ];
    let when = inner.word("trigger", &triggers)?;
    let Some(when) = when else {
        return Err(inner.refuse("trigger", "a trigger that is known"));
    };
    if date.is_some() && !matches!(when, FeeWhen::Monthly(_)) {
        let outcome = "left out: the fee is not a monthly one";
        inner.note(NoteKind::Contradiction, "applyDateMethod", outcome);
    }
    let amount = amount(inner, when)?;
    let applications = [("REQUIRED", true), ("OPTIONAL", false)];
    let required = inner.word("feeApplication", &applications)?;
    let active = inner.maybe("active")?.unwrap_or(true);
    Ok(PredefinedFee {
        tax: None,
        name,
        when,
        amount,
        required: required.unwrap_or(true),
        active,
        amortisation: amortisation(inner)?,
    })
}

fn amount(inner: &mut Reader<'_, '_>, when: FeeWhen) -> Result<FeeAmount, JsonError> {
    let flat = inner.decimal("amount")?;
    let percent = inner.decimal("percentageAmount")?;
    let method = inner.text("amountCalculationMethod")?.unwrap_or("FLAT");
    if when == FeeWhen::ManualAnyAmount {
        let named = [("amount", flat), ("percentageAmount", percent)];
        for (name, given) in named {
            if given.is_some_and(|given| !given.is_zero()) {
                let outcome = "left out: staff choose the amount";
                inner.note(NoteKind::Contradiction, name, outcome);
            }
        }
        return Ok(FeeAmount::Given);
    }
    let (is_flat, make): (bool, fn(rust_decimal::Decimal) -> FeeAmount) = match method {
        "FLAT" => (true, FeeAmount::Flat),
        "FLAT_NUMBER_OF_INSTALLMENTS" => (true, FeeAmount::FlatDivided),
        "LOAN_AMOUNT_PERCENTAGE" => (false, FeeAmount::AmountPercent),
        "LOAN_AMOUNT_PERCENTAGE_NUMBER_OF_INSTALLMENTS" => (false, FeeAmount::AmountPercentDivided),
        "REPAYMENT_PRINCIPAL_AMOUNT_PERCENTAGE" => (false, FeeAmount::InstalmentPrincipalPercent),
        _ => return Err(inner.refuse("amountCalculationMethod", "a method that is known")),
    };
    let (name, number, other_name, other) = if is_flat {
        ("amount", flat, "percentageAmount", percent)
    } else {
        ("percentageAmount", percent, "amount", flat)
    };
    // A percentage may stand in the amount as well.
    let (number, other) = match (is_flat, number) {
        (false, None) => (other, None),
        (_, number) => (number, other),
    };
    if other.is_some_and(|other| !other.is_zero()) {
        let outcome = "left out: the fee is calculated another way";
        inner.note(NoteKind::Contradiction, other_name, outcome);
    }
    number
        .map(make)
        .ok_or_else(|| inner.refuse(name, "the number the fee is calculated with"))
}

fn amortisation(inner: &mut Reader<'_, '_>) -> Result<Option<Amortisation>, JsonError> {
    let profiles = [
        ("NONE", None),
        ("STRAIGHT_LINE", Some(AmortisationProfile::StraightLine)),
        (
            "SUM_OF_YEARS_DIGITS",
            Some(AmortisationProfile::SumOfYearsDigits),
        ),
        (
            "EFFECTIVE_INTEREST_RATE",
            Some(AmortisationProfile::EffectiveInterestRate),
        ),
    ];
    let profile = inner.word("amortizationProfile", &profiles)?.flatten();
    let options = [
        (
            "END_AMORTIZATION_ON_THE_ORIGINAL_ACCOUNT",
            OnReschedule::End,
        ),
        (
            "CONTINUE_AMORTIZATION_ON_THE_RESCHEDULED_REFINANCED_ACCOUNT",
            OnReschedule::Continue,
        ),
    ];
    let on_reschedule = inner.word("feeAmortizationUponRescheduleOption", &options)?;
    let name = "amortizationIntervalSettings";
    let interval = inner.inside(name, interval)?;
    let Some(profile) = profile else {
        if interval.is_some() {
            let outcome = "left out: the fee is not amortised";
            inner.note(NoteKind::Contradiction, name, outcome);
        }
        return Ok(None);
    };
    if interval.is_none() {
        let outcome = "on due dates, over the whole term";
        inner.note(NoteKind::Assumed, name, outcome);
    }
    let (interval, intervals) = interval.unwrap_or((AmortisationInterval::DueDates, None));
    Ok(Some(Amortisation {
        profile,
        interval,
        intervals,
        on_reschedule: on_reschedule.unwrap_or_default(),
    }))
}

fn interval(inner: &mut Reader<'_, '_>) -> Result<(AmortisationInterval, Option<u32>), JsonError> {
    inner.not_taken(&["encodedKey"], INTERNAL);
    let count = inner.whole::<u32>("periodCount")?;
    let unit = inner.text("periodUnit")?;
    let intervals = inner.whole::<u32>("intervalCount")?;
    let kinds = [("FULL_TERM", false), ("PREDEFINED_INTERVALS", true)];
    let counted = inner.word("intervalType", &kinds)?.unwrap_or_default();
    if !counted && intervals.is_some_and(|count| count > 0) {
        let outcome = "left out: the fee is amortised over the whole term";
        inner.note(NoteKind::Contradiction, "intervalCount", outcome);
    }
    let intervals = intervals.filter(|_| counted);
    let frequency = inner.text("frequency")?;
    let custom = frequency == Some("CUSTOM_INTERVAL");
    let interval = match frequency {
        Some("ACCOUNT_INSTALLMENTS_DUE_DATES") => AmortisationInterval::DueDates,
        Some("ACCOUNT_INSTALLMENTS_DUE_DATES_DAILY_BOOKING") => AmortisationInterval::DueDatesDaily,
        Some("CUSTOM_INTERVAL") => {
            let count = count.unwrap_or(1);
            AmortisationInterval::Every(match unit {
                Some("DAYS") => Period::Days(count),
                Some("WEEKS") => Period::Weeks(count),
                Some("MONTHS") => Period::Months(count),
                Some("YEARS") => Period::Years(count),
                _ => {
                    return Err(inner.refuse("periodUnit", "DAYS, WEEKS, MONTHS or YEARS"));
                }
            })
        }
        given => {
            let (kind, outcome) = match given {
                Some(_) => (NoteKind::Unknown, "on due dates: the value is not known"),
                None => (NoteKind::Assumed, "on due dates"),
            };
            inner.note(kind, "frequency", outcome);
            AmortisationInterval::DueDates
        }
    };
    if !custom && (count.is_some_and(|count| count > 0) || unit.is_some()) {
        let outcome = "left out: the fee is amortised on due dates";
        inner.note(NoteKind::Contradiction, "periodCount", outcome);
    }
    Ok((interval, intervals))
}

fn taxes(reader: &mut Reader<'_, '_>, taxes: &mut TaxSettings) -> Result<(), JsonError> {
    taxes.on_interest = reader.flag("taxesOnInterestEnabled")?;
    taxes.on_fees = reader.flag("taxesOnFeesEnabled")?;
    taxes.on_penalties = reader.flag("taxesOnPenaltyEnabled")?;
    let source = reader.text("taxSourceKey")?;
    let kinds = [
        ("INCLUSIVE", TaxKind::Inclusive),
        ("EXCLUSIVE", TaxKind::Exclusive),
    ];
    let kind = reader.word("taxCalculationMethod", &kinds)?;
    taxes.kind = kind.unwrap_or_default();
    if taxes.is_taxed() {
        taxes.source = source.map(ToString::to_string);
        return Ok(());
    }
    let named = [
        ("taxSourceKey", source.is_some()),
        ("taxCalculationMethod", kind.is_some()),
    ];
    for (name, given) in named {
        if given {
            let outcome = "left out: nothing is taxed";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
    }
    taxes.kind = TaxKind::default();
    Ok(())
}
