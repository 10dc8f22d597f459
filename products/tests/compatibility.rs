//! The compatibility matrix: every rule is broken once, and the document shows every rule.

mod common;

use common::plain;
use ledger::posting_rules::{AccountingMethod, PostingRules};
use lending_core::{
    dates::{DueDateRule, MonthEnd, NonWorkingDayRule, Period},
    day_count::DayCount,
    loan::{
        AllocationOrder, Bucket, CapBase, CapMethod, Element, FutureMoney, LevelBasis,
        OverdueInterest, Recalculation, Rest, Timing,
    },
    schedule::{
        AnnuityFormula, BalanceTier, ChargeFrequency, Equalise, InstalmentTier, InterestDays,
        TaxKind, TierPart,
    },
};
use products::{
    LoanKind, LoanProduct, Range, ViolationKind,
    product::{
        AccrualPosting, Amortisation, AmortisationInterval, AmortisationProfile, ChargeCap,
        CommissionSplit, DayOfYear, FeeAmount, FeeWhen, FuturePayments, GraceKind,
        InterestApplication, InterestKind, InterestMethod, InvestorFunds, LateRecalculation,
        LineInterest, LinkedDeposit, PaymentDay, PenaltySettings, PredefinedFee, PricingSettings,
        PrincipalSettings, RevolvingPrincipal, RevolvingSettings, ToleranceMethod,
    },
    rules::{MATRIX, Rule},
};
use rust_decimal::dec;

fn rules() -> impl Iterator<Item = &'static Rule<LoanProduct>> {
    MATRIX.iter().copied().flatten()
}

type Change = fn(&mut LoanProduct);

fn flat(p: &mut LoanProduct) {
    p.interest.method = InterestMethod::Flat;
}
fn free(p: &mut LoanProduct) {
    p.kind = LoanKind::InterestFree;
    p.interest.rate = Range::default();
}
fn dynamic(p: &mut LoanProduct) {
    p.kind = LoanKind::DynamicTerm;
}
fn tranched(p: &mut LoanProduct) {
    p.kind = LoanKind::Tranched { max_tranches: 3 };
}
fn revolving(p: &mut LoanProduct) {
    p.kind = LoanKind::Revolving(RevolvingSettings {
        statement_day: Some(1),
        due: PaymentDay::DaysAfterStatement(20),
        ..RevolvingSettings::new(RevolvingPrincipal::Flat { amount: dec!(50) })
    });
    p.instalments = Range::default();
}
fn billing(p: &mut LoanProduct) -> &mut RevolvingSettings {
    match &mut p.kind {
        LoanKind::Revolving(settings) => settings,
        other => panic!("{other:?}"),
    }
}
fn by_draw(p: &mut LoanProduct) {
    billing(p).principal_due = RevolvingPrincipal::Instalments {
        count: Range::only(6),
        equal_total: false,
        early_reduces: false,
    };
}
fn seasonal(p: &mut LoanProduct) {
    equal_principal(p);
    p.schedule.seasons = [DayOfYear { month: 1, day: 15 }].into();
}
fn indexed(p: &mut LoanProduct) {
    p.interest.pricing = PricingSettings::Indexed {
        index: "CBR".into(),
        review: Period::Months(3),
        floor: None,
        ceiling: None,
    };
}
fn by_balance(p: &mut LoanProduct) {
    p.interest.rate = Range::default();
    p.interest.pricing = PricingSettings::TieredByBalance {
        tiers: vec![BalanceTier {
            up_to: None,
            percent: dec!(12),
        }],
        part: TierPart::WholeBalance,
    };
}
fn by_instalment(p: &mut LoanProduct, up_to: u32) {
    p.interest.rate = Range::default();
    p.interest.pricing = PricingSettings::TieredByInstalment {
        tiers: vec![InstalmentTier {
            up_to,
            percent: dec!(12),
        }],
    };
}
fn plan(p: &mut LoanProduct) {
    p.schedule.principal = PrincipalSettings::PaymentPlan;
    p.interest.rate = Range::default();
    p.interest.days = InterestDays::Nominal;
}
fn balloon(p: &mut LoanProduct) {
    p.schedule.principal = PrincipalSettings::Balloon {
        percent: Range::only(dec!(20)),
    };
}
fn graded(p: &mut LoanProduct) {
    p.schedule.principal = PrincipalSettings::Graded {
        every: 3,
        change_percent: dec!(5),
    };
}
fn longer(p: &mut LoanProduct) {
    p.schedule.principal = PrincipalSettings::LongerTerm {
        instalments: Range::only(24),
    };
}
fn capitalised(p: &mut LoanProduct) {
    p.interest.kind = InterestKind::Capitalised;
}
fn irregular(p: &mut LoanProduct) {
    let month_end = MonthEnd::Clamp;
    p.schedule.due_dates = DueDateRule::FixedDaysOfMonth {
        days: vec![1, 15],
        month_end,
    };
}
fn equal_principal(p: &mut LoanProduct) {
    p.schedule.principal = PrincipalSettings::EqualPrincipal { every: 1 };
}
fn books(p: &mut LoanProduct, method: AccountingMethod) {
    p.accounting = PostingRules::new(method, []).unwrap();
}
fn fee(p: &mut LoanProduct, when: FeeWhen, amount: FeeAmount) {
    let name = lending_core::loan::Code::from("fee").unwrap();
    p.fees = vec![PredefinedFee {
        tax: None,
        name,
        when,
        amount,
        required: true,
        active: true,
        amortisation: None,
    }];
}
fn investors(p: &mut LoanProduct) {
    p.securities.investors = Some(InvestorFunds {
        required_percent: None,
        lock_at_approval: false,
        lender_commission: Range::only(dec!(1)),
        investor_commission: Range::default(),
        split: CommissionSplit::PercentageOfFunding,
    });
}

/// For each rule, in the order of the matrix: a change to a plain product that breaks this rule
/// and no other.
const BREAKS: &[(&str, Change)] = &[
    ("flat-dynamic", |p| {
        flat(p);
        dynamic(p)
    }),
    ("flat-tranched", |p| {
        flat(p);
        tranched(p)
    }),
    ("flat-revolving", |p| {
        flat(p);
        revolving(p)
    }),
    // An index is for loans that follow the balance, which flat interest never does: tried below.
    ("flat-indexed", |p| {
        flat(p);
        indexed(p)
    }),
    ("flat-tiered-by-balance", |p| {
        flat(p);
        by_balance(p)
    }),
    ("flat-compound", |p| {
        flat(p);
        p.interest.kind = InterestKind::Compound
    }),
    ("flat-capitalised", |p| {
        flat(p);
        capitalised(p)
    }),
    ("flat-balloon", |p| {
        flat(p);
        balloon(p)
    }),
    ("flat-longer-term", |p| {
        flat(p);
        longer(p)
    }),
    ("flat-graded", |p| {
        flat(p);
        graded(p)
    }),
    ("flat-payment-plan", |p| {
        flat(p);
        plan(p)
    }),
    ("flat-equalised", |p| {
        flat(p);
        let formula = AnnuityFormula::ClosedForm;
        p.schedule.principal = PrincipalSettings::EqualInstalments {
            formula,
            equalise: Equalise::SmallestAmount,
        };
    }),
    ("flat-unpaid-interest", |p| {
        flat(p);
        p.interest.on_unpaid_interest = true
    }),
    ("free-rate", |p| {
        free(p);
        p.interest.rate = Range::only(dec!(5))
    }),
    ("free-pricing", |p| {
        free(p);
        by_balance(p)
    }),
    ("free-flat", |p| {
        free(p);
        flat(p)
    }),
    ("free-kind", |p| {
        free(p);
        p.interest.kind = InterestKind::Compound
    }),
    ("free-balloon", |p| {
        free(p);
        balloon(p)
    }),
    ("free-longer-term", |p| {
        free(p);
        longer(p)
    }),
    ("free-graded", |p| {
        free(p);
        graded(p)
    }),
    ("free-payment-plan", |p| {
        free(p);
        plan(p)
    }),
    ("free-interest-grace", |p| {
        free(p);
        p.schedule.grace.kind = GraceKind::InterestFree
    }),
    ("free-interest-tax", |p| {
        free(p);
        p.taxes.on_interest = true;
        p.taxes.percent = Some(dec!(10));
    }),
    ("free-unpaid-interest", |p| {
        free(p);
        p.interest.on_unpaid_interest = true
    }),
    ("free-offset", |p| {
        free(p);
        p.interest.offset_percent = Some(dec!(50));
        p.accounts.linked_deposit = Some(LinkedDeposit::default());
    }),
    ("free-on-disbursement", |p| {
        free(p);
        p.interest.application = InterestApplication::OnDisbursement;
    }),
    ("free-investors", |p| {
        free(p);
        investors(p)
    }),
    ("indexed-fixed-term", indexed),
    ("capitalised-cash", |p| {
        capitalised(p);
        books(p, AccountingMethod::Cash)
    }),
    ("capitalised-on-disbursement", |p| {
        capitalised(p);
        p.interest.application = InterestApplication::OnDisbursement;
    }),
    ("capitalised-unpaid-interest", |p| {
        dynamic(p);
        capitalised(p);
        p.interest.on_unpaid_interest = true;
    }),
    ("compound-whole-term", |p| {
        p.interest.kind = InterestKind::Compound;
        p.interest.per = ChargeFrequency::WholeTerm;
    }),
    ("unpaid-interest-fixed-term", |p| {
        p.interest.on_unpaid_interest = true
    }),
    ("rest-fixed-term", |p| p.interest.rest = Rest::DueDates),
    ("overdue-fixed-term", |p| {
        p.interest.overdue = OverdueInterest::EveryDay
    }),
    ("unpaid-interest-principal", |p| {
        dynamic(p);
        equal_principal(p);
        p.interest.on_unpaid_interest = true;
    }),
    ("whole-term-dynamic", |p| {
        dynamic(p);
        p.interest.per = ChargeFrequency::WholeTerm
    }),
    ("on-disbursement-dynamic", |p| {
        dynamic(p);
        p.interest.application = InterestApplication::OnDisbursement;
    }),
    ("tiered-rate", |p| {
        by_balance(p);
        p.interest.rate = Range::only(dec!(5))
    }),
    ("tiers-reach", |p| by_instalment(p, 11)),
    ("payment-plan-rate", |p| {
        plan(p);
        p.interest.rate = Range::only(dec!(5))
    }),
    ("payment-plan-kind", |p| {
        plan(p);
        dynamic(p)
    }),
    ("payment-plan-counted", |p| {
        plan(p);
        p.interest.days = InterestDays::Counted
    }),
    ("payment-plan-pricing", |p| {
        plan(p);
        by_balance(p)
    }),
    ("payment-plan-kind-of-interest", |p| {
        plan(p);
        capitalised(p)
    }),
    ("payment-plan-grace", |p| {
        plan(p);
        p.schedule.grace.kind = GraceKind::InterestOnly
    }),
    ("payment-plan-down-payment", |p| {
        plan(p);
        p.schedule.down_payment_percent = Some(dec!(20));
    }),
    ("nominal-irregular", |p| {
        equal_principal(p);
        irregular(p);
        p.interest.days = InterestDays::Nominal;
    }),
    ("annuity-irregular", irregular),
    ("annuity-tiered-by-balance", |p| {
        balloon(p);
        by_balance(p)
    }),
    ("icma-irregular", |p| {
        p.interest.day_count = DayCount::ActActIcma;
        p.schedule.due_dates = DueDateRule::every(Period::Months(5));
    }),
    ("seasons-nominal", |p| {
        seasonal(p);
        p.interest.days = InterestDays::Nominal;
    }),
    ("seasons-annuity", |p| {
        seasonal(p);
        p.schedule.principal = PrincipalSettings::default();
    }),
    ("seasons-icma", |p| {
        seasonal(p);
        p.interest.day_count = DayCount::ActActIcma;
    }),
    ("seasons-extend", |p| {
        seasonal(p);
        p.schedule.non_working_days = NonWorkingDayRule::Extend;
    }),
    ("seasons-offset", |p| {
        seasonal(p);
        p.schedule.first_due_offset = Range::new(0, 0, 5);
    }),
    ("seasons-revolving", |p| {
        revolving(p);
        seasonal(p);
        p.schedule.principal = PrincipalSettings::EqualInstalments {
            formula: AnnuityFormula::Factor,
            equalise: Equalise::LastTakesRest,
        };
    }),
    ("term-reach", |p| {
        p.instalments.max = Some(300);
        p.schedule.due_dates = DueDateRule::every(Period::Years(10));
    }),
    ("grace-reach", |p| {
        p.schedule.grace.kind = GraceKind::Pure;
        p.schedule.grace.instalments = Range {
            min: None,
            default: None,
            max: Some(3),
        };
    }),
    ("grace-bullet", |p| {
        p.schedule.grace.kind = GraceKind::Pure;
        p.schedule.principal = PrincipalSettings::Bullet;
    }),
    ("no-grace-range", |p| {
        p.schedule.grace.instalments = Range::between(1, 2)
    }),
    ("offset-before-disbursement", |p| {
        p.schedule.first_due_offset = Range::new(-28, 0, 0);
    }),
    ("extend-weekday", |p| {
        p.schedule.non_working_days = NonWorkingDayRule::Extend;
        p.schedule.due_dates = DueDateRule::every(Period::Days(14));
    }),
    ("balloon-down-payment", |p| {
        balloon(p);
        p.schedule.down_payment_percent = Some(dec!(20));
    }),
    ("longer-term-reach", |p| {
        p.schedule.principal = PrincipalSettings::LongerTerm {
            instalments: Range::only(11),
        };
    }),
    ("recalculation-fixed-term", |p| {
        p.payments.allocation.future = FutureMoney::ReducePrincipal(Recalculation::KeepTotal)
    }),
    ("redraw-fixed-term", |p| p.payments.redraw = true),
    ("redraw-principal", |p| {
        dynamic(p);
        equal_principal(p);
        p.payments.redraw = true
    }),
    ("redraw-compound", |p| {
        dynamic(p);
        p.interest.kind = InterestKind::Compound;
        p.payments.redraw = true;
    }),
    ("redraw-refused", |p| {
        dynamic(p);
        p.payments.redraw = true;
        p.payments.future = FuturePayments::Refused;
    }),
    ("late-fixed-term", |p| {
        p.payments.late = LateRecalculation::LastInstalment
    }),
    ("late-without-interest", |p| {
        dynamic(p);
        p.payments.late = LateRecalculation::OverdueInstalments;
        p.interest.on_overdue_principal = Some(false);
    }),
    ("offset-fixed-term", |p| {
        p.interest.offset_percent = Some(dec!(50));
        p.accounts.linked_deposit = Some(LinkedDeposit::default());
    }),
    ("offset-unlinked", |p| {
        dynamic(p);
        p.interest.offset_percent = Some(dec!(50))
    }),
    ("prepayment-refused", |p| {
        p.payments.prepayments = false;
        p.payments.future = FuturePayments::OverpaymentsAccepted;
    }),
    ("accrual-posting", |p| {
        books(p, AccountingMethod::Cash);
        p.accrual_posting = AccrualPosting::MonthEnd;
    }),
    ("fee-amortisation", |p| {
        books(p, AccountingMethod::Cash);
        fee(p, FeeWhen::FirstInstalment, FeeAmount::Flat(dec!(1)));
        p.fees[0].amortisation = Some(Amortisation {
            profile: AmortisationProfile::StraightLine,
            interval: AmortisationInterval::DueDates,
            intervals: None,
            on_reschedule: Default::default(),
        });
    }),
    ("fee-divided", |p| {
        fee(p, FeeWhen::FirstInstalment, FeeAmount::FlatDivided(dec!(1)))
    }),
    ("fee-instalment-principal", |p| {
        fee(
            p,
            FeeWhen::Manual,
            FeeAmount::InstalmentPrincipalPercent(dec!(1)),
        );
    }),
    ("fee-given", |p| fee(p, FeeWhen::Manual, FeeAmount::Given)),
    ("fee-due-date-fixed-term", |p| {
        fee(p, FeeWhen::EveryDueDate, FeeAmount::Flat(dec!(1)))
    }),
    ("tax-without-penalty", |p| {
        p.taxes.on_penalties = true;
        p.taxes.percent = Some(dec!(10));
        p.penalty = None;
    }),
    ("cap-without-charges", |p| {
        free(p);
        p.penalty = None;
        p.cap = Some(ChargeCap {
            percent: dec!(50),
            base: CapBase::OriginalPrincipal,
            method: CapMethod::Soft,
            apply_accrued_first: false,
        });
    }),
    ("cap-hard-accrued", |p| {
        p.cap = Some(ChargeCap {
            percent: dec!(50),
            base: CapBase::OriginalPrincipal,
            method: CapMethod::Hard,
            apply_accrued_first: true,
        });
    }),
    ("tax-kind-untaxed", |p| {
        p.taxes.on_interest = true;
        p.taxes.percent = Some(dec!(10));
        p.taxes.fee_kind = Some(TaxKind::Inclusive);
    }),
    ("tolerance-twice", |p| {
        p.arrears.tolerance = ToleranceMethod::DayOfNextMonth(5);
        p.arrears.tolerance_days = Range::only(3);
    }),
    ("commission-above-rate", |p| {
        investors(p);
        p.interest.rate = Range::new(dec!(0.5), dec!(5), dec!(9));
    }),
    ("guarantee-without-kind", |p| {
        p.securities.required_percent = Some(dec!(25))
    }),
    ("fee-instalment-revolving", |p| {
        revolving(p);
        fee(p, FeeWhen::EveryInstalment, FeeAmount::Flat(dec!(1)));
    }),
    ("revolving-instalments", |p| {
        revolving(p);
        p.instalments = Range::only(3)
    }),
    ("revolving-draw", |p| {
        revolving(p);
        billing(p).draw = Range {
            min: Some(dec!(5001)),
            ..Range::default()
        };
    }),
    ("revolving-interest-twice", |p| {
        revolving(p);
        billing(p).interest_on = LineInterest::PrincipalAndInterest;
        p.interest.on_unpaid_interest = true;
    }),
    ("revolving-contained-instalments", |p| {
        revolving(p);
        billing(p).contains_charges = true;
        billing(p).principal_due = RevolvingPrincipal::Instalments {
            count: Range::only(6),
            equal_total: false,
            early_reduces: false,
        };
    }),
    ("revolving-limits-instalments", |p| {
        revolving(p);
        by_draw(p);
        billing(p).floor = Some(dec!(10));
    }),
    ("revolving-floor-contained", |p| {
        revolving(p);
        billing(p).contains_charges = true;
        billing(p).floor_includes_fees = true;
    }),
    ("revolving-free-due", |p| {
        revolving(p);
        billing(p).free_when_paid_in_full = true;
        billing(p).due = PaymentDay::DaysAfterStatement(21);
    }),
    ("revolving-instalment-tiers", |p| {
        revolving(p);
        by_instalment(p, 12);
    }),
    ("revolving-extended", |p| {
        revolving(p);
        p.schedule.non_working_days = NonWorkingDayRule::Extend;
    }),
    ("revolving-buckets", |p| {
        revolving(p);
        let timings = [Timing::PastDue, Timing::Due, Timing::InAdvance];
        let buckets = timings
            .into_iter()
            .flat_map(|timing| Element::ALL.map(|element| Bucket { timing, element }));
        p.payments.allocation.order = AllocationOrder::Buckets(buckets.collect());
    }),
    ("revolving-default", |p| {
        revolving(p);
        p.arrears.tolerance_days = Range::only(30);
        billing(p).default_after_days = Some(30);
    }),
    ("revolving-principal", |p| {
        revolving(p);
        equal_principal(p)
    }),
    ("revolving-grace", |p| {
        revolving(p);
        p.schedule.grace.kind = GraceKind::InterestFree
    }),
    ("revolving-down-payment", |p| {
        revolving(p);
        p.schedule.down_payment_percent = Some(dec!(20));
    }),
    ("level-basis-one-payout", |p| {
        dynamic(p);
        p.schedule.level_basis = LevelBasis::Approved
    }),
    ("tranched-down-payment", |p| {
        tranched(p);
        p.schedule.down_payment_percent = Some(dec!(20));
    }),
];

/// Rules that cannot be broken without breaking another one as well.
const TOGETHER: &[(&str, &[&str])] = &[
    ("flat-indexed", &["indexed-fixed-term"]),
    ("flat-unpaid-interest", &["unpaid-interest-fixed-term"]),
];

#[test]
fn every_rule_is_broken_by_its_own_pair_of_settings() {
    let ids: Vec<_> = rules().map(|rule| rule.id).collect();
    let tried: Vec<_> = BREAKS.iter().map(|(id, _)| *id).collect();
    assert_eq!(
        ids, tried,
        "each rule of the matrix has one row here, in its order"
    );
    for (id, change) in BREAKS {
        let mut product = plain();
        product.penalty = Some(PenaltySettings {
            base: lending_core::loan::PenaltyBase::OverduePrincipal,
            daily_rate: Range::only(dec!(0.1)),
            grace_days: 0,
        });
        product.validate().unwrap();
        change(&mut product);
        let found = product.validate().expect_err(id);
        let also = TOGETHER
            .iter()
            .find(|(rule, _)| rule == id)
            .map_or(&[][..], |(_, also)| also);
        let expected: Vec<_> = rules()
            .map(|rule| rule.id)
            .filter(|rule| rule == id || also.contains(rule))
            .collect();
        let named: Vec<_> = found
            .iter()
            .map(|found| found.rule.unwrap_or("-"))
            .collect();
        assert_eq!(named, expected, "{id}: {found}");
        for violation in &found {
            let rule = rules()
                .find(|rule| Some(rule.id) == violation.rule)
                .unwrap();
            assert_eq!(
                (violation.kind, violation.code()),
                (ViolationKind::Incompatible, 5102)
            );
            assert_eq!(violation.field, rule.setting);
            assert!(
                violation.given.contains(rule.other),
                "both settings are named: {violation}"
            );
        }
    }
}
