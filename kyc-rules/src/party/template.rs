//! Templates of identity documents: who issues them, and how their numbers look.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Client, IdentityDocument, Individual, Party};
use crate::{
    code::{CountryCode, DocumentKind},
    ids::{IdError, IdScheme, Mrz},
    rules::Pattern,
};

/// A kind of document a lender accepts.
///
/// ```
/// use kyc_rules::party::{DocumentFault, DocumentTemplate, IdentityDocument};
/// // Three letters and six digits, in the dialect of document templates.
/// let template: DocumentTemplate = serde_json::from_str(r#"{"kind": "identity_card", "issuer": "ES",
///   "number": {"mask": {"dialect": "mambu_id", "mask": "@@@######"}}}"#)?;
/// let document: IdentityDocument = serde_json::from_str(
///   r#"{"kind": "identity_card", "number": "ABC12345", "issuer": "ES"}"#)?;
/// let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
/// assert_eq!(template.check(&document, None, None, on), [DocumentFault::Number]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentTemplate {
    /// What kind.
    pub kind: DocumentKind,
    /// The country that issues it.
    pub issuer: CountryCode,
    /// The authority that issues it; none: not compared.
    #[serde(default)]
    pub authority: Option<String>,
    /// The form of its number; none: not looked at.
    #[serde(default)]
    pub number: Option<Pattern>,
    /// The series of its number, with check digits and what it says of its holder.
    #[serde(default)]
    pub scheme: Option<IdScheme>,
    /// Every client of the issuing country has to have one.
    #[serde(default)]
    pub mandatory: bool,
    /// It always has an expiry date.
    #[serde(default)]
    pub expires: bool,
    /// It may come with copies, at most so many; none: any number.
    #[serde(default)]
    pub attachments_max: Option<u32>,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentFault {
    /// Another kind or issuer than the template's.
    OtherTemplate,
    /// Issued by another authority.
    Authority,
    /// The number does not have the template's form.
    Number,
    /// The number is not one of its series.
    Scheme(IdError),
    /// The number carries another birth date or sex than the holder has.
    Holder,
    /// No expiry date, though these documents have one.
    NoExpiry,
    /// Its last day is past.
    Expired,
    /// Its first day is still to come.
    NotYetValid,
    /// The machine-readable zone says something else.
    Zone(ZoneField),
}

/// A field in which a machine-readable zone differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZoneField {
    /// The document number.
    Number,
    /// The expiry date.
    Expiry,
    /// The birth date.
    BirthDate,
    /// The sex.
    Sex,
    /// The family name.
    Surname,
}

impl DocumentTemplate {
    /// Everything that is wrong with a document on a day. `holder` is the person it is of, `zone`
    /// what was read from it by machine; what is not given is not compared.
    #[must_use]
    pub fn check(
        &self,
        document: &IdentityDocument,
        holder: Option<&Individual>,
        zone: Option<&Mrz>,
        on: NaiveDate,
    ) -> Vec<DocumentFault> {
        let mut faults = Vec::new();
        if document.kind != self.kind || document.issuer != self.issuer {
            faults.push(DocumentFault::OtherTemplate);
        }
        if self.authority.is_some()
            && document.authority.is_some()
            && self.authority != document.authority
        {
            faults.push(DocumentFault::Authority);
        }
        let number = document.number.trim();
        if self
            .number
            .as_ref()
            .is_some_and(|form| !form.matches(number))
        {
            faults.push(DocumentFault::Number);
        }
        match self.scheme.map(|scheme| scheme.check(number, on)) {
            Some(Err(error)) => faults.push(DocumentFault::Scheme(error)),
            Some(Ok(id)) if holder.is_some_and(|h| !id.agrees_with(h.birth_date, h.sex)) => {
                faults.push(DocumentFault::Holder);
            }
            _ => {}
        }
        match document.expires {
            None if self.expires => faults.push(DocumentFault::NoExpiry),
            Some(last) if last < on => faults.push(DocumentFault::Expired),
            _ => {}
        }
        if document.valid_from.is_some_and(|first| on < first) {
            faults.push(DocumentFault::NotYetValid);
        }
        if let Some(zone) = zone {
            faults.extend(
                differing(document, holder, zone, on)
                    .into_iter()
                    .map(DocumentFault::Zone),
            );
        }
        faults
    }
}

/// Letters and digits alone, as a machine-readable zone has them.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

fn differing(
    document: &IdentityDocument,
    holder: Option<&Individual>,
    zone: &Mrz,
    on: NaiveDate,
) -> Vec<ZoneField> {
    let mut fields = Vec::new();
    if plain(&zone.number) != plain(&document.number) {
        fields.push(ZoneField::Number);
    }
    let read = zone.expiry_date_near(on);
    if document.expires.is_some() && read.is_some() && document.expires != read {
        fields.push(ZoneField::Expiry);
    }
    let Some(holder) = holder else { return fields };
    let read = zone.birth_date_before(on);
    if holder.birth_date.is_some() && read.is_some() && holder.birth_date != read {
        fields.push(ZoneField::BirthDate);
    }
    let open = super::Sex::Unspecified;
    if holder
        .sex
        .is_some_and(|sex| sex != zone.sex && sex != open && zone.sex != open)
    {
        fields.push(ZoneField::Sex);
    }
    // Names in the zone are transliterated and may be cut: only plain ones can be compared.
    let surname = plain(&holder.last_name);
    let given = holder.last_name.chars().all(|c| c.is_ascii());
    if given && !surname.is_empty() && !surname.starts_with(&plain(&zone.surname)) {
        fields.push(ZoneField::Surname);
    }
    fields
}

/// The kinds of mandatory documents of a client's country that it has none of, accepted and valid
/// on a day. Companies and groups have no identity documents.
#[must_use]
pub fn mandatory_missing<'a>(
    templates: &'a [DocumentTemplate],
    client: &Client,
    on: NaiveDate,
) -> Vec<&'a DocumentKind> {
    if !matches!(client.party, Party::Individual(_)) {
        return Vec::new();
    }
    let there = |template: &&DocumentTemplate| {
        let mut documents = client.documents.iter();
        documents
            .any(|d| d.kind == template.kind && d.issuer == template.issuer && d.acceptable(on))
    };
    let mandatory = templates
        .iter()
        .filter(|t| t.mandatory && t.issuer == client.country);
    mandatory.filter(|t| !there(t)).map(|t| &t.kind).collect()
}
