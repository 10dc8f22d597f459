//! A new loan in the place of an old one.

use super::*;
use lending_core::{
    ids::AccountId,
    loan::{Amounts, Context, Refinance, Status, code},
};

fn request(top_up: Decimal, principal: Decimal) -> Refinance {
    let mut terms = dynamic();
    terms.principal = principal;
    terms.expected_disbursement = day("2024-02-01");
    Refinance {
        on: day("2024-02-01"),
        new_account: AccountId::new(8),
        terms,
        top_up,
        give_up: Amounts::ZERO,
        submitted_by: None,
        ids: [20, 21, 22, 23].map(TransactionId::new),
        channel: code("refinance").unwrap(),
    }
}

/// On 1 February 1,000.00 and 10.19 are owed; with 500.00 of fresh money the new loan is 1,510.19.
#[test]
fn refinancing_with_a_top_up() {
    let loan = paid_out(dynamic());
    let context = Context::today(day("2024-02-01"));
    let both = loan
        .account
        .refinance(&request(dec!(500), dec!(1510.19)), &loan.history, &context);
    let both = both.unwrap();
    assert_eq!(both.carried, dec!(1010.19));
    let (old, new) = (both.old.last().unwrap(), both.new.last().unwrap());
    assert_eq!(old.account.status(), Status::Refinanced);
    assert_eq!(old.account.successor(), Some(AccountId::new(8)));
    assert_eq!(new.account.status(), Status::Active);
    assert_eq!(new.account.predecessor(), Some(loan.account.id()));
    assert_eq!(new.account.principal_balance(), dec!(1510.19));
    // Over both loans only the top-up leaves the bank.
    let mut bank = Decimal::ZERO;
    for entry in both
        .old
        .iter()
        .chain(&both.new)
        .flat_map(|decision| &decision.entries)
    {
        for line in entry
            .lines()
            .iter()
            .filter(|line| line.account().to_string() == "bank")
        {
            let amount = line.amount().amount();
            bank += if line.side() == ledger::Side::Debit {
                amount
            } else {
                -amount
            };
        }
    }
    assert_eq!(bank, dec!(-500));
    // The settlement alone cannot be reversed: 1,510.19 and 1,000.00 would be owed.
    let mut old = after(&loan, &both.old);
    let mut new = Loan::approved(request(dec!(500), dec!(1510.19)).terms);
    new.account = both.submitted.clone();
    let new = after(&new, &both.new);
    let refused = reverse(&mut old, 22, "2024-02-01").unwrap_err();
    assert_eq!(refused.code(), 3010, "{refused}");
    // Both sides are taken back together.
    let undone = old
        .account
        .undo_refinance(&old.history, (&new.account, &new.history), &context)
        .unwrap();
    let (old, new) = (after(&old, &undone.old), after(&new, &undone.new));
    assert_eq!(old.account.status(), Status::Active);
    assert_eq!(old.account.principal_balance(), dec!(1000));
    assert_eq!(old.account.successor(), None);
    assert_eq!(new.account.status(), Status::Withdrawn);
    assert_eq!(new.account.principal_balance(), dec!(0));
    // Bank and portfolio of both: as after the first payout of 1,000.00.
    let both = |code: &str| old.book(code) + new.book(code);
    assert_eq!((both("bank"), both("portfolio")), (dec!(-1000), dec!(1000)));
    // It may be refinanced again.
    let again = Refinance {
        ids: [30, 31, 32, 33].map(TransactionId::new),
        ..request(dec!(500), dec!(1510.19))
    };
    assert!(
        old.account
            .refinance(&again, &old.history, &context)
            .is_ok()
    );
}

/// The loan after some decisions.
fn after(loan: &Loan, decisions: &[lending_core::loan::Decision]) -> Loan {
    let mut loan = loan.clone();
    for decision in decisions {
        loan.keep(decision).unwrap();
    }
    loan
}

/// The new loan took 1.00 of money: the way back begins with that. A loan that is not the successor
/// has nothing to do with it.
#[test]
fn a_successor_that_moved_is_not_taken_back() {
    let loan = paid_out(dynamic());
    let context = Context::today(day("2024-02-01"));
    let both = loan
        .account
        .refinance(&request(dec!(0), dec!(1010.19)), &loan.history, &context)
        .unwrap();
    let old = after(&loan, &both.old);
    let mut new = Loan::approved(request(dec!(0), dec!(1010.19)).terms);
    let stranger = old
        .account
        .undo_refinance(&old.history, (&new.account, &new.history), &context)
        .unwrap_err();
    assert_eq!(stranger.code(), 3001, "{stranger}");
    new.account = both.submitted.clone();
    new = after(&new, &both.new);
    pay(&mut new, 40, "2024-02-10", dec!(1));
    let undo = |new: &Loan| {
        let context = Context::today(day("2024-02-10"));
        old.account
            .undo_refinance(&old.history, (&new.account, &new.history), &context)
    };
    assert_eq!(
        undo(&new).unwrap_err(),
        LoanError::NotReversible {
            given: TransactionId::new(40),
            reason: "it stands on the loan that took this one's place; reverse it first",
        }
    );
    reverse(&mut new, 40, "2024-02-10").unwrap();
    let undone = undo(&new).unwrap();
    assert_eq!(after(&new, &undone.new).account.status(), Status::Withdrawn);
    let old = after(&old, &undone.old);
    assert_eq!(old.account.status(), Status::Active);
    // 40 nights: January's 10.19 and 9 of February, 1000 x 12 % x 9/365 = 2.96.
    let owed = old.account.payoff(day("2024-02-10")).unwrap();
    assert_eq!(owed, dec!(1013.15));
}

/// 10.19 is given up, 1,000.00 moves. By the schedule the interest to come is not owed.
#[test]
fn rescheduling_gives_up_interest() {
    for basis in [
        InterestBasis::OnSchedule,
        InterestBasis::OnBalance(BalanceInterest {
            overdue: OverdueInterest::ByPeriodEnd,
            ..BalanceInterest::default()
        }),
    ] {
        let mut terms = dynamic();
        terms.interest_basis = basis;
        let loan = paid_out(terms);
        let mut request = request(Decimal::ZERO, dec!(1000));
        request.give_up.interest = dec!(10.19);
        let context = Context::today(day("2024-02-01"));
        let both = loan
            .account
            .refinance(&request, &loan.history, &context)
            .unwrap();
        assert_eq!(both.carried, dec!(1000));
        assert_eq!(
            both.old.last().unwrap().account.status(),
            Status::Rescheduled
        );
        assert_eq!(
            both.new.last().unwrap().account.principal_balance(),
            dec!(1000)
        );
    }
}

#[test]
fn a_contract_too_small_and_a_locked_loan_are_refused() {
    let mut loan = paid_out(dynamic());
    let context = Context::today(day("2024-02-01"));
    let small = loan
        .account
        .refinance(&request(dec!(500), dec!(1510.18)), &loan.history, &context);
    assert!(
        matches!(small, Err(LoanError::AboveLimit { .. })),
        "{small:?}"
    );
    record(
        &mut loan,
        2,
        "2024-01-20",
        TransactionKind::Lock(lending_core::loan::LockedOperations::ALL),
    )
    .unwrap();
    let locked = loan
        .account
        .refinance(&request(dec!(500), dec!(2000)), &loan.history, &context);
    assert!(
        matches!(locked, Err(LoanError::WrongStatus { .. })),
        "{locked:?}"
    );
}
