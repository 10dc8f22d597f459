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
    // Undone: the settlement is reversed, the old loan lives again.
    let mut history = loan.history.clone();
    for decision in &both.old {
        decision.update(&mut history).unwrap();
    }
    let transaction = TransactionId::new(22);
    let context = Context::with_history(day("2024-02-01"), &history);
    let undone = old
        .account
        .decide(&Command::Reverse { transaction }, &context)
        .unwrap();
    assert_eq!(undone.account.status(), Status::Active);
    assert_eq!(undone.account.principal_balance(), dec!(1000));
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
