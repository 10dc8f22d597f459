//! Devices sold on credit, and how their buyers pay.
//!
//! Drawn from numbers of its own: with or without devices, the rest of a folder is the same.

use chrono::{Days, NaiveDate};
use fastrand::Rng;
use kyc_rules::party::Party;
use rust_decimal::{Decimal, dec};

use super::{
    World,
    notices::Sent,
    payers::{Paid, deliver, stranger},
    people::Person,
};
use crate::lender::{Failure, paygo::DeviceRow};

/// One client in so many buys a device.
const EVERY: usize = 8;

/// How a buyer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// A week at a time.
    Weekly,
    /// A few days at a time, in odd amounts.
    Daily,
    /// Stops after some payments.
    Stops,
    /// All the rest at once, a little too much.
    Early,
    /// The deposit never comes in full.
    Never,
}

const HABITS: [Habit; 8] = [
    Habit::Weekly,
    Habit::Daily,
    Habit::Early,
    Habit::Stops,
    Habit::Daily,
    Habit::Never,
    Habit::Weekly,
    Habit::Daily,
];

/// Makes devices and what is paid for them.
pub fn make(
    world: &mut World,
    people: &[Person],
    seed: u64,
    paid: &mut Paid,
) -> Result<Vec<DeviceRow>, Failure> {
    world.rng = Rng::with_seed(seed ^ 0x0070_6179_676f);
    let mut rows = Vec::new();
    for person in people.iter().filter(|p| !p.at_the_border).step_by(EVERY) {
        let number = rows.len();
        let on = world.later(person.client.created, 1..=10);
        if on + Days::new(2) > world.end() {
            continue;
        }
        let row = device(world, person, number, on)?;
        let habit = HABITS[number % HABITS.len()];
        let payments = payments(world, &row, habit);
        for (nth, (on, amount)) in payments.into_iter().enumerate() {
            if on <= world.end() {
                pay(world, paid, &row, person, (number, nth), on, amount);
            }
        }
        rows.push(row);
    }
    if let Some(row) = rows.first() {
        forged(world, paid, row);
    }
    Ok(rows)
}

fn device(
    world: &mut World,
    person: &Person,
    number: usize,
    on: NaiveDate,
) -> Result<DeviceRow, Failure> {
    let account = format!("KD{:05}", 10_000 + number * 7);
    let key: String = (0..32)
        .map(|_| char::from_digit(world.rng.u32(0..16), 16).unwrap_or('0'))
        .collect();
    // A lamp with a panel, or a telephone.
    let (price, deposit, rate) = if number.is_multiple_of(3) {
        (dec!(780000), dec!(120000), dec!(35000))
    } else {
        (dec!(360000), dec!(40000), dec!(17500))
    };
    Ok(DeviceRow {
        account: account
            .parse()
            .map_err(|error| Failure::refused("account", error))?,
        client: person.client.id.clone(),
        serial: format!("SX{:07}", 4_100_000 + number * 31),
        key,
        on,
        currency: "UGX"
            .parse()
            .map_err(|error| Failure::refused("currency", error))?,
        price,
        deposit,
        rate,
        period_days: 7,
        free_days: 7,
    })
}

/// When how much is paid, the deposit first.
fn payments(world: &mut World, row: &DeviceRow, habit: Habit) -> Vec<(NaiveDate, Decimal)> {
    if habit == Habit::Never {
        return vec![(row.on, row.deposit / Decimal::TWO)];
    }
    let mut found = vec![(row.on, row.deposit)];
    let mut left = row.price - row.deposit;
    let mut on = row.on + Days::new(6);
    let day = (row.rate / Decimal::from(row.period_days)).floor();
    let last = world.end();
    while on <= last && left > Decimal::ZERO {
        let amount = match habit {
            Habit::Early if found.len() == 3 => left + dec!(5000),
            Habit::Daily => {
                day * Decimal::from(world.rng.u32(1..6)) + Decimal::from(world.rng.u32(0..9) * 100)
            }
            Habit::Stops if found.len() > 4 => break,
            _ => row.rate,
        };
        found.push((on, amount));
        left -= amount;
        let wait = match habit {
            Habit::Daily => world.rng.u64(2..7),
            _ => world.rng.u64(6..9),
        };
        on = on + Days::new(wait);
    }
    found
}

fn pay(
    world: &mut World,
    paid: &mut Paid,
    row: &DeviceRow,
    person: &Person,
    (number, nth): (usize, usize),
    on: NaiveDate,
    amount: Decimal,
) {
    let account = row.account.as_str();
    let reference = match world.rng.u32(0..100) {
        0..=79 => account.to_owned(),
        80..=86 => account.to_lowercase(),
        87..=92 => row.serial.clone(),
        // A letter for a digit.
        93..=95 => account.replace('0', "O"),
        _ => format!("ACC {account}"),
    };
    let contact = person.client.contacts.first();
    let phone = contact.map_or(String::new(), |contact| contact.value.clone());
    let name = match &person.client.party {
        Party::Individual(one) => (one.first_name.clone(), one.last_name.clone()),
        _ => (person.client.name(), String::new()),
    };
    let sent = Sent::new(world, "airtel", on, amount, reference, phone, name);
    match (number, nth) {
        // No message ever comes: only the statement knows.
        (1, 2) | (4, 3) => paid.moved(&sent),
        // Taken back after a few days, and paid again.
        (0, 3) => deliver(world, paid, row.account, sent, 24),
        // The same bytes twice.
        (2, 2) => deliver(world, paid, row.account, sent, 0),
        _ => deliver(world, paid, row.account, sent, 1_000),
    }
}

/// A message about money that never moved.
fn forged(world: &mut World, paid: &mut Paid, row: &DeviceRow) {
    let on = world.later(row.on, 20..=25).min(world.end());
    let phone = stranger(world, "airtel");
    let name = ("Good".to_owned(), "Friend".to_owned());
    let (amount, account) = (dec!(70000), row.account.to_string());
    let sent = Sent::new(world, "airtel", on, amount, account, phone, name);
    paid.arrives(on, sent.wallet, sent.message());
}
