//! The figures of `lender bench`.

use std::{
    io::Write,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use lending_core::store::{AccrualPosting, Commit, Store};
use storage_sqlite::{Durability, GroupCommit, Options, SqliteStore};

use super::{
    Failed,
    commits::{bare, bare_insert, opening, payment, sequential_write, synced_writes},
    portfolio::{close_day, fill, first_day, following, nth, options, pay_due},
};

/// What to measure.
#[derive(Clone, Debug, Args)]
pub struct Bench {
    /// Active loans of twelve instalments
    #[arg(long, default_value_t = 100_000)]
    pub accounts: u64,
    /// Business dates to run
    #[arg(long, default_value_t = 5)]
    pub days: u32,
    /// Accounts a page
    #[arg(long, default_value_t = NonZeroU32::MIN.saturating_add(9_999))]
    pub page: NonZeroU32,
    /// How accruals are posted
    #[arg(long, value_enum, default_value_t = Posting::Aggregated)]
    pub posting: Posting,
    /// Where the files go; a folder of this one is made and removed
    #[arg(long, default_value = ".")]
    pub folder: PathBuf,
    /// The end of day only
    #[arg(long)]
    pub only_days: bool,
}

/// How accruals are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Posting {
    /// Summed per page, product and branch
    Aggregated,
    /// An entry for every account and day
    PerAccount,
}

impl From<Posting> for AccrualPosting {
    fn from(posting: Posting) -> Self {
        match posting {
            Posting::Aggregated => Self::Aggregated,
            Posting::PerAccount => Self::PerAccount,
        }
    }
}

/// Durable commits of one caller that are timed.
const COMMITS: u64 = 2_000;

/// Measures and prints, each figure beside its floor.
///
/// # Errors
/// The disk's or the store's.
pub fn write(bench: &Bench, out: &mut dyn Write) -> Result<(), Failed> {
    let folder = tempfile::tempdir_in(&bench.folder)?;
    writeln!(out, "load average                   {}", load())?;
    let floor = synced_writes(folder.path(), COMMITS as u32)?;
    writeln!(out, "4-KiB write + fdatasync        {floor:>12.0}/s")?;
    let sequential = sequential_write(folder.path(), 256 << 20)? / 1e6;
    writeln!(
        out,
        "sequential write + sync        {sequential:>12.0} MB/s"
    )?;
    if !bench.only_days {
        single(folder.path(), floor, out)?;
    }
    days(bench, folder.path(), out)
}

/// The load of the machine: a figure taken beside other work is a lower bound.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("unknown").to_owned()
}

fn single(folder: &Path, floor: f64, out: &mut dyn Write) -> Result<(), Failed> {
    let table = bare(&folder.join("bare.db"))?;
    let start = Instant::now();
    (0..COMMITS).try_for_each(|n| bare_insert(&table, n))?;
    let rate = COMMITS as f64 / start.elapsed().as_secs_f64();
    writeln!(out, "bare SQLite insert, durable    {rate:>12.0}/s")?;

    // Where the time goes: with a sync, without one, without a file.
    let loose = Options {
        durability: Durability::ProcessCrash,
        ..Options::default()
    };
    let mut store = SqliteStore::open(folder.join("single.db"), &Options::default())?;
    let (one, paid) = one_by_one(&mut store)?;
    let mut store = SqliteStore::open(folder.join("loose.db"), &loose)?;
    let not_synced = one_by_one(&mut store)?;
    let in_memory = one_by_one(&mut SqliteStore::in_memory()?)?;
    for (what, rate, loose, memory) in [
        ("opening an account", one, not_synced.0, in_memory.0),
        ("a payment", paid, not_synced.1, in_memory.1),
    ] {
        let ratio = rate / floor;
        writeln!(
            out,
            "{what:<30} {rate:>12.0}/s   {ratio:.2} x the floor   ({loose:.0}/s not synced, {memory:.0}/s in memory)"
        )?;
    }

    let grouped = grouped(folder, 64, 200)?;
    let ratio = grouped / one;
    writeln!(
        out,
        "64 callers, durable commits    {grouped:>12.0}/s   {ratio:.2} x one"
    )?;
    Ok(())
}

/// Commits a second of one caller: accounts opened, then a payment on each.
fn one_by_one(store: &mut SqliteStore) -> Result<(f64, f64), Failed> {
    let mut timed = |commits: Result<Vec<Commit>, Failed>| -> Result<f64, Failed> {
        let commits = commits?;
        let start = Instant::now();
        for commit in &commits {
            let _landed = store.commit(commit)?;
        }
        Ok(COMMITS as f64 / start.elapsed().as_secs_f64())
    };
    let opened = timed((0..COMMITS).map(opening).collect())?;
    let paid = timed((0..COMMITS).map(|n| payment(n, n)).collect())?;
    Ok((opened, paid))
}

/// Commits a second of many callers at once.
fn grouped(folder: &Path, callers: u64, each: u64) -> Result<f64, Failed> {
    let store = SqliteStore::open(folder.join("group.db"), &Options::default())?;
    let group = GroupCommit::start(store)?;
    let start = Instant::now();
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let work = |caller: u64| {
            let handle = group.handle();
            move || {
                (0..each).try_for_each(|n| {
                    let commit = opening(caller * 1_000_000 + n).map_err(|e| e.to_string())?;
                    handle.commit(commit).map(drop).map_err(|e| e.to_string())
                })
            }
        };
        let callers: Vec<_> = (0..callers)
            .map(|caller| scope.spawn(work(caller)))
            .collect();
        let gone = |_| Err("a caller panicked".to_owned());
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap_or_else(gone))
            .collect()
    });
    let rate = (callers * each) as f64 / start.elapsed().as_secs_f64();
    results.into_iter().collect::<Result<(), String>>()?;
    drop(group.close()?);
    Ok(rate)
}

fn days(bench: &Bench, folder: &Path, out: &mut dyn Write) -> Result<(), Failed> {
    let (accounts, posting) = (bench.accounts, bench.posting.into());
    let file = folder.join("portfolio.db");
    let mut store = SqliteStore::open(&file, &options())?;
    let start = Instant::now();
    fill(&mut store, accounts, posting)?;
    let rate = accounts as f64 / start.elapsed().as_secs_f64();
    writeln!(out, "{accounts} loans opened          {rate:>12.0}/s")?;
    let mut rates = Vec::new();
    let mut date = first_day();
    for _ in 0..bench.days {
        let paid = pay_due(&mut store, date)?;
        let bar = progress_bar(accounts);
        let (progress, seconds) = close_day(&mut store, date, bench.page, |progress| {
            bar.set_position(progress.seen);
        })?;
        bar.finish_and_clear();
        let rate = progress.seen as f64 / seconds;
        writeln!(
            out,
            "end of day {date}          {rate:>12.0}/s   {paid} paid, {} decided, {} by plan, \
             {seconds:.2} s",
            progress.changed, progress.accrued
        )?;
        rates.push(rate);
        date = following(date);
    }
    rates.sort_by(f64::total_cmp);
    if let Some(median) = rates.get(rates.len() / 2) {
        writeln!(out, "end of day, median             {median:>12.0}/s")?;
    }
    drop(store);
    rest(&file, accounts, out)
}

/// Opening, loading one account, memory, size.
fn rest(file: &Path, accounts: u64, out: &mut dyn Write) -> Result<(), Failed> {
    let start = Instant::now();
    let mut store = SqliteStore::open(file, &Options::default())?;
    let opened = start.elapsed().as_secs_f64() * 1_000.0;
    writeln!(out, "open the file                  {opened:>12.2} ms")?;
    let start = Instant::now();
    for n in 0..COMMITS {
        store.account(nth(n, accounts))?;
    }
    let load = start.elapsed().as_secs_f64() * 1e6 / COMMITS as f64;
    writeln!(out, "load one account               {load:>12.1} us")?;
    let size = std::fs::metadata(file)?.len() as f64 / accounts as f64;
    writeln!(
        out,
        "file                           {size:>12.0} bytes an account"
    )?;
    if let Some(bytes) = memory_high_water() {
        let mib = bytes as f64 / f64::from(1 << 20);
        writeln!(out, "memory, most                   {mib:>12.0} MiB")?;
    }
    Ok(())
}

/// The most memory that the process has held, where the system tells.
#[must_use]
pub fn memory_high_water() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1_024)
}

fn progress_bar(accounts: u64) -> ProgressBar {
    let bar = ProgressBar::new(accounts);
    let template = "end of day {bar:40} {pos}/{len}, {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
