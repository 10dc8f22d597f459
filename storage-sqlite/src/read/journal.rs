//! The journal and the sums of its lines.

use core::num::NonZeroU32;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{BranchCode, Currency, EntryId, GlCode, JournalEntry, Money, Side};
use lending_core::{
    ids::AccountId,
    store::{
        BalanceQuery, Clock, GlBalance, JournalKey, JournalQuery, PostedEntry, StoreError, Turnover,
    },
};
use rusqlite::{Connection, Row, ToSql};

use super::collect;
use crate::{
    error::{backend, corrupt},
    value::{Columns, to_day},
};

/// The columns that [`entry_of`] reads.
const ENTRY_COLUMNS: &str = "SELECT entry.row, entry.id, account.id, value_day, booking_day,
    entry.reference, notes, tags, manual_by, reverses, sequence";

const ACCOUNT_OF_ENTRY: &str = "LEFT JOIN account ON account.row = entry.account";

/// The lines of an entry's row, put back into its builder, which checks the balance again.
pub(crate) fn entry_of(
    connection: &Connection,
    row: &Row<'_>,
) -> Result<(i64, PostedEntry), StoreError> {
    let id = EntryId::new(row.id(1)?);
    let mut builder = JournalEntry::builder(id, row.date(3)?, row.date(4)?);
    let text = |column| row.get::<_, Option<String>>(column).map_err(backend);
    if let Some(reference) = text(5)? {
        builder = builder.reference(reference);
    }
    if let Some(notes) = text(6)? {
        builder = builder.notes(notes);
    }
    if let Some(tags) = text(7)? {
        let tags: BTreeMap<String, String> = serde_json::from_str(&tags)
            .map_err(|error| corrupt(format!("tags of entry {id}: {error}")))?;
        for (key, value) in tags {
            builder = builder.tag(key, value);
        }
    }
    if let Some(user) = text(8)? {
        builder = builder.manual(user);
    }
    if let Some(reversed) = row.optional_id(9)? {
        builder = builder.reverses(EntryId::new(reversed));
    }
    let mut lines = Vec::new();
    let sql = "SELECT gl, branch, currency, minor FROM line WHERE entry = ?1 ORDER BY number";
    collect(connection, sql, &[&row.integer(0)?], line_of, &mut lines)?;
    for (gl, branch, side, amount) in lines {
        builder = builder.line(gl, side, amount);
        if let Some(branch) = branch {
            builder = builder.on_branch(branch);
        }
    }
    let entry = builder
        .build()
        .map_err(|error| corrupt(error.to_string()))?;
    let account = row.optional_id(2)?.map(AccountId::new);
    Ok((row.integer(10)?, PostedEntry { account, entry }))
}

fn line_of(row: &Row<'_>) -> Result<(GlCode, Option<BranchCode>, Side, Money), StoreError> {
    let branch: Option<String> = row.get(1).map_err(backend)?;
    let branch = branch
        .map(|branch| branch.parse().map_err(|error| corrupt(format!("{error}"))))
        .transpose()?;
    let minor = row.integer(3)?;
    let side = if minor < 0 { Side::Credit } else { Side::Debit };
    let amount = Money::from_minor(i128::from(minor.unsigned_abs()), row.code(2)?)
        .map_err(|error| corrupt(error.to_string()))?;
    Ok((row.code(0)?, branch, side, amount))
}

/// Every entry with its commit, in the order in which they were written.
pub(crate) fn entries_written() -> String {
    format!("{ENTRY_COLUMNS} FROM entry {ACCOUNT_OF_ENTRY} ORDER BY entry.row")
}

pub(super) fn balances(
    connection: &Connection,
    query: &BalanceQuery,
) -> Result<Vec<GlBalance>, StoreError> {
    let gl = query.gl;
    let gl = gl.as_ref().map(GlCode::as_str);
    let through = |date: Option<NaiveDate>| date.map_or(i64::MAX, to_day);
    // Summed here: the SUM of SQLite fails beyond 64 bits.
    let sql = "SELECT gl, branch, currency, debit, credit FROM turnover
                   WHERE booking_day <= ?1 AND value_day <= ?2";
    let (booked, valued) = (through(query.booked_through), through(query.valued_through));
    let mut rows = Vec::new();
    match gl {
        None => collect(connection, sql, &[&booked, &valued], turnover_of, &mut rows)?,
        Some(gl) => {
            let sql = format!("{sql} AND gl = ?3");
            collect(
                connection,
                &sql,
                &[&booked, &valued, &gl],
                turnover_of,
                &mut rows,
            )?;
        }
    }
    let mut sums = BTreeMap::<_, Turnover>::new();
    for (key, moved) in rows {
        let sum = sums.entry(key).or_default();
        *sum = sum.plus(moved);
    }
    let balance = |((gl, branch, currency), sum): (GlKey, Turnover)| GlBalance {
        gl,
        branch,
        currency,
        debit: sum.debit,
        credit: sum.credit,
    };
    Ok(sums.into_iter().map(balance).collect())
}

pub(super) fn page(
    connection: &Connection,
    query: &JournalQuery,
    after: Option<JournalKey>,
    limit: NonZeroU32,
    out: &mut Vec<PostedEntry>,
) -> Result<(), StoreError> {
    let from = query.from.map_or(i64::MIN, to_day);
    let through = query.through.map_or(i64::MAX, to_day);
    let on = after.map_or(i64::MIN, |after| to_day(after.on));
    let id = after
        .map(|after| after.id.get().to_be_bytes().to_vec())
        .unwrap_or_default();
    let account = query.account.map(|account| account.to_bytes());
    let gl = query.gl;
    let gl = gl.as_ref().map(GlCode::as_str);
    let parameters: [&dyn ToSql; 7] = [&from, &through, &on, &id, &limit.get(), &account, &gl];
    let read = |row: &Row<'_>| entry_of(connection, row).map(|(_, posted)| posted);
    collect(connection, &journal_sql(query), &parameters, read, out)
}

type GlKey = (GlCode, Option<BranchCode>, Currency);

fn turnover_of(row: &Row<'_>) -> Result<(GlKey, Turnover), StoreError> {
    let branch = match row.text(1)?.as_str() {
        "" => None,
        branch => Some(
            branch
                .parse()
                .map_err(|error| corrupt(format!("{error}")))?,
        ),
    };
    let amount = |column| row.integer(column).map(i128::from);
    let moved = Turnover {
        debit: amount(3)?,
        credit: amount(4)?,
    };
    Ok(((row.code(0)?, branch, row.code(2)?), moved))
}

/// The query for a page of the journal. Parameters: from, through, on, id, limit, account, gl.
///
/// By value date it joins two ordered indexes: most entries count on the day they are booked and
/// are found by that day; the others have an index of their own.
fn journal_sql(query: &JournalQuery) -> String {
    let (booked, valued) = match query.account {
        None => ("FROM entry", "FROM entry"),
        Some(_) => (OF_ACCOUNT_BY_DAY, OF_ACCOUNT_ELSEWHEN),
    };
    let gl = match query.gl {
        Some(_) => "EXISTS (SELECT 1 FROM line WHERE line.entry = entry.row AND line.gl = ?7)",
        None => "?7 IS NULL",
    };
    let part = |from: &str, day: &str, only: &str| {
        format!(
            "SELECT * FROM ({ENTRY_COLUMNS} {from} {ACCOUNT_OF_ENTRY}
             WHERE {day} BETWEEN ?1 AND ?2 AND ({day}, entry.id) > (?3, ?4) AND {gl}{only}
             ORDER BY {day}, entry.id LIMIT ?5)"
        )
    };
    match query.clock {
        Clock::Booking => part(booked, "booking_day", ""),
        Clock::Value => format!(
            "{} UNION ALL {} ORDER BY 4, 2 LIMIT ?5",
            part(booked, "booking_day", " AND value_day = booking_day"),
            part(valued, "value_day", " AND value_day <> booking_day"),
        ),
    }
}

/// An account's entries, day by day: the index leads from a day on which anything was booked to the
/// next one.
const OF_ACCOUNT_BY_DAY: &str = "FROM (
        WITH RECURSIVE booked (day) AS (
            SELECT min(booking_day) FROM entry WHERE booking_day BETWEEN max(?1, ?3) AND ?2
            UNION ALL
            SELECT (SELECT min(booking_day) FROM entry
                    WHERE booking_day > booked.day AND booking_day <= ?2)
            FROM booked WHERE booked.day IS NOT NULL
        )
        SELECT day FROM booked WHERE day IS NOT NULL
    ) AS days CROSS JOIN entry INDEXED BY entry_day_account
        ON entry.booking_day = days.day
       AND entry.account = (SELECT row FROM account WHERE id = ?6)";

/// An account's entries that do not count on the day they are booked.
const OF_ACCOUNT_ELSEWHEN: &str = "FROM account AS mine
    JOIN entry INDEXED BY entry_value_account
        ON mine.id = ?6 AND entry.account = mine.row AND entry.value_day <> entry.booking_day";
