//! A case file as read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// A case file as read: its text, and its content where it is JSON.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    text: String,
    json: Option<Value>,
}

impl Source {
    /// Reads a file. A folder stands for the `INDEX.json` in it.
    ///
    /// # Errors
    /// One line: the file cannot be read, is not UTF-8, is empty, or looks like JSON and is not.
    pub fn read(path: &Path) -> Result<Self, String> {
        let path = if path.is_dir() {
            path.join("INDEX.json")
        } else {
            path.to_path_buf()
        };
        let text =
            fs::read_to_string(&path).map_err(|reason| format!("{}: {reason}", path.display()))?;
        if text.trim().is_empty() {
            return Err(format!("{}: the file is empty", path.display()));
        }
        let named_json = path.extension().is_some_and(|ending| ending == "json");
        let json = if named_json || text.trim_start().starts_with(['{', '[']) {
            let value = serde_json::from_str(&text)
                .map_err(|reason| format!("{}: not JSON: {reason}", path.display()))?;
            Some(value)
        } else {
            None
        };
        Ok(Self { path, text, json })
    }

    /// Where the file lies: what it refers to lies in the same folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The file's name without folder and ending.
    #[must_use]
    pub fn stem(&self) -> String {
        self.path
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The content, when the file is JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        self.json.as_ref()
    }

    /// The rows of a table with a header line, each by column name; `None` when the file is JSON
    /// or lacks one of the `columns`.
    #[must_use]
    pub fn table(&self, columns: &[&str]) -> Option<Vec<Row>> {
        if self.json.is_some() {
            return None;
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(self.text.as_bytes());
        let header = reader.headers().ok()?.clone();
        if !columns
            .iter()
            .all(|column| header.iter().any(|name| name == *column))
        {
            return None;
        }
        let rows = reader
            .records()
            .map(|record| match record {
                Ok(record) => Row {
                    cells: header
                        .iter()
                        .zip(record.iter())
                        .map(|(name, cell)| (name.to_owned(), cell.trim().to_owned()))
                        .collect(),
                },
                // An unreadable line becomes a row without cells, hence a failed case.
                Err(_) => Row { cells: Vec::new() },
            })
            .collect();
        Some(rows)
    }
}

/// One row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    cells: Vec<(String, String)>,
}

impl Row {
    /// The cell of a column, `None` when it is empty or missing.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells
            .iter()
            .find(|(name, cell)| name == column && !cell.is_empty())
            .map(|(_, cell)| cell.as_str())
    }

    /// The cell of a column.
    ///
    /// # Errors
    /// When it is empty or missing.
    pub fn need(&self, column: &str) -> Result<&str, String> {
        self.get(column)
            .ok_or_else(|| format!("cannot read the case: no {column}"))
    }
}
