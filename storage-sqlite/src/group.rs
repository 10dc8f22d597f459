//! Group commit: many callers, one durable write.

use std::{
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    thread::JoinHandle,
};

use lending_core::store::{BackendKind, Commit, Outcome, StoreError};

use crate::{error::trouble, open::SqliteStore};

/// How many commits wait in the queue before a caller has to wait for a place.
const QUEUE: usize = 1_024;

/// How many commits land in one transaction at most.
const GROUP: usize = 256;

type Answer = Result<Outcome, StoreError>;

struct Request {
    commit: Commit,
    answer: Sender<Answer>,
}

/// A writer thread that lands whatever waits in one transaction, in the order of arrival, and
/// answers each caller once it is on the disk.
///
/// Every commit keeps its own fate: one that is refused leaves the others of its group alone. When
/// the disk fails, every caller of the group hears it and nothing of the group counts.
///
/// Every caller takes a [`Handle`] from [`GroupCommit::handle`]. The store is given back by
/// [`GroupCommit::close`] when all handles are gone.
///
/// ```
/// use lending_core::store::Commit;
/// use storage_sqlite::{GroupCommit, SqliteStore};
/// let group = GroupCommit::start(SqliteStore::in_memory()?)?;
/// std::thread::scope(|scope| {
///     for _ in 0..4 {
///         let handle = group.handle();
///         scope.spawn(move || handle.commit(Commit::default()).unwrap());
///     }
/// });
/// let store = group.close()?;
/// assert_eq!(store.head()?.sequence, 4);
/// # Ok::<(), lending_core::store::StoreError>(())
/// ```
#[derive(Debug)]
pub struct GroupCommit {
    queue: SyncSender<Request>,
    writer: JoinHandle<SqliteStore>,
}

/// A caller's way into the queue.
#[derive(Clone, Debug)]
pub struct Handle {
    queue: SyncSender<Request>,
}

impl GroupCommit {
    /// Starts the writer.
    ///
    /// # Errors
    /// [`StoreError::Backend`] when no thread can be started.
    pub fn start(store: SqliteStore) -> Result<Self, StoreError> {
        let (queue, requests) = sync_channel(QUEUE);
        let writer = std::thread::Builder::new()
            .name("group-commit".into())
            .spawn(move || write(store, &requests))
            .map_err(|error| trouble(BackendKind::Other, error.to_string()))?;
        Ok(Self { queue, writer })
    }

    /// A handle for one more caller.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle {
            queue: self.queue.clone(),
        }
    }

    /// Waits until every handle is gone and everything has landed, and gives the store back.
    ///
    /// # Errors
    /// [`StoreError::Backend`] when the writer has died.
    pub fn close(self) -> Result<SqliteStore, StoreError> {
        drop(self.queue);
        self.writer.join().map_err(|_| gone())
    }
}

impl Handle {
    /// Lands a commit, durably before it returns.
    ///
    /// # Errors
    /// As [`Store::commit`](lending_core::store::Store::commit).
    pub fn commit(&self, commit: Commit) -> Answer {
        let (answer, reply) = channel();
        self.queue
            .send(Request { commit, answer })
            .map_err(|_| gone())?;
        reply.recv().map_err(|_| gone())?
    }
}

fn gone() -> StoreError {
    trouble(BackendKind::Other, "the writer of the group commit is gone")
}

/// Takes what waits, lands it, answers; until every handle is gone.
fn write(mut store: SqliteStore, requests: &Receiver<Request>) -> SqliteStore {
    let (mut commits, mut answers) = (Vec::new(), Vec::new());
    while let Ok(first) = requests.recv() {
        let mut next = Some(first);
        while let Some(Request { commit, answer }) = next.take() {
            commits.push(commit);
            answers.push(answer);
            if commits.len() < GROUP {
                next = requests.try_recv().ok();
            }
        }
        let outcomes = match store.write_group(&commits) {
            Ok(outcomes) => outcomes,
            Err(error) => answers.iter().map(|_| Err(same_trouble(&error))).collect(),
        };
        for (answer, outcome) in answers.drain(..).zip(outcomes) {
            // A caller that no longer listens has no use for the answer.
            let _ = answer.send(outcome);
        }
        commits.clear();
    }
    store
}

/// The same trouble for every caller of the group.
fn same_trouble(error: &StoreError) -> StoreError {
    match error {
        StoreError::Backend { kind, message, .. } => trouble(*kind, message.clone()),
        other => trouble(BackendKind::Other, other.to_string()),
    }
}
