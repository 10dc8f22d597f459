//! What everything said about one transaction amounts to.

use alloc::{string::String, vec::Vec};

use chrono::{DateTime, Utc};
use ledger::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::IntakeRules;
use crate::{
    auth::Trust,
    payment::{Amount, Payment, PaymentKind, Provider, Status},
};

/// The identity of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransactionKey {
    /// By the provider's unique id.
    Provider(Provider, String),
    /// By the id that we gave it, as long as no provider id is known.
    Own(Provider, String),
}

/// One distinct thing said about a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// What was said. Its `raw_sha256` is the smallest of [`Notice::raw`].
    pub payment: Payment,
    /// The highest trust with which it was said.
    pub trust: Trust,
    /// When it was first received.
    pub received_at: DateTime<Utc>,
    /// The hashes of all messages that said it.
    pub raw: Vec<[u8; 32]>,
}

/// Something a person should know about a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Flag {
    /// Both success and failure were said. Success counts; ask the provider.
    SuccessAndFailure,
    /// A less trusted message names another amount or currency.
    AmountDisputed,
    /// Messages name different wallets of ours.
    WalletDisputed,
    /// Messages carry different references; all are kept in [`Transaction::references`].
    SeveralReferences,
    /// Reversals exceed the amount.
    OverReversed,
    /// Our own id was used for more than one transaction of the provider.
    OwnIdReused,
}

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Standing {
    /// Not known to have moved money: pending, ambiguous, unknown, or a provisional failure.
    /// Enquire.
    Open,
    /// No money moved.
    Failed,
    /// Money moved but nobody has said how much. Enquire.
    AwaitingAmount,
    /// Money moved, but what says so is trusted less than the rules require for the amount. Verify.
    HeldForVerification,
    /// Equally trusted messages name different amounts or currencies. A person decides.
    HeldForConflict,
    /// Money moved; the amount is known.
    Settled,
    /// Money moved and all of it was taken back.
    Reversed,
}

/// What everything said about one transaction amounts to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// Its identity.
    pub key: TransactionKey,
    /// Where it stands.
    pub standing: Standing,
    /// The fields of all messages merged; its status is the highest said.
    pub merged: Payment,
    /// How far status and amount together may be trusted.
    pub trust: Trust,
    /// When the first message arrived.
    pub received_at: DateTime<Utc>,
    /// What was taken back of the amount.
    #[serde(with = "ledger::money::exact")]
    pub reversed: Decimal,
    /// What a person should know, in a fixed order.
    pub flags: Vec<Flag>,
    /// Every distinct amount said.
    pub amounts: Vec<Amount>,
    /// Every distinct reference said.
    pub references: Vec<String>,
}

impl Transaction {
    /// The money that the wallet has gained or lost by this transaction as far as it may be
    /// booked: the amount less what was reversed, zero or more; `None` while it is not settled.
    #[must_use]
    pub fn net(&self) -> Option<Money> {
        match self.standing {
            Standing::Settled => {
                let money = self.merged.money()?;
                let left = money.amount().checked_sub(self.reversed)?;
                Some(Money::new(left.max(Decimal::ZERO), money.currency()))
            }
            _ => None,
        }
    }
}

/// Merges the notices of one transaction. `notices` are in their total order and not empty.
pub(super) fn merge(
    key: TransactionKey,
    notices: &[&Notice],
    reversals: &[&Notice],
    rules: &IntakeRules,
) -> Option<Transaction> {
    let status = notices
        .iter()
        .map(|notice| rank(&notice.payment))
        .max()?
        .1
        .clone();
    let first = notices.first()?;
    let mut merged = first.payment.clone();
    merged.provisional = status == Status::Failed
        && notices
            .iter()
            .filter(|n| n.payment.status == Status::Failed)
            .all(|n| n.payment.provisional);
    fill(&mut merged, notices);
    merged.status = status;
    let mut flags = Vec::new();
    let (amounts, conflict, amount_trust) = settle_amount(&mut merged, notices, &mut flags);
    let references = references(notices, &mut flags);
    note_contradictions(notices, &mut flags);
    let moved = |n: &&&Notice| n.payment.status.moved_money();
    let status_trust = notices.iter().filter(moved).map(|n| n.trust).max();
    let trust = status_trust.unwrap_or_default().min(amount_trust);
    let (reversed, wholly) = taken_back(&merged, reversals, &mut flags)?;
    let limit = rules.claimed_limit;
    let above = limit.is_some_and(|limit| merged.amount.is_some_and(|amount| amount > limit));
    let doubtful = (above && trust < Trust::Authenticated) || trust < rules.required;
    let standing = match merged.status {
        Status::Reversed => Standing::Reversed,
        Status::Success if conflict => Standing::HeldForConflict,
        Status::Success if wholly => Standing::Reversed,
        Status::Success if merged.amount.is_none() || merged.currency.is_none() => {
            Standing::AwaitingAmount
        }
        Status::Success if doubtful => Standing::HeldForVerification,
        Status::Success => Standing::Settled,
        Status::Failed if !merged.provisional => Standing::Failed,
        _ => Standing::Open,
    };
    flags.sort_unstable();
    flags.dedup();
    Some(Transaction {
        key,
        standing,
        merged,
        trust,
        received_at: notices.iter().map(|n| n.received_at).min()?,
        reversed,
        flags,
        amounts,
        references,
    })
}

/// Unknown < Pending < Ambiguous < Failed < Success < Reversed. A provisional failure is only as
/// good as ambiguous, but is preferred to it because it carries a reason.
const fn rank(payment: &Payment) -> (u8, &Status) {
    let rank = match payment.status {
        Status::Unknown(_) => 0,
        Status::Pending => 1,
        Status::Ambiguous => 2,
        Status::Failed if payment.provisional => 3,
        Status::Failed => 4,
        Status::Success => 5,
        Status::Reversed => 6,
    };
    (rank, &payment.status)
}

/// Takes each optional field from the first notice that has it.
fn fill(merged: &mut Payment, notices: &[&Notice]) {
    fn pick<T: Clone>(notices: &[&Notice], of: impl Fn(&Payment) -> Option<&T>) -> Option<T> {
        notices.iter().find_map(|n| of(&n.payment)).cloned()
    }
    merged.provider_time = pick(notices, |p| p.provider_time.as_ref());
    merged.provider_id = pick(notices, |p| p.provider_id.as_ref());
    merged.own_id = pick(notices, |p| p.own_id.as_ref());
    merged.reverses = pick(notices, |p| p.reverses.as_ref());
    merged.wallet = pick(notices, |p| p.wallet.as_ref());
    merged.party_name = pick(notices, |p| p.party_name.as_ref());
    merged.reference = pick(notices, |p| p.reference.as_ref().filter(|r| !r.is_empty()))
        .or_else(|| pick(notices, |p| p.reference.as_ref()));
    // A plain number orders before a masked one and that before a hash.
    let phones = notices.iter().filter_map(|n| n.payment.phone.as_ref());
    merged.phone = phones.min().cloned();
    let best = notices.iter().max_by_key(|n| rank(&n.payment));
    merged.reason = best.and_then(|n| n.payment.reason.clone());
    let kinds = notices.iter().map(|n| n.payment.kind);
    merged.kind = kinds.max().unwrap_or(merged.kind);
    let mut fees: Vec<Amount> = Vec::new();
    let mut oddities = Vec::new();
    for notice in notices {
        if notice.payment.fees.len() > fees.len() {
            fees.clone_from(&notice.payment.fees);
        }
        oddities.extend(notice.payment.oddities.iter().cloned());
    }
    oddities.sort_unstable();
    oddities.dedup();
    merged.fees = fees;
    merged.oddities = oddities;
}

/// The amount of the most trusted messages that name one. Messages without a currency agree with
/// any.
fn settle_amount(
    merged: &mut Payment,
    notices: &[&Notice],
    flags: &mut Vec<Flag>,
) -> (Vec<Amount>, bool, Trust) {
    let stated = |n: &&&Notice| n.payment.amount.is_some();
    let trust = notices.iter().filter(stated).map(|n| n.trust).max();
    let trust = trust.unwrap_or_default();
    let all = distinct(notices.iter().filter(stated));
    let best = distinct(notices.iter().filter(stated).filter(|n| n.trust == trust));
    if all.len() > best.len() {
        flags.push(Flag::AmountDisputed);
    }
    let agreed = best.first().copied();
    merged.amount = agreed.map(|a| a.amount);
    merged.currency = agreed.and_then(|a| a.currency);
    let named = |n: &&&Notice| n.payment.currency.is_some() && !n.payment.currency_implied;
    merged.currency_implied = merged.currency.is_some() && !notices.iter().any(|n| named(&n));
    (all, best.len() > 1, trust)
}

/// Distinct amounts; one without a currency is the same as one with.
fn distinct<'a>(notices: impl Iterator<Item = &'a &'a Notice>) -> Vec<Amount> {
    let mut amounts: Vec<Amount> = notices
        .filter_map(|n| {
            Some(Amount {
                amount: n.payment.amount?.normalize(),
                currency: n.payment.currency,
            })
        })
        .collect();
    // With a currency first, so that one without finds its twin.
    amounts.sort_unstable_by_key(|a| (a.currency.is_none(), *a));
    let mut kept: Vec<Amount> = Vec::new();
    for amount in amounts {
        let twin = kept.iter().any(|k| {
            k.amount == amount.amount
                && (k.currency == amount.currency || amount.currency.is_none())
        });
        if !twin {
            kept.push(amount);
        }
    }
    kept
}

fn references(notices: &[&Notice], flags: &mut Vec<Flag>) -> Vec<String> {
    let all = notices.iter().filter_map(|n| n.payment.reference.as_ref());
    let mut all: Vec<String> = all.filter(|r| !r.is_empty()).cloned().collect();
    all.sort_unstable();
    all.dedup();
    let mut bare: Vec<&str> = all.iter().map(|r| r.trim()).collect();
    bare.dedup();
    if bare.len() > 1 {
        flags.push(Flag::SeveralReferences);
    }
    all
}

fn note_contradictions(notices: &[&Notice], flags: &mut Vec<Flag>) {
    let said = |status: &Status| notices.iter().any(|n| n.payment.status == *status);
    if said(&Status::Success) && said(&Status::Failed) {
        flags.push(Flag::SuccessAndFailure);
    }
    let mut wallets = notices.iter().filter_map(|n| n.payment.wallet.as_ref());
    if let Some(first) = wallets.next()
        && wallets.any(|wallet| wallet != first)
    {
        flags.push(Flag::WalletDisputed);
    }
}

/// What successful reversals take back: those that name no amount take all. Each reversing
/// transaction counts once, at the largest amount said for it.
fn taken_back(
    merged: &Payment,
    reversals: &[&Notice],
    flags: &mut Vec<Flag>,
) -> Option<(Decimal, bool)> {
    let done = |n: &&&Notice| n.payment.status == Status::Success;
    let mut per_id: alloc::collections::BTreeMap<Option<&String>, Option<Decimal>> =
        alloc::collections::BTreeMap::new();
    for notice in reversals.iter().filter(done) {
        let id = notice
            .payment
            .provider_id
            .as_ref()
            .or(notice.payment.own_id.as_ref());
        let said = per_id.entry(id).or_default();
        *said = (*said).max(notice.payment.amount);
    }
    let whole = merged.amount.unwrap_or_default();
    let mut sum = Decimal::ZERO;
    let mut wholly = false;
    for amount in per_id.values() {
        match amount {
            Some(amount) => sum = sum.checked_add(*amount)?,
            None => wholly = true,
        }
    }
    if wholly {
        sum = sum.max(whole);
    } else if sum > Decimal::ZERO && merged.amount.is_some() && sum >= whole {
        wholly = true;
    }
    if merged.amount.is_some() && sum > whole {
        flags.push(Flag::OverReversed);
    }
    let reversing = merged.kind == PaymentKind::Reversal;
    Some(if reversing {
        (Decimal::ZERO, false)
    } else {
        (sum, wholly)
    })
}
