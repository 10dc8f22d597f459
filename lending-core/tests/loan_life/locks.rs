//! Locks: by hand, by days in arrears, by a cap. Contract: [`dynamic`](super::dynamic), nothing
//! paid, so that 176.86 (166.67 + 10.19) is overdue from 1 February.

use super::*;
use lending_core::{
    dates::Period,
    loan::{
        CapBase, CapMethod, CapTerms, Compounding, CompoundingOf, LockReason, LockedOperations,
        PaidEarly, PenaltyBase, PenaltyTerms, code,
    },
    schedule::AnnuityFormula,
};

fn locking(after: u16) -> LoanTerms {
    let mut terms = dynamic();
    terms.safeguards.lock_after_days = Some(after);
    terms
}

fn penalised(mut terms: LoanTerms) -> LoanTerms {
    let (base, daily_percent, grace_days) = (PenaltyBase::OverduePrincipal, dec!(0.1), 0);
    terms.penalty = Some(PenaltyTerms {
        base,
        daily_percent,
        grace_days,
    });
    terms
}

/// Ten days in arrears are reached on 11 February. February owes 10 days of interest,
/// 1000 x 12 % x 10/365 = 3.2877; the 19 days to 1 March, 6.2466, and the four to 5 March, 1.3151,
/// accrue as locked: 7.5616.
#[test]
fn ten_days_in_arrears_lock_and_payment_unlocks() {
    let mut loan = paid_out(locking(10));
    close(&mut loan, "2024-02-10");
    assert_eq!(loan.account.lock(), None);
    close(&mut loan, "2024-02-11");
    let lock = loan.account.lock().unwrap();
    assert_eq!(
        (lock.reason, lock.since),
        (LockReason::Arrears, day("2024-02-11"))
    );
    close(&mut loan, "2024-03-01");
    assert_eq!(due_from(&loan, 2)[0], (dec!(166.67), dec!(3.29)));
    assert_eq!(loan.account.locked_interest().unwrap(), dec!(6.25));
    assert_eq!(loan.book("interest-receivable"), dec!(13.48)); // 10.19 + 3.29
    // 176.86 + 166.67 + 3.29 = 346.82 cures; the locked interest falls due on the day.
    pay(&mut loan, 2, "2024-03-05", dec!(346.82));
    assert_eq!(loan.account.lock(), None);
    assert!(!loan.account.arrears().in_arrears());
    let row = &loan.account.instalments()[2];
    assert_eq!(
        (row.due_on, row.due.interest),
        (day("2024-03-05"), dec!(7.56))
    );
    assert_eq!(loan.account.locked_interest().unwrap(), Decimal::ZERO);
    // 13.48 was paid; the locked 7.56 is income now.
    assert_eq!(loan.book("interest-receivable"), dec!(7.56));
    // The payment bounces: locked again, as if it had never been.
    reverse(&mut loan, 2, "2024-03-05").unwrap();
    assert_eq!(loan.account.lock().unwrap().since, day("2024-02-11"));
    assert_eq!(loan.account.locked_interest().unwrap(), dec!(7.56));
    loan.controls().unwrap();
}

/// Days closed one by one or all at once: the same.
#[test]
fn a_lock_comes_on_its_day_however_days_are_closed() {
    let (mut one, mut other) = (
        paid_out(penalised(locking(10))),
        paid_out(penalised(locking(10))),
    );
    for date in day("2024-01-02")
        .iter_days()
        .take_while(|date| *date <= day("2024-03-20"))
    {
        close(&mut one, &date.to_string());
    }
    close(&mut other, "2024-03-20");
    assert_eq!(one.account.instalments(), other.account.instalments());
    assert_eq!(one.account.lock(), other.account.lock());
    assert_eq!(one.books, other.books);
}

/// Also where the forecast is made again daily and opens the last instalment, paid ahead, until the
/// lock settles it again.
#[test]
fn a_forecast_under_a_lock_is_the_same_however_days_are_closed() {
    let mut terms = common::terms();
    terms.interest_basis = InterestBasis::OnBalance(BalanceInterest {
        overdue: OverdueInterest::EveryDay,
        ..BalanceInterest::default()
    });
    terms.allocation.future = lending_core::loan::FutureMoney::LastInstalment;
    terms.safeguards.lock_after_days = Some(10);
    let start = || {
        let mut loan = Loan::approved(terms.clone());
        let on = day("2024-01-01");
        let disburse = Command::disburse(TransactionId::new(1), on, dec!(500));
        loan.decide(&disburse, on).unwrap();
        pay(&mut loan, 2, "2024-01-01", dec!(200));
        loan
    };
    let (mut one, mut other) = (start(), start());
    let days = day("2024-01-02").iter_days();
    for date in days.take_while(|date| *date <= day("2024-02-11")) {
        close(&mut one, &date.to_string());
    }
    close(&mut other, "2024-02-11");
    assert_eq!(one.account.instalments(), other.account.instalments());
}

/// 166.67 x 0.1 % = 0.16667 a day: 1.50 was charged by 10 February, nine days; the tenth day's
/// penalty and the following ten, 3.3334 less 1.50, are locked on 21 February.
#[test]
fn penalties_wait_for_the_unlock() {
    let mut loan = paid_out(penalised(locking(10)));
    close(&mut loan, "2024-02-21");
    let penalty = |loan: &Loan| loan.account.outstanding().unwrap().penalty;
    assert_eq!(
        (penalty(&loan), loan.account.locked_penalty()),
        (dec!(1.50), dec!(1.83))
    );
    record(&mut loan, 2, "2024-02-21", TransactionKind::Unlock).unwrap();
    assert_eq!(
        (penalty(&loan), loan.account.locked_penalty()),
        (dec!(3.33), dec!(0))
    );
    // 10 locked days of interest: 1000 x 12 % x 10/365 = 3.29.
    let row = &loan.account.instalments()[1];
    assert_eq!(
        (row.due_on, row.due.interest, row.due.penalty),
        (day("2024-02-21"), dec!(3.29), dec!(1.83))
    );
    // Unlocked by hand it stays unlocked in this spell; penalties go on.
    close(&mut loan, "2024-02-22");
    assert_eq!(loan.account.lock(), None);
    assert_eq!(penalty(&loan), dec!(3.50)); // 21 days: 3.5001
    reverse(&mut loan, 2, "2024-02-22").unwrap();
    assert_eq!(
        (penalty(&loan), loan.account.locked_penalty()),
        (dec!(1.50), dec!(2.00))
    );
    loan.controls().unwrap();
}

/// Locked by hand from 11 to 21 January: 10 of 31 days are locked, 21 x 1000 x 12 %/365 = 6.90 is
/// January's, 3.29 falls due at the unlock.
#[test]
fn a_lock_by_hand() {
    let mut loan = paid_out(dynamic());
    record(
        &mut loan,
        2,
        "2024-01-11",
        TransactionKind::Lock(LockedOperations::ALL),
    )
    .unwrap();
    assert_eq!(loan.account.lock().unwrap().reason, LockReason::Manual);
    record(&mut loan, 3, "2024-01-21", TransactionKind::Unlock).unwrap();
    close(&mut loan, "2024-02-01");
    let interest: Vec<Decimal> = due_from(&loan, 1).iter().take(2).map(|row| row.1).collect();
    assert_eq!(interest, [dec!(3.29), dec!(6.90)]);
    // Without the lock January is whole again, and the unlock has nothing to apply.
    reverse(&mut loan, 2, "2024-02-01").unwrap();
    assert_eq!(due_from(&loan, 1)[0].1, dec!(10.19));
    loan.controls().unwrap();
}

fn capped(method: CapMethod) -> LoanTerms {
    let mut terms = penalised(dynamic());
    let of = CapBase::OriginalPrincipal;
    terms.safeguards.cap = Some(CapTerms {
        percent: dec!(1.1),
        of,
        method,
        applies_accrued_first: false,
    });
    terms
}

/// The cap is 1.1 % of 1,000 = 11.00; January's interest is 10.19. Penalties of 0.16667 a day: by
/// 5 February 0.67, together 10.86; by 6 February 0.83, together 11.02.
#[test]
fn a_soft_cap_takes_the_charge_that_reaches_it() {
    let mut loan = paid_out(capped(CapMethod::Soft));
    close(&mut loan, "2024-02-05");
    assert_eq!(loan.account.lock(), None);
    close(&mut loan, "2024-02-06");
    assert_eq!(loan.account.lock().unwrap().reason, LockReason::Cap);
    assert_eq!(loan.account.outstanding().unwrap().penalty, dec!(0.83));
    close(&mut loan, "2024-02-10");
    assert_eq!(loan.account.outstanding().unwrap().penalty, dec!(0.83));
    assert_eq!(loan.account.locked_penalty(), dec!(0.67)); // 1.50 - 0.83
}

#[test]
fn a_hard_cap_refuses_it() {
    let mut loan = paid_out(capped(CapMethod::Hard));
    close(&mut loan, "2024-02-06");
    let lock = loan.account.lock().unwrap();
    assert_eq!(
        (lock.reason, lock.since),
        (LockReason::Cap, day("2024-02-06"))
    );
    assert_eq!(loan.account.outstanding().unwrap().penalty, dec!(0.67));
    assert_eq!(loan.account.locked_penalty(), dec!(0.16)); // 0.83 - 0.67
}

/// A fee of 0.81 on 3 February brings 10.19 to 11.00, before its instalment falls due.
#[test]
fn fees_count_towards_the_cap() {
    let mut terms = capped(CapMethod::Soft);
    terms.penalty = None;
    let mut loan = paid_out(terms);
    let (name, due) = (code("visit").unwrap(), day("2024-02-03"));
    let fee = TransactionKind::Charge {
        name,
        penalty: false,
        amount: dec!(0.81),
        due,
    };
    record(&mut loan, 2, "2024-02-03", fee).unwrap();
    assert_eq!(loan.account.lock().unwrap().reason, LockReason::Cap);
    reverse(&mut loan, 2, "2024-02-03").unwrap();
    assert_eq!(loan.account.lock(), None);
}

/// What it takes to settle a locked loan includes what is locked.
#[test]
fn pay_off_includes_what_is_locked() {
    let mut loan = paid_out(penalised(locking(10)));
    close(&mut loan, "2024-02-21");
    // 1000 + 10.19 + 3.2877 (to 11 February) + 3.2877 locked + penalties 1.50 + 1.83.
    let owed = loan.account.payoff(day("2024-02-21")).unwrap();
    assert_eq!(owed, dec!(1020.10));
    pay(&mut loan, 2, "2024-02-21", owed);
    assert_eq!(loan.account.status(), lending_core::loan::Status::Repaid);
    assert_eq!(loan.account.credit_balance(), Decimal::ZERO);
}

/// Interest only, penalties only, chosen by the contract. Twenty days of 0.16667 are 3.33; ten days
/// of interest are locked from 11 to 21 February, 3.29.
#[test]
fn a_lock_forbids_what_it_is_to_forbid() {
    for (interest, penalties, expected) in [
        (true, false, (dec!(3.29), dec!(0), dec!(3.33))),
        (false, true, (dec!(0), dec!(1.83), dec!(1.50))),
    ] {
        let mut terms = penalised(locking(10));
        terms.safeguards.locked_operations = LockedOperations {
            interest,
            fees: false,
            penalties,
        };
        let mut loan = paid_out(terms);
        close(&mut loan, "2024-02-21");
        let account = &loan.account;
        let got = (
            account.locked_interest().unwrap(),
            account.locked_penalty(),
            account.outstanding().unwrap().penalty,
        );
        assert_eq!(got, expected, "interest {interest}, penalties {penalties}");
    }
}

/// Locked whole on 11 February; from the 15th interest is applied again, penalties are not. Four
/// days are locked, 1000 x 12 % x 4/365 = 1.3151, and February owes the other 25: 8.2192.
#[test]
fn locked_operations_are_edited_by_locking_again() {
    let mut loan = paid_out(penalised(locking(10)));
    close(&mut loan, "2024-02-15");
    let penalties_only = LockedOperations {
        interest: false,
        fees: false,
        penalties: true,
    };
    record(
        &mut loan,
        2,
        "2024-02-15",
        TransactionKind::Lock(penalties_only),
    )
    .unwrap();
    let lock = loan.account.lock().unwrap();
    assert_eq!(
        (lock.reason, lock.since, lock.operations),
        (LockReason::Manual, day("2024-02-11"), penalties_only)
    );
    close(&mut loan, "2024-03-01");
    assert_eq!(due_from(&loan, 2)[0].1, dec!(8.22));
    assert_eq!(loan.account.locked_interest().unwrap(), dec!(1.32));
    // Undone: locked from 11 February on, ten days of interest are owed.
    reverse(&mut loan, 2, "2024-03-01").unwrap();
    assert_eq!(due_from(&loan, 2)[0].1, dec!(3.29));
    loan.controls().unwrap();
    let nothing = LockedOperations {
        interest: false,
        fees: false,
        penalties: false,
    };
    let refused = record(&mut loan, 3, "2024-03-01", TransactionKind::Lock(nothing));
    assert_eq!(refused.unwrap_err().code(), 3012);
}

/// As [`a_soft_cap_takes_the_charge_that_reaches_it`]; before the lock of 6 February five days of
/// interest are applied: 1000 x 12 % x 5/365 = 1.6438. The four days to the 10th are locked: 1.3151.
#[test]
fn a_cap_may_apply_what_has_accrued_first() {
    let mut terms = capped(CapMethod::Soft);
    terms.safeguards.cap.as_mut().unwrap().applies_accrued_first = true;
    let mut loan = paid_out(terms.clone());
    close(&mut loan, "2024-02-06");
    assert_eq!(loan.account.lock().unwrap().reason, LockReason::Cap);
    let row = &loan.account.instalments()[1];
    assert_eq!(
        (row.due_on, row.due.interest),
        (day("2024-02-06"), dec!(1.64))
    );
    assert_eq!(loan.account.outstanding().unwrap().penalty, dec!(0.83));
    close(&mut loan, "2024-02-10");
    assert_eq!(loan.account.locked_interest().unwrap(), dec!(1.32));
    terms.safeguards.cap.as_mut().unwrap().method = CapMethod::Hard;
    assert_eq!(terms.validate().unwrap_err().code(), 3012);
}

/// A payment of 100 on 15 February, known on its day or two weeks later. Overdue since 1 February are
/// 176.86, of which 0.1 % a day is penalty: 14 x 0.17686 = 2.47604, so that 2.48 of penalty, 10.19 of
/// interest and 87.33 of principal are paid. The rest, 79.34, costs 15 x 0.07934 = 1.1901 by 1 March:
/// 3.67 of penalty in all. Overdue interest bears interest: February costs 1010.19 x 12 % x 14/365 =
/// 4.6496 and 912.67 x 12 % x 15/365 = 4.5008, 9.15. All together, 10.19 + 3.67 + 9.15 = 23.01, stays
/// below the cap of 23.20; with the 9.63 that February would cost unpaid it would not.
#[test]
fn a_cap_counts_the_interest_that_the_period_came_to() {
    for told in ["2024-02-15", "2024-02-29", "2024-03-01"] {
        let mut terms = penalised(dynamic());
        if let Some(penalty) = &mut terms.penalty {
            penalty.base = PenaltyBase::OverduePrincipalAndInterest;
        }
        if let InterestBasis::OnBalance(basis) = &mut terms.interest_basis {
            basis.compounding = Some(Compounding {
                of: CompoundingOf::InterestAndCharges,
                every: Period::Months(1),
            });
        }
        terms.safeguards.cap = Some(CapTerms {
            percent: dec!(2.32),
            of: CapBase::OriginalPrincipal,
            method: CapMethod::Hard,
            applies_accrued_first: false,
        });
        let mut loan = paid_out(terms);
        close(&mut loan, told);
        let paid = Command::repay(TransactionId::new(2), day("2024-02-15"), dec!(100));
        loan.decide(&paid, day(told)).unwrap();
        close(&mut loan, "2024-03-01");
        let [first, second] = [0, 1].map(|at| loan.account.instalments()[at]);
        assert_eq!(first.due.penalty, dec!(3.67), "{told}");
        assert_eq!(first.paid.penalty, dec!(2.48), "{told}");
        assert_eq!(second.due.interest, dec!(9.15), "{told}");
        assert_eq!(loan.account.lock(), None, "{told}");
    }
}

/// Where a cap applies accrued interest first, an instalment may have no room left for it.
#[test]
fn a_cap_applies_the_same_interest_whenever_a_charge_is_learnt_of() {
    let lived = |told: &str| {
        let mut terms = dynamic();
        terms.schedule.amortization = Amortization::equal_instalments(AnnuityFormula::default());
        terms.allocation.paid_early = PaidEarly::KeepsTotal;
        terms.safeguards.cap = Some(CapTerms {
            percent: dec!(5),
            of: CapBase::OriginalPrincipal,
            method: CapMethod::Soft,
            applies_accrued_first: true,
        });
        let mut loan = paid_out(terms);
        let facts = [
            (
                "2024-01-20",
                Command::repay(TransactionId::new(2), day("2024-01-20"), dec!(120)),
            ),
            (
                "2024-02-10",
                Command::repay(TransactionId::new(4), day("2024-02-10"), dec!(250)),
            ),
        ];
        let fee = TransactionKind::Charge {
            name: code("visit").unwrap(),
            penalty: false,
            amount: dec!(60),
            due: day("2024-01-31"),
        };
        let fee = NewTransaction::new(TransactionId::new(3), day("2024-01-31"), fee);
        let mut facts = facts.to_vec();
        facts.push((told, Command::Record(fee)));
        facts.sort_by_key(|(on, _)| day(on));
        for date in day("2024-01-02").iter_days().take(80) {
            for (_, fact) in facts.iter().filter(|(on, _)| day(on) == date) {
                loan.decide(fact, date).unwrap();
            }
            close(&mut loan, &date.to_string());
        }
        loan
    };
    let in_time = lived("2024-01-31");
    assert!(in_time.account.lock().is_some());
    for told in ["2024-02-03", "2024-02-15", "2024-03-05"] {
        let late = lived(told);
        assert_eq!(
            late.account.instalments(),
            in_time.account.instalments(),
            "{told}"
        );
        assert_eq!(late.books, in_time.books, "{told}");
    }
}
