//! Exchange through a position account and its revaluation, worked out by hand.

use chrono::NaiveDate;
use ledger::{
    Currency, EntryId, GlCode, Journal, JournalEntry, Money, Rounding,
    chart::ready,
    fx::{ExchangeRate, RateSide, RateTable, Revaluation},
    journal::View,
};
use rust_decimal::{Decimal, dec};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

fn money(amount: Decimal, code: &str) -> Money {
    Money::new(amount, currency(code))
}

fn rates() -> RateTable {
    let mut rates = RateTable::default();
    for (base, from, buy, sell) in [
        ("USD", "2024-01-01", dec!(129), dec!(131)),
        ("USD", "2024-02-01", dec!(131), dec!(133)),
        ("USD", "2024-03-01", dec!(127), dec!(129)),
        ("EUR", "2024-01-01", dec!(140), dec!(144)),
    ] {
        let rate = ExchangeRate::new(day(from), buy, sell).unwrap();
        rates.add(currency(base), currency("KES"), rate).unwrap();
    }
    rates
}

#[test]
fn rates_hold_from_their_day_until_the_next() {
    let rates = rates();
    let convert = |amount, from: &str, into: &str, date: &str, side| {
        rates
            .convert(
                &money(amount, from),
                currency(into),
                day(date),
                side,
                Rounding::HalfUp,
            )
            .map(|money| money.to_string())
            .map_err(|error| error.code())
    };
    for (amount, from, into, date, side, want) in [
        (
            dec!(10),
            "USD",
            "KES",
            "2024-01-31",
            RateSide::Buy,
            Ok("1290.00 KES"),
        ),
        (
            dec!(10),
            "USD",
            "KES",
            "2024-02-01",
            RateSide::Sell,
            Ok("1330.00 KES"),
        ),
        (
            dec!(10),
            "USD",
            "KES",
            "2024-02-15",
            RateSide::Middle,
            Ok("1320.00 KES"),
        ),
        // 1000 / 131 = 7.6335...
        (
            dec!(1000),
            "KES",
            "USD",
            "2024-01-05",
            RateSide::Sell,
            Ok("7.63 USD"),
        ),
        (
            dec!(5),
            "KES",
            "KES",
            "2020-01-01",
            RateSide::Buy,
            Ok("5.00 KES"),
        ),
        (
            dec!(10),
            "USD",
            "KES",
            "2023-12-31",
            RateSide::Buy,
            Err(2004),
        ),
        (
            dec!(10),
            "USD",
            "EUR",
            "2024-01-01",
            RateSide::Buy,
            Err(2004),
        ),
    ] {
        let want = want.map(String::from);
        assert_eq!(
            convert(amount, from, into, date, side),
            want,
            "{amount} {from} {into} {date}"
        );
    }
}

#[test]
fn rates_that_cannot_be_are_refused() {
    let january = day("2024-01-01");
    for (buy, sell) in [
        (dec!(0), dec!(1)),
        (dec!(-1), dec!(1)),
        (dec!(2), dec!(1.99)),
    ] {
        assert_eq!(
            ExchangeRate::new(january, buy, sell).unwrap_err().code(),
            2001
        );
    }
    let mut rates = rates();
    let old = ExchangeRate::new(day("2024-03-01"), dec!(1), dec!(1)).unwrap();
    let (usd, kes) = (currency("USD"), currency("KES"));
    assert_eq!(rates.add(usd, kes, old).unwrap_err().code(), 2002);
    assert_eq!(rates.add(kes, kes, old).unwrap_err().code(), 2003);
    let text = serde_json::to_string(&rates).unwrap();
    assert_eq!(serde_json::from_str::<RateTable>(&text).unwrap(), rates);
    assert!(serde_json::from_str::<RateTable>(&text.replace("2024-02-01", "2024-01-01")).is_err());
    let json = r#"{"from":"2024-01-01","buy":"2","sell":"1"}"#;
    assert!(serde_json::from_str::<ExchangeRate>(json).is_err());
}

/// 2024-01-10: 100.00 USD bought for 13,000.00 KES; 50.00 EUR for 7,200.00 KES.
fn journal() -> Journal {
    let mut journal = Journal::new(ready::microfinance_lender());
    for (id, foreign, base) in [
        (1, money(dec!(100), "USD"), money(dec!(13000), "KES")),
        (2, money(dec!(50), "EUR"), money(dec!(7200), "KES")),
    ] {
        let date = day("2024-01-10");
        let entry = JournalEntry::builder(EntryId::new(id), date, date).exchange(
            (code("1120"), foreign),
            (code("1120"), base),
            code("2700"),
        );
        journal
            .post(entry.branch("A".parse().unwrap()).build().unwrap())
            .unwrap();
    }
    journal
}

const fn rules(position: GlCode, base: Currency, gain: GlCode, loss: GlCode) -> Revaluation {
    let (side, rounding) = (RateSide::Middle, Rounding::HalfUp);
    Revaluation {
        position,
        base,
        gain,
        loss,
        side,
        rounding,
    }
}

#[test]
fn revaluation_books_the_gain_and_then_the_loss() {
    let mut journal = journal();
    let (kes, usd) = (currency("KES"), currency("USD"));
    for (code, amount) in [("KES", dec!(-20200)), ("USD", dec!(100)), ("EUR", dec!(50))] {
        let bank = journal
            .balance(&"1120".parse().unwrap(), currency(code))
            .unwrap();
        assert_eq!(bank, money(amount, code));
    }
    let rules = rules(code("2700"), kes, code("4500"), code("5800"));
    // 29 February: 100 USD at 132 = 13,200; 50 EUR at 142 = 7,100. Value 20,300, cost 20,200.
    let entry = journal.revaluation(EntryId::new(3), day("2024-02-29"), &rules, &rates());
    let entry = entry.unwrap().unwrap();
    let gain = money(dec!(100), "KES");
    assert_eq!(entry.lines()[0].amount(), gain);
    journal.post(entry).unwrap();
    assert_eq!(journal.balance(&code("4500"), kes).unwrap(), gain);
    let again = journal
        .revaluation(EntryId::new(4), day("2024-02-29"), &rules, &rates())
        .unwrap();
    assert_eq!(again, None);
    // 31 March: 100 USD at 128 = 12,800; 50 EUR still 7,100. Value 19,900, cost now 20,300.
    let entry = journal.revaluation(EntryId::new(4), day("2024-03-31"), &rules, &rates());
    journal.post(entry.unwrap().unwrap()).unwrap();
    assert_eq!(
        journal.balance(&code("5800"), kes).unwrap(),
        money(dec!(400), "KES")
    );
    for currency in [kes, usd] {
        assert!(
            journal
                .trial_balance(currency, &View::latest())
                .unwrap()
                .is_balanced()
        );
    }
}

#[test]
fn what_a_revaluation_needs_is_named() {
    let journal = journal();
    let try_with = |position, gain, loss, date: &str, rates: &RateTable| {
        let rules = rules(code(position), currency("KES"), code(gain), code(loss));
        journal
            .revaluation(EntryId::new(9), day(date), &rules, rates)
            .unwrap_err()
            .code()
    };
    assert_eq!(try_with("77", "4500", "5800", "2024-02-01", &rates()), 2005);
    assert_eq!(
        try_with("2700", "5800", "5800", "2024-02-01", &rates()),
        2006
    );
    assert_eq!(
        try_with("2700", "4500", "4500", "2024-02-01", &rates()),
        2006
    );
    assert_eq!(
        try_with("2700", "4500", "5800", "2024-02-01", &RateTable::default()),
        2004
    );
}
