//! Interest by hand, index reviews, redraw, transfers.

use super::*;
use ledger::{
    BranchCode, JournalEntry, Side,
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

/// The rules, and an account for claims between branches.
fn with_branches() -> PostingRules {
    let known = common::rules(AccountingMethod::Accrual);
    let mut all: Vec<PostingRule> = Vec::new();
    for resource in FinancialResource::ALL {
        if let Ok(code) = known.resolve(resource, None, None) {
            all.push(PostingRule::new(resource, code));
        }
    }
    all.push(PostingRule::new(
        FinancialResource::InterBranchTransfer,
        "between".parse().unwrap(),
    ));
    PostingRules::new(AccountingMethod::Accrual, all).unwrap()
}

/// 1,000.00 of principal and 10.19 of interest move from Nairobi to Mombasa on 1 February.
#[test]
fn a_transfer_moves_the_balances() {
    let (from, to): (BranchCode, BranchCode) =
        ("NAIROBI".parse().unwrap(), "MOMBASA".parse().unwrap());
    let mut terms = dynamic();
    terms.accounting = with_branches();
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
    let transfer = |id, branch, officer: u128| {
        let officer = Some(ActorId::new(officer));
        let kind = TransactionKind::Transfer { branch, officer };
        Command::Record(NewTransaction::new(TransactionId::new(id), date, kind))
    };
    let handed = account.decide(&transfer(2, Some(to), 9), &context);
    let decision = handed.unwrap();
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
    let repay = Command::repay(TransactionId::new(3), date, dec!(100));
    let paid = decision.account.decide(&repay, &context).unwrap();
    assert!(
        paid.entries[0]
            .lines()
            .iter()
            .all(|line| line.branch() == Some(to))
    );
    let handed = paid.account.decide(&transfer(4, None, 10), &context);
    assert!(handed.unwrap().entries.is_empty());
}

/// What a branch carries for the loan, account by account.
fn carried(entries: &[JournalEntry], branch: &str, account: &str) -> Decimal {
    let lines = entries.iter().flat_map(|entry| entry.lines());
    let here = lines.filter(|line| {
        let of = line.branch().map(|of| of.to_string());
        of.as_deref() == Some(branch) && line.account().to_string() == account
    });
    here.map(|line| match line.side() {
        Side::Debit => line.amount().amount(),
        Side::Credit => -line.amount().amount(),
    })
    .sum()
}

/// Handed to Mombasa from 15 January and to Kisumu from 1 February, the first known late, then taken
/// back, then the second: the loan is where the last transfer that stands has put it, and so is all
/// that the books carry, 1,000 and by 5 February 10.19 + 1000 x 12 % x 4/365 = 11.51 of interest.
#[test]
fn a_transfer_known_late_or_taken_back_moves_what_is_carried() {
    let mut terms = dynamic();
    terms.accounting = with_branches();
    let mut loan = Loan::approved(terms);
    loan.account = loan.account.in_branch("NAIROBI".parse().unwrap());
    let on = day("2024-01-01");
    let pay_out = Command::disburse(TransactionId::new(1), on, dec!(1000));
    loan.decide(&pay_out, on).unwrap();
    let handed = |id, on: &str, branch: &str, officer| {
        let branch = Some(branch.parse().unwrap());
        let officer = Some(ActorId::new(officer));
        let kind = TransactionKind::Transfer { branch, officer };
        Command::Record(NewTransaction::new(TransactionId::new(id), day(on), kind))
    };
    let back = |id| Command::Reverse {
        transaction: TransactionId::new(id),
    };
    let today = day("2024-02-05");
    let steps = [
        (handed(3, "2024-02-01", "KISUMU", 3), "KISUMU", 3),
        (handed(2, "2024-01-15", "MOMBASA", 2), "KISUMU", 3),
        (back(3), "MOMBASA", 2),
        (handed(4, "2024-01-10", "KISUMU", 4), "MOMBASA", 2),
        (back(2), "KISUMU", 4),
    ];
    close(&mut loan, "2024-02-05");
    for (command, branch, officer) in steps {
        loan.decide(&command, today).unwrap();
        assert_eq!(loan.account.branch().unwrap().to_string(), branch);
        assert_eq!(loan.account.officer(), Some(ActorId::new(officer)));
        for other in ["NAIROBI", "MOMBASA", "KISUMU"] {
            let here = |amount: Decimal| if other == branch { amount } else { dec!(0) };
            let found = ["portfolio", "interest-receivable"]
                .map(|account| carried(&loan.entries, other, account));
            assert_eq!(found, [here(dec!(1000)), here(dec!(11.51))], "{other}");
        }
        loan.controls().unwrap();
    }
    // With the last transfer the loan is back where it was opened, without an officer.
    loan.decide(&back(4), today).unwrap();
    assert_eq!(loan.account.branch().unwrap().to_string(), "NAIROBI");
    assert_eq!(loan.account.officer(), None);
    assert_eq!(carried(&loan.entries, "NAIROBI", "portfolio"), dec!(1000));
}

/// An application is handed over as well, and taking that back approves nothing.
#[test]
fn an_application_is_handed_over() {
    let mut terms = dynamic();
    terms.accounting = with_branches();
    let on = terms.expected_disbursement;
    let account = LoanAccount::submit(AccountId::new(7), terms, on).unwrap();
    let pending = account.status();
    let officer = Some(ActorId::new(3));
    let kind = TransactionKind::Transfer {
        branch: None,
        officer,
    };
    let new = NewTransaction::new(TransactionId::new(1), on, kind);
    let handed = account.decide(&Command::Record(new), &Context::today(on));
    let handed = handed.unwrap();
    assert_eq!(
        (handed.account.officer(), handed.account.status()),
        (officer, pending)
    );
    let history: Vec<_> = handed.recorded.clone().into_iter().collect();
    let back = Command::Reverse {
        transaction: TransactionId::new(1),
    };
    let context = Context::with_history(on, &history);
    let back = handed.account.decide(&back, &context).unwrap();
    assert_eq!(
        (back.account.officer(), back.account.status()),
        (None, pending)
    );
}
