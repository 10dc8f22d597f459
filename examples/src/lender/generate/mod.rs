//! `lender generate`: a made-up data folder. The same size and seed give the same bytes.
//!
//! The borrowers pay by the schedules that the products quote, some of them late, in part or not
//! at all; the providers repeat themselves, arrive late and take money back; payers mistype.

mod devices;
mod loans;
mod notices;
mod payers;
mod people;
mod statements;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use chrono::{Days, NaiveDate};
use fastrand::Rng;
use lending_core::dates::Calendar;
use serde::Serialize;

use super::{Failure, InputError, catalogue::Catalogue, folder::Settings};

/// What every folder has, before it is filled.
const TEMPLATE: [(&str, &str); 8] = [
    ("lender.json", include_str!("template/lender.json")),
    ("chart.json", include_str!("template/chart.json")),
    ("calendar.json", include_str!("template/calendar.json")),
    (
        "products/boda.json",
        include_str!("template/products/boda.json"),
    ),
    (
        "products/busia.json",
        include_str!("template/products/busia.json"),
    ),
    (
        "products/market.json",
        include_str!("template/products/market.json"),
    ),
    (
        "products/salary.json",
        include_str!("template/products/salary.json"),
    ),
    (
        "products/trader.json",
        include_str!("template/products/trader.json"),
    ),
];

/// How large a folder, and where.
#[derive(Clone, Debug, clap::Args)]
pub struct Size {
    /// Number of clients
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub clients: u32,
    /// Number of business dates
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    pub days: u32,
    /// The first business date
    #[arg(long, default_value = "2026-07-01")]
    pub start: NaiveDate,
    /// The same seed gives the same folder
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The folder to write; it must not exist or be empty
    pub folder: PathBuf,
}

/// What the parts of the generator share.
struct World {
    rng: Rng,
    settings: Settings,
    catalogue: Catalogue,
    calendar: Calendar,
}

impl World {
    fn end(&self) -> NaiveDate {
        self.settings.end()
    }

    /// True in `percent` of the cases.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    /// A day so many days later.
    fn later(&mut self, from: NaiveDate, days: std::ops::RangeInclusive<u64>) -> NaiveDate {
        from + Days::new(self.rng.u64(days))
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.rng.usize(0..all.len())]
    }
}

/// Writes a folder and says what is in it.
///
/// # Errors
/// The folder is not empty or cannot be written.
pub fn write(size: &Size, out: &mut dyn Write) -> Result<(), Failure> {
    let path = &size.folder;
    if path.exists() && fs::read_dir(path)?.next().is_some() {
        let reason = "the folder is not empty: a new or an empty one is needed";
        return Err(InputError::of_file(path, reason).into());
    }
    for (name, text) in TEMPLATE {
        put(&path.join(name), text)?;
    }
    let mut settings: Settings = super::source::json(&path.join("lender.json"))?;
    (settings.start, settings.days) = (size.start, size.days);
    let mut text = serde_json::to_string_pretty(&settings).map_err(io::Error::from)?;
    text.push('\n');
    put(&path.join("lender.json"), &text)?;
    let mut world = World {
        rng: Rng::with_seed(size.seed),
        settings,
        catalogue: Catalogue::read(&path.join("products"))?,
        calendar: super::source::json(&path.join("calendar.json"))?,
    };
    let people = people::make(&mut world, size.clients)?;
    let loans = loans::make(&mut world, &people)?;
    let mut paid = payers::make(&mut world, &people, &loans)?;
    let devices = devices::make(&mut world, &people, size.seed, &mut paid)?;
    write_lines(
        &path.join("clients.jsonl"),
        people.iter().map(|person| &person.client),
    )?;
    write_rows(
        &path.join("documents.csv"),
        DOCUMENTS,
        people::documents(&people),
    )?;
    write_rows(
        &path.join("applications.csv"),
        APPLICATIONS,
        loans.iter().map(|l| l.row.clone()),
    )?;
    paid.resolutions
        .sort_by(|a, b| (a.on, &a.payment).cmp(&(b.on, &b.payment)));
    write_statements(path, &paid, &world.settings)?;
    write_rows(&path.join("cash.csv"), CASH, paid.cash)?;
    write_rows(&path.join("resolutions.csv"), RESOLUTIONS, paid.resolutions)?;
    let sold = devices.len();
    write_rows(&path.join("devices.csv"), DEVICES, devices)?;
    let messages = write_messages(path, &paid.messages)?;
    let (clients, loans, days) = (people.len(), loans.len(), size.days);
    writeln!(
        out,
        "{}: {clients} clients, {loans} applications, {sold} devices, {messages} messages, {days} days, seed {}",
        path.display(),
        size.seed
    )?;
    Ok(())
}

const DOCUMENTS: &[&str] = &["on", "client", "kind", "number", "expires", "status"];
const APPLICATIONS: &[&str] = &[
    "account",
    "client",
    "product",
    "amount",
    "currency",
    "instalments",
    "rate",
    "applied",
    "verdict",
    "decided",
    "disburse",
    "channel",
];
const CASH: &[&str] = &["receipt", "on", "account", "amount"];
const DEVICES: &[&str] = &[
    "account",
    "client",
    "serial",
    "key",
    "on",
    "currency",
    "price",
    "deposit",
    "rate",
    "period_days",
    "free_days",
];
const RESOLUTIONS: &[&str] = &["on", "payment", "account", "by"];

/// Messages by the date of arrival and the wallet.
type Messages = BTreeMap<(NaiveDate, String), Vec<String>>;

fn write_messages(folder: &Path, messages: &Messages) -> Result<usize, Failure> {
    let mut count = 0;
    for ((date, wallet), lines) in messages {
        let file = folder
            .join("notifications")
            .join(date.to_string())
            .join(format!("{wallet}.jsonl"));
        let mut text = lines.join("\n");
        text.push('\n');
        put(&file, &text)?;
        count += lines.len();
    }
    Ok(count)
}

/// The providers' statements; the layout beside the one that no built-in layout fits.
fn write_statements(
    folder: &Path,
    paid: &payers::Paid,
    settings: &Settings,
) -> Result<(), Failure> {
    let folder = folder.join("statements");
    put(
        &folder.join("mpesa.csv"),
        &statements::mpesa(paid, settings),
    )?;
    put(
        &folder.join("airtel.csv"),
        &statements::airtel(paid, settings),
    )?;
    let layout = statements::airtel_layout();
    let mut text = serde_json::to_string_pretty(&layout).map_err(io::Error::from)?;
    text.push('\n');
    put(&folder.join("airtel.json"), &text)
}

fn put(file: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(file, text)?)
}

fn write_lines<T: Serialize>(file: &Path, values: impl Iterator<Item = T>) -> Result<(), Failure> {
    let mut text = String::new();
    for value in values {
        text.push_str(&serde_json::to_string(&value).map_err(io::Error::from)?);
        text.push('\n');
    }
    put(file, &text)
}

/// A header is written even when there is no row: an empty list is a list all the same.
fn write_rows<T: Serialize>(
    file: &Path,
    header: &[&str],
    rows: impl IntoIterator<Item = T>,
) -> Result<(), Failure> {
    let failed = |error: csv::Error| Failure::Output(io::Error::other(error));
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(Vec::new());
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.serialize(row).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))?;
    put(file, &String::from_utf8_lossy(&bytes))
}
