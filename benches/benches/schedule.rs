//! A schedule of 360 dated monthly instalments in cents, beside its floor (a bare 128-bit loop
//! without dates), a loop on decimals, and its own growth with the number of rows.
//!
//! `cargo bench -p lending-benches --bench schedule`

use std::hint::black_box;

use chrono::NaiveDate;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ledger::{Currency, Rounding};
use lending_core::{
    dates::{Calendar, NonWorkingDayRule, Period},
    schedule::{
        Amortization, AnnuityFormula, Equalise, InterestDays, InterestMethod, Rate, ScheduleTerms,
        generate,
    },
};
use rust_decimal::{Decimal, dec};

const ROWS: u32 = 360;

/// 200000.00 at 5.99 % over 360 months; the equal instalment is 1197.82.
const PRINCIPAL: Decimal = dec!(200000);
const INSTALMENT_CENTS: i128 = 119_782;

/// Interest half-even on cents with a twelfth of the rate, nothing else: what a row must cost.
fn bare_integers(principal: i128, num: i128, den: i128, rows: &mut Vec<[i128; 3]>) {
    let mut balance = principal;
    for row in 0..ROWS {
        let product = balance * num;
        let (quotient, rest) = (product / den, product % den);
        let twice = rest * 2;
        let up = twice > den || (twice == den && quotient & 1 == 1);
        let interest = quotient + i128::from(up);
        let paid = if row + 1 == ROWS {
            balance
        } else {
            INSTALMENT_CENTS - interest
        };
        balance -= paid;
        rows.push([paid, interest, balance]);
    }
}

/// The same on decimals.
fn bare_decimals(principal: Decimal, rate: Decimal, rows: &mut Vec<[Decimal; 3]>) {
    let instalment = dec!(1197.82);
    let mut balance = principal;
    for row in 0..ROWS {
        let interest = Rounding::HalfEven.round(balance * rate, 2);
        let paid = if row + 1 == ROWS {
            balance
        } else {
            instalment - interest
        };
        balance -= paid;
        rows.push([paid, interest, balance]);
    }
}

fn terms(count: u32) -> ScheduleTerms {
    let rate = Rate::per_year(dec!(5.99));
    let mut terms = ScheduleTerms::new(count, Period::Months(1), rate);
    terms.rounding.mode = Rounding::HalfEven;
    terms
}

fn factor_form() -> Amortization {
    Amortization::EqualInstalments {
        formula: AnnuityFormula::Factor,
        equalise: Equalise::LastTakesRest,
        amount: None,
    }
}

fn schedules(criterion: &mut Criterion) {
    let usd = Currency::from_code("USD").unwrap();
    let start = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
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
    let start = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
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

/// What a lender's book looks like: short flat loans, a year of equal instalments, weekly loans.
fn portfolio(criterion: &mut Criterion) {
    let kes = Currency::from_code("KES").unwrap();
    let start = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
    let calendar = Calendar::weekends();
    let mut flat = ScheduleTerms::new(6, Period::Months(1), Rate::per_month(dec!(2)));
    flat.interest.method = InterestMethod::Flat;
    let year = ScheduleTerms {
        amortization: factor_form(),
        non_working_days: NonWorkingDayRule::Next,
        ..ScheduleTerms::new(12, Period::Months(1), Rate::per_year(dec!(24)))
    };
    let weekly = ScheduleTerms {
        amortization: Amortization::equal_principal(),
        ..ScheduleTerms::new(24, Period::Weeks(1), Rate::per_year(dec!(36)))
    };
    let book = [flat, year, weekly];
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
