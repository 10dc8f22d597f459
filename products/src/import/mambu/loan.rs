//! What a loan product is: its kind, amounts and numbers.

use lending_core::ids::ProductId;
use rust_decimal::Decimal;

use super::{INTERNAL, charges, interest, payments, schedule, settle, shared};
use crate::{
    JsonError, LoanKind, LoanProduct, Range,
    import::{ImportContext, Imported, NoteKind, Reader},
    json::Node,
    product::{RevolvingPrincipal, RevolvingSettings},
};

pub(super) fn read(
    node: &Node<'_>,
    text: &str,
    context: &ImportContext,
) -> Result<Imported<LoanProduct>, JsonError> {
    let mut reader = Reader::new(node, "")?;
    let (id, name) = shared::identity(&mut reader, "productName")?;
    let mut product = LoanProduct::new(id, &name, context.currency);
    product.description = reader
        .text("productDescription")?
        .unwrap_or_default()
        .into();
    let internal = ["encodedKey", "creationDate", "lastModifiedDate"];
    reader.not_taken(&internal, INTERNAL);
    let active = reader.maybe("activated")?.unwrap_or(true);
    product.kind = kind(&mut reader)?;
    amounts(&mut reader, &mut product)?;
    interest::read(&mut reader, &mut product, context)?;
    schedule::read(&mut reader, &mut product)?;
    payments::read(&mut reader, &mut product, context)?;
    charges::read(&mut reader, &mut product)?;
    shared::availability(&mut reader, &mut product.availability, context)?;
    shared::accounts(&mut reader, &mut product.accounts)?;
    settle::loan(&mut reader, &mut product);
    let notes = reader.finish();
    Ok(Imported {
        product: crate::json::held(text, product, LoanProduct::validate)?,
        active,
        notes,
    })
}

fn kind(reader: &mut Reader<'_, '_>) -> Result<LoanKind, JsonError> {
    let kind = reader.text("loanProductType")?;
    let tranches = reader.whole::<u32>("maxNumberOfDisbursementTranches")?;
    let revolving = revolving(reader, kind == Some("REVOLVING_CREDIT"))?;
    if tranches.is_some_and(|count| count > 1) && kind != Some("TRANCHED_LOAN") {
        let outcome = "left out: only tranched loans are paid out in tranches";
        let name = "maxNumberOfDisbursementTranches";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    Ok(match kind {
        Some("FIXED_TERM_LOAN") => LoanKind::FixedTerm,
        Some("DYNAMIC_TERM_LOAN") => LoanKind::DynamicTerm,
        Some("INTEREST_FREE_LOAN") => LoanKind::InterestFree,
        Some("TRANCHED_LOAN") => LoanKind::Tranched {
            max_tranches: tranches.unwrap_or(1),
        },
        Some("REVOLVING_CREDIT") => LoanKind::Revolving(revolving),
        Some(_) => {
            let allowed = "FIXED_TERM_LOAN, DYNAMIC_TERM_LOAN, INTEREST_FREE_LOAN, TRANCHED_LOAN or \
                           REVOLVING_CREDIT";
            return Err(reader.refuse("loanProductType", allowed));
        }
        None => {
            let outcome = "a fixed term";
            reader.note(NoteKind::Assumed, "loanProductType", outcome);
            LoanKind::FixedTerm
        }
    })
}

fn revolving(reader: &mut Reader<'_, '_>, used: bool) -> Result<RevolvingSettings, JsonError> {
    let name = "principalPaymentSettings";
    let found = reader.inside(name, revolving_settings)?;
    match (&found, used) {
        (Some(_), false) => {
            let outcome = "left out: only revolving loans have a principal due by percentage";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
        (None, true) => {
            let outcome = "the whole balance is due in each cycle";
            reader.note(NoteKind::Assumed, name, outcome);
        }
        _ => {}
    }
    Ok(found.unwrap_or_else(whole_balance))
}

fn whole_balance() -> RevolvingSettings {
    let percent = Range::only(Decimal::ONE_HUNDRED);
    RevolvingSettings::new(RevolvingPrincipal::TotalBalancePercent { percent })
}

fn revolving_settings(inner: &mut Reader<'_, '_>) -> Result<RevolvingSettings, JsonError> {
    let mut settings = whole_balance();
    let percent = inner.range(["minPercentage", "defaultPercentage", "maxPercentage"])?;
    let amounts = inner.range(["minAmount", "defaultAmount", "maxAmount"])?;
    let method = inner.text("principalPaymentMethod")?;
    let (flat, by_percent) = (!amounts.is_open(), !percent.is_open());
    settings.principal_due = match method {
        Some("FLAT") => {
            if amounts.min != amounts.max {
                let outcome = "the default amount: a flat principal due is one amount";
                inner.note(NoteKind::Assumed, "minAmount", outcome);
            }
            let amount = amounts.default.or(amounts.min).or(amounts.max);
            let Some(amount) = amount else {
                return Err(inner.refuse("defaultAmount", "an amount"));
            };
            RevolvingPrincipal::Flat { amount }
        }
        Some("OUTSTANDING_PRINCIPAL_PERCENTAGE") => {
            let percent = percent_due(inner, percent)?;
            RevolvingPrincipal::OutstandingPrincipalPercent { percent }
        }
        Some("TOTAL_BALANCE_PERCENTAGE") => {
            let percent = percent_due(inner, percent)?;
            RevolvingPrincipal::TotalBalancePercent { percent }
        }
        Some(_) => {
            let outcome = "left at the whole balance: the value is not known";
            inner.note(NoteKind::Unknown, "principalPaymentMethod", outcome);
            settings.principal_due
        }
        None => {
            let outcome = "the whole balance";
            inner.note(NoteKind::Assumed, "principalPaymentMethod", outcome);
            settings.principal_due
        }
    };
    if flat && method != Some("FLAT") {
        let outcome = "left out: the principal due is a percentage";
        inner.note(NoteKind::Contradiction, "defaultAmount", outcome);
    }
    if by_percent && method == Some("FLAT") {
        let outcome = "left out: the principal due is an amount";
        inner.note(NoteKind::Contradiction, "defaultPercentage", outcome);
    }
    settings.floor = inner.decimal("principalFloorValue")?;
    settings.ceiling = inner.decimal("principalCeilingValue")?;
    settings.floor_includes_interest = inner.flag("includeInterestInFloorAmount")?;
    settings.floor_includes_fees = inner.flag("includeFeesInFloorAmount")?;
    inner.not_taken(&["encodedKey"], INTERNAL);
    Ok(settings)
}

/// A percentage of the product: a request does not name it.
fn percent_due(
    inner: &mut Reader<'_, '_>,
    mut percent: Range<Decimal>,
) -> Result<Range<Decimal>, JsonError> {
    let name = "defaultPercentage";
    if percent.default.is_none() {
        percent.default = percent.min.or(percent.max);
        if percent.default.is_none() {
            return Err(inner.refuse(name, "a percentage"));
        }
        let outcome = "the least allowed, or else the most";
        inner.note(NoteKind::Assumed, name, outcome);
    }
    Ok(percent)
}

fn amounts(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    product.amount = reader.range(["minLoanAmount", "defaultLoanAmount", "maxLoanAmount"])?;
    product.instalments = reader.whole_range([
        "minNumInstallments",
        "defaultNumInstallments",
        "maxNumInstallments",
    ])?;
    let mut offset: Range<i32> = reader.whole_range([
        "minFirstRepaymentDueDateOffset",
        "defaultFirstRepaymentDueDateOffset",
        "maxFirstRepaymentDueDateOffset",
    ])?;
    offset.default = offset
        .default
        .or(Some(0).filter(|zero| offset.contains(*zero)));
    product.schedule.first_due_offset = offset;
    Ok(())
}

/// An identifier of ours for a key of theirs.
pub(super) fn product_key(context: &ImportContext, key: &str) -> Option<ProductId> {
    let known = context.products.get(key).copied();
    known.or_else(|| key.parse().ok())
}
