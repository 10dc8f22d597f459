//! Every valid deposit product, every valid deal and every valid line of credit has a contract for
//! each corner of its ranges.

mod common;

use chrono::{Days, NaiveDate};
use common::day;
use law_runs::runs;
use lending_core::{
    dates::{Calendar, DueDateRule, MonthEnd, NonWorkingDayRule, Period},
    day_count::DayCount,
    schedule::{BalanceTier, InterestDays, TaxKind, TierPart},
};
use products::{
    HolderKind, LoanKind, LoanProduct, Range,
    deal::{DealProduct, RatePeriod},
    deposit::{
        DepositInterest, DepositKind, DepositProduct, InterestPaid, MaturitySettings, MaturityUnit,
        OverdraftInterest, OverdraftSettings, WithholdingTax,
    },
    product::{
        DayTier, FeeAmount, FeeWhen, InterestKind, InterestMethod, LimitUse, LineInterest,
        OverdueDue, PaymentDay, PredefinedFee, PricingSettings, RevolvingPrincipal,
        RevolvingSettings,
    },
};
use proptest::{prelude::*, sample::select};
use rust_decimal::Decimal;

/// Three ends in order, some of them open.
fn range<T: Copy + Ord + std::fmt::Debug + 'static>(
    ends: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Range<T>> {
    (ends.clone(), ends.clone(), ends, 0..8_u8).prop_map(|(a, b, c, open)| {
        let mut ends = [a, b, c];
        ends.sort();
        let [min, default, max] = ends;
        Range {
            min: (open & 1 == 0).then_some(min),
            default: (open & 2 == 0).then_some(default),
            max: (open & 4 == 0).then_some(max),
        }
    })
}

fn amounts(most: i64) -> impl Strategy<Value = Range<Decimal>> {
    range((0..most).prop_map(Decimal::from))
}

prop_compose! {
    fn any_deal()(
        price in amounts(2_000_000), deposit in amounts(400_000), rate in amounts(20_000),
        week in any::<bool>(), free in range(0..40_u16), least in prop::option::of(0..5_000_i64),
    ) -> DealProduct {
        let mut deal = DealProduct::new("ANY".parse().unwrap(), "Any", "UGX".parse().unwrap());
        (deal.price, deal.deposit, deal.rate, deal.free_days) = (price, deposit, rate, free);
        deal.per = if week { RatePeriod::Week } else { RatePeriod::Day };
        deal.least_payment = least.map(Decimal::from);
        deal
    }
}

fn pricing() -> impl Strategy<Value = PricingSettings> {
    prop_oneof![
        3 => Just(PricingSettings::Fixed),
        1 => (1..100_u32, 0..20_i64).prop_map(|(days, percent)| PricingSettings::TieredByDays {
            tiers: vec![
                DayTier { up_to: Some(days), percent: percent.into() },
                DayTier { up_to: None, percent: percent.into() },
            ]
        }),
        1 => select(vec!["CBR", "TBILL"]).prop_map(|index| PricingSettings::Indexed {
            index: index.into(),
            review: lending_core::dates::Period::Months(1),
            floor: None,
            ceiling: None,
        }),
    ]
}

prop_compose! {
    fn any_deposit()(
        kind in select(vec![DepositKind::RegularSavings, DepositKind::CurrentAccount,
            DepositKind::FixedDeposit, DepositKind::SavingsPlan, DepositKind::InvestorAccount]),
        opening in amounts(5_000), maximum in prop::option::of(0..9_000_i64),
        minimum in prop::option::weighted(0.3, 0..2_000_i64),
        interest in prop::option::weighted(0.8, (amounts(30), pricing(), any::<bool>())),
        maturity in prop::option::of((range(1..60_u32), select(vec![MaturityUnit::Days,
            MaturityUnit::Weeks, MaturityUnit::Months]))),
        target in prop::option::weighted(0.3, amounts(9_000)),
        overdraft in prop::option::weighted(0.3, (amounts(900), prop::option::of((amounts(40), pricing())))),
        tax in prop::option::weighted(0.3, any::<bool>()),
    ) -> DepositProduct {
        let (id, currency) = ("ANY".parse().unwrap(), "KES".parse().unwrap());
        let mut product = DepositProduct::new(id, "Any", kind, currency);
        product.opening_balance = opening;
        product.maximum_balance = maximum.map(Decimal::from);
        product.minimum_balance = minimum.map(Decimal::from);
        product.interest = interest.map(|(rate, pricing, at_maturity)| DepositInterest {
            rate: if matches!(pricing, PricingSettings::TieredByDays { .. }) { Range::default() } else { rate },
            pricing,
            paid: if at_maturity { InterestPaid::AtMaturity } else { InterestPaid::Monthly },
            ..DepositInterest::default()
        });
        product.maturity = maturity.map(|(length, unit)| MaturitySettings { unit, length });
        product.target = target.unwrap_or_default();
        product.overdraft = overdraft.map(|(limit, costs)| OverdraftSettings {
            limit,
            interest: costs.map(|(rate, pricing)| OverdraftInterest {
                rate: if matches!(pricing, PricingSettings::TieredByDays { .. }) { Range::default() } else { rate },
                pricing,
                ..OverdraftInterest::default()
            }),
        });
        product.withholding_tax = tax.map(|stated| WithholdingTax {
            percent: stated.then_some(Decimal::TEN),
            source: (!stated).then(|| "WHT".into()),
        });
        product
    }
}

fn principal_due() -> impl Strategy<Value = RevolvingPrincipal> {
    prop_oneof![
        (0..900_i64).prop_map(|n| RevolvingPrincipal::Flat { amount: n.into() }),
        amounts(101).prop_map(|percent| RevolvingPrincipal::TotalBalancePercent { percent }),
        amounts(101)
            .prop_map(|percent| RevolvingPrincipal::OutstandingPrincipalPercent { percent }),
        (range(1..400_u32), any::<bool>(), any::<bool>()).prop_map(
            |(count, equal_total, early_reduces)| RevolvingPrincipal::Instalments {
                count,
                equal_total,
                early_reduces
            }
        ),
    ]
}

prop_compose! {
    fn any_billing()(
        statement_day in prop::option::of(0..33_u8),
        due in prop_oneof![
            (0..40_u16).prop_map(PaymentDay::DaysAfterStatement),
            (0..33_u8).prop_map(PaymentDay::DayOfMonth),
        ],
        draw in amounts(900),
        flags in any::<[bool; 6]>(),
        interest_on in select(vec![LineInterest::Principal, LineInterest::PrincipalAndInterest,
            LineInterest::Balance]),
        principal_due in principal_due(),
        floor in prop::option::weighted(0.3, 0..900_i64),
        ceiling in prop::option::weighted(0.3, 0..900_i64),
        default_after_days in prop::option::weighted(0.3, 0..90_u16),
    ) -> RevolvingSettings {
        let [balance, free, interest, fees, contained, within] = flags;
        RevolvingSettings {
            statement_day,
            due,
            draw,
            limit_use: if balance { LimitUse::Balance } else { LimitUse::Principal },
            interest_on,
            free_when_paid_in_full: free,
            floor: floor.map(Decimal::from),
            ceiling: ceiling.map(Decimal::from),
            floor_includes_interest: interest,
            floor_includes_fees: fees,
            contains_charges: contained,
            overdue: if within { OverdueDue::Within } else { OverdueDue::Added },
            default_after_days,
            ..RevolvingSettings::new(principal_due)
        }
    }
}

fn line_fee() -> impl Strategy<Value = PredefinedFee> {
    let when = select(vec![
        FeeWhen::DeductedFromDisbursement,
        FeeWhen::CapitalisedAtDisbursement,
        FeeWhen::LatePayment,
        FeeWhen::Arrears,
        FeeWhen::Default,
        FeeWhen::Manual,
    ]);
    let amount = (0..3_u8, 0..40_i64).prop_map(|(kind, n)| match kind {
        0 => FeeAmount::Flat(n.into()),
        1 => FeeAmount::AmountPercent(n.into()),
        _ => FeeAmount::BalancePercent(n.into()),
    });
    (when, amount).prop_map(|(when, amount)| PredefinedFee {
        tax: None,
        name: lending_core::loan::Code::from("fee").unwrap(),
        when,
        amount,
        required: true,
        active: true,
        amortisation: None,
    })
}

prop_compose! {
    /// A line of credit with any settings beside any others: most of them are refused.
    fn any_line()(
        billing in any_billing(), limit in amounts(90_000), rate in amounts(60), pricing in pricing(),
        by_balance in prop::bool::weighted(0.2), flat in prop::bool::weighted(0.1),
        kind in select(vec![InterestKind::Simple, InterestKind::Simple, InterestKind::Compound]),
        days in select(vec![InterestDays::Counted, InterestDays::Counted, InterestDays::Nominal]),
        day_count in select(DayCount::ALL.to_vec()),
        non_working in select(vec![NonWorkingDayRule::None, NonWorkingDayRule::Next,
            NonWorkingDayRule::Extend]),
        due_dates in prop_oneof![
            (1..60_u32).prop_map(|n| DueDateRule::every(Period::Days(n))),
            (1..13_u32).prop_map(|n| DueDateRule::every(Period::Months(n))),
            Just(DueDateRule::FixedDaysOfMonth { days: vec![1, 15], month_end: MonthEnd::Clamp }),
        ],
        fee in prop::option::weighted(0.5, line_fee()),
        (tolerance, tax) in (0..40_u16, prop::option::weighted(0.3, (any::<[bool; 4]>(), 1..30_i64))),
        weekday in any::<bool>(),
    ) -> LoanProduct {
        let mut product = LoanProduct::new("ANY".parse().unwrap(), "Any", "KES".parse().unwrap());
        product.kind = LoanKind::Revolving(billing);
        product.amount = limit;
        product.interest.pricing = pricing;
        if by_balance {
            let low = BalanceTier { up_to: Some(Decimal::ONE_THOUSAND), percent: Decimal::TEN };
            let high = BalanceTier { up_to: None, percent: Decimal::TWO };
            product.interest.pricing = PricingSettings::TieredByBalance {
                tiers: vec![low, high],
                part: TierPart::InsideTier,
            };
        }
        if matches!(product.interest.pricing, PricingSettings::Fixed | PricingSettings::Indexed { .. }) {
            product.interest.rate = rate;
        }
        product.interest.method = if flat { InterestMethod::Flat } else { InterestMethod::Declining };
        (product.interest.kind, product.interest.days) = (kind, days);
        product.interest.day_count = day_count;
        product.schedule.due_dates = due_dates;
        product.schedule.non_working_days = non_working;
        product.fees = fee.into_iter().collect();
        if let Some(([on_top, interest, fees, penalties], percent)) = tax {
            let taxes = &mut product.taxes;
            (taxes.on_interest, taxes.on_fees, taxes.on_penalties) = (interest, fees, penalties);
            taxes.kind = if on_top { TaxKind::Exclusive } else { TaxKind::Inclusive };
            taxes.percent = taxes.is_taxed().then_some(percent.into());
        }
        product.arrears.tolerance_days = Range::only(tolerance);
        product.availability.holders = [if weekday { HolderKind::Individual } else { HolderKind::Group }].into();
        product
    }
}

proptest! {
    #![proptest_config(runs(3000))]

    #[test]
    fn a_valid_deal_has_a_contract_for_every_corner(deal in any_deal(), offset in 0..2000_u64) {
        prop_assume!(deal.validate().is_ok());
        let day: NaiveDate = day(2023, 1, 1).checked_add_days(Days::new(offset)).unwrap();
        prop_assert!(deal.rehearse(day).is_ok(), "{}", deal.rehearse(day).unwrap_err());
    }

    #[test]
    fn a_valid_line_of_credit_has_a_contract_for_every_corner(product in any_line(), offset in 0..2000_u64) {
        prop_assume!(product.validate().is_ok());
        let day: NaiveDate = day(2023, 1, 1).checked_add_days(Days::new(offset)).unwrap();
        let opened = product.rehearse(day, &Calendar::weekends());
        prop_assert!(opened.is_ok(), "{}", opened.unwrap_err());
    }

    #[test]
    fn a_valid_deposit_product_has_a_contract_for_every_corner(product in any_deposit(), offset in 0..2000_u64) {
        prop_assume!(product.validate().is_ok());
        let day: NaiveDate = day(2023, 1, 1).checked_add_days(Days::new(offset)).unwrap();
        prop_assert!(product.rehearse(day).is_ok(), "{}", product.rehearse(day).unwrap_err());
    }
}
