//! Times one schedule of 360 dated rows for the comparison with peers in `benches/peers/run.sh`;
//! prints `ours NANOSECONDS`.

use std::{hint::black_box, time::Instant};

use ledger::Currency;
use lending_benches::{
    inputs::schedule::{PRINCIPAL, ROWS, start, terms},
    storage::Failed,
};
use lending_core::{dates::Calendar, schedule::generate};

fn main() -> Result<(), Failed> {
    let (terms, calendar) = (terms(ROWS), Calendar::default());
    let usd = Currency::from_code("USD")?;
    let mut calls = 0_u32;
    let clock = Instant::now();
    while !calls.is_multiple_of(1000) || clock.elapsed().as_millis() < 400 || calls == 0 {
        let schedule = generate(black_box(&terms), PRINCIPAL, usd, start(), &calendar)?;
        assert_eq!(black_box(schedule).instalments.len(), 360);
        calls += 1;
    }
    println!(
        "ours {}",
        clock.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
    );
    Ok(())
}
