//! Accounts, their plans, and what is posted by plan.

use std::collections::BTreeMap;

use lending_core::store::{AccountWrite, AccrualPlan, Commit, StoreError, Subject, encode};
use rusqlite::{CachedStatement, params};

use super::{Lazy, Writer, bind};
use crate::{
    error::{backend, is_unique},
    plan::PlanRow,
    read,
    seen::Place,
    value::{to_day, to_integer},
};

impl Writer<'_> {
    /// Gives the number of accounts created.
    pub(super) fn accounts(&mut self, commit: &Commit) -> Result<u64, StoreError> {
        if commit.accounts.is_empty() {
            return Ok(0);
        }
        let plans: BTreeMap<_, _> = commit
            .plans
            .iter()
            .map(|write| (write.account, &write.plan))
            .collect();
        let mut created = 0;
        let mut update = UpdateAccount::new(self);
        let mut insert = self.lazy(
            "INSERT INTO account (id, version, kind, reference, holder, product, branch, currency,
                 standing, next_work_on, in_arrears_since,
                 principal, interest, fees, penalties, overdue, state)
             VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        );
        for write in &commit.accounts {
            let plan = plans.get(&write.id).copied();
            if let Some(place) = self.seen.take(write.id, write.expected)
                && update.run(&place, write, plan)?
            {
                self.rows.insert(write.id, place.row);
                continue;
            }
            let stored = read::place(self.connection, write.id)?;
            let found = stored.as_ref().map(|place| place.version);
            let stale = || {
                let (subject, expected) = (Subject::Account(write.id), write.expected);
                StoreError::Stale {
                    subject,
                    expected,
                    found,
                }
            };
            if found != write.expected {
                return Err(stale());
            }
            let row = match stored {
                Some(place) => {
                    if !update.run(&place, write, plan)? {
                        return Err(stale());
                    }
                    place.row
                }
                None => {
                    created += 1;
                    insert_account(insert.get()?, write)?;
                    let row = self.connection.last_insert_rowid();
                    if let Some(plan) = plan {
                        update.insert_plan((row, 1), write, plan)?;
                    }
                    row
                }
            };
            self.rows.insert(write.id, row);
        }
        Ok(created)
    }

    /// Moves accounts on that are posted by plan.
    pub(super) fn accruals(&mut self, commit: &Commit) -> Result<(), StoreError> {
        if commit.accruals.is_empty() {
            return Ok(());
        }
        let mut update = self.prepare(
            "UPDATE accrual SET version = ?2 + 1, posted_through = ?3, posted = posted + ?4
             WHERE id = ?1 AND version = ?2",
        )?;
        let mut through = None;
        for write in &commit.accruals {
            bind(&mut update, 1, write.account.to_bytes())?;
            bind(&mut update, 2, to_integer(write.expected)?)?;
            if through.replace(write.through) != Some(write.through) {
                bind(&mut update, 3, to_day(write.through))?;
            }
            bind(&mut update, 4, write.amount)?;
            let moved = update.raw_execute().map_err(backend)?;
            if moved == 1 {
                continue;
            }
            let found = read::version(self.connection, write.account)?;
            if found == Some(write.expected) {
                return Err(StoreError::no_plan(write.account));
            }
            return Err(StoreError::Stale {
                subject: Subject::Account(write.account),
                expected: Some(write.expected),
                found,
            });
        }
        Ok(())
    }
}

/// Three ways to update an account, because SQLite rewrites an index whenever a column of it is
/// mentioned: most changes touch no index, the end of day touches one. And three for its plan.
struct UpdateAccount<'c> {
    hot: Lazy<'c>,
    due: Lazy<'c>,
    whole: Lazy<'c>,
    plan_insert: Lazy<'c>,
    plan_update: Lazy<'c>,
    plan_delete: Lazy<'c>,
}

macro_rules! update_account {
    ($columns:literal) => {
        concat!(
            "UPDATE account SET version = ?10, standing = ?3, principal = ?4, interest = ?5,
                 fees = ?6, penalties = ?7, overdue = ?8, state = ?9",
            $columns,
            " WHERE row = ?1 AND version = ?2"
        )
    };
}

impl<'c> UpdateAccount<'c> {
    fn new(writer: &Writer<'c>) -> Self {
        Self {
            hot: writer.lazy(update_account!("")),
            due: writer.lazy(update_account!(", next_work_on = ?11")),
            whole: writer.lazy(update_account!(
                ", next_work_on = ?11, in_arrears_since = ?12, holder = ?13, product = ?14,
                   branch = ?15"
            )),
            plan_insert: writer.lazy(
                "INSERT INTO accrual (id, version, posted_through, posted, last, body)
                 VALUES (?1, ?2, ?3, 0, ?4, ?5)",
            ),
            plan_update: writer.lazy(
                "UPDATE accrual SET version = ?2, posted_through = ?3, posted = 0, last = ?4,
                     body = ?5
                 WHERE id = ?1 AND version = ?6",
            ),
            plan_delete: writer.lazy("DELETE FROM accrual WHERE id = ?1 AND version = ?2"),
        }
    }

    /// Gives whether the account was still at the version seen, and is now written.
    fn run(
        &mut self,
        seen: &Place,
        write: &AccountWrite,
        plan: Option<&AccrualPlan>,
    ) -> Result<bool, StoreError> {
        let version = seen.version.saturating_add(1);
        // The plan's row has the version when there is one: it is asked first.
        if seen.planned && !self.replace_plan(seen, write, plan)? {
            return Ok(false);
        }
        if !self.update(seen, write, version)? {
            return Ok(false);
        }
        match plan {
            Some(plan) if !seen.planned => self.insert_plan((seen.row, version), write, plan)?,
            _ => {}
        }
        Ok(true)
    }

    fn insert_plan(
        &mut self,
        (row, version): (i64, u64),
        write: &AccountWrite,
        plan: &AccrualPlan,
    ) -> Result<(), StoreError> {
        self.plan_insert
            .get()?
            .execute(params![
                write.id.to_bytes(),
                to_integer(version)?,
                to_day(plan.posted_through),
                to_day(plan.last()),
                encode(&PlanRow::of(&write.header, row, plan))?,
            ])
            .map_err(backend)?;
        Ok(())
    }

    /// Gives whether the plan was still at the version seen.
    fn replace_plan(
        &mut self,
        seen: &Place,
        write: &AccountWrite,
        plan: Option<&AccrualPlan>,
    ) -> Result<bool, StoreError> {
        let (id, expected) = (write.id.to_bytes(), to_integer(seen.version)?);
        let rows = match plan {
            None => self.plan_delete.get()?.execute(params![id, expected]),
            Some(plan) => self.plan_update.get()?.execute(params![
                id,
                expected + 1,
                to_day(plan.posted_through),
                to_day(plan.last()),
                encode(&PlanRow::of(&write.header, seen.row, plan))?,
                expected,
            ]),
        };
        Ok(rows.map_err(backend)? == 1)
    }

    /// Gives whether the account was still as it was written when it was seen.
    fn update(
        &mut self,
        seen: &Place,
        write: &AccountWrite,
        version: u64,
    ) -> Result<bool, StoreError> {
        let (old, new) = (&seen.header, &write.header);
        if !old.is_same_identity(new) {
            return Err(StoreError::IdentityChanged { account: write.id });
        }
        let quiet = (old.in_arrears_since, old.holder, old.product, old.branch)
            == (new.in_arrears_since, new.holder, new.product, new.branch);
        let moved = old.next_work_on != new.next_work_on;
        let statement = match (quiet, moved) {
            (true, false) => &mut self.hot,
            (true, true) => &mut self.due,
            (false, _) => &mut self.whole,
        };
        let statement = statement.get()?;
        let balances = &new.balances;
        bind(statement, 1, seen.row)?;
        bind(statement, 2, to_integer(seen.written)?)?;
        bind(statement, 3, new.standing.code())?;
        bind(statement, 4, balances.principal)?;
        bind(statement, 5, balances.interest)?;
        bind(statement, 6, balances.fees)?;
        bind(statement, 7, balances.penalties)?;
        bind(statement, 8, balances.overdue)?;
        bind(statement, 9, &write.state)?;
        bind(statement, 10, to_integer(version)?)?;
        if moved || !quiet {
            bind(statement, 11, new.next_work_on.map(to_day))?;
        }
        if !quiet {
            bind(statement, 12, new.in_arrears_since.map(to_day))?;
            bind(statement, 13, new.holder.to_bytes())?;
            bind(statement, 14, new.product.as_str())?;
            bind(statement, 15, new.branch.as_str())?;
        }
        Ok(statement.raw_execute().map_err(backend)? == 1)
    }
}

fn insert_account(
    insert: &mut CachedStatement<'_>,
    write: &AccountWrite,
) -> Result<(), StoreError> {
    let (header, balances) = (&write.header, &write.header.balances);
    insert
        .execute(params![
            write.id.to_bytes(),
            header.kind.code(),
            header.reference.as_str(),
            header.holder.to_bytes(),
            header.product.as_str(),
            header.branch.as_str(),
            header.currency.code(),
            header.standing.code(),
            header.next_work_on.map(to_day),
            header.in_arrears_since.map(to_day),
            balances.principal,
            balances.interest,
            balances.fees,
            balances.penalties,
            balances.overdue,
            write.state,
        ])
        .map(|_| ())
        .map_err(|error| match is_unique(&error) {
            // The id was looked up before: only the reference can be taken.
            true => StoreError::ReferenceTaken {
                reference: header.reference,
            },
            false => backend(error),
        })
}
