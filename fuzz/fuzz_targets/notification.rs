//! Every provider's reader takes any bytes, and the intake loses none of them.
#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use mobile_money::{Channel, Intake, Trusted, intake::Delivery, wire::detect};

fuzz_target!(|data: &[u8]| {
    for channel in Channel::ALL.into_iter().chain(detect(data)) {
        let mut intake = Intake::default();
        let delivery = Delivery::new(channel, DateTime::UNIX_EPOCH);
        let heard = intake.hear(Trusted::claimed(data), &delivery);
        for received in &heard.received {
            assert!(intake.transaction(&received.key).is_some());
        }
        assert_eq!(heard.unreadable, intake.unreadable().count() == 1);
    }
});
