//! Timing.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use super::Side;
use crate::storage::Failed;

/// How long one round of a fast call lasts.
const ROUND: Duration = Duration::from_millis(40);

/// A side that calls `work` over and over for a round and gives the nanoseconds of one call.
///
/// # Errors
/// What the first call fails with: a refusal is fast and would pass for a good figure.
pub fn nanoseconds<T: 'static, E: Into<Failed>>(
    mut work: impl FnMut() -> std::result::Result<T, E> + 'static,
) -> Result<Side, Failed> {
    let first = work().map_err(Into::into)?;
    drop(first);
    let mut batch = 1_u32;
    // Reading the clock must not count: batches of at least a tenth of a millisecond.
    while time(&mut work, batch) < Duration::from_micros(100) {
        batch *= 2;
    }
    Ok(Box::new(move || {
        let (mut spent, mut calls) = (Duration::ZERO, 0.0);
        while spent < ROUND {
            spent += time(&mut work, batch);
            calls += f64::from(batch);
        }
        Ok(spent.as_secs_f64() * 1e9 / calls)
    }))
}

fn time<T, E>(work: &mut impl FnMut() -> Result<T, E>, calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        let _kept = black_box(work());
    }
    start.elapsed()
}

/// Things done a second.
///
/// # Errors
/// Those of the work.
pub fn rate<T>(count: u32, work: impl FnOnce() -> Result<T, Failed>) -> Result<f64, Failed> {
    let start = Instant::now();
    let done = work()?;
    let seconds = start.elapsed().as_secs_f64();
    drop(done);
    Ok(f64::from(count) / seconds)
}
