//! The compact encoding of states, events and record bodies: a format byte, then postcard.
//!
//! Postcard does not describe itself, so the leading byte names the layout. When a type's layout
//! changes, its [`Stored::FORMAT`] grows and [`Stored::upgrade`] reads the older ones: what was
//! written years ago is read today, and is written anew the next time its account changes.
//!
//! ```
//! use lending_core::store::{CodecError, Stored, decode, encode};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, PartialEq, Debug)]
//! struct Note { text: String, pinned: bool }
//!
//! impl Stored for Note {
//!     const FORMAT: u8 = 2;
//!     fn upgrade(format: u8, body: &[u8]) -> Result<Self, CodecError> {
//!         match format {
//!             // The first layout was the bare text.
//!             1 => Ok(Note { text: lending_core::store::decode_body(format, body)?, pinned: false }),
//!             _ => Err(CodecError::UnknownFormat { given: format, newest: Self::FORMAT }),
//!         }
//!     }
//! }
//!
//! let note = Note { text: "call back".into(), pinned: true };
//! assert_eq!(decode::<Note>(&encode(&note)?)?, note);
//! let old = [&[1u8, 4][..], b"paid"].concat();
//! assert_eq!(decode::<Note>(&old)?, Note { text: "paid".into(), pinned: false });
//! assert!(decode::<Note>(&[9, 0]).is_err(), "written by a newer program");
//! # Ok::<(), CodecError>(())
//! ```

use alloc::{string::String, string::ToString, vec::Vec};

use serde::{Serialize, de::DeserializeOwned};

/// Why stored bytes could not be read, or a value could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// No bytes at all, where at least the format byte is needed.
    #[error("stored value is empty: a format byte and a body are needed")]
    Empty,
    /// The format byte names a layout this program does not know.
    #[error("stored value has format {given}: formats up to {newest} are known to this program")]
    UnknownFormat {
        /// The format found.
        given: u8,
        /// The newest known.
        newest: u8,
    },
    /// The body does not read as its format says.
    #[error("stored value of format {format} cannot be read: {reason}")]
    Body {
        /// The format found.
        format: u8,
        /// What the decoder said.
        reason: String,
    },
    /// Bytes are left behind the value.
    #[error("stored value of format {format} has {left} bytes too many")]
    Trailing {
        /// The format found.
        format: u8,
        /// How many bytes are left.
        left: usize,
    },
    /// The value has no compact encoding (a map of unknown length, a type that needs a
    /// self-describing format).
    #[error("value cannot be encoded: {reason}")]
    Encode {
        /// What the encoder said.
        reason: String,
    },
}

impl CodecError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Empty => 2101,
            Self::UnknownFormat { .. } => 2102,
            Self::Body { .. } => 2103,
            Self::Trailing { .. } => 2104,
            Self::Encode { .. } => 2105,
        }
    }
}

/// A type that is kept in a store as compact bytes.
pub trait Stored: Serialize + DeserializeOwned {
    /// The layout this program writes; grows by one with every change of layout.
    const FORMAT: u8;

    /// Reads a body of an older layout.
    ///
    /// # Errors
    /// [`CodecError::UnknownFormat`] unless the type has older layouts and says how to read them.
    fn upgrade(format: u8, body: &[u8]) -> Result<Self, CodecError> {
        let _ = body;
        Err(CodecError::UnknownFormat {
            given: format,
            newest: Self::FORMAT,
        })
    }
}

/// The bytes of a value: its format, then its body.
///
/// # Errors
/// [`CodecError::Encode`].
pub fn encode<T: Stored>(value: &T) -> Result<Vec<u8>, CodecError> {
    postcard::to_extend(value, alloc::vec![T::FORMAT]).map_err(|error| CodecError::Encode {
        reason: error.to_string(),
    })
}

/// The value of these bytes, of the present layout or of an older one.
///
/// # Errors
/// Any other [`CodecError`]: nothing is guessed.
pub fn decode<T: Stored>(bytes: &[u8]) -> Result<T, CodecError> {
    let (&format, body) = bytes.split_first().ok_or(CodecError::Empty)?;
    if format == T::FORMAT {
        decode_body(format, body)
    } else {
        T::upgrade(format, body)
    }
}

/// Reads a body without its format byte; for [`Stored::upgrade`].
///
/// # Errors
/// [`CodecError::Body`] or [`CodecError::Trailing`].
pub fn decode_body<T: DeserializeOwned>(format: u8, body: &[u8]) -> Result<T, CodecError> {
    let (value, rest) = postcard::take_from_bytes(body).map_err(|error| CodecError::Body {
        format,
        reason: error.to_string(),
    })?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(CodecError::Trailing {
            format,
            left: rest.len(),
        })
    }
}
