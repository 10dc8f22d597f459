//! A book of a million references, and notices that find them.

use ledger::Currency;
use mobile_money::{
    Channel, Match, Message, match_payment,
    matching::{AccountEntry, CodeGrammar, MatchRules, ReferenceBook},
    parse,
};

use crate::storage::Failed;

/// How many references the headline figure is for.
pub const REFERENCES: u32 = 1_000_000;

/// How a payer typed the reference, and from which phone. `@` stands for the number.
pub const TYPED: [(&str, &str, &str); 5] = [
    ("exact", "EO@", "254799999999"),
    ("canonical", " eo-@ ", "254799999999"),
    ("confusable", "E0@", "254799999999"),
    ("embedded", "phone EO@ thanks", "254799999999"),
    ("phone", "", "2547@"),
];

/// A book of so many accounts, each with a reference and a phone.
///
/// # Errors
/// The book refuses an account.
pub fn book(references: u32) -> Result<ReferenceBook, Failed> {
    let kes = Currency::from_code("KES")?;
    let mut book = ReferenceBook::new(MatchRules {
        grammars: vec![CodeGrammar::new("EO#######")],
        ..MatchRules::default()
    });
    for number in 0..references {
        let entry = AccountEntry::new(&format!("loan-{number}"), &format!("EO{number:07}"), kes);
        book.insert(entry.with_phone(&format!("2547{number:08}")))?;
    }
    Ok(book)
}

/// A hundred notices of M-Pesa, spread over the book.
#[must_use]
pub fn notices(typed: &str, phone: &str, references: u32) -> Vec<String> {
    (0..100_u32)
        .map(|nth| {
            // Spread by the golden ratio: neighbours in time are far apart in the book.
            let number = nth.wrapping_mul(2_654_435_761) % references;
            let typed = typed.replace('@', &format!("{number:07}"));
            let phone = phone.replace('@', &format!("{number:08}"));
            format!(
                r#"{{"TransactionType":"Pay Bill","TransID":"SFB{number}","TransTime":"20240611091533","TransAmount":"1500.00","BusinessShortCode":"600999","BillRefNumber":"{typed}","InvoiceNumber":"","OrgAccountBalance":"48210.00","ThirdPartyTransID":"","MSISDN":"{phone}","FirstName":"TEST","MiddleName":"","LastName":"PAYER"}}"#
            )
        })
        .collect()
}

/// Reads a notice and finds its account.
///
/// # Errors
/// It cannot be read, or nobody is found.
pub fn read_and_match(body: &str, book: &ReferenceBook) -> Result<Match, Failed> {
    let Message::Payment(payment) = parse(Channel::MpesaC2bConfirmation, body.as_bytes())? else {
        return Err("not a payment".into());
    };
    match match_payment(&payment, book) {
        found @ Match::Matched { .. } => Ok(found),
        Match::Suspense { reason, .. } => Err(format!("not matched: {reason:?}").into()),
    }
}

/// Memory of this process in bytes, as the kernel counts it.
///
/// # Errors
/// There is no `/proc`.
pub fn resident() -> Result<f64, Failed> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: f64 = line
        .and_then(|rest| rest.split_whitespace().next())
        .ok_or("no VmRSS")?
        .parse()?;
    Ok(kilobytes * 1024.0)
}
