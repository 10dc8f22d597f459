//! Power cuts and failing operations on a disk of our own.

use std::sync::atomic::{AtomicU64, Ordering};

use lending_core::{end_of_day::EndOfDayError, store::StoreError};
use rayon::prelude::*;
use storage_sqlite::{Durability, Head, Options, SqliteStore};

use super::{
    Control, Tally, Trouble,
    disk::{self, Fault},
    workload::{Known, Script, Watched, finish, inspect, perform},
};

/// Steps of a script: a few hundred operations on the disk.
const STEPS: usize = 24;

/// Cuts on one script.
const CUTS: u64 = 100;

const FILE: &str = "store.sqlite";

fn options(control: Option<Control>) -> Options {
    Options {
        durability: match control {
            Some(Control::Normal) => Durability::ProcessCrash,
            _ => Durability::PowerCut,
        },
        // Small enough for several checkpoints on the way.
        checkpoint_pages: 40,
        vfs: Some(disk::NAME.into()),
        ..Options::default()
    }
}

/// A script with the heads and the number of operations of an unbroken run.
struct Unbroken {
    script: Script,
    heads: Vec<Head>,
    operations: u64,
}

fn unbroken(seed: u64, options: &Options) -> Result<Unbroken, Trouble> {
    let script = Script::alone(seed, STEPS).map_err(Trouble::wrong)?;
    disk::fresh(Fault::None, false);
    let mut heads = Vec::new();
    let (_, result) = work(&script, options, &mut heads);
    result.map_err(Trouble::wrong)?;
    let operations = disk::operations();
    let mut store = SqliteStore::open(FILE, options).map_err(Trouble::wrong)?;
    finish(&mut store, &script)?;
    Ok(Unbroken {
        script,
        heads,
        operations,
    })
}

/// Does the script until something fails: what was acknowledged, and how it ended.
fn work(
    script: &Script,
    options: &Options,
    heads: &mut Vec<Head>,
) -> (Known, Result<(), EndOfDayError>) {
    let mut through = 0;
    let mut heard = |head: &Head| heads.push(*head);
    let result = SqliteStore::open(FILE, options)
        .map_err(EndOfDayError::from)
        .and_then(|store| {
            let mut watched = Watched {
                store,
                heard: &mut heard,
                through: 0,
            };
            let result = script.perform(&mut watched);
            through = watched.through;
            result
        });
    let head = heads.last().copied().unwrap_or(Head::EMPTY);
    (Known { head, through }, result)
}

/// Cuts the power `cuts` times, at random operations of scripts that change with the seed.
/// `done` hears of every cut.
pub fn power_cuts(
    cuts: u64,
    seed: u64,
    control: Option<Control>,
    done: &(dyn Fn() + Sync),
) -> Tally {
    let rounds: Vec<u64> = (0..cuts.div_ceil(CUTS)).collect();
    let left = AtomicU64::new(cuts);
    rounds
        .into_par_iter()
        .map(|round| {
            let mut tally = Tally::default();
            let seed = seed.wrapping_mul(1_000_003).wrapping_add(round);
            let options = options(control);
            let known = match unbroken(seed, &options) {
                Ok(known) => known,
                Err(trouble) => {
                    tally.note(trouble, format_args!("seed {seed}, no fault"));
                    return tally;
                }
            };
            let mut random = fastrand::Rng::with_seed(seed ^ 0x9E37_79B9);
            for _ in 0..CUTS {
                let take = |left: u64| left.checked_sub(1);
                if left
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
                    .is_err()
                {
                    break;
                }
                let at = random.u64(1..=known.operations);
                let survives = random.u64(..);
                tally.faults += 1;
                if let Err(trouble) = cut(&known, &options, at, survives, control, &mut tally) {
                    tally.note(trouble, format_args!("seed {seed}, cut at operation {at}"));
                }
                done();
            }
            tally
        })
        .reduce(Tally::default, Tally::plus)
}

fn cut(
    known: &Unbroken,
    options: &Options,
    at: u64,
    survives: u64,
    control: Option<Control>,
    tally: &mut Tally,
) -> Result<(), Trouble> {
    disk::fresh(Fault::Cut { at }, control == Some(Control::LyingFsync));
    let (acknowledged, result) = work(&known.script, options, &mut Vec::new());
    tally.acknowledged += acknowledged.head.sequence;
    match result {
        // The cut came while the connection closed.
        Ok(()) => {}
        Err(error) if of_the_database(&error) => tally.heard += 1,
        Err(error) => return Err(Trouble::wrong(error)),
    }
    disk::restore_power(survives);
    let mut store = SqliteStore::open(FILE, options).map_err(Trouble::wrong)?;
    inspect(&mut store, &acknowledged, &known.heads)?;
    finish(&mut store, &known.script)
}

fn of_the_database(error: &EndOfDayError) -> bool {
    matches!(error, EndOfDayError::Store(StoreError::Backend { .. }))
}

/// Lets every operation of a script fail once, and the disk be full from every operation on;
/// `stride` leaves out operations in between.
pub fn failures(seed: u64, stride: usize, done: &(dyn Fn() + Sync)) -> Tally {
    let options = options(None);
    let known = match unbroken(seed, &options) {
        Ok(known) => known,
        Err(trouble) => {
            let mut tally = Tally::default();
            tally.note(trouble, format_args!("seed {seed}, no fault"));
            return tally;
        }
    };
    let faults: Vec<Fault> = (1..=known.operations)
        .step_by(stride.max(1))
        .flat_map(|at| [Fault::Fail { at }, Fault::Full { from: at }])
        .collect();
    faults
        .into_par_iter()
        .map(|fault| {
            let mut tally = Tally {
                faults: 1,
                ..Tally::default()
            };
            if let Err(trouble) = failure(&known, &options, fault, &mut tally) {
                tally.note(trouble, format_args!("seed {seed}, {fault:?}"));
            }
            done();
            tally
        })
        .reduce(Tally::default, Tally::plus)
}

/// One failure: it is heard, and the same step succeeds on the same connection afterwards.
fn failure(
    known: &Unbroken,
    options: &Options,
    fault: Fault,
    tally: &mut Tally,
) -> Result<(), Trouble> {
    disk::fresh(fault, false);
    let mut store = match SqliteStore::open(FILE, options) {
        Ok(store) => store,
        Err(_) => {
            tally.heard += 1;
            disk::free_space();
            SqliteStore::open(FILE, options).map_err(Trouble::wrong)?
        }
    };
    for step in &known.script.steps {
        if let Err(error) = perform(&mut store, step) {
            if !of_the_database(&error) {
                return Err(Trouble::wrong(error));
            }
            tally.heard += 1;
            disk::free_space();
            perform(&mut store, step).map_err(Trouble::wrong)?;
        }
    }
    let head = *known.heads.last().unwrap_or(&Head::EMPTY);
    tally.acknowledged += head.sequence;
    let through = 0;
    inspect(&mut store, &Known { head, through }, &known.heads)?;
    finish(&mut store, &known.script)
}
