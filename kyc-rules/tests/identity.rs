//! Identity numbers, machine-readable zones and phones against outside vectors
//! (tests/data/id_vectors.json: ICAO Doc 9303 specimens, python-stdnum's South African numbers).

use chrono::NaiveDate;
use kyc_rules::{
    code::CountryCode,
    ids::{IdScheme, Mrz, MrzError, luhn, mrz_check_digit, verhoeff},
    party::Sex,
    phone::PhoneNumber,
};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("data/id_vectors.json")).unwrap()
}

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap())
        .collect()
}

#[test]
fn check_digits() {
    let all = vectors();
    for row in all["mrz"]["fields"].as_array().unwrap() {
        let digit = mrz_check_digit(row[0].as_str().unwrap()).unwrap();
        assert_eq!(u64::from(digit), row[1].as_u64().unwrap(), "{row}");
    }
    for row in all["luhn"].as_array().unwrap() {
        assert_eq!(
            luhn(row[0].as_str().unwrap()),
            row[1].as_bool().unwrap(),
            "{row}"
        );
    }
    for row in all["verhoeff"]["vectors"].as_array().unwrap() {
        assert_eq!(
            verhoeff(row[0].as_str().unwrap()),
            row[1].as_bool().unwrap(),
            "{row}"
        );
    }
}

#[test]
fn specimens_of_every_layout() {
    let all = vectors();
    for name in ["td1", "td2", "td3", "mrv_a"] {
        let mrz = Mrz::parse(&texts(&all["mrz"][name]["lines"]).join("\n")).unwrap();
        assert_eq!(mrz.surname, "ERIKSSON", "{name}");
        assert_eq!(mrz.given_names, "ANNA MARIA", "{name}");
        assert_eq!(mrz.sex, Sex::Female, "{name}");
        assert_eq!(mrz.issuer, "UTO", "{name}");
    }
    let td3 = Mrz::parse(&texts(&all["mrz"]["td3"]["lines"]).join("\n")).unwrap();
    assert_eq!(td3.number, "L898902C3");
    assert_eq!(td3.optional, "ZE184226B");
    assert_eq!(
        td3.birth_date_before(on()).unwrap().to_string(),
        "1974-08-12"
    );
    assert_eq!(
        td3.expiry_date_near(on()).unwrap().to_string(),
        "2012-04-15"
    );
    let first = texts(&all["mrz"]["td3"]["lines"])[0];
    for case in all["mrz"]["invalid"].as_array().unwrap() {
        let zone = format!("{first}\n{}", case["td3_line2"].as_str().unwrap());
        assert!(
            matches!(Mrz::parse(&zone), Err(MrzError::CheckDigit { .. })),
            "{case}"
        );
    }
    assert!(matches!(Mrz::parse("P<UTO"), Err(MrzError::Layout { .. })));
    assert!(matches!(
        Mrz::parse("p<uto"),
        Err(MrzError::Character { .. })
    ));
}

#[test]
fn a_long_document_number_goes_on_in_the_optional_data() {
    // ICAO Doc 9303 part 5, long document number: nine characters, filler, the rest and its check
    // digit. 13*7+2*3+3*1+1*7+4*3+5*1+8*7+9*3+0*1+7*7+3*3+4*1 = 269, so 9.
    let zone = "I<UTOD23145890<7349<<<<<<<<<<<
        3407127M9507122UTO<<<<<<<<<<<2
        STEVENSON<<PETER<JOHN<<<<<<<<<";
    let mrz = Mrz::parse(zone).unwrap();
    assert_eq!(mrz.number, "D23145890734");
    assert_eq!(mrz.optional, "");
    assert_eq!(mrz.given_names, "PETER JOHN");
}

#[test]
fn south_african_numbers() {
    let all = vectors();
    let za = |text: &str| IdScheme::SouthAfricaId.check(text, on());
    for name in ["valid", "computed_valid"] {
        for number in texts(&all["za_id"][name]) {
            assert!(za(number).is_ok(), "{number}");
        }
    }
    for row in all["za_id"]["invalid"].as_array().unwrap() {
        assert!(za(row[0].as_str().unwrap()).is_err(), "{row}");
    }
    let leap = za(all["za_id"]["edge"][0][0].as_str().unwrap()).unwrap();
    assert_eq!(leap.birth_date.unwrap().to_string(), "2000-02-29");
    assert!(leap.agrees_with(leap.birth_date, Some(Sex::Male)));
    assert!(!leap.agrees_with(leap.birth_date, Some(Sex::Female)));
    // 7503305044089: born 1975-03-30, 5044 is 5000 or more: male.
    let id = za("7503305044089").unwrap();
    assert_eq!(id.birth_date.unwrap().to_string(), "1975-03-30");
    assert_eq!(id.sex, Some(Sex::Male));
}

#[test]
fn other_countries() {
    let all = vectors();
    for (key, scheme) in [
        ("ug_nin", IdScheme::UgandaNin),
        ("gh_card", IdScheme::GhanaCard),
        ("rw_nid", IdScheme::RwandaNid),
    ] {
        for number in texts(&all[key]["well_formed"]) {
            assert!(scheme.check(number, on()).is_ok(), "{scheme} {number}");
        }
        for row in all[key]
            .get("malformed")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            assert!(
                scheme.check(row.as_str().unwrap(), on()).is_err(),
                "{scheme} {row}"
            );
        }
    }
    let card = IdScheme::GhanaCard.check("gha1234567890", on()).unwrap();
    assert_eq!(card.number, "GHA-123456789-0");
    let table = [
        (IdScheme::NigeriaNin, "12345678901", true),
        (IdScheme::NigeriaNin, "1234567890", false),
        (IdScheme::NigeriaBvn, "22123456789", true),
        (IdScheme::NigeriaBvn, "2212345678A", false),
        (IdScheme::KenyaId, "12345678", true),
        (IdScheme::KenyaId, "1234567", true),
        (IdScheme::KenyaId, "12345", false),
        (IdScheme::TanzaniaNida, "19900115-12345-00001-25", true),
        (IdScheme::TanzaniaNida, "19901315-12345-00001-25", false),
        (IdScheme::TanzaniaNida, "1990011512345000012", false),
        (IdScheme::RwandaNid, "4199080012345078", false),
        (IdScheme::ZambiaNrc, "123456/78/1", true),
    ];
    for (scheme, number, ok) in table {
        assert_eq!(scheme.check(number, on()).is_ok(), ok, "{scheme} {number}");
    }
    assert!(IdScheme::KenyaId.check("123456789", on()).unwrap().doubtful);
    let rwandan = IdScheme::RwandaNid.check("1199080012345078", on()).unwrap();
    assert_eq!(
        (rwandan.birth_year, rwandan.sex),
        (Some(1990), Some(Sex::Male))
    );
}

#[test]
fn phones_as_people_write_them() {
    let table = [
        ("UG", "0772123456", Some("+256772123456")),
        ("UG", "+256 (0) 772 123 456", Some("+256772123456")),
        ("UG", "00256772123456", Some("+256772123456")),
        ("UG", "772123456", Some("+256772123456")),
        ("KE", "0110 123456", Some("+254110123456")),
        ("KE", "254712345678", Some("+254712345678")),
        ("NG", "0803 123 4567", Some("+2348031234567")),
        ("CI", "+225 07 12 34 56 78", Some("+2250712345678")),
        ("UG", "+44 20 7946 0958", Some("+442079460958")),
        ("UG", "77212345", None),
        ("UG", "07721234567", None),
        ("UG", "phone", None),
        ("FR", "0612345678", None),
    ];
    for (country, given, wanted) in table {
        let phone = PhoneNumber::parse(given, CountryCode::new(country).unwrap());
        assert_eq!(
            phone.as_ref().ok().map(PhoneNumber::as_str),
            wanted,
            "{given}"
        );
        if let Ok(phone) = phone {
            let json = serde_json::to_string(&phone).unwrap();
            assert_eq!(serde_json::from_str::<PhoneNumber>(&json).unwrap(), phone);
        }
    }
}
