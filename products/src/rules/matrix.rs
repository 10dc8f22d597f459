//! The compatibility matrix: pairs of settings that make no sense together. Data, not code: the
//! documentation prints it and the tests go through all of it.

use alloc::format;

use ledger::posting_rules::AccountingMethod;
use lending_core::{
    dates::{DueDateRule, NonWorkingDayRule, Period},
    day_count::DayCount,
    schedule::{AnnuityFormula, ChargeFrequency, Equalise, InterestDays},
};
use rust_decimal::Decimal;

use crate::{
    LoanProduct, Violation, ViolationKind,
    product::{
        AccrualPosting, FeeAmount, FeeWhen, FuturePayments, GraceKind, InterestApplication,
        InterestKind, InterestMethod, LoanKind, PredefinedFee, PricingSettings, PrincipalSettings,
        ToleranceMethod,
    },
};

/// A pair of settings that a product must not have together.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The stable name of the rule.
    pub id: &'static str,
    /// The first setting, as a path.
    pub setting: &'static str,
    /// Its values that are meant.
    pub value: &'static str,
    /// The other setting, as a path.
    pub other: &'static str,
    /// Its values that are meant.
    pub other_value: &'static str,
    /// Why the two make no sense together.
    pub reason: &'static str,
    /// Whether a product has both.
    pub applies: fn(&LoanProduct) -> bool,
}

impl Rule {
    pub(super) fn violation(&self) -> Violation {
        let Self {
            id,
            setting,
            value,
            other,
            other_value,
            reason,
            ..
        } = *self;
        let given = format!("{value} beside {other} {other_value}");
        let allowed = format!("only one of the two ({reason})");
        let mut found = Violation::new(ViolationKind::Incompatible, setting, given, allowed);
        found.rule = Some(id);
        found
    }
}

/// Every rule, in the order in which violations are reported.
pub const MATRIX: &[Rule] = &[
    Rule {
        id: "flat-dynamic",
        setting: "interest.method",
        value: "FLAT",
        other: "kind",
        other_value: "DYNAMIC_TERM",
        reason: "flat interest is charged on the original principal and cannot follow the balance",
        applies: |p| flat(p) && matches!(p.kind, LoanKind::DynamicTerm),
    },
    Rule {
        id: "flat-tranched",
        setting: "interest.method",
        value: "FLAT",
        other: "kind",
        other_value: "TRANCHED",
        reason: "the original principal is not known before the last tranche",
        applies: |p| flat(p) && tranched(p),
    },
    Rule {
        id: "flat-revolving",
        setting: "interest.method",
        value: "FLAT",
        other: "kind",
        other_value: "REVOLVING",
        reason: "a revolving balance has no original principal",
        applies: |p| flat(p) && revolving(p),
    },
    Rule {
        id: "flat-indexed",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.pricing",
        other_value: "INDEXED",
        reason: "flat interest is fixed at disbursement, an index is not",
        applies: |p| flat(p) && indexed(p),
    },
    Rule {
        id: "flat-tiered-by-balance",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.pricing",
        other_value: "TIERED_BY_BALANCE",
        reason: "flat interest does not look at the balance",
        applies: |p| {
            flat(p) && matches!(p.interest.pricing, PricingSettings::TieredByBalance { .. })
        },
    },
    Rule {
        id: "flat-compound",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.kind",
        other_value: "COMPOUND",
        reason: "flat interest is linear in time",
        applies: |p| flat(p) && p.interest.kind == InterestKind::Compound,
    },
    Rule {
        id: "flat-capitalised",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.kind",
        other_value: "CAPITALISED",
        reason: "interest that joins the principal would bear no interest under the flat method",
        applies: |p| flat(p) && capitalised(p),
    },
    Rule {
        id: "flat-balloon",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal",
        other_value: "BALLOON",
        reason: "a balloon is found with an annuity, which flat interest has none of",
        applies: |p| flat(p) && matches!(p.schedule.principal, PrincipalSettings::Balloon { .. }),
    },
    Rule {
        id: "flat-longer-term",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal",
        other_value: "LONGER_TERM",
        reason: "the instalments of a longer loan are found with an annuity, which flat interest has none of",
        applies: |p| {
            flat(p) && matches!(p.schedule.principal, PrincipalSettings::LongerTerm { .. })
        },
    },
    Rule {
        id: "flat-payment-plan",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal",
        other_value: "PAYMENT_PLAN",
        reason: "the rate of a payment plan is found on a declining balance",
        applies: |p| flat(p) && plan(p),
    },
    Rule {
        id: "flat-equalised",
        setting: "interest.method",
        value: "FLAT",
        other: "schedule.principal.EQUAL_INSTALMENTS.equalise",
        other_value: "ONE_CORRECTION or SMALLEST_AMOUNT",
        reason: "flat instalments are equal without it",
        applies: |p| flat(p) && equalised(p),
    },
    Rule {
        id: "flat-unpaid-interest",
        setting: "interest.method",
        value: "FLAT",
        other: "interest.on_unpaid_interest",
        other_value: "true",
        reason: "flat interest is charged on the original principal only",
        applies: |p| flat(p) && p.interest.on_unpaid_interest,
    },
    Rule {
        id: "indexed-fixed-term",
        setting: "interest.pricing",
        value: "INDEXED",
        other: "kind",
        other_value: "FIXED_TERM",
        reason: "a fixed-term loan knows all of its interest at disbursement, an index changes",
        applies: |p| indexed(p) && matches!(p.kind, LoanKind::FixedTerm),
    },
    Rule {
        id: "free-rate",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.rate",
        other_value: "a range",
        reason: "an interest-free loan has no rate",
        applies: |p| free(p) && stated_rate(p),
    },
    Rule {
        id: "free-pricing",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.pricing",
        other_value: "any but FIXED",
        reason: "an interest-free loan has no rate",
        applies: |p| free(p) && !matches!(p.interest.pricing, PricingSettings::Fixed),
    },
    Rule {
        id: "free-flat",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.method",
        other_value: "FLAT",
        reason: "an interest-free loan has no interest to calculate",
        applies: |p| free(p) && flat(p),
    },
    Rule {
        id: "free-kind",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.kind",
        other_value: "CAPITALISED or COMPOUND",
        reason: "an interest-free loan has no interest to apply",
        applies: |p| free(p) && p.interest.kind != InterestKind::Simple,
    },
    Rule {
        id: "free-balloon",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.principal",
        other_value: "BALLOON",
        reason: "a balloon lowers instalments at the price of interest, and there is none",
        applies: |p| free(p) && matches!(p.schedule.principal, PrincipalSettings::Balloon { .. }),
    },
    Rule {
        id: "free-longer-term",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.principal",
        other_value: "LONGER_TERM",
        reason: "the instalments of a longer loan are an annuity, and there is no interest",
        applies: |p| {
            free(p) && matches!(p.schedule.principal, PrincipalSettings::LongerTerm { .. })
        },
    },
    Rule {
        id: "free-payment-plan",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.principal",
        other_value: "PAYMENT_PLAN",
        reason: "a payment plan stands for a rate, and there is none",
        applies: |p| free(p) && plan(p),
    },
    Rule {
        id: "free-interest-grace",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "schedule.grace.kind",
        other_value: "INTEREST_ONLY or INTEREST_FREE",
        reason: "there is no interest to pay or to forgive during the grace",
        applies: |p| {
            free(p)
                && matches!(
                    p.schedule.grace.kind,
                    GraceKind::InterestOnly | GraceKind::InterestFree
                )
        },
    },
    Rule {
        id: "free-interest-tax",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "taxes.on_interest",
        other_value: "true",
        reason: "there is no interest to tax",
        applies: |p| free(p) && p.taxes.on_interest,
    },
    Rule {
        id: "free-unpaid-interest",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.on_unpaid_interest",
        other_value: "true",
        reason: "there is no interest to charge interest on",
        applies: |p| free(p) && p.interest.on_unpaid_interest,
    },
    Rule {
        id: "free-offset",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.offset_percent",
        other_value: "a percentage",
        reason: "there is no interest for a deposit to lower",
        applies: |p| free(p) && p.interest.offset_percent.is_some(),
    },
    Rule {
        id: "free-on-disbursement",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "interest.application",
        other_value: "ON_DISBURSEMENT",
        reason: "there is no interest to apply",
        applies: |p| free(p) && p.interest.application == InterestApplication::OnDisbursement,
    },
    Rule {
        id: "free-investors",
        setting: "kind",
        value: "INTEREST_FREE",
        other: "securities.investors",
        other_value: "given",
        reason: "investors share interest, and there is none",
        applies: |p| free(p) && p.securities.investors.is_some(),
    },
    Rule {
        id: "capitalised-cash",
        setting: "interest.kind",
        value: "CAPITALISED",
        other: "accounting.method",
        other_value: "CASH",
        reason: "interest that joins the principal is income before any cash comes in",
        applies: |p| capitalised(p) && method(p) == AccountingMethod::Cash,
    },
    Rule {
        id: "capitalised-on-disbursement",
        setting: "interest.kind",
        value: "CAPITALISED",
        other: "interest.application",
        other_value: "ON_DISBURSEMENT",
        reason: "interest cannot join the principal before it is earned",
        applies: |p| {
            capitalised(p) && p.interest.application == InterestApplication::OnDisbursement
        },
    },
    Rule {
        id: "capitalised-unpaid-interest",
        setting: "interest.kind",
        value: "CAPITALISED",
        other: "interest.on_unpaid_interest",
        other_value: "true",
        reason: "capitalised interest is principal, and charged with interest as such",
        applies: |p| capitalised(p) && p.interest.on_unpaid_interest,
    },
    Rule {
        id: "compound-whole-term",
        setting: "interest.kind",
        value: "COMPOUND",
        other: "interest.per",
        other_value: "WHOLE_TERM",
        reason: "an effective rate needs a length of time",
        applies: |p| p.interest.kind == InterestKind::Compound && whole_term(p),
    },
    Rule {
        id: "unpaid-interest-fixed-term",
        setting: "interest.on_unpaid_interest",
        value: "true",
        other: "kind",
        other_value: "FIXED_TERM",
        reason: "a fixed-term loan knows all of its interest at disbursement",
        applies: |p| p.interest.on_unpaid_interest && matches!(p.kind, LoanKind::FixedTerm),
    },
    Rule {
        id: "unpaid-interest-principal",
        setting: "interest.on_unpaid_interest",
        value: "true",
        other: "schedule.principal",
        other_value: "any but EQUAL_INSTALMENTS",
        reason: "only equal instalments keep their total while interest grows",
        applies: |p| {
            p.interest.on_unpaid_interest
                && !matches!(
                    p.schedule.principal,
                    PrincipalSettings::EqualInstalments { .. }
                )
        },
    },
    Rule {
        id: "whole-term-dynamic",
        setting: "interest.per",
        value: "WHOLE_TERM",
        other: "kind",
        other_value: "DYNAMIC_TERM, TRANCHED or REVOLVING",
        reason: "a rate for the whole term has no rate for a day",
        applies: |p| whole_term(p) && p.follows_balance(),
    },
    Rule {
        id: "on-disbursement-dynamic",
        setting: "interest.application",
        value: "ON_DISBURSEMENT",
        other: "kind",
        other_value: "DYNAMIC_TERM, TRANCHED or REVOLVING",
        reason: "interest that follows the balance is not known at disbursement",
        applies: |p| {
            p.interest.application == InterestApplication::OnDisbursement && p.follows_balance()
        },
    },
    Rule {
        id: "tiered-rate",
        setting: "interest.pricing",
        value: "TIERED",
        other: "interest.rate",
        other_value: "a range",
        reason: "the tiers are the rates",
        applies: |p| tiered(p) && stated_rate(p),
    },
    Rule {
        id: "tiers-reach",
        setting: "interest.pricing",
        value: "TIERED_BY_INSTALMENT",
        other: "instalments.max",
        other_value: "more than the last tier, or open",
        reason: "every instalment needs a rate",
        applies: |p| tiers_short(p),
    },
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
        value: "EQUAL_INSTALMENTS by CLOSED_FORM, BALLOON or LONGER_TERM",
        other: "schedule.due_dates",
        other_value: "several days of a month",
        reason: "the closed form of an annuity needs periods of one length",
        applies: |p| annuity(p) && irregular(p),
    },
    Rule {
        id: "annuity-tiered-by-balance",
        setting: "schedule.principal",
        value: "BALLOON or LONGER_TERM",
        other: "interest.pricing",
        other_value: "TIERED_BY_BALANCE",
        reason: "the annuity of a balloon needs one rate",
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
    Rule {
        id: "accrual-posting",
        setting: "accrual_posting",
        value: "DAILY or MONTH_END",
        other: "accounting.method",
        other_value: "NONE or CASH",
        reason: "only accrual accounting posts interest before it is paid",
        applies: |p| {
            p.accrual_posting != AccrualPosting::WhenApplied
                && method(p) != AccountingMethod::Accrual
        },
    },
    Rule {
        id: "fee-amortisation",
        setting: "fees.amortisation",
        value: "given",
        other: "accounting.method",
        other_value: "NONE or CASH",
        reason: "only accrual accounting spreads income over time",
        applies: |p| {
            p.fees.iter().any(|fee| fee.amortisation.is_some())
                && method(p) != AccountingMethod::Accrual
        },
    },
    Rule {
        id: "fee-divided",
        setting: "fees.amount",
        value: "FLAT_DIVIDED or AMOUNT_PERCENT_DIVIDED",
        other: "fees.when",
        other_value: "any but EVERY_INSTALMENT or EVERY_DUE_DATE",
        reason: "a fee is divided over instalments or not at all",
        applies: |p| p.fees.iter().any(fee_divided_wrongly),
    },
    Rule {
        id: "fee-instalment-principal",
        setting: "fees.amount",
        value: "INSTALMENT_PRINCIPAL_PERCENT",
        other: "fees.when",
        other_value: "any but EVERY_INSTALMENT, EVERY_DUE_DATE or LATE_PAYMENT",
        reason: "there is no instalment to take a percentage of",
        applies: |p| p.fees.iter().any(fee_without_instalment),
    },
    Rule {
        id: "fee-given",
        setting: "fees.amount",
        value: "GIVEN",
        other: "fees.when",
        other_value: "any but MANUAL_ANY_AMOUNT",
        reason: "only staff can choose an amount, and only there",
        applies: |p| {
            p.fees.iter().any(|fee| {
                (fee.amount == FeeAmount::Given) != (fee.when == FeeWhen::ManualAnyAmount)
            })
        },
    },
    Rule {
        id: "fee-due-date-fixed-term",
        setting: "fees.when",
        value: "EVERY_DUE_DATE",
        other: "kind",
        other_value: "FIXED_TERM",
        reason: "a fixed-term loan applies its fees at disbursement",
        applies: |p| {
            p.fees.iter().any(|fee| fee.when == FeeWhen::EveryDueDate)
                && matches!(p.kind, LoanKind::FixedTerm)
        },
    },
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
    Rule {
        id: "tax-without-penalty",
        setting: "taxes.on_penalties",
        value: "true",
        other: "penalty",
        other_value: "none",
        reason: "there is no penalty to tax",
        applies: |p| p.taxes.on_penalties && p.penalty.is_none(),
    },
    Rule {
        id: "cap-without-charges",
        setting: "cap",
        value: "given",
        other: "penalty",
        other_value: "none, and no fee for late payment",
        reason: "there is no charge for late payment to put a ceiling on",
        applies: |p| {
            p.cap.is_some()
                && p.penalty.is_none()
                && free(p)
                && !p.fees.iter().any(|fee| fee.when == FeeWhen::LatePayment)
        },
    },
    Rule {
        id: "tolerance-twice",
        setting: "arrears.tolerance",
        value: "DAY_OF_NEXT_MONTH",
        other: "arrears.tolerance_days",
        other_value: "a range",
        reason: "arrears are tolerated up to a day or for a number of days, not both",
        applies: |p| {
            matches!(p.arrears.tolerance, ToleranceMethod::DayOfNextMonth(_))
                && p.arrears.tolerance_days.most().is_some_and(|days| days > 0)
        },
    },
    Rule {
        id: "commission-above-rate",
        setting: "securities.investors.lender_commission",
        value: "above the rate",
        other: "interest.rate",
        other_value: "below the lender's part",
        reason: "the lender cannot keep more interest than is paid",
        applies: |p| commission_too_high(p),
    },
    Rule {
        id: "guarantee-without-kind",
        setting: "securities.required_percent",
        value: "a percentage",
        other: "securities.guarantors and securities.collateral",
        other_value: "false",
        reason: "what must be given must be allowed",
        applies: |p| {
            p.securities
                .required_percent
                .is_some_and(|percent| percent > Decimal::ZERO)
                && !p.securities.guarantors
                && !p.securities.collateral
        },
    },
];

fn flat(p: &LoanProduct) -> bool {
    p.interest.method == InterestMethod::Flat
}

fn free(p: &LoanProduct) -> bool {
    matches!(p.kind, LoanKind::InterestFree)
}

fn tranched(p: &LoanProduct) -> bool {
    matches!(p.kind, LoanKind::Tranched { .. })
}

fn revolving(p: &LoanProduct) -> bool {
    matches!(p.kind, LoanKind::Revolving(_))
}

fn indexed(p: &LoanProduct) -> bool {
    matches!(p.interest.pricing, PricingSettings::Indexed { .. })
}

fn tiered(p: &LoanProduct) -> bool {
    !indexed(p) && !matches!(p.interest.pricing, PricingSettings::Fixed)
}

fn capitalised(p: &LoanProduct) -> bool {
    p.interest.kind == InterestKind::Capitalised
}

fn whole_term(p: &LoanProduct) -> bool {
    p.interest.per == ChargeFrequency::WholeTerm
}

fn method(p: &LoanProduct) -> AccountingMethod {
    p.accounting.method()
}

fn plan(p: &LoanProduct) -> bool {
    matches!(p.schedule.principal, PrincipalSettings::PaymentPlan)
}

fn balloon(p: &LoanProduct) -> bool {
    matches!(
        p.schedule.principal,
        PrincipalSettings::Balloon { .. } | PrincipalSettings::LongerTerm { .. }
    )
}

fn equalised(p: &LoanProduct) -> bool {
    matches!(
        p.schedule.principal,
        PrincipalSettings::EqualInstalments {
            equalise: Equalise::OneCorrection | Equalise::SmallestAmount,
            ..
        }
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

/// A rate other than zero.
fn stated_rate(p: &LoanProduct) -> bool {
    let rate = &p.interest.rate;
    rate.corners().iter().any(|rate| !rate.is_zero())
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

fn tiers_short(p: &LoanProduct) -> bool {
    let PricingSettings::TieredByInstalment { tiers } = &p.interest.pricing else {
        return false;
    };
    let last = tiers.last().map_or(0, |tier| tier.up_to);
    p.instalments.max.is_none_or(|max| max > last)
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

fn fee_divided_wrongly(fee: &PredefinedFee) -> bool {
    matches!(
        fee.amount,
        FeeAmount::FlatDivided(_) | FeeAmount::AmountPercentDivided(_)
    ) && !matches!(fee.when, FeeWhen::EveryInstalment | FeeWhen::EveryDueDate)
}

fn fee_without_instalment(fee: &PredefinedFee) -> bool {
    matches!(fee.amount, FeeAmount::InstalmentPrincipalPercent(_))
        && !matches!(
            fee.when,
            FeeWhen::EveryInstalment | FeeWhen::EveryDueDate | FeeWhen::LatePayment
        )
}

/// The lender's part above the lowest rate that can be agreed.
fn commission_too_high(p: &LoanProduct) -> bool {
    let Some(funds) = &p.securities.investors else {
        return false;
    };
    match (funds.lender_commission.most(), p.interest.rate.least()) {
        (Some(commission), Some(rate)) => commission > rate,
        _ => false,
    }
}
