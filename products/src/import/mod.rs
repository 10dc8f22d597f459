//! Reading the products of other systems.
//!
//! Nothing is dropped unseen. Every setting of a document is either part of the product or in the
//! list of [`Note`]s, with its line: what has no place here, what is unknown, what contradicts
//! another setting, and what was assumed where the document says nothing.
//!
//! A document that cannot make a product that holds together is refused whole.

pub mod backbone;
pub mod mambu;
mod reader;

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use ledger::{BranchCode, Currency};
use lending_core::{day_count::DayCount, ids::ProductId};
pub(crate) use reader::{Reader, wrong};

/// Why a setting of a document is not in the product as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// The setting, or its value, is not known. It was left out.
    Unknown,
    /// The setting contradicts another one. One of the two was left out.
    Contradiction,
    /// The setting has no meaning outside of its own system, or says the same as another one.
    NotTaken,
    /// The document does not say, or says it by a name of its own; what is written was assumed.
    Assumed,
}

/// A setting that is not in the product as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// Why.
    pub kind: NoteKind,
    /// The setting, by its path in the document.
    pub field: String,
    /// The line of the document, from 1.
    pub line: usize,
    /// What was given.
    pub given: String,
    /// What became of it.
    pub outcome: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            field,
            line,
            given,
            outcome,
        } = self;
        write!(f, "line {line}: {field}: {given} ({kind:?}: {outcome})")
    }
}

/// A product that was read, and everything of the document that is not in it as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported<P> {
    /// The product.
    pub product: P,
    /// Whether it is on sale in its own system.
    pub active: bool,
    /// What is not in the product as it was given, in the order of the document.
    pub notes: Vec<Note>,
}

/// What a document of another system does not say: its currency, and our names for its keys.
#[derive(Clone, Debug)]
pub struct ImportContext {
    /// The currency of amounts that have none.
    pub currency: Currency,
    /// Our branches by the other system's keys. A key that is missing here is taken as the code.
    pub branches: BTreeMap<String, BranchCode>,
    /// Our products by the other system's keys. A key that is missing here is taken as the
    /// identifier.
    pub products: BTreeMap<String, ProductId>,
    /// What to take for day counts whose rule is published nowhere, by the other system's name.
    /// One that is missing here is refused.
    pub day_counts: BTreeMap<String, DayCount>,
}

impl ImportContext {
    /// One currency, and keys taken as they are.
    #[must_use]
    pub const fn new(currency: Currency) -> Self {
        Self {
            currency,
            branches: BTreeMap::new(),
            products: BTreeMap::new(),
            day_counts: BTreeMap::new(),
        }
    }
}
