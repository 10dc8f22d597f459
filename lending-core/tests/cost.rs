//! Published figures of the cost of credit, and laws.

use lending_core::cost::{CostError, apr, tvm};
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
        tvm::irr(&[dec!(1), dec!(2)]).map_err(|refusal| refusal.code()),
        Err(2701)
    );
    assert_eq!(tvm::irr(&[]), Err(CostError::AnyRate));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Discounting at the rate that is found gives nothing, within the tolerance.
    #[test]
    fn the_found_rate_discounts_to_zero(out in 1_000_i64..1_000_000,
                                        back in prop::collection::vec(1_i64..1_000_000, 1..12)) {
        let mut amounts = vec![Decimal::from(-out)];
        amounts.extend(back.into_iter().map(Decimal::from));
        if let Ok(rate) = tvm::irr(&amounts) && rate > dec!(-0.5) {
            prop_assert!(tvm::npv(rate, &amounts).unwrap().abs() < dec!(0.000001));
        }
    }

    /// Any amounts give a rate or a refusal.
    #[test]
    fn never_a_panic(amounts in prop::collection::vec(any::<i64>(), 0..6), scale in 0_u32..28) {
        let amounts: Vec<_> = amounts.into_iter().map(|one| Decimal::new(one, scale)).collect();
        let _ = tvm::irr(&amounts);
    }
}
