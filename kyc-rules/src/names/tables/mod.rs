//! What words in names mean: titles, particles, legal forms, numbers, everyday forms.

mod distinct;
mod organisations;
mod persons;
mod scripts;

pub(super) use distinct::DISTINCT;
pub(super) use organisations::{GENERIC, LEGAL, NUMBERS, PHRASES, PLACES};
pub(super) use persons::{EVERYDAY, PARTICLES, PATRONYMS, SERVANT, SHORTENED, TITLES};
pub(super) use scripts::{KOREAN, READINGS};
