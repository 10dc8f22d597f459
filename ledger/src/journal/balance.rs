//! Balances and the trial balance.

use alloc::{string::String, vec::Vec};

use super::{Journal, Totals, View};
use crate::{Currency, EntryError, GlCode, GlType, Money, MoneyError, Side, Usage};

/// Why a question was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The account is not in the chart.
    #[error("GL account {account} is not in the chart of accounts")]
    UnknownAccount {
        /// The account.
        account: GlCode,
    },
    /// Retained earnings are equity.
    #[error("GL account {account} is {given:?}: an equity account is needed")]
    NotEquity {
        /// The account.
        account: GlCode,
        /// Its type.
        given: GlType,
    },
    /// A detail account is needed.
    #[error("GL account {account} is a header: a detail account is needed")]
    HeaderAccount {
        /// The account.
        account: GlCode,
    },
    /// A sum does not fit [`Money`], or currencies met.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The entry that was asked for cannot be made.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

impl QueryError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::UnknownAccount { .. } => 1601,
            Self::NotEquity { .. } => 1602,
            Self::HeaderAccount { .. } => 1603,
            Self::Money(error) => error.code(),
            Self::Entry(error) => error.code(),
        }
    }
}

/// One account of a trial balance. The balance stands on one side; the other is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrialBalanceRow {
    /// The account.
    pub account: GlCode,
    /// Its name.
    pub name: String,
    /// Its type.
    pub gl_type: GlType,
    /// The balance, if debits exceed credits.
    pub debit: Money,
    /// The balance, if credits exceed debits.
    pub credit: Money,
}

/// Every detail account with a balance, in code order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrialBalance {
    /// The currency.
    pub currency: Currency,
    /// The accounts.
    pub rows: Vec<TrialBalanceRow>,
    /// Sum of the debit column.
    pub total_debit: Money,
    /// Sum of the credit column.
    pub total_credit: Money,
}

impl TrialBalance {
    /// Whether the columns agree. They always do for the whole journal and for any view of it.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.total_debit == self.total_credit
    }
}

/// Debits less credits, with the sign of the type's normal side.
pub(super) const fn natural(gl_type: GlType, net: i128) -> i128 {
    match gl_type.normal_side() {
        Side::Debit => net,
        Side::Credit => net.saturating_neg(),
    }
}

impl Journal {
    /// The balance of an account now, positive on the normal side of its type (debit for assets
    /// and expenses, credit for the rest). A header's balance is the sum of the details under it.
    ///
    /// # Errors
    /// [`QueryError::UnknownAccount`]; [`QueryError::Money`] when the sum does not fit.
    pub fn balance(&self, account: &GlCode, currency: Currency) -> Result<Money, QueryError> {
        self.balance_at(account, currency, &View::latest())
    }

    /// The balance of an account as a [`View`] sees it, with the sign of [`Journal::balance`].
    ///
    /// # Errors
    /// See [`Journal::balance`].
    pub fn balance_at(
        &self,
        account: &GlCode,
        currency: Currency,
        view: &View,
    ) -> Result<Money, QueryError> {
        let Some(found) = self.chart.get(account) else {
            return Err(QueryError::UnknownAccount { account: *account });
        };
        let net = self.totals(account, currency, view).net();
        Ok(Money::from_minor(natural(found.gl_type, net), currency)?)
    }

    /// Debits and credits of an account or of all details under a header.
    pub(crate) fn totals(&self, account: &GlCode, currency: Currency, view: &View) -> Totals {
        let sum = |code: &GlCode| {
            let Some(position) = self.chart.position(code) else {
                return Totals::default();
            };
            match view.branch {
                Some(branch) => {
                    let slot = self.book.find_slot(position, currency, Some(branch));
                    let slot = slot.and_then(|slot| self.book.slot(slot));
                    slot.map(|slot| slot.history.totals(view))
                        .unwrap_or_default()
                }
                None => self
                    .book
                    .slots_of(position)
                    .filter(|slot| slot.currency == currency)
                    .fold(Totals::default(), |sum, slot| {
                        sum.plus(slot.history.totals(view))
                    }),
            }
        };
        match self.chart.get(account) {
            Some(found) if found.usage == Usage::Detail => sum(account),
            _ => self
                .chart
                .details_under(account)
                .fold(Totals::default(), |total, detail| {
                    total.plus(sum(&detail.code))
                }),
        }
    }

    /// The trial balance in one currency: every detail account whose balance is not zero.
    ///
    /// # Errors
    /// [`QueryError::Money`] when a sum does not fit.
    pub fn trial_balance(
        &self,
        currency: Currency,
        view: &View,
    ) -> Result<TrialBalance, QueryError> {
        let mut rows = Vec::new();
        let (mut total_debit, mut total_credit) = (0_i128, 0_i128);
        let details = self
            .chart
            .iter()
            .filter(|account| account.usage == Usage::Detail);
        for account in details {
            let net = self.totals(&account.code, currency, view).net();
            if net == 0 {
                continue;
            }
            let (debit, credit) = (net.max(0), net.saturating_neg().max(0));
            total_debit = total_debit.saturating_add(debit);
            total_credit = total_credit.saturating_add(credit);
            rows.push(TrialBalanceRow {
                account: account.code,
                name: account.name.clone(),
                gl_type: account.gl_type,
                debit: Money::from_minor(debit, currency)?,
                credit: Money::from_minor(credit, currency)?,
            });
        }
        Ok(TrialBalance {
            currency,
            rows,
            total_debit: Money::from_minor(total_debit, currency)?,
            total_credit: Money::from_minor(total_credit, currency)?,
        })
    }
}
