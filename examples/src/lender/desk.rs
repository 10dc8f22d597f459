//! `lender refinance`: a decision that looks at more than it writes.
//!
//! A new loan takes the place of an old one. The decision reads four things at one moment and names
//! them in a [`ReadSet`]:
//!
//! | read | then | held by |
//! |---|---|---|
//! | the old account | written | the version that its write expects |
//! | the new account's id | written, must not exist | the same |
//! | the new account's number | must be free | two accounts never have one number |
//! | how far business dates have come | only looked at: it says which day it is | a guard that [`carry_out`] adds |
//!
//! Both accounts land in one commit or none does. If a payment, an end of day or a business date lands in
//! between, [`carry_out`] reads and decides again; what was decided on old figures is never written.
//!
//! A history is not part of a read set, since it may be long. It is read before, and counts as long as the
//! account still has the version that it was read with.

use std::num::NonZeroU32;

use chrono::NaiveDate;
use lending_core::{
    end_of_day::loan_header,
    ids::AccountRef,
    loan::{Amounts, Code, Command, Context, Decision, LoanAccount, Refinance, Refinanced, Status},
    store::{
        AccountHeader, AccountWrite, Commit, Found, PostedEntry, ReadSet, Store, carry_out, decode,
        encode,
    },
};
use rust_decimal::Decimal;

use super::{
    Failure,
    ids::Numbers,
    records::{self, BUSINESS_JOB, BusinessDay, LoanEvent, LoanState, StoredLoan},
};

/// How often a refinancing is decided when others are faster.
const TRIES: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// What is asked for at the desk.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The number of the old account.
    pub old: AccountRef,
    /// The number of the new one.
    pub new: AccountRef,
    /// Paid out beyond what settles the old one.
    pub top_up: Decimal,
    /// The payment channel of settlement and payout.
    pub channel: Code,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The day on which it counts: the one behind the last business date.
    pub on: NaiveDate,
    /// What the new loan took over.
    pub carried: Decimal,
}

/// Settles a loan by a new one of the same contract, and lands both accounts in one commit.
///
/// # Errors
/// There is no such loan, the number is taken, one of the loans refuses, or the database fails.
pub fn refinance(store: &mut dyn Store, request: &Request) -> Result<Done, Failure> {
    let Request { old, new, .. } = *request;
    let missing = || Failure::Refused(format!("account {old} is not in the database"));
    let row = store.account_by_reference(&old)?.ok_or_else(missing)?;
    let known = StoredLoan::read(store, row)?;
    let job = records::name(BUSINESS_JOB);
    let id = Numbers::of_account(NaiveDate::default(), new).account();
    let reads = ReadSet::new()
        .account(known.row.id)
        .account(id)
        .reference(new)
        .checkpoint(job);
    let mut done = None;
    carry_out(store, &reads, TRIES, |found| {
        let on = next_day(found)?;
        let made = decide(request, &known, found, on)?;
        done = Some(Done {
            on,
            carried: made.carried,
        });
        commit_of(request, &known, &made, on)
    })?;
    done.ok_or_else(missing)
}

/// The day behind the last business date.
fn next_day(found: &Found) -> Result<NaiveDate, Failure> {
    let job = records::name(BUSINESS_JOB);
    let none = || Failure::Refused("no business date is in the books".to_owned());
    let checkpoint = found.checkpoint(&job).ok_or_else(none)?;
    let day: BusinessDay = decode(&checkpoint.body)?;
    day.date.succ_opt().ok_or_else(none)
}

fn decide(
    request: &Request,
    known: &StoredLoan,
    found: &Found,
    on: NaiveDate,
) -> Result<Refinanced, Failure> {
    let Request { old, new, .. } = *request;
    if found.reference(&new).is_some() {
        return Err(Failure::Refused(format!("account {new} exists already")));
    }
    let version = found.account(known.row.id).map(|row| row.version);
    if version != Some(known.row.version) {
        let reason = format!("account {old} changed meanwhile: ask again");
        return Err(Failure::Refused(reason));
    }
    let refused = |error| Failure::refused(format!("refinancing {old}"), error);
    let owed = known.loan.payoff(on).map_err(refused)?;
    let mut terms = known.loan.terms().clone();
    terms.expected_disbursement = on;
    terms.principal = owed + request.top_up;
    let mut numbers = Numbers::of_account(on, new);
    let request = Refinance {
        on,
        new_account: Numbers::of_account(NaiveDate::default(), new).account(),
        terms,
        top_up: request.top_up,
        give_up: Amounts::ZERO,
        submitted_by: None,
        ids: std::array::from_fn(|_| numbers.transaction()),
        channel: request.channel,
    };
    let context = Context::with_history(on, &known.history);
    let made = known.loan.refinance(&request, &known.history, &context);
    made.map_err(refused)
}

/// Both accounts as one commit.
fn commit_of(
    request: &Request,
    known: &StoredLoan,
    made: &Refinanced,
    on: NaiveDate,
) -> Result<Commit, Failure> {
    let mut commit = Commit::default();
    let header = AccountHeader {
        reference: request.new,
        ..known.row.header.clone()
    };
    let version = Some(known.row.version);
    keep(&mut commit, (&known.row.header, version), &made.old, on)?;
    keep(&mut commit, (&header, None), &made.new, on)?;
    Ok(commit)
}

/// Adds what was decided on one account, in the order of its decisions.
fn keep(
    commit: &mut Commit,
    (header, expected): (&AccountHeader, Option<u64>),
    decisions: &[Decision],
    on: NaiveDate,
) -> Result<(), Failure> {
    let mut last: Option<&LoanAccount> = None;
    for decision in decisions {
        let account = Some(decision.account.id());
        let approve = Command::Approve { on };
        let recorded = decision.recorded.as_ref();
        let command = recorded.map_or(approve.name(), |recorded| recorded.kind.name());
        commit.events.push(LoanEvent::stored(command, decision)?);
        let entries = decision.entries.iter().cloned();
        let posted = entries.map(|entry| PostedEntry { account, entry });
        commit.entries.extend(posted);
        last = Some(&decision.account);
    }
    let Some(loan) = last else { return Ok(()) };
    let mut header = loan_header(header, loan)
        .map_err(|error| Failure::refused(format!("account {}", header.reference), error))?;
    header.next_work_on = (loan.status() == Status::Active).then_some(on);
    commit.accounts.push(AccountWrite {
        id: loan.id(),
        expected,
        header,
        state: encode(&LoanState(loan.clone()))?,
    });
    Ok(())
}
