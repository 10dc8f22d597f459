//! Lines in a store: the end of day of a portfolio, killed and caught up, keeps books and accounts
//! together.

use core::{num::NonZeroU32, ops::ControlFlow};

use ledger::posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules};
use lending_core::{
    end_of_day::{AccountChange, Ended, Plan, run},
    ids::{AccountId, HolderId},
    loan::TransactionId,
    revolving::{Command, Context, CreditLine, RevolvingError, line_header},
    store::*,
};
use rust_decimal::{Decimal, dec};

use crate::{common::day, line::terms};

fn books() -> PostingRules {
    let rule = |resource, code: &str| PostingRule::new(resource, code.parse().unwrap());
    PostingRules::new(
        AccountingMethod::Accrual,
        [
            rule(R::PortfolioControl, "1200"),
            rule(R::FundSource, "1100"),
            rule(R::InterestReceivable, "1300"),
            rule(R::InterestIncome, "4100"),
            rule(R::CreditBalance, "2100"),
        ],
    )
    .unwrap()
}

fn header(n: u128) -> AccountHeader {
    AccountHeader {
        kind: AccountKind::CreditLine,
        reference: format!("CL-{n:04}").parse().unwrap(),
        holder: HolderId::new(n),
        product: "LINE".parse().unwrap(),
        branch: "NBO".parse().unwrap(),
        currency: "KES".parse().unwrap(),
        standing: Standing::Pending,
        next_work_on: None,
        in_arrears_since: None,
        balances: Balances::default(),
    }
}

/// Ten lines, all but one drawn on 5 January.
pub(crate) fn lender() -> MemoryStore {
    let mut store = MemoryStore::new();
    let on = day("2025-01-05");
    for n in 1..=10 {
        let id = AccountId::new(n);
        let mut terms = terms();
        terms.accounting = books();
        let mut line = CreditLine::submit(id, terms, on).unwrap();
        let mut commit = Commit::default();
        let amount = Decimal::from(n - 1) * dec!(100);
        let mut commands = vec![Command::Approve { on }, Command::Activate { on }];
        if n > 1 {
            commands.push(Command::draw(TransactionId::new(1), on, amount));
        }
        for command in commands {
            let decision = line.decide(&command, &Context::today(on)).unwrap();
            line = decision.line;
            let posted = decision.entries.into_iter().map(|entry| PostedEntry {
                account: Some(id),
                entry,
            });
            commit.entries.extend(posted);
        }
        commit.accounts.push(AccountWrite {
            id,
            expected: None,
            header: line_header(&header(n), &line).unwrap(),
            state: encode(&line).unwrap(),
        });
        assert!(store.commit(&commit).unwrap().is_applied());
    }
    store
}

fn close(
    account: &StoredAccount,
    date: chrono::NaiveDate,
) -> Result<Option<AccountChange>, RevolvingError> {
    let line: CreditLine = decode(&account.state).unwrap();
    let decision = line.decide(&Command::EndOfDay { date }, &Context::today(date))?;
    let state = encode(&decision.line).unwrap();
    let mut change = AccountChange::new(line_header(&account.header, &decision.line)?, state);
    change.entries = decision.entries;
    for statement in decision.statements {
        change.outbox.push(Message {
            topic: "statement".into(),
            account: Some(account.id),
            body: statement.closing.to_string().into_bytes(),
        });
    }
    Ok(Some(change))
}

#[test]
fn a_portfolio_is_closed_day_by_day() {
    let mut store = lender();
    // 26 January is missed.
    let days = (6..=25)
        .chain(27..=31)
        .map(|day| (1, day))
        .chain((1..=12).map(|day| (2, day)));
    for (month, date) in days {
        let plan = Plan {
            job: "end-of-day".parse().unwrap(),
            business_date: chrono::NaiveDate::from_ymd_opt(2025, month, date).unwrap(),
            page_size: NonZeroU32::new(3).unwrap(),
        };
        let ended = run(&mut store, &plan, close, |_| ControlFlow::Continue(())).unwrap();
        assert!(matches!(ended, Ended::Done(_)));
    }
    for (gl, part) in [
        ("1200", (|b: &Balances| b.principal) as fn(&Balances) -> i64),
        ("1300", |b| b.interest),
    ] {
        let control = Control {
            gl: vec![gl.parse().unwrap()],
            part,
        };
        let proofs = control_equals_sub_ledgers(&mut store, &control).unwrap();
        assert_eq!(proofs.len(), 1);
        assert!(
            proofs[0].holds() && proofs[0].control > 0,
            "{gl}: {proofs:?}"
        );
    }
    // Ten statements, the last of 900 × (1 + 24 % × 20/365) = 911.84.
    let mut outbox = Vec::new();
    store
        .outbox(NonZeroU32::new(100).unwrap(), &mut outbox)
        .unwrap();
    assert_eq!(outbox.len(), 10);
    assert_eq!(outbox[9].body, b"911.84");
    // Nothing is paid by 9 February: nine lines are in arrears.
    let mut late = Vec::new();
    let limit = NonZeroU32::new(100).unwrap();
    store
        .accounts(&Scan::InArrears, None, limit, &mut late)
        .unwrap();
    assert_eq!(late.len(), 9);
}
