//! What loan products and savings products have in common.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use ledger::{
    BranchCode, GlCode,
    posting_rules::{AccountingMethod, FinancialResource, PostingRule, PostingRules},
};
use lending_core::{
    dates::Period,
    day_count::DayCount,
    ids::ProductId,
    schedule::{BalanceTier, ChargeFrequency, TierPart},
};
use rust_decimal::Decimal;

use super::INTERNAL;
use crate::{
    Availability, HolderKind, JsonError, Range,
    id_pattern::{Dialect, NumberPattern, NumberScheme},
    import::{ImportContext, NoteKind, Reader},
    product::{
        AccountSettings, AccountState, AccrualDetail, AccrualPosting, CreditLineRequirement,
        DayTier, DocumentKind, DocumentTemplate, PricingSettings,
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

/// Rate, frequency and tiers of an interest setting.
pub(super) struct RateSettings {
    pub(super) rate: Range<Decimal>,
    pub(super) per: ChargeFrequency,
    pub(super) pricing: PricingSettings,
    pub(super) after_maturity: Option<bool>,
}

pub(super) fn rate_settings(reader: &mut Reader<'_, '_>) -> Result<RateSettings, JsonError> {
    reader.not_taken(&["encodedKey"], INTERNAL);
    let rate = reader.range(["minInterestRate", "defaultInterestRate", "maxInterestRate"])?;
    let name = "interestChargeFrequencyCount";
    let count = reader.whole::<u32>(name)?;
    let per = [
        ("ANNUALIZED", ChargeFrequency::Year),
        ("EVERY_MONTH", ChargeFrequency::Month),
        ("EVERY_FOUR_WEEKS", ChargeFrequency::FourWeeks),
        ("EVERY_WEEK", ChargeFrequency::Week),
        ("EVERY_DAY", ChargeFrequency::Day),
        ("EVERY_X_DAYS", ChargeFrequency::Days(count.unwrap_or(0))),
    ];
    let per = reader
        .word("interestChargeFrequency", &per)?
        .unwrap_or_default();
    if count.is_some_and(|count| count != 1) && !matches!(per, ChargeFrequency::Days(_)) {
        let outcome = "left out: a count belongs to EVERY_X_DAYS only";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    let after_maturity = reader.maybe("accrueInterestAfterMaturity")?;
    let pricing = pricing(reader)?;
    Ok(RateSettings {
        rate,
        per,
        pricing,
        after_maturity,
    })
}

const INDEX_NAMES: [&str; 5] = [
    "indexSourceKey",
    "interestRateReviewCount",
    "interestRateReviewUnit",
    "interestRateFloorValue",
    "interestRateCeilingValue",
];

/// Which of several pricings a document means.
#[derive(Clone, Copy, PartialEq)]
enum Terms {
    Fixed,
    ByBalance,
    ByDays,
}

fn pricing(reader: &mut Reader<'_, '_>) -> Result<PricingSettings, JsonError> {
    let sources = [
        ("FIXED_INTEREST_RATE", false),
        ("INDEX_INTEREST_RATE", true),
    ];
    let indexed = reader
        .word("interestRateSource", &sources)?
        .unwrap_or_default();
    let terms = [
        ("FIXED", Terms::Fixed),
        ("TIERED", Terms::ByBalance),
        ("TIERED_PERIOD", Terms::ByDays),
    ];
    let terms = reader
        .word("interestRateTerms", &terms)?
        .unwrap_or(Terms::Fixed);
    let tiers = reader.each("interestRateTiers", |inner| {
        inner.not_taken(&["encodedKey", "index"], INTERNAL);
        let percent = inner.decimal("interestRate")?;
        let Some(percent) = percent else {
            return Err(inner.refuse("interestRate", "the rate of the tier"));
        };
        let tier = (
            inner.decimal("endingBalance")?,
            inner.whole::<u32>("endingDay")?,
            percent,
        );
        let (unused, given) = match terms {
            Terms::ByBalance => ("endingDay", tier.1.is_some()),
            Terms::ByDays => ("endingBalance", tier.0.is_some()),
            Terms::Fixed => ("endingBalance", false),
        };
        if given {
            let outcome = "left out: the tiers are of another sort";
            inner.note(NoteKind::Contradiction, unused, outcome);
        }
        Ok(tier)
    })?;
    if indexed {
        if terms != Terms::Fixed || !tiers.is_empty() {
            let outcome = "left out: the rate comes from an index";
            reader.note(NoteKind::Contradiction, "interestRateTiers", outcome);
        }
        return index(reader);
    }
    for name in INDEX_NAMES {
        if reader.take(name).is_some() {
            let outcome = "left out: the rate does not come from an index";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
    }
    let mut tiers = tiers;
    if let Some((balance, day, _)) = tiers.last_mut()
        && terms != Terms::Fixed
        && (balance.take().is_some() | day.take().is_some())
    {
        let outcome = "the last tier goes on without an end";
        reader.note(NoteKind::Assumed, "interestRateTiers", outcome);
    }
    Ok(match terms {
        Terms::Fixed => {
            if !tiers.is_empty() {
                let outcome = "left out: the rate is fixed";
                reader.note(NoteKind::Contradiction, "interestRateTiers", outcome);
            }
            PricingSettings::Fixed
        }
        Terms::ByBalance => PricingSettings::TieredByBalance {
            tiers: tiers
                .into_iter()
                .map(|(up_to, _, percent)| BalanceTier { up_to, percent })
                .collect(),
            part: TierPart::default(),
        },
        Terms::ByDays => PricingSettings::TieredByDays {
            tiers: tiers
                .into_iter()
                .map(|(_, up_to, percent)| DayTier { up_to, percent })
                .collect(),
        },
    })
}

fn index(reader: &mut Reader<'_, '_>) -> Result<PricingSettings, JsonError> {
    let index = reader.text("indexSourceKey")?.unwrap_or_default().into();
    let count = reader.whole::<u32>("interestRateReviewCount")?;
    if count.is_none() {
        let outcome = "one";
        reader.note(NoteKind::Assumed, "interestRateReviewCount", outcome);
    }
    let count = count.unwrap_or(1);
    let units = [
        ("DAYS", Period::Days(count)),
        ("WEEKS", Period::Weeks(count)),
        ("MONTHS", Period::Months(count)),
    ];
    let review = reader.word("interestRateReviewUnit", &units)?;
    if review.is_none() {
        let outcome = "months";
        reader.note(NoteKind::Assumed, "interestRateReviewUnit", outcome);
    }
    Ok(PricingSettings::Indexed {
        index,
        review: review.unwrap_or(Period::Months(count)),
        floor: reader.decimal("interestRateFloorValue")?,
        ceiling: reader.decimal("interestRateCeilingValue")?,
    })
}

pub(super) fn accounting(
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
