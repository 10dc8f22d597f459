//! Device tokens: what is encoded is read once, and any text may be typed.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use mobile_money::paygo::{
    nexus::{self, FullCommand, SmallCommand},
    openpaygo::{Command, Device, Entered, Mode, Receiver},
};

#[derive(Arbitrary, Debug)]
struct Input {
    key: [u8; 16],
    start: u32,
    last: u16,
    value: u32,
    add: bool,
    restricted: bool,
    extended: bool,
    compatible: bool,
    typed: Vec<String>,
}

fuzz_target!(|input: Input| {
    let last = u32::from(input.last) % 300;
    let mut device =
        Device::new(input.key).with_starting_code(u64::from(input.start % 1_000_000_000));
    if input.restricted {
        device = device.restricted();
    }
    if input.extended {
        device = device.extended();
    }
    if input.compatible {
        device = device.with_mode(Mode::Compatible);
    }
    let command = if input.add {
        Command::AddTime(input.value)
    } else {
        Command::SetTime(input.value)
    };
    let mut receiver = Receiver::new(device.clone(), last);
    for text in &input.typed {
        let _ = receiver.enter(text);
    }
    if let Ok(token) = device.encode(last, command)
        && !input.compatible
    {
        let mut receiver = Receiver::new(device, last);
        let count = token.count;
        assert_eq!(
            receiver.enter(&token.text),
            Ok(Entered::Accepted { command, count })
        );
        assert_eq!(receiver.enter(&token.text), Ok(Entered::AlreadyUsed));
    }
    let mut receiver = nexus::Receiver::fresh(input.key);
    for text in &input.typed {
        let _ = receiver.enter_full(text);
        let _ = receiver.enter_small(text);
    }
    let id = last % 40;
    if let Ok(code) = nexus::full(&input.key, id, FullCommand::AddHours(input.value)) {
        let mut receiver = nexus::Receiver::fresh(input.key);
        let command = FullCommand::AddHours(input.value);
        assert_eq!(
            receiver.enter_full(&code),
            Ok(nexus::Entered::Accepted { command, id })
        );
        assert_eq!(receiver.enter_full(&code), Ok(nexus::Entered::AlreadyUsed));
    }
    if let Ok(days) = nexus::add_days_at_least(input.value % 500) {
        assert!(days >= input.value % 500);
        let code = nexus::small(&input.key, id, SmallCommand::AddDays(days)).unwrap();
        let mut receiver = nexus::Receiver::fresh(input.key);
        let command = SmallCommand::AddDays(days);
        assert_eq!(
            receiver.enter_small(&code),
            Ok(nexus::Entered::Accepted { command, id })
        );
    }
});
