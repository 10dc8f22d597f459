//! The Stripe form: `t=…,v1=hex,…` over `timestamp.body`.

use serde::{Deserialize, Serialize};

use super::{
    AuthError, Trust, Trusted,
    hmac::{Encoding, Hash, same},
    standard::{seconds, within},
};

/// What to do with a timestamp in the future.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FutureRule {
    /// Refuse it beyond the tolerance, like one from the past. The safe reading.
    #[default]
    Refuse,
    /// Accept any, as Stripe's own client libraries do.
    Accept,
}

/// Checks a signature header of the Stripe form. `keys` are the secrets' bytes as given, prefix
/// included; `now` is in seconds since 1970.
///
/// # Errors
/// [`AuthError`].
pub fn stripe<'b>(
    keys: &[&[u8]],
    header: &str,
    body: &'b [u8],
    now: i64,
    tolerance_seconds: u32,
    future: FutureRule,
) -> Result<Trusted<&'b [u8]>, AuthError> {
    let place = "signature header";
    let pairs = || {
        header
            .split(',')
            .filter_map(|part| part.trim().split_once('='))
    };
    let mut times = pairs().filter(|(name, _)| *name == "t");
    let (Some((_, timestamp)), None) = (times.next(), times.next()) else {
        return Err(AuthError::Timestamp {
            given: header.into(),
        });
    };
    let signed_at = seconds(timestamp)?;
    let mut listed = pairs().filter(|(name, _)| *name == "v1").peekable();
    if listed.peek().is_none() {
        return Err(AuthError::NoSignature { place });
    }
    let parts: [&[u8]; 3] = [timestamp.as_bytes(), b".", body];
    let fits = listed.fold(false, |fits, (_, code)| {
        let given = Encoding::Hex.decode(code).unwrap_or_default();
        keys.iter().fold(fits, |fits, key| {
            fits | same(&Hash::Sha256.mac(key, &parts), &given)
        })
    });
    if !fits {
        return Err(AuthError::Mismatch {
            place,
            keys: keys.len(),
        });
    }
    match within(signed_at, now, tolerance_seconds) {
        Err(AuthError::TooNew { .. }) if future == FutureRule::Accept => {}
        outcome => outcome?,
    }
    Ok(Trusted::checked(body, Trust::Authenticated))
}
