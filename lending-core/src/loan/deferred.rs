//! Income that is received at once and earned over the life of the loan.
//!
//! - Capitalised income is added to the principal: the borrower repays it with interest.
//! - A buy-down fee is paid by somebody else, a merchant for example; the borrower owes nothing
//!   for it.
//! - A fee of the contract taken at disbursement may be earned over the instalments to come, see
//!   [`FeeAmortisation`].
//!
//! The first two are earned day by day in equal parts from their value date to maturity, the value date
//! itself counted; whatever is left when the loan closes is earned then. After a charge-off nothing
//! more is earned. Source: Fineract's transactions of these names.

use alloc::vec::Vec;

use chrono::NaiveDate;
use ledger::JournalEntry;
use ledger::posting_rules::{AccountingMethod, FinancialResource as Resource};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, CreditKind, Element, FeeAmortisation, LoanAccount, LoanError, Outcome, TransactionId,
    amortised,
    amounts::{add, div, mul, sub},
    instalment::Instalment,
};

/// Where deferred income comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DeferredKind {
    /// Added to the principal.
    CapitalisedIncome,
    /// Paid by somebody else.
    BuyDownFee,
    /// A fee of the contract, taken at disbursement.
    Fee,
}

impl DeferredKind {
    const ALL: [Self; 3] = [Self::CapitalisedIncome, Self::BuyDownFee, Self::Fee];

    pub(crate) const fn income(self) -> Resource {
        match self {
            Self::CapitalisedIncome => Resource::CapitalisedIncome,
            Self::BuyDownFee => Resource::BuyDownIncome,
            Self::Fee => Resource::FeeIncome,
        }
    }
}

/// Part of deferred income, earned with an instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// When its days begin.
    #[serde(with = "crate::compact::date")]
    from: NaiveDate,
    /// When all of it is earned.
    #[serde(with = "crate::compact::date")]
    to: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    amount: Decimal,
}

/// Income deferred by a transaction, less adjustments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deferred {
    pub(crate) transaction: TransactionId,
    pub(crate) kind: DeferredKind,
    #[serde(with = "crate::compact::date")]
    pub(crate) from: NaiveDate,
    #[serde(with = "crate::compact::decimal")]
    pub(crate) amount: Decimal,
    /// How a fee is earned; else in equal parts day by day.
    pub(crate) parts: Vec<Part>,
    /// Whether the parts are earned day by day.
    pub(crate) daily: bool,
}

/// Deferred income taken into income so far, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Amortised {
    #[serde(with = "crate::compact::decimal")]
    capitalised: Decimal,
    #[serde(with = "crate::compact::decimal")]
    buy_down: Decimal,
    #[serde(with = "crate::compact::decimal")]
    fee: Decimal,
}

impl Amortised {
    const fn get(&self, kind: DeferredKind) -> Decimal {
        match kind {
            DeferredKind::CapitalisedIncome => self.capitalised,
            DeferredKind::BuyDownFee => self.buy_down,
            DeferredKind::Fee => self.fee,
        }
    }

    const fn get_mut(&mut self, kind: DeferredKind) -> &mut Decimal {
        match kind {
            DeferredKind::CapitalisedIncome => &mut self.capitalised,
            DeferredKind::BuyDownFee => &mut self.buy_down,
            DeferredKind::Fee => &mut self.fee,
        }
    }
}

/// The reference of entries that take deferred income into income.
pub const AMORTISATION: &str = "amortisation";

impl LoanAccount {
    /// Income received and not yet earned: a liability.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn deferred_income(&self) -> Result<Decimal, LoanError> {
        let mut deferred = self.deferred.iter().map(|deferred| deferred.amount);
        let whole = deferred.try_fold(Decimal::ZERO, add)?;
        let kinds = DeferredKind::ALL.iter();
        let mut taken = kinds.map(|kind| self.amortised.get(*kind));
        sub(whole, taken.try_fold(Decimal::ZERO, add)?)
    }

    /// Income of one kind taken from the deferred into the earned so far.
    #[must_use]
    pub const fn amortised(&self, kind: DeferredKind) -> Decimal {
        self.amortised.get(kind)
    }

    pub(crate) fn has_deferred_income(&self) -> bool {
        !self.deferred.is_empty()
    }

    /// Principal that came from capitalised income.
    pub(crate) fn capitalised_income(&self) -> Result<Decimal, LoanError> {
        let capitalised = |deferred: &&Deferred| deferred.kind == DeferredKind::CapitalisedIncome;
        let of = self.deferred.iter().filter(capitalised);
        of.map(|deferred| deferred.amount)
            .try_fold(Decimal::ZERO, add)
    }

    /// Adds income to the principal, like a tranche.
    pub(crate) fn capitalise_income(
        &mut self,
        id: TransactionId,
        amount: Decimal,
    ) -> Result<Outcome, LoanError> {
        self.require_on_books("capitalised income")?;
        let allowed = self.undisbursed()?;
        if amount > allowed {
            return Err(LoanError::AboveLimit {
                field: "amount",
                given: amount,
                allowed,
            });
        }
        self.lent = add(self.lent, amount)?;
        self.add_principal(amount)?;
        self.defer(id, DeferredKind::CapitalisedIncome, amount);
        Ok(Outcome {
            applied: Amounts::of(Element::Principal, amount),
            deferred: amount,
            ..Outcome::default()
        })
    }

    /// Takes a fee that somebody else pays.
    pub(crate) fn buy_down(
        &mut self,
        id: TransactionId,
        amount: Decimal,
    ) -> Result<Outcome, LoanError> {
        self.require_on_books("buy-down fee")?;
        self.defer(id, DeferredKind::BuyDownFee, amount);
        Ok(Outcome {
            deferred: amount,
            ..Outcome::default()
        })
    }

    fn defer(&mut self, transaction: TransactionId, kind: DeferredKind, amount: Decimal) {
        let from = self.as_of;
        self.deferred.push(Deferred {
            transaction,
            kind,
            from,
            amount,
            parts: Vec::new(),
            daily: true,
        });
    }

    /// Defers a fee that the contract earns over the instalments to come.
    pub(crate) fn defer_fee(
        &mut self,
        transaction: TransactionId,
        rule: FeeAmortisation,
        amount: Decimal,
    ) -> Result<(), LoanError> {
        let today = self.as_of;
        let to_come = |row: &&Instalment| row.has_period() && row.due_on > today;
        let rows: Vec<&Instalment> = self.instalments.iter().filter(to_come).collect();
        let carried: Vec<_> = rows
            .iter()
            .map(|row| (row.due.principal, row.due.interest))
            .collect();
        let rounding = (self.rounding(), self.terms.currency.minor_units().into());
        let amounts = amortised(rule.profile, amount, &carried, rounding)?;
        let mut parts = Vec::with_capacity(rows.len());
        let mut from = today;
        for (row, amount) in rows.iter().zip(amounts) {
            let to = row.due_on;
            parts.push(Part { from, to, amount });
            from = to;
        }
        self.deferred.push(Deferred {
            transaction,
            kind: DeferredKind::Fee,
            from: today,
            amount,
            parts,
            daily: rule.daily,
        });
        Ok(())
    }

    /// Gives part of deferred income back: capitalised income is credited to the loan, a buy-down
    /// fee to whoever paid it.
    pub(crate) fn adjust_deferred(
        &mut self,
        id: TransactionId,
        kind: DeferredKind,
        of: TransactionId,
        amount: Decimal,
    ) -> Result<Outcome, LoanError> {
        let unknown = LoanError::UnknownTransaction { given: of };
        let found = |deferred: &&mut Deferred| deferred.transaction == of && deferred.kind == kind;
        let deferred = self.deferred.iter_mut().find(found).ok_or(unknown)?;
        if amount > deferred.amount {
            return Err(LoanError::AboveLimit {
                field: "amount",
                given: amount,
                allowed: deferred.amount,
            });
        }
        deferred.amount = sub(deferred.amount, amount)?;
        let credited = match kind {
            DeferredKind::CapitalisedIncome => {
                self.credit(id, CreditKind::CapitalisedIncomeAdjustment, amount, None)?
            }
            DeferredKind::BuyDownFee | DeferredKind::Fee => Outcome::default(),
        };
        Ok(Outcome {
            deferred: sub(Decimal::ZERO, amount)?,
            ..credited
        })
    }

    /// What of one kind is earned by today, in whole minor units.
    fn earned_deferred(&self, kind: DeferredKind) -> Result<Decimal, LoanError> {
        let rows = || self.instalments.iter().rev();
        let last = rows().find(|row| Instalment::has_period(row));
        let maturity = last.or(rows().next()).map(|row| row.due_on);
        let closed = self.status.is_closed();
        let today = self
            .charged_off
            .map_or(self.as_of, |off| off.on.min(self.as_of));
        let mut sum = Decimal::ZERO;
        for deferred in self
            .deferred
            .iter()
            .filter(|deferred| deferred.kind == kind)
        {
            let days = |to: NaiveDate| to.signed_duration_since(deferred.from).num_days();
            let whole = maturity.map_or(0, days);
            let past = days(today).saturating_add(1);
            let part = if closed {
                deferred.amount
            } else if !deferred.parts.is_empty() {
                self.earned_parts(deferred, today)?
            } else if past >= whole {
                deferred.amount
            } else {
                let part = mul(deferred.amount, Decimal::from(past))?;
                self.round(div(part, Decimal::from(whole))?)
            };
            sum = add(sum, part)?;
        }
        Ok(sum)
    }

    /// What is earned by a day of a fee that is spread over instalments.
    fn earned_parts(&self, deferred: &Deferred, today: NaiveDate) -> Result<Decimal, LoanError> {
        let mut sum = Decimal::ZERO;
        for part in &deferred.parts {
            let days = |to: NaiveDate| to.signed_duration_since(part.from).num_days();
            if part.to <= today {
                sum = add(sum, part.amount)?;
            } else if deferred.daily && part.from < today {
                let past = mul(part.amount, Decimal::from(days(today)))?;
                sum = add(sum, self.round(div(past, Decimal::from(days(part.to)))?))?;
            }
        }
        Ok(sum)
    }

    /// The entry that takes what is earned of deferred income into income.
    pub(crate) fn amortise(
        &mut self,
        booking_date: NaiveDate,
    ) -> Result<Option<JournalEntry>, LoanError> {
        if self.deferred.is_empty() && self.amortised == Amortised::default() {
            return Ok(None);
        }
        let mut now = Amortised::default();
        let mut moved = Vec::with_capacity(3);
        for kind in DeferredKind::ALL {
            let earned = self.earned_deferred(kind)?;
            *now.get_mut(kind) = earned;
            moved.push((kind.income(), sub(earned, self.amortised.get(kind))?));
        }
        self.amortised = now;
        if self.terms.accounting.method() == AccountingMethod::None {
            return Ok(None);
        }
        self.amortisation_entry(&moved, booking_date)
    }
}
