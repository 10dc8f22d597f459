//! Arrears, locks, caps and penalties.

use lending_core::{
    dates::Calendar,
    loan::{Amounts, CapBase, CapMethod, Code, DelinquencyRange, LockReason},
    schedule::TaxKind,
};
use products::{
    LoanKind, LoanProduct, Range,
    product::{ChargeCap, LateRecalculation, PenaltySettings, ToleranceMethod},
};
use rust_decimal::{Decimal, dec};

use super::{close, dynamic, equal_principal, opened, opened_in};
use crate::common::{day, plain};

fn penalty(product: &mut LoanProduct, percent: Decimal) {
    product.penalty = Some(PenaltySettings {
        base: lending_core::loan::PenaltyBase::OverduePrincipal,
        daily_rate: Range::only(percent),
        grace_days: 0,
    });
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
