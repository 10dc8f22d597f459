//! Settings of a deal that make no sense together.

use lending_core::schedule::MAX_INSTALMENTS;
use rust_decimal::Decimal;

use super::{DealProduct, MissedDays, Unlock};
use crate::rules::{Rule, fee_given, is_given_wrongly};

/// Every rule of deals, in the order in which violations are reported.
pub const MATRIX: &[&[Rule<DealProduct>]] = &[&[
    Rule {
        id: "deposit-above-price",
        setting: "deposit",
        value: "not below the price",
        other: "price",
        other_value: "not above the largest deposit",
        reason: "something must be left to pay by the day",
        applies: |p| least_rest(p).is_some_and(|rest| rest <= Decimal::ZERO),
    },
    Rule {
        id: "rate-above-price",
        setting: "rate",
        value: "above the rest of the price",
        other: "price",
        other_value: "below the largest rate and the largest deposit together",
        reason: "the first payment would pay for more than the device",
        applies: |p| {
            let rate = p.rate.most().or(p.rate.min);
            matches!((rate, least_rest(p)), (Some(rate), Some(rest)) if rest > Decimal::ZERO && rate > rest)
        },
    },
    Rule {
        id: "too-many-payments",
        setting: "rate",
        value: "so low that the price takes more payments than a contract has",
        other: "price",
        other_value: "too high for the smallest rate",
        reason: "a contract has at most 30,000 payments",
        applies: |p| {
            let most = p.price.most().or(p.price.min);
            let rest = most
                .and_then(|price| price.checked_sub(p.deposit.least().unwrap_or(Decimal::ZERO)));
            let least = p.rate.least().or(p.rate.max);
            let reach = least.and_then(|rate| rate.checked_mul(MAX_INSTALMENTS.into()));
            matches!((rest, reach), (Some(rest), Some(reach)) if rest > reach)
        },
    },
    Rule {
        id: "free-without-deposit",
        setting: "free_days",
        value: "more than none",
        other: "deposit",
        other_value: "none, or zero",
        reason: "free days are days that the deposit pays for",
        applies: |p| {
            let free = p.free_days.most().or(p.free_days.min);
            let deposit = p.deposit.least();
            free.is_some_and(|days| days > 0) && deposit.is_none_or(|deposit| deposit.is_zero())
        },
    },
    Rule {
        id: "owed-rent",
        setting: "missed_days",
        value: "OWED",
        other: "unlock",
        other_value: "NEVER",
        reason: "days on which a rented device was locked were not used",
        applies: |p| p.missed_days == MissedDays::Owed && p.unlock == Unlock::Never,
    },
    Rule {
        id: "least-payment-above-price",
        setting: "least_payment",
        value: "above the rest of the price",
        other: "price",
        other_value: "below it",
        reason: "the last payment could never be made",
        applies: |p| matches!((p.least_payment, least_rest(p)), (Some(least), Some(rest)) if least > rest),
    },
    Rule {
        id: "fee-known-in-advance",
        setting: "fees.when",
        value: "any but MANUAL or MANUAL_ANY_AMOUNT",
        other: "price",
        other_value: "a range",
        reason: "what is known in advance is part of the price",
        applies: |p| p.fees.iter().any(|fee| !fee.when.is_manual()),
    },
    fee_given(|p| is_given_wrongly(&p.fees)),
]];

/// What is left of the lowest price after the largest deposit.
fn least_rest(p: &DealProduct) -> Option<Decimal> {
    let deposit = p.deposit.most().or(p.deposit.min);
    p.price
        .least()
        .or(p.price.max)?
        .checked_sub(deposit.unwrap_or_default())
}
