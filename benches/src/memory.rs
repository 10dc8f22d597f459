//! How much memory something takes: an allocator that counts while it is asked to.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    hint::black_box,
    sync::atomic::{AtomicBool, AtomicIsize, Ordering::Relaxed},
};

static COUNTS: AtomicBool = AtomicBool::new(false);
static BYTES: AtomicIsize = AtomicIsize::new(0);

/// The system's allocator, which counts the bytes in use while [`growth`] runs; a program that
/// measures memory makes it its `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting;

fn count(bytes: usize, sign: isize) {
    if COUNTS.load(Relaxed) {
        // An allocation never exceeds `isize::MAX` bytes.
        BYTES.fetch_add(sign * bytes as isize, Relaxed);
    }
}

// SAFETY: every call goes to the system's allocator unchanged; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, 1);
        count(layout.size(), -1);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// By how many bytes memory grew while this was made and is kept; not a number where [`Counting`]
/// is not the allocator of the program.
pub fn growth<T>(work: impl FnOnce() -> T) -> (f64, T) {
    BYTES.store(0, Relaxed);
    COUNTS.store(true, Relaxed);
    // Kept from the compiler, which may leave out an allocation that nobody looks at.
    let probe = black_box(Box::new([0_u8; 64]));
    let counted = BYTES.load(Relaxed) >= 64;
    drop(probe);
    let kept = work();
    COUNTS.store(false, Relaxed);
    let bytes = BYTES.load(Relaxed) as f64;
    (if counted { bytes } else { f64::NAN }, kept)
}
