//! Random contracts and steps.

use fastrand::Rng;
use lending_core::loan::{
    CreditKind, FutureMoney, MovedInterest, OverdueInterestMove, PenaltyBase, Recalculation,
};

use super::{
    Step,
    contract::{Contract, Guard},
    options::Options,
    step::What,
};
use crate::simulate::Scenario;

/// The life that a seed stands for.
pub fn scenario(seed: u64, length: usize) -> Scenario<Contract> {
    let mut rng = Rng::with_seed(seed);
    // Half of the lives stay within what the second model covers.
    let plain = rng.bool();
    let contract = contract(&mut rng, plain);
    let steps = (0..length).map(|at| step(&mut rng, at, plain)).collect();
    Scenario { contract, steps }
}

fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(..from.len())]
}

fn contract(rng: &mut Rng, plain: bool) -> Contract {
    let reduce = FutureMoney::ReducePrincipal;
    let on_balance = rng.bool().then(|| rng.bool());
    let ahead = [
        FutureMoney::NextInstalment,
        FutureMoney::LastInstalment,
        FutureMoney::NextThenLast,
        FutureMoney::Spread,
        FutureMoney::CreditBalance,
        reduce(Recalculation::ReduceInstalment),
        reduce(Recalculation::ReduceNumber),
        reduce(Recalculation::ReduceNumberLevelled),
        reduce(Recalculation::NextInstalments),
        reduce(Recalculation::SpreadPrincipal),
        reduce(Recalculation::KeepPrincipal),
        reduce(Recalculation::KeepTotal),
    ];
    let future = match (plain, on_balance) {
        (true, Some(_)) => reduce(Recalculation::ReduceNumber),
        (true, None) => pick(rng, &ahead[..3]),
        (false, Some(_)) => pick(rng, &ahead),
        (false, None) => pick(rng, &ahead[..5]),
    };
    let bases = [
        PenaltyBase::OverduePrincipal,
        PenaltyBase::OverduePrincipalAndInterest,
        PenaltyBase::OutstandingPrincipal,
    ];
    let guards = [Guard::LockAfter10, Guard::SoftCap5, Guard::HardCap3];
    Contract {
        on_balance,
        method: rng.u8(..if on_balance.is_some() { 3 } else { 4 }),
        vertical: rng.bool(),
        order: rng.u8(..24),
        buckets: !plain && rng.bool(),
        future,
        penalty: rng.bool().then(|| pick(rng, &bases)),
        guard: (!plain && rng.bool()).then(|| pick(rng, &guards)),
        late: if plain || rng.bool() { 0 } else { rng.u8(..4) },
        paid_early: if plain || rng.bool() { 0 } else { rng.u8(..4) },
        fee: if plain || rng.bool() { 0 } else { rng.u8(..7) },
        instalments: rng.u32(2..9),
        applied: if rng.u8(..4) == 0 {
            std::array::from_fn(|_| rng.u8(..10))
        } else {
            [u8::MAX; 5]
        },
        options: Options::draw(rng, plain),
    }
}

fn step(rng: &mut Rng, at: usize, plain: bool) -> Step {
    let kinds = [
        CreditKind::Repayment,
        CreditKind::Repayment,
        CreditKind::Repayment,
        CreditKind::GoodwillCredit,
        CreditKind::MerchantRefund,
        CreditKind::ChargeAdjustment,
        CreditKind::DownPayment,
        CreditKind::PayoutRefund,
        CreditKind::InterestPaymentWaiver,
    ];
    let spread = [
        MovedInterest::StaysDue,
        MovedInterest::SpreadArisen,
        MovedInterest::SpreadScheduled,
    ];
    let overdue = [
        OverdueInterestMove::StaysDue,
        OverdueInterestMove::NextInstalment,
        OverdueInterestMove::Spread,
        OverdueInterestMove::Waived,
    ];
    let what = match rng.u8(..if plain { 77 } else { 166 }) {
        0..24 => What::Pass {
            days: rng.u16(1..40),
            each: rng.u8(..3) == 0,
        },
        24..44 => What::Credit {
            kind: pick(rng, &kinds),
            cents: rng.u32(1..40_000),
        },
        44..50 => What::Charge {
            penalty: rng.bool(),
            cents: rng.u32(1..5_000),
            due_in: if rng.bool() { 0 } else { rng.u16(..60) },
        },
        50..53 => What::ChargeEach {
            penalty: rng.bool(),
            cents: rng.u32(1..1_000),
            of: rng.u8(..4),
        },
        53..56 => What::Waive { nth: rng.u8(..) },
        56..59 => What::Chargeback {
            nth: rng.u8(..),
            cents: rng.u32(1..20_000),
        },
        59..61 => What::Refund {
            cents: rng.u32(1..10_000),
        },
        61..62 => What::PayOff,
        62..63 => What::WriteOff,
        63..74 => What::Reverse { nth: rng.u8(..) },
        74 => What::Carry {
            top_up: if rng.bool() { 0 } else { rng.u32(1..50_000) },
            give_up: if rng.u8(..3) == 0 {
                rng.u32(1..5_000)
            } else {
                0
            },
            follow: rng.bool(),
        },
        75 => What::Sell {
            kind: rng.u8(..3),
            settles_in: rng.u16(..30),
        },
        76 => What::Transfer {
            branch: rng.u8(..3),
            officer: rng.bool(),
        },
        77..80 => What::Rate {
            percent: rng.u8(..30),
        },
        136..139 => What::Pause {
            begins_in: rng.u16(..20),
            days: rng.u16(..40),
        },
        80 => What::ChargeOff {
            reason: rng.u8(..3),
        },
        81 if rng.bool() => What::Unlock,
        81 => What::Lock {
            interest: rng.bool(),
            fees: rng.bool(),
            penalties: rng.bool(),
        },
        82..85 => What::ReAmortise {
            interest: pick(rng, &overdue),
        },
        85..88 => What::ReAge {
            first_in: rng.u16(..45),
            count: rng.u16(1..8),
            weeks: rng.bool(),
            interest: pick(rng, &spread),
        },
        88..90 => What::Terminate,
        90..94 => What::Move {
            nth: rng.u8(..),
            days: rng.u16(..40),
            grace: rng.u16(..3),
        },
        94..96 => What::Tranche {
            cents: rng.u32(1..20_000),
        },
        96..98 => What::GiveUp {
            cents: rng.u32(1..3_000),
            nth: rng.u8(..4),
        },
        98 => What::Recover {
            cents: rng.u32(1..30_000),
        },
        100..103 => What::ApplyInterest,
        103..105 => What::PutAside {
            cents: rng.u32(1..20_000),
        },
        105 => What::TakeOut {
            cents: rng.u32(1..20_000),
        },
        107..109 => What::PauseDelinquency {
            begins_in: rng.u16(..10),
            days: rng.u16(..60),
        },
        109 => What::ResumeDelinquency,
        110 => What::Close,
        111 => What::UndoClose,
        112..115 => What::PutOff {
            nth: rng.u8(..),
            grace: rng.u16(1..3),
        },
        115..117 => What::Extend {
            nth: rng.u8(..),
            extra: rng.u16(..3),
            percent: rng.u8(..30),
        },
        117..121 => What::Return {
            payout: rng.bool(),
            cents: rng.u32(1..40_000),
        },
        121..123 => What::Split {
            interest: rng.u32(..500),
            principal: rng.u32(1..10_000),
        },
        123..125 => What::WaiveInterest {
            cents: rng.u32(1..1_000),
        },
        125..127 => What::Capitalise {
            cents: rng.u32(1..10_000),
        },
        127..129 => What::BuyDown {
            cents: rng.u32(1..10_000),
        },
        129..131 => What::AdjustDeferred {
            nth: rng.u8(..),
            cents: rng.u32(1..8_000),
        },
        131..133 => What::Review {
            percent: rng.u8(..30),
        },
        133 => What::CancelSale { nth: rng.u8(..) },
        134 => What::Apply { nth: rng.u8(..) },
        139..143 => What::Sell {
            kind: rng.u8(..3),
            settles_in: rng.u16(..30),
        },
        143..146 => What::Credit {
            kind: pick(
                rng,
                &[
                    CreditKind::InterestRefund,
                    CreditKind::Refinanced,
                    CreditKind::Rescheduled,
                    CreditKind::CapitalisedIncomeAdjustment,
                ],
            ),
            cents: rng.u32(1..20_000),
        },
        146..149 => What::AdjustDeferred {
            nth: rng.u8(..),
            cents: rng.u32(1..8_000),
        },
        149..151 => What::CancelSale { nth: rng.u8(..) },
        151..153 => What::ResumeDelinquency,
        153..156 => What::Close,
        156..159 => What::UndoClose,
        162..165 => What::Tax {
            percent: rng.u8(..25),
            penalties: rng.bool(),
        },
        159..=160 => What::Recover {
            cents: rng.u32(1..3_000),
        },
        _ => What::PayOff,
    };
    let step = Step::draw(rng, at, 90, what);
    let channel = if rng.u8(..4) == 0 { rng.u8(1..3) } else { 0 };
    Step { channel, ..step }
}
