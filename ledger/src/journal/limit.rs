//! Limits on balances.

use alloc::{boxed::Box, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Journal, LimitBreach, PostError, QueryError, Refusal, Totals, balance::natural};
use crate::{Currency, GlCode, GlType, JournalEntry, Money, Usage, evidence::Act};

/// How far a balance may go, in the sign of [`Journal::balance`]: positive on the normal side.
///
/// Open reservations count against a limit as if they were posted, if that makes it tighter. An
/// entry that leaves a balance outside of its limit but brings it closer is taken.
///
/// ```
/// use ledger::{journal::Limit, Currency, Money};
/// let kes = Currency::from_code("KES")?;
/// // A till that is never overdrawn and never holds more than 50,000 shillings.
/// let till = Limit::not_below(Money::zero(kes)).and_not_above(Money::from_minor(5_000_000, kes)?);
/// # let _ = till;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limit {
    floor: Option<Money>,
    ceiling: Option<Money>,
}

impl Limit {
    /// A floor; zero forbids an overdraft or a negative income.
    #[must_use]
    pub const fn not_below(floor: Money) -> Self {
        Self {
            floor: Some(floor),
            ceiling: None,
        }
    }

    /// A ceiling.
    #[must_use]
    pub const fn not_above(ceiling: Money) -> Self {
        Self {
            floor: None,
            ceiling: Some(ceiling),
        }
    }

    /// The floor, if there is one.
    #[must_use]
    pub const fn floor(&self) -> Option<Money> {
        self.floor
    }

    /// The ceiling, if there is one.
    #[must_use]
    pub const fn ceiling(&self) -> Option<Money> {
        self.ceiling
    }

    pub(crate) const fn within(floor: Option<Money>, ceiling: Option<Money>) -> Self {
        Self { floor, ceiling }
    }

    /// A ceiling as well.
    #[must_use]
    pub const fn and_not_above(mut self, ceiling: Money) -> Self {
        self.ceiling = Some(ceiling);
        self
    }
}

/// A limit in minor units.
#[derive(Clone, Copy, Debug)]
pub(super) struct MinorLimit {
    floor: Option<i128>,
    ceiling: Option<i128>,
}

impl Journal {
    /// Sets the limit of an account in one currency over all branches, or takes it away. What was
    /// posted before stays.
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`]; [`QueryError::HeaderAccount`]: limits stand on details;
    /// [`QueryError::Money`] for amounts of another currency or with digits below the minor unit.
    pub fn set_limit(
        &mut self,
        account: &GlCode,
        currency: Currency,
        limit: Option<Limit>,
    ) -> Result<(), QueryError> {
        let unknown = QueryError::UnknownAccount { account: *account };
        let position = self.chart.position(account).ok_or(unknown)?;
        if self
            .chart
            .at(position)
            .is_some_and(|found| found.usage == Usage::Header)
        {
            return Err(QueryError::HeaderAccount { account: *account });
        }
        let minor = |amount: Option<Money>| match amount {
            None => Ok(None),
            Some(amount) => {
                Money::zero(currency).same_currency(&amount)?;
                amount.to_minor().map(Some)
            }
        };
        match limit {
            None => {
                self.limits.remove(&(position, currency));
            }
            Some(limit) => {
                let minor = MinorLimit {
                    floor: minor(limit.floor)?,
                    ceiling: minor(limit.ceiling)?,
                };
                self.limits.insert((position, currency), minor);
            }
        }
        self.note(&Act::LimitSet {
            account: *account,
            currency,
            limit,
        });
        Ok(())
    }

    /// What may still be taken from an account without touching reservations: its balance less
    /// what open reservations would take, summed over its details for a header. Not cut off by a
    /// limit.
    ///
    /// # Errors
    /// See [`Journal::balance`].
    pub fn available(&self, account: &GlCode, currency: Currency) -> Result<Money, QueryError> {
        let unknown = QueryError::UnknownAccount { account: *account };
        let gl_type = self
            .chart
            .get(account)
            .map(|found| found.gl_type)
            .ok_or(unknown)?;
        let mut left = 0_i128;
        for detail in self.chart.details_under(account) {
            let Some(position) = self.chart.position(&detail.code) else {
                continue;
            };
            let (posted, reserved) = self.posted_and_reserved(position, currency);
            let own = natural(gl_type, posted.net()).saturating_sub(taken(gl_type, reserved));
            left = left.saturating_add(own);
        }
        Ok(Money::from_minor(left, currency)?)
    }

    fn posted_and_reserved(&self, position: u32, currency: Currency) -> (Totals, Totals) {
        let slots = self
            .book
            .slots_of(position)
            .filter(|slot| slot.currency == currency);
        slots.fold(
            (Totals::default(), Totals::default()),
            |(posted, reserved), slot| {
                (
                    posted.plus(slot.history.posted),
                    reserved.plus(slot.reserved),
                )
            },
        )
    }

    /// Whether the entry, posted or reserved, keeps every limit.
    pub(super) fn check_limits(&self, entry: &JournalEntry) -> Result<(), PostError> {
        if self.limits.is_empty() {
            return Ok(());
        }
        let mut changes: Vec<(u32, Currency, Totals, usize)> = Vec::new();
        for (at, line) in entry.lines().iter().enumerate() {
            let Some(position) = self.chart.position(&line.account()) else {
                continue;
            };
            if !self.limits.contains_key(&(position, line.currency())) {
                continue;
            }
            let amount = Totals::of(line.signed_minor());
            match changes
                .iter_mut()
                .find(|c| (c.0, c.1) == (position, line.currency()))
            {
                Some(change) => change.2 = change.2.plus(amount),
                None => changes.push((position, line.currency(), amount, at)),
            }
        }
        for (position, currency, change, at) in changes {
            let refused = self.limit_refusal(position, currency, change);
            if let Some(refusal) = refused {
                return Err(PostError::line(entry.id(), at, refusal));
            }
        }
        Ok(())
    }

    fn limit_refusal(&self, position: u32, currency: Currency, change: Totals) -> Option<Refusal> {
        let limit = self.limits.get(&(position, currency))?;
        let account = self.chart.at(position)?;
        let (posted, reserved) = self.posted_and_reserved(position, currency);
        let (before, by) = (
            natural(account.gl_type, posted.net()),
            natural(account.gl_type, change.net()),
        );
        let after = before.saturating_add(by);
        let low = after.saturating_sub(taken(account.gl_type, reserved));
        let high = after.saturating_add(given(account.gl_type, reserved));
        let broken = match (limit.floor, limit.ceiling) {
            (Some(floor), _) if by < 0 && low < floor => Some((low, floor)),
            (_, Some(ceiling)) if by > 0 && high > ceiling => Some((high, ceiling)),
            _ => None,
        };
        let (would_be, allowed) = broken?;
        Some(Refusal::Limit(Box::new(LimitBreach {
            account: account.code,
            currency,
            would_be,
            allowed,
        })))
    }
}

/// What reservations would take from the balance.
const fn taken(gl_type: GlType, reserved: Totals) -> i128 {
    match gl_type.normal_side() {
        crate::Side::Debit => reserved.credit,
        crate::Side::Credit => reserved.debit,
    }
}

/// What reservations would add to the balance.
const fn given(gl_type: GlType, reserved: Totals) -> i128 {
    match gl_type.normal_side() {
        crate::Side::Debit => reserved.debit,
        crate::Side::Credit => reserved.credit,
    }
}
