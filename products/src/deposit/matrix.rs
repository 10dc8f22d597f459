//! Settings of a deposit product that make no sense together.

use ledger::posting_rules::AccountingMethod;
use rust_decimal::Decimal;

use super::{BalanceUsed, DepositKind, DepositProduct, InterestPaid};
use crate::{
    product::{AccrualDetail, AccrualPosting, PricingSettings},
    rules::{Rule, fee_given, is_given_wrongly, tiered_rate},
};

/// Every rule of deposit products by subject, in the order in which violations are reported.
pub const MATRIX: &[&[Rule<DepositProduct>]] = &[KINDS, INTEREST, LIMITS, BOOKS];

const KINDS: &[Rule<DepositProduct>] = &[
    Rule {
        id: "matures-without-maturity",
        setting: "kind",
        value: "FIXED_DEPOSIT or SAVINGS_PLAN",
        other: "maturity",
        other_value: "none",
        reason: "a deposit for an agreed time needs its time",
        applies: |p| p.kind.matures() && p.maturity.is_none(),
    },
    Rule {
        id: "maturity-open-ended",
        setting: "kind",
        value: "REGULAR_SAVINGS, CURRENT_ACCOUNT or INVESTOR_ACCOUNT",
        other: "maturity",
        other_value: "given",
        reason: "an account for daily use has no end",
        applies: |p| !p.kind.matures() && p.maturity.is_some(),
    },
    Rule {
        id: "overdraft-matures",
        setting: "kind",
        value: "FIXED_DEPOSIT or SAVINGS_PLAN",
        other: "overdraft",
        other_value: "given",
        reason: "money that is put aside is not overdrawn",
        applies: |p| p.kind.matures() && p.overdraft.is_some(),
    },
    Rule {
        id: "overdraft-investor",
        setting: "kind",
        value: "INVESTOR_ACCOUNT",
        other: "overdraft",
        other_value: "given",
        reason: "only money that is there can fund loans",
        applies: |p| p.kind == DepositKind::InvestorAccount && p.overdraft.is_some(),
    },
    Rule {
        id: "offset-matures",
        setting: "kind",
        value: "FIXED_DEPOSIT, SAVINGS_PLAN or INVESTOR_ACCOUNT",
        other: "offsets_loans",
        other_value: "true",
        reason: "only money at hand lowers a loan's interest",
        applies: |p| {
            p.offsets_loans && (p.kind.matures() || p.kind == DepositKind::InvestorAccount)
        },
    },
    Rule {
        id: "withdrawal-fixed-deposit",
        setting: "kind",
        value: "FIXED_DEPOSIT",
        other: "maximum_withdrawal",
        other_value: "an amount",
        reason: "a fixed deposit is paid out whole, at maturity",
        applies: |p| p.kind == DepositKind::FixedDeposit && p.maximum_withdrawal.is_some(),
    },
    Rule {
        id: "recommended-fixed-deposit",
        setting: "kind",
        value: "FIXED_DEPOSIT",
        other: "recommended_deposit",
        other_value: "an amount",
        reason: "a fixed deposit is paid in once",
        applies: |p| p.kind == DepositKind::FixedDeposit && p.recommended_deposit.is_some(),
    },
    Rule {
        id: "target-without-plan",
        setting: "target",
        value: "a range",
        other: "kind",
        other_value: "any but SAVINGS_PLAN",
        reason: "only a savings plan saves for something",
        applies: |p| !p.target.is_open() && p.kind != DepositKind::SavingsPlan,
    },
    Rule {
        id: "linked-deposit",
        setting: "accounts.linked_deposit",
        value: "given",
        other: "kind",
        other_value: "any",
        reason: "instalments are taken from a deposit account, which has none itself",
        applies: |p| p.accounts.linked_deposit.is_some(),
    },
];

const INTEREST: &[Rule<DepositProduct>] = &[
    Rule {
        id: "paid-at-no-maturity",
        setting: "interest.paid",
        value: "AT_MATURITY",
        other: "maturity",
        other_value: "none",
        reason: "the account has no maturity to pay at",
        applies: |p| paid_at_maturity(p) && p.maturity.is_none(),
    },
    Rule {
        id: "after-no-maturity",
        setting: "interest.after_maturity",
        value: "true",
        other: "maturity",
        other_value: "none",
        reason: "there is no time after maturity",
        applies: |p| p.maturity.is_none() && p.interest.as_ref().is_some_and(|i| i.after_maturity),
    },
    tiered_rate(|p| {
        p.interest.as_ref().is_some_and(|i| {
            is_tiered(&i.pricing) && i.rate.corners().iter().any(|rate| !rate.is_zero())
        })
    }),
    Rule {
        id: "tiered-by-instalment",
        setting: "interest.pricing",
        value: "TIERED_BY_INSTALMENT",
        other: "kind",
        other_value: "any",
        reason: "a deposit has no instalments",
        applies: |p| {
            let by_instalment =
                |pricing| matches!(pricing, &PricingSettings::TieredByInstalment { .. });
            p.interest
                .as_ref()
                .is_some_and(|i| by_instalment(&i.pricing))
                || costs(p).is_some_and(|i| by_instalment(&i.pricing))
        },
    },
    Rule {
        id: "indexed-fixed-deposit",
        setting: "interest.pricing",
        value: "INDEXED",
        other: "kind",
        other_value: "FIXED_DEPOSIT",
        reason: "a fixed deposit's rate is fixed at its opening",
        applies: |p| {
            p.kind == DepositKind::FixedDeposit
                && p.interest
                    .as_ref()
                    .is_some_and(|i| matches!(i.pricing, PricingSettings::Indexed { .. }))
        },
    },
    Rule {
        id: "minimum-fixed-deposit",
        setting: "interest.balance",
        value: "AVERAGE or MINIMUM",
        other: "kind",
        other_value: "FIXED_DEPOSIT",
        reason: "the balance of a fixed deposit does not change in between",
        applies: |p| {
            p.kind == DepositKind::FixedDeposit
                && p.interest
                    .as_ref()
                    .is_some_and(|i| i.balance != BalanceUsed::EndOfDay)
        },
    },
    Rule {
        id: "tax-without-interest",
        setting: "withholding_tax",
        value: "given",
        other: "interest",
        other_value: "none",
        reason: "there is no interest to withhold from",
        applies: |p| p.withholding_tax.is_some() && p.interest.is_none(),
    },
    Rule {
        id: "overdraft-tiered-rate",
        setting: "overdraft.interest.pricing",
        value: "TIERED",
        other: "overdraft.interest.rate",
        other_value: "a range",
        reason: "the tiers are the rates",
        applies: |p| {
            costs(p).is_some_and(|i| {
                is_tiered(&i.pricing) && i.rate.corners().iter().any(|rate| !rate.is_zero())
            })
        },
    },
];

const LIMITS: &[Rule<DepositProduct>] = &[
    Rule {
        id: "opening-above-maximum",
        setting: "opening_balance",
        value: "above the maximum",
        other: "maximum_balance",
        other_value: "below the opening balance",
        reason: "no account could be opened with it",
        applies: |p| {
            let most = [p.opening_balance.most(), p.opening_balance.least()];
            let most = most.into_iter().flatten().max();
            matches!((most, p.maximum_balance), (Some(most), Some(limit)) if most > limit)
        },
    },
    Rule {
        id: "opening-below-minimum",
        setting: "opening_balance.min",
        value: "below the minimum balance",
        other: "minimum_balance",
        other_value: "above the smallest opening balance",
        reason: "the account would be below its minimum from the start",
        applies: |p| {
            p.minimum_balance
                .is_some_and(|minimum| p.opening_balance.least().unwrap_or(Decimal::ZERO) < minimum)
        },
    },
    Rule {
        id: "minimum-above-maximum",
        setting: "minimum_balance",
        value: "above the maximum",
        other: "maximum_balance",
        other_value: "below the minimum",
        reason: "no balance could be both",
        applies: |p| matches!((p.minimum_balance, p.maximum_balance), (Some(low), Some(high)) if low > high),
    },
    Rule {
        id: "minimum-overdraft",
        setting: "minimum_balance",
        value: "above zero",
        other: "overdraft",
        other_value: "given",
        reason: "a balance that may be overdrawn has no minimum",
        applies: |p| {
            p.overdraft.is_some()
                && p.minimum_balance
                    .is_some_and(|minimum| minimum > Decimal::ZERO)
        },
    },
    Rule {
        id: "target-above-maximum",
        setting: "target",
        value: "above the maximum balance",
        other: "maximum_balance",
        other_value: "below the target",
        reason: "the target could not be reached",
        applies: |p| {
            let most = [p.target.most(), p.target.least()]
                .into_iter()
                .flatten()
                .max();
            matches!((most, p.maximum_balance), (Some(most), Some(limit)) if most > limit)
        },
    },
];

const BOOKS: &[Rule<DepositProduct>] = &[
    Rule {
        id: "accrual-posting",
        setting: "accrual_posting",
        value: "WHEN_APPLIED or MONTH_END",
        other: "accounting.method",
        other_value: "NONE or CASH",
        reason: "only accrual accounting posts interest before it is paid",
        applies: |p| p.accrual_posting != AccrualPosting::Daily && !accrual(p),
    },
    Rule {
        id: "accrual-detail",
        setting: "accrual_detail",
        value: "PER_PRODUCT_AND_BRANCH",
        other: "accounting.method",
        other_value: "NONE or CASH",
        reason: "only accrual accounting posts accrued interest",
        applies: |p| p.accrual_detail != AccrualDetail::PerAccount && !accrual(p),
    },
    fee_given(|p| is_given_wrongly(&p.fees)),
    Rule {
        id: "fee-amortisation",
        setting: "fees.amortisation",
        value: "given",
        other: "kind",
        other_value: "any",
        reason: "fees of a deposit pay for the month or the service they are charged for",
        applies: |p| p.fees.iter().any(|fee| fee.amortisation.is_some()),
    },
];

fn accrual(p: &DepositProduct) -> bool {
    p.accounting.method() == AccountingMethod::Accrual
}

fn costs(p: &DepositProduct) -> Option<&super::OverdraftInterest> {
    p.overdraft.as_ref().and_then(|o| o.interest.as_ref())
}

fn paid_at_maturity(p: &DepositProduct) -> bool {
    p.interest
        .as_ref()
        .is_some_and(|i| i.paid == InterestPaid::AtMaturity)
}

const fn is_tiered(pricing: &PricingSettings) -> bool {
    !matches!(
        pricing,
        PricingSettings::Fixed | PricingSettings::Indexed { .. }
    )
}
