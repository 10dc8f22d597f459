//! Forms: every error at once, dependencies, rights, and what becomes of a completed form.

use chrono::NaiveDate;
use kyc_rules::{
    code::Label,
    facts::Value,
    forms::{Answers, Form, FormError, LinkTarget, Records},
    rules::{RuleBook, Verdict},
};
use ledger::{Currency, Money};

/// No other record has any value.
fn free(_: &Label, _: &Value) -> bool {
    false
}

fn usd(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::from_code("USD").unwrap())
}

#[test]
fn every_error_of_a_form_at_once() {
    let form: Form = serde_json::from_str(
        r#"{"id": "application", "groups": [
        {"id": "client", "fields": [
            {"id": "plot", "kind": "text", "required": true,
             "pattern": {"mask": {"dialect": "mambu_field", "mask": "@@-##"}}},
            {"id": "phone", "kind": "text", "unique": true},
            {"id": "income", "kind": "money", "required": true}]},
        {"id": "child", "repeats": true, "fields": [
            {"id": "born", "kind": "date", "required": true}]}]}"#,
    )
    .unwrap();
    let entry = |pairs: &[(&str, Value)]| {
        pairs
            .iter()
            .map(|(k, v)| ((*k).try_into().unwrap(), v.clone()))
            .collect()
    };
    let answers: Answers = [
        (
            "client".try_into().unwrap(),
            vec![entry(&[
                ("plot", Value::text("AB-12")),
                ("phone", Value::text("1")),
                ("age", Value::int(3)),
            ])],
        ),
        (
            "child".try_into().unwrap(),
            vec![entry(&[("born", Value::int(2020))]), entry(&[])],
        ),
    ]
    .into();
    let errors = form
        .check(&answers, &|field: &Label, _: &Value| {
            field.as_str() == "phone"
        })
        .unwrap_err();
    let found: Vec<(String, usize, u16)> = errors
        .iter()
        .map(|e| (e.field.to_string(), e.entry, e.problem.code()))
        .collect();
    let wanted = [
        ("plot", 1, 4504),
        ("phone", 1, 4505),
        ("income", 1, 4501),
        ("age", 1, 4507),
        ("born", 1, 4502),
        ("born", 2, 4501),
    ];
    assert_eq!(
        found,
        wanted.map(|(field, entry, code)| (field.to_string(), entry, code))
    );
    // In this dialect @ is a digit and # a letter.
    let right: Answers = [(
        "client".try_into().unwrap(),
        vec![entry(&[
            ("plot", Value::text("12-AB")),
            ("income", Value::Money(usd("10"))),
        ])],
    )]
    .into();
    assert!(form.check(&right, &free).is_ok());
}

fn entry(pairs: &[(&str, Value)]) -> std::collections::BTreeMap<Label, Value> {
    let fields = pairs.iter();
    fields
        .map(|(k, v)| ((*k).try_into().unwrap(), v.clone()))
        .collect()
}

fn answers(group: &str, entries: &[&[(&str, Value)]]) -> Answers {
    let entries = entries.iter().map(|pairs| entry(pairs)).collect();
    [(group.try_into().unwrap(), entries)].into()
}

fn codes(result: Result<impl Sized, Vec<FormError>>) -> Vec<(String, u16)> {
    let errors = result.err().unwrap_or_default().into_iter();
    errors
        .map(|e| (e.field.to_string(), e.problem.code()))
        .collect()
}

/// Tests of one field at its boundary: what is allowed, and what is not by as little as possible.
#[test]
fn one_field_at_its_limits() {
    let number = |n: &str| Value::Number(n.parse().unwrap());
    let date = |d: &str| Value::Date(d.parse().unwrap());
    let long = |n: usize| Value::text("x".repeat(n));
    type Line = (&'static str, Value, Value, u16);
    let table: &[Line] = &[
        (
            r#""kind": "number", "from": {"number": "1"}"#,
            number("1"),
            number("0.99"),
            4511,
        ),
        (
            r#""kind": "number", "to": {"number": "5"}"#,
            number("5"),
            number("5.01"),
            4511,
        ),
        (
            r#""kind": "money", "to": {"money": {"amount": "5", "currency": "USD"}}"#,
            Value::Money(usd("5")),
            Value::Money(Money::new(1.into(), Currency::from_code("KES").unwrap())),
            4511,
        ),
        (
            r#""kind": "date", "from": {"date": "2026-01-01"}"#,
            date("2026-01-01"),
            date("2025-12-31"),
            4511,
        ),
        (r#""kind": "text""#, long(255), long(256), 4510),
        (
            r#""kind": "text", "length_max": 2048"#,
            long(2048),
            long(2049),
            4510,
        ),
        (
            r#""kind": {"selection": [{"value": "a"}]}"#,
            Value::text("a"),
            Value::text("A"),
            4503,
        ),
        (
            r#""kind": "checkbox""#,
            Value::Bool(false),
            Value::text("no"),
            4502,
        ),
    ];
    for (field, good, bad, code) in table {
        let form = Form::from_json(&format!(
            r#"{{"id": "f", "groups": [{{"id": "g", "fields": [{{"id": "x", {field}}}]}}]}}"#
        ))
        .unwrap();
        let check = |value: &Value| form.check(&answers("g", &[&[("x", value.clone())]]), &free);
        assert!(check(good).is_ok(), "{field} {good}");
        assert_eq!(
            codes(check(bad)),
            [("x".to_string(), *code)],
            "{field} {bad}"
        );
    }
}

#[test]
fn questions_and_choices_that_depend_on_answers() {
    let form = Form::from_json(
        r#"{"id": "f", "groups": [{"id": "g", "fields": [
        {"id": "country", "kind": {"selection": [{"value": "UG"}, {"value": "KE"}]}},
        {"id": "children", "kind": "number"},
        {"id": "district", "required": true, "kind": {"selection": [
            {"value": "Kampala", "only_if": {"answer": {"field": "country", "is": {"one_of": [{"text": "UG"}]}}}},
            {"value": "Nairobi", "only_if": {"answer": {"field": "country", "is": {"one_of": [{"text": "KE"}]}}}}]}},
        {"id": "school", "kind": "text", "required": true, "only_if": {"all": [
            {"answer": {"field": "children", "is": {"compare": {"op": "ge", "value": {"number": "1"}}}}},
            {"not": {"answer": {"field": "district", "is": {"starts_with": "nai"}}}}]}},
        {"id": "why", "kind": "text", "only_if": {"answer": {"field": "children", "is": "empty"}}}]}]}"#,
    )
    .unwrap();
    let text = |t: &str| Value::text(t);
    type Line<'a> = (&'a [(&'a str, Value)], &'a [(&'a str, u16)]);
    let table: &[Line<'_>] = &[
        (
            &[("country", text("UG")), ("district", text("Kampala"))],
            &[],
        ),
        (
            &[("country", text("UG")), ("district", text("Nairobi"))],
            &[("district", 4503)],
        ),
        (
            &[
                ("country", text("UG")),
                ("children", Value::int(1)),
                ("district", text("Kampala")),
            ],
            &[("school", 4501)],
        ),
        // Nairobi begins with "nai", whatever its case: the school is not asked.
        (
            &[
                ("country", text("KE")),
                ("children", Value::int(1)),
                ("district", text("Nairobi")),
                ("school", text("x")),
            ],
            &[("school", 4506)],
        ),
        (
            &[
                ("country", text("KE")),
                ("children", Value::int(0)),
                ("district", text("Nairobi")),
                ("why", text("x")),
            ],
            &[("why", 4506)],
        ),
    ];
    for (given, wanted) in table {
        let got = codes(form.check(&answers("g", &[given]), &free));
        let wanted: Vec<(String, u16)> = wanted.iter().map(|(f, c)| ((*f).into(), *c)).collect();
        assert_eq!(got, wanted, "{given:?}");
    }
}

struct Host;

impl Records for Host {
    fn taken(&self, _: &Label, value: &Value) -> bool {
        *value == Value::text("taken")
    }
    fn exists(&self, target: LinkTarget, id: &str) -> bool {
        target == LinkTarget::Client && id == "C-1"
    }
    fn uses(&self) -> &[Label] {
        static USES: std::sync::LazyLock<Vec<Label>> =
            std::sync::LazyLock::new(|| vec!["business-loan".try_into().unwrap()]);
        &USES
    }
}

#[test]
fn entries_links_and_what_only_some_products_need() {
    let form = Form::from_json(
        r#"{"id": "f", "groups": [{"id": "ref", "repeats": true, "entries_min": 1, "entries_max": 2,
        "fields": [
            {"id": "client", "kind": {"link": "client"}, "required": true},
            {"id": "phone", "kind": "text", "unique": true},
            {"id": "licence", "kind": "text", "required_for": ["business-loan"]},
            {"id": "fax", "kind": "text", "state": "deactivated"}]}]}"#,
    )
    .unwrap();
    let full = |client: &str, phone: &str| {
        vec![
            ("client", Value::text(client)),
            ("phone", Value::text(phone)),
            ("licence", Value::text("L")),
        ]
    };
    let check = |entries: &[&[(&str, Value)]]| codes(form.check(&answers("ref", entries), &Host));
    let (a, b, c) = (full("C-1", "1"), full("C-1", "2"), full("C-1", "3"));
    assert!(check(&[&a, &b]).is_empty());
    assert_eq!(check(&[&a, &b, &c]), [("ref".into(), 4509)]);
    assert_eq!(
        codes(form.check(&Answers::new(), &Host)),
        [("ref".into(), 4509)]
    );
    assert_eq!(check(&[&full("C-2", "1")]), [("client".into(), 4512)]);
    // The same phone in two entries, and one that another record has.
    assert_eq!(check(&[&a, &a]), [("phone".into(), 4505)]);
    assert_eq!(check(&[&full("C-1", "taken")]), [("phone".into(), 4505)]);
    assert_eq!(check(&[&a[..2]]), [("licence".into(), 4501)]);
    assert!(codes(form.check(&answers("ref", &[&a[..2]]), &free)).is_empty());
    let mut fax = a.clone();
    fax.push(("fax", Value::text("1")));
    assert_eq!(check(&[&fax]), [("fax".into(), 4506)]);
}

#[test]
fn who_may_see_and_change_what() {
    let form = Form::from_json(
        r#"{"id": "f", "groups": [{"id": "g", "fields": [
            {"id": "name", "kind": "text"},
            {"id": "rating", "kind": "number", "view": ["officer"], "edit": ["manager"]},
            {"id": "note", "kind": "text", "view": ["officer"]}]}]}"#,
    )
    .unwrap();
    let role = |name: &str| -> Label { name.try_into().unwrap() };
    let before = answers(
        "g",
        &[&[
            ("name", Value::text("a")),
            ("rating", Value::int(1)),
            ("note", Value::text("n")),
        ]],
    );
    let after = answers(
        "g",
        &[&[
            ("name", Value::text("b")),
            ("rating", Value::int(2)),
            ("note", Value::text("m")),
        ]],
    );
    for (who, sees, may_not) in [
        ("teller", &["name"][..], &["rating", "note"][..]),
        ("officer", &["name", "note", "rating"], &["rating"]),
        // Who may change a field may see it; the note is the officers' alone.
        ("manager", &["name", "rating"], &["note"]),
    ] {
        let seen = form.seen_by(&before, &role(who));
        let fields: Vec<&str> = seen
            .values()
            .flatten()
            .flat_map(|e| e.keys())
            .map(|f| f.as_str())
            .collect();
        assert_eq!(fields, sees, "{who}");
        let refused = codes(form.changes_by(&before, &after, &role(who)));
        let wanted: Vec<(String, u16)> = may_not.iter().map(|f| ((*f).into(), 4513)).collect();
        assert_eq!(refused, wanted, "{who}");
    }
    assert!(form.changes_by(&before, &before, &role("teller")).is_ok());
}

#[test]
fn definitions_are_checked_whole() {
    for (fields, faults) in [
        (
            r#"{"id": "x", "kind": "text"}, {"id": "x", "kind": "text"}"#,
            1,
        ),
        (
            r#"{"id": "x", "kind": "text", "only_if": {"answer": {"field": "y", "is": "given"}}}, {"id": "y", "kind": "text"}"#,
            1,
        ),
        (r#"{"id": "x", "kind": {"selection": []}}"#, 1),
        (
            r#"{"id": "x", "kind": {"selection": [{"value": "a"}, {"value": "a"}]}}"#,
            1,
        ),
        (
            r#"{"id": "x", "kind": "number", "pattern": {"prefix": "a"}}, {"id": "y", "kind": "date", "default": {"text": "a"}}"#,
            2,
        ),
        (
            r#"{"id": "x", "kind": "number", "from": {"number": "2"}, "to": {"number": "1"}}"#,
            1,
        ),
        (r#"{"id": "x", "kind": "text", "from": {"text": "a"}}"#, 1),
        (
            r#"{"id": "x", "kind": "text", "unique": true, "default": {"text": "a"}}"#,
            1,
        ),
        (
            r#"{"id": "x", "kind": {"selection": [{"value": "a"}]}, "default": {"text": "b"}}"#,
            1,
        ),
    ] {
        let json = format!(r#"{{"id": "f", "groups": [{{"id": "g", "fields": [{fields}]}}]}}"#);
        let errors = Form::from_json(&json).unwrap_err();
        assert_eq!(errors.len(), faults, "{fields}");
        assert!(errors.iter().all(|e| e.problem.code() == 4514));
    }
    assert_eq!(Form::from_json("{").unwrap_err().len(), 1);
}

#[test]
fn a_risk_assessment_decides_with_the_rules() {
    let form = Form::from_json(
        r#"{"id": "cra", "groups": [{"id": "work", "fields": [
        {"id": "sector", "required": true, "kind": {"selection": [
            {"value": "salary", "score": 0}, {"value": "cash-business", "score": 30},
            {"value": "arms", "score": 100, "disqualifies": true}]}},
        {"id": "abroad", "kind": {"selection": [{"value": "no"}, {"value": "yes", "score": 25}]},
         "default": {"text": "no"}}]}]}"#,
    )
    .unwrap();
    let book = RuleBook::from_json(
        r#"{"id": "b", "version": 1, "facts": [
            {"path": "score.cra", "kind": "number"}, {"path": "disqualified.cra", "kind": "bool"},
            {"path": "answer.cra.abroad", "kind": "text"}],
          "rules": [
            {"id": "assessed", "family": "risk", "when": {"const": true}, "then": [{"require_form": "cra"}]},
            {"id": "refused", "family": "eligibility", "when": {"true": "disqualified.cra"},
             "then": [{"reject": "sector"}]},
            {"id": "high", "family": "risk", "then": [{"refer": "compliance"}], "when": {"cmp": {
              "left": {"fact": "score.cra"}, "op": "ge", "right": {"lit": {"number": "50"}}}}}]}"#,
    )
    .unwrap();
    let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    // Before the form is there, the form and what it would say are asked for.
    let open = book.evaluate(&Default::default(), on).unwrap();
    assert!(
        open.missing()
            .iter()
            .any(|item| item.to_string() == "form cra")
    );
    for (sector, abroad, points, verdict) in [
        ("salary", None, 0, Verdict::Pass),
        ("cash-business", Some("no"), 30, Verdict::Pass),
        ("cash-business", Some("yes"), 55, Verdict::Refer),
        ("arms", None, 100, Verdict::Reject),
    ] {
        let mut given = vec![("sector", Value::text(sector))];
        given.extend(abroad.map(|a| ("abroad", Value::text(a))));
        let done = form.check(&answers("work", &[&given]), &free).unwrap();
        assert_eq!(done.score, points);
        let facts = done.facts(&form).unwrap();
        assert_eq!(
            facts.get("answer.cra.abroad"),
            Some(&Value::text(abroad.unwrap_or("no")))
        );
        assert_eq!(
            book.evaluate(&facts, on).unwrap().verdict,
            verdict,
            "{sector} {abroad:?}"
        );
    }
}
