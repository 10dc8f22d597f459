//! Due dates, principal, grace and rounding of a loan product.

use alloc::{collections::BTreeSet, vec::Vec};

use ledger::Rounding;
use lending_core::{
    dates::{DueDateRule, MonthEnd, NonWorkingDayRule, Period},
    schedule::{ElementRounding, Equalise, Multiple, Residue},
};
use rust_decimal::Decimal;

use crate::{
    JsonError, LoanKind, LoanProduct, Range,
    import::{NoteKind, Reader},
    product::{GraceKind, PrincipalSettings, ScheduleEdit},
};

pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    product: &mut LoanProduct,
) -> Result<(), JsonError> {
    product.schedule.due_dates = due_dates(reader)?;
    let rules = [
        ("NONE", NonWorkingDayRule::None),
        ("NEXT_WORKING_DAY", NonWorkingDayRule::Next),
        ("PREVIOUS_WORKING_DAY", NonWorkingDayRule::Previous),
        ("EXTEND_SCHEDULE", NonWorkingDayRule::Extend),
    ];
    let rule = reader.word("repaymentReschedulingMethod", &rules)?;
    product.schedule.non_working_days = rule.unwrap_or(NonWorkingDayRule::None);
    method(reader, product)?;
    principal(reader, product)?;
    grace(reader, product)?;
    rounding(reader, product)?;
    product.schedule.edits = edits(reader)?;
    Ok(())
}

fn due_dates(reader: &mut Reader<'_, '_>) -> Result<DueDateRule, JsonError> {
    let count = reader.whole::<u32>("defaultRepaymentPeriodCount")?;
    let unit = reader.text("repaymentPeriodUnit")?;
    let days = reader.list("fixedDaysOfMonth")?;
    let days: Vec<u8> = days
        .iter()
        .map(|day| alloc::format!("{day}").parse::<u8>())
        .collect::<Result<_, _>>()
        .map_err(|_| reader.refuse("fixedDaysOfMonth", "days of the month, 1 to 31"))?;
    let short = [
        ("LAST_DAY_IN_MONTH", MonthEnd::Clamp),
        ("FIRST_DAY_OF_NEXT_MONTH", MonthEnd::RollToFirst),
    ];
    let month_end = reader.word("shortMonthHandlingMethod", &short)?;
    let methods = [("INTERVAL", false), ("FIXED_DAYS_OF_MONTH", true)];
    let fixed = reader.word("scheduleDueDatesMethod", &methods)?;
    let fixed = fixed.unwrap_or_default();
    if fixed {
        let named = [("defaultRepaymentPeriodCount", count.is_some_and(|n| n != 1))];
        for (name, given) in named {
            if given {
                let outcome = "left out: instalments fall due on fixed days of the month";
                reader.note(NoteKind::Contradiction, name, outcome);
            }
        }
        return Ok(DueDateRule::FixedDaysOfMonth {
            days,
            month_end: month_end.unwrap_or_default(),
        });
    }
    if !days.is_empty() {
        let outcome = "left out: instalments fall due at an interval";
        reader.note(NoteKind::Contradiction, "fixedDaysOfMonth", outcome);
    }
    let count = count.unwrap_or_else(|| {
        reader.note(NoteKind::Assumed, "defaultRepaymentPeriodCount", "one");
        1
    });
    let every = match unit {
        Some("DAYS") => Period::Days(count),
        Some("WEEKS") => Period::Weeks(count),
        Some("MONTHS") => Period::Months(count),
        Some("YEARS") => Period::Years(count),
        Some(_) => {
            return Err(reader.refuse("repaymentPeriodUnit", "DAYS, WEEKS, MONTHS or YEARS"));
        }
        None => {
            reader.note(NoteKind::Assumed, "repaymentPeriodUnit", "months");
            Period::Months(count)
        }
    };
    Ok(DueDateRule::Interval {
        every,
        month_end: month_end.unwrap_or_default(),
    })
}

/// Whether the schedule is fixed or dynamic follows from the kind of loan.
fn method(reader: &mut Reader<'_, '_>, product: &LoanProduct) -> Result<(), JsonError> {
    let name = "repaymentScheduleMethod";
    let fixed = match reader.text(name)? {
        Some("FIXED") => true,
        Some("DYNAMIC") => false,
        None | Some("NONE") => return Ok(()),
        Some(_) => {
            let outcome = "left out: the value is not known";
            reader.note(NoteKind::Unknown, name, outcome);
            return Ok(());
        }
    };
    let by_kind = match product.kind {
        LoanKind::FixedTerm => Some(true),
        LoanKind::DynamicTerm | LoanKind::Revolving(_) => Some(false),
        LoanKind::InterestFree | LoanKind::Tranched { .. } => None,
    };
    if by_kind.is_some_and(|by_kind| by_kind != fixed) {
        let outcome = "left out: the kind of loan says whether its schedule changes";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    Ok(())
}

fn principal(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let name = "defaultPrincipalRepaymentInterval";
    let every = reader.whole::<u32>(name)?.unwrap_or(1);
    if let PrincipalSettings::EqualPrincipal { every: own } = &mut product.schedule.principal {
        *own = every;
    } else if every != 1 {
        let outcome = "left out: equal instalments repay principal each time";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    let methods = [
        ("STANDARD_PAYMENTS", None),
        (
            "BALLOON_PAYMENTS",
            Some(PrincipalSettings::Balloon {
                percent: Range::default(),
            }),
        ),
        (
            "OPTIMIZED_PAYMENTS",
            Some(PrincipalSettings::EqualInstalments {
                formula: lending_core::schedule::AnnuityFormula::ClosedForm,
                equalise: Equalise::SmallestAmount,
            }),
        ),
        ("PAYMENT_PLAN", Some(PrincipalSettings::PaymentPlan)),
    ];
    if let Some(Some(principal)) = reader.word("amortizationMethod", &methods)? {
        if every != 1 {
            let outcome = "left out: the amortisation method says when principal is repaid";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
        product.schedule.principal = principal;
    }
    Ok(())
}

fn grace(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let kinds = [
        ("NONE", GraceKind::None),
        ("PAY_INTEREST_ONLY", GraceKind::InterestOnly),
        ("INTEREST_FORGIVENESS", GraceKind::InterestFree),
        ("PURE_GRACE", GraceKind::Pure),
    ];
    let kind = reader.word("gracePeriodType", &kinds)?.unwrap_or_default();
    let length: Range<u32> =
        reader.whole_range(["minGracePeriod", "defaultGracePeriod", "maxGracePeriod"])?;
    product.schedule.grace.kind = kind;
    if kind == GraceKind::None {
        if length.most().or(length.min).is_some_and(|most| most > 0) {
            let outcome = "left out: the product has no kind of grace";
            reader.note(NoteKind::Contradiction, "defaultGracePeriod", outcome);
        }
        return Ok(());
    }
    product.schedule.grace.instalments = length;
    Ok(())
}

fn rounding(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let rounding = &mut product.schedule.rounding;
    let remainders = [
        ("NO_ROUNDING", None),
        (
            "ROUND_REMAINDER_INTO_LAST_REPAYMENT",
            Some(Residue::Principal),
        ),
        (
            "ROUND_PRINCIPAL_AND_INTEREST_REMAINDER_INTO_LAST_REPAYMENT",
            Some(Residue::PrincipalAndInterest),
        ),
    ];
    let remainder = reader.word("roundingRepaymentScheduleMethod", &remainders)?;
    let whole = [
        ("NO_ROUNDING", None),
        ("ROUND_TO_NEAREST_WHOLE_UNIT", Some(Rounding::HalfUp)),
        ("ROUND_UP_TO_NEAREST_WHOLE_UNIT", Some(Rounding::Up)),
    ];
    let whole = reader.word("repaymentCurrencyRounding", &whole)?.flatten();
    let elements = [
        ("NO_ROUNDING", ElementRounding::Each),
        ("PAYMENT_DUE", ElementRounding::Total),
        ("ROUND_ALL", ElementRounding::WholeUnits),
    ];
    let elements = reader.word("repaymentElementsRoundingMethod", &elements)?;
    rounding.residue = remainder.flatten().unwrap_or_default();
    if remainder == Some(None) && whole.is_none() {
        rounding.elements = ElementRounding::Unrounded;
        return Ok(());
    }
    match (whole, elements.unwrap_or_default()) {
        (None, ElementRounding::Each) => {}
        (None, _) => {
            let outcome = "left out: amounts are not rounded to whole units";
            let name = "repaymentElementsRoundingMethod";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
        (Some(_), ElementRounding::Each) => {
            let outcome = "left out: neither the elements nor their total are rounded";
            let name = "repaymentCurrencyRounding";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
        (Some(mode), elements) => {
            rounding.elements = elements;
            rounding.multiple = Some(Multiple {
                of: Decimal::ONE,
                mode,
            });
        }
    }
    Ok(())
}

fn edits(reader: &mut Reader<'_, '_>) -> Result<BTreeSet<ScheduleEdit>, JsonError> {
    let name = "repaymentScheduleEditOptions";
    let known = [
        ("ADJUST_PAYMENT_DATES", ScheduleEdit::DueDates),
        ("ADJUST_PRINCIPAL_PAYMENT_SCHEDULE", ScheduleEdit::Principal),
        ("ADJUST_INTEREST_PAYMENT_SCHEDULE", ScheduleEdit::Interest),
        ("ADJUST_FEE_PAYMENT_SCHEDULE", ScheduleEdit::Fees),
        ("ADJUST_PENALTY_PAYMENT_SCHEDULE", ScheduleEdit::Penalties),
        (
            "ADJUST_NUMBER_OF_INSTALLMENTS",
            ScheduleEdit::NumberOfInstalments,
        ),
        ("ADJUST_PAYMENT_HOLIDAYS", ScheduleEdit::PaymentHolidays),
    ];
    let mut edits = BTreeSet::new();
    for node in reader.list(name)? {
        let text = alloc::format!("{node}");
        match known.iter().find(|(word, _)| *word == text) {
            Some((_, edit)) => {
                edits.insert(*edit);
            }
            None => {
                let outcome = alloc::format!("{text} is left out: the value is not known");
                reader.note(NoteKind::Unknown, name, &outcome);
            }
        }
    }
    Ok(edits)
}
