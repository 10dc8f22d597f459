//! A notice of M-Pesa, read and matched against 1,000,000 references, by how the reference was
//! typed; reading alone; taking a notice in. Prints the memory of a reference first.
//!
//! `MOMO_REFERENCES=100000` takes a smaller book.

use std::{cell::Cell, hint::black_box};

use chrono::DateTime;
use criterion::{Criterion, criterion_group, criterion_main};
use lending_benches::inputs::momo::{REFERENCES, TYPED, book, notices, read_and_match, resident};
use mobile_money::{Channel, Intake, Trusted, intake::Delivery, parse};

fn references() -> u32 {
    let given = std::env::var("MOMO_REFERENCES").ok();
    given
        .and_then(|text| text.parse().ok())
        .unwrap_or(REFERENCES)
}

fn matching(c: &mut Criterion) {
    let references = references();
    let before = resident().unwrap();
    let book = book(references).unwrap();
    let each = (resident().unwrap() - before) / f64::from(references);
    eprintln!("{references} references, {each:.0} bytes each, phone included");
    let mut group = c.benchmark_group("momo");
    for (name, typed, phone) in TYPED {
        let bodies = notices(typed, phone, references);
        let at = Cell::new(0);
        group.bench_function(format!("read and match, {name}"), |b| {
            b.iter(|| {
                at.set((at.get() + 1) % bodies.len());
                read_and_match(black_box(&bodies[at.get()]), &book).unwrap()
            });
        });
    }
    let bodies = notices("EO@", "254799999999", references);
    group.bench_function("read", |b| {
        b.iter(|| {
            parse(
                Channel::MpesaC2bConfirmation,
                black_box(bodies[0].as_bytes()),
            )
            .unwrap()
        });
    });
    let delivery = Delivery::new(Channel::MpesaC2bConfirmation, DateTime::UNIX_EPOCH);
    group.bench_function("take in, seen before", |b| {
        let mut intake = Intake::default();
        b.iter(|| intake.hear(Trusted::claimed(black_box(bodies[0].as_bytes())), &delivery));
    });
    group.finish();
}

criterion_group!(benches, matching);
criterion_main!(benches);
