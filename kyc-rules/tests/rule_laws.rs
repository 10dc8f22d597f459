//! Laws of the evaluation: Kleene's tables, order, and what more facts may change.

use chrono::NaiveDate;
use kyc_rules::{
    facts::{Facts, Value},
    rules::{
        Cond, Family, OnUnknown, Outcome, Rule, RuleBook, RuleState,
        Truth::{self, False, True, Unknown},
        Verdict,
    },
};
use law_runs::runs;
use proptest::prelude::*;

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

#[test]
fn kleene_tables() {
    // S. C. Kleene, Introduction to Metamathematics (1952), par. 64, strong connectives.
    let table = [
        // p, q, p and q, p or q
        (True, True, True, True),
        (True, Unknown, Unknown, True),
        (True, False, False, True),
        (Unknown, True, Unknown, True),
        (Unknown, Unknown, Unknown, Unknown),
        (Unknown, False, False, Unknown),
        (False, True, False, True),
        (False, Unknown, False, Unknown),
        (False, False, False, False),
    ];
    for (p, q, and, or) in table {
        assert_eq!(p.and(q), and, "{p:?} and {q:?}");
        assert_eq!(p.or(q), or, "{p:?} or {q:?}");
        // The condition tree says the same.
        assert_eq!(truth_of(&Cond::All(vec![atom(0), atom(1)]), &[p, q]), and);
        assert_eq!(truth_of(&Cond::Any(vec![atom(0), atom(1)]), &[p, q]), or);
    }
    assert_eq!(
        [True.not(), Unknown.not(), False.not()],
        [False, Unknown, True]
    );
}

#[test]
fn at_least_counts_what_could_still_hold() {
    let two_of_three = Cond::AtLeast {
        count: 2,
        of: vec![atom(0), atom(1), atom(2)],
    };
    for (facts, wanted) in [
        ([True, True, Unknown], True),
        ([True, Unknown, False], Unknown),
        ([False, Unknown, False], False),
        ([Unknown, Unknown, False], Unknown),
    ] {
        assert_eq!(truth_of(&two_of_three, &facts), wanted, "{facts:?}");
    }
}

fn atom(index: usize) -> Cond {
    Cond::True(format!("f.{index}").as_str().try_into().unwrap())
}

fn facts_of(values: &[Truth]) -> Facts {
    let mut facts = Facts::new();
    for (index, value) in values.iter().enumerate() {
        if *value != Unknown {
            facts = facts
                .with(&format!("f.{index}"), Value::Bool(*value == True))
                .unwrap();
        }
    }
    facts
}

fn book(rules: Vec<(Cond, Outcome)>) -> RuleBook {
    let mut book = RuleBook::from_json(
        r#"{"id": "laws", "version": 1, "facts": [
            {"path": "f.0", "kind": "bool"}, {"path": "f.1", "kind": "bool"},
            {"path": "f.2", "kind": "bool"}, {"path": "f.3", "kind": "bool"}]}"#,
    )
    .unwrap();
    for (index, (when, outcome)) in rules.into_iter().enumerate() {
        book.rules.push(Rule {
            id: format!("r{index}").as_str().try_into().unwrap(),
            family: Family::Kyc,
            scope: Default::default(),
            valid: Default::default(),
            topic: None,
            priority: 0,
            state: RuleState::Active,
            when,
            on_unknown: OnUnknown::Ask,
            then: vec![outcome],
            cite: vec![],
            disclosable: true,
        });
    }
    book
}

fn truth_of(cond: &Cond, values: &[Truth]) -> Truth {
    let compiled = book(vec![(cond.clone(), Outcome::Hold("x".try_into().unwrap()))])
        .compile()
        .unwrap();
    let facts = facts_of(values);
    let bound = compiled.bind(&facts, on()).unwrap();
    compiled.test(&"r0".try_into().unwrap(), &bound).unwrap()
}

fn cond() -> impl Strategy<Value = Cond> {
    let leaf = prop_oneof![
        (0..4_usize).prop_map(atom),
        any::<bool>().prop_map(Cond::Const)
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Cond::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Cond::Any),
            (prop::collection::vec(inner.clone(), 1..4), 0..4_u8).prop_map(|(of, n)| {
                Cond::AtLeast {
                    count: n.min(of.len() as u8),
                    of,
                }
            }),
            inner.prop_map(|c| Cond::Not(Box::new(c))),
        ]
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Hold("h".try_into().unwrap())),
        Just(Outcome::Refer("q".try_into().unwrap())),
        Just(Outcome::Reject("r".try_into().unwrap())),
        Just(Outcome::Flag("f".try_into().unwrap())),
    ]
}

fn truths() -> impl Strategy<Value = Vec<Truth>> {
    prop::collection::vec(prop_oneof![Just(True), Just(False), Just(Unknown)], 4)
}

fn shuffled(cond: &Cond) -> Cond {
    let reversed = |of: &[Cond]| of.iter().rev().map(shuffled).collect::<Vec<_>>();
    match cond {
        Cond::All(of) => Cond::All(reversed(of)),
        Cond::Any(of) => Cond::Any(reversed(of)),
        Cond::AtLeast { count, of } => Cond::AtLeast {
            count: *count,
            of: reversed(of),
        },
        Cond::Not(inner) => Cond::Not(Box::new(shuffled(inner))),
        other => other.clone(),
    }
}

#[test]
fn a_rule_of_higher_rank_that_is_open_holds_back_the_one_below() {
    // The general rule rejects, the special one flags; both are of one topic.
    let mut book = book(vec![
        (atom(0), Outcome::Reject("general".try_into().unwrap())),
        (atom(1), Outcome::Flag("special".try_into().unwrap())),
    ]);
    for (rule, priority) in book.rules.iter_mut().zip([0, 1]) {
        rule.topic = Some("limit".try_into().unwrap());
        rule.priority = priority;
    }
    for (general, special, verdict, missing) in [
        (True, Unknown, Verdict::NeedsInfo, &["field f.1"][..]),
        (True, True, Verdict::Pass, &[]),
        (True, False, Verdict::Reject, &[]),
        // The special rule acts whatever the general one would say: nobody is asked.
        (Unknown, True, Verdict::Pass, &[]),
        (Unknown, False, Verdict::NeedsInfo, &["field f.0"]),
    ] {
        let decision = book.evaluate(&facts_of(&[general, special]), on()).unwrap();
        assert_eq!(decision.verdict, verdict, "{general:?} {special:?}");
        let asked: Vec<String> = decision.missing().iter().map(ToString::to_string).collect();
        assert_eq!(asked, missing, "{general:?} {special:?}");
    }
}

proptest! {
    #![proptest_config(runs(256))]

    /// Neither the order of rules in a book nor the order of parts in a condition matters.
    #[test]
    fn order_does_not_matter(rules in prop::collection::vec((cond(), outcome()), 1..5), f in truths()) {
        let facts = facts_of(&f);
        let first = book(rules.clone());
        let mut second = first.clone();
        second.rules.reverse();
        for rule in &mut second.rules {
            rule.when = shuffled(&rule.when);
        }
        let (a, b) = (first.evaluate(&facts, on()).unwrap(), second.evaluate(&facts, on()).unwrap());
        prop_assert_eq!(a.verdict, b.verdict);
        prop_assert_eq!(a.missing(), b.missing());
        prop_assert_eq!(&a.outcomes, &b.outcomes);
    }

    /// What was decided stays decided, and decided alike, when more becomes known.
    #[test]
    fn more_facts_never_undecide(rules in prop::collection::vec((cond(), outcome()), 1..5),
                                 f in truths(), more in truths(), topics in any::<[bool; 5]>()) {
        let mut book = book(rules);
        for (rule, in_topic) in book.rules.iter_mut().zip(topics) {
            rule.topic = in_topic.then(|| "t".try_into().unwrap());
        }
        let less = facts_of(&f);
        let merged: Vec<Truth> = f.iter().zip(&more)
            .map(|(known, new)| if *known == Unknown { *new } else { *known }).collect();
        let before = book.evaluate(&less, on()).unwrap();
        let after = book.evaluate(&facts_of(&merged), on()).unwrap();
        if before.is_definite() {
            prop_assert_eq!(before.verdict, after.verdict);
            prop_assert!(after.is_definite());
        }
        // A refusal is final.
        if before.verdict == Verdict::Reject {
            prop_assert_eq!(after.verdict, Verdict::Reject);
        }
    }

    /// Supplying everything asked for leaves nothing open, whatever the answers.
    #[test]
    fn what_is_asked_decides(rules in prop::collection::vec((cond(), outcome()), 1..4),
                             f in truths(), answers in truths()) {
        let book = book(rules);
        let before = book.evaluate(&facts_of(&f), on()).unwrap();
        let mut values = f.clone();
        for item in before.missing() {
            let index: usize = item.to_string().trim_start_matches("field f.").parse().unwrap();
            values[index] = if answers[index] == True { True } else { False };
        }
        let after = book.evaluate(&facts_of(&values), on()).unwrap();
        prop_assert!(after.is_definite() || after.verdict == Verdict::Reject);
    }

    /// Testing without a trace and deciding with one agree.
    #[test]
    fn the_trace_says_what_the_test_says(c in cond(), f in truths()) {
        let truth = truth_of(&c, &f);
        let decision = book(vec![(c, Outcome::Flag("f".try_into().unwrap()))])
            .evaluate(&facts_of(&f), on()).unwrap();
        prop_assert_eq!(decision.trace[0].result, truth);
        prop_assert_eq!(decision.trace[0].root.result, truth);
    }
}
