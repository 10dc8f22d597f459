//! Accounts, their histories and their plans.

use core::num::NonZeroU32;

use chrono::NaiveDate;
use lending_core::{
    ids::{AccountId, AccountRef, HolderId},
    store::{
        AccountHeader, AccountKind, Accruing, Balances, PageKey, Scan, Standing, StoreError,
        StoredAccount, StoredEvent, decode,
    },
};
use rusqlite::{Connection, Row};

use super::{collect, find};
use crate::{
    error::{backend, corrupt},
    plan::PlanRow,
    seen::{Place, Seen},
    value::{Columns, to_date, to_day},
};

/// The columns that [`account_of`] and [`place_of`] read.
macro_rules! account_columns {
    () => {
        "SELECT account.id, coalesce(accrual.version, account.version), kind, reference, holder,
                product, branch, currency, standing, next_work_on, in_arrears_since, principal,
                interest + coalesce(posted, 0), fees, penalties, overdue,
                account.row, account.version, posted_through, posted, body, state
         FROM account LEFT JOIN accrual ON accrual.id = account.id "
    };
}

/// The header in a row that has its columns from `at` on.
fn header_of(row: &Row<'_>, at: usize) -> Result<AccountHeader, StoreError> {
    let small =
        |column| u8::try_from(row.integer(column)?).map_err(|_| corrupt("a code is out of range"));
    let kind = small(at)?;
    let standing = small(at + 6)?;
    Ok(AccountHeader {
        kind: AccountKind::from_code(kind)
            .ok_or_else(|| corrupt(format!("{kind} is no kind of account")))?,
        reference: row.code(at + 1)?,
        holder: HolderId::new(row.id(at + 2)?),
        product: row.code(at + 3)?,
        branch: row.code(at + 4)?,
        currency: row.code(at + 5)?,
        standing: Standing::from_code(standing)
            .ok_or_else(|| corrupt(format!("{standing} is no standing")))?,
        next_work_on: row.optional_date(at + 7)?,
        in_arrears_since: row.optional_date(at + 8)?,
        balances: Balances {
            principal: row.integer(at + 9)?,
            interest: row.integer(at + 10)?,
            fees: row.integer(at + 11)?,
            penalties: row.integer(at + 12)?,
            overdue: row.integer(at + 13)?,
        },
    })
}

fn account_of(row: &Row<'_>) -> Result<StoredAccount, StoreError> {
    let body = row.get_ref(20).map_err(backend)?;
    let plan = match body
        .as_blob_or_null()
        .map_err(|error| corrupt(error.to_string()))?
    {
        Some(body) => Some(plan_of(body, row.integer(18)?, row.integer(19)?)?.plan),
        None => None,
    };
    Ok(StoredAccount {
        id: AccountId::new(row.id(0)?),
        version: row.number(1)?,
        header: header_of(row, 2)?,
        state: row.bytes(21)?,
        plan,
    })
}

/// A plan's row with what was posted by it since.
pub(crate) fn plan_of(
    body: &[u8],
    posted_through: i64,
    posted: i64,
) -> Result<PlanRow, StoreError> {
    let mut row: PlanRow = decode(body)?;
    row.plan.posted_through = to_date(posted_through)?;
    row.plan.posted = posted;
    Ok(row)
}

/// Where an account lies and what is stored of it.
fn place_of(row: &Row<'_>) -> Result<Place, StoreError> {
    Ok(Place {
        row: row.integer(16)?,
        written: row.number(17)?,
        version: row.number(1)?,
        planned: row.optional_date(18)?.is_some(),
        header: header_of(row, 2)?,
    })
}

/// Where an account lies.
pub(crate) fn place(connection: &Connection, id: AccountId) -> Result<Option<Place>, StoreError> {
    let sql = concat!(account_columns!(), "WHERE account.id = ?1");
    find(connection, sql, &[&id.to_bytes()], place_of)
}

/// The version of an account.
pub(crate) fn version(connection: &Connection, id: AccountId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT coalesce(accrual.version, account.version)
               FROM account LEFT JOIN accrual ON accrual.id = account.id WHERE account.id = ?1";
    find(connection, sql, &[&id.to_bytes()], |row| row.number(0))
}

pub(super) fn by_id(
    connection: &Connection,
    id: AccountId,
) -> Result<Option<StoredAccount>, StoreError> {
    let sql = concat!(account_columns!(), "WHERE account.id = ?1");
    find(connection, sql, &[&id.to_bytes()], account_of)
}

pub(super) fn by_reference(
    connection: &Connection,
    reference: &AccountRef,
) -> Result<Option<StoredAccount>, StoreError> {
    let sql = concat!(account_columns!(), "WHERE reference = ?1");
    find(connection, sql, &[&reference.as_str()], account_of)
}

pub(super) fn page(
    connection: &Connection,
    seen: &mut Seen,
    scan: &Scan,
    after: Option<PageKey>,
    limit: NonZeroU32,
    out: &mut Vec<StoredAccount>,
) -> Result<(), StoreError> {
    let limit = limit.get();
    // Before the first: no day is earlier, and no id is shorter than nothing.
    let on = after.and_then(|after| after.on).map_or(i64::MIN, to_day);
    let id = after
        .map(|after| after.id.to_bytes().to_vec())
        .unwrap_or_default();
    match scan {
        Scan::All => {
            let sql = concat!(
                account_columns!(),
                "WHERE account.id > ?1 ORDER BY account.id LIMIT ?2"
            );
            collect(connection, sql, &[&id, &limit], account_of, out)
        }
        Scan::DueForWork { on_or_before } => {
            let sql = concat!(
                account_columns!(),
                "WHERE (next_work_on, account.id) > (?1, ?2) AND next_work_on <= ?3
                     ORDER BY next_work_on, account.id LIMIT ?4"
            );
            let through = to_day(*on_or_before);
            let read = |row: &Row<'_>| {
                let account = account_of(row)?;
                seen.note(account.id, place_of(row)?);
                Ok(account)
            };
            collect(connection, sql, &[&on, &id, &through, &limit], read, out)
        }
        Scan::InArrears => {
            let sql = concat!(
                account_columns!(),
                "WHERE (in_arrears_since, account.id) > (?1, ?2)
                     ORDER BY in_arrears_since, account.id LIMIT ?3"
            );
            collect(connection, sql, &[&on, &id, &limit], account_of, out)
        }
        Scan::Holder(holder) => {
            let sql = concat!(
                account_columns!(),
                "WHERE holder = ?1 AND account.id > ?2 ORDER BY account.id LIMIT ?3"
            );
            collect(
                connection,
                sql,
                &[&holder.to_bytes(), &id, &limit],
                account_of,
                out,
            )
        }
        Scan::Product(product) => {
            let sql = concat!(
                account_columns!(),
                "WHERE product = ?1 AND account.id > ?2 ORDER BY account.id LIMIT ?3"
            );
            collect(
                connection,
                sql,
                &[&product.as_str(), &id, &limit],
                account_of,
                out,
            )
        }
        Scan::Reference { prefix } => {
            let sql = concat!(
                account_columns!(),
                "WHERE reference > coalesce((SELECT reference FROM account WHERE id = ?1), '')
                   AND reference >= ?2 AND reference < ?3 ORDER BY reference LIMIT ?4"
            );
            let prefix = prefix.as_ref().map_or("", AccountRef::as_str);
            // Numbers are printable ASCII: none goes beyond the prefix with DEL behind it.
            let end = format!("{prefix}\u{7f}");
            collect(
                connection,
                sql,
                &[&id, &prefix, &end, &limit],
                account_of,
                out,
            )
        }
        // The port may grow scans: one this adapter does not know must not look empty.
        other => Err(crate::error::trouble(
            lending_core::store::BackendKind::Unsupported,
            format!("the scan {other:?} is not known to this adapter"),
        )),
    }
}

pub(super) fn accruing(
    connection: &Connection,
    seen: &mut Seen,
    date: NaiveDate,
    after: Option<AccountId>,
    limit: NonZeroU32,
    out: &mut Vec<Accruing>,
) -> Result<(), StoreError> {
    let sql = "SELECT id, version, posted_through, posted, body FROM accrual
               WHERE id > ?1 AND posted_through < ?2 AND last >= ?2 ORDER BY id LIMIT ?3";
    // No id is shorter than nothing.
    let after = after
        .map(|after| after.to_bytes().to_vec())
        .unwrap_or_default();
    let read = |row: &Row<'_>| {
        let body = row.get_ref(4).map_err(backend)?;
        let body = body.as_blob().map_err(|error| corrupt(error.to_string()))?;
        let PlanRow {
            product,
            branch,
            currency,
            row: place,
            plan,
        } = plan_of(body, row.integer(2)?, row.integer(3)?)?;
        let account = AccountId::new(row.id(0)?);
        if let Some(place) = place {
            seen.note_row(account, place);
        }
        Ok(Accruing {
            account,
            version: row.number(1)?,
            product,
            branch,
            currency,
            plan,
        })
    };
    collect(
        connection,
        sql,
        &[&after, &to_day(date), &limit.get()],
        read,
        out,
    )
}

pub(super) fn events(
    connection: &Connection,
    account: AccountId,
    from: Option<NaiveDate>,
    out: &mut Vec<StoredEvent>,
) -> Result<(), StoreError> {
    let sql = "SELECT account.id, seq, value_day, booking_day, event.body
               FROM event JOIN account ON account.row = event.account
               WHERE account.id = ?1 AND value_day >= ?2 ORDER BY value_day, seq";
    let from = from.map_or(i64::MIN, to_day);
    collect(
        connection,
        sql,
        &[&account.to_bytes(), &from],
        event_of,
        out,
    )
}

pub(crate) fn event_of(row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        account: AccountId::new(row.id(0)?),
        seq: row.number(1)?,
        value_date: row.date(2)?,
        booking_date: row.date(3)?,
        body: row.bytes(4)?,
    })
}
