//! Money ahead of time.

use lending_core::loan::FutureMoney;

use super::Rule;
use crate::LoanProduct;
use crate::product::{
    FuturePayments, InterestKind, LateRecalculation, LoanKind, PrincipalSettings,
};

/// Money ahead of time.
pub(super) const RULES: &[Rule<LoanProduct>] = &[
    Rule {
        id: "recalculation-fixed-term",
        setting: "payments.allocation.future",
        value: "reduce_principal",
        other: "kind",
        other_value: "FIXED_TERM or INTEREST_FREE",
        reason: "a schedule fixed at disbursement is not made again when money comes early",
        applies: |p| p.reduces_principal() && !p.follows_balance(),
    },
    Rule {
        id: "redraw-fixed-term",
        setting: "payments.redraw",
        value: "true",
        other: "kind",
        other_value: "FIXED_TERM or INTEREST_FREE",
        reason: "money taken out again bears interest day by day",
        applies: |p| p.payments.redraw && !p.follows_balance(),
    },
    Rule {
        id: "redraw-principal",
        setting: "payments.redraw",
        value: "true",
        other: "schedule.principal",
        other_value: "any but EQUAL_INSTALMENTS",
        reason: "only equal instalments stay as they are when the balance changes",
        applies: |p| {
            p.payments.redraw
                && !matches!(
                    p.schedule.principal,
                    PrincipalSettings::EqualInstalments { .. }
                )
        },
    },
    Rule {
        id: "redraw-compound",
        setting: "payments.redraw",
        value: "true",
        other: "interest.kind",
        other_value: "CAPITALISED or COMPOUND",
        reason: "money that can be taken out again lowers simple interest only",
        applies: |p| p.payments.redraw && p.interest.kind != InterestKind::Simple,
    },
    Rule {
        id: "redraw-refused",
        setting: "payments.redraw",
        value: "true",
        other: "payments.future",
        other_value: "REFUSED",
        reason: "there is nothing to take out again",
        applies: |p| p.payments.redraw && p.payments.future == FuturePayments::Refused,
    },
    Rule {
        id: "late-fixed-term",
        setting: "payments.late",
        value: "OVERDUE_INSTALMENTS or LAST_INSTALMENT",
        other: "kind",
        other_value: "FIXED_TERM or INTEREST_FREE",
        reason: "interest fixed at disbursement does not grow",
        applies: |p| moves_late_interest(p) && !p.follows_balance(),
    },
    Rule {
        id: "late-without-interest",
        setting: "payments.late",
        value: "OVERDUE_INSTALMENTS or LAST_INSTALMENT",
        other: "interest.on_overdue_principal",
        other_value: "false",
        reason: "there is no interest on late principal to move",
        applies: |p| moves_late_interest(p) && p.interest.on_overdue_principal == Some(false),
    },
    Rule {
        id: "offset-fixed-term",
        setting: "interest.offset_percent",
        value: "a percentage",
        other: "kind",
        other_value: "FIXED_TERM",
        reason: "interest fixed at disbursement does not follow a deposit's balance",
        applies: |p| p.interest.offset_percent.is_some() && matches!(p.kind, LoanKind::FixedTerm),
    },
    Rule {
        id: "offset-unlinked",
        setting: "interest.offset_percent",
        value: "a percentage",
        other: "accounts.linked_deposit",
        other_value: "none",
        reason: "the deposit must be linked",
        applies: |p| p.interest.offset_percent.is_some() && p.accounts.linked_deposit.is_none(),
    },
    Rule {
        id: "prepayment-refused",
        setting: "payments.prepayments",
        value: "false",
        other: "payments.future",
        other_value: "OVERPAYMENTS_ACCEPTED",
        reason: "a loan that may not be paid off early cannot take more than it owes",
        applies: |p| {
            !p.payments.prepayments && p.payments.future == FuturePayments::OverpaymentsAccepted
        },
    },
];

impl LoanProduct {
    /// Whether early money lowers the principal at once.
    pub(crate) fn reduces_principal(&self) -> bool {
        let allocation = &self.payments.allocation;
        let own = allocation.overrides.iter().filter_map(|own| own.future);
        core::iter::once(allocation.future)
            .chain(own)
            .any(|future| matches!(future, FutureMoney::ReducePrincipal(_)))
    }
}

fn moves_late_interest(p: &LoanProduct) -> bool {
    p.payments.late != LateRecalculation::RunningInstalment
}
