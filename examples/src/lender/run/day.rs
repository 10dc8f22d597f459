//! One business date: everything that happens on it lands in one commit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ledger::{JournalEntry, Money, Side};
use lending_core::{
    end_of_day::loan_header,
    ids::{AccountId, AccountRef, HolderId, ProductId},
    loan::{Command, Context, Decision, LoanAccount, LoanError, Status, Transaction},
    store::{
        AccountHeader, AccountKind, AccountWrite, Balances, CheckpointWrite, Commit, PostedEntry,
        Standing, Store, encode,
    },
};

use super::office::Office;
use crate::lender::{
    Failure,
    ids::Numbers,
    records::{self, BusinessDay, ClientRecord, LoanEvent, LoanState, StoredLoan},
};

/// A business date at work.
pub struct Day<'o, 'f, 's> {
    pub(super) office: &'o mut Office<'f>,
    store: &'s mut dyn Store,
    pub(super) date: NaiveDate,
    pub(super) numbers: Numbers,
    loans: BTreeMap<AccountId, OpenLoan>,
    pub(super) commit: Commit,
    pub(super) clients_changed: BTreeSet<String>,
    pub(super) receipts_changed: BTreeSet<String>,
    pub(super) devices_changed: BTreeSet<String>,
}

/// A loan that something happens to today.
struct OpenLoan {
    version: Option<u64>,
    header: AccountHeader,
    loan: LoanAccount,
    history: Vec<Transaction>,
}

impl<'o, 'f, 's> Day<'o, 'f, 's> {
    /// Opens a date.
    pub fn open(office: &'o mut Office<'f>, store: &'s mut dyn Store, date: NaiveDate) -> Self {
        Self {
            office,
            store,
            date,
            numbers: Numbers::of(date),
            loans: BTreeMap::new(),
            commit: Commit::default(),
            clients_changed: BTreeSet::new(),
            receipts_changed: BTreeSet::new(),
            devices_changed: BTreeSet::new(),
        }
    }

    /// Does the business of the date and lands it.
    ///
    /// # Errors
    /// The database fails, or a library refuses what the checks of the folder let through.
    pub fn run(mut self) -> Result<(), Failure> {
        if self.office.checkpoint.is_none() {
            self.found()?;
        }
        self.know_clients()?;
        self.decide_applications()?;
        self.enrol_devices()?;
        self.take_cash()?;
        self.hear_providers()?;
        self.resolve()?;
        self.land()
    }

    /// Opens an account for an application.
    pub(super) fn submit(
        &mut self,
        loan: LoanAccount,
        reference: AccountRef,
        holder: HolderId,
        product: ProductId,
    ) -> Result<(), Failure> {
        let header = AccountHeader {
            kind: AccountKind::Loan,
            reference,
            holder,
            product,
            branch: self.office.folder.settings.branch,
            currency: loan.terms().currency,
            standing: Standing::Pending,
            next_work_on: None,
            in_arrears_since: None,
            balances: Balances::default(),
        };
        self.office.remember(reference.as_str(), &loan)?;
        let id = loan.id();
        let history = Vec::new();
        let open = OpenLoan {
            version: None,
            header,
            loan,
            history,
        };
        self.loans.insert(id, open);
        Ok(())
    }

    /// The present state of a loan.
    pub(super) fn loan(&mut self, id: AccountId) -> Result<&LoanAccount, Failure> {
        Ok(&self.opened(id)?.loan)
    }

    fn opened(&mut self, id: AccountId) -> Result<&mut OpenLoan, Failure> {
        if !self.loans.contains_key(&id) {
            let StoredLoan { row, loan, history } = StoredLoan::load(self.store, id)?;
            let version = Some(row.version);
            let open = OpenLoan {
                version,
                header: row.header,
                loan,
                history,
            };
            self.loans.insert(id, open);
        }
        let missing = || Failure::Refused(format!("account {id} is not at hand"));
        self.loans.get_mut(&id).ok_or_else(missing)
    }

    /// Asks a loan for a decision and takes it over: state, history, event, entries.
    /// A refusal by the loan changes nothing.
    pub(super) fn decide(
        &mut self,
        id: AccountId,
        command: &Command,
    ) -> Result<Result<(), LoanError>, Failure> {
        let date = self.date;
        let open = self.opened(id)?;
        let decision = match open
            .loan
            .decide(command, &Context::with_history(date, &open.history))
        {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Err(refusal)),
        };
        open.take(&decision)?;
        let event = LoanEvent::stored(command.name(), &decision)?;
        let reference = open.header.reference;
        let loan = open.loan.clone();
        self.commit.events.push(event);
        self.commit
            .entries
            .extend(decision.entries.into_iter().map(|entry| PostedEntry {
                account: Some(id),
                entry,
            }));
        self.office.remember(reference.as_str(), &loan)?;
        Ok(Ok(()))
    }

    /// Books an entry of the house: the first account is debited, the second credited.
    pub(super) fn transfer(
        &mut self,
        [debit, credit]: [ledger::GlCode; 2],
        amount: Money,
        value_date: NaiveDate,
        notes: &str,
    ) -> Result<(), Failure> {
        let entry = JournalEntry::builder(self.numbers.entry(), value_date, self.date)
            .line(debit, Side::Debit, amount)
            .line(credit, Side::Credit, amount)
            .notes(notes)
            .build()
            .map_err(|error| Failure::refused(notes, error))?;
        self.commit.entries.push(PostedEntry {
            account: None,
            entry,
        });
        Ok(())
    }

    /// The first day: whose books these are, and the opening balances.
    fn found(&mut self) -> Result<(), Failure> {
        let settings = &self.office.folder.settings;
        let owner = records::LenderRecord {
            name: settings.name.clone(),
            start: settings.start,
        };
        self.commit
            .records
            .push(records::put("lender", None, &owner)?);
        for row in &settings.opening {
            let amount = Money::new(row.amount, row.currency);
            self.transfer(
                [row.account, settings.equity],
                amount,
                self.date,
                "opening balance",
            )?;
        }
        Ok(())
    }

    fn land(mut self) -> Result<(), Failure> {
        for (id, open) in self.loans {
            let doubt = |e| Failure::refused(format!("account {}", open.header.reference), e);
            let mut header = loan_header(&open.header, &open.loan).map_err(doubt)?;
            // The end of day of this date looks at every loan that something happened to.
            header.next_work_on = (open.loan.status() == Status::Active).then_some(self.date);
            let state = encode(&LoanState(open.loan))?;
            self.commit.accounts.push(AccountWrite {
                id,
                expected: open.version,
                header,
                state,
            });
        }
        for id in &self.clients_changed {
            let Some(known) = self.office.clients.get_mut(id) else {
                continue;
            };
            let record = ClientRecord(known.value.clone());
            self.commit
                .records
                .push(records::put(id, known.version, &record)?);
            known.version = Some(known.version.unwrap_or(0) + 1);
        }
        for id in &self.receipts_changed {
            let Some(known) = self.office.receipts.get_mut(id) else {
                continue;
            };
            self.commit
                .records
                .push(records::put(id, known.version, &known.value)?);
            known.version = Some(known.version.unwrap_or(0) + 1);
        }
        for id in &self.devices_changed {
            let Some(known) = self.office.devices.get_mut(id) else {
                continue;
            };
            self.commit
                .records
                .push(records::put(id, known.version, &known.value)?);
            known.version = Some(known.version.unwrap_or(0) + 1);
        }
        let counted = BusinessDay {
            date: self.date,
            ..self.office.counted
        };
        let expected = self.office.checkpoint;
        let job = records::name(records::BUSINESS_JOB);
        self.commit.checkpoints.push(CheckpointWrite {
            job,
            expected,
            body: encode(&counted)?,
        });
        let outcome = self.store.commit(&self.commit)?;
        if !outcome.is_applied() {
            return Err(Failure::Refused(format!(
                "{} was in the books already",
                self.date
            )));
        }
        self.office.counted = counted;
        self.office.checkpoint = Some(expected.unwrap_or(0) + 1);
        Ok(())
    }
}

impl OpenLoan {
    fn take(&mut self, decision: &Decision) -> Result<(), Failure> {
        let refused = |error| Failure::refused(format!("account {}", self.header.reference), error);
        decision.update(&mut self.history).map_err(refused)?;
        self.loan = decision.account.clone();
        Ok(())
    }
}
