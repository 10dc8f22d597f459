//! Loans that are sold: who owns what a borrower owes.
//!
//! A lender sells a loan to an investor, at once or through an intermediary, and may buy it back.
//! The borrower notices nothing: the loan is served as before. An [`Ownership`] stands beside the
//! loan and is stored with it. A transfer is asked for on one day and settles at the end of
//! another:
//!
//! | on the settlement day | becomes |
//! |---|---|
//! | a sale of a loan on which something is owed | active: the owner owns from the next day on |
//! | a sale of a loan on which nothing is owed, or that is overpaid | declined |
//! | a buy-back | done: the present owner owned until this day |
//! | a sale and a buy-back that settle together | both cancelled |
//!
//! What settles moves the balances that the books carry for the loan: they are booked out of the
//! books of whoever owned them and in at the new owner's, each against an account for transfers.
//! Owners are told apart by a tag of their entries, so that an owner's own ledger is what is tagged
//! with its name; the lender's entries have no such tag. Source: Fineract's external asset owners.
//!
//! ```
//! use lending_core::loan::{OwnerId, Ownership};
//! let ownership = Ownership::default();
//! let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 16).unwrap();
//! assert_eq!(ownership.owner_on(day), None); // the lender's own
//! # let _: Option<OwnerId> = None;
//! ```

use alloc::vec::Vec;

use arrayvec::ArrayString;
use chrono::NaiveDate;
use ledger::{
    GlCode, JournalEntry,
    entry::tags,
    posting_rules::{AccountingMethod, FinancialResource as Resource},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, LoanAccount, LoanError, Status, TransactionId,
    amounts::{add, sub},
    posting::entry_of,
};

/// The name of an owner outside of the lender: its identifier in another system.
pub type OwnerId = ArrayString<40>;

/// Lines of entries of transfers begin here, beyond those of any decision on the loan.
const FIRST_LINE: u32 = 1 << 31;

/// What a transfer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OwnerTransferKind {
    /// The loan is sold to an investor: by the lender, or by the intermediary that holds it.
    Sale,
    /// The lender sells the loan to an intermediary that sells it on.
    IntermediarySale,
    /// The lender buys the loan back.
    BuyBack,
}

/// Where a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OwnerTransferStatus {
    /// Asked for; its settlement day has not been closed.
    Pending,
    /// Settled: the owner owns the loan.
    Active,
    /// Over: the owner sold it on or it was bought back; a buy-back is over when it settles.
    Ended,
    /// Taken back before it settled, or met by a transfer the other way on the same day.
    Cancelled,
    /// There was nothing to sell on the settlement day.
    Declined,
}

/// One change of owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerTransfer {
    /// Its id, new to this loan.
    pub id: TransactionId,
    /// What it does.
    pub kind: OwnerTransferKind,
    /// The new owner; `None`: the lender, by a buy-back.
    pub owner: Option<OwnerId>,
    /// The price as a ratio of what is owed, where it was agreed. Nothing is computed from it: the
    /// price is paid outside of the loan.
    #[serde(with = "ledger::money::exact::option")]
    pub price_ratio: Option<Decimal>,
    /// The day on which it was asked for.
    #[serde(with = "crate::compact::date")]
    pub asked_on: NaiveDate,
    /// The day at whose end it settles.
    #[serde(with = "crate::compact::date")]
    pub settles_on: NaiveDate,
    /// Where it is.
    pub status: OwnerTransferStatus,
    /// The first day of the owner; none as long as it is not settled.
    #[serde(with = "crate::compact::date_option")]
    pub from: Option<NaiveDate>,
    /// The owner's last day, once it is known.
    #[serde(with = "crate::compact::date_option")]
    pub to: Option<NaiveDate>,
}

/// What is asked of an [`Ownership`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerRequest {
    /// Its id, new to this loan.
    pub id: TransactionId,
    /// What it does.
    pub kind: OwnerTransferKind,
    /// The new owner; none for a buy-back.
    pub owner: Option<OwnerId>,
    /// The price as a ratio of what is owed, where it was agreed.
    #[serde(with = "ledger::money::exact::option")]
    pub price_ratio: Option<Decimal>,
    /// Today.
    #[serde(with = "crate::compact::date")]
    pub on: NaiveDate,
    /// The day at whose end it settles; today at the earliest.
    #[serde(with = "crate::compact::date")]
    pub settles_on: NaiveDate,
}

/// Who owns a loan: its transfers, in the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    transfers: Vec<OwnerTransfer>,
}

const fn refused(command: &'static str, allowed: &'static str) -> LoanError {
    LoanError::Ownership { command, allowed }
}

impl Ownership {
    /// The transfers, in the order in which they were asked for.
    #[must_use]
    pub fn transfers(&self) -> &[OwnerTransfer] {
        &self.transfers
    }

    /// Who owns the loan on a day; `None`: the lender.
    #[must_use]
    pub fn owner_on(&self, day: NaiveDate) -> Option<OwnerId> {
        let owns = |transfer: &&OwnerTransfer| {
            transfer.from.is_some_and(|from| from <= day) && transfer.to.is_none_or(|to| day <= to)
        };
        self.transfers
            .iter()
            .find(owns)
            .and_then(|found| found.owner)
    }

    /// The next day at whose end a transfer settles: closing that day is work.
    #[must_use]
    pub fn next_settlement(&self) -> Option<NaiveDate> {
        let pending = self.transfers.iter().filter(|t| is_pending(t));
        pending.map(|transfer| transfer.settles_on).min()
    }

    fn active(&self) -> Option<usize> {
        let owns = |t: &OwnerTransfer| t.status == OwnerTransferStatus::Active;
        self.transfers.iter().position(owns)
    }

    /// Asks for a transfer.
    ///
    /// A sale needs a loan that runs, no other sale under way, and the lender or an intermediary as
    /// the present owner; a sale to an intermediary the lender. A buy-back needs an owner, or a sale
    /// that settles no later than it does.
    ///
    /// # Errors
    /// [`LoanError::Ownership`], [`LoanError::WrongStatus`], [`LoanError::TooEarly`],
    /// [`LoanError::DuplicateTransaction`]; [`LoanError::NotPositive`] for a price.
    pub fn ask(&mut self, loan: &LoanAccount, request: &OwnerRequest) -> Result<(), LoanError> {
        if request.settles_on < request.on {
            return Err(LoanError::TooEarly {
                field: "settlement day",
                given: request.settles_on,
                allowed: request.on,
            });
        }
        if self.transfers.iter().any(|known| known.id == request.id) {
            return Err(LoanError::DuplicateTransaction { given: request.id });
        }
        if let Some(given) = request.price_ratio.filter(|ratio| *ratio <= Decimal::ZERO) {
            let field = "price ratio";
            return Err(LoanError::NotPositive { field, given });
        }
        if request.kind == OwnerTransferKind::BuyBack {
            self.check_buy_back(request)?;
        } else {
            self.check_sale(loan, request)?;
        }
        self.transfers.push(OwnerTransfer {
            id: request.id,
            kind: request.kind,
            owner: request.owner,
            price_ratio: request.price_ratio,
            asked_on: request.on,
            settles_on: request.settles_on,
            status: OwnerTransferStatus::Pending,
            from: None,
            to: None,
        });
        Ok(())
    }

    fn check_sale(&self, loan: &LoanAccount, request: &OwnerRequest) -> Result<(), LoanError> {
        let command = "sale of the loan";
        if loan.status() != Status::Active {
            return Err(LoanError::WrongStatus {
                command,
                status: loan.status(),
                allowed: "active",
            });
        }
        if request.owner.is_none_or(|owner| owner.is_empty()) {
            return Err(refused(command, "with the name of the new owner"));
        }
        if self.transfers.iter().any(is_pending) {
            return Err(refused(command, "while no other transfer is pending"));
        }
        let held = self.active().and_then(|at| self.transfers.get(at));
        match held.map(|transfer| transfer.kind) {
            None => Ok(()),
            Some(OwnerTransferKind::IntermediarySale)
                if request.kind == OwnerTransferKind::Sale =>
            {
                Ok(())
            }
            Some(_) => Err(refused(
                command,
                "while the lender owns the loan, or an intermediary that sells it on",
            )),
        }
    }

    fn check_buy_back(&self, request: &OwnerRequest) -> Result<(), LoanError> {
        let command = "buy-back of the loan";
        if request.owner.is_some() {
            return Err(refused(command, "without the name of an owner"));
        }
        let mut pending = self.transfers.iter().filter(|t| is_pending(t));
        let sold = pending.clone().any(|sale| {
            sale.kind != OwnerTransferKind::BuyBack && sale.settles_on <= request.settles_on
        });
        if pending.any(|transfer| transfer.kind == OwnerTransferKind::BuyBack) {
            return Err(refused(command, "while no other buy-back is pending"));
        }
        if self.active().is_none() && !sold {
            let allowed = "when the loan is sold, or will be by then";
            return Err(refused(command, allowed));
        }
        Ok(())
    }

    /// Takes a pending transfer back.
    ///
    /// # Errors
    /// [`LoanError::UnknownTransaction`]; [`LoanError::Ownership`] when it is not pending.
    pub fn cancel(&mut self, id: TransactionId) -> Result<(), LoanError> {
        let unknown = LoanError::UnknownTransaction { given: id };
        let found = self.transfers.iter_mut().find(|known| known.id == id);
        let transfer = found.ok_or(unknown)?;
        if !is_pending(transfer) {
            return Err(refused("cancelling a transfer", "while it is pending"));
        }
        transfer.status = OwnerTransferStatus::Cancelled;
        Ok(())
    }

    /// Settles what settles by the end of a day, once the loan has closed it. Returns the entries
    /// that move the balances, booked on `booking_date` against `transfers`, the account for loans
    /// on their way from one owner to another. Store them with the ownership in one commit.
    ///
    /// # Errors
    /// [`LoanError::TooLate`] when the loan has not closed the day.
    pub fn settle(
        &mut self,
        loan: &LoanAccount,
        day: NaiveDate,
        (booking_date, transfers): (NaiveDate, GlCode),
    ) -> Result<Vec<JournalEntry>, LoanError> {
        let mut entries = Vec::new();
        while let Some(at) = self.due(day) {
            let closed = loan.closed_through();
            if closed.is_none_or(|closed| closed < day) {
                return Err(LoanError::TooLate {
                    field: "settlement day",
                    given: day,
                    allowed: closed.unwrap_or(loan.opened_on),
                });
            }
            let before = self.active();
            let moved = self.settle_one(loan, at)?;
            if !moved {
                continue;
            }
            let owner = |at: Option<usize>| {
                let found = at.and_then(|at| self.transfers.get(at));
                found.and_then(|transfer| transfer.owner)
            };
            let owners = (owner(before), owner(Some(at)));
            let line = u32::try_from(at).unwrap_or(0).saturating_mul(2);
            let place = (FIRST_LINE.saturating_add(line), day, booking_date);
            entries.extend(moves(loan, owners, place, transfers)?);
        }
        Ok(entries)
    }

    /// The first transfer that settles by a day.
    fn due(&self, day: NaiveDate) -> Option<usize> {
        let all = self.transfers.iter().enumerate();
        let due = all.filter(|(_, t)| is_pending(t) && t.settles_on <= day);
        let first = due.min_by_key(|(at, transfer)| (transfer.settles_on, *at));
        first.map(|(at, _)| at)
    }

    /// Settles a transfer; whether the loan changes hands.
    fn settle_one(&mut self, loan: &LoanAccount, at: usize) -> Result<bool, LoanError> {
        let Some(transfer) = self.transfers.get(at).cloned() else {
            return Ok(false);
        };
        let day = transfer.settles_on;
        let back = |t: &OwnerTransfer| t.kind == OwnerTransferKind::BuyBack;
        let mut others = self.transfers.iter_mut();
        if let Some(other) = others.find(|other| {
            is_pending(other) && other.settles_on == day && back(other) != back(&transfer)
        }) {
            other.status = OwnerTransferStatus::Cancelled;
            self.set(at, OwnerTransferStatus::Cancelled, None);
            return Ok(false);
        }
        let active = self.active();
        if back(&transfer) {
            let Some(held) = active else {
                // The sale that it answers did not come about.
                self.set(at, OwnerTransferStatus::Cancelled, None);
                return Ok(false);
            };
            self.end(held, day);
            self.set(at, OwnerTransferStatus::Ended, None);
            return Ok(true);
        }
        let owed = loan.outstanding()?.total()?;
        if owed <= Decimal::ZERO || loan.is_overpaid() {
            self.set(at, OwnerTransferStatus::Declined, None);
            return Ok(false);
        }
        if let Some(held) = active {
            self.end(held, day);
        }
        let from = day
            .succ_opt()
            .ok_or(LoanError::DateOverflow { after: day })?;
        self.set(at, OwnerTransferStatus::Active, Some(from));
        Ok(true)
    }

    fn set(&mut self, at: usize, status: OwnerTransferStatus, from: Option<NaiveDate>) {
        if let Some(transfer) = self.transfers.get_mut(at) {
            (transfer.status, transfer.from) = (status, from);
        }
    }

    fn end(&mut self, at: usize, day: NaiveDate) {
        if let Some(transfer) = self.transfers.get_mut(at) {
            transfer.status = OwnerTransferStatus::Ended;
            transfer.to = Some(day);
        }
    }

    /// Tags entries of the loan with whoever owns it on their booking date: pass every decision's
    /// entries through it before they are posted. Entries of the lender's own days stay as they are.
    #[must_use]
    pub fn tagged(&self, entries: Vec<JournalEntry>) -> Vec<JournalEntry> {
        let tag = |entry: JournalEntry| match self.owner_on(entry.booking_date()) {
            Some(owner) => entry.tagged(tags::OWNER, owner.as_str()),
            None => entry,
        };
        entries.into_iter().map(tag).collect()
    }
}

fn is_pending(transfer: &OwnerTransfer) -> bool {
    transfer.status == OwnerTransferStatus::Pending
}

/// The entries that move the balances of a loan: out of one owner's books, into another's.
fn moves(
    loan: &LoanAccount,
    (from, to): (Option<OwnerId>, Option<OwnerId>),
    (line, day, booking_date): (u32, NaiveDate, NaiveDate),
    transfers: GlCode,
) -> Result<Vec<JournalEntry>, LoanError> {
    let mut made = Vec::with_capacity(2);
    for (number, owner, sign) in [
        (line, from, -Decimal::ONE),
        (line.saturating_add(1), to, Decimal::ONE),
    ] {
        let mut legs = Vec::with_capacity(6);
        let mut sum = Decimal::ZERO;
        for (code, balance) in loan.carried_balances()? {
            let amount = super::amounts::mul(balance, sign)?;
            legs.push((code, amount));
            sum = add(sum, amount)?;
        }
        legs.push((transfers, sub(Decimal::ZERO, sum)?));
        let id = loan.entry_id(booking_date, number);
        let place = (loan.terms().currency, loan.branch());
        let notes = ("owner", "transfer to another owner");
        let entry = entry_of(id, place, legs, (day, booking_date), notes)?;
        made.extend(entry.map(|entry| match owner {
            Some(owner) => entry.tagged(tags::OWNER, owner.as_str()),
            None => entry,
        }));
    }
    Ok(made)
}

impl LoanAccount {
    /// What the books carry for the loan: assets positive, what is owed to the borrower negative.
    pub(crate) fn carried_balances(&self) -> Result<Vec<(GlCode, Decimal)>, LoanError> {
        let rules = &self.terms.accounting;
        let carried = match rules.method() {
            AccountingMethod::None => return Ok(Vec::new()),
            AccountingMethod::Accrual => self.receivable()?,
            AccountingMethod::Cash => Amounts::ZERO,
        };
        let owed = sub(Decimal::ZERO, self.credit_balance())?;
        let mut balances = Vec::with_capacity(5);
        for (resource, balance) in [
            (Resource::PortfolioControl, self.portfolio_balance()),
            (Resource::InterestReceivable, carried.interest),
            (Resource::FeeReceivable, carried.fee),
            (Resource::PenaltyReceivable, carried.penalty),
            (Resource::CreditBalance, owed),
        ] {
            if !balance.is_zero() {
                balances.push((rules.resolve(resource, None, None)?, balance));
            }
        }
        Ok(balances)
    }
}
