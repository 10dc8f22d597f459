//! The intake itself.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    IntakeError, Notice, Standing, Transaction, TransactionKey,
    transaction::{Flag, merge},
};
use crate::{
    auth::{Trust, Trusted},
    payment::{Payment, PaymentKind, Provider},
    wire::ParseError,
};

/// What the intake may settle on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntakeRules {
    /// The largest amount (in the payment's own currency) that unauthenticated messages may
    /// settle; above it a transaction is [`Standing::HeldForVerification`]. Default `None`: any
    /// amount, which is what providers that sign nothing (M-Pesa, MTN) leave most lenders with.
    #[serde(with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub claimed_limit: Option<Decimal>,
    /// The trust that a transaction of any amount needs to be settled; with less it is
    /// [`Standing::HeldForVerification`]. Default [`Trust::Claimed`]: none.
    pub required: Trust,
}

/// What a message did to the intake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The first news of a transaction.
    New,
    /// Nothing that was not known. Answer the provider with success all the same.
    Duplicate,
    /// Known transaction; something was added: a field, a status, trust.
    Enriched,
    /// Equally trusted messages now disagree on the money: held for a person.
    Conflict,
    /// A reversal: [`Received::reversed`] names the transaction taken back.
    Reversal,
}

/// The answer of [`Intake::receive`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// What the message did.
    pub outcome: Outcome,
    /// The transaction it speaks of.
    pub key: TransactionKey,
    /// For a reversal, the transaction taken back, whether or not it is known yet.
    pub reversed: Option<TransactionKey>,
}

/// A message that could not be read. It is in suspense until a person has looked at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unreadable {
    /// When it was first received.
    pub received_at: DateTime<Utc>,
    /// The number of the error.
    pub code: u16,
    /// The text of the error.
    pub error: String,
}

/// Everything said, by transaction. Plain data: the host may keep it whole (it is serialised as its
/// rules, notices and unreadable messages; the rest follows from them), or rebuild it from the raw
/// messages it has kept.
///
/// Receiving costs O(log n) in the number of transactions plus the few notices of one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Intake {
    rules: IntakeRules,
    notices: BTreeMap<TransactionKey, Vec<Notice>>,
    /// Own id to the provider ids seen with it.
    by_own_id: BTreeMap<(Provider, String), BTreeSet<String>>,
    /// Provider id of an original to the transactions that reverse it.
    reversals: BTreeMap<(Provider, String), BTreeSet<TransactionKey>>,
    unreadable: BTreeMap<[u8; 32], Unreadable>,
}

/// The form in which an intake is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Intake", deny_unknown_fields)]
struct Stored {
    rules: IntakeRules,
    notices: Vec<(TransactionKey, Vec<Notice>)>,
    unreadable: Vec<([u8; 32], Unreadable)>,
}

impl From<Intake> for Stored {
    fn from(intake: Intake) -> Self {
        Self {
            rules: intake.rules,
            notices: intake.notices.into_iter().collect(),
            unreadable: intake.unreadable.into_iter().collect(),
        }
    }
}

impl From<Stored> for Intake {
    fn from(stored: Stored) -> Self {
        let mut intake = Self::new(stored.rules);
        for (key, notices) in stored.notices {
            for notice in &notices {
                intake.link(&notice.payment, &key);
            }
            intake.notices.insert(key, notices);
        }
        intake.unreadable = stored.unreadable.into_iter().collect();
        intake
    }
}

impl Intake {
    /// An empty intake with rules.
    #[must_use]
    pub fn new(rules: IntakeRules) -> Self {
        Self {
            rules,
            ..Self::default()
        }
    }

    /// Takes in one message. `received_at` is the host's clock.
    ///
    /// # Errors
    /// [`IntakeError::NoIdentity`] for a payment without any id; keep it with
    /// [`Intake::receive_unreadable`].
    pub fn receive(
        &mut self,
        notice: Trusted<Payment>,
        received_at: DateTime<Utc>,
    ) -> Result<Received, IntakeError> {
        let stored = Self::stored_key(notice.value())?;
        let before = self.known(notice.value(), &stored);
        let known = before.is_some();
        let reversed = self.link(notice.value(), &stored);
        let changed = self.store(notice, received_at, stored.clone());
        let key = self.visible_key(stored);
        let after = self.transaction(&key);
        let conflict = |t: &Option<Transaction>| {
            t.as_ref()
                .is_some_and(|t| t.standing == Standing::HeldForConflict)
        };
        let outcome = match (&before, changed) {
            (_, false) => Outcome::Duplicate,
            _ if !conflict(&before) && conflict(&after) => Outcome::Conflict,
            _ if reversed.is_some() && !known => Outcome::Reversal,
            (Some(_), true) => Outcome::Enriched,
            (None, true) => Outcome::New,
        };
        Ok(Received {
            outcome,
            key,
            reversed,
        })
    }

    /// Keeps a message that could not be read, so that nothing received is ever nowhere.
    /// `raw_sha256` is the key under which the host keeps the bytes.
    pub fn receive_unreadable(
        &mut self,
        raw_sha256: [u8; 32],
        error: &ParseError,
        received_at: DateTime<Utc>,
    ) {
        let text = alloc::format!("{error}");
        self.keep_unreadable(raw_sha256, error.code(), text, received_at);
    }

    pub(super) fn keep_unreadable(
        &mut self,
        raw_sha256: [u8; 32],
        code: u16,
        error: String,
        received_at: DateTime<Utc>,
    ) {
        let kept = self.unreadable.entry(raw_sha256).or_insert(Unreadable {
            received_at,
            code,
            error,
        });
        kept.received_at = kept.received_at.min(received_at);
    }

    /// Takes an unreadable message off the list once a person has dealt with it.
    pub fn resolve_unreadable(&mut self, raw_sha256: &[u8; 32]) -> Option<Unreadable> {
        self.unreadable.remove(raw_sha256)
    }

    /// Messages that could not be read.
    pub fn unreadable(&self) -> impl Iterator<Item = (&[u8; 32], &Unreadable)> {
        self.unreadable.iter()
    }

    /// What everything said about a transaction amounts to. A key by own id also finds the
    /// transaction once the provider's id is known.
    #[must_use]
    pub fn transaction(&self, key: &TransactionKey) -> Option<Transaction> {
        let key = self.visible_key(key.clone());
        let mut notices: Vec<&Notice> = self.notices.get(&key).into_iter().flatten().collect();
        let mut reused = false;
        if let TransactionKey::Provider(provider, id) = &key {
            for own in own_ids(&notices) {
                let (twins, first) = self.twins(*provider, &own, id);
                reused |= twins > 1;
                if first {
                    let own_key = TransactionKey::Own(*provider, own);
                    notices.extend(self.notices.get(&own_key).into_iter().flatten());
                }
            }
        }
        notices.sort_by(|a, b| a.payment.cmp(&b.payment));
        let reversals = self.reversing(&key, &own_ids(&notices));
        let mut found = merge(key, &notices, &reversals, &self.rules)?;
        if reused {
            found.flags.push(Flag::OwnIdReused);
            found.flags.sort_unstable();
        }
        Some(found)
    }

    /// Every transaction, in the order of the keys.
    pub fn transactions(&self) -> impl Iterator<Item = Transaction> {
        self.notices
            .keys()
            .filter(|key| self.visible_key((*key).clone()) == **key)
            .filter_map(|key| self.transaction(key))
    }

    /// The distinct notices stored under a key.
    #[must_use]
    pub fn notices(&self, key: &TransactionKey) -> &[Notice] {
        self.notices.get(key).map_or(&[], Vec::as_slice)
    }

    fn stored_key(payment: &Payment) -> Result<TransactionKey, IntakeError> {
        match (&payment.provider_id, &payment.own_id) {
            (Some(id), _) => Ok(TransactionKey::Provider(payment.provider, id.clone())),
            (None, Some(id)) => Ok(TransactionKey::Own(payment.provider, id.clone())),
            (None, None) => Err(IntakeError::NoIdentity),
        }
    }

    /// What was known before: under the same id, or only under our own id until now.
    fn known(&self, payment: &Payment, key: &TransactionKey) -> Option<Transaction> {
        self.transaction(key).or_else(|| {
            let own = TransactionKey::Own(payment.provider, payment.own_id.clone()?);
            let alone = self.visible_key(own.clone()) == own;
            alone.then(|| self.transaction(&own)).flatten()
        })
    }

    /// Own-id notices belong to the first transaction (by provider id) that has the own id. An id
    /// that no notice has as the provider's is looked for among our own: reversals of pawaPay name
    /// the deposit by ours.
    fn visible_key(&self, key: TransactionKey) -> TransactionKey {
        match key {
            TransactionKey::Own(provider, own) => self.owner_of(provider, own),
            TransactionKey::Provider(provider, id) => {
                let key = TransactionKey::Provider(provider, id.clone());
                if self.notices.contains_key(&key) {
                    return key;
                }
                let own = self.owner_of(provider, id);
                if self.notices.contains_key(&own) {
                    own
                } else {
                    key
                }
            }
        }
    }

    fn owner_of(&self, provider: Provider, own: String) -> TransactionKey {
        let lookup = (provider, own);
        match self.by_own_id.get(&lookup).and_then(BTreeSet::first) {
            Some(id) => TransactionKey::Provider(provider, id.clone()),
            None => TransactionKey::Own(lookup.0, lookup.1),
        }
    }

    /// How many transactions share an own id, and whether this one is the first of them.
    fn twins(&self, provider: Provider, own: &str, id: &str) -> (usize, bool) {
        self.by_own_id
            .get(&(provider, own.into()))
            .map_or((0, false), |ids| {
                (ids.len(), ids.first().is_some_and(|first| first == id))
            })
    }

    /// Notices of reversals that name the transaction by the provider's id, or by an own id that
    /// is no other transaction's provider id.
    fn reversing(&self, key: &TransactionKey, own_ids: &BTreeSet<String>) -> Vec<&Notice> {
        let (TransactionKey::Provider(provider, _) | TransactionKey::Own(provider, _)) = key;
        let by_own = own_ids.iter().filter(|own| {
            let named = TransactionKey::Provider(*provider, (*own).clone());
            self.visible_key(named) == *key
        });
        let mut names: BTreeSet<&String> = by_own.collect();
        if let TransactionKey::Provider(_, id) = key {
            names.insert(id);
        }
        let keys: BTreeSet<&TransactionKey> = names
            .into_iter()
            .filter_map(|name| self.reversals.get(&(*provider, name.clone())))
            .flatten()
            .collect();
        keys.into_iter()
            .filter_map(|key| self.notices.get(key))
            .flatten()
            .filter(|notice| notice.payment.kind == PaymentKind::Reversal)
            .collect()
    }

    fn link(&mut self, payment: &Payment, key: &TransactionKey) -> Option<TransactionKey> {
        if let (Some(id), Some(own)) = (&payment.provider_id, &payment.own_id) {
            let ids = self.by_own_id.entry((payment.provider, own.clone()));
            ids.or_default().insert(id.clone());
        }
        let original = payment.reverses.as_ref()?;
        let keys = self.reversals.entry((payment.provider, original.clone()));
        keys.or_default().insert(key.clone());
        Some(TransactionKey::Provider(payment.provider, original.clone()))
    }

    /// Adds what was said; `false` when it was said before with at least this trust.
    fn store(
        &mut self,
        notice: Trusted<Payment>,
        received_at: DateTime<Utc>,
        key: TransactionKey,
    ) -> bool {
        let trust = notice.trust();
        let mut payment = notice.into_value();
        // "1500.0" and "1500.00" are one amount: which was written first must leave no trace.
        payment.amount = payment.amount.map(|amount| amount.normalize());
        let raw = payment.raw_sha256;
        let stored = self.notices.entry(key).or_default();
        if let Some(same) = stored
            .iter_mut()
            .find(|n| n.payment.says_the_same(&payment))
        {
            let raised = trust > same.trust;
            same.trust = same.trust.max(trust);
            same.received_at = same.received_at.min(received_at);
            if let Err(at) = same.raw.binary_search(&raw) {
                same.raw.insert(at, raw);
            }
            same.payment.raw_sha256 = same.raw.first().copied().unwrap_or(raw);
            return raised;
        }
        let at = stored.partition_point(|n| n.payment < payment);
        stored.insert(
            at,
            Notice {
                payment,
                trust,
                received_at,
                raw: alloc::vec![raw],
            },
        );
        true
    }
}

fn own_ids(notices: &[&Notice]) -> BTreeSet<String> {
    notices
        .iter()
        .filter_map(|notice| notice.payment.own_id.clone())
        .collect()
}
