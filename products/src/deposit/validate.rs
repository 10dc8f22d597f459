//! Each setting of a deposit product by itself.

use alloc::{format, string::ToString, vec::Vec};

use lending_core::schedule::ChargeFrequency;
use rust_decimal::Decimal;

use super::{DepositProduct, InterestPaid, MATRIX, WithholdingTax};
use crate::{
    Violations,
    product::FeeAmount,
    rules::{Check, LARGEST_AMOUNT as LARGEST, broken, minor_units},
};

impl DepositProduct {
    /// Checks every setting by itself, and every pair of the compatibility matrix
    /// ([`MATRIX`]).
    ///
    /// # Errors
    /// Everything that is wrong at once.
    pub fn validate(&self) -> Result<(), Violations> {
        let mut found = Vec::new();
        let mut check = Check(&mut found);
        check.identity(&self.name, &self.currencies, &self.availability);
        self.check_amounts(&mut check);
        self.check_interest(&mut check);
        self.check_maturity(&mut check);
        self.check_fees(&mut check);
        check.documents(&self.accounts.documents);
        broken(MATRIX, self, &mut found);
        Violations::check(found)
    }

    fn check_amounts(&self, check: &mut Check<'_>) {
        let minor = u32::from(minor_units(&self.currencies));
        let zero = Decimal::ZERO;
        check.amounts(
            "opening_balance",
            &self.opening_balance,
            minor,
            zero,
            LARGEST,
        );
        let smallest = Decimal::new(1, minor);
        check.amounts("target", &self.target, minor, smallest, LARGEST);
        let amounts = [
            ("recommended_deposit", self.recommended_deposit, smallest),
            ("maximum_balance", self.maximum_balance, smallest),
            ("minimum_balance", self.minimum_balance, zero),
            ("maximum_withdrawal", self.maximum_withdrawal, smallest),
        ];
        for (field, amount, low) in amounts {
            let Some(amount) = amount else { continue };
            check.amount(field, amount, minor, low);
        }
        if let Some(overdraft) = &self.overdraft {
            check.amounts("overdraft.limit", &overdraft.limit, minor, zero, LARGEST);
        }
    }

    fn check_interest(&self, check: &mut Check<'_>) {
        if let Some(interest) = &self.interest {
            let field = "interest.rate";
            check.rate(field, &interest.rate, &interest.pricing);
            check.pricing("interest.pricing", &interest.pricing);
            check.frequency("interest.per", interest.per);
            if let InterestPaid::OnDays(days) = &interest.paid {
                if days.is_empty() {
                    check.add("interest.paid.ON_DAYS", "none", "at least one day");
                }
                for day in days {
                    if !(1..=12).contains(&day.month) || !(1..=31).contains(&day.day) {
                        let given = format!("month {}, day {}", day.month, day.day);
                        check.add(
                            "interest.paid.ON_DAYS",
                            given,
                            "months 1 to 12, days 1 to 31",
                        );
                    }
                }
            }
            if let Some(from) = interest.from_balance
                && from < Decimal::ZERO
            {
                check.add("interest.from_balance", from, "zero or more");
            }
        }
        if let Some(costs) = self.overdraft.as_ref().and_then(|o| o.interest.as_ref()) {
            let field = "overdraft.interest.rate";
            check.rate(field, &costs.rate, &costs.pricing);
            check.pricing("overdraft.interest.pricing", &costs.pricing);
            check.frequency("overdraft.interest.per", costs.per);
        }
        match &self.withholding_tax {
            Some(WithholdingTax {
                percent: Some(_),
                source: Some(_),
            }) => {
                let given = "given beside a source";
                check.add(
                    "withholding_tax.percent",
                    given,
                    "a rate or a source, not both",
                );
            }
            Some(WithholdingTax {
                percent: None,
                source: None,
            }) => {
                check.add("withholding_tax.percent", "none", "a rate or a source");
            }
            Some(WithholdingTax {
                percent: Some(percent),
                ..
            }) => {
                check.percent("withholding_tax.percent", *percent, Decimal::ONE_HUNDRED);
            }
            _ => {}
        }
    }

    fn check_maturity(&self, check: &mut Check<'_>) {
        if let Some(maturity) = &self.maturity {
            check.range("maturity.length", &maturity.length, 1, 36_600);
        }
    }

    fn check_fees(&self, check: &mut Check<'_>) {
        check.fees(&self.fees, minor_units(&self.currencies));
        for (at, fee) in self.fees.iter().enumerate() {
            let monthly = matches!(fee.when, crate::product::FeeWhen::Monthly(_));
            if !monthly && !fee.when.is_manual() {
                let given = format!("{:?}", fee.when);
                check.add(
                    format!("fees[{at}].when"),
                    given,
                    "MONTHLY, MANUAL or MANUAL_ANY_AMOUNT",
                );
            }
            let fits = matches!(
                fee.amount,
                FeeAmount::Flat(_) | FeeAmount::BalancePercent(_) | FeeAmount::Given
            );
            if !fits {
                let given = fee.amount.as_str().to_string();
                check.add(
                    format!("fees[{at}].amount"),
                    given,
                    "FLAT, BALANCE_PERCENT or GIVEN",
                );
            }
        }
    }
}

impl Check<'_> {
    /// A rate frequency that lasts.
    pub(crate) fn frequency(&mut self, field: &'static str, per: ChargeFrequency) {
        match per {
            ChargeFrequency::Days(0) => self.add(field, "0 days", "1 day or more"),
            ChargeFrequency::WholeTerm => {
                self.add(field, "WHOLE_TERM", "a length of time: balances change");
            }
            _ => {}
        }
    }
}
