//! What the store is doing while it is tortured: a script that can be begun again at any moment.

use core::{num::NonZeroU32, ops::ControlFlow};

use chrono::{Days, NaiveDate};
use ledger::{Currency, EntryId, JournalEntry, Money};
use lending_core::{
    end_of_day::{self, AccountChange, EndOfDayError, Plan, Transfer},
    ids::{AccountId, HolderId, IdempotencyKey},
    store::{
        AccountHeader, AccountKind, AccountWrite, Balances, Commit, Fingerprint, Idempotency,
        IndexKey, MemoryStore, Message, Outcome, PostedEntry, RecordContent, RecordWrite, Standing,
        Store, StoreError, StoredAccount, StoredEvent, conformance::snapshot,
    },
};
use storage_sqlite::{Head, SqliteStore};

use super::Trouble;

/// One step; doing it a second time changes nothing.
#[derive(Clone, Debug)]
pub enum Step {
    /// A request with a key.
    Commit(Box<Commit>),
    /// Everything up to this message was delivered.
    Acknowledge(u64),
    /// The end of day of the `n`-th date, in pages of two accounts.
    EndOfDay(u32),
}

/// Steps, and what they lead to.
#[derive(Clone, Debug)]
pub struct Script {
    /// The steps.
    pub steps: Vec<Step>,
    /// The store that did them without a break, as text.
    pub expected: String,
    /// The store itself.
    pub reference: MemoryStore,
}

/// The `n`-th date.
#[must_use]
pub fn date(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 3, 1)
        .and_then(|first| first.checked_add_days(Days::new(n.into())))
        .unwrap_or_default()
}

impl Script {
    /// A script of one writer: payments, pages, records, messages, ends of day.
    ///
    /// # Errors
    /// Never: every value is well formed and every step is allowed.
    pub fn alone(seed: u64, steps: usize) -> Result<Self, StoreError> {
        Self::make(seed, steps, 1, true)
    }

    /// The script of one of several writers: requests on accounts of its own only.
    ///
    /// # Errors
    /// As [`Script::alone`].
    pub fn shared(seed: u64, steps: usize, writer: u32) -> Result<Self, StoreError> {
        Self::make(seed, steps, u128::from(writer) * 100 + 1, false)
    }

    fn make(seed: u64, steps: usize, first: u128, alone: bool) -> Result<Self, StoreError> {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut reference = MemoryStore::new();
        let (mut script, mut closed) = (Vec::with_capacity(steps), 0);
        let mut record = 0;
        while script.len() < steps {
            let step = match random.u32(..10) {
                0 if alone => {
                    closed += 1;
                    Step::EndOfDay(closed)
                }
                1 if alone => {
                    let mut pending = Vec::new();
                    reference
                        .outbox(NonZeroU32::new(3).unwrap_or(NonZeroU32::MIN), &mut pending)?;
                    match pending.last() {
                        Some(last) => Step::Acknowledge(last.number),
                        None => continue,
                    }
                }
                2 => {
                    record += 1;
                    Step::Commit(Box::new(client(first, record)?))
                }
                3 => {
                    // Two accounts in one.
                    let [a, b] = [first, first + 1].map(AccountId::new);
                    let mut both = movement(&mut reference, a, closed)?;
                    let mut second = movement(&mut reference, b, closed)?;
                    second.idempotency = None;
                    both.merge(second)?;
                    Step::Commit(Box::new(both))
                }
                _ => {
                    let account = AccountId::new(first + random.u128(..5));
                    Step::Commit(Box::new(movement(&mut reference, account, closed)?))
                }
            };
            perform(&mut reference, &step).map_err(|error| match error {
                EndOfDayError::Store(error) => error,
                other => unexpected(&other),
            })?;
            script.push(step);
        }
        let expected = snapshot(&mut reference)?;
        Ok(Self {
            steps: script,
            expected,
            reference,
        })
    }

    /// Does the steps from the first one; those that landed earlier change nothing.
    ///
    /// # Errors
    /// What the store fails with.
    pub fn perform(&self, store: &mut dyn Store) -> Result<(), EndOfDayError> {
        self.steps.iter().try_for_each(|step| perform(store, step))
    }
}

fn unexpected(error: &dyn core::fmt::Display) -> StoreError {
    StoreError::Malformed {
        reason: "the script does what a store refuses",
        subject: error.to_string(),
    }
}

/// Does a step.
///
/// # Errors
/// What the store fails with.
pub fn perform(store: &mut dyn Store, step: &Step) -> Result<(), EndOfDayError> {
    match step {
        Step::Commit(commit) => {
            let _landed_or_replayed = store.commit(commit)?;
        }
        Step::Acknowledge(through) => store.acknowledge(*through)?,
        Step::EndOfDay(n) => {
            let job = "end-of-day".parse().map_err(|error| unexpected(&error))?;
            let plan = Plan {
                job,
                business_date: date(*n),
                page_size: NonZeroU32::MIN.saturating_add(1),
            };
            let last = end_of_day::progress(store, &job)?;
            if last.is_some_and(|last| last.business_date > plan.business_date) {
                return Ok(());
            }
            end_of_day::run(store, &plan, close, |_| ControlFlow::Continue(()))?;
        }
    }
    Ok(())
}

fn minor(amount: i128) -> Result<Money, StoreError> {
    let currency = Currency::from_code("UGX").map_err(|error| unexpected(&error))?;
    Money::from_minor(amount, currency).map_err(|error| unexpected(&error))
}

fn entry(id: u128, on: NaiveDate, amount: i128) -> Result<JournalEntry, StoreError> {
    let code = |text: &str| text.parse().map_err(|error| unexpected(&error));
    JournalEntry::builder(EntryId::new(id), on, on)
        .debit(code("1100")?, minor(amount)?)
        .credit(code("1200")?, minor(amount)?)
        .build()
        .map_err(|error| unexpected(&error))
}

fn header(account: AccountId, next_work_on: NaiveDate) -> Result<AccountHeader, StoreError> {
    let number = account.get();
    let text = |error: lending_core::ids::IdError| unexpected(&error);
    Ok(AccountHeader {
        kind: AccountKind::Loan,
        reference: format!("LN-{number}").parse().map_err(text)?,
        holder: HolderId::new(number),
        product: "MICRO".parse().map_err(text)?,
        branch: "KLA".parse().map_err(|error| unexpected(&error))?,
        currency: Currency::from_code("UGX").map_err(|error| unexpected(&error))?,
        standing: Standing::Active,
        next_work_on: Some(next_work_on),
        in_arrears_since: None,
        balances: Balances::default(),
    })
}

/// The next movement on an account: state, event, entry, message and key in one.
fn movement(store: &mut dyn Store, account: AccountId, closed: u32) -> Result<Commit, StoreError> {
    let before = store.account(account)?;
    let version = before.as_ref().map(|before| before.version);
    let seq = version.unwrap_or(0) + 1;
    let id = (account.get() << 64) | u128::from(seq);
    let on = date(closed + 1);
    let mut header = match before {
        Some(before) => before.header,
        None => header(account, on)?,
    };
    header.balances.principal += 100;
    Ok(Commit {
        idempotency: Some(Idempotency {
            key: IdempotencyKey::new(id),
            fingerprint: Fingerprint::of(&id.to_be_bytes()),
            keep_until: date(10_000),
            reply: seq.to_be_bytes().to_vec(),
        }),
        accounts: vec![AccountWrite {
            id: account,
            expected: version,
            header,
            // Large enough that accounts do not share a page.
            state: vec![seq as u8; 700],
        }],
        events: vec![StoredEvent {
            account,
            seq,
            value_date: on,
            booking_date: on,
            body: vec![2; 16],
        }],
        entries: vec![PostedEntry {
            account: Some(account),
            entry: entry(id, on, 100)?,
        }],
        outbox: vec![Message {
            topic: "moved".into(),
            account: Some(account),
            body: vec![],
        }],
        ..Commit::default()
    })
}

/// A client comes in.
fn client(first: u128, n: u128) -> Result<Commit, StoreError> {
    let number = (first << 64) | (1 << 60) | n;
    let phone = IndexKey {
        name: "phone".into(),
        value: format!("+2567{n:08}"),
    };
    let text = |error: lending_core::ids::IdError| unexpected(&error);
    Ok(Commit {
        idempotency: Some(Idempotency {
            key: IdempotencyKey::new(number),
            fingerprint: Fingerprint::of(&number.to_be_bytes()),
            keep_until: date(10_000),
            reply: vec![],
        }),
        records: vec![RecordWrite {
            kind: "client".parse().map_err(text)?,
            id: format!("C-{first}-{n}").parse().map_err(text)?,
            expected: None,
            content: RecordContent::Put {
                body: vec![7; 40],
                keys: vec![phone],
            },
        }],
        ..Commit::default()
    })
}

/// A day of an account: a shilling of interest in a sum, every third account an entry and an event
/// of its own, and one account that nobody can decide.
fn close(account: &StoredAccount, on: NaiveDate) -> Result<Option<AccountChange>, StoreError> {
    let number = account.id.get();
    if number % 5 == 4 {
        return Err(unexpected(&"this account is set aside every day"));
    }
    let mut header = account.header.clone();
    header.next_work_on = on.succ_opt();
    header.balances.interest += 1;
    let mut change = AccountChange::new(header, account.state.clone());
    let code = |text: &str| text.parse().map_err(|error| unexpected(&error));
    change.transfers.push(Transfer {
        value_date: on,
        debit: code("1300")?,
        credit: code("4100")?,
        branch: Some(account.header.branch),
        amount: minor(1)?,
    });
    if number.is_multiple_of(3) {
        let seq = account.version + 1;
        let id = (number << 64) | u128::from(seq);
        change.entries.push(entry(id, on, 5)?);
        change.events.push(StoredEvent {
            account: account.id,
            seq,
            value_date: on,
            booking_date: on,
            body: vec![3; 9],
        });
    }
    Ok(Some(change))
}

/// Hears of every commit that has landed: the head of the chain after it.
pub type Heard<'a> = dyn FnMut(&Head) + 'a;

/// A SQLite store that tells what it has acknowledged.
pub struct Watched<'a> {
    /// The store.
    pub store: SqliteStore,
    /// Who hears of it.
    pub heard: &'a mut Heard<'a>,
    /// Messages acknowledged.
    pub through: u64,
}

macro_rules! passed_on {
    ($(fn $name:ident(&mut self $(, $argument:ident: $type:ty)*) -> $result:ty;)*) => {$(
        fn $name(&mut self $(, $argument: $type)*) -> $result {
            self.store.$name($($argument),*)
        }
    )*};
}

impl Store for Watched<'_> {
    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        let outcome = self.store.commit(commit)?;
        if outcome.is_applied() {
            (self.heard)(&self.store.head()?);
        }
        Ok(outcome)
    }

    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError> {
        self.store.acknowledge(through)?;
        self.through = self.through.max(through);
        Ok(())
    }

    passed_on! {
        fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError>;
        fn account_by_reference(&mut self, reference: &lending_core::ids::AccountRef)
            -> Result<Option<StoredAccount>, StoreError>;
        fn accounts(&mut self, scan: &lending_core::store::Scan,
            after: Option<lending_core::store::PageKey>, limit: NonZeroU32,
            out: &mut Vec<StoredAccount>) -> Result<(), StoreError>;
        fn accruing(&mut self, date: NaiveDate, after: Option<AccountId>, limit: NonZeroU32,
            out: &mut Vec<lending_core::store::Accruing>) -> Result<(), StoreError>;
        fn events(&mut self, account: AccountId, from: Option<NaiveDate>,
            out: &mut Vec<StoredEvent>) -> Result<(), StoreError>;
        fn receipt(&mut self, key: IdempotencyKey)
            -> Result<Option<lending_core::store::StoredReceipt>, StoreError>;
        fn checkpoint(&mut self, job: &lending_core::ids::JobId)
            -> Result<Option<lending_core::store::StoredCheckpoint>, StoreError>;
        fn record(&mut self, kind: &lending_core::ids::RecordKind,
            id: &lending_core::ids::RecordId)
            -> Result<Option<lending_core::store::StoredRecord>, StoreError>;
        fn records(&mut self, scan: &lending_core::store::RecordScan,
            after: Option<&lending_core::ids::RecordId>, limit: NonZeroU32,
            out: &mut Vec<lending_core::store::StoredRecord>) -> Result<(), StoreError>;
        fn balances(&mut self, query: &lending_core::store::BalanceQuery)
            -> Result<Vec<lending_core::store::GlBalance>, StoreError>;
        fn journal(&mut self, query: &lending_core::store::JournalQuery,
            after: Option<lending_core::store::JournalKey>, limit: NonZeroU32,
            out: &mut Vec<PostedEntry>) -> Result<(), StoreError>;
        fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<lending_core::store::Delivery>)
            -> Result<(), StoreError>;
        fn read(&mut self, set: &lending_core::store::ReadSet)
            -> Result<lending_core::store::Found, StoreError>;
        fn statistics(&mut self) -> Result<lending_core::store::Statistics, StoreError>;
        fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError>;
    }
}

/// What a writer had acknowledged when it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The last commit acknowledged.
    pub head: Head,
    /// The last message acknowledged.
    pub through: u64,
}

/// Looks at a file that one writer worked on; `heads` are those of an unbroken run.
///
/// # Errors
/// What is wrong.
pub fn inspect(store: &mut SqliteStore, known: &Known, heads: &[Head]) -> Result<(), Trouble> {
    let verification = store.verify(None).map_err(Trouble::wrong)?;
    if !verification.is_sound() {
        return Err(Trouble::Wrong(format!("{:?}", verification.findings)));
    }
    let head = verification.head;
    // The one under way may have landed; more cannot, and fewer must not.
    if head.sequence < known.head.sequence {
        let (found, said) = (head.sequence, known.head.sequence);
        return Err(Trouble::Lost(format!(
            "{found} commits of {said} acknowledged"
        )));
    }
    if head.sequence > known.head.sequence + 1 {
        let (found, said) = (head.sequence, known.head.sequence);
        return Err(Trouble::Wrong(format!(
            "{found} commits, {said} acknowledged"
        )));
    }
    if head != Head::EMPTY && heads.get(head.sequence as usize - 1) != Some(&head) {
        return Err(Trouble::Wrong(format!("{head} is not of this workload")));
    }
    let mut pending = Vec::new();
    store
        .outbox(NonZeroU32::MIN, &mut pending)
        .map_err(Trouble::wrong)?;
    match pending.first() {
        Some(first) if first.number <= known.through => Err(Trouble::Lost(format!(
            "message {} is back, {} was acknowledged",
            first.number, known.through
        ))),
        _ => Ok(()),
    }
}

/// Finishes the script and compares the content with the reference's.
///
/// # Errors
/// What is wrong.
pub fn finish(store: &mut SqliteStore, script: &Script) -> Result<(), Trouble> {
    script.perform(store).map_err(Trouble::wrong)?;
    let content = snapshot(store).map_err(Trouble::wrong)?;
    if content == script.expected {
        return Ok(());
    }
    let mut lines = content.lines().zip(script.expected.lines());
    let differing = lines.find(|(found, expected)| found != expected);
    Err(Trouble::Wrong(format!(
        "the content differs: {differing:?}"
    )))
}
