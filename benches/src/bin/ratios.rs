//! Every headline figure beside its floor, its peer or its budget, in one run.
//!
//! `cargo run --release -p lending-benches --bin ratios [NAME...]` takes all measures or those
//! named and prints a line each: `name ours floor ratio target ok|short`. Exit code 0 when all
//! hold, 1 when one is short, 2 when a name is unknown or a measure fails.

use std::process::ExitCode;

use lending_benches::{
    memory::Counting,
    ratios::{Measure, all},
    storage::{Failed, sequential_write, synced_writes},
};

/// Counts only while a measure of memory asks for it.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("ratios: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(names: &[String]) -> Result<bool, Failed> {
    let measures = chosen(names)?;
    let folder = tempfile::tempdir_in(".")?;
    println!(
        "# this machine: load {}, 4-KiB write + fdatasync {:.0}/s, sequential write + sync {:.0} MB/s",
        std::fs::read_to_string("/proc/loadavg")
            .unwrap_or_default()
            .split(' ')
            .next()
            .unwrap_or("unknown"),
        synced_writes(folder.path(), 500)?,
        sequential_write(folder.path(), 128 << 20)? / 1e6,
    );
    println!("# ours | floor, peer or budget:");
    for measure in &measures {
        println!("#   {:<22} {}", measure.name, measure.about);
    }
    println!(
        "{:<22} {:>12} {:>12} {:>8} {:>7} verdict",
        "name", "ours", "floor", "ratio", "target"
    );
    let mut holds = true;
    for measure in &measures {
        let outcome = measure
            .take()
            .map_err(|error| format!("{}: {error}", measure.name))?;
        let ratio = outcome.ratio();
        let ok = measure.relation.holds(ratio);
        println!(
            "{:<22} {:>12} {:>12} {ratio:>8.3} {:>7} {}",
            measure.name,
            measure.unit.show(outcome.ours),
            measure.unit.show(outcome.beside),
            measure.relation,
            if ok { "ok" } else { "short" },
        );
        holds &= ok;
    }
    Ok(holds)
}

/// The measures named, or all of them.
fn chosen(names: &[String]) -> Result<Vec<Measure>, Failed> {
    let all = all();
    let unknown = names
        .iter()
        .find(|name| all.iter().all(|measure| measure.name != name.as_str()));
    if let Some(name) = unknown {
        let known: Vec<_> = all.iter().map(|measure| measure.name).collect();
        return Err(format!("no measure is called {name}; there are {}", known.join(" ")).into());
    }
    let wanted = |measure: &Measure| names.is_empty() || names.iter().any(|n| n == measure.name);
    Ok(all.into_iter().filter(wanted).collect())
}
