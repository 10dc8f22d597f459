//! Transactions: the facts of a loan's life.
//!
//! A transaction says what happened and from which day it counts (`value_date`); what it did to
//! the balances (`outcome`) is derived from all transactions together, in the order of
//! `(value_date, id)`, whatever the order in which they arrived.

use alloc::boxed::Box;

use arrayvec::ArrayString;
use chrono::NaiveDate;
use ledger::BranchCode;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Amounts, LockedOperations, MovedInterest, OverdueInterestMove, TaxRates, TransactionId,
};
use crate::{dates::Period, history, ids::ActorId};

/// A short code: the name of a fee, of a payment channel.
pub type Code = ArrayString<24>;

/// How money came in without being disbursed: each kind may have an allocation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CreditKind {
    /// A payment by the borrower.
    Repayment,
    /// A payment due on disbursement.
    DownPayment,
    /// Given by the lender out of goodwill; costs the lender money.
    GoodwillCredit,
    /// A merchant returns money for goods sent back.
    MerchantRefund,
    /// The payout itself is returned.
    PayoutRefund,
    /// A charge is lowered after the fact; the amount is credited.
    ChargeAdjustment,
    /// Another loan, with fresh money beside, settles this one.
    Refinanced,
    /// Another loan settles this one.
    Rescheduled,
    /// The lender pays for the borrower out of interest income (Fineract: interest payment
    /// waiver).
    InterestPaymentWaiver,
    /// Interest is given back because the money was returned early, for example after a refund by
    /// a merchant.
    InterestRefund,
    /// Capitalised income is taken back; recorded by
    /// [`TransactionKind::CapitalisedIncomeAdjustment`] only.
    CapitalisedIncomeAdjustment,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransactionKind {
    /// Principal is paid out (whole or a tranche).
    Disbursement {
        /// What is lent.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// Money comes in and is allocated.
    Credit {
        /// Where it comes from.
        kind: CreditKind,
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
        /// The parts, when the payer decided them; else the contract's allocation order.
        split: Option<Amounts>,
    },
    /// A fee or penalty becomes due.
    Charge {
        /// Its name: selects general-ledger accounts where the accounting rules differ by fee.
        name: Code,
        /// Whether it is a penalty.
        penalty: bool,
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
        /// When it falls due. It joins the instalment whose period holds that day.
        #[serde(with = "crate::compact::date")]
        due: NaiveDate,
    },
    /// What is unpaid of a charge is forgiven.
    Waiver {
        /// The charge.
        charge: TransactionId,
        /// Of a charge on every instalment: the one whose part is forgiven; all of them without.
        #[serde(default)]
        instalment: Option<u16>,
    },
    /// Part of an earlier payment is taken back by the payer's bank. What no credit balance covers is
    /// [owed again](super::ChargedBack), due with the first instalment after the value date, beside what that one
    /// carries; on the last due date with the last.
    Chargeback {
        /// The payment.
        of: TransactionId,
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// The credit balance, or part of it, is paid back to the borrower.
    CreditRefund {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// The interest rate changes: the night that begins on the value date is the first at the new
    /// rate. Level instalments are levelled anew; where interest follows the balance, one that took
    /// more than a lower level keeps the one it had.
    RateChange {
        /// The new rate in percent, for the contract's charge frequency.
        #[serde(with = "crate::compact::decimal")]
        percent: Decimal,
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
    /// The count of delinquent days keeps through `last` the value it has on `first`. `first` does
    /// not lie before the value date; pauses do not overlap.
    DelinquencyPause {
        /// First day of the pause.
        #[serde(with = "crate::compact::date")]
        first: NaiveDate,
        /// Last day of the pause, after the first.
        #[serde(with = "crate::compact::date")]
        last: NaiveDate,
    },
    /// The delinquency pause that holds the value date ends with it.
    DelinquencyResume,
    /// Everything outstanding is given up; nothing but [`Self::Recovery`] may count after it.
    WriteOff,
    /// Stated amounts are given up, oldest instalment first; of interest only what has arisen.
    PartialWriteOff {
        /// How much of each element.
        amounts: Amounts,
    },
    /// Money comes in for what was written off: income, up to what was given up.
    Recovery {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// A fee or penalty is added to every instalment that is due on the value date or later; each
    /// part is earned when its instalment falls due.
    InstalmentCharge {
        /// Its name.
        name: Code,
        /// Whether it is a penalty.
        penalty: bool,
        /// How much for each instalment.
        amount: InstalmentShare,
    },
    /// The loan leaves the books as a loss, the borrower goes on owing it: income is no longer
    /// recognised, and what is paid from now on is recovery income. Schedule and arrears run on.
    ChargeOff {
        /// Why, when it matters: selects the general-ledger account of the loss, as the name of a
        /// fee selects that of its income ("fraud" for example).
        reason: Option<Code>,
    },
    /// Interest that has arisen falls due before the end of its period. Only where interest follows
    /// the balance.
    InterestApplication,
    /// The rate is reviewed: it becomes index plus spread within floor and ceiling.
    IndexReview {
        /// What the index stands at, in percent.
        #[serde(with = "crate::compact::decimal")]
        index: Decimal,
    },
    /// Money is put aside: it lowers the balance that bears interest and may be taken out again.
    /// Only where interest follows the balance.
    RedrawDeposit {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// Money put aside is taken out.
    RedrawWithdrawal {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// Open interest is forgiven, that of the oldest instalment first. Refused above what is open.
    InterestWaiver {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// Some operations may no longer be applied: interest and penalties accrue off the balance. On
    /// a loan that is locked already it changes which.
    Lock(LockedOperations),
    /// The lock ends: what accrued under it falls due.
    Unlock,
    /// Principal past due is spread over the instalments still to come; overdue charges stay due,
    /// and so does interest unless it is [moved or waived](OverdueInterestMove). Refused when no
    /// instalment is to come.
    ReAmortise {
        /// What becomes of interest past due.
        #[serde(default)]
        interest: OverdueInterestMove,
    },
    /// A new series of instalments replaces all principal that is open, past due or to come. The
    /// running period ends on the value date with the interest that has arisen; charges overdue
    /// stay due, and so does interest unless it is [moved](MovedInterest) too.
    ReAge {
        /// The interval of the new instalments.
        every: Period,
        /// When the first of them is due; not before the value date.
        #[serde(with = "crate::compact::date")]
        first_due: NaiveDate,
        /// How many.
        instalments: u16,
        /// What becomes of interest that is open.
        #[serde(default)]
        interest: MovedInterest,
    },
    /// The contract ends early: everything owed is due on the value date, with the interest that
    /// has arisen. The outcome shows all of it. Once that is paid the loan is closed as
    /// [terminated](super::Status::Terminated), unless another loan settled it.
    Terminate,
    /// An instalment to come, and those after it, change. Refused when no instalment to come is
    /// due on that day, and for contracts whose due dates are not at an interval.
    Reschedule(Rescheduling),
    /// Income is added to the principal and earned over the life of the loan. The contract's
    /// principal limits payouts and capitalised income together.
    CapitalisedIncome {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// Part of capitalised income is taken back: credited to the loan, no longer earned.
    CapitalisedIncomeAdjustment {
        /// The capitalised income.
        of: TransactionId,
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// A fee that somebody else pays, a merchant for example, earned over the life of the loan.
    BuyDownFee {
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// Part of a buy-down fee is given back.
    BuyDownFeeAdjustment {
        /// The buy-down fee.
        of: TransactionId,
        /// How much.
        #[serde(with = "crate::compact::decimal")]
        amount: Decimal,
    },
    /// The rates of taxes change for what is applied from the value date on: interest and contract
    /// fees that fall due from it on, fees and penalties charged from it on.
    TaxRateChange(TaxRates),
    /// The loan is handed to another branch or to another officer; it may come before the payout.
    /// What the books of the old branch carry for the loan is booked out there and in at the new one
    /// on the booking date, each branch balanced by the account for claims between branches. The loan
    /// is in the branch of the last transfer that stands, by value date.
    /// Nothing is moved for a loan that was in no branch: what its books carry has none.
    Transfer {
        /// The branch; `None` keeps the one it has.
        #[serde(default)]
        branch: Option<BranchCode>,
        /// The officer; `None` keeps the one it has.
        #[serde(default)]
        officer: Option<ActorId>,
    },
}

/// How an instalment to come, and those after it, change. What is left at its default stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rescheduling {
    /// The due date of the instalment.
    #[serde(with = "crate::compact::date")]
    pub due: NaiveDate,
    /// Its new due date; those after it follow at the contract's interval. Level instalments keep
    /// their amount, the last one takes the difference.
    #[serde(default, with = "crate::compact::date_option")]
    pub new_due: Option<NaiveDate>,
    /// How many instalments, this one first, carry no principal; as many are added at the end.
    #[serde(default)]
    pub principal_grace: u16,
    /// How many instalments, this one first, pay no interest; it is due with the next one.
    #[serde(default)]
    pub interest_grace: u16,
    /// How many instalments are added at the end; principal to come is spread anew over this
    /// instalment and all after it.
    #[serde(default)]
    pub extra_instalments: u16,
    /// A new rate in percent, for the contract's charge frequency, from this instalment's interest
    /// period on; level instalments are levelled anew for it.
    #[serde(default, with = "ledger::money::exact::option")]
    pub percent: Option<Decimal>,
}

impl Rescheduling {
    /// Nothing changes yet.
    #[must_use]
    pub const fn of(due: NaiveDate) -> Self {
        Self {
            due,
            new_due: None,
            principal_grace: 0,
            interest_grace: 0,
            extra_instalments: 0,
            percent: None,
        }
    }
}

/// What an [`TransactionKind::InstalmentCharge`] comes to for one instalment. Percentages are
/// rounded to whole minor units, instalment by instalment, by the contract's rule.
///
/// A percentage follows an instalment to come when a payout, capitalised income, another rate, a
/// pause of interest, a rescheduling or a re-amortisation makes its principal or interest anew
/// (Fineract). What payments and arrears do to interest leaves it as it is, and so does a contract
/// that caps or taxes charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum InstalmentShare {
    /// This amount.
    Flat(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the instalment's principal.
    PercentOfPrincipal(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the instalment's interest.
    PercentOfInterest(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the instalment's principal and interest.
    PercentOfPrincipalAndInterest(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
}

impl InstalmentShare {
    /// The amount or percentage as given.
    #[must_use]
    pub const fn figure(&self) -> Decimal {
        match self {
            Self::Flat(figure)
            | Self::PercentOfPrincipal(figure)
            | Self::PercentOfInterest(figure)
            | Self::PercentOfPrincipalAndInterest(figure) => *figure,
        }
    }
}

impl TransactionKind {
    /// The name used in statements and messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Disbursement { .. } => "disbursement",
            Self::Credit { kind, .. } => match kind {
                CreditKind::Repayment => "repayment",
                CreditKind::DownPayment => "down payment",
                CreditKind::GoodwillCredit => "goodwill credit",
                CreditKind::MerchantRefund => "merchant refund",
                CreditKind::PayoutRefund => "payout refund",
                CreditKind::ChargeAdjustment => "charge adjustment",
                CreditKind::Refinanced => "refinancing",
                CreditKind::Rescheduled => "rescheduling into another loan",
                CreditKind::InterestPaymentWaiver => "interest payment waiver",
                CreditKind::InterestRefund => "interest refund",
                CreditKind::CapitalisedIncomeAdjustment => "capitalised income adjustment",
            },
            Self::Charge { penalty: false, .. } => "fee",
            Self::Charge { penalty: true, .. } => "penalty",
            Self::Waiver { .. } => "waiver",
            Self::Chargeback { .. } => "chargeback",
            Self::CreditRefund { .. } => "credit balance refund",
            Self::RateChange { .. } => "rate change",
            Self::TaxRateChange(_) => "tax rate change",
            Self::Transfer { .. } => "transfer",
            Self::InterestPause { .. } => "interest pause",
            Self::DelinquencyPause { .. } => "delinquency pause",
            Self::DelinquencyResume => "end of the delinquency pause",
            Self::WriteOff => "write-off",
            Self::PartialWriteOff { .. } => "partial write-off",
            Self::Recovery { .. } => "recovery",
            Self::InstalmentCharge { penalty: false, .. } => "fee on every instalment",
            Self::InstalmentCharge { penalty: true, .. } => "penalty on every instalment",
            Self::InterestApplication => "interest application",
            Self::IndexReview { .. } => "index review",
            Self::RedrawDeposit { .. } => "redraw deposit",
            Self::RedrawWithdrawal { .. } => "redraw withdrawal",
            Self::ChargeOff { .. } => "charge-off",
            Self::InterestWaiver { .. } => "interest waiver",
            Self::Lock(_) => "lock",
            Self::Unlock => "unlock",
            Self::ReAmortise { .. } => "re-amortisation",
            Self::ReAge { .. } => "re-ageing",
            Self::Terminate => "termination",
            Self::Reschedule(_) => "rescheduling",
            Self::CapitalisedIncome { .. } => "capitalised income",
            Self::CapitalisedIncomeAdjustment { .. } => "capitalised income adjustment",
            Self::BuyDownFee { .. } => "buy-down fee",
            Self::BuyDownFeeAdjustment { .. } => "buy-down fee adjustment",
        }
    }

    /// The amount of money named by the transaction itself.
    #[must_use]
    pub const fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Disbursement { amount }
            | Self::Credit { amount, .. }
            | Self::Charge { amount, .. }
            | Self::Chargeback { amount, .. }
            | Self::CreditRefund { amount }
            | Self::RedrawDeposit { amount }
            | Self::RedrawWithdrawal { amount }
            | Self::InterestWaiver { amount }
            | Self::CapitalisedIncome { amount }
            | Self::CapitalisedIncomeAdjustment { amount, .. }
            | Self::BuyDownFee { amount }
            | Self::BuyDownFeeAdjustment { amount, .. }
            | Self::Recovery { amount } => Some(*amount),
            _ => None,
        }
    }
}

/// What a transaction did to the balances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The parts by element: paid (credits), owed anew (disbursement, charge, chargeback),
    /// forgiven (waiver, write-off), charged off, moved to other dates (re-amortisation,
    /// re-ageing, termination).
    pub applied: Amounts,
    /// Of `applied`: what the books did not carry as an asset, because the loan had been charged
    /// off before or, for the charge-off itself, because it was not earned yet.
    pub off_books: Amounts,
    /// What moved the credit balance: up for an overpayment, down for a refund or a chargeback.
    #[serde(with = "crate::compact::decimal")]
    pub credit_balance: Decimal,
    /// What moved the income still to be earned: up when income is deferred, down when it is
    /// adjusted.
    #[serde(with = "crate::compact::decimal")]
    pub deferred: Decimal,
    /// The principal balance after the transaction.
    #[serde(with = "crate::compact::decimal")]
    pub principal_after: Decimal,
    /// The tax that it made owed to the state, element by element, below zero where it took some
    /// back; `None` for none. Tax on the accrual basis is owed with income earned, not with
    /// payments: see [`LoanAccount::instalment_tax`](super::LoanAccount::instalment_tax).
    #[serde(default)]
    pub tax: Option<Box<Amounts>>,
}

/// A fact with its outcome.
pub type Transaction = history::Transaction<TransactionKind>;

/// The transactions of one loan, in the order of `(value_date, id)`.
pub type History = history::History<TransactionKind>;
