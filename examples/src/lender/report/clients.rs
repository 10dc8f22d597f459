//! Clients by state, and applications that wait because something is missing.

use std::{collections::BTreeMap, io::Write};

use kyc_rules::party::ClientState;
use lending_core::loan::Status;

use super::{books::Books, table::Table};
use crate::lender::{Failure, Folder};

/// Writes the section.
pub fn write(folder: &Folder, books: &Books, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "\nClients")?;
    let mut states: BTreeMap<ClientState, u32> = BTreeMap::new();
    for client in &books.clients {
        *states.entry(client.state).or_default() += 1;
    }
    let mut table = Table::new(&["state", ">clients"]);
    for (state, count) in states {
        table.row([state.to_string(), count.to_string()]);
    }
    table.write(out)?;
    let waiting = waiting(folder, books)?;
    writeln!(out, "\nApplications that wait for the client")?;
    waiting.write(out)?;
    if waiting.is_empty() {
        writeln!(out, "  none")?;
    }
    Ok(())
}

fn waiting(folder: &Folder, books: &Books) -> Result<Table, Failure> {
    let on = books
        .counted
        .map_or(folder.settings.start, |counted| counted.date);
    let pending = books
        .loans
        .iter()
        .filter(|(_, loan)| loan.status() == Status::PendingApproval);
    let waiting: Vec<&str> = pending
        .map(|(row, _)| row.header.reference.as_str())
        .collect();
    let mut table = Table::new(&["account", "client", "missing"]);
    for row in &folder.applications {
        let application = &row.value;
        if application.decided > on || !waiting.contains(&application.account.as_str()) {
            continue;
        }
        let Some(client) = books.clients.iter().find(|c| c.id == application.client) else {
            continue;
        };
        let doubt =
            |e: &dyn std::fmt::Display| Failure::refused(format!("client {}", client.id), e);
        let facts = client.facts(on).map_err(|e| doubt(&e))?;
        let decision = folder.rules.evaluate(&facts, on).map_err(|e| doubt(&e))?;
        let missing: Vec<String> = decision.missing().iter().map(ToString::to_string).collect();
        let name = client.name();
        table.row([application.account.to_string(), name, missing.join(", ")]);
    }
    Ok(table)
}
