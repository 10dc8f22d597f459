//! Revolving and tranched loans.

use lending_core::{
    dates::NonWorkingDayRule,
    loan::{AllocationOrder, LevelBasis},
};

use super::Rule;
use super::has::{revolving, tranched};
use crate::LoanProduct;
use crate::product::{
    FeeWhen, GraceKind, LineInterest, LoanKind, PaymentDay, PricingSettings, PrincipalSettings,
    RevolvingPrincipal, RevolvingSettings,
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
            billing(p).is_some_and(|settings| settings.contains_charges && by_instalments(settings))
        },
    },
    Rule {
        id: "revolving-limits-instalments",
        setting: "kind.REVOLVING.floor or kind.REVOLVING.ceiling",
        value: "an amount",
        other: "kind.REVOLVING.principal_due",
        other_value: "INSTALMENTS",
        reason: "instalments say what principal is due, no less and no more",
        applies: |p| {
            billing(p).is_some_and(|settings| has_limits(settings) && by_instalments(settings))
        },
    },
    Rule {
        id: "revolving-floor-contained",
        setting: "kind.REVOLVING.floor_includes_interest or floor_includes_fees",
        value: "true",
        other: "kind.REVOLVING.contains_charges",
        other_value: "true",
        reason: "charges contained in the least payment count towards its floor anyway",
        applies: |p| {
            billing(p).is_some_and(|settings| {
                settings.contains_charges
                    && (settings.floor_includes_interest || settings.floor_includes_fees)
            })
        },
    },
    Rule {
        id: "revolving-free-due",
        setting: "kind.REVOLVING.free_when_paid_in_full",
        value: "true",
        other: "kind.REVOLVING.due",
        other_value: "DAYS_AFTER_STATEMENT above 20",
        reason: "a statement must be payable before the next one is made",
        applies: |p| {
            billing(p).is_some_and(|settings| {
                settings.free_when_paid_in_full
                    && matches!(settings.due, PaymentDay::DaysAfterStatement(days) if days > 20)
            })
        },
    },
    Rule {
        id: "revolving-instalment-tiers",
        setting: "kind",
        value: "REVOLVING",
        other: "interest.pricing",
        other_value: "TIERED_BY_INSTALMENT",
        reason: "a revolving loan has no instalments in advance",
        applies: |p| {
            let pricing = &p.interest.pricing;
            revolving(p) && matches!(pricing, PricingSettings::TieredByInstalment { .. })
        },
    },
    Rule {
        id: "revolving-extended",
        setting: "kind",
        value: "REVOLVING",
        other: "schedule.non_working_days",
        other_value: "EXTEND",
        reason: "there is no rest of the schedule to move",
        applies: |p| revolving(p) && p.schedule.non_working_days == NonWorkingDayRule::Extend,
    },
    Rule {
        id: "revolving-buckets",
        setting: "kind",
        value: "REVOLVING",
        other: "payments.allocation.order",
        other_value: "buckets",
        reason: "a revolving loan has no instalments past due and to come",
        applies: |p| {
            let order = &p.payments.allocation.order;
            revolving(p) && matches!(order, AllocationOrder::Buckets(_))
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

const fn by_instalments(settings: &RevolvingSettings) -> bool {
    matches!(
        settings.principal_due,
        RevolvingPrincipal::Instalments { .. }
    )
}

/// A floor or a ceiling other than zero, which says that there is none.
fn has_limits(settings: &RevolvingSettings) -> bool {
    let mut limits = [settings.floor, settings.ceiling].into_iter().flatten();
    limits.any(|limit| !limit.is_zero())
}
