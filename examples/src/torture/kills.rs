//! Writing processes that are killed.
//!
//! A child is this program again, see [`child`]. It says on its standard output what it has
//! acknowledged, so that its parent knows after the kill.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use lending_core::{
    end_of_day::EndOfDayError,
    ids::AccountId,
    store::{BalanceQuery, Store},
};
use storage_sqlite::{Head, Options, SqliteStore};

use super::{
    Tally, Trouble,
    workload::{Known, Script, Watched, finish, inspect},
};

/// Steps of a script that one writer works through.
const STEPS: usize = 120;

/// Writers at once in the other half of the rounds.
pub const WRITERS: u32 = 4;

/// Kills on one file at most: then the script is finished anyway.
const KILLS: u64 = 40;

/// What a child is to do.
#[derive(Clone, Debug)]
pub struct Task {
    /// The file to write to.
    pub file: PathBuf,
    /// The seed of its script.
    pub seed: u64,
    /// Which of several writers it is; none when it is alone.
    pub writer: Option<u32>,
}

impl Task {
    fn script(&self) -> Result<Script, Trouble> {
        match self.writer {
            None => Script::alone(self.seed, STEPS),
            Some(writer) => Script::shared(self.seed, STEPS, writer),
        }
        .map_err(Trouble::wrong)
    }
}

/// Works through its script and says what was acknowledged: `ack SEQUENCE:HASH THROUGH`.
///
/// # Errors
/// What the store fails with, in words.
pub fn child(task: &Task) -> Result<(), String> {
    let script = task.script().map_err(|trouble| format!("{trouble:?}"))?;
    let store = SqliteStore::open(&task.file, &Options::default()).map_err(|e| e.to_string())?;
    let mut out = io::stdout().lock();
    let mut heard = |head: &Head| {
        // A parent that is gone has nobody to tell.
        let _ = writeln!(out, "ack {head}").and_then(|()| out.flush());
    };
    let mut watched = Watched {
        store,
        heard: &mut heard,
        through: 0,
    };
    match script.perform(&mut watched) {
        Ok(()) => Ok(()),
        Err(EndOfDayError::Store(error)) => Err(error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// Starts this program as a child.
fn start(program: &Path, task: &Task) -> io::Result<Child> {
    let mut command = Command::new(program);
    command.arg("--child").arg(&task.file);
    command.arg("--seed").arg(task.seed.to_string());
    if let Some(writer) = task.writer {
        command.arg("--writer").arg(writer.to_string());
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Kills a child with SIGKILL; the commits it had acknowledged. A child that had finished or
/// failed by then says so.
fn kill(mut child: Child) -> Result<Vec<u64>, Trouble> {
    child.kill().map_err(Trouble::wrong)?;
    let output = child.wait_with_output().map_err(Trouble::wrong)?;
    if output.status.code().is_some_and(|code| code != 0) {
        return Err(Trouble::Wrong(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    let mut heard = Vec::new();
    for line in BufReader::new(output.stdout.as_slice()).lines() {
        let line = line.map_err(Trouble::wrong)?;
        // The last line may be cut off in the middle: it was not acknowledged.
        let whole = line
            .strip_prefix("ack ")
            .and_then(|rest| rest.split_once(':'));
        let Some((sequence, hash)) = whole.filter(|(_, hash)| hash.len() == 64) else {
            continue;
        };
        let _ = hash;
        heard.push(sequence.parse().map_err(Trouble::wrong)?);
    }
    Ok(heard)
}

/// Kills `kills` processes, half of them alone and half of them four at a time. `program` is this
/// program. `done` hears of every kill.
pub fn kills(program: &Path, kills: u64, seed: u64, done: &(dyn Fn() + Sync)) -> Tally {
    let mut tally = Tally::default();
    let mut random = fastrand::Rng::with_seed(seed);
    let alone = kills.div_ceil(2);
    while tally.faults < alone {
        let most = KILLS.min(alone - tally.faults);
        one_writer(program, most, &mut random, &mut tally, done);
    }
    while tally.faults < kills {
        let most = KILLS.min(kills - tally.faults);
        several_writers(program, most, &mut random, &mut tally, done);
    }
    tally
}

/// A moment of a child's life: its start, the making of the file, a commit, a checkpoint.
fn moment(random: &mut fastrand::Rng) -> Duration {
    Duration::from_micros(random.u64(500..60_000))
}

fn one_writer(
    program: &Path,
    most: u64,
    random: &mut fastrand::Rng,
    tally: &mut Tally,
    done: &(dyn Fn() + Sync),
) {
    let seed = random.u64(..u64::MAX / 2);
    let mut round = || -> Result<(), Trouble> {
        let folder = tempfile::tempdir_in(".").map_err(Trouble::wrong)?;
        let file = folder.path().join("store.sqlite");
        let task = Task {
            file: file.clone(),
            seed,
            writer: None,
        };
        let script = task.script()?;
        let heads = heads(&script, &folder.path().join("unbroken.sqlite"))?;
        let all = heads.len() as u64;
        let mut last = 0;
        for _ in 0..most {
            let child = start(program, &task).map_err(Trouble::wrong)?;
            std::thread::sleep(moment(random));
            let heard = kill(child)?;
            tally.faults += 1;
            tally.acknowledged += heard.len() as u64;
            done();
            last = heard.last().copied().unwrap_or(last).max(last);
            let mut store =
                SqliteStore::open(&file, &Options::default()).map_err(Trouble::wrong)?;
            let head = match last {
                0 => Head::EMPTY,
                last => heads[last as usize - 1],
            };
            // An acknowledgement of messages is repeated by the next child: it is not followed.
            inspect(&mut store, &Known { head, through: 0 }, &heads)?;
            last = store.head().map_err(Trouble::wrong)?.sequence;
            if last == all {
                break;
            }
        }
        let mut store = SqliteStore::open(&file, &Options::default()).map_err(Trouble::wrong)?;
        finish(&mut store, &script)
    };
    if let Err(trouble) = round() {
        tally.note(trouble, format_args!("one writer, seed {seed}"));
    }
}

/// The heads of an unbroken run.
fn heads(script: &Script, file: &Path) -> Result<Vec<Head>, Trouble> {
    let mut heads = Vec::new();
    let options = Options {
        durability: storage_sqlite::Durability::ProcessCrash,
        ..Options::default()
    };
    let mut heard = |head: &Head| heads.push(*head);
    let store = SqliteStore::open(file, &options).map_err(Trouble::wrong)?;
    let mut watched = Watched {
        store,
        heard: &mut heard,
        through: 0,
    };
    script.perform(&mut watched).map_err(Trouble::wrong)?;
    Ok(heads)
}

fn several_writers(
    program: &Path,
    most: u64,
    random: &mut fastrand::Rng,
    tally: &mut Tally,
    done: &(dyn Fn() + Sync),
) {
    let seed = random.u64(..u64::MAX / 2);
    let mut rounds = || -> Result<(), Trouble> {
        let folder = tempfile::tempdir_in(".").map_err(Trouble::wrong)?;
        let file = folder.path().join("store.sqlite");
        let tasks: Vec<Task> = (0..WRITERS)
            .map(|writer| Task {
                file: file.clone(),
                seed,
                writer: Some(writer),
            })
            .collect();
        let scripts = tasks
            .iter()
            .map(Task::script)
            .collect::<Result<Vec<_>, _>>()?;
        let all: u64 = scripts.iter().map(|script| script.steps.len() as u64).sum();
        let mut killed = 0;
        while killed < most {
            let children = tasks.iter().map(|task| start(program, task));
            let children: Vec<Child> =
                children.collect::<Result<_, _>>().map_err(Trouble::wrong)?;
            std::thread::sleep(moment(random) * 2);
            let mut last = 0;
            for child in children {
                let heard = kill(child)?;
                tally.acknowledged += heard.len() as u64;
                last = heard.last().copied().unwrap_or(0).max(last);
                killed += 1;
                tally.faults += 1;
                done();
            }
            let mut store =
                SqliteStore::open(&file, &Options::default()).map_err(Trouble::wrong)?;
            sound(&mut store, last)?;
            if store.head().map_err(Trouble::wrong)?.sequence == all {
                break;
            }
        }
        let mut store = SqliteStore::open(&file, &Options::default()).map_err(Trouble::wrong)?;
        for script in &scripts {
            script.perform(&mut store).map_err(Trouble::wrong)?;
        }
        same_accounts(&mut store, scripts)
    };
    if let Err(trouble) = rounds() {
        tally.note(trouble, format_args!("four writers, seed {seed}"));
    }
}

/// Nothing acknowledged is missing. Four writers' commits are numbered as they landed, without
/// gaps: the last number acknowledged says how many must be there.
fn sound(store: &mut SqliteStore, last: u64) -> Result<(), Trouble> {
    let verification = store.verify(None).map_err(Trouble::wrong)?;
    if !verification.is_sound() {
        return Err(Trouble::Wrong(format!("{:?}", verification.findings)));
    }
    let found = verification.head.sequence;
    if found < last {
        return Err(Trouble::Lost(format!(
            "{found} commits of {last} acknowledged"
        )));
    }
    Ok(())
}

/// The accounts, histories and balances of all scripts together, whatever their order was.
fn same_accounts(store: &mut SqliteStore, scripts: Vec<Script>) -> Result<(), Trouble> {
    let mut expected = BTreeMap::new();
    for mut script in scripts {
        for balance in script
            .reference
            .balances(&BalanceQuery::default())
            .map_err(Trouble::wrong)?
        {
            let key = (balance.gl, balance.branch, balance.currency);
            let sum: &mut (i128, i128) = expected.entry(key).or_default();
            *sum = (sum.0 + balance.debit, sum.1 + balance.credit);
        }
        let mut accounts = Vec::new();
        let scan = lending_core::store::Scan::All;
        script
            .reference
            .accounts(&scan, None, core::num::NonZeroU32::MAX, &mut accounts)
            .map_err(Trouble::wrong)?;
        for account in accounts {
            let histories = [&mut script.reference as &mut dyn Store, store]
                .map(|store| history(store, account.id));
            let found = store.account(account.id).map_err(Trouble::wrong)?;
            if found.as_ref() != Some(&account) || histories[0] != histories[1] {
                return Err(Trouble::Wrong(format!("account {} differs", account.id)));
            }
        }
    }
    let found = store
        .balances(&BalanceQuery::default())
        .map_err(Trouble::wrong)?;
    let found: BTreeMap<_, _> = found
        .iter()
        .map(|b| ((b.gl, b.branch, b.currency), (b.debit, b.credit)))
        .collect();
    if found == expected {
        Ok(())
    } else {
        Err(Trouble::Wrong(format!(
            "balances {found:?}, expected {expected:?}"
        )))
    }
}

fn history(
    store: &mut dyn Store,
    account: AccountId,
) -> Option<Vec<lending_core::store::StoredEvent>> {
    let mut events = Vec::new();
    store.events(account, None, &mut events).ok()?;
    Some(events)
}
