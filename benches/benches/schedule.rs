//! A schedule of 360 dated monthly instalments in cents, beside its floor (a bare 128-bit loop
//! without dates), a loop on decimals, and its own growth with the number of rows.
//!
//! `cargo bench -p lending-benches --bench schedule`

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ledger::Currency;
use lending_benches::inputs::schedule::{
    PRINCIPAL, ROWS, bare_decimals, bare_integers, book, factor_form, start, terms,
};
use lending_core::{
    dates::{Calendar, NonWorkingDayRule},
    schedule::{InterestDays, ScheduleTerms, generate},
};
use rust_decimal::dec;

fn schedules(criterion: &mut Criterion) {
    let usd = Currency::from_code("USD").unwrap();
    let start = start();
    let everyday = Calendar::default();
    let weekends = Calendar::weekends();
    let mut group = criterion.benchmark_group("360 rows");
    group.bench_function("floor: bare i128, no dates", |bench| {
        bench.iter(|| {
            let mut rows = Vec::with_capacity(360);
            bare_integers(
                black_box(20_000_000),
                black_box(599),
                black_box(120_000),
                &mut rows,
            );
            rows
        });
    });
    group.bench_function("bare rust_decimal, no dates", |bench| {
        let rate = dec!(0.0599) / dec!(12);
        bench.iter(|| {
            let mut rows = Vec::with_capacity(360);
            bare_decimals(black_box(PRINCIPAL), black_box(rate), &mut rows);
            rows
        });
    });
    let nominal = {
        let mut terms = terms(ROWS);
        terms.interest.days = InterestDays::Nominal;
        terms
    };
    let factor = ScheduleTerms {
        amortization: factor_form(),
        ..terms(ROWS)
    };
    let shifted = ScheduleTerms {
        non_working_days: NonWorkingDayRule::Next,
        ..terms(ROWS)
    };
    for (name, terms, calendar) in [
        ("generate: closed form, nominal months", nominal, &everyday),
        ("generate: closed form, actual/365", terms(ROWS), &everyday),
        ("generate: factor form, actual/365", factor, &everyday),
        ("generate: closed form, weekends moved", shifted, &weekends),
    ] {
        group.bench_function(name, |bench| {
            bench.iter(|| generate(black_box(&terms), PRINCIPAL, usd, start, calendar).unwrap());
        });
    }
    group.finish();
}

fn growth(criterion: &mut Criterion) {
    let usd = Currency::from_code("USD").unwrap();
    let start = start();
    let calendar = Calendar::default();
    let mut group = criterion.benchmark_group("rows");
    for count in [1, 10, 100, 1000] {
        let terms = terms(count);
        group.throughput(Throughput::Elements(count.into()));
        group.bench_with_input(
            BenchmarkId::from_parameter(count),
            &terms,
            |bench, terms| {
                bench
                    .iter(|| generate(black_box(terms), PRINCIPAL, usd, start, &calendar).unwrap());
            },
        );
    }
    group.finish();
}

fn portfolio(criterion: &mut Criterion) {
    let kes = Currency::from_code("KES").unwrap();
    let start = start();
    let calendar = Calendar::weekends();
    let book = book();
    let mut group = criterion.benchmark_group("portfolio");
    group.throughput(Throughput::Elements(3));
    group.bench_function("3 mixed schedules", |bench| {
        bench.iter(|| {
            for terms in &book {
                let schedule = generate(black_box(terms), dec!(15000), kes, start, &calendar);
                black_box(schedule.unwrap());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, schedules, growth, portfolio);
criterion_main!(benches);
