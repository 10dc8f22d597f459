//! Reading files so that every value knows the line it came from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

use super::{InputError, Place};

/// A value and the line it stands on.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// The text of a file.
///
/// # Errors
/// The file is missing, unreadable or not UTF-8.
pub fn text(file: &Path) -> Result<String, InputError> {
    let bytes = fs::read(file).map_err(|error| InputError::of_file(file, error))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        at(file, line, "the file is not UTF-8 text")
    })
}

/// A file that holds one JSON value.
///
/// # Errors
/// The file cannot be read, is not JSON, or not of this form.
pub fn json<T: DeserializeOwned>(file: &Path) -> Result<T, InputError> {
    let text = text(file)?;
    serde_json::from_str(&text).map_err(|error| at(file, error.line(), json_reason(&error)))
}

/// A file with one JSON value a line; blank lines are skipped.
///
/// # Errors
/// As [`json`], with the line.
pub fn json_lines<T: DeserializeOwned>(file: &Path) -> Result<Vec<Placed<T>>, InputError> {
    let mut found = Vec::new();
    for Placed { value, place } in lines(file)? {
        let value = serde_json::from_str(&value)
            .map_err(|error| InputError::at(&place, json_reason(&error)))?;
        found.push(Placed { value, place });
    }
    Ok(found)
}

/// The lines of a file that are not blank.
///
/// # Errors
/// The file cannot be read.
pub fn lines(file: &Path) -> Result<Vec<Placed<String>>, InputError> {
    let text = text(file)?;
    let numbered = text
        .lines()
        .zip(1_u64..)
        .filter(|(line, _)| !line.trim().is_empty());
    Ok(numbered
        .map(|(line, number)| Placed {
            value: line.to_owned(),
            place: Place {
                file: file.to_owned(),
                line: number,
            },
        })
        .collect())
}

/// A comma-separated file with a header, one value a row.
///
/// # Errors
/// The file cannot be read, a row has too many or too few fields, or a field is not of its form.
pub fn csv<T: DeserializeOwned>(file: &Path) -> Result<Vec<Placed<T>>, InputError> {
    let text = text(file)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .map_err(|error| at(file, 1, csv_reason(&error)))?
        .clone();
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            at(file, line, csv_reason(&error))
        })?;
        let line = record.position().map_or(1, csv::Position::line);
        let place = Place {
            file: file.to_owned(),
            line,
        };
        let value = record
            .deserialize(Some(&headers))
            .map_err(|error| InputError::at(&place, csv_reason(&error)))?;
        found.push(Placed { value, place });
    }
    Ok(found)
}

/// The files of a folder with this ending, by name; none when there is no such folder.
///
/// # Errors
/// The folder cannot be read.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, InputError> {
    let mut found = entries(folder)?;
    found.retain(|path| path.is_file() && path.extension().is_some_and(|e| e == ending));
    Ok(found)
}

/// The folders in a folder, by name; none when there is no such folder.
///
/// # Errors
/// The folder cannot be read.
pub fn folders(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let mut found = entries(folder)?;
    found.retain(|path| path.is_dir());
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let failed = |error| InputError::of_file(folder, error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        found.push(entry.map_err(failed)?.path());
    }
    found.sort();
    Ok(found)
}

fn at(file: &Path, line: impl TryInto<u64>, reason: impl std::fmt::Display) -> InputError {
    let line = line.try_into().unwrap_or(0);
    InputError::at(
        &Place {
            file: file.to_owned(),
            line,
        },
        reason,
    )
}

/// What serde says, without the position that stands before it.
pub fn json_reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) if error.line() > 0 => format!("{} (column {})", &text[..end], error.column()),
        _ => text,
    }
}

fn csv_reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => {
            let field = err
                .field()
                .map_or(String::new(), |at| format!(" (field {})", at + 1));
            format!("{}{field}", err.kind())
        }
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("the row has {len} fields: {expected_len} are needed")
        }
        _ => error.to_string(),
    }
}
