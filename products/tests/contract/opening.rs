//! Approval and fees at disbursement.

use ledger::posting_rules::{AccountingMethod, FinancialResource, PostingRule, PostingRules};
use lending_core::{
    dates::{Calendar, DueDateRule, Period},
    ids::{AccountId, ActorId},
    loan::{Code, Command, Context, Cover, CreditLineCover, LoanAccount, Status, TransactionId},
    schedule::{ChargeFrequency, TaxKind},
};
use products::{
    LoanKind, QuoteContext, QuoteRequest, Range,
    product::{
        AccountState, Amortisation, AmortisationInterval, AmortisationProfile,
        CreditLineRequirement, FeeAmount, FeeTaxSettings, FeeWhen, InterestKind, PredefinedFee,
    },
    settings::LendingSettings,
};
use rust_decimal::{Decimal, dec};

use super::{contract, equal_principal, tell};
use crate::common::{day, plain};

#[test]
fn approval_asks_for_what_the_product_requires() {
    let on = day(2026, 1, 5);
    let mut product = plain();
    product.accounts.initial_state = AccountState::PartialApplication;
    product.accounts.credit_line = CreditLineRequirement::Required;
    product.securities.collateral = true;
    product.securities.required_percent = Some(dec!(50));
    let terms = contract(&product, on, &Calendar::default());
    let account = LoanAccount::submit(AccountId::new(1), terms, on).unwrap();
    assert_eq!(account.status(), Status::PartialApplication);
    let account = tell(account, &Command::RequestApproval, on);
    let approve = |guarantees, credit_line| {
        let cover = Cover {
            guarantees,
            credit_line,
            ..Cover::NONE
        };
        account.decide(&Command::Approve { on }, &Context::today(on).covered(cover))
    };
    let line = CreditLineCover {
        available: dec!(5000),
        ends_on: day(2027, 1, 1),
    };
    assert!(
        approve(dec!(499), Some(line)).is_err(),
        "half of 1000 must be pledged"
    );
    assert!(
        approve(dec!(500), None).is_err(),
        "a line of credit is needed"
    );
    assert!(approve(dec!(500), Some(line)).is_ok());
}

#[test]
fn two_persons_where_the_lender_says_so() {
    let settings = LendingSettings {
        two_person_rule: true,
        write_off_after_days: 90,
        ..LendingSettings::default()
    };
    let (on, calendar) = (day(2026, 1, 5), Calendar::default());
    let context = QuoteContext {
        settings: Some(&settings),
        ..QuoteContext::new(&calendar, "KES".parse().unwrap())
    };
    let request = QuoteRequest::new(dec!(1000), on);
    let terms = plain().quote(&request, &context).unwrap();
    assert_eq!(terms.safeguards.undo_close_days, Some(30));
    assert_eq!(terms.safeguards.write_off_after_days, 90);
    let (one, other) = (ActorId::new(1), ActorId::new(2));
    let account = LoanAccount::submit(AccountId::new(1), terms, on)
        .unwrap()
        .submitted_by(one);
    let approve = |actor| account.decide(&Command::Approve { on }, &Context::today(on).by(actor));
    assert!(approve(one).is_err());
    assert!(approve(other).is_ok());
}

#[test]
fn a_fee_kept_back_is_earned_over_the_term() {
    let mut product = plain();
    let fee = |when, interval| PredefinedFee {
        tax: None,
        name: Code::from("processing").unwrap(),
        when,
        amount: products::product::FeeAmount::Flat(dec!(60)),
        required: true,
        active: true,
        amortisation: Some(Amortisation {
            profile: AmortisationProfile::SumOfYearsDigits,
            interval,
            intervals: None,
            on_reschedule: Default::default(),
        }),
    };
    let at_disbursement = FeeWhen::DeductedFromDisbursement;
    product.accounting = PostingRules::new(AccountingMethod::Accrual, []).unwrap();
    product.fees = vec![fee(at_disbursement, AmortisationInterval::DueDatesDaily)];
    let terms = contract(&product, day(2026, 1, 5), &Calendar::default());
    let earned = terms.fees[0].amortisation.unwrap();
    assert!(earned.daily);
    assert_eq!(
        earned.profile,
        lending_core::loan::Amortisation::SumOfDigits
    );
    // What a contract cannot carry is told.
    product.fees = vec![fee(
        FeeWhen::FirstInstalment,
        AmortisationInterval::DueDates,
    )];
    assert_eq!(product.not_carried()[0].field, "fees[0].amortisation");
}

/// 63.00 at 45 % a day, compounded over five months, owe 1.5 x 10^28 cents: more than 28 digits, and
/// within the 96 bits of an amount. What a preview can show an account can owe.
#[test]
fn an_account_owes_the_largest_amounts_that_a_preview_shows() {
    let mut product = equal_principal();
    product.kind = LoanKind::DynamicTerm;
    product.amount = Range::only(dec!(63));
    product.instalments = Range::only(1);
    product.interest.rate = Range::only(dec!(45));
    product.interest.per = ChargeFrequency::Day;
    product.interest.kind = InterestKind::Compound;
    product.schedule.due_dates = DueDateRule::every(Period::Days(151));
    let (on, calendar) = (day(2025, 1, 31), Calendar::default());
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let request = QuoteRequest::new(dec!(63), on);
    let preview = product.preview(&request, &context).unwrap();
    let shown = preview.schedule.instalments[0].interest;
    assert!(shown.mantissa() > 10_i128.pow(28), "{shown}");
    let mut terms = preview.terms;
    terms.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
    let account = LoanAccount::submit(AccountId::new(1), terms, on).unwrap();
    let account = tell(account, &Command::Approve { on }, on);
    let pay_out = Command::disburse(TransactionId::new(1), on, dec!(63));
    let account = tell(account, &pay_out, on);
    assert_eq!(account.instalments()[0].due.interest, shown);
}

/// 1000.00 with two fees kept back: 50.00 taxed at 16 % on top, by a source, 8.00; 2 % of 1000 with
/// no tax. 922.00 are paid out. With the fees' own taxes the tax of 5 % on all fees is not theirs.
#[test]
fn a_fee_at_disbursement_has_a_tax_of_its_own() {
    let mut product = plain();
    let fee = |name: &str, amount, tax| PredefinedFee {
        name: Code::from(name).unwrap(),
        when: FeeWhen::DeductedFromDisbursement,
        amount,
        required: true,
        active: true,
        amortisation: None,
        tax: Some(tax),
    };
    let vat = FeeTaxSettings {
        source: Some("VAT".into()),
        kind: TaxKind::Exclusive,
        ..FeeTaxSettings::default()
    };
    let exempt = FeeTaxSettings {
        percent: Some(dec!(0)),
        ..FeeTaxSettings::default()
    };
    product.fees = vec![
        fee("processing", FeeAmount::Flat(dec!(50)), vat.clone()),
        fee("insurance", FeeAmount::AmountPercent(dec!(2)), exempt),
    ];
    product.taxes.on_fees = true;
    product.taxes.percent = Some(dec!(5));
    assert!(product.not_carried().is_empty());
    let calendar = Calendar::default();
    let (on, rates) = (day(2026, 1, 5), [("VAT".to_owned(), dec!(16))].into());
    let context = QuoteContext {
        tax_rates: Some(&rates),
        ..QuoteContext::new(&calendar, "KES".parse().unwrap())
    };
    let rule = |resource, account: &str| PostingRule::new(resource, account.parse().unwrap());
    product.accounting = PostingRules::new(
        AccountingMethod::Cash,
        [
            rule(FinancialResource::PortfolioControl, "1210"),
            rule(FinancialResource::FundSource, "1110"),
            rule(FinancialResource::InterestIncome, "4110"),
            rule(FinancialResource::FeeIncome, "4120"),
            rule(FinancialResource::PenaltyIncome, "4130"),
            rule(FinancialResource::WriteOffExpense, "5110"),
            rule(FinancialResource::TaxesPayable, "2210"),
        ],
    )
    .unwrap();
    let request = QuoteRequest::new(dec!(1000), on);
    let preview = product.preview(&request, &context).unwrap();
    assert_eq!(preview.payout, dec!(922));
    let account = LoanAccount::submit(AccountId::new(1), preview.terms, on).unwrap();
    let account = tell(account, &Command::Approve { on }, on);
    let pay_out = Command::disburse(TransactionId::new(1), on, dec!(1000));
    let decision = account.decide(&pay_out, &Context::today(on)).unwrap();
    let booked = |code: &str| -> Decimal {
        let lines = decision.entries.iter().flat_map(|entry| entry.lines());
        let mine = lines.filter(|line| line.account().as_str() == code);
        mine.map(|line| Decimal::new(line.signed_minor(), 2)).sum()
    };
    let expected = [
        ("1210", dec!(1000)),
        ("1110", dec!(-922)),
        ("4120", dec!(-70)),
        ("2210", dec!(-8)),
    ];
    for (code, amount) in expected {
        assert_eq!(booked(code), amount, "{code}");
    }
    // Without the rate there is no contract; with an instalment a fee has the tax of all.
    let refused = product.quote(&request, &QuoteContext::new(&calendar, context.currency));
    let refused = refused.unwrap_err();
    assert_eq!(refused.iter().next().unwrap().field, "context.tax_rates");
    product.fees[0].when = FeeWhen::EveryInstalment;
    assert_eq!(product.not_carried()[0].field, "fees[0].tax");
    product.fees[0].tax.as_mut().unwrap().percent = Some(dec!(3));
    let refused = product.validate().unwrap_err();
    assert_eq!(refused.iter().next().unwrap().field, "fees[0].tax");
}
