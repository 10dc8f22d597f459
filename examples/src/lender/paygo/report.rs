//! Devices and tokens, and statements beside the books, as printed.

use std::io::Write;

use mobile_money::{
    paygo::{
        Fraction,
        deal::Phase,
        device::Desired,
        kpi::{Contract, portfolio},
    },
    reconcile::{Action, Class, Difference, Item},
};

use super::{midday, record::DeviceRecord, statement};
use crate::lender::{
    Failure,
    report::{
        books::{Books, shown},
        table::Table,
    },
    run::office::Office,
};

fn doubt<E: std::fmt::Display>(record: &DeviceRecord) -> impl Fn(E) -> Failure {
    move |error| Failure::refused(format!("device {}", record.account), error)
}

/// Writes every device with its last token; nothing when there is none.
///
/// # Errors
/// The writer fails, or a deal cannot be worked out.
pub fn write_devices(office: &Office<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    if office.devices.is_empty() {
        return Ok(());
    }
    let now = midday(
        office.counted.date,
        office.folder.settings.utc_offset_minutes,
    );
    writeln!(out, "\nPay-as-you-go devices")?;
    let mut table = Table::new(&[
        "account",
        "serial",
        "stands",
        ">to pay",
        "currency",
        "open until",
        ">days without credit",
        "lock",
        ">tokens",
        "last token",
        "which",
    ]);
    let mut contracts: Vec<Contract> = Vec::new();
    for known in office.devices.values() {
        let record = &known.value;
        let state = record.state().map_err(doubt(record))?;
        let last = record.tokens.last();
        let text =
            |of: &dyn Fn(&super::record::TokenLine) -> String| last.map_or(String::new(), of);
        table.row([
            record.account.to_string(),
            record.serial.clone(),
            phase(state.phase).to_owned(),
            shown(state.balance, record.currency),
            record.currency.to_string(),
            state
                .open_until
                .map_or(String::new(), |until| until.date_naive().to_string()),
            state.days_without_credit(now).to_string(),
            lock(record.lock.desired(), now).to_owned(),
            record.tokens.len().to_string(),
            text(&|line| grouped(&line.token.text)),
            text(&|line| line.does.clone()),
        ]);
        let contract = record.deal.contract(&record.events, now);
        contracts.extend(contract.map_err(doubt(record))?);
    }
    table.write(out)?;
    write_figures(&contracts, out)
}

fn write_figures(contracts: &[Contract], out: &mut dyn Write) -> Result<(), Failure> {
    let figures = portfolio(contracts).map_err(|error| Failure::refused("repayment", error))?;
    let percent = |ratio: &mobile_money::paygo::kpi::Ratio| {
        let hundred = Fraction::new(100, 1).ok();
        let share = ratio
            .value()
            .zip(hundred)
            .and_then(|(r, h)| r.times(h).ok());
        share.map_or("none yet".to_owned(), |share| {
            // Whole percent, rounded down.
            format!("{} %", share.floor())
        })
    };
    writeln!(
        out,
        "  paid of what has fallen due {}, of what was financed {}, of what fell due in the first 90 days {}",
        percent(&figures.paid_versus_planned),
        percent(&figures.paid_versus_financed),
        percent(&figures.paid_versus_planned_90_days),
    )?;
    Ok(())
}

const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::AwaitingDeposit => "awaits the deposit",
        Phase::Active => "running",
        Phase::Paid => "paid",
        Phase::Repossessed => "taken back",
    }
}

fn lock(desired: &Desired, now: chrono::DateTime<chrono::Utc>) -> &'static str {
    match desired {
        Desired::OpenUntil(until) | Desired::TemporarilyOpenUntil(until) if *until > now => "open",
        Desired::Released => "removed",
        Desired::Repossessed => "locked for good",
        _ => "locked",
    }
}

/// Digits in groups of three, as they are read out.
fn grouped(digits: &str) -> String {
    let signs: Vec<char> = digits.chars().collect();
    let groups = signs
        .chunks(3)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// Writes one device with everything about it.
///
/// # Errors
/// The writer fails, or the deal cannot be worked out.
pub fn write_device(record: &DeviceRecord, out: &mut dyn Write) -> Result<(), Failure> {
    let state = record.state().map_err(doubt(record))?;
    let currency = record.currency;
    writeln!(
        out,
        "Device {} (serial {}) of client {}: {}",
        record.account,
        record.serial,
        record.client,
        phase(state.phase)
    )?;
    writeln!(
        out,
        "  to pay {} {currency}, of the deposit {}, refundable {}, towards the next day {}",
        shown(state.balance, currency),
        shown(state.deposit_due, currency),
        shown(state.refundable, currency),
        state.carry,
    )?;
    if let (Some(since), Some(until)) = (state.started_at, state.open_until) {
        writeln!(
            out,
            "  runs since {}, {} days bought, credit until {}",
            since.date_naive(),
            state.days_bought,
            until.date_naive()
        )?;
    }
    writeln!(out, "\nTokens")?;
    let mut table = Table::new(&["issued", "for", "which", "token", ">count"]);
    for line in &record.tokens {
        table.row([
            line.at.date_naive().to_string(),
            // Without the number that tells changes of one receipt apart.
            line.cause
                .rsplit_once(' ')
                .map_or(line.cause.as_str(), |(receipt, _)| receipt)
                .to_owned(),
            line.does.clone(),
            grouped(&line.token.text),
            line.token.count.to_string(),
        ]);
    }
    table.write(out)?;
    Ok(())
}

/// Writes every statement of the folder beside notices and books.
///
/// # Errors
/// The writer fails, or a statement cannot be read.
pub fn write_statements(
    office: &Office<'_>,
    books: &Books,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for (at, wallet) in office.folder.settings.wallets.iter().enumerate() {
        let Some(read) = statement::of_wallet(&office.folder.path, &wallet.name)? else {
            continue;
        };
        let report = statement::beside(office, &books.receipts, at, &read)?;
        let amount = |amount| shown(amount, wallet.currency);
        let matched = report.items.len() - report.open().count();
        writeln!(
            out,
            "\nStatement of {}: {} rows, {} in, {} out; running balance {}; {} of {} transactions agree",
            wallet.name,
            read.rows.len(),
            amount(read.paid_in),
            amount(read.paid_out),
            if read.gaps.is_empty() && read.mismatches.is_empty() {
                "ok"
            } else {
                "BROKEN: rows are missing"
            },
            matched,
            report.items.len(),
        )?;
        for gap in &read.gaps {
            writeln!(
                out,
                "  rows are missing between lines {} and {}: {} instead of {}",
                gap.after_line.map_or("-".into(), |line| line.to_string()),
                gap.before_line.map_or("-".into(), |line| line.to_string()),
                amount(gap.stated),
                amount(gap.expected)
            )?;
        }
        let mut table = Table::new(&["to do", "payment", "date", ">statement", ">books", "why"]);
        for item in report.open() {
            table.row([
                todo(item.action).to_owned(),
                item.id.clone(),
                item.at.date_naive().to_string(),
                item.statement.map_or(String::new(), amount),
                item.ledger.map_or(String::new(), amount),
                why(item),
            ]);
        }
        if !table.is_empty() {
            table.write(out)?;
        }
        let proof = &report.proof;
        writeln!(
            out,
            "  booked {} = statement {} - not booked {} + not on the statement {}: {}",
            amount(proof.ledger_moved),
            amount(proof.statement_moved),
            amount(proof.unposted),
            amount(proof.not_on_statement),
            if proof.holds() { "ok" } else { "DIFFERS" }
        )?;
    }
    Ok(())
}

const fn todo(action: Action) -> &'static str {
    match action {
        Action::Alarm => "stop and look",
        Action::Correct => "correct",
        Action::Post => "book",
        Action::Enquire => "ask the provider",
        Action::Wait => "wait",
        Action::None => "nothing",
    }
}

fn why(item: &Item) -> String {
    let class = match item.class {
        Class::Matched => "everywhere",
        Class::MissingCallback => "on the statement, but no message ever came",
        Class::NotPosted => "on the statement and in a message, but not booked",
        Class::PostedByHand => "on the statement and booked, without a message",
        Class::NotSettled => {
            "a message said so and it is booked, but the statement has no such payment"
        }
        Class::NoticeOnly => "a message only: pending, or forged",
        Class::LedgerOnly => "booked only: a wrong id, or invented",
    };
    let differences = item.differences.iter().map(|difference| match difference {
        Difference::NoticeAmount { statement, notice } => {
            format!("statement {statement}, message {notice}")
        }
        Difference::LedgerAmount { statement, ledger } => {
            format!("statement {statement}, booked {ledger}")
        }
        Difference::Fee { statement, ledger } => format!("fee {statement}, booked {ledger}"),
        Difference::PostedTwice { postings } => format!("booked {postings} times"),
        Difference::RowTwice { rows } => format!("listed {rows} times, counted once"),
        Difference::ReversedBy { id } => format!("taken back by {id}"),
        _ => "something else differs".to_owned(),
    });
    std::iter::once(class.to_owned())
        .chain(differences)
        .collect::<Vec<_>>()
        .join("; ")
}
