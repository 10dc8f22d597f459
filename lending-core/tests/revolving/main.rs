//! Lines of credit: billing, statements, lateness, instalments, books and laws.

#[path = "../common/mod.rs"]
mod common;

mod arrangement;
mod backdated;
mod cap;
mod charges;
mod end_of_day;
mod fees;
mod grace;
mod instalments;
mod laws;
mod life;
mod line;
mod minimum;
mod model;
mod planned;
mod statements;
mod terms;
mod undo;
