//! Published figures of the cost of credit, and laws.

use law_runs::runs;
use lending_core::cost::{CostError, Flow, TotalCost, apr, rate, rates, total_cost, tvm};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

/// Directive 98/7/EC, annex, third example; UK consumer credit guidance, 200 repaid by 350
/// after a month.
#[test]
fn published_annual_rates() {
    let two = [
        (dec!(0), dec!(1000)),
        (dec!(1), dec!(-600)),
        (dec!(2), dec!(-600)),
    ];
    let rate = apr::eu_apr(&two.map(Into::into)).unwrap();
    assert_eq!(apr::percent(rate, 2), Ok(dec!(13.07)));
    let month = Decimal::ONE / dec!(12);
    let overdraft = [(dec!(0), dec!(200)), (month, dec!(-350))];
    let rate = apr::eu_apr(&overdraft.map(Into::into)).unwrap();
    assert_eq!(apr::percent(rate, 1), Ok(dec!(82400.5)));
}

#[test]
fn no_rate_is_an_error() {
    assert_eq!(
        tvm::irr(&[dec!(1), dec!(2)], None).map_err(|refusal| refusal.code()),
        Err(2701)
    );
    assert_eq!(tvm::irr(&[], None), Err(CostError::AnyRate));
}

fn yearly(amounts: &[Decimal]) -> Vec<Flow> {
    (0_u32..)
        .zip(amounts)
        .map(|(year, amount)| (Decimal::from(year), *amount).into())
        .collect()
}

/// (1 − 1.1 v)(1 − 1.2 v)(1 − 1.3 v), written out: roots at 10%, 20% and 30%.
#[test]
fn every_rate_is_found_and_a_guess_chooses() {
    let flows = yearly(&[dec!(-1), dec!(3.6), dec!(-4.31), dec!(1.716)]);
    assert_eq!(rates(&flows), Ok(vec![dec!(0.1), dec!(0.2), dec!(0.3)]));
    for (guess, expected) in [
        (dec!(0), dec!(0.1)),
        (dec!(0.19), dec!(0.2)),
        (dec!(5), dec!(0.3)),
    ] {
        assert_eq!(rate(&flows, Some(guess)), Ok(expected), "near {guess}");
    }
    assert_eq!(
        rate(&flows, Some(dec!(-1))).map_err(|refusal| refusal.code()),
        Err(2704)
    );
}

/// (1 − 1.1 v)(1 − 1.1001 v) has two roots a ten-thousandth apart, (1 − v)² one that the value
/// touches without changing its sign, and 1 − v + v² none.
#[test]
fn near_and_double_rates_are_not_missed() {
    let near = yearly(&[dec!(1), dec!(-2.2001), dec!(1.21011)]);
    let found = rates(&near).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].round_dp(11), dec!(0.1));
    assert_eq!(found[1].round_dp(11), dec!(0.1001));
    let double = yearly(&[dec!(-100), dec!(200), dec!(-100)]);
    assert_eq!(
        rates(&double).map(|rates| rates.iter().map(|r| r.round_dp(9)).collect()),
        Ok(vec![Decimal::ZERO])
    );
    let none = yearly(&[dec!(1), dec!(-1), dec!(1)]);
    assert_eq!(rates(&none), Ok(vec![]));
    assert_eq!(rate(&none, None), Err(CostError::NoRate));
}

/// 100 for 10^15 after a year is far above the highest rate, one for 10^-9 far below the lowest.
#[test]
fn rates_out_of_range_are_no_rates() {
    for amounts in [
        [dec!(-100), dec!(1_000_000_000_000_000)],
        [dec!(-1), dec!(0.000000001)],
        [dec!(1_000_000_000_000_000), dec!(-100)],
    ] {
        assert_eq!(tvm::irr(&amounts, None), Err(CostError::NoRate));
        assert_eq!(rates(&yearly(&amounts)), Ok(vec![]));
    }
    // Just beyond the ends, and the ends themselves.
    for amounts in [[dec!(-1), dec!(8103.05)], [dec!(-1), dec!(0.00000083862)]] {
        assert_eq!(tvm::irr(&amounts, None), Err(CostError::NoRate));
        assert_eq!(rates(&yearly(&amounts)), Ok(vec![]));
    }
    assert_eq!(tvm::irr(&[dec!(-1), dec!(8103)], None), Ok(dec!(8102)));
    assert_eq!(
        tvm::irr(&[dec!(-1), dec!(0.0000009)], None),
        Ok(dec!(-0.9999991))
    );
}

/// Odd days are discounted by simple interest: 1000 back as 1010 after 15 of 30 days bears
/// 1% in half a month, 2% a month; a drawdown in between makes the order of flows uncertain.
#[test]
fn odd_days_bear_simple_interest() {
    let flow = |time, simple, amount| Flow {
        time,
        simple,
        amount,
    };
    let zero = Decimal::ZERO;
    let one = [
        flow(zero, zero, dec!(-1000)),
        flow(zero, dec!(0.5), dec!(1010)),
    ];
    assert_eq!(rate(&one, None), Ok(dec!(0.02)));
    let two = [
        flow(zero, zero, dec!(-1000)),
        flow(zero, dec!(0.5), dec!(10)),
        flow(Decimal::ONE, zero, dec!(1010)),
    ];
    // 10/(1 + r/2) + 1010/(1 + r) = 1000
    // => 10(1 + r) + 1010(1 + r/2) = 1000(1 + r)(1 + r/2)  =>  500 r² + 985 r − 20 = 0
    // => r = (−985 + sqrt(985² + 40000)) / 1000 = 0.0200994...
    let rate = rate(&two, None).unwrap();
    assert_eq!(rate.round_dp(6), dec!(0.020099));
    assert!((dec!(500) * rate * rate + dec!(985) * rate - dec!(20)).abs() < dec!(0.0000000000001));
}

/// The payments of a loan of 360 months at 0.5% a month, found back to fifteen digits.
#[test]
fn a_long_loan_gives_back_its_rate() {
    let payment = tvm::pmt(dec!(0.005), 360, dec!(200000), dec!(0), tvm::Due::End).unwrap();
    let rate = tvm::rate(360, payment, dec!(200000), dec!(0), tvm::Due::End, None).unwrap();
    assert!(
        (rate - dec!(0.005)).abs() < dec!(0.000000000000001),
        "{rate}"
    );
}

proptest! {
    #![proptest_config(runs(200))]

    /// Flows made from chosen rates, `Π (1 − gᵢ v)`, have these rates and no others.
    #[test]
    fn chosen_rates_are_all_found(growths in prop::collection::btree_set(60_i64..300, 1..5),
                                  years in 1_u32..4) {
        let growths: Vec<_> = growths.into_iter().map(|g| Decimal::new(g, 2)).collect();
        let mut amounts = vec![Decimal::ONE];
        for growth in &growths {
            let mut next = vec![Decimal::ZERO; amounts.len() + 1];
            for (at, amount) in amounts.iter().enumerate() {
                next[at] += *amount;
                next[at + 1] -= *amount * *growth;
            }
            amounts = next;
        }
        // The same with the flows years apart: the rates are those of so many years.
        let flows: Vec<Flow> = (0_u32..)
            .zip(&amounts)
            .map(|(at, amount)| (Decimal::from(at * years), *amount).into())
            .collect();
        let found = rates(&flows).unwrap();
        prop_assert_eq!(found.len(), growths.len());
        for (rate, growth) in found.iter().zip(&growths) {
            let whole = (0..years).fold(Decimal::ONE, |whole, _| whole * (*rate + Decimal::ONE));
            prop_assert!((whole - growth).abs() < dec!(0.000000000001), "{} for {}", rate, growth);
        }
    }

    /// Seen from the other side the rates are the same; moved in time too.
    #[test]
    fn sides_and_origins_do_not_matter(amounts in prop::collection::vec(-1000_i64..1000, 2..8),
                                       later in -50_i64..50) {
        let flows: Vec<Flow> = (0_u32..)
            .zip(&amounts)
            .map(|(at, amount)| (Decimal::from(at), Decimal::from(*amount)).into())
            .collect();
        let other: Vec<Flow> = flows
            .iter()
            .map(|flow| Flow {
                time: flow.time + Decimal::from(later),
                amount: -flow.amount,
                ..*flow
            })
            .collect();
        match (rates(&flows), rates(&other)) {
            (Ok(one), Ok(other)) => {
                prop_assert_eq!(one.len(), other.len());
                for (a, b) in one.iter().zip(&other) {
                    let apart = (a - b).abs();
                    prop_assert!(apart <= (a + Decimal::ONE) * dec!(0.000000001), "{} {}", a, b);
                }
            }
            (one, other) => prop_assert_eq!(one, other),
        }
    }

    /// Any times, odd days and amounts end with rates or a refusal.
    #[test]
    fn any_flows_end(flows in prop::collection::vec(
        (any::<i64>(), 0_u32..20, 0_u32..=100, any::<i64>(), 0_u32..28), 0..12)) {
        let flows: Vec<Flow> = flows
            .into_iter()
            .map(|(time, places, simple, amount, scale)| Flow {
                time: Decimal::new(time, places),
                simple: Decimal::new(simple.into(), 2),
                amount: Decimal::new(amount, scale),
            })
            .collect();
        let _ = rates(&flows);
        let _ = rate(&flows, None);
    }
}

proptest! {
    #![proptest_config(runs(24))]

    /// Discounting at the rate that is found gives nothing, within the tolerance.
    #[test]
    fn the_found_rate_discounts_to_zero(out in 1_000_i64..1_000_000,
                                        back in prop::collection::vec(1_i64..1_000_000, 1..12)) {
        let mut amounts = vec![Decimal::from(-out)];
        amounts.extend(back.into_iter().map(Decimal::from));
        if let Ok(rate) = tvm::irr(&amounts, None) && rate > dec!(-0.5) {
            prop_assert!(tvm::npv(rate, &amounts).unwrap().abs() < dec!(0.000001));
        }
    }

    /// Any amounts give a rate or a refusal.
    #[test]
    fn never_a_panic(amounts in prop::collection::vec(any::<i64>(), 0..6), scale in 0_u32..28) {
        let amounts: Vec<_> = amounts.into_iter().map(|one| Decimal::new(one, scale)).collect();
        let _ = tvm::irr(&amounts, None);
    }
}

#[test]
fn the_total_cost_is_what_is_paid_beyond_what_is_advanced() {
    // Regulation Z, Appendix J (c)(4)(i): 5,000, 250, 22 × 230, 280: 5,590 in all.
    // Drawdowns of 7,500, 7,500 and 15,000 with a charge of 200 paid out of the first.
    let flows = |amounts: &[(usize, Decimal)]| -> Vec<Flow> {
        amounts
            .iter()
            .flat_map(|(times, amount)| (0..*times).map(|_| (dec!(0), *amount).into()))
            .collect()
    };
    for (amounts, credit, payable, cost) in [
        (
            vec![
                (1, dec!(-5000)),
                (1, dec!(250)),
                (22, dec!(230)),
                (1, dec!(280)),
            ],
            dec!(5000),
            dec!(5590),
            dec!(590),
        ),
        (
            vec![
                (2, dec!(-7500)),
                (1, dec!(-15000)),
                (1, dec!(200)),
                (12, dec!(2600)),
            ],
            dec!(30000),
            dec!(31400),
            dec!(1400),
        ),
        (
            vec![(1, dec!(-100)), (1, dec!(80))],
            dec!(100),
            dec!(80),
            dec!(-20),
        ),
    ] {
        let expected = TotalCost {
            credit,
            payable,
            cost,
        };
        assert_eq!(total_cost(&flows(&amounts)), Ok(expected));
    }
    let refused = total_cost(&flows(&[(1, dec!(5))])).unwrap_err();
    assert_eq!(refused.code(), 2704);
    let huge = [(1, Decimal::MIN), (1, Decimal::MIN)];
    assert_eq!(total_cost(&flows(&huge)), Err(CostError::Overflow));
}
