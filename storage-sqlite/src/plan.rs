//! A plan as it is kept: with what posting it needs to know of its account, so that a day of
//! accruals reads nothing else.

use ledger::{BranchCode, Currency};
use lending_core::{
    ids::ProductId,
    store::{AccountHeader, AccrualPlan, Stored},
};
use serde::{Deserialize, Serialize};

/// The body of a plan's row. How far it is posted is in columns of their own.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlanRow {
    pub(crate) product: ProductId,
    pub(crate) branch: BranchCode,
    pub(crate) currency: Currency,
    pub(crate) plan: AccrualPlan,
}

impl Stored for PlanRow {
    const FORMAT: u8 = 1;
}

impl PlanRow {
    pub(crate) fn of(header: &AccountHeader, plan: &AccrualPlan) -> Self {
        Self {
            product: header.product,
            branch: header.branch,
            currency: header.currency,
            plan: plan.clone(),
        }
    }
}
