//! Every valid deposit product and every valid deal has a contract for each corner of its ranges.

mod common;

use chrono::{Days, NaiveDate};
use common::day;
use law_runs::runs;
use products::{
    Range,
    deal::{DealProduct, RatePeriod},
    deposit::{
        DepositInterest, DepositKind, DepositProduct, InterestPaid, MaturitySettings, MaturityUnit,
        OverdraftInterest, OverdraftSettings, WithholdingTax,
    },
    product::{DayTier, PricingSettings},
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

proptest! {
    #![proptest_config(runs(3000))]

    #[test]
    fn a_valid_deal_has_a_contract_for_every_corner(deal in any_deal(), offset in 0..2000_u64) {
        prop_assume!(deal.validate().is_ok());
        let day: NaiveDate = day(2023, 1, 1).checked_add_days(Days::new(offset)).unwrap();
        prop_assert!(deal.rehearse(day).is_ok(), "{}", deal.rehearse(day).unwrap_err());
    }

    #[test]
    fn a_valid_deposit_product_has_a_contract_for_every_corner(product in any_deposit(), offset in 0..2000_u64) {
        prop_assume!(product.validate().is_ok());
        let day: NaiveDate = day(2023, 1, 1).checked_add_days(Days::new(offset)).unwrap();
        prop_assert!(product.rehearse(day).is_ok(), "{}", product.rehearse(day).unwrap_err());
    }
}
