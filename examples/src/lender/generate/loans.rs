//! Who applies for what, and what becomes of it.

use chrono::{Days, NaiveDate};
use ledger::Currency;
use lending_core::loan::Instalment;
use rust_decimal::Decimal;

use super::{World, people::Person};
use crate::lender::{
    Failure,
    folder::{ApplicationRow, Verdict},
    preview::paid_out,
};

/// An application and what the borrower owes by it.
pub struct Loan {
    /// The row.
    pub row: ApplicationRow,
    /// Index of the borrower.
    pub person: usize,
    /// When the money is really paid out; none: never.
    pub paid_out: Option<NaiveDate>,
    /// What is due.
    pub instalments: Vec<Instalment>,
}

/// Makes one application a client, a second for some.
pub fn make(world: &mut World, people: &[Person]) -> Result<Vec<Loan>, Failure> {
    let mut loans = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let first = world.later(person.client.created, 0..=4);
        loans.extend(apply(world, at, person, first, loans.len(), people.len())?);
        if world.chance(12) {
            let second = world.later(first, 20..=60);
            loans.extend(apply(world, at, person, second, loans.len(), people.len())?);
        }
    }
    Ok(loans)
}

fn apply(
    world: &mut World,
    at: usize,
    person: &Person,
    applied: NaiveDate,
    number: usize,
    clients: usize,
) -> Result<Option<Loan>, Failure> {
    if applied > world.end() {
        return Ok(None);
    }
    let product = match (person.at_the_border, world.rng.u32(0..100)) {
        (true, 0..80) => "BUSIA",
        (_, 0..50) => "BODA",
        (_, 50..80) => "MARKET",
        _ => "SALARY",
    };
    let (amount, instalments) = wishes(world, product);
    let decided = world.later(applied, 0..=3);
    let verdict = match world.rng.u32(0..100) {
        0..=91 => Verdict::Approve,
        92..=97 => Verdict::Reject,
        _ => Verdict::Withdraw,
    };
    let approved = verdict == Verdict::Approve;
    let border = product == "BUSIA";
    let disburse = world.later(decided, 0..=3);
    let row = ApplicationRow {
        account: reference(number, clients)
            .parse()
            .map_err(|e| Failure::refused("account", e))?,
        client: person.client.id.clone(),
        product: product.to_owned(),
        amount,
        currency: currency(if border { "KES" } else { "UGX" })?,
        instalments: Some(instalments),
        rate: None,
        applied,
        verdict,
        decided,
        disburse: approved.then_some(disburse),
        channel: approved.then(|| if border { "mpesa" } else { "airtel" }.to_owned()),
    };
    // Without a document nothing is approved, so the money comes later or never.
    let complete = person.complete_on.filter(|_| approved);
    let paid = complete
        .map(|on| on.max(disburse))
        .filter(|on| *on <= world.end());
    let instalments = paid.map_or(Ok(Vec::new()), |on| schedule(world, &row, on))?;
    Ok(Some(Loan {
        row,
        person: at,
        paid_out: paid,
        instalments,
    }))
}

/// An amount in round figures and a number of instalments.
fn wishes(world: &mut World, product: &str) -> (Decimal, u32) {
    let (step, steps, instalments) = match product {
        "BODA" => (50_000_u32, 4..=40, world.pick(&[8, 10, 12, 12, 16, 26])),
        "MARKET" => (100_000, 5..=60, world.pick(&[2, 3, 4, 4, 6])),
        "SALARY" => (250_000, 4..=40, world.pick(&[3, 6, 6, 12])),
        _ => (2_500, 2..=30, world.pick(&[4, 6, 6, 8])),
    };
    (Decimal::from(step * world.rng.u32(steps)), instalments)
}

/// Numbers that lie apart, so that a slip of the finger rarely meets another account.
fn reference(number: usize, clients: usize) -> String {
    let mut span = 90_000_usize;
    while span < clients * 20 {
        span *= 10;
    }
    // 7919 is prime and no factor of the span: every number comes once.
    format!("KL{}", span / 9 + number * 7_919 % span)
}

fn currency(code: &str) -> Result<Currency, Failure> {
    code.parse()
        .map_err(|error| Failure::refused("currency", error))
}

/// What is due when the money is paid out on that day.
fn schedule(
    world: &World,
    row: &ApplicationRow,
    on: NaiveDate,
) -> Result<Vec<Instalment>, Failure> {
    let row = ApplicationRow {
        disburse: Some(on),
        ..row.clone()
    };
    let terms = world
        .catalogue
        .quote(&row, &world.calendar)
        .map_err(Failure::Refused)?;
    let loan = paid_out(terms).map_err(|error| Failure::refused(row.account, error))?;
    Ok(loan.instalments().to_vec())
}

/// The day before, for those who pay early.
pub fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}
