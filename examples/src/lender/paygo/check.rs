//! What can be wrong with devices although their file reads well.

use std::collections::{BTreeMap, BTreeSet};

use super::{DeviceRow, PaygoSettings, record::DeviceRecord};
use crate::lender::{Folder, InputError, source::Placed};

/// Checks `devices.csv`; the first thing wrong is given.
///
/// # Errors
/// A client or currency that is not known, an account that exists already, a deal that cannot be.
pub fn check(folder: &Folder) -> Result<(), InputError> {
    let Some(settings) = folder.settings.paygo else {
        return match folder.devices.first() {
            None => Ok(()),
            Some(row) => Err(InputError::at(
                &row.place,
                "lender.json has no \"paygo\": devices need its accounts",
            )),
        };
    };
    for code in [settings.receivable, settings.sales, settings.refundable] {
        if folder.chart.get(&code).is_none() {
            let file = folder.path.join("lender.json");
            let reason = format!("GL account {code} is not in chart.json");
            return Err(InputError::of_file(&file, reason));
        }
    }
    let clients = folder
        .clients
        .iter()
        .map(|row| (row.value.id.as_str(), row.value.created));
    let clients: BTreeMap<_, _> = clients.collect();
    let loans = folder
        .applications
        .iter()
        .map(|row| row.value.account.as_str());
    let mut known: BTreeSet<&str> = loans.collect();
    for Placed { value: row, place } in &folder.devices {
        let refused = |reason: String| InputError::at(place, reason);
        deal(row, &settings).map_err(refused)?;
        let created = clients.get(row.client.as_str());
        let created = created
            .ok_or_else(|| refused(format!("client {:?} is not in clients.jsonl", row.client)))?;
        let (first, last) = (folder.settings.start.max(*created), folder.settings.end());
        if !(first..=last).contains(&row.on) {
            let reason = format!("on is {}: {first} to {last} is allowed", row.on);
            return Err(refused(reason));
        }
        let kept = folder.settings.currencies.iter();
        if !kept.clone().any(|kept| kept.code == row.currency) {
            return Err(refused(format!("currency {} is not kept", row.currency)));
        }
        if !known.insert(row.account.as_str()) {
            return Err(refused(format!("account {} exists already", row.account)));
        }
        if !known.insert(row.serial.as_str()) {
            return Err(refused(format!("serial {:?} exists already", row.serial)));
        }
    }
    Ok(())
}

fn deal(row: &DeviceRow, settings: &PaygoSettings) -> Result<(), String> {
    if row.device().is_none() {
        return Err("the key is not of 32 hexadecimal digits".to_owned());
    }
    DeviceRecord::enrol(row, settings)
        .map(drop)
        .map_err(|error| error.to_string())
}
