//! Device tokens: OpenPAYGO and Nexus.

use mobile_money::paygo::{
    nexus::{self, FactoryCommand, FullCommand, SmallCommand},
    openpaygo::{Command, Device, Entered, Mode, Receiver},
};
use serde_json::Value;

use super::{
    super::{
        Case, Outcome, Verdict,
        values::{field, same, text},
    },
    cases, key, list, number,
};

/// Recognises lists of tokens.
pub(super) fn recognise(json: &Value) -> Option<Vec<Case>> {
    let first = list(json, "vectors").first();
    let has = |name| first.is_some_and(|vector| vector.get(name).is_some());
    let name = |case: &Value, key: &str| case[key].to_string().replace('"', "");
    if has("starting_code") && has("token") {
        let name = |at, case: &Value| {
            format!(
                "openpaygo:{at}:{}:{}",
                name(case, "type"),
                name(case, "value")
            )
        };
        return Some(cases(json, "vectors", name, openpaygo));
    }
    if !has("keycode")
        && !list(json, "small")
            .iter()
            .any(|case| case.get("days").is_some())
    {
        return None;
    }
    let label = |list: &'static str| {
        move |at, case: &Value| format!("nexus:{list}:{at}:{}", name(case, "kind"))
    };
    let mut all = cases(json, "vectors", label("full"), full);
    all.extend(cases(json, "small", label("small"), small));
    all.extend(cases(json, "factory", label("factory"), factory));
    Some(all)
}

fn refused(reason: impl core::fmt::Display) -> String {
    format!("refused: {reason}")
}

fn openpaygo(case: &Value) -> Outcome {
    let value = number(field(case, "value")?)?;
    let command = match (text(field(case, "type")?)?, value) {
        ("ADD" | "ADD_TIME" | "EXTENDED", _) => Command::AddTime(value),
        ("DISABLE_PAYG", _) => Command::DisablePaygo,
        ("COUNTER_SYNC", _) => Command::CounterSync,
        // Older figures write the two commands as values of a set token.
        ("SET" | "SET_TIME", 998) => Command::DisablePaygo,
        ("SET" | "SET_TIME", 999) => Command::CounterSync,
        ("SET" | "SET_TIME", _) => Command::SetTime(value),
        (other, _) => return Err(Verdict::Skip(format!("token type {other}"))),
    };
    let start = field(case, "starting_code")?
        .as_u64()
        .ok_or("cannot read the case")?;
    let mut device = Device::new(key(field(case, "key")?)?)
        .with_starting_code(start)
        .with_mode(Mode::Compatible);
    if case["restricted"] == true {
        device = device.restricted();
    }
    if case["extended"] == true {
        device = device.extended();
    }
    let count = number(field(case, "new_count")?)?;
    // Without the count before, the one just below leads to it.
    let last = match case.get("count").filter(|count| !count.is_null()) {
        Some(count) => number(count)?,
        None => count
            .checked_sub(1)
            .ok_or("cannot read the case: count 0")?,
    };
    let token = device.encode(last, command).map_err(refused)?;
    same(
        "token",
        &text(field(case, "token")?)?.to_owned(),
        &token.text,
    )?;
    same("count", &count, &token.count)?;
    let entered = Receiver::new(device, last)
        .enter(&token.text)
        .map_err(refused)?;
    let accepted = matches!(entered, Entered::Accepted { count: at, .. } if at == count);
    Ok(same("accepted by the device", &true, &accepted)?)
}

fn full(case: &Value) -> Outcome {
    let (key, id) = (key(field(case, "key")?)?, number(field(case, "id")?)?);
    let command = match text(field(case, "kind")?)? {
        "add" => FullCommand::AddHours(number(field(case, "value")?)?),
        "set" => FullCommand::SetHours(number(field(case, "value")?)?),
        "wipe" => FullCommand::Wipe(number(field(case, "value")?)?),
        "unlock" => FullCommand::Unlock,
        other => return Err(Verdict::Skip(format!("keycode {other}"))),
    };
    let code = nexus::full(&key, id, command);
    if case.get("error").is_some() {
        return Ok(same("refused", &true, &code.is_err())?);
    }
    let code = code.map_err(refused)?;
    same("keycode", &text(field(case, "keycode")?)?.to_owned(), &code)?;
    let mut receiver = receiver(key, id);
    let entered = receiver.enter_full(&code).map_err(refused)?;
    let accepted = entered == nexus::Entered::Accepted { command, id };
    Ok(same("accepted by the device", &true, &accepted)?)
}

fn receiver(key: [u8; 16], id: u32) -> nexus::Receiver {
    match id.checked_sub(1) {
        Some(last) => nexus::Receiver::new(key, last),
        None => nexus::Receiver::fresh(key),
    }
}

fn small(case: &Value) -> Outcome {
    let (key, id) = (key(field(case, "key")?)?, number(field(case, "id")?)?);
    let days = || number(field(case, "days")?);
    let command = match text(field(case, "kind")?)? {
        "add" => SmallCommand::AddDays(days()?),
        "set" if days()? == 0 => SmallCommand::Lock,
        "set" => SmallCommand::SetDays(days()?),
        "unlock" => SmallCommand::Unlock,
        other => return Err(Verdict::Skip(format!("keycode {other}"))),
    };
    let code = nexus::small(&key, id, command);
    if case.get("error").is_some() {
        return Ok(same("refused", &true, &code.is_err())?);
    }
    let code = code.map_err(refused)?;
    same("keycode", &text(field(case, "keycode")?)?.to_owned(), &code)?;
    let mut receiver = receiver(key, id);
    let entered = receiver.enter_small(&code).map_err(refused)?;
    let accepted = matches!(entered, nexus::Entered::Accepted { id: at, .. } if at == id);
    Ok(same("accepted by the device", &true, &accepted)?)
}

fn factory(case: &Value) -> Outcome {
    let command = match text(field(case, "kind")?)? {
        "allow_test" => FactoryCommand::AllowTest,
        "oqc_test" => FactoryCommand::QualityControl,
        "display_payg_id" => FactoryCommand::ShowId,
        other => return Err(Verdict::Skip(format!("factory keycode {other}"))),
    };
    let expected = text(field(case, "keycode")?)?.to_owned();
    Ok(same("keycode", &expected, &nexus::factory(command))?)
}
