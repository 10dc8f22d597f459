//! Authenticity: who says so, and how far may it be trusted?
//!
//! Every check works on the raw bytes before anything is parsed, compares in constant time, accepts
//! several keys (rotation) and looks at all signatures listed. A check returns the bytes as
//! [`Trusted`]; the level can only come from a check.
//!
//! | scheme | signed text | function |
//! |---|---|---|
//! | Standard Webhooks 1.0 | `id.timestamp.body` | [`StandardWebhook::verify`] |
//! | Stripe form | `timestamp.body` | [`stripe`] |
//! | Adyen | eight fields joined by `:` | [`adyen`] |
//! | Kopo Kopo, Paystack and the like | body | [`HmacScheme::verify`] |
//! | Airtel | the raw `transaction` object, or the body without `hash` | [`airtel_callback`] |
//! | GSMA `X-Content-Hash` | body; proves integrity only | [`gsma_content_hash`] |
//! | Orange `notif_token`, secret paths | an echoed secret | [`same_secret`] |
//!
//! M-Pesa and MTN sign nothing: their notices are [`Trusted::claimed`] until an enquiry confirms
//! them.
//!
//! ```
//! use mobile_money::Trust;
//! use mobile_money::auth::{Encoding, Hash, HmacScheme};
//! let scheme = HmacScheme { hash: Hash::Sha256, encoding: Encoding::Hex, prefix: String::new() };
//! let body = br#"{"topic":"x","amount":"700.0"}"#;
//! let signature = "653f25a40a5d71d31d0003f226ba1cf1b4e6f47adcbb919e39ef49df5df92d06";
//! let body = scheme.verify(&[b"k2"], body, signature)?;
//! assert_eq!(body.trust(), Trust::Authenticated);
//! # Ok::<(), mobile_money::auth::AuthError>(())
//! ```

mod adyen;
mod airtel;
mod cipher;
mod error;
mod hmac;
mod replay;
mod standard;
mod stripe;
mod trust;

pub use adyen::{AdyenFields, adyen};
pub use airtel::airtel_callback;
pub use cipher::{OaepHashes, ReferenceCipher, fincode_reference};
pub use error::AuthError;
pub use hmac::{Encoding, Hash, HmacScheme, gsma_content_hash, same_secret};
pub use replay::ReplayCache;
pub use standard::{StandardHeaders, StandardKey, StandardWebhook};
pub use stripe::{FutureRule, stripe};
pub use trust::{Trust, Trusted};
