//! Money, currencies and rounding against tables made elsewhere, and the laws of splitting.

use law_runs::runs;
use ledger::{Currency, Money, MoneyError, Rounding};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

const MODES: [Rounding; 7] = [
    Rounding::HalfUp,
    Rounding::HalfEven,
    Rounding::HalfDown,
    Rounding::Up,
    Rounding::Down,
    Rounding::Ceiling,
    Rounding::Floor,
];

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(',').collect())
}

#[test]
fn the_currency_table_is_the_published_list() {
    let table = include_str!("data/iso4217_list_one.csv");
    let mut with_minor_units = 0;
    for row in rows(table) {
        let (code, numeric) = (row[0], row[1].parse().unwrap());
        match row[2] {
            "" => {
                assert_eq!(
                    Currency::from_code(code).unwrap_err().code(),
                    1003,
                    "{code}"
                );
                assert_eq!(
                    Currency::from_numeric(numeric).unwrap_err().code(),
                    1003,
                    "{code}"
                );
            }
            minor => {
                let found = currency(code);
                let got = (found.code(), found.numeric(), found.minor_units());
                assert_eq!(got, (code, numeric, minor.parse().unwrap()));
                assert_eq!(Currency::from_numeric(numeric), Ok(found));
                assert_eq!(found.name().trim(), found.name());
                with_minor_units += 1;
            }
        }
    }
    assert_eq!(Currency::all().count(), with_minor_units);
    for unknown in ["", "kes", "KE", "KESX", "ZZZ", "DEM", "BGN"] {
        assert_eq!(
            Currency::from_code(unknown).unwrap_err().code(),
            1001,
            "{unknown}"
        );
    }
    assert_eq!(Currency::from_numeric(0).unwrap_err().code(), 1002);
}

#[test]
fn rounding_agrees_with_python_decimal() {
    for row in rows(include_str!("data/rounding.csv")) {
        let value: Decimal = row[0].parse().unwrap();
        let decimals = row[1].parse().unwrap();
        for (mode, want) in MODES.iter().zip(&row[2..]) {
            let want: Decimal = want.parse().unwrap();
            assert_eq!(
                mode.round(value, decimals),
                want,
                "{mode:?} of {value} to {decimals}"
            );
        }
    }
}

#[test]
fn rounding_to_a_multiple_agrees_with_python_fractions() {
    for row in rows(include_str!("data/rounding_to_multiple.csv")) {
        let (value, unit): (Decimal, Decimal) = (row[0].parse().unwrap(), row[1].parse().unwrap());
        for (mode, want) in MODES.iter().zip(&row[2..]) {
            let got = mode.round_to_multiple(value, unit);
            assert_eq!(
                got,
                Some(want.parse().unwrap()),
                "{mode:?} of {value} to {unit}"
            );
        }
    }
    assert_eq!(Rounding::HalfUp.round_to_multiple(dec!(1), dec!(0)), None);
    assert_eq!(Rounding::HalfUp.round_to_multiple(dec!(1), dec!(-1)), None);
    assert_eq!(Rounding::Up.round_to_multiple(Decimal::MAX, dec!(2)), None);
}

#[test]
fn amounts_are_shown_with_the_digits_of_their_currency() {
    for (amount, code, shown) in [
        (dec!(12.5), "KES", "12.50 KES"),
        (dec!(12), "UGX", "12 UGX"),
        (dec!(1.2), "TND", "1.200 TND"),
        (dec!(0.1234), "CLF", "0.1234 CLF"),
        (dec!(12.3456), "KES", "12.3456 KES"),
        (dec!(-0.5), "KES", "-0.50 KES"),
        (dec!(12.3000), "KES", "12.30 KES"),
    ] {
        assert_eq!(Money::new(amount, currency(code)).to_string(), shown);
    }
    let kes = currency("KES");
    assert_eq!(Money::zero(kes).negated().to_string(), "0.00 KES");
    assert_eq!(
        Money::new(dec!(-0.004), kes)
            .rounded(Rounding::HalfUp)
            .to_string(),
        "0.00 KES"
    );
}

#[test]
fn minor_units_come_and_go_exactly() {
    for (amount, code, minor) in [
        (dec!(12.34), "KES", 1234),
        (dec!(-12.34), "KES", -1234),
        (dec!(12.3), "KES", 1230),
        (dec!(12.3000), "KES", 1230),
        (dec!(5), "UGX", 5),
        (dec!(1.234), "KWD", 1234),
    ] {
        let money = Money::new(amount, currency(code));
        assert_eq!(money.to_minor(), Ok(minor));
        assert_eq!(Money::from_minor(minor, currency(code)), Ok(money));
    }
    let kes = currency("KES");
    assert_eq!(
        Money::new(dec!(0.001), kes).to_minor().unwrap_err().code(),
        1103
    );
    assert_eq!(
        Money::new(Decimal::MAX, kes).to_minor().unwrap_err().code(),
        1102
    );
    assert_eq!(Money::from_minor(i128::MAX, kes).unwrap_err().code(), 1105);
}

#[test]
fn currencies_do_not_mix_and_results_must_fit() {
    let (kes, ugx) = (
        Money::new(dec!(1), currency("KES")),
        Money::new(dec!(1), currency("UGX")),
    );
    let max = Money::new(Decimal::MAX, currency("KES"));
    for (result, code) in [
        (kes.checked_add(&ugx), 1101),
        (kes.checked_sub(&ugx), 1101),
        (Money::sum(currency("KES"), [&kes, &ugx]), 1101),
        (max.checked_add(&kes), 1102),
        (max.negated().checked_sub(&kes), 1102),
        (max.checked_mul(dec!(2)), 1102),
    ] {
        assert_eq!(result.unwrap_err().code(), code);
    }
    assert!(matches!(
        kes.checked_cmp(&ugx),
        Err(MoneyError::CurrencyMismatch { .. })
    ));
}

#[test]
fn a_split_gives_the_larger_parts_first() {
    for (amount, code, parts, want) in [
        (dec!(100), "KES", 3, vec!["33.34", "33.33", "33.33"]),
        (dec!(-100), "KES", 3, vec!["-33.34", "-33.33", "-33.33"]),
        (dec!(0.02), "KES", 3, vec!["0.01", "0.01", "0.00"]),
        (dec!(7), "UGX", 2, vec!["4", "3"]),
        (dec!(0), "KES", 2, vec!["0.00", "0.00"]),
    ] {
        let got = Money::new(amount, currency(code)).split(parts).unwrap();
        let got: Vec<_> = got.iter().map(|part| part.amount().to_string()).collect();
        assert_eq!(got, want);
    }
    assert_eq!(
        Money::zero(currency("KES")).split(0).unwrap_err().code(),
        1104
    );
}

#[test]
fn an_allocation_follows_the_largest_remainder() {
    // 100.00 by 1:1:1: each 33.33, the cent left over goes to the first.
    // 0.10 by 50:30:15:5 = 5.0, 3.0, 1.5, 0.5 cents; one cent left, the tie goes to the earlier.
    // 1.01 by 70:20:10 = 70.7, 20.2, 10.1 cents; the cent left goes to 70.7.
    for (amount, weights, want) in [
        (
            dec!(100),
            vec![dec!(1), dec!(1), dec!(1)],
            vec!["33.34", "33.33", "33.33"],
        ),
        (
            dec!(0.10),
            vec![dec!(50), dec!(30), dec!(15), dec!(5)],
            vec!["0.05", "0.03", "0.02", "0.00"],
        ),
        (
            dec!(1.01),
            vec![dec!(70), dec!(20), dec!(10)],
            vec!["0.71", "0.20", "0.10"],
        ),
        (
            dec!(-1.01),
            vec![dec!(70), dec!(20), dec!(10)],
            vec!["-0.71", "-0.20", "-0.10"],
        ),
        (
            dec!(5.00),
            vec![dec!(0), dec!(2), dec!(0)],
            vec!["0.00", "5.00", "0.00"],
        ),
    ] {
        let got = Money::new(amount, currency("KES"))
            .allocate(&weights)
            .unwrap();
        let got: Vec<_> = got.iter().map(|part| part.amount().to_string()).collect();
        assert_eq!(got, want, "{amount} by {weights:?}");
    }
    let one = Money::new(dec!(1), currency("KES"));
    for weights in [vec![], vec![dec!(0)], vec![dec!(2), dec!(-1)]] {
        assert_eq!(one.allocate(&weights).unwrap_err().code(), 1104);
    }
    let huge = Money::new(dec!(70000000000000000000000000), currency("KES"));
    assert_eq!(
        huge.allocate(&[dec!(99999), dec!(1)]).unwrap_err().code(),
        1102
    );
}

#[test]
fn money_is_read_exactly_or_not_at_all() {
    let read = |amount: &str| {
        serde_json::from_str::<Money>(&format!(r#"{{"amount":{amount},"currency":"KES"}}"#))
    };
    let money = read(r#""12.50""#).unwrap();
    let json = serde_json::to_string(&money).unwrap();
    assert_eq!(json, r#"{"amount":"12.50","currency":"KES"}"#);
    for bad in [
        "12.5",
        "12",
        r#""""#,
        r#"".5""#,
        r#""5.""#,
        r#""+5""#,
        r#""1_0""#,
        r#""1e3""#,
        r#"" 1""#,
        r#""0.12345678901234567890123456789""#,
        r#""79228162514264337593543950336""#,
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let extra = r#"{"amount":"1","currency":"KES","x":1}"#;
    assert!(serde_json::from_str::<Money>(extra).is_err());
}

proptest! {
    #![proptest_config(runs(256))]

    #[test]
    fn a_split_conserves_the_total_within_one_minor_unit(
        minor in -1_000_000_000_000_i128..1_000_000_000_000,
        parts in 1_u32..200,
    ) {
        let whole = Money::from_minor(minor, currency("KES")).unwrap();
        let got: Vec<i128> =
            whole.split(parts).unwrap().iter().map(|part| part.to_minor().unwrap()).collect();
        prop_assert_eq!(got.len(), usize::try_from(parts).unwrap());
        prop_assert_eq!(got.iter().sum::<i128>(), minor);
        prop_assert!(got.iter().max().unwrap() - got.iter().min().unwrap() <= 1);
    }

    #[test]
    fn an_allocation_conserves_the_total_within_one_minor_unit_of_the_share(
        minor in -1_000_000_000_i128..1_000_000_000,
        weights in prop::collection::vec((0_i64..1_000_000, 0_u32..6), 1..20),
    ) {
        let weights: Vec<Decimal> =
            weights.into_iter().map(|(digits, scale)| Decimal::new(digits, scale)).collect();
        let total: Decimal = weights.iter().sum();
        prop_assume!(!total.is_zero());
        let whole = Money::from_minor(minor, currency("KES")).unwrap();
        let got = whole.allocate(&weights).unwrap();
        let sum: i128 = got.iter().map(|part| part.to_minor().unwrap()).sum();
        prop_assert_eq!(sum, minor);
        for (part, weight) in got.iter().zip(&weights) {
            let part = Decimal::from(part.to_minor().unwrap());
            // |part - minor * weight / total| < 1, without the division.
            let off = (part * total - Decimal::from(minor) * *weight).abs();
            prop_assert!(off < total, "{part} of {minor} by {weight} of {total}");
            prop_assert!(!weight.is_zero() || part.is_zero());
        }
    }

    #[test]
    fn rounding_is_idempotent_and_nearest_within_half(
        digits in -1_000_000_000_000_i64..1_000_000_000_000, scale in 0_u32..10, decimals in 0_u32..5,
    ) {
        let value = Decimal::new(digits, scale);
        let unit = Decimal::new(1, decimals);
        for mode in MODES {
            let rounded = mode.round(value, decimals);
            prop_assert_eq!(mode.round(rounded, decimals), rounded);
            prop_assert_eq!(mode.round_to_multiple(value, unit), Some(rounded));
            let off = (rounded - value).abs();
            match mode {
                Rounding::HalfUp | Rounding::HalfEven | Rounding::HalfDown => {
                    prop_assert!(off + off <= unit);
                }
                _ => prop_assert!(off < unit),
            }
        }
    }
}
