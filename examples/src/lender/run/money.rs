//! Money comes in: every receipt stands in suspense first, and moves to a loan once it is certain
//! whose it is.
//!
//! | what | debit | credit |
//! |---|---|---|
//! | money arrives | the wallet's float, or the till | suspense |
//! | it is applied | suspense (the fund source of the suspense channel) | what the loan's engine pays |
//! | it is a device's | suspense | see [`devices`](super::devices) |
//! | the provider takes it back | suspense | the wallet's float |

use chrono::NaiveDate;
use ledger::{GlCode, Money};
use lending_core::{
    ids::AccountRef,
    loan::{Command, CreditKind, NewTransaction, TransactionId, TransactionKind, code},
    store::Fingerprint,
};
use mobile_money::{
    Match, Message, PaymentKind, Trusted,
    intake::{Outcome, Standing, Transaction, TransactionKey},
    match_payment,
};
use rust_decimal::Decimal;

use super::{day::Day, office::Known, reasons};
use crate::lender::{
    Failure,
    folder::{Arrival, CashRow},
    records::{self, NoticeRecord, Receipt, ReceiptState, receipt_id},
};

/// The name under which cash stands among the wallets.
pub const TILL: &str = "till";

impl Day<'_, '_, '_> {
    /// Cash at the counter: the cashier has named the account.
    pub(super) fn take_cash(&mut self) -> Result<(), Failure> {
        let (folder, date) = (self.office.folder, self.date);
        for row in folder.cash.iter().filter(|row| row.value.on == date) {
            let CashRow {
                receipt,
                on,
                account,
                amount,
            } = &row.value;
            let known = folder
                .applications
                .iter()
                .find(|a| a.value.account == *account);
            let Some(application) = known else { continue };
            let id = format!("{TILL}:{receipt}");
            let value = Receipt {
                wallet: TILL.to_owned(),
                number: receipt.clone(),
                received_on: *on,
                value_date: *on,
                currency: application.value.currency,
                amount: Decimal::ZERO,
                reference: account.to_string(),
                payer: String::new(),
                state: ReceiptState::Reversed,
            };
            self.office.receipts.insert(
                id.clone(),
                Known {
                    value,
                    version: None,
                },
            );
            self.move_money(&id, *amount)?;
            self.apply(&id, *account)?;
        }
        Ok(())
    }

    /// What providers said today.
    pub(super) fn hear_providers(&mut self) -> Result<(), Failure> {
        let folder = self.office.folder;
        for arrival in folder
            .arrivals
            .get(&self.date)
            .map_or(&[][..], Vec::as_slice)
        {
            self.hear(arrival).map_err(|failure| match failure {
                Failure::Refused(reason) => Failure::refused(&arrival.place, reason),
                other => other,
            })?;
        }
        Ok(())
    }

    fn hear(&mut self, arrival: &Arrival) -> Result<(), Failure> {
        let wallet = arrival.wallet;
        self.office.counted.messages += 1;
        let news = self.keep_message(arrival)?;
        if let Err(error) = &arrival.message {
            let hash = Fingerprint::of(arrival.raw.as_bytes());
            let intake = &mut self.office.intakes[wallet];
            intake.receive_unreadable(*hash.as_bytes(), error, arrival.received_at);
            self.office.counted.unreadable += u64::from(news);
        }
        let mut said_something = arrival.message.is_err() && news;
        for payment in arrival.payments() {
            let heard = self.office.intakes[wallet]
                .receive(Trusted::claimed(payment.clone()), arrival.received_at)
                .map_err(|error| Failure::refused("the intake", error))?;
            said_something |= heard.outcome != Outcome::Duplicate;
            let original = heard.reversed.unwrap_or(heard.key);
            self.settle(wallet, &original)?;
        }
        let counted = &mut self.office.counted;
        match arrival.message {
            Ok(Message::Validation(_)) => counted.questions += 1,
            _ if !said_something => counted.duplicates += 1,
            _ => {}
        }
        Ok(())
    }

    /// Keeps the bytes; whether they were seen for the first time.
    fn keep_message(&mut self, arrival: &Arrival) -> Result<bool, Failure> {
        let id = NoticeRecord::id_of(&arrival.raw);
        if self.office.notices.contains_key(&id) {
            return Ok(false);
        }
        let notice = NoticeRecord {
            wallet: self.office.folder.settings.wallets[arrival.wallet]
                .name
                .clone(),
            received_at: arrival.received_at,
            raw: arrival.raw.clone(),
        };
        self.commit.records.push(records::put(&id, None, &notice)?);
        self.office.notices.insert(id, 1);
        Ok(true)
    }

    /// Brings the books to what the intake makes of a transaction.
    fn settle(&mut self, wallet: usize, key: &TransactionKey) -> Result<(), Failure> {
        let Some(transaction) = self.office.intakes[wallet].transaction(key) else {
            // A reversal of something nobody has spoken of yet.
            return Ok(());
        };
        if transaction.merged.kind != PaymentKind::Collection {
            return Ok(());
        }
        let settings = &self.office.folder.settings.wallets[wallet];
        let id = receipt_id(&settings.name, &transaction.key);
        let booked = self
            .office
            .receipts
            .get(&id)
            .map(|known| known.value.amount);
        let target = match (transaction.net(), transaction.standing) {
            (Some(net), _) => net.amount(),
            (None, Standing::Reversed) => Decimal::ZERO,
            // Held, open or failed: what is booked stays booked until more is known.
            _ => return Ok(()),
        };
        if booked.unwrap_or_default() == target {
            return Ok(());
        }
        if booked.is_none() {
            self.enter(wallet, &id, &transaction)?;
        }
        let applied_to = self.take_back(&id)?;
        self.move_money(&id, target)?;
        match applied_to {
            _ if target.is_zero() => Ok(()),
            Some(account) => self.apply(&id, account),
            None => self.find_owner(&id, &transaction),
        }
    }

    /// A receipt with nothing booked yet.
    fn enter(&mut self, wallet: usize, id: &str, transaction: &Transaction) -> Result<(), Failure> {
        let settings = &self.office.folder.settings;
        let payment = &transaction.merged;
        let offset = chrono::TimeDelta::minutes(settings.utc_offset_minutes);
        let local = payment
            .provider_time
            .map(|time| (time + offset).date_naive());
        let phone = payment.phone.as_ref().map(mobile_money::Phone::shown);
        let value = Receipt {
            wallet: settings.wallets[wallet].name.clone(),
            number: payment.provider_id.clone().unwrap_or_default(),
            received_on: self.date,
            value_date: local.unwrap_or(self.date).min(self.date),
            currency: payment
                .currency
                .unwrap_or(settings.wallets[wallet].currency),
            amount: Decimal::ZERO,
            reference: payment.reference.clone().unwrap_or_default(),
            payer: phone
                .or_else(|| payment.party_name.clone())
                .unwrap_or_default(),
            state: ReceiptState::Reversed,
        };
        self.office.receipts.insert(
            id.to_owned(),
            Known {
                value,
                version: None,
            },
        );
        Ok(())
    }

    fn find_owner(&mut self, id: &str, transaction: &Transaction) -> Result<(), Failure> {
        match match_payment(&transaction.merged, &self.office.book) {
            Match::Matched { account, .. } => {
                let account = account
                    .parse()
                    .map_err(|e| Failure::refused("account", e))?;
                self.apply(id, account)
            }
            Match::Suspense { reason, candidates } => {
                let candidates = candidates.into_iter().map(|c| c.account).collect();
                let reason = reasons::of_suspense(&reason, &transaction.merged);
                self.suspend(id, reason, candidates)
            }
        }
    }

    /// What a person found out.
    pub(super) fn resolve(&mut self) -> Result<(), Failure> {
        let (folder, date) = (self.office.folder, self.date);
        for row in folder.resolutions.iter().filter(|row| row.value.on == date) {
            let mut wallets = folder.settings.wallets.iter();
            let id = wallets.find_map(|wallet| {
                let id = format!("{}:{}", wallet.name, row.value.payment);
                self.office.receipts.contains_key(&id).then_some(id)
            });
            let Some(id) = id else { continue };
            if self.receipt(&id)?.amount.is_zero() {
                continue;
            }
            self.take_back(&id)?;
            self.apply(&id, row.value.account)?;
        }
        Ok(())
    }

    /// Repays a loan out of suspense, or says why not.
    fn apply(&mut self, id: &str, account: AccountRef) -> Result<(), Failure> {
        if self.office.devices.contains_key(account.as_str()) {
            return self.credit_device(id, account);
        }
        let receipt = self.receipt(id)?.clone();
        let Some(known) = self.office.loans.get(account.as_str()).copied() else {
            let reason = format!("account {account} does not exist yet");
            return self.suspend(id, reason, Vec::new());
        };
        let channel = &self.office.folder.settings.suspense_channel;
        let channel = code(channel).map_err(|e| Failure::refused("channel", e))?;
        let (kind, amount) = (CreditKind::Repayment, receipt.amount);
        let transaction = self.numbers.transaction();
        let kind = TransactionKind::Credit {
            kind,
            amount,
            split: None,
        };
        let new = NewTransaction::new(transaction, receipt.value_date, kind).through(channel);
        if self.loan(known.id)?.terms().currency != receipt.currency {
            let reason = format!("account {account} is kept in another currency");
            return self.suspend(id, reason, vec![account.to_string()]);
        }
        match self.decide(known.id, &Command::Record(new))? {
            Ok(()) => self.set_state(
                id,
                ReceiptState::Applied {
                    account,
                    transaction,
                },
            ),
            Err(refusal) => {
                let reason = format!("account {account} refused it: {refusal}");
                self.suspend(id, reason, vec![account.to_string()])
            }
        }
    }

    /// Takes an applied receipt back into suspense; the account it had repaid.
    fn take_back(&mut self, id: &str) -> Result<Option<AccountRef>, Failure> {
        let account = match self.receipt(id)?.state {
            ReceiptState::Applied {
                account,
                transaction,
            } => {
                self.take_back_from_loan(account, transaction)?;
                account
            }
            ReceiptState::Credited { account } => {
                self.debit_device(id, account)?;
                account
            }
            ReceiptState::Suspense { .. } | ReceiptState::Reversed => return Ok(None),
        };
        let reason = "taken back from an account".to_owned();
        self.suspend(id, reason, vec![account.to_string()])?;
        Ok(Some(account))
    }

    fn take_back_from_loan(
        &mut self,
        account: AccountRef,
        transaction: TransactionId,
    ) -> Result<(), Failure> {
        let known = self.office.loans.get(account.as_str()).copied();
        let missing = || Failure::Refused(format!("account {account} is not at hand"));
        let command = Command::Reverse { transaction };
        self.decide(known.ok_or_else(missing)?.id, &command)?
            .map_err(|error| Failure::refused(format!("account {account}: reversing"), error))
    }

    /// Books what came in, or what the provider took back, so that `target` is booked in the end.
    fn move_money(&mut self, id: &str, target: Decimal) -> Result<(), Failure> {
        let receipt = self.receipt(id)?.clone();
        let suspense = self.office.folder.settings.suspense;
        let float = self.float(&receipt.wallet);
        let more = target - receipt.amount;
        let money = Money::new(more.abs(), receipt.currency);
        let text = format!("{} {}", receipt.wallet, receipt.number);
        if more > Decimal::ZERO {
            let value_date: NaiveDate = receipt.value_date;
            self.transfer(
                [float, suspense],
                money,
                value_date,
                &format!("received: {text}"),
            )?;
        } else {
            self.transfer(
                [suspense, float],
                money,
                self.date,
                &format!("taken back: {text}"),
            )?;
        }
        if let Some(known) = self.office.receipts.get_mut(id) {
            known.value.amount = target;
        }
        let state = if target.is_zero() {
            ReceiptState::Reversed
        } else {
            ReceiptState::Suspense {
                reason: "just received".to_owned(),
                candidates: Vec::new(),
            }
        };
        self.set_state(id, state)
    }

    fn float(&self, wallet: &str) -> GlCode {
        let settings = &self.office.folder.settings;
        let found = settings.wallets.iter().find(|w| w.name == wallet);
        found.map_or(settings.till, |wallet| wallet.float)
    }

    pub(super) fn suspend(
        &mut self,
        id: &str,
        reason: String,
        candidates: Vec<String>,
    ) -> Result<(), Failure> {
        self.set_state(id, ReceiptState::Suspense { reason, candidates })
    }

    pub(super) fn receipt(&self, id: &str) -> Result<&Receipt, Failure> {
        let missing = || Failure::Refused(format!("receipt {id} is not at hand"));
        self.office
            .receipts
            .get(id)
            .map(|known| &known.value)
            .ok_or_else(missing)
    }

    pub(super) fn set_state(&mut self, id: &str, state: ReceiptState) -> Result<(), Failure> {
        if let Some(known) = self.office.receipts.get_mut(id) {
            known.value.state = state;
        }
        self.receipts_changed.insert(id.to_owned());
        Ok(())
    }
}
