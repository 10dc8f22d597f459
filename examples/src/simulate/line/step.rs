//! What is tried on a line, as data, and the command that it stands for.

use chrono::NaiveDate;
use lending_core::{
    loan::{Amounts, CreditKind, TaxRates, TransactionId, code},
    revolving::{Command, CreditLine, History, NewTransaction, Status, TransactionKind},
};

use super::{Step, contract::Contract};
use crate::simulate::{
    self, Contract as _,
    scenario::{later, money},
};

/// Which of the days that pass are closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Each of them, and all at once gives the same.
    Each,
    /// The last.
    Last,
    /// None.
    None,
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Days pass.
    Pass { days: u16, closed: Closed },
    /// Money is drawn, maybe out of a hold.
    Draw { cents: u32, hold: Option<u8> },
    /// Part of the limit is held.
    Hold { cents: u32 },
    /// It is given up.
    Release { nth: u8 },
    /// Money comes in.
    Credit { kind: CreditKind, cents: u32 },
    /// Money comes in for what is owed in full.
    PayOff,
    /// A fee or penalty.
    Fee { penalty: bool, cents: u32 },
    /// The fee of the contract that is charged by hand.
    OwnFee,
    /// Charges are forgiven.
    Waive {
        interest: u32,
        fee: u32,
        penalty: u32,
    },
    /// The credit balance is paid back.
    Refund { cents: u32 },
    /// Interest is not calculated, or again.
    Interest { stops: bool },
    /// The rate changes.
    Rate { percent: u8 },
    /// The index is reviewed.
    Review { percent: u8 },
    /// The rates of taxes change.
    Tax { percent: u8 },
    /// Interest rests.
    Pause { begins_in: u16, days: u16 },
    /// The limit changes.
    Limit { whole: u32 },
    /// Nothing may be drawn, or again; mostly what is not so already.
    Freeze { frozen: bool },
    /// Marked by hand: 0 arrears, 1 default, 2 no longer.
    Mark { nth: u8 },
    /// Everything is given up; where it is, some money comes in for it.
    WriteOff,
    /// Money for what was given up.
    Recover { cents: u32 },
    /// The line ends.
    Close,
    /// A transaction is reversed.
    Reverse { nth: u8 },
}

/// One of some, chosen by counting.
fn nth<T>(mut all: impl ExactSizeIterator<Item = T>, nth: u8) -> Option<T> {
    let at = usize::from(nth).checked_rem(all.len())?;
    all.nth(at)
}

impl Step {
    /// The command that it stands for today; `None` when there is nothing it could mean.
    pub fn command(
        &self,
        line: &CreditLine,
        history: &History,
        today: NaiveDate,
    ) -> Option<Command> {
        let on = self.since(Contract::start(), today);
        if let What::Reverse { nth: at } = self.what {
            let live: Vec<TransactionId> = history
                .iter()
                .filter(|t| t.reversed_on.is_none())
                .map(|t| t.id)
                .collect();
            let transaction = nth(live.into_iter(), at)?;
            return Some(Command::Reverse { transaction });
        }
        let kind = self.money(line, today).or_else(|| self.rest(line, on))?;
        let id = TransactionId::new(self.id.into());
        Some(Command::Record(NewTransaction::new(id, on, kind)))
    }

    fn money(&self, line: &CreditLine, today: NaiveDate) -> Option<TransactionKind> {
        let hold = |at| nth(line.holds().iter(), at).map(|hold| hold.transaction);
        Some(match self.what {
            What::Draw { cents, hold: from } => TransactionKind::Draw {
                amount: money(cents),
                hold: from.and_then(hold),
            },
            What::Hold { cents } => TransactionKind::Hold {
                amount: money(cents),
            },
            What::Release { nth } => TransactionKind::ReleaseHold { hold: hold(nth)? },
            What::Credit { kind, cents } => TransactionKind::Credit {
                kind,
                amount: money(cents),
            },
            What::PayOff => TransactionKind::Credit {
                kind: CreditKind::Repayment,
                amount: line.payoff(today).ok()?,
            },
            What::Fee { penalty, cents } => TransactionKind::Fee {
                name: code("visit").ok()?,
                penalty,
                amount: Some(money(cents)),
            },
            What::OwnFee => TransactionKind::Fee {
                name: code("by-hand").ok()?,
                penalty: false,
                amount: None,
            },
            What::Waive {
                interest,
                fee,
                penalty,
            } => TransactionKind::Waiver {
                amounts: Amounts {
                    interest: money(interest).min(line.owed().interest),
                    fee: money(fee).min(line.owed().fee),
                    penalty: money(penalty).min(line.owed().penalty),
                    ..Amounts::ZERO
                },
            },
            What::Refund { cents } => TransactionKind::CreditRefund {
                amount: money(cents),
            },
            What::Recover { cents } => TransactionKind::Recovery {
                amount: money(cents),
            },
            _ => return None,
        })
    }

    fn rest(&self, line: &CreditLine, on: NaiveDate) -> Option<TransactionKind> {
        Some(match self.what {
            What::WriteOff if line.status() == Status::WrittenOff => TransactionKind::Recovery {
                amount: money(self.id),
            },
            What::Freeze { frozen } if frozen == line.is_frozen() && !self.id.is_multiple_of(3) => {
                return Self {
                    what: What::Freeze { frozen: !frozen },
                    ..*self
                }
                .rest(line, on);
            }
            What::Interest { stops: true } => TransactionKind::StopInterest,
            What::Interest { stops: false } => TransactionKind::StartInterest,
            What::Rate { percent } => TransactionKind::RateChange {
                percent: percent.into(),
            },
            What::Tax { percent } => {
                let rate = Some(percent.into());
                TransactionKind::TaxRateChange(TaxRates {
                    interest: rate,
                    fee: rate,
                    penalty: rate,
                })
            }
            What::Review { percent } => TransactionKind::IndexReview {
                index: percent.into(),
            },
            What::Pause { begins_in, days } => {
                let first = later(on, begins_in);
                TransactionKind::InterestPause {
                    first,
                    last: later(first, days),
                }
            }
            What::Limit { whole } => TransactionKind::ChangeLimit {
                limit: whole.into(),
            },
            What::Freeze { frozen: true } => TransactionKind::Freeze,
            What::Freeze { frozen: false } => TransactionKind::Unfreeze,
            What::Mark { nth: 0 } => TransactionKind::MarkArrears,
            What::Mark { nth: 1 } => TransactionKind::MarkDefault,
            What::Mark { .. } => TransactionKind::ClearMarks,
            What::WriteOff => TransactionKind::WriteOff,
            What::Close => TransactionKind::Close,
            _ => return None,
        })
    }

    /// What is tried, as counted in the end.
    pub fn name(&self, command: &Command) -> String {
        let special = match (&self.what, command) {
            (What::OwnFee, _) => " of the contract",
            (_, Command::Record(new)) => match new.kind {
                TransactionKind::Draw { hold: Some(_), .. } => " of a hold",
                _ => "",
            },
            _ => "",
        };
        format!("line: {}{special}", command.name())
    }
}

impl simulate::What for What {
    fn passes(&self) -> Option<(u16, &'static str)> {
        match *self {
            Self::Pass { days, closed } => Some((
                days,
                match closed {
                    Closed::Each => "each day closed",
                    Closed::Last => "closed at once",
                    Closed::None => "not closed",
                },
            )),
            _ => None,
        }
    }

    fn simpler(&self) -> Vec<Self> {
        let round = |cents: u32| cents.div_ceil(10_000) * 10_000;
        match *self {
            Self::Pass { days, closed } => vec![
                Self::Pass {
                    days: days / 2,
                    closed,
                },
                Self::Pass {
                    days: days.saturating_sub(1),
                    closed,
                },
                Self::Pass {
                    days,
                    closed: Closed::Last,
                },
            ],
            Self::Draw { cents, hold } => {
                let cents = round(cents);
                vec![Self::Draw { cents, hold }, Self::Draw { cents, hold: None }]
            }
            Self::Credit { cents, .. } => vec![Self::Credit {
                kind: CreditKind::Repayment,
                cents: round(cents),
            }],
            Self::Fee { penalty, .. } => vec![Self::Fee {
                penalty,
                cents: 1_000,
            }],
            _ => Vec::new(),
        }
    }
}
