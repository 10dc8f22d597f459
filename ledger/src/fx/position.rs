//! Entries of an exchange and of a revaluation.

use alloc::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{FxError, RateSide, RateTable};
use crate::{
    BranchCode, Currency, EntryBuilder, EntryId, GlCode, GlType, Journal, JournalEntry, Money,
    Rounding, Side, journal::View,
};

impl EntryBuilder {
    /// Adds the four lines of an exchange: `received` comes into an account, `paid` goes out of
    /// one, and each currency balances through the position account.
    pub fn exchange(
        self,
        received: (GlCode, Money),
        paid: (GlCode, Money),
        position: GlCode,
    ) -> Self {
        self.debit(received.0, received.1)
            .credit(position, received.1)
            .debit(position, paid.1)
            .credit(paid.0, paid.1)
    }
}

/// What a revaluation needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revaluation {
    /// The position account.
    pub position: GlCode,
    /// The currency of the books.
    pub base: Currency,
    /// Where gains go, an income account.
    pub gain: GlCode,
    /// Where losses go, an expense account.
    pub loss: GlCode,
    /// The rate that values the position; usually the middle.
    pub side: RateSide,
    /// How the value is rounded.
    pub rounding: Rounding,
}

impl Journal {
    /// The entry that brings the cost of every open position to its value at the rates of a day,
    /// each branch on its own. `None` when cost and value agree.
    ///
    /// # Errors
    /// [`FxError::UnknownAccount`], [`FxError::AccountType`], [`FxError::Missing`] for a
    /// currency without a rate, [`FxError::Money`] when a value does not fit.
    pub fn revaluation(
        &self,
        id: EntryId,
        date: NaiveDate,
        rules: &Revaluation,
        rates: &RateTable,
    ) -> Result<Option<JournalEntry>, FxError> {
        let Revaluation {
            position,
            base,
            gain,
            loss,
            ..
        } = *rules;
        let kind = |account: GlCode| {
            let found = self
                .chart()
                .get(&account)
                .ok_or(FxError::UnknownAccount { account })?;
            Ok::<GlType, FxError>(found.gl_type)
        };
        kind(position)?;
        for (account, allowed) in [(gain, GlType::Income), (loss, GlType::Expense)] {
            let given = kind(account)?;
            if given != allowed {
                return Err(FxError::AccountType {
                    account,
                    given,
                    allowed,
                });
            }
        }
        let mut builder = JournalEntry::builder(id, date, date);
        let mut any = false;
        for (branch, net) in self.position_gains(date, rules, rates)? {
            let change = net.to_minor()?;
            if change == 0 {
                continue;
            }
            any = true;
            let amount = Money::from_minor(change.saturating_abs(), base)?;
            let (side, result) = if change > 0 {
                (Side::Debit, gain)
            } else {
                (Side::Credit, loss)
            };
            for (account, side) in [(position, side), (result, side.opposite())] {
                builder = builder.line(account, side, amount);
                if let Some(branch) = branch {
                    builder = builder.on_branch(branch);
                }
            }
        }
        if any {
            Ok(Some(builder.build()?))
        } else {
            Ok(None)
        }
    }

    /// Value less cost of the positions of each branch.
    fn position_gains(
        &self,
        date: NaiveDate,
        rules: &Revaluation,
        rates: &RateTable,
    ) -> Result<BTreeMap<Option<BranchCode>, Money>, FxError> {
        let view = View::latest().on_booking_date(date);
        let mut gains: BTreeMap<Option<BranchCode>, Money> = BTreeMap::new();
        let of_position = self
            .balances(&view)
            .filter(|balance| balance.0 == rules.position);
        for (_, currency, branch, totals) in of_position {
            // A holding of the foreign currency is a net credit here, its cost a net debit.
            let held = Money::from_minor(totals.net(), currency)?.negated();
            let value = if currency == rules.base {
                held
            } else if held.is_zero() {
                continue;
            } else {
                rates.convert(&held, rules.base, date, rules.side, rules.rounding)?
            };
            let gain = gains
                .entry(branch)
                .or_insert(Money::new(Decimal::ZERO, rules.base));
            *gain = gain.checked_add(&value)?;
        }
        Ok(gains)
    }
}
