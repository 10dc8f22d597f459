//! The steps of one date.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::{Decided, Decision, EndOfDayError, Page, Plan, Progress, page::Last};
use crate::{
    ids::AccountId,
    store::{
        Accruing, CheckpointWrite, Commit, PageKey, Scan, Store, StoreError, StoredAccount,
        Subject, decode, encode,
    },
};

/// How often a page is decided anew because accounts of it were written meanwhile.
const ATTEMPTS: u32 = 100;

/// A date that is being run.
#[derive(Debug)]
pub struct Run {
    plan: Plan,
    progress: Progress,
    version: Option<u64>,
    read_after: Option<PageKey>,
    accruing_after: Option<AccountId>,
    /// Whether every page of those due has been read.
    due_read: bool,
    pages_read: u32,
}

/// What opening a date finds.
#[derive(Debug)]
pub enum Opened {
    /// There is something to do.
    Run(Run),
    /// The date was done before.
    AlreadyDone(Progress),
}

impl Run {
    /// Begins a date, or goes on where an earlier run of it ended.
    ///
    /// # Errors
    /// [`EndOfDayError::DateBackwards`], [`EndOfDayError::Unfinished`], or the store's.
    pub fn open(store: &mut dyn Store, plan: &Plan) -> Result<Opened, EndOfDayError> {
        let given = plan.business_date;
        let Some(checkpoint) = store.checkpoint(&plan.job)? else {
            return Ok(Opened::Run(Self::new(*plan, Progress::start(plan), None)));
        };
        let earlier: Progress = decode(&checkpoint.body)?;
        let last = earlier.business_date;
        if given < last {
            return Err(EndOfDayError::DateBackwards { given, last });
        }
        if given > last && !earlier.done {
            return Err(EndOfDayError::Unfinished {
                given,
                unfinished: last,
            });
        }
        if given == last && earlier.done {
            return Ok(Opened::AlreadyDone(earlier));
        }
        let progress = if given == last {
            earlier
        } else {
            Progress::start(plan)
        };
        Ok(Opened::Run(Self::new(
            *plan,
            progress,
            Some(checkpoint.version),
        )))
    }

    const fn new(mut plan: Plan, progress: Progress, version: Option<u64>) -> Self {
        // The same pages as before, or the page numbers in the ids would mean something else.
        plan.page_size = progress.page_size;
        Self {
            plan,
            version,
            read_after: progress.after,
            accruing_after: progress.accrued_after,
            due_read: progress.accrued_after.is_some(),
            pages_read: progress.pages,
            progress,
        }
    }

    /// How far the date has come: what has landed.
    #[must_use]
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The next page; none when all have been read: first the accounts due, then those that are
    /// posted by plan. Pages may be read before the ones in front of them have landed.
    ///
    /// # Errors
    /// When the store fails; [`EndOfDayError::TooMany`] beyond 2^32 pages.
    pub fn read_page(&mut self, store: &mut dyn Store) -> Result<Option<Page>, EndOfDayError> {
        let (mut accounts, mut accruing) = (Vec::new(), Vec::new());
        let limit = self.plan.page_size;
        if !self.due_read {
            let scan = self.scan();
            store.accounts(&scan, self.read_after, limit, &mut accounts)?;
            if let Some(last) = accounts.last().map(|account| scan.key_of(account)) {
                self.read_after = Some(last);
                return self.page(accounts, accruing, Last::Due(last)).map(Some);
            }
            self.due_read = true;
        }
        let after = self.accruing_after;
        store.accruing(self.plan.business_date, after, limit, &mut accruing)?;
        let Some(last) = accruing.last().map(|accruing| accruing.account) else {
            return Ok(None);
        };
        self.accruing_after = Some(last);
        self.page(accounts, accruing, Last::Accruing { after, last })
            .map(Some)
    }

    fn page(
        &mut self,
        accounts: Vec<StoredAccount>,
        accruing: Vec<Accruing>,
        last: Last,
    ) -> Result<Page, EndOfDayError> {
        let too_many = || EndOfDayError::TooMany {
            what: "pages",
            most: u32::MAX,
        };
        let number = self.pages_read.checked_add(1).ok_or_else(too_many)?;
        self.pages_read = number;
        Ok(Page {
            plan: self.plan,
            number,
            accounts,
            accruing,
            last,
        })
    }

    const fn scan(&self) -> Scan {
        Scan::DueForWork {
            on_or_before: self.plan.business_date,
        }
    }

    /// Lands a page with its decisions and the checkpoint, all of it or nothing.
    ///
    /// `decide` is asked again when an account was written by someone else meanwhile: the account
    /// is read anew, and the page decided anew. An account that cannot land through its own fault
    /// is set aside.
    ///
    /// # Errors
    /// [`EndOfDayError::Page`] out of order; [`EndOfDayError::Concurrent`]; or the store's.
    pub fn commit_page(
        &mut self,
        store: &mut dyn Store,
        page: Page,
        decisions: Vec<Decision>,
        decide: &mut dyn FnMut(&StoredAccount) -> Decision,
    ) -> Result<&Progress, EndOfDayError> {
        self.check_order(&page, decisions.len())?;
        let decided = page.decided(decisions)?;
        self.commit_decided(store, page, decided, decide)
    }

    /// As [`Run::commit_page`] with a page whose content was made before, see [`Page::decided`].
    ///
    /// # Errors
    /// As [`Run::commit_page`].
    pub fn commit_decided(
        &mut self,
        store: &mut dyn Store,
        mut page: Page,
        decided: Decided,
        decide: &mut dyn FnMut(&StoredAccount) -> Decision,
    ) -> Result<&Progress, EndOfDayError> {
        self.check_order(&page, page.accounts.len())?;
        let mut faults = BTreeMap::new();
        let mut next = Some(decided);
        let mut attempt = 0;
        loop {
            let decided = match next.take() {
                Some(decided) => decided,
                None => {
                    let fault = |account: &StoredAccount| faults.get(&account.id).cloned();
                    let again = |account| fault(account).map_or_else(|| decide(account), Err);
                    page.decided(page.accounts.iter().map(again).collect())?
                }
            };
            let (mut commit, progress) = (decided.commit, decided.counted.on(&self.progress));
            commit.checkpoints = vec![self.checkpoint(&progress)?];
            match store.commit(&commit) {
                Ok(_) => {
                    self.landed(progress);
                    return Ok(&self.progress);
                }
                Err(error) => {
                    attempt = u32::saturating_add(attempt, 1);
                    self.recover(store, &mut page, &commit, error, &mut faults, attempt)?;
                }
            }
        }
    }

    /// Pages land in their order, each with a decision for every account.
    fn check_order(&self, page: &Page, decisions: usize) -> Result<(), EndOfDayError> {
        let (expected, accounts) = (self.progress.pages.saturating_add(1), page.accounts.len());
        if page.number == expected && accounts == decisions {
            return Ok(());
        }
        Err(EndOfDayError::Page {
            given: page.number,
            expected,
            accounts,
            decisions,
        })
    }

    fn landed(&mut self, progress: Progress) {
        self.progress = progress;
        self.version = Some(self.version.unwrap_or(0).saturating_add(1));
    }

    /// Makes the page ready for another attempt, or gives up.
    fn recover(
        &self,
        store: &mut dyn Store,
        page: &mut Page,
        commit: &Commit,
        error: StoreError,
        faults: &mut BTreeMap<AccountId, String>,
        attempt: u32,
    ) -> Result<(), EndOfDayError> {
        match &error {
            StoreError::Stale {
                subject: Subject::Checkpoint(_),
                ..
            } => {
                return Err(EndOfDayError::Concurrent { job: self.plan.job });
            }
            StoreError::Stale {
                subject: Subject::Account(stale),
                ..
            } if attempt < ATTEMPTS => {
                if let Last::Accruing { after, last } = page.last {
                    page.accruing = self.read_accruing(store, after, last)?;
                    return Ok(());
                }
                let fresh = store.account(*stale)?;
                let Some(at) = page
                    .accounts
                    .iter()
                    .position(|account| account.id == *stale)
                else {
                    return Err(error.into());
                };
                match fresh.filter(|account| self.scan().includes(account)) {
                    Some(account) => {
                        if let Some(place) = page.accounts.get_mut(at) {
                            *place = account;
                        }
                    }
                    // Whoever wrote it has done the day's work as well.
                    None => drop(page.accounts.remove(at)),
                }
                return Ok(());
            }
            _ => {}
        }
        let at_fault = match &error {
            StoreError::DuplicateEntry { id } => commit
                .entries
                .iter()
                .find(|posted| posted.entry.id() == *id)
                .and_then(|posted| posted.account),
            StoreError::Stale { .. } => None,
            other => other.account(),
        };
        match at_fault {
            Some(account) if faults.insert(account, error.to_string()).is_none() => Ok(()),
            _ => Err(error.into()),
        }
    }

    /// The accounts posted by plan from behind `after` through `last`, as they are now.
    fn read_accruing(
        &self,
        store: &mut dyn Store,
        mut after: Option<AccountId>,
        last: AccountId,
    ) -> Result<Vec<Accruing>, StoreError> {
        let mut found = Vec::new();
        loop {
            let before = found.len();
            let (date, limit) = (self.plan.business_date, self.plan.page_size);
            store.accruing(date, after, limit, &mut found)?;
            match found.last().map(|accruing| accruing.account) {
                Some(reached) if found.len() > before && reached < last => after = Some(reached),
                _ => break,
            }
        }
        found.retain(|accruing| accruing.account <= last);
        Ok(found)
    }

    fn checkpoint(&self, progress: &Progress) -> Result<CheckpointWrite, EndOfDayError> {
        Ok(CheckpointWrite {
            job: self.plan.job,
            expected: self.version,
            body: encode(progress)?,
        })
    }

    /// Marks the date as done, once every page has landed.
    ///
    /// # Errors
    /// [`EndOfDayError::Page`] when a page that was read has not landed;
    /// [`EndOfDayError::Concurrent`]; or the store's.
    pub fn finish(mut self, store: &mut dyn Store) -> Result<Progress, EndOfDayError> {
        if self.pages_read != self.progress.pages {
            let (given, expected) = (self.pages_read, self.progress.pages);
            return Err(EndOfDayError::Page {
                given,
                expected,
                accounts: 0,
                decisions: 0,
            });
        }
        let done = Progress {
            done: true,
            ..self.progress
        };
        let checkpoints = vec![self.checkpoint(&done)?];
        match store.commit(&Commit {
            checkpoints,
            ..Commit::default()
        }) {
            Ok(_) => {
                self.landed(done);
                Ok(self.progress)
            }
            Err(StoreError::Stale { .. }) => Err(EndOfDayError::Concurrent { job: self.plan.job }),
            Err(error) => Err(error.into()),
        }
    }
}
