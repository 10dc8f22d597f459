//! FinCode's encrypted reference. Decryption itself is the host's: RSA belongs to a key store.

use alloc::{string::String, vec::Vec};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use super::{AuthError, Trusted};

/// The two hashes of RSA-OAEP. They may differ: Java's `OAEPWithSHA-256AndMGF1Padding` uses SHA-256
/// for the label and, unless told otherwise, SHA-1 for the mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum OaepHashes {
    /// SHA-256 for the label and the mask.
    Sha256,
    /// SHA-256 for the label, SHA-1 for the mask: the default of Java senders.
    Sha256WithSha1Mask,
}

/// Decryption under our private key, done by the host.
pub trait ReferenceCipher {
    /// The plain bytes, or `None` when they cannot be decrypted. An implementation must not tell
    /// apart why.
    fn decrypt(&self, hashes: OaepHashes, cipher: &[u8]) -> Option<Vec<u8>>;
}

/// Decrypts a FinCode reference. The result is *claimed*: it was encrypted under our public key,
/// which anybody has, so it says nothing about the sender. Confirm it by a call.
///
/// # Errors
/// [`AuthError::Unreadable`] when it is not base64, does not decrypt or is not UTF-8.
pub fn fincode_reference(
    cipher: &dyn ReferenceCipher,
    hashes: OaepHashes,
    reference: &str,
) -> Result<Trusted<String>, AuthError> {
    let unreadable = |given: &str| AuthError::Unreadable {
        given: given.into(),
    };
    let bytes = BASE64
        .decode(reference.trim().as_bytes())
        .map_err(|_| unreadable("the reference is not base64"))?;
    let plain = cipher
        .decrypt(hashes, &bytes)
        .ok_or_else(|| unreadable("the reference does not decrypt"))?;
    String::from_utf8(plain)
        .map(Trusted::claimed)
        .map_err(|_| unreadable("the decrypted reference is not UTF-8"))
}
