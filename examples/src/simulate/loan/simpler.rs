//! Steps that do the same with less.

use lending_core::loan::CreditKind;

use super::step::What;
use crate::simulate;

impl simulate::What for What {
    fn passes(&self) -> Option<(u16, &'static str)> {
        match *self {
            Self::Pass { days, each: true } => Some((days, "each day closed")),
            Self::Pass { days, each: false } => Some((days, "closed at once")),
            _ => None,
        }
    }

    fn simpler(&self) -> Vec<Self> {
        let round = |cents: u32| cents.div_ceil(10_000) * 10_000;
        match *self {
            Self::Pass { days, each } => vec![
                Self::Pass {
                    days: days / 2,
                    each,
                },
                Self::Pass {
                    days: days.saturating_sub(1),
                    each,
                },
                Self::Pass { days, each: false },
            ],
            Self::Credit { kind, cents } => vec![
                Self::Credit {
                    kind: CreditKind::Repayment,
                    cents,
                },
                Self::Credit {
                    kind,
                    cents: round(cents),
                },
            ],
            Self::Charge {
                penalty,
                cents,
                due_in,
            } => vec![
                Self::Charge {
                    penalty: false,
                    cents,
                    due_in,
                },
                Self::Charge {
                    penalty,
                    cents: 1_000,
                    due_in,
                },
                Self::Charge {
                    penalty,
                    cents,
                    due_in: 0,
                },
            ],
            Self::ChargeEach { penalty, of, .. } => vec![Self::ChargeEach {
                penalty,
                cents: 1_000,
                of,
            }],
            Self::Carry {
                top_up,
                give_up,
                follow,
            } => vec![
                Self::Carry {
                    top_up: 0,
                    give_up,
                    follow,
                },
                Self::Carry {
                    top_up,
                    give_up: 0,
                    follow,
                },
            ],
            Self::Chargeback { nth, cents } => vec![Self::Chargeback {
                nth,
                cents: round(cents),
            }],
            Self::Refund { cents } => vec![Self::Refund {
                cents: round(cents),
            }],
            Self::Tranche { cents } => vec![Self::Tranche {
                cents: round(cents),
            }],
            _ => Vec::new(),
        }
    }
}
