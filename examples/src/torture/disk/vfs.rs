//! The disk as SQLite sees it: its file operations in C.

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    sync::Once,
};

use rusqlite::ffi;

use super::{Change, DISK, SECTOR, SHM_PAGE};

/// What SQLite holds for an open file.
#[repr(C)]
struct File {
    methods: *const ffi::sqlite3_io_methods,
    name: *mut String,
}

/// The name of an open file.
///
/// # Safety
/// `file` is one that `open` has filled and `close` has not yet emptied.
unsafe fn name_of<'a>(file: *mut ffi::sqlite3_file) -> &'a str {
    // SAFETY: `open` put a leaked `String` there, which lives until `close`.
    unsafe { &*(*file.cast::<File>()).name }
}

/// A C string that SQLite gives as a file name.
///
/// # Safety
/// `name` is null or a string that ends in zero.
unsafe fn text(name: *const c_char) -> Option<String> {
    if name.is_null() {
        return None;
    }
    // SAFETY: not null, and ends in zero as the caller promises.
    Some(
        unsafe { CStr::from_ptr(name) }
            .to_string_lossy()
            .into_owned(),
    )
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a file name or null.
    let given = unsafe { text(name) };
    let opened = DISK.with_borrow_mut(|disk| {
        let name = given.unwrap_or_else(|| {
            disk.temporary += 1;
            format!("temporary-{}", disk.temporary)
        });
        let known = disk.files.contains_key(&name);
        if disk.dead || (!known && flags & ffi::SQLITE_OPEN_CREATE == 0) {
            return None;
        }
        disk.files.entry(name.clone()).or_default();
        Some(name)
    });
    let (methods, name, code) = match opened {
        Some(name) => (
            &raw const METHODS,
            Box::into_raw(Box::new(name)),
            ffi::SQLITE_OK,
        ),
        None => (
            core::ptr::null(),
            core::ptr::null_mut(),
            ffi::SQLITE_CANTOPEN,
        ),
    };
    // SAFETY: SQLite has reserved `szOsFile` bytes at `file`, and `out_flags` is null or valid.
    unsafe {
        file.cast::<File>().write(File { methods, name });
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    code
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the box leaked by `open`, taken back once: SQLite closes a file once.
    unsafe {
        let file = file.cast::<File>();
        drop(Box::from_raw((*file).name));
        (*file).name = core::ptr::null_mut();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: an open file, and a buffer of `amount` bytes.
    let (name, buffer) = unsafe {
        (
            name_of(file),
            core::slice::from_raw_parts_mut(buffer.cast::<u8>(), amount as usize),
        )
    };
    DISK.with_borrow(|disk| {
        if disk.dead {
            return ffi::SQLITE_IOERR_READ;
        }
        let bytes = disk.files.get(name).map_or(&[][..], |content| &content.now);
        let from = (offset as usize).min(bytes.len());
        let to = (from + buffer.len()).min(bytes.len());
        let (have, missing) = buffer.split_at_mut(to - from);
        have.copy_from_slice(&bytes[from..to]);
        missing.fill(0);
        if missing.is_empty() {
            ffi::SQLITE_OK
        } else {
            ffi::SQLITE_IOERR_SHORT_READ
        }
    })
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: an open file, and `amount` bytes to write.
    let (name, data) = unsafe {
        (
            name_of(file),
            core::slice::from_raw_parts(data.cast::<u8>(), amount as usize),
        )
    };
    let change = Change::Write(offset as usize, data.to_vec());
    DISK.with_borrow_mut(|disk| disk.change(name, change, ffi::SQLITE_FULL))
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: an open file.
    let name = unsafe { name_of(file) };
    let change = Change::Truncate(size as usize);
    DISK.with_borrow_mut(|disk| disk.change(name, change, ffi::SQLITE_IOERR_TRUNCATE))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    let name = unsafe { name_of(file) };
    DISK.with_borrow_mut(|disk| {
        if let Some(code) = disk.step(ffi::SQLITE_IOERR_FSYNC, false) {
            return code;
        }
        if let Some(content) = disk.files.get_mut(name).filter(|_| !disk.lies) {
            content.safe = content.now.clone();
            content.pending.clear();
        }
        ffi::SQLITE_OK
    })
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    // SAFETY: an open file, and a place for the answer.
    unsafe {
        let name = name_of(file);
        *size = DISK.with_borrow(|disk| disk.files.get(name).map_or(0, |c| c.now.len() as i64));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock(_: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn is_reserved(_: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: a place for the answer. One connection at a time: nobody else holds a lock.
    unsafe { *out = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    SECTOR as c_int
}

unsafe extern "C" fn characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    _: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file, and a place for the answer. Boxes do not move when the list grows.
    unsafe {
        let name = name_of(file);
        *out = DISK.with_borrow_mut(|disk| {
            let pages = disk.shared.entry(name.into()).or_default();
            while extend != 0 && pages.len() <= page as usize {
                pages.push(Box::new([0; SHM_PAGE / 8]));
            }
            pages
                .get_mut(page as usize)
                .map_or(core::ptr::null_mut(), |p| p.as_mut_ptr().cast())
        });
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(_: *mut ffi::sqlite3_file, _: c_int, _: c_int, _: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    // SAFETY: an open file.
    let name = unsafe { name_of(file) };
    if delete != 0 {
        DISK.with_borrow_mut(|disk| drop(disk.shared.remove(name)));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: SQLite gives a file name.
    let name = unsafe { text(name) }.unwrap_or_default();
    DISK.with_borrow_mut(|disk| {
        if let Some(code) = disk.step(ffi::SQLITE_IOERR_DELETE, false) {
            return code;
        }
        match disk.files.remove(&name) {
            Some(content) => {
                if sync_folder == 0 {
                    disk.deleted.insert(name, content);
                }
                ffi::SQLITE_OK
            }
            None => ffi::SQLITE_IOERR_DELETE_NOENT,
        }
    })
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a file name and a place for the answer.
    unsafe {
        let name = text(name).unwrap_or_default();
        *out = c_int::from(DISK.with_borrow(|disk| disk.files.contains_key(&name)));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_path(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: a string that ends in zero, and `room` bytes for the answer.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > room as usize {
            return ffi::SQLITE_CANTOPEN;
        }
        core::ptr::copy_nonoverlapping(bytes.as_ptr(), out.cast::<u8>(), bytes.len());
    }
    ffi::SQLITE_OK
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

pub(super) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the platform's VFS is copied for what has nothing to do with files (randomness,
        // time, sleep), its file operations are replaced, and the copy is never freed.
        let code = unsafe {
            let mut vfs = *ffi::sqlite3_vfs_find(core::ptr::null());
            vfs.szOsFile = size_of::<File>() as c_int;
            vfs.pNext = core::ptr::null_mut();
            vfs.zName = c"power-cut".as_ptr();
            vfs.xOpen = Some(open);
            vfs.xDelete = Some(delete);
            vfs.xAccess = Some(access);
            vfs.xFullPathname = Some(full_path);
            ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0)
        };
        assert_eq!(code, ffi::SQLITE_OK);
    });
}
