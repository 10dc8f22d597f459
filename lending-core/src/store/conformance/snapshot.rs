//! Everything in a store, as text: two stores agree when these do.

use alloc::{string::String, vec::Vec};
use core::{fmt::Write, num::NonZeroU32};

use crate::store::{BalanceQuery, Clock, JournalQuery, Scan, Store, StoreError};

/// Everything the port shows of accounts, histories, journal, balances, pending messages and
/// counts, one line each, in order.
///
/// For tests: two stores that went the same way give the same text, whatever they are made of.
/// Records and checkpoints are asked for by name and are not in it.
///
/// # Errors
/// When the store fails.
pub fn snapshot(store: &mut dyn Store) -> Result<String, StoreError> {
    let mut text = String::new();
    let limit = NonZeroU32::new(1_000).unwrap_or(NonZeroU32::MIN);
    let mut after = None;
    loop {
        let mut page = Vec::new();
        store.accounts(&Scan::All, after, limit, &mut page)?;
        for account in &page {
            line(&mut text, account);
            let mut events = Vec::new();
            store.events(account.id, None, &mut events)?;
            events.iter().for_each(|event| line(&mut text, event));
        }
        match page.last() {
            Some(last) => after = Some(Scan::All.key_of(last)),
            None => break,
        }
    }
    for clock in [Clock::Booking, Clock::Value] {
        let query = JournalQuery {
            clock,
            ..JournalQuery::default()
        };
        let mut after = None;
        loop {
            let mut page = Vec::new();
            store.journal(&query, after, limit, &mut page)?;
            page.iter().for_each(|posted| line(&mut text, posted));
            match page.last() {
                Some(last) => after = Some(query.key_of(last)),
                None => break,
            }
        }
    }
    for balance in store.balances(&BalanceQuery::default())? {
        line(&mut text, &balance);
    }
    let mut messages = Vec::new();
    store.outbox(NonZeroU32::MAX, &mut messages)?;
    messages.iter().for_each(|message| line(&mut text, message));
    line(&mut text, &store.statistics()?);
    Ok(text)
}

fn line(text: &mut String, value: &dyn core::fmt::Debug) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{value:?}");
}
