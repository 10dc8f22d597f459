//! Laws that hold for any accepted sequence of entries, beside a plain list as the second model.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use law_runs::runs;
use ledger::{
    BranchCode, Currency, EntryId, GlCode, Journal, JournalEntry, Money, Sequence, Usage,
    chart::ready, journal::View,
};
use proptest::prelude::*;

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
const CURRENCIES: [&str; 3] = ["KES", "UGX", "USD"];
const BRANCHES: [&str; 2] = ["A", "B"];

/// `(accounts, currency, branch of each side, amount, value day, days until booked)`.
type Plan = (usize, usize, usize, usize, usize, i64, u64, u64);

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let plan = (
        0..40_usize,
        0..40_usize,
        0..3_usize,
        0..3_usize,
        0..3_usize,
        1..1_000_i64,
        0..60_u64,
        0..9_u64,
    );
    prop::collection::vec(plan, 1..60)
}

fn details(journal: &Journal) -> Vec<GlCode> {
    let details = journal
        .chart()
        .iter()
        .filter(|account| account.usage == Usage::Detail);
    details.map(|account| account.code).collect()
}

fn entry(number: u128, plan: Plan, accounts: &[GlCode]) -> JournalEntry {
    let (debit, credit, currency, from, to, minor, value, late) = plan;
    let value = FIRST + Days::new(value);
    let currency = Currency::from_code(CURRENCIES[currency]).unwrap();
    let amount = Money::from_minor(i128::from(minor), currency).unwrap();
    let mut builder = JournalEntry::builder(EntryId::new(number), value, value + Days::new(late))
        .debit(accounts[debit % accounts.len()], amount);
    // The third branch is none: such an entry has no branch on either side.
    let branches = BRANCHES.get(from).zip(BRANCHES.get(to));
    if let Some((from, _)) = branches {
        builder = builder.on_branch(from.parse().unwrap());
    }
    builder = builder.credit(accounts[credit % accounts.len()], amount);
    if let Some((_, to)) = branches {
        builder = builder
            .on_branch(to.parse().unwrap())
            .inter_branch("1500".parse().unwrap());
    }
    builder.build().unwrap()
}

fn post(plans: &[Plan]) -> Journal {
    let mut journal = Journal::with_evidence(ready::microfinance_lender());
    let accounts = details(&journal);
    for (number, plan) in (1..).zip(plans) {
        journal.post(entry(number, *plan, &accounts)).unwrap();
    }
    journal
}

/// The plans as entries of three products, some of none, with a refused batch after every fifth.
fn tagged(plans: &[Plan], index_at: Option<usize>) -> Journal {
    let mut journal = Journal::new(ready::microfinance_lender());
    let accounts = details(&journal);
    let made = |number: u128, plan: Plan| {
        let raw = serde_json::to_value(entry(number, plan, &accounts)).unwrap();
        let mut raw = raw.as_object().unwrap().clone();
        if let Some(product) = ["a", "b", "c"].get(plan.0 % 4) {
            raw["tags"] = serde_json::json!({ "product": product });
        }
        serde_json::from_value::<JournalEntry>(raw.into()).unwrap()
    };
    for (at, plan) in plans.iter().enumerate() {
        if index_at == Some(at) {
            journal.index_tag("product");
        }
        let number = at as u128 + 1;
        journal.post(made(number, *plan)).unwrap();
        if at % 5 == 4 {
            let other = made(number, (0, 1, 0, 0, 0, 7, 0, 0));
            journal
                .post_batch([made(900 + number, *plan), other])
                .unwrap_err();
        }
    }
    if index_at == Some(plans.len()) {
        journal.index_tag("product");
    }
    journal
}

/// The balance of an account the slow way: debits less credits of every line that counts.
fn plain(
    journal: &Journal,
    account: GlCode,
    currency: Currency,
    counts: impl Fn(Sequence, &JournalEntry, Option<BranchCode>) -> bool,
) -> i128 {
    let mut sum = 0;
    for (sequence, entry) in journal.entries() {
        for line in entry.lines() {
            if line.account() == account
                && line.currency() == currency
                && counts(sequence, &entry, line.branch())
            {
                sum += i128::from(line.signed_minor());
            }
        }
    }
    sum
}

fn signed(journal: &Journal, account: GlCode, balance: Money) -> i128 {
    let minor = balance.to_minor().unwrap();
    match journal.chart().get(&account).unwrap().gl_type.normal_side() {
        ledger::Side::Debit => minor,
        ledger::Side::Credit => -minor,
    }
}

proptest! {
    #![proptest_config(runs(64))]

    #[test]
    fn every_view_balances_and_agrees_with_the_plain_list(
        plans in plans(), day in 0_u64..70, known in 0_u32..70, account in 0_usize..40,
    ) {
        let journal = post(&plans);
        let accounts = details(&journal);
        let account = accounts[account % accounts.len()];
        let (date, known) = (FIRST + Days::new(day), Sequence::new(known));
        let branches: [Option<BranchCode>; 3] = [None, "A".parse().ok(), "B".parse().ok()];
        for currency in CURRENCIES.map(|code| Currency::from_code(code).unwrap()) {
            for branch in branches {
                let view = View::latest().known_at(known);
                let view = branch.map_or(view, |branch| view.in_branch(branch));
                for (view, booked) in [(view.on_value_date(date), false), (view.on_booking_date(date), true)] {
                    let trial = journal.trial_balance(currency, &view).unwrap();
                    prop_assert!(trial.is_balanced());
                    let got = journal.balance_at(&account, currency, &view).unwrap();
                    let want = plain(&journal, account, currency, |sequence, entry, of| {
                        let day = if booked { entry.booking_date() } else { entry.value_date() };
                        sequence <= known && day <= date && (branch.is_none() || of == branch)
                    });
                    prop_assert_eq!(signed(&journal, account, got), want);
                }
                let sheet = journal.balance_sheet(currency, &[date], &view).unwrap();
                prop_assert!(sheet.is_balanced());
            }
        }
    }

    #[test]
    fn a_tag_is_answered_alike_with_and_without_an_index(
        plans in plans(), day in 0_u64..70, known in 0_u32..70, account in 0_usize..40,
    ) {
        let plain = tagged(&plans, None);
        // Told before, in the middle of, and after the entries.
        let indexed = [0, plans.len() / 2, plans.len()].map(|told| tagged(&plans, Some(told)));
        let accounts = details(&plain);
        let account = accounts[account % accounts.len()];
        let date = FIRST + Days::new(day);
        let views = [
            View::latest(),
            View::latest().on_value_date(date).known_at(Sequence::new(known)),
            View::latest().on_booking_date(date).in_branch("A".parse().unwrap()),
        ];
        for (currency, view) in CURRENCIES.iter().zip(views) {
            let currency = Currency::from_code(currency).unwrap();
            let by_tag = plain.balance_by_tag(&account, currency, "product", &view).unwrap();
            for journal in &indexed {
                prop_assert_eq!(&journal.balance_by_tag(&account, currency, "product", &view).unwrap(), &by_tag);
            }
            for (value, amount) in by_tag.iter().filter(|(value, _)| !value.is_empty()) {
                let tag = ("product", value.as_str());
                for journal in [&plain, &indexed[0], &indexed[1], &indexed[2]] {
                    prop_assert_eq!(&journal.tagged_balance(&account, currency, tag, &view).unwrap(), amount);
                    let moved = journal.tagged_movement(&account, currency, tag, FIRST, &view).unwrap();
                    prop_assert_eq!((moved.opening.is_zero(), moved.closing), (true, *amount));
                    // The same sum, line by line.
                    let lines = journal.account_detail(&account, currency, FIRST, &view).unwrap();
                    let mut sum = 0;
                    for row in lines.rows {
                        let entry = journal.entry(row.sequence).unwrap();
                        if entry.tag("product") == Some(value) {
                            sum += row.debit.to_minor().unwrap() - row.credit.to_minor().unwrap();
                        }
                    }
                    prop_assert_eq!(signed(journal, account, *amount), sum);
                }
            }
        }
    }

    #[test]
    fn reversals_return_every_balance_on_every_date(plans in plans(), day in 0_u64..70) {
        let mut journal = post(&plans);
        let entries: Vec<JournalEntry> = journal.entries().map(|(_, entry)| entry).collect();
        for entry in &entries {
            let id = EntryId::new(entry.id().get() + 1_000);
            // Booked when the entry itself was, so that both clocks return to nothing.
            journal.post(entry.reversal(id, entry.booking_date()).unwrap()).unwrap();
        }
        for currency in CURRENCIES.map(|code| Currency::from_code(code).unwrap()) {
            let date = FIRST + Days::new(day);
            for view in [View::latest(), View::latest().on_value_date(date), View::latest().on_booking_date(date)] {
                prop_assert!(journal.trial_balance(currency, &view).unwrap().rows.is_empty());
            }
        }
    }

    #[test]
    fn replay_through_json_or_csv_gives_the_same_root(plans in plans()) {
        let journal = post(&plans);
        let entries: Vec<JournalEntry> = journal.entries().map(|(_, entry)| entry).collect();
        let json = serde_json::to_string(&entries).unwrap();
        let csv = ledger::exchange::entries_to_csv(entries.clone());
        let read = ledger::exchange::entries_from_csv(&csv).unwrap();
        prop_assert_eq!(&read, &serde_json::from_str::<Vec<JournalEntry>>(&json).unwrap());
        let mut again = Journal::with_evidence(journal.chart().clone());
        again.post_batch(read).unwrap();
        prop_assert_eq!(again.log(), journal.log());
        // Posting everything once more changes nothing.
        let answers = again.post_batch(entries).unwrap();
        prop_assert!(answers.iter().all(|answer| answer.replayed));
        prop_assert_eq!(again.log(), journal.log());
    }

    #[test]
    fn recorded_time_follows_recorded_order(steps in prop::collection::vec((0_i64..3, 0_usize..3), 1..20)) {
        let mut journal = Journal::new(ready::microfinance_lender());
        let accounts = details(&journal);
        let (mut second, mut number) = (0, 0);
        let mut told: BTreeMap<u32, i64> = BTreeMap::new();
        let moment = |second| DateTime::<Utc>::from_timestamp(second, 0).unwrap();
        for (wait, count) in steps {
            second += wait;
            journal.set_clock(moment(second)).unwrap();
            for _ in 0..count {
                number += 1;
                let plan = (0, 1, 0, 0, 0, 1, 0, 0);
                journal.post(entry(u128::from(number), plan, &accounts)).unwrap();
                told.insert(number, second);
            }
        }
        for (sequence, second) in &told {
            prop_assert_eq!(journal.recorded_at(Sequence::new(*sequence)), Some(moment(*second)));
        }
        for asked in -1..=second + 1 {
            let want = told.iter().filter(|(_, at)| **at <= asked).map(|(at, _)| *at).max();
            prop_assert_eq!(journal.sequence_at(moment(asked)).get(), want.unwrap_or(0));
        }
        prop_assert!(second == 0 || journal.set_clock(moment(second - 1)).is_err());
    }
}
