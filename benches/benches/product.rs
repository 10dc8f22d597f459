//! Products: reading one, a quote without and with a schedule, and every corner of its ranges.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lending_benches::inputs::product::{calendar, product, request};
use products::{LoanProduct, QuoteContext, catalogue};

fn quotes(c: &mut Criterion) {
    let (product, request, calendar) = (product().unwrap(), request(), calendar());
    let context = QuoteContext {
        client_type: Some("EMPLOYEE"),
        ..QuoteContext::new(&calendar, "UGX".parse().unwrap())
    };
    let mut group = c.benchmark_group("product");
    group.bench_function("quote", |b| {
        b.iter(|| product.quote(black_box(&request), &context).unwrap());
    });
    group.bench_function("quote with twelve instalments", |b| {
        b.iter(|| product.preview(black_box(&request), &context).unwrap());
    });
    group.bench_function("read from JSON and checked", |b| {
        b.iter(|| LoanProduct::from_json(black_box(catalogue::SALARY_LOAN.json)).unwrap());
    });
    group.bench_function("rehearsal", |b| {
        b.iter(|| {
            product
                .rehearse(black_box(request.disbursement), &calendar)
                .unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, quotes);
criterion_main!(benches);
