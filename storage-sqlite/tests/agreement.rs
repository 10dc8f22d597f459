//! Random sequences of commands: the reference store and SQLite agree after every step.

mod common;

use core::ops::ControlFlow;

use common::{day, header, movement};
use law_runs::runs;
use lending_core::{
    end_of_day::{self, AccountChange, Plan},
    ids::{AccountId, IdempotencyKey},
    store::{conformance::snapshot, *},
};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use storage_sqlite::{Options, SqliteStore};

/// One step; small numbers, so that steps meet.
#[derive(Clone, Debug)]
enum Step {
    /// Moves account `n` as if it stood at `version` (0 opens it), with or without a key.
    Move { n: u128, version: u64, keyed: bool },
    /// Changes what scans go by.
    Header {
        n: u128,
        version: u64,
        due: Option<u32>,
        late: Option<u32>,
        holder: u128,
    },
    /// Writes account `n` with a plan of three days after the second.
    Planned { n: u128, version: u64, amount: i64 },
    /// Posts account `n` by plan, as if it stood at `version`.
    Accrue { n: u128, version: u64, through: u32 },
    /// Runs the end of day of a date.
    EndOfDay(u32),
    /// Puts (or erases) a client found under a phone number.
    Record {
        id: u8,
        version: u64,
        phone: Option<u8>,
    },
    /// Saves the progress of a job.
    Checkpoint { version: u64, body: u8 },
    /// Writes a message after looking at an account, a client and the job as if they stood there.
    Guarded { n: u128, versions: [u64; 3] },
    /// A page of moves that lands as a whole or not at all.
    Page(Vec<(u128, u64)>),
    /// Acknowledges messages.
    Acknowledge(u64),
    /// Forgets receipts; the samples are kept until the 31st.
    Expire { late: bool },
    /// Closes the file and opens it again.
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let account = 1..5_u128;
    let version = 0..4_u64;
    prop_oneof![
        8 => (account.clone(), version.clone(), any::<bool>())
            .prop_map(|(n, version, keyed)| Step::Move { n, version, keyed }),
        3 => (account.clone(), 1..4_u64, proptest::option::of(1..4_u32),
              proptest::option::of(1..4_u32), 1..3_u128)
            .prop_map(|(n, version, due, late, holder)| {
                Step::Header { n, version, due, late, holder }
            }),
        3 => (account.clone(), version.clone(), -3..600_i64)
            .prop_map(|(n, version, amount)| Step::Planned { n, version, amount }),
        4 => (account.clone(), 1..4_u64, 2..6_u32)
            .prop_map(|(n, version, through)| Step::Accrue { n, version, through }),
        2 => (1..8_u32).prop_map(Step::EndOfDay),
        3 => (0..3_u8, version.clone(), proptest::option::of(0..2_u8))
            .prop_map(|(id, version, phone)| Step::Record { id, version, phone }),
        1 => (version.clone(), any::<u8>())
            .prop_map(|(version, body)| Step::Checkpoint { version, body }),
        3 => (account.clone(), proptest::array::uniform3(0..3_u64))
            .prop_map(|(n, versions)| Step::Guarded { n, versions }),
        3 => proptest::collection::vec((account, version), 1..4).prop_map(Step::Page),
        1 => (0..9_u64).prop_map(Step::Acknowledge),
        1 => any::<bool>().prop_map(|late| Step::Expire { late }),
        1 => Just(Step::Reopen),
    ]
}

fn some(version: u64) -> Option<u64> {
    Some(version).filter(|version| *version > 0)
}

fn commit_of(step: &Step) -> Option<Commit> {
    let mut commit = Commit::default();
    match step {
        Step::Move { n, version, keyed } => {
            commit = movement(*n, some(*version));
            if !keyed {
                commit.idempotency = None;
            }
        }
        Step::Header {
            n,
            version,
            due,
            late,
            holder,
        } => {
            let mut header = header(*n);
            header.next_work_on = due.map(day);
            header.in_arrears_since = late.map(day);
            header.holder = lending_core::ids::HolderId::new(*holder);
            let (id, state) = (AccountId::new(*n), vec![3]);
            commit.accounts = vec![AccountWrite {
                id,
                expected: some(*version),
                header,
                state,
            }];
        }
        Step::Planned { n, version, amount } => {
            let accounts = ("1300".parse().unwrap(), "4100".parse().unwrap());
            let amounts = [*amount, amount + 1, *amount];
            let posting = [AccrualPosting::Aggregated, AccrualPosting::PerAccount][*n as usize % 2];
            let plan = AccrualPlan::new(accounts, posting, day(2), &amounts).unwrap();
            let mut header = header(*n);
            header.next_work_on = plan.last().succ_opt();
            let (id, state) = (AccountId::new(*n), vec![4]);
            commit.accounts = vec![AccountWrite {
                id,
                expected: some(*version),
                header,
                state,
            }];
            commit.plans = vec![PlanWrite { account: id, plan }];
        }
        Step::Accrue {
            n,
            version,
            through,
        } => {
            commit.accruals = vec![AccrualWrite {
                account: AccountId::new(*n),
                expected: *version,
                through: day(*through),
                amount: 7,
            }];
        }
        Step::Record { id, version, phone } => {
            let key = |phone: &u8| IndexKey {
                name: "phone".into(),
                value: phone.to_string(),
            };
            let content = match phone {
                Some(phone) => RecordContent::Put {
                    body: vec![*phone],
                    keys: vec![key(phone)],
                },
                None => RecordContent::Erase,
            };
            commit.records = vec![RecordWrite {
                kind: "client".parse().unwrap(),
                id: format!("C-{id}").parse().unwrap(),
                expected: some(*version),
                content,
            }];
        }
        Step::Checkpoint { version, body } => {
            commit.checkpoints = vec![CheckpointWrite {
                job: "job".parse().unwrap(),
                expected: some(*version),
                body: vec![*body],
            }];
        }
        Step::Guarded { n, versions } => {
            let client = ("client".parse().unwrap(), "C-0".parse().unwrap());
            let subjects = [
                Subject::Account(AccountId::new(*n)),
                Subject::Record(Box::new(client)),
                Subject::Checkpoint(Box::new("job".parse().unwrap())),
            ];
            let guards = subjects.into_iter().zip(versions.map(some));
            commit.guards = guards
                .map(|(subject, expected)| Guard { subject, expected })
                .collect();
            commit.outbox = vec![Message {
                topic: "looked".into(),
                account: None,
                body: vec![],
            }];
        }
        Step::Page(moves) => {
            for (n, version) in moves {
                let mut part = movement(*n, some(*version));
                part.idempotency = None;
                commit.merge(part).unwrap();
            }
        }
        Step::EndOfDay(_) | Step::Acknowledge(_) | Step::Expire { .. } | Step::Reopen => {
            return None;
        }
    }
    Some(commit)
}

/// What the snapshot does not show: scans, records, the checkpoint, receipts.
fn rest(store: &mut dyn Store) -> String {
    let limit = core::num::NonZeroU32::new(2).unwrap();
    let mut text = String::new();
    for scan in [
        Scan::DueForWork {
            on_or_before: day(2),
        },
        Scan::InArrears,
        Scan::Holder(lending_core::ids::HolderId::new(1)),
        Scan::Product("MICRO".parse().unwrap()),
        Scan::Reference { prefix: None },
    ] {
        let mut after = None;
        loop {
            let mut page = Vec::new();
            store.accounts(&scan, after, limit, &mut page).unwrap();
            text += &format!("{scan:?} {page:?}\n");
            match page.last() {
                Some(last) => after = Some(scan.key_of(last)),
                None => break,
            }
        }
    }
    for date in 3..6 {
        let mut page = Vec::new();
        store.accruing(day(date), None, limit, &mut page).unwrap();
        text += &format!("{page:?}\n");
    }
    for n in 1..8 {
        text += &format!("{:?}\n", end_of_day::set_aside(store, day(n)).unwrap());
    }
    let kind = "client".parse().unwrap();
    for key in [None, Some("0"), Some("1")] {
        let key = key.map(|value| IndexKey {
            name: "phone".into(),
            value: value.into(),
        });
        let mut page = Vec::new();
        let all = core::num::NonZeroU32::MAX;
        store
            .records(&RecordScan { kind, key }, None, all, &mut page)
            .unwrap();
        text += &format!("{page:?}\n");
    }
    text += &format!("{:?}\n", store.checkpoint(&"job".parse().unwrap()).unwrap());
    for n in 1..5_u128 {
        for seq in 1..5_u128 {
            let key = IdempotencyKey::new((n << 64) | seq);
            text += &format!("{:?}\n", store.receipt(key).unwrap());
        }
    }
    text
}

/// The result as text; what a database adds to an error is not compared.
fn said<T: core::fmt::Debug>(result: Result<T, StoreError>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("{} {error}", error.code()),
    }
}

/// A day of an account: due again tomorrow, or planned for two days.
fn close(
    account: &StoredAccount,
    date: chrono::NaiveDate,
) -> Result<Option<AccountChange>, String> {
    if account.id.get() == 4 {
        return Err("nobody can decide account 4".into());
    }
    let mut header = account.header.clone();
    let accounts = ("1300".parse().unwrap(), "4100".parse().unwrap());
    let plan = AccrualPlan::new(accounts, AccrualPosting::Aggregated, date, &[3, 4]);
    let plan = plan.filter(|_| account.id.get().is_multiple_of(2));
    header.next_work_on = match &plan {
        Some(plan) => plan.last().succ_opt(),
        None => date.succ_opt(),
    };
    let mut change = AccountChange::new(header, account.state.clone());
    change.plan = plan;
    Ok(Some(change))
}

/// Does a step; what came of it.
fn perform(store: &mut dyn Store, step: &Step) -> String {
    match step {
        Step::Acknowledge(through) => said(store.acknowledge(*through)),
        Step::Expire { late } => {
            let today = if *late {
                day(31).succ_opt().unwrap()
            } else {
                day(31)
            };
            said(store.expire_receipts(today))
        }
        Step::EndOfDay(date) => {
            let plan = Plan {
                job: "end-of-day".parse().unwrap(),
                business_date: day(*date),
                page_size: core::num::NonZeroU32::new(2).unwrap(),
            };
            let ended = end_of_day::run(store, &plan, close, |_| ControlFlow::Continue(()));
            match ended {
                Ok(ended) => format!("{ended:?}"),
                Err(error) => format!("{} {error}", error.code()),
            }
        }
        Step::Reopen => String::new(),
        other => said(store.commit(&commit_of(other).unwrap())),
    }
}

/// The reference, and what it said to the last step.
#[derive(Clone, Debug, Default)]
struct Reference {
    memory: MemoryStore,
    said: String,
}

impl ReferenceStateMachine for Reference {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        step().boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        state.said = perform(&mut state.memory, step);
        state
    }
}

/// A file, and the store in it; closed while it is opened again.
struct InFile {
    folder: tempfile::TempDir,
    store: Option<SqliteStore>,
}

impl InFile {
    fn open(&mut self) {
        let options = Options {
            durability: storage_sqlite::Durability::ProcessCrash,
            ..Options::default()
        };
        self.store = None;
        let file = self.folder.path().join("a.db");
        self.store = Some(SqliteStore::open(file, &options).unwrap());
    }
}

struct Agreement;

impl StateMachineTest for Agreement {
    type SystemUnderTest = InFile;
    type Reference = Reference;

    fn init_test(_: &Reference) -> InFile {
        let folder = tempfile::tempdir().unwrap();
        let mut file = InFile {
            folder,
            store: None,
        };
        file.open();
        file
    }

    fn apply(mut file: InFile, reference: &Reference, step: Step) -> InFile {
        if matches!(step, Step::Reopen) {
            file.open();
        }
        let sqlite = file.store.as_mut().unwrap();
        let mut memory = reference.memory.clone();
        assert_eq!(perform(sqlite, &step), reference.said, "{step:?}");
        assert_eq!(snapshot(sqlite).unwrap(), snapshot(&mut memory).unwrap());
        assert_eq!(rest(sqlite), rest(&mut memory));
        file
    }

    fn teardown(file: InFile, _: Reference) {
        let findings = file.store.unwrap().verify(None).unwrap().findings;
        assert_eq!(findings, []);
    }
}

prop_state_machine! {
    #![proptest_config(runs(48))]

    #[test]
    fn memory_and_sqlite_agree_after_every_step(sequential 1..40 => Agreement);
}
