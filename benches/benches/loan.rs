//! One command on a loan of 36 instalments with 30 transactions behind it.
//!
//! `cargo bench -p lending-benches --bench loan`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ledger::posting_rules::AccountingMethod;
use lending_benches::inputs::loan::{Loan, NEXT, REPAYMENT, due, eve, quiet_day, second_day};
use lending_core::loan::{
    BalanceInterest, Command, InterestBasis, LateInterest, OverdueInterest, Rest,
};

const ON_BALANCE: InterestBasis = InterestBasis::OnBalance(BalanceInterest {
    overdue: OverdueInterest::ByPeriodEnd,
    rest: Rest::Daily,
    compounding: None,
    late: LateInterest::RunningInstalment,
});

fn commands(criterion: &mut Criterion) {
    let (eve, due_on) = (eve(), due(30));
    let (late, early) = (
        Command::repay(NEXT, second_day(), REPAYMENT),
        Command::repay(NEXT, eve, REPAYMENT),
    );
    let on_time = Command::repay(NEXT, due_on, REPAYMENT);
    let closing = Command::EndOfDay { date: due_on };
    let quiet = Command::EndOfDay { date: quiet_day() };
    for (name, basis, method) in [
        (
            "by schedule, accrual",
            InterestBasis::OnSchedule,
            AccountingMethod::Accrual,
        ),
        (
            "by schedule, cash",
            InterestBasis::OnSchedule,
            AccountingMethod::Cash,
        ),
        ("on balance, accrual", ON_BALANCE, AccountingMethod::Accrual),
    ] {
        let loan = Loan::running(basis, method, eve).unwrap();
        let idle = Loan::running(basis, method, quiet_day().pred_opt().unwrap()).unwrap();
        let mut group = criterion.benchmark_group(format!("loan, {name}"));
        for (what, loan, command, booking) in [
            ("repay between due dates", &loan, &early, eve),
            ("repay on the due date", &loan, &on_time, due_on),
            ("repay backdated over 30", &loan, &late, eve),
            ("end of day, due date", &loan, &closing, due_on),
            ("end of day, nothing due", &idle, &quiet, quiet_day()),
        ] {
            group.bench_function(what, |bench| {
                bench.iter(|| loan.decided(black_box(command), booking).unwrap());
            });
        }
        group.bench_function("copy of the account", |bench| {
            bench.iter(|| black_box(&loan.account).clone());
        });
        group.finish();
    }
}

criterion_group!(benches, commands);
criterion_main!(benches);
