//! What the providers' books say: a statement a wallet, in two layouts.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use mobile_money::statement::{BalanceColumn, Layout};
use rust_decimal::{Decimal, dec};

use super::{notices::Sent, payers::Paid};
use crate::lender::folder::Settings;

/// Money in a collection account, and whether the provider took it back.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The payment.
    pub sent: Sent,
    /// When it was taken back.
    pub back: Option<NaiveDate>,
}

/// What stood on the account before.
const OPENING: Decimal = dec!(250000);

/// A line of a statement.
struct Line {
    id: String,
    at: NaiveDateTime,
    amount: Decimal,
    balance: Decimal,
    linked: String,
    reference: String,
    phone: String,
    name: String,
}

/// The lines of a wallet, oldest first, with the running balance.
fn lines(paid: &Paid, wallet: &str, last: NaiveDate) -> Vec<Line> {
    let mut found = Vec::new();
    for Moved { sent, back } in paid.moved.iter().filter(|m| m.sent.wallet == wallet) {
        let line = |id: String, at, amount, linked| Line {
            id,
            at,
            amount,
            balance: Decimal::ZERO,
            linked,
            reference: sent.reference.clone(),
            phone: sent.phone.clone(),
            name: format!("{} {}", sent.name.0, sent.name.1)
                .trim()
                .to_uppercase(),
        };
        if sent.at.date() > last {
            continue;
        }
        found.push(line(sent.id.clone(), sent.at, sent.amount, String::new()));
        if let Some(back) = back.filter(|back| *back <= last) {
            let noon = back.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(615);
            found.push(line(sent.back_id(), noon, -sent.amount, sent.id.clone()));
        }
    }
    found.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut balance = OPENING;
    for line in &mut found {
        balance += line.amount;
        line.balance = balance;
    }
    found
}

/// The M-Pesa organisation statement: newest first, with its preamble.
pub fn mpesa(paid: &Paid, settings: &Settings) -> String {
    let last = settings.end();
    let lines = lines(paid, "mpesa", last);
    let sum = |of: fn(Decimal) -> bool| -> Decimal {
        lines.iter().map(|l| l.amount).filter(|a| of(*a)).sum()
    };
    let paid_in = sum(|amount| amount > Decimal::ZERO);
    let withdrawn = sum(|amount| amount < Decimal::ZERO);
    let closing = OPENING + paid_in + withdrawn;
    let day = |date: NaiveDate| date.format("%d-%m-%Y").to_string();
    let mut rows = vec![
        format!("Account Holder:,{},,,,,,,,,,,", settings.name.replace(',', " ")),
        "Short Code:,600417,,,,,,,,,,,".to_owned(),
        "Account:,Utility Account,,,,,,,,,,,".to_owned(),
        format!("Time Period:,From {} 00:00:00 To {} 23:59:59,,,,,,,,,,,", day(settings.start), day(last)),
        format!("Operator:,desk,Date of Report:,{} 07:00:00,,,,,,,,,", day(last + Days::new(1))),
        format!(
            "Opening Balance:,{},Closing Balance:,{},Available Balance:,{},Total Paid In:,{},Total Withdrawn:,{},,,",
            marked(OPENING), marked(closing), marked(closing), marked(paid_in), marked(withdrawn)
        ),
        "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,\
         Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No."
            .to_owned(),
    ];
    for line in lines.iter().rev() {
        let time = line.at.format("%d-%m-%Y %H:%M:%S");
        let other = format!("{} - {}", line.phone, line.name);
        let back = line.amount < Decimal::ZERO;
        let (reason, details) = if back {
            (
                "Pay Utility Reversal",
                format!("Reversal of {}", line.linked),
            )
        } else {
            ("Pay Bill Online", format!("Pay Bill from {other}"))
        };
        let amount = marked(line.amount);
        let (paid_in, withdrawn) = if back {
            ("", amount.as_str())
        } else {
            (amount.as_str(), "")
        };
        let reference = if back { "" } else { line.reference.trim() };
        rows.push(format!(
            "{},{time},{time},{details},Completed,{paid_in},{withdrawn},{},true,{reason},{other},{},{reference}",
            line.id, marked(line.balance), line.linked
        ));
    }
    rows.join("\n") + "\n"
}

/// An amount with groups of three digits, quoted because of them.
fn marked(amount: Decimal) -> String {
    let shown = crate::lender::report::books::shown(
        amount,
        "KES".parse().unwrap_or_else(|_| unreachable!("a currency")),
    );
    format!("\"{shown}\"")
}

/// An export of Airtel's portal: oldest first, one column of signed amounts.
pub fn airtel(paid: &Paid, settings: &Settings) -> String {
    let mut rows =
        vec!["Transaction ID,Date,Type,Status,Account,Payer,Amount,Balance,Original".to_owned()];
    for line in lines(paid, "airtel", settings.end()) {
        let kind = if line.amount < Decimal::ZERO {
            "Reversal"
        } else {
            "Merchant payment"
        };
        rows.push(format!(
            "{},{},{kind},SUCCESS,{},{} {},{},{},{}",
            line.id,
            line.at.format("%d/%m/%Y %H:%M:%S"),
            line.reference.trim(),
            line.phone,
            line.name,
            line.amount,
            line.balance,
            line.linked
        ));
    }
    rows.join("\n") + "\n"
}

/// The columns of that export.
pub fn airtel_layout() -> Layout {
    let mut layout = Layout::mpesa_old();
    let column = |name: &str| Some(name.to_owned());
    layout.name = "airtel-portal".to_owned();
    layout.id = "Transaction ID".to_owned();
    layout.time = "Date".to_owned();
    layout.time_form.pattern = "%d/%m/%Y %H:%M:%S".to_owned();
    (layout.paid_in, layout.paid_out) = (column("Amount"), column("Amount"));
    layout.balance = BalanceColumn::After("Balance".to_owned());
    layout.status = column("Status");
    layout.moved = vec!["SUCCESS".to_owned()];
    layout.reason = column("Type");
    layout.reference = column("Account");
    layout.counterparty = column("Payer");
    layout.linked = column("Original");
    layout.details = None;
    layout
}
