//! Products of other systems: they load, quote and give the figures printed with them, and nothing
//! of a document is dropped unseen.

mod common;

use common::day;
use lending_core::{
    dates::{Calendar, MonthEnd},
    day_count::DayCount,
    revolving::{LineFeeAmount, LineFeeTrigger, PaymentDue},
};
use products::{
    HolderKind, LoanKind, LoanProduct, QuoteContext, QuoteRequest, Range,
    deposit::{BalanceUsed, DepositKind, DepositRequest, InterestPaid},
    id_pattern::NumberScheme,
    import::{ImportContext, Imported, NoteKind, backbone, mambu},
    product::{FeeAmount, FeeWhen, PaymentDay, PricingSettings},
};
use rust_decimal::{Decimal, dec};
use serde_json::Value;

const LOANS: &str = include_str!("data/mambu/loan-products.json");
const GUARANTY: &str = include_str!("data/mambu/guaranty.json");
const SAVINGS: &str = include_str!("data/mambu/savings-products.json");
const CREDIT_LINE: &str = include_str!("data/backbone/credit-line.json");

fn euro() -> ImportContext {
    ImportContext::new("EUR".parse().unwrap())
}

fn rows(product: &LoanProduct, request: &QuoteRequest, holder: HolderKind) -> Vec<Row> {
    let calendar = Calendar::weekends();
    let context = QuoteContext {
        holder,
        carried_elsewhere: true,
        ..QuoteContext::new(&calendar, "EUR".parse().unwrap())
    };
    let preview = product.preview(request, &context).unwrap();
    let rows = preview.schedule.instalments.iter();
    rows.map(|row| (row.due.to_string(), row.principal, row.interest))
        .collect()
}

type Row = (String, Decimal, Decimal);

fn noted<P>(imported: &Imported<P>, kind: NoteKind) -> Vec<&str> {
    let notes = imported.notes.iter().filter(|note| note.kind == kind);
    notes.map(|note| note.field.as_str()).collect()
}

#[test]
fn the_agriculture_loan_gives_the_interest_that_is_printed_for_it() {
    let [agl, _] = &mambu::loan_products(LOANS, &euro()).unwrap()[..] else {
        panic!("two products");
    };
    let product = &agl.product;
    assert_eq!((product.id.as_str(), agl.active), ("AGL", true));
    assert_eq!(product.amount, Range::new(dec!(750), dec!(950), dec!(1150)));
    assert_eq!(product.instalments, Range::new(3, 5, 6));
    assert_eq!(product.arrears.tolerance_days, Range::new(10, 50, 100));
    assert!(matches!(&product.accounts.numbers, NumberScheme::Pattern(p) if p.matches("XNZR612")));
    assert_eq!(product.accounts.documents.len(), 3);
    // Nothing of it is unknown or contradicts something else.
    assert_eq!(noted(agl, NoteKind::Unknown), [""; 0]);
    assert_eq!(noted(agl, NoteKind::Contradiction), [""; 0]);
    // 950 in five equal parts; 2.5 % for four weeks, months of 30 days: 950 × 2.5 % × 30/28 is
    // 25.45 and 760 × 2.5 % × 30/28 is 20.36, the two figures printed with the repayments.
    // Then 570, 380 and 190: 15.27, 10.18, 5.09.
    product
        .rehearse(day(2026, 3, 2), &Calendar::weekends())
        .unwrap();
    let request = QuoteRequest::new(dec!(950), day(2014, 9, 2));
    let rows = rows(product, &request, HolderKind::Individual);
    let figures: Vec<_> = rows.iter().map(|row| (row.1, row.2)).collect();
    let expected = [
        dec!(25.45),
        dec!(20.36),
        dec!(15.27),
        dec!(10.18),
        dec!(5.09),
    ];
    assert_eq!(figures, expected.map(|interest| (dec!(190), interest)));
    assert_eq!(rows[0].0, "2014-10-02"); // as printed
}

#[test]
fn the_fishermen_group_loan_charges_flat_interest_by_actual_days() {
    let [_, fgl] = &mambu::loan_products(LOANS, &euro()).unwrap()[..] else {
        panic!("two products");
    };
    let product = &fgl.product;
    assert_eq!(
        product.availability.holders,
        [HolderKind::SolidarityGroup].into()
    );
    assert_eq!(noted(fgl, NoteKind::Unknown), [""; 0]);
    product
        .rehearse(day(2026, 3, 2), &Calendar::weekends())
        .unwrap();
    // 1500 × 25.5 % × 31/365 is 32.486, × 28/365 is 29.342, × 30/365 is 31.438.
    let request = QuoteRequest {
        amount: None,
        ..QuoteRequest::new(dec!(1), day(2026, 1, 15))
    };
    let rows = rows(product, &request, HolderKind::SolidarityGroup);
    let figures: Vec<_> = rows.iter().take(3).map(|row| (row.1, row.2)).collect();
    let expected = [dec!(32.49), dec!(29.34), dec!(32.49)];
    // Periods: 15 Jan to 15 Feb (31 days), to 15 Mar (28), to 15 Apr (31).
    assert_eq!(figures, expected.map(|interest| (dec!(150), interest)));
}

#[test]
fn the_guaranty_loan_gives_the_schedule_that_is_printed_for_it() {
    let imported = mambu::loan_product(GUARANTY, &euro()).unwrap();
    let product = &imported.product;
    let request = QuoteRequest {
        instalments: Some(3),
        ..QuoteRequest::new(dec!(980), day(2020, 10, 1))
    };
    let rows = rows(product, &request, HolderKind::Individual);
    // Printed as the schedule preview of this product.
    let expected = [
        ("2020-11-02", dec!(326.67), dec!(4.08)),
        ("2020-12-01", dec!(326.67), dec!(4.08)),
        ("2021-01-01", dec!(326.66), dec!(4.08)),
    ];
    assert_eq!(rows, expected.map(|(due, p, i)| (due.to_owned(), p, i)));
    let penalty = product.penalty.as_ref().unwrap();
    assert_eq!(penalty.daily_rate, Range::new(dec!(3), dec!(6), dec!(9)));
    assert_eq!(penalty.grace_days, 3);
    assert!(product.fees[0].amortisation.is_some());
    // What contradicts something else is listed: two accounts of the wrong type, and a commission
    // above the rate that it is taken from.
    let told = noted(&imported, NoteKind::Contradiction);
    assert!(told.contains(&"productSecuritySettings"), "{told:?}");
    assert!(
        told.iter().any(|field| field.ends_with("account.type")),
        "{told:?}"
    );
    assert_eq!(noted(&imported, NoteKind::Unknown), [""; 0]);
    // Rules of a fee stand with its name.
    let of_fee = product
        .accounting
        .rules()
        .iter()
        .filter(|rule| rule.fee.is_some());
    assert!(
        of_fee.clone().count() > 0
            && of_fee
                .clone()
                .all(|rule| rule.fee.as_deref() == Some("feeeeeee"))
    );
}

/// The placeholder names no currency and a day count that is published nowhere.
fn savings() -> (String, ImportContext) {
    let text = SAVINGS.replacen("\"code\": \"string\"", "\"code\": \"EUR\"", 1);
    let mut context = euro();
    context
        .day_counts
        .insert("E30_42_365".into(), DayCount::Thirty360E);
    (text, context)
}

#[test]
fn the_savings_product_with_every_field_loads_and_lists_what_does_not_hold_together() {
    let refused = mambu::savings_products(SAVINGS, &euro())
        .unwrap_err()
        .to_string();
    assert!(refused.contains("currencies[0].code"), "{refused}");
    let (text, context) = savings();
    let refused = mambu::savings_products(&text, &euro())
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("interestDaysInYear: E30_42_365"),
        "{refused}"
    );

    let imported = mambu::savings_products(&text, &context).unwrap().remove(0);
    let product = &imported.product;
    assert_eq!(product.kind, DepositKind::CurrentAccount);
    let interest = product.interest.as_ref().unwrap();
    assert_eq!(
        (interest.balance, &interest.paid),
        (BalanceUsed::Minimum, &InterestPaid::Weekly)
    );
    assert!(matches!(
        interest.pricing,
        PricingSettings::TieredByDays { .. }
    ));
    assert!(interest.while_locked && !interest.paid_out);
    assert!(product.technical_overdraft && product.offsets_loans);
    let told = noted(&imported, NoteKind::Contradiction);
    for field in [
        "interestPaymentDates",
        "availableProductBranches",
        "savingsProductRules[0].predefinedFeeKey",
        "idPattern",
        "interestRateSettings.indexSourceKey",
    ] {
        assert!(told.contains(&field), "{field} in {told:?}");
    }
    assert_eq!(noted(&imported, NoteKind::Unknown), [""; 0]);

    let calendar = Calendar::default();
    let taxes = [("WITHHOLDING_TAX_RATE".to_owned(), dec!(15))].into();
    let context = QuoteContext {
        tax_rates: Some(&taxes),
        carried_elsewhere: true,
        ..QuoteContext::new(&calendar, "EUR".parse().unwrap())
    };
    let request = DepositRequest {
        opening_balance: Some(dec!(0)),
        overdraft_limit: Some(dec!(0)),
        ..DepositRequest::new(dec!(0), day(2026, 1, 1))
    };
    let terms = product.quote(&request, &context).unwrap();
    assert_eq!(terms.withholding_tax_percent, Some(dec!(15)));
}

#[test]
fn a_credit_line_of_backbone_is_billed_on_its_day() {
    let imported = backbone::product(CREDIT_LINE, "LINE".parse().unwrap(), &euro()).unwrap();
    let product = &imported.product;
    assert!(matches!(&product.kind, LoanKind::Revolving(billing)
            if billing.statement_day == Some(1) && billing.due == PaymentDay::DayOfMonth(15)));
    assert_eq!(product.amount.resolve(None), Ok(dec!(5000)));
    assert!(product.amount.resolve(Some(dec!(20000.01))).is_err());
    assert_eq!(product.interest.rate.default, Some(dec!(24.5)));
    assert_eq!(product.arrears.tolerance_days.default, Some(4));
    assert_eq!(product.fees[0].amount, FeeAmount::AmountPercent(dec!(1.5)));
    assert_eq!(product.fees[1].when, FeeWhen::Arrears);
    assert_eq!(noted(&imported, NoteKind::Unknown), ["colour"]);
    assert_eq!(
        noted(&imported, NoteKind::Contradiction),
        [
            "installments",
            "interest_calculation",
            "calculate_interest_on_holidays"
        ]
    );
    assert_eq!(
        noted(&imported, NoteKind::Assumed),
        ["statement_day", "minimum_payment"]
    );
    // It makes a contract: statements on the first, due on the 15th or the business day after.
    let calendar = Calendar::weekends();
    let context = QuoteContext::new(&calendar, "EUR".parse().unwrap());
    let request = QuoteRequest {
        disbursement: day(2026, 1, 1),
        ..QuoteRequest::default()
    };
    let terms = product.quote_line(&request, &context).unwrap();
    assert_eq!(terms.limit, dec!(5000));
    assert_eq!(
        terms.billing.due,
        PaymentDue::DayOfMonth {
            day: 15,
            month_end: MonthEnd::Clamp
        }
    );
    let fees: Vec<_> = terms
        .fees
        .iter()
        .map(|fee| (fee.when, fee.amount))
        .collect();
    assert_eq!(
        fees,
        [
            (
                LineFeeTrigger::DeductedFromDraw,
                LineFeeAmount::PercentOfDraw(dec!(1.5))
            ),
            (LineFeeTrigger::Arrears, LineFeeAmount::Flat(dec!(10))),
        ]
    );
}

/// Puts a member that nobody knows into the `at`-th object of a document, and gives its path.
fn with_stranger(value: &mut Value, at: &mut usize, path: &str) -> Option<String> {
    let join = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(members) => {
            if *at == 0 {
                members.insert("stranger".into(), 1.into());
                return Some(join("stranger"));
            }
            *at -= 1;
            members
                .iter_mut()
                .find_map(|(name, inner)| with_stranger(inner, at, &join(name)))
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .find_map(|(index, inner)| with_stranger(inner, at, &format!("{path}[{index}]"))),
        _ => None,
    }
}

/// Whether a note or a refusal names a path or something that contains it.
fn names(told: &str, path: &str) -> bool {
    let mut path = path;
    loop {
        if told.lines().any(|line| line == path) {
            return true;
        }
        match path.rfind(['.', '[']) {
            Some(end) => path = &path[..end],
            None => return false,
        }
    }
}

#[test]
fn a_member_that_nobody_knows_is_listed_wherever_it_stands() {
    let (savings, told) = savings();
    type Import = fn(&str, &ImportContext) -> Result<Vec<String>, products::JsonError>;
    fn fields<P>(imported: Imported<P>) -> Vec<String> {
        imported.notes.into_iter().map(|note| note.field).collect()
    }
    let loan: Import = |text, context| mambu::loan_product(text, context).map(fields);
    let deposit: Import = |text, context| mambu::savings_product(text, context).map(fields);
    let line: Import =
        |text, context| backbone::product(text, "LINE".parse().unwrap(), context).map(fields);
    let first = |text: &str| serde_json::from_str::<Value>(text).unwrap()[0].to_string();
    let documents = [
        (first(LOANS), euro(), loan),
        (GUARANTY.to_owned(), euro(), loan),
        (first(&savings), told, deposit),
        (CREDIT_LINE.to_owned(), euro(), line),
    ];
    let mut objects = 0;
    for (text, context, import) in documents {
        for at in 0.. {
            let mut value: Value = serde_json::from_str(&text).unwrap();
            let Some(path) = with_stranger(&mut value, &mut at.clone(), "") else {
                break;
            };
            objects += 1;
            let told = import(&value.to_string(), &context).unwrap().join("\n");
            assert!(names(&told, &path), "{path} is not listed:\n{told}");
        }
    }
    assert!(objects > 60, "{objects} objects");
}

#[test]
fn settings_that_contradict_others_are_left_out_and_listed() {
    let base = r#"{
        "id": "X", "productName": "X", "loanProductType": "FIXED_TERM_LOAN",
        "interestCalculationMethod": "FLAT", "repaymentPeriodUnit": "MONTHS",
        "defaultRepaymentPeriodCount": 1, "accountingMethod": "NONE", "forIndividuals": true,
        "repaymentAllocationOrder": ["FEE", "PENALTY", "INTEREST", "PRINCIPAL"]"#;
    let table = [
        (r#""fixedDaysOfMonth": [1]"#, "fixedDaysOfMonth"),
        (
            r#""maxNumberOfDisbursementTranches": 3"#,
            "maxNumberOfDisbursementTranches",
        ),
        (r#""defaultGracePeriod": 2"#, "defaultGracePeriod"),
        (
            r#""amortizationMethod": "OPTIMIZED_PAYMENTS""#,
            "amortizationMethod",
        ),
        (
            r#""interestBalanceCalculationMethod": "PRINCIPAL_AND_INTEREST""#,
            "interestBalanceCalculationMethod",
        ),
        (r#""defaultPenaltyRate": 3"#, "defaultPenaltyRate"),
        (r#""cappingPercentage": 50"#, "cappingPercentage"),
        (r#""taxSourceKey": "vat""#, "taxSourceKey"),
        (r#""autoLinkAccounts": true"#, "autoLinkAccounts"),
        (
            r#""repaymentScheduleMethod": "DYNAMIC""#,
            "repaymentScheduleMethod",
        ),
        (
            r#""redrawSettings": {"allowRedraw": true}"#,
            "redrawSettings",
        ),
        (
            r#""prepaymentRecalculationMethod": "REDUCE_AMOUNT_PER_INSTALLMENT""#,
            "prepaymentRecalculationMethod",
        ),
        (
            r#""repaymentCurrencyRounding": "ROUND_TO_NEAREST_WHOLE_UNIT""#,
            "repaymentCurrencyRounding",
        ),
        (
            r#""interestRateSettings": {"indexSourceKey": "cbr"}"#,
            "interestRateSettings.indexSourceKey",
        ),
        (
            r#""interestRateSettings": {"interestChargeFrequencyCount": 2}"#,
            "interestRateSettings.interestChargeFrequencyCount",
        ),
        (
            r#""productSecuritySettings": {"lockFundsAtApproval": true}"#,
            "productSecuritySettings.lockFundsAtApproval",
        ),
        (
            r#""prepaymentAcceptance": "NO_PREPAYMENTS", "futurePaymentsAcceptance": "ACCEPT_OVERPAYMENTS""#,
            "futurePaymentsAcceptance",
        ),
    ];
    for (setting, field) in table {
        let imported = mambu::loan_product(&format!("{base},\n{setting}}}"), &euro()).unwrap();
        let told: Vec<_> = imported
            .notes
            .iter()
            .map(|n| (n.kind, n.field.as_str(), n.line))
            .collect();
        assert!(
            told.contains(&(NoteKind::Contradiction, field, 6)),
            "{setting}: {told:?}"
        );
    }
    // A word that nobody knows is listed; what cannot be a product at all is refused.
    let unknown = mambu::loan_product(
        &format!("{base}, \"paymentMethod\": \"SIDEWAYS\"}}"),
        &euro(),
    );
    assert_eq!(
        noted(&unknown.unwrap(), NoteKind::Unknown),
        ["paymentMethod"]
    );
    let dynamic = base.replace("FIXED_TERM", "DYNAMIC_TERM") + "}";
    let refused = mambu::loan_product(&dynamic, &euro())
        .unwrap_err()
        .to_string();
    assert!(refused.contains("flat interest"), "{refused}");
}
