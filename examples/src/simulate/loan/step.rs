//! What is tried, as data.

use chrono::NaiveDate;
use lending_core::loan::{
    Code, Command, CreditKind, LoanAccount, MovedInterest, OverdueInterestMove, Refund,
    TransactionId, code,
};

use super::Step;
use crate::simulate::scenario::money;

/// What is tried.
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
    /// A fee or penalty on every instalment to come: an amount, or (in hundredths) a percentage of
    /// 1 principal, 2 interest, 3 both.
    ChargeEach { penalty: bool, cents: u32, of: u8 },
    /// A charge is forgiven.
    Waive { nth: u8 },
    /// A payment is taken back.
    Chargeback { nth: u8, cents: u32 },
    /// The credit balance is paid back.
    Refund { cents: u32 },
    /// The rate changes.
    Rate { percent: u8 },
    /// The rates of taxes change; on interest and fees, or on all.
    Tax { percent: u8, penalties: bool },
    /// Interest rests.
    Pause { begins_in: u16, days: u16 },
    /// The clock of delinquency stands still.
    PauseDelinquency { begins_in: u16, days: u16 },
    /// It runs again.
    ResumeDelinquency,
    /// Everything is given up; where it is, some money comes in for it.
    WriteOff,
    /// Parts of elements are given up.
    GiveUp { cents: u32, nth: u8 },
    /// Money for what was given up.
    Recover { cents: u32 },
    /// The loan leaves the books, for a reason by its place among those that the rules know, or none.
    ChargeOff { reason: u8 },
    /// Interest falls due before its time.
    ApplyInterest,
    /// Money is put aside; where there is some, half of the time it is taken out again.
    PutAside { cents: u32 },
    /// It is taken out again, mostly no more than there is.
    TakeOut { cents: u32 },
    /// Charges may no longer be applied.
    Lock {
        interest: bool,
        fees: bool,
        penalties: bool,
    },
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
    /// To another branch, to another officer.
    Transfer { branch: u8, officer: bool },
    /// Another loan takes its place; the life goes on with the new loan or the old one.
    Carry {
        top_up: u32,
        give_up: u32,
        follow: bool,
    },
    /// The loan is sold or bought back.
    Sell { kind: u8, settles_in: u16 },
    /// A transfer of ownership is taken back.
    CancelSale { nth: u8 },
    /// What belongs to applications.
    Apply { nth: u8 },
    /// More is paid out.
    Tranche { cents: u32 },
    /// Closed by hand, or no longer where it is.
    Close,
    /// No longer.
    UndoClose,
    /// A transaction is reversed.
    Reverse { nth: u8 },
}

/// The first transaction of every loan.
pub const FIRST: TransactionId = TransactionId::new(1);

/// Payment channels, the first with an account of its own.
pub const CHANNELS: [&str; 2] = ["mobile", "counter"];

/// Reasons of a charge-off, the first with an account of its own.
pub const REASONS: [&str; 2] = ["fraud", "death"];

/// A name out of a list, counted from 1; 0 is none.
pub fn named(names: &[&str], nth: u8) -> Option<Code> {
    let at = usize::from(nth).checked_sub(1)?;
    code(names.get(at % names.len())?).ok()
}

/// The ids that a step makes: they rise from step to step.
pub fn beside(id: u32, place: u32) -> TransactionId {
    TransactionId::new(u128::from(id) * 10 + u128::from(place))
}

impl Step {
    /// The day from which it counts.
    pub fn counts_from(&self, account: &LoanAccount, today: NaiveDate) -> NaiveDate {
        self.since(account.disbursed_on().unwrap_or(today), today)
    }

    /// The refund that it stands for today, if it is one.
    pub fn refund(&self, account: &LoanAccount, today: NaiveDate) -> Option<Refund> {
        let What::Return { payout, cents } = self.what else {
            return None;
        };
        Some(Refund {
            kind: if payout {
                CreditKind::PayoutRefund
            } else {
                CreditKind::MerchantRefund
            },
            amount: money(cents),
            on: self.counts_from(account, today),
            channel: named(&CHANNELS, self.channel),
            // The interest given back is made after the refund and counts after it.
            ids: [beside(self.id, 0), beside(self.id, 1)],
        })
    }

    /// What is tried, as counted in the end.
    pub fn name(&self, command: &Command) -> String {
        let special = match self.what {
            What::ChargeOff { reason } if reason > 0 => " with a reason",
            What::ChargeEach { of, .. } if of > 0 => ", percent",
            What::Split { .. } => " in parts named",
            _ => "",
        };
        format!("loan: {}{special}", command.name())
    }
}
