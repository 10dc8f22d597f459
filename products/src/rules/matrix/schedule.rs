//! Due dates and principal.

use lending_core::dates::{DueDateRule, NonWorkingDayRule, Period};
use lending_core::day_count::DayCount;
use lending_core::schedule::{AnnuityFormula, InterestDays};

use super::Rule;
use super::has::{flat, free, plan, stated_rate};
use crate::LoanProduct;
use crate::product::{GraceKind, InterestKind, LoanKind, PricingSettings, PrincipalSettings};

/// Due dates and principal.
pub(super) const RULES: &[Rule<LoanProduct>] = &[
    Rule {
        id: "payment-plan-rate",
        setting: "schedule.principal",
        value: "PAYMENT_PLAN",
        other: "interest.rate",
        other_value: "a range",
        reason: "the rate of a payment plan follows from its totals",
        applies: |p| plan(p) && stated_rate(p),
    },
    Rule {
        id: "payment-plan-kind",
        setting: "schedule.principal",
        value: "PAYMENT_PLAN",
        other: "kind",
        other_value: "any but FIXED_TERM",
        reason: "totals agreed in advance do not follow the balance",
        applies: |p| plan(p) && !free(p) && !matches!(p.kind, LoanKind::FixedTerm),
    },
    Rule {
        id: "payment-plan-counted",
        setting: "schedule.principal",
        value: "PAYMENT_PLAN",
        other: "interest.days",
        other_value: "COUNTED",
        reason: "the rate of a payment plan is found for equal periods",
        applies: |p| plan(p) && p.interest.days == InterestDays::Counted,
    },
    Rule {
        id: "payment-plan-pricing",
        setting: "schedule.principal",
        value: "PAYMENT_PLAN",
        other: "interest.pricing",
        other_value: "any but FIXED",
        reason: "the rate of a payment plan follows from its totals",
        applies: |p| plan(p) && !matches!(p.interest.pricing, PricingSettings::Fixed),
    },
    Rule {
        id: "payment-plan-kind-of-interest",
        setting: "schedule.principal",
        value: "PAYMENT_PLAN",
        other: "interest.kind",
        other_value: "CAPITALISED or COMPOUND",
        reason: "the rate of a payment plan is found for simple interest",
        applies: |p| plan(p) && p.interest.kind != InterestKind::Simple,
    },
    Rule {
        id: "payment-plan-grace",
        setting: "schedule.principal",
        value: "PAYMENT_PLAN",
        other: "schedule.grace.kind",
        other_value: "any but NONE",
        reason: "a payment plan says itself what is due",
        applies: |p| plan(p) && p.schedule.grace.kind != GraceKind::None,
    },
    Rule {
        id: "payment-plan-down-payment",
        setting: "schedule.principal",
        value: "PAYMENT_PLAN",
        other: "schedule.down_payment_percent",
        other_value: "a percentage",
        reason: "a payment plan says itself what is due",
        applies: |p| plan(p) && p.schedule.down_payment_percent.is_some(),
    },
    Rule {
        id: "nominal-irregular",
        setting: "interest.days",
        value: "NOMINAL",
        other: "schedule.due_dates",
        other_value: "several days of a month",
        reason: "periods between several days of a month have no nominal length",
        applies: |p| p.interest.days == InterestDays::Nominal && irregular(p),
    },
    Rule {
        id: "annuity-irregular",
        setting: "schedule.principal",
        value: "EQUAL_INSTALMENTS by CLOSED_FORM, BALLOON, LONGER_TERM or GRADED",
        other: "schedule.due_dates",
        other_value: "several days of a month",
        reason: "the closed form of an annuity needs periods of one length",
        applies: |p| annuity(p) && irregular(p),
    },
    Rule {
        id: "annuity-tiered-by-balance",
        setting: "schedule.principal",
        value: "BALLOON, LONGER_TERM or GRADED",
        other: "interest.pricing",
        other_value: "TIERED_BY_BALANCE",
        reason: "their annuity needs one rate",
        applies: |p| {
            balloon(p) && matches!(p.interest.pricing, PricingSettings::TieredByBalance { .. })
        },
    },
    Rule {
        id: "icma-irregular",
        setting: "interest.day_count",
        value: "ACT/ACT ICMA",
        other: "schedule.due_dates",
        other_value: "periods that do not divide a year",
        reason: "ICMA counts in coupon periods that divide a year",
        applies: |p| p.interest.day_count == DayCount::ActActIcma && !divides_year(p),
    },
    Rule {
        id: "seasons-nominal",
        setting: "interest.days",
        value: "NOMINAL or THIRTY_DAY_MONTHS",
        other: "schedule.seasons",
        other_value: "given",
        reason: "times between seasons have no nominal length",
        applies: |p| seasonal(p) && p.interest.days != InterestDays::Counted,
    },
    Rule {
        id: "seasons-annuity",
        setting: "schedule.principal",
        value: "EQUAL_INSTALMENTS by CLOSED_FORM, BALLOON, LONGER_TERM or GRADED",
        other: "schedule.seasons",
        other_value: "given",
        reason: "the closed form of an annuity needs periods of one length",
        applies: |p| seasonal(p) && annuity(p),
    },
    Rule {
        id: "seasons-icma",
        setting: "interest.day_count",
        value: "ACT/ACT ICMA",
        other: "schedule.seasons",
        other_value: "given",
        reason: "ICMA counts in coupon periods that divide a year",
        applies: |p| seasonal(p) && p.interest.day_count == DayCount::ActActIcma,
    },
    Rule {
        id: "seasons-extend",
        setting: "schedule.non_working_days",
        value: "EXTEND",
        other: "schedule.seasons",
        other_value: "given",
        reason: "a season does not move with the one before it",
        applies: |p| seasonal(p) && p.schedule.non_working_days == NonWorkingDayRule::Extend,
    },
    Rule {
        id: "seasons-offset",
        setting: "schedule.first_due_offset",
        value: "any but 0",
        other: "schedule.seasons",
        other_value: "given",
        reason: "the seasons say when the first instalment is due",
        applies: |p| {
            seasonal(p)
                && p.schedule
                    .first_due_offset
                    .corners()
                    .iter()
                    .any(|days| *days != 0)
        },
    },
    Rule {
        id: "seasons-revolving",
        setting: "kind",
        value: "REVOLVING",
        other: "schedule.seasons",
        other_value: "given",
        reason: "a revolving loan is billed in cycles",
        applies: |p| seasonal(p) && matches!(p.kind, LoanKind::Revolving(_)),
    },
    Rule {
        id: "term-reach",
        setting: "instalments.max",
        value: "more than a thousand years of them",
        other: "schedule.due_dates",
        other_value: "an interval",
        reason: "no contract lives that long",
        applies: |p| years_of_instalments(p) > 1_000,
    },
    Rule {
        id: "grace-reach",
        setting: "schedule.grace.instalments.max",
        value: "not below the fewest instalments",
        other: "instalments.min",
        other_value: "not above the longest grace",
        reason: "at least one instalment must come after the grace",
        applies: |p| grace_too_long(p),
    },
    Rule {
        id: "grace-bullet",
        setting: "schedule.grace.kind",
        value: "INTEREST_ONLY or PURE",
        other: "schedule.principal",
        other_value: "BULLET",
        reason: "principal is due at the end only, with or without grace",
        applies: |p| {
            matches!(
                p.schedule.grace.kind,
                GraceKind::InterestOnly | GraceKind::Pure
            ) && matches!(p.schedule.principal, PrincipalSettings::Bullet)
        },
    },
    Rule {
        id: "no-grace-range",
        setting: "schedule.grace.kind",
        value: "NONE",
        other: "schedule.grace.instalments",
        other_value: "a range",
        reason: "a length of grace needs a kind of grace",
        applies: |p| {
            p.schedule.grace.kind == GraceKind::None
                && !p.schedule.grace.instalments.is_open()
                && p.schedule.grace.instalments.most() != Some(0)
        },
    },
    Rule {
        id: "offset-before-disbursement",
        setting: "schedule.first_due_offset.min",
        value: "as far back as the shortest period, or further",
        other: "schedule.due_dates",
        other_value: "any",
        reason: "the first due date must come after the disbursement, whatever its day",
        applies: offset_too_early,
    },
    Rule {
        id: "extend-weekday",
        setting: "schedule.non_working_days",
        value: "EXTEND",
        other: "schedule.due_dates",
        other_value: "whole weeks, or a weekday of the month",
        reason: "a due date that moves by whole weeks never leaves a weekday that nobody works",
        applies: |p| p.schedule.non_working_days == NonWorkingDayRule::Extend && keeps_weekday(p),
    },
    Rule {
        id: "balloon-down-payment",
        setting: "schedule.principal",
        value: "BALLOON",
        other: "schedule.down_payment_percent",
        other_value: "a percentage",
        reason: "the two shares of the amount could take more than all of it",
        applies: |p| {
            matches!(p.schedule.principal, PrincipalSettings::Balloon { .. })
                && p.schedule.down_payment_percent.is_some()
        },
    },
    Rule {
        id: "longer-term-reach",
        setting: "schedule.principal",
        value: "LONGER_TERM",
        other: "instalments.max",
        other_value: "more than the fewest instalments of the longer term, or open",
        reason: "the longer term must not be shorter than the loan",
        applies: |p| longer_term_short(p),
    },
];

fn balloon(p: &LoanProduct) -> bool {
    matches!(
        p.schedule.principal,
        PrincipalSettings::Balloon { .. }
            | PrincipalSettings::LongerTerm { .. }
            | PrincipalSettings::Graded { .. }
    )
}

/// Whether instalments are found by the closed form of an annuity.
fn annuity(p: &LoanProduct) -> bool {
    let closed = matches!(
        p.schedule.principal,
        PrincipalSettings::EqualInstalments {
            formula: AnnuityFormula::ClosedForm,
            ..
        }
    );
    !free(p) && ((closed && !flat(p)) || balloon(p))
}

fn irregular(p: &LoanProduct) -> bool {
    p.schedule.due_dates.periodicity().is_none()
}

fn divides_year(p: &LoanProduct) -> bool {
    p.schedule
        .due_dates
        .periodicity()
        .is_some_and(|period| match period {
            Period::Months(_) | Period::Years(_) => period
                .months()
                .is_some_and(|months| 12_u32.checked_rem(months) == Some(0)),
            // A first-due offset leaves the coupon grid, which then has to be one of months.
            Period::Weeks(_) | Period::Days(_) => false,
        })
}

fn grace_too_long(p: &LoanProduct) -> bool {
    let grace = &p.schedule.grace;
    let longest = match (grace.kind, grace.instalments.max, grace.instalments.default) {
        (GraceKind::None, ..) => return false,
        (_, Some(max), _) => max,
        // Without an upper end a request is held to its own number of instalments.
        (_, None, default) => default.unwrap_or(0).max(grace.instalments.min.unwrap_or(0)),
    };
    let least = p.instalments.least().unwrap_or(1);
    match grace.kind {
        GraceKind::InterestFree => longest > least,
        _ => longest >= least,
    }
}

fn keeps_weekday(p: &LoanProduct) -> bool {
    match &p.schedule.due_dates {
        DueDateRule::Interval { every, .. } => every
            .days()
            .is_some_and(|days| days.checked_rem(7) == Some(0)),
        DueDateRule::NthWeekday { .. } => true,
        _ => false,
    }
}

/// Whether an offset can put the first due date on or before the disbursement: an interval of
/// months has at least 28 days each, the next fixed day may be tomorrow.
fn offset_too_early(p: &LoanProduct) -> bool {
    let shortest = match &p.schedule.due_dates {
        DueDateRule::Interval { every, .. } => match (every.days(), every.months()) {
            (Some(days), _) => days,
            (None, months) => months.unwrap_or(0).saturating_mul(28),
        },
        _ => 1,
    };
    let shortest = i32::try_from(shortest).unwrap_or(i32::MAX);
    let offset = p.schedule.first_due_offset.least();
    offset.is_some_and(|offset| offset.saturating_add(shortest) <= 0)
}

fn longer_term_short(p: &LoanProduct) -> bool {
    let PrincipalSettings::LongerTerm { instalments } = &p.schedule.principal else {
        return false;
    };
    match (instalments.least(), p.instalments.max) {
        (Some(least), Some(most)) => least < most,
        _ => true,
    }
}

fn seasonal(p: &LoanProduct) -> bool {
    !p.schedule.seasons.is_empty()
}

/// The longest term in years, roughly: an upper bound.
fn years_of_instalments(p: &LoanProduct) -> u64 {
    let count = p.instalments.most().or(p.instalments.min).unwrap_or(1);
    let step = match &p.schedule.due_dates {
        DueDateRule::Interval { every, .. } => match (every.days(), every.months()) {
            (Some(days), _) => u64::from(days),
            (None, months) => u64::from(months.unwrap_or(u32::MAX)).saturating_mul(31),
        },
        DueDateRule::NthWeekday { every_months, .. } => u64::from(*every_months).saturating_mul(31),
        _ => 31,
    };
    let days = u64::from(count).saturating_mul(step);
    days.checked_div(366).unwrap_or_default()
}
