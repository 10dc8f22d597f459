//! What the lender has in mind while it works: read from the database once, kept up to date.

use std::collections::BTreeMap;

use kyc_rules::party::{Client, ContactKind};
use lending_core::{
    ids::AccountId,
    loan::{LoanAccount, Status},
    store::{Store, decode},
};
use mobile_money::{
    Intake, Trusted,
    intake::IntakeRules,
    matching::{AccountEntry, AccountStanding, ReferenceBook},
    parse,
    wire::detect,
};

use crate::lender::{
    Failure, Folder, InputError,
    paygo::record::DeviceRecord,
    records::{self, BusinessDay, ClientRecord, LenderRecord, NoticeRecord, Receipt},
};

/// A record in mind and its version in the database; none before it is written.
#[derive(Clone, Debug)]
pub struct Known<T> {
    /// The content.
    pub value: T,
    /// The version.
    pub version: Option<u64>,
}

/// An account in mind.
#[derive(Clone, Copy, Debug)]
pub struct KnownLoan {
    /// Its id.
    pub id: AccountId,
    /// Where it stands.
    pub status: Status,
}

/// What the lender has in mind.
pub struct Office<'f> {
    /// The data folder.
    pub folder: &'f Folder,
    /// Clients by id.
    pub clients: BTreeMap<String, Known<Client>>,
    /// Accounts by number.
    pub loans: BTreeMap<String, KnownLoan>,
    /// Money that came in, by record id.
    pub receipts: BTreeMap<String, Known<Receipt>>,
    /// Everything providers said, one intake a wallet.
    pub intakes: Vec<Intake>,
    /// Devices by account.
    pub devices: BTreeMap<String, Known<DeviceRecord>>,
    /// When each message was first seen, by its hash.
    pub notices: BTreeMap<String, u64>,
    /// The client of each account, by its number, and the client's place in the file.
    pub owners: BTreeMap<&'f str, (&'f str, usize)>,
    /// The references that payers may type.
    pub book: ReferenceBook,
    /// Counts so far.
    pub counted: BusinessDay,
    /// The version of the checkpoint.
    pub checkpoint: Option<u64>,
}

impl<'f> Office<'f> {
    /// Reads everything from the database.
    ///
    /// # Errors
    /// The database fails, cannot be read, or belongs to another folder.
    pub fn open(folder: &'f Folder, store: &mut dyn Store) -> Result<Self, Failure> {
        let settings = &folder.settings;
        let checkpoint = store.checkpoint(&records::name(records::BUSINESS_JOB))?;
        let ids = folder.clients.iter().map(|row| row.value.id.as_str());
        let places: BTreeMap<&str, usize> = ids.zip(0..).collect();
        let owner = |id: &'f str| (id, places.get(id).copied().unwrap_or(usize::MAX));
        let rows = folder.applications.iter().map(|row| &row.value);
        let devices = folder.devices.iter().map(|row| &row.value);
        let mut office = Self {
            folder,
            owners: rows
                .map(|row| (row.account.as_str(), owner(&row.client)))
                .chain(devices.map(|row| (row.account.as_str(), owner(&row.client))))
                .collect(),
            devices: BTreeMap::new(),
            clients: BTreeMap::new(),
            loans: BTreeMap::new(),
            receipts: BTreeMap::new(),
            intakes: settings
                .wallets
                .iter()
                .map(|_| Intake::new(IntakeRules::default()))
                .collect(),
            notices: BTreeMap::new(),
            book: ReferenceBook::new(settings.matching.clone()),
            counted: BusinessDay::before(settings.start),
            checkpoint: checkpoint.as_ref().map(|found| found.version),
        };
        let Some(checkpoint) = checkpoint else {
            return Ok(office);
        };
        office.counted = decode(&checkpoint.body)?;
        office.check_owner(store)?;
        for (_, version, ClientRecord(client)) in records::all(store)? {
            let known = Known {
                value: client.clone(),
                version: Some(version),
            };
            office.clients.insert(client.id, known);
        }
        for (id, version, value) in records::all::<Receipt>(store)? {
            office.receipts.insert(
                id.to_string(),
                Known {
                    value,
                    version: Some(version),
                },
            );
        }
        for (id, version, notice) in records::all::<NoticeRecord>(store)? {
            office.notices.insert(id.to_string(), version);
            office.hear_again(&notice)?;
        }
        for (row, loan) in records::all_loans(store)? {
            office.remember(row.header.reference.as_str(), &loan)?;
        }
        for (id, version, value) in records::all::<DeviceRecord>(store)? {
            office.remember_device(&value)?;
            let version = Some(version);
            let known = Known { value, version };
            office.devices.insert(id.to_string(), known);
        }
        Ok(office)
    }

    fn check_owner(&self, store: &mut dyn Store) -> Result<(), Failure> {
        let settings = &self.folder.settings;
        let ours = LenderRecord {
            name: settings.name.clone(),
            start: settings.start,
        };
        let owner = records::all::<LenderRecord>(store)?;
        match owner.first() {
            Some((_, _, owner)) if *owner != ours => Err(InputError::of_file(
                &self.folder.path.join("lender.json"),
                format!(
                    "the database holds the books of {:?} from {}, not of {:?} from {}",
                    owner.name, owner.start, ours.name, ours.start
                ),
            )
            .into()),
            _ => Ok(()),
        }
    }

    /// Tells the intake again what a stored message said.
    fn hear_again(&mut self, notice: &NoticeRecord) -> Result<(), Failure> {
        let wallets = &self.folder.settings.wallets;
        let Some(at) = wallets
            .iter()
            .position(|wallet| wallet.name == notice.wallet)
        else {
            let reason = format!("lender.json has no wallet {:?} any more", notice.wallet);
            return Err(Failure::Refused(reason));
        };
        let raw = notice.raw.as_bytes();
        match detect(raw).and_then(|channel| parse(channel, raw)) {
            Ok(message) => message
                .payments()
                .iter()
                .try_for_each(|payment| self.hear(at, notice, payment.clone())),
            Err(error) => {
                let hash = lending_core::store::Fingerprint::of(raw);
                self.intakes[at].receive_unreadable(*hash.as_bytes(), &error, notice.received_at);
                Ok(())
            }
        }
    }

    fn hear(
        &mut self,
        at: usize,
        notice: &NoticeRecord,
        payment: mobile_money::Payment,
    ) -> Result<(), Failure> {
        self.intakes[at]
            .receive(Trusted::claimed(payment), notice.received_at)
            .map(drop)
            .map_err(|error| Failure::refused("reading a stored message", error))
    }

    /// Takes note of where an account stands, for the next payer.
    pub fn remember(&mut self, reference: &str, loan: &LoanAccount) -> Result<(), Failure> {
        let known = KnownLoan {
            id: loan.id(),
            status: loan.status(),
        };
        self.loans.insert(reference.to_owned(), known);
        if !loan.status().is_disbursed() {
            return Ok(());
        }
        let standing = match loan.status() {
            Status::Repaid | Status::Terminated => AccountStanding::Closed,
            Status::WrittenOff => AccountStanding::WrittenOff,
            _ => AccountStanding::Active,
        };
        if self
            .book
            .get(reference)
            .is_some_and(|entry| entry.standing == standing)
        {
            return Ok(());
        }
        self.book.remove(reference);
        let mut entry = AccountEntry::new(reference, reference, loan.terms().currency);
        entry.standing = standing;
        entry.phones = self.phones_of(reference);
        self.book
            .insert(entry)
            .map_err(|error| Failure::refused(format!("account {reference}"), error))
    }

    pub(super) fn phones_of(&self, reference: &str) -> Vec<String> {
        let client = self
            .owners
            .get(reference)
            .and_then(|(owner, _)| self.clients.get(*owner));
        let contacts = client.into_iter().flat_map(|client| &client.value.contacts);
        contacts
            .filter(|contact| contact.kind == ContactKind::MobilePhone)
            // A number of another country's plan cannot tell whose money it is.
            .filter_map(|contact| {
                self.folder
                    .settings
                    .matching
                    .dial_plan
                    .normalise(&contact.value)
            })
            .collect()
    }
}
