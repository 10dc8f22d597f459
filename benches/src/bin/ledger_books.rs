//! Our side of `benches/peers/ledger.py`: the books that every program reads, and reading them.
//!
//! `ledger_books write FOLDER COUNT` writes COUNT two-leg transactions over 1,000 accounts as
//! `books.ledger`, `books.beancount`, `books.csv`, and `balances` (what all must find).
//! `ledger_books read FOLDER [evidence]` reads `books.csv`, checks and posts every entry, and
//! prints the balances as `account cents`. `ledger_books memory COUNT [evidence]` posts the same
//! entries from memory and prints the seconds that took.

use std::{fmt::Write as _, fs, path::Path, time::Instant};

use ledger::{Journal, exchange, journal::View};
use lending_benches::{
    inputs::journal::{ACCOUNTS, chart, code, eur, our_entries, post_all, transfers},
    storage::Failed,
};

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write", folder, count] => write(Path::new(folder), count.parse()?),
        ["read", folder] => read(Path::new(folder), Journal::new(chart())),
        ["read", folder, "evidence"] => read(Path::new(folder), Journal::with_evidence(chart())),
        ["memory", count] => memory(count.parse()?, Journal::new(chart())),
        ["memory", count, "evidence"] => memory(count.parse()?, Journal::with_evidence(chart())),
        _ => Err("write FOLDER COUNT, read FOLDER [evidence] or memory COUNT [evidence]".into()),
    }
}

fn write(folder: &Path, count: u64) -> Result<(), Failed> {
    let entries = our_entries(&transfers(count, 0));
    let (mut ledger, mut beancount) = (String::new(), String::new());
    for account in 0..ACCOUNTS {
        let code = code(account);
        writeln!(ledger, "account Assets:{code}")?;
        writeln!(beancount, "2026-01-01 open Assets:{code}")?;
    }
    for entry in &entries {
        let (date, id) = (entry.value_date(), entry.id().get());
        write!(ledger, "\n{date} * t{id}\n")?;
        write!(beancount, "\n{date} * \"t{id}\"\n")?;
        for line in entry.lines() {
            let amount = match line.side() {
                ledger::Side::Debit => line.amount(),
                ledger::Side::Credit => line.amount().negated(),
            };
            writeln!(ledger, "    Assets:{}  {amount}", line.account())?;
            writeln!(beancount, "  Assets:{}  {amount}", line.account())?;
        }
    }
    fs::write(folder.join("books.ledger"), ledger)?;
    fs::write(folder.join("books.beancount"), beancount)?;
    let mut sums = vec![0_i128; ACCOUNTS as usize];
    for line in entries.iter().flat_map(ledger::JournalEntry::lines) {
        let at: usize = line.account().as_str()[1..].parse()?;
        sums[at] += line.signed_minor() as i128;
    }
    let mut balances = String::new();
    for (account, cents) in (0..).zip(sums).filter(|(_, cents)| *cents != 0) {
        writeln!(balances, "{} {cents}", code(account))?;
    }
    fs::write(folder.join("balances"), balances)?;
    fs::write(folder.join("books.csv"), exchange::entries_to_csv(entries))?;
    Ok(())
}

fn read(folder: &Path, journal: Journal) -> Result<(), Failed> {
    let text = fs::read_to_string(folder.join("books.csv"))?;
    let journal = post_all(journal, exchange::entries_from_csv(&text)?);
    for row in journal.trial_balance(eur(), &View::latest())?.rows {
        let cents = row.debit.to_minor()? - row.credit.to_minor()?;
        println!("{} {cents}", row.account);
    }
    Ok(())
}

fn memory(count: u64, journal: Journal) -> Result<(), Failed> {
    let entries = our_entries(&transfers(count, 0));
    let start = Instant::now();
    let journal = post_all(journal, entries);
    let seconds = start.elapsed().as_secs_f64();
    let trial = journal.trial_balance(eur(), &View::latest())?;
    if !trial.is_balanced() {
        return Err("unbalanced".into());
    }
    println!("{seconds}");
    Ok(())
}
