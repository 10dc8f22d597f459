//! Laws of the intake and the books: any order and any repetition of notices gives the same state
//! and the same balances, and nothing received is ever nowhere.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use law_runs::runs;
use ledger::Currency;
use mobile_money::{
    Channel, Intake, Payment, PaymentKind, Status, Trust, Trusted,
    auth::gsma_content_hash,
    books::{Account, FeeRule, Line, Placement, difference, position},
    intake::{Flag, IntakeRules, Outcome, Standing, TransactionKey},
};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

fn kes() -> Currency {
    Currency::from_code("KES").unwrap()
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn notice(id: &str, status: Status, amount: Option<Decimal>) -> Payment {
    let mut payment = Payment::new(
        Channel::MpesaC2bConfirmation,
        PaymentKind::Collection,
        status,
    );
    payment.provider_id = (!id.is_empty()).then(|| id.into());
    payment.amount = amount;
    payment.currency = amount.map(|_| kes());
    payment.wallet = Some("600999".into());
    payment
}

fn reversal(id: &str, of: &str, amount: Option<Decimal>) -> Payment {
    let mut payment = notice(id, Status::Success, amount);
    payment.kind = PaymentKind::Reversal;
    payment.reverses = Some(of.into());
    payment
}

fn claimed(intake: &mut Intake, payment: Payment) -> (Outcome, TransactionKey) {
    let received = intake.receive(Trusted::claimed(payment), at(0)).unwrap();
    (received.outcome, received.key)
}

#[test]
fn success_after_failure_counts_and_failure_after_success_does_not() {
    for statuses in [
        [Status::Failed, Status::Success],
        [Status::Success, Status::Failed],
    ] {
        let mut intake = Intake::default();
        let keys = statuses.map(|s| claimed(&mut intake, notice("A", s, Some(dec!(10)))).1);
        let transaction = intake.transaction(&keys[0]).unwrap();
        assert_eq!(transaction.standing, Standing::Settled);
        assert_eq!(transaction.flags, [Flag::SuccessAndFailure]);
    }
}

#[test]
fn a_provisional_failure_stays_open() {
    let mut intake = Intake::default();
    let mut failed = notice("A", Status::Failed, None);
    failed.provisional = true;
    let key = claimed(&mut intake, failed).1;
    assert_eq!(intake.transaction(&key).unwrap().standing, Standing::Open);
    claimed(&mut intake, notice("A", Status::Failed, None));
    assert_eq!(intake.transaction(&key).unwrap().standing, Standing::Failed);
}

#[test]
fn news_under_our_own_id_joins_the_providers_transaction() {
    let mut pending = notice("", Status::Pending, Some(dec!(10)));
    pending.own_id = Some("EO-1".into());
    let mut paid = notice("A", Status::Success, None);
    paid.own_id = Some("EO-1".into());
    let mut intake = Intake::default();
    let (first, own) = claimed(&mut intake, pending);
    let (second, _) = claimed(&mut intake, paid.clone());
    assert_eq!((first, second), (Outcome::New, Outcome::Enriched));
    // The amount comes from the pending notice; the old key still finds the transaction.
    let transaction = intake.transaction(&own).unwrap();
    assert_eq!(transaction.net().unwrap().amount(), dec!(10));
    assert_eq!(intake.transactions().count(), 1);
    // The same own id under another provider id is another payment, and is pointed out.
    paid.provider_id = Some("B".into());
    claimed(&mut intake, paid);
    assert_eq!(intake.transactions().count(), 2);
    assert!(
        intake
            .transaction(&own)
            .unwrap()
            .flags
            .contains(&Flag::OwnIdReused)
    );
}

#[test]
fn reversals_take_back_what_they_name_even_when_they_come_first() {
    let mut intake = Intake::default();
    let (outcome, _) = claimed(&mut intake, reversal("R", "A", Some(dec!(4))));
    assert_eq!(outcome, Outcome::Reversal);
    let key = claimed(&mut intake, notice("A", Status::Success, Some(dec!(10)))).1;
    assert_eq!(
        intake.transaction(&key).unwrap().net().unwrap().amount(),
        dec!(6)
    );
    claimed(&mut intake, reversal("R2", "A", Some(dec!(6))));
    assert_eq!(
        intake.transaction(&key).unwrap().standing,
        Standing::Reversed
    );
    claimed(&mut intake, reversal("R3", "A", Some(dec!(1))));
    assert!(
        intake
            .transaction(&key)
            .unwrap()
            .flags
            .contains(&Flag::OverReversed)
    );
}

#[test]
fn trust_decides_between_amounts_and_above_the_limit() {
    let rules = IntakeRules {
        claimed_limit: Some(dec!(100)),
        ..IntakeRules::default()
    };
    let mut intake = Intake::new(rules);
    let key = claimed(&mut intake, notice("A", Status::Success, Some(dec!(500)))).1;
    assert_eq!(
        intake.transaction(&key).unwrap().standing,
        Standing::HeldForVerification
    );
    let body = b"{}";
    let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"; // sha256 of {}
    let whole = gsma_content_hash(body, hash).unwrap();
    assert_eq!(whole.trust(), Trust::IntegrityOnly);
    intake
        .receive(
            whole.map(|_| notice("A", Status::Success, Some(dec!(500)))),
            at(0),
        )
        .unwrap();
    assert_eq!(
        intake.transaction(&key).unwrap().standing,
        Standing::HeldForVerification
    );
    let asked = Trusted::from_own_call(notice("A", Status::Success, Some(dec!(500))));
    intake.receive(asked, at(1)).unwrap();
    assert_eq!(
        intake.transaction(&key).unwrap().standing,
        Standing::Settled
    );
    // A forged amount cannot unsettle it.
    claimed(&mut intake, notice("A", Status::Success, Some(dec!(9))));
    let transaction = intake.transaction(&key).unwrap();
    assert_eq!(transaction.standing, Standing::Settled);
    assert_eq!(transaction.flags, [Flag::AmountDisputed]);
}

#[test]
fn a_rule_may_demand_trust_of_every_payment() {
    let rules = IntakeRules {
        required: Trust::Authenticated,
        ..IntakeRules::default()
    };
    let mut intake = Intake::new(rules);
    let paid = notice("A", Status::Success, Some(dec!(1)));
    let key = claimed(&mut intake, paid.clone()).1;
    let standing = |intake: &Intake| intake.transaction(&key).unwrap().standing;
    assert_eq!(standing(&intake), Standing::HeldForVerification);
    intake.receive(Trusted::from_own_call(paid), at(1)).unwrap();
    assert_eq!(standing(&intake), Standing::Settled);
}

/// pawaPay's refunds name the deposit by our id, whether or not the operator's receipt is known.
#[test]
fn a_reversal_may_name_our_own_id() {
    for with_receipt in [false, true] {
        let mut intake = Intake::default();
        let mut back = reversal("", "D-1", Some(dec!(4)));
        back.own_id = Some("R-1".into());
        let (_, key) = claimed(&mut intake, back);
        assert_eq!(
            key,
            TransactionKey::Own(mobile_money::Provider::Mpesa, "R-1".into())
        );
        let mut paid = notice(
            if with_receipt { "A" } else { "" },
            Status::Success,
            Some(dec!(10)),
        );
        paid.own_id = Some("D-1".into());
        let (_, key) = claimed(&mut intake, paid);
        let transaction = intake.transaction(&key).unwrap();
        assert_eq!(
            transaction.net().unwrap().amount(),
            dec!(6),
            "{with_receipt}"
        );
        let named = TransactionKey::Provider(mobile_money::Provider::Mpesa, "D-1".into());
        assert_eq!(intake.transaction(&named).unwrap().key, transaction.key);
    }
}

fn any_notice() -> impl Strategy<Value = (Payment, bool, i64)> {
    let id = prop::sample::select(vec!["", "A", "B"]);
    let own = prop::option::of(prop::sample::select(vec!["o1", "o2"]));
    let status = prop::sample::select(vec![
        Status::Pending,
        Status::Ambiguous,
        Status::Failed,
        Status::Success,
        Status::Success,
        Status::Reversed,
        Status::Unknown("x".into()),
    ]);
    let amount = prop::option::of(prop::sample::select(vec![dec!(10), dec!(10.00), dec!(20)]));
    let reverses = prop::option::weighted(0.2, prop::sample::select(vec!["A", "B"]));
    let reference = prop::option::of(prop::sample::select(vec!["", "EO1", "eo 1"]));
    (
        id,
        own,
        status,
        amount,
        reverses,
        reference,
        any::<bool>(),
        0_i64..5,
    )
        .prop_map(
            |(id, own, status, amount, reverses, reference, own_call, second)| {
                let mut payment = match reverses {
                    Some(of) if !id.is_empty() && id != of => {
                        reversal(&format!("R{id}"), of, amount)
                    }
                    _ => notice(id, status, amount),
                };
                payment.own_id = own.map(Into::into);
                if payment.provider_id.is_none() && payment.own_id.is_none() {
                    payment.own_id = Some("o3".into());
                }
                payment.reference = reference.map(Into::into);
                (payment, own_call, second)
            },
        )
}

/// Receives everything, posting after each notice the differences of all transactions.
fn run(notices: &[(Payment, bool, i64)]) -> (Intake, BTreeMap<Account, Decimal>) {
    let mut intake = Intake::default();
    let mut posted: BTreeMap<TransactionKey, Vec<Line>> = BTreeMap::new();
    let mut books: BTreeMap<Account, Decimal> = BTreeMap::new();
    for (payment, own_call, second) in notices {
        let trusted = if *own_call {
            Trusted::from_own_call(payment.clone())
        } else {
            Trusted::claimed(payment.clone())
        };
        intake.receive(trusted, at(*second)).unwrap();
        let mut now: BTreeMap<TransactionKey, Vec<Line>> = intake
            .transactions()
            .map(|t| {
                (
                    t.key.clone(),
                    position(&t, Placement::Suspense, FeeRule::default()),
                )
            })
            .collect();
        for gone in posted.keys() {
            now.entry(gone.clone()).or_default();
        }
        for (key, after) in &now {
            let before = posted.get(key).cloned().unwrap_or_default();
            for line in difference(&before, after) {
                *books.entry(line.account).or_default() += line.amount.amount();
            }
        }
        posted = now;
    }
    books.retain(|_, sum| !sum.is_zero());
    (intake, books)
}

proptest! {
    #![proptest_config(runs(256))]

    #[test]
    fn order_and_repetition_do_not_matter(
        (notices, shuffled) in prop::collection::vec(any_notice(), 1..8).prop_flat_map(|notices| {
            let twice: Vec<_> = notices.iter().chain(&notices).cloned().collect();
            (Just(notices), Just(twice).prop_shuffle())
        })
    ) {
        let (intake, books) = run(&notices);
        let (other, other_books) = run(&shuffled);
        let all = |i: &Intake| i.transactions().collect::<Vec<_>>();
        prop_assert_eq!(all(&intake), all(&other));
        // Kept and read back in either kind of encoding, it is the same.
        let json = serde_json::to_string(&intake).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Intake>(&json).unwrap(), &intake);
        let bytes = postcard::to_allocvec(&intake).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<Intake>(&bytes).unwrap(), &intake);
        prop_assert_eq!(intake, other);
        prop_assert_eq!(&books, &other_books);
        // Debits are credits.
        prop_assert_eq!(books.values().sum::<Decimal>(), Decimal::ZERO);
    }

    /// Every notice belongs to a transaction that can be seen; settled money is in the books.
    #[test]
    fn nothing_is_nowhere(notices in prop::collection::vec(any_notice(), 1..8)) {
        let (intake, books) = run(&notices);
        let keys: Vec<_> = intake.transactions().map(|t| t.key).collect();
        for (payment, ..) in &notices {
            let key = match (&payment.provider_id, &payment.own_id) {
                (Some(id), _) => TransactionKey::Provider(payment.provider, id.clone()),
                (None, own) => TransactionKey::Own(payment.provider, own.clone().unwrap()),
            };
            let found = intake.transaction(&key).unwrap();
            prop_assert!(keys.contains(&found.key));
        }
        let settled: Decimal = intake
            .transactions()
            .filter(|t| t.merged.kind == PaymentKind::Collection)
            .filter_map(|t| t.net())
            .map(|money| money.amount())
            .sum();
        let suspense = books.get(&Account::Suspense).copied().unwrap_or_default();
        prop_assert!(-suspense >= settled);
    }
}
