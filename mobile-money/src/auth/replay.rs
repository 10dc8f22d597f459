//! Messages accepted before, held by the host.

use alloc::{collections::BTreeMap, string::String};

use serde::{Deserialize, Serialize};

use super::AuthError;

/// Ids accepted within the tolerance, by (scheme, id). Plain data: the host stores it.
///
/// ```
/// use mobile_money::auth::ReplayCache;
/// let mut seen = ReplayCache::new(300);
/// seen.accept("standard", "msg_1", 1_000)?;
/// assert!(seen.accept("standard", "msg_1", 1_200).is_err());
/// // Twice the tolerance later the timestamp check alone refuses it.
/// seen.accept("standard", "msg_1", 1_700)?;
/// # Ok::<(), mobile_money::auth::AuthError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayCache {
    keep_seconds: i64,
    seen: BTreeMap<String, BTreeMap<String, i64>>,
}

impl ReplayCache {
    /// A cache for messages checked with this timestamp tolerance. A message may be accepted from
    /// one tolerance early to one tolerance late, so an id is kept for twice the tolerance.
    #[must_use]
    pub fn new(tolerance_seconds: u32) -> Self {
        Self {
            keep_seconds: i64::from(tolerance_seconds).saturating_mul(2),
            seen: BTreeMap::new(),
        }
    }

    /// Notes an id. Call it after the signature has been checked, or anybody can block ids.
    ///
    /// # Errors
    /// [`AuthError::Replay`] for an id that is still kept.
    pub fn accept(&mut self, scheme: &str, id: &str, now: i64) -> Result<(), AuthError> {
        let oldest = now.saturating_sub(self.keep_seconds);
        let seen = self.seen.entry(scheme.into()).or_default();
        seen.retain(|_, at| *at >= oldest);
        if seen.contains_key(id) {
            return Err(AuthError::Replay { id: id.into() });
        }
        seen.insert(id.into(), now);
        Ok(())
    }
}
