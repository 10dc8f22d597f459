//! Proof that a state is what its contract and its history make.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{self, Debug};

use chrono::NaiveDate;
use ledger::posting_rules::AccountingMethod;

use super::{Amounts, Instalment, LoanAccount, LoanError, Transaction};

/// A part of an account that its contract and history do not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which part, for example `principal` or `instalment 3: paid`.
    pub part: String,
    /// What is stored.
    pub stored: String,
    /// What contract and history make.
    pub derived: String,
}

impl Difference {
    /// A difference, where there is one.
    pub(crate) fn between<T: Debug + PartialEq>(
        part: &str,
        stored: &T,
        derived: &T,
    ) -> Option<Self> {
        (stored != derived).then(|| Self {
            part: part.to_string(),
            stored: format!("{stored:?}"),
            derived: format!("{derived:?}"),
        })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            part,
            stored,
            derived,
        } = self;
        write!(f, "{part} is {stored}, by contract and history {derived}")
    }
}

impl LoanAccount {
    /// Folds contract and history anew and says what of this account they do not give; nothing of
    /// a sound one. The history is all of the account's transactions, ordered by value date and
    /// id, each with the outcome that was kept of it.
    ///
    /// What no transaction says (application, branch and officer, dates closed, numbers used) is
    /// taken from the account. Income in the books is compared with what is earned, on the accrual
    /// basis.
    ///
    /// # Errors
    /// What the contract refuses a transaction of the history with.
    pub fn differences(&self, history: &[Transaction]) -> Result<Vec<Difference>, LoanError> {
        let mut found = Vec::new();
        if self.status.is_disbursed() || history.iter().any(|t| t.reversed_on.is_none()) {
            let (derived, outcomes) = self.refold(history)?;
            self.compare(&derived, &mut found);
            for (transaction, (_, outcome)) in history.iter().zip(&outcomes) {
                let part = format!("outcome of transaction {}", transaction.id);
                found.extend(Difference::between(&part, &transaction.outcome, outcome));
            }
        }
        if self.terms.accounting.method() == AccountingMethod::Accrual {
            let earned = match &self.charged_off {
                Some(charged_off) => charged_off.earned,
                None => self.earned()?,
            };
            let part = "income in the books";
            found.extend(Difference::between(
                part,
                &income(&self.recognised),
                &income(&earned),
            ));
        }
        Ok(found)
    }

    fn compare(&self, whole: &Self, found: &mut Vec<Difference>) {
        let derived = whole;
        macro_rules! parts {
            ($($field:ident),+ $(,)?) => {$(
                found.extend(Difference::between(
                    stringify!($field),
                    &self.$field,
                    &derived.$field,
                ));
            )+};
        }
        parts!(
            status,
            level,
            percent,
            disbursed,
            lent,
            disbursed_on,
            principal,
            paid,
            credit_lots,
            prepaid,
            stretches,
            ended,
            planned_rates,
            charged_back,
            interest_rests,
            pauses,
            charges,
            deferred,
            penalty_accrued,
            penalty_charged,
            arrears,
            delinquency,
            charged_off,
            applied_early,
            late_moved,
            late_carried,
            rested,
            moved_interest,
            interest_residue,
            reviewed_on,
            redraw,
            settled_by,
            tax,
            terminated_on,
            lock,
            written_off,
            last,
        );
        let (stored, derived) = (&self.instalments, &derived.instalments);
        let count = (stored.len(), derived.len());
        found.extend(Difference::between("instalments", &count.0, &count.1));
        for (stored, derived) in stored.iter().zip(derived.iter()) {
            instalment(stored, derived, found);
        }
        if found.is_empty() {
            // What has no name above; what no transaction says is the same in both.
            found.extend(Difference::between("the rest of the state", self, whole));
        }
    }
}

/// Income without the principal, which the books carry by itself.
const fn income(amounts: &Amounts) -> [rust_decimal::Decimal; 3] {
    [amounts.interest, amounts.fee, amounts.penalty]
}

fn instalment(stored: &Instalment, derived: &Instalment, found: &mut Vec<Difference>) {
    if stored == derived {
        return;
    }
    let before = found.len();
    let part = |name: &str| format!("instalment {}: {name}", stored.number);
    let dates = |row: &Instalment| -> [NaiveDate; 3] { [row.from, row.interest_to, row.due_on] };
    found.extend(Difference::between(
        &part("dates"),
        &dates(stored),
        &dates(derived),
    ));
    let amounts = [
        ("due", stored.due, derived.due),
        ("paid", stored.paid, derived.paid),
        ("forgiven", stored.forgiven, derived.forgiven),
    ];
    for (name, stored, derived) in amounts {
        found.extend(Difference::between(&part(name), &stored, &derived));
    }
    if found.len() == before {
        found.extend(Difference::between(&part("details"), stored, derived));
    }
}
