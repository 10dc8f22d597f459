//! The contract of a deal.

use alloc::{string::String, vec};

use chrono::NaiveDate;
use ledger::{Currency, posting_rules::PostingRules};
use lending_core::{
    dates::{Calendar, DueDateRule, FirstDue, Period},
    loan::LoanTerms,
    schedule::{Amortization, InterestMethod, Rate, ScheduleTerms},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{MissedDays, RatePeriod, Unlock};

/// The whole contract of a deal. A product that changes tomorrow changes no deal made today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DealTerms {
    /// Currency of every amount of the contract.
    pub currency: Currency,
    /// The device that is handed over.
    pub device: String,
    /// The day on which it is handed over.
    pub handed_over: NaiveDate,
    /// What it costs in all.
    #[serde(with = "ledger::money::exact")]
    pub price: Decimal,
    /// What is paid before it is handed over.
    #[serde(with = "ledger::money::exact")]
    pub deposit: Decimal,
    /// Price less deposit.
    #[serde(with = "ledger::money::exact")]
    pub financed: Decimal,
    /// What is paid for each day or week of use.
    #[serde(with = "ledger::money::exact")]
    pub rate: Decimal,
    /// Whether the rate is for a day or for a week.
    pub per: RatePeriod,
    /// How often the rate is paid, the last time included.
    pub instalments: u32,
    /// What is paid the last time: at most the rate.
    #[serde(with = "ledger::money::exact")]
    pub last_amount: Decimal,
    /// Days of use that the deposit pays for.
    pub free_days: u16,
    /// Days after the paid time during which the device still works.
    pub grace_days: u16,
    /// The day of the first payment, the day after the free days.
    pub first_due: NaiveDate,
    /// The day of the last payment, when every one is made on its day.
    pub last_due: NaiveDate,
    /// What becomes of days without payment.
    pub missed_days: MissedDays,
    /// When the device works without further payment.
    pub unlock: Unlock,
    /// The least that is accepted as one payment.
    #[serde(with = "ledger::money::exact::option")]
    pub least_payment: Option<Decimal>,
    /// Which general-ledger account takes what.
    pub accounting: PostingRules,
}

impl DealTerms {
    /// The deal as a loan: what is financed, free of interest, one rate a day or a week.
    ///
    /// The account knows what is owed when; that missed days are lost and when the device works
    /// are no part of a loan.
    #[must_use]
    pub fn loan_terms(&self) -> LoanTerms {
        let every = match self.per {
            RatePeriod::Day => Period::Days(1),
            RatePeriod::Week => Period::Weeks(1),
        };
        let mut schedule = ScheduleTerms::new(self.instalments, every, Rate::default());
        schedule.due_dates = DueDateRule::every(every);
        schedule.first_due = FirstDue::On(self.first_due);
        schedule.interest.method = InterestMethod::Free;
        let rows = self.instalments.saturating_sub(1);
        let rates = core::iter::repeat_n(self.rate, usize::try_from(rows).unwrap_or_default());
        let amounts = rates.chain([self.last_amount]);
        let amounts = amounts.map(|amount| lending_core::schedule::CustomAmount { amount });
        schedule.amortization = Amortization::CustomPrincipal {
            principals: amounts.collect(),
        };
        LoanTerms {
            calendar: Calendar::default(),
            fees: vec![],
            ..LoanTerms::new(
                self.currency,
                self.financed,
                self.handed_over,
                schedule,
                self.accounting.clone(),
            )
        }
    }
}
