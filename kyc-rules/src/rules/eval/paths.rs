//! Items and the paths of the facts behind them.

use alloc::string::String;

use crate::{
    code::{DocumentKind, FactPath, FormId, ListId},
    rules::Item,
};

/// Where an item is found among the facts.
pub(crate) fn item_path(item: &Item) -> FactPath {
    match item {
        Item::Document(kind) => joined("document.", kind.as_str()),
        Item::Form(form) => joined("form.", form.as_str()),
        Item::Field(path) => path.clone(),
    }
}

pub(crate) fn screening_path(list: &ListId) -> FactPath {
    joined("screening.", list.as_str())
}

pub(super) fn joined(space: &str, name: &str) -> FactPath {
    let mut path = String::from(space);
    path.push_str(name);
    FactPath::from_parts(path)
}

/// The item behind a path: what a person would be asked for.
pub(super) fn path_item(path: &FactPath) -> Item {
    let item = match path.as_str().split_once('.') {
        Some(("document", kind)) => DocumentKind::new(kind).ok().map(Item::Document),
        Some(("form", form)) => FormId::new(form).ok().map(Item::Form),
        _ => None,
    };
    item.unwrap_or_else(|| Item::Field(path.clone()))
}
