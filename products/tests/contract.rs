//! Settings of a product in the life of an account opened on it. The expected figures are worked
//! out by hand beside each test: 1000.00 lent on a Monday, 12 % a year by actual days over 365.

mod common;

use chrono::NaiveDate;
use common::{day, plain};
use ledger::posting_rules::{AccountingMethod, FinancialResource, PostingRule, PostingRules};
use lending_core::{
    dates::{Calendar, DueDateRule, Period},
    ids::{AccountId, ActorId},
    loan::{
        Amounts, CapBase, CapMethod, Code, Command, Context, Cover, CreditLineCover,
        DelinquencyRange, FutureMoney, InterestOnPrepayment, LoanAccount, LockReason,
        NewTransaction, PaidEarly, Recalculation, Status, TransactionId, TransactionKind,
    },
    schedule::{ChargeFrequency, ElementRounding, IndexValue, Multiple, Residue, TaxKind},
    store::AccrualPosting,
};
use products::{
    LoanKind, LoanProduct, QuoteContext, QuoteRequest, Range,
    product::{
        AccountState, AccrualDetail, Amortisation, AmortisationInterval, AmortisationProfile,
        ChargeCap, CreditLineRequirement, DayTier, FeeAmount, FeeTaxSettings, FeeWhen,
        FuturePayments, InterestKind, LateRecalculation, PenaltySettings, PredefinedFee,
        PricingSettings, PrincipalSettings, ToleranceMethod,
    },
    settings::LendingSettings,
};
use rust_decimal::{Decimal, dec};

/// The contract of a product for 1000.00 on a day.
fn contract(
    product: &LoanProduct,
    on: NaiveDate,
    calendar: &Calendar,
) -> lending_core::loan::LoanTerms {
    product.validate().unwrap();
    let context = QuoteContext::new(calendar, "KES".parse().unwrap());
    let request = QuoteRequest::new(dec!(1000), on);
    let mut terms = product.quote(&request, &context).unwrap();
    terms.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
    terms
}

/// An account on a product, paid out on a day.
fn opened(product: &LoanProduct, on: NaiveDate) -> LoanAccount {
    opened_in(product, on, &Calendar::default())
}

fn opened_in(product: &LoanProduct, on: NaiveDate, calendar: &Calendar) -> LoanAccount {
    let terms = contract(product, on, calendar);
    let account = LoanAccount::submit(AccountId::new(1), terms, on).unwrap();
    let account = tell(account, &Command::Approve { on }, on);
    tell(
        account,
        &Command::disburse(TransactionId::new(1), on, dec!(1000)),
        on,
    )
}

fn tell(account: LoanAccount, command: &Command, on: NaiveDate) -> LoanAccount {
    account
        .decide(command, &Context::today(on))
        .unwrap()
        .account
}

fn close(account: LoanAccount, date: NaiveDate) -> LoanAccount {
    tell(account, &Command::EndOfDay { date }, date)
}

fn record(account: LoanAccount, id: u64, on: NaiveDate, kind: TransactionKind) -> LoanAccount {
    let new = NewTransaction::new(TransactionId::new(id.into()), on, kind);
    tell(account, &Command::Record(new), on)
}

fn penalty(product: &mut LoanProduct, percent: Decimal) {
    product.penalty = Some(PenaltySettings {
        base: lending_core::loan::PenaltyBase::OverduePrincipal,
        daily_rate: Range::only(percent),
        grace_days: 0,
    });
}

fn equal_principal() -> LoanProduct {
    let mut product = plain();
    product.schedule.principal = PrincipalSettings::EqualPrincipal { every: 1 };
    product
}

fn dynamic() -> LoanProduct {
    let mut product = plain();
    product.kind = LoanKind::DynamicTerm;
    product
}

#[test]
fn an_account_is_locked_after_the_days_in_arrears_of_the_product() {
    let mut product = plain();
    product.arrears.lock_after_days = Some(10);
    let account = opened(&product, day(2026, 1, 5));
    // Due on 5 February: the tenth day in arrears is the 15th.
    let account = close(account, day(2026, 2, 14));
    assert_eq!(account.lock(), None);
    let lock = close(account, day(2026, 2, 15)).lock().unwrap();
    assert_eq!(
        (lock.reason, lock.since),
        (LockReason::Arrears, day(2026, 2, 15))
    );
}

#[test]
fn charges_stop_at_the_cap_of_the_product() {
    let mut product = equal_principal();
    penalty(&mut product, dec!(1));
    product.cap = Some(ChargeCap {
        percent: dec!(2),
        base: CapBase::OriginalPrincipal,
        method: CapMethod::Soft,
        apply_accrued_first: false,
    });
    let account = opened(&product, day(2026, 1, 5));
    // 1000 x 12 % x 31/365 = 10.19 of interest, and 1 % of 166.67 a day: the cap of 20.00 is
    // reached on the sixth day, with 10.19 + 10.00.
    let account = close(account, day(2026, 2, 10));
    assert_eq!(account.lock(), None);
    let lock = close(account, day(2026, 2, 11)).lock().unwrap();
    assert_eq!(
        (lock.reason, lock.since),
        (LockReason::Cap, day(2026, 2, 11))
    );
}

#[test]
fn arrears_are_tolerated_to_a_day_of_the_next_month() {
    let mut product = plain();
    product.arrears.tolerance = ToleranceMethod::DayOfNextMonth(5);
    // Due on 25 February: late after 5 March.
    let account = close(opened(&product, day(2026, 1, 25)), day(2026, 3, 5));
    assert!(!account.arrears().in_arrears());
    assert!(close(account, day(2026, 3, 6)).arrears().in_arrears());
}

#[test]
fn days_off_count_as_days_late_or_not() {
    let calendar = Calendar::weekends();
    // Due on Friday 6 February, three days tolerated: the fourth day late is Tuesday, or with
    // working days alone Thursday.
    for (counted, first) in [(true, day(2026, 2, 10)), (false, day(2026, 2, 12))] {
        let mut product = plain();
        product.arrears.tolerance_days = Range::only(3);
        product.arrears.count_non_working_days = counted;
        let account = opened_in(&product, day(2026, 1, 6), &calendar);
        let account = close(account, first.pred_opt().unwrap());
        assert!(!account.arrears().in_arrears(), "{counted}");
        assert!(close(account, first).arrears().in_arrears(), "{counted}");
    }
}

#[test]
fn a_tax_on_penalties_alone_is_charged() {
    let mut product = equal_principal();
    penalty(&mut product, dec!(1));
    product.taxes.on_penalties = true;
    product.taxes.percent = Some(dec!(16));
    product.taxes.kind = TaxKind::Exclusive;
    // Three days of 1 % of 166.67: 5.00, and 16 % of it, 0.80, on top. Interest bears no tax.
    let account = close(opened(&product, day(2026, 1, 5)), day(2026, 2, 8));
    let first = &account.instalments()[0];
    assert_eq!(
        (first.due.interest, first.due.penalty),
        (dec!(10.19), dec!(5.80))
    );
}

#[test]
fn interest_to_the_day_is_paid_before_early_principal_or_stays_due() {
    // 1000 x 12 % x 15/365 = 4.93 have arisen on 20 January.
    let table = [
        (InterestOnPrepayment::PaidFirst, dec!(504.93)),
        (InterestOnPrepayment::StaysDue, dec!(500)),
    ];
    for (rule, left) in table {
        let mut product = dynamic();
        product.payments.allocation.interest_on_prepayment = rule;
        product.payments.allocation.future =
            FutureMoney::ReducePrincipal(Recalculation::ReduceInstalment);
        let account = opened(&product, day(2026, 1, 5));
        let on = day(2026, 1, 20);
        let pay = Command::repay(TransactionId::new(2), on, dec!(500));
        assert_eq!(
            tell(account, &pay, on).principal_balance(),
            left,
            "{rule:?}"
        );
    }
}

#[test]
fn money_put_aside_can_be_taken_out_again() {
    let mut product = dynamic();
    product.payments.redraw = true;
    let account = opened(&product, day(2026, 1, 5));
    let amount = dec!(300);
    let account = record(
        account,
        2,
        day(2026, 1, 20),
        TransactionKind::RedrawDeposit { amount },
    );
    let amount = dec!(100);
    let account = record(
        account,
        3,
        day(2026, 1, 25),
        TransactionKind::RedrawWithdrawal { amount },
    );
    assert_eq!(account.redraw_balance(), dec!(200));
    // 15 days on 1000, 5 on 700, 11 on 800: (15000 + 3500 + 8800) x 12 % / 365 = 8.98.
    let account = close(account, day(2026, 2, 5));
    assert_eq!(account.instalments()[0].due.interest, dec!(8.98));
}

#[test]
fn a_payer_may_name_what_a_payment_is_for() {
    let mut product = plain();
    product.payments.custom_allocation = true;
    let account = opened(&product, day(2026, 1, 5));
    let kind = TransactionKind::Credit {
        kind: lending_core::loan::CreditKind::Repayment,
        amount: dec!(50),
        split: Some(Amounts {
            principal: dec!(50),
            ..Amounts::ZERO
        }),
    };
    let account = record(account, 2, day(2026, 2, 5), kind);
    assert_eq!(account.principal_balance(), dec!(950));
    assert_eq!(account.paid().interest, Decimal::ZERO);
}

#[test]
fn unpaid_interest_bears_interest_where_the_product_says_so() {
    // Nothing is paid. 10.19 fell due on 5 February; 28 days on 1010.19 are 9.30, on 1000 9.21.
    for (compound, interest) in [(true, dec!(9.30)), (false, dec!(9.21))] {
        let mut product = dynamic();
        product.interest.on_unpaid_interest = compound;
        let account = opened(&product, day(2026, 1, 5));
        let account = close(account, day(2026, 2, 5));
        let account = close(account, day(2026, 3, 5));
        let due = |at: usize| account.instalments()[at].due.interest;
        assert_eq!((due(0), due(1)), (dec!(10.19), interest), "{compound}");
    }
}

#[test]
fn an_account_follows_the_index_of_its_product() {
    let mut product = dynamic();
    product.interest.rate = Range::only(dec!(2));
    product.interest.pricing = PricingSettings::Indexed {
        index: "CBR".into(),
        review: lending_core::dates::Period::Months(1),
        floor: Some(dec!(6)),
        ceiling: Some(dec!(9)),
    };
    let value = |m, percent| IndexValue {
        from: day(2026, m, 1),
        percent,
    };
    let indexes = [("CBR".to_owned(), vec![value(1, dec!(5)), value(2, dec!(8))])].into();
    let calendar = Calendar::default();
    let context = QuoteContext {
        indexes: Some(&indexes),
        ..QuoteContext::new(&calendar, "KES".parse().unwrap())
    };
    let on = day(2026, 1, 5);
    let quoted = product.quote(&QuoteRequest::new(dec!(1000), on), &context);
    let mut terms = quoted.unwrap();
    terms.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
    // 5 and a spread of 2.
    assert_eq!(terms.schedule.interest.rate.percent, dec!(7));
    let account = LoanAccount::submit(AccountId::new(1), terms, on).unwrap();
    let account = tell(account, &Command::Approve { on }, on);
    let account = tell(
        account,
        &Command::disburse(TransactionId::new(1), on, dec!(1000)),
        on,
    );
    assert_eq!(account.next_index_review(), Some(day(2026, 2, 5)));
    let account = record(
        account,
        2,
        day(2026, 2, 5),
        TransactionKind::IndexReview { index: dec!(8) },
    );
    // 31 days at 7 % are 5.95. From then on 8 and 2 make 10, and the ceiling is 9: what is left of
    // the principal bears 9 % for 28 days.
    let rows = account.instalments();
    let left = dec!(1000) - rows[0].due.principal;
    let expected = (left * dec!(0.09) * dec!(28) / dec!(365)).round_dp(2);
    assert_eq!(
        (rows[0].due.interest, rows[1].due.interest),
        (dec!(5.95), expected)
    );

    let early = QuoteRequest::new(dec!(1000), day(2025, 12, 31));
    let refused = product.quote(&early, &context).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().field, "context.indexes");
}

#[test]
fn a_rate_changes_with_the_days_since_disbursement() {
    let mut product = plain();
    product.interest.rate = Range::default();
    product.schedule.principal = PrincipalSettings::Bullet;
    product.interest.pricing = PricingSettings::TieredByDays {
        tiers: vec![
            DayTier {
                up_to: Some(30),
                percent: dec!(12),
            },
            DayTier {
                up_to: None,
                percent: dec!(24),
            },
        ],
    };
    // 30 nights at 12 % and one at 24: (30 x 120 + 240)/365 = 10.52; then 28 x 240/365 = 18.41.
    let account = opened(&product, day(2026, 1, 5));
    let due = |at: usize| account.instalments()[at].due.interest;
    assert_eq!((due(0), due(1)), (dec!(10.52), dec!(18.41)));
}

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
fn the_end_of_day_is_told_how_finely_to_post() {
    let table = [
        (AccrualDetail::PerAccount, AccrualPosting::PerAccount),
        (
            AccrualDetail::PerProductAndBranch,
            AccrualPosting::Aggregated,
        ),
    ];
    for (detail, posting) in table {
        assert_eq!(AccrualPosting::from(detail), posting);
        let mut product = plain();
        product.accrual_detail = detail;
        assert!(product.not_carried().is_empty());
    }
}

/// An element with its tax contained: 11.60 hold 1.60 of 16 %.
#[test]
fn a_tax_contained_in_penalties_is_split_off() {
    let mut product = plain();
    penalty(&mut product, dec!(1));
    product.taxes.on_penalties = true;
    product.taxes.percent = Some(dec!(16));
    product.taxes.kind = TaxKind::Inclusive;
    let account = opened(&product, day(2026, 1, 5));
    let gross = Amounts {
        interest: dec!(11.60),
        penalty: dec!(11.60),
        ..Amounts::ZERO
    };
    let tax = account.tax_in(&gross).unwrap();
    assert_eq!((tax.interest, tax.penalty), (Decimal::ZERO, dec!(1.60)));
}

#[test]
fn an_account_is_classified_by_the_ranges_of_its_product() {
    let mut product = plain();
    let range = |name: &str, first_day, last_day| DelinquencyRange {
        name: Code::from(name).unwrap(),
        first_day,
        last_day,
    };
    product.arrears.delinquency = vec![range("watch", 1, Some(30)), range("doubtful", 31, None)];
    let account = opened(&product, day(2026, 1, 5));
    // Due on 5 February: 30 days late on 7 March, 31 on 8 March.
    for (on, name) in [(day(2026, 3, 7), "watch"), (day(2026, 3, 8), "doubtful")] {
        let late = close(account.clone(), on).delinquency();
        assert_eq!(late.range.unwrap().as_str(), name);
    }
    product.arrears.delinquency.reverse();
    let refused = product.validate().unwrap_err();
    assert_eq!(refused.iter().next().unwrap().field, "arrears.delinquency");
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

/// Nothing is paid. 10.19 falls due on 5 February and 166.67 of principal with it. February bears
/// 1000 x 12 % x 28/365 = 9.21, of which 166.67 x 12 % x 28/365 = 1.53 are on what is late; without
/// it 833.33 bear 7.67. The last instalment is forecast 166.65 x 12 % x 30/365 = 1.64.
#[test]
fn interest_on_late_principal_falls_due_where_the_product_says() {
    use LateRecalculation::{LastInstalment, OverdueInstalments, RunningInstalment};
    for (late, overdue, expected) in [
        (
            RunningInstalment,
            None,
            [dec!(10.19), dec!(9.21), dec!(1.64)],
        ),
        (
            OverdueInstalments,
            None,
            [dec!(11.72), dec!(7.68), dec!(1.64)],
        ),
        (
            LastInstalment,
            Some(true),
            [dec!(10.19), dec!(7.68), dec!(3.17)],
        ),
        (
            RunningInstalment,
            Some(false),
            [dec!(10.19), dec!(7.67), dec!(1.64)],
        ),
    ] {
        let mut product = equal_principal();
        product.kind = LoanKind::DynamicTerm;
        (product.payments.late, product.interest.on_overdue_principal) = (late, overdue);
        let account = close(opened(&product, day(2026, 1, 5)), day(2026, 3, 5));
        let due = |at: usize| account.instalments()[at].due.interest;
        assert_eq!([due(0), due(1), due(5)], expected, "{late:?} {overdue:?}");
    }
    // Where interest is not by days alone, a contract cannot carry it.
    let mut product = dynamic();
    product.payments.late = LastInstalment;
    product.interest.on_unpaid_interest = true;
    assert_eq!(product.not_carried()[0].field, "payments.late");
}

/// 200.00 on 20 January are more than the 166.67 of the first instalment. Left open it asks for its
/// interest: 15 days on 1000 and 16 on 800 are 4.93 + 4.21 = 9.14. Closed, that is due with the
/// second: 9.14 and 28 days on 800, 7.36.
#[test]
fn an_instalment_paid_ahead_stays_open_or_not() {
    for (rule, first, second) in [
        (PaidEarly::StaysOpen, dec!(9.14), dec!(7.36)),
        (PaidEarly::ClosedWithPrincipal, dec!(0), dec!(16.50)),
    ] {
        let mut product = equal_principal();
        product.kind = LoanKind::DynamicTerm;
        product.payments.allocation.future =
            FutureMoney::ReducePrincipal(Recalculation::ReduceInstalment);
        product.payments.allocation.paid_early = rule;
        let account = opened(&product, day(2026, 1, 5));
        let on = day(2026, 1, 20);
        let account = tell(
            account,
            &Command::repay(TransactionId::new(2), on, dec!(200)),
            on,
        );
        let account = close(account, day(2026, 3, 5));
        let due = |at: usize| account.instalments()[at].due.interest;
        assert_eq!((due(0), due(1)), (first, second), "{rule:?}");
    }
    // On a schedule that is fixed nothing is paid early.
    let mut product = plain();
    product.payments.allocation.paid_early = PaidEarly::ClosedWithPrincipal;
    assert_eq!(
        product.not_carried()[0].field,
        "payments.allocation.paid_early"
    );
}

/// 1000 x 12 % x 31/365 = 10.19 and 833.33 x 12 % x 28/365 = 7.67. In whole tens: 10 and 10.
#[test]
fn a_forecast_rounds_as_the_product_says() {
    let mut product = equal_principal();
    product.kind = LoanKind::DynamicTerm;
    product.schedule.rounding.elements = ElementRounding::WholeUnits;
    product.schedule.rounding.multiple = Some(Multiple {
        of: dec!(10),
        mode: Default::default(),
    });
    assert!(product.not_carried().is_empty());
    let account = close(opened(&product, day(2026, 1, 5)), day(2026, 3, 5));
    let due = |at: usize| account.instalments()[at].due;
    assert_eq!((due(0).principal, due(0).interest), (dec!(170), dec!(10)));
    assert_eq!((due(1).principal, due(1).interest), (dec!(170), dec!(10)));
}

/// What rounding leaves of the interest of each instalment is due with the last. Exactly 10.1918,
/// 7.6712, 6.7945, 4.9314, 3.3971 and 1.6437 on 1000, 833.33, 666.66, 499.99, 333.32 and 166.65;
/// the first five round to 10.19, 7.67, 6.79, 4.93 and 3.40, which leaves 0.0018 + 0.0012 + 0.0045 +
/// 0.0014 - 0.0029 = 0.0060: 1.6497 in the end.
#[test]
fn a_forecast_carries_remainders_of_interest() {
    for (residue, last) in [
        (Residue::Principal, dec!(1.64)),
        (Residue::PrincipalAndInterest, dec!(1.65)),
    ] {
        let mut product = equal_principal();
        product.kind = LoanKind::DynamicTerm;
        product.schedule.rounding.residue = residue;
        assert!(product.not_carried().is_empty());
        let account = opened(&product, day(2026, 1, 5));
        let due: Vec<_> = account
            .instalments()
            .iter()
            .map(|row| row.due.interest)
            .collect();
        assert_eq!(due[5], last, "{residue:?} {due:?}");
    }
}

/// A schedule may be shown unrounded; an account could not be paid in such figures.
#[test]
fn unrounded_figures_are_not_carried() {
    let mut product = dynamic();
    product.schedule.rounding.elements = ElementRounding::Unrounded;
    let gaps = product.not_carried();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0].field, "schedule.rounding.elements");
}

/// Interest of a contract ends with its last period.
#[test]
fn interest_after_maturity_is_not_carried() {
    let mut product = dynamic();
    product.interest.after_maturity = Some(false);
    assert!(product.not_carried().is_empty());
    let account = close(opened(&product, day(2026, 1, 5)), day(2026, 7, 5));
    let owed = account.payoff(day(2026, 7, 5)).unwrap();
    assert_eq!(account.payoff(day(2026, 12, 5)).unwrap(), owed);
    product.interest.after_maturity = Some(true);
    assert_eq!(product.not_carried()[0].field, "interest.after_maturity");
}

/// Due on 5 February: 166.67 and 10.19. On 20 January 1004.93 settle the loan, 4.93 of it interest
/// of 15 days.
#[test]
fn money_ahead_of_time_is_taken_as_the_product_says() {
    use FuturePayments::{Accepted, OverpaymentsAccepted, Refused};
    let (early, due) = (day(2026, 1, 20), day(2026, 2, 5));
    for (future, on, most) in [
        (Refused, early, Some(dec!(0))),
        (Refused, due, Some(dec!(176.86))),
        (Accepted, early, Some(dec!(1004.93))),
        (OverpaymentsAccepted, early, None),
    ] {
        let mut product = equal_principal();
        product.kind = LoanKind::DynamicTerm;
        product.payments.future = future;
        product.payments.prepayments = future != Refused;
        assert!(product.not_carried().is_empty(), "{future:?}");
        let account = opened(&product, day(2026, 1, 5));
        let takes = |amount| {
            let pay = Command::repay(TransactionId::new(2), on, amount);
            account.decide(&pay, &Context::today(on)).is_ok()
        };
        match most {
            Some(most) => {
                assert!(!takes(most + dec!(0.01)), "{future:?}");
                assert!(most.is_zero() || takes(most), "{future:?}");
            }
            None => assert!(takes(dec!(5000))),
        }
    }
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
