//! What is refused because of other transactions, of days or of amounts; at the bound it is not.
//! Contract: [`dynamic`](super::dynamic).

use super::*;
use lending_core::loan::{CreditKind, Rescheduling, Status, code};

fn fee(due: &str) -> TransactionKind {
    TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty: false,
        amount: dec!(20),
        due: day(due),
    }
}

fn of(id: u128) -> TransactionId {
    TransactionId::new(id)
}

fn refused(result: Result<(), LoanError>, expected: u16, what: &str) {
    let error = result.expect_err(what);
    assert_eq!(error.code(), expected, "{what}: {error}");
}

/// Due on 1 February, five days tolerated; 30 days in arrears beyond them are needed. 6 March is 34
/// days after 1 February (28 to the 29th, 6 of March): 29 beyond the five. 7 March is the 30th.
#[test]
fn a_write_off_waits_for_the_days_in_arrears() {
    let mut terms = dynamic();
    terms.arrears.tolerance_days = 5;
    terms.safeguards.write_off_after_days = 30;
    let mut loan = paid_out(terms);
    for (on, given) in [("2024-02-06", 0), ("2024-02-07", 1), ("2024-03-06", 29)] {
        let early = record(&mut loan, 2, on, TransactionKind::WriteOff).unwrap_err();
        let expected = LoanError::ArrearsNeeded {
            command: "write-off",
            given,
            needed: 30,
        };
        assert_eq!(early, expected, "{on}");
    }
    // Told on the 20th, counting from the 6th: too early all the same.
    let late = |loan: &mut Loan, on: &str| {
        let new = NewTransaction::new(of(2), day(on), TransactionKind::WriteOff);
        loan.decide(&Command::Record(new), day("2024-03-20"))
    };
    close(&mut loan, "2024-03-20");
    refused(late(&mut loan, "2024-03-06"), 3035, "backdated");
    late(&mut loan, "2024-03-07").unwrap();
    assert_eq!(loan.account.status(), Status::WrittenOff);
    reverse(&mut loan, 2, "2024-03-20").unwrap();
    loan.controls().unwrap();
    // Arrears whose amount is tolerated are none: 176.86 and 176.20 are below 400.00.
    let mut terms = dynamic();
    terms.arrears.tolerance_floor = dec!(400);
    terms.safeguards.write_off_after_days = 1;
    let mut loan = paid_out(terms);
    let early = record(&mut loan, 2, "2024-03-20", TransactionKind::WriteOff);
    refused(early, 3035, "tolerated amount");
}

/// 1,004.93 settle the loan on 16 January (1000 x 12 % x 15/365 = 4.93).
#[test]
fn where_nothing_is_owed_nothing_is_given_up_or_ended_early() {
    let mut loan = paid_out(dynamic());
    pay(&mut loan, 2, "2024-01-16", dec!(1004.93));
    let write_off = record(&mut loan, 3, "2024-01-20", TransactionKind::WriteOff);
    refused(write_off, 3001, "write-off of a repaid loan");
    record(&mut loan, 4, "2024-01-20", TransactionKind::Terminate).unwrap();
    assert_eq!(loan.account.status(), Status::Repaid);
    assert_eq!(loan.account.terminated_on(), None);
    // The payment turns out void: what was to end the loan early ends it after all.
    reverse(&mut loan, 2, "2024-01-21").unwrap();
    assert_eq!(loan.account.status(), Status::Active);
    assert_eq!(loan.account.terminated_on(), Some(day("2024-01-20")));
    // 1000 x 12 % x 19/365 = 6.25 by the 20th; all of it due.
    let row = &loan.account.instalments()[0];
    assert_eq!(
        (row.due_on, row.due.principal, row.due.interest),
        (day("2024-01-20"), dec!(1000), dec!(6.25))
    );
    loan.controls().unwrap();
}

/// 100.00 came in: 60.00 and 40.00 of them may be charged back, not a cent more; of nothing else.
#[test]
fn no_more_is_charged_back_than_came_in() {
    let charged_back = |id, of, amount| (id, TransactionKind::Chargeback { of, amount });
    let mut loan = paid_out(dynamic());
    pay(&mut loan, 3, "2024-02-01", dec!(100));
    for ((id, kind), code, what) in [
        (charged_back(4, of(9), dec!(1)), 3008, "nothing known"),
        (charged_back(4, of(1), dec!(1)), 3010, "the payout"),
        (charged_back(4, of(3), dec!(100.01)), 3004, "too much"),
    ] {
        refused(record(&mut loan, id, "2024-02-10", kind), code, what);
    }
    let (id, kind) = charged_back(4, of(3), dec!(60));
    record(&mut loan, id, "2024-02-10", kind).unwrap();
    let (id, kind) = charged_back(5, of(3), dec!(40.01));
    let more = record(&mut loan, id, "2024-02-11", kind).unwrap_err();
    assert_eq!(
        more,
        LoanError::AboveLimit {
            field: "amount charged back",
            given: dec!(40.01),
            allowed: dec!(40),
        }
    );
    let (id, kind) = charged_back(5, of(3), dec!(40));
    record(&mut loan, id, "2024-02-11", kind).unwrap();
    assert_eq!(loan.book("bank"), dec!(-1000));
    // One that was taken back leaves room again.
    reverse(&mut loan, 4, "2024-02-12").unwrap();
    let (id, kind) = charged_back(6, of(3), dec!(60));
    record(&mut loan, id, "2024-02-12", kind).unwrap();
    loan.controls().unwrap();
    // Of a payment that was reversed nothing can be.
    for id in [5, 6, 3] {
        reverse(&mut loan, id, "2024-02-13").unwrap();
    }
    let (id, kind) = charged_back(7, of(3), dec!(1));
    refused(record(&mut loan, id, "2024-02-13", kind), 3008, "reversed");
}

/// What others count on stays while they do; each row: what happened, what cannot be reversed then.
#[test]
fn what_others_count_on_is_reversed_after_them() {
    use TransactionKind as T;
    let amount = dec!(50);
    let cases: Vec<(&str, Vec<T>)> = vec![
        (
            "a fee and its waiver",
            vec![
                fee("2024-02-20"),
                T::Waiver {
                    charge: of(2),
                    instalment: None,
                },
            ],
        ),
        (
            "a payment and its chargeback",
            vec![
                T::Credit {
                    kind: CreditKind::Repayment,
                    amount,
                    split: None,
                },
                T::Chargeback { of: of(2), amount },
            ],
        ),
        (
            "a write-off and what was recovered",
            vec![T::WriteOff, T::Recovery { amount }],
        ),
        (
            "capitalised income and its adjustment",
            vec![
                T::CapitalisedIncome { amount },
                T::CapitalisedIncomeAdjustment { of: of(2), amount },
            ],
        ),
        (
            "a buy-down fee and its adjustment",
            vec![
                T::BuyDownFee { amount },
                T::BuyDownFeeAdjustment { of: of(2), amount },
            ],
        ),
    ];
    for (what, kinds) in cases {
        let mut terms = dynamic();
        terms.principal = dec!(1500);
        let mut loan = Loan::approved(terms);
        let on = day("2024-01-01");
        let payout = Command::disburse(of(1), on, dec!(1000));
        loan.decide(&payout, on).unwrap();
        for (id, kind) in (2..).zip(kinds) {
            record(&mut loan, id, "2024-02-10", kind).unwrap();
        }
        let before = loan.clone();
        refused(reverse(&mut loan, 2, "2024-02-11"), 3010, what);
        assert_eq!(loan.account, before.account, "{what}");
        for id in [3, 2] {
            reverse(&mut loan, id, "2024-02-11").unwrap();
            loan.controls().unwrap();
            // Once is enough.
            refused(reverse(&mut loan, id, "2024-02-11"), 3010, what);
        }
        assert_eq!(loan.account.status(), Status::Active, "{what}");
        assert_eq!(loan.account.principal_balance(), dec!(1000), "{what}");
    }
}

/// The payout goes last. Then the approval may be taken back, and everything begins anew.
#[test]
fn a_payout_is_undone_when_nothing_counts_on_it() {
    let mut loan = paid_out(dynamic());
    pay(&mut loan, 2, "2024-02-01", dec!(100));
    refused(reverse(&mut loan, 1, "2024-02-02"), 3010, "with a payment");
    let undo = loan.decide(&Command::UndoApproval, day("2024-02-02"));
    refused(undo, 3001, "undo approval of an active loan");
    reverse(&mut loan, 2, "2024-02-02").unwrap();
    reverse(&mut loan, 1, "2024-02-02").unwrap();
    assert_eq!(loan.account.status(), Status::Approved);
    assert!(
        loan.books.values().all(Decimal::is_zero),
        "{:?}",
        loan.books
    );
    loan.decide(&Command::UndoApproval, day("2024-02-02"))
        .unwrap();
    let again = loan.decide(&Command::UndoApproval, day("2024-02-02"));
    refused(again, 3001, "undo approval twice");
    let on = day("2024-01-15");
    loan.decide(&Command::Approve { on }, day("2024-02-02"))
        .unwrap();
    // 500.00 on 15 January: 17 nights to 1 February would be 500 x 12 % x 17/365 = 2.79, but a
    // month runs from the payout: due on 15 February, 31 nights, 5.10.
    let payout = Command::disburse(of(5), on, dec!(500));
    loan.decide(&payout, day("2024-02-02")).unwrap();
    loan.controls().unwrap();
    let row = &loan.account.instalments()[0];
    assert_eq!(
        (row.due_on, row.due.interest),
        (day("2024-02-15"), dec!(5.10))
    );
    close(&mut loan, "2024-02-02");
    // Earned by 2 February: 18 nights, 500 x 12 % x 18/365 = 2.96.
    assert_eq!(loan.book("interest-income"), dec!(-2.96));
}

/// With a second tranche the first payout may go: the schedule begins with the second.
#[test]
fn the_first_of_two_tranches_is_undone() {
    let mut terms = dynamic();
    (terms.principal, terms.tranches) = (dec!(1500), true);
    let mut loan = Loan::approved(terms);
    for (id, on, amount) in [(1, "2024-01-01", dec!(1000)), (2, "2024-01-11", dec!(500))] {
        loan.decide(&Command::disburse(of(id), day(on), amount), day(on))
            .unwrap();
    }
    reverse(&mut loan, 1, "2024-01-20").unwrap();
    loan.controls().unwrap();
    assert_eq!(loan.account.disbursed_on(), Some(day("2024-01-11")));
    assert_eq!(loan.account.principal_balance(), dec!(500));
    // 500 x 12 % x 31/365 = 5.10 on 11 February, and a sixth, 83.33.
    assert_eq!(due_from(&loan, 1)[0], (dec!(83.33), dec!(5.10)));
    // 1,000.00 may be paid out again, not a cent more.
    let again = |amount| TransactionKind::Disbursement { amount };
    let more = record(&mut loan, 3, "2024-01-20", again(dec!(1000.01)));
    refused(more, 3004, "above what is approved");
    record(&mut loan, 3, "2024-01-20", again(dec!(1000))).unwrap();
    loan.controls().unwrap();
}

/// Rates have bounds, whoever changes them; a charge does not fall due before the payout.
#[test]
fn rates_and_charge_dates() {
    let mut loan = paid_out(dynamic());
    let at = |percent| TransactionKind::RateChange { percent };
    for percent in [dec!(-100.01), dec!(1000000.01)] {
        let result = record(&mut loan, 2, "2024-02-01", at(percent));
        refused(result, 3013, "rate change");
    }
    record(&mut loan, 2, "2024-02-01", at(dec!(0))).unwrap();
    refused(
        record(&mut loan, 3, "2024-02-01", fee("2023-12-31")),
        3005,
        "before the payout",
    );
    record(&mut loan, 3, "2024-02-01", fee("2024-01-01")).unwrap();
    // An instalment that is not there, and one that is past, are not rescheduled.
    for due in ["2024-03-02", "2024-02-01"] {
        let kind = TransactionKind::Reschedule(Rescheduling::of(day(due)));
        assert!(record(&mut loan, 4, "2024-02-01", kind).is_err(), "{due}");
    }
    loan.controls().unwrap();
}
