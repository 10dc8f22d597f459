//! The storage port of `lending-core` on SQLite.
