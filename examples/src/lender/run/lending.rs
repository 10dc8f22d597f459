//! Applications are submitted, decided and paid out.

use lending_core::loan::{Command, LoanAccount, NewTransaction, Status, TransactionKind, code};

use super::day::Day;
use crate::lender::{
    Failure,
    folder::{ApplicationRow, Verdict},
    ids,
    source::Placed,
};

impl Day<'_, '_, '_> {
    /// Takes every application as far as it comes today.
    pub(super) fn decide_applications(&mut self) -> Result<(), Failure> {
        let applications = &self.office.folder.applications;
        for row in applications {
            self.advance(row).map_err(|failure| match failure {
                Failure::Refused(reason) => Failure::refused(&row.place, reason),
                other => other,
            })?;
        }
        Ok(())
    }

    fn advance(&mut self, row: &Placed<ApplicationRow>) -> Result<(), Failure> {
        let application = &row.value;
        let reference = application.account.as_str();
        if application.applied == self.date {
            self.apply_for(application)?;
        }
        let Some(known) = self.office.loans.get(reference).copied() else {
            return Ok(());
        };
        let today = |date: chrono::NaiveDate| date <= self.date;
        if known.status == Status::PendingApproval && today(application.decided) {
            let command = match application.verdict {
                Verdict::Reject => Command::Reject,
                Verdict::Withdraw => Command::Withdraw,
                Verdict::Approve if !self.may_borrow(&application.client) => return Ok(()),
                Verdict::Approve => Command::Approve { on: self.date },
            };
            self.insist(known.id, &command)?;
            if application.verdict == Verdict::Approve {
                self.activate_client(&application.client)?;
            }
        }
        let approved = self.office.loans.get(reference).map(|k| k.status) == Some(Status::Approved);
        if approved && application.disburse.is_some_and(|on| on <= self.date) {
            self.pay_out(known.id, application)?;
        }
        Ok(())
    }

    fn apply_for(&mut self, application: &ApplicationRow) -> Result<(), Failure> {
        let folder = self.office.folder;
        let terms = folder
            .catalogue
            .quote(application, &folder.calendar)
            .map_err(Failure::Refused)?;
        let id = self.numbers.account();
        let loan = LoanAccount::submit(id, terms, self.date)
            .map_err(|error| Failure::refused("submitting", error))?;
        let owner = self.office.owners.get(application.account.as_str());
        let client = owner.map_or(usize::MAX, |(_, place)| *place);
        let product = application
            .product
            .parse()
            .map_err(|e| Failure::refused("product", e))?;
        self.submit(loan, application.account, ids::holder(client), product)
    }

    fn may_borrow(&self, client: &str) -> bool {
        let known = self.office.clients.get(client);
        known.is_some_and(|known| known.value.state.may_open_account())
    }

    fn pay_out(
        &mut self,
        id: lending_core::ids::AccountId,
        application: &ApplicationRow,
    ) -> Result<(), Failure> {
        let kind = TransactionKind::Disbursement {
            amount: application.amount,
        };
        let mut new = NewTransaction::new(self.numbers.transaction(), self.date, kind);
        if let Some(channel) = &application.channel {
            new = new.through(code(channel).map_err(|e| Failure::refused("channel", e))?);
        }
        self.insist(id, &Command::Record(new))
    }

    /// A command that the lender itself gives: a refusal ends the run.
    fn insist(
        &mut self,
        id: lending_core::ids::AccountId,
        command: &Command,
    ) -> Result<(), Failure> {
        self.decide(id, command)?
            .map_err(|error| Failure::refused(command.name(), error))
    }
}
