//! Encodes and decodes OpenPAYGO tokens line by line, for `peers/openpaygo.py`.
//!
//! In: `encode KEY START COUNT add|set VALUE FLAGS` or `decode KEY START COUNT TOKEN FLAGS`, with
//! flags out of `r` (restricted), `x` (extended) and `-`. Out: `TOKEN COUNT`, or `TYPE VALUE COUNT`.

use std::io::{self, BufRead as _, Write as _};

use mobile_money::paygo::openpaygo::{Command, Device, Entered, Mode, Receiver};

fn device(key: &str, start: &str, flags: &str) -> Option<Device> {
    let byte = |at: usize| u8::from_str_radix(key.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).step_by(2).map(byte).collect();
    let mut device = Device::new(bytes?.try_into().ok()?)
        .with_starting_code(start.parse().ok()?)
        .with_mode(Mode::Compatible);
    if flags.contains('r') {
        device = device.restricted();
    }
    if flags.contains('x') {
        device = device.extended();
    }
    Some(device)
}

fn answer(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["encode", key, start, count, kind, value, flags] => {
            let value = value.parse().ok()?;
            let command = match *kind {
                "add" => Command::AddTime(value),
                _ => Command::SetTime(value),
            };
            let token = device(key, start, flags)?
                .encode(count.parse().ok()?, command)
                .ok()?;
            Some(format!("{} {}", token.text, token.count))
        }
        ["decode", key, start, count, token, flags] => {
            let mut receiver = Receiver::new(device(key, start, flags)?, count.parse().ok()?);
            match receiver.enter(token).ok()? {
                Entered::Accepted {
                    command: Command::AddTime(value),
                    count,
                } => Some(format!("add {value} {count}")),
                Entered::Accepted {
                    command: Command::SetTime(value),
                    count,
                } => Some(format!("set {value} {count}")),
                other => Some(format!("{other:?}")),
            }
        }
        _ => None,
    }
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        writeln!(
            out,
            "{}",
            answer(&line).unwrap_or_else(|| format!("unreadable: {line}"))
        )?;
    }
    Ok(())
}
