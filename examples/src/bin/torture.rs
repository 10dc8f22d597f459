//! `torture`: see [`lending_examples::torture`] and `torture --help`.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use lending_examples::torture::{
    Control, Tally, cuts,
    kills::{self, Task},
};

/// Kills writers, cuts the power, lets the disk fail; and proves that nothing acknowledged is lost.
///
/// Exit code 0: nothing lost and nothing wrong, or, of a control, losses found; 1: otherwise.
#[derive(Debug, Parser)]
#[command(name = "torture", version)]
struct Cli {
    /// Processes to kill, half of them alone and half of them four at a time
    #[arg(long, default_value_t = 100)]
    kills: u64,
    /// Times to cut the power
    #[arg(long, default_value_t = 1_000)]
    cuts: u64,
    /// The same seed cuts at the same operations
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Cut the power of a set-up that is known to lose: losses must be found
    #[arg(long)]
    control: Option<Control>,
    #[arg(long, hide = true)]
    child: Option<PathBuf>,
    #[arg(long, hide = true)]
    writer: Option<u32>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(file) = cli.child {
        let (seed, writer) = (cli.seed, cli.writer);
        return match kills::child(&Task { file, seed, writer }) {
            Ok(()) => ExitCode::SUCCESS,
            Err(reason) => {
                eprintln!("{reason}");
                ExitCode::FAILURE
            }
        };
    }
    let good = match cli.control {
        Some(control) => run_control(&cli, control),
        None => run_all(&cli),
    };
    ExitCode::from(u8::from(!good))
}

fn run_control(cli: &Cli, control: Control) -> bool {
    let tally = part("power cuts", cli.cuts, |done| {
        cuts::power_cuts(cli.cuts, cli.seed, Some(control), done)
    });
    let found = !tally.is_clean();
    let verdict = if found {
        "losses found, as there must be"
    } else {
        "NO LOSS FOUND"
    };
    println!("control {control:?}: {verdict}");
    found
}

fn run_all(cli: &Cli) -> bool {
    let tallies = [
        part("power cuts", cli.cuts, |done| {
            cuts::power_cuts(cli.cuts, cli.seed, None, done)
        }),
        part("failing operations", 0, |done| {
            cuts::failures(cli.seed, 1, done)
        }),
        part("kills", cli.kills, |done| match std::env::current_exe() {
            Ok(program) => kills::kills(&program, cli.kills, cli.seed, done),
            Err(error) => {
                let mut tally = Tally::default();
                tally.note(
                    lending_examples::torture::Trouble::wrong(error),
                    "this program",
                );
                tally
            }
        }),
    ];
    tallies.iter().all(Tally::is_clean)
}

/// Runs a part under a progress bar and prints its line.
fn part(name: &str, length: u64, run: impl FnOnce(&(dyn Fn() + Sync)) -> Tally) -> Tally {
    let bar = match length {
        0 => ProgressBar::new_spinner(),
        length => ProgressBar::new(length),
    };
    let template = "{msg:20} {bar:40} {pos}/{len}, {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    let begun = Instant::now();
    let tally = run(&|| bar.inc(1));
    bar.finish_and_clear();
    println!(
        "{name}: {} faults, {} commits acknowledged, {} failures heard, {} lost, {} wrong, {:.1?}",
        tally.faults,
        tally.acknowledged,
        tally.heard,
        tally.lost,
        tally.wrong,
        begun.elapsed()
    );
    tally
        .examples
        .iter()
        .for_each(|example| println!("  {example}"));
    tally
}
