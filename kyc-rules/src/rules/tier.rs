//! KYC tiers: what each needs, what it allows, and from when to when.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;
use ledger::Money;
use serde::{Deserialize, Serialize};

use super::{
    book::{Citation, Item, LimitKind, RuleBook, RuleState, Validity},
    cond::Cond,
    error::EvaluateError,
};
use crate::code::{CountryCode, TierId};

/// A KYC tier: what it needs and what it allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TierPolicy {
    /// Which tier. Several entries may share an id with validities that do not overlap.
    pub id: TierId,
    /// Order among the tiers of a country: a higher rank needs more and allows more.
    pub rank: u8,
    /// Where it applies.
    pub country: CountryCode,
    /// When it applies.
    #[serde(default)]
    pub valid: Validity,
    /// Whether it acts.
    #[serde(default)]
    pub state: RuleState,
    /// What it needs.
    #[serde(default)]
    pub requires: Vec<TierRequirement>,
    /// What it allows: at most these amounts. A kind that is not listed is not limited.
    #[serde(default)]
    pub limits: BTreeMap<LimitKind, Money>,
    /// Where the figures come from.
    #[serde(default)]
    pub cite: Vec<Citation>,
}

/// One thing a tier needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TierRequirement {
    /// Of whom it is needed; none: of everybody.
    #[serde(default)]
    pub when: Option<Cond>,
    /// What: any one of these is enough.
    pub any_of: Vec<Item>,
}

/// What a day leads to on which a tier has no active entry, though it had one before and has one
/// after: a hole in what is known of the law. [`RuleBook::lint`] reports each.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OnTierHole {
    /// Undecided: the verdict is [`super::Verdict::NeedsInfo`] with the tier as its source and
    /// nothing the client could bring. The lender finds out which entry applied and activates it.
    #[default]
    Ask,
    /// The stricter answer: the lowest of each limit and all requirements of the entries that may
    /// have applied. Those are the ones written for the day and left inactive as doubtful, or else
    /// the one before and the one after.
    Stricter,
}

/// What a book says of a tier on a day; positions in [`RuleBook::tiers`].
pub(crate) enum TierAt {
    Offered(usize),
    Hole(Vec<usize>),
    NotOffered,
}

impl RuleBook {
    pub(crate) fn tier_at(&self, tier: &TierId, on: NaiveDate) -> TierAt {
        let own = || self.tiers.iter().enumerate().filter(|(_, t)| t.id == *tier);
        let active = || own().filter(|(_, t)| t.state == RuleState::Active);
        if let Some((at, _)) = active().find(|(_, t)| t.valid.contains(on)) {
            return TierAt::Offered(at);
        }
        let ended = active().filter(|(_, t)| t.valid.to.is_some_and(|to| to <= on));
        let begins = active().filter(|(_, t)| t.valid.from.is_some_and(|from| on < from));
        let before = ended.max_by_key(|(_, t)| t.valid.to);
        let after = begins.min_by_key(|(_, t)| t.valid.from);
        let (Some((before, _)), Some((after, _))) = (before, after) else {
            return TierAt::NotOffered;
        };
        let doubtful: Vec<usize> = own()
            .filter(|(_, t)| t.state != RuleState::Draft && t.valid.contains(on))
            .map(|(at, _)| at)
            .collect();
        TierAt::Hole(if doubtful.is_empty() {
            alloc::vec![before, after]
        } else {
            doubtful
        })
    }

    /// The tiers of a country on a day, the lowest first: what each needs and allows.
    #[must_use]
    pub fn tiers_of(&self, country: CountryCode, on: NaiveDate) -> Vec<&TierPolicy> {
        let mut tiers: Vec<&TierPolicy> = self
            .tiers
            .iter()
            .filter(|t| t.country == country && t.state == RuleState::Active)
            .filter(|t| t.valid.contains(on))
            .collect();
        tiers.sort_by_key(|tier| tier.rank);
        tiers
    }

    /// The limits of a tier on a day; none: the tier is not offered then, or the day lies in a hole
    /// that the book leaves open ([`OnTierHole::Ask`]), or the entries around it are in different
    /// currencies.
    #[must_use]
    pub fn limits(&self, tier: &TierId, on: NaiveDate) -> Option<BTreeMap<LimitKind, Money>> {
        let limits = |at: usize| self.tiers.get(at).map(|t| &t.limits);
        match self.tier_at(tier, on) {
            TierAt::Offered(at) => limits(at).cloned(),
            TierAt::Hole(entries) if self.on_tier_hole == OnTierHole::Stricter => {
                let mut lowest: BTreeMap<LimitKind, Money> = BTreeMap::new();
                for (kind, amount) in entries.into_iter().filter_map(limits).flatten() {
                    let least = lowest.entry(*kind).or_insert(*amount);
                    if amount.checked_cmp(least).ok()?.is_lt() {
                        *least = *amount;
                    }
                }
                Some(lowest)
            }
            TierAt::Hole(_) | TierAt::NotOffered => None,
        }
    }

    /// The limits of a tier that amounts exceed. A limit allows exactly its amount.
    ///
    /// # Errors
    /// [`EvaluateError::UnknownTier`] when the tier is not offered that day,
    /// [`EvaluateError::TierHole`] when the book does not say what applied that day,
    /// [`EvaluateError::Money`] when an amount is in another currency than its limit.
    pub fn breaches(
        &self,
        tier: &TierId,
        on: NaiveDate,
        amounts: &[(LimitKind, Money)],
    ) -> Result<Vec<Breach>, EvaluateError> {
        let Some(limits) = self.limits(tier, on) else {
            let tier_name = String::from(tier.as_str());
            return Err(match self.tier_at(tier, on) {
                TierAt::Hole(_) => EvaluateError::TierHole {
                    tier: tier_name,
                    on,
                },
                _ => EvaluateError::UnknownTier { tier: tier_name },
            });
        };
        let mut breaches = Vec::new();
        for (kind, amount) in amounts {
            if let Some(limit) = limits.get(kind)
                && amount.checked_cmp(limit)?.is_gt()
            {
                breaches.push(Breach {
                    kind: *kind,
                    amount: *amount,
                    limit: *limit,
                });
            }
        }
        Ok(breaches)
    }
}

/// An amount above its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breach {
    /// Which limit.
    pub kind: LimitKind,
    /// The amount.
    pub amount: Money,
    /// What is allowed.
    pub limit: Money,
}
