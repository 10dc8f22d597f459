//! Statements of wallets.

use mobile_money::statement::{Order, Statement, read, recognise};
use serde_json::Value;

use super::super::{Outcome, values};

/// Reads a statement of a built-in layout; its running balance must hold.
pub(super) fn check(expect: &Value, bytes: &[u8]) -> Outcome {
    let refused = |reason| format!("refused: {reason}");
    let layout = recognise(bytes).map_err(refused)?;
    let statement = read(&layout, bytes).map_err(refused)?;
    let provider = layout.name.split('-').next().unwrap_or("").to_owned();
    if let Some(expected) = expect.get("provider") {
        values::same("provider", &values::text(expected)?.to_owned(), &provider)?;
    }
    figures(expect, &statement)?;
    values::same("gaps in the running balance", &0, &statement.gaps.len())?;
    values::same("totals that do not add up", &0, &statement.mismatches.len())?;
    Ok(())
}

fn figures(expect: &Value, statement: &Statement) -> Result<(), String> {
    if let Some(rows) = expect["rows"].as_u64() {
        values::same("rows", &rows, &(statement.rows.len() as u64))?;
    }
    if let Some(order) = expect["order"].as_str() {
        let got = match statement.order {
            Order::NewestFirst => "newest first",
            Order::OldestFirst => "oldest first",
        };
        values::same("order", &order, &got)?;
    }
    let figures = [
        ("opening", statement.opening),
        ("closing", statement.closing),
        ("paid_in", Some(statement.paid_in)),
        ("withdrawn", Some(statement.paid_out)),
    ];
    for (name, got) in figures {
        match (expect.get(name), got) {
            (None, _) => {}
            (Some(expected), Some(got)) => values::same(name, &values::decimal(expected)?, &got)?,
            (Some(expected), None) => {
                return Err(format!("{name} (expected {expected}, got none)"));
            }
        }
    }
    Ok(())
}
