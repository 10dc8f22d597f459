//! `simulate --seed N --steps N`: random lives of loans against laws, see
//! [`lending_examples::simulate`].

use std::{io, process::ExitCode};

use clap::Parser;
use lending_examples::simulate::{self, Options};

fn main() -> ExitCode {
    match simulate::print(&Options::parse(), &mut io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(reason) => {
            eprintln!("simulate: cannot print: {reason}");
            ExitCode::from(2)
        }
    }
}
