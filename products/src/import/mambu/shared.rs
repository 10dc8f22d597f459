//! What loan products and savings products have in common.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
};

use ledger::BranchCode;
use lending_core::{day_count::DayCount, ids::ProductId};

use super::INTERNAL;
use crate::{
    Availability, HolderKind, JsonError,
    id_pattern::{Dialect, NumberPattern, NumberScheme},
    import::{ImportContext, NoteKind, Reader},
    product::{
        AccountSettings, AccountState, CreditLineRequirement, DocumentKind, DocumentTemplate,
    },
};

pub(super) fn identity(
    reader: &mut Reader<'_, '_>,
    name: &str,
) -> Result<(ProductId, String), JsonError> {
    let text = reader.text("id")?.unwrap_or_default();
    let id: ProductId = match text.parse() {
        Ok(id) => id,
        Err(error) => return Err(reader.refuse("id", &error.to_string())),
    };
    let name = reader.text(name)?.unwrap_or(text);
    Ok((id, name.into()))
}

pub(super) fn day_count(
    reader: &mut Reader<'_, '_>,
    name: &str,
    context: &ImportContext,
) -> Result<DayCount, JsonError> {
    let words = [
        ("ACTUAL_365_FIXED", DayCount::Act365Fixed),
        ("ACTUAL_364", DayCount::Act364),
        ("ACTUAL_360", DayCount::Act360),
        ("ACTUAL_ACTUAL_ISDA", DayCount::ActActIsda),
        ("E30_360", DayCount::Thirty360EIsda),
        ("BUS_252", DayCount::Bus252),
    ];
    let Some(text) = reader.text(name)? else {
        return Ok(DayCount::default());
    };
    if let Some((_, known)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*known);
    }
    let Some(given) = context.day_counts.get(text) else {
        let allowed = "a convention whose rule is published, or one that the import is told";
        return Err(reader.refuse(name, allowed));
    };
    let outcome = format!("{given}, as the import was told");
    reader.note(NoteKind::Assumed, name, &outcome);
    Ok(*given)
}

pub(super) fn availability(
    reader: &mut Reader<'_, '_>,
    available: &mut Availability,
    context: &ImportContext,
) -> Result<(), JsonError> {
    let holders = [
        ("forIndividuals", HolderKind::Individual),
        ("forPureGroups", HolderKind::Group),
        ("forGroups", HolderKind::Group),
        ("forHybridGroups", HolderKind::SolidarityGroup),
    ];
    let mut named = false;
    let mut allowed = BTreeSet::new();
    for (name, holder) in holders {
        if let Some(flag) = reader.maybe(name)? {
            named = true;
            if flag {
                allowed.insert(holder);
            }
        }
    }
    if named {
        available.holders = allowed;
    } else {
        let outcome = "sold to individuals";
        reader.note(NoteKind::Assumed, "forIndividuals", outcome);
    }
    let everywhere = reader.maybe("forAllBranches")?;
    let name = "availableProductBranches";
    let branches = reader.each(name, |inner| {
        inner.not_taken(&["encodedKey", "product"], INTERNAL);
        let key = inner.text("branchKey")?.unwrap_or_default();
        let known = context.branches.get(key).copied();
        let branch: Option<BranchCode> = known.or_else(|| key.parse().ok());
        branch.ok_or_else(|| inner.refuse("branchKey", "a branch, by its key or as a code"))
    })?;
    match everywhere {
        Some(false) => available.branches = Some(branches.into_iter().collect()),
        _ if branches.is_empty() => {}
        _ => {
            let outcome = "left out: sold in all branches";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
    }
    Ok(())
}

pub(super) fn accounts(
    reader: &mut Reader<'_, '_>,
    accounts: &mut AccountSettings,
) -> Result<(), JsonError> {
    accounts.numbers = numbers(reader)?;
    let states = [
        ("PARTIAL_APPLICATION", AccountState::PartialApplication),
        ("PENDING_APPROVAL", AccountState::PendingApproval),
        ("APPROVED", AccountState::Approved),
    ];
    let state = reader.word("accountInitialState", &states)?;
    accounts.initial_state = state.unwrap_or_default();
    let lines = [
        ("OPTIONAL", CreditLineRequirement::Optional),
        ("REQUIRED", CreditLineRequirement::Required),
        ("NOT_REQUIRED", CreditLineRequirement::NotAllowed),
    ];
    let line = reader.word("lineOfCreditRequirement", &lines)?;
    accounts.credit_line = line.unwrap_or_default();
    accounts.dormant_after_days = reader.whole("dormancyPeriodDays")?;
    let documents = reader.each("templates", |inner| {
        inner.not_taken(
            &["encodedKey", "creationDate", "lastModifiedDate"],
            INTERNAL,
        );
        let kinds = [
            ("ACCOUNT", DocumentKind::Account),
            (
                "ACCOUNT_WITH_TRANSACTIONS",
                DocumentKind::AccountWithTransactions,
            ),
            ("TRANSACTION", DocumentKind::Transaction),
        ];
        let kind = inner.word("type", &kinds)?;
        let name = inner.text("name")?.unwrap_or_default().into();
        Ok(kind.map(|kind| DocumentTemplate { name, kind }))
    })?;
    accounts.documents = documents.into_iter().flatten().collect();
    Ok(())
}

fn numbers(reader: &mut Reader<'_, '_>) -> Result<NumberScheme, JsonError> {
    let pattern = reader.text("idPattern")?;
    let random = [("INCREMENTAL_NUMBER", false), ("RANDOM_PATTERN", true)];
    let random = reader.word("idGeneratorType", &random)?;
    if random != Some(true) {
        let start = pattern.and_then(|pattern| pattern.parse().ok());
        if pattern.is_some() && start.is_none() {
            let outcome = "left out: account numbers are counted";
            reader.note(NoteKind::Contradiction, "idPattern", outcome);
        }
        return Ok(NumberScheme::Incremental {
            first: start.unwrap_or(1),
        });
    }
    let pattern = NumberPattern::new(pattern.unwrap_or_default(), Dialect::IdPattern);
    pattern
        .map(NumberScheme::Pattern)
        .map_err(|error| reader.refuse("idPattern", &error.to_string()))
}
