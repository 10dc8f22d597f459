//! Who borrows.

use chrono::{Datelike, Days, NaiveDate};
use kyc_rules::{
    code::{CodeError, CountryCode, DocumentKind},
    party::{
        Address, Client, Contact, ContactKind, DocumentStatus, IdentityDocument, Individual, Party,
        Sex,
    },
};

use super::World;
use crate::lender::{Failure, folder::DocumentRow};

const WOMEN: [&str; 16] = [
    "Amina",
    "Beatrice",
    "Catherine",
    "Doreen",
    "Esther",
    "Fatuma",
    "Gloria",
    "Harriet",
    "Irene",
    "Joan",
    "Lydia",
    "Margaret",
    "Nakato",
    "Prossy",
    "Rehema",
    "Stella",
];
const MEN: [&str; 16] = [
    "Abdul", "Brian", "Charles", "David", "Emmanuel", "Francis", "Godfrey", "Hassan", "Isaac",
    "Joseph", "Kato", "Moses", "Patrick", "Ronald", "Simon", "Wasswa",
];
const FAMILIES: [&str; 24] = [
    "Achieng",
    "Akello",
    "Auma",
    "Byaruhanga",
    "Kaggwa",
    "Kasozi",
    "Kato",
    "Kigozi",
    "Lubega",
    "Mugisha",
    "Mukasa",
    "Mutebi",
    "Nabirye",
    "Nakimuli",
    "Nalwanga",
    "Namatovu",
    "Nansubuga",
    "Ochieng",
    "Odongo",
    "Okello",
    "Opio",
    "Ssali",
    "Tumusiime",
    "Wanyama",
];
const QUARTERS: [&str; 10] = [
    "Bwaise",
    "Kabalagala",
    "Kalerwe",
    "Kamwokya",
    "Kawempe",
    "Makindye",
    "Nakawa",
    "Ndeeba",
    "Ntinda",
    "Wandegeya",
];

/// A client, and when it is complete.
pub struct Person {
    /// The record as entered.
    pub client: Client,
    /// Whether it trades across the border and has a Kenyan phone.
    pub at_the_border: bool,
    /// From which day on nothing is missing; none: never.
    pub complete_on: Option<NaiveDate>,
    /// The document presented later.
    pub later: Option<DocumentRow>,
}

/// Makes the clients, in the order in which they come.
pub fn make(world: &mut World, count: u32) -> Result<Vec<Person>, Failure> {
    let start = world.settings.start;
    // The last clients come when there is still time for a loan to run.
    let last = u64::from(world.settings.days) * 55 / 100;
    let mut entered: Vec<NaiveDate> = (0..count)
        .map(|_| start + Days::new(world.rng.u64(0..=last)))
        .collect();
    entered.sort_unstable();
    let made = entered
        .into_iter()
        .zip(1..)
        .map(|(on, number)| person(world, number, on));
    made.collect::<Result<_, CodeError>>()
        .map_err(|error| Failure::refused("generating", error))
}

/// The documents presented later, by day.
pub fn documents(people: &[Person]) -> Vec<DocumentRow> {
    let mut rows: Vec<DocumentRow> = people.iter().filter_map(|p| p.later.clone()).collect();
    rows.sort_by_key(|row| row.on);
    rows
}

fn person(world: &mut World, number: u32, on: NaiveDate) -> Result<Person, CodeError> {
    let woman = world.chance(55);
    let first_name = if woman {
        world.pick(&WOMEN)
    } else {
        world.pick(&MEN)
    };
    let born = NaiveDate::from_ymd_opt(world.rng.i32(1962..=2004), 1, 1).unwrap_or_default();
    let birth_date = born + Days::new(world.rng.u64(0..365));
    let citizen = world.chance(96);
    let at_the_border = world.chance(10);
    let country = world.settings.country;
    let nationality = if citizen {
        country
    } else {
        CountryCode::new(world.pick(&["KE", "SS", "CD"]))?
    };
    let party = Party::Individual(Individual {
        first_name: first_name.to_owned(),
        last_name: world.pick(&FAMILIES).to_owned(),
        birth_date: Some(birth_date),
        sex: Some(if woman { Sex::Female } else { Sex::Male }),
        nationality: Some(nationality),
        ..Individual::default()
    });
    let mut client = Client::new(format!("C{number:06}"), party, country, on);
    client.requested_tier = Some(world.settings.tier.clone());
    let contact = |kind, value, verified| Contact {
        kind,
        value,
        verified,
    };
    let phone = phone(number, at_the_border);
    client
        .contacts
        .push(contact(ContactKind::MobilePhone, phone, true));
    client.addresses.push(Address {
        lines: vec![format!("Plot {}", world.rng.u32(1..400))],
        city: if at_the_border {
            "Busia".to_owned()
        } else {
            world.pick(&QUARTERS).to_owned()
        },
        region: Some(if at_the_border { "Busia" } else { "Kampala" }.to_owned()),
        post_code: None,
        country,
    });
    let document = document(world, &client, citizen, birth_date)?;
    Ok(present(world, client, at_the_border, document))
}

/// Most bring their document at once, some later, and a few never.
fn present(
    world: &mut World,
    mut client: Client,
    at_the_border: bool,
    document: IdentityDocument,
) -> Person {
    let on = client.created;
    let (mut complete_on, mut later) = (Some(on), None);
    match world.rng.u32(0..100) {
        0..=91 => client.documents.push(document),
        92..=96 => {
            let brought = world.later(on, 1..=9).min(world.end());
            complete_on = Some(brought);
            later = Some(DocumentRow {
                on: brought,
                client: client.id.clone(),
                kind: document.kind,
                number: document.number,
                expires: document.expires,
                status: DocumentStatus::Accepted,
            });
        }
        97..=98 => {
            client.documents.push(IdentityDocument {
                status: DocumentStatus::Refused,
                ..document
            });
            complete_on = None;
        }
        _ => complete_on = None,
    }
    Person {
        client,
        at_the_border,
        complete_on,
        later,
    }
}

/// A national number in the form of the Ugandan card, or a passport.
fn document(
    world: &mut World,
    client: &Client,
    citizen: bool,
    birth_date: NaiveDate,
) -> Result<IdentityDocument, CodeError> {
    let letters: String = (0..4).map(|_| world.rng.uppercase()).collect();
    let digits = world.rng.u32(10_000..100_000);
    let (kind, number) = if citizen {
        let sex = if world.chance(50) { 'F' } else { 'M' };
        (
            "national_id",
            format!("C{sex}{:02}{digits}{letters}X", birth_date.year() % 100),
        )
    } else {
        ("passport", format!("{}{digits}0", &letters[..1]))
    };
    let expires = client.created + Days::new(world.rng.u64(200..3_000));
    Ok(IdentityDocument {
        kind: DocumentKind::new(kind)?,
        number,
        issuer: client.country,
        authority: None,
        valid_from: None,
        expires: Some(expires),
        status: DocumentStatus::Accepted,
    })
}

/// A phone of its own for each client, with the country code.
fn phone(number: u32, at_the_border: bool) -> String {
    let prefix = if at_the_border { "25471" } else { "25670" };
    format!("{prefix}{:07}", 1_000_003_u64 + u64::from(number) * 7)
}
