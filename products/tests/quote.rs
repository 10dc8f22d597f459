//! Quoting: a complete contract, or everything that is wrong at once.

use chrono::NaiveDate;
use lending_core::{
    dates::{Calendar, FirstDue},
    loan::{BalanceInterest, FeeTrigger, InterestBasis},
    schedule::{Amortization, Balloon, InterestMethod},
};
use products::{
    HolderKind, LoanKind, LoanProduct, QuoteContext, QuoteRequest, Range, Violation, ViolationKind,
};
use rust_decimal::{Decimal, dec};

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn product() -> LoanProduct {
    LoanProduct::from_json(
        r#"{
        "id": "TRADER", "name": "Market trader loan", "currencies": ["UGX", "KES"],
        "amount": {"min": "100000", "default": "500000", "max": "2000000"},
        "instalments": {"min": 3, "default": 6, "max": 12},
        "interest": {"rate": {"min": "24", "default": "30", "max": "36"}},
        "schedule": {
            "due_dates": {"INTERVAL": {"every": {"MONTHS": 1}}},
            "first_due_offset": {"min": -5, "default": 0, "max": 15},
            "grace": {"kind": "INTEREST_ONLY", "instalments": {"default": 0, "max": 2}}
        },
        "arrears": {"tolerance_days": {"min": 0, "default": 3, "max": 10}},
        "penalty": {"base": "overdue_principal", "daily_rate": {"min": "0.1", "default": "0.2", "max": "0.5"}, "grace_days": 2},
        "fees": [
            {"name": "processing", "when": "DEDUCTED_FROM_DISBURSEMENT", "amount": {"AMOUNT_PERCENT": "2"}},
            {"name": "insurance", "when": "EVERY_INSTALMENT", "amount": {"FLAT": "1000"}, "required": false},
            {"name": "card lost", "when": "MANUAL", "amount": {"FLAT": "5000"}}
        ],
        "availability": {
            "branches": ["kampala", "gulu"], "holders": ["INDIVIDUAL", "GROUP"],
            "client_types": null, "tiers": ["FULL"]
        }
    }"#,
    )
    .unwrap()
}

fn context(calendar: &Calendar) -> QuoteContext<'_> {
    QuoteContext {
        branch: Some("gulu".parse().unwrap()),
        tier: Some("FULL"),
        ..QuoteContext::new(calendar, "UGX".parse().unwrap())
    }
}

/// Field, given, allowed and code of each violation.
fn told(violations: impl IntoIterator<Item = Violation>) -> Vec<(String, String, String, u16)> {
    let row = |v: Violation| {
        (
            v.field.to_string(),
            v.given.clone(),
            v.allowed.clone(),
            v.code(),
        )
    };
    violations.into_iter().map(row).collect()
}

#[test]
fn defaults_fill_what_a_request_leaves_open() {
    let calendar = Calendar::weekends();
    let request = QuoteRequest {
        amount: None,
        ..QuoteRequest::new(dec!(1), day(2026, 1, 5))
    };
    let terms = product().quote(&request, &context(&calendar)).unwrap();
    assert_eq!(terms.principal, dec!(500000));
    assert_eq!(terms.schedule.instalments, 6);
    assert_eq!(terms.schedule.interest.rate.percent, dec!(30));
    assert_eq!(terms.schedule.first_due, FirstDue::AfterOnePeriod);
    assert_eq!(terms.arrears.tolerance_days, 3);
    assert_eq!(terms.penalty.as_ref().unwrap().daily_percent, dec!(0.2));
    assert_eq!(terms.interest_basis, InterestBasis::OnSchedule);
    assert_eq!(terms.calendar, calendar);
    // The required fee is in the contract, the optional and the manual one are not.
    assert_eq!(terms.fees.len(), 1);
    assert_eq!(terms.fees[0].trigger, FeeTrigger::DeductedFromDisbursement);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_in_order() {
    let calendar = Calendar::default();
    let request = QuoteRequest {
        instalments: Some(24),
        rate: Some(dec!(10)),
        grace: Some(3),
        first_due_offset: Some(-6),
        penalty_rate: Some(dec!(1)),
        tolerance_days: Some(11),
        balloon_percent: Some(dec!(50)),
        optional_fees: ["insurence".into()].into(),
        ..QuoteRequest::new(dec!(99999.5), day(2026, 1, 5))
    };
    let wrong = QuoteContext {
        holder: HolderKind::SolidarityGroup,
        branch: Some("jinja".parse().unwrap()),
        tier: None,
        ..QuoteContext::new(&calendar, "USD".parse().unwrap())
    };
    let found = told(product().quote(&request, &wrong).unwrap_err());
    let expected = [
        ("amount", "99999.5", "100000 to 2000000", 5002),
        ("instalments", "24", "3 to 12", 5002),
        ("rate", "10", "24 to 36", 5002),
        ("grace", "3", "2 or less", 5002),
        ("first_due_offset", "-6", "-5 to 15", 5002),
        (
            "balloon_percent",
            "50",
            "none: the product has no balloon",
            5004,
        ),
        ("penalty_rate", "1", "0.1 to 0.5", 5002),
        ("tolerance_days", "11", "0 to 10", 5002),
        (
            "optional_fees",
            "\"insurence\"",
            "names of active optional fees of the product",
            5004,
        ),
        ("context.currency", "USD", "KES, UGX", 5015),
        (
            "context.holder",
            "SOLIDARITY_GROUP",
            "INDIVIDUAL, GROUP",
            5012,
        ),
        ("context.branch", "jinja", "gulu, kampala", 5011),
        ("context.tier", "nothing", "FULL", 5014),
    ];
    let expected = expected.map(|(f, g, a, c)| (f.to_owned(), g.to_owned(), a.to_owned(), c));
    assert_eq!(found, expected);
    // The same request gives the same answer.
    assert_eq!(
        told(product().quote(&request, &wrong).unwrap_err()),
        expected
    );
}

#[test]
fn amounts_are_whole_minor_units_and_never_rounded() {
    let calendar = Calendar::default();
    let ask = |amount| {
        let request = QuoteRequest::new(amount, day(2026, 1, 5));
        product()
            .quote(&request, &context(&calendar))
            .map(|terms| terms.principal)
    };
    assert_eq!(ask(dec!(150000)).unwrap(), dec!(150000));
    assert_eq!(ask(dec!(150000.00)).unwrap(), dec!(150000)); // zeros are no digits
    let refused = ask(dec!(150000.5)).unwrap_err();
    let first = refused.iter().next().unwrap();
    assert_eq!(
        (first.kind, first.allowed.as_str()),
        (ViolationKind::Precision, "0 decimals of UGX")
    );
    assert_eq!(first.kind.mambu_code(), Some(184));
}

#[test]
fn a_first_due_date_lies_as_far_from_the_usual_one_as_the_offsets_allow() {
    let calendar = Calendar::default();
    // Disbursed on 5 January, the first instalment usually falls due on 5 February.
    let table = [
        (day(2026, 2, 5), Ok(FirstDue::AfterOnePeriod)),
        (day(2026, 1, 31), Ok(FirstDue::On(day(2026, 1, 31)))), // −5 days
        (day(2026, 2, 20), Ok(FirstDue::On(day(2026, 2, 20)))), // +15 days
        (day(2026, 1, 30), Err(ViolationKind::Date)),
        (day(2026, 2, 21), Err(ViolationKind::Date)),
        (day(2026, 1, 5), Err(ViolationKind::Date)),
    ];
    for (first, expected) in table {
        let request = QuoteRequest {
            first_due: Some(first),
            ..QuoteRequest::new(dec!(300000), day(2026, 1, 5))
        };
        let quoted = product().quote(&request, &context(&calendar));
        let found = quoted
            .map(|t| t.schedule.first_due)
            .map_err(|v| v.iter().next().unwrap().kind);
        assert_eq!(found, expected, "{first}");
    }
}

#[test]
fn kinds_of_loan_become_kinds_of_contract() {
    let calendar = Calendar::default();
    let quote = |product: &LoanProduct| {
        product.validate().unwrap();
        product
            .quote(
                &QuoteRequest::new(dec!(300000), day(2026, 1, 5)),
                &context(&calendar),
            )
            .unwrap()
    };
    let mut dynamic = product();
    dynamic.kind = LoanKind::DynamicTerm;
    dynamic.fees.clear();
    assert_eq!(
        quote(&dynamic).interest_basis,
        InterestBasis::OnBalance(BalanceInterest::default())
    );

    let mut free = product();
    free.kind = LoanKind::InterestFree;
    free.interest.rate = Range::default();
    free.schedule.grace = products::product::GraceSettings::default();
    let terms = quote(&free);
    assert_eq!(terms.schedule.interest.method, InterestMethod::Free);
    assert_eq!(terms.schedule.interest.rate.percent, Decimal::ZERO);

    let mut tranched = product();
    tranched.kind = LoanKind::Tranched { max_tranches: 3 };
    tranched.fees.clear();
    assert!(quote(&tranched).tranches);

    let mut balloon = product();
    balloon.schedule.principal = products::product::PrincipalSettings::Balloon {
        percent: Range::new(dec!(0), dec!(33.333), dec!(50)),
    };
    // 33.333 % of 300 000 is 99 999 shillings.
    let expected = Amortization::Balloon(Balloon::Principal {
        amount: dec!(99999),
    });
    assert_eq!(quote(&balloon).schedule.amortization, expected);
}

#[test]
fn what_a_contract_cannot_carry_is_refused_unless_taken_care_of_elsewhere() {
    let calendar = Calendar::default();
    let mut product = product();
    product.accounts.dormant_after_days = Some(90);
    product.securities.investors = Some(products::product::InvestorFunds {
        required_percent: None,
        lock_at_approval: false,
        lender_commission: Range::default(),
        investor_commission: Range::default(),
        split: products::product::CommissionSplit::PercentageOfFunding,
    });
    let request = QuoteRequest::new(dec!(300000), day(2026, 1, 5));
    let refused = product.quote(&request, &context(&calendar)).unwrap_err();
    let fields: Vec<_> = refused
        .iter()
        .map(|v| (v.field.as_ref(), v.code()))
        .collect();
    assert_eq!(
        fields,
        [
            ("securities.investors", 5007),
            ("accounts.dormant_after_days", 5007)
        ]
    );
    let elsewhere = QuoteContext {
        carried_elsewhere: true,
        ..context(&calendar)
    };
    assert!(product.quote(&request, &elsewhere).is_ok());
}

#[test]
fn a_product_reads_back_as_it_was_written() {
    let product = product();
    let text = product.to_json().unwrap();
    assert_eq!(LoanProduct::from_json(&text).unwrap(), product);
}

/// 5000 are kept back of every loan: with an open range a request for 5000 pays out nothing.
#[test]
fn fees_kept_back_leave_something_to_pay_out() {
    let calendar = Calendar::default();
    let mut product = product();
    product.amount = Range::default();
    product.fees = vec![products::product::PredefinedFee {
        name: lending_core::loan::Code::from("form").unwrap(),
        when: products::product::FeeWhen::DeductedFromDisbursement,
        amount: products::product::FeeAmount::Flat(dec!(5000)),
        required: true,
        active: true,
        amortisation: None,
        tax: None,
    }];
    product.validate().unwrap();
    product.rehearse(day(2026, 1, 5), &calendar).unwrap();
    let ask = |amount| {
        let request = QuoteRequest::new(amount, day(2026, 1, 5));
        product.quote(&request, &context(&calendar))
    };
    let refused = ask(dec!(5000)).unwrap_err();
    let found = refused.iter().next().unwrap();
    assert_eq!((found.field.as_ref(), found.code()), ("amount", 5002));
    assert!(ask(dec!(5001)).is_ok());
    // In whole shillings 13 % of 4 are 1: of 5 nothing is left.
    product.amount = Range::new(dec!(5), dec!(10), dec!(100));
    product.fees[0].amount = products::product::FeeAmount::Flat(dec!(4));
    product.validate().unwrap();
    product.taxes.on_fees = true;
    product.taxes.percent = Some(dec!(13));
    let refused = product.validate().unwrap_err();
    assert_eq!(refused.iter().next().unwrap().field, "fees");
}
