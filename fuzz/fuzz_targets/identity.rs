//! Identity numbers, machine-readable zones and phones as typed: a typed error, or a normal form
//! that reads to itself.
#![no_main]

use chrono::NaiveDate;
use kyc_rules::{
    code::CountryCode,
    ids::{IdScheme, Mrz, luhn, mrz_check_digit, verhoeff},
    phone::PhoneNumber,
};
use libfuzzer_sys::fuzz_target;

const SCHEMES: [IdScheme; 9] = [
    IdScheme::SouthAfricaId,
    IdScheme::UgandaNin,
    IdScheme::KenyaId,
    IdScheme::NigeriaNin,
    IdScheme::NigeriaBvn,
    IdScheme::GhanaCard,
    IdScheme::TanzaniaNida,
    IdScheme::RwandaNid,
    IdScheme::ZambiaNrc,
];

fuzz_target!(|text: &str| {
    let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    for scheme in SCHEMES {
        if let Ok(id) = scheme.check(text, on) {
            assert_eq!(scheme.check(&id.number, on).as_ref(), Ok(&id));
            assert!(id.birth_date.is_none_or(|born| born <= on));
        }
    }
    let _ = (luhn(text), verhoeff(text), mrz_check_digit(text));
    if let Ok(mrz) = Mrz::parse(text) {
        let born = mrz.birth_date_before(on);
        assert!(born.is_none_or(|born| born <= on));
        let _ = mrz.expiry_date_near(on);
    }
    for country in ["UG", "KE", "NG", "CI", "ZA", "DE"] {
        let country = CountryCode::new(country).unwrap();
        if let Ok(phone) = PhoneNumber::parse(text, country) {
            assert_eq!(
                PhoneNumber::parse(phone.as_str(), country).as_ref(),
                Ok(&phone)
            );
            assert_eq!(
                PhoneNumber::try_from(phone.to_string()).as_ref(),
                Ok(&phone)
            );
        }
    }
});
