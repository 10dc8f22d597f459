//! Three levels of trust, carried with the value.

use serde::{Deserialize, Serialize};

use super::AuthError;

/// How far a message may be trusted; a higher level orders above a lower one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Trust {
    /// Anybody could have sent it: no signature, or only an address list or a secret path, which
    /// the host judges for itself.
    #[default]
    Claimed,
    /// Not damaged on the way, but anybody could have made it (a plain content hash).
    IntegrityOnly,
    /// Signed with a key that only the provider has, or the answer to our own call.
    Authenticated,
}

/// A value together with how far it may be trusted. Only a check can raise the level: the
/// functions of [`crate::auth`] return one, and [`Trusted::map`] keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trusted<T> {
    trust: Trust,
    value: T,
}

impl<T> Trusted<T> {
    /// A value that nobody vouches for.
    #[must_use]
    pub const fn claimed(value: T) -> Self {
        Self {
            trust: Trust::Claimed,
            value,
        }
    }

    /// The answer to a call that we made over an authenticated connection to the provider
    /// (enquiry, status query, statement download).
    #[must_use]
    pub const fn from_own_call(value: T) -> Self {
        Self::checked(value, Trust::Authenticated)
    }

    pub(crate) const fn checked(value: T, trust: Trust) -> Self {
        Self { trust, value }
    }

    /// The level.
    #[must_use]
    pub const fn trust(&self) -> Trust {
        self.trust
    }

    /// The value, for a rule that demands a level.
    ///
    /// ```
    /// use mobile_money::{Trust, Trusted};
    /// assert!(Trusted::claimed(5).demand(Trust::Claimed).is_ok());
    /// assert!(Trusted::claimed(5).demand(Trust::Authenticated).is_err());
    /// ```
    ///
    /// # Errors
    /// [`AuthError::TrustTooLow`] below the level.
    pub fn demand(self, level: Trust) -> Result<T, AuthError> {
        if self.trust < level {
            return Err(AuthError::TrustTooLow {
                given: self.trust,
                required: level,
            });
        }
        Ok(self.value)
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The value without its level.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// What is derived from a value is trusted as far as the value.
    #[must_use]
    pub fn map<U>(self, derive: impl FnOnce(T) -> U) -> Trusted<U> {
        Trusted {
            trust: self.trust,
            value: derive(self.value),
        }
    }

    /// As [`Trusted::map`], for a derivation that may fail.
    ///
    /// # Errors
    /// The error of the derivation.
    pub fn try_map<U, E>(self, derive: impl FnOnce(T) -> Result<U, E>) -> Result<Trusted<U>, E> {
        Ok(Trusted {
            trust: self.trust,
            value: derive(self.value)?,
        })
    }
}
