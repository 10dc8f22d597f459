//! Random sequences of commands: the reference store and SQLite agree after every step.

mod common;

use common::{day, header, movement};
use lending_core::{
    ids::{AccountId, IdempotencyKey},
    store::{conformance::snapshot, *},
};
use proptest::prelude::*;
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
    /// Puts (or erases) a client found under a phone number.
    Record {
        id: u8,
        version: u64,
        phone: Option<u8>,
    },
    /// Saves the progress of a job.
    Checkpoint { version: u64, body: u8 },
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
        3 => (0..3_u8, version.clone(), proptest::option::of(0..2_u8))
            .prop_map(|(id, version, phone)| Step::Record { id, version, phone }),
        1 => (version.clone(), any::<u8>())
            .prop_map(|(version, body)| Step::Checkpoint { version, body }),
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
        Step::Page(moves) => {
            for (n, version) in moves {
                let mut part = movement(*n, some(*version));
                part.idempotency = None;
                commit.merge(part).unwrap();
            }
        }
        Step::Acknowledge(_) | Step::Expire { .. } | Step::Reopen => return None,
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn memory_and_sqlite_agree(steps in proptest::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let options = Options {
            durability: storage_sqlite::Durability::ProcessCrash,
            ..Options::default()
        };
        let mut memory = MemoryStore::new();
        let mut sqlite = SqliteStore::open(&path, &options).unwrap();
        for step in &steps {
            let (expected, found) = match step {
                Step::Acknowledge(through) => {
                    (said(memory.acknowledge(*through)), said(sqlite.acknowledge(*through)))
                }
                Step::Expire { late } => {
                    let today = if *late { day(31).succ_opt().unwrap() } else { day(31) };
                    (said(memory.expire_receipts(today)), said(sqlite.expire_receipts(today)))
                }
                Step::Reopen => {
                    drop(sqlite);
                    sqlite = SqliteStore::open(&path, &options).unwrap();
                    (String::new(), String::new())
                }
                other => {
                    let commit = commit_of(other).unwrap();
                    (said(memory.commit(&commit)), said(sqlite.commit(&commit)))
                }
            };
            prop_assert_eq!(found, expected, "{:?}", step);
            prop_assert_eq!(snapshot(&mut sqlite).unwrap(), snapshot(&mut memory).unwrap());
            prop_assert_eq!(rest(&mut sqlite), rest(&mut memory));
        }
        let findings = sqlite.verify(None).unwrap().findings;
        prop_assert!(findings.is_empty(), "{:?}", findings);
    }
}
