//! What to run, and how far it has come.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::num::NonZeroU32;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::EndOfDayError;
use crate::{
    ids::{AccountId, AccountRef, JobId, RecordId, RecordKind},
    store::{
        IndexKey, PageKey, RecordContent, RecordScan, RecordWrite, Store, StoreError, Stored,
        decode, encode,
    },
};

/// The kind of the records that list accounts set aside.
const SET_ASIDE: &str = "set-aside";

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The name progress is kept under.
    pub job: JobId,
    /// The date to run.
    pub business_date: NaiveDate,
    /// Accounts a page. A date begun with another size is finished with that one.
    pub page_size: NonZeroU32,
}

impl Plan {
    /// A date with pages of 10,000 accounts.
    #[must_use]
    pub fn new(job: JobId, business_date: NaiveDate) -> Self {
        let page_size = NonZeroU32::new(10_000).unwrap_or(NonZeroU32::MIN);
        Self {
            job,
            business_date,
            page_size,
        }
    }
}

/// How far a date has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The date.
    pub business_date: NaiveDate,
    /// Accounts a page.
    pub page_size: NonZeroU32,
    /// Whether every page has landed.
    pub done: bool,
    /// Pages landed.
    pub pages: u32,
    /// The last account of the last page of those due.
    pub after: Option<PageKey>,
    /// The last account of the last page of those posted by plan, which come behind those due.
    pub accrued_after: Option<AccountId>,
    /// Accounts looked at.
    pub seen: u64,
    /// Accounts changed.
    pub changed: u64,
    /// Accounts posted by plan.
    pub accrued: u64,
    /// Accounts set aside.
    pub set_aside: u64,
}

impl Stored for Progress {
    const FORMAT: u8 = 1;
}

impl Progress {
    pub(super) const fn start(plan: &Plan) -> Self {
        Self {
            business_date: plan.business_date,
            page_size: plan.page_size,
            done: false,
            pages: 0,
            after: None,
            accrued_after: None,
            seen: 0,
            changed: 0,
            accrued: 0,
            set_aside: 0,
        }
    }
}

/// How a run ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The date is done.
    Done(Progress),
    /// The date was done before: nothing was written.
    AlreadyDone(Progress),
    /// The caller stopped it between two pages.
    Stopped(Progress),
}

impl Ended {
    /// The progress at the end.
    #[must_use]
    pub const fn progress(&self) -> &Progress {
        match self {
            Self::Done(progress) | Self::AlreadyDone(progress) | Self::Stopped(progress) => {
                progress
            }
        }
    }
}

/// How far a job has come with its last date; none before its first.
///
/// # Errors
/// When the store fails or the progress cannot be read.
pub fn progress(store: &mut dyn Store, job: &JobId) -> Result<Option<Progress>, EndOfDayError> {
    match store.checkpoint(job)? {
        Some(checkpoint) => Ok(Some(decode(&checkpoint.body)?)),
        None => Ok(None),
    }
}

/// An account that a date left as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The date.
    pub business_date: NaiveDate,
    /// The account.
    pub account: AccountId,
    /// Its number.
    pub reference: AccountRef,
    /// Why.
    pub reason: String,
}

impl Stored for SetAside {
    const FORMAT: u8 = 1;
}

impl SetAside {
    /// The record that keeps it, found by date and by account.
    pub(super) fn write(&self) -> Result<RecordWrite, EndOfDayError> {
        let id = format!("{}.{}", self.business_date, self.account);
        let key = |name: &str, value| IndexKey {
            name: name.into(),
            value,
        };
        let keys = vec![
            key("date", self.business_date.to_string()),
            key("account", self.account.to_string()),
        ];
        let content = RecordContent::Put {
            body: encode(self)?,
            keys,
        };
        Ok(RecordWrite {
            kind: kind()?,
            id: id.parse().map_err(never)?,
            expected: None,
            content,
        })
    }
}

fn kind() -> Result<RecordKind, EndOfDayError> {
    SET_ASIDE.parse().map_err(never)
}

/// Names made here are always well formed.
fn never(error: crate::ids::IdError) -> EndOfDayError {
    StoreError::Malformed {
        reason: "a name made by the end of day",
        subject: error.to_string(),
    }
    .into()
}

/// The accounts that a date set aside, by account.
///
/// # Errors
/// When the store fails or a record cannot be read.
pub fn set_aside(
    store: &mut dyn Store,
    business_date: NaiveDate,
) -> Result<Vec<SetAside>, EndOfDayError> {
    let key = IndexKey {
        name: "date".into(),
        value: business_date.to_string(),
    };
    let scan = RecordScan {
        kind: kind()?,
        key: Some(key),
    };
    let limit = NonZeroU32::new(1_000).unwrap_or(NonZeroU32::MIN);
    let (mut after, mut found): (Option<RecordId>, _) = (None, Vec::new());
    loop {
        let mut page = Vec::new();
        store.records(&scan, after.as_ref(), limit, &mut page)?;
        for record in &page {
            found.push(decode(&record.body)?);
        }
        match page.last() {
            Some(last) => after = Some(last.id),
            None => return Ok(found),
        }
    }
}
