//! Identity numbers and machine-readable zones: form, check digits, and what they say.
//!
//! ```
//! use kyc_rules::{ids::{IdScheme, Mrz}, party::Sex};
//! let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
//! let id = IdScheme::SouthAfricaId.check("8001015009087", on)?;
//! assert_eq!(id.birth_date.unwrap().to_string(), "1980-01-01");
//! assert_eq!(id.sex, Some(Sex::Male));
//! let mrz = Mrz::parse("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10")?;
//! assert_eq!((mrz.surname.as_str(), mrz.given_names.as_str()), ("ERIKSSON", "ANNA MARIA"));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod check;
mod mrz;
mod national;

pub use check::{luhn, mrz_check_digit, verhoeff};
pub use mrz::{Mrz, MrzError, MrzFormat};
pub use national::{IdError, IdNumber, IdScheme};
