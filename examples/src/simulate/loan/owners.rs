//! Who owns a loan, and the books of each owner.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use ledger::{GlCode, JournalEntry, entry::tags};
use lending_core::loan::{
    LoanAccount, LoanError, OwnerId, OwnerRequest, OwnerTransferKind, Ownership,
};
use rust_decimal::dec;

use super::{
    Step,
    life::Life,
    step::{What, beside},
};
use crate::simulate::{
    books::{self, Books, entries_balance},
    laws::{Checked, Law, is_business},
    tally::Tally,
};

/// Who owns a loan, and the books of each owner; the lender has no name.
#[derive(Clone, Default)]
pub struct Owners {
    ownership: Ownership,
    books: BTreeMap<Option<OwnerId>, Books>,
}

fn owner(name: &str) -> Option<OwnerId> {
    OwnerId::from(name).ok()
}

impl Owners {
    /// The lender alone.
    pub fn of(life: &Life) -> Self {
        Self {
            ownership: Ownership::default(),
            books: BTreeMap::from([(None, life.books.clone())]),
        }
    }

    /// Posts entries of the loan.
    pub fn post(&mut self, entries: &[JournalEntry]) {
        let tagged = self.ownership.tagged(entries.to_vec());
        self.post_tagged(&tagged);
    }

    fn post_tagged(&mut self, entries: &[JournalEntry]) {
        for entry in entries {
            let owner = entry.tag(tags::OWNER).and_then(owner);
            books::post(self.books.entry(owner).or_default(), entry);
        }
    }

    /// The next day at whose end a transfer settles.
    pub fn next_settlement(&self) -> Option<NaiveDate> {
        self.ownership.next_settlement()
    }

    /// Asks for a transfer or takes one back.
    pub fn ask(
        &mut self,
        step: &Step,
        loan: &LoanAccount,
        today: NaiveDate,
        tally: &mut Tally,
    ) -> Checked {
        let (name, asked) = match step.what {
            What::Sell { kind, settles_in } => {
                let (name, kind, to) = match kind % 3 {
                    0 => (
                        "sale to an owner",
                        OwnerTransferKind::Sale,
                        owner("investor"),
                    ),
                    1 => (
                        "sale to an intermediary",
                        OwnerTransferKind::IntermediarySale,
                        owner("intermediary"),
                    ),
                    _ => ("buy-back", OwnerTransferKind::BuyBack, None),
                };
                let settles_on = today + Days::new(settles_in.into());
                let request = OwnerRequest {
                    id: beside(step.id, 0),
                    kind,
                    owner: to,
                    price_ratio: Some(dec!(0.95)),
                    on: today,
                    settles_on,
                };
                (name, self.ownership.ask(loan, &request))
            }
            What::CancelSale { nth } => {
                let count = self.ownership.transfers().len();
                let Some(at) = usize::from(nth).checked_rem(count) else {
                    return Ok(());
                };
                let id = self.ownership.transfers()[at].id;
                let cancelled = self.ownership.cancel(id);
                ("cancelling a transfer of ownership", cancelled)
            }
            _ => return Ok(()),
        };
        tally.count(&format!("loan: {name}"), asked.is_ok());
        match asked {
            Err(error) if !is_business(&error) => Err((Law::Refusal, error.to_string())),
            _ => Ok(()),
        }
    }

    /// Settles what settles today.
    pub fn settle(&mut self, loan: &LoanAccount, today: NaiveDate, tally: &mut Tally) -> Checked {
        let refusal = |error: LoanError| (Law::Refusal, error.to_string());
        let transfers: GlCode = "transfers"
            .parse()
            .map_err(|_| (Law::Refusal, "no account for transfers".to_owned()))?;
        let entries = self.ownership.settle(loan, today, (today, transfers));
        let entries = entries.map_err(refusal)?;
        tally.count("loan: settling a transfer of ownership", true);
        entries_balance(&entries, today)?;
        self.post_tagged(&entries);
        let again = self.ownership.settle(loan, today, (today, transfers));
        if again.map_err(refusal)?.is_empty() {
            Ok(())
        } else {
            Err((Law::Owners, format!("{today} settled again")))
        }
    }

    /// The books of whoever owns the loan today hold it, those of all others nothing.
    pub fn hold(&self, life: &Life, today: NaiveDate) -> Checked {
        let owned = life.owned().map_err(|what| (Law::Owners, what))?;
        let now = self.ownership.owner_on(today);
        for (owner, books) in &self.books {
            let expected = owned.map(|(name, amount)| {
                let mine = *owner == now;
                (name, if mine { amount } else { dec!(0) })
            });
            books::hold(books, &expected).map_err(|what| {
                let name = owner.map_or_else(|| "the lender".to_owned(), |name| name.to_string());
                (Law::Owners, format!("{name}: {what}"))
            })?;
        }
        Ok(())
    }
}
