//! Deferred income is earned day by day and never more or less than the total.

use chrono::{Days, NaiveDate};
use law_runs::runs;
use ledger::{Currency, Money, Rounding, deferral::Deferral};
use proptest::prelude::*;

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();

fn kes(minor: i128) -> Money {
    Money::from_minor(minor, Currency::from_code("KES").unwrap()).unwrap()
}

#[test]
fn what_cannot_be_deferred_is_refused() {
    let before = FIRST - Days::new(1);
    assert_eq!(
        Deferral::straight_line(kes(1), FIRST, before)
            .unwrap_err()
            .code(),
        2301
    );
    let fine = kes(1).checked_mul("0.5".parse().unwrap()).unwrap();
    assert_eq!(
        Deferral::straight_line(fine, FIRST, FIRST)
            .unwrap_err()
            .code(),
        1103
    );
    // One day: all at once.
    let one = Deferral::straight_line(kes(7), FIRST, FIRST).unwrap();
    assert_eq!(
        one.earned_through(before, Rounding::HalfUp).unwrap(),
        kes(0)
    );
    assert_eq!(one.earned_through(FIRST, Rounding::HalfUp).unwrap(), kes(7));
}

proptest! {
    #![proptest_config(runs(256))]

    #[test]
    fn releases_of_any_periods_sum_to_the_total(
        minor in 0_i128..10_000_000, days in 0_u64..800, mut cuts in prop::collection::vec(0_u64..900, 0..9),
    ) {
        let deferral = Deferral::straight_line(kes(minor), FIRST, FIRST + Days::new(days)).unwrap();
        cuts.sort_unstable();
        cuts.push(900);
        let mut after = FIRST - Days::new(1);
        let mut sum = 0;
        for cut in cuts {
            let through = FIRST + Days::new(cut);
            let part = deferral.earned_between(after, through, Rounding::HalfUp).unwrap();
            prop_assert!(!part.is_negative());
            sum += part.to_minor().unwrap();
            after = through;
        }
        prop_assert_eq!(sum, minor);
    }
}
