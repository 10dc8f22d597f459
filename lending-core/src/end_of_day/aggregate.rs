//! Transfers of a page, added up.

use alloc::{collections::BTreeMap, format, vec::Vec};

use chrono::NaiveDate;
use ledger::{BranchCode, Currency, EntryId, GlCode, JournalEntry, Money, entry::tags};
use sha2::{Digest, Sha256};

use super::{EndOfDayError, Plan, Transfer};
use crate::{
    ids::ProductId,
    store::{PostedEntry, StoreError},
};

/// What is summed into one entry: value date, product, branch, currency.
pub(super) type Group = (NaiveDate, ProductId, Option<BranchCode>, Currency);

/// The sums of a page, in the order in which they are posted.
#[derive(Debug, Default)]
pub(super) struct Sums(BTreeMap<Group, BTreeMap<(GlCode, GlCode), i128>>);

impl Sums {
    pub(super) fn add(&mut self, product: ProductId, transfer: &Transfer) {
        // Checked to be whole minor units before it came here.
        let Ok(minor) = transfer.amount.to_minor() else {
            return;
        };
        let group = (
            transfer.value_date,
            product,
            transfer.branch,
            transfer.amount.currency(),
        );
        self.add_minor(group, (transfer.debit, transfer.credit), minor);
    }

    pub(super) fn add_minor(&mut self, group: Group, pair: (GlCode, GlCode), minor: i128) {
        let sum = self.0.entry(group).or_default().entry(pair).or_default();
        // A page of 2^32 amounts of 63 bits stays below 127 bits.
        *sum = sum.saturating_add(minor);
    }

    /// How many entries the sums make.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// One entry for each value date, product, branch and currency.
    pub(super) fn entries(self, plan: &Plan, ids: &Ids) -> Result<Vec<PostedEntry>, EndOfDayError> {
        let mut entries = Vec::new();
        for (index, (group, pairs)) in (0_u32..).zip(self.0) {
            entries.push(entry(plan, ids, index, group, pairs)?);
        }
        Ok(entries)
    }
}

fn entry(
    plan: &Plan,
    ids: &Ids,
    index: u32,
    (value_date, product, branch, currency): Group,
    pairs: BTreeMap<(GlCode, GlCode), i128>,
) -> Result<PostedEntry, EndOfDayError> {
    let (id, page) = (ids.at(index)?, ids.page);
    let mut builder = JournalEntry::builder(id, value_date, plan.business_date)
        .reference(format!("{} {} page {page}", plan.job, plan.business_date))
        .tag(tags::PRODUCT, product.as_str());
    let mut last = None;
    for ((debit, credit), minor) in pairs {
        last = Some(debit);
        let range = || StoreError::AmountRange {
            gl: debit,
            currency,
        };
        let amount = Money::from_minor(minor, currency).map_err(|_| range())?;
        builder = builder.debit(debit, amount).credit(credit, amount);
    }
    if let Some(branch) = branch {
        builder = builder.branch(branch);
    }
    // Pairs balance by construction: only a sum beyond 63 bits can be refused here.
    let entry = builder.build().map_err(|error| match last {
        Some(gl) => StoreError::AmountRange { gl, currency },
        None => StoreError::Malformed {
            reason: "an aggregated entry",
            subject: format!("{error}"),
        },
    })?;
    Ok(PostedEntry {
        account: None,
        entry,
    })
}

/// The ids of the entries that the job makes in a page. They follow from job, date, page and place: a
/// second run collides instead of doubling.
///
/// From the top: milliseconds from 1970 to the business date (48 bits, as in UUIDv7, so that ids
/// grow with time), page (32), place in the page (16), hash of the job's name (32).
#[derive(Debug)]
pub(super) struct Ids {
    page: u32,
    /// The id of place 0.
    first: u128,
}

impl Ids {
    pub(super) fn new(plan: &Plan, page: u32) -> Self {
        let days = plan
            .business_date
            .signed_duration_since(NaiveDate::default())
            .num_days();
        let milliseconds = u128::from(days.max(0).unsigned_abs()).saturating_mul(86_400_000);
        let hash = Sha256::digest(plan.job.as_str().as_bytes());
        let job = hash
            .iter()
            .take(4)
            .fold(0_u128, |job, byte| (job << 8) | u128::from(*byte));
        let first = ((milliseconds & 0xFFFF_FFFF_FFFF) << 80) | (u128::from(page) << 48) | job;
        Self { page, first }
    }

    pub(super) fn at(&self, place: u32) -> Result<EntryId, EndOfDayError> {
        let place = u16::try_from(place).map_err(|_| EndOfDayError::TooMany {
            what: "entries made by the job in a page",
            most: u32::from(u16::MAX),
        })?;
        Ok(EntryId::new(self.first | (u128::from(place) << 32)))
    }
}
