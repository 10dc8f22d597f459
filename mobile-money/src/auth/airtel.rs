//! Airtel's callback hash.

use alloc::{string::String, vec::Vec};

use super::{
    AuthError, Trust, Trusted,
    hmac::{Encoding, Hash, same},
};
use crate::wire::{Json, text_of};

/// Checks the `hash` of an Airtel collection callback: base64 HMAC-SHA-256 under the callback key.
///
/// Published clients disagree on the signed text, so the exact text of the `transaction` object is
/// tried first and then the whole object without `hash`, keys in the order given. Both are slices
/// of the raw message: re-serialising would break text with other than ASCII letters.
///
/// # Errors
/// [`AuthError::NoSignature`] when callback authentication is not switched on (treat the message
/// as [`Trusted::claimed`] and confirm it by enquiry), [`AuthError::Mismatch`],
/// [`AuthError::Unreadable`].
pub fn airtel_callback<'b>(keys: &[&[u8]], body: &'b [u8]) -> Result<Trusted<&'b [u8]>, AuthError> {
    let place = "hash";
    let unreadable = |error| AuthError::Unreadable {
        given: alloc::format!("{error}"),
    };
    let json = Json::read(text_of(body).map_err(unreadable)?).map_err(unreadable)?;
    let Some(object) = json.object() else {
        return Err(AuthError::Unreadable {
            given: "not a JSON object".into(),
        });
    };
    let given = json.get("hash").word();
    let given = given.ok_or(AuthError::NoSignature { place })?;
    let mut texts: Vec<String> = Vec::new();
    texts.extend(object.raw("transaction").map(Into::into));
    texts.push(object.raw_without("hash"));
    let fits = Encoding::Base64.decode(given).is_some_and(|given| {
        let tries = keys
            .iter()
            .flat_map(|key| texts.iter().map(move |text| (key, text)));
        tries.fold(false, |fits, (key, text)| {
            fits | same(&Hash::Sha256.mac(key, &[text.as_bytes()]), &given)
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
