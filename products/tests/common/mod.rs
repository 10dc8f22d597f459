//! What several tests need.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{fs, path::Path};

use chrono::NaiveDate;
use products::{LoanProduct, Range};
use rust_decimal::dec;

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// A fixed-term loan in equal instalments with nothing special about it.
pub fn plain() -> LoanProduct {
    let mut product = LoanProduct::new("PLAIN".parse().unwrap(), "Plain", "KES".parse().unwrap());
    product.amount = Range::new(dec!(100), dec!(1000), dec!(5000));
    product.instalments = Range::new(3, 6, 12);
    product.interest.rate = Range::new(dec!(5), dec!(12), dec!(36));
    product
}

/// Compares a committed file with what it is made from; with `PRODUCTS_WRITE` set, writes it.
pub fn committed(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("PRODUCTS_WRITE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{} is not what it is made from: run `PRODUCTS_WRITE=1 cargo test -p products --all-features`",
        path.display()
    );
}
