//! Measures reading and matching of one notice against a book of a million references, and the
//! memory of the book: `cargo run --release -p mobile-money --example matching_speed [accounts]`.

use std::{hint::black_box, time::Instant};

use ledger::Currency;
use mobile_money::{
    Channel, Message, match_payment,
    matching::{AccountEntry, MatchRules, ReferenceBook},
    parse,
};

/// Resident pages from the kernel, in bytes; 0 where there is no /proc.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: Option<usize> = text.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0) * 4096
}

fn main() {
    let accounts: u32 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    let kes = Currency::from_code("KES").expect("an ISO currency");
    let before = resident();
    let start = Instant::now();
    let mut book = ReferenceBook::new(MatchRules::default());
    for n in 0..accounts {
        let phone = format!("2547{:08}", n % 100_000_000);
        let entry = AccountEntry::new(&format!("loan-{n}"), &format!("EO{n:07}"), kes);
        book.insert(entry.with_phone(&phone))
            .expect("a fresh account");
    }
    let built = start.elapsed();
    let bytes = resident().saturating_sub(before) / accounts.max(1) as usize;
    println!("{accounts} references built in {built:.2?}, {bytes} bytes each, phone included");
    for (what, typed, phone) in [
        ("exact", "EO@", "254799999999"),
        ("canonical", " eo-@ ", "254799999999"),
        ("confusable", "E0@", "254799999999"),
        ("embedded", "phone EO@ thanks", "254799999999"),
        ("phone", "", "2547@"),
    ] {
        let bodies: Vec<String> = (0..100_u32)
            .map(|n| {
                let n = n.wrapping_mul(2_654_435_761) % accounts;
                let typed = typed.replace('@', &format!("{n:07}"));
                let phone = phone.replace('@', &format!("{n:08}"));
                format!(
                    r#"{{"TransactionType":"Pay Bill","TransID":"SFB{n}","TransTime":"20240611091533","TransAmount":"1500.00","BusinessShortCode":"600999","BillRefNumber":"{typed}","InvoiceNumber":"","OrgAccountBalance":"48210.00","ThirdPartyTransID":"","MSISDN":"{phone}","FirstName":"TEST","MiddleName":"","LastName":"PAYER"}}"#
                )
            })
            .collect();
        // The fastest of many short rounds: other work on the machine only ever adds.
        let (mut best, mut parsed) = (f64::MAX, f64::MAX);
        for _ in 0..500 {
            let start = Instant::now();
            for body in &bodies {
                let message = parse(Channel::MpesaC2bConfirmation, body.as_bytes());
                let Ok(Message::Payment(payment)) = message else {
                    unreachable!("the body is a confirmation")
                };
                black_box(match_payment(&payment, &book));
            }
            let each = start.elapsed().as_secs_f64() * 1e6 / bodies.len() as f64;
            best = best.min(each);
            let start = Instant::now();
            for body in &bodies {
                let _ = black_box(parse(Channel::MpesaC2bConfirmation, body.as_bytes()));
            }
            let each = start.elapsed().as_secs_f64() * 1e6 / bodies.len() as f64;
            parsed = parsed.min(each);
        }
        println!("{what:<10} read and matched in {best:.2} µs, of which reading {parsed:.2} µs");
    }
}
