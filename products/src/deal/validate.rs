//! Each setting of a deal by itself.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{DealProduct, MATRIX};
use crate::{
    Violations,
    rules::{Check, LARGEST_AMOUNT, broken, minor_units},
};

impl DealProduct {
    /// Checks every setting by itself, and every pair of the compatibility matrix ([`MATRIX`]).
    ///
    /// # Errors
    /// Everything that is wrong at once.
    pub fn validate(&self) -> Result<(), Violations> {
        let mut found = Vec::new();
        let mut check = Check(&mut found);
        check.identity(&self.name, &self.currencies, &self.availability);
        let minor = minor_units(&self.currencies);
        let decimals = u32::from(minor);
        let smallest = Decimal::new(1, decimals);
        let zero = Decimal::ZERO;
        check.amounts("price", &self.price, decimals, smallest, LARGEST_AMOUNT);
        check.amounts("deposit", &self.deposit, decimals, zero, LARGEST_AMOUNT);
        check.amounts("rate", &self.rate, decimals, smallest, LARGEST_AMOUNT);
        check.range("free_days", &self.free_days, 0, 366);
        if let Some(least) = self.least_payment {
            check.amount("least_payment", least, decimals, smallest);
        }
        check.fees(&self.fees, minor);
        check.documents(&self.accounts.documents);
        broken(MATRIX, self, &mut found);
        Violations::check(found)
    }
}
