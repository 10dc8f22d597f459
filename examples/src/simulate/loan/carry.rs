//! One loan takes the place of another: two accounts, one payment channel.

use lending_core::{
    ids::{AccountId, ActorId},
    loan::{Amounts, Context, Element, Refinance, Refinanced, Status, code},
};
use rust_decimal::{Decimal, dec};

use super::{
    Step,
    contract::Contract,
    life::{Life, Standing},
    lived::Lived,
    owners::Owners,
    step::{What, beside},
};
use crate::simulate::{
    laws::{Checked, Law, is_business},
    scenario::money,
    tally::Tally,
};

/// The account of the payment channel that settlement and payout go through.
const CHANNEL: &str = "mobile";

impl Lived {
    /// Another loan takes the place of this one.
    pub fn carry(&mut self, step: &Step, contract: &Contract, tally: &mut Tally) -> Checked {
        let What::Carry {
            top_up,
            give_up,
            follow,
        } = step.what
        else {
            return Ok(());
        };
        let request = self.request(step, contract, (money(top_up), money(give_up)))?;
        let context = Context::with_history(self.today, &self.life.history);
        let context = context.by(ActorId::new(2));
        let ask = || {
            let account = &self.life.account;
            account.refinance(&request, &self.life.history, &context)
        };
        let name = if top_up == 0 {
            "loan: into another loan"
        } else {
            "loan: into another loan with a top-up"
        };
        let made = ask();
        tally.count(name, made.is_ok());
        let made = match made {
            Ok(made) => made,
            Err(error) if is_business(&error) => return Ok(()),
            Err(error) => return Err((Law::Refusal, error.to_string())),
        };
        if ask().ok().as_ref() != Some(&made) {
            return Err((
                Law::Preview,
                "refinancing differs the second time".to_owned(),
            ));
        }
        let before = self.life.clone();
        for decision in &made.old {
            self.count(decision.recorded.as_ref().map(|t| t.kind.name()), tally);
            self.keep(decision)?;
        }
        let mut new = Life::of(made.submitted.clone());
        for decision in &made.new {
            new.keep(decision)
                .map_err(|error| (Law::Preview, error.to_string()))?;
        }
        new.controls().map_err(|what| (Law::Controls, what))?;
        self.carried(&request, &made, (&before, &new))?;
        self.undone(&before.standing(), &new)?;
        if follow {
            self.base = new.clone();
            self.owners = Owners::of(&new);
            self.life = new;
            self.successor = true;
        }
        Ok(())
    }

    fn count(&self, name: Option<&'static str>, tally: &mut Tally) {
        if let Some(name) = name {
            tally.count(&format!("loan: {name}"), true);
        }
    }

    fn request(
        &self,
        step: &Step,
        contract: &Contract,
        (top_up, give_up): (Decimal, Decimal),
    ) -> Result<Refinance, (Law, String)> {
        let on = step.counts_from(&self.life.account, self.today);
        let mut terms = contract.terms();
        terms.expected_disbursement = on;
        terms.principal = dec!(3000);
        terms.safeguards.approval.starts_partial = false;
        terms.safeguards.approval.two_man_rule = false;
        let id = |place| beside(step.id, place);
        Ok(Refinance {
            on,
            new_account: AccountId::new(u128::from(step.id)),
            terms,
            top_up,
            give_up: Amounts::of(Element::Principal, give_up),
            submitted_by: Some(ActorId::new(1)),
            ids: [id(0), id(1), id(2), id(3)],
            channel: code(CHANNEL).map_err(|error| (Law::Refusal, error.to_string()))?,
        })
    }

    /// What the new loan takes over is what settled the old one; only the top-up leaves the house.
    fn carried(
        &self,
        request: &Refinance,
        made: &Refinanced,
        (before, new): (&Life, &Life),
    ) -> Checked {
        let same = |what: &str, expected: Decimal, found: Decimal| {
            if expected == found {
                Ok(())
            } else {
                let what = format!("{what}: {found} instead of {expected}");
                Err((Law::Carried, what))
            }
        };
        let links = self.life.account.successor() == Some(request.new_account)
            && new.account.predecessor() == Some(self.life.account.id());
        if !links {
            return Err((
                Law::Carried,
                "the two loans do not name each other".to_owned(),
            ));
        }
        let channel = |life: &Life| {
            let moved = life.books.iter();
            let mut moved = moved.filter(|(code, _)| code.as_str() == CHANNEL);
            moved.next().map_or(Decimal::ZERO, |(_, sum)| *sum)
        };
        let paid_out = made.carried + request.top_up;
        let payout = new.history.iter().find(|t| t.id == request.ids[3]);
        let paid = payout.and_then(|t| t.kind.amount()).unwrap_or_default();
        same("payout of the new loan", paid_out, paid)?;
        let books = !matches!(
            request.terms.accounting.method(),
            ledger::posting_rules::AccountingMethod::None
        );
        if request.terms.fees.is_empty() && request.terms.schedule.down_payment_percent.is_none() {
            same("principal", paid_out, new.account.principal_balance())?;
        }
        if request.terms.fees.is_empty() && books {
            let moved = channel(&self.life) - channel(before) + channel(new);
            // A settlement in the past changes what payments since then did, not what they were.
            same("payment channel", -request.top_up, moved)?;
        }
        if request.on == self.today {
            let open = self.life.account.outstanding();
            let open = open.and_then(|open| open.total()).unwrap_or(Decimal::MAX);
            same("open after settlement", Decimal::ZERO, open)?;
        }
        Ok(())
    }

    /// The way back.
    fn undone(&self, before: &Standing, new: &Life) -> Checked {
        let wrong = |what: String| (Law::Reversal, what);
        let (mut taken, mut old) = (new.clone(), self.life.clone());
        let context = Context::today(self.today);
        let undone = old
            .account
            .undo_refinance(&old.history, (&taken.account, &taken.history), &context)
            .map_err(|error| wrong(error.to_string()))?;
        for (life, decisions) in [(&mut taken, &undone.new), (&mut old, &undone.old)] {
            for decision in decisions {
                life.keep(decision)
                    .map_err(|error| wrong(error.to_string()))?;
            }
        }
        let open = taken.books.values().any(|sum| !sum.is_zero());
        if open || taken.account.status() != Status::Withdrawn {
            return Err(wrong("the new loan leaves traces".to_owned()));
        }
        let difference = before.difference(&old.standing());
        if difference.is_empty() {
            old.controls().map_err(wrong)
        } else {
            Err(wrong(format!("refinancing undone:\n{difference}")))
        }
    }
}
