//! The data folder: what a lender's day is made of, as files.
//!
//! | file | holds |
//! |---|---|
//! | `lender.json` | [`Settings`]: dates, currencies, wallets, house accounts |
//! | `chart.json` | the chart of accounts |
//! | `calendar.json` | rest days and holidays |
//! | `rules.json` | a KYC rule book; without it the preset of the lender's country |
//! | `products/*.json` | loan products, whole or begun with a ready-made one of `products::catalogue` |
//! | `clients.jsonl` | clients, one a line |
//! | `documents.csv` | [`DocumentRow`]: identity documents presented later |
//! | `applications.csv` | [`ApplicationRow`]: loan applications |
//! | `cash.csv` | [`CashRow`]: payments at the counter |
//! | `devices.csv`, `statements/` | see [`paygo`](super::paygo); a folder may do without |
//! | `resolutions.csv` | [`ResolutionRow`]: payments that staff took out of suspense |
//! | `notifications/DATE/WALLET.jsonl` | what a provider sent on that day, one message a line, byte for byte |

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kyc_rules::{
    code::{CountryCode, DocumentKind, TierId},
    party::{Client, DocumentStatus},
    presets,
    rules::RuleBook,
};
use ledger::{BranchCode, ChartOfAccounts, Currency, GlAccount, GlCode};
use lending_core::{dates::Calendar, ids::AccountRef};
use mobile_money::{Message, ParseError, Payment, matching::MatchRules, parse, wire::detect};
use products::LoanProduct;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    InputError, Place,
    catalogue::Catalogue,
    paygo::{DeviceRow, PaygoSettings},
    source::{self, Placed},
};

/// `lender.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The lender's name.
    pub name: String,
    /// The country whose rules apply.
    pub country: CountryCode,
    /// The branch that keeps the accounts.
    pub branch: BranchCode,
    /// Local time is this much ahead of UTC.
    pub utc_offset_minutes: i64,
    /// The first business date.
    pub start: NaiveDate,
    /// How many business dates there are.
    pub days: u32,
    /// The currencies the books are kept in.
    pub currencies: Vec<CurrencyRow>,
    /// The KYC tier that a borrower needs.
    pub tier: TierId,
    /// The wallets that money comes in on.
    pub wallets: Vec<Wallet>,
    /// How a payer's reference may be read without a person.
    pub matching: MatchRules,
    /// Where receipts stand until they are applied.
    pub suspense: GlCode,
    /// The payment channel whose fund source is the suspense account in every product: money that
    /// is applied comes from there.
    pub suspense_channel: String,
    /// Cash at the counter.
    pub till: GlCode,
    /// Where the opening balances come from.
    pub equity: GlCode,
    /// Opening balances.
    pub opening: Vec<OpeningRow>,
    /// Accounts of the pay-as-you-go branch, where there is one.
    #[serde(default)]
    pub paygo: Option<PaygoSettings>,
}

/// A currency the books are kept in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRow {
    /// Its ISO 4217 code.
    pub code: Currency,
    /// From this day on it is closed for new loans.
    #[serde(default)]
    pub closed_on: Option<NaiveDate>,
}

/// A wallet that money comes in on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wallet {
    /// Its name: that of its files, and of the payment channel that loans are paid out through.
    pub name: String,
    /// Its balance in the general ledger.
    pub float: GlCode,
    /// Its currency.
    pub currency: Currency,
}

/// An opening balance.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningRow {
    /// The account debited.
    pub account: GlCode,
    /// The currency.
    pub currency: Currency,
    /// How much.
    #[serde(with = "ledger::money::exact")]
    pub amount: Decimal,
}

impl Settings {
    /// The last business date.
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        self.start + chrono::Days::new(u64::from(self.days.max(1)) - 1)
    }
}

/// A row of `documents.csv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRow {
    /// When it was presented and checked.
    pub on: NaiveDate,
    /// Whose it is.
    pub client: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The number on it.
    pub number: String,
    /// Last day it is valid.
    pub expires: Option<NaiveDate>,
    /// What the lender made of it.
    pub status: DocumentStatus,
}

/// What becomes of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Approved, as soon as the client may open an account.
    Approve,
    /// Refused.
    Reject,
    /// The client gave up.
    Withdraw,
}

/// A row of `applications.csv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationRow {
    /// The account's number, which the client types when paying.
    pub account: AccountRef,
    /// Who applies.
    pub client: String,
    /// For which product.
    pub product: String,
    /// The amount.
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
    /// Number of instalments; the product's default without it.
    pub instalments: Option<u32>,
    /// Annual rate in percent; the product's default without it.
    pub rate: Option<Decimal>,
    /// When it was submitted.
    pub applied: NaiveDate,
    /// What becomes of it.
    pub verdict: Verdict,
    /// When that is decided.
    pub decided: NaiveDate,
    /// When the money is to be paid out.
    pub disburse: Option<NaiveDate>,
    /// The payment channel it is paid out through.
    pub channel: Option<String>,
}

/// A row of `cash.csv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashRow {
    /// The number of the receipt.
    pub receipt: String,
    /// When the money was taken.
    pub on: NaiveDate,
    /// For which account.
    pub account: AccountRef,
    /// How much.
    pub amount: Decimal,
}

/// A row of `resolutions.csv`: a person found out whose money it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolutionRow {
    /// When.
    pub on: NaiveDate,
    /// The provider's transaction id.
    pub payment: String,
    /// The account it belongs to.
    pub account: AccountRef,
    /// Who decided.
    pub by: String,
}

/// One message of a provider.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Index of the wallet in [`Settings::wallets`].
    pub wallet: usize,
    /// When it arrived: midday of its folder's date, the line number in seconds later.
    pub received_at: DateTime<Utc>,
    /// The bytes.
    pub raw: String,
    /// Its reading. What cannot be read is a receipt all the same.
    pub message: Result<Message, ParseError>,
    /// Where it stands.
    pub place: Place,
}

impl Arrival {
    /// What it says about transactions; nothing for a question or an unreadable message.
    pub fn payments(&self) -> &[Payment] {
        self.message.as_ref().map_or(&[], Message::payments)
    }
}

/// Everything in a data folder, read and checked.
#[derive(Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// `lender.json`.
    pub settings: Settings,
    /// `chart.json`.
    pub chart: ChartOfAccounts,
    /// `calendar.json`.
    pub calendar: Calendar,
    /// The KYC rules.
    pub rules: RuleBook,
    /// `products/*.json`.
    pub catalogue: Catalogue,
    /// `clients.jsonl`.
    pub clients: Vec<Placed<Client>>,
    /// `documents.csv`.
    pub documents: Vec<Placed<DocumentRow>>,
    /// `applications.csv`.
    pub applications: Vec<Placed<ApplicationRow>>,
    /// `cash.csv`.
    pub cash: Vec<Placed<CashRow>>,
    /// `devices.csv`; empty without the file.
    pub devices: Vec<Placed<DeviceRow>>,
    /// `resolutions.csv`.
    pub resolutions: Vec<Placed<ResolutionRow>>,
    /// `notifications`, by the date of arrival.
    pub arrivals: BTreeMap<NaiveDate, Vec<Arrival>>,
}

impl Folder {
    /// Reads a folder and checks everything that can be checked without the books.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let settings: Settings = source::json(&path.join("lender.json"))?;
        let chart_file = path.join("chart.json");
        let chart = ChartOfAccounts::new(source::json::<Vec<GlAccount>>(&chart_file)?)
            .map_err(|error| InputError::of_file(&chart_file, error))?;
        let calendar: Calendar = source::json(&path.join("calendar.json"))?;
        let rules = rules(path, settings.country)?;
        let catalogue = Catalogue::read(&path.join("products"))?;
        let arrivals = arrivals(&path.join("notifications"), &settings)?;
        let folder = Self {
            path: path.to_owned(),
            chart,
            calendar,
            rules,
            catalogue,
            clients: source::json_lines(&path.join("clients.jsonl"))?,
            documents: source::csv(&path.join("documents.csv"))?,
            applications: source::csv(&path.join("applications.csv"))?,
            cash: source::csv(&path.join("cash.csv"))?,
            devices: devices(&path.join("devices.csv"))?,
            resolutions: source::csv(&path.join("resolutions.csv"))?,
            arrivals,
            settings,
        };
        super::check::check(&folder)?;
        Ok(folder)
    }

    /// A product of the folder.
    #[must_use]
    pub fn product(&self, id: &str) -> Option<&LoanProduct> {
        self.catalogue.get(id)
    }
}

fn devices(file: &Path) -> Result<Vec<Placed<DeviceRow>>, InputError> {
    if file.exists() {
        source::csv(file)
    } else {
        Ok(Vec::new())
    }
}

fn rules(path: &Path, country: CountryCode) -> Result<RuleBook, InputError> {
    let file = path.join("rules.json");
    if file.exists() {
        let text = source::text(&file)?;
        return RuleBook::from_json(&text).map_err(|error| InputError::of_file(&file, error));
    }
    let preset = match country.as_str() {
        "UG" => presets::uganda(),
        "KE" => presets::kenya(),
        other => {
            let reason = format!("missing: there is no preset for country {other}, only UG and KE");
            return Err(InputError::of_file(&file, reason));
        }
    };
    preset.map_err(|error| InputError::of_file(&file, error))
}

fn arrivals(
    folder: &Path,
    settings: &Settings,
) -> Result<BTreeMap<NaiveDate, Vec<Arrival>>, InputError> {
    let mut found = BTreeMap::new();
    for day in source::folders(folder)? {
        let name = day.file_name().unwrap_or_default().to_string_lossy();
        let date: NaiveDate = name.parse().map_err(|_| {
            InputError::of_file(&day, "the folder's name is no date: YYYY-MM-DD is needed")
        })?;
        let mut messages = Vec::new();
        for file in source::files(&day, "jsonl")? {
            let stem = file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let wallet = settings
                .wallets
                .iter()
                .position(|w| w.name == stem)
                .ok_or_else(|| {
                    InputError::of_file(&file, format!("lender.json has no wallet {stem:?}"))
                })?;
            for line in source::lines(&file)? {
                messages.push(arrival(wallet, date, line)?);
            }
        }
        found.insert(date, messages);
    }
    Ok(found)
}

/// A line that is no JSON is a damaged file; JSON that no provider's form fits is a message that
/// cannot be read, which is kept as one.
fn arrival(wallet: usize, date: NaiveDate, line: Placed<String>) -> Result<Arrival, InputError> {
    let Placed { value: raw, place } = line;
    serde_json::from_str::<serde::de::IgnoredAny>(&raw)
        .map_err(|error| InputError::at(&place, source::json_reason(&error)))?;
    let message = detect(raw.as_bytes()).and_then(|channel| parse(channel, raw.as_bytes()));
    let seconds = i64::try_from(place.line).unwrap_or(0);
    let midday = date.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(12);
    let received_at = midday + chrono::TimeDelta::seconds(seconds);
    Ok(Arrival {
        wallet,
        received_at,
        raw,
        message,
        place,
    })
}
