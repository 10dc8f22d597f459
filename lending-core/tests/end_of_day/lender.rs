//! A small lender and stores that misbehave.

use core::{num::NonZeroU32, ops::ControlFlow};

use chrono::{Days, NaiveDate};
use ledger::{Currency, EntryId, JournalEntry, Money};
use lending_core::{
    end_of_day::{AccountChange, EndOfDayError, Ended, Plan, Transfer, run},
    ids::{AccountId, AccountRef, HolderId, IdempotencyKey, JobId, RecordId, RecordKind},
    store::*,
};

pub fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 3, 1)
        .unwrap()
        .checked_add_days(Days::new(n))
        .unwrap()
}

pub fn job() -> JobId {
    "end-of-day".parse().unwrap()
}

pub fn plan(n: u64, page_size: u32) -> Plan {
    Plan {
        job: job(),
        business_date: day(n),
        page_size: NonZeroU32::new(page_size).unwrap(),
    }
}

pub fn ugx(minor: i128) -> Money {
    Money::from_minor(minor, Currency::from_code("UGX").unwrap()).unwrap()
}

pub fn header(n: u128) -> AccountHeader {
    AccountHeader {
        kind: AccountKind::Loan,
        reference: format!("LN-{n:04}").parse().unwrap(),
        holder: HolderId::new(n),
        product: if n.is_multiple_of(2) { "AGRI" } else { "MICRO" }
            .parse()
            .unwrap(),
        branch: "KLA".parse().unwrap(),
        currency: Currency::from_code("UGX").unwrap(),
        standing: Standing::Active,
        next_work_on: Some(day(1)),
        in_arrears_since: None,
        balances: Balances {
            principal: 1_000,
            ..Balances::default()
        },
    }
}

/// A store with accounts 1 to `accounts`, all with work due on day 1.
pub fn lender(accounts: u128) -> MemoryStore {
    let mut store = MemoryStore::new();
    let write = |n| {
        let id = AccountId::new(n);
        AccountWrite {
            id,
            expected: None,
            header: header(n),
            state: vec![0],
        }
    };
    let accounts = (1..=accounts).map(write).collect();
    assert!(
        store
            .commit(&Commit {
                accounts,
                ..Commit::default()
            })
            .unwrap()
            .is_applied()
    );
    store
}

/// One shilling of interest; a fee for numbers ending in 7.
pub fn accrue(account: &StoredAccount, date: NaiveDate) -> Result<Option<AccountChange>, String> {
    let n = account.id.get();
    let mut header = account.header.clone();
    header.next_work_on = date.succ_opt();
    header.balances.interest += 1;
    let mut state = account.state.clone();
    state.push(1);
    let mut change = AccountChange::new(header, state);
    change.events.push(StoredEvent {
        account: account.id,
        seq: account.version,
        value_date: date,
        booking_date: date,
        body: vec![1],
    });
    change.transfers.push(Transfer {
        value_date: date,
        debit: "1300".parse().unwrap(),
        credit: "4100".parse().unwrap(),
        branch: Some("KLA".parse().unwrap()),
        amount: ugx(1),
    });
    if n % 10 == 7 {
        let id = EntryId::new((n << 32) | u128::from(account.version));
        let fee = JournalEntry::builder(id, date, date)
            .debit("1310".parse().unwrap(), ugx(5))
            .credit("4200".parse().unwrap(), ugx(5))
            .build()
            .unwrap();
        change.entries.push(fee);
        change.outbox.push(Message {
            topic: "fee".into(),
            account: Some(account.id),
            body: vec![5],
        });
    }
    Ok(Some(change))
}

pub fn go_on(_: &lending_core::end_of_day::Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub fn run_day(store: &mut dyn Store, n: u64, page_size: u32) -> Result<Ended, EndOfDayError> {
    run(store, &plan(n, page_size), accrue, go_on)
}

/// Debits of a GL account over all branches.
pub fn debits(store: &mut dyn Store, gl: &str) -> i128 {
    let query = BalanceQuery {
        gl: Some(gl.parse().unwrap()),
        ..BalanceQuery::default()
    };
    store
        .balances(&query)
        .unwrap()
        .iter()
        .map(|balance| balance.debit)
        .sum()
}

/// What goes wrong with a commit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// It does not land, and the caller hears so.
    Lost,
    /// It lands, but the caller never hears of it.
    Unheard,
}

/// A store whose `at`-th commit goes wrong.
pub struct Interrupted {
    pub inner: MemoryStore,
    pub at: usize,
    pub fault: Fault,
}

fn power_cut() -> StoreError {
    StoreError::Backend {
        kind: BackendKind::Io,
        message: "power cut".into(),
        source: None,
    }
}

impl Store for Interrupted {
    fn commit(&mut self, commit: &Commit) -> Result<Outcome, StoreError> {
        self.at = self.at.wrapping_sub(1);
        match self.fault {
            Fault::Lost if self.at == 0 => Err(power_cut()),
            Fault::Unheard if self.at == 0 => {
                let _landed = self.inner.commit(commit)?;
                Err(power_cut())
            }
            _ => self.inner.commit(commit),
        }
    }
    fn account(&mut self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        self.inner.account(id)
    }
    fn account_by_reference(
        &mut self,
        reference: &AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError> {
        self.inner.account_by_reference(reference)
    }
    fn accounts(
        &mut self,
        scan: &Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
        out: &mut Vec<StoredAccount>,
    ) -> Result<(), StoreError> {
        self.inner.accounts(scan, after, limit, out)
    }
    fn accruing(
        &mut self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
        out: &mut Vec<Accruing>,
    ) -> Result<(), StoreError> {
        self.inner.accruing(date, after, limit, out)
    }
    fn events(
        &mut self,
        account: AccountId,
        from: Option<NaiveDate>,
        out: &mut Vec<StoredEvent>,
    ) -> Result<(), StoreError> {
        self.inner.events(account, from, out)
    }
    fn receipt(&mut self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError> {
        self.inner.receipt(key)
    }
    fn checkpoint(&mut self, job: &JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        self.inner.checkpoint(job)
    }
    fn record(
        &mut self,
        kind: &RecordKind,
        id: &RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        self.inner.record(kind, id)
    }
    fn records(
        &mut self,
        scan: &RecordScan,
        after: Option<&RecordId>,
        limit: NonZeroU32,
        out: &mut Vec<StoredRecord>,
    ) -> Result<(), StoreError> {
        self.inner.records(scan, after, limit, out)
    }
    fn balances(&mut self, query: &BalanceQuery) -> Result<Vec<GlBalance>, StoreError> {
        self.inner.balances(query)
    }
    fn journal(
        &mut self,
        query: &JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
        out: &mut Vec<PostedEntry>,
    ) -> Result<(), StoreError> {
        self.inner.journal(query, after, limit, out)
    }
    fn outbox(&mut self, limit: NonZeroU32, out: &mut Vec<Delivery>) -> Result<(), StoreError> {
        self.inner.outbox(limit, out)
    }
    fn read(&mut self, set: &ReadSet) -> Result<Found, StoreError> {
        self.inner.read(set)
    }
    fn statistics(&mut self) -> Result<Statistics, StoreError> {
        self.inner.statistics()
    }
    fn acknowledge(&mut self, through: u64) -> Result<(), StoreError> {
        self.inner.acknowledge(through)
    }
    fn expire_receipts(&mut self, today: NaiveDate) -> Result<u64, StoreError> {
        self.inner.expire_receipts(today)
    }
}
