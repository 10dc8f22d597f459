//! The client record and its projection to facts.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ClientState, DocumentStatus, IdentityDocument, StateChange};
use crate::{
    code::{CodeError, CountryCode, Label, TierId},
    duplicates::Record,
    facts::{Facts, Value},
    phone::PhoneNumber,
};

/// A client of the lender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    /// The lender's id of the client.
    pub id: String,
    /// Who it is.
    pub party: Party,
    /// The country whose rules apply.
    pub country: CountryCode,
    /// The lender's own client type; none: `individual`, `company` or `group`.
    #[serde(default)]
    pub client_type: Option<Label>,
    /// Where the client stands. Changed by [`Client::transition`] only.
    pub state: ClientState,
    /// When the record was made.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub created: NaiveDate,
    /// Changes of state, oldest first.
    #[serde(default)]
    pub history: Vec<StateChange>,
    /// The KYC tier granted.
    #[serde(default)]
    pub tier: Option<TierId>,
    /// The KYC tier asked for.
    #[serde(default)]
    pub requested_tier: Option<TierId>,
    /// Documents.
    #[serde(default)]
    pub documents: Vec<IdentityDocument>,
    /// Addresses.
    #[serde(default)]
    pub addresses: Vec<Address>,
    /// Phones and e-mails.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Guarantors, directors, spouses.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// Who looks after the client.
    #[serde(default)]
    pub assignment: Assignment,
}

/// Who a client is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Party {
    /// A person.
    Individual(Individual),
    /// A company.
    Company(Company),
    /// A group of clients.
    Group(Group),
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Individual {
    /// Given name.
    pub first_name: String,
    /// Further given names.
    pub middle_name: Option<String>,
    /// Family name.
    pub last_name: String,
    /// Date of birth.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub birth_date: Option<NaiveDate>,
    /// Sex as on the identity document.
    pub sex: Option<Sex>,
    /// Nationality.
    pub nationality: Option<CountryCode>,
}

/// Sex as on an identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Not stated on the document (`X` or a filler).
    Unspecified,
}

/// A company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Company {
    /// Registered name.
    pub name: String,
    /// Registration number.
    pub registration_number: Option<String>,
    /// When it was registered.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub registered_on: Option<NaiveDate>,
}

/// A group of clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: Vec<GroupMember>,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupMember {
    /// The member's client id.
    pub client: String,
    /// Roles: chair, treasurer, ...
    #[serde(default)]
    pub roles: Vec<Label>,
    /// When the member joined.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub joined: NaiveDate,
}

/// A relation to another client or person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Relation {
    /// What they are to the client.
    pub kind: RelationKind,
    /// The other's client id or name.
    pub other: String,
}

/// What somebody is to a client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RelationKind {
    /// Answers for the client's debt.
    Guarantor,
    /// Directs the company.
    Director,
    /// Owns or controls the company.
    BeneficialOwner,
    /// Married to the client.
    Spouse,
    /// Another relation.
    Other(Label),
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Address {
    /// Street, plot or post box, line by line.
    pub lines: Vec<String>,
    /// Town or village.
    pub city: String,
    /// District or county.
    #[serde(default)]
    pub region: Option<String>,
    /// Post code.
    #[serde(default)]
    pub post_code: Option<String>,
    /// Country.
    pub country: CountryCode,
}

/// A phone number or e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact {
    /// Which.
    pub kind: ContactKind,
    /// The number or address; phones in international form.
    pub value: String,
    /// Whether it was shown to be the client's (by a code sent to it).
    #[serde(default)]
    pub verified: bool,
}

/// A kind of contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ContactKind {
    /// Mobile phone.
    MobilePhone,
    /// Fixed phone.
    HomePhone,
    /// E-mail.
    Email,
}

/// Who looks after a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignment {
    /// Branch.
    pub branch: Option<String>,
    /// Centre.
    pub centre: Option<String>,
    /// Credit officer.
    pub officer: Option<String>,
}

impl Client {
    /// A new client awaiting approval.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        party: Party,
        country: CountryCode,
        created: NaiveDate,
    ) -> Self {
        Self {
            id: id.into(),
            party,
            country,
            client_type: None,
            state: ClientState::PendingApproval,
            created,
            history: Vec::new(),
            tier: None,
            requested_tier: None,
            documents: Vec::new(),
            addresses: Vec::new(),
            contacts: Vec::new(),
            relations: Vec::new(),
            assignment: Assignment::default(),
        }
    }

    /// What the record says, as facts for a rule book on a day.
    ///
    /// `client.country`, `client.type`, `client.state`, `client.name`, `client.tier`,
    /// `client.requested_tier`, for a person `client.birth_date`, `client.sex`, `client.citizen`
    /// (nationality is the country whose rules apply), the first phone and e-mail as
    /// `client.phone` and `client.email`, for a group `client.members`, and `document.<kind>` for
    /// every kind presented: yes when one of them can be relied on that day.
    /// What the record leaves open is left unknown.
    ///
    /// # Errors
    /// [`CodeError`] when a document kind makes a path that is too long.
    pub fn facts(&self, on: NaiveDate) -> Result<Facts, CodeError> {
        let mut facts = Facts::new()
            .with("client.country", Value::text(self.country.as_str()))?
            .with("client.type", Value::text(self.type_code()))?
            .with("client.state", Value::text(self.state.code()))?;
        let name = self.name();
        if !name.is_empty() {
            facts = facts.with("client.name", Value::Text(name))?;
        }
        for (path, tier) in [
            ("client.tier", &self.tier),
            ("client.requested_tier", &self.requested_tier),
        ] {
            if let Some(tier) = tier {
                facts = facts.with(path, Value::text(tier.as_str()))?;
            }
        }
        for (path, kinds) in [
            (
                "client.phone",
                &[ContactKind::MobilePhone, ContactKind::HomePhone][..],
            ),
            ("client.email", &[ContactKind::Email][..]),
        ] {
            if let Some(contact) = self.contacts.iter().find(|c| kinds.contains(&c.kind)) {
                facts = facts.with(path, Value::text(contact.value.as_str()))?;
            }
        }
        facts = self.party_facts(facts)?;
        for document in &self.documents {
            let path = alloc::format!("document.{}", document.kind);
            let another = facts.get(&path) == Some(&Value::Bool(true));
            facts = facts.with(&path, Value::Bool(another || document.acceptable(on)))?;
        }
        Ok(facts)
    }

    /// The record for [`crate::duplicates::DuplicatePolicy`]: `id_number` of every document that was
    /// not refused, `home_phone` and `mobile_phone` in international form where they can be read as
    /// numbers of the client's country, `email`, and for a person `first_name`, `last_name`,
    /// `birth_date`, for a company `name` and `id_number` with its registration number, for a group
    /// `name`.
    #[must_use]
    pub fn record(&self) -> Record {
        let mut record = Record::new();
        let mut add = |field: &str, value: String| {
            if !value.trim().is_empty() {
                record.entry(String::from(field)).or_default().push(value);
            }
        };
        for document in self
            .documents
            .iter()
            .filter(|d| d.status != DocumentStatus::Refused)
        {
            add("id_number", document.number.clone());
        }
        for contact in &self.contacts {
            let phone = || match PhoneNumber::parse(&contact.value, self.country) {
                Ok(number) => String::from(number.as_str()),
                Err(_) => contact.value.clone(),
            };
            match contact.kind {
                ContactKind::MobilePhone => add("mobile_phone", phone()),
                ContactKind::HomePhone => add("home_phone", phone()),
                ContactKind::Email => add("email", contact.value.clone()),
            }
        }
        match &self.party {
            Party::Individual(person) => {
                add("first_name", person.first_name.clone());
                add("last_name", person.last_name.clone());
                if let Some(birth) = person.birth_date {
                    add("birth_date", alloc::format!("{birth}"));
                }
            }
            Party::Company(company) => {
                add("name", company.name.clone());
                add(
                    "id_number",
                    company.registration_number.clone().unwrap_or_default(),
                );
            }
            Party::Group(group) => add("name", group.name.clone()),
        }
        record
    }

    fn party_facts(&self, mut facts: Facts) -> Result<Facts, CodeError> {
        match &self.party {
            Party::Individual(person) => {
                if let Some(birth) = person.birth_date {
                    facts = facts.with("client.birth_date", Value::Date(birth))?;
                }
                if let Some(nationality) = person.nationality {
                    let citizen = Value::Bool(nationality == self.country);
                    facts = facts.with("client.citizen", citizen)?;
                }
                if let Some(sex) = person.sex {
                    facts = facts.with("client.sex", Value::text(sex.code()))?;
                }
            }
            Party::Company(company) => {
                if let Some(number) = &company.registration_number {
                    let number = Value::text(number.as_str());
                    facts = facts.with("client.registration_number", number)?;
                }
            }
            Party::Group(group) => {
                let members = i64::try_from(group.members.len()).unwrap_or(i64::MAX);
                facts = facts.with("client.members", Value::int(members))?;
            }
        }
        Ok(facts)
    }

    /// The name as one line.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.party {
            Party::Individual(person) => {
                let middle = person.middle_name.as_deref().unwrap_or_default();
                let parts = [
                    person.first_name.as_str(),
                    middle,
                    person.last_name.as_str(),
                ];
                let given: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
                given.join(" ")
            }
            Party::Company(company) => company.name.clone(),
            Party::Group(group) => group.name.clone(),
        }
    }

    fn type_code(&self) -> &str {
        match (&self.client_type, &self.party) {
            (Some(label), _) => label.as_str(),
            (None, Party::Individual(_)) => "individual",
            (None, Party::Company(_)) => "company",
            (None, Party::Group(_)) => "group",
        }
    }
}

impl Sex {
    /// `female`, `male` or `unspecified`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Unspecified => "unspecified",
        }
    }
}

impl ClientState {
    /// The state as text, the same as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::PendingApproval => "pending_approval",
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Exited => "exited",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Blacklisted => "blacklisted",
            Self::Anonymised => "anonymised",
        }
    }
}
