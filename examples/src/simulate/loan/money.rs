//! Money in the second model: where it goes, and whether the account says the same.

use chrono::NaiveDate;
use lending_core::loan::{Element, FutureMoney, TransactionId, TransactionKind};
use rust_decimal::Decimal;

use super::{
    life::Life,
    model::{Model, Row, add, cents, none},
};

impl Model {
    /// Money comes in: what is due first, then the future.
    pub fn receive(&mut self, id: TransactionId, amount: Decimal) {
        self.paid.insert(id, none());
        let due = self.rows_by(|row, today| row.due_on <= today);
        let mut left = self.pay(id, amount, &due, self.contract.vertical);
        if self.on_balance() {
            left = self.lower_principal(id, left);
        } else {
            let ahead = self.rows_by(|row, today| row.due_on > today && !row.settled());
            let (ahead, vertical) = self.future_order(ahead);
            left = self.pay(id, left, &ahead, vertical);
        }
        if left > Decimal::ZERO {
            self.lots.push((id, self.today, left));
        }
    }

    /// The order in which money not due takes rows, and whether it finishes elements first.
    fn future_order(&self, mut ahead: Vec<usize>) -> (Vec<usize>, bool) {
        match self.contract.future {
            FutureMoney::LastInstalment => {
                ahead.reverse();
                (ahead, false)
            }
            FutureMoney::NextThenLast => {
                let rest = ahead.split_off(ahead.len().min(1));
                ahead.extend(rest.into_iter().rev());
                (ahead, false)
            }
            _ => (ahead, self.contract.vertical),
        }
    }

    fn rows_by(&self, keep: impl Fn(&Row, NaiveDate) -> bool) -> Vec<usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| keep(row, self.today))
            .map(|(at, _)| at)
            .collect()
    }

    /// Pays rows: row by row, or element by element over all of them.
    fn pay(
        &mut self,
        id: TransactionId,
        amount: Decimal,
        rows: &[usize],
        vertical: bool,
    ) -> Decimal {
        let elements = self.contract.elements();
        let mut pairs: Vec<(usize, Element)> = Vec::new();
        if vertical {
            for element in elements {
                pairs.extend(rows.iter().map(|at| (*at, element)));
            }
        } else {
            for at in rows {
                pairs.extend(elements.iter().map(|element| (*at, *element)));
            }
        }
        let mut left = amount;
        for (at, element) in pairs {
            left -= self.pay_one(id, at, element, left);
        }
        left
    }

    fn pay_one(
        &mut self,
        id: TransactionId,
        at: usize,
        element: Element,
        most: Decimal,
    ) -> Decimal {
        let part = self.rows[at].open(element).min(most).max(Decimal::ZERO);
        add(&mut self.rows[at].got, element, part);
        add(self.paid.entry(id).or_insert_with(none), element, part);
        if element == Element::Principal {
            self.principal -= part;
        }
        part
    }

    /// Early money lowers the balance at once; the row of the day counts it as its own.
    fn lower_principal(&mut self, id: TransactionId, amount: Decimal) -> Decimal {
        let part = amount.min(self.principal);
        let today = self.today;
        let Some(at) = self
            .rows
            .iter()
            .position(|row| row.carries && row.due_on >= today)
        else {
            return amount;
        };
        if part > Decimal::ZERO {
            let row = &mut self.rows[at];
            add(&mut row.got, Element::Principal, part);
            let due = row.due[&Element::Principal].max(row.got[&Element::Principal]);
            row.due.insert(Element::Principal, due);
            add(
                self.paid.entry(id).or_insert_with(none),
                Element::Principal,
                part,
            );
            self.principal -= part;
        }
        let mut left = amount - part;
        if self.principal.is_zero() {
            self.nothing_to_come();
            let ahead = self.rows_by(|row, today| row.due_on > today);
            left = self.pay(id, left, &ahead, self.contract.vertical);
        }
        left
    }

    /// Without principal the running period owes the nights so far, later ones nothing.
    pub fn nothing_to_come(&mut self) {
        let (today, nights) = (self.today, cents(self.nights));
        for row in self
            .rows
            .iter_mut()
            .filter(|row| row.carries && row.to > today)
        {
            let got = row.got[&Element::Interest];
            let runs = row.from <= today;
            row.due
                .insert(Element::Interest, if runs { nights.max(got) } else { got });
            row.due
                .insert(Element::Principal, row.got[&Element::Principal]);
        }
    }

    /// Money beyond everything owed pays what has become owed since.
    pub fn use_lots(&mut self) {
        if self.on_balance() && self.principal.is_zero() {
            self.nothing_to_come();
        }
        for at in 0..self.lots.len() {
            let (id, on, amount) = self.lots[at];
            let due: Vec<usize> = (0..self.rows.len())
                .filter(|at| self.rows[*at].due_on <= on)
                .collect();
            let ahead: Vec<usize> = (0..self.rows.len())
                .filter(|at| self.rows[*at].due_on > on && !self.rows[*at].settled())
                .collect();
            let (ahead, vertical) = self.future_order(ahead);
            let left = self.pay(id, amount, &due, self.contract.vertical);
            self.lots[at].2 = self.pay(id, left, &ahead, vertical);
        }
        self.lots.retain(|lot| !lot.2.is_zero());
    }

    /// Whether the account says the same.
    pub fn agrees(&self, life: &Life) -> Result<(), String> {
        let account = &life.account;
        let same = |what: &str, model: Decimal, account: Decimal| {
            if model == account {
                Ok(())
            } else {
                Err(format!("{what}: model {model}, account {account}"))
            }
        };
        same(
            "principal balance",
            self.principal,
            account.principal_balance(),
        )?;
        let lots = self.lots.iter().map(|lot| lot.2).sum();
        same("credit balance", lots, account.credit_balance())?;
        if self.written_off {
            let open = account.outstanding().and_then(|open| open.total());
            return same("outstanding", Decimal::ZERO, open.unwrap_or(Decimal::MAX));
        }
        for (number, (row, other)) in self.rows.iter().zip(account.instalments()).enumerate() {
            if self.on_balance() && row.carries && row.to > self.today {
                continue;
            }
            let number = number + 1;
            for element in Element::ALL {
                let settled = other.paid.get(element) + other.forgiven.get(element);
                same(
                    &format!("due {element:?} of {number}"),
                    row.due[&element],
                    other.due.get(element),
                )?;
                same(
                    &format!("paid {element:?} of {number}"),
                    row.got[&element],
                    settled,
                )?;
            }
        }
        for fact in life.history.iter().filter(|t| t.reversed_on.is_none()) {
            if let (TransactionKind::Credit { .. }, Some(paid)) =
                (&fact.kind, self.paid.get(&fact.id))
            {
                for element in Element::ALL {
                    let what = format!("{element:?} paid by {}", fact.id.get());
                    same(&what, paid[&element], fact.outcome.applied.get(element))?;
                }
            }
        }
        let days = self
            .oldest_late()
            .map_or(0, |oldest| (self.today - oldest).num_days());
        same(
            "days past due",
            days.into(),
            account.arrears().days_past_due.into(),
        )
    }
}
