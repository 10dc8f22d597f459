//! Savings products.

use alloc::{collections::BTreeSet, format, vec::Vec};

use super::{INTERNAL, accounting, charges, rates, settle, shared};
use crate::{
    JsonError, Range,
    deposit::{
        BalanceUsed, DepositInterest, DepositKind, DepositProduct, InterestPaid, MaturitySettings,
        MaturityUnit, OverdraftInterest, OverdraftSettings, WithholdingTax,
    },
    import::{ImportContext, Imported, NoteKind, Reader},
    json::Node,
    product::{DayOfYear, FeeAmount, FeeWhen, PredefinedFee, PricingSettings},
};
use rust_decimal::Decimal;

/// The name under which a product's withholding tax asks for its rate: Mambu keeps the rate with
/// the account.
const TAX_SOURCE: &str = "WITHHOLDING_TAX_RATE";

pub(super) fn read(
    node: &Node<'_>,
    text: &str,
    context: &ImportContext,
) -> Result<Imported<DepositProduct>, JsonError> {
    let mut reader = Reader::new(node, "")?;
    let (id, name) = shared::identity(&mut reader, "name")?;
    let kind = kind(&mut reader)?;
    let mut product = DepositProduct::new(id, &name, kind, context.currency);
    product.description = reader.text("description")?.unwrap_or_default().into();
    reader.not_taken(
        &["encodedKey", "creationDate", "lastModifiedDate"],
        INTERNAL,
    );
    let active = reader.maybe("activated")?.unwrap_or(true);
    currencies(&mut reader, &mut product)?;
    limits(&mut reader, &mut product)?;
    product.maturity = maturity(&mut reader)?;
    product.interest = interest(&mut reader, context)?;
    product.overdraft = overdraft(&mut reader, context)?;
    product.technical_overdraft = reader.flag("allowTechnicalOverdraft")?;
    product.offsets_loans = reader.flag("allowOffset")?;
    withholding(&mut reader, &mut product)?;
    let found = charges::fees(&mut reader, "savingsFees")?;
    product.fees = own_fees(&mut reader, found.fees);
    product.arbitrary_fees = reader.flag("allowArbitraryFees")?;
    let rules = "savingsProductRules";
    product.accounting = accounting::rules(&mut reader, rules, &found.keys, found.rules)?;
    let method = product.accounting.method();
    (product.accrual_posting, product.accrual_detail) = accounting::accruals(&mut reader, method)?;
    shared::availability(&mut reader, &mut product.availability, context)?;
    shared::accounts(&mut reader, &mut product.accounts)?;
    settle::deposit(&mut reader, &mut product);
    let notes = reader.finish();
    Ok(Imported {
        product: crate::json::held(text, product, DepositProduct::validate)?,
        active,
        notes,
    })
}

/// Fees of a deposit: what belongs to loans is left out.
fn own_fees(reader: &mut Reader<'_, '_>, fees: Vec<PredefinedFee>) -> Vec<PredefinedFee> {
    let mut own = Vec::with_capacity(fees.len());
    for fee in fees {
        let monthly = matches!(fee.when, FeeWhen::Monthly(_)) || fee.when.is_manual();
        let amount = matches!(
            fee.amount,
            FeeAmount::Flat(_) | FeeAmount::BalancePercent(_) | FeeAmount::Given
        );
        if monthly && amount {
            own.push(fee);
        } else {
            let (name, when) = (fee.name.as_str(), fee.when);
            let outcome = format!(
                "{name:?} is left out: {when:?} {} is for loans",
                fee.amount.as_str()
            );
            reader.note(NoteKind::Contradiction, "savingsFees", &outcome);
        }
    }
    own
}

fn kind(reader: &mut Reader<'_, '_>) -> Result<DepositKind, JsonError> {
    Ok(match reader.text("productType")? {
        Some("REGULAR_SAVINGS") => DepositKind::RegularSavings,
        Some("CURRENT_ACCOUNT") => DepositKind::CurrentAccount,
        Some("FIXED_DEPOSIT") => DepositKind::FixedDeposit,
        Some("SAVINGS_PLAN") => DepositKind::SavingsPlan,
        Some("INVESTOR_ACCOUNT") => DepositKind::InvestorAccount,
        _ => {
            let allowed = "REGULAR_SAVINGS, CURRENT_ACCOUNT, FIXED_DEPOSIT, SAVINGS_PLAN or \
                           INVESTOR_ACCOUNT";
            return Err(reader.refuse("productType", allowed));
        }
    })
}

fn currencies(reader: &mut Reader<'_, '_>, product: &mut DepositProduct) -> Result<(), JsonError> {
    let codes = reader.each("currencies", |inner| {
        let about = [
            "name",
            "symbol",
            "digitsAfterDecimal",
            "currencySymbolPosition",
            "isBaseCurrency",
            "creationDate",
            "lastModifiedDate",
        ];
        inner.not_taken(&about, "the currency says so itself");
        let code = inner.text("code")?.unwrap_or_default();
        ledger::Currency::from_code(code)
            .map_err(|_| inner.refuse("code", "a currency of ISO 4217"))
    })?;
    if codes.is_empty() {
        let outcome = format!("{}, the currency of the import", product_currency(product));
        reader.note(NoteKind::Assumed, "currencies", &outcome);
        return Ok(());
    }
    product.currencies = codes.into_iter().collect();
    Ok(())
}

fn product_currency(product: &DepositProduct) -> &str {
    product
        .currencies
        .first()
        .map_or("none", ledger::Currency::code)
}

fn limits(reader: &mut Reader<'_, '_>, product: &mut DepositProduct) -> Result<(), JsonError> {
    product.opening_balance = reader.range([
        "minOpeningBalance",
        "defaultOpeningBalance",
        "maxOpeningBalance",
    ])?;
    product.recommended_deposit = limit(reader, "recommendedDepositAmount")?;
    product.maximum_balance = limit(reader, "maximumBalance")?;
    product.maximum_withdrawal = limit(reader, "maxWidthdrawlAmount")?;
    Ok(())
}

/// A limit of zero is none.
fn limit(reader: &mut Reader<'_, '_>, name: &str) -> Result<Option<Decimal>, JsonError> {
    let given = reader.decimal(name)?;
    if given == Some(Decimal::ZERO) {
        let outcome = "none: a limit of zero would allow nothing";
        reader.note(NoteKind::Assumed, name, outcome);
        return Ok(None);
    }
    Ok(given)
}

fn maturity(reader: &mut Reader<'_, '_>) -> Result<Option<MaturitySettings>, JsonError> {
    let mut length: Range<u32> = reader.whole_range([
        "minMaturityPeriod",
        "defaultMaturityPeriod",
        "maxMaturityPeriod",
    ])?;
    let units = [
        ("DAYS", MaturityUnit::Days),
        ("WEEKS", MaturityUnit::Weeks),
        ("MONTHS", MaturityUnit::Months),
    ];
    let unit = reader.word("maturityPeriodUnit", &units)?;
    let ends = [length.min, length.default, length.max];
    if ends.iter().all(|end| end.is_none_or(|end| end == 0)) {
        length = Range::default();
    }
    if length.is_open() {
        if unit.is_some() {
            let outcome = "without effect: no length is given";
            reader.note(NoteKind::NotTaken, "maturityPeriodUnit", outcome);
        }
        return Ok(None);
    }
    if unit.is_none() {
        reader.note(NoteKind::Assumed, "maturityPeriodUnit", "months");
    }
    Ok(Some(MaturitySettings {
        unit: unit.unwrap_or_default(),
        length,
    }))
}

const BALANCES: [(&str, BalanceUsed); 3] = [
    ("MINIMUM", BalanceUsed::Minimum),
    ("AVERAGE", BalanceUsed::Average),
    ("END_OF_DAY", BalanceUsed::EndOfDay),
];

fn interest(
    reader: &mut Reader<'_, '_>,
    context: &ImportContext,
) -> Result<Option<DepositInterest>, JsonError> {
    let paid_in = reader.maybe("interestPaidIntoAccount")?;
    let balance = reader.word("interestCalculationBalance", &BALANCES)?;
    let paid = paid(reader)?;
    let while_locked = reader.flag("collectInterestWhenLocked")?;
    let rate = reader.inside("interestRateSettings", rates::rate_settings)?;
    let day_count_name = "interestDaysInYear";
    let Some(rate) = rate else {
        let named = [
            ("interestPaidIntoAccount", paid_in == Some(true)),
            ("collectInterestWhenLocked", while_locked),
        ];
        for (name, given) in named {
            if given {
                let outcome = "left out: the product pays no interest";
                reader.note(NoteKind::Contradiction, name, outcome);
            }
        }
        let plain = [
            day_count_name,
            "interestCalculationBalance",
            "interestPaymentPoint",
        ];
        reader.not_taken(&plain, "without effect: the product pays no interest");
        return Ok(None);
    };
    Ok(Some(DepositInterest {
        rate: rate.rate,
        per: rate.per,
        pricing: rate.pricing,
        balance: balance.unwrap_or_default(),
        day_count: shared::day_count(reader, day_count_name, context)?,
        paid,
        paid_out: !paid_in.unwrap_or(true),
        while_locked,
        after_maturity: rate.after_maturity.unwrap_or_default(),
        from_balance: None,
    }))
}

fn paid(reader: &mut Reader<'_, '_>) -> Result<InterestPaid, JsonError> {
    let name = "interestPaymentDates";
    let days = reader.each(name, |inner| {
        inner.not_taken(&["year"], "the day comes every year");
        let month = inner.whole::<u8>("monthOfYear")?;
        let day = inner.whole::<u8>("dayOfMonth")?;
        let (Some(month), Some(day)) = (month, day) else {
            return Err(inner.refuse("dayOfMonth", "a day and a month"));
        };
        Ok(DayOfYear { month, day })
    })?;
    let days: BTreeSet<DayOfYear> = days.into_iter().collect();
    let points = [
        ("EVERY_WEEK", InterestPaid::Weekly),
        ("EVERY_OTHER_WEEK", InterestPaid::EveryTwoWeeks),
        ("EVERY_MONTH", InterestPaid::Monthly),
        ("EVERY_3_MONTHS", InterestPaid::Quarterly),
        ("FIRST_DAY_OF_MONTH", InterestPaid::FirstOfMonth),
        ("ON_FIXED_DATES", InterestPaid::OnDays(days.clone())),
        ("ON_ACCOUNT_MATURITY", InterestPaid::AtMaturity),
    ];
    let paid = reader.word("interestPaymentPoint", &points)?;
    if !days.is_empty() && !matches!(paid, Some(InterestPaid::OnDays(_))) {
        let outcome = "left out: interest is not paid on fixed dates";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    Ok(paid.unwrap_or_default())
}

fn overdraft(
    reader: &mut Reader<'_, '_>,
    context: &ImportContext,
) -> Result<Option<OverdraftSettings>, JsonError> {
    let allowed = reader.flag("allowOverdraft")?;
    let most = reader.decimal("maxOverdraftLimit")?;
    let name = "overdraftInterestRateSettings";
    let rate = reader.inside(name, rates::rate_settings)?;
    let balance = reader.word("overdraftInterestCalculationBalance", &BALANCES)?;
    let stated = rate.as_ref().is_some_and(|rate| {
        !rate.rate.is_open() || !matches!(rate.pricing, PricingSettings::Fixed)
    });
    if !allowed {
        let named: Vec<(&str, bool)> = Vec::from([
            (
                "maxOverdraftLimit",
                most.is_some_and(|most| !most.is_zero()),
            ),
            (name, stated),
        ]);
        for (name, given) in named {
            if given {
                let outcome = "left out: the product cannot be overdrawn";
                reader.note(NoteKind::Contradiction, name, outcome);
            }
        }
        let plain = ["overdraftDaysInYear", "overdraftInterestCalculationBalance"];
        reader.not_taken(&plain, "without effect: the product cannot be overdrawn");
        return Ok(None);
    }
    let day_count = shared::day_count(reader, "overdraftDaysInYear", context)?;
    Ok(Some(OverdraftSettings {
        limit: Range {
            min: None,
            default: None,
            max: most,
        },
        interest: rate.map(|rate| OverdraftInterest {
            rate: rate.rate,
            per: rate.per,
            pricing: rate.pricing,
            balance: balance.unwrap_or_default(),
            day_count,
        }),
    }))
}

fn withholding(reader: &mut Reader<'_, '_>, product: &mut DepositProduct) -> Result<(), JsonError> {
    let name = "withholdingTaxEnabled";
    if !reader.flag(name)? {
        return Ok(());
    }
    if product.interest.is_none() {
        let outcome = "left out: there is no interest to withhold from";
        reader.note(NoteKind::Contradiction, name, outcome);
        return Ok(());
    }
    let outcome = format!("the rate comes with a quote, as tax source {TAX_SOURCE:?}");
    reader.note(NoteKind::Assumed, name, &outcome);
    product.withholding_tax = Some(WithholdingTax {
        percent: None,
        source: Some(TAX_SOURCE.into()),
    });
    Ok(())
}
