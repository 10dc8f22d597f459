//! The cost of credit: APR of a loan of 360 payments, dated flows, flows with several rates.
//!
//! `cargo bench -p lending-benches --bench cost`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lending_benches::inputs::cost::{dated, monthly, tranches};
use lending_core::cost::{apr, rates, tvm};

fn cost(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cost of 360 payments");
    let flows = monthly();
    group.bench_function("APR, months", |bench| {
        bench.iter(|| apr::eu_apr(black_box(&flows)).unwrap());
    });
    let dates = dated();
    group.bench_function("XIRR, dates", |bench| {
        bench.iter(|| tvm::xirr(black_box(&dates), None).unwrap());
    });
    let flows = tranches();
    group.bench_function("APR, twelve drawdowns between payments", |bench| {
        bench.iter(|| apr::eu_apr(black_box(&flows)).unwrap());
    });
    group.bench_function("all rates, twelve drawdowns between payments", |bench| {
        bench.iter(|| rates(black_box(&flows)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, cost);
criterion_main!(benches);
