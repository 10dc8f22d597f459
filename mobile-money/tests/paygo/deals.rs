//! Credit days, repayment figures and deals.

use chrono::{TimeZone as _, Utc};
use law_runs::runs;
use mobile_money::paygo::{
    Fraction,
    credit::{Base, Carry, Rate},
    deal::{Deal, Event, EventKind, Phase},
    kpi::{Contract, Ratio, collection_rate, portfolio},
    nexus,
    openpaygo::{self, Command, Device, Entered, Receiver},
};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

use super::{number, vectors};

#[test]
fn credit_days() {
    for case in vectors("paygo_examples.json")["days"].as_array().unwrap() {
        let rate = Rate::new(
            Decimal::from(number(&case["rate"])),
            number(&case["period_days"]),
        )
        .unwrap();
        let (mut carry, mut days, mut paid) = (Carry::ZERO, 0, Decimal::ZERO);
        for step in case["steps"].as_array().unwrap() {
            let pay = Decimal::from(number(&step["pay"]));
            let bought = rate.buy(carry, pay).unwrap();
            let part = |at: usize| i128::from(step["carry"][at].as_i64().unwrap());
            assert_eq!(bought.days, number(&step["days"]), "{step}");
            assert_eq!(
                bought.carry,
                Fraction::new(part(0), part(1)).unwrap(),
                "{step}"
            );
            (carry, days, paid) = (bought.carry, days + bought.days, paid + pay);
        }
        assert_eq!(days, number(&case["total_days"]));
        assert_eq!(
            rate.buy(Carry::ZERO, paid).unwrap().days,
            number(&case["one_payment_of_sum_gives"])
        );
    }
}

#[test]
fn repayment_figures() {
    let vectors = vectors("paygo_examples.json");
    let contracts: Vec<Contract> = vectors["contracts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| Contract {
            financed: Decimal::from(number(&c["financed"])),
            term_days: number(&c["term"]),
            free_days: number(&c["free"]),
            age_days: number(&c["age"]),
            payments: c["paid"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| (number(&p[0]), Decimal::from(number(&p[1]))))
                .collect(),
        })
        .collect();
    for (contract, now) in contracts.iter().zip(vectors["now"].as_array().unwrap()) {
        let today = contract.today().unwrap();
        for (name, found) in [
            ("due", today.due),
            ("applied", today.applied),
            ("prepaid", today.prepaid),
        ] {
            assert_eq!(
                found.to_string(),
                now[name].as_str().unwrap(),
                "{now} {name}"
            );
        }
    }
    let figures = portfolio(&contracts).unwrap();
    let table = [
        ("RR_PvP", figures.paid_versus_planned),
        ("RR_PvFin", figures.paid_versus_financed),
        ("RR_PvP@90d", figures.paid_versus_planned_90_days),
        ("RR_PvP@2x", figures.paid_versus_planned_twice_term),
        ("Ownership@2x", figures.ownership_twice_term),
    ];
    for (
        name,
        Ratio {
            numerator,
            denominator,
            contracts,
        },
    ) in table
    {
        let expected = &vectors["kpis"][name];
        assert_eq!(
            numerator.to_string(),
            expected["num"].as_str().unwrap(),
            "{name}"
        );
        assert_eq!(
            denominator.to_string(),
            expected["den"].as_str().unwrap(),
            "{name}"
        );
        if expected.get("n").is_some() {
            assert_eq!(contracts, number(&expected["n"]), "{name}");
        }
    }
    // Due 100, collected 74 without the deposits of 12.
    let rate = collection_rate(dec!(74), dec!(100))
        .unwrap()
        .value()
        .unwrap();
    assert_eq!(rate.to_decimal(), Some(dec!(0.74)));
}

/// Price 1,000, deposit 100 with 3 free days, 70 a week: 10 a day.
fn deal() -> Deal {
    Deal::new(dec!(1000), dec!(100), dec!(70), 7)
        .unwrap()
        .with_free_days(3)
        .with_grace_days(2)
}

fn event(day: u32, id: &str, kind: EventKind) -> Event {
    let at = Utc.with_ymd_and_hms(2024, 6, day, 8, 0, 0).unwrap();
    Event {
        at,
        id: id.into(),
        kind,
    }
}

#[test]
fn a_deal_from_deposit_to_release() {
    let day = |d| Utc.with_ymd_and_hms(2024, 6, d, 8, 0, 0).unwrap();
    let pay = |d, id: &str, amount| event(d, id, EventKind::Payment(amount));
    // 60 and 45: the deposit is complete, 5 are left over towards the first day.
    let mut events = vec![pay(1, "a", dec!(60)), pay(2, "b", dec!(45))];
    let state = deal().replay(&events).unwrap();
    assert_eq!((state.phase, state.balance), (Phase::Active, dec!(895)));
    assert_eq!(
        (state.open_until, state.lock_at),
        (Some(day(5)), Some(day(7)))
    );
    // 25 on the 10th: 30 buy three days from the 10th, the days without credit are lost.
    events.push(pay(10, "c", dec!(25)));
    assert_eq!(deal().replay(&events).unwrap().open_until, Some(day(13)));
    let due = deal().with_base(Base::Due).replay(&events).unwrap();
    assert_eq!(
        due.open_until,
        Some(day(8)),
        "arrears are bought back first"
    );
    // Two bonus days move the credit, not the balance.
    events.push(event(11, "bonus", EventKind::Bonus(2)));
    let state = deal().replay(&events).unwrap();
    assert_eq!(
        (state.open_until, state.balance),
        (Some(day(15)), dec!(870))
    );
    events.push(event(12, "taken", EventKind::Repossession));
    assert_eq!(deal().replay(&events).unwrap().phase, Phase::Repossessed);
    events.push(event(13, "back", EventKind::Redemption));
    // 900 pay off 870; 30 are refundable.
    events.push(pay(14, "d", dec!(900)));
    let state = deal().replay(&events).unwrap();
    assert_eq!(
        (state.phase, state.balance, state.refundable),
        (Phase::Paid, dec!(0), dec!(30))
    );
    assert_eq!(state.lock_at, None);
}

proptest! {
    #![proptest_config(runs(256))]

    /// In whatever order and however often payments are learned, the days are the same.
    #[test]
    fn a_deal_does_not_depend_on_the_order_of_news(
        (events, shuffled) in prop::collection::vec((1_u32..29, 0_u32..400, any::<bool>()), 1..10)
            .prop_flat_map(|drawn| {
                let events: Vec<Event> = drawn.iter().enumerate().map(|(at, (day, amount, bonus))| {
                    let kind = match bonus {
                        true => EventKind::Bonus(amount % 5),
                        false => EventKind::Payment(Decimal::from(*amount)),
                    };
                    event(*day, &format!("e{at}"), kind)
                }).collect();
                let twice: Vec<Event> = events.iter().chain(&events).cloned().collect();
                (Just(events), Just(twice).prop_shuffle())
            })
    ) {
        prop_assert_eq!(deal().replay(&events).unwrap(), deal().replay(&shuffled).unwrap());
    }

    /// However a sum is split, it buys the same days and leaves the same carry, below one day.
    #[test]
    fn days_do_not_depend_on_how_a_sum_is_split(
        rate in 1_u32..1_000_000, period in 1_u32..400,
        payments in prop::collection::vec(0_u32..5_000_000, 0..12),
    ) {
        let rate = Rate::new(Decimal::new(i64::from(rate), 2), period).unwrap();
        let (mut carry, mut days) = (Carry::ZERO, 0);
        for pay in &payments {
            let bought = rate.buy(carry, Decimal::new(i64::from(*pay), 2)).unwrap();
            (carry, days) = (bought.carry, days + bought.days);
        }
        let sum: i64 = payments.iter().map(|p| i64::from(*p)).sum();
        let whole = rate.buy(Carry::ZERO, Decimal::new(sum, 2)).unwrap();
        prop_assert_eq!((days, carry), (whole.days, whole.carry));
        prop_assert!(carry < rate.per_day().unwrap());
    }

    /// What one side encodes the other side reads; typing it twice does nothing.
    #[test]
    fn tokens_round_trip(key: [u8; 16], last in 0_u32..300, value in 0_u32..=995,
                         add: bool, restricted: bool, extended: bool) {
        let mut device = Device::new(key);
        if restricted { device = device.restricted(); }
        if extended { device = device.extended(); }
        let command = if add { Command::AddTime(value) } else { Command::SetTime(value) };
        let token = device.encode(last, command).unwrap();
        let mut receiver = Receiver::new(device, last);
        let accepted = Entered::Accepted { command, count: token.count };
        prop_assert_eq!(receiver.enter(&token.text).unwrap(), accepted);
        prop_assert_eq!(receiver.enter(&token.text).unwrap(), Entered::AlreadyUsed);
    }

    /// No text makes a receiver panic.
    #[test]
    fn any_text_may_be_typed(text in "\\PC{0,30}|[0-9 *#]{8,24}|1[2-5]{14}") {
        let mut device = Receiver::new(Device::new([1; 16]), 5);
        let _ = device.enter(&text);
        let mut nexus = nexus::Receiver::fresh([1; 16]);
        let _ = nexus.enter_full(&text);
        let _ = nexus.enter_small(&text);
    }
}

/// A device that adds and sets like the real one follows the tokens of the server.
#[test]
fn issued_tokens_follow_payments_and_reversals() {
    use openpaygo::Issued;
    let device = Device::new([9; 16]);
    let mut receiver = Receiver::new(device.clone(), 0);
    let mut issued = Issued::new(0, 1).unwrap();
    let day = |d| Utc.with_ymd_and_hms(2024, 6, d, 8, 0, 0).unwrap();
    let far = |days| day(1) + chrono::TimeDelta::days(days);
    let week = issued.add(&device, "a", 7, day(1), far(7)).unwrap();
    let years = issued.add(&device, "b", 2000, day(1), far(2007)).unwrap();
    assert_eq!((week.len(), years.len()), (1, 3));
    // Asked for again: the same tokens, no new count.
    let count = issued.last_count();
    assert_eq!(issued.add(&device, "a", 7, day(2), far(7)).unwrap(), week);
    assert_eq!(
        (issued.last_count(), issued.tokens("b")),
        (count, years.as_slice())
    );
    // "b" is taken back: what is left is set, and the token of "b" that lies unused is void.
    let mut typed = |text: &str| receiver.enter(text).unwrap();
    assert!(matches!(
        typed(&week[0].text),
        Entered::Accepted {
            command: Command::AddTime(7),
            ..
        }
    ));
    assert!(matches!(
        typed(&years[0].text),
        Entered::Accepted {
            command: Command::AddTime(995),
            ..
        }
    ));
    let set = issued.set(&device, "b back", day(3), far(7)).unwrap();
    assert!(matches!(
        typed(&set[0].text),
        Entered::Accepted {
            command: Command::SetTime(5),
            ..
        }
    ));
    assert_eq!(typed(&years[1].text), Entered::AlreadyUsed);
    // Until an expiry passes the furthest one issued, tokens set.
    let more = issued.add(&device, "c", 7, day(4), far(14)).unwrap();
    assert!(matches!(
        typed(&more[0].text),
        Entered::Accepted {
            command: Command::SetTime(11),
            ..
        }
    ));
    let past = issued.add(&device, "d", 2000, day(4), far(2014)).unwrap();
    assert!(matches!(
        typed(&past[0].text),
        Entered::Accepted {
            command: Command::SetTime(995),
            ..
        }
    ));
    let then = issued.add(&device, "e", 1, day(4), far(2015)).unwrap();
    assert!(matches!(
        typed(&then[0].text),
        Entered::Accepted {
            command: Command::AddTime(1),
            ..
        }
    ));
    let free = issued.release(&device, "paid", day(5)).unwrap();
    assert!(matches!(
        typed(&free[0].text),
        Entered::Accepted {
            command: Command::DisablePaygo,
            ..
        }
    ));
    let kept = serde_json::to_string(&issued).unwrap();
    assert_eq!(serde_json::from_str::<Issued>(&kept).unwrap(), issued);
}

/// 1,000 less 100 at 10 a day are 90 days. On day 20, 17 after the 3 free days, 170 have fallen due.
#[test]
fn a_deal_as_a_contract_and_bonus_days_before_the_deposit() {
    let pay = |d, id: &str, amount| event(d, id, EventKind::Payment(amount));
    let mut events = vec![pay(1, "a", dec!(100)), pay(10, "b", dec!(500))];
    let now = Utc.with_ymd_and_hms(2024, 6, 21, 8, 0, 0).unwrap();
    let contract = deal().contract(&events, now).unwrap().unwrap();
    assert_eq!(
        (
            contract.financed,
            contract.term_days,
            contract.free_days,
            contract.age_days
        ),
        (dec!(900), 90, 3, 20)
    );
    assert_eq!(contract.payments, [(9, dec!(500))]);
    assert_eq!(contract.today().unwrap().due.to_string(), "170");
    assert!(deal().contract(&[], now).unwrap().is_none());
    // Days given before the deposit are not lost.
    let early = Utc.with_ymd_and_hms(2024, 5, 31, 8, 0, 0).unwrap();
    events.truncate(1);
    events.push(Event {
        at: early,
        id: "gift".into(),
        kind: EventKind::Bonus(4),
    });
    let state = deal().replay(&events).unwrap();
    assert_eq!(
        state.open_until,
        Some(Utc.with_ymd_and_hms(2024, 6, 8, 8, 0, 0).unwrap())
    );
    assert_eq!((state.days_given, state.days_without_credit(now)), (4, 13));
}
