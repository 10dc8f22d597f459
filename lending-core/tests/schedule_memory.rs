//! What a schedule asks of the allocator: one piece of memory for its rows, nothing else.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use chrono::{NaiveDate, Weekday};
use ledger::Currency;
use lending_core::{
    dates::{Calendar, NonWorkingDayRule, Period},
    schedule::{Amortization, Instalment, Rate, ScheduleTerms, generate},
};
use rust_decimal::dec;

thread_local! {
    /// Allocations of this thread, and the largest of them; the test harness has threads of its own.
    static ASKED: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

struct Counting;

fn count(bytes: usize) {
    ASKED.with(|asked| {
        let (times, largest) = asked.get();
        asked.set((times + 1, largest.max(bytes)));
    });
}

// SAFETY: every call goes to the system's allocator unchanged; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations a schedule of `terms` takes, and the size of the largest.
fn asked(terms: &ScheduleTerms, calendar: &Calendar) -> (usize, usize) {
    let currency = Currency::from_code("KES").unwrap();
    let start = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap();
    ASKED.with(|asked| asked.set((0, 0)));
    let schedule = generate(terms, dec!(1000000), currency, start, calendar);
    let asked = ASKED.with(Cell::get);
    assert_eq!(
        schedule.unwrap().instalments.len(),
        terms.instalments as usize
    );
    asked
}

#[test]
fn a_schedule_makes_one_allocation_for_its_rows() {
    let plain = ScheduleTerms::new(360, Period::Months(1), Rate::per_year(dec!(24)));
    let rows = 360 * size_of::<Instalment>();
    let mut equal_principal = plain.clone();
    equal_principal.amortization = Amortization::EqualPrincipal { every: 1 };
    let mut moved = plain.clone();
    moved.non_working_days = NonWorkingDayRule::ModifiedNext;
    let sundays = Calendar::new([Weekday::Sun], [], [(12, 25)]).unwrap();
    for (name, terms, calendar) in [
        ("equal instalments", &plain, &Calendar::default()),
        ("equal principal", &equal_principal, &Calendar::default()),
        ("days off", &moved, &sundays),
    ] {
        assert_eq!(asked(terms, calendar), (1, rows), "{name}");
    }
}
