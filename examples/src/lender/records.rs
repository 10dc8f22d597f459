//! What the lender keeps in its database beside accounts and journal, and how.

use chrono::{DateTime, NaiveDate, Utc};
use kyc_rules::party::Client;
use ledger::Currency;
use lending_core::{
    end_of_day::wake_loan,
    ids::{AccountId, AccountRef, RecordId, RecordKind},
    loan::{Change, Decision, LoanAccount, Transaction, TransactionId},
    store::{
        CodecError, Fingerprint, IndexKey, RecordContent, RecordScan, RecordWrite, Scan, Store,
        Stored, StoredAccount, StoredEvent, StoredRecord, decode, encode,
    },
};
use mobile_money::intake::TransactionKey;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Failure, paygo::record::DeviceRecord};

/// The job under whose name the progress of business dates is kept.
pub const BUSINESS_JOB: &str = "business-day";
/// The job of the end of day.
pub const END_OF_DAY_JOB: &str = "end-of-day";

/// Something kept as a record.
pub trait Kept: Stored {
    /// The kind of the record.
    const KIND: &'static str;

    /// The keys it is found under.
    fn keys(&self) -> Vec<IndexKey> {
        Vec::new()
    }
}

macro_rules! stored {
    ($($name:ty),+) => {$(
        impl Stored for $name {
            const FORMAT: u8 = 1;
        }
    )+};
}
stored!(
    LoanState,
    LoanEvent,
    ClientRecord,
    NoticeRecord,
    Receipt,
    LenderRecord,
    BusinessDay,
    DeviceRecord
);

/// The state of a loan account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoanState(pub LoanAccount);

/// One event of a loan: what a decision did to its history.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoanEvent {
    /// What was asked for.
    pub command: String,
    /// When the books took it.
    pub booking_date: NaiveDate,
    /// The transaction recorded.
    pub recorded: Option<Transaction>,
    /// The transaction reversed.
    pub reversed: Option<TransactionId>,
    /// Earlier transactions that did something else afterwards.
    pub changes: Vec<Change>,
}

impl LoanEvent {
    /// The event of a decision.
    fn of(command: &str, decision: &Decision) -> Self {
        Self {
            command: command.to_owned(),
            booking_date: decision.booking_date,
            recorded: decision.recorded.clone(),
            reversed: decision.reversed,
            changes: decision.changes.clone(),
        }
    }

    /// The event of a decision as the store keeps it.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn stored(command: &str, decision: &Decision) -> Result<StoredEvent, CodecError> {
        let recorded = decision.recorded.as_ref();
        Ok(StoredEvent {
            account: decision.account.id(),
            seq: decision.account.decisions().into(),
            value_date: recorded.map_or(decision.booking_date, |recorded| recorded.value_date),
            booking_date: decision.booking_date,
            body: encode(&Self::of(command, decision))?,
        })
    }

    /// Brings a history up to date with this event.
    fn update(&self, account: &LoanAccount, history: &mut Vec<Transaction>) -> Result<(), Failure> {
        let decision = Decision {
            account: account.clone(),
            booking_date: self.booking_date,
            recorded: self.recorded.clone(),
            reversed: self.reversed,
            changes: self.changes.clone(),
            entries: Vec::new(),
        };
        decision
            .update(history)
            .map_err(|e| Failure::refused("reading a history", e))
    }
}

/// A loan as stored: state and history in the order of value dates.
#[derive(Clone, Debug)]
pub struct StoredLoan {
    /// The row of the store.
    pub row: StoredAccount,
    /// The state.
    pub loan: LoanAccount,
    /// Its transactions.
    pub history: Vec<Transaction>,
}

impl StoredLoan {
    /// Reads a loan with its history, brought up to what its plan has posted.
    ///
    /// # Errors
    /// When the store fails or the account cannot be read.
    pub fn read(store: &mut dyn Store, row: StoredAccount) -> Result<Self, Failure> {
        let loan = awake(&row)?;
        let mut events = Vec::new();
        store.events(row.id, None, &mut events)?;
        events.sort_by_key(|event| event.seq);
        let history = history(&loan, &events)?;
        Ok(Self { row, loan, history })
    }

    /// The loan with this id.
    ///
    /// # Errors
    /// As [`StoredLoan::read`], or there is none.
    pub fn load(store: &mut dyn Store, id: AccountId) -> Result<Self, Failure> {
        let missing = || Failure::Refused(format!("account {id} is not in the database"));
        let row = store.account(id)?.ok_or_else(missing)?;
        Self::read(store, row)
    }
}

/// The loan of a row, brought up to what its plan has posted.
fn awake(row: &StoredAccount) -> Result<LoanAccount, Failure> {
    let LoanState(loan) = decode(&row.state)?;
    wake_loan(loan, row.plan.as_ref())
        .map_err(|error| Failure::refused(format!("account {}", row.header.reference), error))
}

/// The transactions of a loan as its events tell them, in the order of value dates.
///
/// # Errors
/// An event cannot be read or does not fit those before it.
pub fn history(loan: &LoanAccount, events: &[StoredEvent]) -> Result<Vec<Transaction>, Failure> {
    let mut history = Vec::new();
    for event in events {
        decode::<LoanEvent>(&event.body)?.update(loan, &mut history)?;
    }
    Ok(history)
}

/// A client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientRecord(pub Client);

impl Kept for ClientRecord {
    const KIND: &'static str = "client";
}

/// A message of a provider, byte for byte, under its SHA-256.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoticeRecord {
    /// The wallet.
    pub wallet: String,
    /// When it first arrived.
    pub received_at: DateTime<Utc>,
    /// The bytes.
    pub raw: String,
}

impl NoticeRecord {
    /// The SHA-256 of a message in hexadecimal digits.
    #[must_use]
    pub fn id_of(raw: &str) -> String {
        let hash = Fingerprint::of(raw.as_bytes());
        hash.as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl Kept for NoticeRecord {
    const KIND: &'static str = "notice";
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The wallet, or `till`.
    pub wallet: String,
    /// The provider's transaction id, or the number of the counter's receipt.
    pub number: String,
    /// When it arrived.
    pub received_on: NaiveDate,
    /// When it counts.
    pub value_date: NaiveDate,
    /// The currency.
    pub currency: Currency,
    /// How much of it is booked: less what was taken back.
    #[serde(with = "ledger::money::exact")]
    pub amount: Decimal,
    /// What the payer typed.
    pub reference: String,
    /// The payer's phone or name.
    pub payer: String,
    /// What became of it.
    pub state: ReceiptState,
}

/// What became of money that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReceiptState {
    /// Nobody knows for certain whose it is.
    Suspense {
        /// Why.
        reason: String,
        /// Whose it may be.
        candidates: Vec<String>,
    },
    /// It repaid a loan.
    Applied {
        /// The loan.
        account: AccountRef,
        /// The transaction it became.
        transaction: TransactionId,
    },
    /// The provider took all of it back.
    Reversed,
    /// It paid for a device.
    Credited {
        /// The device's account.
        account: AccountRef,
    },
}

impl Kept for Receipt {
    const KIND: &'static str = "receipt";

    fn keys(&self) -> Vec<IndexKey> {
        let (name, value) = match &self.state {
            ReceiptState::Suspense { .. } => ("state", "suspense".to_owned()),
            ReceiptState::Applied { account, .. } => ("account", account.to_string()),
            ReceiptState::Reversed => ("state", "reversed".to_owned()),
            ReceiptState::Credited { account } => ("account", account.to_string()),
        };
        vec![IndexKey {
            name: name.to_owned(),
            value,
        }]
    }
}

/// The identity of a receipt in the database.
#[must_use]
pub fn receipt_id(wallet: &str, key: &TransactionKey) -> String {
    match key {
        TransactionKey::Provider(_, id) => format!("{wallet}:{id}"),
        TransactionKey::Own(_, id) => format!("{wallet}:own:{id}"),
    }
}

/// Whose books these are: a database belongs to one folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LenderRecord {
    /// The lender's name.
    pub name: String,
    /// The first business date.
    pub start: NaiveDate,
}

impl Kept for LenderRecord {
    const KIND: &'static str = "lender";
}

/// How far the business dates have come, and what was counted on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessDay {
    /// The last date whose business is in the books.
    pub date: NaiveDate,
    /// Messages that arrived.
    pub messages: u64,
    /// Of these: questions before money moves.
    pub questions: u64,
    /// Of these: said nothing new.
    pub duplicates: u64,
    /// Of these: could not be read.
    pub unreadable: u64,
}

impl BusinessDay {
    /// Nothing counted yet.
    #[must_use]
    pub const fn before(date: NaiveDate) -> Self {
        Self {
            date,
            messages: 0,
            questions: 0,
            duplicates: 0,
            unreadable: 0,
        }
    }
}

/// The record id of a text; one that is too long or has blanks goes by its hash.
#[must_use]
pub fn record_id(text: &str) -> RecordId {
    text.parse().unwrap_or_else(|_| {
        // 64 hexadecimal digits are a record id.
        NoticeRecord::id_of(text)
            .parse()
            .unwrap_or_else(|_| unreachable!("64 printable digits"))
    })
}

/// A kind of record, or a job's name, made of letters and dashes here.
pub fn name<T: std::str::FromStr>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|_| unreachable!("{text:?} is a name"))
}

/// A record to write.
///
/// # Errors
/// The value has no compact encoding.
pub fn put<T: Kept>(id: &str, expected: Option<u64>, value: &T) -> Result<RecordWrite, CodecError> {
    let content = RecordContent::Put {
        body: encode(value)?,
        keys: value.keys(),
    };
    Ok(RecordWrite {
        kind: name(T::KIND),
        id: record_id(id),
        expected,
        content,
    })
}

/// All records of a kind, by id.
///
/// # Errors
/// When the store fails or a record cannot be read.
pub fn all<T: Kept>(store: &mut dyn Store) -> Result<Vec<(RecordId, u64, T)>, Failure> {
    let scan = RecordScan {
        kind: name::<RecordKind>(T::KIND),
        key: None,
    };
    let mut found = Vec::new();
    let mut page: Vec<StoredRecord> = Vec::new();
    let mut after: Option<RecordId> = None;
    loop {
        page.clear();
        store.records(&scan, after.as_ref(), PAGE, &mut page)?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(last.id);
        for record in &page {
            found.push((record.id, record.version, decode(&record.body)?));
        }
    }
}

/// All accounts, by id, brought up to what their plans have posted.
///
/// # Errors
/// When the store fails or an account cannot be read.
pub fn all_loans(store: &mut dyn Store) -> Result<Vec<(StoredAccount, LoanAccount)>, Failure> {
    let mut found = Vec::new();
    let mut page = Vec::new();
    let mut after = None;
    loop {
        page.clear();
        store.accounts(&Scan::All, after, PAGE, &mut page)?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(Scan::All.key_of(last));
        for row in page.drain(..) {
            let loan = awake(&row)?;
            found.push((row, loan));
        }
    }
}

const PAGE: std::num::NonZeroU32 = std::num::NonZeroU32::new(1_000).unwrap();
