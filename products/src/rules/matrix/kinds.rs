//! Revolving and tranched loans.

use lending_core::loan::LevelBasis;

use super::Rule;
use super::has::{revolving, tranched};
use crate::LoanProduct;
use crate::product::{
    FeeWhen, GraceKind, LineInterest, LoanKind, PrincipalSettings, RevolvingPrincipal,
    RevolvingSettings,
};

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
        id: "revolving-draw",
        setting: "kind.REVOLVING.draw",
        value: "above the limit",
        other: "amount",
        other_value: "below the smallest drawdown",
        reason: "nothing could be drawn",
        applies: |p| {
            let least = billing(p).and_then(|settings| settings.draw.least());
            matches!((least, p.amount.most()), (Some(least), Some(limit)) if least > limit)
        },
    },
    Rule {
        id: "revolving-interest-twice",
        setting: "kind.REVOLVING.interest_on",
        value: "PRINCIPAL_AND_INTEREST or BALANCE",
        other: "interest.on_unpaid_interest",
        other_value: "true",
        reason: "unpaid interest would bear interest twice",
        applies: |p| {
            let on = billing(p).map(|settings| settings.interest_on);
            p.interest.on_unpaid_interest && on.is_some_and(|on| on != LineInterest::Principal)
        },
    },
    Rule {
        id: "revolving-contained-instalments",
        setting: "kind.REVOLVING.contains_charges",
        value: "true",
        other: "kind.REVOLVING.principal_due",
        other_value: "INSTALMENTS",
        reason: "instalments say what principal is due, charges come beside it",
        applies: |p| {
            billing(p).is_some_and(|settings| {
                settings.contains_charges
                    && matches!(
                        settings.principal_due,
                        RevolvingPrincipal::Instalments { .. }
                    )
            })
        },
    },
    Rule {
        id: "revolving-default",
        setting: "kind.REVOLVING.default_after_days",
        value: "not after the tolerated days",
        other: "arrears.tolerance_days",
        other_value: "not below the days to default",
        reason: "an account is in arrears before it is in default",
        applies: |p| {
            let days = billing(p).and_then(|settings| settings.default_after_days);
            let tolerated = p.arrears.tolerance_days.most();
            matches!((days, tolerated), (Some(days), Some(tolerated)) if days <= tolerated)
        },
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
        id: "level-basis-one-payout",
        setting: "schedule.level_basis",
        value: "approved",
        other: "kind",
        other_value: "any but TRANCHED",
        reason: "what is paid out at once is what was approved",
        applies: |p| p.schedule.level_basis != LevelBasis::default() && !tranched(p),
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

const fn billing(p: &LoanProduct) -> Option<&RevolvingSettings> {
    match &p.kind {
        LoanKind::Revolving(settings) => Some(settings),
        _ => None,
    }
}
