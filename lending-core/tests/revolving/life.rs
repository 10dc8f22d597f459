//! What may be done when: limits, holds, interest by hand, arrears by hand, ends.

use ledger::posting_rules::AccountingMethod;
use lending_core::{
    ids::AccountId,
    loan::{CreditKind, TransactionId},
    revolving::{Command, Context, CreditLine, Status, TransactionKind as Kind, line_header},
    store::{AccountHeader, AccountKind, Balances, Standing, decode, encode},
};
use rust_decimal::dec;

use crate::{
    common::{day, rules},
    line::{Line, draw, repayment, terms},
};

#[test]
fn an_application_is_decided_before_money_is_drawn() {
    let on = day("2025-01-01");
    let context = Context::today(on);
    let submitted = CreditLine::submit(AccountId::new(1), terms(), on).unwrap();
    let after = |line: &CreditLine, command: &Command| line.decide(command, &context);
    let early = Command::draw(TransactionId::new(1), on, dec!(10));
    assert_eq!(after(&submitted, &early).unwrap_err().code(), 3101);
    assert_eq!(
        after(&submitted, &Command::Activate { on })
            .unwrap_err()
            .code(),
        3101
    );
    let approved = after(&submitted, &Command::Approve { on }).unwrap().line;
    assert_eq!(after(&approved, &early).unwrap_err().code(), 3101);
    let undone = after(&approved, &Command::UndoApproval).unwrap().line;
    assert_eq!(undone.status(), Status::PendingApproval);
    let withdrawn = after(&approved, &Command::Withdraw).unwrap().line;
    assert_eq!(withdrawn.status(), Status::Withdrawn);
    let rejected = after(&undone, &Command::Reject).unwrap().line;
    assert_eq!(rejected.status(), Status::Rejected);
    let active = after(&approved, &Command::Activate { on }).unwrap().line;
    assert_eq!(
        after(&active, &early).unwrap().line.owed().principal,
        dec!(10)
    );
}

/// Rejected or withdrawn, pending or approved: every end has its way back, once. An approval that was
/// undone leaves no date behind; no step lies before the one before it, or in the future.
#[test]
fn every_step_of_the_application_has_its_way_back() {
    let (first, today) = (day("2025-01-01"), day("2025-01-20"));
    let context = Context::today(today);
    let after = |line: &CreditLine, command: &Command| line.decide(command, &context);
    let approve = |on: &str| Command::Approve { on: day(on) };
    let pending = CreditLine::submit(AccountId::new(1), terms(), first).unwrap();
    let approved = after(&pending, &approve("2025-01-20")).unwrap().line;
    for line in [&pending, &approved] {
        for (command, undo, ended) in [
            (Command::Reject, Command::UndoReject, Status::Rejected),
            (Command::Withdraw, Command::UndoWithdraw, Status::Withdrawn),
        ] {
            assert_eq!(after(line, &undo).unwrap_err().code(), 3101);
            let closed = after(line, &command).unwrap().line;
            assert_eq!(closed.status(), ended);
            assert_eq!(after(&closed, &command).unwrap_err().code(), 3101);
            let back = after(&closed, &undo).unwrap().line;
            assert_eq!(back.status(), line.status());
            assert_eq!(after(&back, &undo).unwrap_err().code(), 3101);
        }
    }
    let undone = after(&approved, &Command::UndoApproval).unwrap().line;
    let early = after(&undone, &approve("2025-01-10")).unwrap().line;
    for (line, command, code) in [
        (&undone, approve("2024-12-31"), 3005),
        (&undone, approve("2025-01-21"), 3006),
        (
            &early,
            Command::Activate {
                on: day("2025-01-09"),
            },
            3005,
        ),
        (
            &early,
            Command::Activate {
                on: day("2025-01-21"),
            },
            3006,
        ),
    ] {
        assert_eq!(after(line, &command).unwrap_err().code(), code);
    }
    let active = after(&early, &Command::Activate { on: today })
        .unwrap()
        .line;
    // What is drawn from cannot be unapproved.
    assert_eq!(
        after(&active, &Command::UndoApproval).unwrap_err().code(),
        3101
    );
}

#[test]
fn draws_are_held_to_what_is_available() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(6000));
    assert_eq!(line.refused("2025-01-05", draw(dec!(4000.01))).code(), 3103);
    let hold = line.on("2025-01-05", Kind::Hold { amount: dec!(3000) });
    assert_eq!(line.line.pending().unwrap(), dec!(3000));
    assert_eq!(line.line.available().unwrap(), dec!(1000));
    assert_eq!(line.refused("2025-01-06", draw(dec!(1001))).code(), 3103);
    // The draw that was announced takes up its hold; it may be a little more.
    let taken = Kind::Draw {
        amount: dec!(3100),
        hold: Some(hold),
    };
    line.on("2025-01-07", taken.clone());
    assert_eq!(line.line.available().unwrap(), dec!(900));
    assert_eq!(line.refused("2025-01-07", taken).code(), 3107);
    let hold = line.on("2025-01-08", Kind::Hold { amount: dec!(900) });
    line.on("2025-01-09", Kind::ReleaseHold { hold });
    assert_eq!(line.line.available().unwrap(), dec!(900));
    line.on("2025-01-10", Kind::Freeze);
    assert_eq!(line.refused("2025-01-10", draw(dec!(1))).code(), 3104);
    assert_eq!(line.refused("2025-01-10", Kind::Freeze).code(), 3105);
    line.on("2025-01-11", Kind::Unfreeze);
    line.on("2025-01-12", Kind::ChangeLimit { limit: dec!(12000) });
    line.draw("2025-01-13", dec!(2900));
    assert_eq!(line.line.available().unwrap(), dec!(0));
    line.controls().unwrap();
}

#[test]
fn single_draws_have_a_least_and_a_most() {
    let mut terms = terms();
    (terms.least_draw, terms.most_draw) = (Some(dec!(100)), Some(dec!(500)));
    let mut line = Line::active(terms);
    assert_eq!(line.refused("2025-01-05", draw(dec!(99.99))).code(), 3111);
    assert_eq!(line.refused("2025-01-05", draw(dec!(500.01))).code(), 3004);
    line.draw("2025-01-05", dec!(100));
    line.draw("2025-01-05", dec!(500));
    assert_eq!(line.line.owed().principal, dec!(600));
}

#[test]
fn an_expired_line_is_billed_but_not_drawn() {
    let mut terms = terms();
    terms.expires_on = Some(day("2025-01-31"));
    let mut line = Line::active(terms);
    line.draw("2025-01-31", dec!(3650));
    let refused = line.refused("2025-02-01", draw(dec!(1)));
    assert_eq!(
        refused.to_string(),
        "draw 2025-02-01 is after 2025-01-31, the last date allowed"
    );
    line.end_of_day("2025-02-25");
    // 3650 × 24 % × 25/365
    assert_eq!(line.statement().interest, dec!(60.00));
}

#[test]
fn interest_stops_and_starts_by_hand() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    line.on("2025-01-10", Kind::StopInterest);
    assert_eq!(line.refused("2025-01-11", Kind::StopInterest).code(), 3105);
    line.on("2025-01-15", Kind::StartInterest);
    line.end_of_day("2025-01-25");
    // 5 nights before, 10 after: 3650 × 24 % × 15/365.
    assert_eq!(line.statement().interest, dec!(36.00));
    // 36.50 % from 30 January on: 5 nights at 24 %, 26 at 36.5 %: 12.00 + 94.90.
    line.on(
        "2025-01-30",
        Kind::RateChange {
            percent: dec!(36.5),
        },
    );
    line.end_of_day("2025-02-25");
    assert_eq!(line.statement().interest, dec!(106.90));
    line.controls().unwrap();
}

#[test]
fn arrears_and_default_by_hand() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    line.on("2025-01-10", Kind::MarkArrears);
    line.on("2025-01-11", Kind::MarkDefault);
    line.end_of_day("2025-01-12");
    let arrears = line.line.arrears();
    assert_eq!(arrears.since, Some(day("2025-01-10")));
    assert_eq!(arrears.default_since, Some(day("2025-01-11")));
    assert_eq!(arrears.days_past_due, 0);
    line.on("2025-01-13", Kind::ClearMarks);
    assert!(!line.line.arrears().in_arrears() && !line.line.arrears().in_default());
    assert_eq!(line.refused("2025-01-13", Kind::ClearMarks).code(), 3105);
}

#[test]
fn money_beyond_what_is_owed_pays_the_next_charges() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(365));
    line.repay("2025-01-15", dec!(400));
    assert_eq!(line.line.credit_balance(), dec!(35));
    line.controls().unwrap();
    line.end_of_day("2025-01-25");
    // 365 × 24 % × 10/365 = 2.40 are taken from the 35.00.
    let statement = line.statement();
    assert_eq!(
        (statement.interest, statement.closing),
        (dec!(2.40), dec!(-32.60))
    );
    assert_eq!(statement.minimum, dec!(0));
    line.controls().unwrap();
    assert_eq!(
        line.refused(
            "2025-01-26",
            Kind::CreditRefund {
                amount: dec!(32.61)
            }
        )
        .code(),
        3004
    );
    line.on(
        "2025-01-26",
        Kind::CreditRefund {
            amount: dec!(12.60),
        },
    );
    line.draw("2025-01-27", dec!(50));
    assert_eq!(
        (line.line.credit_balance(), line.line.owed().principal),
        (dec!(0), dec!(30))
    );
    line.controls().unwrap();
    // The payment is found to be void: what it paid is owed again, refund included.
    let transaction = line
        .history
        .iter()
        .find(|t| t.value_date == day("2025-01-15"))
        .unwrap()
        .id;
    line.decide(&Command::Reverse { transaction }, day("2025-01-28"))
        .unwrap();
    assert_eq!(
        line.line.owed().principal,
        dec!(365) + dec!(12.60) + dec!(50)
    );
    line.controls().unwrap();
}

#[test]
fn a_line_is_closed_when_everything_is_paid() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-02-03");
    let refused = line.refused("2025-02-04", Kind::Close);
    assert_eq!(refused.code(), 3108);
    // 3650 + 48.00, and 3650 × 24 % × 10/365 = 24.00 since the statement.
    assert_eq!(line.line.payoff(day("2025-02-04")).unwrap(), dec!(3722.00));
    line.repay("2025-02-04", dec!(3722));
    let closing = line.on("2025-02-04", Kind::Close);
    assert_eq!(line.line.status(), Status::Closed);
    line.controls().unwrap();
    line.end_of_day("2025-03-31");
    assert_eq!(line.statements.len(), 1);
    assert_eq!(line.refused("2025-04-01", draw(dec!(1))).code(), 3101);
    // Reopened: the statements it would have had are made.
    line.decide(
        &Command::Reverse {
            transaction: closing,
        },
        day("2025-04-01"),
    )
    .unwrap();
    assert_eq!(line.line.status(), Status::Active);
    let closings: Vec<_> = line.statements.iter().map(|s| (s.on, s.closing)).collect();
    assert_eq!(
        closings[1..],
        [(day("2025-02-25"), dec!(0)), (day("2025-03-25"), dec!(0))]
    );
    line.controls().unwrap();
    assert_eq!(
        line.line.statements(&line.history).unwrap(),
        line.statements
    );
}

#[test]
fn a_write_off_gives_up_everything_and_recovery_is_income() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-02-03");
    // 48.00 billed and 24.00 since.
    let write_off = line.on("2025-02-04", Kind::WriteOff);
    assert_eq!(line.line.status(), Status::WrittenOff);
    assert_eq!(line.line.written_off().interest, dec!(72.00));
    assert_eq!(line.book("write-off"), dec!(3722.00));
    line.controls().unwrap();
    assert_eq!(line.refused("2025-02-05", repayment(dec!(1))).code(), 3101);
    let paid = line.on("2025-02-05", Kind::Recovery { amount: dec!(100) });
    assert_eq!(line.book("recovery"), dec!(-100));
    let reverse = |transaction| Command::Reverse { transaction };
    assert_eq!(
        line.decide(&reverse(write_off), day("2025-02-06"))
            .unwrap_err()
            .code(),
        3101
    );
    line.decide(&reverse(paid), day("2025-02-06")).unwrap();
    line.decide(&reverse(write_off), day("2025-02-06")).unwrap();
    assert_eq!(line.line.status(), Status::Active);
    assert_eq!(line.line.owed().principal, dec!(3650));
    assert_eq!(
        (line.book("write-off"), line.book("recovery")),
        (dec!(0), dec!(0))
    );
    line.controls().unwrap();
}

#[test]
fn a_line_that_comes_back_is_told_what_it_missed() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    let write_off = line.on("2025-01-10", Kind::WriteOff);
    let reverse = Command::Reverse {
        transaction: write_off,
    };
    line.decide(&reverse, day("2025-03-01")).unwrap();
    // Made on 1 March: 3650 × 24 % × 20/365 and × 31/365.
    let made: Vec<_> = line.statements.iter().map(|s| (s.on, s.interest)).collect();
    assert_eq!(
        made,
        [
            (day("2025-01-25"), dec!(48.00)),
            (day("2025-02-25"), dec!(74.40))
        ]
    );
    assert_eq!(
        line.line.statements(&line.history).unwrap(),
        line.statements
    );
    // They know everything booked through that day, so nothing more can be booked on it.
    let refused = line.refused("2025-03-01", repayment(dec!(10)));
    assert_eq!(refused.code(), 3109);
    line.repay("2025-03-02", dec!(10));
    line.controls().unwrap();
}

#[test]
fn goodwill_costs_the_lender_and_cash_accounting_waits_for_money() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-01-25");
    let goodwill = Kind::Credit {
        kind: CreditKind::GoodwillCredit,
        amount: dec!(100),
    };
    line.on("2025-01-26", goodwill);
    // 48.00 of interest are given up, 52.00 of principal cost.
    assert_eq!(line.book("goodwill"), dec!(52));
    line.end_of_day("2025-01-26");
    line.controls().unwrap();

    let mut terms = terms();
    terms.accounting = rules(AccountingMethod::Cash);
    let mut line = Line::active(terms);
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-01-25");
    assert_eq!(line.book("interest-income"), dec!(0));
    line.repay("2025-02-05", dec!(413));
    assert_eq!(line.book("interest-income"), dec!(-48.00));
    assert_eq!(line.book("portfolio"), dec!(3285));
    assert_eq!(line.books.values().sum::<rust_decimal::Decimal>(), dec!(0));
}

#[test]
fn a_store_keeps_a_line_and_finds_it() {
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-02-15");
    let header = AccountHeader {
        kind: AccountKind::CreditLine,
        reference: "CL-1".parse().unwrap(),
        holder: lending_core::ids::HolderId::new(1),
        product: "LINE".parse().unwrap(),
        branch: "NBO".parse().unwrap(),
        currency: "KES".parse().unwrap(),
        standing: Standing::Pending,
        next_work_on: None,
        in_arrears_since: None,
        balances: Balances::default(),
    };
    let header = line_header(&header, &line.line).unwrap();
    assert_eq!(header.standing, Standing::InArrears);
    assert_eq!(header.in_arrears_since, Some(day("2025-02-09")));
    assert_eq!(header.next_work_on, Some(day("2025-02-16")));
    // 48.00 and 21 nights: 50.40.
    let balances = (
        header.balances.principal,
        header.balances.interest,
        header.balances.overdue,
    );
    assert_eq!(balances, (365_000, 9_840, 41_300));
    let bytes = encode(&line.line).unwrap();
    assert_eq!(decode::<CreditLine>(&bytes).unwrap(), line.line);
}
