//! Every setting that Mambu's loan products and savings products have (API v1), beside the field
//! that holds it here. Nothing may be silently absent: each field must be one of the committed
//! JSON Schemas, and the importer must know each name.

use products::{
    import::{ImportContext, NoteKind, mambu},
    settings::LendingSettings,
};
use serde_json::{Map, Value, json};

/// Where a setting is.
enum At {
    /// A field, as a path in the product's schema. Variants of a choice are steps of the path.
    Field(&'static str),
    /// No field, for a reason.
    Not(&'static str),
}
use At::{Field, Not};

const KEYS: &str = "a key or date of the other system";

/// Names of settings, a dot before a setting of a setting; the field.
#[rustfmt::skip]
const LOAN: &[(&str, At)] = &[
    // Identity, availability, defaults.
    ("id", Field("id")),
    ("productName", Field("name")),
    ("productDescription", Field("description")),
    ("activated", Not("whether a version is on sale is kept beside it: products::life")),
    ("encodedKey", Not(KEYS)),
    ("creationDate", Not(KEYS)),
    ("lastModifiedDate", Not(KEYS)),
    ("loanProductType", Field("kind")),
    ("forAllBranches", Field("availability.branches")),
    ("availableProductBranches.branchKey", Field("availability.branches")),
    ("forIndividuals", Field("availability.holders")),
    ("forPureGroups", Field("availability.holders")),
    ("forHybridGroups", Field("availability.holders")),
    ("idGeneratorType", Field("accounts.numbers")),
    ("idPattern", Field("accounts.numbers.PATTERN.pattern")),
    ("accountInitialState", Field("accounts.initial_state")),
    ("templates.name", Field("accounts.documents.name")),
    ("templates.type", Field("accounts.documents.kind")),
    ("minLoanAmount", Field("amount.min")),
    ("defaultLoanAmount", Field("amount.default")),
    ("maxLoanAmount", Field("amount.max")),
    ("minNumInstallments", Field("instalments.min")),
    ("defaultNumInstallments", Field("instalments.default")),
    ("maxNumInstallments", Field("instalments.max")),
    ("minGracePeriod", Field("schedule.grace.instalments.min")),
    ("defaultGracePeriod", Field("schedule.grace.instalments.default")),
    ("maxGracePeriod", Field("schedule.grace.instalments.max")),
    ("minFirstRepaymentDueDateOffset", Field("schedule.first_due_offset.min")),
    ("defaultFirstRepaymentDueDateOffset", Field("schedule.first_due_offset.default")),
    ("maxFirstRepaymentDueDateOffset", Field("schedule.first_due_offset.max")),
    ("minPenaltyRate", Field("penalty.daily_rate.min")),
    ("defaultPenaltyRate", Field("penalty.daily_rate.default")),
    ("maxPenaltyRate", Field("penalty.daily_rate.max")),
    ("defaultRepaymentPeriodCount", Field("schedule.due_dates.INTERVAL.every")),
    ("defaultPrincipalRepaymentInterval", Field("schedule.principal.EQUAL_PRINCIPAL.every")),
    ("lineOfCreditRequirement", Field("accounts.credit_line")),
    // Interest.
    ("interestCalculationMethod", Field("interest.method")),
    ("interestType", Field("interest.kind")),
    ("interestBalanceCalculationMethod", Field("interest.on_unpaid_interest")),
    ("interestApplicationMethod", Field("interest.application")),
    ("interestRateSettings.interestRateSource", Field("interest.pricing")),
    ("interestRateSettings.minInterestRate", Field("interest.rate.min")),
    ("interestRateSettings.defaultInterestRate", Field("interest.rate.default")),
    ("interestRateSettings.maxInterestRate", Field("interest.rate.max")),
    ("interestRateSettings.indexSourceKey", Field("interest.pricing.INDEXED.index")),
    ("interestRateSettings.interestRateFloorValue", Field("interest.pricing.INDEXED.floor")),
    ("interestRateSettings.interestRateCeilingValue", Field("interest.pricing.INDEXED.ceiling")),
    ("interestRateSettings.interestRateReviewCount", Field("interest.pricing.INDEXED.review")),
    ("interestRateSettings.interestRateReviewUnit", Field("interest.pricing.INDEXED.review")),
    ("interestRateSettings.interestRateTerms", Field("interest.pricing")),
    ("interestRateSettings.interestRateTiers.index", Not("the order of the tiers")),
    ("interestRateSettings.interestRateTiers.endingBalance", Field("interest.pricing.TIERED_BY_BALANCE.tiers.up_to")),
    ("interestRateSettings.interestRateTiers.endingDay", Field("interest.pricing.TIERED_BY_DAYS.tiers.up_to")),
    ("interestRateSettings.interestRateTiers.interestRate", Field("interest.pricing.TIERED_BY_DAYS.tiers.percent")),
    ("interestRateSettings.interestChargeFrequency", Field("interest.per")),
    ("interestRateSettings.interestChargeFrequencyCount", Field("interest.per.DAYS")),
    ("interestRateSettings.accrueInterestAfterMaturity", Field("interest.after_maturity")),
    ("daysInYear", Field("interest.day_count")),
    ("scheduleInterestDaysCountMethod", Field("interest.days")),
    ("accrueLateInterest", Field("interest.on_overdue_principal")),
    ("interestAccruedAccountingMethod", Field("accrual_posting")),
    ("interestAccrualCalculation", Field("accrual_detail")),
    // The shape of the schedule.
    ("repaymentScheduleMethod", Not("follows from the kind of loan")),
    ("scheduleDueDatesMethod", Field("schedule.due_dates")),
    ("fixedDaysOfMonth", Field("schedule.due_dates.FIXED_DAYS_OF_MONTH.days")),
    ("repaymentPeriodUnit", Field("schedule.due_dates.INTERVAL.every")),
    ("shortMonthHandlingMethod", Field("schedule.due_dates.FIXED_DAYS_OF_MONTH.month_end")),
    ("repaymentReschedulingMethod", Field("schedule.non_working_days")),
    ("amortizationMethod", Field("schedule.principal")),
    ("gracePeriodType", Field("schedule.grace.kind")),
    ("roundingRepaymentScheduleMethod", Field("schedule.rounding.residue")),
    ("repaymentCurrencyRounding", Field("schedule.rounding.multiple")),
    ("repaymentElementsRoundingMethod", Field("schedule.rounding.elements")),
    ("repaymentScheduleEditOptions", Field("schedule.edits")),
    ("paymentMethod", Field("payments.allocation.direction")),
    ("repaymentAllocationOrder", Field("payments.allocation.order")),
    ("allowCustomRepaymentAllocation", Field("payments.custom_allocation")),
    ("principalPaymentSettings.principalPaymentMethod", Field("kind.REVOLVING.principal_due")),
    ("principalPaymentSettings.defaultAmount", Field("kind.REVOLVING.principal_due.FLAT.amount")),
    ("principalPaymentSettings.minAmount", Field("kind.REVOLVING.principal_due.FLAT.amount")),
    ("principalPaymentSettings.maxAmount", Field("kind.REVOLVING.principal_due.FLAT.amount")),
    ("principalPaymentSettings.minPercentage", Field("kind.REVOLVING.principal_due.TOTAL_BALANCE_PERCENT.percent.min")),
    ("principalPaymentSettings.defaultPercentage", Field("kind.REVOLVING.principal_due.TOTAL_BALANCE_PERCENT.percent.default")),
    ("principalPaymentSettings.maxPercentage", Field("kind.REVOLVING.principal_due.OUTSTANDING_PRINCIPAL_PERCENT.percent.max")),
    ("principalPaymentSettings.principalFloorValue", Field("kind.REVOLVING.floor")),
    ("principalPaymentSettings.principalCeilingValue", Field("kind.REVOLVING.ceiling")),
    ("principalPaymentSettings.includeInterestInFloorAmount", Field("kind.REVOLVING.floor_includes_interest")),
    ("principalPaymentSettings.includeFeesInFloorAmount", Field("kind.REVOLVING.floor_includes_fees")),
    // Payments ahead and behind.
    ("prepaymentAcceptance", Field("payments.prepayments")),
    ("futurePaymentsAcceptance", Field("payments.future")),
    ("prepaymentRecalculationMethod", Field("payments.allocation.future")),
    ("applyInterestOnPrepaymentMethod", Field("payments.allocation.interest_on_prepayment")),
    ("elementsRecalculationMethod", Field("payments.fixed_element")),
    ("principalPaidInstallmentStatus", Field("payments.allocation.paid_early")),
    ("latePaymentsRecalculationMethod", Field("payments.late")),
    ("loanPenaltyCalculationMethod", Field("penalty.base")),
    ("loanPenaltyGracePeriod", Field("penalty.grace_days")),
    ("arrearsSettings.toleranceCalculationMethod", Field("arrears.tolerance")),
    ("arrearsSettings.monthlyToleranceDay", Field("arrears.tolerance.DAY_OF_NEXT_MONTH")),
    ("arrearsSettings.minTolerancePeriod", Field("arrears.tolerance_days.min")),
    ("arrearsSettings.defaultTolerancePeriod", Field("arrears.tolerance_days.default")),
    ("arrearsSettings.maxTolerancePeriod", Field("arrears.tolerance_days.max")),
    ("arrearsSettings.dateCalculationMethod", Field("arrears.counted_from")),
    ("arrearsSettings.nonWorkingDaysMethod", Field("arrears.count_non_working_days")),
    ("arrearsSettings.tolerancePercentageOfOutstandingPrincipal", Field("arrears.tolerance_percent")),
    ("arrearsSettings.toleranceFloorAmount", Field("arrears.tolerance_floor")),
    ("cappingMethod", Field("cap.base")),
    ("cappingConstraintType", Field("cap.method")),
    ("cappingPercentage", Field("cap.percent")),
    ("cappingApplyAccruedChargesBeforeLocking", Field("cap.apply_accrued_first")),
    ("lockPeriodDays", Field("arrears.lock_after_days")),
    ("dormancyPeriodDays", Field("accounts.dormant_after_days")),
    // Tax, security, links.
    ("taxSourceKey", Field("taxes.source")),
    ("taxCalculationMethod", Field("taxes.kind")),
    ("taxesOnInterestEnabled", Field("taxes.on_interest")),
    ("taxesOnFeesEnabled", Field("taxes.on_fees")),
    ("taxesOnPenaltyEnabled", Field("taxes.on_penalties")),
    ("productSecuritySettings.isCollateralEnabled", Field("securities.collateral")),
    ("productSecuritySettings.isGuarantorsEnabled", Field("securities.guarantors")),
    ("productSecuritySettings.requiredGuaranties", Field("securities.required_percent")),
    ("productSecuritySettings.isInvestorFundsEnabled", Field("securities.investors")),
    ("productSecuritySettings.requiredInvestorFunds", Field("securities.investors.required_percent")),
    ("productSecuritySettings.lockFundsAtApproval", Field("securities.investors.lock_at_approval")),
    ("productSecuritySettings.organizationInterestCommission", Field("securities.investors.lender_commission")),
    ("productSecuritySettings.funderInterestCommission", Field("securities.investors.investor_commission")),
    ("productSecuritySettings.funderInterestCommissionAllocationType", Field("securities.investors.split")),
    ("offsetSettings.isOffsetEnabled", Field("interest.offset_percent")),
    ("offsetPercentage", Field("interest.offset_percent")),
    ("redrawSettings.allowRedraw", Field("payments.redraw")),
    ("accountLinkingEnabled", Field("accounts.linked_deposit")),
    ("linkableSavingsProductKey", Field("accounts.linked_deposit.product")),
    ("autoLinkAccounts", Field("accounts.linked_deposit.link_automatically")),
    ("autoCreateLinkedAccounts", Field("accounts.linked_deposit.open_automatically")),
    ("settlementOptions", Field("accounts.linked_deposit.settlement")),
    ("maxNumberOfDisbursementTranches", Field("kind.TRANCHED.max_tranches")),
    ("accountingMethod", Field("accounting.method")),
    ("loanProductRules.financialResource", Field("accounting.rules.resource")),
    ("loanProductRules.account", Field("accounting.rules.account")),
    ("loanProductRules.transactionChannelKey", Field("accounting.rules.channel")),
    ("loanProductRules.predefinedFeeKey", Field("accounting.rules.fee")),
    // Predefined fees.
    ("loanFees.name", Field("fees.name")),
    ("loanFees.trigger", Field("fees.when")),
    ("loanFees.amountCalculationMethod", Field("fees.amount")),
    ("loanFees.amount", Field("fees.amount.FLAT")),
    ("loanFees.percentageAmount", Field("fees.amount.AMOUNT_PERCENT")),
    ("loanFees.feeApplication", Field("fees.required")),
    ("loanFees.applyDateMethod", Field("fees.when.MONTHLY")),
    ("loanFees.amortizationProfile", Field("fees.amortisation.profile")),
    ("loanFees.amortizationIntervalSettings.intervalType", Field("fees.amortisation.intervals")),
    ("loanFees.amortizationIntervalSettings.frequency", Field("fees.amortisation.interval")),
    ("loanFees.amortizationIntervalSettings.intervalCount", Field("fees.amortisation.intervals")),
    ("loanFees.amortizationIntervalSettings.periodCount", Field("fees.amortisation.interval.EVERY")),
    ("loanFees.amortizationIntervalSettings.periodUnit", Field("fees.amortisation.interval.EVERY")),
    ("loanFees.feeAmortizationUponRescheduleOption", Field("fees.amortisation.on_reschedule")),
    ("allowArbitraryFees", Field("arbitrary_fees")),
];

#[rustfmt::skip]
const SAVINGS: &[(&str, At)] = &[
    ("id", Field("id")),
    ("name", Field("name")),
    ("description", Field("description")),
    ("productType", Field("kind")),
    ("minOpeningBalance", Field("opening_balance.min")),
    ("defaultOpeningBalance", Field("opening_balance.default")),
    ("maxOpeningBalance", Field("opening_balance.max")),
    ("recommendedDepositAmount", Field("recommended_deposit")),
    ("maximumBalance", Field("maximum_balance")),
    ("maxWidthdrawlAmount", Field("maximum_withdrawal")),
    ("minMaturityPeriod", Field("maturity.length.min")),
    ("defaultMaturityPeriod", Field("maturity.length.default")),
    ("maxMaturityPeriod", Field("maturity.length.max")),
    ("maturityPeriodUnit", Field("maturity.unit")),
    ("dormancyPeriodDays", Field("accounts.dormant_after_days")),
    ("interestPaidIntoAccount", Field("interest.paid_out")),
    ("interestCalculationBalance", Field("interest.balance")),
    ("interestDaysInYear", Field("interest.day_count")),
    ("interestPaymentPoint", Field("interest.paid")),
    ("interestPaymentDates", Field("interest.paid.ON_DAYS")),
    ("interestRateSettings.interestRateTerms", Field("interest.pricing")),
    ("interestRateSettings.defaultInterestRate", Field("interest.rate.default")),
    ("collectInterestWhenLocked", Field("interest.while_locked")),
    ("withholdingTaxEnabled", Field("withholding_tax")),
    ("allowOverdraft", Field("overdraft")),
    ("maxOverdraftLimit", Field("overdraft.limit.max")),
    ("overdraftInterestRateSettings.defaultInterestRate", Field("overdraft.interest.rate.default")),
    ("overdraftDaysInYear", Field("overdraft.interest.day_count")),
    ("overdraftInterestCalculationBalance", Field("overdraft.interest.balance")),
    ("allowTechnicalOverdraft", Field("technical_overdraft")),
    ("allowOffset", Field("offsets_loans")),
    ("accountingMethod", Field("accounting.method")),
    ("interestAccruedAccountingMethod", Field("accrual_posting")),
    ("savingsFees.trigger", Field("fees.when")),
    ("savingsFees.amount", Field("fees.amount")),
    ("currencies", Field("currencies")),
    ("savingsProductRules.financialResource", Field("accounting.rules.resource")),
    ("activated", Not("whether a version is on sale is kept beside it: products::life")),
    ("encodedKey", Not(KEYS)),
];

/// Settings of the lender as a whole; fields of [`LendingSettings`].
#[rustfmt::skip]
const SETTINGS: &[(&str, At)] = &[
    ("clientIDFormat", Field("client_numbers.pattern")),
    ("groupIDFormat", Field("group_numbers.pattern")),
    ("lineOfCreditIdFormat", Field("credit_line_numbers.pattern")),
    ("tillIDFormat", Field("till_numbers.pattern")),
    ("decimalSeperator", Not("how figures are shown is up to the host")),
    ("dateFormats", Not("how dates are shown is up to the host")),
    ("nonWorkingDays", Not("lending_core::dates::Calendar")),
    ("generalHolidays", Not("lending_core::dates::Calendar")),
    ("arrearsDaysBeforeWriteOff", Field("write_off_after_days")),
    ("exposureType", Field("exposure")),
    ("multipleLoans", Field("several_loans")),
    ("multipleGroupMemberships", Field("several_groups")),
    ("groupSizeLimitType", Field("group_size")),
    ("defaultTransactionChannelKey", Field("default_channel")),
    ("defaultClientRoleKey", Field("default_client_role")),
    ("defaultGroupRoleKey", Field("default_group_role")),
    ("defaultClientState", Not("kyc_rules::party: states of clients")),
    ("defaultLineOfCreditState", Field("credit_line_state")),
    ("approvalDisbursalTwoManRuleEnabled", Field("two_person_rule")),
    ("automatedAccountingClosuresInterval", Field("close_books_every_days")),
    ("maxAllowedUndoClosurePeriod", Field("undo_close_within_days")),
    ("eodProcessingMethod", Field("end_of_day")),
    ("duplicateClientChecks", Not("kyc_rules::duplicates::DuplicatePolicy")),
    ("customFields", Field("forms")),
    ("assignmentConstraints", Not("who must be assigned is asked by a form")),
    ("enabledComponents", Not("the host uses the crates it needs")),
    ("maxAllowedIdDocumentAttachments", Not("files are kept by the host")),
    ("maxAllowedJournalEntryDocumentAttachments", Not("files are kept by the host")),
];

#[test]
fn every_setting_of_the_lender_has_a_field() {
    let settings = serde_json::to_value(LendingSettings::default()).unwrap();
    for (name, at) in SETTINGS {
        match at {
            Field(path) => {
                let found = path.split('.').try_fold(&settings, |at, name| at.get(name));
                assert!(found.is_some(), "{name}: there is no {path}");
            }
            Not(reason) => assert!(!reason.is_empty(), "{name}"),
        }
    }
}

/// What a name of a path can mean in a schema: a property, or a variant of a choice.
fn step<'s>(schema: &'s Value, name: &str, root: &'s Value, depth: u8) -> Option<&'s Value> {
    if depth == 0 {
        return None;
    }
    if let Some(found) = schema.get("properties").and_then(|all| all.get(name)) {
        return Some(found);
    }
    let is_it = |value: &Value| value.as_str() == Some(name);
    let listed = schema.get("enum").and_then(Value::as_array);
    if schema.get("const").is_some_and(is_it) || listed.is_some_and(|all| all.iter().any(is_it)) {
        return Some(schema);
    }
    if let Some(pointer) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(pointer.trim_start_matches('#'))?;
        return step(target, name, root, depth - 1);
    }
    let choices = ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|word| schema.get(word));
    let choices = choices.filter_map(Value::as_array).flatten();
    let inner = choices.chain(schema.get("items"));
    inner
        .into_iter()
        .find_map(|inner| step(inner, name, root, depth - 1))
}

fn fields_exist(table: &[(&str, At)], schema: &str) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    for (name, at) in table {
        match at {
            Field(path) => {
                let mut names = path.split('.');
                let found = names.try_fold(&schema, |at, name| step(at, name, &schema, 8));
                assert!(found.is_some(), "{name}: the product has no field {path}");
            }
            Not(reason) => assert!(!reason.is_empty(), "{name}"),
        }
    }
}

/// Puts null where nothing is, so that the importer meets the name.
fn put(document: &mut Value, path: &str) {
    let mut at = document;
    for name in path.split('.') {
        if at.is_null() {
            *at = Value::Object(Map::new());
        }
        if let Value::Array(items) = at {
            at = &mut items[0];
        }
        at = at
            .as_object_mut()
            .unwrap()
            .entry(name)
            .or_insert(Value::Null);
    }
}

fn met(document: &mut Value, table: &[(&str, At)]) -> String {
    for (name, _) in table {
        put(document, name);
    }
    document.to_string()
}

#[test]
fn every_setting_of_a_loan_product_has_a_field() {
    fields_exist(LOAN, include_str!("../schemas/loan-product.json"));
}

#[test]
fn every_setting_of_a_savings_product_has_a_field() {
    fields_exist(SAVINGS, include_str!("../schemas/deposit-product.json"));
}

#[test]
fn the_importer_knows_every_setting() {
    let context = ImportContext::new("KES".parse().unwrap());
    let rule = json!([{ "financialResource": "FEE_INCOME", "account": { "glCode": "4100" } }]);
    let fee = json!([{ "name": "card", "trigger": "MANUAL", "amount": 5 }]);
    let mut loan = json!({
        "id": "ALL", "productName": "Everything", "loanProductType": "FIXED_TERM_LOAN",
        "accountingMethod": "CASH", "loanFees": fee, "loanProductRules": rule,
        "templates": [{ "name": "agreement", "type": "ACCOUNT" }],
        "forAllBranches": false, "availableProductBranches": [{ "branchKey": "kampala" }],
        "interestRateSettings": {
            "interestRateTerms": "TIERED_PERIOD", "interestRateTiers": [{ "interestRate": 12 }]
        },
        "forIndividuals": true
    });
    let imported = mambu::loan_product(&met(&mut loan, LOAN), &context).unwrap();
    let unknown = |kind| kind == NoteKind::Unknown;
    let left: Vec<_> = imported
        .notes
        .iter()
        .filter(|note| unknown(note.kind))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    let mut savings = json!({
        "id": "ALL", "name": "Everything", "productType": "REGULAR_SAVINGS",
        "accountingMethod": "CASH", "savingsFees": fee, "savingsProductRules": rule,
        "forIndividuals": true
    });
    let imported = mambu::savings_product(&met(&mut savings, SAVINGS), &context).unwrap();
    let left: Vec<_> = imported
        .notes
        .iter()
        .filter(|note| unknown(note.kind))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
