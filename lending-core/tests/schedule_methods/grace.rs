//! Grace, payment holidays and rounding.

use ledger::Rounding;
use lending_core::{
    dates::{Calendar, Period},
    schedule::{
        Amortization, BalanceSegment, DeferredInterest, ElementRounding, Grace, HolidayInterest,
        InterestMethod, Multiple, PaymentHoliday, PeriodDates, Rate, Residue, RunningContract,
        ScheduleTerms,
    },
};
use rust_decimal::{Decimal, dec};

use super::{day, euro, figures, make, months};

#[test]
fn grace_of_every_kind() {
    let graced = |grace: Grace| {
        let mut terms = months(4, dec!(12));
        terms.amortization = Amortization::equal_principal();
        terms.grace = grace;
        figures(&make(&terms, dec!(1000)))
    };
    let none = Grace::default();
    assert_eq!(
        graced(Grace {
            principal: 2,
            ..none
        }),
        "0.00+10.00 0.00+10.00 500.00+10.00 500.00+5.00"
    );
    // Interest of the first two (10.00, 7.50) owed with the third (5.00).
    assert_eq!(
        graced(Grace {
            interest_deferred: 2,
            ..none
        }),
        "250.00+0.00 250.00+0.00 250.00+22.50 250.00+2.50"
    );
    // Nothing due in the first two; their 20.00 spread over the other two.
    let pure = Grace {
        principal: 2,
        interest_deferred: 2,
        deferred: DeferredInterest::Spread,
        interest_free: 0,
    };
    assert_eq!(
        graced(pure),
        "0.00+0.00 0.00+0.00 500.00+20.00 500.00+15.00"
    );
    // Capitalised: 1000, 1010, 1020.10 in two halves.
    assert_eq!(
        graced(Grace {
            deferred: DeferredInterest::Capitalised,
            ..pure
        }),
        "-10.00+10.00 -10.10+10.10 510.05+10.20 510.05+5.10"
    );
    // Forgiven: principal is paid as if interest were charged.
    assert_eq!(
        graced(Grace {
            interest_free: 1,
            ..none
        }),
        "250.00+0.00 250.00+7.50 250.00+5.00 250.00+2.50"
    );
}

#[test]
fn payment_holidays() {
    let holiday = |interest| {
        let mut terms = months(2, dec!(12));
        terms.amortization = Amortization::equal_principal();
        terms.payment_holidays = vec![PaymentHoliday {
            instalment: 2,
            interest,
        }];
        figures(&make(&terms, dec!(1000)))
    };
    assert_eq!(
        holiday(HolidayInterest::Due),
        "500.00+10.00 0.00+5.00 500.00+5.00"
    );
    assert_eq!(
        holiday(HolidayInterest::Waived),
        "500.00+10.00 0.00+0.00 500.00+5.00"
    );
    assert_eq!(
        holiday(HolidayInterest::Deferred),
        "500.00+10.00 0.00+0.00 500.00+10.00"
    );
    // 505 × 1 % = 5.05
    assert_eq!(
        holiday(HolidayInterest::Capitalised),
        "500.00+10.00 -5.00+5.00 505.00+5.05"
    );
}

#[test]
fn rounding_to_units_and_residues() {
    // 1000 in three at 10 % flat: 8.3333 a month, 25.00 in all.
    let mut terms = months(3, dec!(10));
    terms.amortization = Amortization::equal_principal();
    terms.interest.method = InterestMethod::Flat;
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "333.33+8.33 333.33+8.33 333.34+8.33"
    );
    terms.rounding.residue = Residue::PrincipalAndInterest;
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "333.33+8.33 333.33+8.33 333.34+8.34"
    );
    // Every element up to whole units: 334, 9; the exact interest 25 minus 18 is left.
    terms.rounding.elements = ElementRounding::WholeUnits;
    terms.rounding.multiple = Some(Multiple {
        of: Decimal::ONE,
        mode: Rounding::Up,
    });
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "334.00+9.00 334.00+9.00 332.00+7.00"
    );
    // The total up to 5: 333.33 + 8.33 = 341.66 → 345.
    terms.rounding.elements = ElementRounding::Total;
    terms.rounding.multiple = Some(Multiple {
        of: dec!(5),
        mode: Rounding::Up,
    });
    assert_eq!(
        figures(&make(&terms, dec!(1000))),
        "336.67+8.33 336.67+8.33 326.66+8.34"
    );
    terms.rounding.elements = ElementRounding::Unrounded;
    terms.rounding.multiple = None;
    assert_eq!(
        make(&terms, dec!(1000)).instalments[0].interest,
        dec!(8.333333333333)
    );
}

/// 1000 in twelve at 6.12 % flat are 5.10 a month, in whole tens 10: eleven make 110 of the 60 that
/// 61.20 are. The last takes none.
#[test]
fn no_row_owes_interest_to_the_borrower() {
    let mut terms = months(12, dec!(6.12));
    terms.amortization = Amortization::equal_principal();
    terms.interest.method = InterestMethod::Flat;
    terms.rounding.residue = Residue::PrincipalAndInterest;
    terms.rounding.elements = ElementRounding::WholeUnits;
    terms.rounding.multiple = Some(Multiple {
        of: dec!(10),
        mode: Rounding::HalfUp,
    });
    let rows = make(&terms, dec!(1000)).instalments;
    let (last, others) = rows.split_last().unwrap();
    assert!(others.iter().all(|row| row.interest == dec!(10)));
    assert_eq!((last.principal, last.interest), (dec!(120), dec!(0)));
}

#[test]
fn interest_rounded_once_or_for_each_stretch() {
    // 1000 for 14 of January's 31 days at 12 % a year, then 600: 1000·12 %·14/365 = 4.6027 and
    // 600·12 %·17/365 = 3.3534; the sum 7.9562 rounds to 7.96, the parts to 4.60 + 3.35 = 7.95.
    let mut terms = ScheduleTerms::new(1, Period::Months(1), Rate::per_year(dec!(12)));
    let calendar = Calendar::default();
    let interest = |terms: &ScheduleTerms| {
        let contract = RunningContract {
            terms,
            currency: euro(),
            calendar: &calendar,
            disbursed_on: day("2025-01-01"),
            maturity: day("2025-02-01"),
        };
        let period = PeriodDates {
            number: 1,
            from: day("2025-01-01"),
            nominal_due: day("2025-02-01"),
            due: day("2025-02-01"),
        };
        let segment = |from, to, balance| BalanceSegment {
            from: day(from),
            to: day(to),
            balance,
        };
        let segments = [
            segment("2025-01-01", "2025-01-15", dec!(1000)),
            segment("2025-01-15", "2025-02-01", dec!(600)),
        ];
        contract
            .period_interest(&period, &segments)
            .unwrap()
            .rounded
    };
    assert_eq!(interest(&terms), dec!(7.96));
    terms.rounding.each_stretch = true;
    assert_eq!(interest(&terms), dec!(7.95));
}
