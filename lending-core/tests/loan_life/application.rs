//! From application to approval, with every way back and every guard.

use super::*;
use lending_core::{
    ids::{AccountId, ActorId},
    loan::{Context, Cover, CreditLineCover, LoanAccount, Status},
};

const CLERK: ActorId = ActorId::new(1);
const MANAGER: ActorId = ActorId::new(2);

fn submitted(terms: LoanTerms) -> LoanAccount {
    let on = terms.expected_disbursement;
    LoanAccount::submit(AccountId::new(7), terms, on).unwrap()
}

fn decide(account: &LoanAccount, command: &Command) -> Result<LoanAccount, LoanError> {
    Ok(account
        .decide(command, &Context::today(day("2024-01-01")))?
        .account)
}

const APPROVE: fn() -> Command = || Command::Approve {
    on: day("2024-01-01"),
};

/// Every command of the application, from every status that has it, and its undo.
#[test]
fn every_step_has_its_way_back() {
    let mut terms = dynamic();
    terms.safeguards.approval.starts_partial = true;
    let partial = submitted(terms);
    let pending = decide(&partial, &Command::RequestApproval).unwrap();
    let approved = decide(&pending, &APPROVE()).unwrap();
    assert_eq!(partial.status(), Status::PartialApplication);
    assert_eq!(pending.status(), Status::PendingApproval);
    assert_eq!(approved.status(), Status::Approved);
    let incomplete = decide(&pending, &Command::SetIncomplete).unwrap();
    assert_eq!(incomplete.status(), Status::PartialApplication);
    let undone = decide(&approved, &Command::UndoApproval).unwrap();
    assert_eq!(undone.status(), Status::PendingApproval);
    for account in [&partial, &pending, &approved] {
        for (command, undo, ended) in [
            (Command::Reject, Command::UndoReject, Status::Rejected),
            (Command::Withdraw, Command::UndoWithdraw, Status::Withdrawn),
        ] {
            let closed = decide(account, &command).unwrap();
            assert_eq!(closed.status(), ended);
            assert!(closed.status().is_closed());
            assert!(decide(&closed, &APPROVE()).is_err());
            assert_eq!(decide(&closed, &undo).unwrap().status(), account.status());
        }
    }
}

/// What a status does not allow is refused, and the refusal names what it allows.
#[test]
fn steps_out_of_turn_are_refused() {
    let pending = submitted(dynamic());
    let approved = decide(&pending, &APPROVE()).unwrap();
    let cases = [
        (&pending, Command::RequestApproval),
        (&pending, Command::UndoApproval),
        (&pending, Command::UndoReject),
        (&pending, Command::UndoWithdraw),
        (&approved, Command::SetIncomplete),
        (&approved, APPROVE()),
    ];
    for (account, command) in cases {
        let refused = decide(account, &command);
        assert!(
            matches!(refused, Err(LoanError::WrongStatus { .. })),
            "{command:?}"
        );
    }
    let loan = paid_out(dynamic());
    for command in [Command::UndoApproval, Command::Reject, Command::Withdraw] {
        assert!(matches!(
            decide(&loan.account, &command),
            Err(LoanError::WrongStatus { .. })
        ));
    }
}

/// An approval on 20 January that was taken back does not keep one of 10 January away.
#[test]
fn an_approval_undone_leaves_no_date_behind() {
    let account = submitted(dynamic());
    let approve = |account: &LoanAccount, on: &str| {
        let context = Context::today(day("2024-01-20"));
        account.decide(&Command::Approve { on: day(on) }, &context)
    };
    let late = approve(&account, "2024-01-20").unwrap().account;
    let undone = decide(&late, &Command::UndoApproval).unwrap();
    assert!(approve(&undone, "2024-01-10").is_ok());
}

/// Submitted on 1 January, approved on 20 January: not on the day before the submission, not on the
/// day after today; paid out not before the approval, and not twice what was approved.
#[test]
fn dates_and_amounts_at_their_bounds() {
    let account = submitted(dynamic());
    let today = Context::today(day("2024-01-20"));
    let approve = |on: &str| account.decide(&Command::Approve { on: day(on) }, &today);
    for (on, code) in [("2023-12-31", 3005), ("2024-01-21", 3006)] {
        assert_eq!(approve(on).unwrap_err().code(), code, "{on}");
    }
    let approved = approve("2024-01-20").unwrap().account;
    let pay_out = |on: &str, amount| {
        let command = Command::disburse(TransactionId::new(1), day(on), amount);
        approved.decide(&command, &today)
    };
    for (on, amount, code) in [
        ("2024-01-19", dec!(1000), 3005),
        ("2024-01-21", dec!(1000), 3006),
        ("2024-01-20", dec!(1000.01), 3004),
        ("2024-01-20", dec!(0), 3002),
        ("2024-01-20", dec!(0.001), 3003),
    ] {
        let refused = pay_out(on, amount).unwrap_err();
        assert_eq!(refused.code(), code, "{on} {amount}: {refused}");
    }
    let active = pay_out("2024-01-20", dec!(1000)).unwrap().account;
    assert_eq!(active.disbursed_on(), Some(day("2024-01-20")));
}

/// A line of credit that ends on 1 July 2024 holds a loan paid out on 1 January, six months; paid
/// out a day later the last instalment is due on 2 July.
#[test]
fn a_line_of_credit_is_looked_at_again_at_the_payout() {
    let line = |available, ends_on: &str| Cover {
        credit_line: Some(CreditLineCover {
            available,
            ends_on: day(ends_on),
        }),
        ..Cover::NONE
    };
    let today = Context::today(day("2024-01-02"));
    let approve = Command::Approve {
        on: day("2024-01-01"),
    };
    let cover = line(dec!(1000), "2024-07-01");
    let approved = submitted(dynamic()).decide(&approve, &today.covered(cover));
    let approved = approved.unwrap().account;
    let pay_out = |on: &str, cover| {
        let command = Command::disburse(TransactionId::new(1), day(on), dec!(1000));
        let decided = approved.decide(&command, &today.covered(cover));
        decided.map(|decision| decision.account.status())
    };
    assert_eq!(pay_out("2024-01-01", cover), Ok(Status::Active));
    let late = pay_out("2024-01-02", cover).unwrap_err();
    assert_eq!(
        late,
        LoanError::TooLate {
            field: "maturity under the line of credit",
            given: day("2024-07-02"),
            allowed: day("2024-07-01"),
        }
    );
    // Drawn upon since by others: 0.01 short.
    let short = pay_out("2024-01-01", line(dec!(999.99), "2024-07-01"));
    assert_eq!(short.unwrap_err().code(), 3004);
    // Not named again it is not looked at again.
    assert_eq!(pay_out("2024-01-02", Cover::NONE), Ok(Status::Active));
}

#[test]
fn two_people_agree() {
    let mut terms = dynamic();
    terms.safeguards.approval.two_man_rule = true;
    let on = day("2024-01-01");
    let account = submitted(terms).submitted_by(CLERK);
    let today = Context::today(on);
    let unknown = account.decide(&APPROVE(), &today);
    assert!(matches!(
        unknown,
        Err(LoanError::ActorNeeded { command: "approve" })
    ));
    let same = account.decide(&APPROVE(), &today.by(CLERK));
    assert!(matches!(
        same,
        Err(LoanError::SameActor { given: CLERK, .. })
    ));
    let approved = account
        .decide(&APPROVE(), &today.by(MANAGER))
        .unwrap()
        .account;
    assert_eq!(approved.application().approved_by, Some(MANAGER));
    // Who approved does not pay out.
    let disburse = Command::disburse(TransactionId::new(1), on, dec!(1000));
    let same = approved.decide(&disburse, &today.by(MANAGER));
    assert!(matches!(same, Err(LoanError::SameActor { .. })));
    assert!(approved.decide(&disburse, &today.by(CLERK)).is_ok());
}

/// 40 % guarantees and 25 % funds of 1,000; a line with 1,000 left to the day of the last
/// instalment, 1 July 2024.
#[test]
fn what_must_stand_behind_a_loan() {
    let mut terms = dynamic();
    terms.safeguards.approval.guarantees_percent = dec!(40);
    terms.safeguards.approval.funds_percent = dec!(25);
    terms.safeguards.approval.needs_credit_line = true;
    let account = submitted(terms);
    let line = CreditLineCover {
        available: dec!(1000),
        ends_on: day("2024-07-01"),
    };
    let enough = Cover {
        guarantees: dec!(400),
        funds: dec!(250),
        credit_line: Some(line),
    };
    let approve = |cover| {
        let context = Context::today(day("2024-01-01")).covered(cover);
        account
            .decide(&APPROVE(), &context)
            .map(|decision| decision.account.status())
    };
    assert_eq!(approve(enough).unwrap(), Status::Approved);
    for (cover, missing) in [
        (
            Cover {
                guarantees: dec!(399.99),
                ..enough
            },
            "guarantees and collateral",
        ),
        (
            Cover {
                funds: dec!(249.99),
                ..enough
            },
            "investor funds",
        ),
        (
            Cover {
                credit_line: None,
                ..enough
            },
            "a line of credit",
        ),
    ] {
        let refused = approve(cover);
        assert!(matches!(refused, Err(LoanError::NotCovered { what, .. }) if what == missing));
    }
    let short = CreditLineCover {
        available: dec!(999.99),
        ..line
    };
    let refused = approve(Cover {
        credit_line: Some(short),
        ..enough
    });
    assert!(matches!(refused, Err(LoanError::AboveLimit { .. })));
    let early = CreditLineCover {
        ends_on: day("2024-06-30"),
        ..line
    };
    let refused = approve(Cover {
        credit_line: Some(early),
        ..enough
    });
    assert!(matches!(refused, Err(LoanError::TooLate { .. })));
}
