//! The direction of dependencies, held by a test: it reads `cargo metadata` and fails when a crate
//! depends against the design, or a domain crate gains a dependency that does I/O.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

/// Which of our crates each crate may depend on (normal dependencies).
const ALLOWED: &[(&str, &[&str])] = &[
    ("ledger", &[]),
    ("lending-core", &["ledger"]),
    ("products", &["ledger", "lending-core"]),
    ("kyc-rules", &["ledger", "lending-core"]),
    ("mobile-money", &["ledger", "lending-core"]),
    ("storage-sqlite", &["ledger", "lending-core"]),
];

const DOMAIN: &[&str] = &[
    "ledger",
    "lending-core",
    "products",
    "kyc-rules",
    "mobile-money",
];

/// Crates that open files or sockets, ask the time, draw random numbers or start threads. The
/// link proof in `ci/nostd-probe` is the strong one; this list gives the readable message.
const DOES_IO: &[&str] = &[
    "async-std",
    "getrandom",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "rand",
    "rayon",
    "reqwest",
    "rusqlite",
    "socket2",
    "sqlx",
    "tempfile",
    "tokio",
    "ureq",
];

fn metadata() -> Value {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--manifest-path",
            manifest,
        ])
        .output()
        .expect("cargo metadata runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

/// Normal dependencies (not for tests, not for build scripts) by package id.
fn graph(metadata: &Value) -> (BTreeMap<String, String>, BTreeMap<String, Vec<String>>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let names = metadata["packages"].as_array().unwrap().iter();
    let names = names
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let edges = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            let normal = node["deps"].as_array().unwrap().iter().filter(|dep| {
                dep["dep_kinds"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|kind| kind["kind"].is_null())
            });
            (
                text(&node["id"]),
                normal.map(|dep| text(&dep["pkg"])).collect(),
            )
        });
    (names, edges.collect())
}

#[test]
fn crates_depend_in_one_direction() {
    let metadata = metadata();
    let (names, edges) = graph(&metadata);
    let ours: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in ALLOWED {
        let (id, _) = names
            .iter()
            .find(|(_, known)| known == name)
            .expect("the crate exists");
        let used = edges[id]
            .iter()
            .map(|id| names[id].as_str())
            .filter(|dep| ours.contains(dep));
        for dep in used {
            assert!(allowed.contains(&dep), "{name} must not depend on {dep}");
        }
    }
}

#[test]
fn domain_crates_do_no_io() {
    let metadata = metadata();
    let (names, edges) = graph(&metadata);
    for domain in DOMAIN {
        let (start, _) = names
            .iter()
            .find(|(_, name)| name == domain)
            .expect("the crate exists");
        let mut seen = BTreeSet::new();
        let mut open = vec![start.clone()];
        while let Some(id) = open.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            let name = names[&id].as_str();
            assert!(
                !DOES_IO.contains(&name),
                "{domain} depends on {name}, which does I/O"
            );
            open.extend(edges[&id].iter().cloned());
        }
    }
}

#[test]
fn domain_crates_say_so_in_their_source() {
    for domain in DOMAIN {
        let path = format!("{}/../{domain}/src/lib.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).expect("lib.rs is readable");
        for attribute in [
            "#![no_std]",
            "#![forbid(unsafe_code)]",
            "#![deny(missing_docs)]",
        ] {
            assert!(source.contains(attribute), "{domain} lacks {attribute}");
        }
    }
}
