//! Books: what a transaction means for the wallet's float, suspense and the accounts.
//!
//! [`position`] gives the balances that *one* transaction ought to have caused so far; what to post
//! after any change is the [`difference`] to what it ought to have caused before. The differences
//! add up to the last position whatever came in between, so the books do not depend on the order in
//! which notices arrive. Every receipt is in the float and in suspense from the moment it is
//! settled; applying it moves it out of suspense. A refund is two things: the payout takes money
//! out of the float against its own account, and the receipt placed as refunded clears that account.
//!
//! ```
//! use chrono::{TimeZone, Utc};
//! use mobile_money::books::{Account, FeeRule, Placement, difference, position};
//! use mobile_money::{Channel, Intake, Message, Trusted, parse};
//! let body = br#"{"TransID":"SFB41KX7PQ","TransAmount":"1500.00","BusinessShortCode":"600999","MSISDN":""}"#;
//! let Message::Payment(payment) = parse(Channel::MpesaC2bConfirmation, body)? else { unreachable!() };
//! let mut intake = Intake::default();
//! let noon = Utc.with_ymd_and_hms(2024, 6, 11, 12, 0, 0).unwrap();
//! let key = intake.receive(Trusted::claimed(payment), noon)?.key;
//! let transaction = intake.transaction(&key).unwrap();
//! let received = position(&transaction, Placement::Suspense, FeeRule::default());
//! let applied = position(&transaction, Placement::Applied("loan-7"), FeeRule::default());
//! let move_out = difference(&received, &applied);
//! let shown: Vec<String> = move_out.iter().map(|l| format!("{:?} {}", l.account, l.amount)).collect();
//! assert_eq!(shown, ["Suspense 1500.00 KES", "Applied(\"loan-7\") -1500.00 KES"]);
//! # assert_eq!(received[0].account, Account::Float("600999".into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use ledger::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    intake::{Standing, Transaction},
    payment::PaymentKind,
    suspense::Resolution,
};

/// An account of the books, to be mapped to the chart of accounts by the host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Account {
    /// The money in a wallet of ours, by wallet or short code; empty when the notices name none.
    Float(String),
    /// Received, owner not yet known.
    Suspense,
    /// Applied to an account.
    Applied(String),
    /// Paid out, by the own id of the disbursement.
    PaidOut(String),
    /// Fees of the provider.
    ProviderFees,
    /// Unclaimed money taken to income, as the law allows after its period.
    Income,
}

/// Where the money of a receipt belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement<'a> {
    /// Not known yet.
    #[default]
    Suspense,
    /// To an account.
    Applied(&'a str),
    /// Back to the payer, by the payout with this own id.
    Refunded(&'a str),
    /// To income.
    Income,
    /// There never was any money: nothing is booked.
    NeverReceived,
}

impl<'a> Placement<'a> {
    /// The placement that follows from what a person decided.
    #[must_use]
    pub fn of(resolution: Option<&'a Resolution>) -> Self {
        match resolution {
            None => Self::Suspense,
            Some(Resolution::Applied { account }) => Self::Applied(account),
            Some(Resolution::Refunded { payout }) => Self::Refunded(payout),
            Some(Resolution::TakenToIncome) => Self::Income,
            Some(Resolution::NeverReceived) => Self::NeverReceived,
        }
    }

    fn account(self) -> Account {
        match self {
            Self::Suspense | Self::NeverReceived => Account::Suspense,
            Self::Applied(account) => Account::Applied(account.into()),
            Self::Refunded(payout) => Account::PaidOut(payout.into()),
            Self::Income => Account::Income,
        }
    }
}

/// Whose the fees are that a notice of a *receipt* names. Fees of payouts are always ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FeeRule {
    /// The payer's, beside the amount: they touch no account of ours. Fees of ours come on the
    /// statement. The most common practice.
    #[default]
    PaidByPayer,
    /// Ours: the wallet gets the amount and loses the fee. The customer is credited the amount.
    TakenFromFloat,
    /// Ours, and already taken off: the amount named is what is left, and the customer is credited
    /// amount and fee together.
    NetSettled,
}

/// A line: above zero a debit, below zero a credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The account.
    pub account: Account,
    /// The amount.
    pub amount: Money,
}

/// The balances that a transaction ought to have caused, given where its money belongs. The lines
/// add up to zero in each currency.
///
/// A transaction held for a conflict is booked to suspense at the smallest amount said: so much has
/// certainly arrived. One that is held for verification or whose amount is unknown is not booked.
#[must_use]
pub fn position(transaction: &Transaction, placement: Placement<'_>, fees: FeeRule) -> Vec<Line> {
    let merged = &transaction.merged;
    let wallet = merged.wallet.clone().unwrap_or_default();
    let mut sums = Sums::default();
    match merged.kind {
        PaymentKind::Collection => {
            let Some(money) = booked(transaction).filter(|_| placement != Placement::NeverReceived)
            else {
                return Vec::new();
            };
            let held = transaction.standing == Standing::HeldForConflict;
            let placement = if held { Placement::Suspense } else { placement };
            let (float, other) = (Account::Float(wallet), placement.account());
            sums.transfer(float.clone(), other.clone(), &money);
            for fee in &merged.fees {
                let fee = Money::new(fee.amount, fee.currency.unwrap_or(money.currency()));
                match fees {
                    FeeRule::PaidByPayer => {}
                    FeeRule::TakenFromFloat => {
                        sums.transfer(Account::ProviderFees, float.clone(), &fee);
                    }
                    FeeRule::NetSettled => {
                        sums.transfer(Account::ProviderFees, other.clone(), &fee);
                    }
                }
            }
        }
        PaymentKind::Disbursement => {
            let Some(money) = booked(transaction) else {
                return Vec::new();
            };
            let id = merged.own_id.clone().or_else(|| merged.provider_id.clone());
            let paid = Account::PaidOut(id.unwrap_or_default());
            sums.transfer(paid, Account::Float(wallet.clone()), &money);
            for fee in &merged.fees {
                let fee = Money::new(fee.amount, fee.currency.unwrap_or(money.currency()));
                sums.transfer(Account::ProviderFees, Account::Float(wallet.clone()), &fee);
            }
        }
        // A reversal lowers the transaction that it takes back; it has no balances of its own.
        PaymentKind::Reversal => {}
    }
    sums.lines()
}

/// What has certainly moved.
fn booked(transaction: &Transaction) -> Option<Money> {
    if transaction.standing != Standing::HeldForConflict {
        return transaction.net();
    }
    let amounts = transaction.amounts.iter();
    let known = amounts.filter_map(|a| Some(Money::new(a.amount, a.currency?)));
    known.min_by(|a, b| {
        let order = a.currency().cmp(&b.currency());
        order.then(a.amount().cmp(&b.amount()))
    })
}

/// The entry that leads from one position to another; empty when nothing changes. Debits come
/// before credits of the same account order.
#[must_use]
pub fn difference(before: &[Line], after: &[Line]) -> Vec<Line> {
    let mut sums = Sums::default();
    for line in before {
        sums.add(line.account.clone(), &line.amount.negated());
    }
    for line in after {
        sums.add(line.account.clone(), &line.amount);
    }
    sums.lines()
}

#[derive(Default)]
struct Sums(BTreeMap<(Account, Currency), Decimal>);

impl Sums {
    fn add(&mut self, account: Account, money: &Money) {
        let sum = self.0.entry((account, money.currency())).or_default();
        *sum = sum.saturating_add(money.amount());
    }

    fn transfer(&mut self, debit: Account, credit: Account, money: &Money) {
        self.add(debit, money);
        self.add(credit, &money.negated());
    }

    fn lines(self) -> Vec<Line> {
        let sums = self.0.into_iter().filter(|(_, sum)| !sum.is_zero());
        sums.map(|((account, currency), sum)| Line {
            account,
            amount: Money::new(sum, currency),
        })
        .collect()
    }
}
