//! Steps that do the same with less.

use lending_core::loan::CreditKind;

use super::step::{Step, What};

impl Step {
    /// Steps that do the same with less, for shrinking.
    pub fn simpler(&self) -> Vec<Self> {
        let mut all = vec![
            Self {
                back: 0,
                ..self.clone()
            },
            Self {
                back: self.back / 2,
                ..self.clone()
            },
            Self {
                channel: 0,
                ..self.clone()
            },
        ];
        let round = |cents: u32| cents.div_ceil(10_000) * 10_000;
        let whats = match self.what {
            What::Pass { days, each } => vec![
                What::Pass {
                    days: days / 2,
                    each,
                },
                What::Pass {
                    days: days.saturating_sub(1),
                    each,
                },
                What::Pass { days, each: false },
            ],
            What::Credit { kind, cents } => vec![
                What::Credit {
                    kind: CreditKind::Repayment,
                    cents,
                },
                What::Credit {
                    kind,
                    cents: round(cents),
                },
            ],
            What::Charge {
                penalty,
                cents,
                due_in,
            } => vec![
                What::Charge {
                    penalty: false,
                    cents,
                    due_in,
                },
                What::Charge {
                    penalty,
                    cents: 1_000,
                    due_in,
                },
                What::Charge {
                    penalty,
                    cents,
                    due_in: 0,
                },
            ],
            What::ChargeEach { penalty, of, .. } => vec![What::ChargeEach {
                penalty,
                cents: 1_000,
                of,
            }],
            What::Carry {
                top_up,
                give_up,
                follow,
            } => vec![
                What::Carry {
                    top_up: 0,
                    give_up,
                    follow,
                },
                What::Carry {
                    top_up,
                    give_up: 0,
                    follow,
                },
            ],
            What::Chargeback { nth, cents } => vec![What::Chargeback {
                nth,
                cents: round(cents),
            }],
            What::Refund { cents } => vec![What::Refund {
                cents: round(cents),
            }],
            What::Tranche { cents } => vec![What::Tranche {
                cents: round(cents),
            }],
            _ => Vec::new(),
        };
        all.extend(whats.into_iter().map(|what| Self {
            what,
            ..self.clone()
        }));
        all.retain(|step| step != self);
        all
    }
}
