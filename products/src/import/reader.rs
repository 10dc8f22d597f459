//! Objects of a document, whose members are ticked off as they are read.

use alloc::{
    borrow::ToOwned,
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use ledger::money::exact;
use rust_decimal::Decimal;

use super::{Note, NoteKind};
use crate::{
    JsonError, Range,
    json::{Node, Value},
    range::Bound,
};

/// An object of the document, whose members are ticked off as they are read.
pub(crate) struct Reader<'n, 'a> {
    node: &'n Node<'a>,
    path: String,
    read: BTreeSet<String>,
    pub(crate) notes: Vec<Note>,
}

impl<'n, 'a> Reader<'n, 'a> {
    pub(crate) fn new(node: &'n Node<'a>, path: &str) -> Result<Self, JsonError> {
        match node.value {
            Value::Object(_) => Ok(Self {
                node,
                path: path.into(),
                read: BTreeSet::new(),
                notes: Vec::new(),
            }),
            _ => Err(wrong(node, path, "an object")),
        }
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.into()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// A member, `None` when it is missing or null.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'n Node<'a>> {
        self.read.insert(name.into());
        self.node
            .get(name)
            .filter(|node| !matches!(node.value, Value::Null))
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<&'n str>, JsonError> {
        match self.take(name) {
            None => Ok(None),
            Some(Node {
                value: Value::Text(text),
                ..
            }) => Ok(Some(text)),
            Some(node) => Err(wrong(node, &self.path_of(name), "text")),
        }
    }

    pub(crate) fn maybe(&mut self, name: &str) -> Result<Option<bool>, JsonError> {
        match self.take(name) {
            None => Ok(None),
            Some(Node {
                value: Value::Bool(flag),
                ..
            }) => Ok(Some(*flag)),
            Some(node) => Err(wrong(node, &self.path_of(name), "true or false")),
        }
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, JsonError> {
        Ok(self.maybe(name)?.unwrap_or(false))
    }

    /// A number, written as a number or as text, exactly.
    pub(crate) fn decimal(&mut self, name: &str) -> Result<Option<Decimal>, JsonError> {
        let Some(node) = self.take(name) else {
            return Ok(None);
        };
        let text = match &node.value {
            Value::Number(text) => *text,
            Value::Text(text) => text.as_str(),
            _ => return Err(wrong(node, &self.path_of(name), "a number")),
        };
        let refused = || {
            let allowed = "a decimal of at most 28 digits";
            wrong(node, &self.path_of(name), allowed)
        };
        exact::parse(text).map(Some).ok_or_else(refused)
    }

    /// A whole number.
    pub(crate) fn whole<T: TryFrom<i64>>(&mut self, name: &str) -> Result<Option<T>, JsonError> {
        let Some(number) = self.decimal(name)? else {
            return Ok(None);
        };
        let whole = number
            .is_integer()
            .then(|| i64::try_from(number).ok())
            .flatten();
        if let Some(whole) = whole.and_then(|whole| T::try_from(whole).ok()) {
            return Ok(Some(whole));
        }
        let node = self.node.get(name).unwrap_or(self.node);
        let allowed = "a whole number that fits its field";
        Err(wrong(node, &self.path_of(name), allowed))
    }

    /// Least, default and most of a whole number.
    pub(crate) fn whole_range<T: Bound + TryFrom<i64>>(
        &mut self,
        names: [&str; 3],
    ) -> Result<Range<T>, JsonError> {
        let [min, default, max] = names;
        Ok(Range {
            min: self.whole(min)?,
            default: self.whole(default)?,
            max: self.whole(max)?,
        })
    }

    /// Least, default and most of a number.
    pub(crate) fn range(&mut self, names: [&str; 3]) -> Result<Range<Decimal>, JsonError> {
        let [min, default, max] = names;
        Ok(Range {
            min: self.decimal(min)?,
            default: self.decimal(default)?,
            max: self.decimal(max)?,
        })
    }

    pub(crate) fn list(&mut self, name: &str) -> Result<&'n [Node<'a>], JsonError> {
        match self.take(name) {
            None => Ok(&[]),
            Some(Node {
                value: Value::List(items),
                ..
            }) => Ok(items),
            Some(node) => Err(wrong(node, &self.path_of(name), "a list")),
        }
    }

    /// A word of a list of words: an unknown one is noted.
    pub(crate) fn word<T: Clone>(
        &mut self,
        name: &str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, JsonError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let outcome = "left at its default: the value is not known";
            self.note(NoteKind::Unknown, name, outcome);
        }
        Ok(found.map(|(_, value)| value.clone()))
    }

    /// Reads a member that is an object with a reader of its own.
    pub(crate) fn inside<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Reader<'n, 'a>) -> Result<T, JsonError>,
    ) -> Result<Option<T>, JsonError> {
        let Some(node) = self.take(name) else {
            return Ok(None);
        };
        let path = self.path_of(name);
        self.node_inside(node, &path, read).map(Some)
    }

    /// Reads every object of a list with a reader of its own.
    pub(crate) fn each<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Reader<'n, 'a>) -> Result<T, JsonError>,
    ) -> Result<Vec<T>, JsonError> {
        let nodes = self.list(name)?;
        let mut values = Vec::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            let path = format!("{}[{at}]", self.path_of(name));
            values.push(self.node_inside(node, &path, &mut read)?);
        }
        Ok(values)
    }

    fn node_inside<T>(
        &mut self,
        node: &'n Node<'a>,
        path: &str,
        read: impl FnOnce(&mut Reader<'n, 'a>) -> Result<T, JsonError>,
    ) -> Result<T, JsonError> {
        let mut inner = Reader::new(node, path)?;
        let value = read(&mut inner)?;
        self.notes.append(&mut inner.finish());
        Ok(value)
    }

    /// Refuses a member.
    pub(crate) fn refuse(&self, name: &str, allowed: &str) -> JsonError {
        let node = self.node.get(name).unwrap_or(self.node);
        wrong(node, &self.path_of(name), allowed)
    }

    /// Notes that a member is not in the product as it was given.
    pub(crate) fn note(&mut self, kind: NoteKind, name: &str, outcome: &str) {
        let node = self.node.get(name);
        self.notes.push(Note {
            kind,
            field: self.path_of(name),
            line: node.map_or(self.node.line, |node| node.line),
            given: node.map_or_else(|| "nothing".to_owned(), ToString::to_string),
            outcome: outcome.into(),
        });
    }

    /// Ticks members off that mean nothing outside of their system.
    pub(crate) fn not_taken(&mut self, names: &[&str], why: &str) {
        for name in names {
            if self.take(name).is_some() {
                self.note(NoteKind::NotTaken, name, why);
            }
        }
    }

    /// Whether a member is there and says something.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.node
            .get(name)
            .is_some_and(|node| !matches!(node.value, Value::Null))
    }

    /// Notes every member that nobody asked for, and gives all notes in the order of the document.
    pub(crate) fn finish(mut self) -> Vec<Note> {
        if let Value::Object(members) = &self.node.value {
            for (name, node) in members {
                if !self.read.contains(name.as_str()) && !matches!(node.value, Value::Null) {
                    let outcome = "left out: the setting is not known";
                    self.note(NoteKind::Unknown, name, outcome);
                }
            }
        }
        self.notes.sort_by_key(|note| note.line);
        self.notes
    }
}

pub(crate) fn wrong(node: &Node<'_>, field: &str, allowed: &str) -> JsonError {
    JsonError::Field {
        field: field.into(),
        line: node.line,
        column: 1,
        reason: format!("{node} is not allowed: {allowed} is"),
    }
}
