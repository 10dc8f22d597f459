//! Putting every transaction id into its class.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{BalanceProof, LedgerPosting, Notification, ReconcileError, Report, Window};
use crate::statement::Row;

/// Where a transaction occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    /// In all three.
    Matched,
    /// On the statement only: the callback never came.
    MissingCallback,
    /// On the statement and noticed, not in the ledger.
    NotPosted,
    /// On the statement and in the ledger, never noticed.
    PostedByHand,
    /// Noticed and in the ledger, not on the statement.
    NotSettled,
    /// Noticed only.
    NoticeOnly,
    /// In the ledger only.
    LedgerOnly,
}

/// What differs although the transaction was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Difference {
    /// Statement and notice name different amounts.
    NoticeAmount {
        /// On the statement.
        #[serde(with = "ledger::money::exact")]
        statement: Decimal,
        /// In the notice.
        #[serde(with = "ledger::money::exact")]
        notice: Decimal,
    },
    /// Statement and ledger have different amounts.
    LedgerAmount {
        /// On the statement.
        #[serde(with = "ledger::money::exact")]
        statement: Decimal,
        /// In the ledger.
        #[serde(with = "ledger::money::exact")]
        ledger: Decimal,
    },
    /// Statement and ledger have different fees.
    Fee {
        /// On the statement.
        #[serde(with = "ledger::money::exact")]
        statement: Decimal,
        /// In the ledger.
        #[serde(with = "ledger::money::exact")]
        ledger: Decimal,
    },
    /// Posted more than once under one id.
    PostedTwice {
        /// Number of postings.
        postings: usize,
    },
    /// The statement lists the same row more than once (overlapping files); it counts once.
    RowTwice {
        /// How often.
        rows: usize,
    },
    /// The statement takes it back in another row.
    ReversedBy {
        /// Id of that row.
        id: String,
    },
}

/// What to do about an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// A payment that may be invented or wrongly keyed: stop and look.
    Alarm,
    /// Amount or fee is wrong in the ledger: correct the posting.
    Correct,
    /// Post it: the statement proves the money.
    Post,
    /// Ask the provider.
    Enquire,
    /// Close to the cut-off: look again with the next statement.
    Wait,
    /// Nothing.
    None,
}

/// One transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What to do.
    pub action: Action,
    /// The provider's id.
    pub id: String,
    /// Where it occurs.
    pub class: Class,
    /// The first time known.
    pub at: DateTime<Utc>,
    /// Amount on the statement, without fee.
    #[serde(with = "ledger::money::exact::option")]
    pub statement: Option<Decimal>,
    /// Amount in the ledger.
    #[serde(with = "ledger::money::exact::option")]
    pub ledger: Option<Decimal>,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Everything known about one id.
#[derive(Default)]
struct Sides<'a> {
    rows: Vec<&'a Row>,
    rows_twice: usize,
    notices: Vec<&'a Notification>,
    postings: Vec<&'a LedgerPosting>,
}

/// Reconciles a window. `opening_difference` is the ledger's opening float less the statement's
/// opening balance. Rows, notices and postings outside of the window are left out.
///
/// # Errors
/// [`ReconcileError`].
pub fn reconcile(
    rows: &[Row],
    notices: &[Notification],
    postings: &[LedgerPosting],
    window: &Window,
    opening_difference: Decimal,
) -> Result<Report, ReconcileError> {
    if window.to <= window.from {
        return Err(ReconcileError::Window {
            from: window.from,
            to: window.to,
        });
    }
    let mut sides: BTreeMap<&str, Sides<'_>> = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|row| row.moved && window.covers(row.time))
    {
        let of_id = sides.entry(&row.id).or_default();
        if of_id.rows.iter().any(|known| same_row(known, row)) {
            of_id.rows_twice = of_id.rows_twice.saturating_add(1);
        } else {
            of_id.rows.push(row);
        }
    }
    for notice in notices.iter().filter(|notice| window.covers(notice.at)) {
        sides.entry(&notice.id).or_default().notices.push(notice);
    }
    for posting in postings.iter().filter(|posting| window.covers(posting.at)) {
        sides.entry(&posting.id).or_default().postings.push(posting);
    }
    let reversed_by: BTreeMap<&str, &str> = rows
        .iter()
        .filter(|row| row.moved && !row.linked.is_empty() && row.linked != row.id)
        .map(|row| (row.linked.as_str(), row.id.as_str()))
        .collect();
    let mut proof = BalanceProof {
        statement_moved: Decimal::ZERO,
        ledger_moved: Decimal::ZERO,
        unposted: Decimal::ZERO,
        not_on_statement: Decimal::ZERO,
        opening_difference,
    };
    let mut items = Vec::new();
    for (id, sides) in &sides {
        let item = sides.item(id, &reversed_by, window, &mut proof);
        items.push(item.ok_or_else(|| ReconcileError::Overflow { id: (*id).into() })?);
    }
    items.sort_by(|a, b| a.action.cmp(&b.action).then_with(|| a.id.cmp(&b.id)));
    Ok(Report { items, proof })
}

/// Whether two rows are one, listed twice: everything but the line is the same.
fn same_row(a: &Row, b: &Row) -> bool {
    let key = |row: &Row| {
        (
            row.time,
            row.amount,
            row.fee,
            row.balance,
            row.balance_before,
        )
    };
    key(a) == key(b) && a.reason == b.reason
}

/// Principal and fee of a transaction's rows. A charge row shares the id of its principal row and
/// links to it or stands beside it with the same sign of movement; a lone row is principal.
fn principal_and_fee(rows: &[&Row]) -> Option<(Decimal, Decimal)> {
    let charge = |row: &Row| {
        let reason = row.reason.to_ascii_lowercase();
        rows.len() > 1 && row.amount < Decimal::ZERO && reason.contains("charge")
    };
    let (mut principal, mut fee) = (Decimal::ZERO, Decimal::ZERO);
    for row in rows {
        fee = fee.checked_add(row.fee)?;
        if charge(row) {
            fee = fee.checked_add(row.amount.abs())?;
        } else {
            principal = principal.checked_add(row.amount)?;
        }
    }
    Some((principal, fee))
}

impl Sides<'_> {
    fn item(
        &self,
        id: &str,
        reversed_by: &BTreeMap<&str, &str>,
        window: &Window,
        proof: &mut BalanceProof,
    ) -> Option<Item> {
        let (principal, fee) = principal_and_fee(&self.rows)?;
        let (mut posted, mut posted_fee) = (Decimal::ZERO, Decimal::ZERO);
        for posting in &self.postings {
            posted = posted.checked_add(posting.amount)?;
            posted_fee = posted_fee.checked_add(posting.fee)?;
        }
        let on_statement = principal.checked_sub(fee)?;
        let in_ledger = posted.checked_sub(posted_fee)?;
        proof.statement_moved = proof.statement_moved.checked_add(on_statement)?;
        proof.ledger_moved = proof.ledger_moved.checked_add(in_ledger)?;
        if self.rows.is_empty() {
            proof.not_on_statement = proof.not_on_statement.checked_add(in_ledger)?;
        } else {
            let missing = on_statement.checked_sub(in_ledger)?;
            proof.unposted = proof.unposted.checked_add(missing)?;
        }
        let class = self.class();
        let mut differences = self.differences((principal, fee), (posted, posted_fee));
        if let Some(by) = reversed_by.get(id) {
            differences.push(Difference::ReversedBy { id: (*by).into() });
        }
        let at = self.first_time()?;
        Some(Item {
            action: action(class, &differences, window.is_edge(at)),
            id: id.into(),
            class,
            at,
            statement: (!self.rows.is_empty()).then_some(principal),
            ledger: (!self.postings.is_empty()).then_some(posted),
            differences,
        })
    }

    fn class(&self) -> Class {
        let has = (
            !self.rows.is_empty(),
            !self.notices.is_empty(),
            !self.postings.is_empty(),
        );
        match has {
            (true, true, true) => Class::Matched,
            (true, false, false) => Class::MissingCallback,
            (true, true, false) => Class::NotPosted,
            (true, false, true) => Class::PostedByHand,
            (false, true, true) => Class::NotSettled,
            (false, true, false) => Class::NoticeOnly,
            (false, false, _) => Class::LedgerOnly,
        }
    }

    fn first_time(&self) -> Option<DateTime<Utc>> {
        let rows = self.rows.iter().map(|row| row.time);
        let notices = self.notices.iter().map(|notice| notice.at);
        let postings = self.postings.iter().map(|posting| posting.at);
        rows.chain(notices).chain(postings).min()
    }

    fn differences(
        &self,
        (principal, fee): (Decimal, Decimal),
        (posted, posted_fee): (Decimal, Decimal),
    ) -> Vec<Difference> {
        let mut found = Vec::new();
        if self.postings.len() > 1 {
            found.push(Difference::PostedTwice {
                postings: self.postings.len(),
            });
        }
        if self.rows.is_empty() {
            return found;
        }
        if self.rows_twice > 0 {
            found.push(Difference::RowTwice {
                rows: self.rows_twice.saturating_add(1),
            });
        }
        for notice in self.notices.iter().filter_map(|notice| notice.amount) {
            if notice != principal {
                found.push(Difference::NoticeAmount {
                    statement: principal,
                    notice,
                });
            }
        }
        if !self.postings.is_empty() && posted != principal {
            found.push(Difference::LedgerAmount {
                statement: principal,
                ledger: posted,
            });
        }
        if !self.postings.is_empty() && posted_fee != fee {
            found.push(Difference::Fee {
                statement: fee,
                ledger: posted_fee,
            });
        }
        found
    }
}

fn action(class: Class, differences: &[Difference], edge: bool) -> Action {
    let wrong = differences.iter().any(|difference| {
        matches!(
            difference,
            Difference::LedgerAmount { .. }
                | Difference::Fee { .. }
                | Difference::PostedTwice { .. }
        )
    });
    let unlike = differences
        .iter()
        .any(|difference| matches!(difference, Difference::NoticeAmount { .. }));
    match class {
        Class::LedgerOnly if edge => Action::Wait,
        Class::LedgerOnly => Action::Alarm,
        Class::NotSettled | Class::NoticeOnly if edge => Action::Wait,
        Class::NotSettled | Class::NoticeOnly => Action::Enquire,
        Class::MissingCallback | Class::NotPosted => Action::Post,
        _ if wrong => Action::Correct,
        _ if unlike => Action::Enquire,
        Class::Matched | Class::PostedByHand => Action::None,
    }
}
