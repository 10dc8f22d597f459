//! The reference store keeps every promise of the port.
#![cfg(feature = "conformance")]

use core::{
    num::NonZeroU32,
    pin::pin,
    task::{Context, Poll, Waker},
};
use std::sync::Mutex;

use chrono::NaiveDate;
use ledger::{Currency, EntryId, JournalEntry, Money};
use lending_core::{ids::*, store::*};

struct InMemory;

impl conformance::Fixture for InMemory {
    fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(MemoryStore::new()))
    }
}

#[test]
fn memory_store_conforms() {
    let report = conformance::run(&mut InMemory).unwrap();
    assert!(report.passed.len() > 40, "{} checks", report.passed.len());
}

/// A store across a network, imitated: the reference store behind a lock.
struct Remote(Mutex<MemoryStore>);

impl Remote {
    async fn call<T: Send>(
        &self,
        call: impl FnOnce(&mut MemoryStore) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        call(&mut self.0.lock().unwrap())
    }
}

/// A page as a value.
fn page<T>(read: impl FnOnce(&mut Vec<T>) -> Result<(), StoreError>) -> Result<Vec<T>, StoreError> {
    let mut out = Vec::new();
    read(&mut out).map(|()| out)
}

impl AsyncStore for Remote {
    async fn account(&self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        self.call(|store| store.account(id)).await
    }
    async fn account_by_reference(
        &self,
        reference: AccountRef,
    ) -> Result<Option<StoredAccount>, StoreError> {
        self.call(|store| store.account_by_reference(&reference))
            .await
    }
    async fn accounts(
        &self,
        scan: Scan,
        after: Option<PageKey>,
        limit: NonZeroU32,
    ) -> Result<Vec<StoredAccount>, StoreError> {
        self.call(|store| page(|out| store.accounts(&scan, after, limit, out)))
            .await
    }
    async fn accruing(
        &self,
        date: NaiveDate,
        after: Option<AccountId>,
        limit: NonZeroU32,
    ) -> Result<Vec<Accruing>, StoreError> {
        self.call(|store| page(|out| store.accruing(date, after, limit, out)))
            .await
    }
    async fn events(
        &self,
        account: AccountId,
        from: Option<NaiveDate>,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.call(|store| page(|out| store.events(account, from, out)))
            .await
    }
    async fn receipt(&self, key: IdempotencyKey) -> Result<Option<StoredReceipt>, StoreError> {
        self.call(|store| store.receipt(key)).await
    }
    async fn checkpoint(&self, job: JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        self.call(|store| store.checkpoint(&job)).await
    }
    async fn record(
        &self,
        kind: RecordKind,
        id: RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        self.call(|store| store.record(&kind, &id)).await
    }
    async fn records(
        &self,
        scan: RecordScan,
        after: Option<RecordId>,
        limit: NonZeroU32,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        self.call(|store| page(|out| store.records(&scan, after.as_ref(), limit, out)))
            .await
    }
    async fn balances(&self, query: BalanceQuery) -> Result<Vec<GlBalance>, StoreError> {
        self.call(|store| store.balances(&query)).await
    }
    async fn journal(
        &self,
        query: JournalQuery,
        after: Option<JournalKey>,
        limit: NonZeroU32,
    ) -> Result<Vec<PostedEntry>, StoreError> {
        self.call(|store| page(|out| store.journal(&query, after, limit, out)))
            .await
    }
    async fn outbox(&self, limit: NonZeroU32) -> Result<Vec<Delivery>, StoreError> {
        self.call(|store| page(|out| store.outbox(limit, out)))
            .await
    }
    async fn read(&self, set: ReadSet) -> Result<Found, StoreError> {
        self.call(|store| store.read(&set)).await
    }
    async fn statistics(&self) -> Result<Statistics, StoreError> {
        self.call(Store::statistics).await
    }
    async fn commit(&self, commit: &Commit) -> Result<Outcome, StoreError> {
        self.call(|store| store.commit(commit)).await
    }
    async fn acknowledge(&self, through: u64) -> Result<(), StoreError> {
        self.call(|store| store.acknowledge(through)).await
    }
    async fn expire_receipts(&self, today: NaiveDate) -> Result<u64, StoreError> {
        self.call(|store| store.expire_receipts(today)).await
    }
}

/// These futures never wait.
struct Ready;

impl BlockOn for Ready {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("never waits"),
        }
    }
}

struct OverTheNetwork;

impl conformance::Fixture for OverTheNetwork {
    fn fresh(&mut self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(Blocking::new(Remote(Mutex::default()), Ready)))
    }
}

#[test]
fn an_async_store_conforms_through_blocking() {
    conformance::run(&mut OverTheNetwork).unwrap();
}

/// Two loans of 300 and 500; the second one paid 120.
fn two_loans() -> MemoryStore {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let ugx = Currency::from_code("UGX").unwrap();
    let mut store = MemoryStore::new();
    for (n, principal, events) in [(1, 300, vec![300]), (2, 380, vec![500, -120])] {
        let account = AccountId::new(n);
        let mut commit = Commit {
            accounts: vec![AccountWrite {
                id: account,
                expected: None,
                header: AccountHeader {
                    kind: AccountKind::Loan,
                    reference: format!("LN-{n}").parse().unwrap(),
                    holder: HolderId::new(n),
                    product: "MICRO".parse().unwrap(),
                    branch: "KLA".parse().unwrap(),
                    currency: ugx,
                    standing: Standing::Active,
                    next_work_on: None,
                    in_arrears_since: None,
                    balances: Balances {
                        principal,
                        ..Balances::default()
                    },
                },
                state: principal.to_be_bytes().to_vec(),
            }],
            ..Commit::default()
        };
        for (seq, moved) in (1..).zip(events) {
            let (portfolio, cash) = ("1200".parse().unwrap(), "1100".parse().unwrap());
            let amount = Money::from_minor(i128::from(i64::abs(moved)), ugx).unwrap();
            let (debit, credit) = if moved > 0 {
                (portfolio, cash)
            } else {
                (cash, portfolio)
            };
            let id = EntryId::new(n * 10 + u128::from(seq));
            let entry = JournalEntry::builder(id, day, day)
                .debit(debit, amount)
                .credit(credit, amount)
                .build()
                .unwrap();
            commit.entries.push(PostedEntry {
                account: Some(account),
                entry,
            });
            let body = moved.to_be_bytes().to_vec();
            commit.events.push(StoredEvent {
                account,
                seq,
                value_date: day,
                booking_date: day,
                body,
            });
        }
        assert!(store.commit(&commit).unwrap().is_applied());
    }
    store
}

fn number(bytes: &[u8]) -> i64 {
    i64::from_be_bytes(bytes.try_into().unwrap())
}

#[test]
fn control_accounts_equal_sub_ledgers() {
    let portfolio = Control {
        gl: vec!["1200".parse().unwrap()],
        part: |balances| balances.principal,
    };
    let mut store = two_loans();
    let proofs = control_equals_sub_ledgers(&mut store, &portfolio).unwrap();
    assert_eq!(proofs.len(), 1);
    assert!(proofs[0].holds());
    // 300 + 500 - 120
    assert_eq!((proofs[0].control, proofs[0].sub_ledgers), (680, 680));
    let wrong = Control {
        gl: vec!["1100".parse().unwrap()],
        ..portfolio
    };
    assert!(!control_equals_sub_ledgers(&mut store, &wrong).unwrap()[0].holds());
}

#[test]
fn states_are_compared_with_their_histories() {
    let mut fold = |account: &StoredAccount, events: &[StoredEvent]| {
        let folded: i64 = events.iter().map(|event| number(&event.body)).sum();
        let stored = number(&account.state);
        if folded == stored {
            Ok(())
        } else {
            Err(format!("{folded}, not {stored}"))
        }
    };
    let mut store = two_loans();
    assert_eq!(
        states_follow_from_histories(&mut store, &mut fold).unwrap(),
        []
    );
    let account = store.account(AccountId::new(2)).unwrap().unwrap();
    let accounts = vec![AccountWrite {
        id: account.id,
        expected: Some(1),
        header: account.header,
        state: 381_i64.to_be_bytes().to_vec(),
    }];
    assert!(
        store
            .commit(&Commit {
                accounts,
                ..Commit::default()
            })
            .unwrap()
            .is_applied()
    );
    let found = states_follow_from_histories(&mut store, &mut fold).unwrap();
    let expected = StateFinding {
        account: account.id,
        difference: "380, not 381".into(),
    };
    assert_eq!(found, [expected]);
}
