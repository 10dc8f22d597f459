//! One command on a loan of 36 instalments with 30 transactions behind it, beside its budget.
//! Interest by the schedule, accrual basis: what most contracts have.

use std::hint::black_box;

use chrono::NaiveDate;
use ledger::posting_rules::AccountingMethod;
use lending_core::{
    loan::{Command, InterestBasis},
    store::{AccrualPlan, AccrualPosting},
};

use super::{Beside, Measure, Pair, Relation, Unit, clock::nanoseconds};
use crate::{
    inputs::loan::{Loan, NEXT, REPAYMENT, due, eve, quiet_day, second_day},
    storage::Failed,
};

pub const MEASURES: &[Measure] = &[
    measure("repay", "a repayment on its due date | budget", repay),
    measure(
        "backdated",
        "a backdated repayment that replays 30 transactions | budget",
        backdated,
    ),
    measure(
        "end-of-day-idle",
        "end of day with nothing due and nothing to book | budget",
        idle,
    ),
    measure(
        "end-of-day-plan",
        "a quiet day of an accruing account, posted by its plan | budget",
        planned,
    ),
    measure(
        "end-of-day-entry",
        "a quiet day decided with an accrual entry of its own | budget of a due date",
        accruing,
    ),
    measure(
        "end-of-day-due",
        "end of day on a due date | budget",
        closing,
    ),
    Measure {
        unit: Unit::Bytes,
        ..measure(
            "state-size",
            "the account's state in postcard | budget",
            state_size,
        )
    },
];

const fn measure(
    name: &'static str,
    about: &'static str,
    prepare: fn() -> Result<Pair, Failed>,
) -> Measure {
    Measure {
        name,
        about,
        unit: Unit::Time,
        relation: Relation::Below(1.0),
        prepare,
    }
}

fn running(last: NaiveDate) -> Result<Loan, Failed> {
    Loan::running(InterestBasis::OnSchedule, AccountingMethod::Accrual, last)
}

fn decided(
    closed_through: NaiveDate,
    command: Command,
    booking: NaiveDate,
    budget: f64,
) -> Result<Pair, Failed> {
    decided_by(running(closed_through)?, command, booking, budget)
}

fn decided_by(
    loan: Loan,
    command: Command,
    booking: NaiveDate,
    budget: f64,
) -> Result<Pair, Failed> {
    loan.decided(&command, booking)?;
    Ok(Pair {
        ours: nanoseconds(move || loan.decided(black_box(&command), booking))?,
        beside: Beside::Budget(budget),
    })
}

fn repay() -> Result<Pair, Failed> {
    let command = Command::repay(NEXT, due(30), REPAYMENT);
    decided(eve(), command, due(30), 3_000.0)
}

fn backdated() -> Result<Pair, Failed> {
    let command = Command::repay(NEXT, second_day(), REPAYMENT);
    decided(eve(), command, eve(), 100_000.0)
}

fn idle() -> Result<Pair, Failed> {
    let (date, before) = (quiet_day(), quiet_day().pred_opt().unwrap_or_default());
    let loan = Loan::running(InterestBasis::OnSchedule, AccountingMethod::Cash, before)?;
    decided_by(loan, Command::EndOfDay { date }, date, 300.0)
}

/// What the end of day asks of an account that only accrues: its plan says the amount and moves on.
fn planned() -> Result<Pair, Failed> {
    let (date, before) = (quiet_day(), quiet_day().pred_opt().unwrap_or_default());
    let accounts = ("1300".parse()?, "4100".parse()?);
    let days = [12, 12, 11, 12, 12, 12, 11];
    let plan = AccrualPlan::new(accounts, AccrualPosting::Aggregated, before, &days)
        .ok_or("a plan of seven days")?;
    Ok(Pair {
        ours: nanoseconds(move || {
            let plan = black_box(&plan);
            let amount = plan.due_through(date);
            let moved = plan.covers(date).then(|| plan.clone().moved(date, amount));
            moved.ok_or("the plan covers its days")
        })?,
        beside: Beside::Budget(300.0),
    })
}

fn accruing() -> Result<Pair, Failed> {
    let (date, before) = (quiet_day(), quiet_day().pred_opt().unwrap_or_default());
    decided(before, Command::EndOfDay { date }, date, 3_000.0)
}

fn closing() -> Result<Pair, Failed> {
    let date = due(30);
    decided(eve(), Command::EndOfDay { date }, date, 3_000.0)
}

fn state_size() -> Result<Pair, Failed> {
    let bytes = postcard::to_allocvec(&running(eve())?.account)?.len();
    Ok(Pair {
        ours: Box::new(move || Ok(bytes as f64)),
        beside: Beside::Budget(4_096.0),
    })
}
