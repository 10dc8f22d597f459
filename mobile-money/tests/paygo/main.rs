//! Tokens, credit days and repayment figures against outside figures.
//!
//! `data/openpaygo_vectors.json`: tokens published in the test suites of the OpenPAYGO libraries
//! (commits named in the file). `data/nexus_keycode_vectors.json`: the PyPI client nexus-keycode
//! 1.5.1. `data/paygo_examples.json`: hand-calculated.

mod deals;
mod tokens;

use serde_json::Value;

fn vectors(file: &str) -> Value {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}
