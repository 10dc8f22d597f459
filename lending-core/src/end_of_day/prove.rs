//! The proof of one stored loan: header, plan and state against its history.

use alloc::vec::Vec;

use super::{AccountDayError, loan_header, wake_loan};
use crate::{
    loan::{Difference, LoanAccount, Transaction},
    store::StoredAccount,
};

/// Compares a stored loan with what its contract and history make of it: the state with the fold
/// of the history, what was posted by plan with what the loan earned, the plan's end with the day on
/// which work is due, and what is searched and reported with the state. Gives every difference;
/// nothing for a sound loan.
///
/// `loan` and `history` are decoded by the host, who knows how he keeps them; the history is ordered
/// by value date and id.
///
/// Cost: one fold of the history.
///
/// # Errors
/// What the contract refuses the history with.
pub fn prove_loan(
    stored: &StoredAccount,
    loan: LoanAccount,
    history: &[Transaction],
) -> Result<Vec<Difference>, AccountDayError> {
    let (header, plan) = (&stored.header, stored.plan.as_ref());
    let mut found = Vec::new();
    found.extend(Difference::between("account", &loan.id(), &stored.id));
    if let Some(plan) = plan {
        let due = plan.last().succ_opt();
        found.extend(Difference::between("next work", &header.next_work_on, &due));
    }
    let loan = match wake_loan(loan.clone(), plan) {
        Ok(awake) => awake,
        Err(AccountDayError::PlanDiffers { posted, earned, .. }) => {
            let part = "interest posted by plan";
            found.extend(Difference::between(part, &i128::from(posted), &earned));
            found.extend(loan.differences(history)?);
            return Ok(found);
        }
        Err(error) => return Err(error),
    };
    found.extend(loan.differences(history)?);
    let derived = loan_header(header, &loan)?;
    let currency = loan.terms().currency;
    found.extend(Difference::between("currency", &header.currency, &currency));
    found.extend(Difference::between(
        "standing",
        &header.standing,
        &derived.standing,
    ));
    found.extend(Difference::between(
        "in arrears since",
        &header.in_arrears_since,
        &derived.in_arrears_since,
    ));
    let (kept, derived) = (&header.balances, &derived.balances);
    for (part, kept, derived) in [
        ("balance of principal", kept.principal, derived.principal),
        ("balance of interest", kept.interest, derived.interest),
        ("balance of fees", kept.fees, derived.fees),
        ("balance of penalties", kept.penalties, derived.penalties),
        ("balance overdue", kept.overdue, derived.overdue),
    ] {
        found.extend(Difference::between(part, &kept, &derived));
    }
    Ok(found)
}
