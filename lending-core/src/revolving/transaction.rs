//! Transactions: the facts of a line's life.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    history,
    loan::{Amounts, Code, CreditKind, TaxRates, TransactionId},
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransactionKind {
    /// Money is drawn. Fees of the contract are kept back or added.
    Draw {
        /// What is drawn: with fees kept back, less is paid out.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
        /// The pending hold that it takes up, if it was announced by one.
        hold: Option<TransactionId>,
    },
    /// Part of the limit is held for a draw that is on its way.
    Hold {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// A hold is given up.
    ReleaseHold {
        /// The hold.
        hold: TransactionId,
    },
    /// Money comes in and is allocated by the contract's order; what is left becomes a credit
    /// balance.
    Credit {
        /// Where it comes from: a repayment, a goodwill credit or a merchant's refund.
        kind: CreditKind,
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// A fee or penalty is charged by hand.
    Fee {
        /// Its name.
        name: Code,
        /// Whether it is a penalty.
        penalty: bool,
        /// How much. `None` in a command asks for the amount of the contract's fee of that name.
        #[serde(with = "ledger::money::exact::option")]
        amount: Option<Decimal>,
    },
    /// Billed interest, fees or penalties are forgiven. No principal.
    Waiver {
        /// How much of each.
        amounts: Amounts,
    },
    /// The credit balance, or part of it, is paid back to the borrower.
    CreditRefund {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// Interest is no longer calculated: the night that begins on the value date is the first
    /// without.
    StopInterest,
    /// Interest is calculated again, from the night that begins on the value date.
    StartInterest,
    /// The rate changes: the night that begins on the value date is the first at the new rate.
    RateChange {
        /// The new rate in percent, for the contract's charge frequency.
        #[serde(with = "crate::compact::decimal")]
        percent: Decimal,
    },
    /// The rate is reviewed: it becomes index plus spread within floor and ceiling. Only where the
    /// contract follows an index.
    IndexReview {
        /// What the index stands at, in percent.
        #[serde(with = "crate::compact::decimal")]
        index: Decimal,
    },
    /// No interest from `first` to `last`, both days included: the nights that end on them are
    /// free. Neither day lies before the value date.
    InterestPause {
        /// First day of the pause.
        #[serde(with = "crate::compact::date")]
        first: NaiveDate,
        /// Last day of the pause.
        #[serde(with = "crate::compact::date")]
        last: NaiveDate,
    },
    /// The limit is raised or lowered. What is drawn above a lower limit stays.
    ChangeLimit {
        /// The new limit.
        #[serde(with = "crate::compact::decimal")]
        limit: Decimal,
    },
    /// Nothing more may be drawn.
    Freeze,
    /// Money may be drawn again.
    Unfreeze,
    /// The account is put in arrears by hand.
    MarkArrears,
    /// The account is put in default by hand.
    MarkDefault,
    /// What was marked by hand, arrears and default, is taken back. Arrears by lateness stay.
    ClearMarks,
    /// Everything owed is given up, interest to the day included; nothing but
    /// [`Self::Recovery`] may count after it.
    WriteOff,
    /// Money comes in for what was written off: income, up to what was given up.
    Recovery {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// The line ends: interest to the day is charged, a credit balance pays it.
    Close,
    /// The rates of taxes change for what is charged from the value date on, the interest of the
    /// running cycle included.
    TaxRateChange(TaxRates),
}

impl TransactionKind {
    /// The name used in statements and messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draw { .. } => "draw",
            Self::Hold { .. } => "hold",
            Self::ReleaseHold { .. } => "release of a hold",
            Self::Credit {
                kind: CreditKind::GoodwillCredit,
                ..
            } => "goodwill credit",
            Self::Credit {
                kind: CreditKind::MerchantRefund,
                ..
            } => "merchant refund",
            Self::Credit { .. } => "repayment",
            Self::Fee { penalty: false, .. } => "fee",
            Self::Fee { penalty: true, .. } => "penalty",
            Self::Waiver { .. } => "waiver",
            Self::CreditRefund { .. } => "credit balance refund",
            Self::StopInterest => "stop of interest",
            Self::StartInterest => "start of interest",
            Self::RateChange { .. } => "rate change",
            Self::TaxRateChange(_) => "tax rate change",
            Self::IndexReview { .. } => "index review",
            Self::InterestPause { .. } => "interest pause",
            Self::ChangeLimit { .. } => "change of limit",
            Self::Freeze => "freeze",
            Self::Unfreeze => "unfreeze",
            Self::MarkArrears => "arrears by hand",
            Self::MarkDefault => "default by hand",
            Self::ClearMarks => "clearing of marks",
            Self::WriteOff => "write-off",
            Self::Recovery { .. } => "recovery",
            Self::Close => "closing",
        }
    }

    /// The amount of money named by the transaction itself.
    #[must_use]
    pub const fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Draw { amount, .. }
            | Self::Hold { amount }
            | Self::Credit { amount, .. }
            | Self::CreditRefund { amount }
            | Self::Recovery { amount } => Some(*amount),
            Self::Fee { amount, .. } => *amount,
            Self::ChangeLimit { limit } => Some(*limit),
            _ => None,
        }
    }
}

/// A fact with its outcome. A draw's: principal owed anew, and the fees it carried; a credit's: what it
/// paid and what went to the credit balance.
pub type Transaction = history::Transaction<TransactionKind>;

/// The transactions of one line, in the order of `(value_date, id)`.
pub type History = history::History<TransactionKind>;
