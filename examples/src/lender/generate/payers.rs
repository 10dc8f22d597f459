//! How the borrowers pay, and what goes wrong on the way.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use kyc_rules::party::Party;
use lending_core::ids::AccountRef;
use rust_decimal::Decimal;

use super::{
    Messages, World,
    loans::{Loan, before},
    notices::{Sent, unreadable},
    people::Person,
    statements::Moved,
};
use crate::lender::{
    Failure,
    folder::{CashRow, ResolutionRow},
};

/// What comes of all payments.
#[derive(Default)]
pub struct Paid {
    /// Messages.
    pub messages: Messages,
    /// Cash at the counter.
    pub cash: Vec<CashRow>,
    /// What staff found out.
    pub resolutions: Vec<ResolutionRow>,
    /// What really moved on the wallets.
    pub moved: Vec<Moved>,
}

impl Paid {
    /// Money moved.
    pub fn moved(&mut self, sent: &Sent) {
        let sent = sent.clone();
        self.moved.push(Moved { sent, back: None });
    }

    /// A message arrives.
    pub fn arrives(&mut self, on: NaiveDate, wallet: &str, message: String) {
        self.messages
            .entry((on, wallet.to_owned()))
            .or_default()
            .push(message);
    }
}

/// How a borrower pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// On the due date or shortly before.
    Punctual,
    /// A few days late.
    Late,
    /// Now and then only a part, the rest next time.
    Short,
    /// Not at all any more after some instalments.
    Stops {
        /// So many.
        after: usize,
    },
}

/// Makes every payment of every loan, and the odd cases around them.
pub fn make(world: &mut World, people: &[Person], loans: &[Loan]) -> Result<Paid, Failure> {
    let mut paid = Paid::default();
    let mut planned: BTreeMap<NaiveDate, Vec<(usize, Decimal)>> = BTreeMap::new();
    for (at, loan) in loans.iter().enumerate() {
        for (on, amount) in payments(world, loan)? {
            if on <= world.end() {
                planned.entry(on).or_default().push((at, amount));
            }
        }
    }
    for (number, (on, (at, amount))) in planned
        .into_iter()
        .flat_map(|(on, all)| all.into_iter().map(move |one| (on, one)))
        .enumerate()
    {
        let loan = &loans[at];
        if world.chance(4) {
            let receipt = format!("R{:05}", paid.cash.len() + 1);
            paid.cash.push(CashRow {
                receipt,
                on,
                account: loan.row.account,
                amount,
            });
        } else {
            let sent = send(world, loan, &people[loan.person], on, amount);
            deliver(world, &mut paid, loan.row.account, sent, number);
        }
    }
    strangers(world, &mut paid, loans);
    paid.resolutions
        .sort_by(|a, b| (a.on, &a.payment).cmp(&(b.on, &b.payment)));
    Ok(paid)
}

/// When a borrower pays how much.
fn payments(world: &mut World, loan: &Loan) -> Result<Vec<(NaiveDate, Decimal)>, Failure> {
    let habit = match world.rng.u32(0..100) {
        0..=61 => Habit::Punctual,
        62..=80 => Habit::Late,
        81..=91 => Habit::Short,
        _ => Habit::Stops {
            after: world.rng.usize(0..4),
        },
    };
    let Some(paid_out) = loan.paid_out else {
        return Ok(Vec::new());
    };
    let step = if loan.row.product == "BUSIA" {
        Decimal::from(50)
    } else {
        Decimal::from(1_000)
    };
    let last = loan.instalments.len();
    let (mut found, mut owed) = (Vec::new(), Decimal::ZERO);
    for (number, row) in (1..).zip(&loan.instalments) {
        if matches!(habit, Habit::Stops { after } if number > after) {
            break;
        }
        owed += row
            .due
            .total()
            .map_err(|error| Failure::refused(loan.row.account, error))?;
        let (on, amount) = match habit {
            Habit::Late => (world.later(row.due_on, 1..=9), owed),
            Habit::Short if world.chance(35) => {
                let part = owed * Decimal::from(world.rng.u32(3..9)) / Decimal::TEN;
                (world.later(row.due_on, 0..=3), (part / step).floor() * step)
            }
            _ => (before(row.due_on, world.rng.u64(0..=1)), owed),
        };
        // Many pay in round figures; the last instalment is paid exactly, or a little too much.
        let round = (amount / step).ceil() * step;
        let amount = match (number == last, world.rng.u32(0..100)) {
            (true, 0..=5) => round + step * Decimal::from(world.rng.u32(5..40)),
            (false, 0..=29) => round,
            _ => amount,
        };
        owed -= amount;
        if amount > Decimal::ZERO {
            found.push((on.max(paid_out), amount));
        }
    }
    Ok(found)
}

fn send(world: &mut World, loan: &Loan, person: &Person, on: NaiveDate, amount: Decimal) -> Sent {
    let wallet = if loan.row.product == "BUSIA" {
        "mpesa"
    } else {
        "airtel"
    };
    let account = loan.row.account.as_str();
    let digits = account.trim_start_matches("KL");
    let reference = match world.rng.u32(0..100) {
        0..=83 => account.to_owned(),
        84..=88 => account.to_lowercase(),
        89..=93 => format!("KL {digits}"),
        94..=96 => format!("KL-{digits} "),
        _ => format!("Loan {account}"),
    };
    let contact = person.client.contacts.first();
    let phone = contact.map_or(String::new(), |contact| contact.value.clone());
    let name = match &person.client.party {
        Party::Individual(one) => (one.first_name.clone(), one.last_name.clone()),
        _ => (person.client.name(), String::new()),
    };
    Sent::new(world, wallet, on, amount, reference, phone, name)
}

/// Brings the message, with everything that goes wrong on the way. The first payments of a wallet
/// are sure to meet one of each, so that a small folder has them all.
pub fn deliver(
    world: &mut World,
    paid: &mut Paid,
    account: AccountRef,
    mut sent: Sent,
    number: usize,
) {
    let on = sent.at.date();
    let end = world.end();
    let fate = if number < 60 && number.is_multiple_of(6) {
        u32::try_from(number / 6).unwrap_or(0) * 10
    } else {
        world.rng.u32(0..1_000)
    };
    if let Some(question) = sent.question().filter(|_| fate % 4 == 0) {
        paid.arrives(on, sent.wallet, question);
    }
    if !(30..=45).contains(&fate) {
        paid.moved(&sent);
    }
    match fate {
        // The same bytes twice.
        0..=19 => {
            let again = world.later(on, 0..=1).min(end);
            paid.arrives(on, sent.wallet, sent.message());
            paid.arrives(again, sent.wallet, sent.message());
        }
        // The same news in another form.
        20..=29 => {
            paid.arrives(on, sent.wallet, sent.message());
            paid.arrives(on, sent.wallet, sent.said_otherwise());
        }
        // A reference that leads nowhere; staff find out some days later.
        30..=39 => {
            "SCHOOL FEES".clone_into(&mut sent.reference);
            sent.phone = stranger(world, sent.wallet);
            paid.moved(&sent);
            let found_out = world.later(on, 2..=6);
            if found_out <= end {
                paid.resolutions.push(ResolutionRow {
                    on: found_out,
                    payment: sent.id.clone(),
                    account,
                    by: "desk".to_owned(),
                });
            }
            paid.arrives(on, sent.wallet, sent.message());
        }
        // Taken back some days later, and paid again the day after.
        40..=45 => {
            let back = world.later(on, 1..=3);
            paid.arrives(on, sent.wallet, sent.message());
            paid.moved(&sent);
            if back < end {
                if let Some(moved) = paid.moved.last_mut() {
                    moved.back = Some(back);
                }
                paid.arrives(back, sent.wallet, sent.taken_back(back));
                let next = back + Days::new(1);
                let Sent {
                    wallet,
                    amount,
                    reference,
                    phone,
                    name,
                    ..
                } = sent;
                let again = Sent::new(world, wallet, next, amount, reference, phone, name);
                paid.arrives(next, wallet, again.message());
                paid.moved(&again);
            }
        }
        // Late on the way: the message comes days after the money.
        50..=69 => {
            let arrives = world.later(on, 2..=6).min(end);
            paid.arrives(arrives, sent.wallet, sent.message());
        }
        // A push was declined before.
        70..=79 if sent.wallet == "airtel" => {
            paid.arrives(on, sent.wallet, sent.declined());
            paid.arrives(on, sent.wallet, sent.message());
        }
        _ => paid.arrives(on, sent.wallet, sent.message()),
    }
}

/// A phone that belongs to no client.
pub fn stranger(world: &mut World, wallet: &str) -> String {
    let prefix = if wallet == "mpesa" { "25479" } else { "25678" };
    format!("{prefix}{:07}", world.rng.u32(1_000_000..9_999_999))
}

/// Payers whom nobody knows, money in the wrong currency, and a message that no one can read.
fn strangers(world: &mut World, paid: &mut Paid, loans: &[Loan]) {
    let days = u64::from(world.settings.days);
    let start = world.settings.start;
    for number in 0..(loans.len() / 60 + 2) {
        let on = start + Days::new(world.rng.u64(days / 3..days));
        let wallet = if number % 3 == 1 { "mpesa" } else { "airtel" };
        let amount = Decimal::from(world.rng.u32(5..200) * 500);
        let phone = stranger(world, wallet);
        let reference = world
            .pick(&["", "Mama Joy", "0701", "RENT JULY"])
            .to_owned();
        let name = ("Unknown".to_owned(), "Payer".to_owned());
        let sent = Sent::new(world, wallet, on, amount, reference, phone, name);
        paid.moved(&sent);
        paid.arrives(on, wallet, sent.message());
    }
    // Kenya shillings for a loan in Uganda shillings.
    let running = loans
        .iter()
        .find(|loan| loan.row.product != "BUSIA" && loan.paid_out.is_some());
    if let Some((loan, first)) = running.and_then(|loan| Some((loan, loan.paid_out?))) {
        let on = world.later(first, 1..=10).min(world.end());
        let phone = stranger(world, "mpesa");
        let reference = loan.row.account.to_string();
        let name = ("Cross".to_owned(), "Border".to_owned());
        let sent = Sent::new(
            world,
            "mpesa",
            on,
            Decimal::from(1_500),
            reference,
            phone,
            name,
        );
        paid.moved(&sent);
        paid.arrives(on, "mpesa", sent.message());
    }
    let on = start + Days::new(days / 2);
    paid.arrives(on, "airtel", unreadable(on));
}
