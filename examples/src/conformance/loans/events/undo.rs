//! What is taken back.

use lending_core::loan::{Command, Transaction, TransactionId};
use serde_json::Value;

use super::{
    super::super::values::{field, parse_date, text},
    super::names::{is_charge, type_name},
    Loan, Refusal,
};

impl Loan {
    pub(super) fn undo(&mut self, event: &Value) -> Result<(), Refusal> {
        let transaction = self.target(field(event, "target")?)?;
        if let Some(transaction) = self.interest_given_with(transaction) {
            self.decide(&Command::Reverse { transaction })?;
        }
        self.decide(&Command::Reverse { transaction })
    }

    /// The transaction that an event names.
    pub(super) fn target(&self, target: &Value) -> Result<TransactionId, Refusal> {
        let kind = target.get("type").map(text).transpose()?;
        let on = target
            .get("on")
            .map(|on| parse_date(text(on)?))
            .transpose()?;
        let mut found: Vec<_> = self
            .history
            .iter()
            .filter(|t| kind.is_none_or(|kind| type_name(&t.kind) == kind))
            .filter(|t| on.is_none_or(|on| t.value_date == on))
            .filter(|t| kind.is_none() || t.reversed_on.is_none() || target.get("on").is_some())
            .filter(|t| !is_charge(&t.kind))
            .map(|t| t.id)
            .collect();
        found.sort();
        let transaction = match target.get("nth").and_then(Value::as_u64) {
            Some(nth) => found.get(usize::try_from(nth).unwrap_or(0).wrapping_sub(1)),
            None => found.last(),
        };
        let found = transaction.ok_or("cannot find the transaction named".to_owned())?;
        Ok(*found)
    }

    /// The interest that was given back with a refund goes with it.
    fn interest_given_with(&self, refund: TransactionId) -> Option<TransactionId> {
        let of = |id| self.history.iter().find(|t| t.id == id);
        let refund = of(refund).filter(|t| {
            let name = type_name(&t.kind);
            name == "merchant_issued_refund" || name == "payout_refund"
        })?;
        let next = of(TransactionId::new(refund.id.get() + 1))?;
        let with = next.value_date == refund.value_date && next.reversed_on.is_none();
        (with && type_name(&next.kind) == "interest_refund").then_some(next.id)
    }

    pub(super) fn undo_last(&mut self, kind: &str) -> Result<(), Refusal> {
        let transaction = self.last_of(kind)?;
        self.decide(&Command::Reverse { transaction })
    }

    pub(super) fn undo_last_payout(&mut self) -> Result<(), Refusal> {
        self.withdrawn.insert(self.last_of("disbursement")?);
        self.undo_last("disbursement")
    }

    /// The transaction of a type that was recorded last.
    pub(super) fn last_of(&self, kind: &str) -> Result<TransactionId, Refusal> {
        let of_kind = self
            .history
            .iter()
            .filter(|t| type_name(&t.kind) == kind && t.reversed_on.is_none());
        let last = of_kind.map(|t| t.id).max();
        Ok(last.ok_or(format!("cannot find a {kind}"))?)
    }

    /// Everything that happened goes, the payouts last.
    pub(super) fn undo_disbursal(&mut self) -> Result<(), Refusal> {
        let valid = self.history.iter().filter(|t| t.reversed_on.is_none());
        let mut ids: Vec<_> = valid.map(Transaction::order).collect();
        ids.sort();
        for (_, transaction) in ids.into_iter().rev() {
            self.withdrawn.insert(transaction);
            self.decide(&Command::Reverse { transaction })?;
        }
        Ok(())
    }
}
