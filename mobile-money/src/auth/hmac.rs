//! Message authentication codes over the body, and plain content hashes.

use alloc::{string::String, vec::Vec};

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::{AuthError, Trust, Trusted};

/// The hash under the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Hash {
    /// HMAC-SHA-256, by far the most common.
    #[default]
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// How the code is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Encoding {
    /// Hexadecimal in either case.
    #[default]
    Hex,
    /// Base64 with padding; text that is not canonical is refused.
    Base64,
}

/// A message authentication code over the whole body, as a provider writes it in a header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HmacScheme {
    /// The hash.
    pub hash: Hash,
    /// The writing.
    pub encoding: Encoding,
    /// What stands before the code, for example `sha256=`; empty for nothing.
    pub prefix: String,
}

impl HmacScheme {
    /// Checks a signature over the body against every key.
    ///
    /// # Errors
    /// [`AuthError::NoSignature`], [`AuthError::Mismatch`].
    pub fn verify<'b>(
        &self,
        keys: &[&[u8]],
        body: &'b [u8],
        signature: &str,
    ) -> Result<Trusted<&'b [u8]>, AuthError> {
        let place = "signature header";
        let signature = signature.trim();
        if signature.is_empty() {
            return Err(AuthError::NoSignature { place });
        }
        let given = signature
            .strip_prefix(self.prefix.as_str())
            .and_then(|code| self.encoding.decode(code));
        let fits = given.is_some_and(|given| {
            keys.iter().fold(false, |fits, key| {
                fits | same(&self.hash.mac(key, &[body]), &given)
            })
        });
        if fits {
            Ok(Trusted::checked(body, Trust::Authenticated))
        } else {
            Err(AuthError::Mismatch {
                place,
                keys: keys.len(),
            })
        }
    }

    /// The signature of a body, as the provider would write it: for calls that we sign, and tests.
    #[must_use]
    pub fn sign(&self, key: &[u8], body: &[u8]) -> String {
        let mut text = self.prefix.clone();
        text.push_str(&self.encoding.encode(&self.hash.mac(key, &[body])));
        text
    }
}

impl Hash {
    /// The code over the concatenation of the parts.
    pub(super) fn mac(self, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 => mac::<Hmac<Sha256>>(key, parts),
            Self::Sha512 => mac::<Hmac<Sha512>>(key, parts),
        }
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length; should that ever fail, an empty code fits no signature.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

impl Encoding {
    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Hex => HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok(),
            Self::Base64 => BASE64.decode(text.as_bytes()).ok(),
        }
    }

    fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => data_encoding::HEXLOWER.encode(bytes),
            Self::Base64 => BASE64.encode(bytes),
        }
    }
}

/// Constant-time comparison. Lengths may leak: they are public. An empty code is never equal.
pub(super) fn same(expected: &[u8], given: &[u8]) -> bool {
    !expected.is_empty() && bool::from(expected.ct_eq(given))
}

/// Compares a secret that a notice echoes (Orange's `notif_token`, a secret path) with the one that
/// was agreed, in constant time.
///
/// ```
/// assert!(mobile_money::auth::same_secret("n7h2k5p0q3d8", "n7h2k5p0q3d8"));
/// assert!(!mobile_money::auth::same_secret("n7h2k5p0q3d8", ""));
/// ```
#[must_use]
pub fn same_secret(expected: &str, given: &str) -> bool {
    same(expected.as_bytes(), given.as_bytes())
}

/// Checks a GSMA `X-Content-Hash`: SHA-256 of the body in hex. Anybody can compute it, so what
/// passes is [`Trust::IntegrityOnly`].
///
/// # Errors
/// [`AuthError::NoSignature`], [`AuthError::Mismatch`].
pub fn gsma_content_hash<'b>(body: &'b [u8], header: &str) -> Result<Trusted<&'b [u8]>, AuthError> {
    let place = "X-Content-Hash";
    let header = header.trim();
    if header.is_empty() {
        return Err(AuthError::NoSignature { place });
    }
    let given = Encoding::Hex.decode(header);
    if given.is_some_and(|given| same(&Sha256::digest(body), &given)) {
        Ok(Trusted::checked(body, Trust::IntegrityOnly))
    } else {
        Err(AuthError::Mismatch { place, keys: 0 })
    }
}
