//! The command that a step stands for.

use chrono::NaiveDate;
use lending_core::{
    dates::Period,
    ids::ActorId,
    loan::{
        Amounts, Command, CreditKind, Element, History, InstalmentShare, LoanAccount,
        LockedOperations, NewTransaction, Rescheduling, Status, TaxRates, TransactionId,
        TransactionKind, code,
    },
};

use super::{
    Step,
    step::{CHANNELS, REASONS, What, beside, named},
};
use crate::simulate::scenario::{later, money};

/// What a step may refer to.
pub struct Known<'a> {
    pub account: &'a LoanAccount,
    pub history: &'a History,
    pub today: NaiveDate,
    /// Transactions that stay: those that paid the loan out.
    pub kept: &'a [TransactionId],
}

impl Known<'_> {
    /// One of the transactions of a kind that count, chosen by counting.
    fn live(&self, keep: fn(&TransactionKind) -> bool, nth: u8) -> Option<TransactionId> {
        let all = self.history.iter();
        let mut all = all.filter(|t| t.reversed_on.is_none() && keep(&t.kind));
        let count = all.clone().count();
        all.nth(usize::from(nth).checked_rem(count)?).map(|t| t.id)
    }

    /// The due date of an instalment to come, chosen by counting.
    fn to_come(&self, on: NaiveDate, nth: u8) -> Option<NaiveDate> {
        let rows = self.account.instalments().iter();
        let rows = rows.filter(|row| row.due_on > on);
        let count = rows.clone().count();
        let row = rows.clone().nth(usize::from(nth).checked_rem(count)?)?;
        Some(row.due_on)
    }
}

impl Step {
    /// The command that it stands for today; `None` when there is nothing it could mean.
    pub fn command(&self, known: &Known<'_>) -> Option<Command> {
        match self.what {
            What::Close if known.account.closed_by_hand_on().is_some() => {
                return Some(Command::UndoClose);
            }
            What::Close => return Some(Command::Close),
            What::UndoClose => return Some(Command::UndoClose),
            What::Apply { nth } => {
                let on = self.counts_from(known.account, known.today);
                return Some(application(nth, on));
            }
            What::Reverse { nth } => {
                let transaction = known.live(|_| true, nth)?;
                let kept = known.kept.contains(&transaction);
                return (!kept).then_some(Command::Reverse { transaction });
            }
            _ => {}
        }
        let on = self.counts_from(known.account, known.today);
        let kind = self
            .money(known, on)
            .or_else(|| self.charge(known, on))
            .or_else(|| self.loss(known))
            .or_else(|| self.clock(on))
            .or_else(|| self.restructuring(known, on))?;
        let new = NewTransaction::new(beside(self.id, 0), on, kind);
        Some(Command::Record(match named(&CHANNELS, self.channel) {
            Some(channel) => new.through(channel),
            None => new,
        }))
    }

    /// Money that comes in or goes out.
    fn money(&self, known: &Known<'_>, on: NaiveDate) -> Option<TransactionKind> {
        let credit = |kind, amount| TransactionKind::Credit {
            kind,
            amount,
            split: None,
        };
        Some(match self.what {
            What::Credit { kind, cents } => credit(kind, money(cents)),
            What::PayOff => {
                let account = known.account;
                let amount = account.payoff(on.max(account.as_of())).ok()?;
                credit(CreditKind::Repayment, amount)
            }
            What::Split {
                interest,
                principal,
            } => TransactionKind::Credit {
                kind: CreditKind::Repayment,
                amount: money(interest.saturating_add(principal)),
                split: Some(Amounts {
                    interest: money(interest),
                    principal: money(principal),
                    ..Amounts::ZERO
                }),
            },
            What::Chargeback { nth, cents } => TransactionKind::Chargeback {
                of: known.live(|kind| matches!(kind, TransactionKind::Credit { .. }), nth)?,
                amount: money(cents),
            },
            What::Refund { cents } => TransactionKind::CreditRefund {
                amount: money(cents),
            },
            What::PutAside { cents }
                if cents % 2 == 0 && !known.account.redraw_balance().is_zero() =>
            {
                TransactionKind::RedrawWithdrawal {
                    amount: known.account.redraw_balance().min(money(cents)),
                }
            }
            What::PutAside { cents } => TransactionKind::RedrawDeposit {
                amount: money(cents),
            },
            What::TakeOut { cents } => TransactionKind::RedrawWithdrawal {
                amount: match known.account.redraw_balance() {
                    held if held.is_zero() || cents % 4 == 0 => money(cents),
                    held => held.min(money(cents)),
                },
            },
            What::Tranche { cents } => TransactionKind::Disbursement {
                amount: money(cents),
            },
            _ => return None,
        })
    }

    /// Fees, penalties, deferred income, and what is forgiven of them.
    fn charge(&self, known: &Known<'_>, on: NaiveDate) -> Option<TransactionKind> {
        let name = code("charge").ok()?;
        Some(match self.what {
            What::Charge {
                penalty,
                cents,
                due_in,
            } => TransactionKind::Charge {
                name,
                penalty,
                amount: money(cents),
                due: later(on, due_in),
            },
            What::ChargeEach { penalty, cents, of } => {
                let share = match of {
                    0 => InstalmentShare::Flat,
                    1 => InstalmentShare::PercentOfPrincipal,
                    2 => InstalmentShare::PercentOfInterest,
                    _ => InstalmentShare::PercentOfPrincipalAndInterest,
                };
                TransactionKind::InstalmentCharge {
                    name,
                    penalty,
                    amount: share(money(cents)),
                }
            }
            What::Waive { nth } => {
                let charges = |kind: &TransactionKind| {
                    matches!(
                        kind,
                        TransactionKind::Charge { .. } | TransactionKind::InstalmentCharge { .. }
                    )
                };
                TransactionKind::Waiver {
                    charge: known.live(charges, nth)?,
                    instalment: None,
                }
            }
            What::WaiveInterest { cents } => TransactionKind::InterestWaiver {
                amount: money(cents),
            },
            What::Capitalise { cents } => TransactionKind::CapitalisedIncome {
                amount: money(cents),
            },
            What::BuyDown { cents } => TransactionKind::BuyDownFee {
                amount: money(cents),
            },
            What::AdjustDeferred { nth, cents } => {
                let of_capitalised = |kind: &TransactionKind| {
                    matches!(kind, TransactionKind::CapitalisedIncome { .. })
                };
                let of_buy_down =
                    |kind: &TransactionKind| matches!(kind, TransactionKind::BuyDownFee { .. });
                let amount = money(cents);
                let adjusted = [
                    known
                        .live(of_capitalised, nth)
                        .map(|of| TransactionKind::CapitalisedIncomeAdjustment { of, amount }),
                    known
                        .live(of_buy_down, nth)
                        .map(|of| TransactionKind::BuyDownFeeAdjustment { of, amount }),
                ];
                let count = adjusted.iter().flatten().count();
                let nth = usize::from(nth).checked_rem(count)?;
                return adjusted.into_iter().flatten().nth(nth);
            }
            _ => return None,
        })
    }

    /// What is lost, and what comes back of it.
    fn loss(&self, known: &Known<'_>) -> Option<TransactionKind> {
        Some(match self.what {
            What::WriteOff if known.account.status() == Status::WrittenOff => {
                TransactionKind::Recovery {
                    amount: money(self.id),
                }
            }
            What::WriteOff => TransactionKind::WriteOff,
            What::GiveUp { cents, nth } => {
                let element = Element::ALL[usize::from(nth % 4)];
                TransactionKind::PartialWriteOff {
                    amounts: Amounts::of(element, money(cents)),
                }
            }
            What::Recover { cents } => TransactionKind::Recovery {
                amount: money(cents),
            },
            What::ChargeOff { reason } => TransactionKind::ChargeOff {
                reason: named(&REASONS, reason),
            },
            What::Terminate => TransactionKind::Terminate,
            _ => return None,
        })
    }

    /// What changes how interest and delinquency run.
    fn clock(&self, on: NaiveDate) -> Option<TransactionKind> {
        Some(match self.what {
            What::Transfer { branch, officer } => TransactionKind::Transfer {
                branch: format!("branch-{}", branch % 3).parse().ok(),
                officer: officer.then(|| ActorId::new(self.id.into())),
            },
            What::Rate { percent } => TransactionKind::RateChange {
                percent: percent.into(),
            },
            What::Tax { percent, penalties } => {
                let rate = Some(percent.into());
                TransactionKind::TaxRateChange(TaxRates {
                    interest: rate,
                    fee: rate,
                    penalty: rate.filter(|_| penalties),
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
            What::PauseDelinquency { begins_in, days } => {
                let first = later(on, begins_in);
                TransactionKind::DelinquencyPause {
                    first,
                    last: later(first, days),
                }
            }
            What::ResumeDelinquency => TransactionKind::DelinquencyResume,
            What::ApplyInterest => TransactionKind::InterestApplication,
            What::Lock {
                interest,
                fees,
                penalties,
            } => TransactionKind::Lock(LockedOperations {
                interest,
                fees,
                penalties,
            }),
            What::Unlock => TransactionKind::Unlock,
            _ => return None,
        })
    }

    /// What changes the instalments.
    fn restructuring(&self, known: &Known<'_>, on: NaiveDate) -> Option<TransactionKind> {
        Some(match self.what {
            What::ReAmortise { interest } => TransactionKind::ReAmortise { interest },
            What::ReAge {
                first_in,
                count,
                weeks,
                interest,
            } => TransactionKind::ReAge {
                every: if weeks {
                    Period::Weeks(2)
                } else {
                    Period::Months(1)
                },
                first_due: later(on, first_in),
                instalments: count,
                interest,
            },
            What::Move { nth, days, grace } => {
                let due = known.to_come(on, nth)?;
                TransactionKind::Reschedule(Rescheduling {
                    new_due: (days > 0).then(|| later(due, days)),
                    principal_grace: grace,
                    ..Rescheduling::of(due)
                })
            }
            What::PutOff { nth, grace } => TransactionKind::Reschedule(Rescheduling {
                interest_grace: grace,
                ..Rescheduling::of(known.to_come(on, nth)?)
            }),
            What::Extend {
                nth,
                extra,
                percent,
            } => TransactionKind::Reschedule(Rescheduling {
                extra_instalments: extra,
                percent: (percent > 0).then(|| percent.into()),
                ..Rescheduling::of(known.to_come(on, nth)?)
            }),
            _ => return None,
        })
    }
}

/// One of the commands of an application.
pub fn application(nth: u8, on: NaiveDate) -> Command {
    match nth % 8 {
        0 => Command::Approve { on },
        1 => Command::RequestApproval,
        2 => Command::SetIncomplete,
        3 => Command::UndoApproval,
        4 => Command::Reject,
        5 => Command::Withdraw,
        6 => Command::UndoReject,
        _ => Command::UndoWithdraw,
    }
}
