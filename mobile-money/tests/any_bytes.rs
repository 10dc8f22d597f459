//! No reader panics, whatever arrives, and what is read is exact.

use law_runs::runs;
use mobile_money::{Channel, Message, parse, wire::detect};
use proptest::prelude::*;

fn samples() -> Vec<Vec<u8>> {
    let folder = format!("{}/tests/data/samples", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn every_sample_on_every_channel() {
    for sample in samples() {
        for channel in Channel::ALL {
            let _ = parse(channel, &sample);
        }
        let _ = detect(&sample);
    }
}

#[test]
fn hostile_messages_are_refused() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let code = |body: &[u8]| {
        parse(Channel::MpesaC2bConfirmation, body)
            .unwrap_err()
            .code()
    };
    assert_eq!(code(deep.as_bytes()), 6003);
    assert_eq!(code(br#"{"TransID":"A","TransID":"B"}"#), 6004);
    assert_eq!(code(&vec![b' '; (1 << 20) + 1]), 6001);
    assert_eq!(code(b"\xff"), 6002);
    let entities = br#"<!DOCTYPE x [<!ENTITY a "b">]><COMMAND>&a;</COMMAND>"#;
    assert_eq!(
        parse(Channel::TigoBillpay, entities).unwrap_err().code(),
        6005
    );
    for amount in [
        "-5",
        "1e3",
        "5,000",
        "NaN",
        "1.2.3",
        "99999999999999999999999999999",
    ] {
        let body = format!(r#"{{"TransID":"A","TransAmount":"{amount}"}}"#);
        assert_eq!(code(body.as_bytes()), 6007, "{amount}");
    }
}

/// 0.1 + 0.2 and 19 digits: amounts written as JSON numbers never pass through a float.
#[test]
fn numbers_keep_their_digits() {
    for (written, exact) in [
        ("0.30000000000000004", "0.30000000000000004"),
        ("1234567890123456789.01", "1234567890123456789.01"),
        ("1.0E7", "10000000"),
        ("15e-1", "1.5"),
    ] {
        let body = format!(r#"{{"TransID":"A","TransAmount":{written}}}"#);
        let Message::Payment(payment) =
            parse(Channel::MpesaC2bConfirmation, body.as_bytes()).unwrap()
        else {
            panic!()
        };
        assert_eq!(payment.amount.unwrap().to_string(), exact);
    }
}

proptest! {
    #![proptest_config(runs(256))]

    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        for channel in Channel::ALL {
            let _ = parse(channel, &bytes);
        }
        let _ = detect(&bytes);
    }

    /// A real message with some bytes replaced, dropped or doubled.
    #[test]
    fn broken_samples(pick: prop::sample::Index, edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6)) {
        let samples = samples();
        let mut bytes = samples[pick.index(samples.len())].clone();
        for (at, byte, how) in edits {
            if bytes.is_empty() { break; }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.insert(at, byte),
            }
        }
        let detected = detect(&bytes);
        for channel in Channel::ALL.into_iter().chain(detected) {
            let _ = parse(channel, &bytes);
        }
    }
}
