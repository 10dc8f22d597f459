//! The contract of a line of credit: everything that decides what is owed, complete and
//! self-contained.

use alloc::{vec, vec::Vec};

use chrono::NaiveDate;
use ledger::{Currency, Rounding, posting_rules::PostingRules};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{LineCap, MinimumPayment};
use crate::{
    dates::{Calendar, DueDateRule, MonthEnd, NonWorkingDayRule},
    loan::{ArrearsTerms, Code, Element, IndexTerms, tax::Taxed},
    schedule::{InterestTerms, Rate, Taxes},
    store::AccrualPosting,
};

/// What uses up the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LimitUse {
    /// Principal drawn and not repaid (Mambu: the limit is a limit of principal).
    #[default]
    Principal,
    /// Everything billed and unpaid, interest and fees too, as credit cards have it.
    Balance,
}

/// The balance that bears interest, day by day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum InterestOn {
    /// Principal only. The most common.
    #[default]
    Principal,
    /// Principal and the interest of earlier statements.
    PrincipalAndInterest,
    /// Everything billed and unpaid, as credit cards have it. Fees and penalties count from the
    /// day on which they are charged.
    Balance,
}

/// Whether a borrower who pays whole statements pays interest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum InterestGrace {
    /// Yes: interest runs from the day of the draw. The most common rule of credit lines.
    #[default]
    None,
    /// The interest of a cycle is held back when the statement before it was paid in full by its
    /// due date (or asked for nothing). It is forgotten when the statement that ends the cycle is
    /// paid in full by its due date as well; otherwise it is charged with the next statement, since
    /// the day of the draw. The rule of credit cards.
    PaidInFull,
}

/// When a statement must be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PaymentDue {
    /// So many days after the statement.
    DaysAfterStatement(u16),
    /// On the first such day of a month after the statement.
    DayOfMonth {
        /// The day, 1 to 31.
        day: u8,
        /// What becomes of it in a month that lacks it.
        #[serde(default)]
        month_end: MonthEnd,
    },
}

/// The billing cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillingTerms {
    /// On which days statements are made, at the end of the day. Intervals count from activation.
    /// Statements do not move off days that nobody works on.
    pub statements: DueDateRule,
    /// When a statement must be paid.
    pub due: PaymentDue,
    /// What becomes of a due date that nobody works on.
    #[serde(default)]
    pub non_working_days: NonWorkingDayRule,
}

impl BillingTerms {
    /// A statement on this day of every month (its last day where the month is shorter), due so
    /// many days later.
    #[must_use]
    pub fn monthly(statement_day: u8, days_to_pay: u16) -> Self {
        Self {
            statements: DueDateRule::FixedDaysOfMonth {
                days: vec![statement_day],
                month_end: MonthEnd::Clamp,
            },
            due: PaymentDue::DaysAfterStatement(days_to_pay),
            non_working_days: NonWorkingDayRule::None,
        }
    }
}

/// When a fee of the contract is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LineFeeTrigger {
    /// At every draw, kept back from the payout.
    DeductedFromDraw,
    /// At every draw, added to the principal.
    AddedToDraw,
    /// When the account is activated.
    Activation,
    /// On every anniversary of the activation.
    EveryYear,
    /// When the account goes into arrears, once in a spell.
    Arrears,
    /// When the account goes into default, once in a spell.
    Default,
    /// When staff charge it by its name.
    Manual,
}

/// How a fee of the contract is calculated. Percentages are rounded by the contract's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LineFeeAmount {
    /// This amount.
    Flat(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the amount drawn. Only at draws.
    PercentOfDraw(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of everything billed and unpaid. Not at draws.
    PercentOfBalance(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the limit in force. Not at draws.
    PercentOfLimit(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of what is overdue. Only on arrears and default.
    PercentOfOverdue(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
}

impl LineFeeAmount {
    /// The amount or percentage as given.
    #[must_use]
    pub const fn figure(&self) -> Decimal {
        match self {
            Self::Flat(figure)
            | Self::PercentOfDraw(figure)
            | Self::PercentOfBalance(figure)
            | Self::PercentOfLimit(figure)
            | Self::PercentOfOverdue(figure) => *figure,
        }
    }
}

/// A fee agreed in the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LineFee {
    /// Its name, unique in the contract.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub name: Code,
    /// When it is charged.
    pub when: LineFeeTrigger,
    /// How much.
    pub amount: LineFeeAmount,
    /// Whether it is owed and booked as a penalty. Fees at draws cannot be.
    #[serde(default)]
    pub penalty: bool,
}

/// A penalty that grows with every night on which a minimum is overdue: `open × percent / 100`
/// for each statement's minimum, unrounded. It is charged with the next statement, rounded once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinePenalty {
    /// Its name in statements, unlike those of fees.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub name: Code,
    /// Percent of what is overdue for each night.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub daily_percent: Decimal,
    /// So many nights after each due date cost nothing.
    #[serde(default)]
    pub grace_days: u16,
}

/// The whole contract of a line of credit. A product that changes tomorrow changes no account
/// opened today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditLineTerms {
    /// Currency of every amount of the contract.
    pub currency: Currency,
    /// The limit at activation.
    #[serde(with = "crate::compact::decimal")]
    pub limit: Decimal,
    /// What uses up the limit.
    #[serde(default)]
    pub limit_use: LimitUse,
    /// The last day on which money may be drawn; `None`: there is none. What is owed is billed on.
    #[serde(default, with = "crate::compact::date_option")]
    pub expires_on: Option<NaiveDate>,
    /// The least that may be drawn at once; `None`: any amount.
    #[serde(default, with = "ledger::money::exact::option")]
    pub least_draw: Option<Decimal>,
    /// The most that may be drawn at once; `None`: what is available.
    #[serde(default, with = "ledger::money::exact::option")]
    pub most_draw: Option<Decimal>,
    /// Rate, day count and what changes them. A line has no original principal, instalments or
    /// planned changes: settings that need one are refused.
    pub interest: InterestTerms,
    /// The balance that bears interest.
    #[serde(default)]
    pub interest_on: InterestOn,
    /// Whether a borrower who pays whole statements pays interest.
    #[serde(default)]
    pub grace: InterestGrace,
    /// When statements are made and due.
    pub billing: BillingTerms,
    /// The least that a statement asks for.
    pub minimum: MinimumPayment,
    /// In which order money received settles what is owed: the four elements, each once.
    #[serde(default = "usual_order")]
    pub allocation: Vec<Element>,
    /// When the account is in arrears.
    #[serde(default)]
    pub arrears: ArrearsTerms,
    /// Days past due beyond which the account is in default by itself; `None`: only by hand.
    #[serde(default)]
    pub default_after_days: Option<u16>,
    /// Fees of the contract.
    #[serde(default)]
    pub fees: Vec<LineFee>,
    /// What an overdue minimum costs by the day; `None`: nothing.
    #[serde(default)]
    pub penalty: Option<LinePenalty>,
    /// The most that interest, fees and penalties may come to while in arrears; `None`: any amount.
    #[serde(default)]
    pub cap: Option<LineCap>,
    /// The rate follows an index: it is reviewed by transactions. Not with tiers.
    #[serde(default)]
    pub index: Option<IndexTerms>,
    /// Taxes on interest, fees and penalties. What is owed, paid and forgiven is gross; amounts of
    /// fees in the contract and by hand are net where the tax comes on top.
    #[serde(default)]
    pub taxes: Taxes,
    /// Working days and holidays that due dates respect.
    #[serde(default)]
    pub calendar: Calendar,
    /// How interest, fees and the minimum are rounded to whole minor units.
    #[serde(default)]
    pub rounding: Rounding,
    /// Which general-ledger account takes what, and when income is recognised.
    #[serde(default)]
    pub accounting: PostingRules,
    /// Whether each account posts its daily accruals itself, or they are added up by product and
    /// branch, where the end of day closes lines by [`close_line`](crate::end_of_day::close_line).
    #[serde(default)]
    pub accrual_posting: AccrualPosting,
}

fn usual_order() -> Vec<Element> {
    vec![
        Element::Fee,
        Element::Penalty,
        Element::Interest,
        Element::Principal,
    ]
}

impl CreditLineTerms {
    /// A contract with the most common choices: interest on principal for every day, actual days
    /// over 365, from the day of the draw; fees before penalties before interest before principal;
    /// no tolerance, no fees, every day a working day. Every field is public, so that a contract
    /// states only what differs.
    #[must_use]
    pub fn new(
        currency: Currency,
        limit: Decimal,
        rate: Rate,
        billing: BillingTerms,
        minimum: MinimumPayment,
        accounting: PostingRules,
    ) -> Self {
        Self {
            currency,
            limit,
            limit_use: LimitUse::default(),
            expires_on: None,
            least_draw: None,
            most_draw: None,
            interest: InterestTerms {
                rate,
                ..InterestTerms::default()
            },
            interest_on: InterestOn::default(),
            grace: InterestGrace::default(),
            billing,
            minimum,
            allocation: usual_order(),
            arrears: ArrearsTerms::default(),
            default_after_days: None,
            fees: Vec::new(),
            penalty: None,
            cap: None,
            index: None,
            taxes: Taxes::default(),
            calendar: Calendar::default(),
            rounding: Rounding::default(),
            accounting,
            accrual_posting: AccrualPosting::default(),
        }
    }

    /// Rounds to whole minor units by the contract's rule.
    pub(crate) fn round(&self, amount: Decimal) -> Decimal {
        let decimals = u32::from(self.currency.minor_units());
        let mut rounded = self.rounding.round(amount, decimals);
        // Trailing zeros of an intermediate result do not travel into stored state.
        rounded.rescale(decimals);
        rounded
    }

    pub(crate) fn taxed(&self) -> Taxed<'_> {
        Taxed {
            taxes: &self.taxes,
            rounding: self.rounding,
            currency: self.currency,
        }
    }

    pub(crate) fn fees_at(&self, when: LineFeeTrigger) -> impl Iterator<Item = &LineFee> {
        self.fees.iter().filter(move |fee| fee.when == when)
    }
}
