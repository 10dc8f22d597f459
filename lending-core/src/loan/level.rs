//! Levelling the instalments still to come: after a tranche, a rate change or early principal.

use alloc::vec::Vec;

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{
    LoanAccount, LoanError,
    account::OwedAgain,
    amounts::{add, div, mul, sub},
    forecast::Remaining,
    instalment::PrincipalRule,
    interest::too_large,
};
use crate::schedule::{
    Amortization, AnnuityFormula, ElementRounding, Equalise, internal::Charging,
};

impl LoanAccount {
    /// Spreads the principal still to be scheduled anew over the instalments still to come.
    /// `lent` is principal that no instalment carries yet.
    pub(crate) fn relevel(&mut self, lent: Decimal) -> Result<(), LoanError> {
        let Some(remaining) = self.remaining(lent)? else {
            return Ok(());
        };
        if self.is_level() && self.carrying(&remaining).next().is_some() {
            // What was charged back is spread with the rest.
            self.owed_again.clear();
            let before = self.level;
            self.level = self.level_for(&remaining)?;
            self.keep_paid(&remaining, before)?;
            self.forecast_rows(&mut remaining.clone(), &[])?;
            if self.planned_rates.is_empty() {
                self.equalise(&remaining)
            } else {
                self.relevel_planned(&remaining)
            }
        } else {
            self.spread_principal(&remaining)?;
            self.forecast_rows(&mut remaining.clone(), &[])?;
            Ok(())
        }
    }

    /// As [`Self::relevel`], for the instalments after the one at `at`, which took early money.
    pub(crate) fn relevel_after(&mut self, at: usize) -> Result<(), LoanError> {
        let Some(remaining) = self.remaining(Decimal::ZERO)? else {
            return Ok(());
        };
        if !self.is_level() || at < remaining.first {
            return self.relevel(Decimal::ZERO);
        }
        if at < remaining.last {
            // What was charged back later on is spread with the rest.
            let row = self.instalments.get(at).map(|row| row.interest_to);
            self.owed_again
                .retain(|again| Some(again.period_end) <= row);
            let tail = self.tail_of(&remaining, at.saturating_add(1))?;
            self.level = self.level_for(&tail)?;
        }
        self.forecast_rows(&mut remaining.clone(), &[])?;
        Ok(())
    }

    /// What is still to be scheduled from an instalment on.
    pub(crate) fn tail_of(&self, whole: &Remaining, first: usize) -> Result<Remaining, LoanError> {
        let mut tail = whole.clone();
        tail.first = first.max(whole.first);
        let before = self.instalments.iter().take(tail.first).skip(whole.first);
        for row in before.filter(|row| row.has_period()) {
            tail.scheduled = sub(tail.scheduled, row.due.principal)?;
            let open = if self.on_balance() {
                row.open(super::Element::Principal)?
            } else {
                row.due.principal
            };
            tail.balance = sub(tail.balance, open)?;
        }
        Ok(tail)
    }

    /// The level instalment: `(S + I₁)·Π(1+rᵢ) / fₙ` over the periods after the running one, with
    /// `S` the principal to be scheduled and `I₁` the running period's interest. Interest that was
    /// moved to an instalment is part of its total and grows as `I₁` does.
    pub(crate) fn level_for(&self, remaining: &Remaining) -> Result<Decimal, LoanError> {
        let formula = match &self.terms.schedule.amortization {
            Amortization::EqualInstalments { formula, .. } => *formula,
            _ => AnnuityFormula::ClosedForm,
        };
        // A level is what it is without pauses: what they save is left off the last instalment.
        if !self.pauses.is_empty() {
            let mut unpaused = self.clone();
            unpaused.pauses.clear();
            return unpaused.level_for(remaining);
        }
        let charging = self.charging()?;
        if self.is_flat() {
            return self.flat_level(&charging, remaining);
        }
        let rate = self.rate(self.percent);
        let nominal = match formula {
            AnnuityFormula::ClosedForm | AnnuityFormula::ClosedFormByDays => {
                let ratio = charging.formula_rate(formula, rate)?;
                Some(ratio.to_decimal().ok_or_else(too_large)?)
            }
            _ => None,
        };
        // The first level instalment may follow a grace period: its interest is then on a balance
        // that is still whole.
        // Nor is it the running one where only later instalments are levelled.
        let begun = self
            .stretches
            .first()
            .map_or(self.as_of, |stretch| stretch.from);
        let running = self
            .instalments
            .get(remaining.first)
            .is_some_and(|row| row.principal_rule == PrincipalRule::Level && begun >= row.from);
        let first = match (nominal, self.carrying(remaining).next()) {
            (Some(rate), _) => mul(remaining.scheduled, rate)?,
            (None, Some(row)) => {
                let early = sub(remaining.scheduled, remaining.balance)?.max(Decimal::ZERO);
                let own = self.forecast_interest(&charging, row, running, remaining.balance)?;
                let early = self.forecast_interest(&charging, row, false, early)?;
                add(own, early)?
            }
            (None, None) => Decimal::ZERO,
        };
        // One for an instalment of the level, none for one that keeps its own.
        let part = |row: &super::Instalment| {
            if remaining.kept.contains(&row.number) {
                Decimal::ZERO
            } else {
                Decimal::ONE
            }
        };
        let mut product = Decimal::ONE;
        let mut f = self.carrying(remaining).next().map_or(Decimal::ONE, part);
        let share = |row: &super::Instalment| self.moved_share(row.number);
        let mut moved = self.carrying(remaining).next().map_or(Decimal::ZERO, share);
        for row in self.carrying(remaining).skip(1) {
            let periodic = match nominal {
                Some(rate) => rate,
                None => {
                    let ratio = charging.ratio(rate, row.from, row.interest_to, row.span())?;
                    ratio.to_decimal().ok_or_else(too_large)?
                }
            };
            let growth = add(Decimal::ONE, periodic)?;
            product = mul(product, growth)?;
            f = add(mul(f, growth)?, part(row))?;
            moved = add(mul(moved, growth)?, share(row))?;
        }
        let level = mul(add(remaining.scheduled, first)?, product)?;
        let level = div(add(level, moved)?, f)?;
        Ok(self.round_level(level))
    }

    /// Instalments that took more than a lower level keep the one they had, and the level is
    /// found again without them.
    fn keep_paid(&mut self, remaining: &Remaining, before: Decimal) -> Result<(), LoanError> {
        if self.is_flat() || self.level >= before || !self.on_balance() {
            return Ok(());
        }
        let mut kept: Vec<super::Instalment> = Vec::new();
        for row in self.carrying(remaining) {
            let settled = row.settled()?;
            if add(settled.principal, settled.interest)? > self.level {
                kept.push(*row);
            }
        }
        if kept.is_empty() || kept.len() == self.carrying(remaining).count() {
            return Ok(());
        }
        let mut rest = remaining.clone();
        for row in &kept {
            let interest = row.settled_of(super::Element::Interest)?;
            rest.scheduled = sub(rest.scheduled, sub(before, interest)?)?;
            rest.kept.push(row.number);
        }
        self.level = self.level_for(&rest)?;
        let beside = sub(before, self.level)?;
        for row in kept {
            let period_end = row.interest_to;
            self.owed_again.push(OwedAgain { period_end, beside });
        }
        Ok(())
    }

    /// Equal parts of principal and flat interest together.
    fn flat_level(
        &self,
        charging: &Charging<'_>,
        remaining: &Remaining,
    ) -> Result<Decimal, LoanError> {
        let (mut whole, mut count) = (remaining.scheduled, Decimal::ZERO);
        for row in self.carrying(remaining) {
            let running = count.is_zero();
            let interest = self.forecast_interest(charging, row, running, Decimal::ZERO)?;
            whole = add(whole, self.round_interest(interest))?;
            whole = add(whole, self.moved_share(row.number))?;
            count = add(count, Decimal::ONE)?;
        }
        Ok(self.round_level(div(whole, count.max(Decimal::ONE))?))
    }

    fn carrying(&self, remaining: &Remaining) -> impl Iterator<Item = &super::Instalment> {
        let count = remaining
            .last
            .saturating_sub(remaining.first)
            .saturating_add(1);
        self.instalments
            .iter()
            .skip(remaining.first)
            .take(count)
            .filter(|row| row.principal_rule == PrincipalRule::Level)
    }

    pub(crate) fn round_level(&self, level: Decimal) -> Decimal {
        let rounding = &self.terms.schedule.rounding;
        match (rounding.elements, rounding.multiple) {
            (ElementRounding::Total | ElementRounding::WholeUnits, Some(multiple)) => {
                let whole = multiple.mode.round_to_multiple(level, multiple.of);
                let whole = whole.unwrap_or(level);
                // A level of nothing would repay nothing before the last instalment.
                if level > Decimal::ZERO && whole.is_zero() {
                    multiple.of
                } else {
                    whole
                }
            }
            _ => self.round(level),
        }
    }

    /// One other amount is tried when the last instalment is off by more than half a minor unit an
    /// instalment, and kept only if that brings it closer.
    fn equalise(&mut self, remaining: &Remaining) -> Result<(), LoanError> {
        let Amortization::EqualInstalments {
            equalise: Equalise::OneCorrection,
            ..
        } = self.terms.schedule.amortization
        else {
            return Ok(());
        };
        // A tax on top makes instalments differ by it, whatever their level.
        if self.taxed().on_top() {
            return Ok(());
        }
        // Money paid early on later instalments is what makes the last one differ.
        if remaining.scheduled > remaining.balance {
            return Ok(());
        }
        let count = self.carrying(remaining).count();
        let gap = self.gap(remaining)?;
        let minor = Decimal::new(1, u32::from(self.terms.currency.minor_units()));
        let half = count
            .checked_div(2)
            .and_then(|half| half.to_i64())
            .unwrap_or(0);
        if gap.abs() <= mul(Decimal::from(half), minor)? {
            return Ok(());
        }
        let before = (self.level, self.instalments.clone());
        let share = self.round(div(gap, Decimal::from(count))?);
        // Where the contract has whole units, the other amount is one too.
        self.level = self.round_level(add(self.level, share)?);
        if self.level == before.0 {
            return Ok(());
        }
        self.forecast_rows(&mut remaining.clone(), &[])?;
        if self.gap(remaining)?.abs() >= gap.abs() {
            (self.level, self.instalments) = before;
        }
        Ok(())
    }

    fn gap(&self, remaining: &Remaining) -> Result<Decimal, LoanError> {
        let Some(last) = self.instalments.get(remaining.last) else {
            return Ok(Decimal::ZERO);
        };
        sub(add(last.due.principal, last.due.interest)?, self.level)
    }

    /// One of `count` equal shares, as the contract rounds them.
    pub(crate) fn equal_share(&self, whole: Decimal, count: Decimal) -> Result<Decimal, LoanError> {
        let rounding = self.terms.schedule.rounding;
        let share = div(whole, count)?;
        Ok(match (rounding.elements, rounding.multiple) {
            (ElementRounding::Total | ElementRounding::WholeUnits, Some(multiple)) => multiple
                .mode
                .round_to_multiple(share, multiple.of)
                .unwrap_or(share),
            _ => self.round(share),
        })
    }

    /// Spreads principal lent over all instalments, past due ones too, as if it had been agreed
    /// from the first day. For loans without interest.
    pub(crate) fn spread_over_all(&mut self, lent: Decimal) -> Result<(), LoanError> {
        let grace = usize::try_from(self.terms.schedule.grace.principal).unwrap_or(usize::MAX);
        let carrying: Vec<usize> = (0..self.instalments.len())
            .filter(|at| {
                self.instalments
                    .get(*at)
                    .is_some_and(super::Instalment::has_period)
            })
            .skip(grace)
            .collect();
        let mut left = lent;
        for at in &carrying {
            let row = self.instalments.get(*at);
            left = add(left, row.map_or(Decimal::ZERO, |row| row.due.principal))?;
        }
        let share = self.equal_share(left, Decimal::from(carrying.len().max(1)))?;
        self.level = share;
        let (today, last) = (self.as_of, carrying.last().copied());
        for at in carrying {
            let Some(row) = self.instalments.get_mut(at) else {
                continue;
            };
            let part = if Some(at) == last {
                left
            } else {
                share.min(left)
            };
            row.due.principal = part
                .max(row.settled_of(super::Element::Principal)?)
                .min(left);
            row.planned = row.due.principal;
            left = sub(left, row.due.principal)?;
            row.resettle();
            row.settle_if_covered(row.settled_on.unwrap_or(today));
        }
        Ok(())
    }

    /// Equal shares, whole minor units, the rest in the last.
    fn spread_principal(&mut self, remaining: &Remaining) -> Result<(), LoanError> {
        let carries = super::Instalment::has_period;
        let rows = self.instalments.iter().skip(remaining.first);
        let count = Decimal::from(rows.filter(|row| carries(row)).count().max(1));
        let share = self.equal_share(remaining.scheduled, count)?;
        let mut left = remaining.scheduled;
        for (at, row) in self
            .instalments
            .iter_mut()
            .enumerate()
            .skip(remaining.first)
        {
            if at > remaining.last || !carries(row) {
                continue;
            }
            row.principal_rule = PrincipalRule::Planned;
            row.planned = if at == remaining.last {
                left
            } else {
                share.min(left)
            };
            left = sub(left, row.planned)?;
        }
        Ok(())
    }
}
