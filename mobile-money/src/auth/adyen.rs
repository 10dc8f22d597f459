//! Adyen's signature over eight fields of a notification item.

use alloc::{string::String, vec::Vec};

use super::{
    AuthError, Trust, Trusted,
    hmac::{Encoding, Hash, same},
};

/// The eight signed fields, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdyenFields {
    /// `pspReference`.
    pub psp_reference: String,
    /// `originalReference`, empty when absent.
    pub original_reference: String,
    /// `merchantAccountCode`.
    pub merchant_account: String,
    /// `merchantReference`.
    pub merchant_reference: String,
    /// `amount.value`, in minor units.
    pub value: String,
    /// `amount.currency`.
    pub currency: String,
    /// `eventCode`.
    pub event_code: String,
    /// `success`, `"true"` or `"false"`.
    pub success: String,
}

impl AdyenFields {
    /// The signed text: the fields joined by colons. Colons and backslashes inside a field are not
    /// escaped, as in Adyen's current client libraries; older guidance escaped them.
    #[must_use]
    pub fn signed_text(&self) -> String {
        let fields = [
            &self.psp_reference,
            &self.original_reference,
            &self.merchant_account,
            &self.merchant_reference,
            &self.value,
            &self.currency,
            &self.event_code,
            &self.success,
        ];
        fields.map(String::as_str).join(":")
    }
}

/// Checks an item's `hmacSignature` (base64 HMAC-SHA-256) against keys written in hex.
///
/// # Errors
/// [`AuthError::Key`] for a key that is not hex, [`AuthError::NoSignature`],
/// [`AuthError::Mismatch`].
pub fn adyen(
    keys_hex: &[&str],
    fields: AdyenFields,
    signature: &str,
) -> Result<Trusted<AdyenFields>, AuthError> {
    let place = "hmacSignature";
    if signature.is_empty() {
        return Err(AuthError::NoSignature { place });
    }
    let key = |text: &&str| {
        Encoding::Hex.decode(text).ok_or(AuthError::Key {
            scheme: "Adyen",
            allowed: "an even number of hexadecimal digits",
        })
    };
    let keys: Vec<Vec<u8>> = keys_hex.iter().map(key).collect::<Result<_, _>>()?;
    let text = fields.signed_text();
    let given = Encoding::Base64.decode(signature).unwrap_or_default();
    let fits = keys.iter().fold(false, |fits, key| {
        fits | same(&Hash::Sha256.mac(key, &[text.as_bytes()]), &given)
    });
    if fits {
        Ok(Trusted::checked(fields, Trust::Authenticated))
    } else {
        Err(AuthError::Mismatch {
            place,
            keys: keys.len(),
        })
    }
}
