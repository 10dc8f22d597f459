//! The journal beside the in-process peer `doubleentry`, on the same entries.
//!
//! `cargo bench -p lending-benches --bench ledger` measures 20,000 two-leg entries with criterion.
//! `LEDGER_ENTRIES=500000 cargo bench -p lending-benches --bench ledger` makes one run of that
//! size instead and prints rates, the memory a posting takes and the cost of questions.

use std::{hint::black_box, time::Instant};

use chrono::Days;
use criterion::{BatchSize, Criterion};
use ledger::{Journal, Sequence, journal::View};
use lending_benches::inputs::journal::{
    ACCOUNTS, chart, code, eur, first_day, our_entries, peer_entries, peer_journal, post_all,
    record_all, transfers,
};

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
