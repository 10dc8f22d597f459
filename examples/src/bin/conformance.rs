//! `conformance FILE...`: runs case files against the libraries, see [`lending_examples::conformance`].

use std::{io, path::PathBuf, process::ExitCode};

use lending_examples::conformance;

fn main() -> ExitCode {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if files.is_empty() {
        eprintln!("usage: conformance FILE...  (case files, or folders with an INDEX.json)");
        return ExitCode::from(2);
    }
    let suites = match conformance::load(&files) {
        Ok(suites) => suites,
        Err(reason) => {
            eprintln!("conformance: {reason}");
            return ExitCode::from(2);
        }
    };
    match conformance::run(suites, &mut io::stdout().lock()) {
        Ok(totals) if totals.failed == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(reason) => {
            eprintln!("conformance: cannot write the results: {reason}");
            ExitCode::from(2)
        }
    }
}
