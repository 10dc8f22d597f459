//! `lender`: see [`lending_examples::lender`] and `lender --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    lending_examples::lender::cli::main()
}
