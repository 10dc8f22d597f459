//! Standard Webhooks 1.0: `v1` HMAC-SHA-256 and `v1a` Ed25519 signatures.

use alloc::{string::String, vec::Vec};

use data_encoding::BASE64;
use ed25519_dalek::{Signature, VerifyingKey};

use super::{
    AuthError, Trust, Trusted,
    hmac::{Hash, same},
};

/// A key of one sender.
#[derive(Clone, PartialEq, Eq)]
pub enum StandardKey {
    /// The secret of `v1` signatures.
    Secret(Vec<u8>),
    /// The public key of `v1a` signatures.
    Public([u8; 32]),
}

impl core::fmt::Debug for StandardKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret(..)",
            Self::Public(_) => "Public(..)",
        })
    }
}

impl StandardKey {
    /// Reads `whsec_` and base64 of 24 to 64 bytes, or `whpk_` and base64 of 32 bytes.
    ///
    /// # Errors
    /// [`AuthError::Key`].
    pub fn read(text: &str) -> Result<Self, AuthError> {
        let refused = || AuthError::Key {
            scheme: "Standard Webhooks",
            allowed: "whsec_ and base64 of 24 to 64 bytes, or whpk_ and base64 of 32 bytes",
        };
        let decode = |text: &str| BASE64.decode(text.as_bytes()).ok();
        if let Some(public) = text.strip_prefix("whpk_") {
            let bytes = decode(public).and_then(|bytes| bytes.try_into().ok());
            return bytes.map(Self::Public).ok_or_else(refused);
        }
        let secret = text.strip_prefix("whsec_").unwrap_or(text);
        let secret = decode(secret).filter(|secret| (24..=64).contains(&secret.len()));
        secret.map(Self::Secret).ok_or_else(refused)
    }
}

/// The three headers, each exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardHeaders<'h> {
    /// `webhook-id`.
    pub id: &'h str,
    /// `webhook-timestamp`.
    pub timestamp: &'h str,
    /// `webhook-signature`.
    pub signature: &'h str,
}

impl<'h> StandardHeaders<'h> {
    /// Finds the headers; names are compared without regard to case.
    ///
    /// # Errors
    /// [`AuthError::Header`] for a header that is missing, empty or given twice.
    pub fn find(
        headers: impl IntoIterator<Item = (&'h str, &'h str)> + Clone,
    ) -> Result<Self, AuthError> {
        let one = |header: &'static str| {
            let mut found = headers
                .clone()
                .into_iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case(header));
            match (found.next(), found.count()) {
                (Some((_, value)), 0) if !value.is_empty() => Ok(value),
                (Some(_), more) => Err(AuthError::Header {
                    header,
                    given: more.saturating_add(1),
                }),
                (None, _) => Err(AuthError::Header { header, given: 0 }),
            }
        };
        Ok(Self {
            id: one("webhook-id")?,
            timestamp: one("webhook-timestamp")?,
            signature: one("webhook-signature")?,
        })
    }
}

/// A receiver of Standard Webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardWebhook {
    /// Keys in use; several during rotation.
    pub keys: Vec<StandardKey>,
    /// How far the timestamp may be off in either direction. The specification says 300.
    pub tolerance_seconds: u32,
}

impl StandardWebhook {
    /// A receiver with the specification's tolerance of 300 seconds.
    #[must_use]
    pub const fn new(keys: Vec<StandardKey>) -> Self {
        Self {
            keys,
            tolerance_seconds: 300,
        }
    }

    /// Checks a message. `now` is the host's clock in seconds since 1970.
    ///
    /// # Errors
    /// [`AuthError`]; the message is not to be parsed then.
    pub fn verify<'b>(
        &self,
        headers: &StandardHeaders<'_>,
        body: &'b [u8],
        now: i64,
    ) -> Result<Trusted<&'b [u8]>, AuthError> {
        let signed_at = seconds(headers.timestamp)?;
        within(signed_at, now, self.tolerance_seconds)?;
        let parts: [&[u8]; 5] = [
            headers.id.as_bytes(),
            b".",
            headers.timestamp.as_bytes(),
            b".",
            body,
        ];
        // Every signature is tried with every key, so that time does not tell which one fits.
        let listed = headers.signature.split(' ').filter(|s| !s.is_empty());
        let fits = listed.fold(false, |fits, listed| {
            self.keys
                .iter()
                .fold(fits, |fits, key| fits | key.fits(listed, &parts))
        });
        if fits {
            Ok(Trusted::checked(body, Trust::Authenticated))
        } else {
            Err(AuthError::Mismatch {
                place: "webhook-signature",
                keys: self.keys.len(),
            })
        }
    }
}

impl StandardKey {
    fn fits(&self, listed: &str, parts: &[&[u8]]) -> bool {
        let Some((version, code)) = listed.split_once(',') else {
            return false;
        };
        let Ok(given) = BASE64.decode(code.as_bytes()) else {
            return false;
        };
        match (self, version) {
            (Self::Secret(secret), "v1") => same(&Hash::Sha256.mac(secret, parts), &given),
            (Self::Public(public), "v1a") => {
                let key = VerifyingKey::from_bytes(public);
                let signature = Signature::from_slice(&given);
                key.is_ok_and(|key| {
                    signature.is_ok_and(|signature| {
                        key.verify_strict(&parts.concat(), &signature).is_ok()
                    })
                })
            }
            _ => false,
        }
    }
}

/// A timestamp in whole seconds: plain digits, no sign, no space.
pub(super) fn seconds(text: &str) -> Result<i64, AuthError> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parsed = if digits { text.parse().ok() } else { None };
    parsed.ok_or_else(|| AuthError::Timestamp {
        given: String::from(text),
    })
}

pub(super) fn within(signed_at: i64, now: i64, tolerance: u32) -> Result<(), AuthError> {
    let age = now.saturating_sub(signed_at);
    if age > i64::from(tolerance) {
        return Err(AuthError::TooOld {
            age_seconds: age,
            tolerance_seconds: tolerance,
        });
    }
    let ahead = signed_at.saturating_sub(now);
    if ahead > i64::from(tolerance) {
        return Err(AuthError::TooNew {
            ahead_seconds: ahead,
            tolerance_seconds: tolerance,
        });
    }
    Ok(())
}
