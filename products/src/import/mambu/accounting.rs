//! Accounting: the method, posting rules, how accrued interest is posted.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use ledger::{
    GlCode,
    posting_rules::{AccountingMethod, FinancialResource, PostingRule, PostingRules},
};

use super::INTERNAL;
use crate::{
    JsonError,
    import::{NoteKind, Reader},
    product::{AccrualDetail, AccrualPosting},
};

pub(super) fn rules(
    reader: &mut Reader<'_, '_>,
    rules: &str,
    fees: &[(String, String)],
    more: Vec<PostingRule>,
) -> Result<PostingRules, JsonError> {
    let methods = [
        ("NONE", AccountingMethod::None),
        ("CASH", AccountingMethod::Cash),
        ("ACCRUAL", AccountingMethod::Accrual),
    ];
    let method = reader.word("accountingMethod", &methods)?;
    if method.is_none() {
        let outcome = "no accounting";
        reader.note(NoteKind::Assumed, "accountingMethod", outcome);
    }
    let method = method.unwrap_or(AccountingMethod::None);
    let found = reader.each(rules, |inner| posting_rule(inner, fees))?;
    // A rule of a fee may stand with the product and with the fee.
    let mut all: Vec<PostingRule> = Vec::new();
    for rule in found.into_iter().flatten().chain(more) {
        if !all.contains(&rule) {
            all.push(rule);
        }
    }
    if method == AccountingMethod::None && !all.is_empty() {
        let outcome = "left out: the product is not accounted for";
        reader.note(NoteKind::Contradiction, rules, outcome);
        all.clear();
    }
    PostingRules::new(method, all).map_err(|error| reader.refuse(rules, &error.to_string()))
}

/// One rule: which account stands for which resource.
pub(super) fn posting_rule(
    inner: &mut Reader<'_, '_>,
    fees: &[(String, String)],
) -> Result<Option<PostingRule>, JsonError> {
    inner.not_taken(
        &["encodedKey", "index", "productKey", "productType"],
        INTERNAL,
    );
    let resource = inner.text("financialResource")?.unwrap_or_default();
    let known = FinancialResource::ALL
        .into_iter()
        .find(|known| known.as_str() == resource);
    let account = inner.inside("account", |account| account_code(account, known))?;
    let channel = inner.text("transactionChannelKey")?;
    if channel.is_some() {
        let outcome = "the channel is named by its key";
        inner.note(NoteKind::Assumed, "transactionChannelKey", outcome);
    }
    let fee = inner.text("predefinedFeeKey")?;
    let Some(resource) = known else {
        let outcome = "the rule is left out: the resource is not known";
        inner.note(NoteKind::Unknown, "financialResource", outcome);
        return Ok(None);
    };
    let Some(account) = account else {
        return Err(inner.refuse("account", "an account of the chart"));
    };
    let mut rule = PostingRule::new(resource, account);
    if let Some(key) = fee {
        let Some((_, name)) = fees.iter().find(|(own, _)| own == key) else {
            let outcome = "the rule is left out: the product has no such fee";
            inner.note(NoteKind::Contradiction, "predefinedFeeKey", outcome);
            return Ok(None);
        };
        rule = rule.for_fee(name.clone());
    }
    if let Some(key) = channel {
        rule = rule.for_channel(key);
    }
    Ok(Some(rule))
}

/// The code of an account. Its name and type stand in the chart of accounts; a type that does not
/// fit the resource is noted.
fn account_code(
    account: &mut Reader<'_, '_>,
    resource: Option<FinancialResource>,
) -> Result<GlCode, JsonError> {
    let code = account.text("glCode")?.unwrap_or_default();
    let kind = account.text("type")?;
    if let (Some(kind), Some(resource)) = (kind, resource) {
        let allowed = resource.allowed_types();
        let fits = allowed
            .iter()
            .any(|own| format!("{own:?}").to_uppercase() == kind);
        if !fits {
            let name = resource.as_str();
            let outcome = format!("taken all the same: {name} needs one of {allowed:?}");
            account.note(NoteKind::Contradiction, "type", &outcome);
        }
    }
    if account.text("usage")? == Some("HEADER") {
        let outcome = "taken all the same: only detail accounts can be posted to";
        account.note(NoteKind::Contradiction, "usage", outcome);
    }
    let chart = [
        "encodedKey",
        "creationDate",
        "lastModifiedDate",
        "name",
        "description",
        "activated",
        "allowManualJournalEntries",
        "stripTrailingZeros",
        "currency",
        "balance",
        "migrationEvent",
    ];
    account.not_taken(&chart, "the chart of accounts says so itself");
    code.parse()
        .map_err(|_| account.refuse("glCode", "a code of an account"))
}

pub(super) fn accruals(
    reader: &mut Reader<'_, '_>,
    method: AccountingMethod,
) -> Result<(AccrualPosting, AccrualDetail), JsonError> {
    let posting_name = "interestAccruedAccountingMethod";
    let posting = [
        ("NONE", AccrualPosting::WhenApplied),
        ("DAILY", AccrualPosting::Daily),
        ("END_OF_MONTH", AccrualPosting::MonthEnd),
    ];
    let posting = reader.word(posting_name, &posting)?;
    let detail = [
        ("NONE", AccrualDetail::PerAccount),
        ("BREAKDOWN_PER_ACCOUNT", AccrualDetail::PerAccount),
        ("AGGREGATED_AMOUNT", AccrualDetail::PerProductAndBranch),
    ];
    let detail_name = "interestAccrualCalculation";
    let detail = reader.word(detail_name, &detail)?;
    if method != AccountingMethod::Accrual {
        let named = [
            (
                posting_name,
                posting.is_some_and(|given| given != AccrualPosting::WhenApplied),
            ),
            (
                detail_name,
                detail.is_some_and(|given| given != AccrualDetail::PerAccount),
            ),
        ];
        for (name, given) in named {
            if given {
                let outcome = "left out: it needs accrual accounting";
                reader.note(NoteKind::Contradiction, name, outcome);
            }
        }
        return Ok(Default::default());
    }
    if posting.is_none() {
        reader.note(NoteKind::Assumed, posting_name, "every day");
    }
    Ok((posting.unwrap_or_default(), detail.unwrap_or_default()))
}
