//! History and books at every clock.

use alloc::{vec, vec::Vec};
use core::num::NonZeroU32;

use ledger::{Currency, EntryId, JournalEntry, Money};

use super::{Broken, Check, land, same, sample::*};
use crate::store::{BalanceQuery, Clock, Commit, JournalQuery, PostedEntry, Store};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("events come by value date, then by number", event_order),
    ("events come from a value date on", events_from),
    ("balances are the sums of postings", sums),
    ("balances can be asked at both clocks", both_clocks),
    ("branches and currencies are kept apart", apart),
    ("the journal pages by either date", journal_pages),
    (
        "the journal is filtered by account and by GL account",
        journal_filters,
    ),
    ("an account's entries page by either date", account_pages),
    ("an entry keeps everything it was made of", whole_entry),
];

fn event_order(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = opening(1)?;
    let made = [(1, 5), (2, 3), (3, 5), (4, 3), (5, 9)];
    commit.events = made
        .iter()
        .map(|(seq, on)| event(1, *seq, day(*on), &[]))
        .collect();
    land(store, &commit)?;
    let mut events = Vec::new();
    store.events(id(1), None, &mut events)?;
    let order: Vec<_> = events.iter().map(|event| event.seq).collect();
    same("order", &order, &vec![2, 4, 1, 3, 5])
}

fn events_from(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = opening(1)?;
    commit.merge(opening(2)?)?;
    commit.events = (1..=4).map(|n| event(1, n, day(n), &[9])).collect();
    commit.events.push(event(2, 1, day(9), &[]));
    land(store, &commit)?;
    let mut events = vec![event(7, 7, day(7), &[])];
    store.events(id(1), Some(day(3)), &mut events)?;
    let order: Vec<_> = events
        .iter()
        .map(|event| (event.account.get(), event.seq))
        .collect();
    same("appended", &order, &vec![(7, 7), (1, 3), (1, 4)])
}

fn post(store: &mut dyn Store, entries: Vec<PostedEntry>) -> Result<(), Broken> {
    land(
        store,
        &Commit {
            entries,
            ..Commit::default()
        },
    )?;
    Ok(())
}

/// (GL account, debit, credit) of every balance.
fn found(
    store: &mut dyn Store,
    query: &BalanceQuery,
) -> Result<Vec<(Vec<u8>, i128, i128)>, Broken> {
    let row = |b: &crate::store::GlBalance| (b.gl.as_str().as_bytes().to_vec(), b.debit, b.credit);
    Ok(store.balances(query)?.iter().map(row).collect())
}

fn sums(store: &mut dyn Store) -> Result<(), Broken> {
    let on = (day(0), day(0));
    post(store, vec![entry(1, None, on, ("1200", "1100"), 1_000)?])?;
    post(
        store,
        vec![
            entry(2, None, on, ("1100", "1200"), 300)?,
            entry(3, None, on, ("1100", "4100"), 20)?,
        ],
    )?;
    let expected = vec![
        (b"1100".to_vec(), 320, 1_000),
        (b"1200".to_vec(), 1_000, 300),
        (b"4100".to_vec(), 0, 20),
    ];
    same(
        "balances",
        &found(store, &BalanceQuery::default())?,
        &expected,
    )?;
    let one = BalanceQuery {
        gl: Some("4100".parse()?),
        ..BalanceQuery::default()
    };
    same(
        "one account",
        &found(store, &one)?,
        &vec![(b"4100".to_vec(), 0, 20)],
    )
}

fn both_clocks(store: &mut dyn Store) -> Result<(), Broken> {
    // Value date, booking date, amount.
    for (n, value, booked, amount) in [(1, 1, 1, 100), (2, 1, 5, 20), (3, 6, 5, 3)] {
        post(
            store,
            vec![entry(
                n,
                None,
                (day(value), day(booked)),
                ("1100", "3000"),
                amount,
            )?],
        )?;
    }
    let gl = Some("1100".parse()?);
    for (valued, booked, expected) in [
        (Some(1), None, 120),
        (None, Some(4), 100),
        (Some(1), Some(5), 120),
        (Some(5), Some(4), 100),
        (Some(6), Some(5), 123),
    ] {
        let (valued_through, booked_through) = (valued.map(day), booked.map(day));
        let query = BalanceQuery {
            valued_through,
            booked_through,
            gl,
        };
        let nets: Vec<_> = store.balances(&query)?.iter().map(|b| b.net()).collect();
        same("net", &nets, &vec![expected])?;
    }
    let none = BalanceQuery {
        booked_through: Some(day(0)),
        ..BalanceQuery::default()
    };
    same("before the first", &store.balances(&none)?, &Vec::new())
}

fn apart(store: &mut dyn Store) -> Result<(), Broken> {
    let mut entries = Vec::new();
    for (n, code, branch) in [
        (1, "KES", Some("NBO")),
        (2, "UGX", Some("KLA")),
        (3, "UGX", None),
    ] {
        let amount = Money::from_minor(100, Currency::from_code(code)?)?;
        let mut builder = JournalEntry::builder(EntryId::new(n), day(0), day(0))
            .debit("1100".parse()?, amount)
            .credit("3000".parse()?, amount);
        if let Some(branch) = branch {
            builder = builder.branch(branch.parse()?);
        }
        entries.push(PostedEntry {
            account: None,
            entry: builder.build()?,
        });
    }
    post(store, entries)?;
    let rows = store.balances(&BalanceQuery {
        gl: Some("1100".parse()?),
        ..Default::default()
    })?;
    let rows: Vec<_> = rows
        .iter()
        .map(|b| {
            (
                b.branch.map(|branch| branch.as_str().as_bytes().to_vec()),
                b.currency,
                b.debit,
            )
        })
        .collect();
    let (kes, ugx) = (Currency::from_code("KES")?, Currency::from_code("UGX")?);
    let expected = vec![
        (None, ugx, 100),
        (Some(b"KLA".to_vec()), ugx, 100),
        (Some(b"NBO".to_vec()), kes, 100),
    ];
    same("rows", &rows, &expected)
}

fn walk(store: &mut dyn Store, query: &JournalQuery, size: u32) -> Result<Vec<u128>, Broken> {
    let limit = NonZeroU32::new(size).unwrap_or(NonZeroU32::MIN);
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let mut page = Vec::new();
        store.journal(query, after, limit, &mut page)?;
        ids.extend(page.iter().map(|posted| posted.entry.id().get()));
        match page.last() {
            Some(last) => after = Some(query.key_of(last)),
            None => return Ok(ids),
        }
    }
}

fn journal_pages(store: &mut dyn Store) -> Result<(), Broken> {
    // Entry, value date, booking date.
    for (n, value, booked) in [(1, 9, 9), (2, 1, 9), (3, 2, 2), (4, 2, 9), (5, 2, 2)] {
        post(
            store,
            vec![entry(
                n,
                None,
                (day(value), day(booked)),
                ("1100", "3000"),
                1,
            )?],
        )?;
    }
    for size in [1, 2, 9] {
        let by = |clock| JournalQuery {
            clock,
            ..JournalQuery::default()
        };
        same(
            "booked",
            &walk(store, &by(Clock::Booking), size)?,
            &vec![3, 5, 1, 2, 4],
        )?;
        same(
            "valued",
            &walk(store, &by(Clock::Value), size)?,
            &vec![2, 3, 4, 5, 1],
        )?;
        let (from, through) = (Some(day(2)), Some(day(8)));
        let some = JournalQuery {
            from,
            through,
            ..by(Clock::Value)
        };
        same(
            "from and through",
            &walk(store, &some, size)?,
            &vec![3, 4, 5],
        )?;
    }
    Ok(())
}

fn journal_filters(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = opening(1)?;
    commit.merge(opening(2)?)?;
    let on = (day(0), day(0));
    commit.entries = vec![
        entry(1, Some(1), on, ("1200", "1100"), 10)?,
        entry(2, Some(2), on, ("1200", "1100"), 10)?,
        entry(3, Some(1), on, ("1300", "4100"), 1)?,
        entry(4, None, on, ("1100", "3000"), 50)?,
    ];
    land(store, &commit)?;
    let account = JournalQuery {
        account: Some(id(1)),
        ..JournalQuery::default()
    };
    let gl = JournalQuery {
        gl: Some("1100".parse()?),
        ..JournalQuery::default()
    };
    let both = JournalQuery {
        account: Some(id(1)),
        ..gl
    };
    for size in [1, 9] {
        same("account", &walk(store, &account, size)?, &vec![1, 3])?;
        same("GL account", &walk(store, &gl, size)?, &vec![1, 2, 4])?;
        same("both", &walk(store, &both, size)?, &vec![1])?;
    }
    Ok(())
}

fn account_pages(store: &mut dyn Store) -> Result<(), Broken> {
    let mut commit = opening(1)?;
    commit.merge(opening(2)?)?;
    // Entry, account, value date, booking date.
    let made = [
        (1, Some(1), 9, 9),
        (2, Some(2), 9, 9),
        (3, Some(1), 1, 9),
        (4, Some(1), 2, 2),
        (5, None, 2, 2),
        (6, Some(2), 4, 6),
        (7, Some(1), 4, 6),
        (8, Some(1), 2, 2),
    ];
    for (n, account, value, booked) in made {
        let on = (day(value), day(booked));
        let gl = if n == 8 { "1300" } else { "1200" };
        commit
            .entries
            .push(entry(n, account, on, (gl, "1100"), 10)?);
    }
    land(store, &commit)?;
    let by = |clock| JournalQuery {
        clock,
        account: Some(id(1)),
        ..JournalQuery::default()
    };
    let (from, through) = (Some(day(2)), Some(day(6)));
    let between = |clock| JournalQuery {
        from,
        through,
        ..by(clock)
    };
    let gl = JournalQuery {
        gl: Some("1200".parse()?),
        ..by(Clock::Value)
    };
    let absent = JournalQuery {
        account: Some(id(3)),
        ..JournalQuery::default()
    };
    for size in [1, 2, 9] {
        let pages = |query: &JournalQuery, store: &mut dyn Store| walk(store, query, size);
        let booked = pages(&by(Clock::Booking), store)?;
        same("booked", &booked, &vec![4, 8, 7, 1, 3])?;
        let valued = pages(&by(Clock::Value), store)?;
        same("valued", &valued, &vec![3, 4, 8, 7, 1])?;
        let booked = pages(&between(Clock::Booking), store)?;
        same("booked from and through", &booked, &vec![4, 8, 7])?;
        let valued = pages(&between(Clock::Value), store)?;
        same("valued from and through", &valued, &vec![4, 8, 7])?;
        same("GL account", &pages(&gl, store)?, &vec![3, 4, 7, 1])?;
        same("no such account", &pages(&absent, store)?, &vec![])?;
    }
    Ok(())
}

fn whole_entry(store: &mut dyn Store) -> Result<(), Broken> {
    let amount = Money::from_minor(1_250, Currency::from_code("KES")?)?;
    let builder = |n| {
        JournalEntry::builder(EntryId::new(n), day(1), day(3))
            .reference("RCP-1")
            .notes("counter, second window")
            .tag("channel", "cash")
            .tag("external_id", "x \"quoted\" \\ ü")
            .manual("akello")
    };
    let full = builder(7)
        .debit("1100".parse()?, amount)
        .on_branch("NBO".parse()?)
        .credit("1200".parse()?, amount)
        .on_branch("NBO".parse()?)
        .build()?;
    let reversal = full.reversal(EntryId::new(8), day(4))?;
    let entries: Vec<_> = [full, reversal]
        .into_iter()
        .map(|entry| PostedEntry {
            account: None,
            entry,
        })
        .collect();
    post(store, entries.clone())?;
    let mut page = Vec::new();
    store.journal(&JournalQuery::default(), None, NonZeroU32::MAX, &mut page)?;
    same("entries", &page, &entries)
}
