//! Collections: whom to call today, what came of it, and how well it works.
//!
//! A call list is computed from arrears and the calls so far: broken promises first, then promises
//! that fall due today, then the rest by amount and age. An account with a promise that is not yet
//! due, or with too many attempts, is left alone.
//!
//! ```
//! use chrono::NaiveDate;
//! use mobile_money::collections::{Arrears, Call, CallRules, Outcome, Why, call_list};
//! use rust_decimal::dec;
//! let june = |d| NaiveDate::from_ymd_opt(2024, 6, d).unwrap();
//! let late = |account: &str, days| Arrears { account: account.into(), days_late: days, overdue: dec!(700), paid: vec![] };
//! let calls = [Call { account: "b".into(), on: june(3), by: "amina".into(),
//!     outcome: Outcome::Promise { on: june(7), amount: dec!(700) } }];
//! let list = call_list(&[late("a", 9), late("b", 4)], &calls, june(8), &CallRules::default());
//! let shown: Vec<_> = list.iter().map(|c| (c.account.as_str(), c.why)).collect();
//! assert_eq!(shown, [("b", Why::BrokenPromise), ("a", Why::Late)]);
//! ```

use alloc::{string::String, vec::Vec};
use core::cmp::Reverse;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An account in arrears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrears {
    /// The account.
    pub account: String,
    /// Days past due, or days without credit, as the lender counts.
    pub days_late: u32,
    /// What is overdue.
    #[serde(with = "ledger::money::exact")]
    pub overdue: Decimal,
    /// Payments of the last weeks: day and amount. They keep promises.
    pub paid: Vec<(NaiveDate, Decimal)>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Outcome {
    /// The customer promised to pay.
    Promise {
        /// By when, that day included.
        on: NaiveDate,
        /// How much.
        #[serde(with = "ledger::money::exact")]
        amount: Decimal,
    },
    /// The customer says it is paid: look in suspense.
    SaysPaid,
    /// The customer asks to be called on another day.
    CallBack {
        /// Which day.
        on: NaiveDate,
    },
    /// The customer refuses to pay.
    Refused,
    /// Nobody answered.
    NoAnswer,
    /// The number is not the customer's.
    WrongNumber,
}

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The account.
    pub account: String,
    /// The day.
    pub on: NaiveDate,
    /// Who called.
    pub by: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What a lender allows and wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallRules {
    /// Accounts less late than this are not called. Default 1.
    pub days_late_min: u32,
    /// Most calls to one account in seven days. Default 3.
    pub calls_a_week_max: u32,
}

impl Default for CallRules {
    fn default() -> Self {
        Self {
            days_late_min: 1,
            calls_a_week_max: 3,
        }
    }
}

/// Why an account is on the list, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Why {
    /// The day of a promise has passed and not all of it was paid.
    BrokenPromise,
    /// The customer asked to be called today or before.
    CallBack,
    /// A promise falls due today.
    PromiseToday,
    /// Late.
    Late,
}

/// A call to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallToMake {
    /// The account.
    pub account: String,
    /// Why.
    pub why: Why,
    /// What is overdue.
    #[serde(with = "ledger::money::exact")]
    pub overdue: Decimal,
    /// How late it is.
    pub days_late: u32,
    /// Calls in the last seven days.
    pub calls_this_week: u32,
}

/// The calls to make today, most urgent first: by reason, then the largest amount, then the
/// longest delay, then by account.
#[must_use]
pub fn call_list(
    arrears: &[Arrears],
    calls: &[Call],
    today: NaiveDate,
    rules: &CallRules,
) -> Vec<CallToMake> {
    let mut list: Vec<CallToMake> = arrears
        .iter()
        .filter(|account| account.days_late >= rules.days_late_min)
        .filter_map(|account| to_call(account, calls, today, rules))
        .collect();
    list.sort_by(|a, b| {
        let order = |c: &CallToMake| (c.why, Reverse(c.overdue), Reverse(c.days_late));
        order(a)
            .cmp(&order(b))
            .then_with(|| a.account.cmp(&b.account))
    });
    list
}

fn to_call(
    account: &Arrears,
    calls: &[Call],
    today: NaiveDate,
    rules: &CallRules,
) -> Option<CallToMake> {
    let own = || calls.iter().filter(|call| call.account == account.account);
    let week_ago = today.checked_sub_days(Days::new(7))?;
    let recent = own()
        .filter(|call| call.on > week_ago && call.on <= today)
        .count();
    let calls_this_week = u32::try_from(recent).unwrap_or(u32::MAX);
    let last = own().max_by_key(|call| call.on);
    let why = match last.map(|call| &call.outcome) {
        // Only the last word counts: a new promise replaces an older one.
        Some(Outcome::Promise { on, .. }) if *on > today => return None,
        Some(Outcome::Promise { on, .. }) if *on == today => Why::PromiseToday,
        Some(Outcome::Promise { on, amount }) => {
            if kept(account, last.map_or(*on, |call| call.on), *on, *amount) {
                Why::Late
            } else {
                Why::BrokenPromise
            }
        }
        Some(Outcome::CallBack { on }) if *on > today => return None,
        Some(Outcome::CallBack { .. }) => Why::CallBack,
        _ => Why::Late,
    };
    let called_today = own().any(|call| call.on == today);
    (calls_this_week < rules.calls_a_week_max && !called_today).then(|| CallToMake {
        account: account.account.clone(),
        why,
        overdue: account.overdue,
        days_late: account.days_late,
        calls_this_week,
    })
}

/// Whether at least the promised amount was paid from the day of the promise to its end.
fn kept(account: &Arrears, from: NaiveDate, to: NaiveDate, amount: Decimal) -> bool {
    let in_time = account
        .paid
        .iter()
        .filter(|(day, _)| (from..=to).contains(day));
    let sum = in_time.fold(Decimal::ZERO, |sum, (_, paid)| sum.saturating_add(*paid));
    sum >= amount
}

/// Figures of calling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallStatistics {
    /// Calls made.
    pub calls: usize,
    /// Calls in which the customer was spoken to.
    pub reached: usize,
    /// Promises whose day has passed.
    pub promises_due: usize,
    /// Of these, promises kept in full and in time.
    pub promises_kept: usize,
}

/// Figures over calls, of one agent or of all. `accounts` gives the payments that keep promises.
#[must_use]
pub fn statistics(
    calls: &[Call],
    accounts: &[Arrears],
    today: NaiveDate,
    by: Option<&str>,
) -> CallStatistics {
    let mut figures = CallStatistics::default();
    for call in calls
        .iter()
        .filter(|call| by.is_none_or(|by| call.by == by))
    {
        figures.calls = figures.calls.saturating_add(1);
        if !matches!(call.outcome, Outcome::NoAnswer | Outcome::WrongNumber) {
            figures.reached = figures.reached.saturating_add(1);
        }
        if let Outcome::Promise { on, amount } = &call.outcome
            && *on < today
        {
            figures.promises_due = figures.promises_due.saturating_add(1);
            let account = accounts.iter().find(|a| a.account == call.account);
            if account.is_some_and(|account| kept(account, call.on, *on, *amount)) {
                figures.promises_kept = figures.promises_kept.saturating_add(1);
            }
        }
    }
    figures
}
