//! What is printed at the end of a run.

pub mod books;
mod clients;
mod portfolio;
mod proof;
mod suspense;
pub mod table;
mod trial;

use std::io::Write;

pub use books::Books;

use super::{Failure, Folder, paygo, run::office::Office};
use lending_core::store::Store;

/// Writes the whole report; whether every proof holds.
///
/// # Errors
/// The database fails or the writer does.
pub fn write(folder: &Folder, store: &mut dyn Store, out: &mut dyn Write) -> Result<bool, Failure> {
    let books = Books::read(store)?;
    let Some(counted) = books.counted else {
        writeln!(
            out,
            "{}: no business date is in the books yet",
            folder.settings.name
        )?;
        return Ok(true);
    };
    let office = Office::open(folder, store)?;
    writeln!(out, "{}, close of {}", folder.settings.name, counted.date)?;
    writeln!(
        out,
        "{} clients, {} applications, {} journal entries, {} commits",
        books.clients.len(),
        books.loans.len(),
        books.statistics.entries,
        books.statistics.commits
    )?;
    clients::write(folder, &books, out)?;
    portfolio::write(&books, out)?;
    portfolio::write_ageing(&books, out)?;
    paygo::report::write_devices(&office, out)?;
    suspense::write(&office, &books, out)?;
    paygo::report::write_statements(&office, &books, out)?;
    trial::write(folder, &books, out)?;
    let set_aside = lending_core::end_of_day::set_aside(store, counted.date)?;
    proof::write(folder, &books, &set_aside, out)
}
