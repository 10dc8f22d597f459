//! Rules and names: one compiled rule, a whole decision, a pair of names, a list of 20,000 names.
//! Beside them `datalogic-rs` on the same predicate and `strsim` on the same pair.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use kyc_rules::{
    facts::{Facts, Value},
    names::{Name, NameKind, compare, similarity},
    presets,
    screening::{ListEntry, ScreenOptions, ScreeningList, Subject},
};
use lending_benches::inputs::parties::{NAME_PAIR, five_conditions, on, six_facts};

fn rules(c: &mut Criterion) {
    let (book, facts) = (five_conditions(), six_facts());
    let bound = book.bind(&facts, on()).unwrap();
    let rule = "r".try_into().unwrap();
    let mut group = c.benchmark_group("rule");
    group.bench_function("compiled, facts bound", |b| {
        b.iter(|| book.test(black_box(&rule), black_box(&bound)));
    });
    group.bench_function("bind six facts and test", |b| {
        b.iter(|| {
            let bound = book.bind(black_box(&facts), on()).unwrap();
            book.test(&rule, &bound)
        });
    });
    group.bench_function("decision with trace and hash", |b| {
        b.iter(|| book.evaluate(black_box(&facts), on()).unwrap());
    });
    let uganda = presets::uganda().unwrap().compile().unwrap();
    let client = Facts::new()
        .with("client.country", Value::text("UG"))
        .unwrap()
        .with("client.requested_tier", Value::text("ug_high_value"))
        .unwrap()
        .with("client.citizen", Value::Bool(true))
        .unwrap();
    group.bench_function("decision on a tier of the Uganda preset", |b| {
        b.iter(|| uganda.evaluate(black_box(&client), on()).unwrap());
    });
    group.finish();
}

fn names(c: &mut Criterion) {
    let (a, b) = NAME_PAIR;
    let (x, y) = (
        Name::new(a, NameKind::Person),
        Name::new(b, NameKind::Person),
    );
    let mut group = c.benchmark_group("names");
    group.bench_function("prepare", |bench| {
        bench.iter(|| Name::new(black_box(a), NameKind::Person));
    });
    group.bench_function("score of a pair", |bench| {
        bench.iter(|| similarity(black_box(&x), black_box(&y)));
    });
    group.bench_function("score and explanation", |bench| {
        bench.iter(|| compare(black_box(&x), black_box(&y)));
    });
    group.bench_function("strsim jaro_winkler whole", |bench| {
        bench.iter(|| strsim::jaro_winkler(black_box(a), black_box(b)));
    });
    group.finish();
}

/// Names put together from syllables: 20,000 of them, none drawn at random.
fn listed(count: usize) -> Vec<ListEntry> {
    let first = [
        "ka", "na", "mu", "se", "wa", "oki", "ade", "ki", "cha", "ngo", "ba", "tu", "ny",
    ];
    let middle = [
        "ma", "ru", "li", "bi", "to", "gi", "ndo", "si", "ye", "pha", "ku",
    ];
    let last = [
        "nga", "we", "sha", "mbe", "ti", "re", "lo", "ma", "ne", "ko", "wo", "bi",
    ];
    let word = |n: usize| {
        let (a, b) = (n % first.len(), n / first.len());
        let (b, c) = (b % middle.len(), b / middle.len());
        format!("{}{}{}", first[a], middle[b], last[c % last.len()])
    };
    (0..count)
        .map(|n| ListEntry::person(n.to_string(), format!("{} {}", word(n), word(n * 7 + 3))))
        .collect()
}

fn screening(c: &mut Criterion) {
    let list = ScreeningList::new("bench".try_into().unwrap(), "1", listed(20_000));
    let subject = Subject::person("C", "Namarunga Kamawe");
    let options = ScreenOptions::default();
    c.bench_function("screen one client against 20,000 names", |b| {
        b.iter(|| list.screen(black_box(&subject), &options, on()));
    });
}

/// The same predicate in JSONLogic. Its data is JSON text here; parsing is part of the figure, as
/// it is for a host that receives facts as JSON.
fn datalogic(c: &mut Criterion) {
    let rule = r#"{"and": [{">=": [{"var": "amount"}, 10000]},
        {"in": [{"var": "country"}, ["UG", "KE", "TZ", "RW", "NG"]]},
        {">=": [{"var": "age"}, 18]},
        {"or": [{"==": [{"var": "tier"}, "tier1"]}, {">": [{"var": "score"}, 60]}]},
        {"<=": [3, {"var": "count"}, 50]}]}"#;
    let data = r#"{"amount": 12000, "country": "RW", "age": 34, "tier": "tier2", "score": 71,
        "count": 7}"#;
    let engine = datalogic_rs::Engine::new();
    let compiled = engine.compile(rule).unwrap();
    let mut session = engine.session();
    c.bench_function("datalogic-rs, compiled, data as JSON text", |b| {
        b.iter(|| {
            let result = session
                .eval_str(black_box(&compiled), black_box(data))
                .unwrap();
            session.reset();
            result
        });
    });
}

criterion_group!(benches, rules, names, screening, datalogic);
criterion_main!(benches);
