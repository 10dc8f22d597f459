//! Interest that follows the balance, and the instalments still to come.
//!
//! The forecast assumes that what is overdue is paid today and every later instalment on its due
//! date. It is made again after every transaction and at the end of every interest period.

use alloc::{vec, vec::Vec};

use rust_decimal::Decimal;

use super::{
    Amounts, Element, LoanAccount, LoanError,
    account::Stretch,
    amounts::{add, div, mul, sub},
    instalment::PrincipalRule,
};

/// What is still to be scheduled.
pub(crate) struct Remaining {
    /// First and last instalment of the forecast.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// The balance bearing interest once what is overdue is paid.
    pub(crate) balance: Decimal,
    /// Principal that the instalments from `first` on carry, paid parts included.
    pub(crate) scheduled: Decimal,
}

impl LoanAccount {
    /// Makes the instalments still to come again from the balance.
    pub(crate) fn forecast(&mut self) -> Result<(), LoanError> {
        let Some(Remaining {
            first,
            last,
            mut balance,
            mut scheduled,
        }) = self.remaining()?
        else {
            return Ok(());
        };
        let mut prepaid = self.prepaid;
        for at in first..=last {
            let interest = self.round(self.forecast_interest(at, first, balance)?);
            let level = self.level;
            let Some(row) = self.instalments.get_mut(at) else {
                break;
            };
            let settled = row.paid.plus(&row.forgiven)?;
            row.due.interest = interest.max(settled.interest);
            let mut principal = match row.principal_rule {
                PrincipalRule::Level => sub(level, row.due.interest)?.max(Decimal::ZERO),
                PrincipalRule::Planned => row.planned,
                PrincipalRule::None => Decimal::ZERO,
            };
            let used = prepaid.min(principal);
            prepaid = sub(prepaid, used)?;
            principal = sub(principal, used)?;
            principal = principal.max(settled.principal).min(scheduled);
            if at == last {
                principal = scheduled;
            }
            row.due.principal = principal;
            row.settled_on = row.settled_on.filter(|_| row.is_settled());
            scheduled = sub(scheduled, principal)?;
            balance = sub(balance, sub(principal, settled.principal)?)?;
        }
        Ok(())
    }

    /// The instalments that the forecast makes and what they carry. `None` when none is left.
    pub(crate) fn remaining(&self) -> Result<Option<Remaining>, LoanError> {
        let start = self
            .stretches
            .first()
            .map_or(self.as_of, |stretch| stretch.from);
        let carries = |row: &super::Instalment| row.principal_rule != PrincipalRule::None;
        let first = self
            .instalments
            .iter()
            .position(|row| carries(row) && row.interest_to > start);
        let last = self.instalments.iter().rposition(carries);
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(None);
        };
        let mut balance = self.principal;
        let mut scheduled = self.principal;
        for (at, row) in self.instalments.iter().enumerate() {
            if at < first || at > last {
                let open = row.open(Element::Principal)?;
                balance = sub(balance, open)?;
                scheduled = sub(scheduled, open)?;
            } else {
                scheduled = add(scheduled, add(row.paid.principal, row.forgiven.principal)?)?;
            }
        }
        Ok(Some(Remaining {
            first,
            last,
            balance,
            scheduled,
        }))
    }

    /// Interest of an instalment, unrounded: what has arisen, and the rest on the balance that the
    /// forecast expects.
    pub(crate) fn forecast_interest(
        &self,
        at: usize,
        first: usize,
        balance: Decimal,
    ) -> Result<Decimal, LoanError> {
        let Some(row) = self.instalments.get(at) else {
            return Ok(Decimal::ZERO);
        };
        let (from, to, percent) = (row.from, row.interest_to, self.percent);
        if at > first {
            return self.interest_of(
                (from, to),
                &[Stretch {
                    from,
                    base: balance,
                    percent,
                }],
                to,
            );
        }
        let mut stretches = self.stretches.clone();
        let today = self.as_of.max(from);
        if today < to {
            stretches.retain(|stretch| stretch.from < today);
            stretches.push(Stretch {
                from: today,
                base: balance,
                percent,
            });
        }
        self.interest_of((from, to), &stretches, to)
    }

    /// Interest of the running period up to today, unrounded, and the instalment it belongs to.
    fn running_interest(&self) -> Result<Option<(usize, Decimal)>, LoanError> {
        let Some(remaining) = self.remaining()? else {
            return Ok(None);
        };
        let Some(row) = self.instalments.get(remaining.first) else {
            return Ok(None);
        };
        let to = self.as_of.min(row.interest_to);
        let interest = self.interest_of((row.from, row.interest_to), &self.stretches, to)?;
        Ok(Some((remaining.first, interest)))
    }

    /// How much interest of each instalment has arisen by today, in whole minor units.
    pub(crate) fn interest_to_date(&self) -> Result<Vec<Decimal>, LoanError> {
        let mut to_date: Vec<Decimal> = vec![Decimal::ZERO; self.instalments.len()];
        let running = if self.on_balance() {
            self.running_interest()?
        } else {
            None
        };
        for (at, (slot, row)) in to_date.iter_mut().zip(&self.instalments).enumerate() {
            *slot = match running {
                _ if row.interest_to <= self.as_of => row.due.interest,
                Some((first, interest)) if first == at => self.round(interest),
                Some(_) => Decimal::ZERO,
                None if row.from >= self.as_of => Decimal::ZERO,
                None => self.share_to_date(row)?,
            };
        }
        Ok(to_date)
    }

    /// The part of a scheduled instalment's interest that has arisen by today, by days.
    fn share_to_date(&self, row: &super::Instalment) -> Result<Decimal, LoanError> {
        let whole = Decimal::from(row.interest_to.signed_duration_since(row.from).num_days());
        let past = Decimal::from(self.as_of.signed_duration_since(row.from).num_days());
        Ok(self.round(div(mul(row.due.interest, past)?, whole)?))
    }

    /// Income earned by today: interest as it arises, other elements when they are charged or
    /// fall due, and never less than what was paid.
    pub(crate) fn earned(&self) -> Result<Amounts, LoanError> {
        let to_date = self.interest_to_date()?;
        let mut earned = Amounts::ZERO;
        for (row, interest) in self.instalments.iter().zip(to_date) {
            let settled = row.paid.plus(&row.forgiven)?;
            earned.add_to(Element::Interest, interest.max(settled.interest))?;
            for element in [Element::Fee, Element::Penalty] {
                let due = if row.due_on <= self.as_of {
                    row.due.get(element)
                } else {
                    let mine = |c: &&super::account::ChargeLine| {
                        c.instalment == row.number && c.element == element
                    };
                    let charged = self.charges.iter().filter(mine);
                    charged.map(|c| c.amount).try_fold(Decimal::ZERO, add)?
                };
                earned.add_to(element, due.max(settled.get(element)))?;
            }
        }
        Ok(earned)
    }

    /// Gives up interest and fees that have not arisen yet: nothing of the future stays owed.
    pub(crate) fn drop_future_interest(&mut self) -> Result<(), LoanError> {
        let to_date = self.interest_to_date()?;
        let today = self.as_of;
        for (row, interest) in self.instalments.iter_mut().zip(to_date) {
            row.due.interest = interest.max(row.paid.interest);
            if row.due_on > today {
                row.due.fee = row.due.fee.min(row.paid.fee);
            }
        }
        Ok(())
    }
}
