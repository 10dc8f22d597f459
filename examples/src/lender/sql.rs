//! `lender sql`: questions to a database in SQL, answers as CSV.

use std::{io::Write, path::Path};

use lending_core::{
    end_of_day::wake_loan,
    store::{AccountKind, AccrualPlan, decode},
};
use rusqlite::types::ValueRef;
use storage_sqlite::{Options, Reports, ScheduledInstalment};

use super::{Failure, records::LoanState};

/// A database opened for reading, with every view for reports.
///
/// # Errors
/// There is no such database, or it is not one of ours.
pub fn reports(database: &Path) -> Result<Reports, Failure> {
    Ok(Reports::open(database, &Options::default())?.with_schedules(instalments)?)
}

/// The instalments of a stored loan, as of the last day that is posted.
fn instalments(
    _: AccountKind,
    state: &[u8],
    plan: Option<&AccrualPlan>,
) -> Result<Vec<ScheduledInstalment>, String> {
    let LoanState(loan) = decode(state).map_err(|error| error.to_string())?;
    let loan = wake_loan(loan, plan).map_err(|error| error.to_string())?;
    ScheduledInstalment::of_loan(&loan)
}

/// Answers one query as CSV with a header.
///
/// # Errors
/// SQLite refuses the query, or it would write.
pub fn write(database: &Path, query: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let reports = reports(database)?;
    let refused = |error: rusqlite::Error| Failure::refused("the query", error);
    let mut statement = reports.sql().prepare(query).map_err(refused)?;
    let mut csv = csv::Writer::from_writer(out);
    let failed = |error: csv::Error| Failure::Output(error.into());
    csv.write_record(statement.column_names()).map_err(failed)?;
    let columns = statement.column_count();
    let mut rows = statement.query([]).map_err(refused)?;
    while let Some(row) = rows.next().map_err(refused)? {
        for column in 0..columns {
            let value = row.get_ref(column).map_err(refused)?;
            csv.write_field(shown(value)).map_err(failed)?;
        }
        csv.write_record(None::<&[u8]>).map_err(failed)?;
    }
    Ok(csv.flush()?)
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
