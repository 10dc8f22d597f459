//! `lender verify` and `lender backup`: the care of a database.

use std::{collections::BTreeMap, io::Write, path::Path};

use lending_core::store::{BalanceQuery, Store};
use storage_sqlite::{Head, Options, SqliteStore};

use super::{Failure, InputError};

/// Opens a database that exists already.
fn existing(database: &Path) -> Result<SqliteStore, Failure> {
    if !database.is_file() {
        let reason = "there is no database: `lender run` makes it";
        return Err(InputError::of_file(database, reason).into());
    }
    Ok(SqliteStore::open(database, &Options::default())?)
}

/// Looks at a whole database: the file, the hash chain, references, balances. With an anchor (the
/// head that an earlier verification or backup printed), also that nothing before it was rewritten.
///
/// # Errors
/// Something is wrong, or the database cannot be read.
pub fn verify(database: &Path, anchor: Option<&Head>, out: &mut dyn Write) -> Result<(), Failure> {
    let mut store = existing(database)?;
    let verification = store.verify(anchor)?;
    let (entries, events) = (verification.entries, verification.events);
    writeln!(
        out,
        "{entries} journal entries and {events} events looked at"
    )?;
    let mut sums = BTreeMap::<_, (i128, i128)>::new();
    for balance in store.balances(&BalanceQuery::default())? {
        let (debit, credit) = sums.entry(balance.currency).or_default();
        *debit += balance.debit;
        *credit += balance.credit;
    }
    let mut wrong = verification.findings.len();
    for finding in &verification.findings {
        writeln!(out, "WRONG: {finding}")?;
    }
    for (currency, (debit, credit)) in sums {
        if debit != credit {
            wrong += 1;
            writeln!(out, "WRONG: debits and credits differ in {currency}")?;
        }
    }
    writeln!(out, "head {}", verification.head)?;
    match wrong {
        0 => Ok(writeln!(out, "sound")?),
        _ => Err(Failure::Refused(format!(
            "{wrong} findings in {}",
            database.display()
        ))),
    }
}

/// Copies a database while it is in use into a new file, and verifies the copy.
///
/// # Errors
/// The target exists, the disk fails, or the copy is not sound.
pub fn backup(database: &Path, to: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let head = existing(database)?.backup(to)?;
    let copy = SqliteStore::open(to, &Options::default())?;
    let verification = copy.verify(Some(&head))?;
    if let Some(finding) = verification.findings.first() {
        return Err(Failure::Refused(format!(
            "the copy is not sound: {finding}"
        )));
    }
    writeln!(out, "{} is a sound copy\nhead {head}", to.display())?;
    Ok(())
}
