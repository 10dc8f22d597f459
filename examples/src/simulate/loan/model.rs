//! The second model: slow, and too simple to be wrong in the same way.
//!
//! It walks from the payout to today one day after the other, adds the interest of each night on
//! the balance of that night, and pays with the money of each day row by row. It knows nothing of
//! replay, forecasts, stretches or postings; only the schedule of the first payout is taken as
//! given. Covered are the contracts of [`Contract::is_modelled`] and the facts of
//! [`is_plain`](super::lived::is_plain).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lending_core::{
    loan::{
        Element, History, InstalmentShare, PenaltyBase, Transaction, TransactionId, TransactionKind,
    },
    schedule::generate,
};
use rust_decimal::{Decimal, RoundingStrategy, dec};

use super::{contract::Contract, lived::is_plain, step::FIRST};

/// Amounts of principal, interest, fee, penalty.
pub type Four = BTreeMap<Element, Decimal>;

/// An instalment.
#[derive(Clone, Debug)]
pub struct Row {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub due_on: NaiveDate,
    /// Whether it carries principal, not charges only.
    pub carries: bool,
    planned: Decimal,
    /// Principal charged back, due beside what was planned.
    again: Decimal,
    pub due: Four,
    pub got: Four,
}

impl Row {
    pub fn open(&self, element: Element) -> Decimal {
        self.due[&element] - self.got[&element]
    }

    /// What a charge on every instalment comes to for this one.
    fn share(&self, of: InstalmentShare) -> Decimal {
        let (principal, interest) = (self.due[&Element::Principal], self.due[&Element::Interest]);
        match of {
            InstalmentShare::PercentOfPrincipal(percent) => cents(principal * percent / dec!(100)),
            InstalmentShare::PercentOfInterest(percent) => cents(interest * percent / dec!(100)),
            InstalmentShare::PercentOfPrincipalAndInterest(percent) => {
                cents((principal + interest) * percent / dec!(100))
            }
            other => other.figure(),
        }
    }

    pub fn settled(&self) -> bool {
        Element::ALL
            .iter()
            .all(|element| self.open(*element) <= Decimal::ZERO)
    }
}

/// The second model of one account.
pub struct Model {
    pub contract: Contract,
    pub today: NaiveDate,
    pub rows: Vec<Row>,
    level: Option<Decimal>,
    pub principal: Decimal,
    /// Interest of the nights of the running period, unrounded.
    pub nights: Decimal,
    /// Money beyond everything owed: payment, day, left.
    pub lots: Vec<(TransactionId, NaiveDate, Decimal)>,
    charges: Vec<(TransactionId, NaiveDate, Element, Decimal)>,
    grown: Decimal,
    charged: Decimal,
    pub written_off: bool,
    /// What each transaction paid.
    pub paid: BTreeMap<TransactionId, Four>,
}

pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

pub fn none() -> Four {
    Element::ALL
        .iter()
        .map(|element| (*element, Decimal::ZERO))
        .collect()
}

pub fn add(four: &mut Four, element: Element, amount: Decimal) {
    *four.entry(element).or_default() += amount;
}

impl Model {
    /// Recomputed from the facts; `None` when contract or facts are not covered.
    pub fn of(contract: &Contract, history: &History, today: NaiveDate) -> Option<Self> {
        let live = || history.iter().filter(|t| t.reversed_on.is_none());
        let on_schedule = contract.on_balance.is_none();
        let covered = live().all(|t| t.id == FIRST || is_plain(&t.kind, on_schedule));
        if !contract.is_modelled() || !covered {
            return None;
        }
        let mut model = Self::paid_out(contract, live().next()?.value_date)?;
        loop {
            let facts: Vec<&Transaction> = live()
                .filter(|t| t.value_date == model.today && t.id != FIRST)
                .collect();
            for fact in facts {
                model.happen(fact);
                model.late();
            }
            if model.today >= today {
                return Some(model);
            }
            model.night();
        }
    }

    fn paid_out(contract: &Contract, on: NaiveDate) -> Option<Self> {
        let terms = contract.terms();
        let lent = dec!(500);
        let schedule = generate(&terms.schedule, lent, terms.currency, on, &terms.calendar).ok()?;
        let row = |row: &lending_core::schedule::Instalment| {
            let mut due = none();
            add(&mut due, Element::Principal, row.principal);
            add(&mut due, Element::Interest, row.interest);
            let (from, to, due_on) = (row.from, row.nominal_due, row.due);
            Row {
                from,
                to,
                due_on,
                carries: true,
                planned: row.principal,
                again: Decimal::ZERO,
                due,
                got: none(),
            }
        };
        let rows: Vec<Row> = schedule.instalments.iter().map(row).collect();
        let first = rows.first()?;
        let level = matches!(contract.method, 1 | 2)
            .then(|| first.due[&Element::Principal] + first.due[&Element::Interest]);
        Some(Self {
            contract: *contract,
            today: on,
            rows,
            level,
            principal: lent,
            nights: Decimal::ZERO,
            lots: Vec::new(),
            charges: Vec::new(),
            grown: Decimal::ZERO,
            charged: Decimal::ZERO,
            written_off: false,
            paid: BTreeMap::new(),
        })
    }

    /// Whether interest follows the balance.
    pub fn on_balance(&self) -> bool {
        self.contract.on_balance.is_some()
    }

    /// The night to tomorrow.
    fn night(&mut self) {
        let overdue = |element| -> Decimal {
            let due = self.rows.iter().filter(|row| row.due_on <= self.today);
            due.map(|row| row.open(element)).sum()
        };
        let principal = overdue(Element::Principal);
        let base = match self.contract.penalty {
            _ if self.oldest_late().is_none() => Decimal::ZERO,
            None => Decimal::ZERO,
            Some(PenaltyBase::OverduePrincipal) => principal,
            Some(PenaltyBase::OverduePrincipalAndInterest) => {
                principal + overdue(Element::Interest)
            }
            Some(PenaltyBase::OutstandingPrincipal) => self.principal,
        };
        self.grown += base * dec!(0.001);
        self.nights += self.principal * dec!(12) / dec!(36500);
        self.today = self.today.succ_opt().unwrap_or(self.today);
        if self.on_balance()
            && let Some(at) = self
                .rows
                .iter()
                .position(|row| row.carries && row.to == self.today)
        {
            self.end_period(at);
        }
        self.late();
    }

    /// The interest of a period is what its nights came to; principal is what the level leaves.
    fn end_period(&mut self, at: usize) {
        let last = self.rows.iter().rposition(|row| row.carries) == Some(at);
        let elsewhere: Decimal = self
            .rows
            .iter()
            .enumerate()
            .filter(|(other, _)| *other < at || !self.rows[*other].carries)
            .map(|(_, row)| row.open(Element::Principal))
            .sum();
        let (principal, level) = (self.principal, self.level);
        let row = &mut self.rows[at];
        let interest = cents(self.nights).max(row.got[&Element::Interest]);
        self.nights = Decimal::ZERO;
        let got = row.got[&Element::Principal];
        let whole = principal - elsewhere + got;
        let again = row.again;
        let mut due = level.map_or(row.planned + again, |level| {
            (level + again - interest).max(Decimal::ZERO)
        });
        due = due.min(whole).max(got);
        row.due.insert(Element::Interest, interest);
        row.due
            .insert(Element::Principal, if last { whole } else { due });
    }

    pub fn oldest_late(&self) -> Option<NaiveDate> {
        let late = |row: &&Row| row.due_on <= self.today && !row.settled();
        self.rows.iter().find(late).map(|row| row.due_on)
    }

    /// Penalties, once the tolerances have passed.
    fn late(&mut self) {
        let Some(oldest) = self.oldest_late() else {
            (self.grown, self.charged) = (Decimal::ZERO, Decimal::ZERO);
            return;
        };
        let days = self.today.signed_duration_since(oldest).num_days();
        let charge = cents(self.grown) - self.charged;
        if self.contract.penalty.is_some() && days > 7 && charge > Decimal::ZERO {
            self.charged += charge;
            if let Some(row) = self.rows.iter_mut().find(|row| !row.settled()) {
                add(&mut row.due, Element::Penalty, charge);
            }
        }
    }

    fn happen(&mut self, fact: &Transaction) {
        match &fact.kind {
            TransactionKind::Credit { amount, .. } => self.receive(fact.id, *amount),
            TransactionKind::Charge {
                penalty,
                amount,
                due,
                ..
            } => {
                self.charge(fact.id, element(*penalty), *amount, *due);
            }
            TransactionKind::InstalmentCharge {
                penalty, amount, ..
            } => {
                let rows = self.rows.iter();
                let rows = rows.filter(|row| row.carries && row.due_on >= self.today);
                let shares: Vec<_> = rows.map(|row| (row.due_on, row.share(*amount))).collect();
                for (due, share) in shares {
                    self.charge(fact.id, element(*penalty), share, due);
                }
            }
            TransactionKind::Waiver { charge, .. } => self.waive(*charge),
            TransactionKind::Chargeback { amount, .. }
            | TransactionKind::CreditRefund { amount } => {
                let rest = *amount - self.draw(*amount);
                self.lend_again(rest);
            }
            TransactionKind::WriteOff => self.write_off(),
            _ => {}
        }
        self.use_lots();
    }

    /// The row that a day belongs to, made when there is none.
    fn row_for(&mut self, due: NaiveDate) -> usize {
        if let Some(at) = self.rows.iter().position(|row| due <= row.due_on) {
            return at;
        }
        let last = self.rows.len() - 1;
        if self.rows[last].carries {
            let (from, got) = (self.rows[last].due_on, none());
            let extra = Row {
                from,
                to: due,
                due_on: due,
                carries: false,
                planned: Decimal::ZERO,
                again: Decimal::ZERO,
                due: none(),
                got,
            };
            self.rows.push(extra);
            return last + 1;
        }
        self.rows[last].due_on = due;
        last
    }

    fn charge(&mut self, id: TransactionId, element: Element, amount: Decimal, due: NaiveDate) {
        let at = self.row_for(due);
        add(&mut self.rows[at].due, element, amount);
        self.charges.push((id, self.rows[at].from, element, amount));
    }

    fn waive(&mut self, charge: TransactionId) {
        for (_, from, element, amount) in self.charges.iter().filter(|line| line.0 == charge) {
            if let Some(row) = self.rows.iter_mut().find(|row| row.from == *from) {
                let part = row.open(*element).min(*amount).max(Decimal::ZERO);
                add(&mut row.got, *element, part);
            }
        }
    }

    fn draw(&mut self, amount: Decimal) -> Decimal {
        let mut left = amount;
        for lot in &mut self.lots {
            let part = left.min(lot.2);
            lot.2 -= part;
            left -= part;
        }
        self.lots.retain(|lot| !lot.2.is_zero());
        amount - left
    }

    fn lend_again(&mut self, amount: Decimal) {
        if amount.is_zero() {
            return;
        }
        self.principal += amount;
        let tomorrow = self.today.succ_opt().unwrap_or(self.today);
        let to_come = self.rows.iter().any(|row| row.due_on >= tomorrow);
        let at = self.row_for(if to_come { tomorrow } else { self.today });
        let runs = self.on_balance() && self.rows[at].carries && self.rows[at].to > self.today;
        if runs {
            self.rows[at].again += amount;
        } else {
            add(&mut self.rows[at].due, Element::Principal, amount);
        }
    }

    fn write_off(&mut self) {
        self.written_off = true;
        for row in &mut self.rows {
            row.got = row.due.clone();
        }
        self.principal = Decimal::ZERO;
        self.nights = Decimal::ZERO;
    }
}

const fn element(penalty: bool) -> Element {
    if penalty {
        Element::Penalty
    } else {
        Element::Fee
    }
}
