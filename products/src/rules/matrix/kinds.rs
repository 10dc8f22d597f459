//! Revolving and tranched loans.

use super::Rule;
use super::has::{revolving, tranched};
use crate::LoanProduct;
use crate::product::{FeeWhen, GraceKind, PrincipalSettings};

/// Revolving and tranched loans.
pub(super) const RULES: &[Rule<LoanProduct>] = &[
    Rule {
        id: "fee-instalment-revolving",
        setting: "fees.when",
        value: "FIRST_INSTALMENT or EVERY_INSTALMENT",
        other: "kind",
        other_value: "REVOLVING",
        reason: "a revolving loan has no instalments in advance",
        applies: |p| {
            revolving(p)
                && p.fees.iter().any(|fee| {
                    matches!(
                        fee.when,
                        FeeWhen::FirstInstalment | FeeWhen::EveryInstalment
                    )
                })
        },
    },
    Rule {
        id: "revolving-instalments",
        setting: "kind",
        value: "REVOLVING",
        other: "instalments",
        other_value: "a range",
        reason: "a revolving loan has no last instalment",
        applies: |p| revolving(p) && !p.instalments.is_open(),
    },
    Rule {
        id: "revolving-principal",
        setting: "kind",
        value: "REVOLVING",
        other: "schedule.principal",
        other_value: "any but EQUAL_INSTALMENTS",
        reason: "the principal due of a revolving loan is set by its billing",
        applies: |p| {
            revolving(p)
                && !matches!(
                    p.schedule.principal,
                    PrincipalSettings::EqualInstalments { .. }
                )
        },
    },
    Rule {
        id: "revolving-grace",
        setting: "kind",
        value: "REVOLVING",
        other: "schedule.grace.kind",
        other_value: "any but NONE",
        reason: "a revolving loan has no first instalments",
        applies: |p| revolving(p) && p.schedule.grace.kind != GraceKind::None,
    },
    Rule {
        id: "revolving-down-payment",
        setting: "kind",
        value: "REVOLVING",
        other: "schedule.down_payment_percent",
        other_value: "a percentage",
        reason: "a drawdown is not paid back on its own day",
        applies: |p| revolving(p) && p.schedule.down_payment_percent.is_some(),
    },
    Rule {
        id: "tranched-down-payment",
        setting: "kind",
        value: "TRANCHED",
        other: "schedule.down_payment_percent",
        other_value: "a percentage",
        reason: "every tranche would have to be paid back in part on its own day",
        applies: |p| tranched(p) && p.schedule.down_payment_percent.is_some(),
    },
];
