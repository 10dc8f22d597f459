//! Writes a year of books for other programs to check.
//!
//! ```text
//! cargo run -p ledger --example export_books -- ledger    > books.ledger
//! cargo run -p ledger --example export_books -- beancount > books.beancount
//! cargo run -p ledger --example export_books -- csv       > books.csv
//! cargo run -p ledger --example export_books -- balances      # what they should find
//! ```
//! Then `ledger -f books.ledger balance --flat`, `hledger -f books.ledger check` and
//! `bean-check books.beancount`.

use chrono::{Days, NaiveDate};
use ledger::{
    Currency, EntryId, GlCode, Journal, JournalEntry, Money, Usage,
    chart::ready,
    exchange::{self, PlainText},
};

fn books() -> Result<Journal, Box<dyn std::error::Error>> {
    let chart = ready::microfinance_lender();
    let details: Vec<GlCode> = chart
        .iter()
        .filter(|account| account.usage == Usage::Detail)
        .map(|account| account.code)
        .collect();
    let mut journal = Journal::new(chart);
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).ok_or("date")?;
    // A linear congruential generator: the same books every time.
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    for number in 1..=5_000_u128 {
        let currency = Currency::from_code(["KES", "UGX", "USD", "TND"][next(4)])?;
        let value = first + Days::new(next(366) as u64);
        let booking = value + Days::new(if next(10) == 0 { next(20) as u64 } else { 0 });
        let (a, b) = (1 + next(5_000_000) as i128, 1 + next(5_000_000) as i128);
        let [debit, credit, other] = [(); 3].map(|()| details[next(details.len())]);
        let mut builder = JournalEntry::builder(EntryId::new(number), value, booking)
            .debit(debit, Money::from_minor(a + b, currency)?)
            .credit(credit, Money::from_minor(a, currency)?)
            .credit(other, Money::from_minor(b, currency)?)
            .reference(format!("Receipt {number}; \"paid\", in full"))
            .tag(ledger::entry::tags::ACCOUNT, format!("LN-{}", next(500)));
        if next(3) == 0 {
            builder = builder
                .branch("NBO".parse()?)
                .notes("first line\nsecond \\ line");
        }
        journal.post(builder.build()?)?;
    }
    Ok(journal)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let journal = books()?;
    match std::env::args().nth(1).as_deref() {
        Some("ledger") => print!("{}", exchange::journal_to_text(&journal, PlainText::Ledger)),
        Some("beancount") => {
            print!(
                "{}",
                exchange::journal_to_text(&journal, PlainText::Beancount)
            );
        }
        Some("csv") => {
            print!(
                "{}",
                exchange::entries_to_csv(journal.entries().map(|(_, entry)| entry))
            );
        }
        Some("balances") => {
            for currency in Currency::all() {
                let trial = journal.trial_balance(currency, &ledger::journal::View::latest())?;
                for row in trial.rows {
                    let net = row.debit.checked_sub(&row.credit)?;
                    println!("{} {net}", row.account);
                }
            }
        }
        other => return Err(format!("{other:?}: ledger, beancount, csv or balances").into()),
    }
    Ok(())
}
