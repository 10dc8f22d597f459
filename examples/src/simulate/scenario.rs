//! A life as data: a contract and the steps that are tried.

use std::fmt;

use chrono::{Days, NaiveDate};
use lending_core::{
    dates::Period,
    loan::{
        Amounts, Command, CreditKind, History, InstalmentShare, LoanAccount, LockedOperations,
        MovedInterest, NewTransaction, OverdueInterestMove, Refund, Rescheduling, TransactionId,
        TransactionKind, code,
    },
};
use rust_decimal::Decimal;

use super::contract::Contract;

/// A contract and what is tried under it, in the order of arrival.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The contract.
    pub contract: Contract,
    /// What is tried.
    pub steps: Vec<Step>,
}

/// One thing that is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The id of the transaction it makes, if it makes one.
    pub id: u32,
    /// How many days before today it counts.
    pub back: u16,
    /// What.
    pub what: What,
}

/// What is tried. Others' ids and dates are named by counting, so that a step keeps a meaning when
/// others are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Days pass; each is closed, or the last only.
    Pass { days: u16, each: bool },
    /// Money comes in.
    Credit { kind: CreditKind, cents: u32 },
    /// Money comes in for what is owed in full on its day.
    PayOff,
    /// A fee or penalty.
    Charge {
        penalty: bool,
        cents: u32,
        due_in: u16,
    },
    /// A fee or penalty on every instalment to come.
    ChargeEach { penalty: bool, cents: u32 },
    /// A charge is forgiven.
    Waive { nth: u8 },
    /// A payment is taken back.
    Chargeback { nth: u8, cents: u32 },
    /// The credit balance is paid back.
    Refund { cents: u32 },
    /// The rate changes.
    Rate { percent: u8 },
    /// Interest rests.
    Pause { begins_in: u16, days: u16 },
    /// The clock of delinquency stands still.
    PauseDelinquency { begins_in: u16, days: u16 },
    /// It runs again.
    ResumeDelinquency,
    /// Everything is given up.
    WriteOff,
    /// Parts of elements are given up.
    GiveUp { cents: u32, nth: u8 },
    /// Money for what was given up.
    Recover { cents: u32 },
    /// The loan leaves the books.
    ChargeOff,
    /// Interest falls due before its time.
    ApplyInterest,
    /// Money is put aside.
    PutAside { cents: u32 },
    /// It is taken out again.
    TakeOut { cents: u32 },
    /// Charges may no longer be applied.
    Lock { interest: bool, penalties: bool },
    /// They may again.
    Unlock,
    /// Overdue principal is spread.
    ReAmortise { interest: OverdueInterestMove },
    /// A new series of instalments.
    ReAge {
        first_in: u16,
        count: u16,
        weeks: bool,
        interest: MovedInterest,
    },
    /// Everything is due.
    Terminate,
    /// An instalment moves.
    Move { nth: u8, days: u16, grace: u16 },
    /// Interest of instalments is put off.
    PutOff { nth: u8, grace: u16 },
    /// Instalments are added, the rate changes from one of them on.
    Extend { nth: u8, extra: u16, percent: u8 },
    /// Money comes back, interest on it is given back.
    Return { payout: bool, cents: u32 },
    /// Money for parts that the payer names.
    Split { interest: u32, principal: u32 },
    /// Open interest is forgiven.
    WaiveInterest { cents: u32 },
    /// Income is added to the principal.
    Capitalise { cents: u32 },
    /// Somebody else pays a fee.
    BuyDown { cents: u32 },
    /// Part of deferred income is given back.
    AdjustDeferred { nth: u8, cents: u32 },
    /// The index is reviewed.
    Review { percent: u8 },
    /// To another branch.
    Transfer { branch: u8 },
    /// What belongs to applications.
    Apply { nth: u8 },
    /// More is paid out.
    Tranche { cents: u32 },
    /// Closed by hand.
    Close,
    /// No longer.
    UndoClose,
    /// A transaction is reversed.
    Reverse { nth: u8 },
}

/// The first transaction of every life.
pub const FIRST: TransactionId = TransactionId::new(1);

fn money(cents: u32) -> Decimal {
    Decimal::new(cents.into(), 2)
}

fn later(date: NaiveDate, days: u16) -> NaiveDate {
    date.checked_add_days(Days::new(days.into()))
        .unwrap_or(date)
}

/// The due date of an instalment to come.
fn to_come(account: &LoanAccount, on: NaiveDate, nth: u8) -> Option<NaiveDate> {
    let rows = account.instalments().iter().filter(|row| row.due_on > on);
    let count = rows.clone().count();
    let row = rows.clone().nth(usize::from(nth).checked_rem(count)?)?;
    Some(row.due_on)
}

impl Step {
    /// The refund that it stands for today, if it is one.
    pub fn refund(&self, account: &LoanAccount, today: NaiveDate) -> Option<Refund> {
        let What::Return { payout, cents } = self.what else {
            return None;
        };
        // The interest given back is made after the refund and counts after it.
        let id = u128::from(self.id);
        Some(Refund {
            kind: if payout {
                CreditKind::PayoutRefund
            } else {
                CreditKind::MerchantRefund
            },
            amount: money(cents),
            on: self.counts_from(account, today),
            channel: None,
            ids: [
                TransactionId::new(id),
                TransactionId::new(id.saturating_add(1_000_000)),
            ],
        })
    }

    /// The day from which it counts.
    fn counts_from(&self, account: &LoanAccount, today: NaiveDate) -> NaiveDate {
        let first = account.disbursed_on().unwrap_or(today);
        let on = today.checked_sub_days(Days::new(self.back.into()));
        on.unwrap_or(first).max(first)
    }

    /// The command that it stands for today; `None` when there is nothing it could mean.
    pub fn command(
        &self,
        account: &LoanAccount,
        history: &History,
        today: NaiveDate,
    ) -> Option<Command> {
        let on = self.counts_from(account, today);
        let live = |keep: fn(&TransactionKind) -> bool, nth: u8| {
            let mut all = history
                .iter()
                .filter(|t| t.reversed_on.is_none() && keep(&t.kind));
            let count = all.clone().count();
            all.nth(usize::from(nth).checked_rem(count)?).map(|t| t.id)
        };
        let name = code("charge").ok()?;
        let kind = match self.what {
            What::Pass { .. } => return None,
            What::Close => return Some(Command::Close),
            What::UndoClose => return Some(Command::UndoClose),
            What::Credit { kind, cents } => TransactionKind::Credit {
                kind,
                amount: money(cents),
                split: None,
            },
            What::PayOff => {
                let amount = account.payoff(on.max(account.as_of())).ok()?;
                TransactionKind::Credit {
                    kind: CreditKind::Repayment,
                    amount,
                    split: None,
                }
            }
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
            What::ChargeEach { penalty, cents } => {
                let amount = InstalmentShare::Flat(money(cents));
                TransactionKind::InstalmentCharge {
                    name,
                    penalty,
                    amount,
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
                    charge: live(charges, nth)?,
                }
            }
            What::Chargeback { nth, cents } => {
                let credits =
                    |kind: &TransactionKind| matches!(kind, TransactionKind::Credit { .. });
                TransactionKind::Chargeback {
                    of: live(credits, nth)?,
                    amount: money(cents),
                }
            }
            What::Refund { cents } => TransactionKind::CreditRefund {
                amount: money(cents),
            },
            What::Rate { percent } => TransactionKind::RateChange {
                percent: percent.into(),
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
            What::WriteOff => TransactionKind::WriteOff,
            What::GiveUp { cents, nth } => {
                let element = lending_core::loan::Element::ALL[usize::from(nth % 4)];
                TransactionKind::PartialWriteOff {
                    amounts: Amounts::of(element, money(cents)),
                }
            }
            What::Recover { cents } => TransactionKind::Recovery {
                amount: money(cents),
            },
            What::ApplyInterest => TransactionKind::InterestApplication,
            What::PutAside { cents } => TransactionKind::RedrawDeposit {
                amount: money(cents),
            },
            What::TakeOut { cents } => TransactionKind::RedrawWithdrawal {
                amount: money(cents),
            },
            What::ChargeOff => TransactionKind::ChargeOff { reason: None },
            What::Lock {
                interest,
                penalties,
            } => TransactionKind::Lock(LockedOperations {
                interest,
                fees: true,
                penalties,
            }),
            What::Unlock => TransactionKind::Unlock,
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
            What::Terminate => TransactionKind::Terminate,
            What::Move { nth, days, grace } => {
                let due = to_come(account, on, nth)?;
                TransactionKind::Reschedule(Rescheduling {
                    new_due: (days > 0).then(|| later(due, days)),
                    principal_grace: grace,
                    ..Rescheduling::of(due)
                })
            }
            What::PutOff { nth, grace } => TransactionKind::Reschedule(Rescheduling {
                interest_grace: grace,
                ..Rescheduling::of(to_come(account, on, nth)?)
            }),
            What::Extend {
                nth,
                extra,
                percent,
            } => TransactionKind::Reschedule(Rescheduling {
                extra_instalments: extra,
                percent: (percent > 0).then(|| percent.into()),
                ..Rescheduling::of(to_come(account, on, nth)?)
            }),
            What::Split {
                interest,
                principal,
            } => {
                let split = Amounts {
                    interest: money(interest),
                    principal: money(principal),
                    ..Amounts::ZERO
                };
                TransactionKind::Credit {
                    kind: CreditKind::Repayment,
                    amount: money(interest.saturating_add(principal)),
                    split: Some(split),
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
                let deferred = |kind: &TransactionKind| {
                    matches!(
                        kind,
                        TransactionKind::CapitalisedIncome { .. }
                            | TransactionKind::BuyDownFee { .. }
                    )
                };
                let (of, amount) = (live(deferred, nth)?, money(cents));
                let capitalised = history.iter().any(|t| {
                    t.id == of && matches!(t.kind, TransactionKind::CapitalisedIncome { .. })
                });
                if capitalised {
                    TransactionKind::CapitalisedIncomeAdjustment { of, amount }
                } else {
                    TransactionKind::BuyDownFeeAdjustment { of, amount }
                }
            }
            What::Review { percent } => TransactionKind::IndexReview {
                index: percent.into(),
            },
            What::Return { .. } => return None,
            What::Transfer { branch } => {
                return Some(Command::Transfer {
                    branch: format!("branch-{}", branch % 3).parse().ok(),
                    officer: None,
                });
            }
            What::Apply { nth } => {
                let all = [
                    Command::Approve { on },
                    Command::RequestApproval,
                    Command::SetIncomplete,
                    Command::UndoApproval,
                    Command::Reject,
                    Command::Withdraw,
                    Command::UndoReject,
                    Command::UndoWithdraw,
                ];
                let nth = usize::from(nth).checked_rem(all.len())?;
                return all.into_iter().nth(nth);
            }
            What::Tranche { cents } => TransactionKind::Disbursement {
                amount: money(cents),
            },
            What::Reverse { nth } => {
                let transaction = live(|_| true, nth).filter(|id| *id != FIRST)?;
                return Some(Command::Reverse { transaction });
            }
        };
        let id = TransactionId::new(u128::from(self.id));
        Some(Command::Record(NewTransaction::new(id, on, kind)))
    }

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
            What::ChargeEach { penalty, .. } => vec![What::ChargeEach {
                penalty,
                cents: 1_000,
            }],
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

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "contract: {}", self.contract)?;
        writeln!(f, "2024-01-01 disburse 500.00 (transaction 1)")?;
        let mut today = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
        for step in &self.steps {
            if let What::Pass { days, each } = step.what {
                let from = today;
                today = later(today, days);
                let how = if each {
                    "each day closed"
                } else {
                    "closed at once"
                };
                writeln!(f, "{from} .. {today} {how}")?;
                continue;
            }
            write!(f, "{today} {:?} (transaction {})", step.what, step.id)?;
            if step.back > 0 {
                let on = today.checked_sub_days(Days::new(step.back.into()));
                write!(f, " counting from {}", on.unwrap_or(today))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
