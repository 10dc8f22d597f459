//! The Merkle log against the published test vectors and a naive reading of the standard.

use chrono::NaiveDate;
use law_runs::runs;
use ledger::{
    Currency, EntryId, Journal, JournalEntry, Money, Sequence,
    chart::ready,
    evidence::{LogHash, MerkleLog},
};
use proptest::prelude::*;

/// The records and roots that Certificate Transparency implementations test with.
const RECORDS: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn log_of(records: &[Vec<u8>]) -> MerkleLog {
    let mut log = MerkleLog::new();
    for record in records {
        log.append(record);
    }
    log
}

#[test]
fn roots_are_the_published_ones() {
    let mut log = MerkleLog::new();
    for (size, want) in ROOTS.iter().enumerate() {
        assert_eq!(log.root().to_string(), *want, "{size} records");
        if let Some(record) = RECORDS.get(size) {
            log.append(record);
        }
    }
    assert_eq!(log.root_at(3).unwrap(), ROOTS[3].parse().unwrap());
    assert_eq!(log.root_at(9), None);
}

#[test]
fn published_paths() {
    // Inclusion of record 0 in a log of 8, and consistency of 6 with 8, from the same source.
    let log = log_of(&RECORDS.map(<[u8]>::to_vec));
    let show = |path: &[LogHash]| path.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        show(&log.prove_inclusion(0, 8).unwrap().path),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(
        show(&log.prove_consistency(6, 8).unwrap().path),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

/// The root as section 2.1 of RFC 6962 writes it down.
fn naive_root(records: &[Vec<u8>]) -> LogHash {
    match records {
        [] => LogHash::of_empty_log(),
        [one] => LogHash::of_record(one),
        more => {
            let mut k = 1;
            while k * 2 < more.len() {
                k *= 2;
            }
            LogHash::of_pair(&naive_root(&more[..k]), &naive_root(&more[k..]))
        }
    }
}

#[test]
fn every_proof_of_small_logs_verifies_and_no_other_does() {
    let records: Vec<Vec<u8>> = (0_u8..20).map(|n| vec![n; usize::from(n)]).collect();
    let log = log_of(&records);
    for size in 1..=records.len() {
        let root = naive_root(&records[..size]);
        assert_eq!(log.root_at(size), Some(root));
        for (index, record) in records[..size].iter().enumerate() {
            let proof = log.prove_inclusion(index, size).unwrap();
            assert!(proof.verify(record, &root));
            assert!(!proof.verify(b"other", &root));
            let mut moved = proof.clone();
            moved.index = (proof.index + 1) % proof.size;
            assert!(size == 1 || !moved.verify(record, &root));
            let mut longer = proof;
            longer.path.push(root);
            assert!(!longer.verify(record, &root));
        }
        for old in 0..=size {
            let old_root = naive_root(&records[..old]);
            let proof = log.prove_consistency(old, size).unwrap();
            assert!(proof.verify(&old_root, &root), "{old} of {size}");
            assert!(
                old == size || !proof.verify(&root, &root),
                "{old} of {size}"
            );
            // Every log starts with the empty one, so only a longer one can be told from another.
            assert!(old == 0 || !proof.verify(&old_root, &LogHash::of_record(b"other")));
        }
    }
    assert_eq!(log.prove_inclusion(20, 20), None);
    assert_eq!(log.prove_consistency(3, 21), None);
}

fn journal() -> Journal {
    let mut journal = Journal::with_evidence(ready::microfinance_lender());
    let kes = Currency::from_code("KES").unwrap();
    let day: NaiveDate = "2024-01-31".parse().unwrap();
    for number in 1..=9 {
        let amount = Money::from_minor(100 * number, kes).unwrap();
        let entry = JournalEntry::builder(EntryId::new(number.unsigned_abs()), day, day)
            .debit("1110".parse().unwrap(), amount)
            .credit("1120".parse().unwrap(), amount)
            .branch("NBO".parse().unwrap())
            .reference(format!("receipt {number}"))
            .notes("till count")
            .tag("channel", "cash")
            .manual("otieno");
        journal.post(entry.build().unwrap()).unwrap();
    }
    journal
}

#[test]
fn replay_gives_the_same_root_and_a_refused_batch_leaves_it() {
    let mut first = journal();
    let mut again = Journal::with_evidence(first.chart().clone());
    for (_, entry) in first.entries() {
        again.post(entry).unwrap();
    }
    assert_eq!(again.log(), first.log());
    let before = first.log().cloned();
    let new = first
        .entry(Sequence::new(1))
        .unwrap()
        .reversal(EntryId::new(50), "2024-02-01".parse().unwrap());
    let reused = first
        .entry(Sequence::new(2))
        .unwrap()
        .rebooked("2024-02-01".parse().unwrap());
    first.post_batch([new.unwrap(), reused]).unwrap_err();
    assert_eq!(first.log().cloned(), before);
}

#[test]
fn proofs_travel_as_json() {
    let log = log_of(&RECORDS.map(<[u8]>::to_vec));
    let proof = log.prove_inclusion(5, 8).unwrap();
    let json = serde_json::to_string(&proof).unwrap();
    assert_eq!(
        serde_json::from_str::<ledger::evidence::InclusionProof>(&json).unwrap(),
        proof
    );
    assert!("xyz".parse::<LogHash>().is_err());
}

proptest! {
    #![proptest_config(runs(256))]

    #[test]
    fn proofs_of_larger_logs_verify(size in 1_usize..400, index in 0_usize..400, old in 0_usize..400) {
        let records: Vec<Vec<u8>> = (0..size).map(|n| n.to_string().into_bytes()).collect();
        let log = log_of(&records);
        let (index, old) = (index % size, old % (size + 1));
        let proof = log.prove_inclusion(index, size).unwrap();
        prop_assert!(proof.path.len() <= 9);
        prop_assert!(proof.verify(&records[index], &log.root()));
        let proof = log.prove_consistency(old, size).unwrap();
        prop_assert!(proof.verify(&log.root_at(old).unwrap(), &log.root()));
    }
}
