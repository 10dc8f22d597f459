//! The journal beside the in-process peer `doubleentry`, on the same entries.
//!
//! `cargo bench -p lending-benches --bench ledger` measures 20,000 two-leg entries with criterion.
//! `LEDGER_ENTRIES=500000 cargo bench -p lending-benches --bench ledger` makes one run of that
//! size instead and prints rates, the memory a posting takes and the cost of questions.

use std::{hint::black_box, time::Instant};

use chrono::{Days, NaiveDate};
use criterion::{BatchSize, Criterion};
use doubleentry::{AccountKind, Amount, Entry, LedgerId, currency::EUR};
use ledger::{
    ChartOfAccounts, Currency, EntryId, GlAccount, GlCode, GlType, Journal, JournalEntry, Money,
    Sequence, journal::View,
};

const ACCOUNTS: u32 = 1_000;

/// One transfer of the data set.
#[derive(Clone, Copy)]
struct Transfer {
    debit: u32,
    credit: u32,
    day: u64,
    cents: i64,
}

/// Deterministic data: a 64-bit linear congruential generator (Knuth's MMIX constants).
fn transfers(count: u64, late_in_100: u64) -> Vec<Transfer> {
    let mut state = 20_261_121_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..count)
        .map(|at| {
            let debit = next(u64::from(ACCOUNTS)) as u32;
            let credit = (debit + 1 + next(u64::from(ACCOUNTS) - 1) as u32) % ACCOUNTS;
            let today = at * 365 / count;
            let late = if next(100) < late_in_100 {
                next(today + 1)
            } else {
                0
            };
            Transfer {
                debit,
                credit,
                day: today - late,
                cents: 1 + next(1_000_000) as i64,
            }
        })
        .collect()
}

fn code(account: u32) -> GlCode {
    format!("A{account:04}").parse().unwrap()
}

fn eur() -> Currency {
    Currency::from_code("EUR").unwrap()
}

fn chart() -> ChartOfAccounts {
    let accounts = (0..ACCOUNTS).map(|at| GlAccount::detail(code(at), "account", GlType::Asset));
    ChartOfAccounts::new(accounts).unwrap()
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
}

fn our_entries(transfers: &[Transfer]) -> Vec<JournalEntry> {
    let with_number = transfers.iter().zip(1_u128..);
    with_number
        .map(|(transfer, number)| {
            let amount = Money::from_minor(i128::from(transfer.cents), eur()).unwrap();
            let day = first_day() + Days::new(transfer.day);
            JournalEntry::builder(EntryId::new(number), day, day)
                .debit(code(transfer.debit), amount)
                .credit(code(transfer.credit), amount)
                .build()
                .unwrap()
        })
        .collect()
}

fn peer_entries(transfers: &[Transfer]) -> Vec<Entry> {
    let first = doubleentry::date!("2026-01-01");
    let mut days = vec![first];
    for _ in 0..366 {
        days.push(days.last().unwrap().next_day().unwrap());
    }
    let with_number = transfers.iter().zip(1_u64..);
    with_number
        .map(|(transfer, number)| {
            let amount: Amount = Amount::from_minor(i128::from(transfer.cents)).unwrap();
            Entry::new(format!("t{number}"), days[transfer.day as usize])
                .debit(format!("Assets:A{:04}", transfer.debit), amount, EUR)
                .credit(format!("Assets:A{:04}", transfer.credit), amount, EUR)
        })
        .collect()
}

fn peer_journal() -> doubleentry::Journal {
    let first = doubleentry::date!("2026-01-01");
    let mut journal = doubleentry::Journal::new(LedgerId::new("example.com/bench").unwrap());
    journal.declare_currency(EUR, 2, first).unwrap();
    journal.define_months(2026, 1..=12).unwrap();
    for account in 0..ACCOUNTS {
        journal
            .open(format!("Assets:A{account:04}"), AccountKind::Asset, first)
            .unwrap();
    }
    journal
}

fn post_all(mut journal: Journal, entries: Vec<JournalEntry>) -> Journal {
    for entry in entries {
        journal.post(entry).unwrap();
    }
    journal
}

fn record_all(mut journal: doubleentry::Journal, entries: Vec<Entry>) -> doubleentry::Journal {
    for entry in entries {
        journal.record(entry).unwrap();
    }
    journal
}

fn with_criterion(criterion: &mut Criterion) {
    let data = transfers(20_000, 0);
    let late = transfers(20_000, 10);
    let (ours, ours_late, peers) = (our_entries(&data), our_entries(&late), peer_entries(&data));
    let mut group = criterion.benchmark_group("20,000 two-leg entries");
    group.sample_size(10);
    group.bench_function("ledger", |b| {
        let setup = || (Journal::new(chart()), ours.clone());
        b.iter_batched(setup, |(j, e)| post_all(j, e), BatchSize::LargeInput);
    });
    group.bench_function("ledger, one in ten backdated", |b| {
        let setup = || (Journal::new(chart()), ours_late.clone());
        b.iter_batched(setup, |(j, e)| post_all(j, e), BatchSize::LargeInput);
    });
    group.bench_function("ledger with Merkle log", |b| {
        let setup = || (Journal::with_evidence(chart()), ours.clone());
        b.iter_batched(setup, |(j, e)| post_all(j, e), BatchSize::LargeInput);
    });
    group.bench_function("doubleentry", |b| {
        let setup = || (peer_journal(), peers.clone());
        b.iter_batched(setup, |(j, e)| record_all(j, e), BatchSize::LargeInput);
    });
    group.finish();

    let journal = post_all(Journal::new(chart()), ours_late);
    let (account, view) = (code(7), View::latest());
    criterion.bench_function("trial balance of 1,000 accounts", |b| {
        b.iter(|| journal.trial_balance(eur(), &view).unwrap());
    });
    let then = view
        .on_value_date(first_day() + Days::new(180))
        .known_at(Sequence::new(15_000));
    criterion.bench_function("balance at a date as known at a moment", |b| {
        b.iter(|| {
            journal
                .balance_at(black_box(&account), eur(), &then)
                .unwrap()
        });
    });
}

/// Resident memory of this process in bytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or("");
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<f64>().ok())
        .unwrap_or(0.0)
        * 1024.0
}

fn timed<T>(what: &str, count: u64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{what:<48} {seconds:>9.3} s {:>12.0} entries/s",
        count as f64 / seconds
    );
    value
}

fn one_run(count: u64) {
    for (what, late, evidence) in [
        ("ledger", 0, false),
        ("ledger, one in ten backdated", 10, false),
        ("ledger with Merkle log", 0, true),
    ] {
        let entries = our_entries(&transfers(count, late));
        let journal = if evidence {
            Journal::with_evidence(chart())
        } else {
            Journal::new(chart())
        };
        // Posting by reference keeps the entries: what memory grows by is the journal's.
        let before = resident();
        let mut journal = journal;
        timed(what, count, || {
            for entry in &entries {
                journal.post(entry.clone()).unwrap();
            }
        });
        let bytes = (resident() - before) / (2 * count) as f64;
        println!("{:<48} {bytes:>9.0} bytes a posting (resident)", "");
        questions(&journal);
    }
    let entries = peer_entries(&transfers(count, 0));
    let before = resident();
    let mut journal = peer_journal();
    timed("doubleentry", count, || {
        for entry in &entries {
            journal.record(entry.clone()).unwrap();
        }
    });
    let bytes = (resident() - before) / (2 * count) as f64;
    println!("{:<48} {bytes:>9.0} bytes a posting (resident)", "");
}

fn questions(journal: &Journal) {
    let each = |what: &str, times: u32, ask: &dyn Fn(u32)| {
        let start = Instant::now();
        for at in 0..times {
            ask(at);
        }
        println!(
            "  {what:<46} {:>9.2} µs",
            start.elapsed().as_secs_f64() * 1e6 / f64::from(times)
        );
    };
    each("trial balance now", 20, &|_| {
        black_box(journal.trial_balance(eur(), &View::latest()).unwrap());
    });
    let view = |at: u32| {
        let known = journal.last_sequence().get() / 4 * 3 - at % 1_000;
        let day = first_day() + Days::new(u64::from(at * 7 % 365));
        View::latest()
            .on_value_date(day)
            .known_at(Sequence::new(known))
    };
    each("trial balance at a date, as known earlier", 20, &|at| {
        black_box(journal.trial_balance(eur(), &view(at)).unwrap());
    });
    each("balance at a date, as known earlier", 20_000, &|at| {
        black_box(
            journal
                .balance_at(&code(at % ACCOUNTS), eur(), &view(at))
                .unwrap(),
        );
    });
}

fn main() {
    match std::env::var("LEDGER_ENTRIES")
        .ok()
        .and_then(|count| count.parse().ok())
    {
        Some(count) => one_run(count),
        None => {
            let mut criterion = Criterion::default().configure_from_args();
            with_criterion(&mut criterion);
            criterion.final_summary();
        }
    }
}
