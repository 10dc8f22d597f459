//! Clients become known, bring documents, and are let in once nothing is missing.

use kyc_rules::{
    party::{ClientState, IdentityDocument, Transition},
    rules::Verdict,
};

use super::{day::Day, office::Known};
use crate::lender::Failure;

/// Who signs for what the program decides.
const BY: &str = "lender";

impl Day<'_, '_, '_> {
    /// Enters the clients and documents of the day and decides on everybody they concern.
    pub(super) fn know_clients(&mut self) -> Result<(), Failure> {
        let folder = self.office.folder;
        for row in folder
            .clients
            .iter()
            .filter(|row| row.value.created == self.date)
        {
            let client = row.value.clone();
            self.clients_changed.insert(client.id.clone());
            let known = Known {
                value: client,
                version: None,
            };
            self.office.clients.insert(row.value.id.clone(), known);
        }
        for row in folder
            .documents
            .iter()
            .filter(|row| row.value.on == self.date)
        {
            let Some(known) = self.office.clients.get_mut(&row.value.client) else {
                continue;
            };
            let issuer = known.value.country;
            known.value.documents.push(IdentityDocument {
                kind: row.value.kind.clone(),
                number: row.value.number.clone(),
                issuer,
                authority: None,
                valid_from: None,
                expires: row.value.expires,
                status: row.value.status,
            });
            self.clients_changed.insert(row.value.client.clone());
        }
        let concerned: Vec<String> = self.clients_changed.iter().cloned().collect();
        concerned.iter().try_for_each(|id| self.decide_client(id))
    }

    fn decide_client(&mut self, id: &str) -> Result<(), Failure> {
        let (date, rules) = (self.date, &self.office.folder.rules);
        let Some(known) = self.office.clients.get_mut(id) else {
            return Ok(());
        };
        let client = &mut known.value;
        if client.state != ClientState::PendingApproval {
            return Ok(());
        }
        let doubt = |error: &dyn std::fmt::Display| Failure::refused(format!("client {id}"), error);
        let facts = client.facts(date).map_err(|e| doubt(&e))?;
        let decision = rules.evaluate(&facts, date).map_err(|e| doubt(&e))?;
        if decision.verdict == Verdict::Pass {
            client
                .transition(Transition::Approve, date, BY, Some(&decision), 0)
                .map_err(|e| doubt(&e))?;
            client.tier = client.requested_tier.clone();
        }
        Ok(())
    }

    /// The first loan makes a client active.
    pub(super) fn activate_client(&mut self, id: &str) -> Result<(), Failure> {
        let date = self.date;
        let Some(known) = self.office.clients.get_mut(id) else {
            return Ok(());
        };
        if known.value.state == ClientState::Inactive {
            known
                .value
                .transition(Transition::Activate, date, BY, None, 0)
                .map_err(|error| Failure::refused(format!("client {id}"), error))?;
            self.clients_changed.insert(id.to_owned());
        }
        Ok(())
    }
}
