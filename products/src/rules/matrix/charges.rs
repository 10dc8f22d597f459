//! Fees, taxes, ceilings and income.

use ledger::posting_rules::AccountingMethod;
use rust_decimal::Decimal;

use lending_core::loan::CapMethod;

use super::has::{free, method};
use super::{Rule, fee_given, is_given_wrongly};
use crate::LoanProduct;
use crate::product::{
    AccrualPosting, ChargeCap, FeeAmount, FeeWhen, LoanKind, PredefinedFee, ToleranceMethod,
};

/// Fees, taxes, ceilings and income.
pub(super) const RULES: &[Rule<LoanProduct>] = &[
    Rule {
        id: "accrual-posting",
        setting: "accrual_posting",
        value: "WHEN_APPLIED or MONTH_END",
        other: "accounting.method",
        other_value: "NONE or CASH",
        reason: "only accrual accounting posts interest before it is paid",
        applies: |p| {
            p.accrual_posting != AccrualPosting::Daily && method(p) != AccountingMethod::Accrual
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
    fee_given(|p| is_given_wrongly(&p.fees)),
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
        id: "cap-hard-accrued",
        setting: "cap.apply_accrued_first",
        value: "true",
        other: "cap.method",
        other_value: "hard",
        reason: "a hard ceiling refuses what crosses it",
        applies: |p| {
            let hard = |cap: &ChargeCap| cap.apply_accrued_first && cap.method == CapMethod::Hard;
            p.cap.as_ref().is_some_and(hard)
        },
    },
    Rule {
        id: "tax-kind-untaxed",
        setting: "taxes.fee_kind or taxes.penalty_kind",
        value: "given",
        other: "taxes.on_fees or taxes.on_penalties",
        other_value: "false",
        reason: "a kind of tax needs a tax",
        applies: |p| {
            let taxes = &p.taxes;
            (taxes.fee_kind.is_some() && !taxes.on_fees)
                || (taxes.penalty_kind.is_some() && !taxes.on_penalties)
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
