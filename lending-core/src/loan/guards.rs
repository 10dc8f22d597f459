//! Guards that look at other transactions: what may be charged back, what may be reversed.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    LoanAccount, LoanError, NewTransaction, Status, Transaction, TransactionId, TransactionKind,
    amounts::{add, sub},
    apply::comes_before_a_payout,
};

/// Money is charged back of a payment that stands, and no more than it brought: what other
/// chargebacks took of it counts.
pub(super) fn check_charged_back(
    new: &NewTransaction,
    history: &[Transaction],
) -> Result<(), LoanError> {
    let TransactionKind::Chargeback { of, amount } = new.kind else {
        return Ok(());
    };
    let live = || history.iter().filter(|t| t.reversed_on.is_none());
    let payment = live()
        .find(|t| t.id == of)
        .ok_or(LoanError::UnknownTransaction { given: of })?;
    let TransactionKind::Credit { amount: paid, .. } = payment.kind else {
        let reason = "only money that came in can be charged back";
        return Err(LoanError::NotReversible { given: of, reason });
    };
    let mut taken = Decimal::ZERO;
    for other in live() {
        match other.kind {
            TransactionKind::Chargeback {
                of: other,
                amount: back,
            } if other == of => taken = add(taken, back)?,
            _ => {}
        }
    }
    let allowed = sub(paid, taken)?;
    if amount > allowed {
        return Err(LoanError::AboveLimit {
            field: "amount charged back",
            given: amount,
            allowed,
        });
    }
    Ok(())
}

/// Refuses to reverse what others that stand count on; `history` has it marked as reversed.
pub(super) fn check_reversible(
    given: TransactionId,
    kind: &TransactionKind,
    history: &[Transaction],
) -> Result<(), LoanError> {
    let live = || history.iter().filter(|t| t.reversed_on.is_none());
    let counts_on = |other: &TransactionKind| match other {
        TransactionKind::Chargeback { of, .. } if *of == given => {
            Some("a chargeback of it stands; reverse the chargeback first")
        }
        TransactionKind::Waiver { charge, .. } if *charge == given => {
            Some("a waiver of it stands; reverse the waiver first")
        }
        TransactionKind::CapitalisedIncomeAdjustment { of, .. }
        | TransactionKind::BuyDownFeeAdjustment { of, .. }
            if *of == given =>
        {
            Some("an adjustment of it stands; reverse the adjustment first")
        }
        TransactionKind::Recovery { .. } if *kind == TransactionKind::WriteOff => {
            Some("money was recovered since; reverse the recovery first")
        }
        _ => None,
    };
    let mut reason = live().find_map(|other| counts_on(&other.kind));
    if matches!(kind, TransactionKind::Disbursement { .. }) {
        // Whatever comes before the first payout that stands has nothing to count on.
        let payout = |t: &&Transaction| matches!(t.kind, TransactionKind::Disbursement { .. });
        let first = live().find(payout).map(Transaction::order);
        let orphan = live().find(|t| {
            !comes_before_a_payout(&t.kind) && first.is_none_or(|first| t.order() < first)
        });
        reason = reason.or(orphan.map(|_| "later transactions count on it; reverse them first"));
    }
    match reason {
        Some(reason) => Err(LoanError::NotReversible { given, reason }),
        None => Ok(()),
    }
}

impl LoanAccount {
    /// Something is written off while something is owed, and not before the contract's days in
    /// arrears beyond the tolerated ones have passed.
    pub(super) fn check_write_off(&self) -> Result<(), LoanError> {
        let command = TransactionKind::WriteOff.name();
        if self.status != Status::Active {
            return Err(LoanError::WrongStatus {
                command,
                status: self.status,
                allowed: "active",
            });
        }
        let needed = u32::from(self.terms.safeguards.write_off_after_days);
        let given = self.days_in_arrears();
        if given < needed {
            return Err(LoanError::ArrearsNeeded {
                command,
                given,
                needed,
            });
        }
        Ok(())
    }

    /// Days in arrears beyond the tolerated ones; none while the arrears are tolerated.
    pub(super) fn days_in_arrears(&self) -> u32 {
        if !self.arrears.in_arrears() {
            return 0;
        }
        let tolerated = u32::from(self.terms.arrears.tolerance_days);
        self.arrears.days_late.saturating_sub(tolerated)
    }

    /// A charge falls due on the day of the payout or later.
    pub(super) fn check_charge_date(&self, given: NaiveDate) -> Result<(), LoanError> {
        match self.disbursed_on.filter(|first| given < *first) {
            Some(allowed) => Err(LoanError::TooEarly {
                field: "due date of the charge",
                given,
                allowed,
            }),
            None => Ok(()),
        }
    }
}
