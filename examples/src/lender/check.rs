//! What can be wrong in a folder although every file reads well.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ledger::{Currency, GlCode, Money, Usage, posting_rules::FinancialResource};
use rust_decimal::Decimal;

use super::{
    Folder, InputError, Place,
    folder::{ApplicationRow, Verdict},
    source::Placed,
};

type Checked = Result<(), InputError>;

/// Checks the folder as a whole; the first thing wrong is given.
///
/// # Errors
/// See the functions below, one a file.
pub fn check(folder: &Folder) -> Checked {
    settings(folder)?;
    products(folder)?;
    let clients = clients(folder)?;
    documents(folder, &clients)?;
    let accounts = applications(folder, &clients)?;
    super::paygo::check::check(folder)?;
    statements(folder)?;
    cash(folder, &accounts)?;
    resolutions(folder, &accounts)?;
    notifications(folder)
}

fn settings(folder: &Folder) -> Checked {
    let settings = &folder.settings;
    let file = folder.path.join("lender.json");
    let refuse = |reason: String| Err(InputError::of_file(&file, reason));
    if !(1..=3_660).contains(&settings.days) {
        return refuse(format!("days is {}: 1 to 3660 are allowed", settings.days));
    }
    let house = [settings.suspense, settings.till, settings.equity];
    let floats = settings.wallets.iter().map(|wallet| wallet.float);
    let opening = settings.opening.iter().map(|row| row.account);
    for code in house.into_iter().chain(floats).chain(opening) {
        detail(folder, code).or_else(refuse)?;
    }
    let named = settings.wallets.iter().map(|wallet| wallet.currency);
    for currency in named.chain(settings.opening.iter().map(|row| row.currency)) {
        kept(folder, currency).or_else(refuse)?;
    }
    for row in &settings.opening {
        amount(row.amount, row.currency).or_else(refuse)?;
    }
    Ok(())
}

fn products(folder: &Folder) -> Checked {
    let settings = &folder.settings;
    for (file, product) in folder.catalogue.iter() {
        let refuse = |reason: String| Err(InputError::of_file(file, reason));
        let rules = &product.accounting;
        let mut needed = rules.method().loan_resources().to_vec();
        needed.push(FinancialResource::CreditBalance);
        if let Some(problem) = rules.problems(&folder.chart, &needed).first() {
            return refuse(problem.to_string());
        }
        let channel = &settings.suspense_channel;
        let from = rules.resolve(FinancialResource::FundSource, None, Some(channel));
        if from.as_ref() != Ok(&settings.suspense) {
            return refuse(format!(
                "the fund source of channel {channel:?} is not GL account {}, where receipts stand",
                settings.suspense
            ));
        }
        for currency in &product.currencies {
            kept(folder, *currency).or_else(refuse)?;
        }
    }
    Ok(())
}

/// The day each client was entered.
fn clients(folder: &Folder) -> Result<BTreeMap<&str, NaiveDate>, InputError> {
    let mut known = BTreeMap::new();
    for Placed {
        value: client,
        place,
    } in &folder.clients
    {
        if known.insert(client.id.as_str(), client.created).is_some() {
            return Err(InputError::at(
                place,
                format!("client {:?} exists already", client.id),
            ));
        }
        within(folder, "created", client.created, place)?;
    }
    Ok(known)
}

fn documents(folder: &Folder, clients: &BTreeMap<&str, NaiveDate>) -> Checked {
    for Placed { value: row, place } in &folder.documents {
        let created = known_client(clients, &row.client, place)?;
        not_before("on", row.on, "the client was entered", created, place)?;
        within(folder, "on", row.on, place)?;
    }
    Ok(())
}

/// An account and when its money is paid out.
type Accounts<'a> = BTreeMap<&'a str, (&'a ApplicationRow, Option<NaiveDate>)>;

fn applications<'a>(
    folder: &'a Folder,
    clients: &BTreeMap<&str, NaiveDate>,
) -> Result<Accounts<'a>, InputError> {
    let mut known = Accounts::new();
    for Placed { value: row, place } in &folder.applications {
        let refused = |reason: String| InputError::at(place, reason);
        let created = known_client(clients, &row.client, place)?;
        not_before(
            "applied",
            row.applied,
            "the client was entered",
            created,
            place,
        )?;
        within(folder, "applied", row.applied, place)?;
        not_before(
            "decided",
            row.decided,
            "the application",
            row.applied,
            place,
        )?;
        kept(folder, row.currency).map_err(refused)?;
        closed(folder, row).map_err(refused)?;
        let terms = folder
            .catalogue
            .quote(row, &folder.calendar)
            .map_err(refused)?;
        let approved = row.verdict == Verdict::Approve;
        match (approved, row.disburse, &row.channel) {
            (true, Some(disburse), Some(channel)) => {
                not_before("disburse", disburse, "the decision", row.decided, place)?;
                let rules = &terms.accounting;
                let fund = FinancialResource::FundSource;
                rules
                    .resolve(fund, None, Some(channel))
                    .map_err(|e| refused(e.to_string()))?;
            }
            (false, None, None) => {}
            (true, ..) => {
                return Err(refused(
                    "an approved loan needs disburse and channel".into(),
                ));
            }
            (false, ..) => {
                return Err(refused(
                    "disburse and channel are for approved loans only".into(),
                ));
            }
        }
        if known
            .insert(row.account.as_str(), (row, row.disburse))
            .is_some()
        {
            return Err(refused(format!("account {} exists already", row.account)));
        }
    }
    Ok(known)
}

fn cash(folder: &Folder, accounts: &Accounts<'_>) -> Checked {
    let mut receipts = BTreeSet::new();
    for Placed { value: row, place } in &folder.cash {
        let refuse = |reason: String| Err(InputError::at(place, reason));
        let application = running(accounts, row.account.as_str(), row.on, place)?;
        amount(row.amount, application.currency).or_else(refuse)?;
        within(folder, "on", row.on, place)?;
        if !receipts.insert(&row.receipt) {
            return refuse(format!("receipt {:?} exists already", row.receipt));
        }
    }
    Ok(())
}

fn resolutions(folder: &Folder, accounts: &Accounts<'_>) -> Checked {
    let mut arrived: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for (date, messages) in &folder.arrivals {
        let payments = messages.iter().flat_map(|message| message.payments());
        for id in payments.filter_map(|payment| payment.provider_id.as_deref()) {
            arrived.entry(id).or_insert(*date);
        }
    }
    for Placed { value: row, place } in &folder.resolutions {
        let device = folder
            .devices
            .iter()
            .find(|d| d.value.account == row.account);
        match device.map(|device| device.value.on) {
            Some(sold) => not_before("on", row.on, "the device was sold", sold, place)?,
            None => running(accounts, row.account.as_str(), row.on, place).map(drop)?,
        }
        within(folder, "on", row.on, place)?;
        match arrived.get(row.payment.as_str()) {
            Some(date) => not_before("on", row.on, "the payment arrived", *date, place)?,
            None => {
                let reason = format!("no notification speaks of payment {:?}", row.payment);
                return Err(InputError::at(place, reason));
            }
        }
    }
    Ok(())
}

/// A statement that cannot be read is refused before anything is written.
fn statements(folder: &Folder) -> Checked {
    let wallets = &folder.settings.wallets;
    wallets.iter().try_for_each(|wallet| {
        super::paygo::statement::of_wallet(&folder.path, &wallet.name).map(drop)
    })
}

fn notifications(folder: &Folder) -> Checked {
    let (start, end) = (folder.settings.start, folder.settings.end());
    match folder
        .arrivals
        .keys()
        .find(|date| !(start..=end).contains(*date))
    {
        None => Ok(()),
        Some(date) => {
            let file = folder.path.join("notifications").join(date.to_string());
            let reason = format!("the date is outside of the business dates {start} to {end}");
            Err(InputError::of_file(&file, reason))
        }
    }
}

fn known_client(
    clients: &BTreeMap<&str, NaiveDate>,
    id: &str,
    place: &Place,
) -> Result<NaiveDate, InputError> {
    let unknown = || InputError::at(place, format!("client {id:?} is not in clients.jsonl"));
    clients.get(id).copied().ok_or_else(unknown)
}

/// The application of an account that money may be paid to on a day.
fn running<'a>(
    accounts: &Accounts<'a>,
    account: &str,
    on: NaiveDate,
    place: &Place,
) -> Result<&'a ApplicationRow, InputError> {
    let refuse = |reason: String| InputError::at(place, reason);
    let (row, disburse) = accounts
        .get(account)
        .ok_or_else(|| refuse(format!("account {account} is not in applications.csv")))?;
    let disburse =
        disburse.ok_or_else(|| refuse(format!("account {account} is never paid out")))?;
    not_before("on", on, "the disbursement", disburse, place)?;
    Ok(row)
}

fn not_before(
    field: &str,
    given: NaiveDate,
    event: &str,
    first: NaiveDate,
    place: &Place,
) -> Checked {
    if given >= first {
        return Ok(());
    }
    let reason = format!("{field} is {given}, before {event}: {first} or later is allowed");
    Err(InputError::at(place, reason))
}

fn within(folder: &Folder, field: &str, given: NaiveDate, place: &Place) -> Checked {
    let (start, end) = (folder.settings.start, folder.settings.end());
    if (start..=end).contains(&given) {
        return Ok(());
    }
    let reason = format!("{field} is {given}, outside of the business dates {start} to {end}");
    Err(InputError::at(place, reason))
}

fn kept(folder: &Folder, currency: Currency) -> Result<(), String> {
    let rows = &folder.settings.currencies;
    if rows.iter().any(|row| row.code == currency) {
        return Ok(());
    }
    let kept: Vec<String> = rows.iter().map(|row| row.code.to_string()).collect();
    Err(format!(
        "currency {currency} is not kept: {} are",
        kept.join(", ")
    ))
}

/// A closed currency takes no new loans.
fn closed(folder: &Folder, row: &ApplicationRow) -> Result<(), String> {
    let rows = &folder.settings.currencies;
    let closed = rows
        .iter()
        .find(|r| r.code == row.currency)
        .and_then(|r| r.closed_on);
    let paid_out = row.disburse.unwrap_or(row.applied);
    match closed {
        Some(closed) if paid_out >= closed => Err(format!(
            "currency {} is closed for new loans since {closed}: {paid_out} is too late",
            row.currency
        )),
        _ => Ok(()),
    }
}

fn detail(folder: &Folder, code: GlCode) -> Result<(), String> {
    match folder.chart.get(&code) {
        Some(account) if account.usage == Usage::Detail => Ok(()),
        Some(_) => Err(format!(
            "GL account {code} is a header: a detail account is needed"
        )),
        None => Err(format!("GL account {code} is not in chart.json")),
    }
}

fn amount(given: Decimal, currency: Currency) -> Result<(), String> {
    let money = Money::new(given, currency);
    if money.is_positive() && money.is_whole_minor() {
        return Ok(());
    }
    let decimals = currency.minor_units();
    Err(format!(
        "amount {given} is not allowed: above zero with at most {decimals} decimals is"
    ))
}
