//! `lender verify`, `lender backup` and `lender restore`: the care of a database.

use std::{collections::BTreeMap, io::Write, path::Path};

use ledger::{
    Currency, GlCode,
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use lending_core::{
    end_of_day::prove_loan,
    loan::LoanAccount,
    store::{
        BalanceQuery, Balances, Store, StoredAccount, StoredEvent, decode,
        states_follow_from_histories,
    },
};
use storage_sqlite::{Finding, Head, Options, Replace, SqliteStore};

use super::{
    Failure, InputError,
    records::{self, LoanState},
};

/// Opens a database that exists already.
fn existing(database: &Path) -> Result<SqliteStore, Failure> {
    if !database.is_file() {
        let reason = "there is no database: `lender run` makes it";
        return Err(InputError::of_file(database, reason).into());
    }
    Ok(SqliteStore::open(database, &Options::default())?)
}

/// Looks at a whole database: the file, the hash chain, references, balances; that the state of
/// every account is the fold of its history and its plan what it earned; that the control accounts
/// of the loans equal the sums of their sub-ledgers. With an anchor (the head that an earlier
/// verification or backup printed), also that nothing before it was rewritten.
///
/// # Errors
/// Something is wrong, or the database cannot be read.
pub fn verify(database: &Path, anchor: Option<&Head>, out: &mut dyn Write) -> Result<(), Failure> {
    prove(existing(database)?, database, anchor, out)
}

fn prove(
    mut store: SqliteStore,
    name: &Path,
    anchor: Option<&Head>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let verification = store.verify(anchor)?;
    let (entries, events) = (verification.entries, verification.events);
    writeln!(
        out,
        "{entries} journal entries and {events} events looked at"
    )?;
    let mut wrong: Vec<String> = verification
        .findings
        .iter()
        .map(ToString::to_string)
        .collect();
    let readable = |finding: &Finding| !matches!(finding, Finding::Integrity(_));
    if verification.findings.iter().all(readable) {
        wrong.extend(debits_and_credits(&mut store)?);
        wrong.extend(accounts(&mut store, out)?);
    }
    for finding in &wrong {
        writeln!(out, "WRONG: {finding}")?;
    }
    writeln!(out, "head {}", verification.head)?;
    match wrong.len() {
        0 => Ok(writeln!(out, "sound")?),
        wrong => Err(Failure::Refused(format!(
            "{wrong} findings in {}",
            name.display()
        ))),
    }
}

fn debits_and_credits(store: &mut dyn Store) -> Result<Vec<String>, Failure> {
    let mut sums = BTreeMap::<_, (i128, i128)>::new();
    for balance in store.balances(&BalanceQuery::default())? {
        let (debit, credit) = sums.entry(balance.currency).or_default();
        *debit += balance.debit;
        *credit += balance.credit;
    }
    let differ = sums
        .into_iter()
        .filter(|(_, (debit, credit))| debit != credit);
    Ok(differ
        .map(|(currency, _)| format!("debits and credits differ in {currency}"))
        .collect())
}

/// Minor units by control account.
type Controls = BTreeMap<(GlCode, Currency), i128>;

/// Every account against its history, and all of them against the control accounts.
fn accounts(store: &mut dyn Store, out: &mut dyn Write) -> Result<Vec<String>, Failure> {
    let (mut looked_at, mut sub_ledgers) = (0_u64, Controls::new());
    let mut fold = |account: &StoredAccount, events: &[StoredEvent]| {
        looked_at += 1;
        prove_account(account, events, &mut sub_ledgers)
    };
    let findings = states_follow_from_histories(store, &mut fold)?;
    writeln!(out, "{looked_at} accounts compared with their histories")?;
    let mut wrong = Vec::new();
    for finding in findings {
        let row = store.account(finding.account)?;
        let reference = row.map_or_else(String::new, |row| row.header.reference.to_string());
        wrong.push(format!("account {reference}: {}", finding.difference));
    }
    for ((gl, currency), sum) in sub_ledgers {
        let query = BalanceQuery {
            gl: Some(gl),
            ..BalanceQuery::default()
        };
        let balances = store.balances(&query)?;
        let of_currency = balances.iter().filter(|found| found.currency == currency);
        let control: i128 = of_currency.map(|found| found.net()).sum();
        if control != sum {
            wrong.push(format!(
                "GL account {gl} holds {control} minor units of {currency}, its sub-ledgers {sum}"
            ));
        }
    }
    Ok(wrong)
}

/// One account against its history; what it adds to which control account.
fn prove_account(
    account: &StoredAccount,
    events: &[StoredEvent],
    sub_ledgers: &mut Controls,
) -> Result<(), String> {
    let LoanState(loan) = decode(&account.state).map_err(|error| error.to_string())?;
    add_parts(account, &loan, sub_ledgers)?;
    let history = records::history(&loan, events).map_err(|error| error.to_string())?;
    let differences = prove_loan(account, loan, &history).map_err(|error| error.to_string())?;
    if differences.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = differences.iter().map(ToString::to_string).collect();
    Err(all.join("; "))
}

/// Adds the balances that are searched and reported, not those of the state: both must agree.
fn add_parts(
    account: &StoredAccount,
    loan: &LoanAccount,
    sub_ledgers: &mut Controls,
) -> Result<(), String> {
    let rules = &loan.terms().accounting;
    let Balances {
        principal,
        interest,
        fees,
        penalties,
        ..
    } = account.header.balances;
    let receivables = [
        (Resource::InterestReceivable, interest),
        (Resource::FeeReceivable, fees),
        (Resource::PenaltyReceivable, penalties),
    ];
    let parts = match rules.method() {
        AccountingMethod::None => return Ok(()),
        AccountingMethod::Accrual => &receivables[..],
        _ => &[],
    };
    let principal = (Resource::PortfolioControl, principal);
    for (resource, amount) in [principal].iter().chain(parts) {
        let gl = rules
            .resolve(*resource, None, None)
            .map_err(|error| error.to_string())?;
        *sub_ledgers
            .entry((gl, account.header.currency))
            .or_default() += i128::from(*amount);
    }
    Ok(())
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

/// Proves a backup as [`verify`] does and puts it in a database's place, in one step.
///
/// What is there is replaced when the backup contains all of it, or when `replace` says so.
///
/// # Errors
/// The backup is not sound, the database may not be replaced or is in use, or the disk fails: then
/// the database is as it was.
pub fn restore(
    backup: &Path,
    database: &Path,
    replace: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if !backup.is_file() {
        return Err(InputError::of_file(backup, "there is no backup").into());
    }
    // Accounts are proved against their histories on a copy: a backup may lie where nothing can be
    // written, and may be of an older schema.
    let folder = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder =
        tempfile::tempdir_in(folder.unwrap_or_else(|| Path::new("."))).map_err(Failure::Output)?;
    let copy = folder.path().join("copy.sqlite");
    storage_sqlite::restore(backup, &copy, None, Replace::Nothing)?;
    prove(existing(&copy)?, backup, None, out)?;
    let replace = if replace {
        Replace::Anything
    } else {
        Replace::Contained
    };
    let head = storage_sqlite::restore(backup, database, None, replace)?;
    writeln!(out, "{} is restored at head {head}", database.display())?;
    Ok(())
}
