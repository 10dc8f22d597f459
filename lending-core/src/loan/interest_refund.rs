//! Interest given back with money that is returned early.
//!
//! A merchant takes goods back, or the payout itself is returned: interest that arose on that money
//! should not have been owed. What is given back is the difference of two lives: the interest
//! earned by the day as things are, and the interest that would have been earned had so much less
//! been paid out, the earliest payouts first, everything else having happened as it did. Earlier
//! refunds of the same kind count as never paid out in both.
//!
//! [`LoanAccount::refund`] makes both transactions where the contract says that the kind of refund
//! gives interest back ([`AllocationTerms::refunds_interest`](super::AllocationTerms)). The amount
//! is a fact from then on: undo both by reversing both. Source: Fineract's interest refund.

use alloc::vec::Vec;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Code, Command, Context, CreditKind, Decision, History, LoanAccount, LoanError, NewTransaction,
    Transaction, TransactionId, TransactionKind,
    amounts::{add, sub},
    fold::Touched,
};
use crate::schedule::{Amortization, Balloon};

/// Money returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The kind of credit.
    pub kind: CreditKind,
    /// How much.
    pub amount: Decimal,
    /// From which day it counts.
    pub on: NaiveDate,
    /// The payment channel.
    pub channel: Option<Code>,
    /// Ids of the refund and of the interest given back, time-ordered.
    pub ids: [TransactionId; 2],
}

/// What follows from a refund. Nothing is written yet: a host stores all of it in one commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Refunded {
    /// The decisions, in their order: the refund, then the interest if there is any.
    pub decisions: Vec<Decision>,
    /// The interest given back.
    pub interest: Decimal,
}

impl LoanAccount {
    /// Decides a refund and, where the contract says so, the interest given back with it.
    ///
    /// # Errors
    /// What either transaction is refused with.
    pub fn refund(
        &self,
        refund: &Refund,
        history: &History,
        context: &Context<'_>,
    ) -> Result<Refunded, LoanError> {
        let gives_back = self
            .terms
            .allocation
            .refunds_interest
            .contains(&refund.kind);
        let interest = if gives_back {
            self.interest_on_refund(refund.kind, refund.amount, refund.on, history)?
        } else {
            Decimal::ZERO
        };
        let (mut account, mut history) = (self.clone(), history.clone());
        let mut decisions = Vec::with_capacity(2);
        let [first, second] = refund.ids;
        let credits = [
            (first, refund.kind, refund.amount),
            (second, CreditKind::InterestRefund, interest),
        ];
        for (id, kind, amount) in credits {
            if kind == CreditKind::InterestRefund && amount.is_zero() {
                continue;
            }
            let split = None;
            let kind = TransactionKind::Credit {
                kind,
                amount,
                split,
            };
            let mut new = NewTransaction::new(id, refund.on, kind);
            new.channel = refund.channel;
            let context = Context {
                history: Some(&history),
                ..*context
            };
            let decision = account.decide(&Command::Record(new), &context)?;
            decision.update(&mut history)?;
            account = decision.account.clone();
            decisions.push(decision);
        }
        Ok(Refunded {
            decisions,
            interest,
        })
    }

    /// The interest that money returned on a day makes undue, in whole minor units.
    ///
    /// # Errors
    /// [`LoanError::AboveLimit`] for more than was paid out.
    pub fn interest_on_refund(
        &self,
        kind: CreditKind,
        amount: Decimal,
        on: NaiveDate,
        history: &History,
    ) -> Result<Decimal, LoanError> {
        let same = |of: &CreditKind| *of == kind;
        let mut before = Decimal::ZERO;
        for past in history.iter().filter(|t| t.reversed_on.is_none()) {
            if let TransactionKind::Credit { kind, amount, .. } = &past.kind
                && same(kind)
                && past.value_date <= on
            {
                before = add(before, *amount)?;
            }
        }
        let after = add(before, amount)?;
        let as_is = self.interest_without(before, kind, on, history)?;
        let less = self.interest_without(after, kind, on, history)?;
        Ok(sub(as_is, less)?.max(Decimal::ZERO))
    }

    /// Interest earned by a day had the first `unlent` of all payouts not been made.
    fn interest_without(
        &self,
        unlent: Decimal,
        refunds: CreditKind,
        on: NaiveDate,
        history: &History,
    ) -> Result<Decimal, LoanError> {
        let mut account = self.before_disbursement();
        let mut touched = Touched::default();
        let (mut left, mut lent) = (unlent, false);
        let live = history.iter().filter(|t| t.reversed_on.is_none());
        for fact in live.take_while(|t| t.value_date <= on) {
            let kind = match &fact.kind {
                TransactionKind::Disbursement { amount } => {
                    let part = left.min(*amount);
                    left = sub(left, part)?;
                    let amount = sub(*amount, part)?;
                    TransactionKind::Disbursement { amount }
                }
                TransactionKind::Credit { kind, .. } if *kind == refunds => continue,
                TransactionKind::Credit {
                    kind: CreditKind::InterestRefund,
                    ..
                } => continue,
                other => other.clone(),
            };
            let nothing = |kind: &TransactionKind| matches!(kind, TransactionKind::Disbursement { amount } if amount.is_zero());
            if let TransactionKind::Disbursement { amount } = &kind
                && !amount.is_zero()
                && !lent
            {
                lent = true;
                account.shrink_balloon(*amount);
            }
            // Before anything is lent nothing can have happened to it.
            if nothing(&kind) || !lent {
                continue;
            }
            let fact = Transaction {
                kind,
                ..fact.clone()
            };
            account.apply(&fact, &mut touched)?;
        }
        if left > Decimal::ZERO {
            return Err(LoanError::AboveLimit {
                field: "amount",
                given: unlent,
                allowed: sub(unlent, left)?,
            });
        }
        account.advance(on, &mut touched)?;
        account.freshen()?;
        Ok(account.earned()?.interest)
    }

    /// A balloon is no larger than what is lent first.
    fn shrink_balloon(&mut self, lent: Decimal) {
        if let Amortization::Balloon(Balloon::Principal { amount }) =
            self.terms.schedule.amortization
        {
            let amount = amount.min(lent);
            self.terms.schedule.amortization = Amortization::Balloon(Balloon::Principal { amount });
        }
    }
}
