//! Interest by hand, index reviews, redraw, transfers.

use super::*;
use ledger::{
    BranchCode, Side,
    posting_rules::{AccountingMethod, FinancialResource, PostingRule, PostingRules},
};
use lending_core::{
    dates::Period,
    ids::{AccountId, ActorId},
    loan::{Context, IndexTerms, LoanAccount},
};

/// On 16 January 15 days have arisen: 1000 x 12 % x 15/365 = 4.93; the whole month is 10.19.
#[test]
fn interest_applied_by_hand_is_due_at_once() {
    let mut loan = paid_out(dynamic());
    record(
        &mut loan,
        2,
        "2024-01-16",
        TransactionKind::InterestApplication,
    )
    .unwrap();
    let row = &loan.account.instalments()[0];
    assert_eq!(
        (row.due_on, row.due.interest),
        (day("2024-01-16"), dec!(4.93))
    );
    close(&mut loan, "2024-02-01");
    // 10.1918 less 4.93 = 5.26.
    assert_eq!(due_from(&loan, 2)[0], (dec!(166.67), dec!(5.26)));
    assert_eq!(loan.book("interest-income"), dec!(-10.19));
    reverse(&mut loan, 2, "2024-02-01").unwrap();
    assert_eq!(due_from(&loan, 1)[0], (dec!(166.67), dec!(10.19)));
    loan.controls().unwrap();
    let mut fixed = dynamic();
    fixed.interest_basis = InterestBasis::OnSchedule;
    let mut loan = paid_out(fixed);
    let refused = record(
        &mut loan,
        2,
        "2024-01-16",
        TransactionKind::InterestApplication,
    );
    assert!(
        matches!(refused, Err(LoanError::Terms { .. })),
        "{refused:?}"
    );
}

/// Index 5 %, spread 2 %; the index goes to 6 %, and to 8 % on 1 March (Mambu's worked example);
/// a ceiling of 9 % holds at an index of 12 %.
#[test]
fn an_index_review_changes_the_rate() {
    let mut terms = dynamic();
    terms.schedule.interest.rate.percent = dec!(7);
    terms.index = Some(IndexTerms {
        spread: dec!(2),
        floor: Some(dec!(3)),
        ceiling: Some(dec!(9)),
        review_every: Period::Months(1),
    });
    let index = terms.index.clone().unwrap();
    for (at, rate) in [(dec!(5), dec!(7)), (dec!(12), dec!(9)), (dec!(-1), dec!(3))] {
        assert_eq!(index.rate(at).unwrap(), rate);
    }
    let mut loan = paid_out(terms);
    assert_eq!(loan.account.next_index_review(), Some(day("2024-02-01")));
    record(
        &mut loan,
        2,
        "2024-02-01",
        TransactionKind::IndexReview { index: dec!(6) },
    )
    .unwrap();
    assert_eq!(loan.account.next_index_review(), Some(day("2024-03-01")));
    close(&mut loan, "2024-03-01");
    // Nothing repaid. January 1000 x 7 % x 31/365 = 5.95, February 1000 x 8 % x 29/365 = 6.36.
    let interest: Vec<Decimal> = due_from(&loan, 1).iter().take(2).map(|row| row.1).collect();
    assert_eq!(interest, [dec!(5.95), dec!(6.36)]);
    reverse(&mut loan, 2, "2024-03-01").unwrap();
    // 1000 x 7 % x 29/365 = 5.56.
    assert_eq!(due_from(&loan, 2)[0].1, dec!(5.56));
    assert_eq!(loan.account.next_index_review(), Some(day("2024-02-01")));
}

/// 400 put aside from 11 to 21 January: 1000 x 21 days and 600 x 10 days at 12 %/365:
/// 6.9041 + 1.9726 = 8.88.
#[test]
fn money_put_aside_lowers_interest_and_is_taken_out() {
    let mut loan = paid_out(dynamic());
    let aside = |amount| TransactionKind::RedrawDeposit { amount };
    let out = |amount| TransactionKind::RedrawWithdrawal { amount };
    record(&mut loan, 2, "2024-01-11", aside(dec!(400))).unwrap();
    assert_eq!(loan.account.redraw_balance(), dec!(400));
    assert_eq!(loan.book("credit-balances"), dec!(-400));
    let refused = record(&mut loan, 3, "2024-01-12", out(dec!(400.01)));
    assert!(
        matches!(refused, Err(LoanError::AboveLimit { .. })),
        "{refused:?}"
    );
    record(&mut loan, 4, "2024-01-21", out(dec!(400))).unwrap();
    assert_eq!(loan.book("credit-balances"), Decimal::ZERO);
    close(&mut loan, "2024-02-01");
    assert_eq!(due_from(&loan, 1)[0].1, dec!(8.88));
    // The deposit bounces after all: what was taken out was lent.
    reverse(&mut loan, 2, "2024-02-01").unwrap();
    assert_eq!(loan.account.principal_balance(), dec!(1400));
    loan.controls().unwrap();
    reverse(&mut loan, 4, "2024-02-01").unwrap();
    assert_eq!(loan.account.principal_balance(), dec!(1000));
    assert_eq!(due_from(&loan, 1)[0].1, dec!(10.19));
    loan.controls().unwrap();
}

/// 1,000.00 of principal and 10.19 of interest move from Nairobi to Mombasa on 1 February.
#[test]
fn a_transfer_moves_the_balances() {
    let (from, to): (BranchCode, BranchCode) =
        ("NAIROBI".parse().unwrap(), "MOMBASA".parse().unwrap());
    let mut terms = dynamic();
    let mut all: Vec<PostingRule> = Vec::new();
    let known = common::rules(AccountingMethod::Accrual);
    for resource in FinancialResource::ALL {
        if let Ok(code) = known.resolve(resource, None, None) {
            all.push(PostingRule::new(resource, code));
        }
    }
    all.push(PostingRule::new(
        FinancialResource::InterBranchTransfer,
        "between".parse().unwrap(),
    ));
    terms.accounting = PostingRules::new(AccountingMethod::Accrual, all).unwrap();
    let on = day("2024-01-01");
    let account = LoanAccount::submit(AccountId::new(7), terms, on)
        .unwrap()
        .in_branch(from);
    let context = Context::today(on);
    let account = account
        .decide(&Command::Approve { on }, &context)
        .unwrap()
        .account;
    let disburse = Command::disburse(TransactionId::new(1), on, dec!(1000));
    let account = account.decide(&disburse, &context).unwrap().account;
    let date = day("2024-02-01");
    let context = Context::today(date);
    let account = account
        .decide(&Command::EndOfDay { date }, &context)
        .unwrap()
        .account;
    let officer = ActorId::new(9);
    let command = Command::Transfer {
        branch: Some(to),
        officer: Some(officer),
    };
    let decision = account.decide(&command, &context).unwrap();
    assert_eq!(decision.account.branch(), Some(to));
    assert_eq!(decision.account.officer(), Some(officer));
    let [entry] = decision.entries.as_slice() else {
        panic!("{:?}", decision.entries)
    };
    let sum = |branch, account: &str| -> Decimal {
        let lines = entry
            .lines()
            .iter()
            .filter(|line| line.branch() == Some(branch));
        lines
            .filter(|line| line.account().to_string() == account)
            .map(|line| match line.side() {
                Side::Debit => line.amount().amount(),
                Side::Credit => -line.amount().amount(),
            })
            .sum()
    };
    for (account, amount) in [
        ("portfolio", dec!(1000)),
        ("interest-receivable", dec!(10.19)),
    ] {
        assert_eq!((sum(from, account), sum(to, account)), (-amount, amount));
    }
    assert_eq!(
        (sum(from, "between"), sum(to, "between")),
        (dec!(1010.19), dec!(-1010.19))
    );
    // What is booked from now on belongs to the new branch; another officer moves no money.
    let repay = Command::repay(TransactionId::new(2), date, dec!(100));
    let paid = decision.account.decide(&repay, &context).unwrap();
    assert!(
        paid.entries[0]
            .lines()
            .iter()
            .all(|line| line.branch() == Some(to))
    );
    let officer = Command::Transfer {
        branch: None,
        officer: Some(ActorId::new(10)),
    };
    assert!(
        paid.account
            .decide(&officer, &context)
            .unwrap()
            .entries
            .is_empty()
    );
}
