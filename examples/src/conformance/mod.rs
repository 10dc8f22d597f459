//! The conformance runner: figures from outside, checked through the public API.
//!
//! A case file is recognised by what is in it, not by its name. Each case prints one line,
//! `PASS id`, `FAIL id: first difference (expected ..., got ...)` or `SKIP id: feature`, and the
//! run closes with `N passed, N failed, N skipped`. No figure is held here: what is expected
//! comes from the file.
//!
//! A further kind of file is one module with a [`Recogniser`], listed in `KINDS`. Such a
//! module looks at the [`Source`], and when the shape is its own returns the [`Case`]s. A case
//! that needs what the libraries do not have returns [`Verdict::Skip`]; a case that cannot be
//! read is a failure, not a skip.

mod actus;
mod amortization_tables;
mod apr;
mod daycount;
mod kyc;
mod loans;
mod momo;
mod source;
mod tvm;
mod unknown;
pub mod values;
mod worked_examples;

use std::{
    collections::BTreeMap,
    io::{self, Write},
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
};

pub use source::Source;

/// The kinds of case files, tried in this order. The last takes whatever is left.
const KINDS: &[Recogniser] = &[
    daycount::recognise,
    apr::recognise,
    tvm::recognise,
    amortization_tables::recognise,
    loans::recognise,
    worked_examples::recognise,
    kyc::recognise,
    momo::recognise,
    actus::recognise,
    unknown::recognise,
];

/// Turns a file into its cases; `None` when the shape is not this kind's.
pub type Recogniser = fn(&Source) -> Option<Vec<Case>>;

/// Why a case did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The first difference, or why the case could not be read.
    Fail(String),
    /// The feature that the case needs and the libraries lack.
    Skip(String),
}

impl From<&str> for Verdict {
    fn from(difference: &str) -> Self {
        Self::Fail(difference.to_owned())
    }
}

impl From<String> for Verdict {
    fn from(difference: String) -> Self {
        Self::Fail(difference)
    }
}

/// What a case came to.
pub type Outcome = Result<(), Verdict>;

/// One case: a name that stays the same from run to run, and what to check.
pub struct Case {
    id: String,
    check: Box<dyn Fn() -> Outcome>,
}

impl Case {
    /// A case. Ids need not be unique within a file: the runner numbers repetitions.
    pub fn new(id: impl Into<String>, check: impl Fn() -> Outcome + 'static) -> Self {
        Self {
            id: id.into(),
            check: Box::new(check),
        }
    }

    fn outcome(&self) -> Outcome {
        // A panic in the library is a failed case, not the end of the run.
        panic::catch_unwind(AssertUnwindSafe(|| (self.check)())).unwrap_or_else(|cause| {
            let message = cause
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| cause.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            Err(Verdict::Fail(format!("panicked: {message}")))
        })
    }
}

/// How many cases came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Met.
    pub passed: usize,
    /// Different from what is expected.
    pub failed: usize,
    /// In need of something that is not built.
    pub skipped: usize,
}

/// Reads every file before anything runs.
///
/// # Errors
/// One line naming the file that cannot be read and why.
pub fn load(files: &[PathBuf]) -> Result<Vec<Vec<Case>>, String> {
    files
        .iter()
        .map(|path| {
            let source = Source::read(path)?;
            KINDS
                .iter()
                .find_map(|recognise| recognise(&source))
                .ok_or_else(|| format!("{}: holds no cases", path.display()))
        })
        .collect()
}

/// Runs the cases and prints a line each, then the totals.
///
/// # Errors
/// When `out` cannot be written.
pub fn run(suites: Vec<Vec<Case>>, out: &mut dyn Write) -> io::Result<Totals> {
    let mut totals = Totals::default();
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let printed = suites
        .iter()
        .try_for_each(|cases| run_suite(cases, &mut totals, out));
    panic::set_hook(hook);
    printed?;
    let Totals {
        passed,
        failed,
        skipped,
    } = totals;
    writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped")?;
    Ok(totals)
}

fn run_suite(cases: &[Case], totals: &mut Totals, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        let times = seen.entry(&case.id).or_default();
        *times += 1;
        let id = match *times {
            1 => case.id.clone(),
            n => format!("{}#{n}", case.id),
        };
        match case.outcome() {
            Ok(()) => {
                totals.passed += 1;
                writeln!(out, "PASS {id}")?;
            }
            Err(Verdict::Fail(difference)) => {
                totals.failed += 1;
                writeln!(out, "FAIL {id}: {}", one_line(&difference))?;
            }
            Err(Verdict::Skip(feature)) => {
                totals.skipped += 1;
                writeln!(out, "SKIP {id}: {}", one_line(&feature))?;
            }
        }
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
