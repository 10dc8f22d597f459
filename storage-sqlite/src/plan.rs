//! A plan as it is kept: with what posting it needs to know of its account, so that a day of
//! accruals reads nothing else.

use ledger::{BranchCode, Currency};
use lending_core::{
    ids::ProductId,
    store::{AccountHeader, AccrualPlan, CodecError, Stored, decode_body},
};
use serde::{Deserialize, Serialize};

/// The body of a plan's row. How far it is posted is in columns of their own.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlanRow {
    pub(crate) product: ProductId,
    pub(crate) branch: BranchCode,
    pub(crate) currency: Currency,
    /// Where the account lies, which entries refer to; not known of plans of the first layout.
    pub(crate) row: Option<i64>,
    pub(crate) plan: AccrualPlan,
}

impl Stored for PlanRow {
    const FORMAT: u8 = 2;

    fn upgrade(format: u8, body: &[u8]) -> Result<Self, CodecError> {
        if format != 1 {
            let newest = Self::FORMAT;
            return Err(CodecError::UnknownFormat {
                given: format,
                newest,
            });
        }
        let (product, branch, currency, plan) = decode_body(format, body)?;
        Ok(Self {
            product,
            branch,
            currency,
            row: None,
            plan,
        })
    }
}

impl PlanRow {
    pub(crate) fn of(header: &AccountHeader, row: i64, plan: &AccrualPlan) -> Self {
        Self {
            product: header.product,
            branch: header.branch,
            currency: header.currency,
            row: Some(row),
            plan: plan.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lending_core::store::{AccrualPosting, decode, encode};

    /// The first layout had no row.
    #[derive(Serialize, Deserialize)]
    struct First(ProductId, BranchCode, Currency, AccrualPlan);

    impl Stored for First {
        const FORMAT: u8 = 1;
    }

    #[test]
    fn a_plan_of_the_first_layout_is_read() {
        let accounts = ("1300".parse().unwrap(), "4100".parse().unwrap());
        let on = "2024-01-10".parse().unwrap();
        let plan = AccrualPlan::new(accounts, AccrualPosting::Aggregated, on, &[12, 11]).unwrap();
        let currency = Currency::from_code("KES").unwrap();
        let first = First(
            "MICRO".parse().unwrap(),
            "KLA".parse().unwrap(),
            currency,
            plan.clone(),
        );
        let row: PlanRow = decode(&encode(&first).unwrap()).unwrap();
        assert_eq!((row.row, &row.plan, row.currency), (None, &plan, currency));
        assert!(decode::<PlanRow>(&[3, 0]).is_err());
    }
}
