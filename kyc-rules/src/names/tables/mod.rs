//! What words in names mean: titles, particles, legal forms, numbers, everyday forms.

mod distinct;
mod known;
mod organisations;
mod persons;
mod scripts;

pub(super) use distinct::DISTINCT;
pub(super) use known::known;
pub(super) use organisations::{GENERIC, LEGAL, NUMBERS, PHRASES, PLACES, SHORT};
pub(super) use persons::{ARTICLES, EVERYDAY, PARTICLES, PATRONYMS, SERVANT, SHORTENED, TITLES};
pub(super) use scripts::{KOREAN, READINGS};
