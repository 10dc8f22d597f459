//! Call lists: who is called, who is left alone, in which order.

use chrono::NaiveDate;
use mobile_money::collections::{
    Arrears, Call, CallRules, CallStatistics, Outcome, Why, call_list, statistics,
};
use rust_decimal::{Decimal, dec};

fn june(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 6, day).unwrap()
}

fn late(account: &str, days_late: u32, overdue: Decimal) -> Arrears {
    Arrears {
        account: account.into(),
        days_late,
        overdue,
        paid: Vec::new(),
    }
}

fn call(account: &str, day: u32, outcome: Outcome) -> Call {
    Call {
        account: account.into(),
        on: june(day),
        by: "amina".into(),
        outcome,
    }
}

fn promise(day: u32, amount: Decimal) -> Outcome {
    Outcome::Promise {
        on: june(day),
        amount,
    }
}

#[test]
fn the_list_of_the_tenth() {
    let mut kept = late("kept", 5, dec!(900));
    kept.paid = vec![(june(6), dec!(300)), (june(7), dec!(200))];
    let mut short = late("short", 5, dec!(100));
    short.paid = vec![(june(4), dec!(500)), (june(7), dec!(499))];
    let arrears = [
        late("not-late", 0, dec!(10)),
        late("small", 9, dec!(50)),
        late("large", 2, dec!(500)),
        kept,
        short,
        late("waits", 8, dec!(800)),
        late("today", 8, dec!(10)),
        late("call-back", 3, dec!(10)),
        late("tired", 30, dec!(5000)),
        late("just-called", 3, dec!(70)),
    ];
    let calls = [
        call("kept", 5, promise(7, dec!(500))),
        // 500 came before the promise, 499 after: not kept.
        call("short", 5, promise(7, dec!(500))),
        call("waits", 8, promise(12, dec!(800))),
        call("today", 8, promise(10, dec!(10))),
        call("call-back", 8, Outcome::CallBack { on: june(9) }),
        call("tired", 5, Outcome::NoAnswer),
        call("tired", 6, Outcome::NoAnswer),
        call("tired", 7, Outcome::NoAnswer),
        call("just-called", 10, Outcome::NoAnswer),
    ];
    let list = call_list(&arrears, &calls, june(10), &CallRules::default());
    let shown: Vec<_> = list.iter().map(|c| (c.account.as_str(), c.why)).collect();
    assert_eq!(
        shown,
        [
            ("short", Why::BrokenPromise),
            ("call-back", Why::CallBack),
            ("today", Why::PromiseToday),
            ("kept", Why::Late),
            ("large", Why::Late),
            ("small", Why::Late),
        ]
    );
    let figures = statistics(&calls, &arrears, june(10), None);
    let expected = CallStatistics {
        calls: 9,
        reached: 5,
        promises_due: 2,
        promises_kept: 1,
    };
    assert_eq!(figures, expected);
    assert_eq!(
        statistics(&calls, &arrears, june(10), Some("nobody")),
        CallStatistics::default()
    );
}
