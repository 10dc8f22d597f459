//! Links the domain crates without `std`; see `Cargo.toml`.
#![no_std]

extern crate alloc;

use core::{
    alloc::{GlobalAlloc, Layout},
    panic::PanicInfo,
};

// Named so that the linker has to look at each of them.
use kyc_rules as _;
use ledger as _;
use lending_core as _;
use mobile_money as _;
use products as _;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

struct Nothing;

// SAFETY: hands out nothing, so there is nothing to get wrong; the library is linked, never run.
unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: Nothing = Nothing;
