//! Rows of comma-separated values (RFC 4180): quoting, and columns found by name.

use alloc::{string::String, vec, vec::Vec};

use csv_core::{ReadRecordResult, Reader};

use super::ImportError;

/// The rows of a text, each with the line it starts on, counted from one. Blank lines are skipped.
fn records(text: &str) -> Result<Vec<(u64, Vec<String>)>, ImportError> {
    let mut reader = Reader::new();
    let mut input = text.as_bytes();
    // A record is never longer than the text, and has no more fields than that plus one.
    let mut bytes = vec![0; text.len().saturating_add(1)];
    let mut ends = vec![0; text.len().saturating_add(2)];
    let mut rows = Vec::new();
    loop {
        let line = reader.line();
        let (mut written, mut fields) = (0_usize, 0_usize);
        loop {
            let (result, read, wrote, ended) = reader.read_record(
                input,
                bytes.get_mut(written..).unwrap_or_default(),
                ends.get_mut(fields..).unwrap_or_default(),
            );
            input = input.get(read..).unwrap_or_default();
            written = written.saturating_add(wrote);
            fields = fields.saturating_add(ended);
            match result {
                // The empty input that follows tells the reader that this was the end.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(rows),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(ImportError::row(line, "a record within the text"));
                }
            }
        }
        let mut start = 0_usize;
        let mut row = Vec::with_capacity(fields);
        for end in ends.iter().take(fields) {
            let field = bytes.get(start..*end).unwrap_or_default();
            let field =
                core::str::from_utf8(field).map_err(|_| ImportError::row(line, "text in UTF-8"))?;
            row.push(field.into());
            start = *end;
        }
        rows.push((line, row));
    }
}

/// A table with a header row; columns stand in any order.
pub(super) struct Table {
    columns: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// One row of a [`Table`].
pub(super) struct Row<'a> {
    columns: &'a [String],
    pub(super) line: u64,
    fields: &'a [String],
}

impl Table {
    /// Reads a table whose columns are among `allowed`, with all of `required`, each once.
    pub(super) fn read(
        text: &str,
        required: &[&str],
        allowed: &[&str],
    ) -> Result<Self, ImportError> {
        let mut rows = records(text)?.into_iter();
        let columns = rows.next().map(|(_, columns)| columns).unwrap_or_default();
        let header = |given: &str| ImportError::Header {
            given: given.into(),
            allowed: allowed.join(","),
            required: required.join(","),
        };
        for (at, column) in columns.iter().enumerate() {
            let twice = columns.iter().take(at).any(|before| before == column);
            if twice || !allowed.contains(&column.as_str()) {
                return Err(header(column));
            }
        }
        if let Some(missing) = required
            .iter()
            .find(|name| !columns.iter().any(|c| c == *name))
        {
            return Err(header(&alloc::format!("no {missing}")));
        }
        let rows: Vec<_> = rows.collect();
        match rows
            .iter()
            .find(|(_, fields)| fields.len() != columns.len())
        {
            Some((line, _)) => Err(ImportError::row(*line, "as many fields as the header")),
            None => Ok(Self { columns, rows }),
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, fields)| Row {
            columns: &self.columns,
            line: *line,
            fields,
        })
    }
}

impl Row<'_> {
    /// The field of a column; empty where the table does not have it.
    pub(super) fn field(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| self.fields.get(at))
            .map_or("", String::as_str)
    }

    pub(super) fn refuse(&self, column: &'static str, allowed: impl Into<String>) -> ImportError {
        ImportError::Field {
            line: self.line,
            column,
            given: self.field(column).into(),
            allowed: allowed.into(),
        }
    }

    pub(super) fn parse<T: core::str::FromStr<Err: core::fmt::Display>>(
        &self,
        column: &'static str,
    ) -> Result<T, ImportError> {
        self.field(column).parse().map_err(|error: T::Err| {
            self.refuse(column, alloc::string::ToString::to_string(&error))
        })
    }

    /// `None` for an empty field.
    pub(super) fn parse_optional<T: core::str::FromStr<Err: core::fmt::Display>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, ImportError> {
        match self.field(column) {
            "" => Ok(None),
            _ => self.parse(column).map(Some),
        }
    }

    /// The value a word stands for.
    pub(super) fn word<T: Copy>(
        &self,
        column: &'static str,
        words: &[(&str, T)],
    ) -> Result<T, ImportError> {
        let given = self.field(column);
        words
            .iter()
            .find(|(word, _)| *word == given)
            .map(|(_, value)| *value)
            .ok_or_else(|| {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                self.refuse(column, words.join(" or "))
            })
    }
}

/// Appends one row.
pub(super) fn write_row<'a>(out: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if field.contains(['"', ',', '\n', '\r']) || field.is_empty() && at == 0 {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
}
