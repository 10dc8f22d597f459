//! Everything the reports are made of, read once.

use std::collections::BTreeMap;

use kyc_rules::party::Client;
use ledger::{Currency, GlCode, Money};
use lending_core::{
    loan::LoanAccount,
    store::{BalanceQuery, Statistics, Store, StoredAccount, decode},
};
use rust_decimal::Decimal;

use crate::lender::{
    Failure,
    paygo::record::DeviceRecord,
    records::{self, BusinessDay, ClientRecord, Receipt},
};

/// The books as of the last business date.
#[derive(Debug)]
pub struct Books {
    /// How far the business dates have come; none before the first.
    pub counted: Option<BusinessDay>,
    /// Accounts, by id.
    pub loans: Vec<(StoredAccount, LoanAccount)>,
    /// Clients, by id.
    pub clients: Vec<Client>,
    /// Money that came in, by id.
    pub receipts: Vec<Receipt>,
    /// Devices, by account.
    pub devices: Vec<DeviceRecord>,
    /// Debits and credits of each general-ledger account and currency.
    pub turnovers: BTreeMap<(GlCode, Currency), Turnover>,
    /// How much the store holds.
    pub statistics: Statistics,
}

/// What was debited and credited.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turnover {
    /// Sum of debits.
    pub debit: Decimal,
    /// Sum of credits.
    pub credit: Decimal,
}

impl Turnover {
    /// Debits less credits.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.debit - self.credit
    }
}

impl Books {
    /// Reads the books.
    ///
    /// # Errors
    /// The database fails or cannot be read.
    pub fn read(store: &mut dyn Store) -> Result<Self, Failure> {
        let checkpoint = store.checkpoint(&records::name(records::BUSINESS_JOB))?;
        let counted = checkpoint.map(|found| decode(&found.body)).transpose()?;
        let mut turnovers = BTreeMap::<_, Turnover>::new();
        for balance in store.balances(&BalanceQuery::default())? {
            let amount = |minor| {
                let money = Money::from_minor(minor, balance.currency);
                money
                    .map(|m| m.amount())
                    .map_err(|e| Failure::refused(balance.gl, e))
            };
            let sum = turnovers.entry((balance.gl, balance.currency)).or_default();
            sum.debit += amount(balance.debit)?;
            sum.credit += amount(balance.credit)?;
        }
        let clients = records::all::<ClientRecord>(store)?;
        let receipts = records::all::<Receipt>(store)?;
        let devices = records::all::<DeviceRecord>(store)?;
        Ok(Self {
            counted,
            loans: records::all_loans(store)?,
            clients: clients
                .into_iter()
                .map(|(_, _, ClientRecord(client))| client)
                .collect(),
            receipts: receipts
                .into_iter()
                .map(|(_, _, receipt)| receipt)
                .collect(),
            devices: devices.into_iter().map(|(_, _, device)| device).collect(),
            turnovers,
            statistics: store.statistics()?,
        })
    }

    /// The balance of a general-ledger account: debits less credits.
    #[must_use]
    pub fn balance(&self, account: GlCode, currency: Currency) -> Decimal {
        self.turnovers
            .get(&(account, currency))
            .map_or(Decimal::ZERO, Turnover::net)
    }
}

/// An amount with all decimals of its currency and groups of three digits.
#[must_use]
pub fn shown(amount: Decimal, currency: Currency) -> String {
    let decimals = usize::from(currency.minor_units());
    let text = format!("{:.decimals$}", amount.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    if amount.is_sign_negative() && !amount.is_zero() {
        format!("-{grouped}")
    } else {
        grouped
    }
}
