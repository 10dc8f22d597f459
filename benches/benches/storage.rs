//! Durable commits beside a bare SQLite insert, and the end of day over 20,000 accounts.

use core::num::NonZeroU32;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lending_benches::storage::{
    bare, bare_insert, close_day, fill, first_day, following, opening, pay_due,
};
use lending_core::store::{AccrualPosting, MemoryStore, Store};
use storage_sqlite::{Options, SqliteStore};

fn commits(criterion: &mut Criterion) {
    let folder = tempfile::tempdir_in(".").unwrap();
    let mut group = criterion.benchmark_group("durable commit");
    group.throughput(Throughput::Elements(1));
    let table = bare(&folder.path().join("bare.db")).unwrap();
    let mut n = 0;
    group.bench_function("bare SQLite insert", |bencher| {
        bencher.iter(|| {
            n += 1;
            bare_insert(&table, n).unwrap();
        });
    });
    let mut store = SqliteStore::open(folder.path().join("store.db"), &Options::default()).unwrap();
    let mut n = 0;
    group.bench_function("account, event, entry, message", |bencher| {
        bencher.iter(|| {
            n += 1;
            store.commit(&opening(n).unwrap()).unwrap()
        });
    });
    group.finish();
}

fn days(criterion: &mut Criterion) {
    const ACCOUNTS: u64 = 20_000;
    let folder = tempfile::tempdir_in(".").unwrap();
    let mut group = criterion.benchmark_group("end of day, 20,000 accounts");
    group
        .throughput(Throughput::Elements(ACCOUNTS))
        .sample_size(10);
    let page = NonZeroU32::new(10_000).unwrap();
    for posting in [AccrualPosting::Aggregated, AccrualPosting::PerAccount] {
        let file = folder.path().join(format!("{posting:?}.db"));
        let sqlite = SqliteStore::open(file, &Options::default()).unwrap();
        let stores: [(&str, Box<dyn Store>); 2] = [
            ("SQLite", Box::new(sqlite)),
            ("memory", Box::new(MemoryStore::new())),
        ];
        for (name, mut store) in stores {
            fill(&mut store, ACCOUNTS, posting).unwrap();
            let mut date = first_day();
            group.bench_function(format!("{name}, {posting:?}"), |bencher| {
                bencher.iter_custom(|days| {
                    let mut spent = 0.0;
                    for _ in 0..days {
                        pay_due(&mut store, date).unwrap();
                        spent += close_day(&mut store, date, page, |_| ()).unwrap().1;
                        date = following(date);
                    }
                    Duration::from_secs_f64(spent)
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, commits, days);
criterion_main!(benches);
