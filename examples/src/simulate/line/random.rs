//! Random lines and steps.

use fastrand::Rng;
use lending_core::loan::CreditKind;

use super::{
    Step,
    contract::Contract,
    step::{Closed, What},
};
use crate::simulate::Scenario;

/// The life that a seed stands for.
pub fn scenario(seed: u64, length: usize) -> Scenario<Contract> {
    let mut rng = Rng::with_seed(seed);
    let contract = Contract::draw(&mut rng);
    let steps = (0..length).map(|at| step(&mut rng, at)).collect();
    Scenario { contract, steps }
}

fn step(rng: &mut Rng, at: usize) -> Step {
    let what = match rng.u8(..109) {
        0..24 => What::Pass {
            days: rng.u16(1..25),
            closed: [Closed::Each, Closed::Last, Closed::None][rng.usize(..3)],
        },
        24..40 => What::Draw {
            cents: rng.u32(1..60_000),
            hold: rng.bool().then(|| rng.u8(..)),
        },
        40..43 => What::Hold {
            cents: rng.u32(1..40_000),
        },
        43 => What::Release { nth: rng.u8(..) },
        44..59 => What::Credit {
            kind: [
                CreditKind::Repayment,
                CreditKind::Repayment,
                CreditKind::GoodwillCredit,
                CreditKind::MerchantRefund,
            ][rng.usize(..4)],
            cents: rng.u32(1..60_000),
        },
        59..61 => What::PayOff,
        61..65 => What::Fee {
            penalty: rng.bool(),
            cents: rng.u32(1..4_000),
        },
        65 | 102..104 => What::OwnFee,
        66..69 => What::Waive {
            interest: rng.u32(..2_000),
            fee: rng.u32(..1_000),
            penalty: rng.u32(..1_000),
        },
        69..71 => What::Refund {
            cents: rng.u32(1..8_000),
        },
        71..73 => What::Interest { stops: rng.bool() },
        73..76 => What::Rate {
            percent: rng.u8(..40),
        },
        76..78 => What::Review {
            percent: rng.u8(..40),
        },
        78..81 => What::Pause {
            begins_in: rng.u16(..20),
            days: rng.u16(..40),
        },
        81..83 => What::Limit {
            whole: rng.u32(1..4_000),
        },
        83..85 => What::Freeze { frozen: rng.bool() },
        85..88 => What::Mark { nth: rng.u8(..3) },
        88 | 100..102 => What::WriteOff,
        89..91 => What::Recover {
            cents: rng.u32(1..8_000),
        },
        104..107 => What::Tax {
            percent: rng.u8(..25),
        },
        91 => What::Close,
        _ => What::Reverse { nth: rng.u8(..) },
    };
    Step::draw(rng, at, 70, what)
}
