//! The command line.

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ledger::{ChartOfAccounts, GlAccount};
use lending_core::{ids::AccountRef, loan::code};
use rust_decimal::Decimal;
use storage_sqlite::{Head, Options, SqliteStore};

use super::{
    Failure, Folder, InputError, care, desk, export, generate, paygo, preview, records, report,
    run, show, source, sql,
};
use crate::bench;

/// The folder that commands use when none is named.
pub const DEFAULT_FOLDER: &str = "examples/data/kampala";

/// A lender in one program: products, clients, loans, mobile money and the books, on SQLite.
///
/// Exit code 0: done; 1: the database failed or the books do not agree; 2: the input was refused
/// and nothing was written.
#[derive(Debug, Parser)]
#[command(name = "lender", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Brings every business date of a data folder into the books and prints the reports
    Run {
        /// The data folder
        folder: PathBuf,
        /// The database; FOLDER/lender.sqlite without it
        #[arg(long)]
        database: Option<PathBuf>,
        /// The last business date to bring in; all of the folder without it
        #[arg(long)]
        until: Option<NaiveDate>,
        /// No progress bar
        #[arg(long)]
        quiet: bool,
    },
    /// Writes a made-up data folder: the same seed gives the same folder
    Generate(generate::Size),
    /// Prints terms, schedule, history and postings of one loan, or deal and tokens of one device
    Show {
        /// The account's number
        account: String,
        /// The data folder
        #[arg(long, default_value = DEFAULT_FOLDER)]
        data: PathBuf,
        /// The database; FOLDER/lender.sqlite without it
        #[arg(long)]
        database: Option<PathBuf>,
    },
    /// Writes the journal for ledger, hledger and beancount, or the balances they should find
    Export {
        /// The data folder
        folder: PathBuf,
        /// What to write
        #[arg(long, value_enum)]
        format: export::Format,
        /// The database; FOLDER/lender.sqlite without it
        #[arg(long)]
        database: Option<PathBuf>,
    },
    /// Settles a loan by a new one of the same contract, on the day behind the last business date
    Refinance {
        /// The old account's number
        old: AccountRef,
        /// The new account's number
        new: AccountRef,
        /// Paid out beyond what settles the old loan
        #[arg(long, default_value = "0", value_parser = preview::decimal)]
        top_up: Decimal,
        /// The payment channel of settlement and payout
        #[arg(long, default_value = run::TILL)]
        channel: String,
        /// The data folder
        #[arg(long, default_value = DEFAULT_FOLDER)]
        data: PathBuf,
        /// The database; FOLDER/lender.sqlite without it
        #[arg(long)]
        database: Option<PathBuf>,
    },
    /// Previews a schedule without a database
    Schedule(preview::Preview),
    /// Proves a database: file, hash chain, references, every account against its history, balances
    Verify {
        /// The database
        database: PathBuf,
        /// The head that an earlier verification printed: nothing before it may have changed
        #[arg(long)]
        anchor: Option<Head>,
    },
    /// Answers a question in SQL over the views for reports, as CSV
    Sql {
        /// The database
        database: PathBuf,
        /// The query, for example "SELECT * FROM report_schedule WHERE due_date = '2026-08-01'"
        query: String,
    },
    /// Copies a database while it is in use, and verifies the copy
    Backup {
        /// The database
        database: PathBuf,
        /// The new file: nothing is overwritten
        to: PathBuf,
    },
    /// Verifies a backup and puts it in a database's place, in one step
    ///
    /// A database there is replaced only when the backup contains every commit of it; a newer or
    /// damaged one and a file of another program only with --replace; one in use never.
    Restore {
        /// The backup
        backup: PathBuf,
        /// The database to make of it
        database: PathBuf,
        /// Replace whatever is there
        #[arg(long)]
        replace: bool,
    },
    /// Measures durable commits and the end of day, beside what the machine can do
    Bench(bench::Bench),
}

/// Parses the arguments, does what they ask for and says how it went.
pub fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let done = match Cli::parse().command {
        Task::Run {
            folder,
            database,
            until,
            quiet,
        } => {
            let database = database_of(&folder, database);
            run_folder(&folder, &database, until, quiet, &mut out)
        }
        Task::Generate(size) => generate::write(&size, &mut out),
        Task::Show {
            account,
            data,
            database,
        } => {
            let database = database_of(&data, database);
            show_account(&data, &database, &account, &mut out)
        }
        Task::Export {
            folder,
            format,
            database,
        } => {
            let database = database_of(&folder, database);
            open_books(&folder, &database)
                .and_then(|(mut store, chart)| export::write(&mut store, chart, format, &mut out))
        }
        Task::Refinance {
            old,
            new,
            top_up,
            channel,
            data,
            database,
        } => {
            let database = database_of(&data, database);
            refinance(&data, &database, (old, new, top_up, &channel), &mut out)
        }
        Task::Schedule(preview) => preview::write(&preview, &mut out),
        Task::Verify { database, anchor } => care::verify(&database, anchor.as_ref(), &mut out),
        Task::Sql { database, query } => sql::write(&database, &query, &mut out),
        Task::Backup { database, to } => care::backup(&database, &to, &mut out),
        Task::Restore {
            backup,
            database,
            replace,
        } => care::restore(&backup, &database, replace, &mut out),
        Task::Bench(measured) => {
            bench::write(&measured, &mut out).map_err(|error| Failure::Refused(error.to_string()))
        }
    };
    match done.and_then(|()| Ok(out.flush()?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("lender: {failure}");
            failure.exit_code()
        }
    }
}

fn database_of(folder: &Path, given: Option<PathBuf>) -> PathBuf {
    given.unwrap_or_else(|| folder.join("lender.sqlite"))
}

fn run_folder(
    path: &Path,
    database: &Path,
    until: Option<NaiveDate>,
    quiet: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    // Everything is read and checked before the database is touched.
    let folder = Folder::read(path)?;
    let mut store = SqliteStore::open(database, &Options::default())?;
    let until = until.unwrap_or_else(|| folder.settings.end());
    let bar = progress_bar(&folder, quiet);
    let begun = Instant::now();
    let done = run::run(&folder, &mut store, until, |date| {
        bar.set_message(date.to_string());
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    if !done.wrote {
        writeln!(out, "nothing to do: every business date is in the books\n")?;
    } else if !quiet && io::stderr().is_terminal() {
        eprintln!("{} business dates in {:.1?}", done.dates, begun.elapsed());
    }
    let agrees = report::write(&folder, &mut store, out)?;
    if agrees {
        Ok(())
    } else {
        Err(Failure::Refused("the books do not agree".to_owned()))
    }
}

/// Counts business dates; hidden where nobody looks at it.
fn progress_bar(folder: &Folder, quiet: bool) -> ProgressBar {
    let hidden = quiet || !io::stdout().is_terminal() || !io::stderr().is_terminal();
    let target = if hidden {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(u64::from(folder.settings.days)), target);
    let template = "{bar:40} {pos}/{len} business dates, {per_sec}, {eta} left, {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn show_account(
    folder: &Path,
    database: &Path,
    account: &str,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let (mut store, chart) = open_books(folder, database)?;
    let devices = records::all::<paygo::record::DeviceRecord>(&mut store)?;
    if let Some((.., device)) = devices.iter().find(|(.., d)| d.account.as_str() == account) {
        return paygo::report::write_device(device, out);
    }
    show::write(&mut store, &chart, account, out)
}

fn refinance(
    folder: &Path,
    database: &Path,
    (old, new, top_up, channel): (AccountRef, AccountRef, Decimal, &str),
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let (mut store, _) = open_books(folder, database)?;
    let channel = code(channel).map_err(|error| Failure::refused("channel", error))?;
    let request = desk::Request {
        old,
        new,
        top_up,
        channel,
    };
    let desk::Done { on, carried } = desk::refinance(&mut store, &request)?;
    writeln!(out, "{on}: {old} is settled by {new} with {carried}")?;
    Ok(())
}

/// The database of a folder that was run, and the folder's chart.
fn open_books(folder: &Path, database: &Path) -> Result<(SqliteStore, ChartOfAccounts), Failure> {
    let chart_file = folder.join("chart.json");
    let chart = ChartOfAccounts::new(source::json::<Vec<GlAccount>>(&chart_file)?)
        .map_err(|error| InputError::of_file(&chart_file, error))?;
    if !database.is_file() {
        let reason = "there is no database: `lender run` makes it";
        return Err(InputError::of_file(database, reason).into());
    }
    Ok((SqliteStore::open(database, &Options::default())?, chart))
}
