//! The key of an encrypted file.

use core::fmt;

use lending_core::store::StoreError;
use rusqlite::Connection;

/// 256 random bits that a file is encrypted with, from the host's key management. No passphrase: a
/// host that has one derives the key from it.
///
/// ```
/// use storage_sqlite::Key;
/// assert_eq!(format!("{:?}", Key::new([7; 32])), "Key(..)", "a key does not get into a log");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Gives a connection its key, before anything else is done with it.
#[cfg(feature = "encryption")]
pub(crate) fn unlock(connection: &Connection, key: Option<&Key>) -> Result<(), StoreError> {
    use core::fmt::Write;
    let Some(Key(bytes)) = key else { return Ok(()) };
    let mut raw = String::from("x'");
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(raw, "{byte:02x}");
    }
    raw.push('\'');
    connection
        .pragma_update(None, "key", raw)
        .map_err(crate::error::backend)
}

/// Refuses a key: a file that was meant to be encrypted must not be written in plain.
#[cfg(not(feature = "encryption"))]
pub(crate) fn unlock(_: &Connection, key: Option<&Key>) -> Result<(), StoreError> {
    match key {
        None => Ok(()),
        Some(_) => Err(crate::error::trouble(
            lending_core::store::BackendKind::Unsupported,
            "this program was built without encryption: feature `encryption` of storage-sqlite",
        )),
    }
}
